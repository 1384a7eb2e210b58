"""The one plan of correcting past calls: made by a child process, looked at, then handed to the archiver or dropped.

A plan is gone with the program; what was handed over is the archiver's.
"""

import secrets
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from appliance.archive import corrections
from appliance.archive.corrections import Ordered
from appliance.core import log
from appliance.core.clock import Clock
from appliance.core.errors import Conflict, NotFound
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.system.child import Child
from webadmin.child_work import Failed
from webadmin.correction_order import (
    CHANGES_FILE,
    SHOWN_FILE,
    CorrectionRow,
    Ready,
    Share,
    Told,
    Wanted,
)

_MODULE = "webadmin.correction_child"
_DIED = Failed(en="Reading the signalling ended before it was done.", zh="解析信令的进程意外结束。")

_logger = log.get(__name__)
_encoder = msgspec.json.Encoder()
_told: msgspec.json.Decoder[Told] = msgspec.json.Decoder(Told)
_rows = msgspec.json.Decoder(CorrectionRow)


class AtWork(Conflict):
    """Corrections that were ordered are being carried out."""

    text = Text(en="Calls are being corrected; wait until that is done.", zh="正在更正历史通话，请等待完成。")


class PlanState(StrEnum):
    """Where a plan stands."""

    READING = "reading"
    READY = "ready"
    FAILED = "failed"


@dataclass(slots=True)
class Plan:
    """One plan, of the person `by`."""

    id: str
    by: str
    trunk: str
    since: datetime
    until: datetime
    folder: Path
    state: PlanState = PlanState.READING
    percent: int = 0
    calls: int = 0
    changes: int = 0
    left: int = 0
    problem: Failed | None = None
    child: Child | None = None


class Corrections:
    """Its methods belong to the event loop's thread. `read` runs what touches files."""

    def __init__(self, layout: Layout, clock: Clock, read: Callable[..., Awaitable[Any]]) -> None:
        self.plan: Plan | None = None
        self._layout = layout
        self._clock = clock
        self._read = read
        self._folder = layout.corrections / "plan"
        shutil.rmtree(self._folder, ignore_errors=True)

    async def begin(self, trunk: str, since: datetime, until: datetime, by: str) -> None:
        """Start to plan; a plan that is there is dropped."""
        await self.drop()
        key = secrets.token_urlsafe(16)
        folder = self._folder / key
        await self._read(folder.mkdir, 0o750, parents=True)
        plan = self.plan = Plan(key, by, trunk, since, until, folder)
        plan.child = Child(_MODULE)
        wanted = Wanted(
            data=str(self._layout.data), folder=str(folder), trunk=trunk, since=since, until=until
        )
        plan.child.connection.send_bytes(_encoder.encode(wanted))
        plan.child.listen(partial(self._hear, plan))

    async def drop(self) -> None:
        """Forget the plan, wherever it is."""
        if self.plan is not None:
            self._end_child(self.plan)
            self.plan = None
            await self._read(shutil.rmtree, self._folder, ignore_errors=True)

    async def rows(self, first: int, most: int) -> list[CorrectionRow]:
        """Some of what a plan that is ready shows.

        Raises: NotFound
        """
        if self.plan is None or self.plan.state is not PlanState.READY:
            raise NotFound(what="plan")
        found: list[CorrectionRow] = await self._read(_read_rows, self.plan.folder / SHOWN_FILE, first, most)
        return found

    async def order(self, key: str, by: str) -> Plan:
        """Hand the plan that was looked at to the archiver.

        Raises: NotFound when it is no longer that one, AtWork
        """
        plan = self.plan
        if plan is None or plan.id != key or plan.state is not PlanState.READY or not plan.changes:
            raise NotFound(what=key)
        before = await self.newest()
        if before is not None and before.ended_at is None:
            raise AtWork
        ordered = Ordered(
            id=key,
            by=by,
            at=self._clock.now(),
            trunk=plan.trunk,
            since=plan.since,
            until=plan.until,
            total=plan.changes,
        )
        await self._read(corrections.order, self._layout, plan.folder / CHANGES_FILE, ordered)
        await self.drop()
        return plan

    async def newest(self) -> Ordered | None:
        """The order that is carried out, or was last."""
        found: Ordered | None = await self._read(corrections.newest, self._layout)
        return found

    def close(self) -> None:
        """End the child and remove what it made."""
        if self.plan is not None:
            self._end_child(self.plan)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _hear(self, plan: Plan) -> None:
        assert plan.child is not None
        try:
            told = _told.decode(plan.child.connection.recv_bytes())
        except (EOFError, OSError, msgspec.MsgspecError):
            told = _DIED
        match told:
            case Share():
                plan.percent = told.percent
                return
            case Ready():
                plan.state = PlanState.READY
                plan.calls, plan.changes, plan.left = told.calls, told.changes, told.left
            case Failed():
                plan.state, plan.problem = PlanState.FAILED, told
                _logger.error("past calls cannot be read again", extra={"problem": told.en})
        self._end_child(plan)

    @staticmethod
    def _end_child(plan: Plan) -> None:
        if plan.child is not None:
            plan.child.kill()
            plan.child = None


def _read_rows(path: Path, first: int, most: int) -> list[CorrectionRow]:
    with path.open("rb") as lines:
        return [_rows.decode(line) for line in islice(lines, first, first + most)]
