"""Calls of SS7 trunks: ISUP and TUP, both sizes of point code, several lines and links."""

import msgspec
import pytest

from appliance.boards.signalling.events import (
    Answered,
    Begun,
    Circuit,
    Ended,
    Noted,
    Numbers,
    Ringing,
    Trouble,
)
from appliance.boards.signalling.trunk import Trunk
from appliance.settings import trunks
from tests.rigs import signalling as wire

SECOND = wire.SECOND
ISUP, TUP = 5, 4


class Link:
    def __init__(self, *, china=True, point_codes=(0x010203, 0x010205), lines=None, **signalling):
        label = "china" if china else "itu"
        settings = {
            "name": "SS7",
            "lines": lines or [{"first_circuit": 64}],
            "signalling": {"kind": "ss7", "label": label, **signalling},
        }
        self.trunk = Trunk(msgspec.convert(settings, trunks.Trunk))
        self.link = wire.SignallingLink(point_codes, china)
        self.at_ns = wire.START
        self.events = []

    def say(self, port, text, service=ISUP):
        self.hear(port, self.link.unit(port, service, text))

    def hear(self, port, frame, e1=0):
        self.at_ns += SECOND
        self.trunk.frame(port, 16, self.at_ns, frame, e1)
        self.events += self.trunk.tick(self.at_ns + SECOND)

    def told(self, *kinds):
        return [event for event in self.events if isinstance(event, kinds)]

    def troubles(self):
        return [event.code for event in self.told(Trouble)]


CALLEE = wire.isup_number("2112345", 3, 0x10)
CALLER = (0x0A, wire.isup_number("1087654321", 3, 0x13))


@pytest.fixture(params=["itu", "china"])
def link(request):
    is_china = request.param == "china"
    return Link(china=is_china, point_codes=(0x010203, 0x010205) if is_china else (4242, 258))


def test_a_whole_isup_call(link):
    link.say(0, wire.iam(67, CALLEE, CALLER))
    begun_ns = link.at_ns
    link.say(1, wire.acm(67))
    link.say(1, wire.anm(67))
    answered_ns = link.at_ns
    link.say(0, wire.rel(67, 16))
    ended_ns = link.at_ns
    link.say(1, wire.rlc(67))
    (begun,) = link.told(Begun)
    assert (begun.at_ns, begun.from_port, begun.circuit) == (begun_ns, 0, Circuit(0, 3))
    assert (begun.caller, begun.callee, begun.category) == ("01087654321", "02112345", "subscriber")
    assert len(link.told(Ringing)) == 1
    assert [event.at_ns for event in link.told(Answered)] == [answered_ns]
    assert [(event.at_ns, event.cause, event.by_port) for event in link.told(Ended)] == [(ended_ns, 16, 0)]
    assert link.troubles() == []


def test_the_ladder_names_the_point_codes():
    link = Link()
    link.say(0, wire.iam(67, CALLEE))
    (step,) = link.told(Begun)[0].steps
    assert (step.source, step.destination, step.transport, step.label) == ("1-2-3", "1-2-5", "isup", "IAM")


def test_a_callee_that_rings_later_is_told_by_progress(link):
    link.say(0, wire.iam(67, CALLEE))
    link.say(1, wire.acm(67, free=False))
    assert link.told(Ringing) == []
    link.say(1, wire.cpg(67))
    assert len(link.told(Ringing)) == 1


def test_subsequent_addresses_grow_the_number_until_it_is_complete(link):
    link.say(0, wire.iam(67, wire.isup_number("2112", 3)))
    link.say(0, wire.sam(67, "3"))
    link.say(0, wire.sam(67, "45", complete=True))
    link.say(0, wire.sam(67, "9"))
    assert [event.callee for event in link.told(Numbers)] == ["021123", "02112345"]


def test_the_filler_and_the_end_of_a_number_are_no_digits(link):
    link.say(0, wire.iam(67, wire.isup_number("12345F", 1, filler=0)))
    link.say(0, wire.iam(68, wire.isup_number("12345", 1, filler=15)))
    assert [event.callee for event in link.told(Begun)] == ["12345", "12345"]


def test_an_answer_without_address_complete_is_an_answer(link):
    link.say(0, wire.iam(67, CALLEE))
    link.say(1, wire.con(67))
    assert len(link.told(Answered)) == 1


def test_a_receiver_that_is_put_down_ends_the_call_then_unless_taken_up_again(link):
    link.say(0, wire.iam(67, CALLEE))
    link.say(1, wire.anm(67))
    link.say(1, wire.suspend(67))
    link.say(1, wire.suspend(67, resume=True))
    link.say(1, wire.suspend(67))
    hung_up_ns = link.at_ns
    link.say(1, wire.rel(67, 16))
    link.say(0, wire.rlc(67))
    assert len(link.told(Answered)) == 1
    assert [(event.at_ns, event.by_port) for event in link.told(Ended)] == [(hung_up_ns, 1)]


