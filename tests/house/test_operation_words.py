"""What the operation log needs of every row of the route table."""

import msgspec
import pytest
from msgspec import inspect

from appliance.domain.operation import Kind
from webadmin.deeds import DEEDS
from webadmin.routes import ROUTES, SOCKETS

ROWS = {
    operation.name: (method, operation) for route in ROUTES for method, operation in route.operations.items()
}
SOCKET_NAMES = {
    f"{socket.handler.__module__.rpartition('.')[2]}.{socket.handler.__name__}" for socket in SOCKETS
}
QUESTIONS = {"users.size", "query.write_line"}  # asked by POST for what they carry, while somebody types
SECRET_NAMES = ("password", "secret", "code", "token")


def test_every_row_of_the_route_table_has_words_for_the_operation_log() -> None:
    missing = (set(ROWS) | SOCKET_NAMES) - set(DEEDS)
    assert not missing, (
        f"{sorted(missing)}: who did what must be told in both languages: add a line to webadmin/deeds.py"
    )


def test_no_words_are_left_of_a_row_that_is_gone() -> None:
    assert not set(DEEDS) - set(ROWS) - SOCKET_NAMES, (
        "a line for nothing misleads: remove it from webadmin/deeds.py"
    )


def test_writes_are_no_views() -> None:
    quiet = [
        name
        for name, (method, _) in ROWS.items()
        if method != "GET" and name in DEEDS and DEEDS[name].kind is Kind.VIEW and name not in QUESTIONS
    ]
    assert not quiet, (
        f"{quiet}: what changes something, or is asked for by POST, needs a kind that tells what it does"
    )


def _members(kind: inspect.Type, seen: set[type]) -> list[tuple[str, inspect.Type]]:
    if isinstance(kind, inspect.Metadata):
        return _members(kind.type, seen)
    if isinstance(kind, inspect.UnionType):
        return [found for one in kind.types for found in _members(one, seen)]
    if isinstance(kind, inspect.ListType):
        return _members(kind.item_type, seen)
    if isinstance(kind, inspect.StructType) and kind.cls not in seen:
        seen.add(kind.cls)
        own = [(field.encode_name, field.type) for field in kind.fields]
        return own + [found for field in kind.fields for found in _members(field.type, seen)]
    return []


def _is_secret(kind: inspect.Type) -> bool:
    if isinstance(kind, inspect.Metadata):
        return bool((kind.extra or {}).get("secret")) or _is_secret(kind.type)
    return isinstance(kind, inspect.UnionType) and any(_is_secret(one) for one in kind.types)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_what_is_called_a_secret_has_the_type_of_one(name: str) -> None:
    _, operation = ROWS[name]
    open_ones = [
        member
        for asked in (operation.query, operation.body)
        for member, kind in _members(msgspec.inspect.type_info(asked), set())
        if member.endswith(SECRET_NAMES)
        and not member.startswith(("status_code", "by_"))
        and not _is_secret(kind)
    ]
    assert not open_ones, (
        f"{open_ones} would stand in the operation log: annotate with msgspec.Meta(extra=SECRET), webadmin/parameters.py"
    )
