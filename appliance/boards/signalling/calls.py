"""The calls of a trunk and what is told of them, whichever signalling speaks of them.

A machine (`isdn`, `ss7`, `r2`) says what a message means; here is kept that a call begins, rings, is answered and ends once
each, and in this order. What was told so far waits in `events` for the trunk to take it away.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from appliance.boards.signalling.events import (
    Answered,
    Begun,
    Circuit,
    Ended,
    Noted,
    Numbers,
    Placed,
    Ringing,
    Trouble,
    TrunkEvent,
)
from appliance.boards.signalling.number import NOBODY, Number, dialled
from appliance.domain.bundle import Message
from appliance.settings import trunks

LINGER_NS = 2_000_000_000
"""How long the rest of a release is waited for before its call is told to have ended."""
BEHIND_NS = 500_000_000
"""How far a question may be behind its answer where boards tell the time of frames roughly."""
MOST_CALLS = 4096
_RESTARTED = 41
_SECOND_NS = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Parties:
    """Who calls whom, as far as it is known; the callee's number may still grow."""

    caller: Number = NOBODY
    callee: Number = NOBODY
    redirecting: Number = NOBODY
    caller_name: str = ""
    category: str = ""
    bearer: str = ""


@dataclass(eq=False)
class Call:
    """One call. `from_port`: where its beginning came from; `has_progressed`: the other side has said something."""

    key: str
    begun_ns: int
    from_port: int
    parties: Parties
    circuit: Circuit | None
    initial: bytes = b""
    is_late: bool = False
    has_progressed: bool = False
    is_ringing: bool = False
    answered_ns: int | None = None
    hung_up_ns: int | None = None
    ending: tuple[int, int, int | None] | None = None
    released_ns: int = 0
    is_over: bool = False
    steps: list[Message] = field(default_factory=list)