def test_original_and_redirecting_numbers_are_told(link):
    link.say(0, wire.iam(67, CALLEE, (0x28, wire.isup_number("55555", 1))))
    link.say(
        0, wire.iam(68, CALLEE, (0x28, wire.isup_number("55555", 1)), (0x0B, wire.isup_number("66666", 1)))
    )
    assert [event.redirecting for event in link.told(Begun)] == ["55555", "66666"]


def test_a_withheld_caller_is_told_as_such(link):
    link.say(0, wire.iam(67, CALLEE, (0x0A, wire.isup_number("123", 1, 0x17))))
    link.say(0, wire.iam(68, CALLEE, (0x0A, wire.isup_number("123", 1, 0x13))))
    assert [event.is_withheld for event in link.told(Begun)] == [True, False]


def test_signal_units_that_come_twice_count_once(link):
    unit = link.link.unit(0, ISUP, wire.iam(67, CALLEE))
    link.hear(0, unit)
    link.hear(0, unit)
    assert len(link.told(Begun)) == 1
    assert link.trunk.counts().repeated == 1


def test_what_a_link_sends_again_from_a_lost_one_on_counts_once(link):
    first, second, third = (link.link.unit(0, ISUP, text) for text in (wire.iam(67, CALLEE), wire.rel(67, 16), wire.iam(68, CALLEE)))  # fmt: skip
    for unit in (first, third, second, third):
        link.hear(0, unit)
    assert len(link.told(Begun)) == 2
    assert link.trunk.counts().repeated == 1


def test_fill_in_units_are_counted_and_forgotten(link):
    for _ in range(1000):
        link.trunk.frame(0, 16, link.at_ns, wire.FILL_IN)
    link.hear(0, wire.STATUS_NORMAL)
    assert link.trunk.counts().idle == 1000
    assert link.events == []


@pytest.mark.parametrize(("code", "winner"), [(66, "2222"), (67, "1111")])
def test_of_two_seizures_the_higher_point_code_wins_even_circuits(code, winner):
    link = Link(china=False, point_codes=(100, 200))
    link.say(0, wire.iam(code, wire.isup_number("1111", 1)))
    link.say(1, wire.iam(code, wire.isup_number("2222", 1)))
    link.say(0 if winner == "2222" else 1, wire.anm(code))
    (answered,) = link.told(Answered)
    assert next(event.callee for event in link.told(Begun) if event.key == answered.key) == winner
    assert "glare" in link.troubles()


def test_an_initial_address_that_comes_again_on_another_link_is_the_same_call(link):
    text = wire.iam(67, CALLEE)
    link.say(0, text)
    link.say(0, text)
    assert len(link.told(Begun)) == 1
    assert len(link.told(Noted)) == 1


def test_a_circuit_that_is_used_again_ends_the_call_before(link):
    link.say(0, wire.iam(67, CALLEE))
    link.say(1, wire.anm(67))
    link.say(0, wire.iam(67, wire.isup_number("777", 1)))
    assert len(link.told(Begun)) == 2
    assert "lost-end" in link.troubles()


def test_a_reset_ends_the_call_of_its_circuit(link):
    link.say(0, wire.iam(67, CALLEE))
    link.say(0, wire.iam(68, CALLEE))
    link.say(1, wire.rsc(67))
    assert len(link.told(Ended)) == 1
    assert link.troubles() == ["restarted"]


def test_a_group_reset_ends_the_calls_of_its_range(link):
    for code in (65, 70, 80):
        link.say(0, wire.iam(code, CALLEE))
    link.say(0, wire.grs(65, 9))
    timeslots = {event.key: event.circuit.timeslot for event in link.told(Begun)}
    assert sorted(timeslots[event.key] for event in link.told(Ended)) == [1, 6]


def test_blocking_for_a_fault_ends_calls_blocking_for_maintenance_does_not(link):
    link.say(0, wire.iam(65, CALLEE))
    link.say(1, wire.cgb(65, 7, 0xFF, kind=0))
    assert link.told(Ended) == []
    link.say(1, wire.cgb(65, 7, 0x01, kind=1))
    assert len(link.told(Ended)) == 1


def test_a_call_whose_beginning_was_not_heard_is_known_by_its_circuit(link):
    link.say(1, wire.anm(67))
    (begun,) = link.told(Begun)
    assert (begun.is_late, begun.from_port, begun.circuit) == (True, 0, Circuit(0, 3))
    assert len(link.told(Answered)) == 1


