"""Another system beside the running one: brought, refused, installed, tried, kept, left again; and bytes that changed."""

import base64
import re
import time
from pathlib import Path

import pytest

from tests.rigs.boxed import OneBox, signed_in, told
from tests.rigs.patience import until
from tests.rigs.sender import send
from tests.rigs.traffic import Plan, make
from tests.rigs.vm import BOOT_S, partition

TRIALS = Path(".build/image/trials")
PIECE = 3 * 1024 * 1024
SETTLED_S = 2 * BOOT_S


def _bring(box: OneBox, bundle: Path):
    content = bundle.read_bytes()
    for start in range(0, len(content), PIECE):
        piece = base64.b64encode(content[start : start + PIECE]).decode()
        reply = box.admin.post("update/bundle", {"offset": start, "total": len(content), "content": piece})
        if reply.status != 200:
            return reply
    return reply


def _update(box: OneBox) -> dict:
    try:
        reply = box.admin.get("update")
    except OSError:
        return {}
    if reply.status == 401:
        box.admin = signed_in(box.machine).admin
        reply = box.admin.get("update")
    return reply.json if reply.status == 200 else {}


def _installed(box: OneBox, bundle: Path, figures) -> None:
    reply = _bring(box, bundle)
    assert reply.status == 200, reply
    assert box.admin.get("update").json["bundle"], "the bundle is not there"
    began = time.monotonic()
    assert box.admin.post("update/install").status == 202
    until(lambda: _update(box).get("waiting"), 1200, "the update to be installed")
    figures["installed in, s"] = round(time.monotonic() - began, 1)


def _history(box: OneBox) -> list[str]:
    return [event["what"] for event in _update(box).get("history", [])]


def _switched(box: OneBox, what: str, figures) -> dict:
    """Start the other system and wait until the history tells how that ended."""
    began = time.monotonic()
    before = len(_history(box))
    assert box.admin.post("update/start").status == 202
    until(
        lambda: (found := _history(box))[: len(found) - before].count(what),
        SETTLED_S,
        f"the update to be {what}",
    )
    figures[f"from order to {what}, s"] = round(time.monotonic() - began, 1)
    return _update(box)


def test_the_first_start_was_found_good_and_both_slots_are_filled(box: OneBox, figures):
    state = until(lambda: (now := _update(box)).get("slots") and now, BOOT_S, "the slots")
    assert state["running"] == "A"
    assert [slot["state"] for slot in state["slots"]] == ["good", "good"]
    figures["slots"] = [f"{slot['name']} {slot['state']}" for slot in state["slots"]]


def test_an_update_of_a_stranger_is_refused(box: OneBox):
    reply = _bring(box, TRIALS / "strange.raucb")
    assert (reply.status, reply.code) == (422, "bad-bundle")
    assert box.admin.get("update").json["bundle"] is None


def test_an_update_is_installed_while_calls_are_recorded(box: OneBox, tmp_path, figures):
    truth = make(Plan(calls=2, first=300, talk_s=8, per_s=1), tmp_path / "meanwhile.pcap")
    _installed(box, TRIALS / "next.raucb", figures)
    send(box.machine.cable.socket, tmp_path / "meanwhile.pcap")
    found = until(lambda: told(box, {one["call_id"] for one in truth.calls}), 300, "the calls")
    assert all(call["reason"] is None for call in found.values())
    assert _history(box)[0] == "installed"


def test_the_new_system_is_kept_once_it_has_recorded_a_call_of_its_own(box: OneBox, figures):
    calls = box.admin.get("calls").json["total"]
    settings = box.admin.get("settings").json["settings"]
    state = _switched(box, "committed", figures)
    assert (state["running"], state["version"]) == ("B", (TRIALS / "next.version").read_text().strip())
    assert box.admin.get("calls").json["total"] >= calls
    assert box.admin.get("settings").json["settings"] == settings
    assert box.machine.shell.run("systemctl --failed --no-legend --plain").text == ""


def test_the_system_before_can_be_started_again(box: OneBox, figures):
    state = _switched(box, "committed", figures)
    assert state["running"] == "A"


def test_a_system_that_cannot_start_is_left_for_the_one_before(box: OneBox, figures):
    _installed(box, TRIALS / "broken.raucb", figures)
    state = _switched(box, "returned", figures)
    assert (state["running"], state["trial"]) == ("A", None)
    assert "did not start" in state["history"][0]["detail"]


def test_a_changed_byte_in_the_root_is_caught_and_the_other_system_starts(box: OneBox, figures):
    """Every byte of the running root's first megabytes is turned over on the disk; the other slot holds a good system."""
    machine = box.machine
    _installed(box, TRIALS / "next.raucb", figures)
    machine.shell.ask("rauc status mark-good other && sync")
    machine.power_cut()
    _turn_over(machine.disk, "root-a")
    began = time.monotonic()
    machine.start()
    box.admin = signed_in(machine).admin
    figures["from power to the other system, s"] = round(time.monotonic() - began, 1)
    assert machine.shell.ask("grep -o 'rauc.slot=.' /proc/cmdline") == "rauc.slot=B"
    assert re.search(r"corrupt", machine.console.said, re.IGNORECASE)


def _turn_over(disk: Path, label: str) -> None:
    """Flip one bit in each of many blocks of a partition, the first one included."""
    start = partition(disk, label)
    with disk.open("r+b") as file:
        for block in range(0, 4096, 7):
            file.seek(start + block * 4096 + 100)
            byte = file.read(1)
            file.seek(-1, 1)
            file.write(bytes((byte[0] ^ 1,)))


@pytest.fixture(scope="session", autouse=True)
def _built() -> None:
    if not (TRIALS / "next.raucb").exists():
        pytest.skip("no bundles were built: `make boot` does")
