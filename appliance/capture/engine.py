"""The only place in the recorder that touches `capture_engine`: typed configuration and calls.

Bytes cross the border as MessagePack and are decoded here, once, into the structs of `seen.py`.
Contract: `drivers/engine/README.md`.
Source: RFC 3550 §6.4.1 and §A.1-A.8 (statistics), RFC 4733 (telephone events)
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar

import capture_engine
import msgspec

from appliance.capture.seen import BoundPayload, EngineEvent, NetsSeen, SipSeen, StreamCount
from appliance.core import log
from appliance.core.errors import EngineDead
from appliance.core.files import MEDIA_FILE, Layout
from appliance.media.packets import Recorded
from appliance.settings.capture import Capture

_logger = log.get(__name__)

Given = ParamSpec("Given")
Result = TypeVar("Result")

_MIB = 1024 * 1024
# The kernel closes a block when it is full or after some milliseconds, however little is in it: on a quiet port the
# number of blocks, not their size, is what bridges a standstill of the recorder.
_RING_BLOCK_BYTES = 256 * 1024
# Bundles of capture files: what is held in memory of all, the piece that goes to the disk beyond it, and the size from
# which on one is written to the spool.
_HELD_BYTES = 64 * _MIB
_HELD_BLOCK_BYTES = 32 * 1024
# What a recorder writes at once; a second of a call is 22 KB. 2000 calls have as many of them, and all of each is touched
# sooner or later.
_BLOCK_BYTES = 24 * 1024
_MOST_TAKEN_BYTES = 64 * _MIB
LIVE_BATCH = 2048
_CALLS_AT_ONCE_PER_S = 25
"""New calls beyond this wait in the engine until somebody answers them; those that nobody does are attempts."""
_FILE_BATCH = 1


_EVENTS = msgspec.msgpack.Decoder(list[EngineEvent])
_ATTEMPTS = msgspec.msgpack.Decoder(list[list[SipSeen]])
_COUNTS = msgspec.msgpack.Decoder(list[StreamCount])
_COUNTS_OF_MANY = msgspec.msgpack.Decoder(list[list[StreamCount]])
_COUNTS_OF_BUNDLES = msgspec.msgpack.Decoder(dict[str, list[StreamCount]])
_COUNTERS = msgspec.msgpack.Decoder(dict[str, int])
_COUNTERS_BY_NET = msgspec.msgpack.Decoder(NetsSeen)
_COUNTERS_BY_INTERFACE = msgspec.msgpack.Decoder(dict[str, dict[str, int]])


class Bind(NamedTuple):
    """Announce where a side (its number) receives; what arrives there is spoken by the other one."""

    bundle: str
    listener: int
    address: str
    port: int
    rtcp_port: int
    payloads: list[BoundPayload]


class Release(NamedTuple):
    """The bundle's claims to its addresses end after so much capture time."""

    bundle: str
    linger_ms: int


class Keep(NamedTuple):
    """Write the packets of these messages of the last batch into the bundle's media file."""

    bundle: str
    ids: list[int]


def _alive(method: Callable[Given, Result]) -> Callable[Given, Result]:
    """Make the RuntimeError of a dead engine thread an error of ours: EngineDead."""

    @functools.wraps(method)
    def call(*values: Given.args, **named: Given.kwargs) -> Result:
        try:
            return method(*values, **named)
        except RuntimeError as error:
            raise EngineDead(problem=str(error)) from error

    return call