def test_a_circuit_that_no_line_has_is_told(link):
    link.say(0, wire.iam(999, CALLEE))
    assert link.told(Begun) == []
    assert [event.facts for event in link.told(Trouble)] == [{"circuit": "999"}]


def test_one_link_controls_the_circuits_of_several_lines():
    link = Link(lines=[{"first_circuit": 64}, {"first_circuit": 96, "has_signalling": False}])
    link.say(0, wire.iam(65, CALLEE))
    link.say(0, wire.iam(127, CALLEE))
    assert [event.circuit for event in link.told(Begun)] == [Circuit(0, 1), Circuit(1, 31)]


def test_the_load_may_be_shared_by_links_of_several_lines():
    link = Link(lines=[{"first_circuit": 64}, {"first_circuit": 96}])
    link.hear(0, link.link.unit(0, ISUP, wire.iam(65, CALLEE)), e1=0)
    link.hear(1, wire.SignallingLink((0x010203, 0x010205)).unit(1, ISUP, wire.anm(65)), e1=1)
    assert len(link.told(Answered)) == 1


def test_a_point_code_tells_lines_with_the_same_circuits_apart():
    link = Link(lines=[{"point_code": "9-9-9"}, {"point_code": "1-2-5"}])
    link.say(0, wire.iam(5, CALLEE))
    assert [event.circuit for event in link.told(Begun)] == [Circuit(1, 5)]


def test_the_wrong_size_of_point_codes_finds_no_calls_and_the_right_one_repairs_them():
    frames = Link(china=True)
    units = [frames.link.unit(0, ISUP, wire.iam(67, CALLEE)), frames.link.unit(1, ISUP, wire.anm(67))]
    found = {}
    for china in (False, True):
        link = Link(china=china)
        for port, unit in enumerate(units):
            link.hear(port, unit)
        found[china] = [event.callee for event in link.told(Begun) if not event.is_late]
    assert found == {False: [], True: ["02112345"]}


# ---- TUP: frames worked out by hand from GF 001-9001 and Q.723 ----------------------------------------------------


def tup(code, octets):
    return wire.circuit_code(code) + bytes.fromhex(octets)


def test_a_whole_tup_call():
    link = Link()
    # IAM: category 10 ordinary (0A), national number (02), low half of the third octet spare, 8 digits (80)
    link.say(0, tup(67, "11 0A 02 80 12 11 32 54"), TUP)
    link.say(1, tup(67, "14 04"), TUP)  # ACM, subscriber free (bit C)
    link.say(1, tup(67, "16"), TUP)  # ANC
    answered_ns = link.at_ns
    link.say(0, tup(67, "46"), TUP)  # CLF
    ended_ns = link.at_ns
    link.say(1, tup(67, "17"), TUP)  # RLG
    (begun,) = link.told(Begun)
    assert (begun.callee, begun.category, begun.circuit) == ("021112345", "subscriber", Circuit(0, 3))
    assert len(link.told(Ringing)) == 1
    assert [event.at_ns for event in link.told(Answered)] == [answered_ns]
    assert [(event.at_ns, event.cause, event.by_port) for event in link.told(Ended)] == [(ended_ns, 16, 0)]


def test_an_address_with_additions_names_the_caller_and_the_first_callee():
    link = Link()
    # IAI: 3 digits 800 (00 08), first indicator octet 30 = E calling line, F original called;
    # calling: national, not restricted, 10 digits (A2); original: subscriber, 4 digits (40)
    link.say(0, tup(67, "21 0B 00 30 08 00 30 A2 01 78 56 34 12 40 88 88"), TUP)
    (begun,) = link.told(Begun)
    assert (begun.callee, begun.caller, begun.redirecting) == ("800", "01087654321", "8888")
    assert (begun.category, begun.is_withheld) == ("priority", False)


def test_additions_before_the_caller_are_walked_over():
    link = Link()
    # first indicator octet 1E: B closed user group (5 octets), C and D one octet each, E calling line, restricted (C = 1)
    link.say(0, tup(67, "21 0A 00 10 01 1E AA AA AA AA AA BB CC 34 21 03"), TUP)
    (begun,) = link.told(Begun)
    assert (begun.callee, begun.caller, begun.is_withheld) == ("1", "123", True)


def test_subsequent_addresses_of_tup():
    link = Link()
    link.say(0, tup(67, "11 0A 00 20 21"), TUP)
    link.say(0, tup(67, "31 30 43 05"), TUP)  # SAM: filler in the low half, 3 digits
    link.say(0, tup(67, "41 06"), TUP)  # SAO: one digit in the low half
    assert [event.callee for event in link.told(Numbers)] == ["12345", "123456"]


