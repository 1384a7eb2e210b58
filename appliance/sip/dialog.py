"""Passive dialog tracking: messages in any order come in, facts about calls go out.

The tracker owns no clock: time is that of the packets (`at_ns`), and `tick` must be called now and then.
Source: RFC 3261 §12-§17, RFC 3262, RFC 3264, RFC 3311, RFC 4028, RFC 6026
"""

from appliance.sip.events import Event
from appliance.sip.message import Message


class Tracker:
    """All calls of one capture point.

    `setup_timeout_s`: an INVITE without a final answer ends after this. `session_timeout_s`: a call that is up
    ends when neither signalling nor `touch` showed life for so long (or for the negotiated Session-Expires
    plus 32 s, where there is one). `max_calls`: beyond it the least recently active call is ended (unanswered
    ones first), so that memory is bounded.
    """

    def __init__(
        self, *, setup_timeout_s: float = 200.0, session_timeout_s: float = 7200.0, max_calls: int = 20000
    ) -> None:
        raise NotImplementedError

    def feed(self, message: Message, at_ns: int, transport: str, source: str, destination: str) -> list[Event]:
        """One message as it passed; addresses are "ip:port", IPv6 in brackets. Never raises."""
        raise NotImplementedError

    def tick(self, now_ns: int) -> list[Event]:
        """What time alone brought about: time-outs, and descriptions that waited for a better one."""
        raise NotImplementedError

    def touch(self, key: int, at_ns: int) -> None:
        """Media of this call was seen: it lives. An unknown key is ignored."""
        raise NotImplementedError

    def end(self, key: int, at_ns: int) -> list[Event]:
        """End a call for a reason that signalling does not know (media time-out, stop); [] when already over."""
        raise NotImplementedError

    def shift(self, jump_ns: int) -> None:
        """The wall clock was set: move every deadline with it."""
        raise NotImplementedError

    def __len__(self) -> int:
        """Calls that have begun and not ended."""
        raise NotImplementedError
