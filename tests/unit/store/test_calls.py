from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from appliance.domain import quality
from appliance.domain.access import EVERYTHING
from appliance.domain.call import Direction, Party
from appliance.domain.ledger import Mark, Reason
from appliance.domain.quality import CallQuality
from appliance.store import calls, search
from appliance.store.calls import CallFilter, Match, Sort, Verdict
from appliance.store.database import open_database
from appliance.store.models import Quarters
from tests.rigs.records import NOON, make_call, make_record


@pytest.fixture
def database(layout):
    made = open_database(layout)
    yield made
    made.close()


def test_a_record_comes_back_whole(database):
    record = make_record(
        caller="+49 30 1", marks=(Mark.LOSS, Mark.HELD), codecs=("PCMA", "G722"), direction=Direction.INCOMING
    )
    calls.index(database, record)
    assert calls.get(database, record.call.call_id, scope=EVERYTHING) == record
    row = calls.row(database, record.call.call_id, scope=EVERYTHING)
    assert row == calls.row_of(record)
    assert row.marks == [Mark.LOSS, Mark.HELD]
    assert row.codecs == ["PCMA", "G722"]
    assert row.packets == 3000


def test_indexing_twice_counts_once(database):
    record = make_record()
    calls.index(database, record)
    calls.index(database, record)
    assert calls.find(database, CallFilter(), scope=EVERYTHING).total == 1
    assert statement(database) == {"": (1, 240_058)}


def test_a_second_record_of_a_call_replaces_the_first_in_row_and_statement(database):
    record = make_record()
    calls.index(database, record)
    calls.index(database, make_record(call_id=record.call.call_id, reason=Reason.NO_MEDIA, codecs=()))
    assert statement(database) == {"no_media": (1, 0)}
    assert calls.row(database, record.call.call_id, scope=EVERYTHING).reason is Reason.NO_MEDIA


def test_more_calls_than_can_be_sorted_by_number_are_refused_and_fewer_are_not(database, monkeypatch):
    monkeypatch.setattr(search, "SORTED", 2)
    for number in ("3", "1", "2"):
        calls.index(database, make_record(number, "8001"))
    by_caller = CallFilter(sort=Sort.CALLER)
    with pytest.raises(search.TooManyToSort) as refused:
        calls.find(database, by_caller, scope=EVERYTHING)
    assert refused.value.facts["limit"] == 2
    assert search.count(database, by_caller, scope=EVERYTHING) == 3
    narrowed = CallFilter(sort=Sort.CALLER, number="1", match=Match.EXACT)
    assert [call.caller.number for call in calls.find(database, narrowed, scope=EVERYTHING).calls] == ["1"]


def test_an_estimate_is_kept_for_the_pages_that_follow_and_made_anew_in_time(database, monkeypatch):
    monkeypatch.setattr(search, "GATHERED", 0)
    monkeypatch.setattr(search, "SAMPLE", 4)
    at = (NOON + timedelta(minutes=n) for n in range(20))
    calls.index_all(database, [make_record(at=next(at), talk_s=60.0) for _ in range(10)])
    long_ones = CallFilter(min_s=30)
    page = calls.find(database, long_ones, scope=EVERYTHING)
    assert (page.total, page.is_exact) == (10, False)
    calls.index_all(database, [make_record(at=next(at), talk_s=1.0) for _ in range(5)])
    assert calls.find(database, long_ones, scope=EVERYTHING).total == 15
    monkeypatch.setattr(search, "_SAMPLED_ANEW", 1)
    page = calls.find(database, long_ones, scope=EVERYTHING)
    assert (page.total, len(page.calls)) == (10, 10), "never less than was seen"


