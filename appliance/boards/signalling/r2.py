"""Calls of trunks with channel-associated signalling: line signals and register signals of each timeslot joined.

Source: ITU-T Q.422, Q.441; GF 002-9002 (China No. 1)
"""

from appliance.boards.signalling import cas, mfc
from appliance.boards.signalling.calls import Call, Calls, Parties
from appliance.boards.signalling.events import Circuit
from appliance.boards.signalling.number import Number
from appliance.domain.bundle import Message
from appliance.settings import trunks

TRANSPORT = "r2"
_NORMAL = 16
_OUT_OF_ORDER = 27
_FAULT_NS = 2_000_000_000


class _Slot:
    """One timeslot: its line, and the set-up and call on it."""

    def __init__(self) -> None:
        self.line = cas.Line()
        self.exchange: mfc.Exchange | None = None
        self.call: Call | None = None
        self.fault_ns: int | None = None


class R2:
    """The timeslots of one trunk."""

    def __init__(self, signalling: trunks.R2, calls: Calls) -> None:
        self._registers = signalling.registers
        self._calls = calls
        self._slots: dict[Circuit, _Slot] = {}
        self.signals = 0

    def bits(self, circuit: Circuit, port: int, at_ns: int, abcd: int) -> None:
        """The line signal of one direction is another one now."""
        slot = self._slot(circuit)
        line = slot.line
        is_first = line.bits[port] is None
        signal = line.change(port, abcd)
        if signal is None:
            return
        self.signals += 1
        calls = self._calls
        step = calls.step(at_ns, port, TRANSPORT, signal.value)
        call = slot.call
        if call is not None and call.is_over:
            call = slot.call = None
        if signal is cas.Signal.SEIZURE:
            self._seize(slot, circuit, port, at_ns, step, is_first=is_first)
            return
        if call is None:
            return
        call.steps.append(step)
        if is_first and signal is cas.Signal.ANSWER:  # nobody answers before the seizure is acknowledged
            calls.trouble("late", at_ns, call)
        self._line_signal(slot, call, port, at_ns, signal)
        if signal is cas.Signal.CLEAR_FORWARD and line.forward is not None:
            # The other end had seized at the same time, and has the line now.
            again = calls.step(at_ns, line.forward, TRANSPORT, cas.Signal.SEIZURE.value)
            self._seize(slot, circuit, line.forward, at_ns, again, is_first=False)
        calls.settle(call, at_ns)

    def _seize(
        self, slot: _Slot, circuit: Circuit, port: int, at_ns: int, step: Message, *, is_first: bool
    ) -> None:
        is_up = slot.line.bits[1 - port] == cas.ANSWERED
        key = f"{at_ns:x}-{circuit.e1:x}-{port}{circuit.timeslot:x}"
        slot.exchange = mfc.Exchange(self._registers)
        slot.fault_ns = None
        slot.call = self._calls.begin(
            key, at_ns, port, circuit, Parties(), step=step, is_late=is_up and is_first
        )
        if slot.call is not None and is_up:  # both ends were heard for the first time in the midst of a call
            slot.line.was_answered = True
            self._calls.answer(slot.call, at_ns)

    def _line_signal(self, slot: _Slot, call: Call, port: int, at_ns: int, signal: cas.Signal) -> None:
        calls = self._calls
        if signal in (cas.Signal.ANSWER, cas.Signal.RE_ANSWER):
            slot.exchange = None
            calls.answer(call, at_ns)
        elif signal is cas.Signal.CLEAR_BACK:
            calls.hang_up(call, at_ns)
        elif signal is cas.Signal.FORCED_RELEASE:
            calls.release(call, at_ns, _NORMAL, port)
        elif signal is cas.Signal.GLARE:
            calls.trouble("glare", at_ns, call)
        elif signal is cas.Signal.CLEAR_FORWARD:
            refusal = slot.exchange.cause if slot.exchange is not None else 0
            by_port = 1 - call.from_port if refusal else port
            calls.release(call, at_ns, refusal or _NORMAL, by_port)
            slot.exchange = None
            if slot.line.bits[1 - port] == cas.IDLE:
                calls.finish(call)
        elif signal is cas.Signal.RELEASE_GUARD and call.ending is not None:
            calls.finish(call)
        slot.fault_ns = at_ns if signal is cas.Signal.FAULT else None

    def tone(self, circuit: Circuit, port: int, at_ns: int, signal: int, *, is_forward: bool) -> None:
        """A register signal began to be heard; what comes from the wrong end or at the wrong time is speech."""
        slot = self._slots.get(circuit)
        if slot is None or slot.exchange is None or slot.call is None or slot.call.is_over:
            return
        call, exchange = slot.call, slot.exchange
        if exchange.is_over:
            return
        if is_forward != (port == call.from_port) or call.ending is not None:
            return
        self.signals += 1
        calls = self._calls
        is_more = False
        if is_forward:
            is_more = exchange.forward(signal)
        else:
            call.has_progressed = True
            exchange.backward(signal)
        if exchange.label:
            call.steps.append(calls.step(at_ns, port, TRANSPORT, exchange.label))
        if (
            is_more
            or call.parties.callee.digits != exchange.callee
            or call.parties.caller.digits != exchange.caller
        ):
            call.parties.callee = Number(exchange.callee)
            call.parties.caller = Number(exchange.caller)
            call.parties.category = exchange.category
            calls.numbers(call, at_ns)
        if exchange.is_free:
            calls.ring(call, at_ns)
        calls.settle(call, at_ns)

    def expire(self, now_ns: int) -> None:
        """End calls on lines that are faulty for longer than a disturbance."""
        for slot in self._slots.values():
            if slot.fault_ns is not None and slot.call is not None and now_ns - slot.fault_ns >= _FAULT_NS:
                self._calls.release(slot.call, slot.fault_ns, _OUT_OF_ORDER, None)
                self._calls.finish(slot.call)
                slot.fault_ns = None

    def _slot(self, circuit: Circuit) -> _Slot:
        found = self._slots.get(circuit)
        if found is None:
            found = self._slots[circuit] = _Slot()
        return found


