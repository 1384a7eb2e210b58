"""Updates of the box: brought, verified, installed beside the running system, started at a time, kept or given up.

And the way back to the state of delivery.
"""

import contextlib
import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec

from appliance.core.release import VERSION
from appliance.domain.update import Bundle, Plan, Progress, SlotState, State, Trial, What
from appliance.system import door, facts, sticks
from appliance.system.plugged import Stick
from appliance.system.privileged import update as orders
from appliance.system.slots import read_state, running_slot
from webadmin import audit
from webadmin.api.session import prove
from webadmin.incoming import MOST_BYTES
from webadmin.operation import Asked, Nothing
from webadmin.parameters import SECRET

_PIECE_BYTES = 4 * 1024 * 1024
_MOST_FILES = 50
_STICK = r"^sd[a-z]{1,3}[0-9]{0,3}$"
_BUNDLE_FILE = r"^([^/\x00-\x1f.][^/\x00-\x1f]{0,200}/)?[^/\x00-\x1f.][^/\x00-\x1f]{0,200}\.raucb$"


class SlotView(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two places for a system; `version` is "" for what was delivered and never ran."""

    name: str
    is_running: bool
    state: SlotState
    version: str
    build: str
    installed_at: str


class UpdateEventView(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the history; `detail` is the cause in a program's own words."""

    at: datetime
    what: What
    version: str
    slot: str
    by: str
    detail: str


class BroughtView(msgspec.Struct, frozen=True, kw_only=True):
    """An update on its way to the box; `total` is 0 where nobody says how much is to come."""

    received: int
    total: int
    is_fetching: bool


class StickView(msgspec.Struct, frozen=True, kw_only=True):
    """A USB stick that is plugged in; `name` is the kernel's, `is_open` while somebody reads or writes there."""

    name: str
    label: str
    model: str
    kind: str
    size_bytes: int
    is_open: bool


class StickFile(msgspec.Struct, frozen=True, kw_only=True):
    """An update on a stick, by its path there."""

    file: str
    bytes: int


class StickAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The updates on a stick, the newest names first."""

    files: list[StickFile]


class UpdateAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about updates; `is_box` is false on a machine that has no slots.

    `bundle`: verified and not installed yet. `waiting`: installed and not started yet. `progress`: being installed.
    `problem`: why the last update could not be brought or installed. `sticks`: USB sticks that are plugged in
    """

    is_box: bool
    version: str
    build: str
    running: str
    slots: list[SlotView]
    brought: BroughtView | None
    bundle: Bundle | None
    progress: Progress | None
    waiting: Bundle | None
    plan: Plan | None
    trial: Trial | None
    problem: str
    sticks: list[StickView]
    history: list[UpdateEventView]


class PieceBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The next piece of an upload, base64; the one at 0 begins anew."""

    offset: Annotated[int, msgspec.Meta(ge=0, le=MOST_BYTES)]
    total: Annotated[int, msgspec.Meta(ge=1, le=MOST_BYTES)]
    content: Annotated[bytes, msgspec.Meta(min_length=1, max_length=_PIECE_BYTES)]


class PieceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How much is there now; 0 once it is whole and verified."""

    received: int


class FetchBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address to read the update from."""

    url: Annotated[str, msgspec.Meta(max_length=2048, pattern=r"^https?://[^\s]+$")]


class StickBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stick by its name."""

    name: Annotated[str, msgspec.Meta(pattern=_STICK)]


class StickFileBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which update to copy: its path as it was listed."""

    name: Annotated[str, msgspec.Meta(pattern=_STICK)]
    file: Annotated[str, msgspec.Meta(pattern=_BUNDLE_FILE)]


class StartBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When to start the other system; null = now."""

    at: datetime | None = None


class ResetBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stays, and one's own password once more."""

    keep_recordings: bool
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=128, extra=SECRET)]


async def show(asked: Asked[Nothing, Nothing]) -> UpdateAnswer:
    """Both slots, what is brought, installed, planned and on trial, and the history."""
    return await _answer(asked)


async def take(asked: Asked[Nothing, PieceBody]) -> PieceAnswer:
    """Take the next piece of an update; the last one has it verified."""
    body = asked.body
    received = await asked.panel.incoming.take(body.offset, body.total, body.content)
    asked.is_quiet = 0 < received < body.total and body.offset > 0
    if not asked.is_quiet:
        audit.note(asked, "update brought" if received == 0 else "update begun", bytes=body.total)
    return PieceAnswer(received=received)


