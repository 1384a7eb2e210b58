"""The live state of the box in memory, kept by one subscription to the bus, and told on as news for the pages."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from appliance.bus import topics
from appliance.bus.client import Bus
from appliance.bus.topics import (
    BoardState,
    CallIndexed,
    ChannelsNow,
    Devices,
    Health,
    Intake,
    LiveCall,
    LiveMedia,
    ProgramState,
    Queue,
    Registered,
    Registrations,
    StorageState,
    StreamNow,
)
from appliance.core.text import Language
from appliance.domain.call import Call
from appliance.domain.interaction import Relation
from appliance.store.directory import Known
from appliance.store.row import number_key
from webadmin.line_history import LineHistory
from webadmin.views import (
    HealthView,
    IntakeView,
    LiveCallView,
    LiveCallWithMedia,
    ProgramView,
    QueueView,
    health_view,
    intake_view,
    live_view,
    live_view_with_media,
    program_view,
)
from webadmin.visitor import Visitor

MOST_ENDED = 20_000
"""So many calls that are over are still known by their numbers, until the ledger has them."""


MOST_REGISTERED = 20_000
"""So many telephones that registered are remembered, those that did last."""


class Audience(NamedTuple):
    """For whom news are put into words."""

    language: Language
    visitor: Visitor


class CallNews(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="call"):
    """A call began or changed."""

    call: LiveCallView


class GoneNews(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="gone"):
    """A call is no longer live."""

    call_id: str


class MediaNews(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="media"):
    """Figures of all live calls: call -> side -> figures."""

    calls: dict[str, dict[str, StreamNow]]


class IndexedNews(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="indexed"):
    """A call can be found in the list."""

    call_id: str
    recorded: bool


class ProgramNews(ProgramView, frozen=True, kw_only=True, tag_field="t", tag="program"):
    """A program's state."""


class IntakeNews(IntakeView, frozen=True, kw_only=True, tag_field="t", tag="intake"):
    """A mirror port's counters."""


class QueueNews(QueueView, frozen=True, kw_only=True, tag_field="t", tag="queue"):
    """The archiver's work."""


class HealthNews(HealthView, frozen=True, kw_only=True, tag_field="t", tag="health"):
    """A check's finding."""


class DevicesNews(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="devices"):
    """Something was plugged in, pulled out, mounted or let go: whoever shows devices asks for them again."""


class HelloNews(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="hello"):
    """Everything known; replaces whatever the page knew before."""

    calls: list[LiveCallView]
    media: dict[str, dict[str, StreamNow]]
    programs: list[ProgramView]
    intake: list[IntakeView]
    queue: QueueView | None
    health: list[HealthView]


Say = Callable[[Audience], msgspec.Struct | None]
"""News that may differ by reader, made when a reader is there; None for those whom it is no business of."""

Listener = Callable[[tuple[str, str], Say], None]
"""Takes news and the key under which only the newest counts."""


