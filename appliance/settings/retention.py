"""Settings of retention: classes of recordings, how long and how much of each is kept, what a full disk means."""

from enum import StrEnum
from typing import Annotated

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Text
from appliance.domain.call import Direction
from appliance.settings.field import Section, setting

_RELOAD = "archiver"
_MOST_CLASSES = 32
_NAME = r"^[^\x00-\x1f\x7f]+$"
_MOST_DAYS = 36500

Words = list[Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=_NAME)]]


class WhenFull(StrEnum):
    """What happens when a storage path has less free space than its low-water mark."""

    WARN = "warn"
    DELETE = "delete"
    STOP = "stop"


WHEN_FULL_TEXT: dict[WhenFull, Text] = {
    WhenFull.WARN: Text(en="Warn only; record until nothing fits", zh="仅告警，录到无法写入为止"),
    WhenFull.DELETE: Text(en="Delete the oldest recordings", zh="删除最旧的录音"),
    WhenFull.STOP: Text(en="Stop recording; calls stay in the ledger", zh="停止录音，仅保留台账"),
}

_KEEP = Text(en="Keep for", zh="保留天数")
_KEEP_HELP = Text(
    en="Older recordings are deleted. 0 = they stay for ever.", zh="超过后自动删除录音。0 表示永久保留。"
)
_LEAST = Text(en="Never delete before", zh="最短保留天数")
_LEAST_HELP = Text(
    en="Neither a size limit nor a full disk takes anything younger.",
    zh="未满此天数的录音，容量上限与磁盘不足均不会删除。",
)
_MOST = Text(en="At most", zh="容量上限")
_MOST_HELP = Text(en="Beyond it the oldest go. 0 = no limit.", zh="超出时先删除最旧的。0 表示不限。")


class RetentionClass(Section, frozen=True, kw_only=True):
    """A class of recordings: all conditions that are set must be met, of each list one."""

    name: Annotated[
        str, setting(Text(en="Name", zh="名称"), min_length=1, max_length=64, pattern=_NAME, reload=_RELOAD)
    ]
    enabled: Annotated[bool, setting(Text(en="In use", zh="启用"), reload=_RELOAD)] = True
    tags: Annotated[Words, setting(Text(en="Tags", zh="标签"), max_length=32, reload=_RELOAD)] = []
    departments: Annotated[
        Words,
        setting(
            Text(en="Departments", zh="部门"),
            help=Text(en="By name, with all departments below.", zh="按名称填写，包含全部下级部门。"),
            max_length=64,
            reload=_RELOAD,
        ),
    ] = []
    extensions: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z+#._-]+\*?$")]],
        setting(
            Text(en="Numbers", zh="号码"),
            help=Text(
                en="Of either side; a * at the end stands for the rest.",
                zh="任一方号码；末尾 * 表示任意后续。",
            ),
            max_length=1000,
            reload=_RELOAD,
        ),
    ] = []
    directions: Annotated[
        list[Direction], setting(Text(en="Directions", zh="方向"), max_length=4, reload=_RELOAD)
    ] = []
    rules: Annotated[
        Words, setting(Text(en="Recorded by the rules", zh="触发的录音规则"), max_length=64, reload=_RELOAD)
    ] = []
    keep_days: Annotated[
        int, setting(_KEEP, help=_KEEP_HELP, unit="d", ge=0, le=_MOST_DAYS, reload=_RELOAD)
    ] = 0
    least_days: Annotated[
        int, setting(_LEAST, help=_LEAST_HELP, unit="d", ge=0, le=_MOST_DAYS, reload=_RELOAD)
    ] = 0
    most_gib: Annotated[
        float, setting(_MOST, help=_MOST_HELP, unit="GiB", ge=0, le=1_000_000, reload=_RELOAD)
    ] = 0.0


