"""Raw signalling kept for days, and past calls read from it again with other settings.

A trunk whose point codes, circuits or prefixes were set wrong has recorded its calls without knowing whose they were. What
was heard is still there: `reread` understands it as the trunk is set now and tells the calls anew.
Beside it: timeslots whose content is written to files as it is, for other programs (`RawStreamFiles`).
"""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from appliance.boards.signalling import cas, mtp, pcapng
from appliance.boards.signalling.events import (
    Answered,
    Begun,
    Circuit,
    Ended,
    Numbers,
    Placed,
    Ringing,
    Trouble,
    TrunkEvent,
)
from appliance.boards.signalling.rotation import Rotation, files
from appliance.boards.signalling.trunk import Trunk
from appliance.core.errors import BadCapture
from appliance.core.files import write_atomically
from appliance.domain.bundle import Message
from appliance.settings import trunks

SUFFIX = ".pcapng"
_MIB = 1 << 20
_STEP_NS = 1_000_000_000
_LEAD_NS = 4 * 3_600_000_000_000
"""How long before a range is read from: calls that end in it began some time before."""
_TAIL_NS = _LEAD_NS
_BITS, _FORWARD, _BACKWARD = 1, 2, 3
_CHANNELS = "channels.json"


def folder_of(root: Path, trunk: trunks.Trunk) -> Path:
    """Where the raw signalling of a trunk lies: by its name, whatever signs that has."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", trunk.name).strip("-").lower()[:32]
    return root / f"{plain or 'trunk'}-{zlib.crc32(trunk.name.encode()):08x}"


class Place(msgspec.Struct, frozen=True):
    """Where in a trunk a channel of the box is: a direction of a circuit."""

    circuit: Circuit
    port: int


class Keeper:
    """Writes what a trunk hears; the same calls as `Trunk` has, beside those.

    Fill-in units and acknowledgements are not kept: they are nine tenths of everything and say nothing of calls.
    Each file begins with the line signals as they stand, so that it can be understood without the one before.
    """

    def __init__(self, root: Path, trunk: trunks.Trunk) -> None:
        self._rotation = Rotation(
            folder_of(root, trunk), SUFFIX, keep_days=trunk.keep_days, keep_bytes=trunk.keep_mib * _MIB
        )
        self._is_kept = trunk.keep_days > 0
        self._link_type = pcapng.MTP2 if isinstance(trunk.signalling, trunks.Ss7) else pcapng.LAPD
        self._numbers: dict[pcapng.Source, int] = {}
        self._lines: dict[tuple[int, int, int], int] = {}
        self._root, self._trunk = root, trunk
        self._channels: dict[int, Place] = {}

    def channels(self, known: Mapping[int, Place]) -> None:
        """Note which channels of the box the trunk's timeslots are, so that past calls find their recordings.

        To be told whenever a board was opened; what is noted already costs nothing.
        """
        if not self._is_kept or all(self._channels.get(number) == place for number, place in known.items()):
            return
        self._channels |= known
        folder = folder_of(self._root, self._trunk)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            noted = channels_of(self._root, self._trunk) | self._channels
            write_atomically(folder / _CHANNELS, msgspec.json.encode(noted), durable=False)
        except OSError:
            self._channels.clear()  # tried again with the next board

    @property
    def left_out(self) -> int:
        """How much could not be written."""
        return self._rotation.left_out

    def frame(self, port: int, timeslot: int, at_ns: int, octets: bytes, e1: int = 0) -> None:
        """Keep a frame of a D-channel or a signalling link."""
        is_idle = (
            mtp.is_fill_in(octets)
            if self._link_type == pcapng.MTP2
            else len(octets) > 2 and octets[2] & 3 == 1
        )
        if self._is_kept and not is_idle:
            self._keep(pcapng.Source(e1, port, timeslot, self._link_type), at_ns, octets)

    def bits(self, port: int, timeslot: int, at_ns: int, abcd: int, e1: int = 0) -> None:
        """Keep a change of line signals."""
        if self._is_kept:
            self._keep(pcapng.Source(e1, port, timeslot, pcapng.OURS), at_ns, bytes([_BITS, abcd & 15]))
            self._lines[e1, port, timeslot] = abcd & 15

    def tone(
        self, port: int, timeslot: int, at_ns: int, signal: int, *, is_forward: bool, e1: int = 0
    ) -> None:
        """Keep a register signal."""
        if self._is_kept:
            kind = _FORWARD if is_forward else _BACKWARD
            self._keep(pcapng.Source(e1, port, timeslot, pcapng.OURS), at_ns, bytes([kind, signal & 15]))

    def flush(self) -> None:
        """To be called about once a second."""
        self._rotation.flush()

    def close(self) -> None:
        """End the file."""
        self._rotation.close()

    def _keep(self, source: pcapng.Source, at_ns: int, octets: bytes) -> None:
        if self._rotation.needs_file(at_ns):
            self._numbers.clear()
            if self._rotation.begin(at_ns, pcapng.section()):
                # Answers first: whoever reads on from here knows of a seizure at once that it is not a new one.
                for (e1, port, timeslot), abcd in sorted(
                    self._lines.items(), key=lambda line: line[1] >> 2 & 3 != cas.ANSWERED
                ):
                    line = pcapng.Source(e1, port, timeslot, pcapng.OURS)
                    self._write(line, at_ns, bytes([_BITS, abcd]))
        self._write(source, at_ns, octets)

    def _write(self, source: pcapng.Source, at_ns: int, octets: bytes) -> None:
        number = self._numbers.get(source)
        head = b""
        if number is None:
            number = self._numbers[source] = len(self._numbers)
            head = pcapng.interface(source)
        self._rotation.write(at_ns, head + pcapng.packet(number, at_ns, octets))


def channels_of(root: Path, trunk: trunks.Trunk) -> dict[int, Place]:
    """Which channels the trunk's timeslots are; empty when that was never noted."""
    try:
        return msgspec.json.decode((folder_of(root, trunk) / _CHANNELS).read_bytes(), type=dict[int, Place])
    except (OSError, msgspec.MsgspecError):
        return {}


