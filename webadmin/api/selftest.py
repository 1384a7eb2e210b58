"""The box's call to itself: how the last one came out, and one more now."""

from datetime import datetime

import msgspec

from appliance.core.errors import Denied
from appliance.core.files import Layout
from appliance.domain.selftest import SelfTest
from appliance.system import door
from appliance.system.privileged.selftest import SELF_TEST, PlaceTestCall
from webadmin import audit
from webadmin.operation import Asked, Nothing


class SelfTestView(msgspec.Struct, frozen=True, kw_only=True):
    """The last test call; `at` null when there was none. Likeness 0…1 of what was sent and what was recorded."""

    at: datetime | None
    passed: bool
    problem: str
    took_s: float
    call_id: str
    caller_likeness: float | None
    callee_likeness: float | None
    daily_at: str


async def show(asked: Asked[Nothing, Nothing]) -> SelfTestView:
    """How the last test call came out."""
    if not asked.visitor.sees_box:
        raise Denied
    return await _view(asked)


async def place(asked: Asked[Nothing, Nothing]) -> SelfTestView:
    """Place a test call now and wait for its verdict, two minutes at most."""
    if not asked.visitor.sees_box:
        raise Denied
    await door.ask(asked.panel.layout, SELF_TEST, PlaceTestCall(), by=audit.name_of(asked))
    view = await _view(asked)
    audit.note(asked, "test call", passed=view.passed)
    return view


async def _view(asked: Asked[Nothing, Nothing]) -> SelfTestView:
    last = await asked.panel.read(_last, asked.panel.layout)
    return SelfTestView(
        at=last.at if last else None,
        passed=bool(last and last.passed),
        problem=last.problem.render(asked.language) if last and last.problem else "",
        took_s=last.took_s if last else 0.0,
        call_id=last.call_id if last else "",
        caller_likeness=last.caller.likeness if last and last.caller else None,
        callee_likeness=last.callee.likeness if last and last.callee else None,
        daily_at=asked.panel.settings.alarms.self_test_at,
    )


def _last(layout: Layout) -> SelfTest | None:
    try:
        return msgspec.json.decode(layout.self_test.read_bytes(), type=SelfTest)
    except (OSError, msgspec.MsgspecError):
        return None
