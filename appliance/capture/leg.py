"""One call while it is being captured: what signalling and media say of it becomes the manifest's content.

Tracker events and engine events come in; the call's facts, its payload table, its ladder and the addresses that have to
be bound come out. Nothing here touches the engine or the disk, so that recovery can run the same code over a bundle.

Source: RFC 3261 §13 and §15, RFC 3264 §6 and §8, RFC 8866 §6.6
"""

import ipaddress
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from appliance.capture.seen import DtmfSeen, StreamCount, StreamSeen, endpoint, side_of
from appliance.core.clock import from_ns, to_ns
from appliance.domain.bundle import Manifest, Message, Payload, Stream, StreamKind
from appliance.domain.call import Call, CallEvent, CallState, Party, Side
from appliance.domain.control import Control, ControlNow, ControlState, Course, present
from appliance.domain.interaction import MAX_RELATED, Relation
from appliance.domain.ledger import Mark, Reason, reason_of_failure
from appliance.domain.policy import Decision
from appliance.domain.quality import CaptureDrops
from appliance.sip import events
from appliance.sip.aliases import Aliases
from appliance.sip.carried import is_taken_elsewhere
from appliance.sip.events import Cause
from appliance.sip.message import Message as SipMessage
from appliance.sip.sdp import STATIC, Format, Media, Session, spoken_to

_EARLY = timedelta(milliseconds=200)  # the callee's first packets may overtake its own 200
MAX_DROPS = 500
MAX_EVENTS = 1000
MAX_MESSAGES = 1000
MAX_PAYLOADS = 500
MAX_CANDIDATES = 16

_REASON_OF_END = {
    Cause.CANCELLED: Reason.CANCELLED,
    Cause.NO_ANSWER: Reason.NO_ANSWER,
    Cause.EVICTED: Reason.CAPTURE_LOSS,
    Cause.SILENT: Reason.NO_ANSWER,
    Cause.STOPPED: Reason.INTERRUPTED,
    Cause.BYE: Reason.CANCELLED,
    Cause.FAILED: Reason.FAILED,
}


class Binding(NamedTuple):
    """Where `listener` receives, and what is spoken to it there."""

    listener: Side
    address: str
    port: int
    rtcp_port: int
    formats: tuple[Format, ...]


