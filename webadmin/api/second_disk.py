"""The second disk: made one for recordings, taken on and off. It becomes the second storage path when it is there."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

import msgspec

from appliance.core.errors import Conflict, Later
from appliance.core.text import Text
from appliance.settings import storage as stored
from appliance.settings.paths import Paths, Shelf
from appliance.system import disks, door
from appliance.system.formatting import Chosen
from appliance.system.privileged import storage as orders
from webadmin import audit
from webadmin.api import storage
from webadmin.api.session import prove
from webadmin.api.storage import StorageAnswer
from webadmin.operation import Asked, Nothing
from webadmin.parameters import SECRET

_TRIES = 5
_AGAIN_S = 1.5
_MOST_OLDER = 16


class RecordingsGoThere(Conflict):
    """It is the path in use."""

    text = Text(
        en="New recordings go to this disk. Choose the first storage path in the settings before you take it off.",
        zh="新录音正存入此磁盘。请先在设置中将当前存储路径改为第一路径，再移除磁盘。",
    )


class AnotherPath(Conflict):
    """The settings name another folder as the second path. Facts: path."""

    text = Text(
        en="The second storage path is {path} already. Remove it in the settings first.",
        zh="第二存储路径已设为 {path}，请先在设置中清除。",
    )


class PrepareBody(Chosen, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The disk as it was shown, and one's own password: everything on it is lost."""

    password: Annotated[str, msgspec.Meta(min_length=1, max_length=128, extra=SECRET)]


async def prepare(asked: Asked[Nothing, PrepareBody]) -> StorageAnswer:
    """Erase a disk and use it as the second storage path."""
    body = asked.body
    await prove(asked, body.password, "password")
    _check_path(asked)
    wish = orders.Prepare(path=body.path, size_bytes=body.size_bytes, model=body.model, serial=body.serial)
    audit.note(asked, "disk erased", disk=body.path, model=body.model, serial=body.serial)
    await door.ask(asked.panel.layout, orders.PREPARE, wish, by=audit.name_of(asked))
    await _use(asked)
    return await storage.answer(asked)


async def take_on(asked: Asked[Nothing, Nothing]) -> StorageAnswer:
    """Use the disk for recordings that is plugged in as the second storage path, with what is on it."""
    _check_path(asked)
    await door.ask(asked.panel.layout, orders.TAKE_ON, orders.TakeOn(), by=audit.name_of(asked))
    await _use(asked)
    return await storage.answer(asked)


async def take_off(asked: Asked[Nothing, Nothing]) -> StorageAnswer:
    """Let the disk go, so that it can be pulled out; its recordings are found again when it is back."""
    paths = asked.panel.settings.paths
    if paths.current is Shelf.SECOND and paths.second == str(disks.SECOND):
        raise RecordingsGoThere
    await _forget(asked)
    wish, by = orders.TakeOff(), audit.name_of(asked)
    for left in reversed(range(_TRIES)):
        try:
            await door.ask(asked.panel.layout, orders.TAKE_OFF, wish, by=by)
            break
        except Later:  # the archiver lets go when it has seen the settings
            if not left:
                raise
            await asyncio.sleep(_AGAIN_S)
    return await storage.answer(asked)


def _check_path(asked: Asked[Any, Any]) -> None:
    second = asked.panel.settings.paths.second
    if second not in ("", str(disks.SECOND)):
        raise AnotherPath(path=second)


async def _use(asked: Asked[Any, Any]) -> None:
    """Below the mount point recordings are filed from now on, when the second path is chosen or the first one fails."""

    def with_it(paths: Paths) -> Paths:
        older = [path for path in paths.older if path != str(disks.SECOND)]
        return msgspec.structs.replace(paths, second=str(disks.SECOND), older=older)

    await _save(asked, with_it)


async def _forget(asked: Asked[Any, Any]) -> None:
    """No path to file below any more, but one to look below when it is back."""

    def without_it(paths: Paths) -> Paths:
        if paths.second != str(disks.SECOND):
            return paths
        older = [*paths.older, str(disks.SECOND)][-_MOST_OLDER:]
        return msgspec.structs.replace(paths, second="", older=older)

    await _save(asked, without_it)


async def _save(asked: Asked[Any, Any], change: Callable[[Paths], Paths]) -> None:
    panel = asked.panel
    now, _ = await panel.read(stored.in_force, panel.layout)
    paths = change(now.paths)
    if paths != now.paths:
        wanted = msgspec.structs.replace(now, paths=paths)
        await panel.read(stored.save, panel.layout, wanted, now.revision, audit.name_of(asked))
        await panel.renew_settings()
