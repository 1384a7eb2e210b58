"""Net-SNMP's programs: notifications sent by one of them, and the configuration of the agent that answers queries.

They are run, not linked. Passphrases reach them in files that only we may read, never on a command line.

Source: RFC 3411 §5 (engine id), RFC 3414 §2.2 (time window), snmp.conf(5), snmpd.conf(5), snmpcmd(1)
"""

import hashlib
import os
import shlex
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from appliance.core.files import Layout, write_atomically
from appliance.settings.monitoring import Snmp

TREE = "1.3.6.1.4.1.32473.1"
"""Where our MIB stands: below the number that IANA keeps for documentation, until there is one of our own."""

_ENTERPRISE = 32473
_OCTETS = 5
_PORT = 162
_TIMEOUT_S, _RETRIES = 2, 2
_BOOT_S = 1 << 16
_MACHINE = Path("/etc/machine-id")


class Variable(NamedTuple):
    """One variable of a notification; `kind` is a letter of snmptrap(1): s text, x octets in hexadecimal, i, u, o."""

    oid: str
    kind: str
    value: str


class SnmpFailed(Exception):
    """The program's own words are the only argument."""


def engine_id(role: str, machine: Path = _MACHINE) -> str:
    """The SNMP engine of this machine in hexadecimal, stable over restarts; each `role` keeps its own clock."""
    try:
        seed = machine.read_bytes().strip()
    except OSError:
        seed = os.uname().nodename.encode()
    known = hashlib.sha256(b"tapeline snmp " + role.encode() + seed).digest()[:8]
    return f"{_ENTERPRISE | 1 << 31:08x}{_OCTETS:02x}{known.hex()}"


def notify(settings: Snmp, receiver: str, name: str, variables: Sequence[Variable]) -> str:
    """Send one notification and, of an inform, wait for its confirmation; what became of it in a word.

    Raises: SnmpFailed
    """
    if not settings.authentication and not settings.community:
        raise SnmpFailed("neither a passphrase nor a community is set")
    with tempfile.TemporaryDirectory(prefix="snmp-") as folder:
        write_atomically(Path(folder) / "snmp.conf", _client(settings).encode(), mode=0o600, durable=False)
        command = [
            "snmpinform" if settings.inform else "snmptrap",
            "-t",
            str(_TIMEOUT_S),
            "-r",
            str(_RETRIES),
        ]
        if not settings.inform and settings.authentication:
            # A trap is vouched for by its sender's clock, which must never go back over restarts of the box.
            boots, seconds = divmod(int(time.time()), _BOOT_S)
            command += ["-e", f"0x{engine_id('notifications')}", "-Z", f"{boots},{seconds}"]
        command += [_peer(receiver), "", name]
        for variable in variables:
            command += variable
        environment = {**os.environ, "SNMPCONFPATH": folder, "SNMP_PERSISTENT_DIR": folder, "MIBS": ""}
        try:
            told = subprocess.run(
                command,
                env=environment,
                capture_output=True,
                check=False,
                timeout=4 * _TIMEOUT_S * (_RETRIES + 1),
            )
        except subprocess.TimeoutExpired as error:
            raise SnmpFailed("no answer in time") from error
        except FileNotFoundError as error:
            raise SnmpFailed(f"{command[0]} is not installed") from error
    if told.returncode:
        raise SnmpFailed(" ".join(told.stderr.decode("utf-8", "replace").split())[:300] or "no answer")
    return "confirmed" if settings.inform else "sent"


def agent_configuration(settings: Snmp, answerer: Sequence[str]) -> str:
    """What snmpd is to do; `answerer` is the command that answers for our tree (pass_persist).

    Nothing can be written. SNMPv3 asks for authentication and privacy, whoever has no passphrase is not answered.
    """
    lines = [
        f"agentAddress udp:{settings.port},udp6:{settings.port}",
        f"exactEngineID 0x{engine_id('agent')}",
        "dontLogTCPWrappersConnects yes",
        f"sysContact {settings.contact or 'unknown'}",
        f"sysLocation {settings.location or 'unknown'}",
        "sysServices 72",
        "sysDescr Tapeline call recorder",
        f"sysObjectID .{TREE}",
        "includeAllDisks 5%",
        f"pass_persist .{TREE} {shlex.join(answerer)}",
        "view all included .1",
        # Who else may ask, and with which keys, is nobody's business.
        "view all excluded .1.3.6.1.6.3.15",
        "view all excluded .1.3.6.1.6.3.16",
        "view all excluded .1.3.6.1.6.3.18",
    ]
    if settings.authentication:
        privacy = settings.privacy or settings.authentication
        lines += [
            f'createUser {settings.user} SHA-256 "{settings.authentication}" AES "{privacy}"',
            f"rouser {settings.user} priv -V all",
        ]
    if settings.community:
        lines += [
            f"rocommunity {settings.community} default -V all",
            f"rocommunity6 {settings.community} default -V all",
        ]
    return "\n".join(lines) + "\n"


def agent_command(layout: Layout) -> list[str]:
    """The agent in the foreground, reading our file and no other."""
    layout.snmp_state.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = [f"SNMP_PERSISTENT_DIR={layout.snmp_state}", "MIBS="]
    return ["env", *environment, "snmpd", "-f", "-Lo", "-C", "-c", str(layout.snmp_settings)]


def _client(settings: Snmp) -> str:
    if not settings.authentication:
        return f"defVersion 2c\ndefCommunity {settings.community}\n"
    privacy = settings.privacy or settings.authentication
    return (
        f"defVersion 3\ndefSecurityName {settings.user}\ndefSecurityLevel authPriv\n"
        f'defAuthType SHA-256\ndefAuthPassphrase "{settings.authentication}"\n'
        f'defPrivType AES\ndefPrivPassphrase "{privacy}"\n'
    )


def _peer(receiver: str) -> str:
    is_six = receiver.startswith("[")
    host, _, port = (
        receiver.rpartition(":") if not receiver.endswith("]") and ":" in receiver else (receiver, "", "")
    )
    return f"{'udp6' if is_six else 'udp'}:{host}:{port or _PORT}"
