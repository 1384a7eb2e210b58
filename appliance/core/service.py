"""What every daemon is: start, READY, watchdog, status, ordered stop, exit code. Works without systemd, too.

A daemon is one coroutine that is given its `Service`. It opens what it needs with `async with`, says `ready()`,
works until `stopping` is set, and closes everything on its way out. An error nobody handles is logged with its
facts and ends the program with status 1: systemd starts it again. Background tasks report such an error through the
loop's exception handler, so that no task can die unseen.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from systemd import daemon

from appliance.core import log
from appliance.core.clock import Clock, SystemClock
from appliance.core.errors import ApplianceError

_logger = log.get(__name__)

Listener = Callable[[str, str], None]
"""Takes the status line in English and in Chinese."""


class Pulse:
    """The promise of one part of a program to move on; systemd is told of life only while all are kept."""

    def __init__(self, name: str, within_s: float, clock: Clock) -> None:
        self.name = name
        self._within_s = within_s
        self._clock = clock
        self._last_mono_s = clock.mono_s()

    def beat(self) -> None:
        """Say that this part is alive; may be called from any thread."""
        self._last_mono_s = self._clock.mono_s()

    @property
    def is_late(self) -> bool:
        """Whether the promise is broken right now."""
        return self._clock.mono_s() - self._last_mono_s > self._within_s


class Service:
    """A running daemon's tie to the machine: systemd's notifications, signals and status."""

    def __init__(self, name: str, clock: Clock) -> None:
        self.name = name
        self.clock = clock
        self.started_at = clock.now()
        self.stopping = asyncio.Event()
        self.is_ready = False
        self._status = ("", "")
        self._pulses: list[Pulse] = []
        self._listeners: list[Listener] = []

    def ready(self) -> None:
        """Tell systemd that the program does its work from now on."""
        self.is_ready = True
        _notify("READY=1")
        _logger.info("ready", extra={"program": self.name})

    def status(self, en: str, zh: str = "") -> None:
        """Show one line: the English one in `systemctl status`, both to every listener."""
        if (en, zh) == self._status:
            return
        self._status = (en, zh)
        _notify("STATUS=" + " ".join(en.split()))
        for listener in self._listeners:
            listener(en, zh)

    def on_status(self, listener: Listener) -> None:
        """Call `listener` with every new status line, and with the present one now."""
        self._listeners.append(listener)
        listener(*self._status)

    def pulse(self, name: str, within_s: float) -> Pulse:
        """A new promise: `beat()` at least every `within_s` seconds, or systemd ends the program."""
        pulse = Pulse(name, within_s, self.clock)
        self._pulses.append(pulse)
        return pulse

    async def sleep(self, seconds: float) -> bool:
        """Wait, but not beyond the order to stop; True when the program shall stop."""
        with contextlib.suppress(TimeoutError):
            # Not wait_for: before Python 3.12 it can swallow a cancellation that comes at the same moment.
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
        return self.stopping.is_set()

    async def idle(self, pulse: Pulse, is_over: Callable[[], bool], look_s: float) -> None:
        """Nothing to do: wait until `is_over`, which is asked every `look_s` seconds, or the order to stop."""
        while not is_over():
            pulse.beat()
            if await self.sleep(look_s):
                return

    def late(self) -> list[str]:
        """The names of broken promises."""
        return [pulse.name for pulse in self._pulses if pulse.is_late]

    def stop(self, cause: str) -> None:
        """Begin the ordered stop; the first cause counts."""
        if not self.stopping.is_set():
            _notify("STOPPING=1")
            _logger.info("stopping", extra={"program": self.name, "cause": cause})
            self.stopping.set()

    async def pet_watchdog(self) -> None:
        """Pet systemd's watchdog at a third of its interval; returns at once when there is none."""
        interval_s = watchdog_interval_s(dict(os.environ), os.getpid())
        if interval_s is None:
            return
        while True:
            late = self.late()
            if late:
                _logger.error("a part of the program stands still", extra={"parts": ",".join(late)})
            else:
                _notify("WATCHDOG=1")
            await asyncio.sleep(interval_s / 3)


Main = Callable[[Service], Awaitable[None]]


def watchdog_interval_s(environment: dict[str, str], process_id: int) -> float | None:
    """How often systemd wants to hear from this process; None when it does not watch.

    Source: sd_watchdog_enabled(3)
    """
    interval_us = environment.get("WATCHDOG_USEC", "")
    watched = environment.get("WATCHDOG_PID", str(process_id))
    if not interval_us.isdigit() or watched != str(process_id) or int(interval_us) == 0:
        return None
    return int(interval_us) / 1_000_000


def run(name: str, main: Main, *, stop_within_s: float = 20.0) -> int:
    """Run a daemon to its end and return its exit status: 0 stopped in order, 1 failed."""
    log.configure(name)
    try:
        failure = asyncio.run(_run(name, main, stop_within_s))
    except ApplianceError as error:
        _logger.error(  # noqa: TRY400 - our errors say what to do
            "the program cannot go on",
            extra={"code": error.code, "problem": error.message(), **_safe(error.facts)},
        )
        return 1
    except Exception:
        _logger.exception("the program failed")
        return 1
    return 1 if failure else 0


async def _run(name: str, main: Main, stop_within_s: float) -> bool:
    service = Service(name, SystemClock())
    loop = asyncio.get_running_loop()
    failures: list[str] = []

    def on_background_failure(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        forgotten = context.get("future")
        if isinstance(forgotten, asyncio.Future) and not isinstance(forgotten, asyncio.Task):
            # A library dropped a promise (as the MQTT client does when the broker dies while it connects); no work
            # of ours ended.
            _logger.warning("an answer nobody waits for any more", extra={"problem": str(error)})
            return
        _logger.error(
            "a background task failed",
            exc_info=error if isinstance(error, BaseException) else None,
            extra={"problem": context.get("message", "")},
        )
        failures.append(str(error))
        service.stop("failure")

    loop.set_exception_handler(on_background_failure)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.stop, signal.Signals(number).name)
    watchdog = asyncio.create_task(service.pet_watchdog())
    work = asyncio.ensure_future(main(service))
    stop = asyncio.create_task(service.stopping.wait())
    try:
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            await asyncio.wait({work}, timeout=stop_within_s)
        if not work.done():
            _logger.error("the ordered stop took too long", extra={"limit_s": stop_within_s})
            failures.append("stop")
            work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
    finally:
        watchdog.cancel()
        stop.cancel()
    return bool(failures)


def _notify(state: str) -> None:
    """Tell systemd; a notification socket that went away is its problem, not ours."""
    with contextlib.suppress(OSError):
        daemon.notify(state)


def _safe(facts: dict[str, Any]) -> dict[str, str]:
    """Facts under names that a log record does not use itself."""
    return {f"fact_{name}": str(value) for name, value in facts.items()}
