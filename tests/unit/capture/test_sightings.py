"""What the mirror brings of calls is judged over many of them."""

from datetime import timedelta

import msgspec
import pytest

from appliance.capture.seen import StreamCount, VlanSeen
from appliance.capture.sightings import WINDOW_S, Brought, Sightings, brought
from appliance.core.clock import to_ns
from appliance.domain.bundle import Manifest, Stream, StreamKind
from appliance.domain.call import Party, Side
from appliance.domain.ledger import Mark, Reason
from tests.rigs.records import NOON, make_call

S = 1_000_000_000


def over(*sides, packets=500, talk_s=10.0, reason=None, marks=(), sip_call_id="a@b", at=NOON):
    call = make_call(at=at, talk_s=talk_s)
    call.sip_call_id = sip_call_id
    call.caller, call.callee = Party(address="10.0.20.5:5060"), Party(address="[2001:db8::1]:5060")
    streams = [
        Stream(
            side=side, source="", destination="", ssrc=1, payload_type=8, encoding="PCMA", clock_hz=8000,
            packets=packets, bytes=0, expected=packets, lost=0, duplicates=0, reordered=0, jitter_ms=0.0,
            first_at=at, last_at=at,
        )
        for side in sides
    ]  # fmt: skip
    return Manifest(call=call, complete=True, streams=streams, reason=reason, marks=list(marks))


@pytest.mark.parametrize(
    ("manifest", "found"),
    [
        (over(*Side), (Brought.WHOLE, "")),
        (over(Side.CALLEE), (Brought.ONE_WAY, "10.0.20.5")),
        (over(Side.CALLER), (Brought.ONE_WAY, "2001:db8::1")),
        (over(), (Brought.NO_AUDIO, "10.0.20.5")),
        (over(*Side, sip_call_id=""), (Brought.NO_SIGNALLING, "")),
        (over(sip_call_id=""), None),
        (over(Side.CALLER, marks=[Mark.HELD]), None),
        (over(reason=Reason.POLICY), None),
        (over(Side.CALLER, reason=Reason.ENCRYPTED), (Brought.ONE_WAY, "2001:db8::1")),
        (over(talk_s=1.0), None),
        (over(Side.CALLER, packets=3), None),
    ],
)
def test_a_finished_call_tells_what_the_mirror_brought_of_it(manifest, found):
    assert brought(manifest) == found


def test_only_the_last_ten_minutes_count():
    sightings = Sightings()
    sightings.over(over(Side.CALLEE))
    sightings.over(over(Side.CALLEE, at=NOON + timedelta(seconds=300)))
    sightings.over(over(*Side, at=NOON + timedelta(seconds=300)))
    early = to_ns(NOON) + 310 * S
    assert sightings.figures(early)["calls_one_way_now"] == 2
    late = early + (WINDOW_S - 60) * S
    assert sightings.figures(late)["calls_one_way_now"] == 1
    assert sightings.figures(late)["calls_whole_now"] == 1
    assert sightings.missing_from(late + WINDOW_S * S) == ""


def test_whose_audio_is_missing_is_named_with_its_vlan():
    sightings = Sightings()
    sightings.over(over(Side.CALLEE))
    assert sightings.missing_from(to_ns(NOON)) == "10.0.20.5"
    sightings.tagged("10.0.20.5:5060", 20)
    assert sightings.missing_from(to_ns(NOON)) == "10.0.20.5 (VLAN 20)"


def vlan(number, streams, one_way):
    return VlanSeen(vlan=number, packets=0, sip=0, rtp=0, streams=streams, one_way=one_way)


@pytest.mark.parametrize(
    ("vlans", "named"),
    [
        ([vlan(20, 8, 8), vlan(30, 8, 0)], "VLAN 20 (10.0.20.5)"),
        ([vlan(20, 8, 3)], "10.0.20.5 (VLAN 20)"),
        ([vlan(20, 2, 2)], "10.0.20.5 (VLAN 20)"),
        ([vlan(20, 8, 8), vlan(30, 8, 8)], "10.0.20.5 (VLAN 20)"),
        ([vlan(None, 8, 8)], "10.0.20.5 (VLAN 20)"),
        ([vlan(30, 8, 8)], "10.0.20.5 (VLAN 20)"),
    ],
)
def test_a_vlan_is_named_where_it_alone_lacks_a_direction(vlans, named):
    sightings = Sightings()
    sightings.tagged("10.0.20.5:5060", 20)
    sightings.over(over(Side.CALLEE))
    assert sightings.missing_from(to_ns(NOON), vlans) == named


def counts(**lost):
    return {
        call: [
            StreamCount(
                side=side, src="", dst="", ssrc=side, pt=8, packets=100, bytes=0, expected=100, lost=many,
                duplicates=0, reordered=0, jitter_ticks=0.0, clock_hz=8000, first_ns=0, last_ns=0,
            )
            for side, many in enumerate(pair)
        ]
        for call, pair in lost.items()
    }  # fmt: skip


def test_calls_that_lose_in_both_directions_between_two_looks_are_counted():
    sightings = Sightings()
    sightings.counted(counts(a=(0, 0), b=(5, 5), c=(0, 0)), 100 * S)
    sightings.counted(counts(a=(9, 9), b=(9, 9), c=(9, 9)), 105 * S)  # too soon for a look
    assert sightings.figures(0)["calls_losing_now"] == 0
    sightings.counted(counts(a=(3, 2), b=(5, 8), c=(0, 0), new=(4, 4)), 110 * S)
    figures = sightings.figures(0)
    assert (figures["calls_losing_now"], figures["calls_watched_now"]) == (1, 3)
    sightings.counted(counts(a=(3, 2)), 121 * S)
    assert sightings.figures(0)["calls_losing_now"] == 0


def test_pictures_are_no_audio():
    manifest = over(*Side)
    manifest.streams[0].kind = StreamKind.VIDEO
    assert brought(manifest) == (Brought.ONE_WAY, "10.0.20.5")


def test_only_streams_that_were_heard_lately_are_counted_as_present():
    sightings = Sightings()
    fresh = {
        call: [msgspec.structs.replace(one, last_ns=99 * S) for one in streams]
        for call, streams in counts(a=(0, 0)).items()
    }
    sightings.counted(fresh | counts(silent=(0, 0)), 100 * S)
    assert sightings.figures(0)["audio_streams_now"] == 2
    sightings.counted(fresh, 200 * S)
    assert sightings.figures(0)["audio_streams_now"] == 0
