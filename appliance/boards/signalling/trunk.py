"""The signalling of one tapped trunk: frames, bits and tones of both directions in, calls out.

Pure: no clock, no file. What is heard goes in by `frame`, `bits` and `tone` as the boards deliver it, port by port and
batch by batch; it is put into the order of time and understood in `tick`, a moment later (`SETTLE_NS`), so that
an answer is never read before its question. `register_phase` alone answers at once.
Whatever is heard, nothing is raised: what cannot be understood is told as `Trouble`.
"""

from operator import itemgetter

import msgspec

from appliance.boards.signalling import mtp
from appliance.boards.signalling.calls import Calls
from appliance.boards.signalling.events import Circuit, TrunkEvent
from appliance.boards.signalling.isdn import Isdn
from appliance.boards.signalling.r2 import R2, RegisterPhase
from appliance.boards.signalling.ss7 import Ss7
from appliance.core.errors import BadMessage
from appliance.settings import trunks

SETTLE_NS = 400_000_000
"""How far the ports of a trunk may be behind one another."""
SILENT_NS = 150_000_000_000
"""Links say something at least every ten seconds (ISDN) or ninety (SS7 with repeated units left out)."""
_EXPIRE_NS = 500_000_000
_FEW = 5

_Frame = tuple[int, int, int, bytes]
_Bits = tuple[int, int, int, int]
_Tone = tuple[int, int, int, int, bool]


class Counts(msgspec.Struct, frozen=True):
    """What went through a trunk since it began; `idle` are fill-in units, `repeated` and `lost` frames with messages."""

    frames: int
    idle: int
    messages: int
    repeated: int
    lost: int
    unreadable: int
    calls: int
    live: int


class _Listening:
    """When one direction of one link was last heard, and how often."""

    __slots__ = ("count", "is_told", "last_ns")

    def __init__(self) -> None:
        self.count = 0
        self.last_ns = 0
        self.is_told = False


