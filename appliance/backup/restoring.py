"""A backup restored: first aside, opened and counted; then for real, in steps that may each be done twice.

What is to be done stands in a journal before the first step, so a program that dies in the middle does it all again at
its next start. The index goes back in one transaction under the programs that use it; they then start anew by themselves.
"""

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from appliance.backup import packing
from appliance.backup.desk import Desk, Rehearsed
from appliance.core import log
from appliance.core.clock import Clock
from appliance.core.errors import ApplianceError, Corrupt, NotFound, Refused
from appliance.core.files import Layout, write_atomically
from appliance.core.text import Text
from appliance.domain.backup import slug
from appliance.settings import storage
from appliance.settings.paths import absent, root_of, roots
from appliance.settings.root import Settings
from appliance.settings.secret import put_back
from appliance.store import calls, snapshot
from appliance.store.database import open_database
from appliance.system import age

SEALED = "backup.tar.gz.age"
_BY = "restore"

_logger = log.get(__name__)

Tell = Callable[[str, int, int], None]
"""Told the step, and how many bytes are done of how many."""


class NothingRehearsed(Refused):
    """Only what was restored aside can be restored for real."""

    text = Text(
        en="Try the backup first; then it can be restored.", zh="请先试恢复该备份，然后才能正式恢复。"
    )


class Journal(msgspec.Struct, frozen=True, kw_only=True):
    """A restore that has begun."""

    id: str
    by: str
    keep_network: bool
    rehearsed: Rehearsed


def rehearse(
    layout: Layout,
    desk: Desk,
    sealed: Path,
    origin: tuple[str, str],
    key: str,
    clock: Clock,
    box: str,
    tell: Tell,
) -> Rehearsed:
    """Restore a backup aside: every hash proved, the index opened and checked, the settings read, all counted.

    `sealed` is moved in. Shape: origin is (place, name). Raises: Odd, WrongKey, NotSealed, NoIndex, IndexTooNew, Full, Invalid
    """
    forget(desk)
    kept = desk.rehearsal / SEALED
    sealed.replace(kept)
    try:
        aside = Layout(desk.rehearsal / "box")
        aside.data.mkdir()
        own = age.keys(layout.backup_key)
        keys = list(dict.fromkeys([*([key] if key else []), *own]))
        found = packing.unpack(kept, keys, aside.data, layout, lambda done, whole: tell("open", done, whole))
        tell("prove", 0, 0)
        counted = snapshot.rehearse(aside)
        settings_of(aside)
        here = snapshot.count(layout.index).calls if layout.index.exists() else 0
        rehearsed = Rehearsed(
            at=clock.now(),
            place=origin[0],
            name=origin[1],
            bytes=kept.stat().st_size,
            head=found.head,
            calls=counted.calls,
            recordings=counted.recordings,
            people=counted.people,
            holds=counted.holds,
            since=counted.since,
            until=counted.until,
            audio_files=found.audio_files,
            audio_bytes=found.audio_bytes,
            here_calls=here,
            missing=snapshot.missing(layout.index, aside.index) if here else 0,
            is_own=found.head.box == box,
        )
        if key:
            age.keep_keys(desk.rehearsal / layout.backup_key.name, [key])
        write_atomically(desk.rehearsal / "rehearsed.json", msgspec.json.encode(rehearsed))
    except BaseException:
        forget(desk)
        raise
    return rehearsed


def forget(desk: Desk) -> None:
    """Throw a rehearsal away."""
    (desk.rehearsal / "rehearsed.json").unlink(missing_ok=True)
    shutil.rmtree(desk.rehearsal, ignore_errors=True)
    desk.rehearsal.mkdir(parents=True, exist_ok=True)


def settings_of(aside: Layout) -> Settings:
    """The settings of a backup, with their secrets, as this release reads them.

    Raises: Invalid, Corrupt
    """
    content, secrets = {}, {}
    try:
        with contextlib.suppress(FileNotFoundError):
            content = msgspec.json.decode(aside.settings.read_bytes(), type=dict[str, object])
        with contextlib.suppress(FileNotFoundError):
            secrets = msgspec.json.decode(aside.secrets.read_bytes(), type=dict[str, str])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Corrupt(problem=str(error)) from error
    return storage.validate(put_back(storage.migrated(content), secrets))


def begin(desk: Desk, identity: str, by: str, *, keep_network: bool) -> Journal:
    """Write down that the rehearsed backup is to be restored.

    Raises: NothingRehearsed
    """
    rehearsed = desk.rehearsed()
    if rehearsed is None:
        raise NothingRehearsed
    journal = Journal(id=identity, by=by, keep_network=keep_network, rehearsed=rehearsed)
    write_atomically(desk.journal, msgspec.json.encode(journal))
    return journal


def begun(desk: Desk) -> Journal | None:
    """The restore that was begun and not finished."""
    try:
        return msgspec.json.decode(desk.journal.read_bytes(), type=Journal)
    except FileNotFoundError:
        return None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        _logger.error("the journal of a restore is lost", extra={"problem": str(error)})  # noqa: TRY400 - stated
        return None


