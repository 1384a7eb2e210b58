"""Tapped trunks: what the boards hear goes to their signalling, what that says becomes calls on the boards' channels.

An E1 is two receive ports, a span each, maybe of two boards. A call stands on the channel of the first port that is connected
(or of the second), its lines come from both. Raw signalling is kept on the way.
Source: ITU-T G.704 (timeslots), Q.850 (causes)
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from appliance.boards.calls import LineCall, Origin
from appliance.boards.card import Card
from appliance.boards.lines import span_number
from appliance.boards.signalling import events
from appliance.boards.signalling.kept import Keeper, Place
from appliance.boards.signalling.trunk import SETTLE_NS, Trunk
from appliance.boards.streams import Streams
from appliance.core import log
from appliance.domain.call import DataType, Direction, Party, Side
from appliance.domain.ledger import Mark, Reason
from appliance.domain.tones import Mfc, MfcDirection
from appliance.media.tones.spandsp import NoTones
from appliance.settings import trunks
from appliance.settings.boards import Tracks
from drivers.boards.board import Description, Event, Kind, Reading

_logger = log.get(__name__)

_S = 1_000_000_000
_REASONS = {17: Reason.BUSY, 18: Reason.NO_ANSWER, 19: Reason.NO_ANSWER, 21: Reason.REJECTED}
_CLEARED = frozenset({0, 16, 31})
_MARKS = {"late": Mark.JOINED_LATE, "lost-end": Mark.NO_BYE, "never-ended": Mark.NO_BYE}


class _At(NamedTuple):
    """Which receive port of which E1 a span is."""

    e1: int
    port: int


class _Spot(NamedTuple):
    """Where a direction of a circuit is heard."""

    board: str
    place: int


class _Known:
    """A call of the trunk: where it stands, None while its circuit is not known."""

    __slots__ = ("call", "card", "from_port", "place")

    def __init__(self, call: LineCall, from_port: int, card: Card) -> None:
        self.call = call
        self.from_port = from_port
        self.card = card
        self.place: int | None = None


class TrunkLine:
    """One trunk of the settings. `cards`: the boards that are open now, asked for each time."""

    def __init__(self, settings: trunks.Trunk, kept_below: Path, cards: Mapping[str, Card]) -> None:
        self.settings = settings
        self.troubles: dict[str, int] = {}
        self._cards = cards
        self._trunk = Trunk(settings)
        self._keeper = Keeper(kept_below, settings) if settings.keep_days else None
        self._spans: dict[int, _At] = {}
        for e1, line in enumerate(settings.lines):
            for port, span in enumerate((line.first_span, line.second_span)):
                if span:
                    self._spans[span] = _At(e1, port)
        self._streams = Streams(kept_below, settings) if settings.raw else None
        self._boards: dict[str, Description] = {}
        self._spots: dict[tuple[events.Circuit, int], _Spot] = {}
        self._deaf_ns: dict[events.Circuit, int] = {}
        """Circuits whose register phase is over, and when it was."""
        self._calls: dict[str, _Known] = {}
        self._newest_ns = 0
        self._flushed_ns = 0

    def take(self, card: Card, reading: Reading) -> None:
        """What a board brings of the signalling of this trunk.

        Before the board listens to the reading: what it says decides on which channels there may be register signals.
        """
        for circuit in [one for one, ns in self._deaf_ns.items() if reading.at_ns - ns >= SETTLE_NS]:
            del self._deaf_ns[circuit]
            self._listen(circuit, None)
        if self._boards.get(card.settings.name) is not card.description:
            self._boards[card.settings.name] = card.description
            self._meet(card, reading)
        self._stream(card, reading)
        for frame in reading.frames:
            at = self._spans.get(span_number(card.settings, card.description, frame.span))
            if at is not None and self.settings.lines[at.e1].has_signalling:
                self._trunk.frame(at.port, frame.timeslot, frame.at_ns, frame.octets, at.e1)
                if self._keeper is not None:
                    self._keeper.frame(at.port, frame.timeslot, frame.at_ns, frame.octets, at.e1)
        for event in reading.events:
            if event.event is Event.BITS:
                self._bits(card, event.place, event.at_ns, int(event.value, 2))

    def hear(self, card: Card, signs: Iterable[tuple[int, Mfc, int]]) -> None:
        """The register signals that the board found in it. `signs`: place, signal, nanoseconds."""
        for place, mfc, at_ns in signs:
            found = self._where(card, place)
            if found is not None and mfc.ended_at is None:
                at, timeslot = found
                is_forward = mfc.direction is MfcDirection.FORWARD
                self._trunk.tone(at.port, timeslot, at_ns, mfc.signal, is_forward=is_forward, e1=at.e1)
                if self._keeper is not None:
                    self._keeper.tone(at.port, timeslot, at_ns, mfc.signal, is_forward=is_forward, e1=at.e1)
        self._newest_ns = max(self._newest_ns, card.newest_ns)

    def _stream(self, card: Card, reading: Reading) -> None:
        """Write the raw streams; without the library that finds frames there are none."""
        if self._streams is None:
            return
        ports = {
            span.number: at
            for span in card.description.spans
            if (at := self._spans.get(span_number(card.settings, card.description, span.number)))
        }
        try:
            self._streams.take(card.description, ports, reading)
        except NoTones as error:
            _logger.warning(
                "no raw streams", extra={"trunk": self.settings.name, "problem": error.message("en")}
            )
            self._streams = None

    def _meet(self, card: Card, reading: Reading) -> None:
        """A board that was opened: line signals as they stand, and which of its channels are the trunk's."""
        known: dict[int, Place] = {}
        for place, channel in enumerate(card.description.channels):
            found = self._where(card, place)
            if found is None or channel.kind is not Kind.VOICE:
                continue
            at, timeslot = found
            circuit = events.Circuit(at.e1, timeslot)
            known[card.number_of(place)] = Place(circuit, at.port)
            self._spots[circuit, at.port] = _Spot(card.settings.name, place)
            # D is always 1 on a line: four zeros are bits that nobody knows.
            if (
                reading.bits is not None
                and reading.bits[place]
                and isinstance(self.settings.signalling, trunks.R2)
            ):
                self._bits(card, place, reading.at_ns, int(reading.bits[place]))
        if self._keeper is not None:
            self._keeper.channels(known)

    def tick(self) -> None:
        """Make calls of what was understood; after each round."""
        if not self._newest_ns:
            return
        for event in self._trunk.tick(self._newest_ns):
            self._told(event)
        if self._newest_ns - self._flushed_ns >= _S:
            self._flushed_ns = self._newest_ns
            for kept in (self._keeper, self._streams):
                if kept is not None:
                    kept.flush()

    def close(self) -> None:
        """End the files of raw signalling."""
        for kept in (self._keeper, self._streams):
            if kept is not None:
                kept.close()

    def _bits(self, card: Card, place: int, at_ns: int, abcd: int) -> None:
        found = self._where(card, place)
        if found is not None:
            at, timeslot = found
            self._trunk.bits(at.port, timeslot, at_ns, abcd, at.e1)
            circuit = events.Circuit(at.e1, timeslot)
            forward = self._trunk.register_phase(timeslot, at.e1)
            if forward is None:  # the other board may be a little behind
                self._deaf_ns.setdefault(circuit, at_ns)
            else:
                self._deaf_ns.pop(circuit, None)
                self._listen(circuit, forward)
            if self._keeper is not None:
                self._keeper.bits(at.port, timeslot, at_ns, abcd, at.e1)

    def _listen(self, circuit: events.Circuit, forward: int | None) -> None:
        """Listen for forward register signals on this port and for backward ones on the other; None: for none."""
        for port, (card, place) in self._ports(circuit).items():
            direction = MfcDirection.FORWARD if port == forward else MfcDirection.BACKWARD
            card.bank.listen_for_registers(place, frozenset() if forward is None else frozenset({direction}))

    def _where(self, card: Card, place: int) -> tuple[_At, int] | None:
        channel = card.description.channels[place]
        at = self._spans.get(span_number(card.settings, card.description, channel.span))
        return None if at is None else (at, channel.timeslot)

    def _told(self, event: events.TrunkEvent) -> None:
        if isinstance(event, events.Trouble):
            self._trouble(event)
            return
        known = self._calls.get(event.key)
        if isinstance(event, events.Begun):
            known = self._begun(event)
        if known is None:
            return
        for step in event.steps:
            known.call.message(step)
        self._continued(known, event, known.call.position_of(event.at_ns))

    def _continued(self, known: _Known, event: events.TrunkEvent, at: int) -> None:
        match event:
            case events.Placed():
                self._place(known, event.circuit, event.at_ns)
            case events.Numbers():
                _name(known.call, event)
                self._decide(known)
            case events.Ringing():
                known.call.rang(at)
            case events.Answered():
                known.call.answered(at)
            case events.Ended():
                self._ended(known, event, at)
            case _:
                pass

    def _begun(self, event: events.Begun) -> _Known | None:
        card = self._card_of(event.circuit)
        if card is None:
            return None
        is_incoming = event.from_port == 0
        call = LineCall(
            card.anchor,
            card.position_of(event.at_ns),
            DataType.E1,
            0,
            Party(),
            Party(),
            Direction.INCOMING if is_incoming else Direction.OUTGOING,
        )
        call.call.trunk = self.settings.name
        _name(call, event)
        if event.redirecting:
            call.note("redirected", call.started, detail=event.redirecting)
        if event.is_late:
            call.mark(Mark.JOINED_LATE)
        known = self._calls[event.key] = _Known(call, event.from_port, card)
        if event.circuit is not None:
            self._place(known, event.circuit, event.at_ns)
        return known

    def _place(self, known: _Known, circuit: events.Circuit, at_ns: int) -> None:
        """Put a call on its channel; one that stands there still has lost its end."""
        found = self._ports(circuit)
        if not found or known.call.ended is not None:
            return
        self._leave(known)
        card, place = found[min(found)]
        before = card.calls.get(place)
        if before is not None and before is not known.call:
            before.mark(Mark.NO_BYE)
            card.end(place, before.position_of(at_ns), Reason.INTERRUPTED)
        known.card, known.place = card, place
        call = known.call
        call.channel = card.number_of(place)
        tracks = card.parameters[place].tracks
        call.mixed = tracks is not Tracks.STEREO
        wanted = {Tracks.INCOMING: (0,), Tracks.OUTGOING: (1,)}.get(tracks, (0, 1))
        call.origins = [
            Origin(
                one.source(at)._replace(side=Side.CALLER if port == known.from_port else Side.CALLEE),
                one.history,
                one.anchor,
            )
            for port, (one, at) in sorted(found.items())
            if port in wanted
        ]
        call.loud_since = call.started
        for one, at in found.values():
            if (one, at) != (card, place):
                one.shared[at] = call
        card.opened(place, call)

    def _decide(self, known: _Known) -> None:
        if known.place is not None and known.card.calls.get(known.place) is known.call:
            known.card.decide(known.place, known.call)

    def _leave(self, known: _Known) -> None:
        if known.place is not None and known.card.calls.get(known.place) is known.call:
            del known.card.calls[known.place]
            known.call.lines.clear()
            self._unshare(known.call)

    def _unshare(self, call: LineCall) -> None:
        for card in self._cards.values():
            for place in [place for place, one in card.shared.items() if one is call]:
                del card.shared[place]

    def _ended(self, known: _Known, event: events.Ended, at: int) -> None:
        call = known.call
        del self._calls[event.key]
        self._unshare(call)
        by = None
        if event.by_port is not None:
            by = Side.CALLER if event.by_port == known.from_port else Side.CALLEE
        reason = _REASONS.get(event.cause, Reason.FAILED)
        if event.cause in _CLEARED:
            reason = Reason.CANCELLED if by is Side.CALLER else Reason.NO_ANSWER
        if known.place is not None and known.card.calls.get(known.place) is call:
            known.card.end(known.place, at, reason, by)
        elif call.ended is None:
            known.card.end_nowhere(call, at, reason, by)

    def _trouble(self, event: events.Trouble) -> None:
        self.troubles[event.code] = self.troubles.get(event.code, 0) + 1
        _logger.warning(
            "trouble on a trunk", extra={"trunk": self.settings.name, "code": event.code, **event.facts}
        )
        known = self._calls.get(event.key)
        if known is not None and event.code in _MARKS:
            known.call.mark(_MARKS[event.code])

    def _card_of(self, circuit: events.Circuit | None) -> Card | None:
        """The board of a circuit, or any of the trunk's while it is not known."""
        found = self._ports(circuit) if circuit is not None else {}
        if found:
            return found[min(found)][0]
        for card in self._cards.values():
            if any(
                span_number(card.settings, card.description, one.number) in self._spans
                for one in card.description.spans
            ):
                return card
        return None

    def _ports(self, circuit: events.Circuit) -> dict[int, tuple[Card, int]]:
        """Where a circuit is heard: port -> board and place."""
        return {
            port: (self._cards[spot.board], spot.place)
            for port in (0, 1)
            if (spot := self._spots.get((circuit, port))) is not None and spot.board in self._cards
        }


def _name(call: LineCall, told: events.Begun | events.Numbers) -> None:
    """Who calls whom, as far as it is known now."""
    before = call.call.caller
    call.call.caller = Party(
        number=told.caller or before.number,
        number_raw=told.caller or before.number,
        display=told.caller_name or before.display,
    )
    if told.callee:
        call.call.callee = Party(number=told.callee, number_raw=told.callee)
    call.is_changed = True
