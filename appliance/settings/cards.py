"""The register of board drivers: what is set for each kind of board. The tag is the file in `drivers/boards`."""

from typing import Annotated

from appliance.core.text import Text
from appliance.settings.field import Section, setting

MAX_CHANNELS = 4096
_RELOAD = "boards"
_SPANS = r"^(\d{1,3}(-\d{1,3})?(,\d{1,3}(-\d{1,3})?)*)?$"


class _Board(Section, frozen=True, kw_only=True):
    """What every board has: its place among the channels and ports of the box, and how much of it may be recorded."""

    name: Annotated[str, setting(Text(en="Name", zh="名称"), min_length=1, max_length=32, pattern=r"^[\w .-]+$", reload=_RELOAD)]  # fmt: skip
    first_channel: Annotated[
        int, setting(Text(en="First channel", zh="起始通道号"), ge=1, le=MAX_CHANNELS, reload=_RELOAD)
    ] = 1
    first_span: Annotated[
        int,
        setting(
            Text(en="First E1 port", zh="起始 E1 端口号"),
            help=Text(en="The number in the box of the board's first span.", zh="板卡第一个 E1 端口在本机的编号。"),
            ge=1,
            le=512,
            reload=_RELOAD,
        ),
    ] = 1  # fmt: skip
    licensed_channels: Annotated[
        int,
        setting(
            Text(en="Channels recorded at once", zh="许可通道数"),
            help=Text(
                en="Calls beyond it keep their ledger row and raise an alarm. 0 = no limit.",
                zh="超出的通话仍有台账并产生告警。0 表示不限。",
            ),
            ge=0,
            le=MAX_CHANNELS,
            reload=_RELOAD,
        ),
    ] = 0


class Dahdi(_Board, frozen=True, kw_only=True, tag_field="kind", tag="dahdi"):
    """Cards of analog lines and E1 ports. What their E1 ports carry is told by the trunks."""

    spans: Annotated[
        str,
        setting(
            Text(en="Spans of the card", zh="板卡的 span"),
            help=Text(
                en="The numbers that the driver gave them, as 1-4,7; empty = all there are. One entry for each card, or "
                "for cards whose clocks are joined.",
                zh="驱动分配的 span 编号，如 1-4,7；留空 = 全部。每块板卡（或时钟同步的一组板卡）一项。",
            ),
            max_length=64,
            pattern=_SPANS,
            reload=_RELOAD,
        ),
    ] = ""
    crc4: Annotated[
        bool,
        setting(
            Text(en="E1 with CRC4", zh="E1 启用 CRC4"),
            help=Text(
                en="As the exchange sends it; a wrong choice shows as an alarm of the port.",
                zh="与交换机一致；设置错误时端口会告警。",
            ),
            reload=_RELOAD,
        ),
    ] = False
    set_up: Annotated[
        bool,
        setting(
            Text(en="Set up spans and channels", zh="自动配置 span 与通道"),
            help=Text(
                en="Off: another program has done it, and they are read as they are.",
                zh="关闭：由其他程序配置，按现状读取。",
            ),
            reload=_RELOAD,
        ),
    ] = True


class Alsa(_Board, frozen=True, kw_only=True, tag_field="kind", tag="alsa"):
    """A sound input: a radio, an intercom, a line behind a transformer."""

    device: Annotated[
        str,
        setting(
            Text(en="Sound input", zh="声音输入"),
            help=Text(
                en="As the system names it: plughw:CARD=Name,DEV=0.", zh="系统中的名称，如 plughw:CARD=Name,DEV=0。"
            ),
            min_length=1,
            max_length=64,
            pattern=r"^[\w:=,.-]+$",
            reload=_RELOAD,
        ),
    ]  # fmt: skip
    channels: Annotated[
        int,
        setting(
            Text(en="Channels of the input", zh="输入声道数"),
            help=Text(
                en="Each is a line of its own: a stereo input brings two. They have no voltage and are told by voice.",
                zh="每个声道为一条线路，立体声输入为两条。没有线路电压，按声控录音。",
            ),
            ge=1,
            le=32,
            reload=_RELOAD,
        ),
    ] = 1


class Replay(_Board, frozen=True, kw_only=True, tag_field="kind", tag="replay"):
    """Files played as a board: a demonstration, or lines of another recorder."""

    scenario: Annotated[
        str,
        setting(
            Text(en="Scenario file", zh="场景文件"),
            help=Text(
                en="What is played on which channel; its form is told in drivers/boards/replay.py.",
                zh="描述各通道回放的内容，格式见 drivers/boards/replay.py。",
            ),
            min_length=1,
            max_length=1024,
            reload=_RELOAD,
        ),
    ]
    real_time: Annotated[
        bool,
        setting(
            Text(en="In real time", zh="实时回放"),
            help=Text(en="Off: as fast as it can be recorded.", zh="关闭时以最快速度回放。"),
            reload=_RELOAD,
        ),
    ] = True


Card = Dahdi | Alsa | Replay

CARD_CHOICES: dict[str, Text] = {
    "dahdi": Text(en="Analog lines and E1 (DAHDI)", zh="模拟线路与 E1 板卡（DAHDI）"),
    "alsa": Text(en="Sound input (ALSA)", zh="声音输入（ALSA）"),
    "replay": Text(en="Files played as a board", zh="文件回放板卡"),
}
"""Names of the kinds, for the form."""


def spans_of(card: Dahdi) -> frozenset[int]:
    """The spans of a card as numbers; none: all there are."""
    found: set[int] = set()
    for part in filter(None, card.spans.split(",")):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)
