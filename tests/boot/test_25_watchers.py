"""Those who watch over the box from outside, real ones: a time server, an SNMP manager, receivers of alarms of every kind."""

import subprocess
import time
from pathlib import Path

import pytest

from appliance.core.clock import SystemClock
from appliance.notify.snmp import CLEARED, RAISED
from appliance.system.snmp import TREE
from tests.rigs.boxed import OneBox, changed, woken
from tests.rigs.patience import until
from tests.rigs.ports import free_port
from tests.rigs.smtp import mail_server
from tests.rigs.watchers import syslog_server, trap_receiver
from webadmin import certificate

OUTSIDE = "10.0.2.2"
"""This machine, as the box sees it."""
USER, AUTHENTICATION, PRIVACY = "monitor", "authentic-7", "private-77"
KEYS = [
    "-v3",
    "-l",
    "authPriv",
    "-u",
    USER,
    "-a",
    "SHA-256",
    "-A",
    AUTHENTICATION,
    "-x",
    "AES",
    "-X",
    PRIVACY,
]
RAISED_S = 600
PROGRAM = "backup"


@pytest.fixture(scope="module")
def pair(tmp_path_factory) -> tuple[Path, Path]:
    """Certificate and key of the syslog server."""
    folder = tmp_path_factory.mktemp("tls")
    paths = folder / "certificate.pem", folder / "key.pem"
    certificate.make(*paths, OUTSIDE, SystemClock().now())
    return paths


def test_a_manager_walks_the_box(box: OneBox, figures):
    """Only from where the network settings allow it: the packet filter is opened on trial and kept by the panel."""
    changed(
        box, {"monitoring": {"snmp": {"enabled": True, "authentication": AUTHENTICATION, "privacy": PRIVACY}}}
    )
    network = box.admin.get("network").json
    wanted = {**network["network"], "snmp_from": [f"{OUTSIDE}/32"]}
    woken(box.machine)
    assert box.admin.put("network", {"revision": network["revision"], "network": wanted}).status == 202
    assert box.admin.post("network/trial").status == 200
    began = time.monotonic()
    told = until(lambda: _walked(box, TREE), 300, "the agent to answer")
    figures["objects of ours"] = len(told)
    figures["agent answers after, s"] = round(time.monotonic() - began, 1)
    ports = _walked(box, "1.3.6.1.2.1.31.1.1.1.1")
    assert any("tapeline-test" in line for line in ports), ports
    figures["interfaces (IF-MIB)"] = len(ports)
    stores = _walked(box, "1.3.6.1.2.1.25.2.3.1.3")
    assert any("/data" in line for line in stores), stores
    assert not _walked(box, TREE, "-v2c", "-c", "public")


def test_an_alarm_reaches_snmp_receiver_syslog_server_and_mailbox(box: OneBox, tmp_path, pair, figures):
    """A program is stopped; everybody who watches is told, the box starts it again by itself, and they are told that."""
    engine = box.machine.shell.ask(
        "cd /usr/lib/tapeline && bin/python3 -c 'from appliance.system.snmp import engine_id; print(engine_id(\"notifications\"))'"
    )
    logs = free_port()
    for name in ("traps", "logs"):
        (tmp_path / name).mkdir()
    with (
        trap_receiver(tmp_path / "traps", USER, AUTHENTICATION, PRIVACY, engine) as (traps, receiver),
        syslog_server(tmp_path / "logs", logs, pair) as received,
        mail_server() as mails,
    ):
        email = {
            "enabled": True, "device_name": "The box", "server": OUTSIDE, "port": mails.port, "protection": "none",
            "receivers": ["a@example.org"],
        }  # fmt: skip
        syslog = {"enabled": True, "server": OUTSIDE, "port": logs, "authority": pair[0].read_text()}
        snmp = {"receivers": [f"{OUTSIDE}:{traps}"], "inform": False}
        changed(box, {"alarms": {"email": email}, "monitoring": {"snmp": snmp, "syslog": syslog}})

        def everybody(trap: str, line: str, subject: str, figure: str) -> None:
            began = time.monotonic()
            waited = {
                "trap": lambda: any(trap in one and PROGRAM in one for one in list(receiver.lines)),
                "syslog over TLS": lambda: any(
                    line in one and PROGRAM in one for one in received.read_text().splitlines()
                ),
                "mail": lambda: any(subject in one and PROGRAM in one for one in mails.texts()),
            }
            for name, is_there in waited.items():
                until(is_there, RAISED_S, f"{name}: {figure}")
                figures[f"{figure}, {name} after, s"] = round(time.monotonic() - began, 1)

        box.machine.shell.ask(f"systemctl stop tapeline@{PROGRAM}")
        everybody(RAISED, "ALM-RAISE", "Alarm:", "stopped")
        everybody(CLEARED, "ALM-CLEAR", "Over:", "started again by the box")
        assert box.machine.shell.ask(f"systemctl is-active tapeline@{PROGRAM}") == "active"
        changed(box, {"alarms": {"email": {"enabled": False}}, "monitoring": {"syslog": {"enabled": False}}})
        changed(box, {"monitoring": {"snmp": {"receivers": []}}})


def _walked(box: OneBox, tree: str, *keys: str) -> list[str]:
    words = [
        "snmpwalk",
        *(keys or KEYS),
        "-On",
        "-t",
        "20",
        "-r",
        "1",
        f"udp:127.0.0.1:{box.machine.snmp}",
        tree,
    ]
    told = subprocess.run(
        words,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "MIBS": "", "HOME": "/nonexistent"},
    )
    return [] if told.returncode else [line for line in told.stdout.splitlines() if "No Such" not in line]
