"""What the mirror port brings of calls, judged over its last calls: whether whole calls arrive, or what is missing.

A mirror that is set up half shows in every call alike: signalling without audio, audio without signalling, one
direction only. One that is overloaded shows as holes in both directions of many calls at once.
"""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from appliance.capture.seen import StreamCount, VlanSeen
from appliance.core.clock import to_ns
from appliance.domain.bundle import Manifest, StreamKind
from appliance.domain.call import Side
from appliance.domain.ledger import Mark, Reason

_S = 1_000_000_000
WINDOW_S = 600
MOST_CALLS = 2000
SAMPLE_S = 10
SHORTEST_S = 3.0
ENOUGH_PACKETS = 50
MAX_HOSTS = 10_000
FEWEST_STREAMS = 3


class Brought(StrEnum):
    """What of a call the mirror brought."""

    WHOLE = "whole"
    NO_AUDIO = "no_audio"
    ONE_WAY = "one_way"
    NO_SIGNALLING = "no_signalling"


class _Sight(NamedTuple):
    at_ns: int
    brought: Brought
    missing: str


def brought(manifest: Manifest) -> tuple[Brought, str] | None:
    """What arrived of a finished call, and the address of whom nothing arrived; None when the call tells nothing.

    Calls that were not answered, were excluded from recording, were held or lasted a moment tell nothing.
    """
    call = manifest.call
    packets = Counter[Side]()
    for stream in manifest.streams:
        if stream.kind is StreamKind.AUDIO:
            packets[stream.side] += stream.packets
    if not call.sip_call_id:
        return (Brought.NO_SIGNALLING, "") if sum(packets.values()) >= ENOUGH_PACKETS else None
    if (
        call.talk_s < SHORTEST_S
        or manifest.reason not in (None, Reason.ENCRYPTED)
        or Mark.HELD in manifest.marks
    ):
        return None
    if manifest.policy is not None and manifest.policy.reason is not None:
        return None
    heard = {side for side in Side if packets[side] >= ENOUGH_PACKETS}
    if not packets:
        return Brought.NO_AUDIO, _host(call.caller.address)
    if len(heard) == 1:
        silent = call.caller if Side.CALLEE in heard else call.callee
        return Brought.ONE_WAY, _host(silent.address)
    return (Brought.WHOLE, "") if heard else None


class Sightings:
    """The last calls of one port. Times are those of the packets."""

    def __init__(self) -> None:
        self._calls: deque[_Sight] = deque(maxlen=MOST_CALLS)
        self._vlans: dict[str, int] = {}
        self._counted: dict[str, list[StreamCount]] = {}
        self._lost: dict[str, dict[Side, int]] = {}
        self._sampled_ns = 0
        self._watched = self._losing = self._heard = 0

    def tagged(self, source: str, vlan: int) -> None:
        """A sender was seen in a VLAN."""
        if len(self._vlans) < MAX_HOSTS:
            self._vlans[_host(source)] = vlan

    def over(self, manifest: Manifest) -> None:
        """A call is over. May be called from another thread."""
        found = brought(manifest)
        if found is not None:
            at = manifest.call.ended_at or manifest.call.started_at
            self._calls.append(_Sight(to_ns(at), *found))

    def counted(self, counts: Mapping[str, list[StreamCount]], now_ns: int) -> None:
        """Look, every ten seconds, which calls lost packets in both directions since the last look.

        `counts` may be those of some calls, those of others coming within the ten seconds.
        """
        self._counted.update((call_id, streams) for call_id, streams in counts.items() if streams)
        if now_ns - self._sampled_ns < SAMPLE_S * _S:
            return
        self._sampled_ns = now_ns
        lost = {call_id: _lost(streams) for call_id, streams in self._counted.items()}
        since_ns = now_ns - 2 * SAMPLE_S * _S  # figures of a call may be as old as one look
        self._heard = sum(
            stream.last_ns > since_ns for streams in self._counted.values() for stream in streams
        )
        self._counted = {}
        both = [
            all(now[side] > self._lost[call_id].get(side, 0) for side in Side)
            for call_id, now in lost.items()
            if call_id in self._lost and len(now) == len(Side)
        ]
        self._lost, self._watched, self._losing = lost, len(both), sum(both)

    def figures(self, now_ns: int) -> dict[str, int]:
        """Counters for the news, of the last ten minutes (and of the last ten seconds, for losses)."""
        kinds = Counter(sight.brought for sight in self._recent(now_ns))
        return {
            "calls_whole_now": kinds[Brought.WHOLE],
            "calls_without_audio_now": kinds[Brought.NO_AUDIO],
            "calls_one_way_now": kinds[Brought.ONE_WAY],
            "calls_without_signalling_now": kinds[Brought.NO_SIGNALLING],
            "calls_watched_now": self._watched,
            "audio_streams_now": self._heard,
            "calls_losing_now": self._losing,
        }

    def missing_from(self, now_ns: int, vlans: Sequence[VlanSeen] = ()) -> str:
        """Of whom nothing arrives most often: a VLAN of which one direction is missing, else an address with its VLAN.

        "" when nobody stands out.
        """
        hosts = Counter(
            sight.missing
            for sight in self._recent(now_ns)
            if sight.brought in (Brought.ONE_WAY, Brought.NO_AUDIO) and sight.missing
        )
        if not hosts:
            return ""
        ((host, _),) = hosts.most_common(1)
        vlan = lame_vlan(vlans)
        if vlan is not None and self._vlans.get(host, vlan) == vlan:
            return f"VLAN {vlan} ({host})"
        return f"{host} (VLAN {self._vlans[host]})" if host in self._vlans else host

    def _recent(self, now_ns: int) -> list[_Sight]:
        return [sight for sight in tuple(self._calls) if now_ns - sight.at_ns <= WINDOW_S * _S]


def lame_vlan(vlans: Sequence[VlanSeen]) -> int | None:
    """The one VLAN of which most streams have one direction only; None when there are several, or none.

    Where all VLANs are alike, it is the mirror as a whole and no VLAN of it.
    """
    heard = [one for one in vlans if one.streams >= FEWEST_STREAMS]
    lame = [one.vlan for one in heard if 2 * one.one_way >= one.streams]
    return lame[0] if len(lame) == 1 else None


def _lost(streams: list[StreamCount]) -> dict[Side, int]:
    found: dict[Side, int] = {}
    for stream in streams:
        found[stream.speaker] = found.get(stream.speaker, 0) + max(0, stream.lost)
    return found


def _host(address: str) -> str:
    """The host of `host`, `host:port` or `[host]:port`."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