def test_a_far_page_of_a_list_of_unknown_length_is_found_by_time(database, monkeypatch):
    for name, value in (("GATHERED", 0), ("SAMPLE", 4), ("WALKED", 4)):
        monkeypatch.setattr(search, name, value)
    minutes = range(40)
    calls.index_all(
        database,
        [make_record(at=NOON + timedelta(minutes=n), talk_s=60.0 if n % 2 else 1.0) for n in minutes],
    )
    wanted = CallFilter(min_s=30, page=6, page_size=2)
    page = calls.find(database, wanted, scope=EVERYTHING)
    assert not page.is_exact
    assert len(page.calls) == 2
    assert all(call.duration_s == 60.0 for call in page.calls)
    # Ten of twenty calls stand before it; the half of the time is about there.
    assert timedelta(minutes=15) < page.calls[0].started_at - NOON < timedelta(minutes=25)
    later = calls.find(database, wanted, scope=EVERYTHING, cursor=page.next)
    assert later.calls[0].started_at < page.calls[-1].started_at
    before = calls.find(database, wanted, scope=EVERYTHING, cursor=page.previous)
    assert before.calls[-1].started_at > page.calls[0].started_at
    assert calls.find(database, msgspec.structs.replace(wanted, page=900), scope=EVERYTHING).calls == []


def test_an_unknown_call_is_none(database):
    assert calls.get(database, "nothing", scope=EVERYTHING) is None
    assert calls.row(database, "nothing", scope=EVERYTHING) is None


def test_half_characters_of_hostile_signalling_do_not_stop_the_ledger(database):
    record = make_record()
    record.manifest.call.caller = Party(number="\ud800ab\0", display="\udcff")
    row = calls.row_of(record)
    assert row.caller.number.encode()
    assert row.caller.display.encode()


@pytest.mark.parametrize(
    ("match", "number", "found"),
    [
        (Match.PREFIX, "+4930", {"a", "b"}),
        (Match.PREFIX, "0049", set()),
        (Match.SUFFIX, "456", {"a"}),
        (Match.CONTAINS, "30123", {"a", "b"}),
        (Match.CONTAINS, "1", {"a", "b", "c"}),
        (Match.CONTAINS, "LICE", {"c"}),
        (Match.EXACT, "49 (30) 123-456", {"a"}),
        (Match.EXACT, "4930", set()),
        (Match.CONTAINS, "%", set()),
        (Match.CONTAINS, 'x" OR number:"4', set()),
        (Match.PREFIX, "  ", {"a", "b", "c"}),
    ],
)
def test_numbers_are_found_however_they_are_written(database, match, number, found):
    for name, caller in (("a", "+4930123456"), ("b", "+4930123999"), ("c", "alice")):
        calls.index(database, make_record(caller=caller, callee="1001", call_id=name))
    page = calls.find(database, CallFilter(number=number, match=match), scope=EVERYTHING)
    assert {row.call_id for row in page.calls} == found
    assert page.total == len(found)


def test_calls_are_found_by_how_they_sounded_and_whose_fault_it_was(database):
    for name, mos, verdict in (
        ("good", 4.4, quality.Verdict.CLEAN),
        ("poor", 2.9, quality.Verdict.NETWORK),
        ("ours", 4.4, quality.Verdict.COPY),
    ):
        record = make_record(call_id=name)
        record.quality = CallQuality(mos=mos, verdict=verdict)
        calls.index(database, record)
    calls.index(database, make_record(call_id="unheard", reason=Reason.NO_ANSWER))

    def names(**wanted):
        return {row.call_id for row in calls.find(database, CallFilter(**wanted), scope=EVERYTHING).calls}

    assert names(max_mos=3.6) == {"poor"}
    assert names(verdict=quality.Verdict.COPY) == {"ours"}
    row = calls.row(database, "poor", scope=EVERYTHING)
    assert (row.mos, row.verdict) == (2.9, quality.Verdict.NETWORK)
    row = calls.row(database, "unheard", scope=EVERYTHING)
    assert (row.mos, row.verdict) == (None, None)


