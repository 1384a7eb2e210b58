"""A call: parties, state and the moments of its life, as every program of the box speaks of it.

Times are aware UTC. Source: RFC 3261 §13 (initiating), §15 (terminating), RFC 3264 §8.4 (hold).
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from appliance.core.text import Text
from appliance.domain.interaction import Relation


class Side(StrEnum):
    """Who: the party that sent the first INVITE, or the one it was sent to. Left = caller."""

    CALLER = "caller"
    CALLEE = "callee"

    @property
    def other(self) -> "Side":
        """The opposite party."""
        return Side.CALLEE if self is Side.CALLER else Side.CALLER


class CallState(StrEnum):
    """Where a dialog stands. `HELD` is an answered call whose media one side has stopped."""

    TRYING = "trying"
    RINGING = "ringing"
    UP = "up"
    HELD = "held"
    ENDED = "ended"


CALL_STATE_TEXT: dict[CallState, Text] = {
    CallState.TRYING: Text(en="Calling", zh="呼叫中"),
    CallState.RINGING: Text(en="Ringing", zh="振铃"),
    CallState.UP: Text(en="Talking", zh="通话中"),
    CallState.HELD: Text(en="On hold", zh="保持"),
    CallState.ENDED: Text(en="Ended", zh="已结束"),
}


class Direction(StrEnum):
    """Seen from the company; unknown until service addresses are configured."""

    UNKNOWN = "unknown"
    INCOMING = "incoming"
    OUTGOING = "outgoing"
    INTERNAL = "internal"


DIRECTION_TEXT: dict[Direction, Text] = {
    Direction.UNKNOWN: Text(en="Unknown", zh="未知"),
    Direction.INCOMING: Text(en="Incoming", zh="呼入"),
    Direction.OUTGOING: Text(en="Outgoing", zh="呼出"),
    Direction.INTERNAL: Text(en="Internal", zh="内部"),
}


class DataType(StrEnum):
    """How the sound came to the box."""

    IP = "ip"
    SIPREC = "siprec"
    ANALOG = "analog"
    E1 = "e1"


ON_BOARDS = frozenset({DataType.ANALOG, DataType.E1})
"""Calls of lines that boards bring."""

DATA_TYPE_TEXT: dict[DataType, Text] = {
    DataType.IP: Text(en="IP", zh="IP"),
    DataType.SIPREC: Text(en="SIPREC", zh="SIPREC"),
    DataType.ANALOG: Text(en="Analog", zh="模拟"),
    DataType.E1: Text(en="E1", zh="E1 数字"),
}


class Party(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One end of a call as the signalling names it.

    `number` is normalised (digits with an optional leading +, or the user part as it is when it is no
    number), `number_raw` is exactly what stood in the URI.
    """

    number: str = ""
    number_raw: str = ""
    display: str = ""
    uri: str = ""
    address: str = ""


class CallEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened in a call.

    `kind` is one of ringing, early_media, answered, hold, resume, reinvite, codec, dtmf, redirected, forked, transfer, transferred,
    transfer_failed, bye, cancel, timeout, disk_full, disk_free, clock_jump. `ssrc`: of the stream that a key was pressed in, 0 elsewhere.
    """

    at: datetime
    kind: str
    side: Side | None = None
    detail: str = ""
    ssrc: int = 0


class Call(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One leg: everything the ledger says of it apart from its media.

    `call_id` is ours, sortable, and also the bundle's name; `sip_call_id` is the header's value.
    Legs of one conversation share `interaction_id`, which is the `call_id` of the first of them; `related` says
    how this one came to be one of them. A tie found later is known to the index only, which joins both.
    `ended_at` of a call whose BYE was lost is the moment of its last media. `trunk` is the name of the tapped trunk that
    carried it, '' for a call over IP or on a line.
    """

    call_id: str
    sip_call_id: str
    interaction_id: str
    caller: Party
    callee: Party
    started_at: datetime
    direction: Direction = Direction.UNKNOWN
    state: CallState = CallState.TRYING
    transport: str = "udp"
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: Side | None = None
    status_code: int | None = None
    events: list[CallEvent] = []
    related: list[Relation] = []
    data_type: DataType = DataType.IP
    trunk: str = ""

    @property
    def talk_s(self) -> float:
        """Seconds from answer to end, 0.0 for a call never answered or not yet ended."""
        if self.answered_at is None or self.ended_at is None:
            return 0.0
        return max(0.0, (self.ended_at - self.answered_at).total_seconds())
