"""The one door for what needs root: a typed order is sent over a Unix socket to the helper, its answer comes back.

An `Action` is a name, the struct of what is wanted, the struct of what is answered and the function that the helper
runs. The same object is named by whoever asks, so both ends agree by type. `privileged/` holds the actions.

Shape: both ways frames of a big-endian length (4 bytes) and JSON; one `Call` one way, then any number of `Part` and
one `Done` or `Failed` the other way. Closing the connection means: nobody waits any more.
Source: unix(7), SO_PEERCRED
"""

import asyncio
import contextlib
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import msgspec

from appliance.core.errors import (
    ApplianceError,
    Broken,
    Busy,
    Conflict,
    Corrupt,
    Denied,
    Full,
    Invalid,
    Later,
    NotFound,
    Refused,
    TimedOut,
    TooLarge,
    Unreachable,
)
from appliance.core.files import Layout
from appliance.core.text import Language, Text
from appliance.system.machine import Machine

CALL_BYTES = 256 * 1024
ANSWER_BYTES = 4 * 1024 * 1024
PART_BYTES = 64 * 1024
NAME_CHARACTERS = 128
_LENGTH = struct.Struct(">I")
_CONNECT_S = 5.0
_GRACE_S = 10.0
"""How much longer than an action's own limit its answer is waited for."""


class Wish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is wanted of one action; everything in it is bounded by its types."""


class Nothing(msgspec.Struct, frozen=True, kw_only=True):
    """An action whose answer says only that it is done."""


class NoHelper(Unreachable):
    """Facts: peer, during."""

    text = Text(
        en="The program for privileged actions does not answer ({during}).",
        zh="特权操作程序无应答（{during}）。",
    )


class NotHere(Refused):
    """The machine is no appliance: a developer's own network, clock and disks are not touched."""

    text = Text(
        en="This is done on the appliance only, not on this machine.",
        zh="此操作仅可在设备上执行，本机不支持。",
    )


class Garbled(Refused):
    """What was sent through the door keeps to no form. Facts: problem."""

    text = Text(en="The order cannot be read: {problem}.", zh="无法读取请求：{problem}。")


class Order(Protocol):
    """What the helper gives an action beside its wish. `by` is the person or program that wants it."""

    by: str
    layout: Layout
    machine: Machine

    async def say(self, part: bytes) -> None:
        """Send a part of what is streamed; ends the action when nobody listens any more."""

    def keep(self, work: Awaitable[None], name: str) -> None:
        """Go on with this after the answer; the helper stays until it is done. A second one of a name ends the first."""

    def drop(self, name: str) -> None:
        """End what was kept under this name."""


W = TypeVar("W", bound=Wish)
A = TypeVar("A")


@dataclass(frozen=True)
class Action(Generic[W, A]):
    """One privileged action.

    `within_s` bounds it, streaming included. `alone` names what it has for itself: a second one is told that it is busy.
    `ends_with_caller`: it is cancelled when nobody waits any more; others go on to their end. `anywhere`: also on a
    machine that is no appliance, because it changes nothing.
    """

    name: str
    text: Text
    wish: type[W]
    answer: type[A]
    act: Callable[[W, Order], Awaitable[A]]
    within_s: float = 30.0
    alone: str = ""
    ends_with_caller: bool = False
    anywhere: bool = False


class Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The one frame of whoever asks."""

    action: str
    by: str
    wish: msgspec.Raw


class Part(msgspec.Struct, frozen=True, tag_field="t", tag="part"):
    """A piece of what is streamed."""

    data: bytes


class Done(msgspec.Struct, frozen=True, tag_field="t", tag="done"):
    """The action's answer."""

    answer: msgspec.Raw


class Failed(msgspec.Struct, frozen=True, tag_field="t", tag="failed"):
    """The action's error in both languages; `field` and `problem` are those of `Invalid`."""

    family: str
    code: str
    en: str
    zh: str
    field: str = ""
    after_s: float = 1.0


Frame = Part | Done | Failed

_FAMILIES: tuple[type[ApplianceError], ...] = (
    Invalid,
    NotFound,
    Conflict,
    Denied,
    TooLarge,
    Refused,
    Unreachable,
    Busy,
    Full,
    TimedOut,
    Later,
    Corrupt,
    Broken,
    ApplianceError,
)
"""From the special to the general: the first that fits names the family of an error on its way through the door."""


