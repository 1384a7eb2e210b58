"""What only root may do is done through the helper's door, from the panel; and the box calls itself."""

import contextlib
import json
import re

import pytest

from tests.rigs.boxed import OneBox, woken
from tests.rigs.patience import until

NEEDED_MODULES = (
    "vfat",
    "exfat",
    "nls_utf8",
    "usb-storage",
    "uas",
    "pl2303",
    "ftdi_sio",
    "cp210x",
    "ch341",
    "cdc_acm",
)


def test_the_box_calls_itself_and_finds_its_recording(box: OneBox, figures):
    woken(box.machine)
    before = box.admin.get("self-test").json["at"]
    with contextlib.suppress(TimeoutError):  # on a slow machine its verdict comes later than a browser waits
        reply = box.admin.post("self-test")
        assert reply.status == 200, reply
    verdict = until(lambda: _judged(box, before), 900, "the verdict")
    log = box.machine.shell.run(
        "journalctl -b -n 40 --no-pager -u 'tapeline-selftest*' -u 'tapeline-test*'"
    ).text
    assert verdict["passed"], (verdict, log)
    figures["took, s"] = verdict["took_s"]
    figures["likeness of caller and callee"] = (verdict["caller_likeness"], verdict["callee_likeness"])


@pytest.mark.parametrize(
    ("wish", "wanted"),
    [
        ({"kind": "ping", "host": "10.0.2.2", "count": 2}, "received"),
        ({"kind": "port", "host": "10.0.2.47", "port": 443}, "open"),
        ({"kind": "trace", "host": "10.0.2.2"}, "10.0.2.2"),
        ({"kind": "lookup", "host": "localhost"}, "127.0.0.1"),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_the_network_is_looked_at(box: OneBox, wish, wanted):
    told = _done(box, wish)
    assert (told["state"], told["error"]) == ("done", ""), told
    assert wanted in told["output"], told


def test_packets_of_the_mirror_port_are_sampled(box: OneBox, figures):
    mirror = box.machine.shell.ask("sed -n 's/^MIRROR=//p' /run/tapeline/ports").strip('"').split(",")[0]
    reply = box.admin.post("probes", {"kind": "sample", "interface": mirror, "packets": 50, "seconds": 60})
    assert reply.status == 201, reply

    def is_over() -> dict:
        for _ in range(5):
            box.machine.cable.socket.send(b"\xff" * 6 + b"\x02\0\0\0\0\x09" + b"\x88\xb5" + bytes(60))
        found = box.admin.get(f"probes/{reply.json['id']}").json
        return found if found["state"] != "running" else {}

    told = until(is_over, 300, "the sample")
    assert (told["state"], told["error"]) == ("done", ""), told
    file = box.admin.get(f"probes/{reply.json['id']}/file")
    assert file.status == 200
    assert file.body[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"), file.body[:16]
    figures["bytes sampled"] = len(file.body)


def test_no_unit_of_ours_is_exposed(box: OneBox, figures):
    """As systemd judges it; 10 is a program without any sandbox."""
    files = box.machine.shell.ask(
        "cd /usr/lib/systemd/system && ls -d tapeline*.service tapeline@*.service.d"
    )
    templates = {"tapeline@.service", "tapeline-console@.service"}
    units = {
        *(name.removesuffix(".d") for name in files.split()),
        "tapeline-console@ttyS0.service",
    } - templates
    said = box.machine.shell.ask(f"systemd-analyze security --no-pager {' '.join(sorted(units))}", 900)
    found = {unit: float(value) for unit, value in re.findall(r"exposure level for (\S+): ([\d.]+)", said)}
    assert set(found) == units, said[-2000:]
    figures["exposure"] = ", ".join(
        f"{unit.removesuffix('.service')} {value}" for unit, value in sorted(found.items())
    )
    assert {unit: value for unit, value in found.items() if value >= 3.0} == {}


def test_usb_disks_and_serial_adapters_have_their_drivers(box: OneBox):
    said = box.machine.shell.run(f"modprobe -a {' '.join(NEEDED_MODULES)}")
    assert said.status == 0, said.text


def _judged(box: OneBox, before: str | None) -> dict:
    found = box.admin.get("self-test").json
    return found if found["at"] != before else {}


def _done(box: OneBox, wish: dict) -> dict:
    reply = box.admin.post("probes", wish)
    assert reply.status == 201, reply

    def look() -> dict:
        found = box.admin.get(f"probes/{reply.json['id']}").json
        return found if found["state"] != "running" else {}

    return until(look, 300, json.dumps(wish))
