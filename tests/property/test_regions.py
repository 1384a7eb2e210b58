"""Regions told by classes of numbers are those that the library tells of each number."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from webadmin.regions import looked_up, region

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
