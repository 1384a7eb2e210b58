"""The same image on another machine, one with the old BIOS: started, and given the calls of the first from a backup."""

import json

import pytest

from tests.rigs.boxed import OneBox, changed, noticed, signed_in, woken
from tests.rigs.patience import until
from tests.rigs.vm import BOOT_S, vm


@pytest.fixture(scope="module")
def fresh(image, tmp_path_factory):
    """Out of its carton."""
    with vm(image, tmp_path_factory.mktemp("fresh"), bios=True) as machine:
        machine.start()
        yield machine


def test_the_image_starts_from_the_old_bios_as_well(fresh, figures):
    assert not fresh.shell.run("ls /sys/firmware/efi").text.startswith("config")
    fresh.shell.run("systemctl is-system-running --wait", BOOT_S)
    assert fresh.shell.run("systemctl --failed --no-legend --plain").text == ""
    assert signed_in(fresh).admin.get("session").status == 200
    figures["systemd-analyze"] = fresh.shell.ask("systemd-analyze time").splitlines()[0]


def test_a_backup_of_the_first_box_shows_the_same_calls_here(fresh, stick, figures):
    kept = stick.parent / "told.json"
    if not kept.exists():
        pytest.skip("the first box has written no backup")
    told = json.loads(kept.read_text())
    box = signed_in(fresh)
    fresh.plug_stick(stick)
    until(lambda: noticed(box), 300, "the stick to be noticed")
    changed(box, {"backup": {"usb": {"enabled": True}}})
    woken(fresh)
    chosen = {"place": "usb", "name": told["name"], "recovery_key": told["recovery_key"]}
    assert box.admin.post("backups/rehearsal", chosen).status == 202
    rehearsal = until(lambda: _rehearsed(box), 900, "the rehearsal")
    assert (rehearsal["calls"], rehearsal["here_calls"]) == (len(told["calls"]), 0)
    assert box.admin.post("backups/restore", {"name": told["name"]}).status == 202
    until(lambda: _calls(box) == told["calls"], 900, "the calls of the first box")
    name, digest = next((name, digest) for name, digest in told["calls"].items() if digest)
    played = until(lambda: _played(box, name), 300, "a recording to be played")
    assert played, digest
    figures["calls, and recordings with their hashes, as on the first box"] = len(told["calls"])


def _rehearsed(box: OneBox) -> dict:
    found = box.admin.get("backups").json
    busy = found["waiting"] or found["job"]
    assert busy or found["rehearsal"] or found["runs"][0]["is_good"], found["runs"][0]
    return {} if busy else found["rehearsal"] or {}


def _calls(box: OneBox) -> dict[str, str | None]:
    """By the accounts of the backup, once the panel has started anew."""
    try:
        reply = box.admin.get("calls?page_size=100")
        if reply.status == 401:
            box.admin = signed_in(box.machine).admin
            reply = box.admin.get("calls?page_size=100")
    except (OSError, AssertionError):
        return {}
    return {row["call_id"]: row["sha256"] for row in reply.json["calls"]} if reply.status == 200 else {}


def _played(box: OneBox, name: str) -> int:
    reply = box.admin.get(f"calls/{name}/audio")
    return len(reply.body) if reply.status == 200 else 0
