"""Backups: made, looked at, fetched, deleted, tried and restored. What takes time is wished for and told as it goes."""

import platform
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec

from appliance.backup import desk as desks
from appliance.backup.desk import STEP_TEXT, Desk, Job, Rehearsed, Run, Shelf
from appliance.backup.keeper import next_of
from appliance.core.errors import Conflict, Corrupt, Denied, Invalid, NotFound
from appliance.core.text import Language, Text
from appliance.domain.backup import KIND_TEXT, Kind, named, slug
from appliance.settings.backup import PLACES
from appliance.system import age, sticks
from webadmin import audit
from webadmin.api.update import StickView, stick_views
from webadmin.files import FileAnswer
from webadmin.operation import Asked, Nothing
from webadmin.parameters import SECRET
from webadmin.pieces import Pieces
from webadmin.proof import by_password

_MOST_RUNS = 30
_MEDIA = "application/octet-stream"
MOST_UPLOAD_BYTES = 4 << 40
_PIECE_BYTES = 4 << 20
_UNNAMED = "tapeline-upload.age"
"""What a file is called here whose name says nothing: browsers and people rename."""

_SEALED = b"age-encryption.org/v1"

_Place = Annotated[str, msgspec.Meta(max_length=16, pattern=r"^[a-z0-9]+$")]
_Name = Annotated[str, msgspec.Meta(max_length=160, pattern=r"^tapeline-[A-Za-z0-9.-]+$")]


class OnlyForOwners(Denied):
    """A backup holds everything, and whoever restores one decides about everybody's rights."""

    text = Text(
        en="Only an administrator with all rights may handle backups.",
        zh="仅拥有全部权限的管理员可以管理备份。",
    )


class KeyShown(Conflict):
    """The recovery key is shown once."""

    text = Text(
        en="The recovery key was shown already. If nobody has it, make a new one; older backups need the old one.",
        zh="恢复密钥已显示过。如无人保存，请生成新的密钥；旧备份仍需旧密钥。",
    )


class NoKeyYet(NotFound):
    """The backup program has not made one."""

    text = Text(
        en="There is no recovery key yet; it is made when the backup program runs.",
        zh="尚无恢复密钥；备份程序运行时会自动生成。",
    )


class NoBackup(Corrupt):
    """What was brought is none of ours."""

    text = Text(
        en="This file is no backup of a recorder (it would end in .age).",
        zh="此文件不是录音设备的备份（备份文件以 .age 结尾）。",
    )


class WrongPassword(Invalid):
    """Whoever sits there is asked once more who they are."""


class BackupView(msgspec.Struct, frozen=True, kw_only=True):
    """A backup in a place; `is_own`: of this box. `is_here`: it can be downloaded at once."""

    name: str
    at: datetime
    kind: Kind
    kind_text: str
    box: str
    bytes: int
    is_own: bool
    is_here: bool


class PlaceView(msgspec.Struct, frozen=True, kw_only=True):
    """A place and what was there at `looked_at`; `problem`: why it could not be looked at, "" when it could.

    `label` is the stick's that was plugged in then, `free_bytes` the room there was, null where nobody tells
    """

    place: str
    text: str
    label: str
    free_bytes: int | None
    is_enabled: bool
    looked_at: datetime | None
    problem: str
    backups: list[BackupView]


class JobView(msgspec.Struct, frozen=True, kw_only=True):
    """What is being done. Units: bytes; `whole` 0 where the end is not known."""

    kind: str
    by: str
    began_at: datetime
    step: str
    step_text: str
    done: int
    whole: int


class PlaceResult(msgspec.Struct, frozen=True, kw_only=True):
    """How it went in one place, "" = well."""

    place: str
    text: str
    problem: str


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    """What was done: `kind` make | try | delete | fetch | rehearse | restore. `by` "" = the schedule."""

    id: str
    kind: str
    by: str
    began_at: datetime
    ended_at: datetime
    subject: str
    bytes: int
    calls: int
    is_good: bool
    problem: str
    places: list[PlaceResult]


class RehearsalView(msgspec.Struct, frozen=True, kw_only=True):
    """What restoring would bring: calls until when, people, holds, recordings; `missing` calls of this box are not in it.

    Calls that this box has in its archive stay; `text` says it in one sentence.
    """

    at: datetime
    place: str
    name: str
    made_at: datetime
    box: str
    release: str
    is_own: bool
    bytes: int
    calls: int
    recordings: int
    people: int
    holds: int
    since: datetime | None
    until: datetime | None
    audio_files: int
    audio_bytes: int
    here_calls: int
    missing: int


