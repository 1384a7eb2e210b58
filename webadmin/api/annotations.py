"""What people put on calls: tags, notes, bookmarks; and all of it for the calls of a list."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Text
from appliance.domain.ledger import Reason
from appliance.domain.retention import why
from appliance.settings.paths import awaited
from appliance.store import annotations as store
from appliance.store import calls as ledger
from appliance.store import holds, reviews
from appliance.store.annotations import tag_key
from appliance.store.calls import CallRow
from appliance.store.holds import Hold, Wish
from webadmin import audit
from webadmin.api.calls import Ticked, row_of
from webadmin.operation import Asked, Nothing
from webadmin.veil import veiled_text

Position = Annotated[float, msgspec.Meta(ge=0, le=1_000_000)]
NoteText = Annotated[str, msgspec.Meta(max_length=4000)]
MAX_IDS = 200


class TagView(msgspec.Struct, frozen=True, kw_only=True):
    """A word on a call."""

    tag: str
    author: str
    at: datetime


class NoteView(msgspec.Struct, frozen=True, kw_only=True):
    """A note; `is_own`: the reader may change it. Units: seconds of the recording, null for the whole call."""

    id: int
    author: str
    at: datetime
    edited_at: datetime | None
    position_s: float | None
    text: str
    is_own: bool


class BookmarkView(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the recording."""

    id: int
    author: str
    at: datetime
    position_s: float
    label: str
    is_own: bool


class HoldView(msgspec.Struct, frozen=True, kw_only=True):
    """A legal hold, in force until it is lifted."""

    reason: str
    author: str
    at: datetime
    lifted_by: str | None
    lifted_at: datetime | None


class DeletionView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody asked for the recording to be deleted; `is_done` says whether it is gone.

    `waits_for`: the storage path that is not there and has to come back first, else "".
    """

    reason: str
    author: str
    asked_at: datetime
    is_done: bool
    waits_for: str


class AnnotationsView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that people have put on a call; `hold` is the one in force, `holds` are all, newest first.

    `reviewed` is the reader's own note.
    """

    tags: list[TagView]
    notes: list[NoteView]
    bookmarks: list[BookmarkView]
    hold: HoldView | None
    holds: list[HoldView]
    deletion: DeletionView | None
    reviewed: bool


class TagQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which tag."""

    tag: Annotated[str, msgspec.Meta(max_length=64)]


class NewTag(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A word of at most 64 characters; blanks around it and letter case do not count."""

    tag: Annotated[str, msgspec.Meta(max_length=64)]


class NewNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A note on the call, or on a place of its recording."""

    text: NoteText
    position_s: Position | None = None


class ChangedNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The new words."""

    text: NoteText


class NewBookmark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place in the recording."""

    position_s: Position
    label: Annotated[str, msgspec.Meta(max_length=200)] = ""


class KnownQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tags that begin with this."""

    begin: Annotated[str, msgspec.Meta(max_length=64)] = ""


class KnownTag(msgspec.Struct, frozen=True, kw_only=True):
    """A tag and on how many of the reader's calls it is."""

    tag: str
    calls: int


class KnownTags(msgspec.Struct, frozen=True, kw_only=True):
    """Tags in use, the most used first."""

    tags: list[KnownTag]


class OfCallsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The calls of a page, their ids with commas between them."""

    ids: Annotated[str, msgspec.Meta(max_length=65 * MAX_IDS)]


class SummaryView(msgspec.Struct, frozen=True, kw_only=True):
    """What the list shows of a call; `reviewed` is the reader's own note."""

    tags: list[str]
    notes: int
    held: bool
    reviewed: bool


class OfCalls(msgspec.Struct, frozen=True, kw_only=True):
    """call_id -> what it has; calls with nothing are left out."""

    calls: dict[str, SummaryView]


