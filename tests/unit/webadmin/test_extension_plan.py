"""What rows do to the bound extensions: laws that hold for any rows."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.settings.recording import BoundExtension
from webadmin.extension_plan import Outcome, Wish, plan, wishes
from webadmin.sheet import read_table
from webadmin.typed import tidy


def bound(*rows: tuple[str, int]) -> list[BoundExtension]:
    found: Any = [{"number": number, "channel": channel} for number, channel in rows]
    return msgspec.convert(found, list[BoundExtension])


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (" 1001 ", "1001"),
        ("(030) 123-45", "03012345"),
        ("+49 30/12.34", "+49301234"),
        ("5039 *", "5039*"),
        ("alice-smith", "alice-smith"),
        ("12 34 x", "12 34 x"),
        ("", ""),
    ],
)
def test_numbers_lose_what_only_makes_them_readable(typed, number):
    assert tidy(typed) == number


@pytest.mark.parametrize(
    "text",
    ["Channel,Extension\n7,1001\n", "1001,7\n", "姓名;分机号;通道号\n;1001;7\n", "EXT\tCHANNEL NO.\n1001\t7\n"],
)  # fmt: skip
def test_columns_are_found_by_their_heading_in_either_language(text):
    assert [(wish.number, wish.channel) for wish in wishes(read_table(text.encode()))] == [("1001", "7")]


def test_a_row_without_a_channel_never_takes_one_that_another_row_names():
    made = plan([Wish(1, "1001"), Wish(2, "1002", "1")], [], may_change=False)
    assert [(row.number, row.channel) for row in made.rows] == [("1001", 2), ("1002", 1)]


def test_a_leading_plus_makes_no_other_extension():
    made = plan([Wish(1, "+4930")], bound(("4930", 1)), may_change=False)
    assert made.rows[0].outcome is Outcome.REFUSED


numbers = st.sampled_from(["1001", "1002", "1003", "+1001", "", "=1", "x y", "10-01"])
channels = st.sampled_from(["", "1", "2", "3", "0", "x", "10001", "٣"])


@given(
    st.lists(st.tuples(numbers, channels)),
    st.dictionaries(st.sampled_from(["1001", "1002", "1004"]), st.integers(1, 3)),
    st.booleans(),
)
def test_no_row_is_dropped_and_no_channel_is_given_twice(rows, present, may_change):
    before = bound(*{channel: (number, channel) for number, channel in present.items()}.values())
    made = plan(
        [Wish(line, *row) for line, row in enumerate(rows)],
        before,
        may_change=may_change,
    )
    assert [row.line for row in made.rows] == list(range(len(rows)))
    assert len({one.channel for one in made.after}) == len(made.after)
    assert len({one.number.removeprefix("+") for one in made.after}) == len(made.after)
    assert len(made.after) == len(before) + made.count(Outcome.ADD)
    assert all((row.problem is None) == (row.outcome is not Outcome.REFUSED) for row in made.rows)
    if not may_change:
        assert made.count(Outcome.CHANGE) == made.count(Outcome.SAME) == 0
        assert set(map(msgspec.json.encode, before)) <= set(map(msgspec.json.encode, made.after))
