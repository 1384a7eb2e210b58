"""Who calls whom, and which way, from the headers of a call's first message.

Source: RFC 3261 §8.1.1, RFC 3325, RFC 3966, RFC 5806, RFC 7044
"""

from collections.abc import Sequence

import msgspec

from appliance.domain.call import Direction, Party
from appliance.sip.message import Message


class Parties(msgspec.Struct, frozen=True, kw_only=True):
    """Both ends. `diverted_from` is the number that the call was first sent to, "" when it was not diverted."""

    caller: Party
    callee: Party
    diverted_from: str = ""

    @property
    def is_redirected(self) -> bool:
        """Whether Diversion or History-Info tells of an earlier target."""
        return bool(self.diverted_from)


def parties(message: Message, source: str = "", destination: str = "") -> Parties:
    """Caller and callee of an INVITE, of another in-dialog request (its sender is the caller) or of a response.

    `source` and `destination` ("ip:port") are the packet's and become `Party.address`.
    """
    raise NotImplementedError


def normalise(user: str, phone_context: str = "") -> str:
    """A number without visual separators and with its leading + kept, or the user part in lower case.

    Source: RFC 3966 §3 and §5.1.5
    """
    raise NotImplementedError


def direction(source: str, destination: str, service_addresses: Sequence[str]) -> Direction:
    """Where the first INVITE went, seen from the company.

    `service_addresses`: "ip" or "ip:port" of the carrier's side; unknown while there is none, or when both
    ends are the carrier's.
    """
    raise NotImplementedError
