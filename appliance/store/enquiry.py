"""Why is there no recording? The ledger's answer for a number and a time."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
import peewee

from appliance.core.text import Text
from appliance.domain.access import Scope
from appliance.store.database import Database
from appliance.store.models import Calls
from appliance.store.row import COLUMNS, CallRow, from_columns, number_key, to_us
from appliance.store.scope import as_known
from appliance.store.search import CallFilter, Match, conditions

MAX_CALLS = 50
_LONGEST_CALL = timedelta(hours=24)
_TOLD_APART = 3


class Verdict(StrEnum):
    """What the ledger knows."""

    RECORDED = "recorded"
    PARTLY = "partly"
    NOT_RECORDED = "not_recorded"
    OTHER_TIME = "other_time"
    NEVER_SEEN = "never_seen"


VERDICT_TEXT: dict[Verdict, Text] = {
    Verdict.RECORDED: Text(
        en="Every call of this number at that time was recorded.", zh="该号码在该时段的通话均已录音。"
    ),
    Verdict.PARTLY: Text(
        en="Some calls of this number at that time were recorded; the others say why not.",
        zh="该号码在该时段的部分通话已录音，其余通话注明了原因。",
    ),
    Verdict.NOT_RECORDED: Text(
        en="Calls of this number were seen at that time, but none has a recording; each says why.",
        zh="该号码在该时段有通话，但均无录音，原因见各条记录。",
    ),
    Verdict.OTHER_TIME: Text(
        en="No call of this number was seen at that time; the nearest ones before and after are shown.",
        zh="该时段未见该号码的通话，以下为前后最近的通话。",
    ),
    Verdict.NEVER_SEEN: Text(
        en="No call of this number was ever seen. Check the number, and whether its traffic reaches the mirror port.",
        zh="从未见到该号码的通话。请核对号码，并确认其流量已镜像到录音设备。",
    ),
}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict and the calls it rests on, oldest first."""

    verdict: Verdict
    calls: list[CallRow]


def why(
    database: Database, number: str, at: datetime, window: timedelta, *, scope: Scope, as_masked: bool = False
) -> Answer:
    """What became of the calls of `number` inside the scope that were going on within `window` of `at`.

    People write numbers in many ways: leading zeros are left out and any number that contains the rest counts,
    except for two digits or fewer, which must be the whole number.
    """
    if not number.strip():
        return Answer(verdict=Verdict.NEVER_SEEN, calls=[])
    condition = conditions(database, _of_number(number, as_masked=as_masked), scope)
    begin_us, end_us = to_us(at - window), to_us(at + window)
    lasted_until = peewee.fn.COALESCE(Calls.ended_at_us, Calls.started_at_us)
    during = (
        condition
        & (Calls.started_at_us >= begin_us - _LONGEST_CALL // timedelta(microseconds=1))
        & (Calls.started_at_us <= end_us)
        & (lasted_until >= begin_us)
    )
    with database.read():
        calls = _rows(database, during, Calls.started_at_us.asc(), MAX_CALLS, scope)
        if not calls:
            before = _rows(
                database, condition & (Calls.started_at_us < begin_us), Calls.started_at_us.desc(), 1, scope
            )
            after = _rows(
                database, condition & (Calls.started_at_us > end_us), Calls.started_at_us.asc(), 1, scope
            )
            near = before + after
            return Answer(verdict=Verdict.OTHER_TIME if near else Verdict.NEVER_SEEN, calls=near)
    recorded = sum(call.recorded for call in calls)
    if recorded == len(calls):
        return Answer(verdict=Verdict.RECORDED, calls=calls)
    return Answer(verdict=Verdict.PARTLY if recorded else Verdict.NOT_RECORDED, calls=calls)


def _of_number(number: str, *, as_masked: bool) -> CallFilter:
    key = number_key(number).lstrip("0") or number_key(number)
    match = Match.CONTAINS if len(key) >= _TOLD_APART else Match.EXACT
    return CallFilter(number=key, match=match, as_masked=as_masked)


def _rows(database: Database, condition: Any, order: Any, limit: int, scope: Scope) -> list[CallRow]:
    found = database.rows(Calls.select(*COLUMNS).where(condition).order_by(order, Calls.call_id).limit(limit))
    return as_known(database, [from_columns(columns) for columns in found], scope)
