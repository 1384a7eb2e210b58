r"""Live state on the bus: calls in progress, their running figures, the intake.

A call's state is retained from its first INVITE to its end and then cleared; running figures come once a second for
all calls in one event. Nothing waits here: a dead broker costs the page its news and the recorder nothing.
How to *listen* to a call in progress is told in `media.listening`.
Source: RFC 3550 §6.4.1 (loss and jitter)
"""

from collections.abc import Iterable, Mapping
from functools import cache

from appliance.bus.client import Bus
from appliance.bus.topics import (
    BUNDLE,
    CALL,
    INTAKE,
    MEDIA,
    REGISTERED,
    BundleReady,
    Intake,
    LiveCall,
    LiveMedia,
    NetCount,
    Registered,
    Registrations,
    StreamNow,
)
from appliance.capture.leg import Leg
from appliance.capture.registrations import Registration
from appliance.capture.seen import NetsSeen, StreamCount, SubnetSeen, VlanSeen
from appliance.core.clock import Clock, from_ns
from appliance.domain import emodel
from appliance.domain.call import Side
from appliance.media.live import Tapped

_NOBODY: Mapping[str, Leg] = {}
_NO_NETS = NetsSeen()


def told(legs: Mapping[str, Leg], call_id: str) -> Tapped | None:
    """What a listener to a call of these has to know; None when it is not up."""
    leg = legs.get(call_id)
    return (
        None if leg is None or leg.is_ended else Tapped(payloads=leg.media.payloads, crypto=leg.media.crypto)
    )


class LiveNews:
    """What the recorder tells about the calls it is recording."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self._shown: set[str] = set()
        bus.own(CALL)
        bus.own(INTAKE)

    def calls(self, legs: Iterable[Leg]) -> None:
        """Show calls that changed; one that is over is cleared."""
        at = self._clock.now()
        for leg in legs:
            if leg.is_ended:
                self.gone(leg.call_id)
            else:
                self._shown.add(leg.call_id)
                self._bus.set(
                    CALL,
                    leg.call_id,
                    LiveCall(
                        at=at,
                        call=leg.call,
                        codecs=leg.media.codecs,
                        encrypted=leg.media.is_encrypted and not leg.media.crypto,
                        control=leg.control_now,
                    ),
                )

    def gone(self, call_id: str) -> None:
        """Clear a call that is over."""
        if call_id in self._shown:
            self._shown.remove(call_id)
            self._bus.clear(CALL, call_id)

    def media(self, counts: dict[str, list[StreamCount]], legs: Mapping[str, Leg] = _NOBODY) -> None:
        """Running figures of the calls shown; several streams of one side are added up."""
        now: dict[str, dict[str, StreamNow]] = {}
        for call_id, streams in counts.items():
            if call_id in self._shown:
                codecs = legs[call_id].media.codecs if call_id in legs else {}
                sides = {side.value: _together(streams, side, codecs.get(side.value, "")) for side in Side}
                now[call_id] = {side: figures for side, figures in sides.items() if figures.packets}
        if now:
            self._bus.hint(MEDIA, "", LiveMedia(at=self._clock.now(), calls=now))

    def intake(
        self,
        interface: str,
        counters: dict[str, int],
        *,
        is_link_up: bool,
        missing_from: str = "",
        nets: NetsSeen = _NO_NETS,
    ) -> None:
        """The counters of the mirror port."""
        news = Intake(
            at=self._clock.now(),
            interface=interface,
            link_up=is_link_up,
            counters=counters,
            missing_from=missing_from,
            vlans=[_net(_vlan_name(one.vlan), one) for one in nets.vlans],
            subnets=[_net(one.subnet, one) for one in nets.subnets],
        )
        self._bus.set(INTAKE, interface, news)

    def registered(self, registrations: list[Registration]) -> None:
        """Telephones that registered; nothing is said when there are none."""
        if registrations:
            seen = [
                Registered(number=one.number, at=from_ns(one.at_ns), address=one.address)
                for one in registrations
            ]
            self._bus.hint(REGISTERED, "", Registrations(at=self._clock.now(), seen=seen))

    def handed_over(self, call_ids: Iterable[str]) -> None:
        """Hint that the spool has work; the archiver scans anyway."""
        at = self._clock.now()
        for call_id in call_ids:
            self._bus.hint(BUNDLE, "", BundleReady(at=at, call_id=call_id))


def _vlan_name(vlan: int | None) -> str:
    return "" if vlan is None else str(vlan)


def _net(name: str, seen: VlanSeen | SubnetSeen) -> NetCount:
    return NetCount(
        name=name,
        packets=seen.packets,
        sip=seen.sip,
        rtp=seen.rtp,
        streams=seen.streams,
        one_way=seen.one_way,
    )


def _together(streams: list[StreamCount], side: Side, codec: str) -> StreamNow:
    """The figures of one side, the jitter being that of its latest stream."""
    own = [stream for stream in streams if stream.speaker is side]
    latest = max(own, key=lambda stream: stream.last_ns, default=None)
    packets = sum(stream.packets for stream in own)
    lost = sum(max(0, stream.lost) for stream in own)
    return StreamNow(
        packets=packets,
        lost=lost,
        jitter_ms=round(latest.jitter_ms, 2) if latest is not None else 0.0,
        mos=_mos(codec, lost, packets) if codec and packets else None,
    )


def _mos(codec: str, lost: int, packets: int) -> float:
    return _mos_of(codec, round(1000 * lost / (lost + packets)))


@cache
def _mos_of(codec: str, lost_permille: int) -> float:
    """Thousands of calls share a few values."""
    return round(emodel.mos_of(codec, lost_permille / 10), 2)