class Live:
    """Everything retained that a page shows; `called` tells what the directory says of a number."""

    def __init__(self, called: Callable[[str], Known] = lambda _: Known()) -> None:
        self._called = called
        self.calls: dict[str, LiveCall] = {}
        self.media: dict[str, dict[str, StreamNow]] = {}
        self.programs: dict[str, ProgramState] = {}
        self.intake: dict[str, Intake] = {}
        self.queues: dict[str, Queue] = {}
        self.storage: dict[str, StorageState] = {}
        self.health: dict[str, Health] = {}
        self.boards: dict[str, BoardState] = {}
        self.channels: dict[str, ChannelsNow] = {}
        self.lines = LineHistory()
        self.registered: OrderedDict[str, Registered] = OrderedDict()
        self.is_connected = False
        self._listeners: list[Listener] = []
        self._unconfirmed: set[tuple[int, str]] = set()
        self._ended: OrderedDict[str, tuple[str, str]] = OrderedDict()

    def admitted(self, call_id: str, visitor: Visitor) -> bool:
        """Whether the visitor may know of a call that is live, or was a short while ago."""
        if visitor.scope.everything:
            return True
        live = self.calls.get(call_id)
        keys = self._ended.get(call_id) if live is None else keys_of(live.call)
        return keys is not None and visitor.scope.admits(keys)

    def seen(self, visitor: Visitor) -> dict[str, LiveCall]:
        """The live calls that the visitor may know of."""
        return {call_id: live for call_id, live in self.calls.items() if self.admitted(call_id, visitor)}

    def view(self, live: LiveCall, visitor: Visitor) -> LiveCallView:
        """A live call as the visitor may see it."""
        return live_view(self._known(live, visitor), visitor, self._called)

    def view_with_media(self, live: LiveCall, visitor: Visitor) -> LiveCallWithMedia:
        """A live call and its newest figures as the visitor may see it."""
        media = self.media.get(live.call.call_id, {})
        return live_view_with_media(self._known(live, visitor), media, visitor, self._called)

    def listen(self, listener: Listener) -> None:
        """Tell this one of everything that changes from now on."""
        self._listeners.append(listener)

    def subscribe(self, bus: Bus) -> None:
        """Take everything from this connection to the bus."""
        for topic in topics.CALLS:
            bus.subscribe(topic, self.take_call)
        bus.subscribe(topics.MEDIA, self.take_media)
        bus.subscribe(topics.INDEXED, self.take_indexed)
        bus.subscribe(topics.PROGRAM, self.take_program)
        bus.subscribe(topics.INTAKE, self.take_intake)
        bus.subscribe(topics.QUEUE, self.take_queue)
        bus.subscribe(topics.STORAGE, self.take_storage)
        bus.subscribe(topics.HEALTH, self.take_health)
        bus.subscribe(topics.DEVICES, self.take_devices)
        bus.subscribe(topics.REGISTERED, self.take_registrations)
        bus.subscribe(topics.BOARD, self.take_board)
        bus.subscribe(topics.CHANNELS, self.take_channels)

    def hello(self, audience: Audience) -> HelloNews:
        """Everything known now that the reader may know."""
        language, visitor = audience
        seen = self.seen(visitor)
        calls = [self.view(live, visitor) for live in seen.values()]
        media = {call_id: sides for call_id, sides in self.media.items() if call_id in seen}
        if not visitor.sees_box:
            return HelloNews(calls=calls, media=media, programs=[], intake=[], queue=None, health=[])
        return HelloNews(
            calls=calls,
            media=media,
            programs=[program_view(name, state, language) for name, state in sorted(self.programs.items())],
            intake=[intake_view(intake) for _, intake in sorted(self.intake.items())],
            queue=self.queue_view(),
            health=[health_view(check, health, language) for check, health in sorted(self.health.items())],
        )

    def queue_view(self) -> QueueView | None:
        """The work of all queues together, None while none is known."""
        if not self.queues:
            return None
        queues = list(self.queues.values())
        return QueueView(
            at=max(queue.at for queue in queues),
            ready=sum(queue.ready for queue in queues),
            working=sum(queue.working for queue in queues),
            quarantined=sum(queue.quarantined for queue in queues),
            oldest_s=max(queue.oldest_s for queue in queues),
        )

    def reconnected(self) -> None:
        """Suspect everything: what was cleared while the connection was away is never announced."""
        self._unconfirmed = {(id(table), key) for table in self._tables() for key in table}

    def settled(self) -> None:
        """Forget what was not announced again since `reconnected`, and tell everybody the whole state."""
        for table in self._tables():
            for key in [key for key in table if (id(table), key) in self._unconfirmed]:
                if table is self.calls:
                    self._remember(self.calls[key].call)
                del table[key]
        self._unconfirmed.clear()
        self.media = {call_id: sides for call_id, sides in self.media.items() if call_id in self.calls}
        self._tell(("hello", ""), self.hello)

    def renamed(self) -> None:
        """Tell everybody anew who the parties are."""
        if self.calls:
            self._tell(("hello", ""), self.hello)

    def take_call(self, call_id: str, news: LiveCall | None) -> None:
        """A call began, changed or (None) ended."""
        before = self.calls.get(call_id)
        if not self._store(self.calls, call_id, news):
            self.media.pop(call_id, None)
            if before is not None:
                self._remember(before.call)
        known = keys_of(before.call) if before is not None else self._ended.get(call_id, ())

        def say(audience: Audience) -> msgspec.Struct | None:
            scope = audience.visitor.scope
            if news is not None and scope.admits(keys_of(news.call)):
                return CallNews(call=self.view(news, audience.visitor))
            # A call may also leave a scope while it goes on, when its parties become others.
            return GoneNews(call_id=call_id) if scope.admits(known) else None

        self._tell(("call", call_id), say)

    def take_media(self, _: str, news: LiveMedia | None) -> None:
        """Running figures of live calls: of all of them, or of those whose turn it is."""
        if news is None:
            return
        media = {call_id: sides for call_id, sides in news.calls.items() if call_id in self.calls}
        self.media.update(media)

        def say(audience: Audience) -> msgspec.Struct:
            if audience.visitor.scope.everything:
                return MediaNews(calls=media)
            seen = self.seen(audience.visitor)
            return MediaNews(calls={call_id: sides for call_id, sides in media.items() if call_id in seen})

        self._tell(("media", ""), say)

    def take_indexed(self, _: str, news: CallIndexed | None) -> None:
        """A call's row is in the index."""
        if news is not None:
            said = IndexedNews(call_id=news.call_id, recorded=news.recorded)
            call_id = news.call_id
            self._tell(
                ("indexed", call_id),
                lambda audience: said if self.admitted(call_id, audience.visitor) else None,
            )

    def take_registrations(self, _: str, news: Registrations | None) -> None:
        """Telephones that registered, kept by `number_key`; pages ask for them."""
        for one in news.seen if news is not None else ():
            key = number_key(one.number)
            self.registered[key] = one
            self.registered.move_to_end(key)
        while len(self.registered) > MOST_REGISTERED:
            self.registered.popitem(last=False)

    def take_program(self, name: str, news: ProgramState | None) -> None:
        """A program's word on itself."""
        if self._store(self.programs, name, news) and news is not None:
            self._tell_of_box(
                ("program", name), lambda language: _news(ProgramNews, program_view(name, news, language))
            )

    def take_intake(self, port: str, news: Intake | None) -> None:
        """A mirror port's counters."""
        if self._store(self.intake, port, news) and news is not None:
            self._tell_of_box(("intake", port), lambda _: _news(IntakeNews, intake_view(news)))

    def take_queue(self, name: str, news: Queue | None) -> None:
        """The archiver's work."""
        self._store(self.queues, name, news)
        whole = self.queue_view()
        if whole is not None:
            self._tell_of_box(("queue", ""), lambda _: _news(QueueNews, whole))

    def take_storage(self, shelf: str, news: StorageState | None) -> None:
        """How a storage path is; the overview asks for it, nobody is told."""
        self._store(self.storage, shelf, news)

    def take_board(self, name: str, news: BoardState | None) -> None:
        """How a board is; its page asks for it, nobody is told."""
        self._store(self.boards, name, news)

    def take_channels(self, name: str, news: ChannelsNow | None) -> None:
        """What every channel of a board does now; its page asks for it, nobody is told."""
        self._store(self.channels, name, news)
        self.lines.take(name, news)

    def take_devices(self, _: str, news: Devices | None) -> None:
        """What is plugged in has changed."""
        if news is not None:
            self._tell_of_box(("devices", ""), lambda _: DevicesNews())

    def take_health(self, check: str, news: Health | None) -> None:
        """A check's finding."""
        if self._store(self.health, check, news) and news is not None:
            self._tell_of_box(
                ("health", check), lambda language: _news(HealthNews, health_view(check, news, language))
            )

    def _tables(self) -> tuple[dict[str, Any], ...]:
        return (
            self.calls,
            self.programs,
            self.intake,
            self.queues,
            self.storage,
            self.health,
            self.boards,
            self.channels,
        )

    def _store(self, table: dict[str, Any], key: str, news: msgspec.Struct | None) -> bool:
        self._unconfirmed.discard((id(table), key))
        if news is None:
            table.pop(key, None)
            return False
        table[key] = news
        return True

    def _known(self, live: LiveCall, visitor: Visitor) -> LiveCall:
        """The call without what it says of calls outside the visitor's scope."""
        if visitor.scope.everything:
            return live
        call = live.call
        first_known = call.interaction_id == call.call_id or self.admitted(call.interaction_id, visitor)
        known = msgspec.structs.replace(
            call,
            interaction_id=call.interaction_id if first_known else call.call_id,
            related=[one for one in call.related if self._is_known(one, visitor)],
        )
        return msgspec.structs.replace(live, call=known)

    def _is_known(self, relation: Relation, visitor: Visitor) -> bool:
        return bool(relation.call_id) and self.admitted(relation.call_id, visitor)

    def _remember(self, call: Call) -> None:
        self._ended[call.call_id] = keys_of(call)
        self._ended.move_to_end(call.call_id)
        while len(self._ended) > MOST_ENDED:
            self._ended.popitem(last=False)

    def _tell_of_box(self, key: tuple[str, str], say: Callable[[Language], msgspec.Struct]) -> None:
        """News of the box as a whole, for those who see it as a whole."""
        self._tell(key, lambda audience: say(audience.language) if audience.visitor.sees_box else None)

    def _tell(self, key: tuple[str, str], say: Say) -> None:
        for listener in self._listeners:
            listener(key, say)


def keys_of(call: Call) -> tuple[str, str]:
    """By what a call's parties are looked up in scopes."""
    return number_key(call.caller.number), number_key(call.callee.number)


def _news(kind: type[msgspec.Struct], view: msgspec.Struct) -> msgspec.Struct:
    fields: Mapping[str, Any] = {name: getattr(view, name) for name in view.__struct_fields__}
    return kind(**fields)
