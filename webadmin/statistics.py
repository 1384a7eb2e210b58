"""Tables of statistics: the same lines for the page's table, its chart, and the workbook with the chart in it."""

import io
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
import xlsxwriter

from appliance.core.text import Language, Text
from appliance.domain.access import Scope
from appliance.domain.quality import VERDICT_TEXT, Verdict
from appliance.store import statistics
from appliance.store.database import Database
from appliance.store.statistics import Period, Sums
from webadmin.regions import prepare, regions
from webadmin.trunk_load import TrunkLoad, loads

Cell = str | int | float


class Subject(StrEnum):
    """What is told apart."""

    EXTENSIONS = "extensions"
    PERSONS = "persons"
    DEPARTMENTS = "departments"
    HOURS = "hours"
    TRUNKS = "trunks"
    QUALITY = "quality"
    FAULTS = "faults"
    REGIONS = "regions"


class CellKind(StrEnum):
    """How a column is shown."""

    TEXT = "text"
    COUNT = "count"
    SECONDS = "seconds"
    ERLANG = "erlang"
    PERCENT = "percent"


class StatisticsColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column; `charted` are those that the chart draws."""

    key: str
    text: str
    kind: CellKind
    charted: bool = False


class StatisticsTable(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of cells in the order of the columns; '' where a number is not known.

    `loads`: hours of trunks; `load_columns` are those of a table of them: trunk, hour, mean, most at once
    """

    subject: Subject
    title: str
    columns: list[StatisticsColumn]
    rows: list[list[Cell]]
    loads: list[TrunkLoad]
    load_columns: list[StatisticsColumn]


class Trunks(NamedTuple):
    """What statistics of trunks ask beside the index: how many channels they have, and up to when there were calls."""

    channels: Mapping[str, int]
    now: datetime


class Reader(NamedTuple):
    """Who reads: the language, the scope, how numbers are shown, and where numbers without a country are at home."""

    language: Language
    scope: Scope
    shown: Callable[[str], str]
    country: str = "CN"
    trunks: Trunks | None = None


TITLES: dict[Subject, Text] = {
    Subject.EXTENSIONS: Text(en="By extension", zh="按分机"),
    Subject.PERSONS: Text(en="By user", zh="按人员"),
    Subject.DEPARTMENTS: Text(en="By department", zh="按部门"),
    Subject.HOURS: Text(en="By weekday and hour", zh="按星期与时段"),
    Subject.TRUNKS: Text(en="By trunk", zh="按中继"),
    Subject.QUALITY: Text(en="By sound quality", zh="按音质"),
    Subject.FAULTS: Text(en="By cause of bad sound", zh="按音质责任"),
    Subject.REGIONS: Text(en="Where calls went", zh="呼出地区"),
}
_WORDS: dict[str, Text] = {
    "extension": Text(en="Extension", zh="分机"),
    "name": Text(en="Name", zh="姓名"),
    "data_type": Text(en="Data type", zh="数据类型"),
    "incoming": Text(en="Incoming", zh="呼入"),
    "outgoing": Text(en="Outgoing", zh="呼出"),
    "unanswered": Text(en="Unanswered", zh="未接"),
    "recordings": Text(en="Recordings", zh="录音数"),
    "talk": Text(en="Talk time", zh="通话总时长"),
    "user": Text(en="User", zh="用户"),
    "sign_ins": Text(en="Sign-ins", zh="登录次数"),
    "plays": Text(en="Played", zh="播放次数"),
    "downloads": Text(en="Downloaded", zh="下载次数"),
    "listened": Text(en="Length of what was played", zh="播放录音总时长"),
    "department": Text(en="Department", zh="部门"),
    "weekday": Text(en="Weekday", zh="星期"),
    "trunk": Text(en="Trunk", zh="中继"),
    "grade": Text(en="Sound", zh="音质"),
    "verdict": Text(en="Cause", zh="责任"),
    "region": Text(en="Region", zh="地区"),
    "calls": Text(en="Calls", zh="通话数"),
    "answered": Text(en="Answered", zh="接通数"),
    "busiest": Text(en="Busiest hour", zh="最忙小时"),
    "traffic": Text(en="Its traffic (erlang)", zh="忙时话务量（Erl）"),
    "peak": Text(en="Most at once", zh="最大并发"),
    "channels": Text(en="Channels", zh="通道数"),
    "occupancy": Text(en="Occupancy", zh="占用率"),
    "blocked": Text(en="Blocked (Erlang B)", zh="预计呼损（Erlang B）"),
    "hour": Text(en="Hour", zh="时段"),
    "mean": Text(en="Channels in use, mean (erlang)", zh="平均占用通道（Erl）"),
    "most": Text(en="Channels in use, most at once", zh="最大占用通道"),
}
_WEEKDAYS = (
    Text(en="Monday", zh="星期一"),
    Text(en="Tuesday", zh="星期二"),
    Text(en="Wednesday", zh="星期三"),
    Text(en="Thursday", zh="星期四"),
    Text(en="Friday", zh="星期五"),
    Text(en="Saturday", zh="星期六"),
    Text(en="Sunday", zh="星期日"),
)
_GRADES: dict[str, Text] = {
    "good": Text(en="Good (4.0 and above)", zh="良好（4.0 及以上）"),
    "fair": Text(en="Fair (3.1 to 4.0)", zh="一般（3.1–4.0）"),
    "bad": Text(en="Bad (below 3.1)", zh="较差（低于 3.1）"),
    "": Text(en="Nothing heard", zh="无语音"),
}
_NO_TRUNK = Text(en="No trunk", zh="非中继")
_UNKNOWN_REGION = Text(en="Unknown", zh="未知")
_KINDS: dict[str, tuple[str, str]] = {
    Subject.TRUNKS: ("trunk", "trunk"),
    Subject.QUALITY: ("grade", "grade"),
    Subject.FAULTS: ("verdict", "verdict"),
}
_CHARTED = {"incoming", "outgoing", "plays", "calls"}