def kept_since_ns(root: Path, trunk: trunks.Trunk) -> int | None:
    """When the oldest that is kept of a trunk was heard; None when nothing is."""
    found = files(folder_of(root, trunk), SUFFIX)
    return found[0][0] if found else None


def heard(folder: Path, from_ns: int, until_ns: int) -> Iterator[tuple[int, pcapng.Source, bytes]]:
    """What was kept of a time; files that cannot be read are passed over."""
    found = files(folder, SUFFIX)
    for index, (begun_ns, path) in enumerate(found):
        ended_ns = found[index + 1][0] if index + 1 < len(found) else until_ns
        if begun_ns >= until_ns or ended_ns < from_ns:
            continue
        try:
            for at_ns, source, octets in pcapng.read(path):
                if from_ns <= at_ns < until_ns:
                    yield at_ns, source, octets
        except (OSError, BadCapture):
            continue


class PastCall(msgspec.Struct, kw_only=True):
    """A call as it is understood now; times in nanoseconds, 0 where there was no such moment."""

    key: str
    circuit: Circuit | None
    from_port: int
    begun_ns: int
    ringing_ns: int = 0
    answered_ns: int = 0
    ended_ns: int = 0
    cause: int = 0
    by_port: int | None = None
    caller: str = ""
    callee: str = ""
    redirecting: str = ""
    caller_name: str = ""
    category: str = ""
    is_withheld: bool = False
    is_late: bool = False
    steps: list[Message] = []


def reread(
    root: Path,
    trunk: trunks.Trunk,
    from_ns: int,
    until_ns: int,
    tell: Callable[[int], None] = lambda _at_ns: None,
) -> list[PastCall]:
    """The calls that began in a time, as the trunk is set in `trunk`; in the order of their beginning.

    `tell` hears how far the reading came; it begins before `from_ns` and ends after `until_ns`.
    """
    machine = Trunk(trunk)
    stories: dict[str, PastCall] = {}
    ticked_ns = 0
    for at_ns, source, octets in heard(folder_of(root, trunk), from_ns - _LEAD_NS, until_ns + _TAIL_NS):
        _hear(machine, at_ns, source, octets)
        if at_ns - ticked_ns >= _STEP_NS:
            ticked_ns = at_ns
            tell(at_ns)
            _tell(stories, machine.tick(at_ns))
    _tell(stories, machine.drain())
    return sorted(
        (story for story in stories.values() if from_ns <= story.begun_ns < until_ns),
        key=lambda story: story.begun_ns,
    )


def _hear(machine: Trunk, at_ns: int, source: pcapng.Source, octets: bytes) -> None:
    if source.link_type != pcapng.OURS:
        machine.frame(source.port, source.timeslot, at_ns, octets, source.e1)
    elif len(octets) == 2:
        kind, value = octets
        if kind == _BITS:
            machine.bits(source.port, source.timeslot, at_ns, value, source.e1)
        else:
            machine.tone(
                source.port, source.timeslot, at_ns, value, is_forward=kind == _FORWARD, e1=source.e1
            )


def _tell(stories: dict[str, PastCall], events: Iterable[TrunkEvent]) -> None:
    for event in events:
        if isinstance(event, Begun):
            stories[event.key] = PastCall(
                key=event.key,
                circuit=event.circuit,
                from_port=event.from_port,
                begun_ns=event.at_ns,
                caller=event.caller,
                callee=event.callee,
                redirecting=event.redirecting,
                caller_name=event.caller_name,
                category=event.category,
                is_withheld=event.is_withheld,
                is_late=event.is_late,
                steps=list(event.steps),
            )
        elif not isinstance(event, Trouble) and (story := stories.get(event.key)) is not None:
            story.steps.extend(event.steps)
            _continue(story, event)


