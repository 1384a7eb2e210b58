"""The MQTT library is used here and in `watching` only: typed news over mosquitto's Unix listener.

Nothing here blocks or fails a program when the broker is dead. `set` keeps the newest value of each retained topic
this program owns and publishes it again after every reconnect; `hint` is dropped while there is no connection.
Watchers are told when the connection comes and goes, because retained news that was cleared meanwhile is never
announced: who shows state forgets it at a new connection and is told everything anew.
All methods belong to the event loop's thread.

Source: MQTT 5.0 §3.1.2.5 (will), §3.3.1.3 (retain), §3.8.3.1 (no local)
"""

import asyncio
import contextlib
import os
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import aiomqtt
import msgspec
from paho.mqtt.subscribeoptions import SubscribeOptions

from appliance.bus.topics import PROGRAM, News, ProgramState, Topic
from appliance.bus.watching import Client
from appliance.core import log
from appliance.core.clock import Clock, SystemClock

_logger = log.get(__name__)

MAX_HINTS = 1000
MAX_INCOMING = 50_000
_KEEP_ALIVE_S = 15
_TIMEOUT_S = 5.0
_FLUSH_S = 1.0
_BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)


class _Sending(NamedTuple):
    payload: bytes
    qos: int
    retained: bool


class _Subscription(NamedTuple):
    topic: Topic[Any]
    decoder: msgspec.json.Decoder[Any]
    receiver: Callable[[str, Any], None]


