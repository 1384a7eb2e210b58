"""What was asked for, as the operation log keeps it: without secrets, short, and without what stood at its default.

Secrets are known by their type: a member whose annotation carries `SECRET` is left out, and so is what has no type
(free JSON, as whole settings), for nobody can tell what is in it.
"""

from functools import cache
from typing import Any

import msgspec
from msgspec import UNSET, inspect

SECRET: dict[str, bool] = {"secret": True}
"""`Annotated[str, msgspec.Meta(…, extra=SECRET)]`: never logged."""

MAX_LETTERS = 200
MAX_MEMBERS = 20
MAX_JSON = 4000
_HIDDEN = object()


def plain(value: msgspec.Struct) -> dict[str, Any]:
    """The members of a query or body that may be logged."""
    found = _plain(_type(type(value)), value)
    return found if isinstance(found, dict) else {}


def as_json(members: dict[str, Any]) -> str:
    """At most `MAX_JSON` letters; what does not fit is left out, the longest first."""
    encoded = msgspec.json.encode(members).decode()
    while len(encoded) > MAX_JSON and members:
        longest = max(members, key=lambda name: len(msgspec.json.encode(members[name])))
        members = {name: "…" if name == longest else value for name, value in members.items()}
        shorter = msgspec.json.encode(members).decode()
        if len(shorter) >= len(encoded):
            return "{}"
        encoded = shorter
    return encoded


def cut(text: str) -> str:
    """A text of bounded length that cannot break a line."""
    clean = "".join(sign if sign.isprintable() else "?" for sign in text[: MAX_LETTERS + 1])
    return clean if len(clean) <= MAX_LETTERS else clean[:MAX_LETTERS] + "…"


@cache
def _type(kind: type[msgspec.Struct]) -> inspect.Type:
    return inspect.type_info(kind)


def _plain(kind: inspect.Type, value: Any) -> Any:
    if isinstance(kind, inspect.Metadata):
        return _HIDDEN if (kind.extra or {}).get("secret") else _plain(kind.type, value)
    if isinstance(value, msgspec.Struct):
        described = kind if isinstance(kind, inspect.StructType) else _type(type(value))
        assert isinstance(described, inspect.StructType)
        return _members(described, value)
    if isinstance(kind, inspect.UnionType):
        return _of_union(kind, value)
    if isinstance(kind, inspect.AnyType | inspect.DictType) or isinstance(value, bytes | bytearray):
        return _HIDDEN
    if isinstance(value, list | tuple | set | frozenset):
        inner = getattr(kind, "item_type", inspect.AnyType())
        shown = [made for item in list(value)[:MAX_MEMBERS] if (made := _plain(inner, item)) is not _HIDDEN]
        return shown if len(value) <= MAX_MEMBERS else [*shown, f"… {len(value)}"]
    return cut(value) if isinstance(value, str) else msgspec.to_builtins(value)


def _of_union(kind: inspect.UnionType, value: Any) -> Any:
    if any(isinstance(one, inspect.Metadata) and (one.extra or {}).get("secret") for one in kind.types):
        return _HIDDEN
    fitting = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
    return None if value is None else _plain(fitting[0], value) if fitting else _HIDDEN


def _members(kind: inspect.StructType, value: msgspec.Struct) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for member in kind.fields:
        given = getattr(value, member.name)
        if given is UNSET or (not member.required and given == _default(member)):
            continue
        shown = _plain(member.type, given)
        if shown is not _HIDDEN:
            found[member.encode_name] = shown
    return found


def _default(member: inspect.Field) -> Any:
    if member.default is not msgspec.NODEFAULT:
        return member.default
    return member.default_factory() if member.default_factory is not msgspec.NODEFAULT else None
