"""Licence files: good ones are added up, all others are told from one another, and what changes is seen at once."""

import subprocess
import sys
from datetime import date, timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appliance.core.files import Layout
from appliance.domain.call import DataType
from appliance.domain.licence import LicenceState
from appliance.system import licences
from appliance.system.licences import (
    BadLicence,
    ExpiredLicence,
    ForeignLicence,
    ForgedLicence,
    Licences,
    NotNeeded,
    device,
    read,
    sign,
)
from tests.rigs.vendor import Vendor

TODAY = date(2026, 11, 21)
OTHER = "TL-AAAA-BBBB-CCCC-DDDD"


@pytest.fixture
def layout(tmp_path) -> Layout:
    return Layout(tmp_path / "data").make()


@pytest.fixture
def vendor(tmp_path, monkeypatch) -> Vendor:
    return Vendor(tmp_path, monkeypatch)


def test_a_build_without_a_vendor_has_no_limit_and_takes_no_file(layout):
    book = Licences(layout)
    assert not book.is_limited
    assert all(book.at(TODAY).limit(technology) is None for technology in DataType)
    with pytest.raises(NotNeeded):
        book.add(b"{}", TODAY)


def test_a_vendor_s_build_without_a_licence_allows_nothing(layout, vendor):
    assert Licences(layout).at(TODAY).limit(DataType.IP) == 0


def test_good_files_add_up_and_the_same_one_counts_once(layout, vendor):
    book = Licences(layout)
    book.add(vendor.licence("TEST-0001", ip=30, analog=8), TODAY)
    book.add(vendor.licence("TEST-0002", ip=12), TODAY)
    assert book.at(TODAY).limit(DataType.IP) == 42
    assert book.at(TODAY).limit(DataType.ANALOG) == 8
    assert book.at(TODAY).limit(DataType.E1) == 0
    book.add(vendor.licence("TEST-0001", ip=60), TODAY)
    (layout.licences / "copied.licence").write_bytes(vendor.licence("TEST-0001", ip=60))
    assert book.at(TODAY).limit(DataType.IP) == 72


def test_another_program_sees_what_was_brought_and_taken_away(layout, vendor):
    panel, recorder = Licences(layout), Licences(layout)
    assert recorder.at(TODAY).limit(DataType.IP) == 0
    panel.add(vendor.licence(ip=5), TODAY)
    assert recorder.at(TODAY).limit(DataType.IP) == 5
    panel.remove("TEST-0001")
    assert recorder.at(TODAY).limit(DataType.IP) == 0


def test_a_licence_holds_to_the_end_of_its_last_day(layout, vendor):
    book = Licences(layout)
    book.add(vendor.licence(ip=5, expires=TODAY), TODAY)
    assert book.at(TODAY).limit(DataType.IP) == 5
    tomorrow = book.at(TODAY + timedelta(days=1))
    assert tomorrow.limit(DataType.IP) == 0
    assert [one.state for one in tomorrow.files] == [LicenceState.EXPIRED]


def test_each_wrong_file_is_refused_with_its_own_reason(layout, vendor):
    book = Licences(layout)
    with pytest.raises(ForeignLicence) as foreign:
        book.add(vendor.licence(ip=5, device=OTHER), TODAY)
    assert OTHER in foreign.value.message("en")
    assert device() in foreign.value.message("zh")
    with pytest.raises(ExpiredLicence):
        book.add(vendor.licence(ip=5, expires=TODAY - timedelta(days=1)), TODAY)
    forged = sign(vendor.said("TEST-0001", ip=999), Ed25519PrivateKey.generate())
    with pytest.raises(ForgedLicence):
        book.add(forged, TODAY)
    good = vendor.licence(ip=5)
    file = msgspec.json.decode(good)
    more = msgspec.json.decode(vendor.licence("TEST-0002", ip=500))["licence"]
    with pytest.raises(ForgedLicence):
        book.add(msgspec.json.encode(file | {"licence": more}), TODAY)
    for damaged in (b"", good[:-20], good[1:], b"\x00" * 50, good + b"x" * 20_000):
        with pytest.raises(BadLicence):
            book.add(damaged, TODAY)
    assert not book.at(TODAY).files, "nothing of it was kept"


def test_files_that_went_bad_on_the_box_count_for_nothing_and_are_told_apart(layout, vendor):
    layout.licences.mkdir()
    (layout.licences / "a.licence").write_bytes(b"rubbish")
    (layout.licences / "b.licence").write_bytes(vendor.licence(ip=5, device=OTHER))
    (layout.licences / "c.licence").write_bytes(sign(vendor.said("X-01", ip=9), Ed25519PrivateKey.generate()))
    (layout.licences / "d.licence").write_bytes(vendor.licence("FAIR-01", device="any", ip=2))
    (layout.licences / "e.licence").mkdir()
    found = Licences(layout).at(TODAY)
    assert [one.state.value for one in found.files] == ["damaged", "foreign", "forged", "good", "damaged"]
    assert found.files[2].licence is None, "a forged file is not quoted"
    assert found.limit(DataType.IP) == 2


def test_the_device_is_the_machine_and_its_serial_number(tmp_path):
    machine, serial = tmp_path / "machine-id", tmp_path / "serial"
    machine.write_text("0123456789abcdef0123456789abcdef\n")
    unread = device(machine, serial)
    serial.write_text("SN-1\n")
    assert device(machine, serial) == device(machine, serial) != unread
    machine.write_text("f" * 32)
    assert device(machine, serial) not in (unread, "")
    assert "0123" not in unread, "the machine's id itself is nobody's business"


def test_a_vendor_s_key_that_is_none_is_told_and_stops_no_recording(layout, tmp_path, monkeypatch):
    bad = tmp_path / "bad.pem"
    bad.write_text("no key")
    monkeypatch.setattr(licences, "VENDOR_KEY", bad)
    book = Licences(layout)
    assert book.problem
    assert book.at(TODAY).limit(DataType.IP) is None


def tapeline(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "appliance.commands.tapeline", "licence", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_vendor_makes_keys_signs_and_checks_on_the_command_line(tmp_path):
    private, public, file = (str(tmp_path / name) for name in ("own.pem", "build.pem", "a.licence"))
    assert tapeline("key", "--private", private, "--public", public).returncode == 0
    assert (tmp_path / "own.pem").stat().st_mode & 0o777 == 0o600
    again = tapeline("key", "--private", private, "--public", str(tmp_path / "other.pem"))
    assert again.returncode != 0
    assert "exists" in again.stderr
    here = tapeline("device").stdout.strip()
    assert here == device()
    signed = (
        "sign",
        "--key",
        private,
        "--out",
        file,
        "--serial",
        "ACME-2026",
        "--device",
        here,
        "--ip",
        "30",
    )
    assert tapeline(*signed).returncode == 0
    checked = tapeline("check", file, "--public", public)
    assert checked.returncode == 0
    assert '"ip": 30' in checked.stdout
    elsewhere = tapeline("check", file, "--public", public, "--device", OTHER)
    assert elsewhere.returncode == 1
    assert "another device" in elsewhere.stdout
    wrong = tapeline("sign", "--key", private, "--out", file, "--serial", "no spaces", "--device", here)
    assert wrong.returncode == 2
    assert (
        read((tmp_path / "a.licence").read_bytes(), licences.vendor_key(tmp_path / "build.pem")).channels[
            DataType.IP
        ]
        == 30
    )
