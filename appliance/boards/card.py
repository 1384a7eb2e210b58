"""One open board: its sound goes into the history and past the detectors, its channels' machines make calls of it.

All channels at once where that is possible (levels, voltages, talk, tones), one at a time only where something changed.
Positions count samples since the board was opened. Nothing here waits or does I/O: what is to be written comes out of
`blocks`, what ended out of `take_ended`.
Source: ITU-T G.711, Q.552 (lines), Q.23 (keys), ETSI EN 300 659 (caller identity)
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import numpy as np

from appliance.boards.calls import LineCall, Origin, Recorded, Source
from appliance.boards.deciding import Deciding
from appliance.boards.doctor import Ward
from appliance.boards.history import Anchor, History
from appliance.boards.lines import laws_of, line_kind, plan_of, seconds_kept, wanted_of
from appliance.boards.spool import Block, file_name
from appliance.boards.triggers import Act, Bounds, Did, Edge, Seen, Standing, gone, step
from appliance.boards.volts import Thresholds, Voltages
from appliance.core import log
from appliance.core.clock import from_ns
from appliance.domain.call import CallState, DataType, Direction, Party, Side
from appliance.domain.control import ControlState
from appliance.domain.doctor import Case
from appliance.domain.ledger import Mark, Reason
from appliance.domain.line import RATE_HZ, ChannelState, LineLaw
from appliance.domain.tones import Fax, Identity, Key, Mfc, Tone, ToneKind
from appliance.media.pcm import SILENT_CODE, Bytes, Law, Pcm, expansion
from appliance.media.tones.bank import Bank, Sign
from appliance.media.voice import Turn
from appliance.settings.boards import Boards, Channel, channel_of, channels_of
from appliance.settings.cards import Card as CardSettings
from drivers.boards.board import Description, Event, Kind, LineEvent, Reading, Volts

_logger = log.get(__name__)

JUMP_NS = 500_000_000
FLUSH_TURNS = 10
"""A channel's sound is copied out in one of so many readings, so about once a second."""
_DIALS = 10 * RATE_HZ
"""Keys with shorter pauses between them, at the beginning of a call, are the number that is called."""
_IDENTITY = 12 * RATE_HZ
"""A caller told by keys comes so long before the first ring at most."""
_LONGEST_NUMBER = 32
_QUIET_DBM0 = -75
_EDGES = {Event.RING: Seen.RING, Event.RING_END: Seen.RING_END}
_HOOKS = {"off": Seen.OFF_HOOK, "on": Seen.ON_HOOK}
_STATES = {
    ControlState.EXCLUDED: ChannelState.EXCLUDED,
    ControlState.IDLE: ChannelState.WAITING,
    ControlState.RECORDING: ChannelState.RECORDING,
    ControlState.PAUSED: ChannelState.PAUSED,
    ControlState.STOPPED: ChannelState.EXCLUDED,
    ControlState.DISCARDED: ChannelState.EXCLUDED,
}
_IN_USE = {
    Seen.OFF_HOOK: ("hook", True),
    Seen.ON_HOOK: ("hook", False),
    Seen.NO_LINE: ("hook", False),
    Seen.VOICE: ("voice", True),
    Seen.SILENCE: ("voice", False),
}
"""What begins and ends the use of a line."""
_RINGS = (Seen.RING, Seen.RING_END)
_OVER = (ControlState.EXCLUDED, ControlState.STOPPED, ControlState.DISCARDED)
"""Nothing more is stored."""


