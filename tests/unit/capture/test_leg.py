import pytest

from appliance.capture.leg import MAX_EVENTS, MAX_MESSAGES, Leg
from appliance.capture.orphans import Orphans
from appliance.capture.seen import DtmfSeen, OrphanSeen, StreamCount, StreamSeen
from appliance.core.clock import from_ns
from appliance.domain.call import Call, CallState, Party, Side
from appliance.domain.ledger import Mark, Reason
from appliance.sip import events
from appliance.sip.dialog import Tracker
from appliance.sip.message import read
from appliance.sip.sdp import read_sdp
from tests.rigs.wire import EPOCH_NS, Wire

S = 1_000_000_000


def legs_of(*wires):
    """Run SIP through the tracker into legs, one a call, as the mirror does."""
    tracker, legs = Tracker(), {}
    for wire in wires:
        for at_ns, frame in sorted(wire.packets, key=lambda packet: packet[0]):
            if frame[36:38] != (5060).to_bytes(2):
                continue
            for event in tracker.feed(read(frame[42:]), at_ns, "udp", "10.0.0.1:5060", "10.0.0.2:5060"):
                if isinstance(event, events.Started):
                    legs[event.key] = Leg(call_of(at_ns), event.key, at_ns)
                legs[event.key].apply(event)
    return list(legs.values())


def call_of(at_ns):
    return Call(
        call_id="0x",
        sip_call_id="x",
        interaction_id="0x",
        caller=Party(),
        callee=Party(),
        started_at=from_ns(at_ns),
    )


def orphan(source, destination, first_s=0.0, ssrc=1, pt=8):
    return OrphanSeen(*source, *destination, ssrc, pt, 150, EPOCH_NS + round(first_s * S))


def stream_count(first_s, last_s, side=0):
    return StreamCount(
        side=side, src="a:1", dst="b:2", ssrc=1, pt=8, packets=9, bytes=1, expected=9, lost=0, duplicates=0, reordered=0,
        jitter_ticks=0.0, clock_hz=8000, first_ns=EPOCH_NS + round(first_s * S), last_ns=EPOCH_NS + round(last_s * S),
    )  # fmt: skip


def test_a_flood_of_digits_and_messages_costs_bounded_memory():
    wire = Wire()
    call = wire.call("flood@x")
    call.invite(0)
    (leg,) = legs_of(wire)
    message = read(wire.packets[0][1][42:])
    for number in range(MAX_EVENTS * 2):
        leg.digit_seen(DtmfSeen("0x", 0, "1", number, 100))
        leg.add_message(message, number, "udp", "a:1", "b:2")
    assert len(leg.call.events) == MAX_EVENTS
    assert len(leg.messages) == MAX_MESSAGES


def test_a_binding_that_stands_is_not_asked_for_again():
    wire = Wire()
    call = wire.call("again@x")
    call.invite(0)
    call.answer(1)
    (leg,) = legs_of(wire)
    assert set(leg.media.bindings) == {(Side.CALLER, *call.caller_media), (Side.CALLEE, *call.callee_media)}
    described = events.MediaDescribed(
        key=leg.key,
        call_id="again@x",
        at_ns=EPOCH_NS,
        side=Side.CALLER,
        session=leg.media._sessions[Side.CALLER],
        is_offer=False,
    )
    assert leg.apply(described) == []


def test_payloads_are_those_of_the_speaker_not_of_the_listener():
    wire = Wire()
    call = wire.call("asymmetric@x")
    call.request(0, "INVITE", initial=True, body=call.sdp(call.caller_media, formats="0"))
    call.response(1, 200, "OK", body=call.sdp(call.callee_media, formats="8"))
    (leg,) = legs_of(wire)
    spoken = {(row.side, row.payload_type): row.encoding for row in leg.media.payloads}
    assert spoken[Side.CALLEE, 0] == "PCMU"
    assert spoken[Side.CALLER, 8] == "PCMA"


@pytest.mark.parametrize(("first_s", "marked"), [(0.5, True), (0.79, True), (0.9, False), (1.1, False)])
def test_only_audio_well_before_the_answer_is_early_media(first_s, marked):
    wire = Wire()
    call = wire.call("early@x")
    call.invite(0)
    call.answer(1)
    (leg,) = legs_of(wire)
    leg.counted([stream_count(first_s, 3)])
    assert (Mark.EARLY_MEDIA in leg.marks) == marked


def test_a_hold_by_both_ends_when_both_resume():
    wire = Wire()
    call = wire.call("hold@x")
    call.invite(0)
    call.answer(1)
    (leg,) = legs_of(wire)
    common = {"key": leg.key, "call_id": "hold@x", "at_ns": EPOCH_NS + 2 * S}
    for event, state in (
        (events.Held(side=Side.CALLER, **common), CallState.HELD),
        (events.Held(side=Side.CALLEE, **common), CallState.HELD),
        (events.Resumed(side=Side.CALLER, **common), CallState.HELD),
        (events.Resumed(side=Side.CALLEE, **common), CallState.UP),
    ):
        leg.apply(event)
        assert leg.call.state is state


