"""The operation log: rows that are only ever added, each sealed with the hash of itself and of the row before it.

Whoever changes or removes a row breaks the chain at that row; whoever cuts off its end contradicts the anchor, the
id and hash of the newest row, which is kept in a file of its own and told to the system's journal.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from appliance.core.errors import Invalid, Refused
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.domain.operation import Kind, Result
from appliance.store.database import Database
from appliance.store.row import from_us, to_us

START = b"\0" * 32
"""The hash that the first row is sealed upon."""

MAX_TEXT = 400
_DAY_US = 86_400_000_000
_SHORTEST = 3
_LOOKED_BACK = 2000
"""Rows; an attack that logs more in ten minutes is one by the first of them."""

_SHORTEST_WIDE = 2


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One operation that is to be logged.

    Shape: parameters a JSON object without secrets; error '' or a JSON object {code, en, zh}
    """

    at: datetime
    user: str
    address: str
    system: str
    browser: str
    module: str
    operation: str
    kind: Kind
    result: Result
    parameters: str = "{}"
    error: str = ""


class Logged(NamedTuple):
    """One row of the log."""

    id: int
    entry: Entry
    hash: bytes


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The newest row: what an anchor remembers. Shape: hash in hexadecimal."""

    id: int
    hash: str


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What to look for; '' and None leave a filter out. `text` is looked for within parameters, errors and names."""

    since: datetime | None = None
    until: datetime | None = None
    user: str = ""
    address: str = ""
    module: str = ""
    operation: str = ""
    kind: str = ""
    result: str = ""
    text: str = ""


class Broken(NamedTuple):
    """The first row that is not as it was written. `what`: changed | removed | truncated | replaced."""

    id: int
    what: str


class Checked(NamedTuple):
    """How far the chain was followed: rows up to `to_id`, the newest being `last_id`."""

    to_id: int
    last_id: int
    hash: bytes
    broken: Broken | None


class Anchors(msgspec.Struct, kw_only=True):
    """The newest row as it was last written, and earlier ones that the log once contradicted."""

    newest: Head
    kept: list[Head] = []


class BadAnchor(Refused):
    """Facts: given."""

    text = Text(
        en="{given} is no anchor; it is written ROW:HASH, as in the journal.",
        zh="{given} 不是有效的锚点；格式为 行号:校验值，与系统日志一致。",
    )


def load_anchors(layout: Layout) -> Anchors | None:
    """What the file says, None when there is none. A damaged file is a contradiction that every check will tell."""
    try:
        return msgspec.json.decode(layout.operations_anchor.read_bytes(), type=Anchors)
    except FileNotFoundError:
        return None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Anchors(newest=Head(id=0, hash=START.hex()), kept=[Head(id=0, hash="")])


_COLUMNS = "id, at_us, user, address, system, browser, module, operation, kind, result, parameters, error"


