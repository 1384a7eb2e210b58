"""The overview: figures of the ledger, storage, and what the programs say right now."""

import shutil
from datetime import date, datetime
from typing import Annotated, NamedTuple

import msgspec

from appliance.core.files import Layout
from appliance.domain.ledger import Reason
from appliance.domain.roles import Permission
from appliance.settings.paths import Paths, root_of
from appliance.store import calls as ledger
from webadmin.api.zones import ZoneName, zone_of
from webadmin.operation import Asked, Nothing
from webadmin.views import (
    ConditionView,
    IntakeView,
    ProgramView,
    QueueView,
    condition_view,
    intake_view,
    program_view,
)

_MOST_DAYS = 36500


class HomeQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many days back, and whose days: `tz` is a name as in Europe/Berlin."""

    days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 14
    tz: ZoneName = "UTC"


class HourView(msgspec.Struct, frozen=True, kw_only=True):
    """One hour of today."""

    hour: int
    calls: int
    recordings: int


class DayView(msgspec.Struct, frozen=True, kw_only=True):
    """One day."""

    date: date
    calls: int
    recordings: int
    bytes: int


class StoragePathView(msgspec.Struct, frozen=True, kw_only=True):
    """One storage path. `problem`: full, exhausted, missing, other_disk, read_only, failed, or "" for none.

    `instead_since`: recordings go here since then because the other path failed
    """

    shelf: str
    path: str
    current: bool
    problem: str
    detail: str
    total_bytes: int
    free_bytes: int
    instead_since: datetime | None


class StorageView(msgspec.Struct, frozen=True, kw_only=True):
    """The disk that takes the recordings; `days_left` is None while growth is not known.

    `paths` is what the archiver says of the storage paths, empty while it says nothing
    """

    total_bytes: int
    free_bytes: int
    archive_bytes: int
    bytes_per_day: int
    days_left: int | None
    paths: list[StoragePathView]


class Disk(NamedTuple):
    """Units: bytes."""

    total: int
    free: int


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the first page shows; of the box as a whole nothing to people who see a part of the calls.

    `live_now` is None for whoever may not see live calls.
    """

    calls_today: int
    recordings_today: int
    not_recorded_today: int
    live_now: int | None
    per_hour: list[HourView]
    per_day: list[DayView]
    storage: StorageView | None
    reasons_today: dict[Reason, int]
    programs: list[ProgramView]
    intake: list[IntakeView]
    queue: QueueView | None
    conditions: list[ConditionView]


async def show(asked: Asked[HomeQuery, Nothing]) -> Home:
    """The overview."""
    panel, live = asked.panel, asked.panel.live
    zone = await panel.read(zone_of, asked.query.tz)
    figures = await panel.ask(ledger.home, panel.now(), asked.query.days, zone, scope=asked.visitor.scope)
    disk = await panel.read(_disk, panel.layout, panel.settings.paths)
    days_left = min(disk.free // figures.bytes_per_day, _MOST_DAYS) if figures.bytes_per_day else None
    days_left = days_left if asked.visitor.scope.everything else None
    sees_box = asked.visitor.sees_box
    raised = [health for _, health in sorted(live.health.items()) if health.raised]
    programs = sorted(live.programs.items()) if sees_box else []
    storage = StorageView(
        total_bytes=disk.total,
        free_bytes=disk.free,
        archive_bytes=figures.archive_bytes,
        bytes_per_day=figures.bytes_per_day,
        days_left=days_left,
        paths=[
            StoragePathView(
                shelf=shelf,
                path=state.path,
                current=state.current,
                problem=state.problem,
                detail=state.detail,
                total_bytes=state.total_bytes,
                free_bytes=state.free_bytes,
                instead_since=state.instead_since,
            )
            for shelf, state in sorted(live.storage.items())
        ],
    )
    return Home(
        calls_today=figures.calls_today,
        recordings_today=figures.recordings_today,
        not_recorded_today=figures.not_recorded_today,
        live_now=len(live.seen(asked.visitor)) if asked.visitor.may(Permission.LIVE) else None,
        per_hour=[
            HourView(hour=hour.hour, calls=hour.calls, recordings=hour.recordings)
            for hour in figures.per_hour
        ],
        per_day=[
            DayView(date=day.date, calls=day.calls, recordings=day.recordings, bytes=day.bytes)
            for day in figures.per_day
        ],
        storage=storage if sees_box else None,
        reasons_today=figures.reasons_today,
        programs=[program_view(name, state, asked.language) for name, state in programs],
        intake=[intake_view(intake) for _, intake in sorted(live.intake.items())] if sees_box else [],
        queue=live.queue_view() if sees_box else None,
        conditions=[condition_view(health, asked.language) for health in raised] if sees_box else [],
    )


def _disk(layout: Layout, paths: Paths) -> Disk:
    """The disk of the storage path in use; that of the data directory when the path is not there."""
    try:
        usage = shutil.disk_usage(root_of(layout, paths, paths.current) or layout.data)
    except OSError:
        usage = shutil.disk_usage(layout.data)
    return Disk(usage.total, usage.free)
