import asyncio
from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from appliance.bus.client import Bus
from appliance.bus.topics import INTAKE, QUEUE, STORAGE, TIME, Intake, Queue, StorageState, TimeState
from appliance.core.clock import SystemClock
from appliance.domain.ledger import Reason
from appliance.store import alarms, calls
from appliance.store.alarms import Found
from appliance.store.database import open_database
from tests.rigs.patience import until_async
from tests.rigs.records import NOON, make_record
from webadmin.api.monitoring import TEMPLATES


def fetched(browser):
    reply = browser.get("metrics")
    assert reply.status == 200, reply
    families = text_string_to_metric_families(reply.body.decode())
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_prometheus_reads_what_the_box_does(web):
    database = open_database(web.layout)
    calls.index(database, make_record())
    calls.index(database, make_record(at=NOON + timedelta(hours=1), reason=Reason.BUSY))
    low = Found("disk_low", "low", "warning", raised=True, facts={"free_mib": 7})
    alarms.record(database, [low], NOON, timedelta(minutes=15))
    database.close()
    counters = {"packets": 5_000_000_000, "flows_now": 9}
    port = Intake(at=NOON, interface="eth1", link_up=True, counters=counters)
    path = StorageState(at=NOON, path='/a "b"', current=True, problem="full", free_bytes=4)
    clock = TimeState(at=NOON, synchronised=True, offset_s=-0.25)
    queue = Queue(at=NOON, ready=3, working=1, quarantined=0, oldest_s=1.5)
    admin = web.administrator()
    told_of = {
        ("tapeline_mirror_events_total", "packets", "eth1"),
        ("tapeline_storage_good", path.path),
        ("tapeline_bundles", "ready"),
        ("tapeline_program_up", "recorder"),
        ("tapeline_clock_offset_seconds",),
    }

    async def told():
        bus = Bus(web.layout.bus_socket, "recorder", SystemClock())
        async with bus:
            bus.report("captures")
            bus.set(INTAKE, "eth1", port)
            bus.set(STORAGE, "first", path)
            bus.set(QUEUE, "archiver", queue)
            bus.set(TIME, "", clock)

            async def is_there():
                found = await asyncio.to_thread(fetched, admin)
                return found if told_of <= found.keys() else None

            return await until_async(is_there, what="the news")

    found = asyncio.run(told())
    assert found["tapeline_calls_total", "none"] == 1
    assert found["tapeline_calls_total", "busy"] == 1
    assert found["tapeline_mirror_events_total", "packets", "eth1"] == 5_000_000_000
    assert found["tapeline_mirror_state", "flows", "eth1"] == 9
    assert found["tapeline_storage_good", '/a "b"'] == 0
    assert found["tapeline_bundles", "ready"] == 3
    assert found["tapeline_program_up", "recorder"] == 1
    assert found["tapeline_clock_offset_seconds",] == -0.25
    assert found["tapeline_alarms", "disk_low", "warning"] == 1
    assert found["tapeline_alarms", "disk_full", "critical"] == 0


def test_an_api_token_is_enough_and_a_head_of_department_sees_nothing_of_the_box(web):
    admin = web.administrator()
    assert admin.get("monitoring/mib").body.startswith(b"TAPELINE-MIB DEFINITIONS")
    templates = [f"monitoring/templates/{name}" for name in TEMPLATES]
    for one in templates:
        assert b"tapeline" in admin.get(one).body
    viewer = web.viewer(admin)
    assert [viewer.get(one).status for one in templates] == [403] * len(templates)
    assert admin.get("monitoring/templates/other").status == 404
    assert viewer.get("metrics").status == 403
    assert viewer.get("monitoring/mib").status == 403
    assert web.anonymous().get("metrics").status == 401
