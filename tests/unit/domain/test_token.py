import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.domain.token import Tokens

TOKENS = Tokens(b"k" * 32)


def test_the_same_number_is_the_same_token_with_another_key_another():
    assert TOKENS.of("+4930123456") == TOKENS.of("4930123456") != TOKENS.of("4930123457")
    assert Tokens(b"x").of("4930123456") != TOKENS.of("4930123456")


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