def table(database: Database, subject: Subject, period: Period, reader: Reader) -> StatisticsTable:
    """The lines of a subject in a time, as this reader may see them."""
    prepare()
    if subject in _KINDS:
        column, word = _KINDS[subject]
        lines = statistics.by_kind(database, period, column, scope=reader.scope)
        rows: list[list[Cell]] = [
            [_kind_name(subject, one.key, reader), one.calls, one.answered, one.recordings, round(one.talk_s)]
            for one in lines
        ]
        made = _made(subject, reader, (word, "calls", "answered", "recordings", "talk"), rows)
        if subject is Subject.TRUNKS and reader.trunks is not None and reader.scope.everything:
            found = loads(database, period, reader.trunks.channels, reader.trunks.now)
            return _with_loads(made, [found.get(one.key) for one in lines], reader)
        return made
    return _MAKERS[subject](database, period, reader)


def workbook(made: StatisticsTable, period_text: str) -> bytes:
    """The table as XLSX: frozen head, filters, a chart of the charted columns."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet(made.title[:31])
        bold = book.add_format({"bold": True})
        formats = {
            CellKind.SECONDS: (1 / 86_400, book.add_format({"num_format": "[h]:mm:ss"})),
            CellKind.ERLANG: (1, book.add_format({"num_format": "0.00"})),
            CellKind.PERCENT: (0.01, book.add_format({"num_format": "0.00%"})),
        }
        sheet.write(0, 0, f"{made.title} {period_text}", bold)
        for place, column in enumerate(made.columns):
            sheet.write(2, place, column.text, bold)
        for line, row in enumerate(made.rows, start=3):
            for place, (cell, column) in enumerate(zip(row, made.columns, strict=True)):
                if isinstance(cell, str):
                    sheet.write_string(line, place, cell)
                else:
                    factor, form = formats.get(column.kind, (1, None))
                    sheet.write_number(line, place, cell * factor, form)
        last = max(3, 2 + len(made.rows))
        sheet.autofilter(2, 0, last, len(made.columns) - 1)
        sheet.freeze_panes(3, 1)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, len(made.columns) - 1, 14)
        chart = book.add_chart({"type": "bar" if made.subject is Subject.REGIONS else "column"})
        shown = min(last, 2 + 30)
        for place, column in enumerate(made.columns):
            if column.charted:
                chart.add_series(
                    {
                        "name": [sheet.name, 2, place],
                        "categories": [sheet.name, 3, 0, shown, 0],
                        "values": [sheet.name, 3, place, shown, place],
                    }
                )
        chart.set_title({"name": made.title})
        chart.set_size({"width": 720, "height": 380})
        sheet.insert_chart(2, len(made.columns) + 1, chart)
        if made.loads:
            _hours_sheet(book, made, bold)
    return content.getvalue()


def _hours_sheet(book: xlsxwriter.Workbook, made: StatisticsTable, bold: Any) -> None:
    """A second sheet: each trunk's hours of the day, with a plot of them."""
    sheet = book.add_worksheet(made.load_columns[1].text)
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, len(made.load_columns) - 1, 24)
    for place, column in enumerate(made.load_columns):
        sheet.write(0, place, column.text, bold)
    for place, load in enumerate(made.loads):
        first = 1 + 24 * place
        for line, one in enumerate(load.hours, start=first):
            sheet.write_string(line, 0, load.trunk)
            sheet.write_row(line, 1, (one.hour, one.mean, one.peak))
        chart = book.add_chart({"type": "line"})
        for drawn in (2, 3):
            chart.add_series(
                {
                    "name": [sheet.name, 0, drawn],
                    "categories": [sheet.name, first, 1, first + 23, 1],
                    "values": [sheet.name, first, drawn, first + 23, drawn],
                }
            )
        chart.set_title({"name": load.trunk})
        sheet.insert_chart(first, 5, chart)