async def fetch(asked: Asked[Nothing, FetchBody]) -> UpdateAnswer:
    """Have an update fetched from an address."""
    await asked.panel.incoming.fetch(asked.body.url)
    return await _answer(asked)


async def list_stick(asked: Asked[Nothing, StickBody]) -> StickAnswer:
    """The updates on a USB stick, which is opened to be read only, and let go."""
    async with sticks.opened(asked.panel.layout, asked.body.name, by=audit.name_of(asked)) as (_, place):
        return StickAnswer(files=await asked.panel.read(_bundles, place))


async def bring(asked: Asked[Nothing, StickFileBody]) -> UpdateAnswer:
    """Have an update copied from a USB stick."""
    await asked.panel.incoming.bring(asked.body.name, asked.body.file, audit.name_of(asked))
    return await _answer(asked)


async def drop(asked: Asked[Nothing, Nothing]) -> UpdateAnswer:
    """Forget the update that was brought."""
    await asked.panel.incoming.drop()
    return await _answer(asked)


async def install(asked: Asked[Nothing, Nothing]) -> UpdateAnswer:
    """Have the verified update written beside the running system."""
    await door.ask(asked.panel.layout, orders.INSTALL, orders.Install(), by=audit.name_of(asked))
    return await _answer(asked)


async def start(asked: Asked[Nothing, StartBody]) -> UpdateAnswer:
    """Start the other system at a time: an update, or the one before."""
    at = asked.body.at or asked.panel.now()
    await door.ask(asked.panel.layout, orders.PLAN, orders.Plan(at=at), by=audit.name_of(asked))
    return await _answer(asked)


async def stay(asked: Asked[Nothing, Nothing]) -> UpdateAnswer:
    """Not to start the other system."""
    await door.ask(asked.panel.layout, orders.UNPLAN, orders.Unplan(), by=audit.name_of(asked))
    return await _answer(asked)


async def reset(asked: Asked[Nothing, ResetBody]) -> None:
    """Back to the state of delivery, with or without the recordings."""
    body = asked.body
    await prove(asked, body.password, "password")
    wish = orders.Reset(keep_recordings=body.keep_recordings)
    await door.ask(asked.panel.layout, orders.RESET, wish, by=audit.name_of(asked))


def stick_views(found: list[Stick]) -> list[StickView]:
    """Sticks as they are shown."""
    return [
        StickView(
            name=one.name,
            label=one.label,
            model=one.model,
            kind=one.kind,
            size_bytes=one.size_bytes,
            is_open=bool(one.mounts),
        )
        for one in found
    ]


def _bundles(place: Path) -> list[StickFile]:
    found = []
    for path in (*place.glob("*.raucb"), *place.glob("*/*.raucb")):
        file = str(path.relative_to(place))
        with contextlib.suppress(OSError):
            if re.fullmatch(_BUNDLE_FILE, file) and path.is_file():
                found.append(StickFile(file=file, bytes=path.stat().st_size))
    return sorted(found, key=lambda one: one.file, reverse=True)[:_MOST_FILES]


async def _answer(asked: Asked[Any, Any]) -> UpdateAnswer:
    panel = asked.panel
    incoming = panel.incoming
    state, running, release = await panel.read(_look)
    bundle = await incoming.bundle()
    is_coming = incoming.is_fetching or incoming.received > 0
    return UpdateAnswer(
        is_box=bool(running),
        version=VERSION,
        build=release.get("BUILD_ID", ""),
        running=running,
        slots=[SlotView(**msgspec.structs.asdict(one)) for one in state.slots],
        brought=BroughtView(
            received=incoming.received, total=incoming.total, is_fetching=incoming.is_fetching
        )
        if is_coming
        else None,
        bundle=bundle,
        progress=state.progress,
        waiting=state.waiting,
        plan=state.plan,
        trial=state.trial,
        problem=incoming.problem.message(asked.language) if incoming.problem else state.problem,
        sticks=stick_views(await panel.read(sticks.there, panel.layout)),
        history=[UpdateEventView(**msgspec.structs.asdict(one)) for one in state.history],
    )


def _look() -> tuple[State, str, dict[str, str]]:
    return read_state(), running_slot(), facts.release()
