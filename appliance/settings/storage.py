"""Settings on disk: load, validate with the exact path of every error, save with a revision, notice a change.

Programs notice a change by `stat` (no message is needed, so a change arrives with the broker down, too). A save
names the revision it was based on and is refused when another one came first.
"""

import contextlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from appliance.core import log
from appliance.core.clock import SystemClock
from appliance.core.errors import Conflict, Invalid, NotFound, SettingsUnreadable
from appliance.core.files import Layout, Lock, write_atomically
from appliance.core.problem import invalid
from appliance.core.text import Text
from appliance.settings import backup, boards, network, paths, retention, secret, time
from appliance.settings import revisions as kept_revisions
from appliance.settings.address import NO_ENDPOINT, endpoint
from appliance.settings.recording import check
from appliance.settings.revisions import Revision
from appliance.settings.root import SETTINGS_VERSION, Settings
from appliance.settings.secret import put_back, taken_out

_logger = log.get(__name__)

Migration = Callable[[dict[str, Any]], dict[str, Any]]


def _call_numbers(content: dict[str, Any]) -> dict[str, Any]:
    """Whether numbers are masked for the syslog server became how they stand there."""
    match content:
        case {"monitoring": {"syslog": {"mask_numbers": bool(is_masked), **syslog}, **monitoring}, **others}:
            syslog["call_numbers"] = "masked" if is_masked else "whole"
            return {**others, "monitoring": {**monitoring, "syslog": syslog}}
    return content


MIGRATIONS: dict[int, Migration] = {1: _call_numbers}
"""From version n to n + 1, on plain data that is not changed; a version that changes the shape adds its line here."""

_WHAT = "Settings"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Stamp(NamedTuple):
    """What `stat` tells of one revision of the file; all zero when there is none."""

    inode: int = 0
    changed_ns: int = 0
    size_bytes: int = 0


def load(layout: Layout) -> Settings:
    """The settings in force; the defaults when none were ever saved.

    Raises: SettingsUnreadable for a damaged file or one written by a newer version
    """
    return _read(layout)


def in_force(layout: Layout) -> tuple[Settings, str]:
    """The settings to go by, and what is wrong with the file, "" for nothing: then they are the last good revision.

    Raises: SettingsUnreadable when there is no good revision either
    """
    try:
        return load(layout), ""
    except SettingsUnreadable as error:
        for found in kept_revisions.kept(layout):
            with contextlib.suppress(Invalid):
                return validate(put_back(migrated(found.settings), _kept_secrets(layout))), error.message()
        raise


def revisions(layout: Layout) -> list[Revision]:
    """The last twenty saved states, the newest first."""
    return kept_revisions.kept(layout)


def state(layout: Layout, number: int) -> Revision:
    """One of the saved states; 0 is that before anything was saved.

    Raises: NotFound
    """
    if number == 0:
        content, _ = taken_out(msgspec.to_builtins(msgspec.convert({}, Settings)))
        return Revision(revision=0, at=_NEVER, settings=content)
    found = kept_revisions.read(layout, number)
    if found is None:
        raise NotFound(what=f"revision {number}")
    return found


def restore(layout: Layout, revision: int, by: str = "", based_on_revision: int | None = None) -> Settings:
    """Save an earlier revision anew, as the next one; also mends a settings file that cannot be read.

    Raises: NotFound, Invalid when this release cannot use that revision, Busy, Conflict when another one came first
        (after `based_on_revision` where that is given)
    """
    found = state(layout, revision)
    wanted = validate(put_back(migrated(found.settings), _kept_secrets(layout)))
    current = in_force(layout)[0]
    # Where the box is found in the network is changed on trial only, never by the way.
    wanted = msgspec.structs.replace(wanted, network=current.network)
    newest = current.revision if based_on_revision is None else based_on_revision
    return save(layout, wanted, newest, by, origin=f"restore {revision}")


def save(
    layout: Layout, settings: Settings, based_on_revision: int, by: str = "", *, origin: str = ""
) -> Settings:
    """Write settings down with the next revision and return them; `by` is who wants it so, `origin` as in `Revision`.

    A file that cannot be read is put aside, not lost; the last good revision counts as what it said.
    Raises: Conflict when `based_on_revision` is no longer the newest, Busy while another program saves,
        Invalid
    """
    content = msgspec.to_builtins(settings)
    validate(content)
    layout.run.mkdir(parents=True, exist_ok=True)
    lock = Lock(layout.settings_lock)
    try:
        current, problem = in_force(layout)
        if current.revision != based_on_revision:
            raise Conflict(what=_WHAT, revision=current.revision)
        if current.revision and kept_revisions.read(layout, current.revision) is None:
            _keep(layout, current)
        content["version"] = SETTINGS_VERSION
        content["revision"] = current.revision + 1
        saved = validate(content)
        open_part, secrets = taken_out(msgspec.to_builtins(saved))
        if secrets or layout.secrets.exists():
            write_atomically(layout.secrets, msgspec.json.encode(secrets) + b"\n", mode=0o600)
        encoded = msgspec.json.format(msgspec.json.encode(open_part), indent=2)
        if problem:
            layout.settings.replace(layout.settings_damaged)
        write_atomically(layout.settings, encoded + b"\n")
        _keep(
            layout,
            saved,
            by,
            origin,
            secret.changed(msgspec.to_builtins(current), msgspec.to_builtins(saved)),
        )
    finally:
        lock.close()
    return saved