def test_paging_neither_repeats_nor_misses_a_call(database):
    calls.index_all(database, [make_record(at=NOON + timedelta(seconds=n // 3)) for n in range(50)])
    seen = []
    for page in range(1, 7):
        seen += [
            row.call_id
            for row in calls.find(database, CallFilter(page=page, page_size=10), scope=EVERYTHING).calls
        ]
    assert len(seen) == len(set(seen)) == 50
    starts = [calls.row(database, call_id, scope=EVERYTHING).started_at for call_id in seen]
    assert starts == sorted(starts, reverse=True)


def test_page_sizes_beyond_the_bounds_are_bent(database):
    calls.index(database, make_record())
    assert calls.find(database, CallFilter(page_size=10**9), scope=EVERYTHING).page_size == 100
    assert calls.find(database, CallFilter(page_size=0, page=-5), scope=EVERYTHING).page == 1
    assert calls.find(database, CallFilter(page=10**12), scope=EVERYTHING).calls == []


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (CallFilter(), "calls_time"),
        (CallFilter(number="123456"), "calls_caller"),
        (CallFilter(number="123456"), "calls_callee"),
        (CallFilter(number="123456"), "numbers_trigram"),
        (CallFilter(caller="123", match=Match.SUFFIX), "numbers_reversed"),
        (CallFilter(caller="123", match=Match.PREFIX), "sqlite_autoindex_numbers"),
        (CallFilter(interaction_id="x"), "calls_interaction"),
        (CallFilter(sip_call_id="x"), "calls_sip"),
        (CallFilter(started_from=NOON, started_until=NOON + timedelta(hours=1), number="1"), "calls_"),
    ],
)
def test_each_question_is_answered_from_an_index(database, wanted, index):
    calls.index_all(database, [make_record(at=NOON + timedelta(minutes=n)) for n in range(20)])
    plan = []
    with database.read():
        connection = database.sqlite.connection()
        statements = []
        connection.set_trace_callback(statements.append)
        calls.find(database, wanted, scope=EVERYTHING)
        connection.set_trace_callback(None)
        for statement in statements:
            if statement.startswith("SELECT"):
                plan += [row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + statement)]
    text = "\n".join(plan)
    assert index in text or (index == "numbers_trigram" and "VIRTUAL TABLE INDEX" in text), text


def test_the_home_figures_are_those_of_the_place(database, zone):
    calls.index_all(
        database,
        [
            make_record(at=NOON.replace(hour=18, minute=20)),  # 23:50 in India
            make_record(at=NOON.replace(hour=18, minute=40), reason=Reason.NO_MEDIA),  # 00:10 of the next day
            make_record(at=NOON.replace(hour=19, minute=10)),
        ],
    )
    figures = calls.home(database, NOON.replace(hour=20), 3, zone, scope=EVERYTHING)
    assert [(day.date.day, day.calls, day.recordings) for day in figures.per_day] == [
        (20, 0, 0),
        (21, 1, 1),
        (22, 2, 1),
    ]
    assert (figures.calls_today, figures.recordings_today, figures.not_recorded_today) == (2, 1, 1)
    assert figures.per_hour[0].calls == 2
    assert figures.per_hour[23].calls == 0
    assert figures.reasons_today == {Reason.NO_MEDIA: 1}
    assert figures.archive_bytes == 2 * 240_058
    assert figures.bytes_per_day == 240_058


@pytest.fixture
def zone():
    return ZoneInfo("Asia/Kolkata")


def test_the_figures_equal_a_count_of_the_calls(database, zone):
    records = [
        make_record(at=NOON - timedelta(hours=7 * n), reason=Reason.BUSY if n % 3 == 0 else None)
        for n in range(60)
    ]
    calls.index_all(database, records)
    figures = calls.home(database, NOON, 14, zone, scope=EVERYTHING)
    for day in figures.per_day:
        of_day = [one for one in records if one.call.started_at.astimezone(zone).date() == day.date]
        assert day.calls == len(of_day)
        assert day.recordings == sum(one.recording is not None for one in of_day)
        assert day.bytes == sum(one.recording.bytes for one in of_day if one.recording)


@pytest.mark.parametrize(
    ("number", "hours", "verdict", "shown"),
    [
        ("030 123456", 0, Verdict.RECORDED, ["good"]),
        ("1001", 0, Verdict.PARTLY, ["good", "bad"]),
        ("555", 0, Verdict.NOT_RECORDED, ["bad"]),
        ("030 123456", 5, Verdict.OTHER_TIME, ["good"]),
        ("999999", 0, Verdict.NEVER_SEEN, []),
        ("", 0, Verdict.NEVER_SEEN, []),
        ("1", 0, Verdict.NEVER_SEEN, []),
    ],
)
def test_the_ledger_says_why(database, number, hours, verdict, shown):
    calls.index(database, make_record(caller="+4930123456", callee="1001", call_id="good", talk_s=600))
    calls.index(
        database,
        make_record(
            caller="555",
            callee="1001",
            call_id="bad",
            at=NOON + timedelta(minutes=1),
            reason=Reason.ENCRYPTED,
        ),
    )
    at = NOON + timedelta(hours=hours, minutes=8)
    answer = calls.why(database, number, at, timedelta(minutes=10), scope=EVERYTHING)
    assert (answer.verdict, [row.call_id for row in answer.calls]) == (verdict, shown)


def test_a_rebuild_makes_the_index_agree_with_the_archive(database, layout):
    kept, gone = make_record(), make_record()
    calls.index(database, gone)
    folder = layout.archive / "2026" / "11" / "21"
    folder.mkdir(parents=True)
    (folder / f"{kept.call.call_id}_1_2.json").write_bytes(msgspec.json.encode(kept))
    (folder / "broken.json").write_bytes(b"{")
    rebuilt = calls.rebuild(database, [layout.archive])
    assert (rebuilt.indexed, rebuilt.dropped, [path.name for path in rebuilt.unreadable]) == (
        1,
        1,
        ["broken.json"],
    )
    assert calls.get(database, kept.call.call_id, scope=EVERYTHING) == kept
    assert calls.get(database, gone.call.call_id, scope=EVERYTHING) is None
    assert statement(database) == {"": (1, 240_058)}


def test_a_call_has_either_a_recording_or_a_reason_never_both(database):
    record = make_record()
    record.reason = Reason.NO_MEDIA
    with pytest.raises(Exception, match="CHECK"):
        calls.index(database, record)
    assert make_call().talk_s == 30.0


def statement(database):
    return {
        reason: (count, size)
        for reason, count, size in database.rows(
            Quarters.select(Quarters.reason, Quarters.calls, Quarters.bytes)
        )
        if count
    }


@pytest.mark.parametrize("sort", [Sort.LONGEST, Sort.SHORTEST, Sort.BEST, Sort.WORST])
@pytest.mark.parametrize(
    "narrowed", [{}, {"recorded": False}, {"started_from": NOON + timedelta(minutes=40)}]
)
def test_a_page_far_into_a_list_by_value_is_a_run_of_that_list_from_about_there(
    database, monkeypatch, sort, narrowed
):
    records = [
        make_record(
            at=NOON + timedelta(minutes=n),
            talk_s=float(n % 7) * (n % 3),
            mos=(4.41, 4.41, 3.2)[n % 3],
            reason=None if n % 2 else Reason.NO_MEDIA,
        )
        for n in range(120)
    ]
    calls.index_all(database, records)
    wanted = CallFilter(sort=sort, page_size=5, **narrowed)
    whole = [row for part in search.each(database, wanted, scope=EVERYTHING) for row in part]
    assert len(whole) > 50
    for name, value in (("GATHERED", 0), ("SMALL_SAMPLE", 60), ("WALKED", 4)):
        monkeypatch.setattr(search, name, value)
    for page in range(1, len(whole) // 5 + 2):
        found = calls.find(database, msgspec.structs.replace(wanted, page=page), scope=EVERYTHING)
        if (page - 1) * 5 >= len(whole):
            assert not found.calls
            continue
        begin = whole.index(found.calls[0])
        assert found.calls == whole[begin : begin + 5]
        assert abs(begin - (page - 1) * 5) < len(whole) / 3
        if found.next:
            after = calls.find(database, wanted, scope=EVERYTHING, cursor=found.next)
            assert after.calls[0] == whole[begin + 5]
