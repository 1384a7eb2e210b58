"""Waiting for a condition with a deadline, instead of sleeping and hoping."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], deadline_s: float = 20.0, what: str = "") -> T:
    """The first true value of `condition`; AssertionError naming `what` when the deadline passes."""
    end = time.monotonic() + deadline_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            message = f"not within {deadline_s} s: {what or condition}"
            raise AssertionError(message)
        time.sleep(0.02)


async def until_async(condition: Callable[[], Awaitable[T]], deadline_s: float = 20.0, what: str = "") -> T:
    """The same for a condition that is awaited."""
    end = time.monotonic() + deadline_s
    while True:
        value = await condition()
        if value:
            return value
        if time.monotonic() > end:
            message = f"not within {deadline_s} s: {what or condition}"
            raise AssertionError(message)
        await asyncio.sleep(0.02)
