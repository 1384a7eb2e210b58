"""Systems in two slots by RAUC: what a bundle is, what lies in the slots, writing, choosing and keeping one.

What is remembered of it all stands in a file of root's own that everybody may read.
Source: RAUC 1.8's documentation, "Using RAUC" and "Reference"; its exit statuses and JSON were looked at
"""

import asyncio
import fcntl
import os
import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from appliance.core.errors import Corrupt, NotFound
from appliance.core.files import fsync_directory
from appliance.core.text import Text
from appliance.domain.update import Bundle, Slot, SlotState, State
from appliance.system import tool
from appliance.system.tool import ToolFailed

COMPATIBLE = "tapeline-x86-64"
STATE_FILE = Path("/data/system/update/state.json")
_CMDLINE = Path("/proc/cmdline")
_INSTALL_S = 3600.0
_ASK_S = 120.0
_MOST_WORDS = 1 << 20
_STEP = re.compile(r"^\s*(\d{1,3})% (.+)$")


class BadBundle(Corrupt):
    """No update of ours, or not signed by whom this box trusts. Facts: problem."""

    text = Text(en="This is no valid update: {problem}.", zh="更新包无效：{problem}。")


class NoBundle(NotFound):
    """Nothing was uploaded yet."""

    text = Text(en="There is no update on the box yet.", zh="设备上尚无更新包。")


class Rauc:
    """The updater of this machine. `words` is how it is called, `keyring` instead of the configured one."""

    def __init__(self, words: tuple[str, ...] = ("rauc",), keyring: Path | None = None) -> None:
        self._words = words
        self._keyring = ("--keyring", str(keyring)) if keyring else ()

    async def inspect(self, bundle: Path) -> Bundle:
        """Verify the signature and read what it is.

        Raises: NoBundle, BadBundle
        """
        size_bytes = await asyncio.to_thread(_size, bundle)
        try:
            told = await tool.run(
                [*self._words, *self._keyring, "info", "--output-format=json", str(bundle)], within_s=_ASK_S
            )
            found = msgspec.json.decode(told[told.index("{") : told.rindex("}") + 1], type=_Info)
        except (ToolFailed, ValueError, msgspec.MsgspecError) as error:
            raise BadBundle(problem=_last_words(str(error))) from error
        if found.compatible != COMPATIBLE:
            raise BadBundle(problem=f"it is for {found.compatible}")
        return Bundle(version=found.version or "", build=found.build or "", size_bytes=size_bytes)

    async def slots(self) -> list[Slot]:
        """Both slots, A first.

        Raises: ToolFailed
        """
        told = await tool.run([*self._words, "status", "--detailed", "--output-format=json"], within_s=_ASK_S)
        return read_status(told[told.index("{") :])

    async def install(self, bundle: Path, say: Callable[[int, str], None]) -> None:
        """Write it into the slot that does not run; `say` hears percent and step.

        Raises: ToolFailed with what went wrong
        """
        last = ""
        words = [*self._words, "install", str(bundle)]
        rest = b""
        async for piece in tool.stream(words, most_bytes=_MOST_WORDS):
            *lines, rest = (rest + piece).replace(b"\r", b"\n").split(b"\n")
            for line in lines:
                text = line.decode("utf-8", "replace").strip()
                last = text or last
                if step := _STEP.match(text):
                    say(min(100, int(step[1])), step[2].rstrip("."))
        if not last.endswith("succeeded"):
            raise ToolFailed(tool="rauc", problem=_last_words(last))

    async def keep(self) -> None:
        """The slot that runs is good."""
        await tool.run([*self._words, "status", "mark-good"], within_s=_ASK_S)

    async def give_up(self) -> None:
        """The slot that runs is not started any more."""
        await tool.run([*self._words, "status", "mark-bad"], within_s=_ASK_S)

    async def choose(self, which: str) -> None:
        """Start `booted` or `other` from now on."""
        await tool.run([*self._words, "status", "mark-active", which], within_s=_ASK_S)


class _Info(msgspec.Struct, frozen=True):
    compatible: str
    version: str | None = None
    build: str | None = None


class _Mark(msgspec.Struct, frozen=True):
    version: str | None = None
    build: str | None = None


class _Moment(msgspec.Struct, frozen=True):
    timestamp: str | None = None


class _SlotStatus(msgspec.Struct, frozen=True):
    bundle: _Mark = _Mark()
    installed: _Moment = _Moment()


class _SlotTold(msgspec.Struct, frozen=True):
    state: str = ""
    bootname: str | None = None
    boot_status: str | None = None
    slot_status: _SlotStatus = _SlotStatus()


class _Status(msgspec.Struct, frozen=True):
    slots: list[dict[str, _SlotTold]]


def read_status(told: str) -> list[Slot]:
    """Both slots out of the updater's words."""
    status = msgspec.json.decode(told, type=_Status)
    found = [
        Slot(
            name=one.bootname,
            is_running=one.state == "booted",
            state=SlotState.GOOD if one.boot_status == "good" else SlotState.BAD,
            version=one.slot_status.bundle.version or "",
            build=one.slot_status.bundle.build or "",
            installed_at=one.slot_status.installed.timestamp or "",
        )
        for group in status.slots
        for one in group.values()
        if one.bootname
    ]
    return sorted(found, key=lambda slot: slot.name)


def running_slot(cmdline: Path = _CMDLINE) -> str:
    """Which slot the boot loader has started, "" on a machine that is no box."""
    found = re.search(r"\brauc\.slot=(\w+)", cmdline.read_text("ascii", "replace"))
    return found[1] if found else ""


def read_state(path: Path = STATE_FILE) -> State:
    """What is remembered; a file that cannot be read is no reason to forget how to start."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=State)
    except (OSError, msgspec.MsgspecError):
        return State()


def write_state(state: State, path: Path = STATE_FILE) -> None:
    """Remember it; everybody may read it, whatever the writer's umask."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o755)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with fresh.open("wb") as file:
        os.fchmod(file.fileno(), 0o644)
        file.write(msgspec.json.encode(state))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    fsync_directory(path.parent)


def change_state(edit: Callable[[State], State], path: Path = STATE_FILE) -> State:
    """Remember something else; several programs do, one after the other, so that none takes back what another wrote."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        state = edit(read_state(path))
        write_state(state, path)
    finally:
        os.close(folder)
    return state


def _size(bundle: Path) -> int:
    try:
        return bundle.stat().st_size
    except FileNotFoundError as error:
        raise NoBundle(what="update") from error


def _last_words(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (lines[-1] if lines else "unknown")[:300]
