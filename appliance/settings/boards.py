"""Settings of boards: which there are, and what is done with each of their channels.

The kinds of boards stand in `cards.py`. A channel that is not listed has every parameter as the struct says.
New values hold from the next call of a channel on; other boards are opened at once.
Source: ITU-T Q.23 (keys), ETSI EN 300 659 (caller identity)
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Text
from appliance.domain.tones import COUNTRY_TEXT, Country
from appliance.settings.cards import CARD_CHOICES, MAX_CHANNELS, Card
from appliance.settings.field import Section, setting
from appliance.settings.trunks import Trunk

MAX_BOARDS = 32
_KEYS = r"^[0-9A-D*#]{0,8}$"
_RELOAD = "boards"
_LOWEST_HZ = 300


class Control(StrEnum):
    """What begins and ends the recording of a channel.

    `AUTO`: signalling on trunks, voltage where the board tells it, else voice.
    """

    AUTO = "auto"
    VOLTAGE = "voltage"
    VOICE = "voice"
    KEY = "key"
    SIGNALLING = "signalling"
    ALWAYS = "always"
    OFF = "off"


class CallerIdForm(StrEnum):
    """How the exchange tells who calls. Source: ETSI EN 300 659-1, Bell 202; ETSI EN 300 659-3 and national DTMF forms."""

    FSK = "fsk"
    DTMF = "dtmf"
    NONE = "none"


class Tracks(StrEnum):
    """Which direction of a trunk's channel is recorded, and on how many tracks."""

    STEREO = "stereo"
    MIXED = "mixed"
    INCOMING = "incoming"
    OUTGOING = "outgoing"


BOARD_CHOICES: dict[str, dict[str, Text]] = {
    "cards": CARD_CHOICES,
    "control": {
        Control.AUTO: Text(en="By the kind of line", zh="自动（按线路类型）"),
        Control.VOLTAGE: Text(en="Line voltage", zh="压控"),
        Control.VOICE: Text(en="Voice", zh="声控"),
        Control.KEY: Text(en="Keys", zh="键控"),
        Control.SIGNALLING: Text(en="Signalling", zh="信令控制"),
        Control.ALWAYS: Text(en="Always", zh="持续录音"),
        Control.OFF: Text(en="Not recorded", zh="不录音"),
    },
    "caller_id_form": {
        CallerIdForm.FSK: Text(en="FSK", zh="FSK"),
        CallerIdForm.DTMF: Text(en="DTMF", zh="DTMF"),
        CallerIdForm.NONE: Text(en="None", zh="无"),
    },
    "tracks": {
        Tracks.STEREO: Text(en="Both directions, a track each", zh="双向（分轨）"),
        Tracks.MIXED: Text(en="Both directions mixed", zh="双向混音"),
        Tracks.INCOMING: Text(en="Incoming direction only", zh="仅来话方向"),
        Tracks.OUTGOING: Text(en="Outgoing direction only", zh="仅去话方向"),
    },
    "country": {choice.value: text for choice, text in COUNTRY_TEXT.items()},
}
"""Names of the choices of this section, for the form."""


