"""The admin panel's program: index, settings, bus and server put together, and nothing else."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tornado.httpserver import HTTPServer

from appliance.bus.client import Bus
from appliance.bus.clock_orders import ClockAsking
from appliance.bus.command import Asking
from appliance.core import log
from appliance.core.errors import Unreachable
from appliance.core.service import Service
from appliance.daemons import Options
from appliance.store.database import open_database
from webadmin.app import application, server, to_tls
from webadmin.certificate import Keeping
from webadmin.panel import Panel

_logger = log.get(__name__)

_SETTLE_S = 6.0  # longer than the longest pause between two attempts of a program to reach the broker
_TICK_S = 1.0
_PULSE_S = 30.0
_CLOSE_S = 2.0
_EVERYWHERE = "::"
_PLAIN_PORT = 80


async def main(service: Service, options: Options) -> None:
    """Serve until told to stop."""
    layout = options.layout.make()
    database = open_database(layout)  # nobody is served yet; from here on only the pool's threads touch it
    panel = Panel(layout, database, service.clock)
    try:
        bus = Bus(layout.bus_socket, service.name, service.clock)
        panel.live.subscribe(bus)
        panel.machine.subscribe(bus)
        panel.orders = Asking(bus, service.clock)
        panel.clock_orders = ClockAsking(bus, service.clock)
        bus.on_connection(_Settling(panel).connection)
        service.on_status(bus.report)
        async with bus, _serving(panel, options):
            service.status(f"{'https' if options.tls else 'http'}://{options.address}:{options.port}/")
            service.ready()
            await _work(service, panel)
    finally:
        panel.close()
        database.close()


class _Settling:
    """After every connect to the broker the live state is told anew; what is not told again is gone."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._timer: asyncio.TimerHandle | None = None

    def connection(self, is_connected: bool) -> None:  # noqa: FBT001 - the bus calls with a plain value
        """Take note of a connection that came or went."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if is_connected:
            self._panel.live.reconnected()
            self._timer = asyncio.get_running_loop().call_later(_SETTLE_S, self._panel.live.settled)


@asynccontextmanager
async def _serving(panel: Panel, options: Options) -> AsyncIterator[None]:
    panel.certificate = Keeping(panel.layout, panel.now()) if options.tls else None
    http = server(application(panel), panel.certificate.context if panel.certificate else None)
    ways = [(http, options.port)]
    if options.tls:
        ways.append((HTTPServer(to_tls(options.port)), _PLAIN_PORT))
    try:
        for way, port in ways:
            # Given "::" the library would serve IPv6 alone; without an address it serves both.
            way.listen(port, None if options.address == _EVERYWHERE else options.address)
    except OSError as error:
        peer = f"{options.address}:{port}"
        raise Unreachable(peer=peer, during="listen") from error
    try:
        yield
    finally:
        for way, _ in ways:
            way.stop()
        panel.fanout.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_S):
                await http.close_all_connections()


async def _work(service: Service, panel: Panel) -> None:
    pulse = service.pulse("loop", _PULSE_S)
    while not await service.sleep(_TICK_S):
        panel.operations.check()
        await panel.renew_settings()
        if panel.certificate is not None:
            await panel.read(panel.certificate.renew)
        await panel.names.follow(panel.ask, lambda: panel.settings.recording.extensions)
        await panel.commissioning.follow(panel.ask)
        await panel.exports.sweep()
        pulse.beat()
