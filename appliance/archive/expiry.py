"""Carries the policies of retention out: a few recordings at a time, whatever happens in between.

A round takes as many as the rate allows. Their names are written down before the first one goes, so that a program that
dies in the middle finishes at its next start what the index already says. When a storage path is below its low-water
mark and the settings say so, the oldest recordings on it go first, or recording stops.
"""

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from appliance.archive.erasure import Eraser
from appliance.archive.pipeline import Step, no_step
from appliance.archive.shelves import Shelves
from appliance.core import log
from appliance.core.clock import Clock
from appliance.core.files import Layout, write_atomically
from appliance.domain import retention
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import Expiry, Record
from appliance.domain.retention import Cause, Going
from appliance.settings import revisions
from appliance.settings.paths import Shelf, find, root_of
from appliance.settings.retention import WhenFull, longest_days
from appliance.settings.root import Settings
from appliance.store import calls
from appliance.store import retention as stored
from appliance.store.database import Database

_GIB = 1 << 30
_AGAIN_S = 600.0
_AT_ONCE = 64
_MINUTE_S = 60.0
_DAY_S = 86_400.0
_SLACK = 1.1

_logger = log.get(__name__)


class Expirer:
    """Deletes what the policies let go. One archiver, one of these; made anew with every change of the settings."""

    def __init__(
        self,
        layout: Layout,
        settings: Settings,
        database: Database,
        eraser: Eraser,
        shelves: Shelves,
        clock: Clock,
        step: Step = no_step,
    ) -> None:
        self._layout = layout
        self._settings = settings
        self._database = database
        self._eraser = eraser
        self._shelves = shelves
        self._clock = clock
        self._step = step
        self._due: Iterator[Going] | None = None
        self._again_mono_s = clock.mono_s()
        self._allowance = 0.0
        self._counted_mono_s = clock.mono_s() - _MINUTE_S
        self._begins_at = begins_at(layout, settings)
        self._is_swept = False
        self._sacrificed: deque[float] = deque()
        self._forecast: tuple[float, int | None] | None = None

    def run(self) -> list[Record]:
        """One round; the records of what went.

        Raises: Later from the index or the disk; what was begun is finished at the next call
        """
        if not self._is_swept:
            self._finish()
        low = self._low()
        self._mark_stopped(wanted=low is not None and self._settings.retention.when_full is WhenFull.STOP)
        going = self._next()
        if not going and low is not None and self._settings.retention.when_full is WhenFull.DELETE:
            going = self._for_space(*low)
        return self._take(going) if going else []

    @property
    def sacrificed(self) -> int:
        """How many recordings went in the last day because a disk ran full, before their time."""
        while self._sacrificed and self._clock.mono_s() - self._sacrificed[0] > _DAY_S:
            self._sacrificed.popleft()
        return len(self._sacrificed)

    def days_left(self, free_bytes: int) -> int | None:
        """Days until the storage path in use is at its low-water mark, reckoned anew every ten minutes."""
        now_mono_s = self._clock.mono_s()
        if self._forecast is None or now_mono_s - self._forecast[0] >= _AGAIN_S:
            by_day = stored.daily_bytes(self._database)
            today = stored.day_of(self._clock.now())
            days = retention.days_until_full(
                free_bytes, self._low_bytes(), by_day, today, longest_days(self._settings.retention)
            )
            self._forecast = (now_mono_s, days)
        return self._forecast[1]

    def _next(self) -> list[Going]:
        """What is due, as many as the rate allows now."""
        if not self._settings.retention.enabled or self._clock.now() < self._begins_at:
            return []
        if self._due is None:
            if self._clock.mono_s() < self._again_mono_s:
                return []
            self._due = self._all_due()
        found: list[Going] = []
        for _ in range(self._room()):
            one = next(self._due, None)
            if one is None:
                self._due = None
                self._again_mono_s = self._clock.mono_s() + _AGAIN_S
                break
            found.append(one)
        return found

    def _all_due(self) -> Iterator[Going]:
        now = self._clock.now()
        for one in stored.classes(self._database, self._settings.retention):
            if not (one.policy.keep_days or one.policy.most_bytes):
                continue
            total = stored.holding(self._database, one).bytes if one.policy.most_bytes else 0
            until = retention.youngest_due(one.policy, total, now)
            yield from retention.due(one.policy, stored.oldest(self._database, one, until), total, now)

    def _for_space(self, root: Path, wanted_bytes: int) -> list[Going]:
        """The oldest recordings that lie below a path, until there is room again."""
        classes = stored.classes(self._database, self._settings.retention)
        there = (
            (policy, kept)
            for policy, kept in stored.oldest_of_all(self._database, classes)
            if self._lies_below(kept.call_id, root)
        )
        found: list[Going] = []
        for going in retention.sacrifices(there, wanted_bytes, self._clock.now()):
            if len(found) == _AT_ONCE:
                break
            found.append(going)
        if not found:
            _logger.warning("a storage path is low, and nothing on it may go", extra={"path": str(root)})
        return found

    def _lies_below(self, call_id: str, root: Path) -> bool:
        record = calls.get(self._database, call_id, scope=EVERYTHING)
        if record is None or record.recording is None:
            return False
        place = find(self._layout, self._settings.paths, record.recording.file)
        return place is not None and place.is_relative_to(root)

    def _low(self) -> tuple[Path, int] | None:
        """The storage path in use when it is below its low-water mark, and how many bytes it wants back.

        Not while the other path has room: then recordings go there first.
        """
        wanted = self._settings.retention
        low_bytes = self._low_bytes()
        if wanted.when_full is WhenFull.WARN or not low_bytes:
            return None
        standing = self._shelves.standing(self._shelves.root)
        slack = _SLACK if self._layout.recording_stopped.exists() else 1
        if not standing.total_bytes or standing.free_bytes >= low_bytes * slack:
            return None
        if self._shelves.has_alternative:
            return None
        return standing.root, int(low_bytes * _SLACK) - standing.free_bytes

    def _low_bytes(self) -> int:
        wanted = self._settings.retention
        is_first = self._shelves.root == root_of(self._layout, self._settings.paths, Shelf.FIRST)
        return int((wanted.low_first_gib if is_first else wanted.low_second_gib) * _GIB)

    def _mark_stopped(self, *, wanted: bool) -> None:
        """Tell the recorder, which looks at the file."""
        path = self._layout.recording_stopped
        if wanted and not path.exists():
            write_atomically(path, b"", durable=False)
            _logger.error("recording stops: a storage path is low", extra={"path": str(self._shelves.root)})
        elif not wanted and path.exists():
            path.unlink(missing_ok=True)
            _logger.warning("recording goes on: there is room again")

    def _take(self, going: list[Going]) -> list[Record]:
        write_atomically(self._layout.expiring, msgspec.json.encode([one.kept.call_id for one in going]))
        self._is_swept = False
        self._step("noted", going[0].kept.call_id)
        gone: list[Record] = []
        for one in going:
            expiry = Expiry(
                policy=one.policy.name,
                cause=one.cause,
                keep_days=one.policy.keep_days,
                most_gib=one.policy.most_bytes / _GIB,
            )
            record = self._eraser.expire(one.kept.call_id, expiry, self._step)
            self._step("removed", one.kept.call_id)
            if record is not None:
                gone.append(record)
                if one.cause is Cause.SPACE:
                    self._sacrificed.append(self._clock.mono_s())
                _logger.info(
                    "a recording expired",
                    extra={"call": one.kept.call_id, "policy": one.policy.name, "cause": one.cause.value},
                )
        self._finish()
        self._allowance -= len(going)
        return gone

    def _finish(self) -> None:
        """Finish what an earlier life, or an error, left half done."""
        try:
            begun = msgspec.json.decode(self._layout.expiring.read_bytes(), type=list[str])
        except FileNotFoundError:
            begun = []
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            _logger.warning("the note of what expires is lost", extra={"problem": str(error)})
            begun = []
        self._eraser.finish(begun)
        self._layout.expiring.unlink(missing_ok=True)
        self._is_swept = True

    def _room(self) -> int:
        """How many may go now: the rate, never more than a batch."""
        now_mono_s = self._clock.mono_s()
        per_s = self._settings.retention.most_per_minute / _MINUTE_S
        self._allowance = min(
            self._allowance + (now_mono_s - self._counted_mono_s) * per_s,
            float(self._settings.retention.most_per_minute),
        )
        self._counted_mono_s = now_mono_s
        return min(int(self._allowance), _AT_ONCE)


def begins_at(layout: Layout, settings: Settings) -> datetime:
    """When the policies in force begin to take anything: some hours after they were changed last."""
    wanted = msgspec.to_builtins(settings.retention)
    since = datetime.fromtimestamp(0, tz=UTC)
    for revision in revisions.kept(layout):
        if revision.settings.get("retention") != wanted:
            break
        since = revision.at
    return since + timedelta(hours=settings.retention.grace_h)
