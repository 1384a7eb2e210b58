"""Uploaded tables: what spreadsheets write is read alike, what is no table is refused with its reason."""

import contextlib
import io
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webadmin.sheet import MAX_ROWS, TooManyRows, UnreadableTable, read_table

WANTED = [("分机", "通道"), ("1001", "1"), ("+4930123", "2")]


def cells(content):
    return [tuple(cell for cell in row.cells if cell) for row in read_table(content)]


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def with_sheet(sheet, **others):
    """A real workbook whose first sheet is replaced by these bytes."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([[1]]))) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.infolist():
            content = source.read(part)
            target.writestr(part.filename, sheet if part.filename.endswith("sheet1.xml") else content)
        for name, content in others.items():
            target.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_csv_of_any_spreadsheet_is_read(encoding, delimiter, end):
    text = end.join(delimiter.join(row) for row in WANTED) + end
    assert cells(text.encode(encoding)) == WANTED


def test_a_workbook_is_read_with_numbers_as_people_see_them():
    assert cells(workbook([["分机", "通道"], [1001, 1.0], ["+4930123", "2"]])) == WANTED


def test_lines_are_counted_as_the_spreadsheet_shows_them():
    assert [row.line for row in read_table(b"a,1\n\n\nb,2\n")] == [1, 4]
    assert [row.line for row in read_table(workbook([["a"], [], ["b"]]))] == [1, 3]


def test_a_formula_of_a_workbook_is_never_taken_for_its_value():
    assert cells(workbook([["=1+1000", 1]])) == [("1",)]


def test_an_apostrophe_that_only_tells_the_spreadsheet_it_is_text_is_dropped():
    assert cells(b"'0123,1\n") == [("0123", "1")]


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfeA",
        b"\x81\xff\xff,1\n",
        b"1001\x00,1\n",
        b'"' + b"x" * 200_000,
        b"PK\x03\x04" + b"\0" * 100,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        workbook(WANTED)[:-400],
        with_sheet(b""),
        with_sheet(b"<worksheet>"),
        with_sheet(b"\xff" * 100),
    ],
    ids=["half utf-16", "no encoding", "nul", "cell without end", "empty zip", "xls", "cut", "empty", "open", "binary"],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_both_languages(content):
    with pytest.raises(UnreadableTable) as caught:
        read_table(content)
    assert caught.value.message("en") != caught.value.message("zh")


def test_a_table_of_a_hundred_thousand_rows_is_refused_before_it_is_held():
    for content in (b"1001,1\n" * 100_000, workbook([[1001, 1]] * (MAX_ROWS + 5))):
        with pytest.raises(TooManyRows):
            read_table(content)


def test_a_sparse_sheet_does_not_unfold():
    book = openpyxl.Workbook()
    book.active["A1"] = 1001
    book.active["XFD1048576"] = 1
    written = io.BytesIO()
    book.save(written)
    with pytest.raises(TooManyRows):
        read_table(written.getvalue())


def test_an_archive_that_unpacks_to_gigabytes_is_refused_unread():
    with pytest.raises(UnreadableTable):
        read_table(with_sheet(b" " * 30_000_000))
    with pytest.raises(UnreadableTable):
        read_table(with_sheet(b"", **{f"part{n}": b"" for n in range(300)}))


def test_entities_that_multiply_are_refused():
    entities = b'<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12)
    )
    cell = b'<row r="1"><c r="A1" t="str"><v>&m;</v></c></row>'
    with pytest.raises(UnreadableTable):
        read_table(
            with_sheet(
                b"<!DOCTYPE x [" + entities + b"]>"
                b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
                + cell
                + b"</sheetData></worksheet>"
            )
        )


WHOLE = workbook(WANTED)


@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=8),
    st.binary(max_size=200),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
def test_any_bytes_are_a_table_or_a_refusal(changes, noise):
    damaged = bytearray(WHOLE)
    for at, value in changes:
        damaged[at] = value
    for content in (bytes(damaged), noise, b"PK\x03\x04" + noise):
        with contextlib.suppress(UnreadableTable, TooManyRows):
            read_table(content)
