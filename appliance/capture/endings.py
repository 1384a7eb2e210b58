"""What the end of a call tells: why there was no talk, or that there was talk although its answer was missed.

Source: RFC 3261 §15 (whoever is called sends no BYE before the answer), RFC 3326 (Reason)
"""

from collections.abc import Collection

from appliance.domain.call import Side
from appliance.domain.ledger import Reason, reason_of_failure
from appliance.sip import events
from appliance.sip.events import Cause

_REASONS = {
    Cause.CANCELLED: Reason.CANCELLED,
    Cause.NO_ANSWER: Reason.NO_ANSWER,
    Cause.EVICTED: Reason.CAPTURE_LOSS,
    Cause.SILENT: Reason.NO_ANSWER,
    Cause.STOPPED: Reason.INTERRUPTED,
    Cause.BYE: Reason.CANCELLED,
}


def reason_of(event: events.Ended, *, is_elsewhere: bool) -> Reason:
    """Why a call ended without an answer; `is_elsewhere`: another telephone of its group took it."""
    if event.cause is Cause.FAILED:
        return reason_of_failure(event.status_code)
    if event.cause is Cause.CANCELLED and is_elsewhere:
        return Reason.ELSEWHERE
    return _REASONS[event.cause]


def missed_answer_ns(event: events.Ended, heard_ns: Collection[int], resumed_ns: int) -> int:
    """When talk must have begun of a call whose answer was not seen; 0 when nothing tells that it did.

    `heard_ns`: when each side was heard first; both are rarely heard before an answer. `resumed_ns`: when a recorder
    came back to the call, 0 when it never was away.
    """
    if event.cause in (Cause.CANCELLED, Cause.FAILED):
        return 0
    if len(heard_ns) == len(Side):
        return max(heard_ns)
    if event.cause is not Cause.BYE:
        return 0
    return min(heard_ns) if heard_ns and event.by is Side.CALLEE else resumed_ns
