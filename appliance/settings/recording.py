"""Recording rules: which calls are recorded, and who may start, pause and stop a recording.

New values hold for the next call; no call in progress is lost or ends for them. `compiled` makes of them what
`domain.policy.decide` asks, `check` refuses what no type can refuse.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Text
from appliance.domain.call import Direction
from appliance.domain.policy import Action, HeaderCondition, Pattern, Rule, Rules, Schedule, Span, pattern
from appliance.settings.address import NO_ENDPOINT, endpoint
from appliance.settings.field import Section, setting

MAX_NUMBERS = 10_000
MAX_RULES = 200
_PATTERN = r"^(\*[^\s*]+|[^\s*]+\*?)$"
_KEYS = r"^[0-9A-D*#]{0,8}$"
_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_DAY_MIN = 24 * 60

NumberPattern = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=_PATTERN)]
Address = Annotated[str, msgspec.Meta(max_length=64)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Mode(StrEnum):
    """When recording begins, where no rule says otherwise."""

    ALL = "all"
    KEYS = "keys"


class WorkMode(StrEnum):
    """Which calls may be recorded at all."""

    CONCURRENT = "concurrent"
    BOUND = "bound"


class KeySource(StrEnum):
    """How telephones send the keys that are pressed.

    Source: RFC 4733; RFC 6086 with application/dtmf-relay and application/dtmf; ITU-T Q.23 (tones)
    """

    RFC4733 = "rfc4733"
    INFO = "info"
    BOTH = "both"
    TONES = "tones"
    ALL = "all"


class Weekday(StrEnum):
    """In the order of the week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


CHOICES: dict[str, dict[str, Text]] = {
    "mode": {
        Mode.ALL: Text(en="Every call from its beginning", zh="全部录音"),
        Mode.KEYS: Text(en="Controlled by keys or orders", zh="按键控制录音"),
    },
    "work_mode": {
        WorkMode.CONCURRENT: Text(en="Concurrent calls", zh="VoIP 并发"),
        WorkMode.BOUND: Text(en="Bound extensions", zh="绑定 VoIP 分机"),
    },
    "key_source": {
        KeySource.RFC4733: Text(en="In the audio (RFC 2833, RFC 4733)", zh="RFC2833（RFC4733）"),
        KeySource.INFO: Text(en="SIP INFO", zh="SIP INFO"),
        KeySource.BOTH: Text(en="RFC 2833 and SIP INFO", zh="RFC2833 + SIP INFO"),
        KeySource.TONES: Text(en="Tones heard in the audio", zh="带内音频"),
        KeySource.ALL: Text(en="RFC 2833, SIP INFO and tones", zh="RFC2833 + SIP INFO + 带内音频"),
    },
    "action": {
        Action.RECORD: Text(en="Record", zh="录音"),
        Action.IGNORE: Text(en="Do not record", zh="不录音"),
        Action.ON_DEMAND: Text(en="Record on demand", zh="按需录音"),
    },
    "directions": {
        Direction.UNKNOWN: Text(en="Unknown", zh="未知"),
        Direction.INCOMING: Text(en="Incoming", zh="呼入"),
        Direction.OUTGOING: Text(en="Outgoing", zh="呼出"),
        Direction.INTERNAL: Text(en="Internal", zh="内部"),
    },
    "days": {
        Weekday.MONDAY: Text(en="Monday", zh="星期一"),
        Weekday.TUESDAY: Text(en="Tuesday", zh="星期二"),
        Weekday.WEDNESDAY: Text(en="Wednesday", zh="星期三"),
        Weekday.THURSDAY: Text(en="Thursday", zh="星期四"),
        Weekday.FRIDAY: Text(en="Friday", zh="星期五"),
        Weekday.SATURDAY: Text(en="Saturday", zh="星期六"),
        Weekday.SUNDAY: Text(en="Sunday", zh="星期日"),
    },
}
"""Names of the choices of this section, for the form."""

_NUMBER_HELP = Text(
    en="A number, its beginning as 5039*, or its end as *5039.", zh="号码；前缀写作 5039*，后缀写作 *5039。"
)


class NumberEntry(Section, frozen=True, kw_only=True):
    """One line of the blacklist or of the list of numbers to record."""

    number: Annotated[
        str,
        setting(
            Text(en="Number", zh="号码"), help=_NUMBER_HELP, min_length=1, max_length=64, pattern=_PATTERN
        ),
    ]
    enabled: Annotated[bool, setting(Text(en="Enabled", zh="启用"))] = True
    note: Annotated[str, setting(Text(en="Note", zh="备注"), max_length=200)] = ""
    created_at: Annotated[datetime | None, setting(Text(en="Created", zh="创建时间"))] = None


