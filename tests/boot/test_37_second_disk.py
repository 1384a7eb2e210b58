"""A second disk: offered and left alone, made one for recordings when somebody says so, torn out and plugged in again."""

from pathlib import Path

import pytest

from appliance.system.disks import SECOND
from tests.rigs.boxed import OneBox, changed, told, woken
from tests.rigs.patience import until
from tests.rigs.sender import send
from tests.rigs.traffic import Plan, make
from tests.rigs.web import PASSWORD

_BYTES = 5 << 30


@pytest.fixture(scope="module")
def disk(tmp_path_factory) -> Path:
    """As it is sold: nothing on it."""
    path = tmp_path_factory.mktemp("disk") / "disk.img"
    with path.open("wb") as file:
        file.truncate(_BYTES)
    return path


@pytest.fixture(scope="module")
def calls() -> list[str]:
    """The recordings that were filed on the second disk."""
    return []


def test_a_disk_is_offered_and_nothing_is_written_to_it_unasked(box: OneBox, disk):
    box.machine.plug_stick(disk)
    offered = until(lambda: _offered(box), 300, "the disk to be offered")
    assert (offered["is_blank"], offered["is_prepared"], offered["mounts"]) == (True, False, [])
    assert disk.stat().st_blocks == 0


def test_it_takes_recordings_once_it_was_made_one_for_them(box: OneBox, disk, calls, tmp_path):
    offered = _offered(box)
    wanted = {name: offered[name] for name in ("path", "size_bytes", "model", "serial")}
    woken(box.machine)
    refused = box.admin.post("storage/disk", {**wanted, "password": PASSWORD + "x"})
    assert (refused.status, refused.field) == (422, "password"), refused
    assert disk.stat().st_blocks == 0
    made = box.admin.post("storage/disk", {**wanted, "password": PASSWORD})
    assert made.status == 200, made
    until(
        lambda: (box.admin.get("storage").json["second"] or {}).get("is_mounted"), 300, "the disk to be used"
    )
    changed(box, {"paths": {"current": "second"}})
    until(lambda: _current(box) == str(SECOND), 120, "the archiver to file there")
    calls.append(_recorded(box, tmp_path, 400))
    assert _filed_there(box, calls[0])


def test_a_disk_that_is_torn_out_costs_no_new_recording(box: OneBox, calls, tmp_path):
    box.machine.unplug_stick()
    name = _recorded(box, tmp_path, 410)
    until(lambda: _current(box) != str(SECOND), 300, "the change-over")
    assert not _filed_there(box, name)
    assert box.admin.get(f"calls/{name}/audio").status == 200
    gone = box.admin.get(f"calls/{calls[0]}/audio")
    assert gone.status in (404, 409, 503), gone


def test_what_was_on_it_is_there_again_with_it(box: OneBox, disk, calls, figures):
    box.machine.plug_stick(disk)
    played = until(lambda: _played(box, calls[0]), 300, "the recording on the second disk")
    figures["bytes played from it"] = played


def test_it_is_let_go_before_it_is_pulled_out(box: OneBox):
    changed(box, {"paths": {"current": "first"}})
    until(lambda: _current(box) != str(SECOND), 120, "the archiver to file elsewhere")
    woken(box.machine)
    let_go = box.admin.delete("storage/second")
    assert let_go.status == 200, let_go
    assert str(SECOND) not in box.machine.shell.ask("cat /proc/mounts")
    box.machine.unplug_stick()
    assert box.machine.shell.run("systemctl --failed --no-legend --plain").text == ""


def _offered(box: OneBox) -> dict:
    found = box.admin.get("storage").json["disks"]
    return next((one for one in found if one["size_bytes"] == _BYTES and one["is_free"]), {})


def _current(box: OneBox) -> str:
    return next((path["path"] for path in box.admin.get("storage").json["paths"] if path["current"]), "")


def _recorded(box: OneBox, folder: Path, first: int) -> str:
    """Send one call; its name once it is archived whole."""
    truth = make(Plan(calls=1, first=first, talk_s=4), folder / "call.pcap")
    send(box.machine.cable.socket, folder / "call.pcap")
    (sent,) = (one["call_id"] for one in truth.calls)
    row = until(lambda: told(box, {sent}), 300, "the call in the list")[sent]
    assert row["reason"] is None, row
    return row["call_id"]


def _filed_there(box: OneBox, name: str) -> bool:
    return bool(box.machine.shell.run(f"find {SECOND} -name '*{name}*' -size +1k 2>/dev/null").text.strip())


def _played(box: OneBox, name: str) -> int:
    reply = box.admin.get(f"calls/{name}/audio")
    return len(reply.body) if reply.status == 200 else 0
