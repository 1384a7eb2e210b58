"""Companding of 16-bit samples.

Source: ITU-T G.711 tables 1 and 2
"""

from functools import cache

import numpy as np

from drivers.boards.board import Codes

SILENT = {"A": 0xD5, "mu": 0xFF}
"""The code of nothing, by law."""


@cache
def codes(law: str) -> Codes:
    """The code of each value from -32768 on."""
    value = np.arange(-32768, 32768)
    if law == "A":
        value >>= 3
        sign = np.where(value >= 0, 0xD5, 0x55)
        value = np.where(value >= 0, value, -value - 1)
        segment = np.searchsorted(np.array([0x1F, 0x3F, 0x7F, 0xFF, 0x1FF, 0x3FF, 0x7FF, 0xFFF]), value)
        code = segment << 4 | value >> np.maximum(segment, 1) & 15
    else:
        value >>= 2
        sign = np.where(value >= 0, 0xFF, 0x7F)
        value = np.minimum(np.abs(value), 8159) + 33
        segment = np.searchsorted((1 << np.arange(6, 14)) - 1, value)
        code = segment << 4 | value >> segment + 1 & 15
    return (np.where(segment > 7, 0x7F, code) ^ sign).astype(np.uint8)
