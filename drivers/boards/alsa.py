"""A sound input as a board: each of its channels is a line, told by voice.

Debian's libasound (LGPL 2.1) is loaded when the first input is opened, never copied; it converts what the hardware has to
8 kHz and 16 bits. Its binding `pyalsaaudio` has to be compiled and had no release since 2024; these are fifteen functions.
Source: alsa-lib 1.2 pcm.h, error.h; ITU-T G.711
"""

import ctypes
import errno
import time
from functools import cache
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from drivers.boards.board import (
    RATE_HZ,
    BoardFault,
    Channel,
    Description,
    Event,
    Fault,
    Kind,
    LineEvent,
    Reading,
)
from drivers.boards.g711 import codes
from drivers.boards.pace import Pace

BLOCK = RATE_HZ // 10
_BUFFERED = 4 * RATE_HZ
_LIBRARY = "libasound.so.2"
_CAPTURE, _NONBLOCK, _INTERLEAVED, _S16_LE = 1, 1, 3, 2
_WAITED_S = 0.005
_OVERRUN = (-errno.EPIPE, -errno.ESTRPIPE)
_GONE = (-errno.ENODEV, -errno.EBADFD, -errno.ENXIO)

_POINTER, _NUMBER, _COUNT, _TEXT = ctypes.c_void_p, ctypes.c_int, ctypes.c_long, ctypes.c_char_p
_UNSIGNED, _FRAMES = ctypes.c_uint, ctypes.c_ulong
_OUT = ctypes.POINTER(ctypes.c_void_p)
_QUIET = ctypes.CFUNCTYPE(None, _TEXT, _NUMBER, _TEXT, _NUMBER, _TEXT)
_SAY_NOTHING = _QUIET(lambda *_: None)
"""What the library would write to standard error is told by the fault."""
_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "snd_lib_error_set_handler": (_NUMBER, [_QUIET]),
    "snd_strerror": (_TEXT, [_NUMBER]),
    "snd_pcm_open": (_NUMBER, [_OUT, _TEXT, _NUMBER, _NUMBER]),
    "snd_pcm_close": (_NUMBER, [_POINTER]),
    "snd_pcm_hw_params_malloc": (_NUMBER, [_OUT]),
    "snd_pcm_hw_params_free": (None, [_POINTER]),
    "snd_pcm_hw_params_any": (_NUMBER, [_POINTER, _POINTER]),
    "snd_pcm_hw_params_set_access": (_NUMBER, [_POINTER, _POINTER, _NUMBER]),
    "snd_pcm_hw_params_set_format": (_NUMBER, [_POINTER, _POINTER, _NUMBER]),
    "snd_pcm_hw_params_set_channels": (_NUMBER, [_POINTER, _POINTER, _UNSIGNED]),
    "snd_pcm_hw_params_set_rate": (_NUMBER, [_POINTER, _POINTER, _UNSIGNED, _NUMBER]),
    "snd_pcm_hw_params_set_period_size_near": (
        _NUMBER,
        [_POINTER, _POINTER, ctypes.POINTER(_FRAMES), ctypes.POINTER(_NUMBER)],
    ),
    "snd_pcm_hw_params_set_buffer_size_near": (_NUMBER, [_POINTER, _POINTER, ctypes.POINTER(_FRAMES)]),
    "snd_pcm_hw_params": (_NUMBER, [_POINTER, _POINTER]),
    "snd_pcm_prepare": (_NUMBER, [_POINTER]),
    "snd_pcm_start": (_NUMBER, [_POINTER]),
    "snd_pcm_wait": (_NUMBER, [_POINTER, _NUMBER]),
    "snd_pcm_readi": (_COUNT, [_POINTER, _POINTER, _FRAMES]),
}

Frames = npt.NDArray[np.int16]


