"""Calls of SS7 trunks: ISUP and TUP of all links of the trunk joined by circuit and the two point codes.

Links share the load: what is said of one call may come on any of them, and a message that changes links may come twice.

Source: ITU-T Q.764 §2 (ISUP calls), §2.9.1 (dual seizure), §2.9.3 (reset); Q.724 (TUP calls); GF 001-9001
"""

from appliance.boards.signalling import isup, mtp, tup
from appliance.boards.signalling.calls import Call, Calls, Parties
from appliance.boards.signalling.events import Circuit
from appliance.boards.signalling.links import Links
from appliance.boards.signalling.number import MOST_DIGITS, NOBODY, Number
from appliance.core.errors import BadMessage
from appliance.domain.bundle import Message
from appliance.settings import trunks

_AGAIN_NS = 5_000_000_000
_NORMAL = 16
_NO_CIRCUIT = 44
_PROGRESS = frozenset({isup.ACM, isup.CPG, isup.CON, isup.ANM})
_TUP_ANSWERS = frozenset({tup.ANU, tup.ANC, tup.ANN, tup.RAN})


class Ss7:
    """The links of one trunk."""

    def __init__(self, settings: trunks.Trunk, signalling: trunks.Ss7, calls: Calls) -> None:
        self._label = signalling.label
        self._user_part = signalling.user_part
        self._calls = calls
        self._links: Links[mtp.Link] = Links(mtp.Link)
        self._lines = [
            (line.first_circuit, mtp.parsed_point_code(line.point_code, signalling.label))
            for line in settings.lines
        ]

    def frame(self, e1: int, port: int, timeslot: int, at_ns: int, octets: bytes) -> None:
        """One signal unit.

        Raises: BadMessage
        """
        unit = mtp.read(octets)
        link = self._links[e1, timeslot, port]
        if unit.kind is mtp.Unit.STATUS:
            link.reset()
            return
        lost = link.lost
        content = link.accept(unit)
        if link.lost > lost:
            self._calls.trouble("lost", at_ns, count=link.lost - lost, timeslot=timeslot, port=port)
        if content is None:
            return
        service = content[0] & 15
        if service == mtp.ISUP and self._user_part is not trunks.UserPart.TUP:
            routed = mtp.route(content, self._label)
            self._isup(routed, port, at_ns)
        elif service == mtp.TUP and self._user_part is not trunks.UserPart.ISUP:
            routed = mtp.route(content, self._label)
            self._tup(routed, port, at_ns)

    def counts(self) -> tuple[int, int, int]:
        """Messages that were new, that came again, and that were lost."""
        return self._links.counts()

    def _circuit(self, routed: mtp.Routed, code: int) -> Circuit | None:
        """The voice timeslot that a circuit code between these two exchanges means."""
        for index, (first, point_code) in enumerate(self._lines):
            if 0 < code - first < 32 and (
                point_code is None or point_code in (routed.origin, routed.destination)
            ):
                return Circuit(index, code - first)
        return None

    def _step(self, routed: mtp.Routed, port: int, at_ns: int, transport: str, name: str) -> Message:
        ends = (mtp.point_code(routed.origin, self._label), mtp.point_code(routed.destination, self._label))
        return self._calls.step(at_ns, port, transport, name, ends)

    def _begin(
        self,
        routed: mtp.Routed,
        port: int,
        at_ns: int,
        code: int,
        circuit: Circuit | None,
        parties: Parties,
        step: Message,
    ) -> None:
        """An initial address: a new call, the same one once more, or both ends at the same circuit."""
        calls = self._calls
        if circuit is None:
            calls.trouble("unmapped", at_ns, circuit=code)
            return
        old = calls.on_circuit.get(circuit)
        if old is not None and calls.adopt(old, at_ns, port, parties, step):
            old.initial = routed.text
            return
        if old is not None and old.ending is None and not old.has_progressed:
            if old.from_port == port:
                if old.initial == routed.text and at_ns - old.begun_ns < _AGAIN_NS:
                    old.steps.append(step)
                    calls.settle(old, at_ns)
                    return
            else:
                calls.trouble("glare", at_ns, old)
                # The exchange with the higher point code has the even circuits, the other one the odd ones.
                if (routed.origin > routed.destination) is not (code % 2 == 0):
                    old.steps.append(step)
                    calls.settle(old, at_ns)
                    return
                calls.release(old, at_ns, _NO_CIRCUIT, 1 - port)
        self._open(port, at_ns, code, circuit, parties, step, initial=routed.text)

    def _open(
        self,
        from_port: int,
        at_ns: int,
        code: int,
        circuit: Circuit,
        parties: Parties,
        step: Message,
        *,
        initial: bytes = b"",
        is_late: bool = False,
    ) -> Call | None:
        key = f"{at_ns:x}-{circuit.e1:x}-{from_port}{code:x}"
        return self._calls.begin(
            key, at_ns, from_port, circuit, parties, step=step, initial=initial, is_late=is_late
        )

    def _call_on(
        self, circuit: Circuit | None, code: int, port: int, at_ns: int, step: Message, *, is_progress: bool
    ) -> Call | None:
        """The call on a circuit, with this step; a message of progress tells of one whose beginning was not heard."""
        if circuit is None:
            return None
        call = self._calls.on_circuit.get(circuit)
        if call is not None:
            call.steps.append(step)
        elif is_progress:
            call = self._open(1 - port, at_ns, code, circuit, Parties(), step, is_late=True)
        return call

    def _more_digits(self, call: Call, port: int, at_ns: int, more: Number | None) -> None:
        known = call.parties.callee
        if more is None or port != call.from_port or known.is_complete or call.ending is not None:
            return
        digits = (known.digits + more.digits)[:MOST_DIGITS]
        call.parties.callee = Number(digits, known.nature, is_complete=more.is_complete)
        self._calls.numbers(call, at_ns)

    def _isup(self, routed: mtp.Routed, port: int, at_ns: int) -> None:
        message = isup.read(routed.text)
        kind = message.kind
        circuit = self._circuit(routed, message.circuit)
        if kind in (isup.GRS, isup.CGB):
            blocked = isup.blocked(message) if kind == isup.CGB else list(isup.circuits(message))
            if kind == isup.GRS or (message.parameters[isup.SUPERVISION][0] & 3) == isup.HARDWARE:
                self._restart(routed, blocked, at_ns, port)
            return
        step = self._step(routed, port, at_ns, "isup", message.name)
        if kind == isup.IAM:
            self._begin(routed, port, at_ns, message.circuit, circuit, _isup_parties(message), step)
            return
        call = self._call_on(circuit, message.circuit, port, at_ns, step, is_progress=kind in _PROGRESS)
        if call is not None:
            self._isup_continue(call, port, at_ns, message)
            self._calls.settle(call, at_ns)

    def _isup_continue(self, call: Call, port: int, at_ns: int, message: isup.Message) -> None:
        calls = self._calls
        kind = message.kind
        parameters = message.parameters
        is_backward = port != call.from_port
        if kind == isup.SAM:
            self._more_digits(call, port, at_ns, isup.subsequent(parameters.get(isup.SUBSEQUENT)))
        elif kind in _PROGRESS and is_backward:
            call.has_progressed = True
            if kind in (isup.ANM, isup.CON):
                calls.answer(call, at_ns)
            elif isup.is_free(message):
                calls.ring(call, at_ns)
        elif kind == isup.INF and not is_backward:
            caller = isup.number(parameters.get(isup.CALLING))
            if caller is not None and caller.digits:
                call.parties.caller = caller
                calls.numbers(call, at_ns)
        elif kind == isup.SUS and is_backward and parameters[isup.SUSPENSION][0] & 1:
            calls.hang_up(call, at_ns)
        elif kind == isup.RES and is_backward:
            calls.answer(call, at_ns)
        else:
            self._isup_release(call, port, at_ns, message)

    def _isup_release(self, call: Call, port: int, at_ns: int, message: isup.Message) -> None:
        calls = self._calls
        if message.kind == isup.REL:
            calls.release(call, at_ns, isup.cause(message.parameters.get(isup.CAUSE)), port)
        elif message.kind == isup.RLC:
            calls.release(call, at_ns, 0, 1 - port)
            calls.finish(call)
        elif message.kind == isup.RSC:
            calls.restart(call, at_ns, port)
        elif message.kind == isup.UCIC:
            calls.release(call, at_ns, _NO_CIRCUIT, port)
            calls.finish(call)

    def _tup(self, routed: mtp.Routed, port: int, at_ns: int) -> None:
        message = tup.read(routed.text)
        kind = message.kind
        circuit = self._circuit(routed, message.circuit)
        if kind in (tup.GRS, tup.HGB):
            group = list(message.status)
            if kind == tup.GRS:
                group = list(range(message.circuit, message.circuit + message.range + 1))
            self._restart(routed, group, at_ns, port)
            return
        step = self._step(routed, port, at_ns, "tup", message.name)
        if kind in (tup.IAM, tup.IAI):
            parties = Parties(
                caller=message.calling or NOBODY,
                callee=message.called or NOBODY,
                redirecting=message.original_called or NOBODY,
                category=message.category,
            )
            self._begin(routed, port, at_ns, message.circuit, circuit, parties, step)
            return
        is_progress = kind == tup.ACM or kind in _TUP_ANSWERS
        call = self._call_on(circuit, message.circuit, port, at_ns, step, is_progress=is_progress)
        if call is not None:
            self._tup_continue(call, port, at_ns, message)
            self._calls.settle(call, at_ns)

    def _tup_continue(self, call: Call, port: int, at_ns: int, message: tup.Message) -> None:
        calls = self._calls
        kind = message.kind
        is_backward = port != call.from_port
        if kind in (tup.SAM, tup.SAO):
            self._more_digits(call, port, at_ns, message.called)
        elif kind == tup.GSM and not is_backward:
            self._setup_information(call, at_ns, message)
        elif kind == tup.ACM and is_backward:
            call.has_progressed = True
            if message.is_free:
                calls.ring(call, at_ns)
        elif kind in _TUP_ANSWERS and is_backward:
            calls.answer(call, at_ns)
        elif kind == tup.CBK and is_backward:
            calls.hang_up(call, at_ns)
        else:
            self._tup_release(call, port, at_ns, kind)

    def _tup_release(self, call: Call, port: int, at_ns: int, kind: int) -> None:
        calls = self._calls
        if kind in tup.REFUSALS:
            call.has_progressed = True
            calls.release(call, at_ns, tup.REFUSALS[kind], port)
        elif kind == tup.CLF and port == call.from_port:
            calls.release(call, at_ns, _NORMAL, port)
        elif kind == tup.RLG:
            calls.release(call, at_ns, 0, 1 - port)
            calls.finish(call)
        elif kind == tup.RSC:
            calls.restart(call, at_ns, port)

    def _setup_information(self, call: Call, at_ns: int, message: tup.Message) -> None:
        parties = call.parties
        if message.calling is not None and message.calling.digits:
            parties.caller = message.calling
        if message.original_called is not None:
            parties.redirecting = message.original_called
        parties.category = message.category or parties.category
        self._calls.numbers(call, at_ns)

    def _restart(self, routed: mtp.Routed, group: list[int], at_ns: int, port: int) -> None:
        for code in group:
            circuit = self._circuit(routed, code)
            call = self._calls.on_circuit.get(circuit) if circuit is not None else None
            if call is not None:
                self._calls.restart(call, at_ns, port)


def _isup_parties(message: isup.Message) -> Parties:
    parameters = message.parameters
    called = isup.number(parameters.get(isup.CALLED), is_called=True)
    if called is None:
        raise BadMessage(problem="no called number", offset=0)
    redirecting = isup.number(parameters.get(isup.REDIRECTING))
    return Parties(
        caller=isup.number(parameters.get(isup.CALLING)) or NOBODY,
        callee=called,
        redirecting=redirecting or isup.number(parameters.get(isup.ORIGINAL_CALLED)) or NOBODY,
        category=isup.category(parameters.get(isup.CATEGORY)),
        bearer=isup.medium(parameters.get(isup.MEDIUM)),
    )