class BoundExtension(Section, frozen=True, kw_only=True):
    """An extension that is recorded, and its channel.

    `name` is what older releases kept here: the directory takes it over when it knows none, and nothing else reads it.
    """

    number: Annotated[
        str, setting(Text(en="Extension", zh="分机号"), min_length=1, max_length=32, pattern=r"^[^\s*]+$")
    ]
    channel: Annotated[int, setting(Text(en="Channel", zh="通道号"), ge=1, le=MAX_NUMBERS)]
    name: Annotated[str, setting(Text(en="Name", zh="姓名"), max_length=64)] = ""


class TimeWindow(Section, frozen=True, kw_only=True):
    """A stretch of some days. One that ends before it begins ends on the next day."""

    days: Annotated[list[Weekday], setting(Text(en="Days", zh="星期"), min_length=1, max_length=7)]
    begin: Annotated[str, setting(Text(en="From", zh="开始"), pattern=_CLOCK)] = "00:00"
    end: Annotated[
        str,
        setting(
            Text(en="To", zh="结束"),
            help=Text(en="The same time as “from” means the whole day.", zh="与开始时间相同表示全天。"),
            pattern=_CLOCK,
        ),
    ] = "00:00"


class NamedSchedule(Section, frozen=True, kw_only=True):
    """Time windows of the week under one name."""

    name: Annotated[str, setting(Text(en="Name", zh="名称"), min_length=1, max_length=64)]
    windows: Annotated[list[TimeWindow], setting(Text(en="Time windows", zh="时间段"), max_length=50)] = []


class RecordingRule(Section, frozen=True, kw_only=True):
    """One rule: every condition that is filled in must be met; a list is met by one of its entries."""

    name: Annotated[str, setting(Text(en="Name", zh="名称"), min_length=1, max_length=64)]
    enabled: Annotated[bool, setting(Text(en="Enabled", zh="启用"))] = True
    action: Annotated[Action, setting(Text(en="Action", zh="动作"))] = Action.RECORD
    numbers: Annotated[
        list[NumberPattern],
        setting(Text(en="Caller or callee", zh="主叫或被叫"), help=_NUMBER_HELP, max_length=500),
    ] = []
    callers: Annotated[
        list[NumberPattern], setting(Text(en="Caller", zh="主叫"), help=_NUMBER_HELP, max_length=500)
    ] = []
    callees: Annotated[
        list[NumberPattern], setting(Text(en="Callee", zh="被叫"), help=_NUMBER_HELP, max_length=500)
    ] = []
    trunks: Annotated[
        list[Address],
        setting(
            Text(en="Trunk addresses", zh="中继地址"),
            help=Text(
                en="ip or ip:port that the call came from or went to.", zh="呼叫来源或去向的 IP 或 IP:端口。"
            ),
            max_length=64,
        ),
    ] = []
    directions: Annotated[list[Direction], setting(Text(en="Direction", zh="呼叫方向"), max_length=4)] = []
    header_name: Annotated[
        str,
        setting(
            Text(en="SIP header", zh="SIP 头域"),
            help=Text(en="Of the INVITE, as in X-Queue.", zh="INVITE 中的头域，例如 X-Queue。"),
            max_length=64,
            pattern=r"^[A-Za-z0-9.!%*_+`'~-]*$",
        ),
    ] = ""
    header_contains: Annotated[
        str,
        setting(
            Text(en="SIP header contains", zh="头域包含"),
            help=Text(en="Empty: the header need only be there.", zh="留空表示只要求该头域存在。"),
            max_length=200,
        ),
    ] = ""
    schedule: Annotated[
        str,
        setting(
            Text(en="Within the schedule", zh="时间表"),
            help=Text(en="Name of a schedule; empty: always.", zh="时间表名称；留空表示始终。"),
            max_length=64,
        ),
    ] = ""
    sample_pct: Annotated[
        float,
        setting(
            Text(en="Record this share", zh="抽样比例"),
            help=Text(
                en="Of the calls that meet the rule; the others are not recorded. Without effect on “do not record”.",
                zh="符合规则的通话中录音的比例，其余不录音。对“不录音”无效。",
            ),
            unit="%",
            ge=0,
            le=100,
        ),
    ] = 100.0


