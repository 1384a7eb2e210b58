from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.archive.layout import is_bundle_name, stem_of
from appliance.core.clock import id_time, sortable_id, to_ns
from appliance.domain.call import Party
from tests.rigs.records import NOON, make_call


def test_a_name_tells_day_call_and_parties():
    call = make_call(caller="+4930123", callee="1001", call_id="abc")
    assert stem_of(call) == "2026/11/21/abc_+4930123_1001"


def test_the_day_is_that_of_utc():
    call = make_call(at=(NOON - timedelta(hours=12, minutes=1)), call_id="abc")
    assert stem_of(call).startswith("2026/11/20/")


def test_unknown_parties_have_a_name():
    assert stem_of(make_call(caller="", callee="..", call_id="abc")).endswith("abc_unknown_unknown")


@given(caller=st.text(max_size=400), callee=st.text(max_size=400))
def test_no_number_leaves_the_folder_or_breaks_the_name(caller, callee):
    call = make_call(call_id="abc")
    call.caller, call.callee = Party(number=caller), Party(number=callee)
    year, month, day, name = stem_of(call).split("/")
    assert (year, month, day) == ("2026", "11", "21")
    assert len(name.encode()) < 200
    assert name.isascii()
    assert not name.startswith(".")


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "a\0b", "x" * 65, "-rf", "a b"])
def test_such_a_folder_is_no_bundle(name):
    assert not is_bundle_name(name)


@given(st.integers(0, 10**18))
def test_an_id_tells_its_time(at_ns):
    assert to_ns(id_time(sortable_id(at_ns))) == at_ns // 1_000_000 * 1_000_000


@pytest.mark.parametrize("text", ["", "abc", "i" * 20, "0" * 21])
def test_other_names_tell_no_time(text):
    assert id_time(text) is None
