"""What people who help from afar are given: versions, states, logs and settings, with every number as a token.

The key of the tokens leaves the box in its sealed backups only; there is no audio, no secret and no key in it.
"""

import io
import os
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from appliance.bus.topics import Health, Intake, ProgramState, Queue, StorageState, TimeState
from appliance.core.files import Layout
from appliance.core.release import VERSION
from appliance.settings import secret
from appliance.settings.root import Settings
from appliance.store import figures
from appliance.store.database import Database
from appliance.system import disks, facts, logs, nics
from appliance.system.token_key import tokens as tokens_of

LINES = 1000
_READ_ME = """What is in here, and what is not
================================
Written on {at} by Tapeline {version}.

system.json    release, memory, uptime, network ports, disks
state.json     what the programs said last: themselves, mirror ports, storage, work, clock, conditions
ledger.json    how many calls have a recording, and for what reasons the others have none
configuration.json  the settings without secrets
log/           the last {lines} lines of each program

Telephone numbers and SIP names are tokens such as n:3f9a01c2b47d5e60: the same number is the same token in every
file. The key stays on the box and in its sealed backups. There is no audio, no password and no key in here. Look through it before you send it.

这里有什么，没有什么
====================
电话号码与 SIP 用户名均已替换为代号（例如 n:3f9a01c2b47d5e60），同一号码在各文件中代号相同，
密钥只在设备及其加密备份中。
不含录音、密码或密钥。发送前请自行查看。
"""


class Known(NamedTuple):
    """What the panel has heard from the programs."""

    programs: Mapping[str, ProgramState]
    intake: Mapping[str, Intake]
    storage: Mapping[str, StorageState]
    queues: Mapping[str, Queue]
    health: Mapping[str, Health]
    time: TimeState | None


def written(
    layout: Layout, settings: Settings, known: Known, reasons: Mapping[str, int], at: datetime
) -> bytes:
    """The bundle as a ZIP; reads logs and the machine's files."""
    tokens = tokens_of(layout)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(
            "README.txt", _READ_ME.format(at=f"{at:%Y-%m-%d %H:%M} UTC", version=VERSION, lines=LINES)
        )
        bundle.writestr("system.json", _json(_system(layout), tokens.text))
        bundle.writestr("state.json", _json(known._asdict(), tokens.text))
        bundle.writestr("ledger.json", _json(dict(reasons), str))
        bundle.writestr(
            "configuration.json", _json(secret.hidden(msgspec.to_builtins(settings)), tokens.text)
        )
        for program in sorted({*known.programs, "broker", "helper"}):
            tail = logs.tail(program, layout.logs, LINES)
            lines = (f"{line.at} {line.level} {tokens.text(line.text)}\n" for line in tail.lines)
            bundle.writestr(f"log/{program}.log", "".join(lines))
    return held.getvalue()


def count(database: Database) -> dict[str, int]:
    """Calls by reason, "recorded" for those that have none."""
    return {reason or "recorded": calls for reason, calls in figures.by_reason(database).items()}


def _system(layout: Layout) -> dict[str, Any]:
    usage = os.statvfs(layout.data)
    return {
        "version": VERSION,
        "release": facts.release(),
        "memory": facts.memory(),
        "uptime_s": round(facts.uptime_s()),
        "ports": nics.nics(),
        "disks": disks.read(layout),
        "data_free_bytes": usage.f_bavail * usage.f_frsize,
    }


def _json(content: Any, told: Callable[[str], str]) -> bytes:
    """Indented JSON whose strings were put through `told`; numbers stay."""
    return msgspec.json.format(msgspec.json.encode(_through(msgspec.to_builtins(content), told)))


def _through(content: Any, told: Callable[[str], str]) -> Any:
    if isinstance(content, str):
        return told(content)
    if isinstance(content, dict):
        return {told(str(key)): _through(value, told) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_through(value, told) for value in content]
    return content
