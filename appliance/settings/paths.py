"""Settings of the storage paths, and where a recording may therefore be found.

Recordings are filed below one path at a time and named the same below each; a reader looks below all of them.
"""

import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Annotated

import msgspec

from appliance.core.errors import Invalid
from appliance.core.files import STORAGE_MARK_FILE, Layout
from appliance.core.text import Text
from appliance.settings.field import Section, setting

_ABSOLUTE = r"^(/[^\x00-\x1f]*)?$"
_MAX_LENGTH = 1024


class Shelf(StrEnum):
    """One of the two storage paths."""

    FIRST = "first"
    SECOND = "second"


class Paths(Section, frozen=True, kw_only=True):
    """Where recordings are stored."""

    first: Annotated[
        str,
        setting(
            Text(en="First storage path", zh="第一存储路径"),
            help=Text(
                en="Folder on the box; empty: the archive inside its data directory.",
                zh="本机目录；留空为数据目录内的归档目录。",
            ),
            max_length=_MAX_LENGTH,
            pattern=_ABSOLUTE,
            reload="archiver",
        ),
    ] = ""
    second: Annotated[
        str,
        setting(
            Text(en="Second storage path", zh="第二存储路径"),
            help=Text(
                en="Folder on another disk, which must be mounted there; empty: none.",
                zh="另一磁盘上的目录（须已挂载）；留空表示不使用。",
            ),
            max_length=_MAX_LENGTH,
            pattern=_ABSOLUTE,
            reload="archiver",
        ),
    ] = ""
    current: Annotated[
        Shelf,
        setting(
            Text(en="Current storage path", zh="当前存储路径"),
            help=Text(
                en="New recordings go here. An automatic change-over sets it, too; what is stored already stays.",
                zh="新录音存入此路径。自动切换时也会更改此项；已存录音保持原位。",
            ),
            reload="archiver",
        ),
    ] = Shelf.FIRST
    change_over: Annotated[
        bool,
        setting(
            Text(en="Change over when the path is full or gone", zh="路径已满或不可用时自动切换"),
            help=Text(
                en="Recordings then go to the other path by themselves, with an alarm. Off: they wait in the spool until somebody acts.",
                zh="此时录音自动存入另一路径并告警。关闭时录音在缓冲区等待人工处理。",
            ),
            reload="archiver",
        ),
    ] = True
    change_back: Annotated[
        bool,
        setting(
            Text(en="Change back when it is usable again", zh="恢复后自动切回"),
            help=Text(en="Off: changed back by hand only.", zh="关闭时仅可手动切回。"),
            reload="archiver",
        ),
    ] = False
    keep_free_mib: Annotated[
        int,
        setting(
            Text(en="A path is full below", zh="低于此剩余空间视为已满"),
            help=Text(
                en="Free space that stays on the path. Too little left, and the disk's other users fail, too.",
                zh="路径上始终保留的剩余空间；过小会影响该磁盘的其他用途。",
            ),
            unit="MiB",
            ge=1,
            le=1048576,
            reload="archiver",
        ),
    ] = 1024
    older: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=_MAX_LENGTH, pattern=r"^/[^\x00-\x1f]*$")]],
        setting(
            Text(en="Former storage paths", zh="以前的存储路径"),
            help=Text(
                en="Recordings are looked for here, too; nothing new is stored.",
                zh="也在这些目录中查找录音，但不再存入。",
            ),
            max_length=16,
            reload="archiver",
        ),
    ] = []


SHELVES: dict[str, Text] = {
    Shelf.FIRST: Text(en="First storage path", zh="第一存储路径"),
    Shelf.SECOND: Text(en="Second storage path", zh="第二存储路径"),
}


def other(shelf: Shelf) -> Shelf:
    """The one that is not this."""
    return Shelf.SECOND if shelf is Shelf.FIRST else Shelf.FIRST


def root_of(layout: Layout, paths: Paths, shelf: Shelf) -> Path | None:
    """The folder of a shelf; None for a second path that is not set."""
    if shelf is Shelf.FIRST:
        return Path(paths.first) if paths.first else layout.archive
    return Path(paths.second) if paths.second else None


def roots(layout: Layout, paths: Paths) -> list[Path]:
    """Every folder that may hold recordings, each once, the current one first."""
    folders = [root_of(layout, paths, paths.current), root_of(layout, paths, other(paths.current))]
    folders += [Path(path) for path in paths.older]
    return list(dict.fromkeys(folder for folder in [*folders, layout.archive] if folder is not None))


def find(layout: Layout, paths: Paths, file: str) -> Path | None:
    """Where a file of the archive (a relative path) lies now; None when it is nowhere, or its path is not there.

    A name that would leave its storage path is nowhere.
    """
    return next(_places(layout, paths, file), None)


def absent(layout: Layout, paths: Paths) -> list[Path]:
    """The folders that are not there: missing, or without the mark of a storage path, as when nothing is mounted."""
    marked = [root_of(layout, paths, shelf) for shelf in Shelf]
    away = [
        root
        for root in marked
        if root is not None and root != layout.archive and not os.path.isfile(root / STORAGE_MARK_FILE)  # noqa: PTH113 - never raises
    ]
    return away + [Path(path) for path in paths.older if not os.path.isdir(path)]  # noqa: PTH112 - never raises


def awaited(layout: Layout, paths: Paths, file: str, filed_below: str) -> str:
    """The storage path that has to come back before anything can be done with a file; "" when none has.

    `filed_below`: the path it was filed below, "" when that was not noted.
    """
    if find(layout, paths, file) is not None:
        return ""
    gone = [str(path) for path in absent(layout, paths)]
    if not filed_below:
        return gone[0] if gone else ""
    is_here = filed_below in {str(path) for path in roots(layout, paths)} and filed_below not in gone
    return "" if is_here else filed_below


def named(layout: Layout, paths: Paths, file: str) -> Path:
    """Where a file of the archive lies; where it would lie on the current path when it is nowhere."""
    return find(layout, paths, file) or roots(layout, paths)[0] / file


def check(paths: Paths) -> None:
    """Refuse paths that contain or equal one another, and a current one that is not set.

    Raises: Invalid
    """
    named = [("paths.first", paths.first), ("paths.second", paths.second)]
    named += [(f"paths.older[{index}]", path) for index, path in enumerate(paths.older)]
    seen: list[PurePosixPath] = []
    for field, text in named:
        if not text:
            continue
        path = PurePosixPath(text)
        if ".." in path.parts or len(path.parts) < 2:
            raise Invalid(
                field=field, problem=Text(en="must be a plain absolute path", zh="必须是普通的绝对路径")
            )
        if any(path == one or path in one.parents or one in path.parents for one in seen):
            raise Invalid(
                field=field,
                problem=Text(en="overlaps another storage path", zh="与另一存储路径重叠"),
            )
        seen.append(path)
    if paths.current is Shelf.SECOND and not paths.second:
        raise Invalid(
            field="paths.current",
            problem=Text(en="the second storage path is not set", zh="未设置第二存储路径"),
        )


def _places(layout: Layout, paths: Paths, file: str) -> Iterator[Path]:
    if not file:
        return
    for root in roots(layout, paths):
        place = root / file
        if os.path.isfile(place) and place.resolve().is_relative_to(root.resolve()):  # noqa: PTH113 - never raises
            yield place
