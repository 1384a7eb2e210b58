"""Waiting for a condition with a deadline, instead of sleeping and hoping.

A deadline only decides how long a failure takes to be told, so none is shorter than `LEAST_S`: the machine may be slow
and busy with other things. Between two looks the wait grows, for a look may be dear itself.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

T = TypeVar("T")

LEAST_S = 60.0


def until(condition: Callable[[], T], deadline_s: float = LEAST_S, what: str = "") -> T:
    """The first true value of `condition`; AssertionError naming `what` when the deadline passes."""
    for pause_s in _pauses(deadline_s):
        value = condition()
        if value:
            return value
        time.sleep(pause_s)
    return _last(condition(), deadline_s, what or condition)


async def until_async(
    condition: Callable[[], Awaitable[T]], deadline_s: float = LEAST_S, what: str = ""
) -> T:
    """The same for a condition that is awaited."""
    for pause_s in _pauses(deadline_s):
        value = await condition()
        if value:
            return value
        await asyncio.sleep(pause_s)
    return _last(await condition(), deadline_s, what or condition)


def _pauses(deadline_s: float) -> Iterator[float]:
    end = time.monotonic() + max(deadline_s, LEAST_S)
    pause_s = 0.02
    while time.monotonic() < end:
        yield pause_s
        pause_s = min(pause_s * 1.2, 0.25)


def _last(value: T, deadline_s: float, what: object) -> T:
    message = f"not within {max(deadline_s, LEAST_S)} s: {what}"
    assert value, message
    return value
