"""What the settings of boards and trunks mean to the drivers."""

import msgspec
import pytest

from appliance.boards.reader import uses_of
from appliance.settings.boards import Boards
from appliance.settings.cards import spans_of
from drivers.boards.dahdi_setup import Carries, Use

LINES = [{"first_span": 3, "second_span": 4}, {"first_span": 5, "second_span": 0, "has_signalling": False}]


def boards_of(signalling: dict, **more: object) -> Boards:
    trunk = {"name": "T", "lines": LINES, "signalling": signalling, **more}
    card = {"kind": "dahdi", "name": "E1", "first_span": 3}
    return msgspec.convert({"cards": [card], "trunks": [trunk]}, Boards)


@pytest.mark.parametrize(
    ("signalling", "expected"),
    [
        ({"kind": "isdn"}, {0: Use(Carries.ISDN, frozenset({16})), 1: Use(Carries.ISDN, frozenset({16}))}),
        ({"kind": "ss7", "timeslots": [1, 2]}, dict.fromkeys((0, 1), Use(Carries.SS7, frozenset({1, 2})))),
        ({"kind": "r2"}, dict.fromkeys((0, 1, 2), Use(Carries.CAS))),
        ({"kind": "none"}, {0: Use(), 1: Use()}),
    ],
)
def test_the_ports_of_a_card_carry_what_the_trunks_say(signalling, expected):
    assert uses_of(3, boards_of(signalling).trunks) == expected


def test_a_trunk_that_is_switched_off_says_nothing():
    assert uses_of(3, boards_of({"kind": "isdn"}, enabled=False).trunks) == {}


def test_ports_before_the_card_are_not_its_own():
    assert uses_of(5, boards_of({"kind": "r2"}).trunks) == {0: Use(Carries.CAS)}


@pytest.mark.parametrize(
    ("spans", "meant"),
    [("", set()), ("3", {3}), ("1-3,7", {1, 2, 3, 7}), ("5-4", set()), ("998-999", {998, 999})],
)
def test_spans_are_written_as_people_write_them(spans, meant):
    boards = msgspec.convert({"cards": [{"kind": "dahdi", "name": "E1", "spans": spans}]}, Boards)
    assert spans_of(boards.cards[0]) == meant


@pytest.mark.parametrize("spans", ["1 2", "a", "-1", "1-", "1,,2", "1-2-3"])
def test_what_is_no_list_of_spans_is_refused(spans):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"cards": [{"kind": "dahdi", "name": "E1", "spans": spans}]}, Boards)
