"""No answer of the panel mentions a call outside the asker's scope: every GET row of the table and every socket.

Worlds of departments, people and calls are made at random; each number and name belongs to one call or extension
alone, so that one word in an answer tells where it comes from. A row that has no place in `PLACES` fails the test.
"""

import asyncio
import random
import shutil
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote, unquote

import msgspec
import pytest

from appliance.bus.client import Bus
from appliance.bus.topics import CALL, INDEXED, MEDIA, CallIndexed, LiveCall, LiveMedia, StreamNow
from appliance.domain.access import ScopeKind
from appliance.domain.call import Party
from appliance.domain.interaction import Relation, RelationKind
from appliance.domain.ledger import Reason
from appliance.domain.roles import Permission
from appliance.store import alarms, calls, departments, directory, people, roles, tokens
from appliance.store.alarms import Found
from appliance.store.database import open_database
from appliance.store.row import number_key
from tests.integration.web.conftest import new_layout
from tests.rigs.broker import Broker
from tests.rigs.patience import until
from tests.rigs.ports import free_port
from tests.rigs.records import NOON, make_call, make_record
from tests.rigs.web import Browser, Web
from webadmin.routes import ROUTES, SOCKETS
from webadmin.statistics import Subject

SEEDS = (1, 2)
CALLS = 60
ASKED_FOR = 12
PEOPLE = 6
DEADLINE_S = 60
REFUSED = {False: (404, "not-found"), True: (403, "only-looking")}
"""What is answered to a deed at a call that the doer does not know of; whoever only looks is refused before."""
LONG_AGO = "2026-11-01T00:00:00Z"
IN_A_SEARCH = "01981234567890"
"""Stands in no call: whoever shares a search, or answers an alarm, tells everybody its words."""


class NoCalls(tuple[str, ...]):
    """Told apart by its class: equal constants of a module are one object."""

    __slots__ = ()


NO_CALLS = NoCalls(("",))
"""Rows that tell of the box, of settings or of people: asked once as they are."""

