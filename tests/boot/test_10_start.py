"""The box out of its carton: everything is up, in its sandbox, and the mirror port says nothing."""

import http.client
import re
import ssl
import struct

from appliance.daemons import DAEMONS
from tests.rigs.networks import checksum
from tests.rigs.patience import until
from tests.rigs.vm import BOOT_S, Vm

STARTED = [name for name in DAEMONS if name != "helper"]
"""The helper starts when somebody comes to its socket."""
MIRROR = "52:54:00:00:00:02"


def _shown(machine: Vm, unit: str, *names: str) -> dict[str, str]:
    said = machine.shell.ask(f"systemctl show {unit} -p {','.join(names)}")
    return dict(line.split("=", 1) for line in said.splitlines())


def test_every_unit_is_up_and_none_has_failed(machine, figures):
    answer = machine.shell.run("systemctl is-system-running --wait", BOOT_S)
    failed = machine.shell.ask("systemctl --failed --no-legend --plain")
    logs = [
        machine.shell.run(f"journalctl -b -u {line.split()[0]} -n 15 --no-pager").text
        for line in failed.splitlines()
    ]
    assert (answer.text.strip(), failed) == ("running", ""), logs
    figures["units active"] = int(
        machine.shell.ask("systemctl list-units --state=active --no-legend | wc -l")
    )


def test_no_ordering_cycle_was_broken_and_nothing_is_masked_by_accident(machine):
    said = machine.shell.run(
        "journalctl -b _PID=1 --no-pager | grep -iE 'ordering cycle|Failed to (start|mount|load)'"
    ).text
    assert said == ""


def test_every_daemon_is_ready_at_its_first_start(machine, figures):
    for name in STARTED:
        unit = f"tapeline@{name}.service"
        shown = _shown(machine, unit, "ActiveState", "NRestarts", "StatusText", "User", "MemoryCurrent")
        log = machine.shell.run(f"journalctl -b -u {unit} -n 20 --no-pager").text
        assert (shown["ActiveState"], shown["NRestarts"]) == ("active", "0"), log
        assert shown["User"] == "tapeline"
        figures[name] = f"{shown['StatusText']} ({int(shown['MemoryCurrent']) >> 20} MiB)"


def test_nothing_of_ours_was_refused_by_its_sandbox(machine):
    said = machine.shell.run("journalctl -b -p warning --no-pager -u 'tapeline*' | tail -n 60").text
    assert "Permission denied" not in said
    assert "Operation not permitted" not in said
    killed = machine.shell.run("journalctl -b -k --no-pager | grep -E 'audit.*sig=31|segfault|traps:'").text
    assert killed == ""


def test_how_long_it_took_until_calls_are_recorded(machine, figures):
    said = machine.shell.ask("systemd-analyze time")
    figures["systemd-analyze"] = " ".join(said.splitlines()[0].split())
    recorder = _shown(machine, "tapeline@recorder.service", "ActiveEnterTimestampMonotonic")
    figures["kernel to recording, s"] = round(int(recorder["ActiveEnterTimestampMonotonic"]) / 1e6, 1)
    chain = machine.shell.ask("systemd-analyze critical-chain --no-pager tapeline@recorder.service")
    figures["critical chain"] = re.sub(r"\s+", " ", chain)[:800]
    slowest = machine.shell.ask("systemd-analyze blame --no-pager | head -n 12")
    figures["slowest"] = "; ".join(" ".join(line.split()) for line in slowest.splitlines())


def test_the_page_answers_on_the_management_port_encrypted(machine, figures):
    context = ssl._create_unverified_context()

    def answer() -> int:
        try:
            page = http.client.HTTPSConnection("127.0.0.1", machine.https, timeout=60, context=context)
            page.request("GET", "/api/v1/session")
            return page.getresponse().status
        except OSError:
            return 0

    until(lambda: answer() == 200, 300, "the page")
    plain = http.client.HTTPConnection("127.0.0.1", machine.http, timeout=60)
    plain.request("GET", "/")
    reply = plain.getresponse()
    assert reply.status == 308
    assert reply.getheader("Location", "").startswith("https://")
    figures["address of the management port"] = machine.shell.ask("ip -br -4 addr show up | grep -v ^lo")