def test_a_call_never_ends_before_it_was_answered():
    wire = Wire()
    call = wire.call("odd@x")
    call.invite(0)
    call.answer(1)
    (leg,) = legs_of(wire)
    leg.end_silently(EPOCH_NS)
    assert leg.call.ended_at == leg.call.answered_at
    assert leg.reason is None


def test_a_bye_well_before_the_answer_tells_that_the_clock_was_set_back():
    wire = Wire()
    call = wire.call("back@x")
    call.invite(0)
    call.answer(1)
    (leg,) = legs_of(wire)
    leg.apply(
        events.Ended(
            key=leg.key, call_id="back@x", at_ns=EPOCH_NS - 30 * S, cause=events.Cause.BYE, answered=True
        )
    )
    leg.counted([stream_count(-33, 4)])
    assert leg.call.ended_at == leg.call.answered_at
    assert leg.marks == {Mark.CLOCK_JUMP}, "what came after the jump is no early media"


def test_a_capture_that_ends_while_it_rings_gives_no_false_reason():
    wire = Wire()
    call = wire.call("open@x")
    call.invite(0)
    (leg,) = legs_of(wire)
    leg.apply(
        events.Ended(
            key=leg.key, call_id="open@x", at_ns=EPOCH_NS + S, cause=events.Cause.STOPPED, answered=False
        )
    )
    assert leg.reason is Reason.INTERRUPTED


def test_the_two_directions_of_unsignalled_media_are_one_call():
    orphans = Orphans()
    one, is_new, bindings = orphans.take(orphan(("10.0.0.1", 4000), ("10.0.0.2", 5000)))
    assert is_new
    assert {binding.listener for binding in bindings} == set(Side)
    other, is_new, bindings = orphans.take(orphan(("10.0.0.2", 5000), ("10.0.0.1", 4000), ssrc=2))
    assert (other, is_new) == (one, False)
    assert [(binding.listener, binding.port) for binding in bindings] == [(Side.CALLER, 4000)]


def test_unrelated_flows_between_two_servers_are_separate_calls():
    orphans = Orphans()
    legs = [
        orphans.take(orphan(("10.0.0.1", 4000 + 2 * number), ("10.0.0.2", 5000 + 2 * number), ssrc=number))[0]
        for number in range(10)
    ]
    back = [
        orphans.take(
            orphan(("10.0.0.2", 5000 + 2 * number), ("10.0.0.1", 4000 + 2 * number), ssrc=50 + number)
        )[0]
        for number in range(10)
    ]
    assert back == legs
    assert len(orphans) == 10
    assert orphans.between("10.0.0.1", "10.0.0.2") is None


def test_asymmetric_ports_are_paired_only_when_there_is_no_doubt():
    orphans = Orphans()
    first, _, _ = orphans.take(orphan(("10.0.0.1", 4000), ("10.0.0.2", 5000)))
    paired, is_new, _ = orphans.take(orphan(("10.0.0.2", 6000), ("10.0.0.1", 7000), first_s=1))
    assert (paired, is_new) == (first, False)
    second, is_new, _ = orphans.take(orphan(("10.0.0.1", 4100), ("10.0.0.2", 5100), first_s=2))
    third, _, _ = orphans.take(orphan(("10.0.0.1", 4200), ("10.0.0.2", 5200), first_s=2))
    doubtful, is_new, _ = orphans.take(orphan(("10.0.0.2", 6100), ("10.0.0.1", 7100), first_s=3))
    assert is_new
    assert doubtful not in (first, second, third)


def test_a_dropped_call_is_forgotten_with_all_its_addresses():
    orphans = Orphans()
    leg, _, _ = orphans.take(orphan(("10.0.0.1", 4000), ("10.0.0.2", 5000)))
    assert orphans.at("10.0.0.2", 5000) is leg
    orphans.drop(leg)
    assert orphans.at("10.0.0.2", 5000) is None
    assert len(orphans) == 0


@pytest.mark.parametrize(
    ("payload_type", "before", "after"),
    [(96, None, "opus"), (9, "G722", "G722")],
    ids=["dynamic", "static"],
)
def test_a_codec_seen_before_its_description_is_named_once_it_is_known(payload_type, before, after):
    leg = Leg(call_of(EPOCH_NS), 1, EPOCH_NS)
    leg.stream_seen(StreamSeen("0x", 0, 1, payload_type, "10.0.0.1:4000", "10.0.0.2:5000", EPOCH_NS))
    assert leg.media.codecs.get("caller") == before
    answer = f"v=0\r\nc=IN IP4 10.0.0.2\r\nm=audio 5000 RTP/AVP {payload_type}\r\n"
    if payload_type == 96:
        answer += "a=rtpmap:96 opus/48000/2\r\n"
    described = events.MediaDescribed(
        key=1,
        call_id="x",
        at_ns=EPOCH_NS,
        side=Side.CALLEE,
        session=read_sdp(answer.encode()),
        is_offer=False,
    )
    leg.apply(described)
    assert leg.media.codecs["caller"] == after