PLACES: dict[str, tuple[str, ...]] = {
    "openapi.json": NO_CALLS,
    "session": NO_CALLS,
    "texts/{language}": NO_CALLS,
    "home": ("", "?days=366&tz=Asia/Shanghai"),
    "live": ("",),
    "live/channels": ("",),
    "mirror": NO_CALLS,
    "system": NO_CALLS,
    "system/programs/{program}/log": NO_CALLS,
    "mirror/nets": NO_CALLS,
    "boards": NO_CALLS,
    "boards/channels": ("",),
    "boards/channels/{channel}": NO_CALLS,
    "boards/channels/{channel}/doctor": NO_CALLS,
    "boards/corrections": NO_CALLS,
    "boards/corrections/rows": NO_CALLS,
    "network": NO_CALLS,
    "time": NO_CALLS,
    "web-access": NO_CALLS,
    "web-access/request": NO_CALLS,
    "update": NO_CALLS,
    "first-steps": NO_CALLS,
    "licences": NO_CALLS,
    "probes/{probe_id}": NO_CALLS,
    "probes/{probe_id}/file": NO_CALLS,
    "calls": (
        "?page_size=100",
        "?page_size=100&sort=started_at",
        "?page_size=100&sort=-duration",
        "?page_size=3&page=2",
        "?recorded=no&page_size=100",
        "?number={number}",
        "?number={number}&match=exact",
        "?caller={number}&match=prefix",
        "?callee={number}&match=suffix",
        "?interaction_id={call_id}",
        "?reviewed=yes&page_size=100",
        "?reviewed=no&page_size=100",
    ),
    "calls/{call_id}": ("",),
    "calls/{call_id}/audio": ("", "?download=true"),
    "calls/{call_id}/peaks": ("",),
    "annotations": ("?ids={call_id}",),
    "tags": ("", "?begin=te"),
    "calls/{call_id}/annotations": ("",),
    "calls/{call_id}/evidence": ("",),
    "calls/{call_id}/ladder": ("",),
    "calls/{call_id}/pcap": ("",),
    "calls/{call_id}/shares": ("",),
    "shares": ("",),
    "account": NO_CALLS,
    "sessions": NO_CALLS,
    "tokens": NO_CALLS,
    "exports": ("",),
    "exports/{export_id}": ("",),
    "exports/{export_id}/file": ("",),
    "query/line": NO_CALLS,
    "query/completions": ("?line=", "?line=number:88&at=9", "?line=name:Owner&at=10", "?line=tag:te&at=6"),
    "query/count": ("", "?number={number}&match=exact"),
    "searches": ("",),
    "preferences/columns": NO_CALLS,
    "preferences/tour": NO_CALLS,
    "statements": NO_CALLS,
    "statements/{statement}/file": NO_CALLS,
    "storage": NO_CALLS,
    "backups": NO_CALLS,
    "backups/file": NO_CALLS,
    "retention": ("",),
    "retention/schema": NO_CALLS,
    "statement-key": NO_CALLS,
    "statistics": tuple(f"?subject={one.value}&first=2026-11-01&last=2026-11-30" for one in Subject),
    "statistics/table": ("?subject=extension&first=2026-11-01&last=2026-11-30",),
    # Whoever has a link has what its maker gave away, and no scope.
    "shared": NO_CALLS,
    "shared/audio": NO_CALLS,
    "shared/peaks": NO_CALLS,
    "interactions/{interaction_id}": ("",),
    "alarms": ("", "?page_size=200"),
    "alarms/count": ("",),
    "alarms/notices": ("", "?page_size=200"),
    "metrics": ("",),
    "self-test": ("",),
    "support/bundle": ("",),
    "monitoring/mib": NO_CALLS,
    "monitoring/templates/{template}": NO_CALLS,
    "operations": ("", "?page_size=200"),
    "operations/export": ("?format=csv",),
    "operations/verification": ("",),
    "why": ("?number={number}&at=2026-11-21T12:00:00Z&window_min=1440",),
    "settings": NO_CALLS,
    "settings/schema": NO_CALLS,
    "settings/revisions": NO_CALLS,
    "settings/difference": NO_CALLS,
    "commissioning": NO_CALLS,
    "rules": NO_CALLS,
    "rules/schema": NO_CALLS,
    "lists/{list}": NO_CALLS,
    "contacts": ("",),
    "contacts/export": ("?format=csv",),
    "extensions": ("",),
    "users": ("",),
    "users/extensions": ("", "?search=88"),
    "departments": ("",),
    "roles": ("",),
    "view-list": ("",),
}


def test_every_row_that_is_read_has_a_place_here():
    assert {route.path for route in ROUTES if "GET" in route.operations} == set(PLACES)
    assert {socket.path for socket in SOCKETS} == {"events", "live/{call_id}/audio"}


class Program(Browser):
    """One who comes with an API token instead of a cookie."""

    def __init__(self, port, value):
        super().__init__(port)
        self._value = value

    def ask(self, method, path, body=None, **headers):
        return super().ask(method, path, body, **headers, Authorization=f"Bearer {self._value}")

    def socket(self, path, **headers):
        return super().socket(path, **headers, Authorization=f"Bearer {self._value}")


class Viewer(NamedTuple):
    """A person with a part of the calls, and which they are. `looks`: really an administrator who looks as that person."""

    browser: Browser
    numbers: frozenset[str]
    is_masked: bool
    looks: bool = False

    def knows(self, call) -> bool:
        return not self.numbers.isdisjoint((number_key(call.caller.number), number_key(call.callee.number)))


class World(NamedTuple):
    """A served box and all that is in it."""

    web: Web
    viewers: list[Viewer]
    calls: list
    live: list
    exports: list[str]


