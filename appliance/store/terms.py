"""A filter put into the terms of the index: a time, kinds, sets of numbers, and the few things that need the row.

Numbers stand in a table of their own, each once: what is asked of numbers is answered there first, by the index, the
index of reversed numbers, the trigram index or the directory. A set that is too large to be written out stays a
condition on the number itself.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from appliance.domain.access import (
    MASK,
    SHOWN_AFTER,
    SHOWN_BEFORE,
    WHOLE_UP_TO,
    Scope,
    masked,
    masked_within,
)
from appliance.domain.call import Direction
from appliance.domain.ledger import Mark, Reason
from appliance.store import directory
from appliance.store.database import Database
from appliance.store.kinds import CODECS, FAIR_FROM, GOOD_FROM, OTHER_CODEC, known_codec
from appliance.store.row import LAST_CHARACTER, number_key, to_us
from appliance.store.scope import conversation
from appliance.store.wanted import CallFilter, CallType, Match, Sort

FEW_NUMBERS = 2000
TRIGRAM = 3
_NO_CONVERSATION = "-"  # no call id
_BOTH = ("caller_key", "callee_key")

_ENDS = f"min(length(number) - {len(MASK)}, {SHOWN_BEFORE + SHOWN_AFTER})"
_SHOWN = (
    f"CASE WHEN length(number) > {WHOLE_UP_TO} "
    f"THEN substr(number, 1, {_ENDS} / 2) || '{MASK}' || substr(number, ({_ENDS} / 2) - {_ENDS}) "
    f"WHEN number GLOB '*[^0-9*#]*' THEN '{MASK}' || substr(number, -1) ELSE number END"
)
"""As `appliance.domain.access.masked`; a property test holds them together."""

_encoder = msgspec.json.Encoder()


class Clause(NamedTuple):
    """A condition on a row of `calls` and the values of its places."""

    sql: str
    values: tuple[Any, ...] = ()


class Party(NamedTuple):
    """One of these columns holds one of these numbers. `keys` is None when they are too many to write out."""

    columns: tuple[str, ...]
    keys: tuple[int, ...] | None
    among_many: Clause = Clause("1")

    def clause(self) -> Clause:
        """As a condition on the row."""
        if self.keys is None:
            parts = [self.among_many.sql.format(column=column) for column in self.columns]
            return Clause(f"({' OR '.join(parts)})", self.among_many.values * len(parts))
        keys = json_of(self.keys)
        parts = [f"{column} IN (SELECT value FROM json_each(?))" for column in self.columns]  # noqa: S608
        return Clause(f"({' OR '.join(parts)})", (keys,) * len(parts))


class Terms(NamedTuple):
    """What is asked. `kinds` is None when all will do; `rest` needs more than the covering indexes hold.

    `found_by`: conditions that an index of their own finds few rows by, each with the name of that index.
    `unreviewed_by`: the person who has not reviewed them.
    """

    since_us: int | None
    until_us: int | None
    kinds: tuple[int, ...] | None
    parties: tuple[Party, ...]
    lengths: tuple[Clause, ...]
    rest: tuple[Clause, ...]
    found_by: tuple[tuple[str, Clause], ...]
    unreviewed_by: int | None = None

    @property
    def is_tallied(self) -> bool:
        """Whether the tallies alone can count it."""
        told = self.parties or self.lengths or self.rest or self.found_by or self.unreviewed_by is not None
        return not told

    @property
    def is_void(self) -> bool:
        """Whether it is plain already that there is no such call."""
        return self.kinds == () or any(party.keys == () for party in self.parties)


def json_of(keys: tuple[int, ...]) -> str:
    """Keys as a value for `json_each`."""
    return _encoder.encode(keys).decode()


def terms(database: Database, wanted: CallFilter, scope: Scope) -> Terms:
    """The filter within the scope, its names and numbers looked up."""
    if wanted.interaction_id:
        known = conversation(database, wanted.interaction_id, scope)
        wanted = msgspec.structs.replace(wanted, interaction_id=known or _NO_CONVERSATION)
    return Terms(
        None if wanted.started_from is None else to_us(wanted.started_from),
        None if wanted.started_until is None else to_us(wanted.started_until),
        _kinds(database, wanted),
        tuple(_parties(database, wanted, scope)),
        tuple(_lengths(wanted)),
        tuple(_rest(database, wanted)),
        tuple(_found_by(wanted)),
        wanted.reader if wanted.reviewed is False else None,
    )


def within(database: Database, scope: Scope) -> Party:
    """The condition that at least one end of a call is in the scope."""
    return Party(_BOTH, _keys_of(database, sorted(scope.numbers)))


def all_clauses(asked: Terms) -> Iterator[Clause]:
    """Every term as a condition on the row."""
    yield from span(asked)
    yield from without_span(asked)


def span(asked: Terms) -> Iterator[Clause]:
    """When."""
    if asked.since_us is not None:
        yield Clause("started_at_us >= ?", (asked.since_us,))
    if asked.until_us is not None:
        yield Clause("started_at_us < ?", (asked.until_us,))


def without_span(asked: Terms) -> Iterator[Clause]:
    """All but when."""
    if asked.kinds is not None:
        yield Clause("kind_key IN (SELECT value FROM json_each(?))", (json_of(asked.kinds),))
    for party in asked.parties:
        yield party.clause()
    yield from asked.lengths
    for _, clause in asked.found_by:
        yield clause
    yield from asked.rest
    if asked.unreviewed_by is not None:
        unheard = "NOT EXISTS (SELECT 1 FROM reviewed WHERE user_key = ? AND call_key = id)"
        yield Clause(unheard, (asked.unreviewed_by,))


def joined(clauses: Iterator[Clause] | list[Clause]) -> Clause:
    """All of them at once."""
    every = list(clauses)
    return Clause(
        " AND ".join(clause.sql for clause in every) or "1",
        tuple(value for clause in every for value in clause.values),
    )


def _kinds(database: Database, wanted: CallFilter) -> tuple[int, ...] | None:
    """Keys of the kinds that fit, None when all do."""
    clauses = [*_natures(wanted), *_peculiarities(wanted), *_sounds(wanted)]
    if not clauses:
        return None
    whole = joined(clauses)
    return tuple(
        key
        for (key,) in database.execute(f"SELECT id FROM kinds WHERE {whole.sql} ORDER BY id", whole.values)  # noqa: S608 - constants
    )


def _natures(wanted: CallFilter) -> Iterator[Clause]:
    for column, value in (
        ("data_type", wanted.data_type),
        ("direction", wanted.direction),
        ("reason", wanted.reason),
        ("verdict", wanted.verdict),
        ("trunk", wanted.trunk),
    ):
        if value:
            yield Clause(f"{column} = ?", (str(value),))
    if wanted.call_type is not None:
        yield _of_type(wanted.call_type)
    if wanted.recorded is not None:
        yield Clause("reason = ''" if wanted.recorded else "reason <> ''")


def _peculiarities(wanted: CallFilter) -> Iterator[Clause]:
    if wanted.conference is not None:
        yield Clause("is_conference" if wanted.conference else "NOT is_conference")
    if wanted.encrypted is not None:
        encrypted = "(reason = ? OR instr(marks, ?) > 0)"
        values = (Reason.ENCRYPTED.value, f" {Mark.DECRYPTED.value} ")
        yield Clause(encrypted if wanted.encrypted else f"NOT {encrypted}", values)
    if wanted.mark is not None:
        yield Clause("instr(marks, ?) > 0", (f" {wanted.mark.value} ",))
    if wanted.without_mark is not None:
        yield Clause("instr(marks, ?) = 0", (f" {wanted.without_mark.value} ",))
    if wanted.without_reason is not None:
        yield Clause("reason <> ?", (wanted.without_reason.value,))


def _sounds(wanted: CallFilter) -> Iterator[Clause]:
    if wanted.sort in (Sort.BEST, Sort.WORST):
        yield Clause("grade <> ''")
    if wanted.codec:
        # The row itself must hold the very word; the kind says cheaply that it cannot.
        known = known_codec(wanted.codec)
        yield Clause("instr(codecs, ?) > 0", (f" {known} ",))
    if wanted.max_mos is not None:
        grades = [
            "bad",
            *(["fair"] if wanted.max_mos >= FAIR_FROM else []),
            *(["good"] if wanted.max_mos >= GOOD_FROM else []),
        ]
        yield Clause("grade IN (SELECT value FROM json_each(?))", (_encoder.encode(grades).decode(),))


def _of_type(call_type: CallType) -> Clause:
    if call_type is CallType.AUTOMATIC:
        return Clause("is_automatic")
    if call_type is CallType.MISSED:
        return Clause("direction = ? AND NOT is_answered", (Direction.INCOMING.value,))
    return Clause("direction = ?", (call_type.value,))


def _lengths(wanted: CallFilter) -> Iterator[Clause]:
    """How long."""
    if wanted.min_s is not None:
        yield Clause("duration_us >= ?", (bounded_us(wanted.min_s),))
    if wanted.max_s is not None:
        yield Clause("duration_us <= ?", (bounded_us(wanted.max_s),))


def _rest(database: Database, wanted: CallFilter) -> Iterator[Clause]:
    if wanted.max_mos is not None:
        yield Clause("mos <= ?", (wanted.max_mos,))
    if wanted.codec and (known_codec(wanted.codec) == OTHER_CODEC or wanted.codec not in CODECS):
        yield Clause("instr(codecs, ?) > 0", (f" {wanted.codec} ",))
    if wanted.without_number.strip():
        excluded = _party(database, wanted, wanted.without_number, Match.PATTERN, _BOTH).clause()
        yield Clause(f"NOT {excluded.sql}", excluded.values)
    if wanted.without_tag:
        tagged = _tagged(wanted.without_tag, as_masked=wanted.as_masked)
        yield Clause(f"NOT {tagged.sql}", tagged.values)


def _found_by(wanted: CallFilter) -> Iterator[tuple[str, Clause]]:
    if wanted.interaction_id:
        yield "calls_interaction", Clause("interaction_id = ?", (wanted.interaction_id,))
    if wanted.sip_call_id:
        yield "calls_sip", Clause("sip_call_id = ?", (wanted.sip_call_id,))
    if wanted.tag:
        yield "tags", _tagged(wanted.tag, as_masked=wanted.as_masked)
    if wanted.note:
        text, given = _typed("text", wanted.note, as_masked=wanted.as_masked)
        found = f"call_id IN (SELECT call_id FROM notes WHERE instr(lower({text}), lower(?)) > 0)"  # noqa: S608 - constants
        yield "notes", Clause(found, (given,))
    if wanted.reviewed:
        found = "id IN (SELECT call_key FROM reviewed WHERE user_key = ?)"
        yield "reviewed", Clause(found, (wanted.reader,))


def _tagged(tag: str, *, as_masked: bool) -> Clause:
    """That the call has the tag, or one that is shown just as it would be."""
    shown = masked_within(tag) if as_masked else tag
    if MASK not in shown or not as_masked:
        return Clause("call_id IN (SELECT call_id FROM tags WHERE tag = ?)", (tag,))
    begin = shown.partition(MASK)[0]
    return Clause(
        "call_id IN (SELECT call_id FROM tags WHERE tag BETWEEN ? AND ? AND masked_within(tag) = ?)",
        (begin, begin + LAST_CHARACTER, shown),
    )


def _typed(column: str, text: str, *, as_masked: bool) -> tuple[str, str]:
    """What people typed, and what is looked for in it, both as they are shown."""
    return (f"masked_within({column})", masked_within(text)) if as_masked else (column, text)


def _parties(database: Database, wanted: CallFilter, scope: Scope) -> Iterator[Party]:
    """Who."""
    if not scope.everything:
        yield within(database, scope)
    for number, columns in (
        (wanted.number, _BOTH),
        (wanted.caller, ("caller_key",)),
        (wanted.callee, ("callee_key",)),
    ):
        if number.strip():
            yield _party(database, wanted, number, wanted.match, columns)
    if wanted.extension.strip():
        yield _party(database, wanted, wanted.extension, Match.EXACT, _BOTH)
    if wanted.department is not None:
        yield Party(
            _BOTH, _keys_of(database, sorted(directory.extension_keys(database, (wanted.department,))))
        )
    for column, text in (("name", wanted.name), ("company", wanted.company)):
        if text.strip():
            known, given = _typed(f"directory.{column}", text.strip(), as_masked=wanted.as_masked)
            rows = database.execute(
                "SELECT numbers.id FROM directory JOIN numbers ON numbers.number = directory.number_key "  # noqa: S608 - constants
                f"WHERE instr(lower({known}), lower(?)) > 0 ORDER BY 1",
                (given,),
            )
            yield Party(_BOTH, tuple(key for (key,) in rows))


def _keys_of(database: Database, numbers: list[str]) -> tuple[int, ...]:
    rows = database.execute(
        "SELECT id FROM numbers WHERE number IN (SELECT value FROM json_each(?))",
        (_encoder.encode(numbers).decode(),),
    )
    return tuple(key for (key,) in rows)


def _party(
    database: Database, wanted: CallFilter, number: str, match: Match, columns: tuple[str, ...]
) -> Party:
    find, on_itself = _masked_numbers(number, match) if wanted.as_masked else _numbers(number, match)
    rows = database.execute(f"SELECT id FROM numbers WHERE {find.sql} LIMIT {FEW_NUMBERS + 1}", find.values)  # noqa: S608 - constants
    if len(rows) <= FEW_NUMBERS:
        return Party(columns, tuple(key for (key,) in rows))
    many = Clause(f"(SELECT {on_itself.sql} FROM numbers WHERE numbers.id = {{column}})", on_itself.values)  # noqa: S608
    return Party(columns, None, many)


def _numbers(number: str, match: Match) -> tuple[Clause, Clause]:
    """How an index finds the numbers, and how a single number is judged."""
    if match is Match.PATTERN:
        return _pattern(number)
    key = number_key(number)
    if match is Match.EXACT:
        return (Clause("number = ?", (key,)),) * 2
    if match is Match.PREFIX:
        return (Clause("number BETWEEN ? AND ?", (key, key + LAST_CHARACTER)),) * 2
    if match is Match.SUFFIX:
        return (Clause("reversed BETWEEN ? AND ?", (key[::-1], key[::-1] + LAST_CHARACTER)),) * 2
    return _containing(key)


def _containing(key: str) -> tuple[Clause, Clause]:
    inside = Clause("instr(number, ?) > 0", (key,))
    if len(key) >= TRIGRAM:
        phrase = '"' + key.replace('"', '""').replace("\0", " ") + '"'
        return Clause(
            "id IN (SELECT rowid FROM numbers_trigram WHERE numbers_trigram MATCH ?) AND instr(number, ?) > 0",
            (phrase, key),
        ), inside
    if not (key.isascii() and key.isdigit()):
        return Clause("number GLOB '*[^0-9]*' AND instr(number, ?) > 0", (key,)), inside
    return inside, inside


def _masked_numbers(number: str, match: Match) -> tuple[Clause, Clause]:
    """Numbers by the form that is shown, or that would be shown just as what was typed."""
    key = number_key(number)
    alike = masked(key)
    if match is Match.PATTERN and set("*?") & set(number):
        found = Clause(f"({_SHOWN}) GLOB ?", (number.strip().lower().removeprefix("+").replace("[", "[[]"),))
    elif match is Match.PREFIX:
        found = Clause(f"instr({_SHOWN}, ?) = 1", (key,))
    elif match is Match.SUFFIX:
        found = Clause(f"substr({_SHOWN}, -?) = ?", (len(key), key))
    elif match is Match.CONTAINS:
        found = Clause(f"(instr({_SHOWN}, ?) > 0 OR ({_SHOWN}) = ?)", (key, alike))
    else:
        found = Clause(f"({_SHOWN}) = ?", (alike,))
    return found, found


def _pattern(pattern: str) -> tuple[Clause, Clause]:
    """`5039*`, `*5039*`, `50?9`: the longest plain piece finds, the pattern judges."""
    plain = number_key(pattern) if not set("*?") & set(pattern) else pattern.strip().lower().removeprefix("+")
    pieces = [piece for piece in plain.replace("?", "*").split("*") if piece]
    longest = max(pieces, key=len, default="")
    judge = Clause("number GLOB ?", (plain.replace("[", "[[]"),))
    if longest == plain:
        return (Clause("number = ?", (plain,)),) * 2
    if plain.startswith(longest) and longest:
        find = Clause("number BETWEEN ? AND ?", (longest, longest + LAST_CHARACTER))
    elif plain.endswith(longest) and longest:
        find = Clause("reversed BETWEEN ? AND ?", (longest[::-1], longest[::-1] + LAST_CHARACTER))
    elif len(longest) >= TRIGRAM:
        find = _containing(longest)[0]
    else:
        return judge, judge
    return Clause(f"{find.sql} AND {judge.sql}", find.values + judge.values), judge


def shown_number(*, as_masked: bool) -> str:
    """The column of `numbers` by which somebody who sees them so may order."""
    return _SHOWN if as_masked else "number"


def bounded_us(seconds: float) -> int:
    """Seconds as microseconds within what SQLite's integers hold."""
    return round(min(max(seconds, -1e9), 1e9) * 1e6)
