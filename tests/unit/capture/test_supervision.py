"""Rules and orders on calls: when the engine is told to keep nothing, and which keys are an order."""

import pytest

from appliance.bus.topics import ControlOrder
from appliance.capture.leg import Leg
from appliance.capture.seen import DtmfSeen
from appliance.capture.supervision import OrderDesk, Supervision, dice_of
from appliance.core.clock import from_ns
from appliance.domain.call import Call, Direction, Party, Side
from appliance.domain.control import NO_SUCH_CALL, ControlState, Verb
from appliance.domain.ledger import Mark, Reason
from appliance.domain.policy import Action, Ground
from appliance.settings.storage import validate

S = 1_000_000_000
START = 1_700_000_000 * S


class Engine:
    """Remembers what is muted."""

    def __init__(self) -> None:
        self.at_ns = START
        self.muted: dict[str, bool] = {}

    def pause(self, bundle: str, *, paused: bool) -> None:
        self.muted[bundle] = paused

    def now_ns(self) -> int:
        return self.at_ns


@pytest.fixture
def engine() -> Engine:
    return Engine()


def rulebook(**values: object):
    return validate({"recording": values}).recording


def leg(call_id: str = "a", caller: str = "1001") -> Leg:
    call = Call(
        call_id=call_id,
        sip_call_id=f"{call_id}@x",
        interaction_id=call_id,
        caller=Party(number=caller),
        callee=Party(number="8001"),
        started_at=from_ns(START),
        direction=Direction.INCOMING,
    )
    return Leg(call, 1, START)


def press(
    supervision: Supervision, one: Leg, keys: str, way="rfc4733", at_s: float = 1.0, gap_s: float = 0.3
):
    for number, key in enumerate(keys):
        supervision.pressed(one, key, way, Side.CALLER, START + round((at_s + number * gap_s) * S))


def test_an_excluded_call_is_muted_from_its_beginning(engine: Engine) -> None:
    one = leg()
    Supervision(engine, rulebook(blacklist=[{"number": "1001"}])).admit(one, None)
    assert engine.muted == {"a": True}
    assert one.manifest("", complete=True).withheld is Reason.POLICY


def test_with_look_back_a_waiting_call_is_not_muted(engine: Engine) -> None:
    Supervision(engine, rulebook(mode="keys", look_back=True)).admit(leg(), None)
    Supervision(engine, rulebook(mode="keys", look_back=False)).admit(leg("b"), None)
    assert engine.muted == {"b": True}


def test_more_signalling_may_change_a_guess(engine: Engine) -> None:
    supervision = Supervision(engine, rulebook(blacklist=[{"number": "1001"}]))
    one = leg(caller="")
    supervision.admit(one, None)
    assert one.course.state is ControlState.RECORDING
    one.call.caller = Party(number="1001")
    supervision.admit(one, None)
    assert engine.muted == {"a": True}


def test_calls_that_end_or_stop_make_room_under_the_licence(engine: Engine) -> None:
    supervision = Supervision(engine, rulebook(licensed_calls=1))
    first, second, third, fourth = (leg(name) for name in "abcd")
    supervision.admit(first, None)
    supervision.admit(second, None)
    assert second.policy is not None
    assert second.policy.reason is Reason.LICENCE
    assert Mark.OVER_LICENCE in second.marks
    supervision.ended(first)
    supervision.admit(third, None)
    assert third.course.state is ControlState.RECORDING
    assert supervision.order(third, Verb.STOP, "ann") is None
    supervision.admit(fourth, None)
    assert fourth.course.state is ControlState.RECORDING
    assert supervision.counters == {"over_licence": 1, "licensed_calls": 1}


def test_while_recording_is_stopped_for_want_of_room_calls_keep_their_row_and_say_why(engine):
    room = [False]
    supervision = Supervision(engine, rulebook(), has_room=lambda: room[0])
    full, later = leg("a", "2002"), leg("b", "2002")
    supervision.admit(full, None)
    assert (full.policy.ground, full.policy.reason) == (Ground.NO_ROOM, Reason.DISK_FULL)
    assert full.policy.action is Action.IGNORE
    room[0] = True
    supervision.admit(later, None)
    assert later.policy.action is Action.RECORD


def test_keys_in_a_row_are_an_order_and_keys_far_apart_are_not(engine: Engine) -> None:
    supervision = Supervision(engine, rulebook(mode="keys", start_key="*1"))
    one = leg()
    supervision.admit(one, None)
    press(supervision, one, "*1", gap_s=6.0)
    assert one.course.state is ControlState.IDLE
    press(supervision, one, "9*1", at_s=60)
    assert one.course.state is ControlState.RECORDING
    assert one.control[0].by == "caller"


def test_one_press_told_both_ways_counts_once(engine: Engine) -> None:
    supervision = Supervision(engine, rulebook(mode="keys", start_key="11", key_source="both"))
    one = leg()
    supervision.admit(one, None)
    press(supervision, one, "1", at_s=1.0)
    press(supervision, one, "1", way="info", at_s=1.1)
    assert one.course.state is ControlState.IDLE
    press(supervision, one, "1", at_s=1.5)
    assert one.course.state is ControlState.RECORDING