class UploadView(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that a browser brings: `name` and `bytes` once it is whole, `received` of `total` before."""

    name: str
    bytes: int
    received: int
    total: int


class BackupsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the page of backups. `waiting`: wishes that are not begun yet. `sticks`: USB sticks plugged in."""

    enabled: bool
    next_at: datetime | None
    made_at: datetime | None
    has_key: bool
    key_shown_at: datetime | None
    waiting: int
    is_restoring: bool
    job: JobView | None
    runs: list[RunView]
    places: list[PlaceView]
    rehearsal: RehearsalView | None
    upload: UploadView | None
    sticks: list[StickView]
    is_usb_enabled: bool


class BackupPieceBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The next piece of a backup, base64; the one at 0 begins anew. `name` is the file's."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    offset: Annotated[int, msgspec.Meta(ge=0, le=MOST_UPLOAD_BYTES)]
    total: Annotated[int, msgspec.Meta(ge=1, le=MOST_UPLOAD_BYTES)]
    content: Annotated[bytes, msgspec.Meta(min_length=1, max_length=_PIECE_BYTES)]


class PieceTaken(msgspec.Struct, frozen=True, kw_only=True):
    """How much is there now."""

    received: int


class UploadToRehearse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The backup that was brought; `recovery_key` when it was made by another box or with an earlier key."""

    recovery_key: Annotated[str, msgspec.Meta(max_length=200, extra=SECRET)] = ""


class Chosen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A backup."""

    place: _Place
    name: _Name


class ChosenPlace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the places of the settings, switched on or not."""

    place: _Place


class ToRehearse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A backup to be tried; `recovery_key` when it was made by another box or with an earlier key."""

    place: _Place
    name: _Name
    recovery_key: Annotated[str, msgspec.Meta(max_length=200, extra=SECRET)] = ""


class ToRestore(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rehearsed backup, named once more, so that nobody restores another than they looked at."""

    name: _Name
    keep_network: bool = True


class Password(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One's own password."""

    password: Annotated[str, msgspec.Meta(max_length=256, extra=SECRET)]


class KeyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The recovery key, this once."""

    recovery_key: str
    box: str


async def show(asked: Asked[Nothing, Nothing]) -> BackupsAnswer:
    """Backups, what is being done, what was, and the rehearsal."""
    _check_owner(asked)
    return await _answer(asked)


async def make(asked: Asked[Nothing, Nothing]) -> BackupsAnswer:
    """Make a backup now and bring it to every place."""
    return await _wished(asked, desks.Make())


async def refresh(asked: Asked[Nothing, Nothing]) -> BackupsAnswer:
    """Look into every place."""
    return await _wished(asked, desks.List())


async def attempt(asked: Asked[Nothing, ChosenPlace]) -> BackupsAnswer:
    """Write to a place, read back and delete."""
    _known(asked.body.place)
    return await _wished(asked, desks.Try(place=asked.body.place))


async def remove(asked: Asked[Nothing, Chosen]) -> BackupsAnswer:
    """Delete a backup in a place."""
    _known(asked.body.place)
    _named(asked.body.name)
    return await _wished(asked, desks.Delete(place=asked.body.place, name=asked.body.name))


async def bring(asked: Asked[Nothing, Chosen]) -> BackupsAnswer:
    """Bring a backup to the box, so that it can be downloaded."""
    _known(asked.body.place)
    _named(asked.body.name)
    return await _wished(asked, desks.Fetch(place=asked.body.place, name=asked.body.name))


async def download(asked: Asked[Chosen, Nothing]) -> FileAnswer:
    """A backup as a file, encrypted as it is."""
    _check_owner(asked)
    _named(asked.query.name)
    layout = asked.panel.layout
    desk = Desk(layout)
    for folder in (layout.backups, desk.fetched):
        path = folder / asked.query.name
        if await asked.panel.read(path.is_file):
            audit.note(asked, "backup downloaded", backup=asked.query.name)
            return FileAnswer(path, _MEDIA, file_name=asked.query.name, etag=asked.query.name)
    raise NotFound(what=asked.query.name)


async def rehearse(asked: Asked[Nothing, ToRehearse]) -> BackupsAnswer:
    """Restore a backup aside and tell what it holds; nothing of the box is changed."""
    body = asked.body
    _known(body.place)
    _named(body.name)
    key = age.typed_key(body.recovery_key) if body.recovery_key.strip() else ""
    return await _wished(asked, desks.Rehearse(place=body.place, name=body.name, key=key))


async def take(asked: Asked[Nothing, BackupPieceBody]) -> PieceTaken:
    """Take the next piece of a backup from a browser; the first one has to look like a backup."""
    _check_owner(asked)
    body, upload = asked.body, asked.panel.backup_upload
    if body.offset == 0:
        if not body.content.startswith(_SEALED):
            raise NoBackup
        await asked.panel.read(Desk(asked.panel.layout).make)
        await asked.panel.read(_clear, Desk(asked.panel.layout).uploaded)
    await upload.take(body.offset, body.total, body.content)
    if upload.is_whole:
        said = named(body.name)
        name = body.name if said is not None else _UNNAMED
        await asked.panel.read(upload.part.rename, upload.part.with_name(name))
        upload.forget()
        audit.note(asked, "backup uploaded", backup=name, bytes=body.total)
        return PieceTaken(received=body.total)
    asked.is_quiet = body.offset > 0
    return PieceTaken(received=upload.received)


async def discard(asked: Asked[Nothing, Nothing]) -> BackupsAnswer:
    """Delete the backup that was brought."""
    _check_owner(asked)
    await asked.panel.backup_upload.drop()
    await asked.panel.read(_clear, Desk(asked.panel.layout).uploaded)
    return await _answer(asked)


async def rehearse_upload(asked: Asked[Nothing, UploadToRehearse]) -> BackupsAnswer:
    """Restore the backup that was brought aside and tell what it holds; nothing of the box is changed."""
    _check_owner(asked)
    path = await asked.panel.read(_uploaded, Desk(asked.panel.layout).uploaded)
    if path is None:
        raise NotFound(what="backup")
    given = asked.body.recovery_key
    key = age.typed_key(given) if given.strip() else ""
    return await _wished(asked, desks.Rehearse(file=str(path), key=key))


async def forget(asked: Asked[Nothing, Nothing]) -> BackupsAnswer:
    """Throw the rehearsal away."""
    return await _wished(asked, desks.Forget())


async def restore(asked: Asked[Nothing, ToRestore]) -> BackupsAnswer:
    """Make the box what the rehearsed backup holds; its present state is kept as a backup first."""
    _check_owner(asked)
    found = await asked.panel.read(Desk(asked.panel.layout).rehearsed)
    if found is None or found.name != asked.body.name:
        raise NotFound(what=asked.body.name)
    return await _wished(asked, desks.Restore(keep_network=asked.body.keep_network))


async def show_key(asked: Asked[Nothing, Password]) -> KeyAnswer:
    """Show the recovery key, once."""
    await _check_password(asked)
    desk, layout = Desk(asked.panel.layout), asked.panel.layout
    if await asked.panel.read(desk.key_shown_at) is not None:
        raise KeyShown
    found = await asked.panel.read(age.keys, layout.backup_key)
    if not found:
        raise NoKeyYet
    await asked.panel.read(desk.key_was_shown, asked.panel.now())
    audit.note(asked, "recovery key shown")
    return KeyAnswer(recovery_key=found[0], box=platform.node())


async def renew_key(asked: Asked[Nothing, Password]) -> KeyAnswer:
    """Make a new recovery key and show it; the box still opens its older backups, nobody else does without the old one."""
    await _check_password(asked)
    desk, layout = Desk(asked.panel.layout), asked.panel.layout
    fresh = await asked.panel.read(age.new_key)
    before = await asked.panel.read(age.keys, layout.backup_key)
    await asked.panel.read(age.keep_keys, layout.backup_key, [fresh, *before])
    await asked.panel.read(desk.key_was_shown, asked.panel.now())
    audit.note(asked, "recovery key renewed")
    return KeyAnswer(recovery_key=fresh, box=platform.node())


def _check_owner(asked: Asked[Any, Any]) -> None:
    person = asked.visitor.person
    if person is None or not person.is_super:
        raise OnlyForOwners


async def _check_password(asked: Asked[Nothing, Password]) -> None:
    person = asked.visitor.person
    if person is None or not person.is_super:
        raise OnlyForOwners
    proved = await by_password(asked.panel, person.name, asked.body.password)
    if proved is None or proved.person.id != person.id:
        raise WrongPassword(field="password", problem=Text(en="is not right", zh="不正确"))


def _known(place: str) -> None:
    if place not in PLACES:
        raise NotFound(what=place)


def _named(name: str) -> None:
    if named(name) is None:
        raise NotFound(what=name)


async def _wished(asked: Asked[Any, Any], deed: desks.Deed) -> BackupsAnswer:
    _check_owner(asked)
    await asked.panel.read(Desk(asked.panel.layout).ask, deed, audit.name_of(asked))
    audit.note(asked, f"backup: {type(deed).__name__.lower()}")
    return await _answer(asked)


async def _answer(asked: Asked[Any, Any]) -> BackupsAnswer:
    panel, language = asked.panel, asked.language
    desk, layout = Desk(panel.layout), panel.layout
    state = await panel.read(desk.state)
    job = await panel.read(desk.job)
    wishes = await panel.read(desk.wishes)
    found = await panel.read(desk.rehearsed)
    here = await panel.read(_here, layout.backups, desk.fetched)
    settings = panel.settings
    return BackupsAnswer(
        enabled=settings.backup.enabled,
        next_at=next_of(settings, panel.now()),
        made_at=state.made_at,
        has_key=bool(await panel.read(age.keys, layout.backup_key)),
        key_shown_at=await panel.read(desk.key_shown_at),
        waiting=len(wishes),
        is_restoring=await panel.read(desk.journal.exists),
        job=_job(job, language) if job else None,
        runs=[_run(run, language) for run in state.runs[:_MOST_RUNS]],
        places=[
            _place(
                name,
                state.shelves.get(name),
                here,
                language,
                is_enabled=getattr(settings.backup, name).enabled,
            )
            for name in PLACES
            if getattr(settings.backup, name).enabled or state.shelves.get(name, _NOTHING).backups
        ],
        rehearsal=_rehearsal(found) if found else None,
        upload=await panel.read(_upload, desk.uploaded, panel.backup_upload),
        sticks=stick_views(await panel.read(sticks.there, layout)),
        is_usb_enabled=settings.backup.usb.enabled,
    )


def _clear(folder: Path) -> None:
    for path in folder.glob("*"):
        path.unlink(missing_ok=True)


def _uploaded(folder: Path) -> Path | None:
    return next(iter(sorted(folder.glob("*.age"))), None)


def _upload(folder: Path, pieces: Pieces) -> UploadView | None:
    path = _uploaded(folder)
    if path is None and not pieces.total:
        return None
    return UploadView(
        name=path.name if path else "",
        bytes=path.stat().st_size if path else 0,
        received=pieces.received,
        total=pieces.total,
    )


_NOTHING = Shelf(at=datetime(1970, 1, 1, tzinfo=UTC))


def _here(*folders: Path) -> frozenset[str]:
    return frozenset(path.name for folder in folders for path in folder.glob("*.age"))


def _job(job: Job, language: Language) -> JobView:
    return JobView(
        kind=job.kind,
        by=job.by,
        began_at=job.began_at,
        step=job.step,
        step_text=STEP_TEXT.get(job.step, STEP_TEXT[""]).render(language, subject=job.subject),
        done=job.done,
        whole=job.whole,
    )


def _run(run: Run, language: Language) -> RunView:
    return RunView(
        id=run.id,
        kind=run.kind,
        by=run.by,
        began_at=run.began_at,
        ended_at=run.ended_at,
        subject=run.subject,
        bytes=run.bytes,
        calls=run.calls,
        is_good=run.is_good,
        problem=run.problem.render(language) if run.problem else "",
        places=[
            PlaceResult(
                place=name,
                text=PLACES[name].render(language) if name in PLACES else name,
                problem=problem.render(language) if problem else "",
            )
            for name, problem in run.places.items()
        ],
    )


def _place(
    name: str, shelf: Shelf | None, here: frozenset[str], language: Language, *, is_enabled: bool
) -> PlaceView:
    own = slug(platform.node())
    backups = []
    for one in shelf.backups if shelf else []:
        said = named(one.name)
        if said is not None:
            backups.append(
                BackupView(
                    name=one.name,
                    at=said.at,
                    kind=said.kind,
                    kind_text=KIND_TEXT[said.kind].render(language),
                    box=said.box,
                    bytes=one.bytes,
                    is_own=said.box == own,
                    is_here=one.name in here,
                )
            )
    return PlaceView(
        place=name,
        text=PLACES[name].render(language),
        label=shelf.label if shelf else "",
        free_bytes=shelf.free_bytes if shelf else None,
        is_enabled=is_enabled,
        looked_at=shelf.at if shelf else None,
        problem=shelf.problem.render(language) if shelf and shelf.problem else "",
        backups=sorted(backups, key=lambda one: one.at, reverse=True),
    )


def _rehearsal(found: Rehearsed) -> RehearsalView:
    return RehearsalView(
        at=found.at,
        place=found.place,
        name=found.name,
        made_at=found.head.made_at,
        box=re.sub(r"[^ -~]", "?", found.head.box),
        release=found.head.release,
        is_own=found.is_own,
        bytes=found.bytes,
        calls=found.calls,
        recordings=found.recordings,
        people=found.people,
        holds=found.holds,
        since=found.since,
        until=found.until,
        audio_files=found.audio_files,
        audio_bytes=found.audio_bytes,
        here_calls=found.here_calls,
        missing=found.missing,
    )
