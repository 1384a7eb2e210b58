"""Boards: what is plugged in and how it is, every channel at this moment, and the parameters of many channels at once."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from appliance.bus.topics import BoardState, ChannelNow, ChannelPlace
from appliance.core.errors import Invalid, NotFound
from appliance.core.text import Text
from appliance.domain.call import DATA_TYPE_TEXT, ON_BOARDS, DataType
from appliance.domain.line import CHANNEL_STATE_TEXT, ChannelState
from appliance.settings.boards import (
    BOARD_CHOICES,
    Channel,
    Control,
    channel_of,
    channels_of,
    preset_channel,
)
from appliance.settings.cards import Card
from appliance.settings.root import Settings
from webadmin import audit
from webadmin.api.found_boards import FoundBoard, found
from webadmin.changes import change, decoded
from webadmin.operation import Asked, Nothing
from webadmin.technologies import technologies

_MOST_AT_ONCE = 4096
_MOST_NAMED = 200
_ALONE = ("name", "extension")
"""Parameters that no two channels share."""

FAULT_TEXT: dict[str, Text] = {
    "gone": Text(
        en="The board was unplugged or is no longer found. Recording of its lines goes on as soon as it is back.",
        zh="板卡已拔出或无法识别。恢复后其线路将自动继续录音。",
    ),
    "refused": Text(
        en="Another program uses the board, or it may not be opened. Stop the other program.",
        zh="板卡被其他程序占用或无权打开。请停止占用它的程序。",
    ),
    "broken": Text(en="The board reports an error. It is opened again.", zh="板卡报错，正在重新打开。"),
    "missing": Text(
        en="There is no such board. Check the slot, the driver and the settings below.",
        zh="找不到该板卡。请检查插槽、驱动和下方设置。",
    ),
    "silent": Text(
        en="The program of the boards does not tell anything of it yet.", zh="板卡程序尚未上报该板卡的状态。"
    ),
}
"""What is wrong with a board, by the words of `drivers.boards.board.Fault`; `silent` is ours."""


class SpanView(msgspec.Struct, frozen=True, kw_only=True):
    """An E1 port by its number on the board. `alarms` in the words of the framer: los, lof, ais, rai, red, yellow, blue."""

    number: int
    name: str
    framing: str
    alarms: list[str]
    since: datetime | None


class BoardView(msgspec.Struct, frozen=True, kw_only=True):
    """A board of the settings. `fault` is "" while it is read; `problem` are the driver's own words.

    `lost_samples` and `overruns` count since `since`, when it was opened; `licensed_channels` 0 is no limit, `recorded` is how
    many of its calls take a place now.
    """

    name: str
    driver: str
    driver_text: str
    model: str
    serial: str
    first_channel: int
    channels: int
    spans: list[SpanView]
    fault: str
    fault_text: str
    problem: str
    since: datetime | None
    lost_samples: int
    overruns: int
    licensed_channels: int
    over_licence: int
    recorded: int


class LicensedUse(msgspec.Struct, frozen=True, kw_only=True):
    """How many calls of a technology the box's licence files allow at once (`limit` null: any number), and how many there are."""

    technology: DataType
    text: str
    recorded: int
    limit: int | None


class BoardsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every board, how many channels are in each state, and the licence of the technologies that boards bring."""

    boards: list[BoardView]
    counts: dict[ChannelState, int]
    licences: list[LicensedUse]
    found: list[FoundBoard] = []


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """A channel at this moment. `kind`: analog, voice, dchannel or clear, "" when the board is not there.

    `control`: what begins and ends its recording. `call_id` of a call that the visitor may know of. Units: volts, dBm0
    """

    number: int
    board: str
    kind: str
    span: int
    timeslot: int
    name: str
    extension: str
    control: Control
    control_text: str
    state: ChannelState
    state_text: str
    volts: float | None
    level_dbm0: int | None
    call_id: str


class LinesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All channels of all boards, by number."""

    channels: list[LineView]


