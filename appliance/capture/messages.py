"""SIP messages out of packets; what cannot be read is counted, and the first are named."""

import contextlib
from collections.abc import Iterable, Iterator

from appliance.capture.seen import SipSeen
from appliance.core import log
from appliance.core.errors import BadMessage
from appliance.media.packets import SipRecord
from appliance.sip.message import Message, read

_logger = log.get(__name__)

_MOST_NAMED = 20


def readable(records: Iterable[SipRecord]) -> Iterator[tuple[Message, SipRecord]]:
    """The messages of a media file that can be read, with what was written of each."""
    for record in records:
        with contextlib.suppress(BadMessage):
            yield read(record.data), record


class Messages:
    """The reader of one mirror port. `unreadable` only grows."""

    def __init__(self) -> None:
        self.unreadable = 0

    def read(self, seen: SipSeen) -> Message | None:
        """The message of a packet; None when it is none."""
        try:
            return read(seen.data)
        except BadMessage as error:
            self.unreadable += 1
            if self.unreadable <= _MOST_NAMED:
                _logger.warning(
                    "unreadable SIP message", extra={"source": seen.source, "problem": error.message()}
                )
            return None
