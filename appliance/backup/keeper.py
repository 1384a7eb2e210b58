"""Carries wishes and the schedule out, one after the other: make, prove, bring, read back, tidy, fetch, restore."""

import platform
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from appliance.backup import desk as desks
from appliance.backup import packing, places, restoring
from appliance.backup.desk import Desk, Job, Run, Shelf, Stored, Wish
from appliance.backup.places import NotTheSame, Place
from appliance.backup.restoring import text_of
from appliance.core import log
from appliance.core.clock import Clock, sortable_id, to_ns
from appliance.core.errors import ApplianceError, Later, Refused
from appliance.core.files import Layout, Lock
from appliance.core.release import VERSION
from appliance.core.text import Text
from appliance.domain.backup import (
    VERSION as FORM,
)
from appliance.domain.backup import (
    Head,
    Kind,
    Schedule,
    Summary,
    is_due,
    moments,
    name_of,
    next_at,
    outdated,
    slug,
)
from appliance.settings.backup import PLACES, Audio, Backup
from appliance.settings.recording import Weekday
from appliance.settings.root import Settings
from appliance.store import snapshot
from appliance.store.row import to_us
from appliance.system import age

BY_SCHEDULE = ""
_STATED_S = 0.5

_logger = log.get(__name__)

Step = Callable[[str], None]


class NoPlace(Refused):
    """Nowhere to bring a backup to."""

    text = Text(en="No place for backups is switched on.", zh="未启用任何备份位置。")


class Stopping(Later):
    """The program was told to stop."""

    text = Text(en="The program is stopping.", zh="程序正在停止。")


def no_step(_name: str) -> None:
    """Nothing; tests pass a function that kills."""


