import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.domain.token import Tokens
from appliance.store.row import number_key

TOKENS = Tokens(b"k" * 32)


def test_the_same_number_is_the_same_token_with_another_key_another():
    assert TOKENS.of("+4930123456") == TOKENS.of("4930123456") != TOKENS.of("4930123457")
    assert Tokens(b"x").of("4930123456") != TOKENS.of("4930123456")


def test_numbers_that_look_alike_when_masked_are_told_apart():
    numbers = [f"138{middle:04}0001" for middle in range(10_000)]
    found = {number: TOKENS.of(number) for number in numbers}
    assert len(set(found.values())) == len(numbers)
    assert all(re.fullmatch("n:[0-9a-f]{16}", token) for token in found.values())


@pytest.mark.parametrize(
    "written", ["+86 138-1234-0001", "8613812340001", "(+86) 138 1234.0001", " 86/13812340001"]
)
def test_a_number_has_one_token_however_it_is_written(written):
    assert TOKENS.of(number_key(written)) == TOKENS.of("8613812340001")


def test_names_of_telephones_have_tokens_too_and_no_number_has_none():
    assert (
        TOKENS.of(number_key("Alice")) == TOKENS.of(number_key(" alice")) != TOKENS.of(number_key("alicia"))
    )
    assert TOKENS.of("") == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("call from 13812340001 to 8001", "13812340001"),
        ("INVITE sip:alice.smith@10.0.0.1 SIP/2.0", "alice.smith"),
        ("<sip:+4930123456;tag=x@host>", "+4930123456"),
        ("tel:+86-10-88881234", "+86-10-88881234"),
        ("number=8001, next", "8001"),
        ("拨打13812340001失败", "13812340001"),
        ("(+4930123456)", "+4930123456"),
    ],
)
def test_numbers_and_names_are_gone(text, number):
    told = TOKENS.text(text)
    assert number not in told
    assert "n:" in told


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T12:00:00.123456Z",
        "10.0.0.1:5060",
        "192.168.100.200",
        "12:30:05",
        "01m7zje84xk50sp21fjd",
        "loss 0.12345",
        "/dev/sda1",
        "5.10.0-123",
    ],
)
def test_times_addresses_and_identifiers_stay(text):
    assert TOKENS.text(text) == text


@settings(deadline=None)
@given(st.text(max_size=30), st.from_regex(r"\A[0-9]{5,15}\Z"), st.text(max_size=30))
def test_a_number_between_blanks_never_passes(before, number, after):
    assert f" {number} " not in TOKENS.text(f"{before} {number} {after}")