class Rulebook(Section, frozen=True, kw_only=True):
    """The rules of recording."""

    mode: Annotated[
        Mode,
        setting(
            Text(en="Recording mode", zh="录音模式"),
            help=Text(en="Where no rule says otherwise.", zh="规则未另行规定时适用。"),
            reload="recorder",
        ),
    ] = Mode.ALL
    start_key: Annotated[
        str,
        setting(
            Text(en="Start key", zh="开始录音按键"),
            help=Text(en="Up to 8 keys in a row; empty: none.", zh="最多 8 位按键；留空表示不用。"),
            pattern=_KEYS,
            reload="recorder",
        ),
    ] = "*1"
    stop_key: Annotated[
        str,
        setting(
            Text(en="Stop key", zh="停止录音按键"),
            help=Text(
                en="Ends the recording of the call; what was recorded so far is kept. Empty: none.",
                zh="结束本次录音，已录部分保留。留空表示不用。",
            ),
            pattern=_KEYS,
            reload="recorder",
        ),
    ] = "*2"
    discard_key: Annotated[
        str,
        setting(
            Text(en="Discard key", zh="丢弃录音按键"),
            help=Text(
                en="Throws away what was recorded of this call; the ledger says who did so. Empty: none.",
                zh="丢弃本次通话的录音，台账会注明操作者。留空表示不用。",
            ),
            pattern=_KEYS,
            reload="recorder",
        ),
    ] = ""
    pause_key: Annotated[
        str,
        setting(
            Text(en="Pause key", zh="暂停录音按键"),
            help=Text(
                en="As for card numbers: silence stands in the recording until it is resumed. Empty: none.",
                zh="例如用于报读银行卡号：恢复之前录音中为静音。留空表示不用。",
            ),
            pattern=_KEYS,
            reload="recorder",
        ),
    ] = ""
    resume_key: Annotated[
        str,
        setting(
            Text(en="Resume key", zh="恢复录音按键"),
            help=Text(
                en="May be the pause key: then one key does both in turn. Empty: resumed by button or by time only.",
                zh="可与暂停键相同，此时同一按键轮流暂停与恢复。留空则仅能通过按钮或定时恢复。",
            ),
            pattern=_KEYS,
            reload="recorder",
        ),
    ] = ""
    key_source: Annotated[
        KeySource,
        setting(
            Text(en="Keys are sent by", zh="DTMF 模式"),
            help=Text(
                en="As the telephones are set. Tones are looked for in up to 500 calls at once; it costs computing time.",
                zh="须与话机设置一致。带内音频检测最多同时用于 500 路通话，并占用计算资源。",
            ),
            reload="recorder",
        ),
    ] = KeySource.BOTH
    look_back: Annotated[
        bool,
        setting(
            Text(en="Record on demand from the beginning of the call", zh="按需录音包含启动前的语音"),
            help=Text(
                en="Off: recording begins when it is started, and nothing said before is stored.",
                zh="关闭时录音从启动时开始，之前的语音不保存。",
            ),
            reload="recorder",
        ),
    ] = True
    auto_resume_s: Annotated[
        int,
        setting(
            Text(en="Resume a paused recording after", zh="暂停后自动恢复"),
            help=Text(en="0 = never.", zh="0 表示不自动恢复。"),
            unit="s",
            ge=0,
            le=86400,
            reload="recorder",
        ),
    ] = 0
    work_mode: Annotated[
        WorkMode,
        setting(
            Text(en="Work mode", zh="工作模式"),
            help=Text(
                en="Concurrent calls: whoever talks, up to the number below. Bound extensions: only those that have a channel.",
                zh="“VoIP 并发”：不限分机，仅限下方的并发数；“绑定 VoIP 分机”：仅录制已分配通道的分机。",
            ),
            reload="recorder",
        ),
    ] = WorkMode.CONCURRENT
    licensed_calls: Annotated[
        int,
        setting(
            Text(en="Calls recorded at once", zh="许可并发数"),
            help=Text(
                en="Calls beyond it keep their ledger row and raise an alarm. 0 = no limit.",
                zh="超出的通话仍有台账并产生告警。0 表示不限。",
            ),
            ge=0,
            le=100_000,
            reload="recorder",
        ),
    ] = 0
    extensions: Annotated[
        list[BoundExtension],
        setting(
            Text(en="Bound extensions", zh="绑定分机"),
            help=Text(
                en="In the work mode “bound extensions” only their calls are recorded.",
                zh="“绑定 VoIP 分机”模式下仅录制这些分机的通话。",
            ),
            max_length=MAX_NUMBERS,
            page="extensions",
            reload="recorder",
        ),
    ] = []
    pbx_addresses: Annotated[
        list[Address],
        setting(
            Text(en="PBX addresses", zh="VoIP PBX 地址"),
            help=Text(
                en="ip or ip:port of the telephone systems; empty: calls of every system are recorded, "
                "else only those that come from or go to one of these.",
                zh="IPPBX 的 IP 或 IP:端口；留空表示不限，否则仅录制来自或去往这些地址的通话。",
            ),
            max_length=64,
            reload="recorder",
        ),
    ] = []
    reverse_direction: Annotated[
        bool,
        setting(
            Text(en="Reverse the call direction", zh="呼叫方向取反"),
            help=Text(
                en="Where the trunk addresses are those of the company's own side.",
                zh="当中继地址实际位于企业一侧时使用。",
            ),
            reload="recorder",
        ),
    ] = False
    blacklist: Annotated[
        list[NumberEntry],
        setting(
            Text(en="Blacklist", zh="黑名单"),
            help=Text(
                en="Calls of these numbers are not recorded; their ledger row stays.",
                zh="这些号码的通话不录音，台账保留。",
            ),
            max_length=MAX_NUMBERS,
            page="lists",
            reload="recorder",
        ),
    ] = []
    allow_list_on: Annotated[
        bool,
        setting(
            Text(en="Record only listed numbers", zh="仅录制白名单号码"),
            help=Text(
                en="While it is on, calls with no number of the list are not recorded; their ledger row says why.",
                zh="启用后，双方号码均不在白名单中的通话不录音，台账会注明原因。",
            ),
            reload="recorder",
        ),
    ] = False
    allow_list: Annotated[
        list[NumberEntry],
        setting(
            Text(en="Numbers to record", zh="录音白名单"),
            help=Text(
                en="Only calls with one of these numbers are recorded while the list is switched on.",
                zh="启用白名单后，仅录制包含这些号码的通话。",
            ),
            max_length=MAX_NUMBERS,
            page="lists",
            reload="recorder",
        ),
    ] = []
    time_zone: Annotated[
        str,
        setting(
            Text(en="Time zone of the schedules", zh="时间表时区"),
            help=Text(
                en="As in Asia/Shanghai; empty: the box's own.", zh="例如 Asia/Shanghai；留空为本机时区。"
            ),
            max_length=64,
            reload="recorder",
        ),
    ] = ""
    schedules: Annotated[
        list[NamedSchedule],
        setting(
            Text(en="Schedules", zh="时间表"),
            help=Text(
                en="Hours of the week under a name that rules and the recording time refer to.",
                zh="以名称保存的每周时间段，供规则与录音时间引用。",
            ),
            max_length=100,
            page="rules",
            reload="recorder",
        ),
    ] = []
    recording_time: Annotated[
        str,
        setting(
            Text(en="Record only within the schedule", zh="仅在此时间表内录音"),
            help=Text(en="Name of a schedule; empty: always.", zh="时间表名称；留空表示始终。"),
            max_length=64,
            reload="recorder",
        ),
    ] = ""
    rules: Annotated[
        list[RecordingRule],
        setting(
            Text(en="Rules", zh="录音规则"),
            help=Text(
                en="The first rule whose conditions are all met decides.",
                zh="自上而下，首条满足全部条件的规则生效。",
            ),
            max_length=MAX_RULES,
            page="rules",
            reload="recorder",
        ),
    ] = []


