"""Who is told of alarms: one rule a target, made from the settings.

People have hours, a limit per hour and somebody above them; machines are told everything at once, for they sort it
themselves.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from appliance.domain.hours import Hours
from appliance.notify import event, words
from appliance.settings.root import Settings
from appliance.store.alarms import Alarm
from appliance.store.notices import TARGETS, Occasion

EMAIL, SNMP, SYSLOG, WEBHOOK = TARGETS
_MACHINES_PER_HOUR = 1000

Write = Callable[[Alarm, Occasion], tuple[str, str]]
"""The title and the content of a notice."""


class Rule(NamedTuple):
    """What one target is told. `escalate_after` 0: nobody is above; `alive_at` as 07:30, "" = no daily notice.

    `is_each_alone`: every receiver gets a notice of its own, so that a dead one holds up no other
    """

    target: str
    receivers: tuple[str, ...]
    write: Write
    only_critical: bool = False
    tell_cleared: bool = True
    hours: Hours = Hours()
    most_per_hour: int = _MACHINES_PER_HOUR
    escalate_after: timedelta = timedelta(0)
    escalation_receivers: tuple[str, ...] = ()
    alive_at: str = ""
    device_name: str = ""
    is_each_alone: bool = True


def rules(settings: Settings) -> list[Rule]:
    """The rules of everybody who wants to be told."""
    device, zone = settings.alarms.email.device_name, ZoneInfo(settings.time.zone)

    def machine(alarm: Alarm, occasion: Occasion) -> tuple[str, str]:
        return event.written(device, alarm, occasion)

    found = []
    mail, snmp = settings.alarms.email, settings.monitoring.snmp
    syslog, webhook = settings.monitoring.syslog, settings.alarms.webhook
    if mail.enabled and mail.receivers:
        found.append(
            Rule(
                target=EMAIL,
                receivers=tuple(mail.receivers),
                write=lambda alarm, occasion: words.written(device, alarm, occasion, zone),
                only_critical=mail.only_critical,
                tell_cleared=mail.tell_cleared,
                hours=Hours(mail.begin, mail.end, tuple(mail.days)),
                most_per_hour=mail.most_per_hour,
                escalate_after=timedelta(minutes=mail.escalate_after_min),
                escalation_receivers=tuple(mail.escalation_receivers),
                alive_at=mail.alive_at,
                device_name=device,
                is_each_alone=False,
            )
        )
    if snmp.receivers:
        found.append(Rule(SNMP, tuple(snmp.receivers), machine, only_critical=snmp.only_critical))
    if syslog.enabled and syslog.alarms and syslog.server:
        found.append(Rule(SYSLOG, (f"{syslog.server}:{syslog.port}",), machine))
    if webhook.addresses:
        found.append(Rule(WEBHOOK, tuple(webhook.addresses), machine, only_critical=webhook.only_critical))
    return found