def _extensions(database: Database, period: Period, reader: Reader) -> StatisticsTable:
    rows: list[list[Cell]] = [
        [reader.shown(entry.number), entry.name, entry.kind.value if entry.kind else "ip", *_cells(sums)]
        for entry, sums in statistics.by_extension(database, period, scope=reader.scope)
    ]
    return _made(
        Subject.EXTENSIONS,
        reader,
        ("extension", "name", "data_type", "incoming", "outgoing", "unanswered", "recordings", "talk"),
        rows,
    )


def _departments(database: Database, period: Period, reader: Reader) -> StatisticsTable:
    rows: list[list[Cell]] = [
        [one.name, *_cells(one.sums), one.plays, one.downloads, round(one.listened_s)]
        for one in statistics.by_department(database, period, scope=reader.scope)
    ]
    words = (
        "department",
        "incoming",
        "outgoing",
        "unanswered",
        "recordings",
        "talk",
        "plays",
        "downloads",
        "listened",
    )
    return _made(Subject.DEPARTMENTS, reader, words, rows)


def _persons(database: Database, period: Period, reader: Reader) -> StatisticsTable:
    rows: list[list[Cell]] = [
        [one.name, one.real_name, one.sign_ins, one.plays, one.downloads, round(one.listened_s)]
        for one in statistics.by_person(database, period, scope=reader.scope)
    ]
    return _made(
        Subject.PERSONS, reader, ("user", "name", "sign_ins", "plays", "downloads", "listened"), rows
    )


def _hours(database: Database, period: Period, reader: Reader) -> StatisticsTable:
    grid = statistics.by_hour(database, period, scope=reader.scope)
    rows: list[list[Cell]] = [
        [day.render(reader.language), *hours] for day, hours in zip(_WEEKDAYS, grid, strict=True)
    ]
    columns = [
        StatisticsColumn(key="weekday", text=_WORDS["weekday"].render(reader.language), kind=CellKind.TEXT)
    ]
    columns += [
        StatisticsColumn(key=f"h{hour}", text=f"{hour}:00", kind=CellKind.COUNT, charted=True)
        for hour in range(24)
    ]
    return StatisticsTable(
        subject=Subject.HOURS,
        title=TITLES[Subject.HOURS].render(reader.language),
        columns=columns,
        rows=rows,
        loads=[],
        load_columns=[],
    )