class PacketEngine:
    """A running engine. Every method may wait for its threads and lets other Python threads run meanwhile.

    Raises: EngineDead, from every method, once a thread of it has ended
    """

    def __init__(self, config: dict[str, object], subject: str) -> None:
        try:
            self._engine = capture_engine.Engine(msgspec.json.encode(config))
        except (OSError, ValueError) as error:
            raise EngineDead(problem=f"{subject}: {error}") from error

    @_alive
    def poll(self, timeout_ms: int) -> list[EngineEvent]:
        """The next batch of events, [] on time-out."""
        return _EVENTS.decode(self._engine.poll(timeout_ms))

    @_alive
    def attempts(self, most: int, *, is_last: bool) -> list[list[SipSeen]]:
        """The messages of calls that nobody answered while very many began, some of them; `is_last`: those that wait are over."""
        return _ATTEMPTS.decode(self._engine.attempts(most, is_last))

    @_alive
    def notes(self, *, anew: bool) -> bytes:
        """Calls that came to wait for an answer and those that do no more since the last time, or `anew` all that wait.

        Shape: `waiting._Note` as MessagePack, nothing when this engine lets none wait
        """
        return self._engine.notes(anew)

    @_alive
    def obey(self, orders: Sequence[Bind | Release | Keep]) -> list[str]:
        """Do all of these in turn, as much in one as in a hundred; what was wrong with each, empty when nothing was."""
        return self._engine.obey(orders)

    @_alive
    def pause(self, bundle: str, *, paused: bool) -> None:
        """From now on keep nothing of the bundle's media, or keep it again; statistics go on.

        Raises: ValueError for what is no name of a bundle
        """
        self._engine.pause(bundle, paused)

    @_alive
    def close(self, bundle: str) -> list[StreamCount]:
        """Write out and secure the media file; the final statistics, none when the disk refused."""
        try:
            return _COUNTS.decode(self._engine.close(bundle))
        except OSError as error:
            _logger.error(  # noqa: TRY400 - a full disk is no bug of ours
                "media file not closed", extra={"call": bundle, "problem": str(error)}
            )
            return []

    @_alive
    def close_all(self, bundles: list[str]) -> list[list[StreamCount]]:
        """The same for many bundles at the price of one: their files are secured together."""
        return _COUNTS_OF_MANY.decode(self._engine.close_all(bundles))

    @_alive
    def take(self, bundle: str) -> Recorded | None:
        """What is held in memory of a closed bundle; None when that is nothing, or so much that it belongs on disk."""
        media = self._engine.take(bundle, _MOST_TAKEN_BYTES)
        return None if media is None else Recorded(media)

    @_alive
    def take_to(self, bundle: str, path: Path) -> None:
        """Write what is held in memory of a closed bundle to a file; none is made when that is nothing.

        Raises: OSError
        """
        self._engine.take_to(bundle, str(path))

    @_alive
    def streams(self, part: int = 0, parts: int = 1) -> dict[str, list[StreamCount]]:
        """The present statistics of every open bundle, or of those of one of several parts."""
        return _COUNTS_OF_BUNDLES.decode(self._engine.streams(part, parts))

    @_alive
    def tap(self, bundle: str, descriptor: int, *, even_paused: bool = False) -> None:
        """Copy the bundle's packets to an open socket until its reader goes away; those of pauses only when asked.

        Raises: OSError when the descriptor cannot be used
        """
        self._engine.tap(bundle, descriptor, even_paused)

    @_alive
    def counters(self) -> dict[str, int]:
        """The intake's counters by the engine's names."""
        return _COUNTERS.decode(self._engine.counters())

    @_alive
    def counters_by_interface(self) -> dict[str, dict[str, int]]:
        """What each interface received and lost, and whether its link is down; nothing for files."""
        return _COUNTERS_BY_INTERFACE.decode(self._engine.counters_by_interface())

    @_alive
    def counters_by_net(self) -> NetsSeen:
        """What came of each VLAN and each subnet, the heaviest first."""
        return _COUNTERS_BY_NET.decode(self._engine.counters_by_net())

    @_alive
    def now_ns(self) -> int:
        """The time of the newest packet of a file, or the wall clock of a ring."""
        return int(self._engine.now_ns())

    def stop(self) -> None:
        """End the engine's threads; what was captured is written out first."""
        self._engine.stop()


def secure(folder: Path) -> None:
    """Bring everything written to the folder's file system to its disk: cheaper than an fsync for each of many files.

    Raises: OSError
    """
    capture_engine.secure(str(folder))