@pytest.fixture(scope="module", params=SEEDS)
def world(request):
    dice = random.Random(request.param)
    layout = new_layout()
    database = open_database(layout)
    extensions, tree = _firm(database, dice)
    ledger = [_call(dice, extensions, index) for index in range(CALLS)]
    _tie(dice, ledger)
    records = [
        make_record(
            call.caller.number, call.callee.number, reason=Reason.NO_MEDIA if dice.random() < 0.5 else None
        )
        for call in ledger
    ]
    for record, call in zip(records, ledger, strict=True):
        record.manifest.call = call
        if record.recording is not None:  # as the archiver names files
            name = f"2026/11/21/{call.call_id}_{call.caller.number}_{call.callee.number}.wav"
            record.recording = msgspec.structs.replace(record.recording, file=name)
    calls.index_all(database, records)
    alarms.record(database, [Found("disk_low", "low", "warning", True, {})], NOON, timedelta(minutes=5))
    viewers = _people(database, dice, extensions, tree)
    live = [_call(dice, extensions, CALLS + index) for index in range(20)]
    _tie(dice, live)
    broker = Broker(layout.run).start()
    with Web(layout, free_port()) as web:
        admin = web.administrator()
        for call in ledger[::3]:
            admin.post(f"calls/{call.call_id}/tags", {"tag": f"tag-{call.call_id}"})
            admin.post(f"calls/{call.call_id}/tags", {"tag": f"tel-{call.caller.number}"})
            admin.post(f"calls/{call.call_id}/notes", {"text": f"note on {call.caller.number}"})
            admin.post(f"calls/{call.call_id}/shares", {"hours": 1, "note": call.caller.number})
        search = {"name": f"of {IN_A_SEARCH}", "line": f"number:{IN_A_SEARCH}", "shared": "everyone"}
        assert admin.post("searches", search).status == 201
        answered = admin.put("alarms/1/acknowledgement", {"note": f"call {IN_A_SEARCH}"})
        assert answered.json["note"] == f"call {IN_A_SEARCH}"
        made = [_come(web, index, *found) for index, found in enumerate(viewers)]
        exports = [
            _exported(browser, what, order)
            for browser in (admin, *(viewer.browser for viewer in made if not viewer.looks))
            for what in ("tables", "recordings")
            for order in ({}, {"call_ids": [call.call_id for call in ledger]})
        ]
        yield World(web, made, ledger, live, exports)
    broker.kill()
    database.close()
    shutil.rmtree(layout.data)


def _come(web, index, person, numbers, is_masked):
    """Two come with a cookie, two with a token, and an administrator looks through the eyes of two."""
    user_id, cookie, token = person
    if index in (2, 3):
        return Viewer(Program(web.port, token), numbers, is_masked)
    browser = web.administrator() if index in (4, 5) else Browser(web.port)
    if index in (4, 5):
        assert browser.post("look", {"user_id": user_id}).status == 204
    else:
        browser.cookie = f"tapeline={cookie}"
    assert browser.get("session").json["user"], cookie
    return Viewer(browser, numbers, is_masked, looks=index in (4, 5))


def _exported(browser, what, order):
    """The id of an export that is ready: of all that can be found, or of calls that are named."""
    begun = browser.post(f"exports/{what}", {**({"kind": "csv"} if what == "tables" else {}), **order})
    assert begun.status == 202, begun
    export_id = begun.json["id"]
    until(
        lambda: browser.get(f"exports/{export_id}").json["state"] == "ready",
        what="the export is ready",
        deadline_s=DEADLINE_S,
    )
    return export_id


def _firm(database, dice):
    """A tree of departments and extensions in them; some extensions belong to none."""
    tree = {}
    for index in range(8):
        parent = dice.choice([None, *tree]) if tree else None
        tree[departments.create(database, f"department {index}", parent).id] = parent
    extensions = {
        f"88{dice.randrange(10**5):05d}{index:02d}": dice.choice([None, *tree]) for index in range(12)
    }
    directory.put(
        database,
        [
            directory.Entry(number, name=_owner(number), department_id=department, is_extension=True)
            for number, department in extensions.items()
        ],
    )
    return extensions, tree