class Bus:
    """One program's connection to the news, kept up in the background between `async with` and its end.

    `announces`: a daemon says whether it is alive, a mere reader does not.
    """

    def __init__(
        self, socket: Path, program: str, clock: Clock | None = None, *, announces: bool = True
    ) -> None:
        self.program = program
        self.is_connected = False
        self.dropped_hints = 0
        self.unreadable_news = 0
        self._socket = socket
        self._announces = announces
        self._clock = clock or SystemClock()
        self._started_at = self._clock.now()
        self._owned: dict[str, _Sending] = {}
        self._changed: dict[str, _Sending] = {}
        self._told: set[str] = set()
        self._hints: deque[tuple[str, _Sending]] = deque(maxlen=MAX_HINTS)
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._subscriptions: list[_Subscription] = []
        self._swept: list[Topic[Any]] = []
        self._watchers: list[Callable[[bool], None]] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Start connecting; returns at once, with or without a broker."""
        self._task = asyncio.create_task(self._stay_connected(), name="bus")
        self._task.add_done_callback(_report_failure)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say good-bye: `alive=False`, everything still waiting, then disconnect; at most a second."""
        if self._announces:
            self.set(PROGRAM, self.program, ProgramState(at=self._clock.now(), alive=False, status="stopped"))
        if self.is_connected:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_FLUSH_S):
                    await self._idle.wait()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def set(self, topic: Topic[News], key: str, news: News) -> None:
        """Publish retained state of one subject; only its newest value is kept while the broker is away."""
        assert topic.retained, topic.path
        sending = _Sending(msgspec.json.encode(news), topic.qos, retained=True)
        path = topic.at(key)
        self._owned[path] = sending
        self._push(path, sending)

    def clear(self, topic: Topic[News], key: str) -> None:
        """Remove retained state of one subject; what nobody was told yet need not be taken back."""
        path = topic.at(key)
        self._owned.pop(path, None)
        if path in self._changed and path not in self._told:
            del self._changed[path]
            return
        self._push(path, _Sending(b"", topic.qos, retained=True))

    def hint(self, topic: Topic[News], key: str, news: News) -> None:
        """Publish an event now, or drop it when there is no connection."""
        if not self.is_connected or len(self._hints) == MAX_HINTS:
            self.dropped_hints += 1
            return
        self._hints.append((topic.at(key), _Sending(msgspec.json.encode(news), topic.qos, retained=False)))
        self._wake.set()
        self._idle.clear()

    def report(
        self, status: str, status_zh: str = "", facts: dict[str, int | float | str] | None = None
    ) -> None:
        """Publish this program's own state."""
        self.set(
            PROGRAM,
            self.program,
            ProgramState(
                at=self._clock.now(),
                alive=True,
                status=status,
                status_zh=status_zh,
                started_at=self._started_at,
                facts=facts or {},
            ),
        )

    def own(self, topic: Topic[News]) -> None:
        """Clear retained subjects of `topic` that an earlier life of this program left behind.

        Call before the connection is opened.
        """
        self._swept.append(topic)

    def subscribe(self, topic: Topic[News], receiver: Callable[[str, News | None], None]) -> None:
        """Call `receiver(key, news)` for every subject of `topic`; news is None when the subject was cleared.

        Call before the connection is opened. Unreadable news is counted, logged and skipped.
        """
        decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(topic.payload)
        self._subscriptions.append(_Subscription(topic, decoder, receiver))

    def on_connection(self, watcher: Callable[[bool], None]) -> None:
        """Call `watcher(True)` after every connect, before any news, `watcher(False)` after every loss."""
        self._watchers.append(watcher)

    def _push(self, path: str, sending: _Sending) -> None:
        self._changed[path] = sending
        self._wake.set()
        self._idle.clear()

    async def _stay_connected(self) -> None:
        failures = 0
        while True:
            try:
                async with self._client() as client:
                    failures = 0
                    await self._session(client)
            except aiomqtt.MqttError as error:
                if failures == 0:
                    _logger.warning("the message broker is away", extra={"problem": str(error)})
            finally:
                self._set_connected(connected=False)
            await asyncio.sleep(_BACK_OFF_S[min(failures, len(_BACK_OFF_S) - 1)])
            failures += 1

    def _client(self) -> aiomqtt.Client:
        will = None
        if self._announces:
            last_will = ProgramState(at=self._clock.now(), alive=False, status="died")
            will = aiomqtt.Will(
                PROGRAM.at(self.program), msgspec.json.encode(last_will), qos=PROGRAM.qos, retain=True
            )
        return Client(
            hostname=str(self._socket),
            transport="unix",
            protocol=aiomqtt.ProtocolVersion.V5,
            identifier=f"{self.program}-{os.getpid()}-{id(self):x}",
            keepalive=_KEEP_ALIVE_S,
            timeout=_TIMEOUT_S,
            max_queued_incoming_messages=MAX_INCOMING,
            will=will,
        )

    async def _session(self, client: aiomqtt.Client) -> None:
        _logger.info("connected to the message broker")
        self._set_connected(connected=True)
        self._changed = {**self._changed, **self._owned}
        self._wake.set()
        for path in dict.fromkeys(topic.path for topic in self._topics()):
            await client.subscribe(path, options=SubscribeOptions(qos=1, noLocal=True))
        tasks = {asyncio.create_task(self._send(client)), asyncio.create_task(self._receive(client))}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    def _topics(self) -> list[Topic[Any]]:
        return [*(subscription.topic for subscription in self._subscriptions), *self._swept]

    async def _send(self, client: aiomqtt.Client) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._changed or self._hints:
                if self._changed:
                    path = next(iter(self._changed))
                    sending = self._changed.pop(path)
                else:
                    path, sending = self._hints.popleft()
                if sending.retained:
                    (self._told.add if sending.payload else self._told.discard)(path)
                await client.publish(path, sending.payload, sending.qos, sending.retained)
            self._idle.set()

    async def _receive(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            path = message.topic.value
            payload = message.payload if isinstance(message.payload, bytes) else b""
            for topic in self._swept:
                if payload and message.topic.matches(topic.path) and path not in self._owned:
                    self._push(path, _Sending(b"", topic.qos, retained=True))
            for subscription in self._subscriptions:
                if message.topic.matches(subscription.topic.path):
                    self._deliver(subscription, subscription.topic.key(path), payload)

    def _deliver(self, subscription: _Subscription, key: str, payload: bytes) -> None:
        news = None
        if payload:
            try:
                news = subscription.decoder.decode(payload)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                self.unreadable_news += 1
                _logger.warning(
                    "unreadable news", extra={"topic": subscription.topic.at(key), "problem": str(error)}
                )
                return
        subscription.receiver(key, news)

    def _set_connected(self, *, connected: bool) -> None:
        if connected is self.is_connected:
            return
        self.is_connected = connected
        if not connected:
            self.dropped_hints += len(self._hints)
            self._hints.clear()
        for watcher in self._watchers:
            watcher(connected)


def _report_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        task.get_loop().call_exception_handler({"message": "the bus client failed", "exception": error})
