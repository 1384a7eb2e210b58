"""Storage: the paths that take recordings, how fast they fill, the disks and arrays below them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from appliance.core.text import Language
from appliance.domain.retention import growth_bytes
from appliance.settings.paths import Paths, Shelf
from appliance.store import retention as stored
from appliance.system import disks, plugged
from appliance.system.disks import Disk, Raid, Report
from appliance.system.formatting import UNFIT_TEXT
from appliance.system.plugged import Plugged
from webadmin.operation import Asked, Nothing

_SHOWN_DAYS = 30
_DAY_S = 86_400


class RecordingPathView(msgspec.Struct, frozen=True, kw_only=True):
    """A storage path. `problem` is "" for none. Of the path in use: `days_left` until it is full, null when not in sight.

    `stopped`: nothing is recorded for want of room; `sacrificed`: recordings of the last day deleted before their time
    """

    shelf: Shelf
    path: str
    current: bool
    problem: str
    detail: str
    total_bytes: int
    free_bytes: int
    instead_since: datetime | None
    days_left: int | None
    stopped: bool
    sacrificed: int


class DayBytes(msgspec.Struct, frozen=True, kw_only=True):
    """Recordings of one day (UTC) that there still are."""

    date: date
    bytes: int


class SmartView(msgspec.Struct, frozen=True, kw_only=True):
    """`state`: good | wearing | failing | unknown; the others null where the disk does not tell."""

    state: str
    temperature_c: int | None
    power_on_h: int | None
    bad_sectors: int | None
    worn_percent: int | None
    problem: str


class PhysicalDiskView(msgspec.Struct, frozen=True, kw_only=True):
    """A whole disk. `is_free`: nothing on it is in use, so it may be offered for recordings; `unfit` says why it is not.

    `is_prepared`: made for recordings already; `labels` are the names of what is on it
    """

    path: str
    size_bytes: int
    model: str
    serial: str
    transport: str
    is_rotating: bool
    is_removable: bool
    is_free: bool
    is_blank: bool
    is_prepared: bool
    unfit: str
    unfit_text: str
    kinds: list[str]
    labels: list[str]
    mounts: list[str]
    raids: list[str]
    smart: SmartView


class RaidView(msgspec.Struct, frozen=True, kw_only=True):
    """An array; `sync` is what it is doing (recover, resync, check), "" for nothing."""

    path: str
    level: str
    state: str
    disks: int
    missing: int
    sync: str
    sync_percent: float | None
    members: list[str]


class SecondDiskView(msgspec.Struct, frozen=True, kw_only=True):
    """The disk for recordings that is plugged in: taken on where it is mounted, in use where the settings name it."""

    disk: str
    is_mounted: bool
    is_used: bool
    is_current: bool


class StorageAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the storage page. `asked_at`: when the disks were asked, null when that is not done here.

    `second`: the disk for recordings, null while none is plugged in
    """

    paths: list[RecordingPathView]
    per_day: list[DayBytes]
    bytes_per_day: int
    archive_bytes: int
    disks: list[PhysicalDiskView]
    raids: list[RaidView]
    second: SecondDiskView | None
    asked_at: datetime | None
    problem: str


async def show(asked: Asked[Nothing, Nothing]) -> StorageAnswer:
    """Storage paths, growth, disks and arrays."""
    return await answer(asked)


async def answer(asked: Asked[Any, Any]) -> StorageAnswer:
    """The storage page as it is now."""
    panel = asked.panel
    by_day = await panel.ask(stored.daily_bytes)
    report = await panel.read(disks.read, panel.layout)
    there = listed(await panel.read(plugged.read, panel.layout), report)
    today = stored.day_of(panel.now())
    shown = [(day, by_day.get(day, 0)) for day in range(today - _SHOWN_DAYS + 1, today + 1)]
    return StorageAnswer(
        paths=[
            RecordingPathView(
                shelf=Shelf(shelf),
                path=state.path,
                current=state.current,
                problem=state.problem,
                detail=state.detail,
                total_bytes=state.total_bytes,
                free_bytes=state.free_bytes,
                instead_since=state.instead_since,
                days_left=state.days_left,
                stopped=state.stopped,
                sacrificed=state.sacrificed,
            )
            for shelf, state in sorted(panel.live.storage.items())
        ],
        per_day=[DayBytes(date=_date_of(day), bytes=size) for day, size in shown],
        bytes_per_day=growth_bytes([size for _, size in shown[:-1]]) or shown[-1][1],
        archive_bytes=sum(by_day.values()),
        disks=[_disk(disk, asked.language) for disk in there],
        raids=[_raid(raid) for raid in (report.raids if report else [])],
        second=_second(there, panel.settings.paths),
        asked_at=report.at if report else None,
        problem=report.problem if report else "",
    )


def _date_of(day: int) -> date:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).date()


def listed(now: Plugged | None, asked: Report | None) -> list[Disk]:
    """The disks that are there now, with what they said of themselves when they were asked last."""
    if now is None:
        return asked.disks if asked else []
    told = {(disk.path, disk.serial): disk.smart for disk in (asked.disks if asked else [])}
    return [msgspec.structs.replace(disk, smart=told.get((disk.path, disk.serial))) for disk in now.disks]


def _second(there: list[Disk], paths: Paths) -> SecondDiskView | None:
    disk = next((one for one in there if one.is_prepared), None)
    if disk is None:
        return None
    place = str(disks.SECOND)
    return SecondDiskView(
        disk=disk.path,
        is_mounted=place in disk.mounts,
        is_used=paths.second == place,
        is_current=paths.second == place and paths.current is Shelf.SECOND,
    )


def _disk(disk: Disk, language: Language) -> PhysicalDiskView:
    smart = disk.smart
    state = "unknown"
    if smart is not None and (smart.passed is not None or smart.bad_sectors is not None):
        state = "failing" if smart.is_failing else "wearing" if smart.is_wearing else "good"
    return PhysicalDiskView(
        path=disk.path,
        size_bytes=disk.size_bytes,
        model=disk.model,
        serial=disk.serial,
        transport=disk.transport,
        is_rotating=disk.is_rotating,
        is_removable=disk.is_removable,
        is_free=disk.is_free,
        is_blank=disk.is_blank,
        is_prepared=disk.is_prepared,
        unfit=disk.unfit or "",
        unfit_text=UNFIT_TEXT[disk.unfit].render(language) if disk.unfit else "",
        kinds=sorted({part.kind for part in disk.parts if part.kind}),
        labels=sorted({part.label for part in disk.parts if part.label}),
        mounts=disk.mounts,
        raids=disk.raids,
        smart=SmartView(
            state=state,
            temperature_c=smart.temperature_c if smart else None,
            power_on_h=smart.power_on_h if smart else None,
            bad_sectors=smart.bad_sectors if smart else None,
            worn_percent=smart.worn_percent if smart else None,
            problem=smart.problem if smart else "",
        ),
    )


def _raid(raid: Raid) -> RaidView:
    return RaidView(
        path=raid.path,
        level=raid.level,
        state=raid.state,
        disks=raid.disks,
        missing=raid.missing,
        sync=raid.sync,
        sync_percent=raid.sync_percent,
        members=raid.members,
    )
