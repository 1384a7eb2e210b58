"""Music that nobody composed: chords and a melody in equal temperament, of several instruments, with drums.

Notes lie at the frequencies of keys now and then (F5 with F sharp 6 is a 3), which is why receivers are tried with it.
"""

import numpy as np

RATE_HZ = 8000
INSTRUMENTS: dict[str, tuple[tuple[float, ...], float]] = {
    "flute": ((1.0, 0.25, 0.06), 4.0),
    "organ": ((1.0, 0.8, 0.1, 0.6, 0.05, 0.3, 0.0, 0.2), 8.0),
    "strings": (tuple(1 / number for number in range(1, 12)), 3.0),
    "piano": ((1.0, 0.5, 0.35, 0.2, 0.12, 0.08), 0.5),
    "bell": ((1.0, 0.0, 0.6, 0.4), 0.8),
    "whistle": ((1.0, 0.02), 3.0),
}
"""The strengths of the harmonics, and how many seconds a note takes to fade to a third."""
_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10))
_CHORDS = ((0, 2, 4), (3, 5, 7), (4, 6, 8), (5, 7, 9))
_LOUDEST = 12_000.0


def note(instrument: str, key: int, seconds: float, rng: np.random.Generator) -> np.ndarray:
    """One note; `key` counts semitones, 69 is 440 Hz. Shape: float64[seconds * 8000]"""
    partials, fade_s = INSTRUMENTS[instrument]
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    pitch_hz = 440 * 2 ** ((key - 69) / 12)
    vibrato = (
        0.004 * np.sin(2 * np.pi * 5.5 * at + rng.uniform(0, 6))
        if instrument in ("flute", "strings")
        else 0 * at
    )
    angle = 2 * np.pi * np.cumsum(pitch_hz * (1 + vibrato)) / RATE_HZ
    sound = sum(
        strength * np.sin(number * angle + rng.uniform(0, 6))
        for number, strength in enumerate(partials, 1)
        if number * pitch_hz < RATE_HZ / 2
    )
    swell = np.minimum(at / 0.02, 1) * np.exp(-at / fade_s) * np.minimum((at[-1] - at) / 0.02, 1)
    return np.asarray(sound * swell)


def piece(seconds: int, rng: np.random.Generator) -> np.ndarray:
    """A piece of that length: chords under a melody. Shape: float64[seconds * 8000]"""
    sound = np.zeros(seconds * RATE_HZ)
    below, above = rng.choice(list(INSTRUMENTS), 2)
    scale, root = _SCALES[rng.integers(2)], int(rng.integers(50, 62))
    beat_s = float(rng.uniform(0.25, 0.6))
    pitch = lambda degree: root + 12 * (degree // 7) + scale[degree % 7]  # noqa: E731 - the scale of this piece

    def play(begin_s: float, samples: np.ndarray, strength: float) -> None:
        begin = round(begin_s * RATE_HZ)
        room = min(samples.size, sound.size - begin)
        if room > 0:
            sound[begin : begin + room] += strength * samples[:room]

    at_s = 0.0
    while at_s < seconds:
        chord = _CHORDS[rng.integers(len(_CHORDS))]
        for degree in chord:
            play(at_s, note(below, pitch(degree), 4 * beat_s, rng), 0.5)
        for beat in range(4):
            degree = int(rng.choice(chord)) + 7 + int(rng.integers(-1, 8))
            play(at_s + beat * beat_s, note(above, pitch(degree), beat_s, rng), 1.0)
            drum = rng.normal(size=800) * np.exp(-np.arange(800) / 120)
            play(at_s + beat * beat_s, drum, 0.3 * float(rng.integers(2)))
        at_s += 4 * beat_s
    return sound * _LOUDEST * float(rng.choice((1.0, 0.3, 0.1))) / np.abs(sound).max()
