"""How calls begin: from an INVITE, from signalling of a call that was up before, or joined to media heard without it.

Source: RFC 3261 §13 (an INVITE), §12.2 (a request within a call), RFC 3264
"""

from collections.abc import Callable
from typing import NamedTuple

from appliance.capture.guesses import Guesses
from appliance.capture.leg import Leg
from appliance.capture.orphans import Orphans
from appliance.capture.resumption import Untold
from appliance.core.clock import from_ns, to_ns
from appliance.core.errors import BadMessage
from appliance.domain.bundle import Manifest
from appliance.domain.call import Call, CallState, Direction, Side
from appliance.domain.ledger import Mark
from appliance.settings.capture import Capture
from appliance.sip import events
from appliance.sip.aliases import Aliases
from appliance.sip.parties import Parties, direction, parties
from appliance.sip.sdp import Session, read_sdp
from appliance.sip.uri import split_host


class Begun(NamedTuple):
    """A call that begins, and who takes part."""

    leg: Leg
    who: Parties


class Beginnings:
    """Makes calls; `resuming` is the id of the next one when it is a call that goes on."""

    def __init__(self, settings: Capture, aliases: Aliases, new_id: Callable[[int], str]) -> None:
        self.resuming = ""
        self._settings = settings
        self._aliases = aliases
        self._new_id = new_id

    def name(self, at_ns: int) -> str:
        """The id of a call that begins."""
        name, self.resuming = self.resuming, ""
        return name or self._new_id(at_ns)

    def started(self, event: events.Started) -> Begun:
        """A call of which the first INVITE was seen."""
        who = parties(event.invite, event.source, event.destination)
        leg = self._leg(event, who, CallState.TRYING)
        leg.caller_tag = event.invite.from_tag
        if who.is_redirected:
            leg.mark(Mark.REDIRECTED)
            leg.note("redirected", event.at_ns, detail=who.diverted_from)
        return Begun(leg, who)

    def late(self, event: events.JoinedLate) -> Begun:
        """A call that was up when its first message was seen."""
        who = parties(event.message, event.source, event.destination)
        leg = self._leg(event, who, CallState.UP if event.answered else CallState.TRYING)
        leg.caller_tag = event.message.from_tag
        leg.mark(Mark.JOINED_LATE)
        return Begun(leg, who)

    def joined(
        self, event: events.JoinedLate, untold: Untold, orphans: Orphans, guesses: Guesses
    ) -> Begun | None:
        """A call that was known by its manifest or its media, and is told by this message now; None when there is none."""
        leg = untold.called(event.call_id) or _described(event, orphans)
        if leg is None:
            leg = _between_hosts(event, orphans)
            if leg is None:
                return None
            guesses.make(leg, event)
        who = parties(event.message, event.source, event.destination)
        leg.join(event.message, event, (who.caller, who.callee))
        leg.call.direction = self._direction(event)
        return Begun(leg, who)

    def bare(self, known: Manifest) -> Leg:
        """A call that goes on and is known by its manifest alone."""
        leg = Leg(known.call, 0, to_ns(known.call.started_at), self._aliases)
        leg.messages, leg.media.payloads = known.messages, known.payloads
        return leg

    def _leg(self, event: events.Started | events.JoinedLate, who: Parties, state: CallState) -> Leg:
        call_id = self.name(event.at_ns)
        at = from_ns(event.at_ns)
        call = Call(
            call_id=call_id,
            sip_call_id=event.call_id,
            interaction_id=call_id,
            caller=who.caller,
            callee=who.callee,
            started_at=at,
            direction=self._direction(event),
            transport=event.transport,
            state=state,
            answered_at=at if state is CallState.UP else None,
        )
        return Leg(call, event.key, event.at_ns, self._aliases)

    def _direction(self, event: events.Started | events.JoinedLate) -> Direction:
        return direction(event.source, event.destination, self._settings.service_addresses)


def _described(event: events.JoinedLate, orphans: Orphans) -> Leg | None:
    """The call known by its media that a message describes.

    Who rang whom was a guess until now; `swapped` is set when the guess was wrong.
    """
    message = event.message
    if not message.has_sdp:
        return None
    try:
        session = read_sdp(message.sdp)
    except BadMessage:
        session = Session()
    for media in session.audios:
        leg = orphans.at(media.address, media.port)
        side = leg.media.listener_at(media.address, media.port) if leg is not None else None
        if leg is not None and side is not None:
            leg.swapped = side is not (Side.CALLER if message.is_request else Side.CALLEE)
            return leg
    return None


def _between_hosts(event: events.JoinedLate, orphans: Orphans) -> Leg | None:
    """The only call that is heard between the two hosts of a message, as `_described` has it."""
    message = event.message
    caller, callee = split_host(event.source)[0], split_host(event.destination)[0]
    if not message.is_request:
        caller, callee = callee, caller
    leg = orphans.between(caller, callee)
    if leg is not None:
        leg.swapped = caller != callee and split_host(leg.call.caller.address)[0] == callee
    return leg
