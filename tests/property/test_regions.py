"""Regions told by classes of numbers are those that the library tells of each number."""

import phonenumbers
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webadmin.regions import looked_up, national_plainly, region, regions

MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
FIXED = st.builds(
    lambda city, number: city + number,
    st.sampled_from(["010", "021", "0755", "0571", "0512"]),
    st.from_regex(r"[2-8][0-9]{6,7}", fullmatch=True),
)
BERLIN = st.from_regex(r"0(30|89|40)[1-9][0-9]{6}", fullmatch=True)


@settings(max_examples=300, deadline=None)
@example(number="01080000000", language="en")
@example(number="17933009800", language="en")
@example(number="17966001450", language="en")
@given(number=MOBILES | FIXED, language=st.sampled_from(["en", "zh"]))
def test_chinese_numbers_are_where_the_library_says(number, language):
    assert region(number, language, "CN") == looked_up(number, language, "CN")


@settings(max_examples=100, deadline=None)
@given(number=BERLIN, language=st.sampled_from(["en", "zh"]))
def test_numbers_of_another_country_are_where_the_library_says(number, language):
    assert region(number, language, "DE") == looked_up(number, language, "DE")


@settings(max_examples=500, deadline=None)
@example(digits="08613800138", country="CN")
@example(digits="8613800138000", country="CN")
@example(digits="1790013800138000", country="CN")
@example(digits="00000000", country="IT")
@example(digits="06123456789", country="HU")
@example(digits="\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668", country="DE")
@example(digits="\u00b2\u00b2\u00b2\u00b2\u00b2\u00b2\u00b2\u00b2", country="DE")
@given(
    digits=st.from_regex(r"0?[0-9]{6,17}", fullmatch=True),
    country=st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)),
)
def test_what_is_read_plainly_is_what_the_library_parses(digits, country):
    national = national_plainly(digits, country)
    if national:
        parsed = phonenumbers.parse(digits, country)
        assert phonenumbers.national_significant_number(parsed) == national
        assert parsed.country_code == phonenumbers.country_code_for_region(country)
        assert not parsed.italian_leading_zero


@settings(max_examples=300, deadline=None)
@example(number="\u00b2\u00b2\u00b2\u00b2\u00b2\u00b2\u00b2\u00b2", country="CN")
@example(number="+", country="CN")
@given(
    number=st.from_regex(r"\+{0,2}[0-9*#]{0,20}", fullmatch=True) | st.text(max_size=12),
    country=st.sampled_from(["CN", "DE", "IT", "HU", "GB", "US", "AR", "001", ""]),
)
def test_whatever_was_dialled_is_at_home_somewhere_or_nowhere(number, country):
    assert isinstance(region(number, "en", country), str)


def test_what_was_judged_is_forgotten_before_it_is_too_much(monkeypatch):
    monkeypatch.setattr("webadmin.regions._MOST_KEPT", 3)
    told = regions.__wrapped__("en", "CN")
    numbers = [f"1380{n}000000"[:11] for n in range(10)]
    assert [told.of(number) for number in numbers] == [looked_up(number, "en", "CN") for number in numbers]
    assert sum(map(len, told._plans.values())) <= 3
