"""A line and a form are one question: what is written from filters is read as the same filters, in both languages."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webadmin.query_line import MAX_LINE, read, span_of, words_of, write
from webadmin.query_words import BY_FIELD, RANGES

SHANGHAI = ZoneInfo("Asia/Shanghai")
DEPARTMENTS = {"Sales": 1, "Sales/Far East": 2, "销售 部": 3, 'The "Q"': 4}
FREE = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=12
) | st.sampled_from(["a b", 'x"y', "back\\slash", "colon:here", "：", "-minus", '"', "\\", 'end\\"'])
CHOICES = {
    field: st.sampled_from([str(value) for value in key.values])
    for field, key in BY_FIELD.items()
    if key.values is not None
}
WITHOUT = {key.without: CHOICES.get(field, FREE) for field, key in BY_FIELD.items() if key.without}
TEXTS = dict.fromkeys(
    ("extension", "name", "company", "codec", "trunk", "tag", "note", "interaction_id"), FREE
)
LENGTHS = st.integers(0, 5_000_000).map(lambda thousandths: thousandths / 1000)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        **CHOICES,
        **WITHOUT,
        **TEXTS,
        "range": st.sampled_from(list(RANGES)),
        "department": st.sampled_from(list(DEPARTMENTS.values())),
        "min_s": LENGTHS,
        "max_s": LENGTHS,
        "max_mos": st.integers(1000, 5000).map(lambda thousandths: thousandths / 1000),
    },
)
NUMBERS = (
    st.fixed_dictionaries(
        {"match": st.sampled_from(["contains", "prefix", "suffix", "exact", "pattern"])},
        optional={
            name: st.from_regex(r"[0-9]{1,11}|[=^*]{0,1}[0-9]{1,4}", fullmatch=True)
            for name in ("number", "caller", "callee")
        },
    )
    .filter(lambda given: len(given) > 1)
    .filter(
        lambda given: (
            given["match"] not in ("prefix", "suffix")
            or all(value.isdigit() for value in given.values() if value != given["match"])
        )
    )
)


@settings(deadline=None)
@given(filters=FILTERS, numbers=st.just({}) | NUMBERS, language=st.sampled_from(["en", "zh"]))
def test_a_written_line_is_read_as_the_same_filters(filters, numbers, language):
    wanted = filters | numbers
    line = write(wanted, language, {key: name for name, key in DEPARTMENTS.items()})
    if len(line) > MAX_LINE:
        return
    found = read(line, SHANGHAI, DEPARTMENTS)
    assert found.problems == [], line
    assert found.filters == wanted, line


@settings(deadline=None)
@given(
    line=st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                "ext:",
                "-",
                ">",
                "5",
                "min",
                "last",
                "week",
                '"',
                "\\",
                "tag:x",
                "-tag:",
                "from:2026-13-01",
                "to:9999-12-31",
                "oneway",
                "：",
                "mos<9",
            ]
        ),
        max_size=12,
    ).map(" ".join)
)
def test_any_line_is_read_or_told_by_its_place(line):
    found = read(line, SHANGHAI)
    for problem in found.problems:
        assert 0 <= problem.begin < problem.end <= len(line)
        assert line[problem.begin : problem.end].strip()
        assert problem.render("en")
        assert re.search(r"[\u4e00-\u9fff]", problem.render("zh"))
    assert len(found.problems) <= len(list(words_of(line)))


@pytest.mark.parametrize(
    ("line", "filters"),
    [
        (
            "ext:8031 last week >5min oneway",
            {"extension": "8031", "range": "last_week", "min_s": 300.0, "mark": "one_way"},
        ),
        (
            "分机:8031 上周 >5分钟 单通",
            {"extension": "8031", "range": "last_week", "min_s": 300.0, "mark": "one_way"},
        ),
        ("dept:sales -tag:spam", {"department": 1, "without_tag": "spam"}),
        ("reviewed 1001", {"reviewed": "yes", "number": "1001", "match": "contains"}),
        ("未阅 分机:1001", {"reviewed": "no", "extension": "1001"}),
        ("已阅：否", {"reviewed": "no"}),
        ("部门：Sales -标签：垃圾", {"department": 1, "without_tag": "垃圾"}),
        ("5039*", {"number": "5039", "match": "prefix"}),
        ("*5039*", {"number": "5039", "match": "contains"}),
        ("num:50?9*1", {"number": "50?9*1", "match": "pattern"}),
        ("missed today < 30 s", {"call_type": "missed", "range": "today", "max_s": 30.0}),
        ("recorded:no reason:busy mos<3.6", {"recorded": "no", "reason": "busy", "max_mos": 3.6}),
        ('note:"call back" SORT:longest', {"note": "call back", "sort": "-duration"}),
        ("from:2026-11-01 to:2026-11-02", {"from": "2026-10-31T16:00:00Z", "to": "2026-11-02T16:00:00Z"}),
        ("", {}),
    ],
)
def test_words_mean_what_they_say(line, filters):
    found = read(line, SHANGHAI, DEPARTMENTS)
    assert found.problems == []
    assert found.filters == filters


@pytest.mark.parametrize(
    ("line", "wrong", "says"),
    [
        ("ext:8031 onewya", "onewya", "oneway"),
        ("etx:8031 today", "etx:8031", "ext:"),
        ("today ext:", "ext:", "needs a value"),
        ("reason:weather", "reason:weather", "no value"),
        ("-ext:8031", "-ext:8031", "minus"),
        ("today last week", "last week", "contradicts"),
        (">5parsec", ">5parsec", "unit"),
        ("text:refund", "text:refund", "not set up"),
        ("from:soon", "from:soon", "no time"),
        ("dept:Nowhere", "dept:Nowhere", "no value"),
    ],
)
def test_what_is_wrong_is_pointed_at(line, wrong, says):
    (problem,) = read(line, SHANGHAI, DEPARTMENTS).problems
    assert line[problem.begin : problem.end] == wrong
    assert says in problem.render("en")


def test_named_times_are_those_of_the_place_over_daylight_saving():
    berlin = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 3, 30, 10, tzinfo=UTC)  # Monday; the clock went forward on Sunday
    assert span_of("yesterday", now, berlin) == (
        datetime(2026, 3, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 22, tzinfo=UTC),
    )
    assert span_of("last_week", now, berlin) == (
        datetime(2026, 3, 22, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 22, tzinfo=UTC),
    )
    assert span_of("last_month", now, berlin)[0] == datetime(2026, 1, 31, 23, tzinfo=UTC)
    assert span_of("today", datetime(2026, 3, 29, 22, 30, tzinfo=UTC), berlin)[0] == datetime(
        2026, 3, 29, 22, tzinfo=UTC
    )
