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
from appliance.domain.access import EVERYTHING, Scope, ScopeKind
from appliance.domain.call import Call, CallEvent, Party
from appliance.domain.condition import CONDITIONS
from appliance.domain.interaction import Relation, RelationKind
from appliance.domain.roles import Permission
from appliance.store.directory import Known
from appliance.store.people import Person
from tests.rigs.records import make_call
from webadmin import fanout
from webadmin.fanout import Fanout, Reader, TooSlow
from webadmin.live import Audience, Live
from webadmin.views import CallView, EventView, PartyView, TieView
from webadmin.visitor import Visitor

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def live_call(call_id="a", **more):
    return LiveCall(at=AT, call=make_call(call_id=call_id, **more), codecs={"caller": "PCMA"})


def media(*call_ids):
    return LiveMedia(
        at=AT,
        calls={call_id: {"caller": StreamNow(packets=5, lost=1, jitter_ms=0.5)} for call_id in call_ids},
    )


def somebody(*numbers, permissions=frozenset(Permission)):
    """A person whose scope is these numbers, everything when none is named."""
    kind = ScopeKind.EXTENSIONS if numbers else ScopeKind.EVERYTHING
    person = Person(
        id=1,
        name="somebody",
        must_change=False,
        created_at=AT,
        last_sign_in_at=None,
        real_name="",
        role_id=3,
        role_name="role",
        built_in=None,
        is_super=False,
        is_enabled=True,
        kind=kind,
        permissions=permissions,
        scope=Scope(numbers=frozenset(numbers)) if numbers else EVERYTHING,
    )
    return Visitor("token", person)


def everybody(language="en"):
    return Audience(language, somebody())


def head_of(*numbers):
    """A department head: sees these numbers and nothing of the box."""
    return Audience(
        "en", somebody(*numbers, permissions=frozenset({Permission.LIVE, Permission.FULL_NUMBERS}))
    )


class Page:
    """A reader whose frames are kept."""

    def __init__(self, live, language="en", audience=None):
        self.fanout = Fanout(live)
        self.reader = Reader(audience or everybody(language))
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
    said_by_directory = set(Known._fields) if view is PartyView else set()
    assert set(view.__struct_fields__) == set(struct.__struct_fields__) | said_by_directory
    assert not any(field.default is not msgspec.NODEFAULT for field in msgspec.structs.fields(view))


def test_a_new_page_is_told_everything_known(live):
    live.take_call("a", live_call("a"))
    live.take_media("", media("a"))
    live.take_program("recorder", ProgramState(at=AT, alive=True))
    live.take_intake("eth1", Intake(at=AT, interface="eth1", link_up=True, counters={"packets": 1}))
    live.take_queue("spool", Queue(at=AT, ready=2, working=1, quarantined=0))
    live.take_health("disk", Health(at=AT, raised=True, code="disk_low", facts={"free_mib": 7}))
    hello = msgspec.json.decode(msgspec.json.encode(live.hello(everybody("zh"))))
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
    assert live.hello(everybody()).health[0].title == "brand_new"


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
        reader = Reader(everybody())
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
        reader = Reader(everybody())
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

    reader = Reader(everybody())
    asyncio.run(reader.run(keep))
    assert frames == [b"[]"] * 3


def _is_end(news):
    return news["t"] == "call" and news["call"]["call"]["call_id"] == "end"


def told(live, audience, happenings):
    """All news that a reader is told of after joining, in order."""

    async def run():
        found = []
        async with Page(live, audience=audience) as page:
            for happen in happenings:
                happen()
            live.take_call("end", live_call("end", caller="8001"))
            while not found or found[-1] != "end":
                frame = await page.frame()
                found += ["end" if _is_end(news) else news for news in frame]
        return found[:-1]

    return asyncio.run(run())


def test_a_department_head_is_told_of_own_calls_only(live):
    news = told(
        live,
        head_of("8001"),
        (
            lambda: live.take_call("own", live_call("own", caller="8001", callee="5551234")),
            lambda: live.take_call("other", live_call("other", caller="9001", callee="5559999")),
            lambda: live.take_media("", media("own", "other")),
        ),
    )
    assert [one["t"] for one in news] == ["call", "media"]
    assert set(news[1]["calls"]) == {"own"}
    assert "5559999" not in str(news)


def test_the_end_of_a_strange_call_is_no_news(live):
    live.take_call("other", live_call("other", caller="9001", callee="9002"))
    live.take_call("own", live_call("own", caller="9001", callee="8001"))
    news = told(
        live,
        head_of("8001"),
        (
            lambda: live.take_call("other", None),
            lambda: live.take_call("own", None),
            lambda: live.take_indexed("", CallIndexed(at=AT, call_id="other", recorded=True)),
            lambda: live.take_indexed("", CallIndexed(at=AT, call_id="own", recorded=True)),
            lambda: live.take_indexed("", CallIndexed(at=AT, call_id="never-seen", recorded=True)),
        ),
    )
    assert [(one["t"], one["call_id"]) for one in news] == [("gone", "own"), ("indexed", "own")]


def test_a_call_that_leaves_the_scope_is_gone(live):
    live.take_call("a", live_call("a", caller="9001", callee="8001"))
    away = live_call("a", caller="9001", callee="9002")
    assert told(live, head_of("8001"), (lambda: live.take_call("a", away),)) == [
        {"t": "gone", "call_id": "a"}
    ]


def test_the_box_as_a_whole_is_no_business_of_a_department(live):
    live.take_program("recorder", ProgramState(at=AT, alive=True))
    intake = Intake(at=AT, interface="eth1", link_up=True, counters={"packets": 1})
    news = told(
        live,
        head_of("8001"),
        (
            lambda: live.take_intake("eth1", intake),
            lambda: live.take_queue("spool", Queue(at=AT, ready=2, working=1, quarantined=0)),
            lambda: live.take_health("disk", Health(at=AT, raised=True, code="disk_full")),
        ),
    )
    assert news == []
    assert live.hello(head_of("8001")).programs == []


def test_a_call_does_not_tell_of_strange_calls_it_is_tied_to(live):
    ties = [
        Relation(kind=RelationKind.CONSULTATION, at=AT, call_id="own"),
        Relation(kind=RelationKind.TRANSFERRED_FROM, at=AT, call_id="other"),
        Relation(kind=RelationKind.REPLACES, at=AT, sip_call_id="elsewhere@example.test"),
    ]
    live.take_call("other", live_call("other", caller="9001", callee="9002"))
    live.take_call("own", live_call("own", caller="8001"))
    live.take_call("tied", live_call("tied", caller="8001", interaction_id="other", related=ties))
    (_, tied) = live.hello(head_of("8001")).calls
    assert [tie.call_id for tie in tied.call.related] == ["own"]
    assert tied.call.interaction_id == "tied"


def test_whoever_sees_numbers_in_part_sees_no_live_number(live):
    party = Party(
        number="13812340001", number_raw="013812340001", display="13812340001", uri="sip:13812340001@x"
    )
    redirected = CallEvent(at=AT, kind="redirected", detail="to 13912345678")
    call = make_call(call_id="a", callee="8001", events=[redirected])
    call.caller = party
    live.take_call("a", LiveCall(at=AT, call=call))
    audience = Audience("en", somebody(permissions=frozenset({Permission.LIVE})))
    said = msgspec.json.encode(live.hello(audience)).decode()
    assert "138****0001" in said
    for secret in ("13812340001", "13912345678"):
        assert secret not in said