def compiled(recording: Rulebook) -> Rules:
    """The rules as `decide` asks them; what `check` passed compiles."""
    schedules = schedules_of(recording)
    is_bound = recording.work_mode is WorkMode.BOUND
    return Rules(
        by_keys=recording.mode is Mode.KEYS,
        look_back=recording.look_back,
        licensed_calls=0 if is_bound else recording.licensed_calls,
        bound={row.number.removeprefix("+"): row.channel for row in recording.extensions}
        if is_bound
        else None,
        pbx=_places(recording.pbx_addresses),
        blacklist=_enabled(recording.blacklist),
        allowed=_enabled(recording.allow_list) if recording.allow_list_on else None,
        hours=schedules.get(recording.recording_time),
        rules=tuple(_rule(found, schedules) for found in recording.rules if found.enabled),
    )


def schedules_of(recording: Rulebook) -> dict[str, Schedule]:
    """The named schedules, in the time zone of the rules."""
    zone = ZoneInfo(recording.time_zone) if recording.time_zone else None
    return {found.name: _schedule(found, zone) for found in recording.schedules}


def check(recording: Rulebook) -> None:
    """Refuse what contradicts itself: unknown zones and schedules, bad addresses, names and keys given twice.

    Raises: Invalid
    """
    if recording.time_zone:
        _check_zone(recording.time_zone)
    names = [found.name for found in recording.schedules]
    _check_unique(names, "recording.schedules[{index}].name")
    _check_unique([found.name for found in recording.rules], "recording.rules[{index}].name")
    _check_unique([found.number for found in recording.extensions], "recording.extensions[{index}].number")
    _check_unique(
        [str(found.channel) for found in recording.extensions], "recording.extensions[{index}].channel"
    )
    _check_schedule(recording.recording_time, names, "recording.recording_time")
    for index, rule in enumerate(recording.rules):
        _check_schedule(rule.schedule, names, f"recording.rules[{index}].schedule")
        _check_addresses(rule.trunks, f"recording.rules[{index}].trunks")
        if rule.header_contains and not rule.header_name:
            raise Invalid(
                field=f"recording.rules[{index}].header_name",
                problem=Text(en="is needed with a text to look for", zh="填写了包含内容时必须填写头域名"),
            )
    _check_addresses(recording.pbx_addresses, "recording.pbx_addresses")
    keys = {
        "start_key": recording.start_key,
        "stop_key": recording.stop_key,
        "discard_key": recording.discard_key,
    }
    taken: dict[str, str] = {}
    for name, key in [*keys.items(), ("pause_key", recording.pause_key)]:
        if key and key in taken:
            raise _twice(f"recording.{name}")
        taken[key] = name
    if recording.resume_key and taken.get(recording.resume_key, "pause_key") != "pause_key":
        raise _twice("recording.resume_key")


