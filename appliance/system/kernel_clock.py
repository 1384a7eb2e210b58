"""The kernel's clock: slewed by adjtimex, stepped by clock_settime. Needs CAP_SYS_TIME.

Source: adjtimex(2), ntp_adjtime(3)
"""

import ctypes
import os
import time

ADJ_OFFSET_SINGLESHOT = 0x8001
ADJ_STATUS = 0x0010
ADJ_MAXERROR = 0x0004
ADJ_ESTERROR = 0x0008
STA_UNSYNC = 0x0040
_MAX_SLEW_US = 500_000


class _Timex(ctypes.Structure):
    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("constant", ctypes.c_long),
        ("precision", ctypes.c_long),
        ("tolerance", ctypes.c_long),
        ("time", ctypes.c_long * 2),
        ("tick", ctypes.c_long),
        ("rest", ctypes.c_long * 6),
        ("tai", ctypes.c_int),
        ("spare", ctypes.c_int * 11),
    )


class KernelClock:
    """The one clock of this machine.

    Raises: PermissionError without the right to set it
    """

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)

    def slew(self, offset_s: float) -> None:
        """Let the clock run 500 ppm faster or slower until the difference is gone; it never runs backwards."""
        microseconds = round(offset_s * 1e6)
        given = max(-_MAX_SLEW_US, min(_MAX_SLEW_US, microseconds))
        self._adjust(_Timex(modes=ADJ_OFFSET_SINGLESHOT, offset=given))

    def step(self, offset_s: float) -> None:
        """Set the clock at once."""
        time.clock_settime_ns(
            time.CLOCK_REALTIME, time.clock_gettime_ns(time.CLOCK_REALTIME) + round(offset_s * 1e9)
        )

    def declare(self, error_s: float) -> None:
        """Tell the kernel that the clock is right within `error_s`: it then also keeps the hardware's clock right."""
        microseconds = max(1, round(error_s * 1e6))
        status = ADJ_STATUS | ADJ_MAXERROR | ADJ_ESTERROR
        self._adjust(_Timex(modes=status, status=0, maxerror=microseconds, esterror=microseconds))

    def _adjust(self, timex: _Timex) -> None:
        if self._libc.adjtimex(ctypes.byref(timex)) < 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))
