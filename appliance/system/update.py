"""The life of an update on the box: written beside the running system, started at a chosen time, kept or given up.

A new system is kept once it has recorded a call of its own; otherwise the one before runs again. Everything is remembered in one file before it is done, so a power cut at any moment finds its way on.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from appliance.core import log
from appliance.core.clock import Clock, SystemClock
from appliance.core.errors import ApplianceError, Conflict
from appliance.core.files import Layout
from appliance.core.release import VERSION
from appliance.core.text import Text
from appliance.domain.update import (
    Bundle,
    Event,
    Plan,
    Progress,
    State,
    Trial,
    Verdict,
    What,
    other,
    verdict,
)
from appliance.system import tool
from appliance.system.slots import STATE_FILE, Rauc, change_state, read_state, running_slot

_logger = log.get(__name__)

NEEDED = ("tapeline@recorder.service", "tapeline@archiver.service", "tapeline@webadmin.service")
"""Without these a system is no recorder."""

SELF_TEST = "tapeline-selftest.service"
COPY = "tapeline-copy.service"
_LOOK_S = 2.0
_UP_WITHIN_S = 900.0
_TRIES = 5
_TRY_S = 300.0
_COPY_S = 3600.0
_LOG_LINES = 20_000


class OnTrial(Conflict):
    """A new system has not proved itself yet."""

    text = Text(
        en="The new system is on trial; wait until it is kept or given up.",
        zh="新系统正在验证中，请等待其被确认或回退。",
    )


class NothingWaits(Conflict):
    """There is no other system to start."""

    text = Text(
        en="There is no other system that could be started.",
        zh="没有可启动的其他系统。",
    )


class AlreadyInstalling(Conflict):
    """One at a time."""

    text = Text(en="An update is being installed already.", zh="正在安装更新，请稍候。")


@dataclass
class Updating:
    """The work on one box; everything outside of it is named here, so that tests put others in its place."""

    layout: Layout
    rauc: Rauc = field(default_factory=Rauc)
    clock: Clock = field(default_factory=SystemClock)
    state_file: Path = STATE_FILE
    running: Callable[[], str] = running_slot
    systemctl: Sequence[str] = ("systemctl",)
    journal: Sequence[str] = ("journalctl",)
    look_s: float = _LOOK_S
    up_within_s: float = _UP_WITHIN_S

    @property
    def state(self) -> State:
        """What is remembered now."""
        return read_state(self.state_file)

    def change(self, **facts: object) -> State:
        """Remember something else."""
        return change_state(lambda state: msgspec.structs.replace(state, **facts), self.state_file)

    def note(self, what: What, *, version: str = "", slot: str = "", by: str = "", detail: str = "") -> None:
        """Add to the history."""
        event = Event(at=self.clock.now(), what=what, version=version, slot=slot, by=by, detail=detail[:500])
        change_state(lambda state: state.noted(event), self.state_file)
        _logger.info("update", extra={"what": what, "release": version, "slot": slot, "detail": detail[:200]})

    def check_free(self) -> None:
        """Refuse what would be in the way of a system that has not proved itself yet.

        Raises: OnTrial
        """
        if self.state.trial is not None:
            raise OnTrial

    async def install(self, by: str = "") -> None:
        """Write the uploaded bundle into the slot that does not run.

        Raises: NoBundle, BadBundle, OnTrial, ToolFailed
        """
        self.check_free()
        by = by or self.state.wanted_by
        bundle = await self.rauc.inspect(self.layout.update_bundle)
        began = self.clock.now()

        def say(percent: int, step: str) -> None:
            self.change(progress=Progress(percent=percent, step=step, since=began))

        say(0, "")
        self.change(problem="", waiting=None, plan=None)
        try:
            await self.rauc.install(self.layout.update_bundle, say)
        except ApplianceError as error:
            self.change(progress=None, problem=str(error.facts.get("problem", error.code)))
            self.note(What.NOT_INSTALLED, version=bundle.version, by=by, detail=self.state.problem)
            raise
        self.layout.update_bundle.unlink(missing_ok=True)
        self.change(progress=None, waiting=bundle)
        await self.look()
        self.note(What.INSTALLED, version=bundle.version, slot=other(self.running()), by=by)

    def plan(self, at: datetime, by: str) -> None:
        """Have the other system started at a time.

        Raises: OnTrial, NothingWaits
        """
        self.check_free()
        state = self.state
        if state.progress is not None or not state.slots:
            raise NothingWaits
        self.change(plan=Plan(at=at, by=by))

    async def switch(self) -> None:
        """Wait for the planned time, then start the other system on trial; returns at once without a plan."""
        # Looked at again and again: the plan may be dropped, and the clock be set.
        while (plan := self.state.plan) is not None and plan.at > self.clock.now():  # noqa: ASYNC110
            await asyncio.sleep(self.look_s)
        if plan is None:
            return
        # What the new system may change for ever is put aside, should the old one have to go on with it.
        await tool.run([*self.systemctl, "start", COPY], within_s=_COPY_S)
        running = self.running()
        version = self._version(other(running))
        self.change(
            plan=None,
            trial=Trial(
                slot=other(running), version=version, origin=running, since=self.clock.now(), by=plan.by
            ),
        )
        self.note(What.STARTED, version=version, slot=other(running), by=plan.by)
        await self.rauc.choose("other")
        await tool.run([*self.systemctl, "--no-block", "reboot"])

    async def prove(self) -> None:
        """After every start: keep this system, or give it up."""
        running, trial = self.running(), self.state.trial
        what = verdict(trial, running)
        if what is Verdict.CAME_BACK:
            assert trial is not None
            self.change(trial=None, running=running, waiting=None)
            self.note(
                What.RETURNED, version=trial.version, slot=trial.slot, detail="the new system did not start"
            )
            await self.rauc.choose("booted")
        problem = await self._up()
        if what is Verdict.ON_TRIAL and not problem:
            problem = await self._records()
        if not problem:
            await self.rauc.keep()
            if what is Verdict.ON_TRIAL:
                self.change(trial=None, waiting=None)
                self.note(What.COMMITTED, version=VERSION, slot=running)
        elif what is Verdict.ON_TRIAL:
            assert trial is not None
            await self._give_up(trial, problem)
            return
        else:
            _logger.error("this system is not what it should be", extra={"problem": problem})
        self.change(running=running, progress=None)
        await self.look()

    async def look(self) -> None:
        """Remember what lies in the slots."""
        slots = await self.rauc.slots()
        running = self.running()
        self.change(
            running=running,
            slots=[
                msgspec.structs.replace(one, version=VERSION)
                if one.name == running and not one.version
                else one
                for one in slots
            ],
        )

    async def _give_up(self, trial: Trial, problem: str) -> None:
        self.change(trial=None, waiting=None)
        self.note(What.RETURNED, version=trial.version, slot=trial.slot, detail=problem)
        kept = self.state_file.parent / "given-up.log"
        kept.write_text(
            await tool.run([*self.journal, "-b", "-n", str(_LOG_LINES), "--no-pager"], within_s=_TRY_S)
        )
        await self.rauc.give_up()
        await self.rauc.choose("other")
        await tool.run([*self.systemctl, "--no-block", "reboot"])

    async def _up(self) -> str:
        """Wait until the programs work; what is wrong when they do not in time."""
        end_mono_s = self.clock.mono_s() + self.up_within_s
        while True:
            try:
                await tool.run([*self.systemctl, "is-active", *NEEDED])
            except ApplianceError as error:
                if self.clock.mono_s() > end_mono_s:
                    return f"not all programs are up: {error.facts.get('problem', '')}"
                await asyncio.sleep(self.look_s)
            else:
                return ""

    async def _records(self) -> str:
        """Whether the system has recorded a call of its own; what is wrong when it has not."""
        problem = ""
        for _ in range(_TRIES):
            try:
                await tool.run([*self.systemctl, "start", SELF_TEST], within_s=_TRY_S)
            except ApplianceError as error:
                problem = f"no test call was recorded: {error.facts.get('problem', '')}"
                await asyncio.sleep(self.look_s)
            else:
                return ""
        return problem

    def _version(self, slot: str) -> str:
        waiting: Bundle | None = self.state.waiting
        if waiting is not None:
            return waiting.version
        return next((one.version for one in self.state.slots if one.name == slot), "")
