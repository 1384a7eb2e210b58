"""Live state of boards on the bus: boards, their channels once a second, the calls on them.

Nothing here waits: a dead broker costs the page its news and the recording nothing.
Source: ITU-T G.711 (levels)
"""

import msgspec
import numpy as np

from appliance.boards.calls import LineCall
from appliance.boards.card import Card
from appliance.boards.lines import span_number
from appliance.boards.reader import Lost
from appliance.bus.client import Bus
from appliance.bus.topics import (
    BOARD,
    BUNDLE,
    CHANNELS,
    LINE_CALL,
    BoardState,
    BundleReady,
    ChannelNow,
    ChannelPlace,
    ChannelsNow,
    LiveCall,
    SpanState,
)
from appliance.core.clock import Clock, from_ns
from appliance.domain.call import DataType, Side
from appliance.domain.line import ChannelState
from appliance.settings.cards import Card as CardSettings

BOARD_EVERY_S = 10.0


class LiveNews:
    """What the program of the boards tells. All methods belong to the event loop's thread."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self._shown: set[str] = set()
        self._boards: dict[str, tuple[BoardState, float]] = {}
        bus.own(BOARD)
        bus.own(LINE_CALL)
        bus.own(CHANNELS)

    def call(self, call: LineCall) -> None:
        """Show a call that changed; one that is over is cleared."""
        if call.ended is not None:
            self.gone(call.call_id)
            return
        self._shown.add(call.call_id)
        codecs: dict[str, str] = {
            (one.source.side or Side.CALLER).value: one.source.law for one in call.lines
        }
        told = LiveCall(at=self._clock.now(), call=call.call, codecs=codecs, control=call.control_now)
        self._bus.set(LINE_CALL, call.call_id, told)

    def gone(self, call_id: str) -> None:
        """Clear a call that is over."""
        if call_id in self._shown:
            self._shown.remove(call_id)
            self._bus.clear(LINE_CALL, call_id)

    def handed_over(self, call_id: str) -> None:
        """Hint that the spool has work; the archiver scans anyway."""
        self._bus.hint(BUNDLE, "", BundleReady(at=self._clock.now(), call_id=call_id))

    def board(self, settings: CardSettings, card: Card | None, lost: Lost | None, over_licence: int) -> None:
        """How a board is, when that is another thing than was told, and every ten seconds."""
        state = _board_state(settings, card, lost, over_licence, self._boards.get(settings.name), self._clock)
        before, told_s = self._boards.get(settings.name, (None, -BOARD_EVERY_S))
        mono_s = self._clock.mono_s()
        if mono_s - told_s >= BOARD_EVERY_S or before is None or _differs(before, state):
            self._boards[settings.name] = state, mono_s
            self._bus.set(BOARD, settings.name, state)

    def channels(
        self, settings: CardSettings, card: Card | None, count: int, recorded: dict[DataType, int]
    ) -> None:
        """All channels of a board; `count` of them are gone with it when it is not there."""
        if card is None:
            rows = [
                ChannelNow(number=settings.first_channel + place, state=ChannelState.GONE)
                for place in range(count)
            ]
        else:
            rows = _rows(card)
        told = ChannelsNow(at=self._clock.now(), board=settings.name, channels=rows, recorded=recorded)
        self._bus.set(CHANNELS, settings.name, told)

    def forget(self, name: str) -> None:
        """A board is no longer in the settings."""
        self._boards.pop(name, None)
        self._bus.clear(BOARD, name)
        self._bus.clear(CHANNELS, name)


def _rows(card: Card) -> list[ChannelNow]:
    levels = card.take_levels()
    volts = np.where(np.isnan(card.voltages.volts), -999, card.voltages.volts).round(1).tolist()
    return [
        ChannelNow(
            number=card.number_of(place),
            state=card.state_of(place),
            volts=None if volts[place] == -999 else volts[place],
            level_dbm0=levels[place],
            call_id=call.call_id if (call := card.call_at(place)) is not None else "",
        )
        for place in range(len(card.parameters))
    ]


def _board_state(
    settings: CardSettings,
    card: Card | None,
    lost: Lost | None,
    over_licence: int,
    before: tuple[BoardState, float] | None,
    clock: Clock,
) -> BoardState:
    now = clock.now()
    common = BoardState(
        at=now,
        name=settings.name,
        driver=str(type(settings).__struct_config__.tag),
        first_channel=settings.first_channel,
        licensed_channels=settings.licensed_channels,
        over_licence=over_licence,
    )
    if card is None:
        known = before[0] if before is not None else common
        return msgspec.structs.replace(
            common,
            channels=known.channels,
            places=known.places,
            model=known.model,
            serial=known.serial,
            fault=lost.fault.value if lost is not None else "",
            problem=lost.problem if lost is not None else "",
        )
    spans = []
    for span in card.description.spans:
        alarms, since_ns = card.alarms.get(span.number, (frozenset(), 0))
        spans.append(
            SpanState(
                number=span_number(settings, card.description, span.number),
                name=span.name,
                framing=span.framing,
                alarms=sorted(alarms),
                since=from_ns(since_ns) if alarms else None,
            )
        )
    return msgspec.structs.replace(
        common,
        channels=len(card.parameters),
        places=[
            ChannelPlace(
                number=card.number_of(place),
                kind=channel.kind.value,
                span=span_number(settings, card.description, channel.span),
                timeslot=channel.timeslot,
            )
            for place, channel in enumerate(card.description.channels)
        ],
        model=card.description.model,
        serial=card.description.serial,
        spans=spans,
        since=card.since,
        lost_samples=card.lost_samples,
        overruns=card.overruns,
    )


def _differs(before: BoardState, state: BoardState) -> bool:
    return msgspec.structs.replace(before, at=state.at) != state
