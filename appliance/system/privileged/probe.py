"""Looking at the network: ping, the way to a host, packets of a mirror port. Changes nothing.

Source: ping(8), traceroute(8), tcpdump(8)
"""

import contextlib
from collections.abc import Sequence
from typing import Annotated

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Text
from appliance.settings import storage
from appliance.system import tool
from appliance.system.door import Action, NotHere, Nothing, Order, Wish
from appliance.system.network import mirror_ports, physical_ports, plan

HOST_PATTERN = r"^([A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?|[0-9A-Fa-f:.]{2,45})$"
"""A name or an address: never begins with a dash, holds no space, no slash, no word of a shell."""

Host = Annotated[str, msgspec.Meta(pattern=HOST_PATTERN, max_length=253)]
Interface = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.-]{1,15}$")]
TEXT_BYTES = 256 * 1024
SAMPLE_BYTES = 64 * 1024 * 1024
_WHOLE_PACKET = 262144
_NO_MIRROR = Text(en="is no mirror port", zh="不是镜像网口")


class Ping(Wish, frozen=True, kw_only=True):
    """Echo requests, one a second."""

    host: Host
    count: Annotated[int, msgspec.Meta(ge=1, le=60)] = 5
    size_bytes: Annotated[int, msgspec.Meta(ge=0, le=1472)] = 56


class Trace(Wish, frozen=True, kw_only=True):
    """The way to a host."""

    host: Host
    most_hops: Annotated[int, msgspec.Meta(ge=1, le=64)] = 30


class Sample(Wish, frozen=True, kw_only=True):
    """Packets of a mirror port as a capture file; the first bound that is reached ends it."""

    interface: Interface
    most_packets: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1000
    most_s: Annotated[int, msgspec.Meta(ge=1, le=60)] = 10


async def ping(wish: Ping, order: Order) -> Nothing:
    """Stream the program's own words."""
    words = [
        "ping",
        "-n",
        "-O",
        "-c",
        str(wish.count),
        "-W",
        "2",
        "-s",
        str(wish.size_bytes),
        "--",
        wish.host,
    ]
    return await _told(words, order)


async def trace(wish: Trace, order: Order) -> Nothing:
    """Stream the program's own words."""
    words = ["traceroute", "-n", "-q", "2", "-w", "2", "-m", str(wish.most_hops), "--", wish.host]
    return await _told(words, order)


async def sample(wish: Sample, order: Order) -> Nothing:
    """Stream the capture file. Nothing is decoded here: bytes go from the kernel to the file."""
    if order.machine.is_appliance:
        network = storage.load(order.layout).network
        known = mirror_ports(plan(network, physical_ports(order.machine.links)))
        if wish.interface not in known:
            raise Invalid(field="interface", problem=_NO_MIRROR)
    elif not (order.machine.links / wish.interface).exists():
        raise NotHere
    words = [
        "timeout", "-k", "1", str(wish.most_s),
        "tcpdump", "-i", wish.interface, "-n", "-p", "-Z", "root", "-s", str(_WHOLE_PACKET),
        "-c", str(wish.most_packets), "-U", "-w", "-",
    ]  # fmt: skip
    async with contextlib.aclosing(tool.stream(words, both=False, most_bytes=SAMPLE_BYTES)) as pieces:
        async for piece in pieces:
            await order.say(piece)
    return Nothing()


async def _told(words: Sequence[str], order: Order) -> Nothing:
    async with contextlib.aclosing(tool.stream(words, most_bytes=TEXT_BYTES)) as pieces:
        async for piece in pieces:
            await order.say(piece)
    return Nothing()


PING = Action(
    "ping",
    Text(en="Ping a host", zh="PING 测试"),
    Ping,
    Nothing,
    ping,
    within_s=90.0,
    ends_with_caller=True,
    anywhere=True,
)
TRACE = Action(
    "traceroute",
    Text(en="Find the way to a host", zh="路由跟踪"),
    Trace,
    Nothing,
    trace,
    within_s=300.0,
    ends_with_caller=True,
    anywhere=True,
)
SAMPLE = Action(
    "packet-sample",
    Text(en="Take packets from a mirror port", zh="镜像网口抓包"),
    Sample,
    Nothing,
    sample,
    within_s=75.0,
    alone="sample",
    ends_with_caller=True,
    anywhere=True,
)
ACTIONS = (PING, TRACE, SAMPLE)
