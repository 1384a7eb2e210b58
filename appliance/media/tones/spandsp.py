"""The one place that loads spandsp: signatures, and what all its detectors share.

The library of Debian's package libspandsp2 (LGPL 2.1) is loaded when the first detector is made, never copied or changed.
It is called without giving up the interpreter's lock: a call takes some microseconds, and giving the lock up and asking for
it again in each of thousands of calls a batch would wait for other threads thousands of times.
Source: spandsp 0.0.6, headers dtmf.h, adsi.h, modem_connect_tones.h, hdlc.h
"""

import ctypes
import functools
from types import TracebackType
from typing import Any, Self

import numpy as np

from appliance.core.errors import Broken
from appliance.core.text import Text
from appliance.media.pcm import Pcm

_LIBRARY = "libspandsp.so.2"

_POINTER = ctypes.c_void_p
_NUMBER = ctypes.c_int
ToneReport = ctypes.CFUNCTYPE(None, _POINTER, _NUMBER, _NUMBER, _NUMBER)
"""void (user, code, level, delay in samples)"""
MessageReport = ctypes.CFUNCTYPE(None, _POINTER, _POINTER, _NUMBER)
"""void (user, octets, count)"""
FrameReport = ctypes.CFUNCTYPE(None, _POINTER, _POINTER, _NUMBER, _NUMBER)
"""void (user, octets, count or a negative status, whether it is whole)"""

_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "dtmf_rx_init": (_POINTER, [_POINTER, _POINTER, _POINTER]),
    "dtmf_rx_parms": (None, [_POINTER, _NUMBER, _NUMBER, _NUMBER, _NUMBER]),
    "dtmf_rx_set_realtime_callback": (None, [_POINTER, ToneReport, _POINTER]),
    "dtmf_rx": (_NUMBER, [_POINTER, _POINTER, _NUMBER]),
    "dtmf_rx_free": (_NUMBER, [_POINTER]),
    "adsi_rx_init": (_POINTER, [_POINTER, _NUMBER, MessageReport, _POINTER]),
    "adsi_rx": (_NUMBER, [_POINTER, _POINTER, _NUMBER]),
    "adsi_rx_free": (_NUMBER, [_POINTER]),
    "modem_connect_tones_rx_init": (_POINTER, [_POINTER, _NUMBER, ToneReport, _POINTER]),
    "modem_connect_tones_rx": (_NUMBER, [_POINTER, _POINTER, _NUMBER]),
    "modem_connect_tones_rx_free": (_NUMBER, [_POINTER]),
    "hdlc_rx_init": (_POINTER, [_POINTER, _NUMBER, _NUMBER, _NUMBER, FrameReport, _POINTER]),
    "hdlc_rx_put": (None, [_POINTER, _POINTER, _NUMBER]),
    "hdlc_rx_free": (_NUMBER, [_POINTER]),
}


class NoTones(Broken):
    """The library is not installed. Facts: problem."""

    text = Text(
        en="Tones cannot be detected: {problem}. Install the package libspandsp2.",
        zh="无法检测信号音：{problem}。请安装软件包 libspandsp2。",
    )


@functools.cache
def library() -> ctypes.PyDLL:
    """The library with the signatures that are used.

    Raises: NoTones
    """
    try:
        found = ctypes.PyDLL(_LIBRARY)
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(found, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        raise NoTones(problem=str(error)) from error
    return found


class Receiver:
    """One state of the library, fed with samples or octets in order and freed once.

    `name` is the prefix of its functions: `<name>_init`, `<name>` (or `<name>_put`), `<name>_free`. `report` is kept as long as the
    library may call it.
    Raises: NoTones
    """

    def __init__(self, name: str, *arguments: object, report: object = None, put: str = "") -> None:
        self.state: int | None = None
        functions = library()
        self._report = report
        self._run = getattr(functions, put or name)
        self._free = getattr(functions, f"{name}_free")
        self.state = getattr(functions, f"{name}_init")(None, *arguments)
        if not self.state:
            raise NoTones(problem=f"{name}_init")

    def feed(self, address: int, count: int) -> None:
        """The next samples (or octets), where they are in memory; nothing after `close`."""
        if self.state is not None:
            self._run(self.state, address, count)

    def close(self) -> None:
        """Give the memory back; may be done twice."""
        if self.state is not None:
            self._free(self.state)
            self.state = None

    def __del__(self) -> None:
        self.close()


class Detector:
    """What detectors of one voice share: closing, `with`, and samples as the library wants them."""

    def close(self) -> None:
        """Free the detector; feeding it afterwards finds nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def contiguous(samples: Pcm) -> Pcm:
    """The samples as the library reads them: int16, one behind the other; a copy only where they are not."""
    return np.ascontiguousarray(samples, np.int16)
