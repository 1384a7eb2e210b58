"""The child process that prepares one export: its own memory, its own interpreter, so that nobody's page waits.

`python -m webadmin.export_child FD`: receives an `Order`, tells `Progress` while it works and `Prepared` or `Failed`
at the end. What it leaves is in the order's folder: a table, or the list of an archive's files with the index of calls.
"""

import resource
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from appliance.core.errors import BadBundle, TooLarge
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.media.convert import convert_file
from appliance.media.encoders import make
from appliance.settings import paths
from appliance.settings.archive import Format
from appliance.store import calls as ledger
from appliance.store.database import Database
from appliance.store.row import number_key
from appliance.system.token_key import tokens as tokens_of
from webadmin import export_record
from webadmin.child_work import Teller, work
from webadmin.export_columns import TOKEN_COLUMNS, USUAL
from webadmin.export_names import Names, name_of
from webadmin.export_order import (
    ENTRIES_FILE,
    INDEX_CSV,
    INDEX_JSON,
    TABLE_FILE,
    Entry,
    Kind,
    Order,
    Prepared,
    Progress,
)
from webadmin.export_rows import Line, count, lines
from webadmin.export_table import CsvTable, plain, stamp, write_csv, write_xlsx
from webadmin.visitor import Visitor

_INDEX_COLUMNS = (*USUAL, "length", "sip_call_id")
_NAME = Text(en="Name in the archive", zh="压缩包内文件名")
_ABSENT = Text(en="the file is missing", zh="文件缺失")
_UNREADABLE = Text(
    en="the file could not be converted; save it as it was recorded", zh="无法转换，请下载原始格式"
)

_encoder = msgspec.json.Encoder()


def main() -> None:
    """Prepare what is ordered."""
    work(Order, prepare)


def prepare(order: Order, teller: Teller) -> Prepared:
    """Do the work.

    Raises: Later from the index, BadBundle, OSError
    """

    def told(done: int, size: int = 0) -> None:
        teller(Progress(done=done, total=total, size=size))

    database = Database(Layout(Path(order.data)).index)
    try:
        total = count(database, order)
        shown = _showing(order)
        if order.kind is Kind.ZIP:
            done, missing = _archive(order, database, shown, told)
        else:
            write = write_xlsx if order.kind is Kind.XLSX else write_csv
            path = Path(order.folder) / TABLE_FILE
            names = [*(order.columns or USUAL), *_token_columns(order)]
            is_as_it_comes_out = order.kind is Kind.CSV  # a workbook is packed at the end

            def step(done: int) -> None:
                told(done, path.stat().st_size if is_as_it_comes_out else 0)

            rows = map(shown, lines(database, order))
            done = write(path, rows, names, order.language, ZoneInfo(order.tz), step)
            missing = 0
    finally:
        database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    prepared = Prepared(calls=done, missing=missing, peak_rss_kib=peak)
    export_record.finish(Path(order.folder), prepared)
    return prepared


def _archive(
    order: Order, database: Database, showing: Callable[[Line], Line], told: Callable[[int, int], None]
) -> tuple[int, int]:
    """List the recordings, converted ones made first, and write the index that goes with them."""
    folder, zone, names = Path(order.folder), ZoneInfo(order.tz), Names()
    columns = (*_INDEX_COLUMNS, *_token_columns(order))
    find: Callable[[Line], Path | Text] = partial(_original, order)
    if order.format:
        find = partial(_converted, database, order)
    done = missing = size = 0
    with (
        (folder / ENTRIES_FILE).open("wb") as listing,
        CsvTable(folder / INDEX_CSV, columns, order.language, zone, (_NAME,)) as table,
        (folder / INDEX_JSON).open("wb") as objects,
    ):
        objects.write(b"[")
        for line in _recorded(lines(database, order)):
            shown = showing(line)
            path, name = find(line), ""
            if isinstance(path, Text):
                missing += 1
            else:
                stem = name_of(shown.row, order.template, zone, order.language)
                name = names.once(stem, path.suffix)
                local = line.row.started_at.astimezone(zone)
                entry = Entry(name, str(path), path.stat().st_size, stamp(local))
                listing.write(_encoder.encode(entry) + b"\n")
                size += entry.size
            table.add(shown, (path.render(order.language) if isinstance(path, Text) else name,))
            comma = b",\n" if done else b"\n"
            objects.write(comma + _encoder.encode({**plain(shown), "name": name}))
            done += 1
            told(done, size)
        objects.write(b"\n]\n")
    with (folder / ENTRIES_FILE).open("ab") as listing:
        for name in (INDEX_CSV, INDEX_JSON):
            path = folder / name
            now = stamp(datetime.now(zone))
            listing.write(_encoder.encode(Entry(name, str(path), path.stat().st_size, now)) + b"\n")
    return done, missing


def _showing(order: Order) -> Callable[[Line], Line]:
    """What makes of a call what the export's owner may see of it.

    The key of the tokens comes from its own file, so it passes no message and stands in no order. Raises: OSError
    """
    visitor = Visitor("", order.person)
    made = tokens_of(Layout(Path(order.data))) if visitor.is_masked else None

    def shown(line: Line) -> Line:
        row, summary = line.row, line.summary
        tokens = None
        if made is not None:
            tokens = made.of(number_key(row.caller.number)), made.of(number_key(row.callee.number))
        return Line(visitor.row(row), summary._replace(tags=visitor.tags(summary.tags)), tokens)

    return shown


def _token_columns(order: Order) -> tuple[str, ...]:
    return tuple(TOKEN_COLUMNS) if Visitor("", order.person).is_masked else ()


def _recorded(found: Iterator[Line]) -> Iterator[Line]:
    return (line for line in found if line.row.recorded)


def _original(order: Order, line: Line) -> Path | Text:
    return paths.find(Layout(Path(order.data)), order.paths, line.row.file) or _ABSENT


def _converted(database: Database, order: Order, line: Line) -> Path | Text:
    """The new file, or why there is none: one that is damaged keeps nobody from the others."""
    path = _original(order, line)
    if isinstance(path, Text) or order.format == line.row.format:
        return path
    record = ledger.get(database, line.row.call_id, scope=order.person.scope)
    if record is None or record.recording is None:
        return _ABSENT
    target: Format = msgspec.convert({"kind": order.format}, Format)
    output = Path(order.folder) / f"{line.row.call_id}{make(target).suffix}"
    try:
        convert_file(
            path,
            target,
            output,
            sample_rate_hz=record.recording.sample_rate_hz,
            length_s=record.recording.length_s,
        )
    except (BadBundle, TooLarge):
        output.unlink(missing_ok=True)
        return _UNREADABLE
    return output


if __name__ == "__main__":
    main()
