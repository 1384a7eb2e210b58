"""Tables of calls: XLSX written row by row to a file, and CSV; in constant memory.

Source: ECMA-376 (SpreadsheetML, through xlsxwriter); RFC 4180 (CSV), with a byte order mark so that Excel reads UTF-8
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

import msgspec
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from appliance.core.text import Language, Text
from webadmin.export_columns import COLUMNS, TOKEN_COLUMNS, Column, Form
from webadmin.export_rows import Line
from webadmin.table_cell import harmless

MOST_ROWS = 1_000_000
"""Rows of one sheet; Excel holds 1 048 576 with the head, what is beyond goes to a further sheet."""

_ALL = {**COLUMNS, **TOKEN_COLUMNS}
_MOST_LETTERS = 32_767
_SHEET = Text(en="Calls", zh="通话")
_DAY_S = 86_400

Step = Callable[[int], None]


def write_xlsx(
    path: Path, lines: Iterator[Line], names: Sequence[str], language: Language, zone: ZoneInfo, step: Step
) -> int:
    """Write the workbook; the number of rows. `step` hears the rows so far."""
    columns = [_ALL[name] for name in names]
    options: dict[str, Any] = {
        "constant_memory": True,
        "default_date_format": "yyyy-mm-dd hh:mm:ss",
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(str(path), options)
    forms = {
        Form.MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        Form.SECONDS: book.add_format({"num_format": "[h]:mm:ss"}),
    }
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
    total, row, sheet = 0, 0, None
    for line in lines:
        if sheet is None or row > MOST_ROWS:
            _finish(sheet, row, len(columns))
            sheet, row = _sheet(book, columns, language, head), 1
        for place, column in enumerate(columns):
            value = column.value(line, language)
            if value is None or value == "":
                continue
            if column.form is Form.MOMENT and isinstance(value, datetime):
                local = value.astimezone(zone).replace(tzinfo=None)
                sheet.write_datetime(row, place, local, forms[Form.MOMENT])
            elif column.form is Form.SECONDS and isinstance(value, int | float):
                sheet.write_number(row, place, value / _DAY_S, forms[Form.SECONDS])
            elif isinstance(value, int | float):
                sheet.write_number(row, place, value)
            else:
                sheet.write_string(row, place, str(value)[:_MOST_LETTERS])
        row += 1
        total += 1
        step(total)
    if sheet is None:
        sheet = _sheet(book, columns, language, head)
    _finish(sheet, row, len(columns))
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error  # the library wraps what the disk said
    return total


def write_csv(
    path: Path, lines: Iterator[Line], names: Sequence[str], language: Language, zone: ZoneInfo, step: Step
) -> int:
    """Write the table as CSV; the number of rows."""
    total = 0
    with CsvTable(path, names, language, zone) as table:
        for line in lines:
            table.add(line)
            total += 1
            step(total)
    return total


class CsvTable:
    """A CSV file that grows line by line; `more` are values of columns of its own behind the named ones."""

    def __init__(
        self, path: Path, names: Sequence[str], language: Language, zone: ZoneInfo, more: Sequence[Text] = ()
    ) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._columns = [_ALL[name] for name in names]
        self._language = language
        self._zone = zone
        heads = [column.head.render(language) for column in self._columns]
        self._writer.writerow([*heads, *(text.render(language) for text in more)])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, line: Line, more: Sequence[str] = ()) -> None:
        """Write a line."""
        cells = [self._cell(column, line) for column in self._columns]
        self._writer.writerow([*cells, *(harmless(one) for one in more)])

    def _cell(self, column: Column, line: Line) -> str | float:
        value = column.value(line, self._language)
        if value is None:
            return ""
        if isinstance(value, datetime):
            return value.astimezone(self._zone).isoformat(sep=" ", timespec="seconds")
        return harmless(value) if isinstance(value, str) else value


def plain(line: Line) -> dict[str, Any]:
    """A call as an object for JSON."""
    found: dict[str, Any] = msgspec.to_builtins(line.row)
    summary = line.summary
    tokens = {} if line.tokens is None else dict(zip(TOKEN_COLUMNS, line.tokens, strict=True))
    return {**found, **tokens, "tags": summary.tags, "notes": summary.notes, "held": summary.held}


def stamp(at: datetime) -> int:
    """A moment as MS-DOS date and time, which ZIP keeps: two seconds fine, from 1980 on."""
    at = max(at, datetime(1980, 1, 1, tzinfo=UTC))
    date = (at.year - 1980) << 9 | at.month << 5 | at.day
    return date << 16 | at.hour << 11 | at.minute << 5 | at.second // 2


def _sheet(book: Any, columns: Sequence[Column], language: Language, head: Any) -> Any:
    number = len(book.worksheets()) + 1
    name = _SHEET.render(language)
    sheet = book.add_worksheet(name if number == 1 else f"{name} {number}")
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.head.render(language), head)
    return sheet


def _finish(sheet: Any, row: int, columns: int) -> None:
    if sheet is not None and columns:
        sheet.autofilter(0, 0, max(0, row - 1), columns - 1)
