"""A sound that is known to the sample, and how like it a recording is."""

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from appliance.core.errors import Corrupt
from appliance.domain.selftest import Heard

RATE_HZ = 8000
_LEVEL = 2667
"""Root mean square; peaks stay below half of full scale."""
_LOW_HZ, _HIGH_HZ = 300.0, 3400.0

Samples = NDArray[np.float64]


def noise(seed: int, seconds: float) -> NDArray[np.int16]:
    """Noise of the telephone band, mono, 8 kHz; another one for each seed, the same for ever."""
    count = round(seconds * RATE_HZ)
    spectrum = np.fft.rfft(np.random.Generator(np.random.PCG64(seed)).standard_normal(count))
    frequencies = np.fft.rfftfreq(count, 1 / RATE_HZ)
    spectrum[(frequencies < _LOW_HZ) | (frequencies > _HIGH_HZ)] = 0
    sound = np.fft.irfft(spectrum, count)
    scaled: NDArray[np.int16] = (
        np.round(sound / np.sqrt(np.mean(sound**2)) * _LEVEL).clip(-32768, 32767).astype(np.int16)
    )
    return scaled


def sides(path: Path) -> tuple[Samples, Samples]:
    """Both channels of a recording at 8 kHz.

    Raises: Corrupt when it cannot be read or has no two channels
    """
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE_HZ)
    blocks: list[NDArray[np.float64]] = []
    try:
        with av.open(str(path)) as container:
            if container.streams.audio[0].channels != 2:
                raise Corrupt(what=path.name, problem="not two channels")
            for frame in container.decode(audio=0):
                blocks += [one.to_ndarray().astype(np.float64) for one in resampler.resample(frame)]
            blocks += [one.to_ndarray().astype(np.float64) for one in resampler.resample(None)]
    except (av.FFmpegError, IndexError) as error:
        raise Corrupt(what=path.name, problem=str(error)) from error
    both = np.concatenate(blocks, axis=1) if blocks else np.zeros((2, 0))
    return both[0], both[1]


def heard(sent: NDArray[np.int16], recorded: Samples) -> Heard:
    """Where in the recording the sound fits best, and how well.

    The sound may be cut at its end: a telephone hangs up when it does.
    """
    sound = sent.astype(np.float64)
    count = len(sound) + len(recorded)
    if not recorded.any():
        return Heard(likeness=0.0, begins_s=0.0)
    size = 1 << (count - 1).bit_length()
    crossed = np.fft.irfft(np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(sound, size)), size)
    shift = (
        int(np.argmax(np.concatenate([crossed[-len(sound) + 1 :], crossed[: len(recorded)]])))
        - len(sound)
        + 1
    )
    first, last = max(shift, 0), min(shift + len(sound), len(recorded))
    ours, theirs = sound[first - shift : last - shift], recorded[first:last]
    energy = float(np.sqrt(np.sum(ours**2) * np.sum(theirs**2)))
    likeness = float(np.dot(ours, theirs)) / energy if energy else 0.0
    # What of the sound is missing is unlike it.
    missing = max(0.0, 1 - len(ours) / len(sound))
    return Heard(likeness=max(0.0, likeness * (1 - missing)), begins_s=shift / RATE_HZ)
