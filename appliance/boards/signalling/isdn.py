"""Calls of ISDN trunks: messages of both directions of their D-channels joined by call reference.

The flag of a call reference tells whether the side that sends it is the one that chose it, so both directions of one call
have the same number, and two calls that chose the same number from both ends stay apart. E1 lines that have no D-channel
are controlled by those of the others (non-facility associated signalling); then a reserve D-channel continues their calls.

Source: ITU-T Q.931 §4.3 (call reference), §5 (call control), §5.5 (restart), Annex F (backup of D-channels)
"""

from typing import NamedTuple

from appliance.boards.signalling import lapd, q931
from appliance.boards.signalling.calls import Call, Calls, Parties
from appliance.boards.signalling.events import Circuit
from appliance.boards.signalling.links import Links
from appliance.boards.signalling.number import MOST_DIGITS, NOBODY, Number
from appliance.domain.bundle import Message
from appliance.settings import trunks

TRANSPORT = "q931"
_SHARED = -1
_SPEAKS_FIRST = frozenset(
    {q931.CALL_PROCEEDING, q931.ALERTING, q931.PROGRESS, q931.CONNECT, q931.SETUP_ACKNOWLEDGE}
)
"""Messages by which a call is noticed whose beginning was not heard."""


class _Reference(NamedTuple):
    channel: int
    tei: int
    value: int
    origin: int