class Channel(Section, frozen=True, kw_only=True):
    """One channel and everything that is decided for it alone."""

    number: Annotated[int, setting(Text(en="Channel", zh="通道号"), ge=1, le=MAX_CHANNELS)]
    enabled: Annotated[
        bool,
        setting(
            Text(en="Enabled", zh="启用"),
            help=Text(
                en="A channel that is switched off is not looked at: its calls have no ledger row.",
                zh="停用的通道不作任何检测，其通话没有台账。",
            ),
        ),
    ] = True
    name: Annotated[str, setting(Text(en="Name", zh="端口名称"), max_length=64)] = ""
    extension: Annotated[
        str,
        setting(
            Text(en="Extension", zh="分机号"),
            help=Text(
                en="The number of the line: the callee of what comes in, the caller of what goes out.",
                zh="本线路的号码：来电时为被叫，去电时为主叫。",
            ),
            max_length=32,
            pattern=r"^[^\s]*$",
        ),
    ] = ""
    control: Annotated[Control, setting(Text(en="Recording control", zh="录音控制"))] = Control.AUTO
    off_hook_v: Annotated[
        float,
        setting(
            Text(en="Off-hook voltage", zh="摘机电压"),
            help=Text(
                en="Below it the line is in use. Lines have about 48 V idle and 6 to 12 V in use.",
                zh="低于此电压视为摘机。线路空闲约 48 V，摘机约 6 至 12 V。",
            ),
            unit="V",
            ge=3,
            le=90,
        ),
    ] = 18.0
    on_hook_v: Annotated[
        float,
        setting(
            Text(en="On-hook voltage", zh="挂机电压"),
            help=Text(
                en="Above it the line is idle again; between the two nothing changes.",
                zh="高于此电压视为挂机；两者之间状态不变。",
            ),
            unit="V",
            ge=3,
            le=120,
        ),
    ] = 30.0
    save_key: Annotated[
        str,
        setting(
            Text(en="Save key", zh="保存键"),
            help=Text(
                en="Saves the recording of this call from its beginning. Empty: none.",
                zh="从通话开始保存本次录音。留空表示不用。",
            ),
            pattern=_KEYS,
        ),
    ] = "*1"
    stop_key: Annotated[
        str,
        setting(
            Text(en="Stop key", zh="停止键"),
            help=Text(
                en="Ends the recording; what was recorded so far stays. Empty: none.",
                zh="结束录音，已录部分保留。留空表示不用。",
            ),
            pattern=_KEYS,
        ),
    ] = "*2"
    discard_key: Annotated[
        str,
        setting(
            Text(en="Discard key", zh="丢弃键"),
            help=Text(
                en="Throws the recording of this call away; the ledger says so. Empty: none.",
                zh="丢弃本次录音，台账会注明。留空表示不用。",
            ),
            pattern=_KEYS,
        ),
    ] = "*3"
    key_dbm0: Annotated[
        int,
        setting(
            Text(en="Weakest key tone", zh="按键检测灵敏度"),
            help=Text(
                en="Weaker tones are no keys. -35 hears distant telephones, -20 is hardly ever wrong.",
                zh="低于此电平不视为按键。-35 可识别较远话机，-20 极少误判。",
            ),
            unit="dBm0",
            ge=-45,
            le=-10,
        ),
    ] = -35
    caller_id_form: Annotated[CallerIdForm, setting(Text(en="Caller identity", zh="来电显示制式"))] = (
        CallerIdForm.FSK
    )
    fax: Annotated[
        bool,
        setting(
            Text(en="Tell faxes", zh="检测传真"),
            help=Text(
                en="The story of a call says when a fax machine was heard. Costs more than everything else that is listened for.",
                zh="听到传真机信号时记入通话过程。此项比其他所有检测更耗处理器。",
            ),
        ),
    ] = False
    level: Annotated[
        int,
        setting(
            Text(en="Recording level", zh="录音电平"),
            help=Text(
                en="For control by voice: 1 hears only loud speech, 32 the faintest.",
                zh="用于声控：1 仅响应大音量，32 最灵敏。",
            ),
            ge=1,
            le=32,
        ),
    ] = 20
    voice_ms: Annotated[
        int,
        setting(
            Text(en="Voice time", zh="有声时间"),
            help=Text(
                en="For control by voice: so long has to be spoken before recording begins.",
                zh="用于声控：有声持续此时间后开始录音。",
            ),
            unit="ms",
            ge=20,
            le=10_000,
        ),
    ] = 200
    silence_ms: Annotated[
        int,
        setting(
            Text(en="Silence time", zh="静音时间"),
            help=Text(
                en="For control by voice: so long has to be silent before it ends.",
                zh="用于声控：静音持续此时间后结束录音。",
            ),
            unit="ms",
            ge=200,
            le=600_000,
        ),
    ] = 8000
    schedule: Annotated[
        str,
        setting(
            Text(en="Record only within the schedule", zh="仅在此时间表内录音"),
            help=Text(
                en="Name of a schedule of the recording rules; empty: always.",
                zh="录音规则中的时间表名称；留空表示始终。",
            ),
            max_length=64,
        ),
    ] = ""
    look_back_s: Annotated[
        float,
        setting(
            Text(en="Look back", zh="预录时间"),
            help=Text(
                en="So much of what came before the beginning is in the recording, so that the first syllable is there.",
                zh="录音包含触发之前的这段语音，避免丢失首字。",
            ),
            unit="s",
            ge=0,
            le=10,
        ),
    ] = 1.0
    agc: Annotated[
        bool,
        setting(
            Text(en="Even out loudness", zh="自动增益 (AGC)"),
            help=Text(
                en="Faint speech is raised in the recording. Off: as it was on the line, bit by bit.",
                zh="录音中自动提升小音量。关闭时逐位保留线路原音。",
            ),
        ),
    ] = False
    tracks: Annotated[
        Tracks,
        setting(
            Text(en="Direction recorded", zh="录音方向"),
            help=Text(en="Of trunks; an analog line has one track.", zh="用于中继；模拟线路为单轨。"),
        ),
    ] = Tracks.STEREO
    mixed_with: Annotated[
        list[Annotated[int, msgspec.Meta(ge=1, le=MAX_CHANNELS)]],
        setting(
            Text(en="Mixed with channels", zh="混录通道"),
            help=Text(
                en="What is heard on these channels of the same board is mixed into this channel's recordings, which last "
                "as long as any of them is in use. Their own recordings go on; switch them off there if one is enough. "
                "Boards have clocks of their own, so that channels of different ones would drift apart.",
                zh="同一板卡上这些通道的声音会混入本通道的录音，任一通道占用期间录音持续。这些通道自身照常录音；如只需一份录音，可在其通道中关闭。"
                "各板卡时钟独立，不同板卡的通道会逐渐错位，因此不能混录。",
            ),
            max_length=32,
        ),
    ] = []


