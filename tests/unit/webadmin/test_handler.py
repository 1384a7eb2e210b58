import msgspec
import pytest

import appliance.store.people  # noqa: F401 - its errors belong to the walk
import webadmin.routes  # noqa: F401 - likewise
from appliance.core.errors import ApplianceError, Invalid
from webadmin.api.calls import CallsQuery
from webadmin.handler import STATUS, decode_body, decode_query, preferred, status_of
from webadmin.operation import Nothing
from webadmin.refusals import NotJson


def families(kind=ApplianceError):
    yield kind
    for inner in kind.__subclasses__():
        yield from families(inner)


@pytest.mark.parametrize("kind", list(families()), ids=lambda kind: kind.__name__)
def test_every_error_has_a_status(kind):
    assert status_of(kind()) in {400, 401, 403, 404, 405, 409, 413, 416, 422, 426, 429, 500, 503}


def test_no_row_of_the_status_table_hides_behind_an_earlier_one():
    for position, (kind, _) in enumerate(STATUS):
        hidden = [earlier.__name__ for earlier, _ in STATUS[:position] if issubclass(kind, earlier)]
        assert not hidden, f"{kind.__name__} is never reached"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en-GB,zh;q=0.5", "en-GB"),
        ("de,zh;q=0.3,en;q=0.2", "zh"),
        ("zh;q=0,en;q=0.1", "en"),
        ("", ""),
        ("de", ""),
        ("zh;q=nan,en;q=x", ""),
        ("zh;q=²", ""),
        ("," * 10_000, ""),
    ],
)
def test_the_heaviest_known_language_is_preferred(header, language):
    assert preferred(header) == language


def test_parameters_become_typed_fields():
    query = decode_query(
        {"page": [b"3"], "min_s": [b"1.5"], "lang": [b"zh"], "from": [b"2026-11-21T00:00:00Z"]}, CallsQuery
    )
    assert (query.page, query.min_s, query.started_from.year) == (3, 1.5, 2026)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"page": [b"0"]}, "page"),
        ({"page": [b"1", b"2"]}, "page"),
        ({"page": [b"x"]}, "page"),
        ({"number": [b"\xff"]}, "number"),
        ({"number": [b"1\x002"]}, "number"),
        ({"nonsense": [b"1"]}, "nonsense"),
        ({"sort": [b"up"]}, "sort"),
        ({"from": [b"2026-11-21T00:00:00"]}, "from"),
        ({"min_s": [b"nan"]}, "min_s"),
        ({"recorded": [b"maybe"]}, "recorded"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(arguments, field):
    with pytest.raises(Invalid) as caught:
        decode_query(arguments, CallsQuery)
    assert caught.value.facts["field"] == field


def test_no_body_is_an_empty_object():
    assert decode_body(b"", Nothing) == Nothing()


@pytest.mark.parametrize("body", [b"{", b"\xff", b"{} x", b'{"a":"\xff"}', b"nul", b"[" * 100_000])
def test_what_is_no_json_is_said_to_be_none(body):
    with pytest.raises((NotJson, Invalid)):
        decode_body(body, Nothing)


def test_json_nested_without_end_is_refused():
    class Anything(msgspec.Struct):
        value: object

    with pytest.raises(NotJson):
        decode_body(b'{"value":' + b"[" * 100_000, Anything)