def _continue(story: PastCall, event: TrunkEvent) -> None:
    if isinstance(event, Numbers):
        story.caller, story.callee, story.redirecting = event.caller, event.callee, event.redirecting
        story.caller_name, story.category = event.caller_name, event.category
        story.is_withheld = event.is_withheld
    elif isinstance(event, Placed):
        story.circuit = event.circuit
    elif isinstance(event, Ringing):
        story.ringing_ns = event.at_ns
    elif isinstance(event, Answered):
        story.answered_ns = event.at_ns
    elif isinstance(event, Ended):
        story.ended_ns, story.cause, story.by_port = event.at_ns, event.cause, event.by_port


def match(
    calls: Sequence[PastCall], key: str, circuit: Circuit, begun_ns: int, ended_ns: int
) -> PastCall | None:
    """Which of the calls a past recording is: the one with its key, else the one that shares most of its time.

    At least half of the recording's time must be the call's, on the same circuit.
    """
    best: PastCall | None = None
    most_ns = (ended_ns - begun_ns) // 2
    for call in calls:
        if call.circuit != circuit:
            continue
        if call.key == key:
            return call
        shared_ns = min(call.ended_ns or ended_ns, ended_ns) - max(call.begun_ns, begun_ns)
        if shared_ns > most_ns:
            best, most_ns = call, shared_ns
    return best


class RawStreamFiles:
    """The files of one raw stream: captures of frames (SS7, HDLC), or the octets of timeslots as they are.

    A stream of 2 Mbit/s is one stream over all its timeslots: what is handed in are the frames found in its octets in the
    order of the line, timeslot after timeslot.
    """

    def __init__(self, root: Path, trunk: trunks.Trunk, index: int) -> None:
        self.settings = trunk.raw[index]
        self._folder = folder_of(root, trunk) / f"stream-{index + 1}"
        self._rotations: dict[tuple[int, int], Rotation] = {}
        self._expected: dict[tuple[int, int], int] = {}
        is_ss7 = self.settings.stream in (trunks.StreamKind.SS7_64K, trunks.StreamKind.SS7_2M)
        self._link_type = pcapng.MTP2 if is_ss7 else pcapng.OURS

    def frame(self, port: int, timeslot: int, at_ns: int, octets: bytes) -> None:
        """Write a frame; fill-in units are left out."""
        if self._link_type == pcapng.MTP2 and self._is_fill_in(octets):
            return
        rotation = self._rotation(port, timeslot, SUFFIX)
        source = pcapng.Source(self.settings.e1 - 1, port, timeslot, self._link_type)
        if rotation.needs_file(at_ns):
            rotation.begin(at_ns, pcapng.section() + pcapng.interface(source))
        rotation.write(at_ns, pcapng.packet(0, at_ns, octets))

    def octets(self, port: int, timeslot: int, at_ns: int, octets: bytes) -> None:
        """Write what a timeslot carried, 8000 octets a second; a file never bridges a gap, so offset is time."""
        rotation = self._rotation(port, timeslot, ".raw")
        expected = self._expected.get((port, timeslot))
        has_gap = expected is None or abs(at_ns - expected) > _GAP_NS
        if has_gap or rotation.needs_file(at_ns):
            rotation.begin(at_ns, b"")
            expected = at_ns
        rotation.write(at_ns, octets)
        self._expected[port, timeslot] = (expected or at_ns) + len(octets) * _OCTET_NS

    def flush(self) -> None:
        """To be called about once a second."""
        for rotation in self._rotations.values():
            rotation.flush()

    def close(self) -> None:
        """End the files."""
        for rotation in self._rotations.values():
            rotation.close()

    def _is_fill_in(self, octets: bytes) -> bool:
        if self.settings.stream is trunks.StreamKind.SS7_2M:
            return len(octets) >= 6 and not (octets[4] or octets[5] & 1)
        return mtp.is_fill_in(octets)

    def _rotation(self, port: int, timeslot: int, suffix: str) -> Rotation:
        found = self._rotations.get((port, timeslot))
        if found is None:
            is_one = self.settings.stream is trunks.StreamKind.SS7_2M
            count = 2 * (1 if is_one else len(self.settings.timeslots))
            found = self._rotations[port, timeslot] = Rotation(
                self._folder / f"port-{port}-timeslot-{timeslot:02}",
                suffix,
                keep_days=None,
                keep_bytes=max(self.settings.most_mib * _MIB // count, 4096),
            )
        return found


_OCTET_NS = 125_000
_GAP_NS = 100_000_000
