"""The sender's accounts beside the ledger: every call placed stands there once, whole, or with what explains the rest.

Pure. `blind` are the times in which nobody could see packets: the recorder was being killed and started, the mirror
port was down. A call cut by such a time may be told in pieces; they must be one conversation, and say that they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from appliance.domain.bundle import Record
from appliance.domain.ledger import Mark, Reason

CUTS = {Mark.INTERRUPTED, Mark.JOINED_LATE, Mark.CAPTURE_LOSS, Mark.LOSS, Mark.NO_BYE, Mark.ONE_WAY}
BEFORE_S, AFTER_S = 1.0, 3.0


@dataclass(frozen=True)
class Placed:
    """A call as its sender knows it. Units: seconds of the wall clock.

    `late_s`: its first message left at most so much later than `begin_s`. `media`: (host, lowest, highest port) of its audio. `packets`: what each side put on the wire, when known exactly.
    `unanswered`: the reasons that may stand for it when it was not answered.
    """

    call_id: str
    begin_s: float
    end_s: float
    media: tuple[tuple[str, int, int], ...]
    packets: dict[str, int] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    unanswered: frozenset[Reason] = frozenset()
    late_s: float = 0.5


@dataclass
class Balance:
    """`problems` is empty when the ledger is right."""

    placed: int = 0
    whole: int = 0
    in_pieces: int = 0
    damaged: int = 0
    unseen: int = 0
    rows: int = 0
    problems: list[str] = field(default_factory=list)


def balance(
    placed: Sequence[Placed], records: Sequence[Record], blind: Sequence[tuple[float, float]]
) -> Balance:
    """Compare."""
    made = Balance(placed=len(placed), rows=len(records))
    calls = {call.call_id: call for call in placed}
    pieces: dict[str, list[Record]] = {call.call_id: [] for call in placed}
    ids = [record.call.call_id for record in records]
    if len(set(ids)) != len(ids):
        made.problems.append("a row stands twice in the ledger")
    for record in records:
        if (record.recording is None) == (record.reason is None):
            made.problems.append(f"{record.call.call_id}: neither or both of recording and reason")
        owner = record.call.sip_call_id or _owner(record, placed)
        if owner not in calls:
            made.problems.append(f"a row that nobody placed: {_told(record)}")
            continue
        pieces[owner].append(record)
    for call in placed:
        _judge(call, sorted(pieces[call.call_id], key=lambda row: row.call.started_at), blind, made)
    return made


def _judge(call: Placed, rows: list[Record], blind: Sequence[tuple[float, float]], made: Balance) -> None:
    cuts = [cut for cut in blind if cut[0] < call.end_s + AFTER_S and cut[1] > call.begin_s - BEFORE_S]
    told = f"{call.call_id} ({call.begin_s:.1f}-{call.end_s:.1f}, blind {_times(cuts)}): "
    if not rows:
        # A call that failed is known by its beginning; one that was answered, by its audio as well.
        seen_s = call.begin_s if call.unanswered else call.end_s - 0.5
        if any(begin <= call.begin_s + call.late_s and end >= seen_s for begin, end in cuts):
            made.unseen += 1
        else:
            made.problems.append(told + "not in the ledger")
        return
    shown = "; ".join(map(_told, rows))
    if not cuts:
        problem = _whole(call, rows)
        made.whole += not problem
        if problem:
            made.problems.append(f"{told}undisturbed, but {problem}: {shown}")
        return
    if len(rows) > 1 + len(cuts):
        made.problems.append(f"{told}more pieces than cuts: {shown}")
    # Audio whose description nobody saw is not joined with a BYE that comes later, unless there is but one such call.
    is_begun = not any(begin <= call.begin_s + 1.0 and end >= call.begin_s for begin, end in cuts)
    if is_begun and len({row.call.interaction_id for row in rows}) > 1:
        made.problems.append(f"{told}pieces that are no one conversation: {shown}")
    if len(rows) > 1 and not all(
        {Mark.INTERRUPTED, Mark.JOINED_LATE, Mark.NO_BYE} & set(row.marks) for row in rows
    ):
        made.problems.append(f"{told}a piece that looks whole: {shown}")
    is_whole = not _whole(call, rows[:1])
    explained = any(row.reason is not None or CUTS & set(row.marks) for row in rows)
    if len(rows) > 1:
        made.in_pieces += 1
    elif is_whole and not explained:
        made.whole += 1
    else:
        made.damaged += 1
    if not is_whole and not explained:
        made.problems.append(f"{told}something is missing and nothing says so: {shown}")


def _whole(call: Placed, rows: list[Record]) -> str:
    """Why these rows are not the whole call; "" when they are."""
    if len(rows) != 1:
        return f"{len(rows)} rows"
    row = rows[0]
    if {Mark.INTERRUPTED, Mark.JOINED_LATE, Mark.CAPTURE_LOSS, Mark.NO_BYE} & set(row.marks):
        return "it is marked"
    if call.unanswered:
        return "" if row.reason in call.unanswered else "another reason is given"
    if row.recording is None:
        return "there is no recording"
    if call.packets:
        found = {str(track.side): track.packets for track in row.tracks}
        if found != call.packets:
            return f"of {call.packets} packets there are {found}"
    if call.hashes and {str(track.side): track.payload_sha256 for track in row.tracks} != call.hashes:
        return "the audio is another"
    return ""


def _owner(record: Record, placed: Sequence[Placed]) -> str:
    """Whose audio a row without a Call-ID holds."""
    ends = {end for track in record.tracks for end in (track.source, track.destination)}
    ends |= {end for stream in record.manifest.streams for end in (stream.source, stream.destination)}
    ends |= {record.call.caller.address, record.call.callee.address}
    begin_s = record.call.started_at.timestamp()
    found = [
        call
        for call in placed
        if call.begin_s - BEFORE_S <= begin_s <= call.end_s + AFTER_S
        and any(_stands(end, place) for end in ends for place in call.media)
    ]
    # Of calls that had the same port one after the other, the later one: the earlier had fallen silent.
    return max(found, key=lambda call: call.begin_s).call_id if found else ""


def _stands(end: str, place: tuple[str, int, int]) -> bool:
    host, _, port = end.rpartition(":")
    return host == place[0] and port.isdecimal() and place[1] <= int(port) <= place[2]


def _times(cuts: Sequence[tuple[float, float]]) -> str:
    return ", ".join(f"{begin:.1f}-{end:.1f}" for begin, end in cuts) or "never"


def _told(row: Record) -> str:
    what = f"recorded {row.recording.length_s:.1f} s" if row.recording is not None else f"{row.reason}"
    packets = {str(track.side): track.packets for track in row.tracks}
    begin_s = row.call.started_at.timestamp()
    return f"[{row.call.sip_call_id or 'no id'} from {begin_s:.1f} {what} {sorted(row.marks)} {packets}]"
