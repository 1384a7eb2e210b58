"""The directory as a table, with the headings that an import understands: what was exported can be taken again."""

import csv
import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter

from appliance.core.text import Language, Text
from appliance.store import contacts, departments
from appliance.store.contacts import Wanted
from appliance.store.database import Database
from appliance.store.directory import LINE_KIND_TEXT, Entry
from webadmin.contact_plan import Book
from webadmin.table_cell import harmless

HEADS: tuple[tuple[Text, int], ...] = (
    (Text(en="Number", zh="号码"), 18),
    (Text(en="Name", zh="姓名"), 20),
    (Text(en="Company", zh="单位"), 24),
    (Text(en="Department", zh="部门"), 28),
    (Text(en="Type", zh="类型"), 14),
    (Text(en="Note", zh="备注"), 40),
)
_SHEET = Text(en="Contacts", zh="通讯录")


def csv_of(database: Database, wanted: Wanted, language: Language) -> bytes:
    """The matching entries as CSV, with a byte order mark so that Excel reads UTF-8.

    Source: RFC 4180
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([head.render(language) for head, _ in HEADS])
    try:
        book = Book(departments.paths(database))
        for entry in contacts.walk(database, wanted):
            writer.writerow([harmless(cell) for cell in _cells(entry, book, language)])
    finally:
        database.close()
    return text.getvalue().encode("utf-8-sig")


def xlsx_of(database: Database, wanted: Wanted, language: Language) -> bytes:
    """The matching entries as a workbook: frozen head, filters.

    Source: ECMA-376 (SpreadsheetML, through xlsxwriter)
    """
    file = io.BytesIO()
    options: dict[str, Any] = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    try:
        book = Book(departments.paths(database))
        with xlsxwriter.Workbook(file, options) as workbook:
            sheet = workbook.add_worksheet(_SHEET.render(language))
            bold = workbook.add_format({"bold": True})
            sheet.freeze_panes(1, 0)
            for column, (head, width) in enumerate(HEADS):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, head.render(language), bold)
            line = _write(sheet, contacts.walk(database, wanted), book, language)
            sheet.autofilter(0, 0, line, len(HEADS) - 1)
    finally:
        database.close()
    return file.getvalue()


def _write(sheet: Any, entries: Iterable[Entry], book: Book, language: Language) -> int:
    line = 0
    for line, entry in enumerate(entries, start=1):
        for column, cell in enumerate(_cells(entry, book, language)):
            sheet.write_string(line, column, cell)
    return line


def _cells(entry: Entry, book: Book, language: Language) -> tuple[str, ...]:
    kind = LINE_KIND_TEXT[entry.kind].render(language) if entry.kind else ""
    return entry.number, entry.name, entry.company, book.path(entry.department_id), kind, entry.note
