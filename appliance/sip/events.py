"""What the dialog tracker reports: one struct a kind, in the order things happened.

`key` names the call inside one tracker and is never reused; `call_id` is the SIP Call-ID, which two calls may
share (a B2BUA that copies it, or a new attempt after the first has ended). Every call begins with exactly one
`Started` or `JoinedLate` and ends with exactly one `Ended`; nothing follows it.
`tag` is the callee's To tag and tells the branches of a forked call apart; "" where none was seen.
Source: RFC 3261 §12-§15, RFC 3264, RFC 3515, RFC 3891, RFC 3911, RFC 4028, RFC 4579
"""

from enum import StrEnum

import msgspec

from appliance.domain.call import Side
from appliance.sip.message import Message
from appliance.sip.sdp import Session


class Cause(StrEnum):
    """Why a call is over."""

    BYE = "bye"
    FAILED = "failed"
    CANCELLED = "cancelled"
    NO_ANSWER = "no_answer"
    SILENT = "silent"
    EVICTED = "evicted"
    STOPPED = "stopped"


class Event(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Common to all kinds."""

    key: int
    call_id: str
    at_ns: int


class Started(Event, frozen=True, kw_only=True):
    """The first INVITE of a call; `source` and `destination` are "ip:port" of that packet."""

    invite: Message
    transport: str
    source: str
    destination: str


class JoinedLate(Event, frozen=True, kw_only=True):
    """A call whose first INVITE was not seen.

    The From of `message` is taken for the caller, which is certain only when `is_initial` (a response to
    the first INVITE). `answered` tells whether talk has begun; then no `Answered` follows.
    """

    message: Message
    transport: str
    source: str
    destination: str
    answered: bool
    is_initial: bool


class Ringing(Event, frozen=True, kw_only=True):
    """First 180, 181 or 182 of the call."""

    status_code: int
    tag: str


class EarlyMedia(Event, frozen=True, kw_only=True):
    """First SDP of the callee before the answer, once per branch; its `MediaDescribed` follows."""

    tag: str


class Answered(Event, frozen=True, kw_only=True):
    """The first 2xx (or what proves it: ACK or re-INVITE); `tag` won. `inferred`: the 2xx itself was not seen."""

    tag: str
    inferred: bool = False


class MediaDescribed(Event, frozen=True, kw_only=True):
    """`side` receives as `session` says: new, or changed since the last one of this side (and branch).

    An offer of the first INVITE is reported at once, one in mid-call when it was accepted. `early`: before
    the answer. `payloads spoken to side` = the formats of its media lines.
    """

    side: Side
    session: Session
    is_offer: bool
    early: bool = False
    tag: str = ""


class BranchLost(Event, frozen=True, kw_only=True):
    """A branch of a forked call that had early media did not win; its media is no part of the call."""

    tag: str
    session: Session


class Forked(Event, frozen=True, kw_only=True):
    """A second To tag appeared; once per further branch."""

    tag: str


class Held(Event, frozen=True, kw_only=True):
    """`side` put the other on hold."""

    side: Side


class Resumed(Event, frozen=True, kw_only=True):
    """`side` took the other back."""

    side: Side


class Reoffered(Event, frozen=True, kw_only=True):
    """A re-INVITE or UPDATE of `side` was seen (once); `status_code` is 0 until answered, then it comes again."""

    side: Side
    method: str
    status_code: int = 0


class Dtmf(Event, frozen=True, kw_only=True):
    """Digits that `side` sent by INFO. `duration_ms` is 0 when not told."""

    side: Side
    digit: str
    duration_ms: int = 0


class TransferAsked(Event, frozen=True, kw_only=True):
    """REFER by `side`; `target` is the URI of Refer-To, `replaces` the Call-ID inside it ("" for a blind one).

    `destination` is "ip:port" of who is to carry it out.
    """

    side: Side
    target: str
    replaces: str = ""
    destination: str = ""


class TransferReported(Event, frozen=True, kw_only=True):
    """What became of a transfer, told by `side` that carried it out: a final code (RFC 3515 §2.4.5)."""

    side: Side
    status_code: int
    phrase: str = ""


class Replaces(Event, frozen=True, kw_only=True):
    """The INVITE of this call takes over another dialog; `other_key` is 0 when that is not being tracked."""

    other_call_id: str
    to_tag: str
    from_tag: str
    other_key: int = 0


class Joins(Event, frozen=True, kw_only=True):
    """The INVITE of this call joins another dialog (RFC 3911); `other_key` is 0 when that is not being tracked."""

    other_call_id: str
    to_tag: str
    from_tag: str
    other_key: int = 0


class FocusSeen(Event, frozen=True, kw_only=True):
    """One end of this call is a conference: `uri` as user@host in lower case (RFC 4579 §4.2); once a URI."""

    uri: str


class Redirected(Event, frozen=True, kw_only=True):
    """A 181 or 3xx; `target` is the Contact URI of the latter."""

    status_code: int
    target: str = ""


class CancelAsked(Event, frozen=True, kw_only=True):
    """The caller gave up; a 2xx may still win the race."""

    reason: str = ""


class SessionTimer(Event, frozen=True, kw_only=True):
    """Negotiated Session-Expires, first or changed."""

    interval_s: int


class Ended(Event, frozen=True, kw_only=True):
    """The end, once. `at_ns` is when it happened, which may lie before the moment it was concluded.

    `by` is known for BYE, CANCEL and failures (the callee, unless the caller cancelled). `status_code` is
    the final answer to the INVITE where it failed, else 0. `answered` tells whether the call had been up.
    """

    cause: Cause
    answered: bool
    by: Side | None = None
    status_code: int = 0
    phrase: str = ""