def failed(error: ApplianceError) -> Failed:
    """An error as it is sent."""
    family = next(one for one in _FAMILIES if isinstance(error, one))
    return Failed(
        family=family.__name__,
        code=error.code,
        en=_words(error, "en"),
        zh=_words(error, "zh"),
        field=str(error.facts.get("field", "")),
        after_s=error.after_s if isinstance(error, Later) else 1.0,
    )


def error_of(told: Failed) -> ApplianceError:
    """The error that was sent, of its own family and code."""
    family = next((one for one in _FAMILIES if one.__name__ == told.family), ApplianceError)
    if family is Invalid:
        return Invalid(field=told.field, problem=Text(en=_plain(told.en), zh=_plain(told.zh)))
    made = _TOLD[family]()
    made.told = told
    return made


class _Told(ApplianceError):
    """An error from beyond the door."""

    told: Failed

    @property
    def after_s(self) -> float:
        return self.told.after_s

    @property
    def code(self) -> str:
        return self.told.code

    def message(self, language: Language = "en") -> str:
        return self.told.zh if language == "zh" else self.told.en


def _as_told(family: type[ApplianceError]) -> type[_Told]:
    return type(f"Told{family.__name__}", (_Told, family), {})


_TOLD: dict[type[ApplianceError], type[_Told]] = {family: _as_told(family) for family in _FAMILIES}


def _plain(text: str) -> str:
    """A sentence that is complete already: its braces are no placeholders."""
    return text.replace("{", "{{").replace("}", "}}")


def _words(error: ApplianceError, language: Language) -> str:
    if not isinstance(error, Invalid):
        return error.message(language)
    problem = error.facts.get("problem", "")
    return problem.render(language, **error.facts) if isinstance(problem, Text) else str(problem)


async def read_frame(reader: asyncio.StreamReader, most_bytes: int) -> bytes:
    """The next frame's content.

    Raises: Garbled when it is too large or cut off, EOFError when the other end has closed
    """
    try:
        head = await reader.readexactly(_LENGTH.size)
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise Garbled(problem="cut off") from error
        raise EOFError from error
    (length,) = _LENGTH.unpack(head)
    if length > most_bytes:
        raise Garbled(problem=f"{length} bytes are more than {most_bytes}")
    try:
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError as error:
        raise Garbled(problem="cut off") from error


def framed(content: msgspec.Struct) -> bytes:
    """A struct as it is sent."""
    encoded = msgspec.json.encode(content)
    return _LENGTH.pack(len(encoded)) + encoded


_FRAME = msgspec.json.Decoder(Frame)


async def ask(
    layout: Layout,
    action: Action[W, A],
    wish: W,
    *,
    by: str,
    on_part: Callable[[bytes], Awaitable[None] | None] | None = None,
) -> A:
    """Have the helper do it. `by` is the person (or the program's name) it is done for; `on_part` takes what is streamed.

    Cancelling the call closes the connection, which ends an action that ends with its caller.
    Raises: NoHelper, NotHere, and whatever the action raises, of its family and with its code and words
    """
    try:
        async with asyncio.timeout(_CONNECT_S):
            reader, writer = await asyncio.open_unix_connection(
                str(layout.helper_socket), limit=ANSWER_BYTES + 1024
            )
    except (OSError, TimeoutError) as error:
        raise NoHelper(peer="helper", during="connect") from error
    try:
        call = Call(action.name, by[:NAME_CHARACTERS], msgspec.Raw(msgspec.json.encode(wish)))
        writer.write(framed(call))
        async with asyncio.timeout(action.within_s + _GRACE_S):
            await writer.drain()
            while True:
                frame = _FRAME.decode(await read_frame(reader, ANSWER_BYTES))
                if isinstance(frame, Part):
                    taken = on_part(frame.data) if on_part is not None else None
                    if taken is not None:
                        await taken
                elif isinstance(frame, Failed):
                    raise error_of(frame)
                else:
                    return msgspec.json.decode(frame.answer, type=action.answer)
    except TimeoutError as error:
        raise TimedOut(during=action.name) from error
    except (OSError, EOFError) as error:
        raise NoHelper(peer="helper", during=action.name) from error
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def ask_now(layout: Layout, action: Action[W, A], wish: W, *, by: str) -> A:
    """The same for a program without an event loop."""
    return asyncio.run(ask(layout, action, wish, by=by))
