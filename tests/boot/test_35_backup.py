"""A backup with everything that was recorded so far is written to a USB stick, for a fresh box."""

import json

from tests.rigs.boxed import OneBox, changed, noticed, woken
from tests.rigs.patience import until
from tests.rigs.web import PASSWORD


def test_a_backup_is_written_to_a_usb_stick(box: OneBox, stick, figures):
    machine = box.machine
    machine.plug_stick(stick)
    until(lambda: noticed(box), 300, "the stick to be noticed")
    changed(box, {"backup": {"audio": "all", "usb": {"enabled": True}}})
    shown = box.admin.post("backups/key", {"password": PASSWORD})
    assert shown.status == 200, shown
    woken(machine)
    assert box.admin.post("backups").status == 202
    run = until(lambda: _made(box), 900, "the backup")
    assert run["is_good"], run
    kept = next(place for place in box.admin.get("backups").json["places"] if place["place"] == "usb")
    (one,) = kept["backups"]
    calls = box.admin.get("calls?page_size=100").json
    told = {
        "recovery_key": shown.json["recovery_key"],
        "name": one["name"],
        "calls": {row["call_id"]: row["sha256"] for row in calls["calls"]},
    }
    (stick.parent / "told.json").write_text(json.dumps(told))
    assert "/run/media" not in machine.shell.ask("cat /proc/mounts"), (
        "it may be pulled out when nobody uses it"
    )
    machine.unplug_stick()
    figures["bytes"] = run["bytes"]
    figures["calls"] = run["calls"]


def _made(box: OneBox) -> dict:
    found = box.admin.get("backups").json
    runs = [run for run in found["runs"] if run["kind"] == "make"]
    return runs[0] if runs and not found["waiting"] and not found["job"] else {}
