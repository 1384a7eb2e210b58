"""The recorder: mirrored calls in, bundles out. Composition only; see `appliance/capture`."""

import asyncio
import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from appliance.bus.client import Bus
from appliance.bus.command import obey
from appliance.capture import engine
from appliance.capture.bundles import Bundles
from appliance.capture.keytones import KeyListener
from appliance.capture.live import LiveNews, told
from appliance.capture.mirror import Mirror
from appliance.capture.recovery import close_all
from appliance.capture.resumption import Unfinished, unfinished
from appliance.capture.session import Session, status_line
from appliance.capture.supervision import OrderDesk, Supervision
from appliance.capture.waiting import left_over
from appliance.core import log
from appliance.core.clock import Clock
from appliance.core.files import Layout, Lock
from appliance.core.garbage import collect_rarely
from appliance.core.service import Pulse, Service
from appliance.daemons import Options
from appliance.domain.call import DataType
from appliance.domain.selftest import LINE
from appliance.media.listening import ListeningPost
from appliance.settings.storage import Kept
from appliance.system.licences import Licences

_logger = log.get(__name__)

STALL_S = 20.0
LOOK_S = 1.0
_NO_PORT = ("no mirror port is chosen", "尚未选择镜像端口")


class _Limits:
    """What is granted to calls that begin, as it was at the last look: whoever reads signalling asks no disk."""

    def __init__(self, layout: Layout, clock: Clock) -> None:
        self._layout = layout
        self._clock = clock
        self._licences = Licences(layout)
        self.look()

    def look(self) -> None:
        """Ask the disk anew."""
        self.has_room = not self._layout.recording_stopped.exists()
        self.licensed = self._licences.at(self._clock.now().date()).limit(DataType.IP)


async def main(service: Service, options: Options) -> None:
    """Record the mirror port (or the capture files of the options) until told to stop.

    New settings of the capture end the present session in order and begin another that goes on with its calls, unless
    they are of another port; new recording rules hold from the next call on and end nothing.
    """
    collect_rarely()
    layout = options.layout.make()
    lock = Lock(layout.capture_lock)
    try:
        bus = Bus(layout.bus_socket, service.name, service.clock)
        news = LiveNews(bus, service.clock)
        desk = OrderDesk()
        obey(bus, service.clock, desk.act)
        async with bus:
            service.on_status(bus.report)
            pulse = service.pulse("capture", STALL_S)
            captures = options.captures
            kept = Kept(layout)
            while not service.stopping.is_set():
                interface = options.interface or kept.now.capture.interface or options.mirror
                port = "" if captures else interface
                left = await asyncio.to_thread(_unfinished, layout, service.clock.now().timestamp(), port)
                if captures or interface or options.test_line:
                    line = "" if captures else options.test_line
                    await _record(service, pulse, news, layout, kept, interface, line, captures, desk, left)
                    captures = ()
                else:
                    service.status(*_NO_PORT)
                    if not service.is_ready:
                        service.ready()
                    await service.idle(pulse, kept.renewed, LOOK_S)
    finally:
        lock.close()


def _unfinished(layout: Layout, now_s: float, port: str) -> list[Unfinished]:
    """The calls of this port to go on with; all others that were left are closed."""
    left = unfinished(layout, now_s, port) if port else []
    close_all(layout, None, [one.name for one in left])
    return left


async def _record(
    service: Service,
    pulse: Pulse,
    news: LiveNews,
    layout: Layout,
    kept: Kept,
    interface: str,
    line: str,
    captures: tuple[str, ...],
    desk: OrderDesk,
    left: list[Unfinished],
) -> None:
    settings = kept.now
    if captures:
        packets = engine.on_files([Path(path) for path in captures], settings.capture, layout)
    else:
        heard = ",".join(name for name in (interface, line) if name)
        packets = engine.on_interface(heard, settings.capture, layout, os.getpid())
    bundles = Bundles(layout, durable=True)
    limits = _Limits(layout, service.clock)
    supervision = Supervision(
        packets,
        settings.recording,
        has_room=lambda: limits.has_room,
        licensed=lambda: limits.licensed,
    )
    mirror = Mirror(packets, bundles, settings.capture, interface or line or "file", supervision)
    attempts = await asyncio.to_thread(left_over, layout, mirror.attempts)
    if attempts:
        _logger.warning("calls waited for an answer when the recorder ended", extra={"calls": len(attempts)})
    desk.supervision, desk.find = supervision, mirror.legs.get
    if left:
        resumed = sum([mirror.resume(one) for one in left])
        _logger.warning("calls go on that were interrupted", extra={"calls": resumed})
        await asyncio.to_thread(close_all, layout, None, mirror.legs)
    keys = KeyListener(packets, mirror.legs, supervision)
    session = Session(
        packets,
        mirror,
        bundles,
        news,
        service.clock,
        is_live=not captures,
        listen=keys.listen if captures else None,
        left_over=attempts,
    )
    ending = asyncio.Event()
    async with AsyncExitStack() as stack:
        post = ListeningPost(layout.listen_socket, partial(told, mirror.legs), packets.tap)
        await stack.enter_async_context(post)
        watch = asyncio.create_task(
            _watch(service, kept, ending, partial(_tell, service, kept, mirror, session), supervision, limits)
        )
        stack.callback(watch.cancel)
        if captures:
            stack.callback(keys.close)
        else:
            hearing = asyncio.create_task(keys.run())
            stack.callback(hearing.cancel)
        if not service.is_ready:
            service.ready()
        _logger.info("recording", extra={"interface": mirror.interface})
        await session.run(ending, pulse)
        _tell(service, kept, mirror, session)
    for problem in mirror.origin.problems:
        _logger.error("capture file not read to its end", extra={"problem": problem})


async def _watch(
    service: Service,
    kept: Kept,
    ending: asyncio.Event,
    tell: Callable[[], None],
    supervision: Supervision,
    limits: _Limits,
) -> None:
    """End the session when the program stops or the capture's settings are other ones; swap the recording rules."""
    settings = kept.now
    while not await service.sleep(LOOK_S):
        tell()
        await asyncio.to_thread(limits.look)
        if kept.renewed():
            if kept.now.capture != settings.capture:
                _logger.info("new settings")
                break
            if kept.now.recording != settings.recording:
                _logger.info("new recording rules", extra={"revision": kept.now.revision})
                supervision.renew(kept.now.recording)
            settings = kept.now
    ending.set()


def _tell(service: Service, kept: Kept, mirror: Mirror, session: Session) -> None:
    if mirror.interface == LINE:
        service.status(*_NO_PORT)
        return
    service.status(
        status_line(mirror, session.handed_over, "en", kept.problem),
        status_line(mirror, session.handed_over, "zh", kept.problem),
    )
