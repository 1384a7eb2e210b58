"""Carries out what `domain/escalation.py` finds due, through the door, and remembers it over restarts of the box."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from appliance.core import log
from appliance.core.errors import ApplianceError
from appliance.core.files import Layout, write_atomically
from appliance.domain.escalation import MOST_KEPT, Step, Taken, next_step
from appliance.health import Finding
from appliance.system import door
from appliance.system.privileged.power import RESTART, RESTART_PROGRAM, Restart, RestartProgram, StillStarting
from appliance.system.privileged.update import PLAN, Plan

_logger = log.get(__name__)

_CODE = "program_down"
_STARTING = StillStarting(program="").code


class Escalation:
    """Belongs to the event loop. Away from the box the door refuses, and nothing happens but a line in the log."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._down: dict[str, datetime] = {}
        self._taken = _read(layout)
        self._acting: asyncio.Task[None] | None = None

    def look(
        self,
        findings: Mapping[str, list[Finding]],
        at: datetime,
        up_s: float,
        *,
        may_restart: bool,
    ) -> None:
        """Take the step that is due. `up_s`: seconds since the box started."""
        down = {
            str(found.facts["program"])
            for one in findings.values()
            for found in one
            if found.code == _CODE and found.raised
        }
        self._down = {program: self._down.get(program, at) for program in down}
        if self._acting is not None:
            return
        up_for = timedelta(seconds=up_s)
        # Whether there is another system that can be started, the door knows.
        step = next_step(self._down, self._taken, at, up_for, may_restart=may_restart, has_other=True)
        if step is not None:
            self._taken = [*self._taken, step][-MOST_KEPT:]
            # Written before it is done: a box that restarts must know that it did.
            write_atomically(self._layout.escalation, msgspec.json.encode(self._taken))
            self._acting = asyncio.create_task(self._act(step))

    async def close(self) -> None:
        """Wait for an order that is being given."""
        if self._acting is not None:
            await self._acting

    async def _act(self, step: Taken) -> None:
        facts = {"program": step.program, "step": step.step.value}
        try:
            if step.step is Step.PROGRAM:
                wish = RestartProgram(name=step.program)
                await door.ask(self._layout, RESTART_PROGRAM, wish, by="watchdog")
            elif step.step is Step.BOX:
                await door.ask(self._layout, RESTART, Restart(), by="watchdog")
            else:
                await door.ask(self._layout, PLAN, Plan(at=step.at), by="watchdog")
        except ApplianceError as error:
            if error.code == _STARTING:
                # Not down, only slow: no step was taken, and its time begins anew.
                self._taken = [one for one in self._taken if one is not step]
                self._down.pop(step.program, None)
            _logger.warning("a program stays down", extra={**facts, "problem": error.message()})
        else:
            _logger.error("a program stayed down, and something is done", extra=facts)
        finally:
            self._acting = None


def _read(layout: Layout) -> list[Taken]:
    try:
        return msgspec.json.decode(layout.escalation.read_bytes(), type=list[Taken])
    except (OSError, msgspec.MsgspecError):
        return []
