"""Links to one recording, or a region of it, for people without a user.

A link is a right lent out: it is worth what its maker may do at the moment it is opened. Opening answers with a
ticket that names the link and lasts for hours; the player's addresses carry the ticket, never the link or a password.
"""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, NamedTuple

import msgspec

from appliance.core.errors import Denied, Invalid, NotFound
from appliance.core.text import Text
from appliance.domain.bundle import Recording
from appliance.domain.roles import Permission
from appliance.media.convert import Region
from appliance.store import calls as ledger
from appliance.store import people
from appliance.store import shares as store
from appliance.store.calls import CallRow, Name
from appliance.store.scope import admitted
from appliance.store.shares import Share
from webadmin import audit
from webadmin.api.audio import NoRecording, region_of, sound, waves
from webadmin.api.calls import row_and_record, row_of
from webadmin.files import Answer, BytesAnswer, FileAnswer
from webadmin.operation import Asked, Nothing
from webadmin.panel import Panel
from webadmin.parameters import SECRET
from webadmin.passwords import Policy, check_new
from webadmin.refusals import WrongLinkPassword
from webadmin.veil import veiled_text
from webadmin.visitor import Visitor, new_token

TICKET_LASTS = timedelta(hours=12)
_KEY = secrets.token_bytes(32)  # tickets end with the program; links do not
_STRANGER = "share"
_COLUMNS = 2000
_LONGEST_WAVES_S = 1800.0

Secret = Annotated[str, msgspec.Meta(max_length=256, extra=SECRET)]


class DeadLink(NotFound):
    """Unknown, ended, revoked, or its maker may no longer share: a stranger need not know which."""

    text = Text(en="This link is not valid any more.", zh="该链接已失效。")


class NotYourLink(Denied):
    """Somebody else has made it."""

    text = Text(en="Only its maker or an administrator may revoke a link.", zh="仅创建者或管理员可撤销链接。")