class Keeper:
    """Does one thing at a time; only one may exist. `step` is told what was just done.

    Raises: Busy when another one works here
    """

    def __init__(self, layout: Layout, clock: Clock, step: Step = no_step) -> None:
        layout.run.mkdir(parents=True, exist_ok=True)
        self._lock = Lock(layout.backup_lock)
        self._layout = layout
        self._clock = clock
        self._step = step
        self._box = slug(platform.node())
        self._desk = Desk(layout).make()
        self._job: Job | None = None
        self._told_mono_s = 0.0
        self._interrupted = False
        self._sweep()

    def round(self, settings: Settings) -> bool:
        """Do the next thing that waits; False when there is nothing. Raises nothing for one wish's sake."""
        journal = restoring.begun(self._desk)
        if journal is not None:
            with self._doing(journal.id, "restore", journal.by, journal.rehearsed.name) as run:
                restoring.carry_out(self._layout, self._desk, journal, self._tell, self._step)
            self._settle(run)
            return True
        wishes = self._desk.wishes()
        if wishes:
            self._grant(wishes[0], settings)
            return True
        if self._is_due(settings):
            self._make(self._fresh_id(), BY_SCHEDULE, settings)
            return True
        return False

    def close(self) -> None:
        """Let another one work here."""
        self._lock.close()

    def interrupt(self) -> None:
        """Give up soon what is being done, from another thread; at the next start it is begun anew or was not begun."""
        self._interrupted = True

    def summary(self, settings: Settings) -> Summary:
        """What the watchdog goes by; written down, too."""
        state = self._desk.state()
        now = self._clock.now()
        since = state.made_at if state.made_at and state.made_at <= now else now - timedelta(days=8)
        missed = moments(schedule_of(settings), since, now) if settings.backup.enabled else []
        made = [run for run in state.runs if run.kind == "make"]
        last = made[0] if made else None
        summary = Summary(
            at=now,
            expected=settings.backup.enabled,
            made_at=state.made_at,
            tried_at=state.tried_at,
            due_at=missed[0] if missed and state.tried_at else None,
            problem=_problem_of(last) if last is not None else None,
        )
        self._desk.summarise(summary)
        return summary

    def ensure_key(self) -> None:
        """Make the recovery key of this box when there is none.

        Raises: ToolMissing
        """
        if not age.keys(self._layout.backup_key):
            age.keep_keys(self._layout.backup_key, [age.new_key()])

    def _sweep(self) -> None:
        """What an earlier life left half done."""
        shutil.rmtree(self._desk.work, ignore_errors=True)
        self._desk.make()
        for part in self._layout.backups.glob(".*.part"):
            part.unlink(missing_ok=True)
        self._desk.tell(None)

    def _grant(self, wish: Wish, settings: Settings) -> None:
        match wish.deed:
            case desks.Make():
                self._desk.granted(wish)  # a backup that kills the program is not tried for ever
                self._make(wish.id, wish.by, settings)
            case desks.Restore(keep_network=keep_network):
                self._restore(wish, settings, keep_network=keep_network)
            case _:
                kind = type(wish.deed).__name__.lower()
                self._desk.granted(wish)
                with self._doing(wish.id, kind, wish.by, _subject(wish)) as run:
                    self._small(wish, settings)
                if kind not in ("list", "forget") or not run.is_good:
                    self._settle(run)

    def _small(self, wish: Wish, settings: Settings) -> None:
        deed, backup = wish.deed, settings.backup
        match deed:
            case desks.List():
                for name in places.enabled(backup):
                    self._look(name, backup)
            case desks.Try(place=name):
                self._tell("upload", 0, 0, PLACES[name].en if name in PLACES else name)
                with places.opened(self._layout, backup, name) as place:
                    place.attempt()
            case desks.Delete(place=name, name=file):
                with places.opened(self._layout, backup, name) as place:
                    place.delete(file)
                self._look(name, backup)
            case desks.Fetch(place=name, name=file):
                shutil.rmtree(self._desk.fetched, ignore_errors=True)
                self._desk.make()
                self._bring(name, file, backup, self._desk.fetched / file)
            case desks.Rehearse():
                self._rehearse(deed, backup)
            case desks.Forget():
                restoring.forget(self._desk)
            case _:
                raise AssertionError(deed)

    def _rehearse(self, deed: desks.Rehearse, backup: Backup) -> None:
        sealed = self._desk.work / "rehearse.age"
        if deed.file:
            places.Folder(Path(deed.file).parent).fetch(Path(deed.file).name, sealed, lambda _: None)
            origin = ("file", Path(deed.file).name)
        else:
            self._bring(deed.place, deed.name, backup, sealed)
            origin = (deed.place, deed.name)
        key = age.typed_key(deed.key) if deed.key else ""
        restoring.rehearse(self._layout, self._desk, sealed, origin, key, self._clock, self._box, self._tell)
        self._step("rehearsed")

    def _bring(self, name: str, file: str, backup: Backup, target: Path) -> None:
        whole = next(
            (one.bytes for one in self._shelf(name).backups if one.name == file),
            0,
        )
        shown = PLACES[name].en if name in PLACES else name
        with places.opened(self._layout, backup, name) as place:
            part = self._desk.work / "fetch.part"
            place.fetch(file, part, lambda done: self._tell("fetch", done, whole, shown))
            part.replace(target)

    def _restore(self, wish: Wish, settings: Settings, *, keep_network: bool) -> None:
        """First the present state is kept, then the journal, then the deed."""
        with self._doing(wish.id, "restore", wish.by, _rehearsed_name(self._desk)) as run:
            self._tell("undo", 0, 0)
            if self._desk.rehearsed() is None:
                self._desk.granted(wish)
                raise restoring.NothingRehearsed
            self._keep_present(settings)
            self._step("kept")
            journal = restoring.begin(self._desk, wish.id, wish.by, keep_network=keep_network)
            self._desk.granted(wish)
            self._step("journal")
            restoring.carry_out(self._layout, self._desk, journal, self._tell, self._step)
        self._desk.granted(wish)
        self._settle(run)

    def _keep_present(self, settings: Settings) -> None:
        made, name, _ = self._packed(settings, Kind.UNDO, prove=False)
        with places.opened(self._layout, settings.backup, "box") as box:
            box.put(made, name, lambda _: None)
        made.unlink()
        self._tidy("box", settings.backup)
        self._look("box", settings.backup)

    def _make(self, identity: str, by: str, settings: Settings) -> None:
        state = self._desk.state()
        state.tried_at = self._clock.now()
        self._desk.remember(state)
        kind = Kind.PLAIN if settings.backup.audio is Audio.NONE else Kind.AUDIO
        with self._doing(identity, "make", by, "") as run:
            wanted = places.enabled(settings.backup)
            if not wanted:
                raise NoPlace
            made, name, head = self._packed(settings, kind, prove=True)
            run.subject, run.bytes, run.calls = name, made.stat().st_size, head.calls
            sha256 = packing.sha256_of(made)
            for place in wanted:
                run.places[place] = self._brought(place, made, name, sha256, settings.backup)
            made.unlink()
        if run.is_good:
            state = self._desk.state()
            state.made_at = run.began_at
            self._desk.remember(state)
        self._settle(run)

    def _brought(self, name: str, made: Path, file: str, sha256: str, backup: Backup) -> Text | None:
        """Bring a backup to a place and read it back; what went wrong, None for nothing."""
        shown, whole = PLACES[name].en, made.stat().st_size
        try:
            with places.opened(self._layout, backup, name) as place:
                place.put(made, file, lambda done: self._tell("upload", done, whole, shown))
                self._step("uploaded")
                self._tell("verify", 0, 0, shown)
                if place.sha256(file) != sha256:
                    place.delete(file)
                    raise NotTheSame(place=shown)
            self._tidy(name, backup)
            self._look(name, backup)
        except (ApplianceError, OSError) as error:
            _logger.warning(
                "a backup could not be brought to a place", extra={"place": name, "problem": str(error)}
            )
            return text_of(error)
        return None

    def _packed(self, settings: Settings, kind: Kind, *, prove: bool) -> tuple[Path, str, Head]:
        """A backup in the scratch folder, opened and counted once as a proof that it can be restored."""
        self.ensure_key()
        work, at = self._desk.work, self._clock.now()
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        self._tell("index", 0, 0)
        packing.check_room(work, self._layout.index.stat().st_size)
        index = work / self._layout.index.name
        snapshot.copy(self._layout, index)
        counted = snapshot.count(index)
        head = Head(
            v=FORM,
            made_at=at,
            box=self._box,
            release=VERSION,
            kind=kind,
            revision=settings.revision,
            calls=counted.calls,
            recordings=counted.recordings,
            since=counted.since,
            until=counted.until,
        )
        name = name_of(self._box, at, kind)
        made = work / name
        since_us = _audio_since_us(settings.backup, at) if kind is Kind.AUDIO else None
        public = age.public_of(age.keys(self._layout.backup_key)[0])
        packing.pack(
            self._layout,
            settings.paths,
            index,
            packing.Wanted(head, since_us),
            made,
            public,
            lambda done, whole: self._tell("pack", done, whole),
        )
        self._step("packed")
        index.unlink()
        if prove:
            self._prove(made, head)
            self._step("proved")
        return made, name, head

    def _prove(self, made: Path, head: Head) -> None:
        aside = Layout(self._desk.work / "proof")
        aside.data.mkdir()
        keys = age.keys(self._layout.backup_key)
        packing.unpack(
            made, keys, aside.data, self._layout, lambda done, whole: self._tell("prove", done, whole)
        )
        counted = snapshot.rehearse(aside)
        restoring.settings_of(aside)
        if counted.calls != head.calls:
            raise packing.Odd(problem=f"{counted.calls} calls, not {head.calls}")
        shutil.rmtree(aside.data)

    def _tidy(self, name: str, backup: Backup) -> None:
        with places.opened(self._layout, backup, name) as place:
            names = [entry.name for entry in place.entries()]
            for gone in outdated(names, self._box, backup.keep, backup.keep_months):
                place.delete(gone)
                _logger.info("an old backup was deleted", extra={"place": name, "backup": gone})

    def _look(self, name: str, backup: Backup) -> None:
        self._tell("list", 0, 0, PLACES[name].en)
        shelf = Shelf(at=self._clock.now())
        try:
            with places.opened(self._layout, backup, name) as place:
                shelf = Shelf(
                    at=self._clock.now(),
                    label=getattr(place, "label", ""),
                    free_bytes=place.free_bytes(),
                    backups=_stored(place),
                )
        except (ApplianceError, OSError) as error:
            shelf = Shelf(at=self._clock.now(), backups=self._shelf(name).backups, problem=text_of(error))
        state = self._desk.state()
        state.shelves[name] = shelf
        self._desk.remember(state)

    def _shelf(self, name: str) -> Shelf:
        return self._desk.state().shelves.get(name) or Shelf(at=self._clock.now())

    def _is_due(self, settings: Settings) -> bool:
        state = self._desk.state()
        return settings.backup.enabled and is_due(
            schedule_of(settings), state.made_at, state.tried_at, self._clock.now()
        )

    @contextmanager
    def _doing(self, identity: str, kind: str, by: str, subject: str) -> Iterator["_Running"]:
        """Tell that something is done, and how it ended."""
        running = _Running(identity, kind, by, self._clock.now(), subject)
        self._job = Job(id=identity, kind=kind, by=by, began_at=running.began_at, subject=subject)
        self._desk.tell(self._job)
        try:
            yield running
        except (ApplianceError, OSError) as error:
            running.problem = text_of(error)
            _logger.error(  # noqa: TRY400 - foreseen
                "it could not be done", extra={"what": kind, "problem": running.problem.en}
            )
        finally:
            self._job = None
            self._desk.tell(None)

    def _settle(self, running: "_Running") -> None:
        state = self._desk.state()
        state.runs.insert(0, running.run(self._clock.now()))
        self._desk.remember(state)
        _logger.info("done", extra={"what": running.kind, "good": running.is_good, "backup": running.subject})

    def _tell(self, step: str, done: int, whole: int, subject: str = "") -> None:
        if self._interrupted:
            raise Stopping
        now_mono_s = self._clock.mono_s()
        job = self._job
        if job is None or (job.step == step and now_mono_s - self._told_mono_s < _STATED_S):
            return
        self._told_mono_s = now_mono_s
        self._job = Job(
            id=job.id,
            kind=job.kind,
            by=job.by,
            began_at=job.began_at,
            step=step,
            subject=subject,
            done=done,
            whole=whole,
        )
        self._desk.tell(self._job)

    def _fresh_id(self) -> str:
        return sortable_id(to_ns(self._clock.now()))