class _Heard:
    """A line as it was read: when it was seized, and how much later that was told than what sounded after it."""

    def __init__(self) -> None:
        self.line = cas.Line()
        self.seized_ns = 0
        self.behind_ns = 0


class RegisterPhase:
    """Where register signals may be heard right now, told before anything is put in order.

    Receivers listen from seizure to answer: speech is never taken for signals, and costs nothing.
    """

    def __init__(self) -> None:
        self._lines: dict[tuple[int, int], _Heard] = {}

    def change(self, e1: int, timeslot: int, port: int, at_ns: int, abcd: int) -> None:
        """Take the new bits of one direction."""
        heard = self._lines.get((e1, timeslot))
        if heard is None:
            heard = self._lines[e1, timeslot] = _Heard()
        before = heard.line.forward
        heard.line.change(port, abcd)
        if heard.line.forward is not None and heard.line.forward != before:
            heard.seized_ns, heard.behind_ns = at_ns, 0

    def time_of(self, e1: int, timeslot: int, at_ns: int) -> int:
        """When a register signal was, by the clock of the line signals; it cannot have been before the seizure.

        Line signals are dated when they are read, on a busy machine later than the first digit, whose place in the sound is
        exact. All signals of a set-up are moved together, so that their order stays.
        """
        heard = self._lines.get((e1, timeslot))
        if heard is None:
            return at_ns
        heard.behind_ns = max(heard.behind_ns, heard.seized_ns + 1 - at_ns)
        return at_ns + heard.behind_ns

    def forward_port(self, e1: int, timeslot: int) -> int | None:
        """The port on which forward signals may be heard, and backward ones on the other; None: neither."""
        heard = self._lines.get((e1, timeslot))
        if heard is None:
            return None
        line = heard.line
        if line.forward is not None and line.was_answered:
            return None
        if line.forward is None and set(line.bits) == {cas.IDLE, cas.BUSY}:
            # What acknowledges a seizure may come before it, from another board.
            return line.bits.index(cas.IDLE)
        return line.forward