class NewShare(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For how many hours; a password where one is wanted; the seconds of the recording, all when left out."""

    hours: Annotated[int, msgspec.Meta(ge=1, le=24 * 365)] = 24
    password: Secret = ""
    from_s: Annotated[float, msgspec.Meta(ge=0, le=1_000_000)] | None = None
    to_s: Annotated[float, msgspec.Meta(ge=0, le=1_000_000)] | None = None
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""


class ShareView(msgspec.Struct, frozen=True, kw_only=True):
    """A link. `state`: alive, expired, revoked; `path` only in the answer that makes it, it is kept nowhere."""

    id: int
    call_id: str
    author: str
    at: datetime
    expires_at: datetime
    has_password: bool
    from_s: float | None
    to_s: float | None
    note: str
    opens: int
    opened_at: datetime | None
    state: str
    path: str


class Shares(msgspec.Struct, frozen=True, kw_only=True):
    """Links, the newest first."""

    shares: list[ShareView]


class LinkQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last part of the link's address."""

    link: Secret


class LinkOpening(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last part of the link's address, and its password where it has one."""

    link: Secret
    password: Secret = ""


class TicketQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What opening the link answered."""

    ticket: Secret


class LinkState(msgspec.Struct, frozen=True, kw_only=True):
    """What is told before a link is opened."""

    needs_password: bool
    expires_at: datetime


class SharedRecording(msgspec.Struct, frozen=True, kw_only=True):
    """What a link shows. Units: `from_s` and `length_s` are seconds; the audio begins at `from_s` of the recording."""

    ticket: str
    caller: Name
    callee: Name
    started_at: datetime
    direction: str
    from_s: float
    length_s: float
    expires_at: datetime
    author: str
    note: str


class _Opened(NamedTuple):
    """A link that is good now."""

    share: Share
    row: CallRow
    recording: Recording
    region: Region | None


async def add(asked: Asked[Nothing, NewShare]) -> ShareView:
    """Make a link to a recording."""
    row, record = await row_and_record(asked)
    panel, body, person = asked.panel, asked.body, asked.visitor.actor
    assert person is not None
    if record.recording is None:
        raise NoRecording(what=row.call_id)
    _check_hours(panel, body.hours)
    region = region_of(body.from_s, body.to_s, record.recording.length_s)
    password_hash = ""
    if body.password:
        check_new(body.password, "", Policy(4, refuse_guessable=False), "password")
        password_hash = await panel.passwords.hash(body.password)
    token, now = new_token(), panel.now()
    share = Share(
        id=0,
        call_id=row.call_id,
        user_id=person.id,
        author=person.name,
        at=now,
        expires_at=now + timedelta(hours=body.hours),
        password_hash=password_hash,
        span=None if region is None else (region.start_s, region.stop_s),
        note=body.note.strip(),
        opens=0,
        opened_at=None,
        revoked_at=None,
    )
    key = await panel.ask(store.add, token, share)
    audit.note(asked, "link made", call=row.call_id, share=key, hours=body.hours)
    return _view(share._replace(id=key), now, path=f"/s/{token}")


async def of_call(asked: Asked[Nothing, Nothing]) -> Shares:
    """The links to a call."""
    row = await row_of(asked)
    found = await asked.panel.ask(store.listed, call_id=row.call_id)
    numbers = (row.caller.number, row.callee.number)
    return Shares(shares=[_seen(one, asked, numbers) for one in found])


async def show(asked: Asked[Nothing, Nothing]) -> Shares:
    """One's own links, whoever manages users sees all; but none to a call that is out of one's sight."""
    person = asked.visitor.person
    assert person is not None
    mine = None if asked.visitor.may(Permission.USERS) else person.id
    found = await asked.panel.ask(store.listed, user_id=mine)
    seen = await asked.panel.ask(admitted, [one.call_id for one in found], asked.visitor.scope)
    return Shares(shares=[_seen(one, asked, ()) for one in found if one.call_id in seen])


async def revoke(asked: Asked[Nothing, Nothing]) -> None:
    """End a link at once."""
    person, key = asked.visitor.actor, int(asked.path["share_id"])
    assert person is not None
    share = await asked.panel.ask(store.by_id, key)
    if share is None:
        raise NotFound(what=str(key))
    if share.user_id != person.id and not asked.visitor.may(Permission.USERS):
        raise NotYourLink
    await asked.panel.ask(store.revoke, key, asked.panel.now())
    audit.note(asked, "link revoked", call=share.call_id, share=key)


async def look(asked: Asked[LinkQuery, Nothing]) -> LinkState:
    """Whether a link is good and asks for a password."""
    found = await _by_link(asked, asked.query.link)
    return LinkState(needs_password=bool(found.share.password_hash), expires_at=found.share.expires_at)


async def open_link(asked: Asked[Nothing, LinkOpening]) -> SharedRecording:
    """Open a link: who spoke when, and a ticket for its player."""
    panel = asked.panel
    found = await _by_link(asked, asked.body.link)
    share = found.share
    asked.actor = _borrower(share)
    if share.password_hash:
        key = f"{_STRANGER}:{share.id}"
        panel.throttle.begin(key, asked.address)
        if not await panel.passwords.matches(share.password_hash, asked.body.password):
            audit.note(asked, "link refused", call=share.call_id, share=share.id, author=share.author)
            raise WrongLinkPassword
        panel.throttle.succeeded(key, asked.address)
    now = panel.now()
    await panel.ask(store.opened, share.id, now)
    audit.note(asked, "link opened", call=share.call_id, share=share.id, author=share.author)
    region = found.region or Region(0.0, found.recording.length_s)
    return SharedRecording(
        ticket=_ticket(share.id, min(share.expires_at, now + TICKET_LASTS)),
        caller=_as_signalled(found.row.caller),
        callee=_as_signalled(found.row.callee),
        started_at=found.row.started_at,
        direction=found.row.direction,
        from_s=region.start_s,
        length_s=region.stop_s - region.start_s,
        expires_at=share.expires_at,
        author=share.author,
        note=share.note,
    )


def _as_signalled(name: Name) -> Name:
    """The party without what the directory says: it belongs to the firm, not to whoever has a link."""
    return Name(number=name.number, display=name.display)


async def play(asked: Asked[TicketQuery, Nothing]) -> Answer:
    """The audio of an opened link."""
    found = await _by_ticket(asked)
    asked.actor = _borrower(found.share)
    if not asked.is_continued:
        audit.note(asked, "shared recording played", call=found.share.call_id, share=found.share.id)
    call_id = found.share.call_id
    if found.region is None:
        return await sound(asked.panel, found.recording, call_id, wanted=None, region=None, name="")
    return await sound(asked.panel, found.recording, call_id, wanted="wav_pcm", region=found.region, name="")


async def peaks(asked: Asked[TicketQuery, Nothing]) -> FileAnswer | BytesAnswer:
    """The waveform of an opened link; of a region longer than half an hour there is none."""
    found = await _by_ticket(asked)
    return await waves(
        asked.panel,
        found.recording,
        found.share.call_id,
        region=found.region,
        columns=_COLUMNS,
        longest_s=_LONGEST_WAVES_S,
    )


async def _by_link(asked: Asked[Any, Any], link: str) -> _Opened:
    """The link that is good now; guesses are counted against the address they come from."""
    panel = asked.panel
    share = await panel.ask(store.by_token, link)
    if share is None:
        panel.throttle.begin(f"{_STRANGER}:", asked.address)
        raise DeadLink(what=_STRANGER)
    return await _judged(panel, share)


async def _by_ticket(asked: Asked[TicketQuery, Nothing]) -> _Opened:
    key, _, _ = asked.query.ticket.partition(".")
    share = None
    if key.isdecimal() and key.isascii() and len(key) < 15:
        share = await asked.panel.ask(store.by_id, int(key))
    if share is None or not _is_genuine(asked.query.ticket, asked.panel.now()):
        raise DeadLink(what=_STRANGER)
    return await _judged(asked.panel, share)


async def _judged(panel: Panel, share: Share) -> _Opened:
    """The call behind a link, if the link lives and its maker may still share and hear this very call.

    Raises: DeadLink
    """
    if not share.is_alive(panel.now()):
        raise DeadLink(what=_STRANGER)
    try:
        person = await panel.ask(people.get, share.user_id)
    except NotFound as error:
        raise DeadLink(what=_STRANGER) from error
    maker = Visitor("", person)
    if not (person.is_enabled and maker.may(Permission.SHARE) and maker.may(Permission.PLAY)):
        raise DeadLink(what=_STRANGER)
    row = await panel.ask(ledger.row, share.call_id, scope=maker.scope)
    record = await panel.ask(ledger.get, share.call_id, scope=maker.scope)
    if row is None or record is None or record.recording is None:
        raise DeadLink(what=_STRANGER)
    region = None if share.span is None else Region(*share.span)
    return _Opened(share, maker.row(row), record.recording, region)


def _borrower(share: Share) -> str:
    """Whoever uses a link, to the operation log."""
    return f"{share.author} \u2192 link {share.id}"


def _ticket(share_id: int, until: datetime) -> str:
    said = f"{share_id}.{int(until.timestamp())}"
    return f"{said}.{hmac.new(_KEY, said.encode(), hashlib.sha256).hexdigest()}"


def _is_genuine(ticket: str, now: datetime) -> bool:
    said, _, seal = ticket.rpartition(".")
    expected = hmac.new(_KEY, said.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(seal.encode("utf-8", "replace"), expected.encode()):
        return False
    return now < datetime.fromtimestamp(int(said.rpartition(".")[2]), UTC)


def _check_hours(panel: Panel, hours: int) -> None:
    longest = panel.settings.web.share_longest_d
    if hours > longest * 24:
        raise Invalid(
            field="hours",
            problem=Text(en="must be at most {limit} days (settings)", zh="最长 {limit} 天（见设置）"),
            limit=longest,
        )


def _seen(share: Share, asked: Asked[Any, Any], numbers: tuple[str, ...]) -> ShareView:
    """A link in a list; what others wrote to it without numbers that are not to be seen in full."""
    person = asked.visitor.person
    if person is None or share.user_id != person.id:
        share = share._replace(note=veiled_text(share.note, asked.visitor, numbers))
    return _view(share, asked.panel.now())


def _view(share: Share, now: datetime, path: str = "") -> ShareView:
    state = "revoked" if share.revoked_at else "alive" if now < share.expires_at else "expired"
    return ShareView(
        id=share.id,
        call_id=share.call_id,
        author=share.author,
        at=share.at,
        expires_at=share.expires_at,
        has_password=bool(share.password_hash),
        from_s=share.span[0] if share.span else None,
        to_s=share.span[1] if share.span else None,
        note=share.note,
        opens=share.opens,
        opened_at=share.opened_at,
        state=state,
        path=path,
    )