def test_the_packet_filter_drops_what_nobody_allowed(machine):
    rules = machine.shell.ask("nft list ruleset")
    for hook in ("input", "forward", "output"):
        assert re.search(rf"hook {hook} priority [a-z0-9 ]+; policy drop", rules), rules
    mirror = _mirror(machine)
    assert mirror in machine.shell.ask("cat /run/tapeline/ports")
    assert mirror not in rules


def test_the_mirror_port_never_says_a_word(machine, figures):
    """Neither by itself since the system took over from the firmware, nor when it is spoken to by name."""
    heard = machine.cable.heard()
    mac = bytes.fromhex(MIRROR.replace(":", ""))
    managing = machine.shell.ask("ip -4 -o addr show up scope global | awk '{print $4}'").partition("/")[0]
    own = bytes(int(part) for part in managing.split("."))
    sent = [_arp(mac, own), _ping(mac, own), _knock(mac, own, 443), _knock(mac, own, 80)]
    for frame in sent * 5:
        machine.cable.socket.send(frame)
    # They have arrived when the port has counted them; an answer would have come before the shell's.
    interface = _mirror(machine)
    count = f"cat /sys/class/net/{interface}/statistics/rx_packets"
    until(lambda: int(machine.shell.ask(count)) >= len(sent) * 5, 120, "the frames at the mirror port")
    heard += machine.cable.heard()
    assert heard == []
    assert machine.shell.ask(f"cat /sys/class/net/{interface}/statistics/tx_packets") == "0"
    figures["frames sent by the mirror port"] = 0


def test_the_watchdog_of_the_hardware_is_held_by_process_one(machine, figures):
    said = machine.shell.ask(
        "systemctl show -p RuntimeWatchdogUSec -p WatchdogDevice; cat /sys/class/watchdog/*/identity"
    )
    assert "RuntimeWatchdogUSec=30s" in said
    figures["watchdog"] = " ".join(said.split())


def _mirror(machine: Vm) -> str:
    """The port that the rig's cable is plugged into."""
    return machine.shell.ask(f"basename $(dirname $(grep -l {MIRROR} /sys/class/net/*/address))")


def _arp(mac: bytes, own: bytes) -> bytes:
    """Source: RFC 826."""
    asking = b"\x02\0\0\0\0\x09"
    body = struct.pack("!HHBBH", 1, 0x800, 6, 4, 1) + asking + bytes((10, 0, 2, 99)) + bytes(6) + own
    return b"\xff" * 6 + asking + b"\x08\x06" + body


def _ip(mac: bytes, own: bytes, protocol: int, payload: bytes) -> bytes:
    head = struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 7, 0, 64, protocol, 0, bytes((10, 0, 2, 99)), own
    )
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return mac + b"\x02\0\0\0\0\x09" + b"\x08\0" + head + payload


def _ping(mac: bytes, own: bytes) -> bytes:
    """Source: RFC 792."""
    body = struct.pack("!BBHHH", 8, 0, 0, 1, 1)
    return _ip(mac, own, 1, body[:2] + struct.pack("!H", checksum(body)) + body[4:])


def _knock(mac: bytes, own: bytes, port: int) -> bytes:
    """A TCP segment that would open a connection. Source: RFC 9293 §3.1."""
    body = struct.pack("!HHIIBBHHH", 40000, port, 1, 0, 0x50, 2, 1024, 0, 0)
    pseudo = bytes((10, 0, 2, 99)) + own + struct.pack("!BBH", 0, 6, len(body))
    return _ip(mac, own, 6, body[:16] + struct.pack("!H", checksum(pseudo + body)) + body[18:])
