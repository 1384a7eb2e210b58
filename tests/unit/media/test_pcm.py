import subprocess

import numpy as np
import pytest

from appliance.media.pcm import (
    SILENCE_DBFS,
    Law,
    Resampler,
    Sound,
    compress,
    expand,
    expansion,
    level_dbfs,
    resample,
    transcoding,
)

EVERY = np.arange(-32768, 32768).astype(np.int16)
CODES = np.arange(256, dtype=np.uint8)
SOX = {Law.ALAW: "al", Law.ULAW: "ul"}


def sox(content: bytes, source: list[str], target: list[str]) -> bytes:
    command = ["sox", "-D", *source, "-", *target, "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout


@pytest.mark.parametrize("law", list(Law))
def test_expansion_agrees_with_another_implementation(law):
    theirs = sox(CODES.tobytes(), ["-t", SOX[law], "-r", "8000", "-c", "1"], ["-t", "s16"])
    assert np.array_equal(expansion(law), np.frombuffer(theirs, "<i2"))


@pytest.mark.parametrize("law", list(Law))
def test_compression_gives_a_code_next_to_the_value(law):
    """No code is nearer by more than the half step by which implementations round differently."""
    ours = expand(compress(EVERY, law), law).astype(int)
    values = np.unique(expansion(law).astype(int))
    place = np.clip(np.searchsorted(values, EVERY), 1, values.size - 1)
    step = values[place] - values[place - 1]
    assert (np.abs(ours - EVERY) <= step).all() | (np.abs(EVERY.astype(int)) > values[-1]).any()
    inside = np.abs(EVERY.astype(int)) <= values[-1]
    assert (np.abs(ours - EVERY) <= step)[inside].all()
    assert (np.diff(ours) >= 0).all()


@pytest.mark.parametrize("law", list(Law))
def test_every_code_survives_expansion_and_compression(law):
    again = compress(expand(CODES, law), law)
    assert CODES[again != CODES].tolist() == ([0x7F] if law is Law.ULAW else [])


def test_transcoding_equals_expanding_and_compressing():
    table = np.frombuffer(transcoding(Law.ULAW, Law.ALAW), np.uint8)
    assert np.array_equal(table, compress(expand(CODES, Law.ULAW), Law.ALAW))


def test_levels_are_against_full_scale():
    assert level_dbfs(np.full(100, -32768, np.int16)) == pytest.approx(0)
    assert level_dbfs(np.full(100, 3277, np.int16)) == pytest.approx(-20, abs=0.01)
    assert level_dbfs(np.zeros(100, np.int16)) == SILENCE_DBFS
    assert level_dbfs(np.empty(0, np.int16)) == SILENCE_DBFS


@pytest.mark.parametrize(
    ("source_hz", "target_hz"), [(16000, 8000), (48000, 16000), (8000, 16000), (44100, 16000), (32000, 8000)]
)
def test_resampling_keeps_time_pitch_and_level(source_hz, target_hz):
    def tone(rate_hz):
        return np.sin(np.arange(rate_hz) / rate_hz * 2 * np.pi * 440) * 9000

    got = resample(tone(source_hz).astype(np.int16), source_hz, target_hz)
    assert got.size == target_hz
    assert np.abs(got - tone(target_hz))[200:-200].max() < 10


def test_a_stream_resampled_in_pieces_equals_the_whole():
    noise = np.random.default_rng(1).integers(-9000, 9000, 48000).astype(np.int16)
    resampler = Resampler(48000, 16000)
    pieces = [resampler.feed(piece) for piece in np.split(noise, 50)]
    got = np.concatenate([*pieces, resampler.finish()])[:16000]
    assert np.array_equal(got, resample(noise, 48000, 16000))


def test_nothing_resampled_is_nothing():
    assert resample(np.empty(0, np.int16), 8000, 16000).size == 0


def test_a_sound_gives_its_codes_untouched_and_its_samples_expanded():
    codes = np.random.default_rng(2).integers(0, 256, (150_000, 2), np.uint8)
    sound = Sound(codes, 8000, Law.ALAW)
    assert (sound.frames, sound.channels, sound.length_s) == (150_000, 2, 18.75)
    assert b"".join(block.tobytes() for block in sound.companded(Law.ALAW)) == codes.tobytes()
    assert np.array_equal(np.concatenate(list(sound.pcm())), expand(codes, Law.ALAW))
    other = np.concatenate(list(sound.companded(Law.ULAW)))
    assert np.array_equal(other, compress(expand(codes, Law.ALAW), Law.ULAW))
