"""The signed statements of completeness: listed with their proof, asked for, downloaded."""

import asyncio
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from appliance.archive.statements import FLAW_TEXT, Flaw, Kept, Statements, against_ledger
from appliance.core.errors import NotFound
from appliance.core.text import Language
from appliance.domain.statement import Occasion, digest, reason_text, sentence
from appliance.store.database import Database
from webadmin import audit
from webadmin.authority import check_whole_scope
from webadmin.files import BytesAnswer
from webadmin.operation import Asked, Nothing

_SHOWN = 400


class ReasonCount(msgspec.Struct, frozen=True, kw_only=True):
    """So many calls have no recording for this reason."""

    reason: str
    text: str
    calls: int


class StatementView(msgspec.Struct, frozen=True, kw_only=True):
    """One statement; of one that cannot be read only `number` and the flaw are known.

    `flaw`: empty for one that is as it was made, else its word; `flaw_text` in words
    """

    number: int
    occasion: Occasion | None
    made_at: datetime | None
    since: datetime | None
    until: datetime | None
    zone: str
    seen: int
    recorded: int
    without: int
    late: int
    reasons: list[ReasonCount]
    sentence: str
    sha256: str
    previous: str
    signature: str
    flaw: str
    flaw_text: str


class StatementsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The newest statements first, all of them proved; `is_asked` while one that was asked for is not made yet."""

    total: int
    intact: bool
    is_asked: bool
    has_key: bool
    statements: list[StatementView]


class FileQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of a statement's files."""

    form: Annotated[Literal["json", "txt", "sig"], msgspec.Meta(description="which file")] = "json"


async def show(asked: Asked[Nothing, Nothing]) -> StatementsAnswer:
    """All statements, each proved by its signature, by the one before it, and by the ledger."""
    check_whole_scope(asked)
    return await _answer(asked)


async def ask(asked: Asked[Nothing, Nothing]) -> StatementsAnswer:
    """Ask for a statement of the day so far; the archiver makes it within seconds."""
    check_whole_scope(asked)
    await asked.panel.read(_book(asked).ask)
    audit.note(asked, "statement asked for")
    return await _answer(asked)


async def fetch(asked: Asked[FileQuery, Nothing]) -> BytesAnswer:
    """One statement as JSON (what is signed), as text to be printed, or its signature."""
    check_whole_scope(asked)
    number, form = int(asked.path["statement"]), asked.query.form
    book = _book(asked)
    kept = await asked.panel.read(book.one, number)
    if kept is None:
        raise NotFound(what=str(number))
    name = f"statement-{number:06d}.{form}"
    if form == "sig":
        return BytesAnswer(kept.signature, "application/octet-stream", file_name=name)
    if form == "txt":
        text = await asked.panel.read(book.printed, kept)
        return BytesAnswer(text.encode(), "text/plain; charset=utf-8", file_name=name)
    return BytesAnswer(kept.content, "application/json", file_name=name)


async def key(asked: Asked[Nothing, Nothing]) -> BytesAnswer:
    """The public key that proves the statements, as PEM."""
    check_whole_scope(asked)
    pem = await asked.panel.read(_book(asked).public_key)
    if pem is None:
        raise NotFound(what="public.pem")
    return BytesAnswer(pem, "application/x-pem-file", file_name="tapeline-statements.pem")


def _book(asked: Asked[FileQuery, Nothing] | Asked[Nothing, Nothing]) -> Statements:
    return Statements(asked.panel.layout)


async def _answer(asked: Asked[Nothing, Nothing]) -> StatementsAnswer:
    book = _book(asked)
    followed, pem, is_asked = await asyncio.gather(
        asked.panel.read(lambda: list(book.followed())),
        asked.panel.read(book.public_key),
        asked.panel.read(lambda: book.is_asked),
    )
    newest = followed[: -_SHOWN - 1 : -1]
    proved = await asked.panel.ask(_proved, newest)
    return StatementsAnswer(
        total=len(followed),
        intact=not any(one.flaw for one in [*followed, *proved]),
        is_asked=is_asked,
        has_key=pem is not None,
        statements=[_view(one, asked.language) for one in proved],
    )


def _proved(database: Database, newest: list[Kept]) -> list[Kept]:
    return [against_ledger(database, one) for one in newest]


def _view(kept: Kept, language: Language) -> StatementView:
    one = kept.statement
    return StatementView(
        number=kept.number,
        occasion=one.occasion if one else None,
        made_at=one.made_at if one else None,
        since=one.since if one else None,
        until=one.until if one else None,
        zone=one.zone if one else "",
        seen=one.seen if one else 0,
        recorded=one.recorded if one else 0,
        without=one.without if one else 0,
        late=one.late if one else 0,
        reasons=[
            ReasonCount(reason=reason, text=reason_text(reason, language), calls=calls)
            for reason, calls in (sorted(one.reasons.items()) if one else ())
        ],
        sentence=sentence(one, language) if one else "",
        sha256=digest(kept.content) if kept.content else "",
        previous=one.previous if one else "",
        signature=kept.signature.hex(),
        flaw=kept.flaw or "",
        flaw_text=_flaw_text(kept.flaw, language),
    )


def _flaw_text(flaw: Flaw | None, language: Language) -> str:
    return FLAW_TEXT[flaw].render(language) if flaw else ""
