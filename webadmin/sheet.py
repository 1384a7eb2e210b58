"""A table that somebody uploads, CSV or XLSX, as rows of plain text. The file is a stranger's: everything is bounded.

A CSV may come from any spreadsheet: UTF-8 with or without mark, UTF-16 with mark, or GBK; comma, semicolon or tab.
Of a workbook the first sheet is read, formulas as the value they had when it was saved.

Source: RFC 4180 (CSV), ECMA-376 part 1 §18 (XLSX), GB 18030 (a superset of GBK)
"""

import csv
import io
import itertools
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from appliance.core.errors import Refused, TooLarge
from appliance.core.text import Text

MAX_FILE_BYTES = 4 * 1024 * 1024
MAX_ROWS = 20_000
_MAX_COLUMNS = 16
_MAX_CELL = 256
_MAX_UNPACKED_BYTES = 24 * 1024 * 1024
_MAX_PARTS = 200
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = ",;\t"
# The reader of workbooks answers a damaged file with whatever its code happens to trip over.
_UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    InvalidFileException,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


class UnreadableTable(Refused):
    """The file is no table we can read. Facts: problem (Text)."""

    text = Text(en="The file cannot be read: {problem}.", zh="无法读取文件：{problem}。")

    def message(self, language: Any = "en") -> str:
        """With the problem in the reader's language."""
        return self.text.render(language, problem=self.facts["problem"].render(language))


class TooManyRows(TooLarge):
    """Facts: limit."""

    text = Text(
        en="The table has more than {limit} rows; split it.", zh="表格超过 {limit} 行，请拆分后导入。"
    )


OLD_EXCEL = Text(
    en="it is an old .xls file; save it as .xlsx or CSV", zh="这是旧版 .xls 文件，请另存为 .xlsx 或 CSV"
)
NO_WORKBOOK = Text(en="it is not an XLSX workbook", zh="不是有效的 XLSX 工作簿")
TOO_BIG_INSIDE = Text(en="it unpacks to more than is sensible for a table", zh="解压后的内容过大")
NO_TEXT = Text(
    en="its characters are neither UTF-8 nor GBK; save it as CSV UTF-8",
    zh="字符编码不是 UTF-8 或 GBK，请另存为 CSV UTF-8",
)
NO_TABLE = Text(en="it is not a table of rows and columns", zh="不是由行和列组成的表格")


class TableRow(NamedTuple):
    """One row that holds anything. `line` counts from 1 as the spreadsheet shows it; cells are stripped."""

    line: int
    cells: tuple[str, ...]


def read_table(content: bytes) -> list[TableRow]:
    """The rows of an uploaded file; its kind is told by its content, never by its name.

    Raises: UnreadableTable, TooManyRows
    """
    if content.startswith(_OLD_EXCEL):
        raise UnreadableTable(problem=OLD_EXCEL)
    rows = _workbook(content) if content.startswith(_ZIP) else _csv(content)
    return list(_bounded(rows))


def _bounded(rows: Iterable[Iterable[object]]) -> Iterator[TableRow]:
    for line, row in enumerate(rows, start=1):
        if line > MAX_ROWS:
            raise TooManyRows(what="", limit=MAX_ROWS)
        cells = tuple(_plain(cell) for cell in itertools.islice(row, _MAX_COLUMNS))
        if any(cells):
            yield TableRow(line, cells)


def _plain(cell: object) -> str:
    """A cell as a person reads it: a number typed into a spreadsheet is 1001, not 1001.0."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    return str(cell)[:_MAX_CELL].strip().lstrip("'").strip()


def _csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise UnreadableTable(problem=NO_TABLE) from error


def _decoded(content: bytes) -> str:
    marked = [encoding for mark, encoding in _MARKS if content.startswith(mark)]
    for encoding in marked or ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise UnreadableTable(problem=NO_TABLE)
        return text
    raise UnreadableTable(problem=NO_TEXT)


def _workbook(content: bytes) -> Iterator[tuple[object, ...]]:
    """Cells of the first sheet. What unpacks to more than it says is cut off there by the archive's reader."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except _UNREADABLE as error:
        raise UnreadableTable(problem=NO_WORKBOOK) from error
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED_BYTES:
        raise UnreadableTable(problem=TOO_BIG_INSIDE)
    try:
        yield from _first_sheet(content)
    except _UNREADABLE as error:
        raise UnreadableTable(problem=NO_WORKBOOK) from error


def _first_sheet(content: bytes) -> list[tuple[object, ...]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions, which say nothing of the cells
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a file says of its own size need not be true
            return list(sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=_MAX_COLUMNS, values_only=True))
        finally:
            book.close()
