"""A search of somebody who sees numbers in part tells nothing that the list does not show."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING, MASK, masked, masked_within
from appliance.store import annotations, calls
from appliance.store.annotations import tag_key
from appliance.store.calls import CallFilter, Match, Sort
from appliance.store.database import Database, open_database
from appliance.store.row import number_key
from tests.rigs.records import NOON, make_record

NUMBERS = st.text("0123456789", min_size=1, max_size=14)
TYPED = st.one_of(NUMBERS, st.text("0123456789*", min_size=1, max_size=8))


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(Layout(Path(folder)).make())
        yield database
        database.close()


@settings(max_examples=60, deadline=None)
@given(number=NUMBERS, digits=st.data(), typed=TYPED, match=st.sampled_from([*Match]))
def test_numbers_that_are_shown_alike_are_found_alike(database, number, digits, typed, match):
    shown = masked(number_key(number))
    shown_ends = min(7, len(number) - 4) if len(number) > 5 else len(number)
    hidden, before = len(number) - shown_ends, shown_ends // 2
    other_hidden = digits.draw(st.text("0123456789", min_size=hidden, max_size=hidden))
    twin = number[:before] + other_hidden + number[before + hidden :]
    assert masked(number_key(twin)) == shown
    found = []
    for one in (number, twin):
        record = make_record(one, "x")
        calls.index(database, record)
        wanted = CallFilter(caller=typed, match=match, as_masked=True, page_size=100)
        page = calls.find(database, wanted, scope=EVERYTHING)
        ids = set()
        for start in range(1, page.total // 100 + 2):
            here = CallFilter(caller=typed, match=match, as_masked=True, page_size=100, page=start)
            ids |= {call.call_id for call in calls.find(database, here, scope=EVERYTHING).calls}
        found.append(record.call.call_id in ids)
    assert found[0] == found[1]


@settings(max_examples=60, deadline=None)
@given(
    number=st.text("0123456789", min_size=6, max_size=14),
    word=st.sampled_from(["", "tel-", "投诉", "a "]),
    data=st.data(),
)
def test_texts_that_are_shown_alike_are_found_alike(database, number, word, data):
    shown = masked(number)
    begin, end = shown.split(MASK)
    hidden = len(number) - len(begin) - len(end)
    other = data.draw(st.text("0123456789", min_size=hidden, max_size=hidden))
    texts = [word + number, word + begin + other + end]
    assert masked_within(texts[0]) == masked_within(texts[1]) == word + shown
    ids = []
    for text in texts:
        record = make_record("1001", "1002")
        calls.index(database, record)
        annotations.add_tag(database, record.call.call_id, text, "a", NOON)
        annotations.add_note(database, record.call.call_id, f"call {text} back", "a", NOON)
        ids.append(record.call.call_id)
    typed = data.draw(st.sampled_from([texts[0], word + shown, number, number[:7], begin + other, "call"]))
    for wanted in (
        CallFilter(tag=tag_key(typed), as_masked=True),
        CallFilter(without_tag=tag_key(typed), as_masked=True),
        CallFilter(note=typed, as_masked=True),
    ):
        found = [
            bool(calls.find(database, replace(wanted, sip_call_id=sip), scope=EVERYTHING).calls)
            for sip in (calls.get(database, one, scope=EVERYTHING).call.sip_call_id for one in ids)
        ]
        assert found[0] == found[1], wanted
    assert not any(
        tag == text
        for text in texts
        for tag, _ in annotations.known_tags(database, word, 10_000, scope=EVERYTHING, as_masked=True)
    )
    here = calls.find(
        database, CallFilter(tag=tag_key(word + shown), as_masked=True, page_size=100), scope=EVERYTHING
    )
    assert here.total >= 2


def test_masked_numbers_stand_in_the_order_of_what_is_shown(layout):
    database = open_database(layout)
    # By the hidden digits the first would stand before the second.
    records = [make_record(number, "x") for number in ("13800009001", "13899990002", "13800000003")]
    calls.index_all(database, records)
    for sort, shown in (
        (Sort.CALLER, ["0002", "0003", "9001"]),
        (Sort.CALLER_BACK, ["9001", "0003", "0002"]),
    ):
        wanted = CallFilter(sort=sort, as_masked=True)
        page = calls.find(database, wanted, scope=EVERYTHING)
        assert [call.caller.number[-4:] for call in page.calls] == shown
    database.close()


@settings(max_examples=60, deadline=None)
@given(number=NUMBERS)
def test_a_number_typed_in_full_finds_itself(database, number):
    record = make_record(number, "x")
    calls.index(database, record)
    wanted = CallFilter(caller=number, match=Match.EXACT, as_masked=True, page_size=100)
    found = [call.call_id for call in calls.find(database, wanted, scope=EVERYTHING).calls]
    page = 1
    while record.call.call_id not in found and len(found) == page * 100:
        page += 1
        more = CallFilter(caller=number, match=Match.EXACT, as_masked=True, page_size=100, page=page)
        found += [call.call_id for call in calls.find(database, more, scope=EVERYTHING).calls]
    assert record.call.call_id in found
