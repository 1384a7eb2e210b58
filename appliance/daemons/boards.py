"""The boards: calls of analog lines and E1 trunks in, bundles out. Composition only; see `appliance/boards`."""

import asyncio
import contextlib
import resource
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial

from appliance.boards.deciding import Deciding
from appliance.boards.live import LiveNews
from appliance.boards.spool import Spool, close_all
from appliance.boards.switchboard import Switchboard
from appliance.boards.taps import told
from appliance.bus.client import Bus
from appliance.bus.command import obey_on_boards
from appliance.bus.topics import ControlOrder
from appliance.core import log
from appliance.core.files import Layout, Lock
from appliance.core.service import Pulse, Service
from appliance.core.text import Text
from appliance.daemons import Options
from appliance.domain.control import NO_SUCH_CALL, Answer
from appliance.media.listening import ListeningPost
from appliance.settings.storage import Kept
from appliance.system.licences import Licences

_logger = log.get(__name__)

STALL_S = 20.0
LOOK_S = 1.0
_MIB = 1 << 20
_NO_BOARDS = ("no boards are set up", "尚未设置板卡")
_STATUS = Text(
    en="{boards} boards, {channels} channels, {up} calls up, {handed_over} handed over",
    zh="板卡 {boards}，通道 {channels}，当前通话 {up}，已移交 {handed_over}",
)
_FAULTS = Text(en="not there: {names}", zh="不可用：{names}")


class _Desk:
    """Where orders arrive; switchboards come and go behind it."""

    def __init__(self) -> None:
        self.switchboard: Switchboard | None = None

    def take(self, order: ControlOrder, answer: Callable[[Answer], None]) -> None:
        if self.switchboard is None:
            answer((NO_SUCH_CALL, None))
        else:
            self.switchboard.order(order, answer)


async def main(service: Service, options: Options) -> None:
    """Record the boards of the settings until told to stop.

    Other boards, channels or trunks end the calls that are up and begin anew; other recording rules hold from the next
    call on and end nothing.
    """
    layout = options.layout.make()
    lock = Lock(layout.boards_lock)
    _many_files()
    try:
        await asyncio.to_thread(close_all, layout)
        bus = Bus(layout.bus_socket, service.name, service.clock)
        news = LiveNews(bus, service.clock)
        desk = _Desk()
        obey_on_boards(bus, service.clock, desk.take)
        async with bus:
            service.on_status(bus.report)
            pulse = service.pulse("boards", STALL_S)
            kept = Kept(layout)
            while not service.stopping.is_set():
                if kept.now.boards.cards:
                    await _record(service, pulse, news, layout, kept, desk)
                else:
                    service.status(*_NO_BOARDS)
                    if not service.is_ready:
                        service.ready()
                    await service.idle(pulse, kept.renewed, LOOK_S)
    finally:
        lock.close()


def _many_files() -> None:
    """Each direction of each call is a file of its own."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _record(
    service: Service, pulse: Pulse, news: LiveNews, layout: Layout, kept: Kept, desk: _Desk
) -> None:
    settings = kept.now
    spool = Spool(layout, settings.capture.keep_free_mib * _MIB)
    licences = Licences(layout)
    deciding = Deciding(
        settings.recording,
        has_room=lambda: not layout.recording_stopped.exists(),
        licensed=lambda technology: licences.at(service.clock.now().date()).limit(technology),
    )
    switchboard = Switchboard(
        settings.boards,
        spool,
        layout.signalling,
        deciding,
        news,
        service.clock,
        keeps_keys=settings.capture.store_keys,
    )
    desk.switchboard = switchboard
    ending = asyncio.Event()
    try:
        async with AsyncExitStack() as stack:
            stack.callback(switchboard.taps.close)
            post = ListeningPost(
                layout.listen_lines_socket, partial(told, switchboard.find), switchboard.taps.add
            )
            await stack.enter_async_context(post)
            watch = asyncio.create_task(_watch(service, kept, ending, switchboard, deciding, spool))
            stack.callback(watch.cancel)
            if not service.is_ready:
                service.ready()
            await switchboard.run(ending, pulse)
    finally:
        desk.switchboard = None


async def _watch(
    service: Service,
    kept: Kept,
    ending: asyncio.Event,
    switchboard: Switchboard,
    deciding: Deciding,
    spool: Spool,
) -> None:
    """End the session when the program stops or its boards are other ones; swap the recording rules."""
    settings = kept.now
    while not await service.sleep(LOOK_S):
        _tell(service, switchboard, kept.problem)
        if kept.renewed():
            if kept.now.boards != settings.boards:
                _logger.info("new settings")
                break
            spool.keep_free_bytes = kept.now.capture.keep_free_mib * _MIB
            if kept.now.recording != settings.recording:
                _logger.info("new recording rules", extra={"revision": kept.now.revision})
                deciding.renew(kept.now.recording)
            settings = kept.now
    ending.set()


def _tell(service: Service, switchboard: Switchboard, problem: str) -> None:
    cards = switchboard.cards
    facts = {
        "boards": len(cards),
        "channels": sum(len(card.parameters) for card in cards),
        "up": len(switchboard.calls),
        "handed_over": switchboard.handed_over,
    }
    names = ", ".join(switchboard.faults)
    en, zh = [_STATUS.render("en", **facts)], [_STATUS.render("zh", **facts)]
    if names:
        en.append(_FAULTS.render("en", names=names))
        zh.append(_FAULTS.render("zh", names=names))
    if problem:
        en.append(problem)
        zh.append(problem)
    service.status(", ".join(en), "，".join(zh))
