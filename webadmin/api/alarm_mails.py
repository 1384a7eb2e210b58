"""Mails about alarms: the record of each, and a trial with the saved settings."""

from datetime import datetime
from typing import Annotated

import msgspec

from appliance.core.errors import Denied
from appliance.core.text import Text
from appliance.notify import Unwanted, email
from appliance.notify.planning import TARGET
from appliance.settings import storage
from appliance.store import notices
from appliance.store.notices import Kept, Occasion, State, Wanted
from webadmin import audit
from webadmin.api.alarms import AlarmKind, kinds
from webadmin.operation import Asked, Nothing


class MailsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to look for; `before` is the id of the last mail of the page before."""

    since: datetime | None = msgspec.field(default=None, name="from")
    until: datetime | None = msgspec.field(default=None, name="to")
    kind: Annotated[str, msgspec.Meta(max_length=64)] = ""
    state: State | None = None
    before: Annotated[int, msgspec.Meta(ge=1, le=2**62)] | None = None
    page_size: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class MailView(msgspec.Struct, frozen=True, kw_only=True):
    """One mail; `answer` is what the server said last, `done_at` set once it was sent or given up."""

    id: int
    at: datetime
    occasion: Occasion
    code: str
    receivers: list[str]
    title: str
    state: State
    attempts: int
    done_at: datetime | None
    answer: str


class MailsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Mails, newest first; `next` goes into `before` for older ones."""

    mails: list[MailView]
    next: int | None
    enabled: bool
    kinds: list[AlarmKind]


class TrialAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the mail server said."""

    answer: str
    receivers: list[str]


async def show(asked: Asked[MailsQuery, Nothing]) -> MailsPage:
    """Search the mails about alarms."""
    if not asked.visitor.sees_box:
        raise Denied
    query = asked.query
    wanted = Wanted(target=TARGET, since=query.since, until=query.until, code=query.kind, state=query.state)
    rows = await asked.panel.ask(notices.find, wanted, before=query.before, limit=query.page_size + 1)
    page = rows[: query.page_size]
    return MailsPage(
        mails=[_view(one) for one in page],
        next=page[-1].id if len(rows) > query.page_size else None,
        enabled=asked.panel.settings.alarms.email.enabled,
        kinds=kinds(asked.language),
    )


async def try_mail(asked: Asked[Nothing, Nothing]) -> TrialAnswer:
    """Send a mail to all receivers with the saved settings, now."""
    panel = asked.panel
    settings = (await panel.read(storage.load, panel.layout)).alarms.email
    receivers = tuple(dict.fromkeys([*settings.receivers, *settings.escalation_receivers]))
    if not settings.server or not receivers:
        raise Unwanted(peer="SMTP", answer=_NOT_SET.render(asked.language))
    title = f"[{settings.device_name}] {_TRIAL.en} / {_TRIAL.zh}"
    content = f"{settings.device_name}: {_TRIAL.en}\n{settings.device_name}：{_TRIAL.zh}\n"
    answer = await panel.work(email.make(settings).send, receivers, title, content)
    audit.note(asked, "alarm mail tried", server=settings.server, answer=answer)
    return TrialAnswer(answer=answer, receivers=list(receivers))


_TRIAL = Text(en="This is a test of the alarm mails.", zh="这是一封告警测试邮件。")
_NOT_SET = Text(en="no mail server or no receiver is set", zh="尚未设置邮件服务器或收件人")


def _view(kept: Kept) -> MailView:
    return MailView(
        id=kept.id,
        at=kept.at,
        occasion=kept.notice.occasion,
        code=kept.notice.code,
        receivers=list(kept.notice.receivers),
        title=kept.notice.title,
        state=kept.state,
        attempts=kept.attempts,
        done_at=kept.done_at,
        answer=kept.answer,
    )
