"""Mirrored signalling and media become calls: the books of every call that is open.

Batches of engine events come in; bundles are opened, addresses bound, and legs come out when they changed
(`take_changed`) and when they are over (`take_due`). Time is that of the packets, never a clock's, so that a capture
file and a live port run through the same code.

Source: RFC 3261 §12-§15, RFC 3264, RFC 3550 §5.2 (a flow without signalling is told by its SSRC)
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from appliance.capture.bundles import Bundles
from appliance.capture.engine import PacketEngine
from appliance.capture.leg import Binding, Leg
from appliance.capture.orphans import Orphans
from appliance.capture.registrations import Registrations
from appliance.capture.resumption import Unfinished, Untold, heard_again, restore
from appliance.capture.seen import (
    BoundPayload,
    DiskChanged,
    DtmfSeen,
    EngineEvent,
    LinkChanged,
    OrphanSeen,
    SipSeen,
    SourceEnded,
    StreamCount,
    StreamSeen,
    side_of,
)
from appliance.capture.sightings import Sightings
from appliance.capture.supervision import Supervision
from appliance.core import log
from appliance.core.clock import from_ns, sortable_id, to_ns
from appliance.core.errors import BadMessage
from appliance.domain.call import Call, CallState, Side
from appliance.domain.interaction import Relation, RelationKind
from appliance.domain.ledger import Mark
from appliance.media.packets import MediaStream
from appliance.settings.capture import Capture
from appliance.sip import events
from appliance.sip.aliases import Aliases
from appliance.sip.carried import carries_keys
from appliance.sip.dialog import Tracker
from appliance.sip.kinship import Kinship, Link
from appliance.sip.message import Message, read, sip_id_outside_calls
from appliance.sip.parties import direction, parties
from appliance.sip.sdp import Session, read_sdp
from appliance.sip.uri import split_host

_logger = log.get(__name__)

MAX_CALLS = 20_000
MAX_RECENT = 20_000
# What is remembered of ended calls for the sake of later ones; ties that come later are found in the index.
MAX_KIN = 5_000
_MS = 1_000_000
_S = 1_000_000_000
_OPENING = frozenset({"INVITE", "UPDATE"})


class Mirror:
    """The calls seen on one mirror port or in one set of capture files."""

    def __init__(
        self,
        engine: PacketEngine,
        bundles: Bundles,
        settings: Capture,
        interface: str = "",
        supervision: Supervision | None = None,
        new_id: Callable[[int], str] = sortable_id,
    ) -> None:
        self.legs: dict[str, Leg] = {}
        self.sightings = Sightings()
        self.registrations = Registrations()
        self.interface = interface
        self.is_disk_full = False
        self.is_link_up = True
        self._down: set[str] = set()
        self.has_ended = False
        self.problems: list[str] = []
        self.unreadable = 0
        self.unbindable = 0
        self.calls_seen = 0
        self._engine = engine
        self._bundles = bundles
        self._new_id = new_id
        self._settings = settings
        self._supervision = supervision
        self._linger_ns = settings.linger_ms * _MS
        self._tracker = Tracker(
            setup_timeout_s=settings.setup_timeout_s,
            session_timeout_s=settings.session_timeout_s,
            max_calls=MAX_CALLS,
        )
        self._aliases = Aliases(settings.aliases)
        for line in self._aliases.unusable:
            _logger.warning("address alias not usable", extra={"line": line})
        self._kinship = Kinship(
            interaction_s=settings.interaction_s,
            max_calls=MAX_KIN,
            aliases=self._aliases,
            pickup_codes=settings.pickup_codes,
            park_numbers=settings.park_numbers,
        )
        self._orphans = Orphans()
        self._by_key: dict[int, Leg] = {}
        self._by_sip_id: dict[str, list[Leg]] = {}
        self._closing: dict[str, Leg] = {}
        self._lingering: dict[tuple[str, int], Leg] = {}
        self._keeping: dict[str, list[int]] = {}
        self._other_media: dict[tuple[str, int], str] = {}
        self._recent_calls: OrderedDict[str, None] = OrderedDict()
        self._recent_streams: OrderedDict[int, None] = OrderedDict()
        self._untold = Untold()
        self._resuming = ""

    def handle(self, batch: Iterable[EngineEvent]) -> None:
        """Take in one batch of the engine, whole, before its next `poll`."""
        for event in batch:
            if isinstance(event, SipSeen):
                self._sip(event)
            elif isinstance(event, StreamSeen):
                leg = self.legs.get(event.bundle)
                if leg is not None:
                    leg.stream_seen(event)
            elif isinstance(event, DtmfSeen):
                leg = self.legs.get(event.bundle)
                if leg is not None:
                    leg.digit_seen(event)
                    if self._supervision is not None:
                        side = side_of(event.side)
                        self._supervision.pressed(leg, event.digit, "rfc4733", side, event.at_ns)
            elif isinstance(event, OrphanSeen):
                self._orphan(event)
            else:
                self._source(event)
        for bundle, ids in self._keeping.items():
            self._engine.keep(bundle, ids)
        self._keeping.clear()

    def resume(self, left: Unfinished) -> bool:
        """Go on with a call that was up when an earlier recorder ended; False when its packets do not tell of one."""
        self._resuming = left.name
        for record in left.media.messages if left.media is not None else ():
            try:
                message = read(record.data)
            except BadMessage:
                continue
            for event in self._tracker.feed(
                message, record.at_ns, record.transport, record.source, record.destination
            ):
                self._apply(event)
            leg = self.legs.get(left.name)
            if leg is not None:
                leg.last_signal_ns = max(leg.last_signal_ns, record.at_ns)
                leg.add_message(message, record.at_ns, record.transport, record.source, record.destination)
        if left.name not in self.legs:
            self._resume_untold(left)
        self._resuming = ""
        leg = self.legs.get(left.name)
        if leg is None:
            return False
        restore(leg, left, self._engine.now_ns())
        if self._supervision is not None and left.manifest is not None:
            self._supervision.resume(leg, left.manifest.policy, left.manifest.control)
        return True

    def _resume_untold(self, left: Unfinished) -> None:
        """A call whose messages were not written yet, or never seen: known by its manifest, or by its media alone."""
        known = left.manifest
        if known is None or not known.call.sip_call_id:
            if left.media is not None and left.media.streams:
                self._orphan(_flow_of(left.media.streams[0]))
            return
        leg = Leg(known.call, 0, to_ns(known.call.started_at), self._aliases)
        leg.messages, leg.payloads = known.messages, known.payloads
        self._open(leg, known.call.sip_call_id)
        self._untold.add(leg)
        for binding in heard_again(leg, left):
            self._bind(leg, binding)

    def tick(self, now_ns: int) -> None:
        """What time alone brings about in signalling."""
        for event in self._tracker.tick(now_ns):
            self._apply(event)
        if self._supervision is not None:
            self._supervision.tick(now_ns)

    def media_counted(
        self, counts: dict[str, list[StreamCount]], now_ns: int, *, of_all: bool = True
    ) -> None:
        """Take in the running statistics: calls with media live, calls whose media ceased are ended.

        Unless they are those `of_all` calls, a call that has none now is not judged.

        A held call has no media and is left to its session timer, and so is one that turned to a fax; one whose media
        was never seen, to its BYE.
        """
        limit_ns = self._settings.media_timeout_s * _S
        names = list(self.legs if of_all else counts)
        for leg in filter(None, map(self.legs.get, names)):
            if leg.is_ended:
                continue
            is_untold = bool(leg.resumed_ns) and not leg.key
            last_ns = max((count.last_ns for count in counts.get(leg.call_id, ())), default=0)
            if last_ns > leg.last_media_ns:
                leg.last_media_ns = last_ns
                self._tracker.touch(leg.key, last_ns)
            if not is_untold and (not leg.last_media_ns or leg.held or not leg.is_answered):
                continue
            if not leg.expects_audio:
                continue
            if now_ns - max(leg.last_media_ns, leg.last_signal_ns) > limit_ns:
                self._end(leg, leg.last_media_ns, now_ns)

    def capture_lost(self, from_ns: int, until_ns: int, packets: int) -> None:
        """Packets were lost before we saw them: nobody knows whose, so every open call is marked and told when."""
        self._mark_open(Mark.CAPTURE_LOSS)
        for leg in self.legs.values():
            leg.drops_seen(from_ns, until_ns, packets)

    def clock_jumped(self, jump_s: float) -> None:
        """The wall clock was set by so much: every deadline moves along, every open call says so."""
        jump_ns = round(jump_s * _S)
        self._tracker.shift(jump_ns)
        self._kinship.shift(jump_ns)
        for leg in self.legs.values():
            leg.shift(jump_ns)
            if not leg.is_ended:
                leg.note("clock_jump", leg.last_signal_ns, detail=f"{jump_s:+.3f} s")
                leg.mark(Mark.CLOCK_JUMP)

    def end_all(self, now_ns: int, mark: Mark | None = None) -> None:
        """The capture is over: end every call that is up, at its last media."""
        for leg in list(self.legs.values()):
            if not leg.is_ended:
                if mark is not None:
                    leg.mark(mark)
                self._end(leg, leg.last_media_ns or leg.last_signal_ns, now_ns)

    def take_changed(self) -> list[Leg]:
        """Open calls that changed since the last time."""
        changed = [leg for leg in self.legs.values() if leg.is_changed]
        for leg in changed:
            leg.is_changed = False
        return changed

    def take_due(self, now_ns: int | None) -> list[Leg]:
        """Calls that are over and whose linger has passed (all that are over when None); they leave the books."""
        due = [leg for leg in self._closing.values() if now_ns is None or leg.close_at_ns <= now_ns]
        for leg in due:
            self._forget(leg)
        return due

    @property
    def counters(self) -> dict[str, int]:
        """What was counted here, above the engine: messages that are none, and that belong to no call we may open."""
        return {
            "sip_unreadable": self.unreadable,
            "sip_unjoined": self._tracker.unjoined,
            "unbindable": self.unbindable,
        }

    @property
    def live(self) -> list[Leg]:
        """Calls that are not over."""
        return [leg for leg in self.legs.values() if not leg.is_ended]

    def _sip(self, seen: SipSeen) -> None:
        if seen.vlan is not None:
            self.sightings.tagged(seen.source, seen.vlan)
        call_id = sip_id_outside_calls(seen.data)
        if call_id is not None and call_id not in self._by_sip_id:
            return
        if self.registrations.take(seen.data, seen.at_ns, seen.source):
            return  # never of a call
        try:
            message = read(seen.data)
        except BadMessage as error:
            self.unreadable += 1
            if self.unreadable <= 20:
                _logger.warning(
                    "unreadable SIP message", extra={"source": seen.source, "problem": error.message()}
                )
            return
        source, destination = seen.source, seen.destination
        for event in self._tracker.feed(message, seen.at_ns, seen.transport, source, destination):
            self._apply(event)
        leg = self._leg_of(message)
        if leg is not None:
            leg.last_signal_ns = max(leg.last_signal_ns, seen.at_ns)
            leg.add_message(message, seen.at_ns, seen.transport, source, destination)
            # What is pressed may be the number of a card.
            is_secret = (leg.is_muted and message.method == "INFO") or (
                not leg.keeps_keys and carries_keys(message)
            )
            if not is_secret:
                self._keeping.setdefault(leg.call_id, []).append(seen.id)

    def _leg_of(self, message: Message) -> Leg | None:
        """The call a message belongs to. Two calls may share a Call-ID; then the caller's tag tells."""
        legs = self._by_sip_id.get(message.call_id)
        if not legs:
            return None
        if len(legs) > 1:
            tags = (message.from_tag, message.to_tag)
            for leg in reversed(legs):
                if leg.caller_tag in tags:
                    return leg
        return legs[-1]

    def _apply(self, event: events.Event) -> None:
        if isinstance(event, events.Started):
            self._start(event)
        elif isinstance(event, events.JoinedLate):
            self._join(event)
        leg = self._by_key.get(event.key)
        if leg is None:
            return
        self._supervise(leg, event)
        bindings = leg.apply(event)
        if isinstance(event, events.MediaDescribed):
            for address in leg.other_media:
                self._other_media[address] = leg.call_id
            for binding in bindings:
                self._bind(leg, binding)
        elif isinstance(event, events.Ended):
            self._ended(leg, event.at_ns)
        for link in self._kinship.take(event):
            self._relate(link)

    def _relate(self, link: Link) -> None:
        """Two calls are of one conversation: both know it, as far as they are not over and gone."""
        leg = self.legs.get(link.call_id) or self.legs.get(link.other_call_id)
        if leg is not None:
            other_id = link.other_call_id if leg.call_id == link.call_id else link.call_id
            leg.relate(
                Relation(
                    kind=link.kind,
                    at=from_ns(link.at_ns),
                    call_id=other_id,
                    sip_call_id=link.other_sip_call_id,
                )
            )
        if not link.other_call_id:
            return
        for call_id in self._kinship.unite(link.call_id, link.other_call_id):
            moved = self.legs.get(call_id)
            if moved is not None:
                moved.call.interaction_id = self._kinship.interaction_of(call_id)
                moved.is_changed = True

    @property
    def rule_counters(self) -> dict[str, int]:
        """What the recording rules count."""
        return self._supervision.counters if self._supervision is not None else {}

    def _supervise(self, leg: Leg, event: events.Event) -> None:
        """Ask the rules about a call that begins, before its media is bound, and listen for keys."""
        if self._supervision is None:
            return
        if isinstance(event, events.Started):
            self._supervision.admit(leg, event.invite, event.source, event.destination, event.at_ns)
        elif isinstance(event, events.JoinedLate):
            self._supervision.admit(leg, event.message, event.source, event.destination, event.at_ns)
        elif isinstance(event, events.Dtmf):
            side = event.side.other if leg.swapped else event.side
            self._supervision.pressed(leg, event.digit, "info", side, event.at_ns)

    def _start(self, event: events.Started) -> None:
        call_id = self._name(event.at_ns)
        who = parties(event.invite, event.source, event.destination)
        call = Call(
            call_id=call_id,
            sip_call_id=event.call_id,
            interaction_id=call_id,
            caller=who.caller,
            callee=who.callee,
            started_at=from_ns(event.at_ns),
            direction=direction(event.source, event.destination, self._settings.service_addresses),
            transport=event.transport,
        )
        leg = Leg(call, event.key, event.at_ns, self._aliases)
        leg.caller_tag = event.invite.from_tag
        if who.is_redirected:
            leg.mark(Mark.REDIRECTED)
            leg.note("redirected", event.at_ns, detail=who.diverted_from)
        self._open(leg, event.call_id)
        for link in self._kinship.begin(call_id, event, who):
            self._relate(link)

    def _join(self, event: events.JoinedLate) -> None:
        message = event.message
        if event.call_id in self._recent_calls and message.method not in _OPENING:
            return  # the tail of a call that was closed already
        who = parties(message, event.source, event.destination)
        leg = self._untold.called(event.call_id) or self._orphan_of(event)
        if leg is not None:
            leg.join(message, event, (who.caller, who.callee))
            leg.call.direction = direction(event.source, event.destination, self._settings.service_addresses)
            self._orphans.drop(leg)
            self._by_key[event.key] = leg
            self._untold.drop(leg)
            if leg not in self._by_sip_id.setdefault(event.call_id, []):
                self._by_sip_id[event.call_id].append(leg)
            self._kinship.begin_late(leg.call_id, event, who)
            return
        call_id = self._name(event.at_ns)
        at = from_ns(event.at_ns)
        call = Call(
            call_id=call_id,
            sip_call_id=event.call_id,
            interaction_id=call_id,
            caller=who.caller,
            callee=who.callee,
            started_at=at,
            direction=direction(event.source, event.destination, self._settings.service_addresses),
            transport=event.transport,
            state=CallState.UP if event.answered else CallState.TRYING,
            answered_at=at if event.answered else None,
        )
        leg = Leg(call, event.key, event.at_ns, self._aliases)
        leg.caller_tag = message.from_tag
        leg.mark(Mark.JOINED_LATE)
        self._open(leg, event.call_id)
        self._kinship.begin_late(call_id, event, who)

    def _orphan_of(self, event: events.JoinedLate) -> Leg | None:
        """The call known by its media that late signalling belongs to: by its description, else by its hosts.

        Who rang whom was a guess until now; `swapped` is set when the guess was wrong.
        """
        message = event.message
        if message.has_sdp:
            try:
                session = read_sdp(message.sdp)
            except BadMessage:
                session = Session()
            for media in session.audios:
                leg = self._orphans.at(media.address, media.port)
                side = leg.listener_at(media.address, media.port) if leg is not None else None
                if leg is not None and side is not None:
                    leg.swapped = side is not (Side.CALLER if message.is_request else Side.CALLEE)
                    return leg
        caller, callee = _host(event.source), _host(event.destination)
        if not message.is_request:
            caller, callee = callee, caller
        leg = self._orphans.between(caller, callee)
        if leg is not None:
            leg.swapped = caller != callee and _host(leg.call.caller.address) == callee
        return leg

    def _name(self, at_ns: int) -> str:
        """The id of a call that begins, or of the one that is being resumed."""
        name, self._resuming = self._resuming, ""
        return name or self._new_id(at_ns)

    def _orphan(self, seen: OrphanSeen) -> None:
        if not self._settings.join_late or seen.ssrc in self._recent_streams:
            return
        if (seen.src, seen.src_port) in self._other_media or (seen.dst, seen.dst_port) in self._other_media:
            return  # announced, but no audio
        resumed = self._untold.hear(seen)
        leg, is_new, bindings = (
            (resumed[0], False, resumed[1])
            if resumed is not None
            else self._orphans.take(seen, self._resuming or self._new_id(seen.first_ns))
        )
        if is_new:
            self._open(leg, "")
            if self._supervision is not None:
                self._supervision.admit(leg, None, at_ns=seen.first_ns)
        for binding in bindings:
            self._bind(leg, binding)

    def _open(self, leg: Leg, sip_call_id: str) -> None:
        self.calls_seen += 1
        leg.keeps_keys = self._settings.store_keys
        self.legs[leg.call_id] = leg
        if leg.key:
            self._by_key[leg.key] = leg
        if sip_call_id:
            self._by_sip_id.setdefault(sip_call_id, []).append(leg)
        if self.is_disk_full:
            leg.mark(Mark.DISK_FULL)
        self._bundles.open(leg.manifest(self.interface, complete=False))

    def _bind(self, leg: Leg, binding: Binding) -> None:
        other = self._orphans.at(binding.address, binding.port)
        if other is not None and other is not leg:
            # Its signalling came late: what was heard so far stays a recording of the same conversation.
            self._relate(
                Link(leg.call_id, RelationKind.LEG_OF, other.last_media_ns, other_call_id=other.call_id)
            )
            self._end(other, other.last_media_ns, other.last_media_ns)
        lingering = self._lingering.get((binding.address, binding.port))
        if lingering is not None:
            # The ports serve the next call already: none of its packets may end in the last one.
            self._engine.release(lingering.call_id, 0)
            self._stop_lingering(lingering)
        payloads = [BoundPayload(row.payload_type, row.clock_hz, row.is_event) for row in binding.formats]
        try:
            self._engine.bind(
                leg.call_id, binding.listener, binding.address, binding.port, binding.rtcp_port, payloads
            )
        except (ValueError, OverflowError) as error:
            self.unbindable += 1
            _logger.warning("media address not usable", extra={"call": leg.call_id, "problem": str(error)})

    def _end(self, leg: Leg, at_ns: int, now_ns: int) -> None:
        """End a call whose end was not seen in signalling."""
        found = self._tracker.end(leg.key, at_ns) if leg.key else []
        leg.note("timeout", at_ns)
        for event in found:
            self._apply(event)
        if not leg.is_ended:
            leg.end_silently(at_ns)
            self._ended(leg, now_ns)

    def _ended(self, leg: Leg, at_ns: int) -> None:
        self._engine.release(leg.call_id, self._settings.linger_ms)
        if self._supervision is not None:
            self._supervision.ended(leg)
        leg.close_at_ns = at_ns + self._linger_ns
        self._by_key.pop(leg.key, None)
        self._orphans.drop(leg)
        self._untold.drop(leg)
        self._closing[leg.call_id] = leg
        for binding in leg.bindings.values():
            self._lingering[binding.address, binding.port] = leg

    def _stop_lingering(self, leg: Leg) -> None:
        for binding in leg.bindings.values():
            if self._lingering.get((binding.address, binding.port)) is leg:
                del self._lingering[binding.address, binding.port]

    def _forget(self, leg: Leg) -> None:
        del self._closing[leg.call_id]
        del self.legs[leg.call_id]
        self._kinship.forget(leg.call_id)
        self._stop_lingering(leg)
        for address in leg.other_media:
            if self._other_media.get(address) == leg.call_id:
                del self._other_media[address]
        sip_call_id = leg.call.sip_call_id
        legs = self._by_sip_id.get(sip_call_id)
        if legs is not None:
            legs.remove(leg)
            if not legs:
                del self._by_sip_id[sip_call_id]
            _remember(self._recent_calls, sip_call_id)
        if Mark.NO_BYE not in leg.marks:
            for ssrc in leg.ssrcs:
                _remember(self._recent_streams, ssrc)

    def _source(self, event: DiskChanged | LinkChanged | SourceEnded) -> None:
        if isinstance(event, DiskChanged):
            self.is_disk_full = event.full
            _logger.warning("the disk is full" if event.full else "the disk has room again")
            for leg in self.live:
                leg.note("disk_full" if event.full else "disk_free", leg.last_signal_ns)
                leg.mark(Mark.DISK_FULL)
        elif isinstance(event, LinkChanged):
            (self._down.discard if event.up else self._down.add)(event.interface)
            self.is_link_up = not self._down
            _logger.warning(
                "the mirror port is up" if event.up else "the mirror port is down",
                extra={"interface": event.interface or self.interface},
            )
            if not event.up:
                self._mark_open(Mark.CAPTURE_LOSS)
        else:
            self.has_ended = True
            self.problems.extend(f"{found.path}: {found.problem}" for found in event.errors)

    def _mark_open(self, mark: Mark) -> None:
        for leg in self.legs.values():
            if not leg.is_ended:
                leg.mark(mark)


def _flow_of(stream: MediaStream) -> OrphanSeen:
    """A stream of a bundle as the engine would tell of it, had it not been known before."""
    source, destination = split_host(stream.source), split_host(stream.destination)
    payload_type = max(stream.pts, key=lambda number: stream.pts[number], default=0)
    return OrphanSeen(
        src=source[0],
        src_port=source[1],
        dst=destination[0],
        dst_port=destination[1],
        ssrc=stream.ssrc,
        pt=payload_type,
        packets=stream.packets,
        first_ns=stream.first_ns,
    )


def _host(address: str) -> str:
    return address.rpartition(":")[0].strip("[]")


def _remember(recent: OrderedDict[Any, None], key: object) -> None:
    recent[key] = None
    if len(recent) > MAX_RECENT:
        recent.popitem(last=False)