def test_keys_of_another_source_are_passed_over(engine: Engine) -> None:
    supervision = Supervision(engine, rulebook(mode="keys", start_key="1", key_source="info"))
    one = leg()
    supervision.admit(one, None)
    press(supervision, one, "1")
    assert one.course.state is ControlState.IDLE


def test_keys_are_swapped_while_a_call_is_up(engine: Engine) -> None:
    supervision = Supervision(engine, rulebook(discard_key="1"))
    one = leg()
    supervision.admit(one, None)
    supervision.renew(rulebook(discard_key="2"))
    press(supervision, one, "1")
    assert one.course.state is ControlState.RECORDING
    press(supervision, one, "2", at_s=9)
    assert one.course.state is ControlState.DISCARDED
    assert engine.muted == {"a": True}


def test_digits_of_a_pause_are_not_stored(engine: Engine) -> None:
    supervision = Supervision(engine, rulebook())
    one = leg()
    supervision.admit(one, None)
    assert supervision.order(one, Verb.PAUSE, "ann") is None
    one.digit_seen(DtmfSeen("a", 0, "4", START, 100, paused=True))
    assert supervision.order(one, Verb.RESUME, "ann") is None
    one.digit_seen(DtmfSeen("a", 0, "5", START, 100, paused=True))
    one.digit_seen(DtmfSeen("a", 0, "6", START, 100))
    assert [event.detail for event in one.call.events] == ["6"]


def test_a_pause_ends_by_itself_when_the_settings_say_so(engine: Engine) -> None:
    supervision = Supervision(engine, rulebook(auto_resume_s=10))
    one = leg()
    supervision.admit(one, None)
    assert supervision.order(one, Verb.PAUSE, "ann") is None
    supervision.tick(START + 9 * S)
    assert engine.muted == {"a": True}
    engine.at_ns = START + 10 * S
    supervision.tick(engine.at_ns)
    assert engine.muted == {"a": False}
    assert [(order.verb, order.by) for order in one.control] == [
        (Verb.PAUSE, "ann"),
        (Verb.RESUME, "time-out"),
    ]


def test_the_direction_is_reversed_when_the_settings_say_so(engine: Engine) -> None:
    one = leg()
    Supervision(engine, rulebook(reverse_direction=True)).admit(one, None)
    assert one.call.direction is Direction.OUTGOING


def test_legs_of_one_conversation_throw_the_same_dice() -> None:
    thrown = [dice_of(f"call-{number}") for number in range(1000)]
    assert dice_of("call-1") == thrown[1]
    assert all(0 <= one < 1 for one in thrown)
    assert 400 < sum(one < 0.5 for one in thrown) < 600


def test_an_order_is_obeyed_for_a_call_that_is_up_and_no_other(engine: Engine) -> None:
    desk = OrderDesk()
    order = ControlOrder(at=from_ns(START), id="x-1", call_id="a", verb=Verb.PAUSE, by="ann")
    assert desk.act(order) == (NO_SUCH_CALL, None)
    one = leg()
    desk.supervision = Supervision(engine, rulebook())
    desk.supervision.admit(one, None)
    desk.find = {"a": one}.get
    refusal, now = desk.act(order)
    assert refusal is None
    assert now is not None
    assert now.state is ControlState.PAUSED
    one.end_silently(START)
    assert desk.act(order) == (NO_SUCH_CALL, None)


def test_a_key_that_may_not_be_stored_still_controls_the_recording(engine: Engine) -> None:
    one = leg()
    one.keeps_keys = False
    supervision = Supervision(engine, rulebook(pause_key="*7", key_source="all"))
    supervision.admit(one, None)
    for number, key in enumerate("*7"):
        supervision.heard(one, key, Side.CALLER, START + (1 + number) * S // 2)
    one.digit_seen(DtmfSeen(bundle="a", side=0, digit="5", at_ns=START + S, duration_ms=100))
    assert one.course.state is ControlState.PAUSED
    assert [event for event in one.call.events if event.kind == "dtmf"] == []


def test_licence_files_bound_what_the_settings_allow_and_are_asked_for_each_call(engine: Engine) -> None:
    licensed: list[int | None] = [1]
    supervision = Supervision(engine, rulebook(licensed_calls=5), licensed=lambda: licensed[0])
    calls = [leg(name) for name in "abcd"]
    for one in calls[:2]:
        supervision.admit(one, None)
    assert [one.policy.reason for one in calls[:2] if one.policy] == [None, Reason.LICENCE]
    assert Mark.OVER_LICENCE in calls[1].marks
    assert supervision.counters == {"over_licence": 1, "licensed_calls": 1}
    licensed[0] = 30  # another file was brought
    supervision.admit(calls[2], None)
    assert calls[2].course.state is ControlState.RECORDING
    assert supervision.counters == {"over_licence": 1, "licensed_calls": 5}
    licensed[0] = 0  # all were taken away: what is up goes on
    supervision.admit(calls[3], None)
    assert calls[3].policy is not None
    assert calls[3].policy.reason is Reason.LICENCE
    assert calls[0].course.state is ControlState.RECORDING
