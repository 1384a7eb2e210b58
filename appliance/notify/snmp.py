"""Notices by SNMP: `tapelineAlarmRaised` and `tapelineAlarmCleared` with the variables of the alarm's row.

The names are those of rootfs/usr/share/snmp/mibs/TAPELINE-MIB.txt.
"""

from datetime import UTC, datetime

from appliance.notify import Undelivered, event
from appliance.notify.event import Event
from appliance.settings.monitoring import Snmp
from appliance.system import snmp
from appliance.system.snmp import TREE, SnmpFailed, Variable

RAISED, CLEARED = f"{TREE}.0.1", f"{TREE}.0.2"
ALARM_ENTRY = f"{TREE}.1.6.1.1"
"""Of the table of alarms; its columns are these."""

NUMBER, CODE, SUBJECT, SEVERITY, TEXT, RAISED_AT, COUNT, TEXT_ZH = range(1, 9)
SEVERITIES = {"cleared": 1, "warning": 3, "critical": 6}
"""ITU-T X.733 perceived severity, with the numbers that RFC 3877 gives it (ItuPerceivedSeverity)."""


class SnmpNotifier:
    """Sends events as notifications."""

    def __init__(self, settings: Snmp) -> None:
        self._settings = settings

    def send(self, receivers: tuple[str, ...], title: str, content: str) -> str:
        """Send the event to each receiver; how it was taken.

        Raises: Undelivered
        """
        del title
        told = event.read(content)
        name = CLEARED if told.is_over else RAISED
        answers = []
        for receiver in receivers:
            try:
                answers.append(snmp.notify(self._settings, receiver, name, variables(told)))
            except SnmpFailed as error:
                raise Undelivered(peer=receiver, answer=str(error)) from error
        return "; ".join(answers)


def variables(told: Event) -> list[Variable]:
    """The row of the alarm, indexed by its number."""
    severity = SEVERITIES["cleared" if told.is_over else told.severity]
    columns = {
        CODE: ("s", told.code),
        SUBJECT: ("s", told.subject),
        SEVERITY: ("i", str(severity)),
        TEXT: ("s", told.title.en),
        RAISED_AT: ("x", date_and_time(told.raised_at).hex(" ")),
        COUNT: ("u", str(told.occurrences)),
        TEXT_ZH: ("s", told.title.zh),
    }
    return [Variable(f"{ALARM_ENTRY}.{column}.{told.alarm}", *value) for column, value in columns.items()]


def date_and_time(at: datetime) -> bytes:
    """A moment as DateAndTime, in UTC. Source: RFC 2579 §2."""
    utc = at.astimezone(UTC)
    return utc.year.to_bytes(2, "big") + bytes(
        [utc.month, utc.day, utc.hour, utc.minute, utc.second, utc.microsecond // 100_000, ord("+"), 0, 0]
    )


def make(settings: Snmp) -> SnmpNotifier:
    """The notifier `snmp`."""
    return SnmpNotifier(settings)