class Calls:
    """Those that are not over."""

    def __init__(self, settings: trunks.Trunk) -> None:
        self._settings = settings
        self._ends = (f"{settings.name} 1", f"{settings.name} 2")
        self.events: list[TrunkEvent] = []
        self.live: dict[str, Call] = {}
        self.on_circuit: dict[Circuit, Call] = {}
        self.begun = 0
        self._keys: dict[str, None] = {}

    def trouble(self, code: str, at_ns: int, call: Call | None = None, **facts: object) -> None:
        """Tell of something that should not be."""
        told = {name: str(value) for name, value in facts.items()}
        self.events.append(Trouble(code=code, at_ns=at_ns, facts=told, key=call.key if call else ""))

    def begin(
        self,
        key: str,
        at_ns: int,
        from_port: int,
        circuit: Circuit | None,
        parties: Parties,
        *,
        step: Message,
        initial: bytes = b"",
        is_late: bool = False,
    ) -> Call | None:
        """A call that was not there before; None when there are more than there can be.

        A call that is still up on its circuit has ended without our hearing it.
        """
        if circuit is not None and (old := self.on_circuit.get(circuit)) is not None:
            self.supersede(old, at_ns)
        if len(self.live) >= MOST_CALLS:
            self.trouble("overload", at_ns)
            return None
        while key in self._keys:
            key += "+"
        self._keys[key] = None
        if len(self._keys) > MOST_CALLS:
            del self._keys[next(iter(self._keys))]
        call = Call(key, at_ns, from_port, parties, circuit, initial, is_late)
        self.live[key] = call
        self.begun += 1
        if circuit is not None:
            self.on_circuit[circuit] = call
        self.events.append(
            Begun(
                key=key,
                at_ns=at_ns,
                from_port=from_port,
                circuit=circuit,
                caller=self._dialled(parties.caller),
                callee=self._dialled(parties.callee),
                redirecting=self._dialled(parties.redirecting),
                caller_name=parties.caller_name,
                is_withheld=parties.caller.is_withheld,
                category=parties.category,
                bearer=parties.bearer,
                is_late=is_late,
                steps=(step,),
            )
        )
        if is_late:
            self.trouble("late", at_ns, call)
        return call

    def adopt(self, call: Call, at_ns: int, from_port: int, parties: Parties, step: Message) -> bool:
        """Whether this beginning is that of a call which was noticed a moment ago: the port it came from was behind."""
        if not call.is_late or call.from_port != from_port or not 0 <= at_ns - call.begun_ns <= BEHIND_NS:
            return False
        call.is_late = False
        call.parties = parties
        call.steps.append(step)
        self.numbers(call, at_ns)
        return True

    def step(
        self, at_ns: int, port: int, transport: str, label: str, ends: tuple[str, str] | None = None
    ) -> Message:
        """A line of the ladder: what was heard on `port`, and who said it to whom."""
        source, destination = ends or (self._ends[port], self._ends[1 - port])
        at = _EPOCH + timedelta(microseconds=at_ns // 1000)
        return Message(at=at, source=source, destination=destination, transport=transport, label=label)

    def numbers(self, call: Call, at_ns: int) -> None:
        """Its parties are better known."""
        if call.ending is not None:
            return
        parties = call.parties
        self.events.append(
            Numbers(
                key=call.key,
                at_ns=at_ns,
                caller=self._dialled(parties.caller),
                callee=self._dialled(parties.callee),
                redirecting=self._dialled(parties.redirecting),
                caller_name=parties.caller_name,
                is_withheld=parties.caller.is_withheld,
                category=parties.category,
                steps=_taken(call),
            )
        )

    def place(self, call: Call, at_ns: int, circuit: Circuit) -> None:
        """It speaks on this circuit."""
        if call.circuit == circuit or call.ending is not None:
            return
        other = self.on_circuit.get(circuit)
        if other is not None and other is not call:
            if other.ending is None and other.answered_ns is None and other.from_port != call.from_port:
                self._leave(
                    other
                )  # both ends asked for it; the other call is refused, or given another circuit
                other.circuit = None
            else:
                self.supersede(other, at_ns)
        self._leave(call)
        call.circuit = circuit
        self.on_circuit[circuit] = call
        self.events.append(Placed(key=call.key, at_ns=at_ns, circuit=circuit, steps=_taken(call)))

    def ring(self, call: Call, at_ns: int) -> None:
        """The callee's telephone rings."""
        call.has_progressed = True
        if call.is_ringing or call.answered_ns is not None or call.ending is not None:
            return
        call.is_ringing = True
        self.events.append(Ringing(key=call.key, at_ns=at_ns, steps=_taken(call)))

    def answer(self, call: Call, at_ns: int) -> None:
        """The callee has answered, or taken up the receiver again."""
        call.has_progressed = True
        if call.ending is not None:
            return
        call.hung_up_ns = None
        if call.answered_ns is None:
            call.answered_ns = at_ns
            self.events.append(Answered(key=call.key, at_ns=at_ns, steps=_taken(call)))

    def hang_up(self, call: Call, at_ns: int) -> None:
        """The callee has put the receiver down, and may take it up again."""
        if call.hung_up_ns is None and call.answered_ns is not None:
            call.hung_up_ns = at_ns

    def release(self, call: Call, at_ns: int, cause: int, by_port: int | None) -> None:
        """An end lets go; the first word about it counts, and a receiver that was put down before that."""
        if call.ending is not None:
            return
        call.released_ns = at_ns
        if call.hung_up_ns is not None:
            at_ns, by_port = call.hung_up_ns, 1 - call.from_port
        call.ending = (at_ns, cause, by_port)

    def finish(self, call: Call) -> None:
        """Nothing more will be said of it."""
        if call.is_over or call.ending is None:
            return
        call.is_over = True
        at_ns, cause, by_port = call.ending
        self.events.append(Ended(key=call.key, at_ns=at_ns, cause=cause, by_port=by_port, steps=_taken(call)))
        self._leave(call)
        self.live.pop(call.key, None)

    def supersede(self, call: Call, at_ns: int) -> None:
        """Its circuit or reference is used again: whatever was said last of it, it is over."""
        if call.ending is None:
            self.trouble("lost-end", at_ns, call)
            self.release(call, at_ns, 0, None)
        self.finish(call)

    def restart(self, call: Call, at_ns: int, port: int) -> None:
        """An end has forgotten the call."""
        if call.ending is None:
            self.trouble("restarted", at_ns, call)
            self.release(call, at_ns, _RESTARTED, port)
        self.finish(call)

    def settle(self, call: Call, at_ns: int) -> None:
        """Steps that changed nothing are told as they are."""
        if call.steps and not call.is_over:
            self.events.append(Noted(key=call.key, at_ns=at_ns, steps=_taken(call)))

    def expire(self, now_ns: int) -> None:
        """End what lets go too slowly, and what was up for longer than calls are."""
        setup_ns = self._settings.longest_setup_s * _SECOND_NS
        longest_ns = self._settings.longest_call_h * 3600 * _SECOND_NS
        for call in list(self.live.values()):
            if call.ending is not None:
                if now_ns - call.released_ns >= LINGER_NS:
                    self.finish(call)
            elif (call.answered_ns is None and now_ns - call.begun_ns >= setup_ns) or (
                call.answered_ns is not None and now_ns - call.answered_ns >= longest_ns
            ):
                self.trouble("never-ended", now_ns, call)
                self.release(call, now_ns, 0, None)
                self.finish(call)

    def _dialled(self, number: Number) -> str:
        settings = self._settings
        return dialled(number, national=settings.national_prefix, international=settings.international_prefix)

    def _leave(self, call: Call) -> None:
        if call.circuit is not None and self.on_circuit.get(call.circuit) is call:
            del self.on_circuit[call.circuit]


def _taken(call: Call) -> tuple[Message, ...]:
    steps = tuple(call.steps)
    call.steps.clear()
    return steps