class Isdn:
    """The D-channels of one trunk."""

    def __init__(self, settings: trunks.Trunk, calls: Calls) -> None:
        self._lines = settings.lines
        self._calls = calls
        self._links: Links[lapd.Link] = Links(lapd.Link)
        self._references: dict[_Reference, Call] = {}
        self._is_shared = len(settings.lines) > 1 and not all(line.has_signalling for line in settings.lines)

    def frame(self, e1: int, port: int, timeslot: int, at_ns: int, octets: bytes) -> None:
        """One frame of a D-channel.

        Raises: BadMessage
        """
        frame = lapd.read(octets)
        link = self._links[e1, timeslot, port]
        if link.begins_anew(frame):
            for side in (0, 1):
                self._links[e1, timeslot, side].reset(frame.tei)
            return
        lost = link.lost
        text = link.accept(frame)
        if link.lost > lost:
            self._calls.trouble("lost", at_ns, count=link.lost - lost, timeslot=timeslot, port=port)
        if not text:
            return
        message = q931.read(text)
        if message is None or message.reference is None:
            return
        if message.reference == 0:
            self._of_interface(e1, port, at_ns, message)
        else:
            self._of_call(e1, port, timeslot, at_ns, frame.tei, message)

    def forget(self) -> None:
        """Let go of the references of calls that are over."""
        if len(self._references) > 2 * len(self._calls.live) + 64:
            self._references = {key: call for key, call in self._references.items() if not call.is_over}

    def counts(self) -> tuple[int, int, int]:
        """Messages that were new, that came again, and that were lost."""
        return self._links.counts()

    def _of_interface(self, e1: int, port: int, at_ns: int, message: q931.Message) -> None:
        """A restart ends the calls on the channels it names; its acknowledgement names the same ones again."""
        if message.kind != q931.RESTART:
            return
        named = q931.channel(message.elements.get(q931.CHANNEL))
        is_whole = q931.restarts_all(message.elements.get(q931.RESTART_INDICATOR)) or not (
            named and named.numbers
        )
        line = e1 if named is None else self._line(e1, named)
        for circuit, call in list(self._calls.on_circuit.items()):
            if circuit.e1 == line and (is_whole or (named is not None and circuit.timeslot in named.numbers)):
                self._calls.restart(call, at_ns, port)

    def _of_call(
        self, e1: int, port: int, timeslot: int, at_ns: int, tei: int, message: q931.Message
    ) -> None:
        origin = 1 - port if message.is_from_destination else port
        channel = _SHARED if self._is_shared else e1 << 5 | timeslot
        reference = _Reference(channel, tei, message.reference or 0, origin)
        call = self._references.get(reference)
        if call is None and tei != lapd.BROADCAST:
            call = self._references.get(reference._replace(tei=lapd.BROADCAST))
        if call is not None and call.is_over:
            call = None
        step = self._calls.step(at_ns, port, TRANSPORT, message.name)
        if message.kind == q931.SETUP and not message.is_from_destination:
            self._begin(reference, e1, at_ns, call, message, step)
        elif call is not None:
            call.steps.append(step)
            self._continue(call, e1, port, at_ns, message)
            self._calls.settle(call, at_ns)
        elif message.kind in _SPEAKS_FIRST:
            circuit = self._circuit(e1, message)
            if circuit is not None and circuit not in self._calls.on_circuit:
                parties = Parties()
                self._open(reference, at_ns, circuit, parties, step, is_late=True)
                call = self._references.get(reference)
                if call is not None:
                    self._continue(call, e1, port, at_ns, message)

    def _begin(
        self,
        reference: _Reference,
        e1: int,
        at_ns: int,
        old: Call | None,
        message: q931.Message,
        step: Message,
    ) -> None:
        """A call is asked for: a new one, or the same once more because nobody answered the question."""
        calls = self._calls
        parties = _parties(message)
        circuit = self._circuit(e1, message)
        if old is not None:
            if calls.adopt(old, at_ns, reference.origin, parties, step):
                return
            is_same = (old.parties.callee, old.parties.caller) == (parties.callee, parties.caller)
            if is_same and not old.has_progressed and old.ending is None:
                old.steps.append(step)
                calls.settle(old, at_ns)
                return
            calls.supersede(old, at_ns)
        other = calls.on_circuit.get(circuit) if circuit is not None else None
        is_free = other is None or other.ending is not None or other.answered_ns is not None
        if other is not None and not is_free and other.from_port != reference.origin:
            # Both ends asked for the same channel: one of them is given another, or refused.
            calls.trouble("glare", at_ns, other)
            circuit = None
        self._open(reference, at_ns, circuit, parties, step)

    def _open(
        self,
        reference: _Reference,
        at_ns: int,
        circuit: Circuit | None,
        parties: Parties,
        step: Message,
        *,
        is_late: bool = False,
    ) -> None:
        key = f"{at_ns:x}-{reference.channel & 0xFFFF:x}-{reference.origin}{reference.value:x}"
        call = self._calls.begin(key, at_ns, reference.origin, circuit, parties, step=step, is_late=is_late)
        if call is not None:
            self._references[reference] = call

    def _continue(self, call: Call, e1: int, port: int, at_ns: int, message: q931.Message) -> None:
        calls = self._calls
        kind = message.kind
        circuit = self._circuit(e1, message)
        if circuit is not None and kind != q931.STATUS:
            calls.place(call, at_ns, circuit)
        is_backward = port != call.from_port
        if is_backward and kind in _SPEAKS_FIRST:
            call.has_progressed = True
        if kind == q931.INFORMATION:
            if not is_backward:
                self._more_digits(call, at_ns, message)
        elif kind == q931.ALERTING and is_backward:
            calls.ring(call, at_ns)
        elif (kind == q931.CONNECT and is_backward) or kind == q931.CONNECT_ACKNOWLEDGE:
            calls.answer(call, at_ns)
        elif kind in (q931.DISCONNECT, q931.RELEASE, q931.RELEASE_COMPLETE):
            calls.release(call, at_ns, q931.cause(message.elements.get(q931.CAUSE)), port)
            if kind == q931.RELEASE_COMPLETE:
                calls.finish(call)
        elif kind == q931.STATUS and q931.call_state(message.elements.get(q931.CALL_STATE)) == 0:
            calls.release(call, at_ns, q931.cause(message.elements.get(q931.CAUSE)), port)
            calls.finish(call)

    def _more_digits(self, call: Call, at_ns: int, message: q931.Message) -> None:
        """Digits dialled after the call was asked for (overlap sending)."""
        more = _called(message)
        if not more.digits or call.ending is not None:
            return
        known = call.parties.callee
        nature = known.nature if known.digits else more.nature
        call.parties.callee = Number((known.digits + more.digits)[:MOST_DIGITS], nature)
        self._calls.numbers(call, at_ns)

    def _circuit(self, e1: int, message: q931.Message) -> Circuit | None:
        """The one B-channel that a message names."""
        channel = q931.channel(message.elements.get(q931.CHANNEL))
        if channel is None or len(channel.numbers) != 1 or not 1 <= channel.numbers[0] <= 31:
            return None
        return Circuit(self._line(e1, channel), channel.numbers[0])

    def _line(self, e1: int, channel: q931.Channel) -> int:
        """The line that an interface identifier means; where each line has a D-channel, it is the D-channel's own."""
        if channel.interface is None or not self._is_shared:
            return e1
        for index, line in enumerate(self._lines):
            if line.first_circuit // 32 == channel.interface:
                return index
        return e1


def _called(message: q931.Message) -> Number:
    """The called number; some exchanges send its digits as if they were pressed."""
    called = q931.number(message.elements.get(q931.CALLED))
    if called is not None and called.digits:
        return called
    return Number(q931.keypad(message.elements.get(q931.KEYPAD)))


def _parties(message: q931.Message) -> Parties:
    elements = message.elements
    bearer = q931.bearer(elements.get(q931.BEARER))
    return Parties(
        caller=q931.number(elements.get(q931.CALLING)) or NOBODY,
        callee=_called(message),
        redirecting=q931.number(elements.get(q931.REDIRECTING)) or NOBODY,
        caller_name=q931.display(elements.get(q931.DISPLAY)),
        category="data" if "digital" in bearer else "",
        bearer=bearer,
    )
