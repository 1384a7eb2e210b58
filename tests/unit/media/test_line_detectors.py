"""Frames of a timeslot, and the bank that holds the detectors of a whole board."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.domain.tones import (
    PATTERNS,
    CallerForm,
    Country,
    Fax,
    Identity,
    Key,
    KeySensitivity,
    Mfc,
    MfcDirection,
    Tone,
    ToneKind,
    key_sensitivity,
)
from appliance.media.tones.bank import Bank, Wanted
from appliance.media.tones.hdlc import HdlcBits
from appliance.media.tones.keys import KeyTones
from tests.rigs.linetones import BELL_202, bits_of, fsk, hdlc, key, line, presentation, silence, sines

FRAMES = [b"\x02\x01\x01\x01\x08\x02\x00\x01\x05", b"\x7e\x7d\xff\x00" * 20, b"\xff" * 60, bytes(range(256))]


def test_frames_come_out_as_they_went_in():
    with HdlcBits() as bits:
        assert bits.feed(b"\x7e" * 4 + hdlc(FRAMES)) == FRAMES
        assert bits.broken == 0


@settings(deadline=None)
@given(st.lists(st.binary(min_size=2, max_size=300), max_size=6), st.integers(1, 50), st.integers(1, 3))
def test_frames_of_any_content_come_through_in_pieces_of_any_length(frames, piece, flags):
    octets = b"\x7e" * 3 + hdlc(frames, flags=flags)
    with HdlcBits() as bits:
        found = [one for at in range(0, len(octets), piece) for one in bits.feed(octets[at : at + piece])]
        assert found == frames


def test_a_broken_frame_is_counted_and_the_next_one_comes():
    octets = bytearray(b"\x7e" * 4 + hdlc(FRAMES[:1]) + hdlc(FRAMES[1:2]))
    octets[9] ^= 4
    with HdlcBits() as bits:
        assert bits.feed(bytes(octets)) == FRAMES[1:2]
        assert bits.broken == 1


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_whatever_a_timeslot_holds_nothing_breaks(octets):
    with HdlcBits() as bits:
        bits.feed(octets)
        bits.feed(b"\x7e" * 4)
        assert bits.feed(hdlc(FRAMES[:1])) == FRAMES[:1]


def padded(*sounds):
    longest = max(sound.size for sound in sounds) // 160 * 160 + 8000
    return line(np.stack([np.pad(sound, (0, longest - sound.size)) for sound in sounds]))


def fed(bank, sound, block=800):
    found = [bank.feed(sound[:, at : at + block]) for at in range(0, sound.shape[1], block)]
    return [one for heard in found for one in heard.signs], [one for heard in found for one in heard.turns]


BUSY = np.concatenate([silence(300), *[sines((450,), 350, -15), silence(350)] * 4])
CALLER = np.concatenate([silence(300), fsk(bits_of(presentation("8031")), BELL_202, -20)])
NUMBER = np.concatenate(
    [silence(300), *[part for one in "D5566C" for part in (key(one, 60, -12), silence(60))]]
)
SIGNAL = np.concatenate([silence(300), sines((1380, 1500), 100, -12), silence(100)])
FAX = np.concatenate([silence(300), sines((1100,), 500, -12), silence(500)])


def test_every_channel_is_heard_for_what_is_wanted_of_it():
    everything = Wanted(
        keys=KeySensitivity(),
        caller=CallerForm.FSK,
        progress=PATTERNS[Country.CHINA],
        fax=True,
        mfc=frozenset(MfcDirection),
    )
    bank = Bank(
        [
            everything,
            everything,
            Wanted(keys=KeySensitivity(), caller=CallerForm.DTMF),
            everything,
            everything,
            Wanted(),
        ]
    )
    signs, turns = fed(bank, padded(BUSY, CALLER, NUMBER, SIGNAL, FAX, BUSY))
    bank.close()
    by_channel = [[one.found for one in signs if one.channel == channel] for channel in range(6)]
    assert {one.kind for one in by_channel[0] if isinstance(one, Tone)} == {ToneKind.BUSY}
    assert [one.number for one in by_channel[1] if isinstance(one, Identity)] == ["8031"]
    assert "".join(one.digit for one in by_channel[2] if isinstance(one, Key)) == "D5566C"
    assert [one.number for one in by_channel[2] if isinstance(one, Identity)] == ["5566"]
    assert [one.signal for one in by_channel[3] if isinstance(one, Mfc)] == [1, 1]
    assert len([one for one in by_channel[4] if isinstance(one, Fax)]) == 1
    assert by_channel[5] == []
    assert {one.channel for one in turns if one.is_talking} == {0, 1, 3, 4, 5}


def test_one_channel_is_changed_while_the_others_go_on():
    bank = Bank([Wanted(progress=PATTERNS[Country.CHINA]), Wanted()])
    sound = padded(BUSY, NUMBER)
    first, second = sound[:, :4000], sound[:, 4000:]
    signs, _ = fed(bank, first)
    bank.change(1, Wanted(keys=KeySensitivity()))
    bank.change(1, Wanted(keys=KeySensitivity(), progress=PATTERNS[Country.US]))
    more, _ = fed(bank, second)
    bank.close()
    assert [one.found.kind for one in signs + more if one.channel == 0] == [ToneKind.BUSY] * 2
    keys = [one.found for one in more if one.channel == 1]
    assert keys
    assert all(one.at >= 3800 for one in keys)
    assert keys[-1].at == pytest.approx((300 + 5 * 120) * 8, abs=110)


@pytest.mark.parametrize("step", [1, 3, 6, 9])
def test_a_sensitivity_hears_as_far_as_it_says(step):
    weakest = key_sensitivity(step).weakest_dbm0
    for dbm0, expected in ((weakest + 2, "5"), (weakest - 3, "")):
        sound = line(np.concatenate([silence(100), key("5", 100, dbm0), silence(100)]))
        with KeyTones(key_sensitivity(step)) as tones:
            assert tones.feed(sound) == expected


def test_a_key_is_told_where_it_began_and_not_before_it_lasted_long_enough():
    sound = line(
        np.concatenate([silence(500), key("7", 60, -12), silence(300), key("8", 200, -12), silence(100)])
    )
    with KeyTones(KeySensitivity(shortest_ms=100)) as tones:
        (one,) = [found for at in range(0, sound.size, 160) for found in tones.keys(sound[at : at + 160])]
    assert one.digit == "8"
    assert one.at == pytest.approx(860 * 8, abs=110)
    assert one.level_dbm0 == pytest.approx(-9, abs=2)