class _Running:
    """What becomes a `Run`."""

    def __init__(self, identity: str, kind: str, by: str, began_at: datetime, subject: str) -> None:
        self.identity = identity
        self.kind = kind
        self.by = by
        self.began_at = began_at
        self.subject = subject
        self.bytes = 0
        self.calls = 0
        self.problem: Text | None = None
        self.places: dict[str, Text | None] = {}

    @property
    def is_good(self) -> bool:
        """Whether all went well."""
        return self.problem is None and not any(self.places.values())

    def run(self, ended_at: datetime) -> Run:
        """As it is remembered."""
        return Run(
            id=self.identity,
            kind=self.kind,
            by=self.by,
            began_at=self.began_at,
            ended_at=ended_at,
            subject=self.subject,
            bytes=self.bytes,
            calls=self.calls,
            problem=self.problem,
            places=self.places,
        )


def schedule_of(settings: Settings) -> Schedule:
    """When backups are made by these settings."""
    backup = settings.backup
    hour, _, minute = backup.at.partition(":")
    week = list(Weekday)
    return Schedule(
        frozenset(week.index(day) for day in backup.days),
        int(hour) * 60 + int(minute),
        backup.every_h,
        ZoneInfo(settings.time.zone),
    )


def next_of(settings: Settings, now: datetime) -> datetime | None:
    """When the next backup is made, None without a schedule."""
    return next_at(schedule_of(settings), now) if settings.backup.enabled else None


def _audio_since_us(backup: Backup, at: datetime) -> int | None:
    if backup.audio is Audio.ALL:
        return 0
    return to_us(at - timedelta(days=backup.audio_days)) if backup.audio is Audio.RECENT else None


def _stored(place: Place) -> list[Stored]:
    return [Stored(name=entry.name, bytes=entry.bytes) for entry in place.entries()]


def _subject(wish: Wish) -> str:
    return str(
        getattr(wish.deed, "file", "") or getattr(wish.deed, "name", "") or getattr(wish.deed, "place", "")
    )


def _rehearsed_name(desk: Desk) -> str:
    found = desk.rehearsed()
    return found.name if found else ""


def _problem_of(run: Run) -> Text | None:
    if run.problem is not None:
        return run.problem
    for name, problem in run.places.items():
        if problem is not None:
            shown = PLACES.get(name, Text(en=name, zh=name))
            return Text(en=f"{shown.en}: {problem.en}", zh=f"{shown.zh}：{problem.zh}")
    return None
