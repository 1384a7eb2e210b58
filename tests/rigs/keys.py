"""Sounds of pressed keys, made from two sines each. Source: ITU-T Q.23 §5"""

import numpy as np

RATE_HZ = 8000
_ROWS = (697, 770, 852, 941)
_COLUMNS = (1209, 1336, 1477, 1633)
_PAD = ("123A", "456B", "789C", "*0#D")
KEYS = "0123456789*#ABCD"


def sequence(
    keys: str, *, on_ms: int = 100, off_ms: int = 100, level_dbfs: float = -12.0, rate_hz: int = RATE_HZ
) -> np.ndarray:
    """Silence, then each key for `on_ms` and silence for `off_ms`: int16[n]; the level is that of each of the two sines."""
    amplitude = 32767 * 10 ** (level_dbfs / 20) / 2
    seconds = np.arange(rate_hz * on_ms // 1000) / rate_hz
    off = np.zeros(rate_hz * off_ms // 1000)
    parts = [off]
    for key in keys:
        row = next(index for index, line in enumerate(_PAD) if key in line)
        low, high = _ROWS[row], _COLUMNS[_PAD[row].index(key)]
        tone = np.sin(2 * np.pi * low * seconds) + np.sin(2 * np.pi * high * seconds)
        parts += [amplitude * tone, off]
    return np.concatenate(parts).astype(np.int16)
