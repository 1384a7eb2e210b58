"""Which calls are legs of one conversation through a B2BUA that is seen on both sides.

Source: RFC 7989, RFC 7315 §5.6
"""

from appliance.sip.message import Message
from appliance.sip.parties import Parties


class LegMatcher:
    """Remembers recent calls and recognises the next leg of one of them.

    `interaction_s`: how long after its predecessor a leg may start. `max_calls` bounds the memory.
    """

    def __init__(self, *, interaction_s: float = 5.0, max_calls: int = 20000) -> None:
        raise NotImplementedError

    def add(
        self, our_call_id: str, invite: Message, who: Parties, at_ns: int, source: str, destination: str
    ) -> str:
        """The interaction id of a new call: `our_call_id` itself, or that of the earlier leg it belongs to."""
        raise NotImplementedError

    def forget(self, our_call_id: str) -> None:
        """The call is over for good; it will not be matched any more."""
        raise NotImplementedError
