"""Every format, read back by a reader that is not its writer."""

import hashlib
import json
import subprocess
import wave

import numpy as np
import pytest

from appliance.core.errors import TooLarge
from appliance.media.encoders import make
from appliance.media.pcm import Law, Sound, compress, expand
from appliance.settings.archive import Flac, Mp3, Opus, WavAdpcm, WavG711, WavPcm

EVERY = [WavG711(), WavPcm(), WavAdpcm(), Opus(), Flac(), Mp3()]
NAMES = [type(one).__name__ for one in EVERY]


def tones(rate_hz: int, frames: int) -> np.ndarray:
    """440 Hz left, 700 Hz right."""
    at = np.arange(frames)[:, None] / rate_hz
    return (np.sin(2 * np.pi * np.array([440, 700]) * at) * [9000, 5000]).astype(np.int16)


def probed(path) -> dict:
    command = [
        "ffprobe",
        "-v",
        "error",
        "-show_entries",
        "stream=codec_name,channels,sample_rate,duration",
        "-of",
        "json",
    ]
    found = subprocess.run([*command, str(path)], capture_output=True, check=True).stdout
    return json.loads(found)["streams"][0]


def read_back(path, rate_hz: int) -> np.ndarray:
    command = f"ffmpeg -v error -i {path} -f s16le -ar {rate_hz} -".split()
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(raw, "<i2").reshape(-1, 2)


def pitch_hz(samples, rate_hz) -> float:
    return float(np.abs(np.fft.rfft(samples * np.hanning(samples.size))).argmax() * rate_hz / samples.size)


@pytest.mark.parametrize("settings", EVERY, ids=NAMES)
@pytest.mark.parametrize("rate_hz", [8000, 16000])
@pytest.mark.parametrize("seconds", [3.0, 10.0049])
def test_channels_length_and_pitch_survive(settings, rate_hz, seconds, tmp_path):
    encoder = make(settings)
    if encoder.rate_hz not in (None, rate_hz):
        pytest.skip("the format has one rate")
    frames = round(rate_hz * seconds)
    path = tmp_path / f"a{encoder.suffix}"
    written = encoder.write(Sound(tones(rate_hz, frames), rate_hz), path)
    assert written.bytes == path.stat().st_size
    assert written.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    back = read_back(path, rate_hz)
    slack = 7 if isinstance(settings, WavAdpcm) else 0
    assert 0 <= back.shape[0] - frames <= slack
    assert pitch_hz(back[:, 0], rate_hz) == pytest.approx(440, abs=2)
    assert pitch_hz(back[:, 1], rate_hz) == pytest.approx(700, abs=2)
    assert back[:, 0].std() == pytest.approx(9000 / np.sqrt(2), rel=0.1)
    facts = probed(path)
    assert facts["channels"] == 2
    assert int(facts["sample_rate"]) in (rate_hz, 48000)


@pytest.mark.parametrize("settings", EVERY, ids=NAMES)
def test_a_download_is_the_same_sound(settings, tmp_path):
    encoder = make(settings)
    sound = Sound(tones(8000, 90_001), 8000)
    path = tmp_path / f"a{encoder.suffix}"
    path.write_bytes(b"".join(encoder.chunks(sound)))
    back = read_back(path, 8000)
    assert back.shape[0] == pytest.approx(90_001, abs=2000 if isinstance(settings, Mp3) else 7)
    assert pitch_hz(back[:80_000, 0], 8000) == pytest.approx(440, abs=2)


@pytest.mark.parametrize("law", list(Law))
def test_g711_codes_are_in_the_file_as_they_came(law, tmp_path):
    codes = np.random.default_rng(1).integers(0, 256, (9999, 2), np.uint8)
    path = tmp_path / "a.wav"
    make(WavG711()).write(Sound(codes, 8000, law), path)
    content = path.read_bytes()
    assert content.endswith(b"data" + (9999 * 2).to_bytes(4, "little") + codes.tobytes())
    assert int.from_bytes(content[4:8], "little") == len(content) - 8
    assert probed(path)["codec_name"] == {Law.ALAW: "pcm_alaw", Law.ULAW: "pcm_mulaw"}[law]
    assert np.array_equal(read_back(path, 8000), expand(codes, law))


def test_linear_samples_go_into_g711_as_a_law(tmp_path):
    samples = tones(8000, 800)
    make(WavG711()).write(Sound(samples, 8000), tmp_path / "a.wav")
    assert np.array_equal(read_back(tmp_path / "a.wav", 8000), expand(compress(samples, Law.ALAW), Law.ALAW))


@pytest.mark.parametrize("settings", [WavPcm(), Flac()], ids=["WavPcm", "Flac"])
def test_lossless_formats_lose_nothing(settings, tmp_path):
    samples = np.random.default_rng(2).integers(-32768, 32768, (70_001, 2)).astype(np.int16)
    encoder = make(settings)
    path = tmp_path / f"a{encoder.suffix}"
    encoder.write(Sound(samples, 16000), path)
    assert np.array_equal(read_back(path, 16000), samples)


def test_pcm_is_read_by_the_standard_library(tmp_path):
    samples = tones(8000, 801)
    make(WavPcm()).write(Sound(samples, 8000), tmp_path / "a.wav")
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, 8000, 801)
        assert file.readframes(801) == samples.tobytes()


def test_adpcm_says_its_exact_length(tmp_path):
    make(WavAdpcm()).write(Sound(tones(8000, 5003), 8000), tmp_path / "a.wav")
    content = (tmp_path / "a.wav").read_bytes()
    at = content.index(b"fact")
    assert int.from_bytes(content[at + 8 : at + 12], "little") == 5003


@pytest.mark.parametrize("frames", [1, 2, 1016, 1017, 1018, 2034])
def test_adpcm_blocks_end_where_they_should(frames, tmp_path):
    make(WavAdpcm()).write(Sound(tones(8000, frames), 8000), tmp_path / "a.wav")
    assert 0 <= read_back(tmp_path / "a.wav", 8000).shape[0] - frames <= 7


@pytest.mark.parametrize("settings", [WavG711(), WavPcm()], ids=["WavG711", "WavPcm"])
def test_what_riff_cannot_say_is_refused_before_anything_is_written(settings, tmp_path):
    endless = Sound(np.broadcast_to(np.zeros((1, 2), np.int16), (3 << 30, 2)), 8000)
    with pytest.raises(TooLarge):
        make(settings).write(endless, tmp_path / "a.wav")
    assert not (tmp_path / "a.wav").exists() or (tmp_path / "a.wav").stat().st_size == 0


@pytest.mark.parametrize(
    "settings", [Opus(bitrate_kbps=8), Opus(bitrate_kbps=256), Mp3(bitrate_kbps=16), Mp3(bitrate_kbps=320)]
)
@pytest.mark.parametrize("rate_hz", [8000, 16000])
def test_every_bit_rate_of_the_settings_works_at_every_rate(settings, rate_hz, tmp_path):
    path = tmp_path / "a"
    make(settings).write(Sound(tones(rate_hz, rate_hz), rate_hz), path)
    assert read_back(path, rate_hz).shape[0] == rate_hz
