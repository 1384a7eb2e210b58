import pytest

from webadmin.files import Span, disposition, has_newest, parse_range
from webadmin.refusals import RangeNotSatisfiable


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", Span(0, 1)),
        ("bytes=0-99", Span(0, 100)),
        ("bytes=10-", Span(10, 100)),
        ("bytes=10-1000", Span(10, 100)),
        ("bytes=-10", Span(90, 100)),
        ("bytes=-1000", Span(0, 100)),
        ("bytes=99-", Span(99, 100)),
    ],
)
def test_one_range_is_served(header, span):
    assert parse_range(header, 100) == span


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused_with_the_size(header):
    with pytest.raises(RangeNotSatisfiable) as caught:
        parse_range(header, 100)
    assert caught.value.facts["size"] == 100


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5-4",
        "bytes=0-1,3-4",
        "bytes=a-b",
        "bytes=--1",
        "bytes=٠-٩",
        "items=0-1",
        "bytes=0x1-2",
        "bytes=" + "9" * 400 + "-",
    ],
)
def test_nonsense_and_several_ranges_are_ignored(header):
    assert parse_range(header, 100) is None


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=0-0", "bytes=-1"])
def test_an_empty_file_has_no_range(header):
    with pytest.raises(RangeNotSatisfiable):
        parse_range(header, 0)


def test_names_for_saving_are_plain_for_old_and_whole_for_new_browsers():
    assert disposition("2026_Müller_中.wav") == (
        "attachment; filename=\"2026_M_ller__.wav\"; filename*=UTF-8''2026_M%C3%BCller_%E4%B8%AD.wav"
    )


@pytest.mark.parametrize(
    "name",
    [
        'a"; filename="evil.exe',
        "a\r\nSet-Cookie: x=y",
        "../../etc/passwd",
        "a\\b/c:d",
        "\x00\x1b[2J",
        "%2e%2e/",
    ],
)
def test_hostile_names_cannot_leave_their_place(name):
    made = disposition(name)
    assert made.count('"') == 2
    assert not set(made) & set("\r\n\\\x00\x1b")
    assert "/" not in made
    assert made.isascii()


def test_a_name_of_nothing_is_still_a_name():
    assert disposition("...") == "attachment; filename=\"file\"; filename*=UTF-8''file"
    assert disposition("") == "attachment; filename=\"file\"; filename*=UTF-8''file"


def test_a_copy_is_known_by_its_tag():
    assert has_newest('"abc"', "abc")
    assert has_newest('W/"abc", "def"', "abc")
    assert has_newest("*", "abc")
    assert not has_newest('"abd"', "abc")
    assert not has_newest("", "abc")
    assert not has_newest("*", "")
