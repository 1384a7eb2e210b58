"""Calls that nobody answered, of which very many began at once: each gets its row, none gets a folder of its own.

The engine held back everything that was said of them (`drivers/engine/README.md`), so that calls that speak come first.
What they were is told by the code that tells of all calls; what a rule would have decided about them is not asked, for
there was nothing to record, and their packets are not kept.

Source: RFC 3261 §13 and §17.1.1
"""

import contextlib
import hashlib
from collections.abc import Sequence

from appliance.capture.beginnings import Beginnings
from appliance.capture.leg import Leg
from appliance.capture.seen import SipSeen
from appliance.core.clock import sortable_id
from appliance.core.errors import BadMessage
from appliance.domain.bundle import Manifest
from appliance.settings.capture import Capture
from appliance.sip import events
from appliance.sip.aliases import Aliases
from appliance.sip.dialog import Tracker
from appliance.sip.message import read


class Attempts:
    """Makes their manifests; may be asked in another thread than the books."""

    def __init__(self, settings: Capture, interface: str) -> None:
        self._beginnings = Beginnings(settings, Aliases(settings.aliases), self._id)
        self._sip_call_id = ""
        self._setup_timeout_s = settings.setup_timeout_s
        self._interface = interface

    def manifest(self, seen: Sequence[SipSeen], *, is_cut: bool) -> Manifest | None:
        """The finished manifest of one attempt; None when its messages tell of no call.

        `is_cut`: it was not over yet when the recorder ended.
        """
        tracker = Tracker(setup_timeout_s=self._setup_timeout_s)
        leg: Leg | None = None
        for one in seen:
            with contextlib.suppress(BadMessage):
                message = read(one.data)
                source, destination = one.source, one.destination
                for event in tracker.feed(message, one.at_ns, one.transport, source, destination):
                    leg = self._take(leg, event)
                if leg is not None:
                    leg.add_message(message, one.at_ns, one.transport, source, destination)
        if leg is None:
            return None
        last_ns = seen[-1].at_ns
        left = (
            tracker.end(leg.key, last_ns)
            if is_cut
            else tracker.tick(last_ns + round(self._setup_timeout_s * 1e9) + 1)
        )
        for event in left:
            leg.apply(event)
        return leg.manifest(self._interface, complete=True)

    def _take(self, leg: Leg | None, event: events.Event) -> Leg | None:
        if leg is None and isinstance(event, events.Started):
            self._sip_call_id = event.call_id
            leg = self._beginnings.started(event).leg
        if leg is not None and event.key == leg.key:
            leg.apply(event)
        return leg

    def _id(self, at_ns: int) -> str:
        """The same whenever the same attempt is told, so that it never has two rows."""
        digest = hashlib.blake2b(self._sip_call_id.encode(errors="surrogateescape"), digest_size=7).digest()
        return sortable_id(at_ns, int.from_bytes(digest))
