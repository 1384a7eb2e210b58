"""Mirrored signalling and media become calls.

Batches of engine events come in; bundles are opened, addresses bound, and legs come out when they changed
(`take_changed`) and when they are over (`take_due`). Time is that of the packets, never a clock's, so that a capture
file and a live port run through the same code. How calls begin is told in `beginnings.py`, how they are found in `books.py`.

Source: RFC 3261 §12-§15, RFC 3264, RFC 3550 §5.2 (a flow without signalling is told by its SSRC)
"""

from collections.abc import Callable, Iterable

from appliance.capture.announced import Binding
from appliance.capture.attempts import Attempts
from appliance.capture.beginnings import Beginnings
from appliance.capture.books import Books
from appliance.capture.bundles import Bundles
from appliance.capture.conversations import Conversations
from appliance.capture.engine import Bind, Keep, PacketEngine, Release
from appliance.capture.guesses import Guess, Guesses
from appliance.capture.leg import Leg
from appliance.capture.messages import Messages, readable
from appliance.capture.origin import Origin
from appliance.capture.orphans import Orphans
from appliance.capture.registrations import Registrations
from appliance.capture.resumption import Unfinished, Untold, flow_of, heard_again, restore
from appliance.capture.seen import (
    SIDES,
    BoundPayload,
    DtmfSeen,
    EngineEvent,
    OrphanSeen,
    SipSeen,
    StreamCount,
    StreamSeen,
    endpoint,
    side_of,
)
from appliance.capture.sightings import Sightings
from appliance.capture.supervision import Supervision
from appliance.core import log
from appliance.core.clock import sortable_id
from appliance.domain.ledger import Mark
from appliance.domain.selftest import LINE
from appliance.settings.capture import Capture
from appliance.sip import events
from appliance.sip.aliases import Aliases
from appliance.sip.carried import carries_keys
from appliance.sip.dialog import Tracker
from appliance.sip.message import sip_id_outside_calls

_logger = log.get(__name__)

