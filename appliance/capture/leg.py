"""One call while it is being captured: what signalling and media say of it becomes the manifest's content.

Tracker events and engine events come in; the call's facts, its ladder and the addresses that have to be bound (see
`announced.py`) come out. Nothing here touches the engine or the disk, so that recovery can run the same code over a bundle.

Source: RFC 3261 §13 and §15, RFC 3264 §8
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from appliance.capture.announced import AnnouncedMedia, Binding
from appliance.capture.endings import missed_answer_ns, reason_of
from appliance.capture.seen import DtmfSeen, StreamCount, StreamSeen, side_of
from appliance.core.clock import from_ns, to_ns
from appliance.domain.bundle import Manifest, Message, Stream, StreamKind
from appliance.domain.call import Call, CallEvent, CallState, Party, Side
from appliance.domain.control import Control, ControlNow, ControlState, Course, present
from appliance.domain.ledger import Mark, Reason
from appliance.domain.policy import Decision
from appliance.domain.quality import CaptureDrops
from appliance.sip import events
from appliance.sip.aliases import Aliases
from appliance.sip.carried import is_taken_elsewhere
from appliance.sip.events import Cause
from appliance.sip.message import Message as SipMessage

_EARLY = timedelta(milliseconds=200)  # the callee's first packets may overtake its own 200
_SET_BACK = timedelta(seconds=0.5)  # a BYE so much before the answer was stamped by a clock that had been set
MAX_DROPS = 500
MAX_EVENTS = 1000
MAX_MESSAGES = 1000


class Leg:
    """A call and everything known of it so far. `key` is the tracker's, 0 while only its media is known.

    Units: times in nanoseconds since the epoch, as captured. `close_at_ns` is 0 while the call is up.
    """

    __slots__ = (
        "_heard_ns",
        "_is_elsewhere",
        "call",
        "caller_tag",
        "capture_drops",
        "close_at_ns",
        "control",
        "course",
        "has_early_media",
        "heard",
        "held",
        "is_changed",
        "is_muted",
        "keeps_keys",
        "key",
        "last_media_ns",
        "last_signal_ns",
        "marks",
        "media",
        "messages",
        "policy",
        "reason",
        "resumed_ns",
        "streams",
        "swapped",
        "timed_out",
    )

    def __init__(self, call: Call, key: int, at_ns: int, aliases: Aliases | None = None) -> None:
        self.call = call
        self.key = key
        self.caller_tag = ""
        self.media = AnnouncedMedia(aliases)
        self.messages: list[Message] = []
        self.marks: set[Mark] = set()
        self.reason: Reason | None = None
        self.streams: list[Stream] = []
        self.capture_drops: list[CaptureDrops] = []
        self.held: set[Side] = set()
        self.heard: set[tuple[int, str]] = set()  # SSRC and source of each stream
        self.last_media_ns = 0
        self.last_signal_ns = at_ns
        self.close_at_ns = 0
        self.is_changed = True
        self.policy: Decision | None = None
        self.control: list[Control] = []
        self.course = Course(ControlState.RECORDING)
        self.is_muted = False
        self.keeps_keys = True
        self.resumed_ns = 0
        self.swapped = False
        self.timed_out = False
        self.has_early_media = False
        self._heard_ns: dict[Side, int] = {}
        self._is_elsewhere = False

    @property
    def call_id(self) -> str:
        """Our id, which is the bundle's name."""
        return self.call.call_id

    @property
    def is_ended(self) -> bool:
        """Whether the call is over; its bundle may still linger."""
        return self.call.state is CallState.ENDED

    @property
    def is_answered(self) -> bool:
        """Whether talk has begun."""
        return self.call.answered_at is not None

    @property
    def is_talked_on(self) -> bool:
        """Whether it is answered, or its answer was missed: both sides are heard, and nobody announced early media."""
        return self.is_answered or (len(self._heard_ns) == len(Side) and not self.has_early_media)

    def apply(self, event: events.Event) -> list[Binding]:
        """Take in what the tracker found; the addresses that must be bound (again) for it."""
        self.last_signal_ns = max(self.last_signal_ns, event.at_ns)
        self.is_changed = True
        if isinstance(event, events.MediaDescribed):
            return self._media_described(event)
        act = _ACTS.get(type(event))
        if act is not None:
            act(self, event)
        return []

    def note(self, kind: str, at_ns: int, side: Side | None = None, detail: str = "", ssrc: int = 0) -> None:
        """Add to the story of the call; bounded, so that a flood of digits costs no memory."""
        if len(self.call.events) < MAX_EVENTS:
            self.call.events.append(
                CallEvent(at=from_ns(at_ns), kind=kind, side=side, detail=detail[:200], ssrc=ssrc)
            )
            self.is_changed = True

    def mark(self, mark: Mark) -> None:
        """Something special about this call."""
        if mark not in self.marks:
            self.marks.add(mark)
            self.is_changed = True

    def obeyed(self, order: Control) -> None:
        """An order changed what is recorded."""
        self.control.append(order)
        self.is_changed = True

    @property
    def control_now(self) -> ControlNow | None:
        """What a page shows of the recording's control; None where no rules were asked."""
        return present(self.course) if self.policy is not None else None

    def add_message(
        self, message: SipMessage, at_ns: int, transport: str, source: str, destination: str
    ) -> None:
        """One more step of the ladder."""
        self.last_signal_ns = max(self.last_signal_ns, at_ns)
        if len(self.messages) < MAX_MESSAGES:
            self.messages.append(
                Message(
                    at=from_ns(at_ns),
                    source=source,
                    destination=destination,
                    transport=transport,
                    label=message.label,
                    cseq=f"{message.cseq} {message.method}",
                    has_sdp=message.has_sdp,
                )
            )
            self.is_changed = True

    def stream_seen(self, seen: StreamSeen) -> None:
        """A stream of this call began."""
        side = side_of(seen.side)
        self.heard.add((seen.ssrc, seen.src))
        self.last_media_ns = max(self.last_media_ns, seen.at_ns)
        self._heard_ns.setdefault(side, max(seen.at_ns, to_ns(self.call.started_at)))
        self.media.speaks(side, seen.pt)
        self.is_changed = True

    def drops_seen(self, begun_ns: int, until_ns: int, packets: int) -> None:
        """The port dropped packets while the call was up; drops that go on are one."""
        from_at, until_at = from_ns(begun_ns), from_ns(until_ns)
        if self.capture_drops and (
            self.capture_drops[-1].until_at >= from_at or len(self.capture_drops) >= MAX_DROPS
        ):
            last = self.capture_drops.pop()
            from_at, packets = last.from_at, last.packets + packets
        self.capture_drops.append(CaptureDrops(from_at=from_at, until_at=until_at, packets=packets))
        self.is_changed = True

    @property
    def notes_keys(self) -> bool:
        """Whether pressed keys may be stored: never in a pause, and not where the settings say so."""
        return self.keeps_keys and not self.is_muted

    def digit_seen(self, seen: DtmfSeen) -> None:
        """A telephone event was heard in the media; what is pressed in a pause may be the number of a card."""
        if not seen.paused and self.notes_keys:
            self.note("dtmf", seen.at_ns, side_of(seen.side), seen.digit, seen.ssrc)

    def counted(self, counts: list[StreamCount]) -> None:
        """The engine's final statistics."""
        self.streams = [
            self.media.stream(
                count, self.kind_of(count.speaker, count.src, count.dst, count.pt, count.last_ns)
            )
            for count in counts
            if count.packets
        ]
        for count in counts:
            self.last_media_ns = max(self.last_media_ns, count.last_ns)
        if any(stream.snapped for stream in self.streams):
            self.mark(Mark.SNAPPED)
        answered_at = self.call.answered_at
        heard = [stream.first_at for stream in self.streams if stream.kind is StreamKind.AUDIO]
        if heard and (answered_at is None or self._is_early(min(heard), answered_at)):
            self.mark(Mark.EARLY_MEDIA)
        if answered_at is not None and self.last_media_ns and Mark.NO_BYE in self.marks:
            self.call.ended_at = max(answered_at, from_ns(self.last_media_ns))

    def kind_of(
        self, side: Side, source: str, destination: str, payload_type: int, last_ns: int
    ) -> StreamKind:
        """What a stream spoken by `side` between two "ip:port", heard last at `last_ns`, is to the recording."""
        if last_ns < to_ns(self.call.started_at) and Mark.JOINED_LATE not in self.marks:
            return StreamKind.EARLIER_CALL
        return self.media.kind_of(side, source, destination, payload_type)

    def join(self, message: SipMessage, event: events.JoinedLate, who: tuple[Party, Party]) -> None:
        """Signalling of a call that was known by its media alone has been seen."""
        self.key = event.key
        self.call.sip_call_id = event.call_id
        self.call.transport = event.transport
        self.caller_tag = message.from_tag
        caller, callee = who
        if self.swapped:
            caller, callee = callee, caller
        self.call.caller, self.call.callee = caller, callee
        if event.answered and not self.is_answered:
            self.call.state, self.call.answered_at = CallState.UP, from_ns(event.at_ns)
        self.last_signal_ns = event.at_ns
        self.is_changed = True

    def end_silently(self, at_ns: int) -> None:
        """The end was not seen: media stopped long ago, or the capture is over."""
        self.note("timeout", at_ns)
        self.mark(Mark.NO_BYE)
        if not self.is_answered and self.reason is None:
            self.reason = Reason.INTERRUPTED
        self._finish(at_ns)

    def shift(self, jump_ns: int) -> None:
        """The wall clock was set: what is compared with it later moves along."""
        self.last_signal_ns += jump_ns
        if self.last_media_ns:
            self.last_media_ns += jump_ns
        if self.close_at_ns:
            self.close_at_ns += jump_ns

    def manifest(self, interface: str, *, complete: bool) -> Manifest:
        """Everything known, as it is written beside the media."""
        return Manifest(
            call=self.call,
            complete=complete,
            interface=interface,
            payloads=self.media.payloads,
            streams=self.streams,
            messages=self.messages,
            marks=sorted(self.marks),
            reason=self.reason,
            capture_drops=list(self.capture_drops),
            policy=self.policy,
            control=self.control,
        )

    def _is_early(self, first_at: datetime, answered_at: datetime) -> bool:
        """Whether audio came well before the answer; once the clock was set, what came after it may bear an earlier time."""
        return Mark.CLOCK_JUMP not in self.marks and first_at < answered_at - _EARLY

    def _side(self, side: Side) -> Side:
        return side.other if self.swapped else side

    def _media_described(self, event: events.MediaDescribed) -> list[Binding]:
        side = self._side(event.side)
        found = self.media.describe(side, event.session, event.at_ns)
        for name in found.changed if self.is_answered else ():
            self.note("codec", event.at_ns, side, name)
            self.mark(Mark.CODEC_CHANGED)
        return found.bindings

    def _branch_lost(self, event: events.BranchLost) -> None:
        self.media.lose(event.session)

    def _ringing(self, event: events.Ringing) -> None:
        if self.call.state is CallState.TRYING:
            self.call.state = CallState.RINGING
        self.call.ringing_at = self.call.ringing_at or from_ns(event.at_ns)
        self.note("ringing", event.at_ns)

    def _early_media(self, event: events.EarlyMedia) -> None:
        self.has_early_media = True
        self.note("early_media", event.at_ns, Side.CALLEE)

    def _answered(self, event: events.Answered) -> None:
        self.call.state = CallState.UP
        self.call.answered_at = from_ns(event.at_ns)
        self.call.status_code = 200
        self.note("answered", event.at_ns, detail="inferred" if event.inferred else "")

    def _held(self, event: events.Held) -> None:
        side = self._side(event.side)
        self.held.add(side)
        self.call.state = CallState.HELD
        self.mark(Mark.HELD)
        self.note("hold", event.at_ns, side)

    def _resumed(self, event: events.Resumed) -> None:
        side = self._side(event.side)
        self.held.discard(side)
        if not self.held and self.call.state is CallState.HELD:
            self.call.state = CallState.UP
        self.note("resume", event.at_ns, side)

    def _reoffered(self, event: events.Reoffered) -> None:
        if event.status_code == 0:
            self.note("reinvite", event.at_ns, self._side(event.side), event.method)

    def _dtmf(self, event: events.Dtmf) -> None:
        if self.notes_keys:
            self.note("dtmf", event.at_ns, self._side(event.side), event.digit)

    def _transfer(self, event: events.TransferAsked) -> None:
        self.note("transfer", event.at_ns, self._side(event.side), event.target)

    def _replaces(self, event: events.Replaces) -> None:
        self.note("transfer", event.at_ns, detail=event.other_call_id)

    def _transfer_reported(self, event: events.TransferReported) -> None:
        kind = "transferred" if event.status_code < 300 else "transfer_failed"
        self.note(kind, event.at_ns, self._side(event.side), f"{event.status_code} {event.phrase}".strip())

    def _redirected(self, event: events.Redirected) -> None:
        self.mark(Mark.REDIRECTED)
        self.note("redirected", event.at_ns, detail=event.target)

    def _forked(self, event: events.Forked) -> None:
        self.mark(Mark.FORKED)
        self.note("forked", event.at_ns)

    def _cancel(self, event: events.CancelAsked) -> None:
        self._is_elsewhere = is_taken_elsewhere(event.reason)
        self.note("cancel", event.at_ns, Side.CALLER, event.reason)

    def _ended(self, event: events.Ended) -> None:
        by = self._side(event.by) if event.by is not None else None
        missed_ns = missed_answer_ns(event, self._heard_ns.values(), self.resumed_ns)
        if missed_ns and not self.is_answered:
            self.note("answered", missed_ns, detail="inferred")
            self.call.answered_at, self.call.status_code = from_ns(missed_ns), 200
        if event.cause is Cause.BYE:
            self.note("bye", event.at_ns, by)
            if from_ns(event.at_ns) < (self.call.answered_at or self.call.started_at) - _SET_BACK:
                self.mark(Mark.CLOCK_JUMP)
        elif event.cause in (Cause.SILENT, Cause.NO_ANSWER, Cause.EVICTED):
            self.note("timeout", event.at_ns, detail=event.cause.value)
        if event.status_code:
            self.call.status_code = event.status_code
        if self.is_answered:
            if event.cause is not Cause.BYE:
                self.mark(Mark.NO_BYE)
        else:
            self.reason = reason_of(event, is_elsewhere=self._is_elsewhere)
        self._finish(event.at_ns, by)

    def _finish(self, at_ns: int, by: Side | None = None) -> None:
        at = from_ns(at_ns)
        self.call.state = CallState.ENDED
        self.call.ended_at = max(at, self.call.answered_at or self.call.started_at)
        self.call.ended_by = by
        self.held.clear()
        if self.is_answered and self.media.is_encrypted:
            self.reason = Reason.ENCRYPTED
        self.is_changed = True


_ACTS: dict[type[events.Event], Callable[[Leg, Any], None]] = {
    events.Ringing: Leg._ringing,  # noqa: SLF001 - the table belongs to the class
    events.EarlyMedia: Leg._early_media,  # noqa: SLF001
    events.Answered: Leg._answered,  # noqa: SLF001
    events.Held: Leg._held,  # noqa: SLF001
    events.Resumed: Leg._resumed,  # noqa: SLF001
    events.Reoffered: Leg._reoffered,  # noqa: SLF001
    events.Dtmf: Leg._dtmf,  # noqa: SLF001
    events.TransferAsked: Leg._transfer,  # noqa: SLF001
    events.Replaces: Leg._replaces,  # noqa: SLF001
    events.TransferReported: Leg._transfer_reported,  # noqa: SLF001
    events.BranchLost: Leg._branch_lost,  # noqa: SLF001
    events.Redirected: Leg._redirected,  # noqa: SLF001
    events.Forked: Leg._forked,  # noqa: SLF001
    events.CancelAsked: Leg._cancel,  # noqa: SLF001
    events.Ended: Leg._ended,  # noqa: SLF001
}
