"""Which recordings may go: by age, by the size of their class, and when a disk runs full. Pure.

Recordings come oldest first, decisions go out one by one and end as soon as nothing younger can go either, so a preview
and the deletion itself are the same walk. A recording under a legal hold is passed over, whatever else holds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from appliance.core.text import Language, Text

REST = ""
"""The name of the class of all that is in no other."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_LOOKED_BACK = 28
_LOOKED_AHEAD = 3650


class Cause(StrEnum):
    """Why a recording goes."""

    AGE = "age"
    SIZE = "size"
    SPACE = "space"


CAUSE_TEXT: dict[Cause, Text] = {
    Cause.AGE: Text(en="Older than its class is kept", zh="超过保留天数"),
    Cause.SIZE: Text(en="Its class is larger than allowed", zh="所属类别超出容量上限"),
    Cause.SPACE: Text(en="The disk ran full", zh="磁盘空间不足"),
}

WHY: dict[Cause, Text] = {
    Cause.AGE: Text(
        en="Retention policy “{policy}”: kept for {keep_days} days",
        zh="保留策略“{policy}”：保留 {keep_days} 天",
    ),
    Cause.SIZE: Text(
        en="Retention policy “{policy}”: at most {most_gib} GiB, the oldest went first",
        zh="保留策略“{policy}”：最多 {most_gib} GiB，从最旧的开始删除",
    ),
    Cause.SPACE: Text(
        en="The disk ran full; the oldest recordings of policy “{policy}” went first",
        zh="磁盘空间不足，按策略“{policy}”从最旧的录音开始删除",
    ),
}
"""The sentence beside a recording that went; `policy` is a class's name, or what the rest is called."""

REST_TEXT = Text(en="All other recordings", zh="其他全部录音")


class Policy(NamedTuple):
    """What is kept of one class. Units: 0 days = for ever, 0 bytes = without limit; nothing younger than `least_days` goes."""

    name: str
    keep_days: int = 0
    least_days: int = 0
    most_bytes: int = 0


class Kept(NamedTuple):
    """A recording that there is."""

    call_id: str
    at: datetime
    bytes: int
    held: bool = False


class Going(NamedTuple):
    """A recording that goes, and why."""

    kept: Kept
    policy: Policy
    cause: Cause


def due(policy: Policy, oldest_first: Iterable[Kept], total_bytes: int, now: datetime) -> Iterator[Going]:
    """What goes of one class by its age and size, the oldest first.

    `total_bytes` of the whole class, held recordings included: these cannot make room, others must.
    """
    over_bytes = total_bytes - policy.most_bytes if policy.most_bytes else 0
    for kept in oldest_first:
        age = now - kept.at
        is_old = policy.keep_days > 0 and age >= timedelta(days=policy.keep_days)
        is_too_much = over_bytes > 0 and age >= timedelta(days=policy.least_days)
        if not (is_old or is_too_much):
            return  # whatever comes now is younger still
        if kept.held:
            continue
        over_bytes -= kept.bytes
        yield Going(kept, policy, Cause.AGE if is_old else Cause.SIZE)


def youngest_due(policy: Policy, total_bytes: int, now: datetime) -> datetime:
    """Nothing that began after this moment goes by age or size: so far a class has to be looked through."""
    by_age = now - timedelta(days=policy.keep_days) if policy.keep_days else _NEVER
    is_over = policy.most_bytes and total_bytes > policy.most_bytes
    return max(by_age, now - timedelta(days=policy.least_days)) if is_over else by_age


def sacrifices(
    oldest_first: Iterable[tuple[Policy, Kept]], wanted_bytes: int, now: datetime
) -> Iterator[Going]:
    """What goes to make room on a disk, the oldest of all classes first, never one younger than its class allows."""
    for policy, kept in oldest_first:
        if wanted_bytes <= 0:
            return
        if kept.held or now - kept.at < timedelta(days=policy.least_days):
            continue
        wanted_bytes -= kept.bytes
        yield Going(kept, policy, Cause.SPACE)


def why(cause: Cause, policy: str, keep_days: int, most_gib: float, language: Language) -> str:
    """The sentence that stays beside the call; `policy` is the name of a class, "" for the rest."""
    name = policy or REST_TEXT.render(language)
    return WHY[cause].render(language, policy=name, keep_days=keep_days, most_gib=f"{most_gib:g}")


def growth_bytes(per_day: Sequence[int]) -> int:
    """Bytes a day to reckon with: the mean of the last week or of all days, whichever is more; a quiet start does not count.

    Shape: `per_day` full days, the oldest first
    """
    days = list(per_day)
    while days and days[0] == 0:
        days.pop(0)
    if not days:
        return 0
    week = days[-7:]
    return max(sum(days) // len(days), sum(week) // len(week))


def days_until_full(
    free_bytes: int, low_bytes: int, by_day: Mapping[int, int], today: int, keep_days: int
) -> int | None:
    """Whole days until only `low_bytes` are free at the present growth; None when that is not in sight.

    Shape: `by_day` what is stored of each day, numbered as `today` is. What is older than `keep_days` goes meanwhile (0: nothing).
    """
    first = min(by_day, default=today)
    per_day = growth_bytes([by_day.get(day, 0) for day in range(max(first, today - _LOOKED_BACK), today)])
    per_day = per_day or by_day.get(today, 0)
    if per_day <= 0:
        return None
    for ahead in range(_LOOKED_AHEAD):
        if free_bytes <= low_bytes:
            return ahead
        gone_day = today + ahead - keep_days
        gone_bytes = (by_day.get(gone_day, 0) if gone_day <= today else per_day) if keep_days else 0
        free_bytes += gone_bytes - per_day
    return None


def effective_days(policy: Policy, per_day_bytes: int) -> int | None:
    """How long recordings of a class really stay at its present growth; None for ever."""
    by_size = policy.most_bytes // per_day_bytes if policy.most_bytes and per_day_bytes > 0 else None
    limits = [days for days in (policy.keep_days or None, by_size) if days is not None]
    return max(min(limits), policy.least_days) if limits else None
