"""The MQTT library's client, which looks whether its socket is still open when it begins to watch it.

The library asks the event loop to watch a number of a file, a round of the loop later. When the broker dies in between, the
number is nobody's by then, which ended the program, or already somebody else's, whose news the library would take.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import aiomqtt
from paho.mqtt import client as paho


class Client(aiomqtt.Client):
    """The same but for the moment at which the socket's number is asked for."""

    _loop: asyncio.AbstractEventLoop
    _disconnected: "asyncio.Future[None]"

    def _on_socket_open(self, client: paho.Client, userdata: Any, sock: Any) -> None:  # noqa: ARG002 - the library's
        def watch() -> None:
            if sock.fileno() >= 0:
                self._loop.add_reader(sock.fileno(), self._go_on, client.loop_read)
                self._misc_task = self._loop.create_task(self._misc_loop())

        self._loop.call_soon_threadsafe(watch)

    def _on_socket_register_write(self, client: paho.Client, userdata: Any, sock: Any) -> None:  # noqa: ARG002 - the library's
        def watch() -> None:
            if sock.fileno() >= 0:
                self._loop.add_writer(sock.fileno(), self._go_on, client.loop_write)

        self._loop.call_soon_threadsafe(watch)

    def _go_on(self, work: Callable[[], object]) -> None:
        """Read or write; what fails is the connection's end, whatever it is."""
        try:
            work()
        except Exception as error:  # noqa: BLE001
            if not self._disconnected.done():
                self._disconnected.set_exception(error)
