"""What a recorder must survive: killed programs, a cut power, a frozen system, a clock that is wrong."""

import subprocess
import sys
import time

from tests.rigs.boxed import OneBox, changed, signed_in, told, woken
from tests.rigs.patience import until
from tests.rigs.time_server import time_server
from tests.rigs.traffic import Plan, make
from tests.rigs.vm import BOOT_S
from tests.rigs.web import PASSWORD

RECORDER = "tapeline@recorder.service"
_NEAR_S = 20.0
"""Nearer than this the serial line of a busy machine cannot tell; the box's own measure is in the report."""


def _main_pid(box: OneBox, unit: str) -> int:
    return int(box.machine.shell.ask(f"systemctl show {unit} -p MainPID --value"))


def test_a_killed_program_is_back_within_seconds(box: OneBox, figures):
    for name in ("recorder", "archiver", "webadmin", "watchdog"):
        unit = f"tapeline@{name}.service"
        before = _main_pid(box, unit)
        began = time.monotonic()
        box.machine.shell.ask(f"kill -9 {before}")

        def is_back(unit: str = unit, before: int = before) -> bool:
            state = box.machine.shell.ask(f"systemctl show {unit} -p ActiveState --value")
            return state == "active" and _main_pid(box, unit) not in (0, before)

        until(is_back, 300, f"{name} to be back")
        figures[f"{name} back, s"] = round(time.monotonic() - began, 1)


def test_what_was_being_recorded_when_the_power_was_cut_is_there_and_marked(box: OneBox, tmp_path, figures):
    """The calls go on while the machine starts again; each stands in the ledger, and says that it was interrupted."""
    machine = box.machine
    truth = make(Plan(calls=3, first=200, talk_s=240, per_s=2), tmp_path / "long.pcap")
    ids = {call["call_id"] for call in truth.calls}
    sender = subprocess.Popen(
        [sys.executable, "-c", _SEND, str(machine.cable.machine_port), str(tmp_path / "long.pcap")]
    )
    try:
        live = until(lambda: _live(box, ids), 300, "the calls to be live")
        # Longer than the kernel keeps anything to itself (30 s): a part of each call is on the disk.
        until(lambda: _spooled(box) > 3_000_000, 600, "packets on the disk")
        machine.power_cut()
    finally:
        sender.kill()
        sender.wait()
    began = time.monotonic()
    machine.start()
    box.admin = signed_in(machine).admin
    figures["s from power to the page"] = round(time.monotonic() - began, 1)
    found = until(lambda: told(box, ids), BOOT_S, "the calls in the list")
    for call in found.values():
        assert call["reason"] is None, call
        assert "interrupted" in {mark["code"] for mark in call["marks"]}, call
    checked = machine.shell.ask(
        "journalctl -b -k --no-pager -o cat | grep -E 'data: (clean|recovering|.*files)' || true"
    )
    figures["calls that were cut and are there"] = len(live)
    figures["file system"] = checked.splitlines()[-1] if checked else ""
    assert machine.shell.run("systemctl --failed --no-legend --plain").text == ""


def test_a_system_that_no_longer_pets_the_watchdog_is_reset(box: OneBox, figures):
    """Process one is made to let go of the watchdog without switching it off; nobody pets it from then on."""
    machine = box.machine
    boot = machine.shell.ask("cat /proc/sys/kernel/random/boot_id")
    machine.shell.ask("sysctl -qw kernel.panic=0 kernel.sysrq=1 kernel.panic_on_oops=0")
    began = time.monotonic()
    machine.shell.begin("echo c >/proc/sysrq-trigger")
    machine.obeys()
    figures["s from freeze to the next start"] = round(time.monotonic() - began, 1)
    assert machine.shell.ask("cat /proc/sys/kernel/random/boot_id") != boot
    box.admin = signed_in(machine).admin


def test_the_box_restarts_in_order_when_the_page_is_told_to(box: OneBox, figures):
    machine = box.machine
    boot = machine.shell.ask("cat /proc/sys/kernel/random/boot_id")
    woken(machine)
    began = time.monotonic()
    assert box.admin.post("system/restart", {"password": PASSWORD}).status == 204
    machine.obeys()
    figures["s from order to the next start"] = round(time.monotonic() - began, 1)
    assert machine.shell.ask("cat /proc/sys/kernel/random/boot_id") != boot
    box.admin = signed_in(machine).admin
    ended = machine.shell.ask("journalctl -b -1 --no-pager -o cat -u tapeline@recorder | tail -n 20")
    assert "Deactivated successfully" in ended, ended


def test_a_wrong_clock_is_put_right_by_a_time_server(box: OneBox, figures):
    """Three hours ahead, as after an empty battery; the box steps at the start of its time keeper."""
    shell = box.machine.shell
    with time_server() as server:
        port = server.rpartition(":")[2]
        changed(box, {"time": {"servers": [f"10.0.2.2:{port}"]}})
        shell.ask("date -s '+3 hours'")
        figures["was wrong by, s"] = round(_wrong_s(box))
        began = time.monotonic()
        shell.ask("systemctl restart tapeline@timesync", BOOT_S)
        until(lambda: abs(_wrong_s(box)) < _NEAR_S, 300, "the clock to be right")
        figures["put right after, s"] = round(time.monotonic() - began, 1)
        box.admin = signed_in(box.machine).admin
        told = until(lambda: _synchronised(box), 300, "the box to have looked again")
        figures["offset told by the box, ms"] = round(told["offset_s"] * 1000, 1)


def _wrong_s(box: OneBox) -> float:
    """How far the box's clock is ahead of ours; as exact as the serial line is quick."""
    before = time.time()
    there = float(box.machine.shell.ask("date +%s.%N"))
    return there - (before + time.time()) / 2


def _synchronised(box: OneBox) -> dict:
    reply = box.admin.get("time")
    clock = (reply.json["clock"] or {}) if reply.status == 200 else {}
    return clock if clock.get("synchronised") and abs(clock["offset_s"]) < _NEAR_S else {}


def _live(box: OneBox, ids: set[str]) -> set[str]:
    reply = box.admin.get("live")
    found = {one["call"]["sip_call_id"] for one in reply.json["calls"]} if reply.status == 200 else set()
    return ids if ids <= found else set()


def _spooled(box: OneBox) -> int:
    return int(box.machine.shell.ask("du -sb /data/tapeline/spool/open | cut -f1"))


_SEND = """
import socket, sys
from pathlib import Path
from tests.rigs.sender import send
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port:
    port.connect(("127.0.0.1", int(sys.argv[1])))
    send(port, Path(sys.argv[2]))
"""