def append(database: Database, entries: Sequence[Entry]) -> Head:
    """Seal and add these rows in one transaction; their order is the log's.

    Raises: Busy, Full, Unreachable (nothing was added)
    """
    with database.write():
        last, sealed = _newest(database)
        days: dict[int, list[int]] = {}
        for entry in entries:
            last += 1
            row = (last, *_values(entry))
            sealed = seal(sealed, row)
            database.execute(
                f"INSERT INTO operations ({_COLUMNS}, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - constant
                (*row, sealed),
            )
            database.execute(
                "INSERT INTO operation_tokens (rowid, tokens) VALUES (?, ?)", (last, " ".join(_tokens(entry)))
            )
            days.setdefault(row[1] // _DAY_US, []).append(last)
        for day, ids in days.items():
            database.execute(
                "INSERT INTO operation_days (day, first_id, last_id, operations) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (day) DO UPDATE SET last_id = excluded.last_id, operations = operations + excluded.operations",
                (day, ids[0], ids[-1], len(ids)),
            )
        return Head(id=last, hash=sealed.hex())


def seal(before: bytes, row: Sequence[Any]) -> bytes:
    """The hash of a row (in the order of the columns, id first) upon the hash of the row before it."""
    return hashlib.sha256(before + msgspec.json.encode(list(row))).digest()


def head(database: Database) -> Head:
    """The newest row; id 0 for an empty log."""
    last, sealed = _newest(database)
    return Head(id=last, hash=sealed.hex())


def holds(database: Database, anchor: Head) -> bool:
    """Whether the row that an anchor remembers is still there as it was."""
    if anchor.id == 0:
        return anchor.hash == START.hex()
    rows = database.execute("SELECT hash FROM operations WHERE id = ?", (anchor.id,))
    return bool(rows) and bytes(rows[0][0]).hex() == anchor.hash


def find(database: Database, wanted: Wanted, *, before: int | None = None, limit: int = 50) -> list[Logged]:
    """Rows that fit, newest first, with ids below `before`.

    Raises: Invalid for a text too short to be looked for
    """
    match = _match(wanted)
    first, last = _bounds(database, wanted)
    if before is not None:
        last = min(last, before - 1)
    values: list[Any] = []
    columns = ", ".join(f"o.{name}" for name in _COLUMNS.split(", "))
    if match:
        source = "operation_tokens t CROSS JOIN operations o ON o.id = t.rowid"
        conditions = ["operation_tokens MATCH ?", "t.rowid BETWEEN ? AND ?"]
        values += [match, first, last]
        order = "t.rowid"
    else:
        source, conditions, order = "operations o", ["o.id BETWEEN ? AND ?"], "o.id"
        values += [first, last]
    for name in ("user", "address", "module", "operation", "kind", "result"):
        given = getattr(wanted, name)
        if given and name != "user":
            conditions.append(f"o.{name} = ?")
            values.append(given)
    if wanted.since is not None:
        conditions.append("o.at_us >= ?")
        values.append(to_us(wanted.since))
    if wanted.until is not None:
        conditions.append("o.at_us < ?")
        values.append(to_us(wanted.until))
    statement = (
        f"SELECT {columns}, o.hash FROM {source} WHERE {' AND '.join(conditions)} ORDER BY {order} DESC"  # noqa: S608 - constants
    )
    found: list[Logged] = []
    # What the tokens promise is looked up in the row itself: pieces of a text may stand apart in it.
    step = limit if not wanted.text else limit * 4
    while len(found) < limit:
        rows = database.execute(f"{statement} LIMIT {step}", tuple(values))
        found += [one for one in map(_logged, rows) if _fits(one.entry, wanted)]
        if len(rows) < step:
            break
        values[2 if match else 1] = rows[-1][0] - 1
    return found[:limit]


def refused_sign_ins(database: Database, since: datetime) -> dict[str, int]:
    """How often a sign-in was refused since then, by the address it came from."""
    statement = (
        "SELECT address, count(*) FROM (SELECT address, kind, result, at_us FROM operations ORDER BY id DESC LIMIT ?) "
        "WHERE at_us >= ? AND kind = ? AND result = ? GROUP BY address"
    )
    rows = database.execute(statement, (_LOOKED_BACK, to_us(since), Kind.SIGN_IN, Result.REFUSED))
    return {address: int(count) for address, count in rows}


def after(database: Database, last: int, limit: int) -> list[Logged]:
    """The rows that follow this one, oldest first."""
    statement = f"SELECT {_COLUMNS}, hash FROM operations WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608 - constant
    return [_logged(row) for row in database.execute(statement, (last, limit))]


def each(database: Database, wanted: Wanted, most: int) -> Iterator[list[Logged]]:
    """All rows that fit, newest first, in pieces: memory stays the same however many they are."""
    before: int | None = None
    while most > 0:
        rows = find(database, wanted, before=before, limit=min(1000, most))
        if not rows:
            return
        yield rows
        most -= len(rows)
        before = rows[-1].id


def check(database: Database, after_id: int, rows: int, anchors: Sequence[Head] = ()) -> Checked:
    """Follow the chain over at most so many rows behind row `after_id`, which was checked before."""
    remembered = {anchor.id: anchor.hash for anchor in anchors if anchor.id > after_id}
    with database.read():
        newest, _ = _newest(database)
        sealed = START
        if after_id > 0:
            start = database.execute("SELECT hash FROM operations WHERE id = ?", (after_id,))
            if not start:
                return Checked(after_id, newest, START, Broken(after_id, "removed"))
            sealed = bytes(start[0][0])
        statement = f"SELECT {_COLUMNS}, hash FROM operations WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608 - constant
        expected = after_id
        for row in database.execute(statement, (after_id, rows)):
            expected += 1
            if row[0] != expected:
                return Checked(expected - 1, newest, sealed, Broken(expected, "removed"))
            sealed = seal(sealed, row[:-1])
            if sealed != bytes(row[-1]):
                return Checked(expected - 1, newest, sealed, Broken(expected, "changed"))
            if remembered.get(expected, sealed.hex()) != sealed.hex():
                return Checked(expected - 1, newest, sealed, Broken(expected, "replaced"))
        if expected >= newest and any(anchor.id > newest or not anchor.hash for anchor in anchors):
            return Checked(newest, newest, sealed, Broken(newest + 1, "truncated"))
        return Checked(expected, newest, sealed, None)


def names(database: Database) -> list[str]:
    """Everybody who stands in the newest rows, for a filter to offer."""
    newest, _ = _newest(database)
    statement = "SELECT DISTINCT user FROM operations WHERE id > ? ORDER BY user"
    return [row[0] for row in database.execute(statement, (newest - 5000,)) if row[0]]


def _newest(database: Database) -> tuple[int, bytes]:
    rows = database.execute("SELECT id, hash FROM operations ORDER BY id DESC LIMIT 1", ())
    return (rows[0][0], bytes(rows[0][1])) if rows else (0, START)


def _bounds(database: Database, wanted: Wanted) -> tuple[int, int]:
    """Ids between which every row of the wanted days lies."""
    newest, _ = _newest(database)
    if wanted.since is None and wanted.until is None:
        return 1, newest
    since = -(1 << 40) if wanted.since is None else to_us(wanted.since) // _DAY_US
    until = 1 << 40 if wanted.until is None else to_us(wanted.until) // _DAY_US
    rows = database.execute(
        "SELECT min(first_id), max(last_id) FROM operation_days WHERE day BETWEEN ? AND ?", (since, until)
    )
    first, last = rows[0]
    return (1, 0) if first is None else (first, last)


def _match(wanted: Wanted) -> str:
    tokens = [
        _word(name, folded(given) if name == "user" else given)
        for name in ("user", "address", "module", "operation", "kind", "result")
        if (given := getattr(wanted, name))
    ]
    if wanted.text.strip():
        pieces = _pieces(folded(wanted.text.strip()))
        if not pieces:
            raise Invalid(
                field="text",
                problem=Text(
                    en="needs three letters or digits, or two Chinese characters",
                    zh="至少需要三个字母或数字，或两个汉字",
                ),
            )
        tokens += sorted(pieces)[:40]
    return " AND ".join(tokens)


def _fits(entry: Entry, wanted: Wanted) -> bool:
    if wanted.user and folded(entry.user) != folded(wanted.user):
        return False
    return not wanted.text.strip() or folded(wanted.text.strip()) in _text(entry)


def _tokens(entry: Entry) -> Iterable[str]:
    for name in ("user", "address", "module", "operation", "kind", "result"):
        if given := str(getattr(entry, name)):
            yield _word(name, folded(given) if name == "user" else given)
    yield from sorted(_pieces(_text(entry)))


def _word(name: str, value: str) -> str:
    """A token no text can be mistaken for: letters beyond those of hexadecimal."""
    return f"z{name}z{hashlib.sha256(value.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _pieces(text: str) -> set[str]:
    """Pieces of three signs, of two where the writing has no blanks between words."""
    pieces = set()
    for start in range(len(text) - 1):
        width = _SHORTEST_WIDE if ord(text[start]) > 0x2E7F and ord(text[start + 1]) > 0x2E7F else _SHORTEST
        piece = text[start : start + width]
        if len(piece) == width and not any(sign.isspace() for sign in piece):
            pieces.add("x" + piece.encode("utf-8", "replace").hex())
    return pieces


def _text(entry: Entry) -> str:
    """What a text is looked for in."""
    return folded("\n".join((entry.user, entry.address, entry.parameters[:MAX_TEXT], entry.error[:MAX_TEXT])))


def folded(text: str) -> str:
    """The form in which texts and names are compared."""
    return unicodedata.normalize("NFKC", text).casefold()


def _values(entry: Entry) -> tuple[Any, ...]:
    return (
        to_us(entry.at),
        entry.user,
        entry.address,
        entry.system,
        entry.browser,
        entry.module,
        entry.operation,
        entry.kind.value,
        entry.result.value,
        entry.parameters,
        entry.error,
    )


def _logged(row: Sequence[Any]) -> Logged:
    at_us, user, address, system, browser, module, operation, kind, result, parameters, error = row[1:12]
    entry = Entry(
        at=from_us(at_us),
        user=user,
        address=address,
        system=system,
        browser=browser,
        module=module,
        operation=operation,
        kind=Kind(kind),
        result=Result(result),
        parameters=parameters,
        error=error,
    )
    return Logged(row[0], entry, bytes(row[12]))
