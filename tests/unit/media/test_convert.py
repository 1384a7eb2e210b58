import numpy as np
import pytest

from appliance.core.errors import BadBundle
from appliance.media.convert import convert, convert_file, open_wav
from appliance.media.encoders import make
from appliance.media.pcm import Law, Sound, compress, expand
from appliance.settings.archive import Flac, Mp3, Opus, WavAdpcm, WavG711, WavPcm

EVERY = [WavG711(), WavPcm(), WavAdpcm(), Opus(), Flac(), Mp3()]
NAMES = [type(one).__name__ for one in EVERY]


def tones(rate_hz: int, frames: int) -> np.ndarray:
    at = np.arange(frames)[:, None] / rate_hz
    return (np.sin(2 * np.pi * np.array([440, 700]) * at) * [9000, 5000]).astype(np.int16)


def archived(settings, rate_hz, frames, folder):
    encoder = make(settings)
    path = folder / f"source{encoder.suffix}"
    encoder.write(Sound(tones(rate_hz, frames), rate_hz), path)
    return path


@pytest.mark.parametrize("source", EVERY, ids=NAMES)
@pytest.mark.parametrize("target", EVERY, ids=NAMES)
def test_every_format_becomes_every_other(source, target, tmp_path):
    rate_hz = 8000 if isinstance(source, WavG711) else 16000
    path = archived(source, rate_hz, rate_hz * 3 + 5, tmp_path)
    length_s = (rate_hz * 3 + 5) / rate_hz
    output = tmp_path / "output"
    convert_file(path, target, output, sample_rate_hz=rate_hz, length_s=length_s)
    back = tmp_path / "back.wav"
    wanted_hz = 8000 if isinstance(target, WavG711) else rate_hz
    convert_file(output, WavPcm(), back, sample_rate_hz=wanted_hz, length_s=length_s)
    sound = open_wav(back)
    assert (sound.sample_rate_hz, sound.channels) == (wanted_hz, 2)
    assert sound.frames == round(length_s * wanted_hz)
    for column, hz in ((0, 440), (1, 700)):
        samples = sound.samples[:, column].astype(float)
        spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
        assert spectrum.argmax() * wanted_hz / samples.size == pytest.approx(hz, abs=2)


def test_codes_stay_untouched_from_g711_to_pcm_and_back(tmp_path):
    codes = compress(tones(8000, 150_001), Law.ULAW)
    make(WavG711()).write(Sound(codes, 8000, Law.ULAW), tmp_path / "a.wav")
    encoder, chunks = convert(tmp_path / "a.wav", WavPcm(), sample_rate_hz=8000, length_s=150_001 / 8000)
    (tmp_path / "b.wav").write_bytes(b"".join(chunks))
    assert encoder.media_type == "audio/wav"
    assert np.array_equal(open_wav(tmp_path / "b.wav").samples, expand(codes, Law.ULAW))


def test_an_hour_begins_to_come_before_it_is_read(tmp_path):
    path = tmp_path / "a.wav"
    make(WavG711()).write(Sound(np.full((3600 * 8000, 2), 0xD5, np.uint8), 8000, Law.ALAW), path)
    for target in (WavPcm(), Opus(), Mp3()):
        _, chunks = convert(path, target, sample_rate_hz=8000, length_s=3600)
        got = b"".join(next(chunks) for _ in range(3))
        assert 0 < len(got) < 1 << 20
        chunks.close()


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", b"not audio at all" * 50, b"RIFF\xff\xff\xff\xffWAVEfmt \x02\x00\x00\x00aa"]
)
def test_a_file_that_is_no_audio_is_said_to_be_so(content, tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(BadBundle):
        convert(path, Flac(), sample_rate_hz=8000, length_s=1)


def test_a_compressed_file_cut_in_a_frame_is_said_to_be_damaged(tmp_path):
    path = archived(Flac(), 8000, 80_000, tmp_path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(BadBundle):
        convert_file(path, WavPcm(), tmp_path / "b.wav", sample_rate_hz=8000, length_s=10)


def test_a_recording_shorter_than_its_record_is_filled_with_silence(tmp_path):
    path = archived(Flac(), 8000, 80_000, tmp_path)
    convert_file(path, WavPcm(), tmp_path / "b.wav", sample_rate_hz=8000, length_s=30)
    sound = open_wav(tmp_path / "b.wav")
    assert sound.frames == 240_000
    assert np.array_equal(sound.samples[:80_000], tones(8000, 80_000))
    assert not sound.samples[80_000:].any()
