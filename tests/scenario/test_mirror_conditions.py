"""A mirror port that is set up half, or overloaded, is said to be so: from packets on the wire to the standing condition."""

import asyncio
import os
import subprocess
import threading
from pathlib import Path

import pytest

from appliance.bus.client import Bus
from appliance.bus.topics import HEALTH, Health
from appliance.core.files import Layout
from appliance.domain.condition import CONDITIONS
from tests.rigs.daemons import daemons
from tests.rigs.mirror import MirrorLab
from tests.rigs.patience import until_async
from tests.rigs.wire import Wire

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")

TALK_S = 5.0
MIRROR = {"sip_without_rtp", "mirror_one_way", "rtp_without_sip", "mirror_losing"}


def tagged(wire: Wire, vlan: int) -> Wire:
    """Everything so far, in a VLAN."""
    tag = b"\x81\0" + vlan.to_bytes(2)
    wire.packets = [(at_ns, frame[:12] + tag + frame[12:]) for at_ns, frame in wire.packets]
    return wire


def calls(
    wire: Wire, number: int, *, sides: int = 2, host: int = 20, says: bool = True, talk_s: float = TALK_S
) -> Wire:
    """Calls beside one another, of which so many sides are heard, and whose signalling may be missing."""
    for index in range(number):
        call = wire.call(
            f"call{host}-{index}@x",
            callee_host=f"10.0.0.{host}",
            callee=f"80{host}{index}",
            port=20_000 + 100 * host + 10 * index,
        )
        begin = 0.2 * index
        if says:
            call.invite(begin)
            call.answer(begin + 0.1)
        if sides:
            wire.rtp(begin + 0.2, begin + talk_s, call.caller_media, call.callee_media, call.ssrcs[0])
        if sides == 2:
            wire.rtp(begin + 0.2, begin + talk_s, call.callee_media, call.caller_media, call.ssrcs[1])
        if says:
            call.bye(begin + talk_s)
    return wire


def without_audio() -> Wire:
    return calls(Wire(), 4, sides=0)


def one_way_from_a_vlan() -> Wire:
    whole, lame = tagged(calls(Wire(), 3, host=10), 10), tagged(calls(Wire(), 4, sides=1), 20)
    whole.packets += lame.packets
    return whole


def without_signalling() -> Wire:
    return calls(Wire(), 4, says=False, talk_s=9)


def losing() -> Wire:
    """One packet in thirty of everybody's audio does not arrive."""
    wire = calls(Wire(), 4, talk_s=38)
    wire.packets = [one for number, one in enumerate(wire.packets) if number % 31 or b"SIP/2.0" in one[1]]
    return wire


@pytest.mark.parametrize(
    ("traffic", "code", "address"),
    [
        (without_audio, "sip_without_rtp", "10.0.0.1"),
        (one_way_from_a_vlan, "mirror_one_way", "VLAN 20 (10.0.0.20)"),
        (without_signalling, "rtp_without_sip", ""),
        (losing, "mirror_losing", ""),
    ],
)
def test_what_the_mirror_port_lacks_is_said(
    lab: MirrorLab, layout: Layout, tmp_path: Path, traffic, code: str, address: str
) -> None:
    layout.settings.write_text(
        '{"version":1,"revision":1,"capture":{"media_timeout_s":5,"keep_free_mib":16}}'
    )
    capture = traffic().write(tmp_path / "x.pcap")
    standing: dict[str, Health] = {}

    def news(key: str, found: Health | None) -> None:
        if found is not None and found.raised and found.code in MIRROR:
            standing[found.code] = found

    async def watch() -> None:
        async with Bus(layout.bus_socket, "test", announces=False) as bus:
            bus.subscribe(HEALTH, news)

            async def there() -> Health | None:
                found = standing.get(code)
                return found if found is not None and address in ("", found.facts["address"]) else None

            found = await until_async(there, what=f"the condition {code}", deadline_s=120)
        assert found is not None
        assert found.facts["interface"] == lab.mirror
        for language in ("en", "zh"):
            assert lab.mirror in CONDITIONS[code].title.render(language, **found.facts)

    with daemons(layout) as running:
        running.broker()
        running.start("watchdog")
        running.start("recorder", "--interface", lab.mirror)
        sending = threading.Thread(target=send, args=(lab, capture))
        sending.start()
        asyncio.run(watch())
        sending.join()
    assert set(standing) == {code}, "and nothing else was"


def send(lab: MirrorLab, capture: Path) -> None:
    """Put a capture on the mirror port at its own pace."""
    subprocess.run(
        lab.inside(lab.bridge, "tcpreplay", "--quiet", "--intf1", "mirror", str(capture)),
        check=True,
        capture_output=True,
        timeout=180,
    )
