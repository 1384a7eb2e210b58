"""Notices of alarms (mails, SNMP, syslog, webhooks): the record of each, and trials with the saved settings."""

from datetime import datetime
from typing import Annotated, Literal, get_args

import msgspec

from appliance.core.errors import Denied
from appliance.core.files import Layout
from appliance.core.text import Text
from appliance.notify import Notifier, Unwanted, email, event, snmp, syslog, webhook
from appliance.notify.rules import rules
from appliance.settings import storage
from appliance.settings.root import Settings
from appliance.store import notices
from appliance.store.notices import Kept, Occasion, State, Wanted
from webadmin import audit
from webadmin.api.alarms import AlarmKind, kinds
from webadmin.operation import Asked, Nothing

Target = Literal["email", "snmp", "syslog", "webhook"]


class Trial(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to try."""

    target: Target = "email"


class MailsQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to look for; `before` is the id of the last mail of the page before."""

    since: datetime | None = msgspec.field(default=None, name="from")
    until: datetime | None = msgspec.field(default=None, name="to")
    kind: Annotated[str, msgspec.Meta(max_length=64)] = ""
    target: Target | None = None
    state: State | None = None
    before: Annotated[int, msgspec.Meta(ge=1, le=2**62)] | None = None
    page_size: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class MailView(msgspec.Struct, frozen=True, kw_only=True):
    """One mail; `answer` is what the server said last, `done_at` set once it was sent or given up."""

    id: int
    at: datetime
    target: str
    occasion: Occasion
    code: str
    receivers: list[str]
    title: str
    state: State
    attempts: int
    done_at: datetime | None
    answer: str


class MailsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Notices, newest first; `next` goes into `before` for older ones. `targets`: which are told of alarms today."""

    mails: list[MailView]
    next: int | None
    enabled: bool
    targets: list[Target]
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
    wanted = Wanted(
        target=query.target or "",
        since=query.since,
        until=query.until,
        code=query.kind,
        state=query.state,
    )
    told = {rule.target for rule in rules(asked.panel.settings)}
    rows = await asked.panel.ask(notices.find, wanted, before=query.before, limit=query.page_size + 1)
    page = rows[: query.page_size]
    return MailsPage(
        mails=[_view(one) for one in page],
        next=page[-1].id if len(rows) > query.page_size else None,
        enabled=bool(told),
        targets=[target for target in get_args(Target) if target in told],
        kinds=kinds(asked.language),
    )


async def try_mail(asked: Asked[Nothing, Trial]) -> TrialAnswer:
    """Send a notice to all receivers of a target with the saved settings, now."""
    panel = asked.panel
    target = asked.body.target
    settings = await panel.read(storage.load, panel.layout)
    notifier, receivers = _tried(target, settings, panel.layout)
    if not receivers:
        raise Unwanted(peer=target, answer=_NOT_SET.render(asked.language))
    title, content = _trial(target, settings, panel.now())
    answer = await panel.work(notifier.send, receivers, title, content)
    audit.note(asked, "alarm notice tried", target=target, receivers=", ".join(receivers), answer=answer)
    return TrialAnswer(answer=answer, receivers=list(receivers))


def _tried(target: Target, settings: Settings, layout: Layout) -> tuple[Notifier, tuple[str, ...]]:
    alarms, watching = settings.alarms, settings.monitoring
    if target == "snmp":
        return snmp.make(watching.snmp), tuple(watching.snmp.receivers)
    if target == "syslog":
        told = watching.syslog
        peer = f"{told.server}:{told.port}"
        return syslog.make(layout), (peer,) if told.enabled and told.server else ()
    if target == "webhook":
        return webhook.make(alarms.webhook), tuple(alarms.webhook.addresses)
    mails = alarms.email
    everybody = tuple(dict.fromkeys([*mails.receivers, *mails.escalation_receivers]))
    return email.make(mails), everybody if mails.server else ()


def _trial(target: Target, settings: Settings, at: datetime) -> tuple[str, str]:
    device = settings.alarms.email.device_name
    if target != "email":
        return event.TRIAL.en, msgspec.json.encode(event.trial(device, at)).decode()
    return (
        f"[{device}] {_TRIAL.en} / {_TRIAL.zh}",
        f"{device}: {_TRIAL.en}\n{device}：{_TRIAL.zh}\n",
    )


_TRIAL = Text(en="This is a test of the alarm mails.", zh="这是一封告警测试邮件。")
_NOT_SET = Text(en="no server or no receiver is set", zh="尚未设置服务器或接收方")


def _view(kept: Kept) -> MailView:
    return MailView(
        id=kept.id,
        at=kept.at,
        target=kept.notice.target,
        occasion=kept.notice.occasion,
        code=kept.notice.code,
        receivers=list(kept.notice.receivers),
        title=kept.notice.title,
        state=kept.state,
        attempts=kept.attempts,
        done_at=kept.done_at,
        answer=kept.answer,
    )