class Reviewed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """These calls are reviewed, or not (any more)."""

    call_ids: Ticked
    reviewed: bool = True


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the calls there are for the reader, all now as it was wanted."""

    calls: int


async def show(asked: Asked[Nothing, Nothing]) -> AnnotationsView:
    """Tags, notes, bookmarks, holds and the deletion of a call."""
    await row_of(asked)
    return await view(asked)


async def view(asked: Asked[Any, Any]) -> AnnotationsView:
    """The same for a call that was found before."""
    panel, call_id = asked.panel, asked.path["call_id"]
    found = await panel.ask(store.of_call, call_id)
    history = await panel.ask(holds.history, call_id)
    wish = await panel.ask(holds.wish_of, call_id)
    row = await panel.ask(ledger.row, call_id, scope=asked.visitor.scope)
    me = _name(asked)
    numbers = (row.caller.number, row.callee.number) if row else ()

    def said(text: str, author: str) -> str:
        """What others wrote, without numbers that are not to be seen in full."""
        person = asked.visitor.person
        is_own = person is not None and author == person.name
        return text if is_own else veiled_text(text, asked.visitor, numbers)

    in_force = [hold for hold in history if hold.lifted_at is None]
    return AnnotationsView(
        tags=list(
            {
                tag: TagView(tag=tag, author=one.author, at=one.at)
                for one in found.tags
                for tag in asked.visitor.tags([one.tag])
            }.values()
        ),
        notes=[
            NoteView(
                id=one.id,
                author=one.author,
                at=one.at,
                edited_at=one.edited_at,
                position_s=one.position_s,
                text=said(one.text, one.author),
                is_own=one.author == me,
            )
            for one in found.notes
        ],
        bookmarks=[
            BookmarkView(
                id=one.id,
                author=one.author,
                at=one.at,
                position_s=one.position_s,
                label=said(one.label, one.author),
                is_own=one.author == me,
            )
            for one in found.bookmarks
        ],
        hold=_hold(in_force[0], said) if in_force else None,
        holds=[_hold(one, said) for one in history],
        deletion=await (_deletion(asked, wish, said) if wish else _expired(asked, row)),
        reviewed=call_id in await _reviewed(asked, [call_id]),
    )


async def add_tag(asked: Asked[Nothing, NewTag]) -> AnnotationsView:
    """Put a tag on a call."""
    row = await row_of(asked)
    tag = tag_key(asked.body.tag)
    if not tag or "," in tag:
        raise Invalid(
            field="tag", problem=Text(en="must be a word without commas", zh="必须为不含逗号的文字")
        )
    await asked.panel.ask(store.add_tag, row.call_id, tag, _name(asked), asked.panel.now())
    audit.note(asked, "tag added", call=row.call_id, tag=tag)
    return await view(asked)


async def remove_tag(asked: Asked[TagQuery, Nothing]) -> AnnotationsView:
    """Take a tag off a call."""
    row = await row_of(asked)
    typed = asked.visitor.typed
    shown = typed(tag_key(asked.query.tag))
    for one in (await asked.panel.ask(store.of_call, row.call_id)).tags:
        if typed(one.tag) == shown:
            await asked.panel.ask(store.remove_tag, row.call_id, one.tag)
            audit.note(asked, "tag removed", call=row.call_id, tag=one.tag)
    return await view(asked)


async def add_note(asked: Asked[Nothing, NewNote]) -> AnnotationsView:
    """Write a note."""
    row = await row_of(asked)
    text = _said(asked.body.text)
    note = await asked.panel.ask(
        store.add_note, row.call_id, text, _name(asked), asked.panel.now(), asked.body.position_s
    )
    audit.note(asked, "note added", call=row.call_id, note=note)
    return await view(asked)


async def change_note(asked: Asked[Nothing, ChangedNote]) -> AnnotationsView:
    """Change a note of one's own."""
    row = await row_of(asked)
    note, text = int(asked.path["note_id"]), _said(asked.body.text)
    await asked.panel.ask(store.change_note, row.call_id, note, text, _name(asked), asked.panel.now())
    audit.note(asked, "note changed", call=row.call_id, note=note)
    return await view(asked)


async def remove_note(asked: Asked[Nothing, Nothing]) -> AnnotationsView:
    """Remove a note of one's own."""
    row = await row_of(asked)
    note = int(asked.path["note_id"])
    await asked.panel.ask(store.remove_note, row.call_id, note, _name(asked))
    audit.note(asked, "note removed", call=row.call_id, note=note)
    return await view(asked)


async def add_bookmark(asked: Asked[Nothing, NewBookmark]) -> AnnotationsView:
    """Mark a place in the recording."""
    row = await row_of(asked)
    body = asked.body
    key = await asked.panel.ask(
        store.add_bookmark, row.call_id, body.position_s, body.label.strip(), _name(asked), asked.panel.now()
    )
    audit.note(asked, "bookmark added", call=row.call_id, bookmark=key)
    return await view(asked)


