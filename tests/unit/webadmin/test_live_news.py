import asyncio
from datetime import UTC, datetime

import msgspec
import pytest

from appliance.bus.topics import (
    CallIndexed,
    Health,
    Intake,
    LiveCall,
    LiveMedia,
    ProgramState,
    Queue,
    StreamNow,
)
from appliance.domain.call import Call, CallEvent, Party
from appliance.domain.condition import CONDITIONS
from appliance.domain.interaction import Relation
from tests.rigs.records import make_call
from webadmin import fanout
from webadmin.fanout import Fanout, Reader, TooSlow
from webadmin.live import Live
from webadmin.views import CallView, EventView, PartyView, TieView

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def live_call(call_id="a", **more):
    return LiveCall(at=AT, call=make_call(call_id=call_id, **more), codecs={"caller": "PCMA"})


def media(*call_ids):
    return LiveMedia(
        at=AT,
        calls={call_id: {"caller": StreamNow(packets=5, lost=1, jitter_ms=0.5)} for call_id in call_ids},
    )


class Page:
    """A reader whose frames are kept."""

    def __init__(self, live, language="en"):
        self.fanout = Fanout(live)
        self.reader = Reader(language)
        self.frames = asyncio.Queue()

    async def __aenter__(self):
        self.fanout.add(self.reader)
        self.task = asyncio.create_task(self.reader.run(self.take))
        await self.frame()
        return self

    async def __aexit__(self, *_):
        self.reader.close()
        await self.task

    async def take(self, frame):
        self.frames.put_nowait(msgspec.json.decode(frame))

    async def frame(self):
        """The next frame."""
        return await asyncio.wait_for(self.frames.get(), 10)


@pytest.fixture
def live():
    return Live()


@pytest.mark.parametrize(
    ("view", "struct"), [(CallView, Call), (PartyView, Party), (EventView, CallEvent), (TieView, Relation)]
)
def test_pages_see_every_field_of_a_call(view, struct):
    assert set(view.__struct_fields__) == set(struct.__struct_fields__)
    assert not any(field.default is not msgspec.NODEFAULT for field in msgspec.structs.fields(view))


def test_a_new_page_is_told_everything_known(live):
    live.take_call("a", live_call("a"))
    live.take_media("", media("a"))
    live.take_program("recorder", ProgramState(at=AT, alive=True))
    live.take_intake("eth1", Intake(at=AT, interface="eth1", link_up=True, counters={"packets": 1}))
    live.take_queue("spool", Queue(at=AT, ready=2, working=1, quarantined=0))
    live.take_health("disk", Health(at=AT, raised=True, code="disk_low", facts={"free_mib": 7}))
    hello = msgspec.json.decode(msgspec.json.encode(live.hello("zh")))
    assert hello["t"] == "hello"
    assert hello["calls"][0]["call"]["state"] == "ended"
    assert hello["calls"][0]["call"]["direction"] == "unknown"
    assert hello["media"]["a"]["caller"] == {"packets": 5, "lost": 1, "jitter_ms": 0.5}
    assert hello["programs"][0]["name"] == "recorder"
    assert hello["intake"][0]["counters"] == {"packets": 1}
    assert hello["queue"]["ready"] == 2
    assert hello["health"][0]["title"] == CONDITIONS["disk_low"].title.render("zh", free_mib=7)


def test_a_page_is_told_of_changes_in_its_own_language(live):
    async def run():
        async with Page(live, "zh") as page:
            live.take_health("disk", Health(at=AT, raised=True, code="disk_full"))
            (news,) = await page.frame()
            assert (news["t"], news["title"]) == ("health", CONDITIONS["disk_full"].title.zh)

    asyncio.run(run())


def test_an_unknown_condition_is_shown_by_its_code(live):
    live.take_health("new", Health(at=AT, raised=True, code="brand_new"))
    assert live.hello("en").health[0].title == "brand_new"


def test_only_the_newest_state_of_a_call_waits_for_a_page(live):
    async def run():
        async with Page(live) as page:
            for _ in range(100):
                live.take_call("a", live_call("a"))
            live.take_call("a", None)
            live.take_indexed("", CallIndexed(at=AT, call_id="a", recorded=True))
            assert await page.frame() == [
                {"t": "gone", "call_id": "a"},
                {"t": "indexed", "call_id": "a", "recorded": True},
            ]

    asyncio.run(run())


def test_frames_come_at_most_ten_times_a_second(live):
    async def run():
        async with Page(live) as page:
            begin = asyncio.get_running_loop().time()
            for number in range(5):
                live.take_call(str(number), live_call(str(number)))
                await page.frame()
            assert asyncio.get_running_loop().time() - begin >= 4 * fanout.FRAME_S * 0.9

    asyncio.run(run())


def test_a_page_too_far_behind_is_sent_away(live, monkeypatch):
    monkeypatch.setattr(fanout, "MAX_PENDING", 10)

    async def run():
        reader = Reader("en")
        crowd = Fanout(live)
        crowd.add(reader)
        for number in range(20):
            live.take_call(str(number), live_call(str(number)))
        with pytest.raises(TooSlow):
            await reader.run(_swallow)

    asyncio.run(run())


def test_a_page_that_takes_nothing_is_sent_away(live, monkeypatch):
    monkeypatch.setattr(fanout, "SEND_S", 0.05)

    async def run():
        reader = Reader("en")
        Fanout(live).add(reader)
        with pytest.raises(TooSlow):
            await reader.run(lambda _: asyncio.Event().wait())

    asyncio.run(run())


def test_figures_of_calls_that_are_not_live_are_dropped(live):
    live.take_call("a", live_call("a"))
    live.take_media("", media("a", "ghost"))
    assert set(live.media) == {"a"}
    live.take_call("a", None)
    assert live.media == {}


def test_after_a_reconnect_what_is_not_told_again_is_gone(live):
    async def run():
        live.take_call("stays", live_call("stays"))
        live.take_call("ended", live_call("ended"))
        live.take_program("gone", ProgramState(at=AT, alive=True))
        async with Page(live) as page:
            live.reconnected()
            live.take_call("stays", live_call("stays"))
            assert set(live.calls) == {"stays", "ended"}
            live.settled()
            assert set(live.calls) == {"stays"}
            assert live.programs == {}
            (hello,) = await page.frame()
            assert hello["t"] == "hello"
            assert [call["call"]["call_id"] for call in hello["calls"]] == ["stays"]

    asyncio.run(run())


def test_queues_are_shown_as_one(live):
    live.take_queue("ready", Queue(at=AT, ready=2, working=0, quarantined=1, oldest_s=3.0))
    live.take_queue("work", Queue(at=AT, ready=1, working=4, quarantined=0, oldest_s=9.0))
    view = live.queue_view()
    assert (view.ready, view.working, view.quarantined, view.oldest_s) == (3, 4, 1, 9.0)
    live.take_queue("ready", None)
    live.take_queue("work", None)
    assert live.queue_view() is None


async def _swallow(_):
    return None


def test_a_page_hears_from_us_also_when_nothing_happens(monkeypatch):
    monkeypatch.setattr(fanout, "QUIET_S", 0.01)
    frames = []

    async def keep(frame):
        frames.append(frame)
        if len(frames) == 3:
            reader.close()

    reader = Reader("en")
    asyncio.run(reader.run(keep))
    assert frames == [b"[]"] * 3
