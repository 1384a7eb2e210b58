"""Commissioning: the installer's list and what has been seen of each extension on it since the start."""

import platform
from datetime import datetime
from typing import Annotated, Any

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Text
from appliance.domain.call import Direction, Side
from appliance.domain.commissioning import (
    CAUSE_TEXT,
    GRACE_S,
    Cause,
    Check,
    Extension,
    Finding,
    Row,
    Standing,
    Surroundings,
    twins,
)
from appliance.store.commissioning import Commissioning
from appliance.store.row import number_key
from webadmin import audit
from webadmin.authority import check_whole_scope
from webadmin.operation import Asked, Nothing
from webadmin.visitor import Visitor

MAX_EXTENSIONS = 2000

_TWICE = Text(en="stands in the list twice", zh="在列表中重复")


class CauseView(msgspec.Struct, frozen=True, kw_only=True):
    """A likely cause and what to do about it."""

    code: Cause
    text: str


class CommissionedCall(msgspec.Struct, frozen=True, kw_only=True):
    """The call that an extension is judged by. `spoken` and `heard` are packets from and to the telephone.

    `up_s`: seconds since, or until, the answer
    """

    call_id: str
    at: datetime
    side: Side
    other_number: str
    address: str
    direction: Direction
    is_over: bool
    up_s: float
    spoken: int
    heard: int
    lost: int


class RegisteredView(msgspec.Struct, frozen=True, kw_only=True):
    """The newest REGISTER seen of the telephone."""

    at: datetime
    address: str


class CommissionedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One extension of the list."""

    number: str
    name: str
    standing: Standing
    findings: dict[Check, Finding]
    causes: list[CauseView]
    call: CommissionedCall | None
    registered: RegisteredView | None


class CommissioningAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The list judged, of which somebody with a part of the calls sees own extensions only; `started_at` is null and everything empty while none is going on.

    `box` and `interface` are for the printed protocol; `packets`, `sip` and `audio` came in since the start.
    """

    started_at: datetime | None
    started_by: str
    at: datetime
    box: str
    interface: str
    knows_trunks: bool
    packets: int
    sip: int
    audio: int
    total: int
    passed: int
    failed: int
    rows: list[CommissionedRow]


class CommissioningList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The list as it shall be; an empty one ends the commissioning."""

    extensions: Annotated[list[Extension], msgspec.Meta(max_length=MAX_EXTENSIONS)]


async def show(asked: Asked[Nothing, Nothing]) -> CommissioningAnswer:
    """The installer's list, each extension judged by what was seen since the start."""
    await asked.panel.commissioning.load(asked.panel.ask)
    return _answer(asked)


async def save(asked: Asked[Nothing, CommissioningList]) -> CommissioningAnswer:
    """Replace the list; a commissioning that goes on keeps its start and what it has seen."""
    check_whole_scope(asked)
    extensions = asked.body.extensions
    place = twins(extensions)
    if place is not None:
        raise Invalid(field=f"extensions[{place}].number", problem=_TWICE)
    watch = asked.panel.commissioning
    await watch.load(asked.panel.ask)
    known = watch.current
    wanted = None
    if extensions:
        wanted = known._replace(extensions=extensions) if known else _started(asked, extensions)
    await watch.change(asked.panel.ask, wanted, is_new=known is None)
    audit.note(asked, "commissioning list saved", extensions=len(extensions))
    return _answer(asked)


async def reset(asked: Asked[Nothing, Nothing]) -> CommissioningAnswer:
    """Begin anew with the same list: what was seen so far no longer counts."""
    check_whole_scope(asked)
    watch = asked.panel.commissioning
    await watch.load(asked.panel.ask)
    if watch.current is not None:
        await watch.change(asked.panel.ask, _started(asked, watch.current.extensions), is_new=True)
        audit.note(asked, "commissioning begun anew")
    return _answer(asked)


def _started(asked: Asked[Any, Any], extensions: list[Extension]) -> Commissioning:
    person = asked.visitor.person
    return Commissioning(asked.panel.now(), person.name if person else "", extensions)


def _answer(asked: Asked[Any, Any]) -> CommissioningAnswer:
    watch, capture = asked.panel.commissioning, asked.panel.settings.capture
    around = watch.surroundings(capture)
    rows = [
        _row_view(row, around, asked)
        for row in watch.rows(capture)
        if asked.visitor.scope.admits((number_key(row.extension.number),))
    ]
    current = watch.current
    return CommissioningAnswer(
        started_at=current.started_at if current else None,
        started_by=current.started_by if current else "",
        at=asked.panel.now(),
        box=platform.node(),
        interface=around.interface,
        knows_trunks=around.knows_trunks,
        packets=around.packets,
        sip=around.sip,
        audio=around.audio,
        total=len(rows),
        passed=sum(row.standing is Standing.PASSED for row in rows),
        failed=sum(row.standing is Standing.FAILED for row in rows),
        rows=rows,
    )


def _row_view(row: Row, around: Surroundings, asked: Asked[Any, Any]) -> CommissionedRow:
    language = asked.language
    facts = {
        "interface": around.interface,
        "ports": ", ".join(map(str, around.sip_ports)),
        "number": row.extension.number,
        "seconds": f"{GRACE_S:.0f}",
    }
    return CommissionedRow(
        number=row.extension.number,
        name=row.extension.name,
        standing=row.standing,
        findings=row.findings,
        causes=[
            CauseView(code=cause, text=CAUSE_TEXT[cause].render(language, **facts)) for cause in row.causes
        ],
        call=_call_view(row, asked.visitor),
        registered=RegisteredView(at=row.registered.at, address=row.registered.address)
        if row.registered
        else None,
    )


def _call_view(row: Row, visitor: Visitor) -> CommissionedCall | None:
    call, side = row.call, row.side
    if call is None or side is None or not visitor.scope.admits(map(number_key, (call.caller, call.callee))):
        return None
    is_caller = side is Side.CALLER
    return CommissionedCall(
        call_id=call.call_id,
        at=call.at,
        side=side,
        other_number=visitor.number(call.callee if is_caller else call.caller),
        address=call.caller_address if is_caller else call.callee_address,
        direction=call.direction,
        is_over=call.is_over,
        up_s=call.up_s,
        spoken=call.packets.get(side, 0),
        heard=call.packets.get(side.other, 0),
        lost=sum(call.lost.values()),
    )
