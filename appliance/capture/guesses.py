"""Signalling joined with media by hosts alone is a guess, which the media confirms or refutes.

A message of a call that was up before and that describes nothing (mostly a BYE) is taken for that of the only call
that is heard between its two hosts. Behind a trunk it may be another's: then the media goes on after the BYE.
Source: RFC 3261 §15 (whoever sends or takes a BYE ceases to send media)
"""

from dataclasses import dataclass

from appliance.capture.leg import Leg
from appliance.domain.call import Direction, Party
from appliance.sip import events

GOES_ON_NS = 1_500_000_000
"""Media that comes later than this after a BYE is no straggler."""
WAIT_NS = 12_000_000_000
"""Of many calls, each one's statistics are looked at every ten seconds."""


@dataclass
class Guess:
    """A leg, the message it was joined with, what was known of it before; its end, once that was seen.

    `ended_ns` is when that was by the present clock, 0 before. Units: nanoseconds since the epoch, as captured
    """

    leg: Leg
    joined: events.JoinedLate
    caller: Party
    callee: Party
    direction: Direction
    ended: events.Ended | None = None
    ended_ns: int = 0

    @property
    def is_refuted(self) -> bool:
        """Whether the media went on after the end."""
        return bool(self.ended_ns) and self.leg.last_media_ns > self.ended_ns + GOES_ON_NS

    def take_back(self) -> None:
        """The leg is again a call that is known by its media alone."""
        leg = self.leg
        leg.key, leg.caller_tag, leg.swapped = 0, "", False
        leg.call.sip_call_id = leg.call.transport = ""
        leg.call.caller, leg.call.callee, leg.call.direction = self.caller, self.callee, self.direction
        leg.messages.clear()
        leg.is_changed = True


class Guesses:
    """The guesses that nothing has confirmed yet."""

    def __init__(self) -> None:
        self._made: dict[str, Guess] = {}

    def make(self, leg: Leg, event: events.JoinedLate) -> None:
        """A leg is about to be joined with a message by its hosts alone."""
        call = leg.call
        self._made[leg.call_id] = Guess(leg, event, call.caller, call.callee, call.direction)

    def hold(self, leg: Leg, event: events.Event) -> bool:
        """Whether an event is the end of a guessed call, which has to be waited for."""
        guess = self._made.get(leg.call_id)
        if guess is None or not isinstance(event, events.Ended):
            return False
        if guess.ended is None:
            guess.ended, guess.ended_ns = event, event.at_ns
        return True

    def has_end(self, leg: Leg) -> bool:
        """Whether the end of a guessed call was seen."""
        guess = self._made.get(leg.call_id)
        return guess is not None and guess.ended is not None

    def take_due(self, now_ns: int | None) -> list[Guess]:
        """Guesses that can be judged now (all whose end was seen when None); they are forgotten."""
        due = [
            guess
            for guess in self._made.values()
            if guess.ended_ns and (now_ns is None or guess.is_refuted or now_ns > guess.ended_ns + WAIT_NS)
        ]
        for guess in due:
            self.drop(guess.leg)
        return due

    def shift(self, jump_ns: int) -> None:
        """The wall clock was set."""
        for guess in self._made.values():
            guess.ended_ns += jump_ns if guess.ended_ns else 0

    def drop(self, leg: Leg) -> None:
        """It is over, or its descriptions told that the guess was right."""
        self._made.pop(leg.call_id, None)