def _rule(found: RecordingRule, schedules: dict[str, Schedule]) -> Rule:
    header = HeaderCondition(found.header_name.lower(), found.header_contains) if found.header_name else None
    return Rule(
        name=found.name,
        action=found.action,
        numbers=tuple(map(pattern, found.numbers)),
        callers=tuple(map(pattern, found.callers)),
        callees=tuple(map(pattern, found.callees)),
        trunks=_places(found.trunks),
        directions=tuple(found.directions),
        header=header,
        schedule=schedules.get(found.schedule),
        sample_pct=found.sample_pct,
    )


def _enabled(entries: Sequence[NumberEntry]) -> tuple[Pattern, ...]:
    return tuple(pattern(entry.number) for entry in entries if entry.enabled)


def _places(addresses: Sequence[str]) -> tuple[tuple[str, int], ...]:
    return tuple(found for text in addresses if (found := endpoint(text)) is not None)


def _schedule(found: NamedSchedule, zone: tzinfo | None) -> Schedule:
    return Schedule(found.name, tuple(_spans(found.windows)), zone)


def _spans(windows: Sequence[TimeWindow]) -> Iterator[Span]:
    order = list(Weekday)
    for window in windows:
        begin, end = _minute(window.begin), _minute(window.end)
        length = (end - begin) % _DAY_MIN or _DAY_MIN
        for day in window.days:
            yield Span(order.index(day) * _DAY_MIN + begin, length)


def _minute(clock: str) -> int:
    hours, minutes = re.split(":", clock)
    return int(hours) * 60 + int(minutes)


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            field="recording.time_zone", problem=Text(en="is no known time zone", zh="不是已知的时区")
        ) from error


def _check_unique(values: Sequence[str], path: str) -> None:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            raise _twice(path.format(index=index))
        seen.add(value)


def _check_schedule(name: str, known: Sequence[str], path: str) -> None:
    if name and name not in known:
        raise Invalid(field=path, problem=Text(en="is the name of no schedule", zh="没有此名称的时间表"))


def _check_addresses(addresses: Sequence[str], path: str) -> None:
    for index, address in enumerate(addresses):
        if endpoint(address) is None:
            raise Invalid(field=f"{path}[{index}]", problem=NO_ENDPOINT)


def _twice(path: str) -> Invalid:
    return Invalid(field=path, problem=Text(en="is given twice", zh="重复"))