class Boards(Section, frozen=True, kw_only=True):
    """Analog lines and E1 trunks."""

    cards: Annotated[
        list[Card],
        setting(
            Text(en="Boards", zh="板卡"),
            help=Text(en="In the order of the slots; each has its own channels.", zh="按插槽顺序，各板卡的通道号不重叠。"),
            max_length=MAX_BOARDS,
            page="boards",
            reload=_RELOAD,
        ),
    ] = []  # fmt: skip
    channels: Annotated[
        list[Channel],
        setting(
            Text(en="Channels", zh="通道"),
            help=Text(
                en="Those that differ from the presets.", zh="与默认参数不同的通道。"
            ),
            max_length=MAX_CHANNELS,
            page="boards",
            reload=_RELOAD,
        ),
    ] = []  # fmt: skip
    trunks: Annotated[
        list[Trunk],
        setting(
            Text(en="Trunks", zh="中继"),
            help=Text(
                en="E1 that are tapped, and the signalling on them.", zh="被监听的 E1 及其信令。"
            ),
            max_length=MAX_BOARDS,
            page="boards",
            reload=_RELOAD,
        ),
    ] = []  # fmt: skip
    country: Annotated[
        Country,
        setting(
            Text(en="Tones of", zh="信号音制式"),
            help=Text(
                en="Whose dial, ring-back and busy tones are on the lines.", zh="线路上拨号音、回铃音与忙音的标准。"
            ),
            reload=_RELOAD,
        ),
    ] = Country.CHINA  # fmt: skip
    single_tone_hz: Annotated[
        int,
        setting(
            Text(en="Own tone", zh="自定义单音频率"),
            help=Text(
                en="A tone of one frequency that is told in the story of calls, on lines and trunks alike; 0: none.",
                zh="在线路与中继上检测此单一频率，并记入通话过程；0 表示不检测。",
            ),
            unit="Hz",
            ge=0,
            le=3400,
            reload=_RELOAD,
        ),
    ] = 0
    single_tone_ms: Annotated[
        int,
        setting(
            Text(en="Own tone, at least", zh="自定义单音最短时长"),
            help=Text(en="Shorter ones are speech.", zh="更短的视为语音。"),
            unit="ms",
            ge=100,
            le=10_000,
            reload=_RELOAD,
        ),
    ] = 400
    longest_min: Annotated[
        int,
        setting(
            Text(en="Longest recording of a line", zh="线路录音最长时间"),
            help=Text(
                en="One that is longer goes on as another one, without a gap. For lines that are always recorded.",
                zh="超过后无缝接续为下一条录音，用于持续录音的线路。",
            ),
            unit="min",
            ge=1,
            le=1440,
            reload=_RELOAD,
        ),
    ] = 60


