"""Settings that are secrets: known by their type, kept in a file of their own, never shown again."""

from collections.abc import Iterator
from typing import Any

import msgspec

from appliance.settings.root import Settings

SHOWN = "••••••••"
"""Stands for a secret that is set; saving it leaves the secret as it was."""


def paths() -> list[tuple[str, ...]]:
    """Where secrets stand in the settings."""
    return list(_walk(msgspec.inspect.type_info(Settings), ()))


def taken_out(content: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Plain settings without their secrets, and the secrets by dotted path."""
    rest, found = content, {}
    for path in paths():
        value = _get(rest, path)
        if value:
            found[".".join(path)] = value
            rest = _with(rest, path, "")
    return rest, found


def put_back(content: dict[str, Any], secrets: dict[str, str]) -> dict[str, Any]:
    """Plain settings with these secrets."""
    for path in paths():
        value = secrets.get(".".join(path))
        if value and _get(content, path[:-1]) is not None:
            content = _with(content, path, value)
    return content


def hidden(content: dict[str, Any]) -> dict[str, Any]:
    """Plain settings as they may be shown."""
    for path in paths():
        if _get(content, path):
            content = _with(content, path, SHOWN)
    return content


def unhidden(content: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Plain settings as they were sent back, with the secrets that were not changed."""
    for path in paths():
        if _get(content, path) == SHOWN:
            content = _with(content, path, _get(before, path) or "")
    return content


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Which secrets of two plain settings differ, by dotted path."""
    old, new = taken_out(before)[1], taken_out(after)[1]
    return sorted(path for path in {**old, **new} if old.get(path) != new.get(path))


def _walk(kind: msgspec.inspect.Type, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(kind, msgspec.inspect.Metadata):
        if (kind.extra or {}).get("secret"):
            yield path
        yield from _walk(kind.type, path)
    elif isinstance(kind, msgspec.inspect.StructType):
        for field in kind.fields:
            yield from _walk(field.type, (*path, field.encode_name))


def _get(content: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if not isinstance(content, dict):
            return None
        content = content.get(name)
    return content


def _with(content: dict[str, Any], path: tuple[str, ...], value: str) -> dict[str, Any]:
    """A copy with one value replaced."""
    head, *rest = path
    return {**content, head: _with(content[head], tuple(rest), value) if rest else value}