async def remove_bookmark(asked: Asked[Nothing, Nothing]) -> AnnotationsView:
    """Remove a bookmark of one's own."""
    row = await row_of(asked)
    key = int(asked.path["bookmark_id"])
    await asked.panel.ask(store.remove_bookmark, row.call_id, key, _name(asked))
    audit.note(asked, "bookmark removed", call=row.call_id, bookmark=key)
    return await view(asked)


async def known(asked: Asked[KnownQuery, Nothing]) -> KnownTags:
    """Tags in use, for completion."""
    found = await known_tags(asked, asked.query.begin)
    return KnownTags(tags=[KnownTag(tag=tag, calls=calls) for tag, calls in found])


async def known_tags(asked: Asked[Any, Any], begin: str) -> list[tuple[str, int]]:
    """Tags that the visitor may know of, the most used first, with their numbers of calls."""
    visitor = asked.visitor
    return await asked.panel.ask(store.known_tags, begin, scope=visitor.scope, as_masked=visitor.is_masked)


async def of_calls(asked: Asked[OfCallsQuery, Nothing]) -> OfCalls:
    """Tags, number of notes and holds of the calls of a page, and which of them one has reviewed."""
    ids = [one for one in asked.query.ids.split(",") if one][:MAX_IDS]
    found = await asked.panel.ask(store.summaries, ids, scope=asked.visitor.scope)
    reviewed = await _reviewed(asked, ids)
    calls = {call_id: found.get(call_id, store.NOTHING) for call_id in found.keys() | reviewed}
    return OfCalls(
        calls={
            call_id: SummaryView(
                tags=asked.visitor.tags(one.tags),
                notes=one.notes,
                held=one.held,
                reviewed=call_id in reviewed,
            )
            for call_id, one in calls.items()
        }
    )


async def mark_reviewed(asked: Asked[Nothing, Reviewed]) -> Marked:
    """Note for oneself which calls one has reviewed."""
    person, body = asked.visitor.actor, asked.body
    assert person is not None
    marked = await asked.panel.ask(
        reviews.mark, person.id, body.call_ids, reviewed=body.reviewed, scope=asked.visitor.scope
    )
    return Marked(calls=len(marked))


async def _reviewed(asked: Asked[Any, Any], call_ids: list[str]) -> frozenset[str]:
    """Those that the person who really sits there has reviewed."""
    person = asked.visitor.actor
    assert person is not None
    return await asked.panel.ask(reviews.among, person.id, call_ids, scope=asked.visitor.scope)


def _name(asked: Asked[Any, Any]) -> str:
    person = asked.visitor.actor
    return person.name if person else ""


def _said(text: str) -> str:
    if not text.strip():
        raise Invalid(field="text", problem=Text(en="must not be empty", zh="不能为空"))
    return text.strip()


def _hold(hold: Hold, said: Callable[[str, str], str]) -> HoldView:
    return HoldView(
        reason=said(hold.reason, hold.author),
        author=hold.author,
        at=hold.at,
        lifted_by=hold.lifted_by,
        lifted_at=hold.lifted_at,
    )


async def _expired(asked: Asked[Any, Any], row: CallRow | None) -> DeletionView | None:
    """What took a recording whose time was over."""
    if row is None or row.reason is not Reason.EXPIRED:
        return None
    record = await asked.panel.ask(ledger.get, row.call_id, scope=asked.visitor.scope)
    if record is None or record.deletion is None or record.deletion.expiry is None:
        return None
    by = record.deletion.expiry
    return DeletionView(
        reason=why(by.cause, by.policy, by.keep_days, by.most_gib, asked.language),
        author=_BY_ITSELF.render(asked.language),
        asked_at=record.deletion.at,
        is_done=True,
        waits_for="",
    )


_BY_ITSELF = Text(en="the recorder itself", zh="系统自动")


async def _deletion(asked: Asked[Any, Any], wish: Wish, said: Callable[[str, str], str]) -> DeletionView:
    panel = asked.panel
    record = await panel.ask(ledger.get, wish.call_id, scope=asked.visitor.scope)
    recording = record.recording if record is not None else None
    waits_for = ""
    if recording is not None:
        waits_for = await panel.read(
            awaited, panel.layout, panel.settings.paths, recording.file, recording.storage
        )
    return DeletionView(
        reason=said(wish.reason, wish.author),
        author=wish.author,
        asked_at=wish.at,
        is_done=recording is None,
        waits_for=waits_for,
    )
