"""Calls of one conversation know each other: transfers, pick-up, parking, legs beyond an exchange.

What follows from what is found in `appliance/sip/kinship.py`; here it is written into the calls.
Source: RFC 3515 (REFER), RFC 3891 (Replaces), by way of the kinship
"""

from appliance.capture.leg import Leg
from appliance.core.clock import from_ns
from appliance.domain.interaction import MAX_RELATED, Relation, RelationKind
from appliance.settings.capture import Capture
from appliance.sip import events
from appliance.sip.aliases import Aliases
from appliance.sip.kinship import Kinship, Link
from appliance.sip.parties import Parties

# What is remembered of ended calls for the sake of later ones; ties that come later are found in the index.
MAX_KIN = 5_000


class Conversations:
    """The ties among `legs`, which are those by our own id."""

    def __init__(self, settings: Capture, aliases: Aliases, legs: dict[str, Leg]) -> None:
        self._legs = legs
        self._kinship = Kinship(
            interaction_s=settings.interaction_s,
            max_calls=MAX_KIN,
            aliases=aliases,
            pickup_codes=settings.pickup_codes,
            park_numbers=settings.park_numbers,
        )

    def begin(self, leg: Leg, event: events.Started, who: Parties) -> None:
        """A call begins; it may follow from another."""
        self._relate(self._kinship.begin(leg.call_id, event, who))

    def begin_late(self, leg: Leg, event: events.JoinedLate, who: Parties) -> None:
        """A call whose beginning was not seen."""
        self._kinship.begin_late(leg.call_id, event, who)

    def take(self, event: events.Event) -> None:
        """Something happened in a call."""
        self._relate(self._kinship.take(event))

    def follow(self, leg: Leg, earlier: Leg) -> None:
        """A call takes the place of one that was known by its media alone."""
        tie = Link(leg.call_id, RelationKind.LEG_OF, earlier.last_media_ns, other_call_id=earlier.call_id)
        self._relate([tie])

    def shift(self, jump_ns: int) -> None:
        """The wall clock was set."""
        self._kinship.shift(jump_ns)

    def forget(self, leg: Leg) -> None:
        """Its bundle is handed over."""
        self._kinship.forget(leg.call_id)

    def _relate(self, links: list[Link]) -> None:
        """Two calls are of one conversation: both know it, as far as they are not over and gone."""
        for link in links:
            leg = self._legs.get(link.call_id) or self._legs.get(link.other_call_id)
            if leg is not None:
                other_id = link.other_call_id if leg.call_id == link.call_id else link.call_id
                _note(
                    leg,
                    Relation(
                        kind=link.kind,
                        at=from_ns(link.at_ns),
                        call_id=other_id,
                        sip_call_id=link.other_sip_call_id,
                    ),
                )
            if not link.other_call_id:
                continue
            for call_id in self._kinship.unite(link.call_id, link.other_call_id):
                moved = self._legs.get(call_id)
                if moved is not None:
                    moved.call.interaction_id = self._kinship.interaction_of(call_id)
                    moved.is_changed = True


def _note(leg: Leg, relation: Relation) -> None:
    known = leg.call.related
    if len(known) < MAX_RELATED and not any(
        (one.kind, one.call_id, one.sip_call_id) == (relation.kind, relation.call_id, relation.sip_call_id)
        for one in known
    ):
        known.append(relation)
        leg.is_changed = True