class Leg:
    """A call and everything known of it so far. `key` is the tracker's, 0 while only its media is known.

    Units: times in nanoseconds since the epoch, as captured. `close_at_ns` is 0 while the call is up.
    """

    __slots__ = (
        "_addresses",
        "_aliases",
        "_described",
        "_encodings",
        "_is_elsewhere",
        "_lost",
        "_sessions",
        "_spoken",
        "_video",
        "bindings",
        "call",
        "caller_tag",
        "capture_drops",
        "close_at_ns",
        "codecs",
        "control",
        "course",
        "held",
        "is_changed",
        "is_muted",
        "keeps_keys",
        "key",
        "last_media_ns",
        "last_signal_ns",
        "marks",
        "messages",
        "other_media",
        "payloads",
        "policy",
        "reason",
        "resumed_ns",
        "ssrcs",
        "streams",
        "swapped",
        "timed_out",
    )

    def __init__(self, call: Call, key: int, at_ns: int, aliases: Aliases | None = None) -> None:
        self.call = call
        self.key = key
        self.caller_tag = ""
        self.payloads: list[Payload] = []
        self.messages: list[Message] = []
        self.marks: set[Mark] = set()
        self.reason: Reason | None = None
        self.streams: list[Stream] = []
        self.capture_drops: list[CaptureDrops] = []
        self.codecs: dict[str, str] = {}
        self.bindings: dict[tuple[Side, str, int], Binding] = {}
        self.other_media: set[tuple[str, int]] = set()
        self.held: set[Side] = set()
        self.ssrcs: set[int] = set()
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
        self._described: dict[tuple[Side, int], Media] = {}
        self._sessions: dict[Side, Session] = {}
        self._encodings: dict[tuple[Side, int], Format] = {}
        self._spoken: dict[Side, int] = {}
        self._addresses: dict[tuple[str, int], Side] = {}
        self._aliases = aliases or Aliases()
        self._lost: set[str] = set()
        self._video: dict[tuple[Side, int], Format] = {}
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

    def relate(self, relation: Relation) -> None:
        """Note that another call is of the same conversation."""
        known = self.call.related
        if len(known) < MAX_RELATED and not any(
            (one.kind, one.call_id, one.sip_call_id)
            == (relation.kind, relation.call_id, relation.sip_call_id)
            for one in known
        ):
            known.append(relation)
            self.is_changed = True

    @property
    def expects_audio(self) -> bool:
        """Whether both sides have an audio line now; a call that turned to a fax has none for as long as it lasts."""
        return all(session.audio is not None for session in self._sessions.values())

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
        self.ssrcs.add(seen.ssrc)
        self.last_media_ns = max(self.last_media_ns, seen.at_ns)
        self._spoken[side] = seen.pt
        self._name_codec(side)
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
        self.streams = [self._stream(count) for count in counts if count.packets]
        for count in counts:
            self.last_media_ns = max(self.last_media_ns, count.last_ns)
        if any(stream.snapped for stream in self.streams):
            self.mark(Mark.SNAPPED)
        answered_at = self.call.answered_at
        heard = [stream.first_at for stream in self.streams if stream.kind is StreamKind.AUDIO]
        if heard and (answered_at is None or min(heard) < answered_at - _EARLY):
            self.mark(Mark.EARLY_MEDIA)
        if answered_at is not None and self.last_media_ns and Mark.NO_BYE in self.marks:
            self.call.ended_at = max(answered_at, from_ns(self.last_media_ns))

    def speaker_between(self, source: tuple[str, int], destination: tuple[str, int]) -> Side | None:
        """Who speaks in a stream between two addresses; None when neither address is the call's."""
        listener = self._addresses.get(destination)
        return listener.other if listener is not None else self._addresses.get(source)

    def listener_at(self, address: str, port: int) -> Side | None:
        """Who receives media there."""
        return self._addresses.get((address, port))

    def encoding(self, side: Side, payload_type: int) -> Format:
        """What a payload type means in the mouth of `side`; encoding "" when it was never described."""
        return self._encodings.get((side, payload_type)) or Format(payload_type=payload_type)

    def kind_of(
        self, side: Side, source: str, destination: str, payload_type: int, last_ns: int
    ) -> StreamKind:
        """What a stream spoken by `side` between two "ip:port", heard last at `last_ns`, is to the recording.

        Video is told by a payload type that no audio of that side uses: it may share the port (RFC 8843).
        """
        if last_ns < to_ns(self.call.started_at) and Mark.JOINED_LATE not in self.marks:
            return StreamKind.EARLIER_CALL
        if source in self._lost or destination in self._lost:
            return StreamKind.LOST_BRANCH
        is_video = (side, payload_type) in self._video and (side, payload_type) not in self._encodings
        return StreamKind.VIDEO if is_video else StreamKind.AUDIO

    def hear(
        self, listener: Side, address: str, port: int, formats: tuple[Format, ...], at_ns: int
    ) -> Binding:
        """A binding that no description announced: media seen without signalling."""
        self._learn(listener.other, formats, at_ns)
        return self._bound(Binding(listener, address, port, port + 1, formats))

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

    @property
    def is_encrypted(self) -> bool:
        """Whether the descriptions seen agree on SRTP; an offer that was declined does not count.

        Source: RFC 4568 §5.1
        """
        return bool(self._sessions) and all(session.is_encrypted for session in self._sessions.values())

    @property
    def crypto(self) -> dict[Side, list[str]]:
        """The a=crypto values that stood in clear beside the audio, by who encrypts with them; empty when not encrypted.

        Source: RFC 4568 §6.1
        """
        if not self.is_encrypted:
            return {}
        found = {
            side: [line for media in session.audios for line in media.crypto]
            for side, session in self._sessions.items()
        }
        return {side: lines for side, lines in found.items() if lines}

    def manifest(self, interface: str, *, complete: bool) -> Manifest:
        """Everything known, as it is written beside the media."""
        return Manifest(
            call=self.call,
            complete=complete,
            interface=interface,
            payloads=self.payloads,
            streams=self.streams,
            messages=self.messages,
            marks=sorted(self.marks),
            reason=self.reason,
            capture_drops=list(self.capture_drops),
            policy=self.policy,
            control=self.control,
        )

    def _stream(self, count: StreamCount) -> Stream:
        side = count.speaker
        kind = self.kind_of(side, count.src, count.dst, count.pt, count.last_ns)
        known = self._video[side, count.pt] if kind is StreamKind.VIDEO else self.encoding(side, count.pt)
        clock_hz = known.clock_hz or count.clock_hz
        return Stream(
            side=side,
            source=count.src,
            destination=count.dst,
            ssrc=count.ssrc,
            payload_type=count.pt,
            encoding=known.encoding,
            clock_hz=clock_hz,
            packets=count.packets,
            bytes=count.bytes,
            expected=count.expected,
            lost=max(0, count.lost),
            duplicates=count.duplicates,
            snapped=count.snapped,
            reordered=count.reordered,
            jitter_ms=round(count.jitter_ms, 3),
            first_at=from_ns(count.first_ns),
            last_at=from_ns(count.last_ns),
            kind=kind,
        )

    def _name_codec(self, side: Side) -> None:
        """What a side speaks now. Its stream may be seen before the answer that describes it."""
        payload_type = self._spoken.get(side, -1)
        found = self._encodings.get((side, payload_type)) or STATIC.get(payload_type)
        if found is not None and not found.is_event:
            self.codecs[side.value] = found.encoding

    def _side(self, side: Side) -> Side:
        return side.other if self.swapped else side

    def _bound(self, binding: Binding) -> Binding:
        self.bindings[binding.listener, binding.address, binding.port] = binding
        self._addresses[binding.address, binding.port] = binding.listener
        return binding

    def _learn(self, speaker: Side, formats: tuple[Format, ...], at_ns: int) -> None:
        for row in formats:
            if self._encodings.get((speaker, row.payload_type)) == row or not row.encoding:
                continue
            self._encodings[speaker, row.payload_type] = row
            self._name_codec(speaker)
            if len(self.payloads) < MAX_PAYLOADS:
                self.payloads.append(
                    Payload(
                        at=from_ns(at_ns),
                        side=speaker,
                        payload_type=row.payload_type,
                        encoding=row.encoding,
                        clock_hz=row.clock_hz,
                        channels=row.channels,
                        fmtp=row.fmtp,
                    )
                )

    def _media_described(self, event: events.MediaDescribed) -> list[Binding]:
        side = self._side(event.side)
        self._sessions[side] = event.session
        for media in event.session.media:
            if media.kind != "audio" and media.address and not media.is_rejected:
                self.other_media.add((media.address, media.port))
                self._lost.discard(endpoint(media.address, media.port))
            if media.kind == "video":
                self._video.update({(side.other, row.payload_type): row for row in media.formats})
        found: list[Binding] = []
        for index, media in enumerate(event.session.audios):
            self._lost.discard(endpoint(media.address, media.port))
            before = self._described.get((side, index))
            self._described[side, index] = media
            if before is not None and self.is_answered and _main(before) != _main(media):
                self.note("codec", event.at_ns, side, _main(media))
                self.mark(Mark.CODEC_CHANGED)
            peer = self._described.get((side.other, index))
            found.extend(self._described_as(side, media, peer, event.at_ns))
            if peer is not None:
                found.extend(self._described_as(side.other, peer, media, event.at_ns))
        return found

    def _described_as(self, listener: Side, media: Media, peer: Media | None, at_ns: int) -> list[Binding]:
        """The bindings of one media line that do not stand already: its address, its candidates, their aliases.

        Source: RFC 8839 §5.1 (candidates)
        """
        if media.is_null or not media.address:
            return []
        formats = spoken_to(media, peer)
        self._learn(listener.other, formats, at_ns)
        rtcp_port = media.port if media.rtcp_mux else media.rtcp_port or media.port + 1
        wanted = [(media.address, media.port, rtcp_port)]
        for address, port in media.candidate_ports[:MAX_CANDIDATES]:
            if _is_address(address) and 0 < port < 65535 and (address, port) != (media.address, media.port):
                wanted.append((address, port, port if media.rtcp_mux else port + 1))
        wanted += [
            (other, port, rtcp) for address, port, rtcp in wanted for other in self._aliases.others(address)
        ]
        found: list[Binding] = []
        for place in dict.fromkeys(wanted):
            binding = Binding(listener, *place, formats)
            if self.bindings.get(binding[:3]) != binding:
                found.append(self._bound(binding))
        return found

    def _branch_lost(self, event: events.BranchLost) -> None:
        """What was heard of a telephone that rang along is no part of the call, unless the winner took its place."""
        stays = {
            (media.address, media.port)
            for session in self._sessions.values()
            if session is not event.session
            for media in session.audios
        }
        for media in event.session.audios:
            if (media.address, media.port) not in stays:
                self._lost.add(endpoint(media.address, media.port))

    def _ringing(self, event: events.Ringing) -> None:
        if self.call.state is CallState.TRYING:
            self.call.state = CallState.RINGING
        self.call.ringing_at = self.call.ringing_at or from_ns(event.at_ns)
        self.note("ringing", event.at_ns)

    def _early_media(self, event: events.EarlyMedia) -> None:
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
        if self.resumed_ns and event.cause is Cause.BYE and not self.is_answered:
            self.note("answered", self.resumed_ns, detail="inferred")  # while nobody recorded
            self.call.answered_at, self.call.status_code = from_ns(self.resumed_ns), 200
        if event.cause is Cause.BYE:
            self.note("bye", event.at_ns, by)
        elif event.cause in (Cause.SILENT, Cause.NO_ANSWER, Cause.EVICTED):
            self.note("timeout", event.at_ns, detail=event.cause.value)
        if event.status_code:
            self.call.status_code = event.status_code
        if self.is_answered:
            if event.cause is not Cause.BYE:
                self.mark(Mark.NO_BYE)
        elif event.cause is Cause.FAILED:
            self.reason = reason_of_failure(event.status_code)
        elif event.cause is Cause.CANCELLED and self._is_elsewhere:
            self.reason = Reason.ELSEWHERE
        else:
            self.reason = _REASON_OF_END[event.cause]
        self._finish(event.at_ns, by)

    def _finish(self, at_ns: int, by: Side | None = None) -> None:
        at = from_ns(at_ns)
        self.call.state = CallState.ENDED
        self.call.ended_at = max(at, self.call.answered_at or self.call.started_at)
        self.call.ended_by = by
        self.held.clear()
        if self.is_answered and self.is_encrypted:
            self.reason = Reason.ENCRYPTED
        self.is_changed = True


def _main(media: Media) -> str:
    """The first audio format's name, in capitals."""
    return next((row.encoding.upper() for row in media.formats if not row.is_event), "")


def _is_address(text: str) -> bool:
    """Whether it is an IP address; candidates may also be names (RFC 8839 §5.1)."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


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
