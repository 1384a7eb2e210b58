"""Asking time servers, by ntplib.

Source: RFC 5905 (NTP version 4), client mode
"""

import socket
import statistics
from collections.abc import Sequence

import ntplib

from appliance.core import log
from appliance.domain.timekeeping import Sample, ServerTrouble

_logger = log.get(__name__)

TRIES = 4
TIMEOUT_S = 2.0
NTP_PORT = 123
_MAX_STRATUM = 15
_UNSYNCHRONISED = 3
_VERSION = 4


def ask(
    servers: Sequence[str], *, tries: int = TRIES, timeout_s: float = TIMEOUT_S
) -> tuple[list[Sample], dict[str, str]]:
    """Every server's best answer, and the words of those that gave none. Blocks for seconds: run it in a thread.

    The answer with the shortest way is the most exact one (RFC 5905 §10).
    """
    samples: list[Sample] = []
    problems: dict[str, str] = {}
    for server in servers:
        host, port = split(server)
        answers: list[ntplib.NTPStats] = []
        try:
            # Answers before a failure stay in the list.
            answers.extend(
                ntplib.NTPClient().request(host, version=_VERSION, port=port, timeout=timeout_s)
                for _ in range(tries)
            )
        except (ntplib.NTPException, OSError) as error:
            if not answers:
                problems[server] = _words(error)
        good = [one for one in answers if one.leap != _UNSYNCHRONISED and 0 < one.stratum <= _MAX_STRATUM]
        if good:
            best = min(good, key=lambda one: one.delay)
            spread = statistics.pstdev([one.offset for one in good]) if len(good) > 1 else 0.0
            distance_s = best.delay / 2 + best.root_delay / 2 + best.root_dispersion + spread
            samples.append(Sample(server, best.offset, max(distance_s, 1e-6), best.stratum))
        elif answers:
            problems[server] = ServerTrouble.LOST
    for server, problem in problems.items():
        _logger.info("a time server gave no answer", extra={"server": server, "problem": problem})
    return samples, problems


def _words(error: Exception) -> str:
    """Why there is no answer."""
    if isinstance(error, socket.gaierror):
        return ServerTrouble.NAMELESS
    # The library times out with an error of its own; others' words are in English.
    if isinstance(error, TimeoutError | ntplib.NTPException):
        return ServerTrouble.SILENT
    return str(error) or type(error).__name__


def split(server: str) -> tuple[str, int]:
    """Host and port of `host`, `host:port`, `[v6]:port` or a bare IPv6 address."""
    if server.startswith("["):
        host, _, port = server[1:].partition("]")
        return host, int(port[1:] or NTP_PORT)
    if server.count(":") == 1:
        host, _, port = server.partition(":")
        return host, int(port)
    return server, NTP_PORT
