"""Streams and keys of a record speak for the side that the packets showed."""

from datetime import timedelta

import msgspec

from appliance.archive.sides import with_sides_of
from appliance.domain.bundle import Track
from appliance.domain.call import CallEvent, Side
from tests.rigs.bundles import SSRC, make_manifest
from tests.rigs.records import NOON


def track_of(stream, side):
    return Track(
        side=side, codec="PCMA", ssrc=stream.ssrc, source=stream.source, destination=stream.destination, packets=50,
        lost=0, duplicates=0, reordered=0, jitter_ms=0.0, payload_sha256="", first_at=NOON, last_at=NOON,
    )  # fmt: skip


def press(side, ssrc=0, digit="1"):
    return CallEvent(at=NOON + timedelta(seconds=1), kind="dtmf", side=side, detail=digit, ssrc=ssrc)


def behind_a_relay():
    """Signalling took both streams for the caller's; keys were pressed in each, and one came by INFO."""
    manifest = make_manifest()
    manifest.streams = [msgspec.structs.replace(one, side=Side.CALLER) for one in manifest.streams]
    manifest.call.events = [
        press(Side.CALLER, SSRC[Side.CALLER], "1"),
        press(Side.CALLER, SSRC[Side.CALLEE], "2"),
        press(Side.CALLER, 0, "3"),
    ]
    return manifest


def test_streams_and_keys_get_the_side_of_their_track():
    manifest = behind_a_relay()
    tracks = [track_of(one, side) for one, side in zip(manifest.streams, Side, strict=True)]
    told = with_sides_of(tracks, manifest)
    assert [one.side for one in told.streams] == [Side.CALLER, Side.CALLEE]
    assert [(one.detail, one.side) for one in told.call.events] == [
        ("1", Side.CALLER),
        ("2", Side.CALLEE),
        ("3", Side.CALLER),
    ]
    assert [one.side for one in manifest.streams] == [Side.CALLER] * 2, "the bundle's own manifest stays"


def test_a_number_that_both_sides_chose_tells_nothing_of_a_key():
    manifest = behind_a_relay()
    manifest.streams = [msgspec.structs.replace(one, ssrc=5) for one in manifest.streams]
    manifest.call.events = [press(Side.CALLER, 5)]
    tracks = [track_of(one, side) for one, side in zip(manifest.streams, Side, strict=True)]
    assert with_sides_of(tracks, manifest).call.events == manifest.call.events


def test_a_manifest_that_was_right_is_left_alone():
    manifest = make_manifest()
    tracks = [track_of(one, one.side) for one in manifest.streams]
    assert with_sides_of(tracks, manifest) is manifest
    assert with_sides_of([], manifest) is manifest
