from datetime import UTC, datetime, timedelta

import pytest

from appliance.domain.call import Direction, Side
from appliance.domain.commissioning import (
    CAUSE_TEXT,
    GRACE_S,
    MIN_PACKETS,
    CallSeen,
    Cause,
    Check,
    Extension,
    Finding,
    NumberBook,
    Registered,
    Standing,
    Surroundings,
    judge,
    twins,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FINE = Surroundings(
    interface="eth1", is_recording=True, has_link=True, packets=1000, sip=10, audio=900, sip_ports=(5060,)
)
PLENTY = {Side.CALLER: 500, Side.CALLEE: 500}


def a_call(**facts):
    plain = {
        "call_id": "1", "at": NOON, "caller": "1001", "callee": "8001",
        "is_answered": True, "is_over": True, "up_s": 10.0, "packets": PLENTY,
    }  # fmt: skip
    return CallSeen(**(plain | facts))


def row_of(number, *calls, around=FINE):
    (row,) = judge([Extension(number=number)], calls, around)
    return row


def around(**changes):
    facts = {name: getattr(FINE, name) for name in FINE.__struct_fields__}
    return Surroundings(**(facts | changes))


@pytest.mark.parametrize("number", ["1001", "8001"])
def test_a_whole_call_passes_both_its_ends(number):
    row = row_of(number, a_call())
    assert row.standing is Standing.PASSED
    assert row.causes == []


def test_a_call_passes_while_it_is_still_going_on():
    assert row_of("1001", a_call(is_over=False, up_s=1.0)).standing is Standing.PASSED


def test_a_young_call_is_given_time():
    row = row_of("1001", a_call(is_over=False, up_s=GRACE_S - 0.1, packets={}))
    assert row.standing is Standing.RUNNING
    assert row.findings[Check.SPOKEN] is Finding.WAITING


def test_without_trunk_addresses_the_direction_is_not_judged_and_hinders_nothing():
    row = row_of("1001", a_call())
    assert row.findings[Check.DIRECTION] is Finding.NOT_JUDGED
    assert row.standing is Standing.PASSED


@pytest.mark.parametrize(
    ("number", "direction", "finding"),
    [
        ("1001", Direction.OUTGOING, Finding.PASSED),
        ("8001", Direction.INCOMING, Finding.PASSED),
        ("1001", Direction.INTERNAL, Finding.PASSED),
        ("1001", Direction.INCOMING, Finding.FAILED),
        ("8001", Direction.OUTGOING, Finding.FAILED),
        ("8001", Direction.UNKNOWN, Finding.FAILED),
    ],
)
def test_the_direction_is_that_of_the_extension(number, direction, finding):
    row = row_of(number, a_call(direction=direction), around=around(knows_trunks=True))
    assert row.findings[Check.DIRECTION] is finding
    assert (row.standing is Standing.PASSED) == (finding is Finding.PASSED)
    if finding is Finding.FAILED:
        unknown = direction is Direction.UNKNOWN
        assert row.causes == [Cause.DIRECTION_UNKNOWN if unknown else Cause.DIRECTION_REVERSED]


@pytest.mark.parametrize(
    ("facts", "cause"),
    [
        ({"packets": {}}, Cause.NO_AUDIO),
        ({"packets": {Side.CALLER: MIN_PACKETS - 1}}, Cause.NO_AUDIO),
        ({"packets": {Side.CALLER: 400}}, Cause.NOT_TO),
        ({"packets": {Side.CALLEE: 400}}, Cause.NOT_FROM),
        ({"packets": {}, "saw_unbound": True}, Cause.OTHER_ADDRESS),
        ({"packets": {Side.CALLER: 400}, "saw_unbound": True}, Cause.OTHER_ADDRESS),
        ({"is_encrypted": True}, Cause.ENCRYPTED),
    ],
)
def test_what_is_missing_names_its_likely_cause(facts, cause):
    row = row_of("1001", a_call(**facts))
    assert row.standing is Standing.FAILED
    assert row.causes == [cause]


def test_for_the_called_telephone_from_and_to_are_the_other_way_round():
    assert row_of("8001", a_call(packets={Side.CALLER: 400})).causes == [Cause.NOT_FROM]


@pytest.mark.parametrize(
    ("facts", "cause"),
    [
        ({"is_answered": False, "up_s": 0.0, "packets": {}, "status_code": 486}, Cause.NOT_ANSWERED),
        ({"up_s": 1.0, "packets": {}}, Cause.TOO_SHORT),
    ],
)
def test_a_call_that_proves_nothing_asks_for_another(facts, cause):
    row = row_of("1001", a_call(**facts))
    assert row.standing is Standing.WAITING
    assert row.findings[Check.SIGNALLING] is Finding.PASSED
    assert row.causes == [cause]


@pytest.mark.parametrize(
    ("changes", "cause", "standing"),
    [
        ({"is_recording": False}, Cause.NO_RECORDER, Standing.FAILED),
        ({"has_link": False}, Cause.NO_LINK, Standing.FAILED),
        ({"packets": 0, "sip": 0, "audio": 0}, Cause.PORT_SILENT, Standing.FAILED),
        ({"sip": 0, "audio": 0}, Cause.NO_TELEPHONY, Standing.WAITING),
        ({"sip": 0}, Cause.AUDIO_WITHOUT_SIP, Standing.WAITING),
        ({"sip": 0, "finds_sip_anywhere": False}, Cause.OTHER_SIP_PORT, Standing.WAITING),
        ({}, Cause.NOT_DIALLED, Standing.WAITING),
    ],
)
def test_where_nothing_was_seen_the_mirror_port_tells_why(changes, cause, standing):
    row = row_of("1001", around=around(**changes))
    assert (row.causes, row.standing, row.call) == ([cause], standing, None)


def test_the_better_call_counts_and_of_equals_the_newer():
    later = NOON + timedelta(minutes=1)
    broken = a_call(call_id="2", at=later, packets={})
    assert row_of("1001", a_call(), broken).call.call_id == "1"
    assert row_of("1001", a_call(packets={}), broken).call.call_id == "2"


@pytest.mark.parametrize(
    ("listed", "signalled"),
    [
        ("1001", "1001"),
        ("+49 211 555-1234", "+492115551234"),
        ("0211 5551234", "+492115551234"),
        ("+492115551234", "02115551234"),
        ("Reception", "reception"),
    ],
)
def test_a_number_is_found_however_it_is_written(listed, signalled):
    assert NumberBook([Extension(number=listed)]).find(signalled) is not None


@pytest.mark.parametrize(
    ("listed", "signalled"),
    [("1001", "21001"), ("1001", "+492111001"), ("2115551234", "2125551234"), ("1001", ""), ("anna", "ann")],
)
def test_another_number_is_not_found(listed, signalled):
    assert NumberBook([Extension(number=listed)]).find(signalled) is None


def test_the_longest_agreement_wins():
    book = NumberBook([Extension(number="5551234"), Extension(number="2115551234")])
    assert book.find("+492115551234").number == "2115551234"
    assert book.find("+492125551234").number == "5551234"


def test_a_number_written_twice_is_noticed():
    one, other = Extension(number="+49 211 1"), Extension(number="492111")
    assert twins([one, Extension(number="2")]) is None
    assert twins([one, Extension(number="2"), other]) == 2


def test_every_cause_is_explained():
    assert set(CAUSE_TEXT) == set(Cause)


def registering(*numbers):
    return {number: Registered(number=number, at=NOON, address="10.0.0.5:5060") for number in numbers}


def test_a_telephone_that_registers_is_known_to_be_mirrored_before_it_is_called():
    (row,) = judge([Extension(number="8001")], [], FINE, registering("8001"))
    assert (row.standing, row.causes) == (Standing.WAITING, [Cause.ONLY_REGISTERED])
    assert row.findings[Check.SIGNALLING] is Finding.PASSED
    assert row.findings[Check.SPOKEN] is Finding.WAITING
    assert row.registered.address == "10.0.0.5:5060"


def test_one_that_does_not_register_where_others_do_is_likely_not_mirrored():
    (row,) = judge([Extension(number="8002")], [], FINE, registering("8001"))
    assert (row.causes, row.registered) == ([Cause.NOT_REGISTERED], None)
    assert row.findings[Check.SIGNALLING] is Finding.WAITING


def test_a_dead_port_is_the_cause_whoever_registered_before():
    (row,) = judge([Extension(number="8001")], [], around(has_link=False), registering("8001"))
    assert row.causes == [Cause.NO_LINK]


def test_a_call_says_more_than_a_registration():
    (row,) = judge([Extension(number="8001")], [a_call()], FINE, registering("8001"))
    assert (row.standing, row.causes, row.registered.number) == (Standing.PASSED, [], "8001")
