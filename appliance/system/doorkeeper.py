"""The helper's end of the door: lets in whom it may, reads one bounded order, runs its action, tells the journal.

Everything that comes in is taken for hostile: the peer's user is the kernel's word (SO_PEERCRED), sizes, counts and
times are bounded, an order that is none is answered and closes its connection. Nothing that a caller does can end the
helper or another caller's action.
Source: unix(7), SO_PEERCRED
"""

import asyncio
import contextlib
import socket
import struct
import time
from collections.abc import Awaitable, Mapping
from typing import Any

import msgspec

from appliance.core import log
from appliance.core.errors import ApplianceError, Broken, Busy, Denied, NotFound, TimedOut
from appliance.core.files import Layout
from appliance.core.problem import invalid
from appliance.core.text import Text
from appliance.system.door import (
    CALL_BYTES,
    NAME_CHARACTERS,
    PART_BYTES,
    Action,
    Call,
    Done,
    Garbled,
    NotHere,
    Part,
    failed,
    framed,
    read_frame,
)
from appliance.system.machine import Machine

_logger = log.get(__name__)

MOST_CALLERS = 24
FIRST_FRAME_S = 5.0
SEND_S = 20.0
LET_GO_S = 1.0
_CREDENTIALS = struct.Struct("3i")
_CALL = msgspec.json.Decoder(Call)


class ActionFailed(Broken):
    """Something nobody expected went wrong inside an action. Facts: action."""

    text = Text(en="{action} failed; the journal knows more.", zh="{action} 执行失败，详情请查看系统日志。")


class _Stranger(Denied):
    """The peer's user may not come in."""


class _Ended(Exception):
    """Nobody listens any more."""