def _owner(number):
    """A name of its own for each extension, without its digits."""
    return "Owner-" + "".join(chr(ord("a") + int(digit)) for digit in number)


def _call(dice, extensions, index):
    """A call between an extension and a number, or name, of its own; sometimes between extensions."""
    inner = dice.choice(list(extensions))
    outer = f"0199{dice.randrange(10**6):06d}{index:03d}"
    other = dice.choice([outer, outer, outer, dice.choice(list(extensions)), f"guest-{index:03d}-x"])
    pair = dice.sample([inner, other], 2) if inner != other else [inner, outer]
    at = NOON - timedelta(seconds=dice.randrange(7200), microseconds=index)
    call = make_call(*pair, at=at, talk_s=dice.choice([0, 5.0, 60.0]))
    call.caller, call.callee = (
        Party(
            number=number,
            number_raw=number,
            display=f"Name-{call.call_id}" if number not in extensions else _owner(number),
            uri=f"sip:{number}@10.0.0.1",
        )
        for number in pair
    )
    call.sip_call_id = f"sip-{call.call_id}"
    return call


def _tie(dice, some):
    """Join some calls to conversations, whoever had them."""
    some.sort(key=lambda call: call.call_id)
    for _ in range(len(some) // 2):
        first, second = sorted(dice.sample(some, 2), key=lambda call: call.call_id)
        second.interaction_id = first.interaction_id
        by_name = dice.random() < 0.3
        tie = Relation(
            kind=dice.choice(list(RelationKind)),
            at=second.started_at,
            call_id="" if by_name else first.call_id,
            sip_call_id=first.sip_call_id if by_name else "",
        )
        second.related = [*second.related, tie]


def _people(database, dice, extensions, tree):
    """People with every right and a part of the calls; how each comes in, and whose calls they know."""
    every = set(Permission)
    full = roles.create(database, "all rights", every, None)
    partly = roles.create(database, "masked", every - {Permission.FULL_NUMBERS}, None)
    found = []
    for index in range(PEOPLE):
        is_masked = index % 3 == 2
        role_id = (partly if is_masked else full).id
        if index % 2:
            named = dice.sample(sorted(tree), dice.randrange(1, 4))
            numbers = {number for number, own in extensions.items() if _is_below(own, named, tree)}
            rights = people.Rights(role_id, kind=ScopeKind.DEPARTMENTS, departments=tuple(named))
        else:
            numbers = set(dice.sample(sorted(extensions), dice.randrange(1, 4)))
            rights = people.Rights(role_id, kind=ScopeKind.EXTENSIONS, extensions=tuple(numbers))
        now = datetime.now(UTC)
        made = people.create(database, f"person {index}", rights, "hash", now, one_time=False)
        token = f"token-{index}"
        timeouts = people.Timeouts(timedelta(hours=1), timedelta(hours=1))
        people.open_session(database, made.id, token, now, timeouts, ("127.0.0.1", "test"))
        until_then = (now, now + timedelta(days=1))
        tokens.create(database, made.id, f"tl_{index}", "a program", frozenset(every), until_then)
        found.append(((made.id, token, f"tl_{index}"), frozenset(numbers), is_masked))
    return found


def _is_below(department, named, tree):
    while department is not None:
        if department in named:
            return True
        department = tree[department]
    return False


def words_of(call):
    """By what a call could be recognised."""
    return {
        call.call_id,
        call.sip_call_id,
        *(word for party in (call.caller, call.callee) for word in (party.number, party.display)),
    }


def secrets_of(world_calls, viewer):
    """Words that only calls outside the scope have."""
    known = {word for call in world_calls if viewer.knows(call) for word in words_of(call)}
    return {word for call in world_calls if not viewer.knows(call) for word in words_of(call)} - known


def addresses(world, path):
    """The row's addresses, its variable parts filled from calls of the ledger, known or not."""
    for query in PLACES[path]:
        whole = path + query
        if "{export_id}" in whole:
            yield from ((None, whole.replace("{export_id}", export_id)) for export_id in world.exports)
            continue
        if not any(part in whole for part in ("{call_id}", "{interaction_id}", "{number}")):
            yield (
                None,
                whole.replace("{language}", "en")
                .replace("{list}", "blacklist")
                .replace("{program}", "archiver")
                .replace("{template}", "zabbix")
                .replace("{statement}", "1")
                .replace("{channel}", "1"),
            )
            continue
        for call in world.calls[:: max(1, len(world.calls) // ASKED_FOR)]:
            filled = whole.replace("{call_id}", call.call_id).replace("{interaction_id}", call.interaction_id)
            yield call, filled.replace("{number}", quote(call.caller.number))


@pytest.mark.parametrize("path", sorted(PLACES))
def test_no_answer_mentions_a_call_outside_the_scope(world, path):
    for viewer in world.viewers:
        secrets = secrets_of(world.calls, viewer)
        assert secrets, "a scope that leaves nothing out proves nothing"
        for call, address in addresses(world, path):
            reply = viewer.browser.get(address)
            assert reply.status < 500, (address, reply)
            text = (reply.body.decode("utf-8", "replace") + str(reply.headers)).lower()
            leaked = {word for word in secrets if word.lower() in text}
            if reply.status >= 400:  # a refusal may repeat what was asked for; an answer may not
                leaked = {word for word in leaked if word not in unquote(address)}
            assert not leaked, (address, leaked)
            if call is not None and "{call_id}" in path and not viewer.knows(call):
                assert reply.status in (404, 403), (address, reply.status)


@pytest.mark.parametrize("path", [path for path in sorted(PLACES) if not isinstance(PLACES[path], NoCalls)])
def test_no_answer_shows_a_number_in_full_to_whoever_sees_parts(world, path):
    numbers = {
        party.number for call in world.calls for party in (call.caller, call.callee) if party.number.isdigit()
    } | {IN_A_SEARCH}
    for viewer in world.viewers:
        if not viewer.is_masked or path.startswith("users"):  # scopes name extensions to whoever gives them
            continue
        for _, address in addresses(world, path):
            reply = viewer.browser.get(address)
            text = reply.body.decode("utf-8", "replace") + str(reply.headers)
            found = {number for number in numbers if number in text and number not in address}
            assert not found, (address, found)


def test_counts_are_those_of_the_scope(world):
    for viewer in world.viewers:
        own = [call for call in world.calls if viewer.knows(call)]
        assert viewer.browser.get("calls").json["total"] == len(own)
        home = viewer.browser.get("home?days=366").json
        assert sum(day["calls"] for day in home["per_day"]) == sum(
            call.started_at > datetime.now(UTC) - timedelta(days=366) for call in own
        )
        seen = viewer.browser.get("calls?page_size=100").json["calls"]
        assert {call["call_id"] for call in seen} == {call.call_id for call in own}


async def _news(viewer, expected):
    """All that the stream of news says until all calls that it must tell of have come."""
    said = []
    async with viewer.browser.socket("events") as connection, asyncio.timeout(DEADLINE_S):
        while not expected <= set("".join(said).replace('"', " ").split()):
            frame = await connection.read_message()
            assert frame is not None
            said.append(frame)
    return "".join(said)


def test_the_stream_of_news_tells_of_own_calls_only(world):
    viewers = world.viewers

    async def run():
        async with Bus(world.web.layout.bus_socket, "recorder") as bus:
            listening = [
                asyncio.create_task(
                    _news(viewer, {call.call_id for call in world.live if viewer.knows(call)})
                )
                for viewer in viewers
            ]
            for call in world.live:
                bus.set(CALL, call.call_id, LiveCall(at=NOON, call=call))
            figures = {
                call.call_id: {"caller": StreamNow(packets=1, lost=0, jitter_ms=0.0)} for call in world.live
            }
            bus.hint(MEDIA, "", LiveMedia(at=NOON, calls=figures))
            for call in world.live:
                bus.hint(INDEXED, "", CallIndexed(at=NOON, call_id=call.call_id, recorded=True))
            return await asyncio.gather(*listening)

    for viewer, text in zip(viewers, asyncio.run(run()), strict=True):
        leaked = {word for word in secrets_of(world.live, viewer) if word in text}
        assert not leaked
    until(
        lambda: len(world.web.administrator().get("live").json["calls"]) == len(world.live),
        what="all live calls are known",
    )
    for viewer in viewers:
        reply = viewer.browser.get("live")
        own = {call.call_id for call in world.live if viewer.knows(call)}
        assert {call["call"]["call_id"] for call in reply.json["calls"]} == own
        assert not {word for word in secrets_of(world.live, viewer) if word in reply.body.decode()}
        assert viewer.browser.get("home").json["live_now"] == len(own)
        for call in world.live:
            if not viewer.knows(call):
                order = viewer.browser.post(f"live/{call.call_id}/control", {"verb": "pause"})
                assert (order.status, order.code) == REFUSED[viewer.looks]


DEEDS = {
    "calls/{call_id}/tags": {"tag": "mine"},
    "calls/{call_id}/notes": {"text": "mine"},
    "calls/{call_id}/notes/{note_id}": {"text": "mine"},
    "calls/{call_id}/bookmarks": {"position_s": 1, "label": "mine"},
    "calls/{call_id}/bookmarks/{bookmark_id}": {},
    "calls/{call_id}/hold": {"reason": "mine"},
    "calls/{call_id}/deletion": {"reason": "mine"},
    "calls/{call_id}/shares": {"hours": 1},
    "live/{call_id}/control": {"verb": "pause"},
}
"""What can be done to one call, with a body that would be right."""


def test_everything_that_can_be_done_to_a_call_is_tried_here():
    written = {
        route.path for route in ROUTES if set(route.operations) - {"GET"} and "{call_id}" in route.path
    }
    assert written == set(DEEDS)


@pytest.mark.parametrize("path", sorted(DEEDS))
def test_nothing_is_done_to_a_call_outside_the_scope(world, path):
    (route,) = [route for route in ROUTES if route.path == path]
    for viewer in world.viewers:
        for call in [call for call in world.calls if not viewer.knows(call)][:3]:
            address = path.replace("{call_id}", call.call_id).replace("{note_id}", "1")
            address = address.replace("{bookmark_id}", "1")
            for method in sorted(set(route.operations) - {"GET"}):
                query = "?tag=mine" if (path, method) == ("calls/{call_id}/tags", "DELETE") else ""
                body = None if method == "DELETE" else DEEDS[path]
                reply = viewer.browser.ask(method, address + query, body)
                assert (reply.status, reply.code) == REFUSED[viewer.looks], (method, address, reply)


def test_no_call_outside_the_scope_is_marked_as_reviewed(world):
    every = [call.call_id for call in world.calls]
    for viewer in world.viewers:
        reply = viewer.browser.put("reviewed", {"call_ids": every})
        if viewer.looks:
            assert (reply.status, reply.code) == REFUSED[True]
            continue
        own = {call.call_id for call in world.calls if viewer.knows(call)}
        assert reply.json == {"calls": len(own)}
        found = viewer.browser.get("calls?reviewed=yes&page_size=100").json
        assert {one["call_id"] for one in found["calls"]} <= own
        assert viewer.browser.get("query/count?reviewed=yes").json["total"] == len(own)


async def _closed(browser, path):
    async with browser.socket(path) as connection, asyncio.timeout(DEADLINE_S):
        while await connection.read_message() is not None:
            pass
        return connection.close_code


def test_nobody_listens_to_a_live_call_outside_the_scope(world):
    for viewer in world.viewers:
        strange = next(call for call in world.live if not viewer.knows(call))
        assert asyncio.run(_closed(viewer.browser, f"live/{strange.call_id}/audio")) == 4404
