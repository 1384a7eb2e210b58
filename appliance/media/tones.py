"""The one place that loads spandsp: detectors of tones in samples of 8 kHz.

The library of Debian's package libspandsp2 (LGPL 2.1) is loaded when the first detector is made, never copied or changed.
A detector keeps the state of one voice and is fed with its samples in order, in blocks of any length; 100 to 200 ms
cost least. Source: ITU-T Q.23, Q.24 (push-button receivers); ETSI ES 201 235-3
"""

import ctypes
import functools
from types import TracebackType
from typing import Self

import numpy as np

from appliance.core.errors import Broken
from appliance.core.text import Text
from appliance.media.pcm import Pcm

RATE_HZ = 8000
_LIBRARY = "libspandsp.so.2"
_MOST_DIGITS = 128
_TWIST_DB = 8
_REVERSE_TWIST_DB = 4
_THRESHOLD_DBM0 = -35


class NoTones(Broken):
    """The library is not installed. Facts: problem."""

    text = Text(
        en="Tones cannot be detected: {problem}. Install the package libspandsp2.",
        zh="无法检测音频按键：{problem}。请安装软件包 libspandsp2。",
    )


class KeyTones:
    """Keys (DTMF) in the sound of one speaker.

    Raises: NoTones when made
    """

    def __init__(self) -> None:
        self._library = _spandsp()
        self._state = self._library.dtmf_rx_init(None, None, None)
        if not self._state:
            raise NoTones(problem="dtmf_rx_init")
        # A dial tone never lies under the keys of a call, and its filter would cost more than the detector.
        self._library.dtmf_rx_parms(self._state, 0, _TWIST_DB, _REVERSE_TWIST_DB, _THRESHOLD_DBM0)
        self._digits = ctypes.create_string_buffer(_MOST_DIGITS + 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def feed(self, samples: Pcm) -> str:
        """The keys whose tones were recognised within these samples, each once: 0-9, *, #, A-D.

        Shape: int16[n]
        """
        if self._state is None:
            return ""
        block = np.ascontiguousarray(samples, np.int16)
        self._library.dtmf_rx(self._state, block.ctypes.data_as(ctypes.POINTER(ctypes.c_int16)), block.size)
        count = self._library.dtmf_rx_get(self._state, self._digits, _MOST_DIGITS)
        return self._digits.raw[:count].decode("ascii")

    def close(self) -> None:
        """Free the detector; feeding it afterwards finds nothing."""
        if self._state is not None:
            self._library.dtmf_rx_free(self._state)
            self._state = None


@functools.cache
def _spandsp() -> ctypes.CDLL:
    """The library with the signatures that are used. Source: spandsp/dtmf.h of 0.0.6."""
    try:
        library = ctypes.CDLL(_LIBRARY)
    except OSError as error:
        raise NoTones(problem=str(error)) from error
    library.dtmf_rx_init.restype = ctypes.c_void_p
    library.dtmf_rx_init.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    library.dtmf_rx_parms.restype = None
    library.dtmf_rx_parms.argtypes = [ctypes.c_void_p, *[ctypes.c_int] * 4]
    library.dtmf_rx.restype = ctypes.c_int
    library.dtmf_rx.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_int16), ctypes.c_int]
    library.dtmf_rx_get.restype = ctypes.c_size_t
    library.dtmf_rx_get.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    library.dtmf_rx_free.restype = ctypes.c_int
    library.dtmf_rx_free.argtypes = [ctypes.c_void_p]
    return library