class Card:
    """An open board and the calls on its lines.

    Raises: NoTones when made, without the library of tones
    """

    def __init__(
        self,
        settings: CardSettings,
        description: Description,
        boards: Boards,
        deciding: Deciding,
        since: datetime,
    ) -> None:
        self.settings = settings
        self.since = since
        self.name = settings.name
        self.description = description
        self.lost_samples = 0
        self.overruns = 0
        self.keeps_keys = True
        self.alarms: dict[int, tuple[frozenset[str], int]] = {}
        self.shared: dict[int, LineCall] = {}
        """Calls of trunks on the place of their other port."""
        self.mfc: list[tuple[int, Mfc, int]] = []
        """Register signals of the newest reading: place, signal, nanoseconds since the epoch."""
        self.calls: dict[int, LineCall] = {}
        """By place. Calls of trunks stand on the place of their first line."""
        self._deciding = deciding
        self._laws = laws_of(description)
        listed = channels_of(boards)
        self.parameters: list[Channel] = [channel_of(listed, number) for number in self._numbers()]
        self.plans = [
            plan_of(boards, settings, description, place, one) for place, one in enumerate(self.parameters)
        ]
        self.history = History(self._laws, seconds_kept(self.parameters, self.plans))
        self.bank = Bank(
            [
                wanted_of(boards, description.channels[place], plan, one)
                for place, (plan, one) in enumerate(zip(self.plans, self.parameters, strict=True))
            ]
        )
        self.voltages = Voltages([Thresholds(one.off_hook_v, one.on_hook_v) for one in self.parameters])
        self.levels = np.full(len(self.parameters), -90, np.float32)
        is_analog = any(one.kind is Kind.ANALOG for one in description.channels)
        self.ward = Ward(len(self.parameters)) if is_analog else None
        self._mixes = self._mixes_of()
        """Which other places are heard in the recordings of a place."""
        self._in_use: dict[tuple[int, str], set[int]] = defaultdict(set)
        self._standings = [Standing() for _ in self.parameters]
        self._anchor: Anchor | None = None
        self._shift = 0
        self._turn = 0
        self._tick_at = -RATE_HZ
        self._ended: list[LineCall] = []
        self._waiting: list[Block] = []
        self._identities: dict[int, tuple[Identity, int]] = {}
        self._one_law = self._laws[0] if len(set(self._laws)) == 1 else None

    @property
    def newest_ns(self) -> int:
        """The moment of its newest sample."""
        return self.anchor.ns_of(self.history.end)

    def position_of(self, ns: int) -> int:
        """The position of a moment."""
        anchor = self.anchor
        return anchor.at + (ns - anchor.ns) * RATE_HZ // 1_000_000_000

    def number_of(self, place: int) -> int:
        """The number in the box of a channel."""
        return self.settings.first_channel + place

    @property
    def anchor(self) -> Anchor:
        """A moment of its clock; the beginning of time before the first reading."""
        return self._anchor or Anchor(0, 0)

    def handle(self, reading: Reading) -> None:
        """Take in what came."""
        if reading.lost:
            self._lose(reading.lost)
        begin = self.history.end
        self._keep_time(reading.at_ns, begin)
        self.history.append(reading.audio)
        end = self.history.end
        heard = self.bank.feed(self._linear(reading.audio))
        self.levels = np.maximum(self.levels, heard.level_dbm0)
        if self.ward is not None:
            self.ward.observe(heard.power, reading.volts)
        edges = self._edges(reading, heard.turns, begin, end)
        for sign in heard.signs:
            if isinstance(sign.found, Identity):
                self._identified(sign.channel, sign.found)
        if end - self._tick_at >= RATE_HZ:
            self._tick_at = end
            self._tick(begin, end, edges)
        edges.update({place: self._together(place, edges) for place in self._mixes})
        for place, found in edges.items():
            for edge in sorted(found, key=lambda one: one.at):
                self._step(place, edge)
        self._signs(heard.signs)

    def blocks(self, *, everything: bool = False) -> list[Block]:
        """The sound that is to be written now: of a tenth of the channels, or of all."""
        self._turn = (self._turn + 1) % FLUSH_TURNS
        found, self._waiting = self._waiting, []
        for place, call in self.calls.items():
            if everything or place % FLUSH_TURNS == self._turn or place in self._mixes:
                found += self.flush(call)
        return found

    def flush(self, call: LineCall, only: History | None = None) -> list[Block]:
        """The sound of a call up to now, silence where it may not be heard; before its control changes. `only`: of one board."""
        self._begin_line(call)
        found = []
        for line in call.lines:
            history, end = line.history, line.history.end
            if only not in (None, history):
                continue
            if call.ended is not None:
                end = min(end, line.place_of(call.ns_of(call.ended)))
            if end <= line.taken:
                continue
            if call.course.state in _OVER:
                line.taken = end
                continue
            place, law = line.source.place, line.source.law
            is_heard = call.is_audible and not self.is_withheld(call, line)
            codes = (
                history.cut(place, line.taken, end) if is_heard else history.silence(place, end - line.taken)
            )
            line.taken = end
            found.append(Block(call.call_id, line.file, codes.tobytes(), SILENT_CODE[Law(law)]))
        return found

    def take_ended(self) -> list[LineCall]:
        """Calls that are over, each once; what was not flushed of them still has to be."""
        ended, self._ended = self._ended, []
        return ended

    def give_up(self, mark: Mark) -> None:
        """The board is gone or the program ends: every call ends now."""
        end = self.history.end
        for place, call in list(self.calls.items()):
            call.mark(mark)
            self._standings[place], _ = gone(self._standings[place], end)
            self.end(place, end, Reason.INTERRUPTED)

    def close(self) -> None:
        """Free the detectors."""
        self.bank.close()

    def state_of(self, place: int) -> ChannelState:
        """What a channel is doing now."""
        if not self.parameters[place].enabled:
            return ChannelState.OFF
        call = self.call_at(place)
        if call is None:
            if self.alarms.get(self.description.channels[place].span, (frozenset(), 0))[0]:
                return ChannelState.ALARM
            is_dead = self.description.has_volts and bool(self.voltages.is_dead[place])
            return ChannelState.NO_LINE if is_dead else ChannelState.IDLE
        if call.call.state in (CallState.TRYING, CallState.RINGING):
            return ChannelState.RINGING
        return _STATES[call.course.state]

    def call_at(self, place: int) -> LineCall | None:
        """The call that a channel is a part of."""
        return self.calls.get(place) or self.shared.get(place)

    def cases(self) -> dict[int, Case]:
        """What the line doctor observed on analog lines, by number."""
        if self.ward is None:
            return {}
        return {
            self.number_of(place): self.ward.case(place)
            for place, one in enumerate(self.description.channels)
            if one.kind is Kind.ANALOG
        }

    def take_up(self, cases: dict[int, Case]) -> None:
        """Go on with what an earlier life observed."""
        for number, case in cases.items():
            place = number - self.settings.first_channel
            if self.ward is not None and 0 <= place < len(self.parameters):
                self.ward.take_up(place, case)

    def take_levels(self) -> list[int | None]:
        """The loudest of each channel since it was asked last, in dBm0; None for silence."""
        found = [
            None if level < _QUIET_DBM0 else level for level in np.rint(self.levels).astype(int).tolist()
        ]
        self.levels[:] = -90
        return found

    def own_party(self, place: int) -> Party:
        """Who a line of the box is."""
        channel = self.parameters[place]
        return Party(
            number=channel.extension,
            number_raw=channel.extension,
            display=channel.name or self.description.channels[place].name,
        )

    def opened(self, place: int, call: LineCall) -> None:
        """A call began on a channel; what is decided of it."""
        self.calls[place] = call
        if not call.origins:
            call.origins.append(Origin(self.source(place), self.history, call.anchor))
        self._mix_in(place, call)
        if self.alarms.get(self.description.channels[place].span, (frozenset(), 0))[0]:
            call.mark(Mark.TRUNK_ALARM)
        self.decide(place, call)

    def decide(self, place: int, call: LineCall) -> None:
        """Ask the rules, for the first time or because more is known."""
        licensed = self.settings.licensed_channels
        self._deciding.admit(call, self.parameters[place], self.name, licensed, self.history.end)

    def end(self, place: int, at: int, reason: Reason, by: Side | None = None) -> None:
        """The call of a channel is over."""
        self.end_nowhere(self.calls.pop(place), at, reason, by)

    def end_nowhere(self, call: LineCall, at: int, reason: Reason, by: Side | None = None) -> None:
        """A call is over that stands on no channel."""
        call.over(at, reason, by)
        self._deciding.ended(call)
        self._ended.append(call)

    def source(self, place: int) -> Source:
        """Where the sound of a channel comes from."""
        channel = self.parameters[place]
        law: LineLaw = "PCMA" if self._laws[place] is Law.ALAW else "PCMU"
        return Source(place, self.number_of(place), law, None, channel.agc)

    def is_withheld(self, call: LineCall, line: Recorded) -> bool:
        """Whether a line that is mixed in belongs to a call that is not to be stored."""
        if not self._mixes or line.history is not self.history:
            return False
        other = self.call_at(line.source.place)
        return other is not None and other is not call and other.is_withheld

    def _numbers(self) -> Iterable[int]:
        return (self.number_of(place) for place in range(len(self.description.channels)))

    def _linear(self, audio: Bytes) -> Pcm:
        if self._one_law is not None:
            return expansion(self._one_law)[audio]
        return np.stack([expansion(law)[row] for law, row in zip(self._laws, audio, strict=True)])

    def _keep_time(self, at_ns: int, begin: int) -> None:
        """Follow the clock of the box; calls go by the board's own since they began."""
        before = self._anchor
        self._anchor = Anchor(begin, at_ns)
        if before is not None and abs(at_ns - before.ns_of(begin)) > JUMP_NS:
            _logger.warning("the clock was set", extra={"board": self.name})
            for call in self.calls.values():
                call.mark(Mark.CLOCK_JUMP)

    def _lose(self, samples: int) -> None:
        """Samples the card lost, on all channels."""
        at = self.history.end
        self.lost_samples += samples
        for call in (*self.calls.values(), *self.shared.values()):
            # The silence that follows may take the place of all that is kept.
            self._waiting += self.flush(call, self.history)
        self.history.lose(samples)
        self._shift += samples
        for call in self.calls.values():
            for line in call.lines:
                line.lost(self.history, at, samples)
            call.mark(Mark.CAPTURE_LOSS)

    def _edges(self, reading: Reading, turns: list[Turn], begin: int, end: int) -> dict[int, list[Edge]]:
        """What changed on the lines, by place."""
        edges: dict[int, list[Edge]] = defaultdict(list)
        for turn in turns:
            seen = Seen.VOICE if turn.is_talking else Seen.SILENCE
            edges[turn.channel].append(Edge(seen, turn.at + self._shift))
        if reading.volts is not None:
            self._lines_changed(reading.volts, begin, end, edges)
        for event in reading.events:
            self._happened(event, begin, end, edges)
        for span in reading.spans:
            self._alarmed(span.span, span.alarms, begin)
        return edges

    def _lines_changed(self, volts: Volts, begin: int, end: int, edges: dict[int, list[Edge]]) -> None:
        for changed in self.voltages.feed(volts, begin, end):
            if changed.edge is not None:
                edges[changed.place].append(changed.edge)
            else:
                self._reversed(changed.place, changed.at)

    def _happened(self, event: LineEvent, begin: int, end: int, edges: dict[int, list[Edge]]) -> None:
        at = min(max(self.position_of(event.at_ns), begin), end)
        seen = _EDGES.get(event.event)
        if event.event is Event.HOOK:
            seen = _HOOKS.get(event.value)
        if seen is not None:
            edges[event.place].append(Edge(seen, at))
        elif event.event is Event.POLARITY and not self.description.has_volts:
            self._reversed(event.place, at)
        elif event.event is Event.PULSE:
            self._dialled(event.place, event.value[:1], at)
        elif event.event is Event.OVERRUN:
            self.overruns += 1
            if (call := self.calls.get(event.place)) is not None:
                call.mark(Mark.CAPTURE_LOSS)

    def _alarmed(self, span: int, alarms: frozenset[str], at: int) -> None:
        self.alarms[span] = alarms, self.anchor.ns_of(at)
        if alarms:
            for place, call in (*self.calls.items(), *self.shared.items()):
                if self.description.channels[place].span == span:
                    call.mark(Mark.TRUNK_ALARM)

    def _tick(self, begin: int, end: int, edges: dict[int, list[Edge]]) -> None:
        for place, call in self.calls.items():
            if call.call.data_type.value == line_kind(self.description.channels[place]).value:
                edges[place].append(Edge(Seen.TICK, end))
        now = from_ns(self.anchor.ns_of(end))
        for place, plan in enumerate(self.plans):
            if plan.bounds is Bounds.ALWAYS:
                is_open = self._deciding.is_open(self.parameters[place], now)
                edges[place].append(Edge(Seen.OPEN if is_open else Seen.CLOSED, begin))

    def _mixes_of(self) -> dict[int, list[int]]:
        first, count = self.settings.first_channel, len(self.parameters)
        mixes: dict[int, list[int]] = {}
        for place, one in enumerate(self.parameters):
            others = sorted({number - first for number in one.mixed_with} - {place})
            others = [at for at in others if 0 <= at < count and self.parameters[at].enabled]
            if others and one.enabled:
                mixes[place] = others
        return mixes

    def _mix_in(self, place: int, call: LineCall) -> None:
        """What else is heard in the recordings of a channel."""
        there = {one.source.number for one in call.origins}
        for other in self._mixes.get(place, ()):
            if self.number_of(other) not in there:
                call.origins.append(Origin(self.source(other), self.history, self.anchor))
                call.mixed = True

    def _together(self, place: int, edges: dict[int, list[Edge]]) -> list[Edge]:
        """The edges of a channel that is mixed with others: it rings, and is in use, while any of them is."""
        found = [edge for edge in edges.get(place, ()) if edge.seen not in _IN_USE]
        for other in self._mixes[place]:
            found += [edge for edge in edges.get(other, ()) if edge.seen in _RINGS]
        told = [
            (edge, other)
            for other in (place, *self._mixes[place])
            for edge in edges.get(other, ())
            if edge.seen in _IN_USE
        ]
        for edge, other in sorted(told, key=lambda one: one[0].at):
            sense, is_begin = _IN_USE[edge.seen]
            users = self._in_use[place, sense]
            if not users - {other}:
                found.append(edge)
            (users.add if is_begin else users.discard)(other)
        return found

    def _step(self, place: int, edge: Edge) -> None:
        before = self._standings[place]
        self._standings[place], acts = step(self.plans[place], before, edge)
        for act in acts:
            self._act(place, act, before.last)

    def _act(self, place: int, act: Act, last: int) -> None:
        if act.did is Did.BEGAN:
            self._began(place, act)
        elif act.did is Did.ANSWERED:
            call = self.calls.get(place)
            if call is not None:
                call.answered(act.at)
                look_back = round(self.parameters[place].look_back_s * RATE_HZ)
                call.loud_since = max(act.at - look_back, last, self.history.begin)
                self._begin_line(call)
        elif act.did is Did.ENDED:
            if place in self.calls:
                self.end(place, act.at, Reason.NO_ANSWER)
        else:
            self._cut(place, act.at)

    def _began(self, place: int, act: Act) -> None:
        if self.call_at(place) is not None:
            return  # signalling told of it
        own, nobody = self.own_party(place), Party()
        direction = Direction.UNKNOWN
        if act.rang is not None:
            direction = Direction.INCOMING if act.rang else Direction.OUTGOING
        comes_in = direction is Direction.INCOMING
        call = LineCall(
            self.anchor,
            act.at,
            line_kind(self.description.channels[place]),
            self.number_of(place),
            nobody if comes_in else own,
            own if comes_in else nobody,
            direction,
        )
        told = self._identities.pop(place, None)
        if comes_in:
            call.rang(act.at)
            if told is not None and act.at - told[1] < _IDENTITY:
                _name(call, told[0])
        self.opened(place, call)

    def _cut(self, place: int, at: int) -> None:
        """A recording that is too long goes on as another one."""
        before = self.calls.get(place)
        if before is None:
            return
        self.end(place, at, Reason.NO_ANSWER)
        call = LineCall(
            self.anchor,
            at,
            before.call.data_type,
            before.channel,
            before.call.caller,
            before.call.callee,
            before.call.direction,
        )
        self.opened(place, call)
        call.answered(at)
        call.loud_since = at
        self._begin_line(call)

    def _begin_line(self, call: LineCall) -> None:
        """Begin to store the sound of a call, from where it may be heard."""
        if call.lines or call.loud_since is None or not call.is_audible:
            return
        since_ns = call.ns_of(call.loud_since)
        for one in call.origins:
            line = Recorded(one.source, file_name(one.source.number), 0, one.history, one.anchor)
            line.begin = line.taken = max(line.place_of(since_ns), one.history.begin)
            call.lines.append(line)
        call.is_changed = True

    def _signs(self, signs: list[Sign]) -> None:
        self.mfc.clear()
        for sign in signs:
            found = sign.found
            call = self.call_at(sign.channel)
            if isinstance(found, Mfc):
                self.mfc.append((sign.channel, found, self.anchor.ns_of(found.at + self._shift)))
            elif isinstance(found, Key):
                self._dialled(sign.channel, found.digit, found.at + self._shift)
            elif isinstance(found, Tone) and self.ward is not None and found.ended_at is None:
                self.ward.toned(sign.channel, found.kind)
                if call is not None:
                    self._sounded(call, sign.channel, found)
            elif call is None:
                continue
            elif isinstance(found, Tone):
                self._sounded(call, sign.channel, found)
            elif isinstance(found, Fax):
                side = self._side_of(call, sign.channel)
                call.note("fax", found.at + self._shift, side, found.kind.value)

    def _identified(self, place: int, identity: Identity) -> None:
        """A caller was told: before the first ring by keys, after it by FSK."""
        call = self.calls.get(place)
        if call is None:
            self._identities[place] = identity, self.history.end
        elif call.call.direction is Direction.INCOMING and not call.call.caller.number:
            _name(call, identity)
            self.decide(place, call)

    def _dialled(self, place: int, digit: str, at: int) -> None:
        call = self.call_at(place)
        if call is None or call.call.answered_at is None:
            return
        side = self._side_of(call, place)
        if self.keeps_keys and call.course.state is not ControlState.PAUSED:
            call.note("dtmf", at, side, digit)
        self.before_control(call)
        self._deciding.pressed(call, self.parameters[place], digit, side.value if side else "line", at)
        if call.call.data_type is DataType.ANALOG:
            self._number_grows(place, call, digit, at)

    def _number_grows(self, place: int, call: LineCall, digit: str, at: int) -> None:
        """The first keys of a call that did not come in are the number that is called."""
        number = call.call.callee.number
        is_first = call.call.direction is not Direction.INCOMING and at - call.dialled_at < _DIALS
        if is_first and len(number) < _LONGEST_NUMBER and digit not in "ABCD":
            call.dialled_at = at
            call.call.callee = Party(number=number + digit, number_raw=number + digit)
            call.is_changed = True
            self.decide(place, call)

    def before_control(self, call: LineCall) -> None:
        """Keep what was said under the control as it was, in the recordings that it is mixed into as well."""
        own = {one.source.number for one in call.origins}
        self._waiting += self.flush(call)
        for place in self._mixes:
            mix = self.calls.get(place)
            if mix is not None and any(line.source.number in own for line in mix.lines):
                self._waiting += self.flush(mix)

    def _reversed(self, place: int, at: int) -> None:
        """The exchange turned the line's polarity: whoever was called has answered."""
        call = self.calls.get(place)
        if call is not None and call.call.direction is Direction.OUTGOING and not call.identity:
            call.identity = "polarity"
            call.answered(at, "polarity")

    def _side_of(self, call: LineCall, place: int) -> Side | None:
        """Who speaks on a channel; None on a line that both speak on."""
        number = self.number_of(place)
        return next((one.source.side for one in call.origins if one.source.number == number), None)

    def _sounded(self, call: LineCall, place: int, tone: Tone) -> None:
        """Ring-back that ends is an answer, unless the line itself tells answers."""
        if tone.ended_at is None:
            call.note("tone", tone.at + self._shift, self._side_of(call, place), tone.kind.value)
        elif (
            tone.kind is ToneKind.RINGBACK
            and call.call.direction is not Direction.INCOMING
            and not call.identity
        ):
            call.answered(tone.ended_at + self._shift, "inferred")


def _name(call: LineCall, identity: Identity) -> None:
    call.call.caller = Party(number=identity.number, number_raw=identity.number, display=identity.name)
    call.is_changed = True
