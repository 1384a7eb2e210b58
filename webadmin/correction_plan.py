"""What kept signalling says of past calls, call by call, beside what the ledger has of them.

Only read here: the command line and the archiver correct.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from appliance.archive.correction import Correction, corrected
from appliance.archive.corrections import Known, Planned
from appliance.boards.signalling.events import Circuit
from appliance.boards.signalling.kept import PastCall, Place, channels_of, match, reread
from appliance.core.clock import from_ns, to_ns
from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import Record
from appliance.domain.call import DataType, Side
from appliance.settings import trunks
from appliance.store.calls import get
from appliance.store.database import Database
from appliance.store.search import CallFilter
from appliance.store.walk import count, walk

_MOST_MESSAGES = 500
_LONGEST = timedelta(hours=4)
_READING = 0.6
"""The share of reading in the whole work."""


class Found(NamedTuple):
    """How many calls the signalling knows of, and those whose recordings know less, as they are come upon."""

    calls: int
    planned: Iterator[Planned]


def plan(
    layout: Layout,
    database: Database,
    trunk: trunks.Trunk,
    since: datetime,
    until: datetime,
    tell: Callable[[float], None] = lambda _share: None,
) -> Found:
    """Read the kept signalling of the calls that began in a time, as the trunk is set now. `tell` hears the share that is done."""
    since_ns, until_ns = to_ns(since), to_ns(until)

    def read(at_ns: int) -> None:
        tell(_READING * min(max((at_ns - since_ns) / max(until_ns - since_ns, 1), 0), 1))

    past = reread(layout.signalling, trunk, since_ns, until_ns, read)
    by_circuit: dict[Circuit | None, list[PastCall]] = defaultdict(list)
    for call in past:
        by_circuit[call.circuit].append(call)
    # A recording that voice began is shorter than its call, and may begin well after it.
    wanted = CallFilter(data_type=DataType.E1, started_from=since, started_until=until + _LONGEST)
    places = channels_of(layout.signalling, trunk)
    return Found(len(past), _planned(database, wanted, places, by_circuit, tell))


def _planned(
    database: Database,
    wanted: CallFilter,
    places: dict[int, Place],
    past: dict[Circuit | None, list[PastCall]],
    tell: Callable[[float], None],
) -> Iterator[Planned]:
    total = max(count(database, wanted, None, EVERYTHING), 1)
    for done, (row, _) in enumerate(walk(database, wanted, None, EVERYTHING), 1):
        record = get(database, row.call_id, scope=EVERYTHING)
        found = _compared(record, places, past) if record is not None and record.deletion is None else None
        if found is not None:
            yield found
        tell(_READING + (1 - _READING) * min(done / total, 1))


def _compared(
    record: Record, places: dict[int, Place], past: dict[Circuit | None, list[PastCall]]
) -> Planned | None:
    """A record and what the signalling says of it; None when that is nothing new."""
    channel = next((line.channel for line in record.manifest.lines if line.channel in places), None)
    if channel is None:
        return None
    circuit = places[channel].circuit
    begun_ns = to_ns(record.call.started_at)
    ended_ns = to_ns(record.call.ended_at) if record.call.ended_at is not None else begun_ns
    call = match(past.get(circuit, ()), "", circuit, begun_ns, ended_ns)
    if call is None:
        return None
    correction = _correction(call)
    better = corrected(record, correction)
    if better is None:
        return None
    return Planned(
        call_id=record.call.call_id,
        at=record.call.started_at,
        channel=channel,
        before=_known(record),
        after=_known(better),
        correction=correction if _is_caller_in_place(record, call, places) else None,
    )


def _is_caller_in_place(record: Record, call: PastCall, places: dict[int, Place]) -> bool:
    """Whether the caller is on the track where the recording has it: audio never changes."""
    return all(
        (place.port == call.from_port) is (line.side is Side.CALLER)
        for line in record.manifest.lines
        if (place := places.get(line.channel)) is not None and line.side is not None
    )


def _correction(call: PastCall) -> Correction:
    by = None
    if call.by_port is not None:
        by = Side.CALLER if call.by_port == call.from_port else Side.CALLEE
    return Correction(
        caller=call.caller,
        callee=call.callee,
        caller_name=call.caller_name,
        ringing_at=from_ns(call.ringing_ns) if call.ringing_ns else None,
        answered_at=from_ns(call.answered_ns) if call.answered_ns else None,
        ended_by=by,
        messages=call.steps[:_MOST_MESSAGES],
    )


def _known(record: Record) -> Known:
    call = record.call
    return Known(
        caller=call.caller.number,
        callee=call.callee.number,
        caller_name=call.caller.display,
        ringing_at=call.ringing_at,
        answered_at=call.answered_at,
        ended_by=call.ended_by,
        steps=len(record.manifest.messages),
    )