def carry_out(layout: Layout, desk: Desk, journal: Journal, tell: Tell, step: Callable[[str], None]) -> None:
    """Make the box what the rehearsed backup holds; may be done again from the start.

    `step` is told each step that is done. Raises: Busy, Full, NotFound, and what the disk raises; then it is tried again
    """
    aside = Layout(desk.rehearsal / "box")
    if not aside.index.exists():
        raise NotFound(what="the rehearsed backup")
    tell("settings", 0, 0)
    settings = _settings(layout, aside, keep_network=journal.keep_network)
    step("settings")
    _keys(layout, aside, desk)
    step("keys")
    if journal.rehearsed.audio_files:
        root = root_of(layout, settings.paths, settings.paths.current) or layout.archive
        _audio(layout, desk, root, tell)
        step("audio")
    tell("place", 0, 0)
    snapshot.put_back(aside.index, layout)
    _anchor(layout, aside)
    step("index")
    tell("rebuild", 0, 0)
    _rebuild(layout, settings)
    step("rebuilt")
    layout.run.mkdir(parents=True, exist_ok=True)
    write_atomically(layout.restored, journal.id.encode(), durable=False)
    desk.journal.unlink(missing_ok=True)
    step("finished")


def _settings(layout: Layout, aside: Layout, *, keep_network: bool) -> Settings:
    now, _ = storage.in_force(layout)
    wanted = settings_of(aside)
    if keep_network:
        wanted = msgspec.structs.replace(wanted, network=now.network, paths=now.paths)
    same = msgspec.structs.replace(wanted, revision=now.revision, version=now.version)
    return now if same == now else storage.save(layout, wanted, now.revision, _BY)


def _keys(layout: Layout, aside: Layout, desk: Desk) -> None:
    """Keys, certificate and statements."""
    for source, target in (
        (aside.sealing_key, layout.sealing_key),
        (aside.token_key, layout.token_key),
        (aside.tls_certificate, layout.tls_certificate),
        (aside.tls_key, layout.tls_key),
    ):
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(target, source.read_bytes(), mode=0o600)
    typed = age.keys(desk.rehearsal / layout.backup_key.name)
    known = [*age.keys(layout.backup_key), *typed, *age.keys(aside.backup_key)]
    # Whoever restores a box goes on with the recovery key that lies in the safe.
    first = [*age.keys(aside.backup_key)[:1], *known]
    if first:
        age.keep_keys(layout.backup_key, first)
    if not _continues(layout, aside):
        _statements(layout, aside)


def _anchor(layout: Layout, aside: Layout) -> None:
    """Where the operation log of the backup ended."""
    if aside.operations_anchor.is_file():
        write_atomically(layout.operations_anchor, aside.operations_anchor.read_bytes())


def _continues(layout: Layout, aside: Layout) -> bool:
    """Whether this box's own book of statements begins with all that the backup's holds."""
    theirs = sorted(path.name for path in aside.statements.glob("[0-9]*.json"))
    return all(
        (layout.statements / name).is_file()
        and (layout.statements / name).read_bytes() == (aside.statements / name).read_bytes()
        for name in theirs
    )


def _statements(layout: Layout, aside: Layout) -> None:
    """Take the backup's book and its key; this box's own, which is another's, is put aside."""
    if layout.statements.exists():
        kept = layout.statements.with_name("statements-before-restore")
        shutil.rmtree(kept, ignore_errors=True)
        layout.statements.replace(kept)
        if layout.statement_key.exists():
            shutil.copy2(layout.statement_key, kept / layout.statement_key.name)
    if aside.statement_key.is_file():
        write_atomically(layout.statement_key, aside.statement_key.read_bytes(), mode=0o600)
    if aside.statements.is_dir():
        shutil.copytree(aside.statements, layout.statements)


def _audio(layout: Layout, desk: Desk, root: Path, tell: Tell) -> None:
    """Recordings that are not here; those that are stay as they are."""

    def place(name: str) -> Path | None:
        target = root / name.removeprefix("archive/")
        return None if target.exists() else target

    keys = [*age.keys(desk.rehearsal / layout.backup_key.name), *age.keys(layout.backup_key)]
    scratch = desk.rehearsal / "again"
    shutil.rmtree(scratch, ignore_errors=True)
    packing.unpack(
        desk.rehearsal / SEALED, keys, scratch, layout, lambda done, whole: tell("audio", done, whole), place
    )
    shutil.rmtree(scratch, ignore_errors=True)


def _rebuild(layout: Layout, settings: Settings) -> None:
    """Calls that this box has in its archive and the backup does not know, and recordings deleted since."""
    away = set(absent(layout, settings.paths))
    there = [root for root in roots(layout, settings.paths) if root not in away and root.is_dir()]
    database = open_database(layout)
    try:
        rebuilt = calls.rebuild(database, there, drop=False)
    finally:
        database.close()
    _logger.info("the archive was indexed on top of the backup", extra={"calls": rebuilt.indexed})


def text_of(error: Exception) -> Text:
    """An error in both languages, to be kept."""
    if isinstance(error, ApplianceError):
        return Text(en=_plain(error.message("en")), zh=_plain(error.message("zh")))
    return Text(en=_plain(str(error)), zh=_plain(str(error)))


def _plain(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


def box_of(host: str) -> str:
    """The box's name as backups bear it."""
    return slug(host)