def put_all(folder: Path, name: str, contents: list[tuple[str, bytes]], *, makes: bool) -> list[str]:
    """Write a file `name` into the folder of each bundle (call id, content), whole or not at all; what was wrong with each.

    `makes` the folders that are missing. Many cost one turn of the interpreter's lock instead of ten each.
    """
    return capture_engine.put_all(str(folder), name, contents, makes)


def move_all(source: Path, target: Path, bundles: list[str]) -> list[str]:
    """Rename bundles from one folder into another; what was wrong with each, empty when nothing was."""
    return capture_engine.move_all(str(source), str(target), bundles)


def interfaces_of(names: str) -> list[str]:
    """The names in a list separated by commas, each once."""
    return list(dict.fromkeys(name for name in (part.strip() for part in names.split(",")) if name))


def on_interface(interface: str, settings: Capture, layout: Layout, fanout_group: int) -> PacketEngine:
    """An engine that listens to a mirror port, or to several whose names are separated by commas.

    Of several, those that do not exist are waited for.
    Raises: EngineDead when no interface exists or may be captured
    """
    source: dict[str, object] = {
        "kind": "ring",
        "interfaces": interfaces_of(interface),
        "ring_bytes": settings.ring_mib * _MIB,
        "block_bytes": _RING_BLOCK_BYTES,
        "threads": settings.threads,
        "fanout_group": fanout_group & 0xFFFF,
    }
    config = _config(source, settings, layout, LIVE_BATCH, fsync_s=settings.fsync_s)
    config |= {"calls_at_once_per_s": _CALLS_AT_ONCE_PER_S, "unanswered_s": settings.setup_timeout_s}
    return PacketEngine(config, interface)


def on_files(
    paths: Iterable[Path], settings: Capture, layout: Layout, *, in_memory: bool = False
) -> PacketEngine:
    """An engine that reads capture files one after the other, as fast as it is polled.

    `in_memory`: no bundle is a file; when it is closed, its packets are there to be taken.
    Nothing is secured against power loss on the way: the captures are still there. A batch ends with each message, so
    that what it says of addresses holds for the very next packet.
    Raises: EngineDead when the first file cannot be opened
    """
    source: dict[str, object] = {"kind": "file", "paths": [str(path) for path in paths]}
    config = _config(source, settings, layout, _FILE_BATCH, fsync_s=0.0)
    if in_memory:
        config |= {"memory_bytes": _HELD_BYTES, "write_block_bytes": _HELD_BLOCK_BYTES}
    return PacketEngine(config, "capture files")


def _config(
    source: dict[str, object], settings: Capture, layout: Layout, batch_messages: int, *, fsync_s: float
) -> dict[str, object]:
    return {
        "source": source,
        "spool": str(layout.spool_open),
        "media_file": MEDIA_FILE,
        "sip_ports": settings.sip_ports,
        "sip_anywhere": settings.sip_anywhere,
        "tunnels": {
            "vxlan_ports": settings.vxlan_ports,
            "tzsp_ports": settings.tzsp_ports,
            "hep_ports": settings.hep_ports,
        },
        "duplicate_ms": settings.duplicate_ms,
        "skip_outside_calls": True,
        "blank_keys": not settings.store_keys,
        "batch_messages": batch_messages,
        "batch_ms": 250,
        "hold_s": settings.hold_s,
        "hold_bytes": settings.hold_mib * _MIB,
        "orphan_after_s": settings.join_late_after_s,
        "max_flows": 65536,
        "max_tcp_streams": 8192,
        "max_tcp_bytes": 256 * 1024,
        "max_message_bytes": 65536,
        "max_events": 200_000,
        "write_block_bytes": _BLOCK_BYTES,
        "flush_s": settings.flush_s,
        "fsync_s": fsync_s,
        "min_free_bytes": settings.keep_free_mib * _MIB,
    }