def test_a_general_request_brings_the_caller_later():
    link = Link()
    link.say(0, tup(67, "11 0A 00 10 01"), TUP)
    link.say(1, tup(67, "13 03"), TUP)  # GRQ: category and calling line wanted
    link.say(0, tup(67, "12 0B 0D 40 65 87 40 88 88"), TUP)  # GSM: A, B, D
    (numbers,) = link.told(Numbers)
    assert (numbers.caller, numbers.redirecting, numbers.category) == ("5678", "8888", "test")


@pytest.mark.parametrize(
    ("heading", "cause"),
    [("65", 17), ("75", 1), ("45", 28), ("15", 42), ("25", 34), ("1E", 17), ("2E", 17), ("85", 27)],
)
def test_a_refusal_of_tup_is_a_cause(heading, cause):
    link = Link()
    link.say(0, tup(67, "11 0A 00 10 01"), TUP)
    link.say(1, tup(67, heading), TUP)
    link.say(0, tup(67, "46"), TUP)
    link.say(1, tup(67, "17"), TUP)
    assert [(event.cause, event.by_port) for event in link.told(Ended)] == [(cause, 1)]


def test_a_callee_that_hangs_up_first_ends_the_tup_call_then():
    link = Link()
    link.say(0, tup(67, "11 0A 00 10 01"), TUP)
    link.say(1, tup(67, "26"), TUP)  # ANN
    link.say(1, tup(67, "36"), TUP)  # CBK
    link.say(1, tup(67, "56"), TUP)  # RAN
    link.say(1, tup(67, "36"), TUP)
    hung_up_ns = link.at_ns
    link.say(0, tup(67, "46"), TUP)
    link.say(1, tup(67, "17"), TUP)
    assert len(link.told(Answered)) == 1
    assert [(event.at_ns, event.by_port) for event in link.told(Ended)] == [(hung_up_ns, 1)]


def test_a_circuit_that_fails_its_test_ends_the_tup_call():
    link = Link()
    link.say(0, tup(67, "11 0A 00 10 01"), TUP)
    link.say(0, tup(67, "42"), TUP)  # CCF, of the calling end
    failed_ns = link.at_ns
    link.say(0, tup(67, "46"), TUP)
    link.say(1, tup(67, "17"), TUP)
    assert [(event.at_ns, event.cause, event.by_port) for event in link.told(Ended)] == [(failed_ns, 41, 0)]


def test_a_reset_of_tup_ends_the_call_of_its_circuit():
    link = Link()
    for code in (67, 68):
        link.say(0, tup(code, "11 0A 00 10 01"), TUP)
    link.say(1, tup(67, "77"), TUP)  # RSC
    timeslots = {event.key: event.circuit.timeslot for event in link.told(Begun)}
    assert [timeslots[event.key] for event in link.told(Ended)] == [3]
    assert link.troubles() == ["restarted"]


def test_a_tup_call_whose_beginning_was_not_heard_is_known_by_its_circuit():
    link = Link()
    link.say(1, tup(67, "16"), TUP)  # ANC comes from the called end
    (begun,) = link.told(Begun)
    assert (begun.is_late, begun.from_port, begun.circuit) == (True, 0, Circuit(0, 3))
    assert len(link.told(Answered)) == 1


def test_a_caller_that_hangs_up_before_the_release_was_guarded_ends_the_tup_call_once():
    link = Link()
    link.say(0, tup(67, "11 0A 00 10 01"), TUP)
    link.say(0, tup(67, "46"), TUP)
    ended_ns = link.at_ns
    link.say(0, tup(67, "46"), TUP)  # again, as nobody answers
    link.say(1, tup(67, "17"), TUP)
    assert [(event.at_ns, event.by_port) for event in link.told(Ended)] == [(ended_ns, 0)]


def test_group_messages_of_tup_end_calls():
    link = Link()
    for code in (65, 66, 70):
        link.say(0, tup(code, "11 0A 00 10 01"), TUP)
    link.say(1, tup(65, "58 07 02"), TUP)  # HGB: eight circuits, the second one is blocked
    assert len(link.told(Ended)) == 1
    link.say(1, tup(65, "98 07"), TUP)  # GRS
    assert len(link.told(Ended)) == 3


def test_tup_with_short_point_codes_has_its_circuit_where_the_selection_is():
    link = Link(china=False, point_codes=(4242, 258))
    link.say(0, tup(67, "11 0A 00 10 01"), TUP)
    assert [event.circuit for event in link.told(Begun)] == [Circuit(0, 3)]


def test_a_user_part_that_is_not_wanted_is_left_out():
    link = Link(user_part="isup")
    link.say(0, tup(67, "11 0A 00 10 01"), TUP)
    assert link.events == []