class Trunk:
    """One trunk as it is set."""

    def __init__(self, settings: trunks.Trunk) -> None:
        self.settings = settings
        self._calls = Calls(settings)
        signalling = settings.signalling
        self._frames: Isdn | Ss7 | None = None
        self._is_ss7 = False
        self._r2: R2 | None = None
        if isinstance(signalling, trunks.Isdn):
            self._frames = Isdn(settings, self._calls)
        elif isinstance(signalling, trunks.Ss7):
            self._frames = Ss7(settings, signalling, self._calls)
            self._is_ss7 = True
        elif isinstance(signalling, trunks.R2):
            self._r2 = R2(signalling, self._calls)
        self._phase = RegisterPhase()
        self._waiting: list[tuple[int, _Frame | _Bits | _Tone]] = []
        self._listening: dict[tuple[int, int, int], _Listening] = {}
        self._began_ns = 0
        self._expired_ns = 0
        self._count = self._idle = self._unreadable = 0

    def frame(self, port: int, timeslot: int, at_ns: int, octets: bytes, e1: int = 0) -> None:
        """A frame of a D-channel or signalling link, without flags and check sequence."""
        if self._frames is None:
            return
        self._count += 1
        key = (e1, timeslot, port)
        listening = self._listening.get(key)
        if listening is None:
            listening = self._listening[key] = _Listening()
        listening.count += 1
        listening.last_ns = at_ns
        if self._is_ss7 and mtp.is_fill_in(octets):
            self._idle += 1
            return
        self._waiting.append((at_ns, (e1, port, timeslot, octets)))

    def bits(self, port: int, timeslot: int, at_ns: int, abcd: int, e1: int = 0) -> None:
        """The line signal of a timeslot has changed to these four bits (A = 8)."""
        if self._r2 is None:
            return
        self._phase.change(e1, timeslot, port, at_ns, abcd)
        self._waiting.append((at_ns, (e1, port, timeslot, abcd)))

    def tone(
        self, port: int, timeslot: int, at_ns: int, signal: int, *, is_forward: bool, e1: int = 0
    ) -> None:
        """A register signal (1 … 15) began to be heard."""
        if self._r2 is None:
            return
        at_ns = self._phase.time_of(e1, timeslot, at_ns)
        self._waiting.append((at_ns, (e1, port, timeslot, signal, is_forward)))

    def register_phase(self, timeslot: int, e1: int = 0) -> int | None:
        """The port on which forward register signals may be heard now, and backward ones on the other; None: neither."""
        return self._phase.forward_port(e1, timeslot)

    def tick(self, now_ns: int) -> list[TrunkEvent]:
        """What can be told by now; to be called after each batch, and at least once a second.

        `now_ns` is the time of the newest sample that was delivered, not the time of day.
        """
        self._began_ns = self._began_ns or now_ns
        self._understand(now_ns - SETTLE_NS)
        if not 0 <= now_ns - self._expired_ns < _EXPIRE_NS:
            self._expired_ns = now_ns
            self._calls.expire(now_ns - SETTLE_NS)
            if self._r2 is not None:
                self._r2.expire(now_ns - SETTLE_NS)
            elif isinstance(self._frames, Isdn):
                self._frames.forget()
            self._look_for_silence(now_ns)
        return self._told()

    def drain(self) -> list[TrunkEvent]:
        """What is left when nothing more will come; calls that are up stay up."""
        self._understand(None)
        for call in list(self._calls.live.values()):
            self._calls.finish(call)
        return self._told()

    def counts(self) -> Counts:
        """For the page and the metrics."""
        messages = repeated = lost = 0
        if self._frames is not None:
            messages, repeated, lost = self._frames.counts()
        elif self._r2 is not None:
            messages = self._r2.signals
        return Counts(
            frames=self._count,
            idle=self._idle,
            messages=messages,
            repeated=repeated,
            lost=lost,
            unreadable=self._unreadable,
            calls=self._calls.begun,
            live=len(self._calls.live),
        )

    def _told(self) -> list[TrunkEvent]:
        events, self._calls.events = self._calls.events, []
        return events

    def _understand(self, until_ns: int | None) -> None:
        waiting = self._waiting
        if not waiting:
            return
        waiting.sort(key=itemgetter(0))
        due = len(waiting)
        if until_ns is not None:
            due = next((index for index, one in enumerate(waiting) if one[0] > until_ns), due)
        for at_ns, heard in waiting[:due]:
            self._hear(at_ns, heard)
        del waiting[:due]

    def _hear(self, at_ns: int, heard: _Frame | _Bits | _Tone) -> None:
        e1, port, timeslot = heard[0], heard[1], heard[2]
        if self._r2 is not None:
            circuit = Circuit(e1, timeslot)
            if len(heard) == 5:
                self._r2.tone(circuit, port, at_ns, heard[3], is_forward=heard[4])
            elif isinstance(heard[3], int):
                self._r2.bits(circuit, port, at_ns, heard[3])
        elif self._frames is not None and isinstance(heard[3], bytes):
            try:
                self._frames.frame(e1, port, timeslot, at_ns, heard[3])
            except BadMessage as error:
                self._unreadable += 1
                layer = "SS7" if self._is_ss7 else "ISDN"
                self._calls.trouble("unreadable", at_ns, layer=layer, problem=error.facts.get("problem", ""))

    def _look_for_silence(self, now_ns: int) -> None:
        """Tell once of a direction that is silent, and again after it was heard in between."""
        for (e1, timeslot, port), listening in list(self._listening.items()):
            other = self._listening.get((e1, timeslot, 1 - port))
            if (
                other is None
                and listening.count >= _FEW
                and not listening.is_told
                and now_ns - self._began_ns >= SILENT_NS
            ):
                listening.is_told = True
                self._calls.trouble("one-direction", now_ns, port=1 - port)
            elif other is not None:
                is_silent = now_ns - listening.last_ns >= SILENT_NS
                if is_silent and not listening.is_told:
                    self._calls.trouble("silent", now_ns, timeslot=timeslot, port=port)
                listening.is_told = is_silent
