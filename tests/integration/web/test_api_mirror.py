import asyncio
from datetime import UTC, datetime, timedelta

from appliance.bus.client import Bus
from appliance.bus.topics import INTAKE, Intake, NetCount
from tests.rigs.patience import until_async
from webadmin.history import CHARTED

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_without_a_recorder_there_are_no_ports(web):
    assert web.administrator().get("mirror").json == {"since": None, "ports": []}


def test_the_last_minutes_of_a_port_are_told_in_columns(web):
    admin = web.administrator()
    viewer = web.viewer(admin)

    async def has(packets):
        ports = (await asyncio.to_thread(viewer.get, "mirror")).json["ports"]
        return bool(ports) and ports[0]["counters"]["packets"] == packets

    async def run():
        async with Bus(web.layout.bus_socket, "recorder") as bus:
            for second in range(5):
                counters = {"packets": 1000 * second, "bytes": 7, "unheard_of": 3}
                at = AT + timedelta(seconds=second)
                bus.set(INTAKE, "eth1", Intake(at=at, interface="eth1", link_up=True, counters=counters))
                await until_async(lambda second=second: has(1000 * second))

    asyncio.run(run())
    (port,) = viewer.get("mirror").json["ports"]
    history = port["history"]
    assert set(history["counters"]) == set(CHARTED)
    assert history["counters"]["packets"] == [0, 1000, 2000, 3000, 4000]
    assert len(history["at"]) == 5
    assert port["counters"]["unheard_of"] == 3


def test_a_vlan_of_which_one_direction_is_missing_is_told(web):
    admin = web.administrator()
    viewer = web.viewer(admin)
    assert viewer.get("mirror/nets").json == {"vlans": [], "subnets": []}

    def net(name, streams, one_way):
        return NetCount(name=name, packets=900, sip=7, rtp=800, streams=streams, one_way=one_way)

    async def told():
        return bool((await asyncio.to_thread(viewer.get, "mirror/nets")).json["vlans"])

    async def run():
        async with Bus(web.layout.bus_socket, "recorder") as bus:
            vlans = [net("20", 4, 3), net("", 4, 1), net("30", 2, 2)]
            subnets = [net("10.0.20.0/24", 4, 4)]
            news = Intake(at=AT, interface="eth1", link_up=True, counters={}, vlans=vlans, subnets=subnets)
            bus.set(INTAKE, "eth1", news)
            await until_async(told)

    asyncio.run(run())
    found = viewer.get("mirror/nets").json
    assert [(one["name"], one["is_lame"]) for one in found["vlans"]] == [
        ("20", True),
        ("", False),
        ("30", False),
    ]
    assert found["subnets"] == [
        {
            "name": "10.0.20.0/24",
            "packets": 900,
            "sip": 7,
            "rtp": 800,
            "streams": 4,
            "one_way": 4,
            "is_lame": True,
        }
    ]
