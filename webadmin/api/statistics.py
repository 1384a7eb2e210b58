"""Statistics of days: one table a subject, for the page and as a workbook."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Text
from appliance.store.statistics import Period
from webadmin import statistics
from webadmin.api.zones import ZoneName, zone_of
from webadmin.files import XLSX_TYPE, BytesAnswer
from webadmin.operation import Asked, Nothing
from webadmin.statistics import Reader, StatisticsTable, Subject, Trunks
from webadmin.trunk_load import channels_of

_MOST_DAYS = 400


class StatisticsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which table, of which days (both included) of whose calendar; `country` is that of numbers without a prefix."""

    subject: Subject
    first: date
    last: date
    tz: ZoneName = "UTC"
    country: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")] = "CN"


async def show(asked: Asked[StatisticsQuery, Nothing]) -> StatisticsTable:
    """One table of statistics."""
    return await _table(asked, await _period(asked))


async def export(asked: Asked[StatisticsQuery, Nothing]) -> BytesAnswer:
    """One table of statistics as a workbook with its chart."""
    made = await _table(asked, await _period(asked))
    query = asked.query
    content = await asked.panel.work(statistics.workbook, made, f"{query.first} – {query.last}")
    name = f"statistics_{query.subject}_{query.first}_{query.last}.xlsx"
    return BytesAnswer(content, XLSX_TYPE, file_name=name)


async def _table(asked: Asked[Any, Any], period: Period) -> StatisticsTable:
    trunks = Trunks(channels_of(asked.panel.settings), asked.panel.now())
    reader = Reader(asked.language, asked.visitor.scope, asked.visitor.number, asked.query.country, trunks)
    return await asked.panel.ask(statistics.table, asked.query.subject, period, reader)


async def _period(asked: Asked[StatisticsQuery, Nothing]) -> Period:
    query = asked.query
    zone = await asked.panel.read(zone_of, query.tz)
    if not date(1971, 1, 1) <= query.first <= query.last <= date(2200, 1, 1):
        raise Invalid(
            field="last", problem=Text(en="must not lie before the first day", zh="结束日期不能早于开始日期")
        )
    if query.last - query.first > timedelta(days=_MOST_DAYS):
        raise Invalid(
            field="last",
            problem=Text(en="can be at most 400 days after the first", zh="时间范围不能超过 400 天"),
        )
    since = datetime.combine(query.first, time(), tzinfo=zone).astimezone(UTC)
    until = datetime.combine(query.last + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
    return Period(since, until, zone)