def validate(content: object) -> Settings:
    """Plain data (decoded JSON) as settings.

    Raises: Invalid, its field being the path as in `capture.sip_ports[0]`
    """
    try:
        settings = msgspec.convert(content, Settings)
    except msgspec.ValidationError as error:
        raise invalid(str(error), "settings") from error
    _check_addresses(settings.capture.service_addresses)
    check(settings.recording)
    paths.check(settings.paths)
    network.check(settings.network)
    time.check(settings.time)
    retention.check(settings.retention)
    backup.check(settings.backup)
    boards.check(settings.boards, [one.name for one in settings.recording.schedules])
    return settings


def stamp(layout: Layout) -> Stamp:
    """The present revision's mark, to be compared later."""
    try:
        found = layout.settings.stat()
    except FileNotFoundError:
        return Stamp()
    return Stamp(found.st_ino, found.st_mtime_ns, found.st_size)


def changed(layout: Layout, since: Stamp) -> bool:
    """Whether settings were saved after `since` was taken; costs one `stat`."""
    return stamp(layout) != since


class Kept:
    """The settings a running program goes by. A file that is unreadable leaves the last good ones in force.

    Raises: SettingsUnreadable when made and no good revision was kept: without any settings a program cannot begin
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._stamp = stamp(layout)
        self.now, self.problem = in_force(layout)
        if self.problem:
            _logger.error(
                "the settings cannot be read; the last good revision is in force",
                extra={"problem": self.problem, "revision": self.now.revision},
            )

    def renewed(self) -> bool:
        """Whether other settings came into force since the last time; costs one `stat`. Never raises."""
        found = stamp(self._layout)
        if found == self._stamp:
            return False
        self._stamp = found
        try:
            fresh = load(self._layout)
        except SettingsUnreadable as error:
            self.problem = error.message()
            _logger.error(  # noqa: TRY400 - a person has mistyped; the program goes on
                "the settings cannot be read; the last good ones stay in force",
                extra={"problem": self.problem},
            )
            return False
        self.problem = ""
        before, self.now = self.now, fresh
        return fresh != before


def _keep(
    layout: Layout, settings: Settings, by: str = "", origin: str = "", secrets: Sequence[str] = ()
) -> None:
    content, _ = taken_out(msgspec.to_builtins(settings))
    kept = Revision(
        revision=settings.revision,
        at=SystemClock().now(),
        by=by,
        origin=origin,
        secrets=list(secrets),
        settings=content,
    )
    kept_revisions.keep(layout, kept)


def _read(layout: Layout) -> Settings:
    path = layout.settings
    try:
        content = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except FileNotFoundError:
        return msgspec.convert({}, Settings)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SettingsUnreadable(path=str(path), problem=str(error)) from error
    try:
        return validate(put_back(migrated(content), _secrets(layout.secrets)))
    except Invalid as error:
        raise SettingsUnreadable(path=str(path), problem=error.message()) from error


def _kept_secrets(layout: Layout) -> dict[str, str]:
    """The secrets in force, none when they cannot be read: revisions hold none of their own."""
    try:
        return _secrets(layout.secrets)
    except SettingsUnreadable:
        return {}


def _secrets(path: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SettingsUnreadable(path=str(path), problem=str(error)) from error


def migrated(content: dict[str, Any]) -> dict[str, Any]:
    """Plain settings of an earlier version in the shape of this one.

    Raises: Invalid for a version that is not known
    """
    version = content.get("version", SETTINGS_VERSION)
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= SETTINGS_VERSION:
        raise Invalid(
            field="version",
            problem=Text(en="version {found} is not known here", zh="不支持版本 {found}"),
            found=version,
        )
    while version < SETTINGS_VERSION:
        content = MIGRATIONS[version](content)
        version += 1
        content["version"] = version
    return content


def _check_addresses(addresses: list[str]) -> None:
    for index, address in enumerate(addresses):
        if endpoint(address) is None:
            raise Invalid(
                field=f"capture.service_addresses[{index}]",
                problem=NO_ENDPOINT,
            )