class Doorkeeper:
    """Serves until closed. `users` are the numbers of the users who may ask; `actions` by name."""

    def __init__(
        self, layout: Layout, machine: Machine, actions: Mapping[str, Action[Any, Any]], users: frozenset[int]
    ) -> None:
        self.layout = layout
        self.machine = machine
        self._actions = actions
        self._users = users
        self._callers = 0
        self._taken: set[str] = set()
        self._kept: dict[str, asyncio.Task[None]] = {}
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.last_mono_s = time.monotonic()

    async def listen(self, listener: socket.socket | None = None) -> None:
        """Begin; without a socket of systemd's make our own."""
        if listener is None:
            path = self.layout.helper_socket
            path.unlink(missing_ok=True)
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(str(path))
            path.chmod(0o660)
        self._server = await asyncio.start_unix_server(self._come_in, sock=listener, limit=CALL_BYTES + 1024)

    async def close(self) -> None:
        """Let nobody in any more, end what is left."""
        if self._server is not None:
            self._server.close()
        for task in [*self._tasks, *self._kept.values()]:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._kept.values(), return_exceptions=True)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is asked, done or kept."""
        return not self._callers and not self._kept and not self._tasks

    def keep(self, work: Awaitable[None], name: str) -> None:
        """Do this beside all; the helper is not idle until it is done."""
        self.drop(name)
        task = asyncio.ensure_future(work)
        self._kept[name] = task
        task.add_done_callback(lambda done: self._forget(name, done))

    def drop(self, name: str) -> None:
        """End what is kept under this name."""
        task = self._kept.pop(name, None)
        if task is not None and task is not asyncio.current_task():
            task.cancel()

    def _forget(self, name: str, task: asyncio.Future[None]) -> None:
        if self._kept.get(name) is task:
            del self._kept[name]
        self.last_mono_s = time.monotonic()
        if not task.cancelled() and task.exception() is not None:
            _logger.error("kept work failed", exc_info=task.exception(), extra={"work": name})

    async def _come_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._callers += 1
        self.last_mono_s = time.monotonic()
        try:
            await self._serve(reader, writer)
        except (OSError, EOFError, _Ended):
            pass  # whoever asked went away; what must go on does so
        finally:
            self._callers -= 1
            self.last_mono_s = time.monotonic()
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        process, user, _ = _CREDENTIALS.unpack(
            writer.get_extra_info("socket").getsockopt(
                socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size
            )
        )
        asking = {"peer_pid": process, "peer_uid": user}
        try:
            if user not in self._users:
                raise _Stranger
            if self._callers > MOST_CALLERS:
                raise Busy(what="helper")
            call, action, wish = await self._read(reader)
        except ApplianceError as error:
            _logger.warning("refused at the door", extra={**asking, "code": error.code})
            await _send(writer, framed(failed(error)))
            await _let_go(reader)
            return
        told = {**asking, "action": action.name, "by": _one_line(call.by)}
        started_s = time.monotonic()
        work = asyncio.create_task(self._run(action, wish, call.by, writer))
        self._tasks.add(work)
        work.add_done_callback(self._tasks.discard)
        outcome = "done"
        try:
            answer = await self._until_done_or_gone(action, work, reader)
            await _send(writer, framed(Done(msgspec.Raw(msgspec.json.encode(answer)))))
        except ApplianceError as error:
            outcome = error.code
            await _send(writer, framed(failed(error)))
        except (_Ended, asyncio.CancelledError):
            outcome = "given up"
            raise
        finally:
            _logger.info(
                "privileged action",
                extra={**told, "outcome": outcome, "took_s": round(time.monotonic() - started_s, 3)},
            )

    async def _read(self, reader: asyncio.StreamReader) -> tuple[Call, Action[Any, Any], Any]:
        """The order, its action and its wish.

        Raises: Garbled, NotFound, NotHere, Invalid, TimedOut
        """
        try:
            async with asyncio.timeout(FIRST_FRAME_S):
                content = await read_frame(reader, CALL_BYTES)
        except TimeoutError as error:
            raise TimedOut(during="the order") from error
        try:
            call = _CALL.decode(content)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise Garbled(problem="no call") from error
        if len(call.by) > NAME_CHARACTERS:
            raise Garbled(problem="who asks")
        action = self._actions.get(call.action)
        if action is None:
            raise NotFound(what=_one_line(call.action))
        try:
            wish = msgspec.json.decode(call.wish, type=action.wish)
        except msgspec.ValidationError as error:
            raise invalid(str(error), "wish") from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Garbled(problem="no wish") from error
        if not (action.anywhere or self.machine.is_appliance):
            raise NotHere
        return call, action, wish

    async def _run(self, action: Action[Any, Any], wish: Any, by: str, writer: asyncio.StreamWriter) -> Any:
        if action.alone in self._taken:
            raise Busy(what=action.name)
        if action.alone:
            self._taken.add(action.alone)
        try:
            async with asyncio.timeout(action.within_s):
                return await action.act(wish, _Order(self, by, writer))
        except TimeoutError as error:
            raise TimedOut(during=action.name) from error
        except (ApplianceError, _Ended):
            raise
        except OSError as error:
            _logger.exception("a privileged action failed", extra={"action": action.name})
            raise ActionFailed(action=action.name) from error
        finally:
            self._taken.discard(action.alone)

    @staticmethod
    async def _until_done_or_gone(
        action: Action[Any, Any], work: asyncio.Task[Any], reader: asyncio.StreamReader
    ) -> Any:
        """The action's answer. A caller who goes away, or says anything more, has given it up."""
        gone = asyncio.create_task(reader.read(1))
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            if action.ends_with_caller:
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)
                raise _Ended
            return await asyncio.shield(work)
        finally:
            gone.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await gone


class _Order:
    """What an action is given; see `door.Order`."""

    def __init__(self, keeper: Doorkeeper, by: str, writer: asyncio.StreamWriter) -> None:
        self.by = by
        self.layout = keeper.layout
        self.machine = keeper.machine
        self._keeper = keeper
        self._writer = writer

    async def say(self, part: bytes) -> None:
        for at in range(0, len(part), PART_BYTES):
            await _send(self._writer, framed(Part(part[at : at + PART_BYTES])))

    def keep(self, work: Awaitable[None], name: str) -> None:
        self._keeper.keep(work, name)

    def drop(self, name: str) -> None:
        self._keeper.drop(name)


async def _send(writer: asyncio.StreamWriter, frame: bytes) -> None:
    """A caller who does not read is as good as gone."""
    try:
        writer.write(frame)
        async with asyncio.timeout(SEND_S):
            await writer.drain()
    except (OSError, TimeoutError) as error:
        raise _Ended from error


async def _let_go(reader: asyncio.StreamReader) -> None:
    """Take in the rest of what a refused caller says: closing upon unread bytes would destroy the answer."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LET_GO_S):
            left = CALL_BYTES
            while left > 0 and (piece := await reader.read(CALL_BYTES)):
                left -= len(piece)


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:NAME_CHARACTERS]