def _regions(database: Database, period: Period, reader: Reader) -> StatisticsTable:
    found: dict[str, tuple[int, float]] = {}
    region = regions(reader.language, reader.country).of
    for number, calls, talk_s in statistics.destinations(database, period, scope=reader.scope):
        name = region(number) or _UNKNOWN_REGION.render(reader.language)
        before = found.get(name, (0, 0.0))
        found[name] = (before[0] + calls, before[1] + talk_s)
    rows: list[list[Cell]] = [
        [name, calls, round(talk_s)]
        for name, (calls, talk_s) in sorted(found.items(), key=lambda one: (-one[1][0], one[0]))
    ]
    return _made(Subject.REGIONS, reader, ("region", "calls", "talk"), rows)


_MAKERS: dict[Subject, Callable[[Database, Period, Reader], StatisticsTable]] = {
    Subject.EXTENSIONS: _extensions,
    Subject.DEPARTMENTS: _departments,
    Subject.PERSONS: _persons,
    Subject.HOURS: _hours,
    Subject.REGIONS: _regions,
}


def _cells(sums: Sums) -> list[Cell]:
    return [sums.incoming, sums.outgoing, sums.unanswered, sums.recordings, round(sums.talk_s)]


def _kind_name(subject: Subject, key: str, reader: Reader) -> str:
    if subject is Subject.TRUNKS:
        return key or _NO_TRUNK.render(reader.language)
    if subject is Subject.QUALITY:
        return _GRADES[key].render(reader.language)
    return VERDICT_TEXT[Verdict(key)].render(reader.language) if key else _GRADES[""].render(reader.language)


def _with_loads(made: StatisticsTable, found: Sequence[TrunkLoad | None], reader: Reader) -> StatisticsTable:
    """Beside the sums of each trunk how full it was."""
    words = ("busiest", "traffic", "peak", "channels", "occupancy", "blocked")
    return msgspec.structs.replace(
        made,
        columns=[*made.columns, *_columns(words, reader)],
        rows=[row + _load_cells(load) for row, load in zip(made.rows, found, strict=True)],
        loads=[load for load in found if load is not None],
        load_columns=_columns(("trunk", "hour", "mean", "most"), reader),
    )


def _load_cells(load: TrunkLoad | None) -> list[Cell]:
    if load is None:
        return [""] * 6
    busiest = load.busiest
    maybe = (load.channels, busiest.occupancy_percent, busiest.blocked_percent)
    return [
        f"{busiest.at:%Y-%m-%d %H:%M}",
        busiest.traffic,
        busiest.peak,
        *("" if cell is None else cell for cell in maybe),
    ]


_CELL_KINDS = dict.fromkeys(
    (
        *("extension", "name", "data_type", "user", "department", "trunk", "grade", "verdict", "region"),
        "busiest",
    ),
    CellKind.TEXT,
) | {
    "talk": CellKind.SECONDS,
    "listened": CellKind.SECONDS,
    "traffic": CellKind.ERLANG,
    "mean": CellKind.ERLANG,
    "occupancy": CellKind.PERCENT,
    "blocked": CellKind.PERCENT,
}


def _columns(words: Sequence[str], reader: Reader) -> list[StatisticsColumn]:
    return [
        StatisticsColumn(
            key=word,
            text=_WORDS[word].render(reader.language),
            kind=_CELL_KINDS.get(word, CellKind.COUNT),
            charted=word in _CHARTED,
        )
        for word in words
    ]


def _made(subject: Subject, reader: Reader, words: Sequence[str], rows: list[list[Cell]]) -> StatisticsTable:
    return StatisticsTable(
        subject=subject,
        title=TITLES[subject].render(reader.language),
        columns=_columns(words, reader),
        rows=rows,
        loads=[],
        load_columns=[],
    )


def total(made: StatisticsTable, key: str) -> float:
    """The sum of a column."""
    place = next(place for place, column in enumerate(made.columns) if column.key == key)
    return math.fsum(cell for row in made.rows if not isinstance(cell := row[place], str))
