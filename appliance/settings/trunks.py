"""Tapped E1 trunks: which receive ports belong together, what is spoken on them, how numbers are read.

A trunk here is everything that one signalling joins: usually one E1, but also several whose calls one D-channel or one
set of SS7 links controls. Each E1 of it is a pair of receive ports, one a direction. New values hold for the next
call; what was kept of the raw signalling can be read again with them.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

from appliance.core.text import Text
from appliance.settings.field import Section, setting

MAX_E1 = 32
_TIMESLOTS = 31
Timeslot = Annotated[int, msgspec.Meta(ge=1, le=31)]
PointCode = Annotated[str, msgspec.Meta(max_length=16, pattern=r"^(\d{1,8}|\d{1,3}-\d{1,3}-\d{1,3})?$")]
_PREFIX = r"^[0-9+*#]{0,8}$"


class Label(StrEnum):
    """How long the point codes of a signalling link are.

    Source: ITU-T Q.704 §2.2 (14 bits), GF 001-9001 (24 bits)
    """

    ITU = "itu"
    CHINA = "china"


class UserPart(StrEnum):
    """Which user part carries the calls; both may share one link."""

    BOTH = "both"
    ISUP = "isup"
    TUP = "tup"


class Registers(StrEnum):
    """Whose meaning the register signals have.

    Source: ITU-T Q.441 (R2), GF 002-9002 (China No. 1)
    """

    CHINA = "china"
    ITU = "itu"


class StreamKind(StrEnum):
    """What a timeslot holds that is written to files as it is."""

    SS7_64K = "ss7_64k"
    SS7_2M = "ss7_2m"
    HDLC = "hdlc"
    TRANSPARENT = "transparent"


def _timeslots(text: Text, help_text: Text) -> msgspec.Meta:
    return setting(text, help=help_text, min_length=1, max_length=31, reload="boards")


_DCHANNELS = _timeslots(
    Text(en="D-channels", zh="D 信道时隙"),
    Text(
        en="Timeslots that carry Q.931; a group of E1 may have a second one as a reserve.",
        zh="承载 Q.931 的时隙；一组 E1 可有第二个备用 D 信道。",
    ),
)
_LINKS = _timeslots(
    Text(en="Signalling links", zh="信令链路时隙"),
    Text(
        en="Timeslots that carry SS7, in each E1 that is ticked for it.",
        zh="在已勾选的 E1 中承载七号信令的时隙。",
    ),
)


class Isdn(Section, frozen=True, kw_only=True, tag_field="kind", tag="isdn"):
    """ISDN primary rate: Q.931 over Q.921."""

    timeslots: Annotated[list[Timeslot], _DCHANNELS] = msgspec.field(default_factory=lambda: [16])


class Ss7(Section, frozen=True, kw_only=True, tag_field="kind", tag="ss7"):
    """Signalling System No. 7: ISUP and TUP over MTP."""

    timeslots: Annotated[list[Timeslot], _LINKS] = msgspec.field(default_factory=lambda: [16])
    label: Annotated[
        Label,
        setting(
            Text(en="Point codes", zh="信令点编码"),
            help=Text(
                en="National networks in China use 24 bits, international ones 14.",
                zh="中国国内网使用 24 位，国际网使用 14 位。",
            ),
            reload="boards",
        ),
    ] = Label.CHINA
    user_part: Annotated[UserPart, setting(Text(en="User part", zh="用户部分"), reload="boards")] = (
        UserPart.BOTH
    )


class R2(Section, frozen=True, kw_only=True, tag_field="kind", tag="r2"):
    """Channel-associated signalling: line signals in timeslot 16, register signals as tones."""

    registers: Annotated[
        Registers, setting(Text(en="Register signals", zh="记发器信号"), reload="boards")
    ] = Registers.CHINA


class NoSignalling(Section, frozen=True, kw_only=True, tag_field="kind", tag="none"):
    """Nothing is decoded: calls are told by voice, or only raw data are captured."""


Signalling = Isdn | Ss7 | R2 | NoSignalling

CHOICES: dict[str, dict[str, Text]] = {
    "signalling": {
        "isdn": Text(en="ISDN (PRI)", zh="ISDN（PRI）"),
        "ss7": Text(en="SS7: ISUP and TUP", zh="七号信令：ISUP、TUP"),
        "r2": Text(en="R2, China No. 1 (SS1)", zh="R2、中国一号信令（SS1）"),
        "none": Text(en="None", zh="无"),
    },
    "label": {
        Label.ITU: Text(en="14 bits (ITU)", zh="14 位（ITU）"),
        Label.CHINA: Text(en="24 bits (China)", zh="24 位（中国）"),
    },
    "user_part": {
        UserPart.BOTH: Text(en="ISUP and TUP", zh="ISUP 与 TUP"),
        UserPart.ISUP: Text(en="ISUP", zh="ISUP"),
        UserPart.TUP: Text(en="TUP", zh="TUP"),
    },
    "registers": {
        Registers.CHINA: Text(en="China No. 1", zh="中国一号"),
        Registers.ITU: Text(en="ITU R2", zh="ITU R2"),
    },
    "stream": {
        StreamKind.SS7_64K: Text(en="SS7, 64 kbit/s", zh="64K 七号信令"),
        StreamKind.SS7_2M: Text(en="SS7, 2 Mbit/s", zh="2M 七号信令"),
        StreamKind.HDLC: Text(en="HDLC", zh="HDLC"),
        StreamKind.TRANSPARENT: Text(en="Transparent data", zh="透明数据"),
    },
}
"""Names of the choices of this section, for the form."""


class E1(Section, frozen=True, kw_only=True):
    """One tapped E1: the span of each direction, by the numbers the box gives its spans."""

    first_span: Annotated[
        int,
        setting(
            Text(en="Span of the one end", zh="一侧接收端口"),
            help=Text(
                en="Hears what the exchange sends; 0 = not connected.", zh="接收交换机发出的方向；0 = 未接。"
            ),
            ge=0,
            le=512,
            reload="boards",
        ),
    ] = 0
    second_span: Annotated[
        int,
        setting(
            Text(en="Span of the other end", zh="另一侧接收端口"),
            help=Text(
                en="Hears what comes back to it; 0 = not connected.", zh="接收对端发出的方向；0 = 未接。"
            ),
            ge=0,
            le=512,
            reload="boards",
        ),
    ] = 0
    has_signalling: Annotated[
        bool,
        setting(
            Text(en="Carries signalling", zh="承载信令"),
            help=Text(
                en="Off: its calls are controlled from another E1 of this trunk.",
                zh="关闭：由本中继的其他 E1 控制其呼叫。",
            ),
            reload="boards",
        ),
    ] = True
    first_circuit: Annotated[
        int,
        setting(
            Text(en="Circuit code of timeslot 0", zh="时隙 0 的电路识别码"),
            help=Text(
                en="SS7: CIC of timeslot 0, usually the PCM number times 32. ISDN: the interface identifier times 32.",
                zh="七号信令：时隙 0 的 CIC，通常为 PCM 系统号 × 32。ISDN：接口标识 × 32。",
            ),
            ge=0,
            le=16_383,
            reload="boards",
        ),
    ] = 0
    point_code: Annotated[
        PointCode,
        setting(
            Text(en="Point code of an end", zh="一端的信令点编码"),
            help=Text(
                en="SS7: only calls that name it belong to this E1, as 1-2-3 or 258; empty = all.",
                zh="七号信令：仅标记中含此编码的呼叫属于该 E1，写作 1-2-3 或 258；留空 = 全部。",
            ),
            reload="boards",
        ),
    ] = ""


class RawStream(Section, frozen=True, kw_only=True):
    """Timeslots whose content is written to files as it is, beside or instead of calls."""

    e1: Annotated[
        int, setting(Text(en="E1 of the trunk, from 1", zh="中继内 E1 序号（从 1 起）"), ge=1, le=MAX_E1)
    ] = 1
    timeslots: Annotated[
        list[Timeslot],
        setting(
            Text(en="Timeslots", zh="时隙"),
            help=Text(
                en="One for each stream of 64 kbit/s; a stream of 2 Mbit/s takes all that are listed together.",
                zh="每个 64K 数据流一个时隙；2M 数据流占用所列全部时隙。",
            ),
            min_length=1,
            max_length=31,
            reload="boards",
        ),
    ] = msgspec.field(default_factory=lambda: [16])
    stream: Annotated[StreamKind, setting(Text(en="Content", zh="内容"), reload="boards")] = (
        StreamKind.SS7_64K
    )
    most_mib: Annotated[
        int, setting(Text(en="Keep at most", zh="最多保存"), unit="MiB", ge=1, le=1_048_576, reload="boards")
    ] = 1024


class Trunk(Section, frozen=True, kw_only=True):
    """E1 lines that one signalling joins."""

    name: Annotated[str, setting(Text(en="Name", zh="名称"), min_length=1, max_length=64)]
    enabled: Annotated[bool, setting(Text(en="Enabled", zh="启用"), reload="boards")] = True
    lines: Annotated[
        list[E1], setting(Text(en="E1 lines", zh="E1 线路"), min_length=1, max_length=MAX_E1, reload="boards")
    ]
    signalling: Annotated[Signalling, setting(Text(en="Signalling", zh="信令"), reload="boards")] = (
        msgspec.field(default_factory=Isdn)
    )
    national_prefix: Annotated[
        str,
        setting(
            Text(en="Prefix of national numbers", zh="国内号码前缀"),
            help=Text(
                en="Put before numbers that signalling marks as national; empty = nothing.",
                zh="加在信令标为国内号码的号码之前；留空 = 不加。",
            ),
            pattern=_PREFIX,
            reload="boards",
        ),
    ] = "0"
    international_prefix: Annotated[
        str,
        setting(
            Text(en="Prefix of international numbers", zh="国际号码前缀"),
            help=Text(
                en="Put before numbers that signalling marks as international; empty = nothing.",
                zh="加在信令标为国际号码的号码之前；留空 = 不加。",
            ),
            pattern=_PREFIX,
            reload="boards",
        ),
    ] = "00"
    longest_setup_s: Annotated[
        int,
        setting(
            Text(en="Longest wait for an answer", zh="最长等待应答时间"),
            help=Text(
                en="A call without answer and without end is over after this: its end was lost.",
                zh="既无应答也无结束的呼叫超过此时间视为已结束（结束信令丢失）。",
            ),
            unit="s",
            ge=10,
            le=3600,
            reload="boards",
        ),
    ] = 300
    longest_call_h: Annotated[
        int,
        setting(
            Text(en="Longest call", zh="最长通话"),
            help=Text(
                en="Without an end, a call is over after this.", zh="无结束信令的通话超过此时间视为已结束。"
            ),
            unit="h",
            ge=1,
            le=168,
            reload="boards",
        ),
    ] = 24
    keep_days: Annotated[
        int,
        setting(
            Text(en="Keep raw signalling for", zh="原始信令保存"),
            help=Text(
                en="Past calls can be read again with other settings as long as this; 0 = not kept.",
                zh="在此期间可用新的设置重新解析历史呼叫；0 = 不保存。",
            ),
            unit="d",
            ge=0,
            le=365,
            reload="boards",
        ),
    ] = 14
    keep_mib: Annotated[
        int, setting(Text(en="But at most", zh="但最多占用"), unit="MiB", ge=1, le=1_048_576, reload="boards")
    ] = 512
    raw: Annotated[
        list[RawStream], setting(Text(en="Raw capture", zh="原始数据采集"), max_length=64, reload="boards")
    ] = []


def voice_channels(trunk: Trunk) -> int:
    """How many calls fit on a trunk at once: its timeslots without those that carry signalling."""
    total = 0
    for line in trunk.lines:
        match trunk.signalling:
            case R2():
                total += _TIMESLOTS - 1  # line signals of all channels stand in timeslot 16
            case Isdn(timeslots=slots) | Ss7(timeslots=slots) if line.has_signalling:
                total += _TIMESLOTS - len(set(slots))
            case _:
                total += _TIMESLOTS
    return total
