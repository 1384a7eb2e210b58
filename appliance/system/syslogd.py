"""rsyslog, run as the carrier of our lines: it keeps them on disk while the server is away, speaks TLS and repeats.

Source: RFC 5424, RFC 5425, RFC 6587 §3.4.1 (octet counting), rsyslog.conf(5)
"""

from pathlib import Path

import msgspec

from appliance.core.files import Layout
from appliance.settings.monitoring import Syslog, Transport

PUBLIC_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
QUEUE_MIB = 100
_STATISTICS_S = 5
SILENCE_S = 60.0
"""Without a figure for so long its inputs do not run, either, and nobody would notice."""
_NOTICE = 5
_COMPLAINT = "rsyslogd: "
_QUEUE = "server queue"


class Carrying(msgspec.Struct, frozen=True, kw_only=True):
    """How rsyslog fares: lines that wait on the disk, lines there was no room for, and its own last complaint."""

    waiting: int = 0
    lost: int = 0
    problem: str = ""


class _Statistic(msgspec.Struct, frozen=True):
    """One object of impstats."""

    name: str = ""
    size: int = 0
    discarded_full: int = msgspec.field(default=0, name="discarded.full")
    discarded_nf: int = msgspec.field(default=0, name="discarded.nf")


def configuration(settings: Syslog, layout: Layout) -> str:
    """What rsyslog is to do."""
    queue = layout.syslog_queue
    queue.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = [
        f'global(workDirectory="{queue}" maxMessageSize="32k" parser.permitSlashInProgramname="on"',
        '  net.enableDNS="off")',
        f'module(load="impstats" interval="{_STATISTICS_S}" format="json" log.syslog="off" log.file="/dev/stdout")',
        # SysSock.Use: the system's own socket belongs to the journal. Without rate limits: the queue is the limit.
        'module(load="imuxsock" SysSock.Use="off")',
        f'input(type="imuxsock" Socket="{layout.syslog_socket}" UseSpecialParser="off" ParseHostname="on"',
        '  UseSysTimeStamp="off" IgnoreTimestamp="off" UsePIDFromSystem="off" RateLimit.Interval="0" ruleset="out")',
    ]
    if settings.system:
        lines.append('module(load="imjournal" StateFile="journal" UsePid="system" Ratelimit.Interval="0")')
    lines += [
        *_action(settings, layout),
        f'if $syslogseverity <= {_NOTICE} and not ($syslogtag contains "rsyslogd") then call out',
        "",
    ]
    return "\n".join(lines)


def command(configuration: Path) -> list[str]:
    """Run rsyslog in the foreground, with this configuration and no other."""
    return ["rsyslogd", "-n", "-f", str(configuration), "-i", "NONE"]


def fares(line: str, before: Carrying) -> Carrying:
    """What a line that rsyslog wrote says of the carrying: a figure of its queue or a complaint."""
    _, is_complaint, complaint = line.partition(_COMPLAINT)
    if is_complaint:
        return msgspec.structs.replace(before, problem=complaint.partition(" [v")[0].strip())
    start = line.find("{")
    if start < 0:
        return before
    try:
        told = msgspec.json.decode(line[start:].encode(), type=_Statistic)
    except msgspec.MsgspecError:
        return before
    if told.name != _QUEUE:
        return before
    return Carrying(
        waiting=told.size,
        lost=told.discarded_full + told.discarded_nf,
        problem=before.problem if told.size else "",
    )


def _action(settings: Syslog, layout: Layout) -> list[str]:
    action = [
        'action(type="omfwd" name="server" template="RSYSLOG_SyslogProtocol23Format"',
        f'  target="{settings.server}" port="{settings.port}" protocol="{"udp" if settings.transport is Transport.UDP else "tcp"}"',
        '  action.resumeRetryCount="-1" action.resumeInterval="5" action.resumeIntervalMax="60" action.reportSuspension="on"',
        # A pure disk queue: what was taken survives the power cut.
        f'  queue.type="Disk" queue.filename="lines" queue.maxDiskSpace="{QUEUE_MIB}m" queue.syncQueueFiles="on"',
        '  queue.checkpointInterval="1" queue.saveOnShutdown="on" queue.timeoutEnqueue="0"',
    ]
    if settings.transport is not Transport.UDP:
        action.append('  TCP_Framing="octet-counted" keepAlive="on"')
    if settings.transport is Transport.TLS:
        authority = layout.syslog_authority if settings.authority else PUBLIC_AUTHORITIES
        action += [
            '  streamDriver="gtls" streamDriverMode="1" streamDriverAuthMode="x509/name"',
            f'  streamDriverPermittedPeers="{settings.server}" streamDriver.CAFile="{authority}"',
        ]
    return ['ruleset(name="out") {', *(f"  {line}" for line in action), "  )", "}"]
