import struct

import numpy as np
import pytest

from appliance.core.errors import BadBundle
from appliance.media.pcm import Law, Sound, expand
from appliance.media.peaks import MAGIC, read_peaks, write_peaks


def rows_of(samples, per_peak):
    return [samples[at : at + per_peak] for at in range(0, samples.shape[0], per_peak)]


@pytest.mark.parametrize("law", [*Law, None])
@pytest.mark.parametrize("frames", [1, 159, 160, 161, 70_001, 300_007])
def test_every_level_holds_the_extremes_of_its_frames(law, frames):
    rng = np.random.default_rng(frames)
    if law:
        samples = rng.integers(0, 256, (frames, 2), np.uint8)
        linear = expand(samples, law)
    else:
        linear = samples = rng.integers(-32768, 32768, (frames, 2)).astype(np.int16)
    rate_hz, levels = read_peaks(write_peaks(Sound(samples, 8000, law)))
    assert rate_hz == 8000
    assert [per_peak for per_peak, _ in levels][:2] == [160, 1280][: len(levels)]
    for per_peak, pairs in levels:
        rows = rows_of(linear >> 8, per_peak)
        assert pairs.shape == (2, len(rows), 2)
        assert np.array_equal(pairs[:, :, 0], np.array([row.min(axis=0) for row in rows]).T)
        assert np.array_equal(pairs[:, :, 1], np.array([row.max(axis=0) for row in rows]).T)


def test_an_hour_has_a_level_that_fits_a_screen():
    _, levels = read_peaks(write_peaks(Sound(np.zeros((3600 * 8000, 2), np.uint8), 8000, Law.ALAW)))
    assert [pairs.shape[1] for _, pairs in levels] == [180_000, 22_500, 2813, 352]


def test_a_wideband_recording_has_as_many_peaks_a_second():
    rate_hz, levels = read_peaks(write_peaks(Sound(np.zeros((16000, 2), np.int16), 16000)))
    assert (rate_hz, levels[0][0], levels[0][1].shape) == (16000, 320, (2, 50, 2))


def test_the_header_is_as_documented():
    content = write_peaks(Sound(np.full((8000, 2), 0xD5, np.uint8), 8000, Law.ALAW))
    assert struct.unpack_from("<4sHBBIQ", content) == (MAGIC, 1, 2, 1, 8000, 8000)
    assert struct.unpack_from("<II", content, 20) == (160, 50)
    assert len(content) == 28 + 2 * 50 * 2


@pytest.mark.parametrize("content", [b"", b"TPK1", b"RIFF" + bytes(60), MAGIC + b"\x02" + bytes(60)])
def test_another_file_is_refused(content):
    with pytest.raises(BadBundle):
        read_peaks(content)


def test_a_cut_file_is_refused():
    content = write_peaks(Sound(np.zeros((8000, 2), np.int16), 8000))
    with pytest.raises(BadBundle):
        read_peaks(content[:-1])
