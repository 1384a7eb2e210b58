"""What is remembered between two requests of one sign-in: few minutes, in memory, in a table of bounded size."""

import secrets
from collections import OrderedDict
from typing import Generic, NamedTuple, TypeVar

from appliance.core.clock import Clock
from appliance.core.errors import Refused
from appliance.core.text import Text

Kept = TypeVar("Kept")


class TicketExpired(Refused):
    """The sign-in took too long, was tried too often, or the program was started anew."""

    text = Text(en="This took too long; please begin again.", zh="操作超时，请重新开始。")


class HalfSignedIn(NamedTuple):
    """Somebody whose password was right and whose second factor is awaited. `challenge` is for passkeys.

    `session` is the handle of the session that is to be confirmed, '' when one is to be opened.
    """

    user_id: int
    name: str
    held: str
    method: str
    challenge: bytes
    session: str = ""


class Challenge(NamedTuple):
    """What a passkey must sign; `user_id` 0 when anybody may answer."""

    user_id: int
    challenge: bytes


class Tickets(Generic[Kept]):
    """Keeps one thing a ticket until it is taken `tries` times or five minutes have gone by."""

    LASTS_S = 300.0
    CAPACITY = 2000

    def __init__(self, clock: Clock, tries: int = 1) -> None:
        self._clock = clock
        self._tries = tries
        self._kept: OrderedDict[str, tuple[float, int, Kept]] = OrderedDict()

    def put(self, thing: Kept) -> str:
        """Keep it; returns its ticket."""
        ticket = secrets.token_urlsafe(24)
        self._kept[ticket] = (self._clock.mono_s() + self.LASTS_S, self._tries, thing)
        while len(self._kept) > self.CAPACITY:
            self._kept.popitem(last=False)
        return ticket

    def take(self, ticket: str) -> Kept:
        """Use one try of a ticket.

        Raises: TicketExpired
        """
        found = self._kept.pop(ticket, None)
        if found is None or found[0] < self._clock.mono_s():
            raise TicketExpired
        until, tries, thing = found
        if tries > 1:
            self._kept[ticket] = (until, tries - 1, thing)
        return thing

    def drop(self, ticket: str) -> None:
        """Forget it: it has served."""
        self._kept.pop(ticket, None)
