"""The kind of a call: all of it that has few values, as one key, and how many calls of which kind there are when."""

from typing import NamedTuple

from appliance.domain.bundle import Record
from appliance.domain.call import Direction
from appliance.domain.interaction import RelationKind
from appliance.store.database import Database
from appliance.store.row import CallRow, storable

GOOD_FROM = 4.0
FAIR_FROM = 3.1
OTHER_CODEC = "other"
# Others are one kind together: names of codecs come from the network, and anybody can invent new ones.
CODECS = frozenset(
    {
        "PCMA", "PCMU", "G722", "G7221", "G723", "G726-16", "G726-24", "G726-32", "G726-40", "G728", "G729", "GSM",
        "iLBC", "opus", "speex", "AMR", "AMR-WB", "EVS", "L16", "SILK", "DVI4", "BV16", "BV32",
    }
)  # fmt: skip
_BY_LOWER = {codec.lower(): codec for codec in CODECS}

_ADD = (
    "INSERT OR IGNORE INTO kinds (data_type, direction, reason, is_answered, is_automatic, is_conference, verdict, grade, "
    "marks, codecs, trunk) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_KEY = (
    "SELECT id FROM kinds WHERE (data_type, direction, reason, is_answered, is_automatic, is_conference, verdict, grade, "
    "marks, codecs, trunk) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class Kind(NamedTuple):
    """What a call has in common with many others; the columns of the table in order.

    Shape: `marks` and `codecs` are sorted words, each between blanks; `trunk` is the tapped trunk's name, or the address of the
    side that the call came from or went to, '' when it did neither.
    """

    data_type: str
    direction: str
    reason: str
    is_answered: bool
    is_automatic: bool
    is_conference: bool
    verdict: str
    grade: str
    marks: str
    codecs: str
    trunk: str


def kind_of(record: Record, row: CallRow) -> Kind:
    """The kind of a call that is being indexed."""
    call = record.call
    trunk = {Direction.INCOMING: call.caller.address, Direction.OUTGOING: call.callee.address}.get(
        call.direction, ""
    )
    return Kind(
        data_type=row.data_type.value,
        direction=row.direction.value,
        reason=row.reason.value if row.reason else "",
        is_answered=row.answered_at is not None,
        is_automatic=not row.sip_call_id,
        is_conference=any(relation.kind is RelationKind.CONFERENCE for relation in call.related),
        verdict=row.verdict.value if row.verdict else "",
        grade=grade_of(row.mos),
        marks=_words({mark.value for mark in row.marks}),
        codecs=_words({known_codec(codec) for codec in row.codecs}),
        trunk=storable(call.trunk or host_of(trunk)),
    )


def key_of(database: Database, kind: Kind, keys: dict[Kind, int]) -> int:
    """The key of a kind, which is written down when it is new; `keys` are those that this transaction knows."""
    if kind not in keys:
        found = database.execute(_KEY, kind)
        if not found:
            database.execute(_ADD, kind)
            found = database.execute(_KEY, kind)
        keys[kind] = int(found[0][0])
    return keys[kind]


def known_codec(codec: str) -> str:
    """The codec as kinds name it."""
    return _BY_LOWER.get(codec.lower(), OTHER_CODEC)


def grade_of(mos: float | None) -> str:
    """How good that is, in three steps; '' when nothing was heard."""
    if mos is None:
        return ""
    return "good" if mos >= GOOD_FROM else "fair" if mos >= FAIR_FROM else "bad"


def host_of(address: str) -> str:
    """`10.0.0.1:5060` → `10.0.0.1`, `[2001:db8::1]:5060` → `2001:db8::1`."""
    host = address.rpartition(":")[0] if ":" in address else address
    return host.removeprefix("[").removesuffix("]")


def _words(words: set[str]) -> str:
    return f" {' '.join(sorted(words))} " if words else ""
