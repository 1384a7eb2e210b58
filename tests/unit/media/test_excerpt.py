import io

import av
import numpy as np
import pytest

from appliance.media.convert import Region, convert, open_wav
from appliance.media.encoders import make
from appliance.media.excerpt import excerpt, sound_of
from appliance.media.pcm import Law, Sound, compress, expand
from appliance.media.peaks import read_peaks, write_window
from appliance.settings.archive import Flac, Mp3, Opus, WavAdpcm, WavG711, WavPcm

EVERY = [WavG711(), WavPcm(), WavAdpcm(), Opus(), Flac(), Mp3()]
NAMES = [type(one).__name__ for one in EVERY]
RATE_HZ = 8000
REGION = Region(7.25, 9.5)


def clicks(seconds=12):
    """A step in the level at each half second, so that a place in it can be told."""
    at = np.arange(seconds * RATE_HZ)
    level = 1000 + 1000 * (at // (RATE_HZ // 2))
    left = (np.sin(at * 0.5) * level).astype(np.int16)
    return np.stack([left, -left], axis=1)


@pytest.fixture(scope="module", params=EVERY, ids=NAMES)
def recorded(request, tmp_path_factory):
    encoder = make(request.param)
    path = tmp_path_factory.mktemp("sound") / f"a{encoder.suffix}"
    encoder.write(Sound(clicks(), RATE_HZ), path)
    return path, request.param


def levels(samples):
    """The loudness of each tenth of a second."""
    size = RATE_HZ // 10
    whole = samples[: samples.shape[0] // size * size, 0].astype(float)
    return np.sqrt((whole.reshape(-1, size) ** 2).mean(axis=1))


def test_a_region_of_any_recording_is_exactly_that_region(recorded, tmp_path):
    path, _ = recorded
    _, chunks = convert(path, WavPcm(), sample_rate_hz=RATE_HZ, length_s=12, region=REGION)
    (tmp_path / "b.wav").write_bytes(b"".join(chunks))
    got = open_wav(tmp_path / "b.wav")
    assert got.frames == round((REGION.stop_s - REGION.start_s) * RATE_HZ)
    expected = clicks()[round(REGION.start_s * RATE_HZ) : round(REGION.stop_s * RATE_HZ)]
    assert np.allclose(levels(got.samples), levels(expected), rtol=0.12)
    # The steps stand at their places: 0.25 s and 0.75 s into the region. Lossy formats are off by some samples.
    lag = (
        np.correlate(got.samples[:4000, 0].astype(float), expected[:4000, 0].astype(float), "full").argmax()
        - 3999
    )
    assert abs(lag) <= 40


@pytest.mark.parametrize("target", EVERY, ids=NAMES)
def test_a_region_is_had_in_any_format(target, tmp_path):
    make(WavPcm()).write(Sound(clicks(), RATE_HZ), tmp_path / "a.wav")
    _, chunks = convert(tmp_path / "a.wav", target, sample_rate_hz=RATE_HZ, length_s=12, region=REGION)
    (tmp_path / "b").write_bytes(b"".join(chunks))
    with av.open(str(tmp_path / "b")) as container:
        frames = list(container.decode(audio=0))
    assert sum(frame.samples for frame in frames) / frames[0].rate == pytest.approx(2.25, abs=0.25)


@pytest.mark.parametrize("law", [Law.ALAW, Law.ULAW, None], ids=str)
@pytest.mark.parametrize("linear", [False, True])
@pytest.mark.parametrize("channels", [1, 2])
def test_any_bytes_of_an_unwritten_wav_are_those_of_the_whole(law, linear, channels, tmp_path):
    samples = clicks(3)[: 3 * RATE_HZ - 1, :channels]
    stored = samples if law is None else compress(np.ascontiguousarray(samples), law)
    encoder = make(WavPcm() if law is None else WavG711())
    encoder.write(Sound(np.ascontiguousarray(stored), RATE_HZ, law), tmp_path / "a.wav")
    made = excerpt(tmp_path / "a.wav", None, linear=linear)
    whole = made.read(0, made.size)
    assert len(whole) == made.size
    for start, stop in (
        (0, 1),
        (0, 58),
        (40, 70),
        (57, 59),
        (58, 61),
        (999, 12_345),
        (made.size - 3, made.size),
    ):
        assert made.read(start, stop) == whole[start:stop], (start, stop)
    (tmp_path / "b.wav").write_bytes(whole)
    back = open_wav(tmp_path / "b.wav")
    plain = expand(back.samples, back.law) if back.law else back.samples
    assert np.array_equal(plain, samples if law is None else expand(stored, law))
    with av.open(io.BytesIO(whole)) as container:
        assert container.streams.audio[0].channels == channels


def test_an_excerpt_of_a_region_begins_and_ends_where_it_should(tmp_path):
    make(WavPcm()).write(Sound(clicks(), RATE_HZ), tmp_path / "a.wav")
    made = excerpt(tmp_path / "a.wav", REGION, linear=True)
    (tmp_path / "b.wav").write_bytes(made.read(0, made.size))
    assert np.array_equal(open_wav(tmp_path / "b.wav").samples, clicks()[58_000:76_000])


def test_compressed_files_have_no_excerpt(tmp_path):
    make(Flac()).write(Sound(clicks(), RATE_HZ), tmp_path / "a.flac")
    assert excerpt(tmp_path / "a.flac", None, linear=True) is None


def test_a_window_of_the_waveform_is_as_fine_as_asked(recorded):
    path, _ = recorded
    sound = sound_of(path, Region(7.0, 8.0), sample_rate_hz=RATE_HZ, length_s=12)
    rate_hz, ((per_peak, pairs),) = read_peaks(write_window(sound, 800))
    assert (rate_hz, per_peak, pairs.shape) == (RATE_HZ, 10, (2, 800, 2))
    loud = np.abs(pairs[0].astype(int)).max(axis=1)
    assert loud[450:].mean() > loud[:350].mean() * 1.02