MAX_CALLS = 20_000
_ORDERS_AT_ONCE = 64
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
        self.sightings = Sightings()
        self.registrations = Registrations()
        self.interface = interface
        self._heard_on: str | None = None
        self.origin = Origin(interface)
        self.messages = Messages()
        self.attempts = Attempts(settings, interface)
        self.unbindable = 0
        self.calls_seen = 0
        self._engine = engine
        self._bundles = bundles
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
        self._orphans = Orphans()
        self._untold = Untold()
        self._guesses = Guesses()
        self._books = Books()
        self.legs = self._books.legs
        self._conversations = Conversations(settings, self._aliases, self.legs)
        self._beginnings = Beginnings(settings, self._aliases, new_id)
        self._resumed = ""
        self._keeping: dict[str, list[int]] = {}
        self._orders: list[Bind | Release | Keep] = []

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
                self.origin.take(event, self.live)
        self._orders += [Keep(bundle, ids) for bundle, ids in self._keeping.items()]
        self._keeping.clear()
        self._obeyed()

    def resume(self, left: Unfinished) -> bool:
        """Go on with a call that was up when an earlier recorder ended; False when its packets do not tell of one."""
        self._beginnings.resuming = self._resumed = left.name
        for message, record in readable(left.media.messages if left.media is not None else ()):
            for event in self._tracker.feed(
                message, record.at_ns, record.transport, record.source, record.destination
            ):
                self._apply(event)
            leg = self.legs.get(left.name)
            if leg is not None:
                leg.add_message(message, record.at_ns, record.transport, record.source, record.destination)
        if left.name not in self.legs:
            self._resume_untold(left)
        self._obeyed()
        self._beginnings.resuming = ""
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
                self._orphan(flow_of(left.media.streams[0]))
            return
        leg = self._beginnings.bare(known)
        self._open(leg)
        self._untold.add(leg)
        for binding in heard_again(leg, left):
            self._bind(leg, binding)

    def tick(self, now_ns: int) -> None:
        """What time alone brings about in signalling."""
        for event in self._tracker.tick(now_ns):
            self._apply(event)
        if self._supervision is not None:
            self._supervision.tick(now_ns)
        self._obeyed()

    def media_counted(
        self, counts: dict[str, list[StreamCount]], now_ns: int, *, of_all: bool = True
    ) -> None:
        """Take in the running statistics: calls with media live, calls whose media ceased are ended.

        Unless they are those `of_all` calls, a call that has none now is not judged.

        A held call has no media and is left to its session timer, and so is one that turned to a fax; one whose media
        was never seen, to its BYE.
        """
        for guess in self._guesses.take_due(now_ns):
            self._settle(guess)
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
            if not is_untold and (not leg.last_media_ns or leg.held or not leg.is_talked_on):
                continue
            if not leg.media.expects_audio or self._guesses.has_end(leg):
                continue
            if now_ns - max(leg.last_media_ns, leg.last_signal_ns) > limit_ns:
                self._end(leg, leg.last_media_ns, now_ns)
        self._obeyed()

    def capture_lost(self, from_ns: int, until_ns: int, packets: int) -> None:
        """Packets were lost before we saw them: nobody knows whose, so every open call is marked and told when."""
        for leg in self.live:
            leg.mark(Mark.CAPTURE_LOSS)
        for leg in self.legs.values():
            leg.drops_seen(from_ns, until_ns, packets)

    def clock_jumped(self, jump_s: float) -> None:
        """The wall clock was set by so much: every deadline moves along, every open call says so."""
        jump_ns = round(jump_s * _S)
        self._tracker.shift(jump_ns)
        self._conversations.shift(jump_ns)
        self._guesses.shift(jump_ns)
        for leg in self.legs.values():
            leg.shift(jump_ns)
            if not leg.is_ended:
                leg.note("clock_jump", leg.last_signal_ns, detail=f"{jump_s:+.3f} s")
                leg.mark(Mark.CLOCK_JUMP)

    def end_all(self, now_ns: int, mark: Mark | None = None) -> None:
        """The capture is over: end every call that is up, at its last media."""
        for guess in self._guesses.take_due(None):
            self._settle(guess)
        for leg in list(self.legs.values()):
            if not leg.is_ended:
                if mark is not None:
                    leg.mark(mark)
                self._end(leg, leg.last_media_ns or leg.last_signal_ns, now_ns)
        self._obeyed()

    def take_changed(self) -> list[Leg]:
        """Open calls that changed since the last time."""
        changed = [leg for leg in self.legs.values() if leg.is_changed]
        for leg in changed:
            leg.is_changed = False
        return changed

    def take_due(self, now_ns: int | None) -> list[Leg]:
        """Calls that are over and whose linger has passed (all that are over when None); they leave the books."""
        due = self._books.take_due(now_ns)
        for leg in due:
            self._conversations.forget(leg)
        return due

    @property
    def counters(self) -> dict[str, int]:
        """What was counted here, above the engine: messages of no use, and what the recording rules count."""
        return {
            "sip_unreadable": self.messages.unreadable,
            "sip_unjoined": self._tracker.unjoined,
            "unbindable": self.unbindable,
            **(self._supervision.counters if self._supervision is not None else {}),
        }

    @property
    def live(self) -> list[Leg]:
        """Calls that are not over."""
        return self._books.live

    def _sip(self, seen: SipSeen) -> None:
        if seen.vlan is not None:
            self.sightings.tagged(seen.source, seen.vlan)
        call_id = sip_id_outside_calls(seen.data)
        if call_id is not None and not self._books.has_sip_id(call_id):
            return
        if self.registrations.take(seen.data, seen.at_ns, seen.source):
            return  # never of a call
        message = self.messages.read(seen)
        if message is None:
            return
        source, destination = seen.source, seen.destination
        self._heard_on = seen.interface
        for event in self._tracker.feed(message, seen.at_ns, seen.transport, source, destination):
            self._apply(event)
        leg = self._books.of_message(message)
        if leg is not None:
            leg.add_message(message, seen.at_ns, seen.transport, source, destination)
            # What is pressed may be the number of a card.
            is_secret = (leg.is_muted and message.method == "INFO") or (
                not leg.keeps_keys and carries_keys(message)
            )
            if not is_secret:
                self._keeping.setdefault(leg.call_id, []).append(seen.id)

    def _apply(self, event: events.Event) -> None:
        if isinstance(event, events.Started):
            self._start(event)
        elif isinstance(event, events.JoinedLate):
            self._join(event)
        leg = self._books.of_key(event.key)
        if leg is None:
            return
        if self._guesses.hold(leg, event):
            return
        self._supervise(leg, event)
        bindings = leg.apply(event)
        if isinstance(event, events.MediaDescribed):
            self._books.announce(leg)
            self._guesses.drop(leg)
            self._orphans.drop(leg)
            for binding in bindings:
                self._bind(leg, binding)
        elif isinstance(event, events.Ended):
            self._ended(leg, event.at_ns)
        self._conversations.take(event)

    def _supervise(self, leg: Leg, event: events.Event) -> None:
        """Ask the rules about a call that begins, before its media is bound, and listen for keys."""
        if self._supervision is None:
            return
        if self._heard_on == LINE and isinstance(event, events.Started | events.JoinedLate):
            leg.mark(Mark.SELF_TEST)
        if isinstance(event, events.Started):
            self._supervision.admit(leg, event.invite, event.source, event.destination, event.at_ns)
        elif isinstance(event, events.JoinedLate):
            self._supervision.admit(leg, event.message, event.source, event.destination, event.at_ns)
        elif isinstance(event, events.Dtmf):
            side = event.side.other if leg.swapped else event.side
            self._supervision.pressed(leg, event.digit, "info", side, event.at_ns)

    def _start(self, event: events.Started) -> None:
        leg, who = self._beginnings.started(event)
        self._open(leg)
        self._conversations.begin(leg, event, who)

    def _join(self, event: events.JoinedLate) -> None:
        if self._books.was_closed(event.call_id) and event.message.method not in _OPENING:
            return  # the tail of a call that was closed already
        joined = self._beginnings.joined(event, self._untold, self._orphans, self._guesses)
        if joined is not None:
            self._untold.drop(joined.leg)
            self._books.open(joined.leg)
        leg, who = joined or self._beginnings.late(event)
        if joined is None:
            self._open(leg)
        self._conversations.begin_late(leg, event, who)

    def _settle(self, guess: Guess) -> None:
        """The end of a call that was joined by its hosts alone: its own, or that of a call of which nothing was heard."""
        ended, leg = guess.ended, guess.leg
        if ended is None or leg.is_ended:
            return
        if guess.is_refuted:
            self._books.part(leg)
            self._conversations.forget(leg)
            guess.take_back()
            if self._supervision is not None:
                self._supervision.admit(leg, None, at_ns=ended.at_ns)
            late, who = self._beginnings.late(guess.joined)
            self._open(late)
            self._conversations.begin_late(late, guess.joined, who)
            self._supervise(late, guess.joined)
        self._apply(ended)

    def _orphan(self, seen: OrphanSeen) -> None:
        source = endpoint(seen.src, seen.src_port)
        if not self._settings.join_late or self._books.is_rest(seen.ssrc, source, seen.first_ns):
            return
        ends = (seen.src, seen.src_port), (seen.dst, seen.dst_port)
        if any(self._books.is_other_media(*end) for end in ends):
            return
        if any(self._books.has_media(*end, seen.ssrc) for end in ends):
            return  # its signalling waited in the same queue, and came first
        resumed = self._untold.hear(seen)
        leg, is_new, bindings = (
            (resumed[0], False, resumed[1])
            if resumed is not None
            else self._orphans.take(seen, self._beginnings.name(seen.first_ns))
        )
        if is_new:
            self._open(leg)
            if self._supervision is not None:
                self._supervision.admit(leg, None, at_ns=seen.first_ns)
        for binding in bindings:
            self._bind(leg, binding)

    def _open(self, leg: Leg) -> None:
        self.calls_seen += 1
        leg.keeps_keys = self._settings.store_keys
        self._books.open(leg)
        if self.origin.is_disk_full:
            leg.mark(Mark.DISK_FULL)
        if leg.call_id != self._resumed:
            self._bundles.open(leg.manifest(self.interface, complete=False))

    def _bind(self, leg: Leg, binding: Binding) -> None:
        other = self._orphans.at(binding.address, binding.port)
        if other is not None and other is not leg:
            # Its signalling came late: what was heard so far stays a recording of the same conversation.
            self._conversations.follow(leg, other)
            self._end(other, other.last_media_ns, other.last_media_ns)
        payloads = [BoundPayload(row.payload_type, row.clock_hz, row.is_event) for row in binding.formats]
        side = SIDES.index(binding.listener)
        self._order(Bind(leg.call_id, side, binding.address, binding.port, binding.rtcp_port, payloads))
        self._books.bound(leg, binding.address, binding.port)

    def _order(self, order: Bind | Release) -> None:
        """The engine will be told, together with what follows: each time costs a wait for its thread, and for Python's lock."""
        self._orders.append(order)
        if len(self._orders) >= _ORDERS_AT_ONCE:
            self._obeyed()

    def _obeyed(self) -> None:
        """The engine knows all that was decided."""
        if not self._orders:
            return
        orders, self._orders = self._orders, []
        for order, problem in zip(orders, self._engine.obey(orders), strict=True):
            if problem and isinstance(order, Bind):
                self.unbindable += 1
                _logger.warning("media address not usable", extra={"call": order.bundle, "problem": problem})
            elif problem:
                raise ValueError(problem)

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
        self._order(Release(leg.call_id, self._settings.linger_ms))
        if self._supervision is not None:
            self._supervision.ended(leg)
        self._orphans.drop(leg)
        self._untold.drop(leg)
        self._guesses.drop(leg)
        self._books.end(leg, at_ns + self._linger_ns)