class Retention(Section, frozen=True, kw_only=True):
    """How long recordings are kept. The first class whose conditions are met is a recording's own."""

    enabled: Annotated[
        bool,
        setting(
            Text(en="Delete recordings by these policies", zh="按以下策略自动删除录音"),
            help=Text(
                en="Recordings under a legal hold always stay; the ledger keeps a row of every call.",
                zh="处于法律保留的录音始终保留；台账永久保留每通呼叫的记录。",
            ),
            reload=_RELOAD,
        ),
    ] = False
    classes: Annotated[
        list[RetentionClass],
        setting(
            Text(en="Classes", zh="类别"),
            help=Text(
                en="Asked from the top; a recording belongs to the first one whose conditions it meets.",
                zh="自上而下匹配，录音归入首个符合条件的类别。",
            ),
            max_length=_MOST_CLASSES,
            page="storage",
            reload=_RELOAD,
        ),
    ] = []
    keep_days: Annotated[
        int, setting(_KEEP, help=_KEEP_HELP, unit="d", ge=0, le=_MOST_DAYS, reload=_RELOAD)
    ] = 0
    least_days: Annotated[
        int, setting(_LEAST, help=_LEAST_HELP, unit="d", ge=0, le=_MOST_DAYS, reload=_RELOAD)
    ] = 7
    most_gib: Annotated[
        float, setting(_MOST, help=_MOST_HELP, unit="GiB", ge=0, le=1_000_000, reload=_RELOAD)
    ] = 0.0
    grace_h: Annotated[
        int,
        setting(
            Text(en="A changed policy begins after", zh="策略更改后生效延迟"),
            help=Text(
                en="Until then it can be taken back and nothing is lost. 0 = at once.",
                zh="在此之前可撤回，不会丢失任何录音。0 表示立即生效。",
            ),
            unit="h",
            ge=0,
            le=720,
            reload=_RELOAD,
        ),
    ] = 24
    most_per_minute: Annotated[
        int,
        setting(
            Text(en="Delete at most per minute", zh="每分钟最多删除"),
            help=Text(
                en="So many recordings, so that a new policy does not keep the disks busy.",
                zh="限制删除的录音数，避免新策略长时间占用磁盘。",
            ),
            ge=1,
            le=100_000,
            reload=_RELOAD,
        ),
    ] = 600
    when_full: Annotated[
        WhenFull,
        setting(
            Text(en="When a storage path runs full", zh="存储路径空间不足时"),
            help=Text(
                en="Whatever is chosen, an alarm is raised. With two paths the change-over comes first.",
                zh="无论如何选择都会告警。设有两条路径时先自动切换。",
            ),
            reload=_RELOAD,
        ),
    ] = WhenFull.WARN
    low_first_gib: Annotated[
        float,
        setting(
            Text(en="Low-water mark of the first path", zh="第一存储路径低水位"),
            help=Text(
                en="With less free space than this the choice above takes effect; more than what counts as full. 0 = never.",
                zh="剩余空间低于此值时按上述选择处理，应大于“视为已满”的值。0 表示从不。",
            ),
            unit="GiB",
            ge=0,
            le=1_000_000,
            reload=_RELOAD,
        ),
    ] = 2.0
    low_second_gib: Annotated[
        float,
        setting(
            Text(en="Low-water mark of the second path", zh="第二存储路径低水位"),
            help=Text(
                en="With less free space than this the choice above takes effect. 0 = never.",
                zh="剩余空间低于此值时按上述选择处理。0 表示从不。",
            ),
            unit="GiB",
            ge=0,
            le=1_000_000,
            reload=_RELOAD,
        ),
    ] = 2.0
    warn_days: Annotated[
        int,
        setting(
            Text(en="Warn when full within", zh="预计多少天内写满时告警"),
            help=Text(
                en="Reckoned from the growth of the last days and from what expires meanwhile. 0 = never.",
                zh="按近日增长量与期间到期删除量估算。0 表示不告警。",
            ),
            unit="d",
            ge=0,
            le=3650,
            reload="watchdog",
        ),
    ] = 14


_TWICE = Text(en="a class of this name stands before it", zh="已有同名类别")
_TOO_SHORT = Text(en="is kept for fewer days than it must be kept at least", zh="保留天数小于最短保留天数")
_EVERYTHING = Text(
    en="needs a condition: without one it would take everything below it", zh="至少需要一个条件"
)


def longest_days(retention: Retention) -> int:
    """After how many days every recording is gone; 0 when some stay."""
    if not retention.enabled:
        return 0
    kept = [retention.keep_days, *(one.keep_days for one in retention.classes if one.enabled)]
    return 0 if 0 in kept else max(kept)


def check(retention: Retention) -> None:
    """Refuse classes of the same name, without conditions, or that contradict themselves.

    Raises: Invalid
    """
    seen: set[str] = set()
    for index, one in enumerate(retention.classes):
        where = f"retention.classes[{index}]"
        if one.name in seen:
            raise Invalid(field=f"{where}.name", problem=_TWICE)
        seen.add(one.name)
        if not (one.tags or one.departments or one.extensions or one.directions or one.rules):
            raise Invalid(field=where, problem=_EVERYTHING)
        if 0 < one.keep_days < one.least_days:
            raise Invalid(field=f"{where}.keep_days", problem=_TOO_SHORT)
    if 0 < retention.keep_days < retention.least_days:
        raise Invalid(field="retention.keep_days", problem=_TOO_SHORT)