@cache
def _library() -> ctypes.CDLL:
    try:
        found = ctypes.CDLL(_LIBRARY)
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(found, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        raise BoardFault(Fault.MISSING, f"{error}; the package libasound2 has it") from error
    found.snd_lib_error_set_handler(_SAY_NOTHING)
    return found


class Input(Protocol):
    """An open sound input. Answers below zero are errors of the system, negated."""

    def read(self, into: Frames) -> int:
        """So many frames now, or -EAGAIN.

        Shape: into (frames, channels)
        """

    def wait(self, timeout_s: float) -> int:
        """1 when there is something, 0 when there is not."""

    def restart(self) -> int:
        """Go on after samples were lost."""

    def words(self, code: int) -> str:
        """What an error means."""

    def close(self) -> None:
        """Let go."""


class _Pcm:
    """An input of the library, at 8 kHz and 16 bits.

    Raises: BoardFault when it is not there, is used, or cannot be had so
    """

    def __init__(self, device: str, channels: int) -> None:
        self._library = library = _library()
        handle = _POINTER()
        found = library.snd_pcm_open(ctypes.byref(handle), device.encode(), _CAPTURE, _NONBLOCK)
        if found < 0:
            missing = found in (-errno.ENOENT, *_GONE)
            refused = found in (-errno.EBUSY, -errno.EACCES, -errno.EPERM)
            fault = Fault.MISSING if missing else Fault.REFUSED if refused else Fault.BROKEN
            raise BoardFault(fault, f"{device}: {self.words(found)}")
        self._handle = handle
        try:
            self._set(device, channels)
        except BoardFault:
            self.close()
            raise

    def read(self, into: Frames) -> int:
        return int(self._library.snd_pcm_readi(self._handle, into.ctypes.data, into.shape[0]))

    def wait(self, timeout_s: float) -> int:
        return int(self._library.snd_pcm_wait(self._handle, max(int(timeout_s * 1000), 1)))

    def restart(self) -> int:
        found = int(self._library.snd_pcm_prepare(self._handle))
        return found if found < 0 else int(self._library.snd_pcm_start(self._handle))

    def words(self, code: int) -> str:
        return str(self._library.snd_strerror(code).decode("utf-8", "replace"))

    def close(self) -> None:
        if self._handle:
            self._library.snd_pcm_close(self._handle)
            self._handle = _POINTER()

    def _set(self, device: str, channels: int) -> None:
        library, handle = self._library, self._handle
        parameters = _POINTER()
        library.snd_pcm_hw_params_malloc(ctypes.byref(parameters))
        period, buffer = _FRAMES(BLOCK), _FRAMES(_BUFFERED)
        steps = (
            ("", lambda: library.snd_pcm_hw_params_any(handle, parameters)),
            ("access", lambda: library.snd_pcm_hw_params_set_access(handle, parameters, _INTERLEAVED)),
            ("16 bits", lambda: library.snd_pcm_hw_params_set_format(handle, parameters, _S16_LE)),
            (
                f"{channels} channels",
                lambda: library.snd_pcm_hw_params_set_channels(handle, parameters, channels),
            ),
            ("8 kHz", lambda: library.snd_pcm_hw_params_set_rate(handle, parameters, RATE_HZ, 0)),
            (
                "period",
                lambda: library.snd_pcm_hw_params_set_period_size_near(
                    handle, parameters, ctypes.byref(period), None
                ),
            ),
            (
                "buffer",
                lambda: library.snd_pcm_hw_params_set_buffer_size_near(
                    handle, parameters, ctypes.byref(buffer)
                ),
            ),
            ("all of it", lambda: library.snd_pcm_hw_params(handle, parameters)),
            ("start", self.restart),
        )
        try:
            for wanted, step in steps:
                found = step()
                if found < 0:
                    raise BoardFault(Fault.BROKEN, f"{device}, {wanted}: {self.words(found)}")
        finally:
            library.snd_pcm_hw_params_free(parameters)


class AlsaBoard:
    """The channels of one sound input.

    Raises: BoardFault
    """

    def __init__(self, device: str, channels: int, source: Input | None = None) -> None:
        """`device`: as the library names it; `plughw:…` converts, `hw:…` has to be 8 kHz itself."""
        self._device = device
        self._channels = channels
        self._input: Input | None = source or _Pcm(device, channels)
        self._frames: Frames = np.empty((BLOCK, channels), np.int16)
        self._have = 0
        self._pace = Pace(BLOCK)
        self._has_waited = False

    def describe(self) -> Description:
        """Lines without voltage."""
        return Description(
            model=self._device, channels=tuple(Channel(Kind.ANALOG) for _ in range(self._channels))
        )

    def read(self, timeout_s: float) -> Reading | None:
        """The next 100 ms.

        Raises: BoardFault
        """
        source = self._input
        if source is None:
            raise BoardFault(Fault.GONE, "closed")
        deadline_s = time.monotonic() + timeout_s
        while self._have < BLOCK:
            count = source.read(self._frames[self._have :])
            if 0 < count <= BLOCK - self._have:
                self._have += count
                continue
            if count in (0, -errno.EAGAIN):
                count = self._wait(source, deadline_s - time.monotonic())
                if count == 0:
                    return None
            if count < 0:
                self._mend(source, count)
                if time.monotonic() >= deadline_s:
                    return None
            elif count > BLOCK - self._have:
                raise BoardFault(Fault.BROKEN, f"{self._device}: {count} frames at once")
        return self._reading()

    def close(self) -> None:
        """Let go of the device."""
        if self._input is not None:
            self._input.close()
            self._input = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _wait(self, source: Input, left_s: float) -> int:
        """1 when there is something, 0 when the time is over."""
        if left_s <= 0:
            return 0
        began_s = time.monotonic()
        found = source.wait(left_s)
        self._has_waited |= time.monotonic() - began_s > _WAITED_S
        return found

    def _mend(self, source: Input, code: int) -> None:
        """After an overrun the input goes on: what was begun is lost with the rest."""
        if code not in _OVERRUN:
            fault = Fault.GONE if code in _GONE else Fault.BROKEN
            raise BoardFault(fault, f"{self._device}: {source.words(code)}")
        self._have = 0
        self._pace.has_gap = True
        found = source.restart()
        if found < 0:
            raise BoardFault(Fault.GONE, f"{self._device}: {source.words(found)}")

    def _reading(self) -> Reading:
        now_ns = time.monotonic_ns()
        had_gap = self._pace.has_gap
        at_ns, lost = self._pace.take(now_ns, has_waited=self._has_waited)
        self._has_waited = False
        self._have = 0
        wall_ns = time.time_ns()
        return Reading(
            at_ns=at_ns + wall_ns - now_ns,
            audio=codes("A")[np.ascontiguousarray(self._frames.T).astype(np.int32) + 32768],
            events=(LineEvent(0, wall_ns, Event.OVERRUN),) if had_gap else (),
            lost=lost,
        )