class LineHistoryView(msgspec.Struct, frozen=True, kw_only=True):
    """The last ten minutes, one column a figure, each as long as `at`; null where nothing is known."""

    at: list[datetime]
    volts: list[float | None]
    level_dbm0: list[float | None]


class LineDetail(msgspec.Struct, frozen=True, kw_only=True):
    """One channel in full; `parameters` as the settings have them, `is_preset` when it differs from no preset."""

    channel: LineView
    parameters: dict[str, Any]
    is_preset: bool
    history: LineHistoryView


class LinesChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters by name for all these channels; first, with `presets`, everything but name and extension goes back to the presets."""

    numbers: Annotated[
        list[Annotated[int, msgspec.Meta(ge=1, le=4096)]],
        msgspec.Meta(min_length=1, max_length=_MOST_AT_ONCE),
    ]
    parameters: dict[str, Any] = {}
    presets: bool = False


class LinesChanged(msgspec.Struct, frozen=True, kw_only=True):
    """How many channels have other parameters now."""

    changed: int


async def show(asked: Asked[Nothing, Nothing]) -> BoardsAnswer:
    """The boards with their E1 ports, alarms and licences."""
    if not asked.visitor.sees_box:
        return BoardsAnswer(boards=[], counts={}, licences=[])
    live, settings = asked.panel.live, asked.panel.settings.boards
    counts: dict[ChannelState, int] = {}
    for news in live.channels.values():
        for one in news.channels:
            counts[one.state] = counts.get(one.state, 0) + 1
    licensed = await asked.panel.read(asked.panel.licences.at, asked.panel.now().date())
    return BoardsAnswer(
        boards=[_board(asked, card, live.boards.get(card.name)) for card in settings.cards],
        counts=counts,
        licences=[
            LicensedUse(
                technology=one.name,
                text=DATA_TYPE_TEXT[one.name].render(asked.language),
                recorded=one.in_use,
                limit=one.limit,
            )
            for one in technologies(asked.panel, licensed)
            if one.name in ON_BOARDS
        ],
        found=await found(asked),
    )


async def show_channels(asked: Asked[Nothing, Nothing]) -> LinesAnswer:
    """Every channel: where it is, what begins its recording, and what it does now."""
    if not asked.visitor.sees_box:
        return LinesAnswer(channels=[])
    return LinesAnswer(channels=sorted(_lines(asked), key=lambda one: one.number))


async def show_channel(asked: Asked[Nothing, Nothing]) -> LineDetail:
    """One channel with its parameters and the last ten minutes of voltage and level."""
    live, listed = asked.panel.live, channels_of(asked.panel.settings.boards)
    board, place = place_of(asked)
    number = place.number
    parameters = channel_of(listed, number)
    told = live.channels.get(board)
    now = next((one for one in told.channels if one.number == number), None) if told is not None else None
    samples = live.lines.of(board, number)
    return LineDetail(
        channel=_line(asked, board, place, parameters, now),
        parameters=msgspec.to_builtins(parameters),
        is_preset=number not in listed,
        history=LineHistoryView(
            at=[one.at for one in samples],
            volts=[one.volts for one in samples],
            level_dbm0=[one.level_dbm0 for one in samples],
        ),
    )


def place_of(asked: Asked[Nothing, Nothing]) -> tuple[str, ChannelPlace]:
    """The board of the channel in the address, and where it is there.

    Raises: NotFound
    """
    number = int(asked.path["channel"])
    for name, board in asked.panel.live.boards.items() if asked.visitor.sees_box else ():
        for place in board.places:
            if place.number == number:
                return name, place
    raise NotFound(what=str(number))


async def save_channels(asked: Asked[Nothing, LinesChange]) -> LinesChanged:
    """Give many channels the same parameters at once."""
    body = asked.body
    numbers = sorted(set(body.numbers))
    _check(body, numbers)
    changed: list[int] = []

    def edit(settings: Settings) -> Settings:
        changed.clear()
        channels = channels_of(settings.boards)
        for number in numbers:
            old = channel_of(channels, number)
            new = _changed(old, body)
            if new != old:
                changed.append(number)
                channels[number] = new
        kept = [one for _, one in sorted(channels.items()) if one != preset_channel(one.number)]
        return msgspec.structs.replace(
            settings, boards=msgspec.structs.replace(settings.boards, channels=kept)
        )

    await change(asked, edit)
    audit.note(
        asked,
        "channel parameters changed",
        channels=", ".join(map(str, changed[:_MOST_NAMED])),
        count=len(changed),
        parameters=", ".join(f"{name}={value}" for name, value in sorted(body.parameters.items())),
        presets="yes" if body.presets else "no",
    )
    return LinesChanged(changed=len(changed))


def _check(body: LinesChange, numbers: list[int]) -> None:
    """Refuse what cannot be meant.

    Raises: Invalid
    """
    if "number" in body.parameters:
        raise Invalid(field="parameters.number", problem=Text(en="cannot be changed", zh="不能修改"))
    for name in _ALONE:
        if len(numbers) > 1 and body.parameters.get(name):
            raise Invalid(
                field=f"parameters.{name}",
                problem=Text(en="belongs to one channel; change it there", zh="属于单个通道，请逐个修改"),
            )


def _changed(old: Channel, body: LinesChange) -> Channel:
    kept = msgspec.to_builtins(old)
    if body.presets:
        kept = {name: kept[name] for name in ("number", *_ALONE)}
    return decoded({**kept, **body.parameters}, Channel)


def _lines(asked: Asked[Any, Any]) -> list[LineView]:
    """Every channel that a board tells of."""
    live, listed = asked.panel.live, channels_of(asked.panel.settings.boards)
    found: list[LineView] = []
    for name, state in live.boards.items():
        told = live.channels.get(name)
        now = {one.number: one for one in told.channels} if told is not None else {}
        for place in state.places:
            parameters = channel_of(listed, place.number)
            found.append(_line(asked, name, place, parameters, now.get(place.number)))
    return found


def _line(
    asked: Asked[Any, Any],
    board: str,
    place: ChannelPlace,
    parameters: Channel,
    now: ChannelNow | None,
) -> LineView:
    visitor = asked.visitor
    state = ChannelState.GONE if now is None else now.state
    is_known = now is not None and bool(now.call_id) and asked.panel.live.admitted(now.call_id, visitor)
    return LineView(
        number=place.number,
        board=board,
        kind=place.kind,
        span=place.span,
        timeslot=place.timeslot,
        name=parameters.name or asked.panel.names.of(parameters.extension).name,
        extension=visitor.number(parameters.extension),
        control=parameters.control,
        control_text=BOARD_CHOICES["control"][parameters.control].render(asked.language),
        state=state,
        state_text=CHANNEL_STATE_TEXT[state].render(asked.language),
        volts=now.volts if now is not None else None,
        level_dbm0=now.level_dbm0 if now is not None else None,
        call_id=now.call_id if now is not None and is_known else "",
    )


def _board(asked: Asked[Any, Any], card: Card, state: BoardState | None) -> BoardView:
    driver = str(type(card).__struct_config__.tag)
    fault = "silent" if state is None else state.fault
    told = asked.panel.live.channels.get(card.name)
    return BoardView(
        name=card.name,
        driver=driver,
        driver_text=BOARD_CHOICES["cards"][driver].render(asked.language),
        model=state.model if state else "",
        serial=state.serial if state else "",
        first_channel=card.first_channel,
        channels=state.channels if state else 0,
        spans=[
            SpanView(
                number=one.number, name=one.name, framing=one.framing, alarms=one.alarms, since=one.since
            )
            for one in (state.spans if state else [])
        ],
        fault=fault,
        fault_text=FAULT_TEXT[fault].render(asked.language) if fault in FAULT_TEXT else "",
        problem=state.problem if state else "",
        since=state.since if state else None,
        lost_samples=state.lost_samples if state else 0,
        overruns=state.overruns if state else 0,
        licensed_channels=card.licensed_channels,
        over_licence=state.over_licence if state else 0,
        recorded=sum(told.recorded.values()) if told is not None else 0,
    )