def channels_of(boards: Boards) -> dict[int, Channel]:
    """The channels that are listed, by number."""
    return {one.number: one for one in boards.channels}


def channel_of(listed: Mapping[int, Channel], number: int) -> Channel:
    """The parameters of a channel, the presets when it is not listed."""
    return listed.get(number) or preset_channel(number)


def preset_channel(number: int) -> Channel:
    """A channel of which the settings say nothing."""
    return msgspec.convert({"number": number}, Channel)


def check(boards: Boards, schedules: Sequence[str]) -> None:
    """Refuse what contradicts itself: names and numbers given twice, thresholds the wrong way round, unknown schedules.

    Raises: Invalid
    """
    _check_unique([one.name for one in boards.cards], "boards.cards[{index}].name")
    _check_unique([str(one.first_channel) for one in boards.cards], "boards.cards[{index}].first_channel")
    _check_unique([one.name for one in boards.trunks], "boards.trunks[{index}].name")
    _check_unique([str(one.number) for one in boards.channels], "boards.channels[{index}].number")
    if 0 < boards.single_tone_hz < _LOWEST_HZ:
        raise Invalid(
            field="boards.single_tone_hz",
            problem=Text(en="has to be 0, or 300 Hz at least", zh="须为 0 或不低于 300 Hz"),
        )
    for index, one in enumerate(boards.channels):
        at = f"boards.channels[{index}]"
        if one.on_hook_v <= one.off_hook_v:
            raise Invalid(
                field=f"{at}.on_hook_v",
                problem=Text(en="has to be above the off-hook voltage", zh="必须高于摘机电压"),
            )
        if one.schedule and one.schedule not in schedules:
            raise Invalid(
                field=f"{at}.schedule",
                problem=Text(en="is the name of no schedule", zh="没有此名称的时间表"),
            )
        if any(_card_at(boards, other) is not _card_at(boards, one.number) for other in one.mixed_with):
            raise Invalid(
                field=f"{at}.mixed_with",
                problem=Text(en="names a channel of another board", zh="含有其他板卡的通道"),
            )
        keys = [key for key in (one.save_key, one.stop_key, one.discard_key) if key]
        if len(set(keys)) < len(keys):
            raise Invalid(field=f"{at}.discard_key", problem=Text(en="is given twice", zh="重复"))


def _card_at(boards: Boards, number: int) -> Card | None:
    """The board that a channel can only be on; None for none."""
    before = [one for one in boards.cards if one.first_channel <= number]
    return max(before, key=lambda one: one.first_channel, default=None)


def _check_unique(values: Sequence[str], path: str) -> None:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            raise Invalid(field=path.format(index=index), problem=Text(en="is given twice", zh="重复"))
        seen.add(value)
