"""A call on a line or a trunk and everything known of it: its sound by positions, its story, its recording's control.

Source: ITU-T Q.850 (causes), E.164 (numbers)
"""

from typing import NamedTuple

from appliance.boards.history import Anchor, History
from appliance.core.clock import from_ns, sortable_id
from appliance.core.text import Text
from appliance.domain.bundle import Manifest, Message
from appliance.domain.call import Call, CallEvent, CallState, DataType, Direction, Party, Side
from appliance.domain.control import Control, ControlNow, ControlState, Course, Verb, advance, present
from appliance.domain.ledger import Mark, Reason
from appliance.domain.line import RATE_HZ, Gap, Line, LineLaw
from appliance.domain.policy import Decision, Ground

MAX_EVENTS = 2000
MAX_MESSAGES = 500
MAX_GAPS = 1000
_MARKS = {Verb.PAUSE: Mark.PAUSED, Verb.STOP: Mark.STOPPED, Verb.KEEP: Mark.KEPT}


class Source(NamedTuple):
    """Where a line of a bundle comes from: a channel, whose words are on it, and how it is to be treated."""

    place: int
    number: int
    law: LineLaw
    side: Side | None = None
    agc: bool = False


class Origin(NamedTuple):
    """A source on its board: where its samples are, and a moment of its clock."""

    source: Source
    history: History
    anchor: Anchor


class Recorded:
    """One line of a call's bundle: samples from `begin` on, of which those before `taken` went to the spool."""

    __slots__ = ("anchor", "begin", "file", "gaps", "history", "source", "taken")

    def __init__(self, source: Source, file: str, begin: int, history: History, anchor: Anchor) -> None:
        """`anchor`: of the board of this line, when the call began."""
        self.source = source
        self.history = history
        self.anchor = anchor
        self.file = file
        self.begin = begin
        self.taken = begin
        self.gaps: list[Gap] = []

    def place_of(self, ns: int) -> int:
        """The position on its board of a moment."""
        return self.anchor.at + (ns - self.anchor.ns) * RATE_HZ // 1_000_000_000

    def lost(self, history: History, at: int, samples: int) -> None:
        """Samples that its board lost; silence stands for them."""
        if history is self.history and len(self.gaps) < MAX_GAPS:
            self.gaps.append(Gap(at=max(0, at - self.begin), samples=samples))

    def length_until(self, call: "LineCall") -> int:
        """How many samples its file has to hold when the call is over."""
        end = self.taken if call.ended is None else self.place_of(call.ns_of(call.ended))
        return max(0, min(end, self.taken) - self.begin)


class LineCall:
    """A call that is up, or lingers until its bundle is handed over. Positions are samples of its board's clock."""

    __slots__ = (
        "anchor",
        "call",
        "channel",
        "control",
        "course",
        "dialled_at",
        "ended",
        "events_full",
        "identity",
        "is_changed",
        "lines",
        "loud_since",
        "marks",
        "messages",
        "mixed",
        "origins",
        "paused_at",
        "policy",
        "pressed",
        "reason",
        "shown_at",
        "started",
    )

    def __init__(
        self,
        anchor: Anchor,
        at: int,
        data_type: DataType,
        channel: int,
        caller: Party,
        callee: Party,
        direction: Direction,
    ) -> None:
        ns = anchor.ns_of(at)
        call_id = sortable_id(ns)
        self.anchor = anchor
        self.started = at
        self.channel = channel
        self.call = Call(
            call_id=call_id,
            sip_call_id="",
            interaction_id=call_id,
            caller=caller,
            callee=callee,
            started_at=from_ns(ns),
            direction=direction,
            transport="",
            data_type=data_type,
        )
        self.policy: Decision | None = None
        self.control: list[Control] = []
        self.course = Course(ControlState.RECORDING)
        self.origins: list[Origin] = []
        self.lines: list[Recorded] = []
        self.messages: list[Message] = []
        self.marks: set[Mark] = set()
        self.reason: Reason | None = None
        self.mixed = False
        self.ended: int | None = None
        self.is_changed = True
        self.loud_since: int | None = None
        self.paused_at: int | None = None
        self.pressed: tuple[str, int] = ("", 0)
        self.dialled_at = at
        self.identity = ""
        self.shown_at = 0.0
        self.events_full = False

    @property
    def call_id(self) -> str:
        """Our id, which is the bundle's name."""
        return self.call.call_id

    @property
    def is_audible(self) -> bool:
        """Whether what is said now may be stored."""
        state = self.course.state
        waits = state is ControlState.IDLE and self.policy is not None and self.policy.look_back
        return state is ControlState.RECORDING or waits

    @property
    def is_withheld(self) -> bool:
        """Whether an order or a rule keeps what is said out of other channels' recordings, too."""
        state, policy = self.course.state, self.policy
        if state is ControlState.EXCLUDED:
            return (
                policy is not None
                and policy.reason is Reason.POLICY
                and policy.ground is not Ground.CHANNEL_OFF
            )
        return state in (ControlState.PAUSED, ControlState.STOPPED, ControlState.DISCARDED)

    @property
    def control_now(self) -> ControlNow | None:
        """What a page shows of the recording's control."""
        return present(self.course) if self.policy is not None else None

    def ns_of(self, at: int) -> int:
        """The moment of a position, by the board's clock since the call began: whoever sets the box's clock changes nothing."""
        return self.anchor.ns_of(at)

    def position_of(self, ns: int) -> int:
        """The position of a moment."""
        return self.anchor.at + (ns - self.anchor.ns) * RATE_HZ // 1_000_000_000

    def note(self, kind: str, at: int, side: Side | None = None, detail: str = "") -> None:
        """Add to the story of the call; bounded."""
        if len(self.call.events) < MAX_EVENTS:
            event = CallEvent(at=from_ns(self.ns_of(at)), kind=kind, side=side, detail=detail[:200])
            self.call.events.append(event)
            self.is_changed = True

    def message(self, message: Message) -> None:
        """One more step of the signalling's ladder; bounded."""
        if len(self.messages) < MAX_MESSAGES:
            self.messages.append(message)
            self.is_changed = True

    def mark(self, mark: Mark) -> None:
        """Something special about this call."""
        if mark not in self.marks:
            self.marks.add(mark)
            self.is_changed = True

    def rang(self, at: int) -> None:
        """The other end is being rung."""
        if self.call.state is CallState.TRYING:
            self.call.state = CallState.RINGING
        if self.call.ringing_at is None:
            self.call.ringing_at = from_ns(self.ns_of(at))
            self.note("ringing", at)

    def answered(self, at: int, detail: str = "") -> None:
        """Talk began; told again, the later moment holds."""
        if self.ended is not None:
            return
        self.call.state = CallState.UP
        self.call.answered_at = from_ns(self.ns_of(at))
        self.note("answered", at, detail=detail)

    def over(self, at: int, reason: Reason, by: Side | None = None) -> None:
        """The call ended; `reason` holds when it was never answered."""
        if self.ended is not None:
            return
        self.ended = max(at, self.started)
        self.call.state = CallState.ENDED
        ended_at = from_ns(self.ns_of(self.ended))
        self.call.ended_at = max(ended_at, self.call.answered_at or self.call.started_at)
        self.call.ended_by = by
        if self.call.answered_at is None and self.reason is None:
            self.reason = reason
        self.note("bye", self.ended, by)

    def obey(self, verb: Verb, by: str, why: str, at: int) -> Text | None:
        """Obey an order; why it is refused, None when it was obeyed."""
        after = advance(self.course, verb)
        if isinstance(after, Text):
            return after
        self.course = after
        moment = max([from_ns(self.ns_of(at)), *[one.at for one in self.control[-1:]]])
        self.control.append(Control(at=moment, verb=verb, by=by, why=why[:500]))
        if verb in _MARKS:
            self.mark(_MARKS[verb])
        if after.state is ControlState.PAUSED:
            self.paused_at = at if self.paused_at is None else self.paused_at
        else:
            self.paused_at = None
        self.is_changed = True
        return None

    def manifest(self, interface: str, *, complete: bool) -> Manifest:
        """Everything known, as it is written beside the sound."""
        return Manifest(
            call=self.call,
            complete=complete,
            interface=interface,
            messages=self.messages,
            marks=sorted(self.marks),
            reason=self.reason,
            policy=self.policy,
            control=self.control,
            lines=[self._line(one) for one in self.lines],
            mixed=self.mixed,
        )

    def _line(self, one: Recorded) -> Line:
        return Line(
            file=one.file,
            law=one.source.law,
            starts_at=from_ns(one.anchor.ns_of(one.begin)),
            channel=one.source.number,
            side=one.source.side,
            agc=one.source.agc,
            gaps=list(one.gaps),
        )
