"""What makes several calls one conversation, and the tree that is drawn of them.

A relation is noted in the call that came to know of it and names the other by our id, or by its SIP Call-ID when
that call was not (or no longer) being captured. Which of the two is the branch of the other is told by time alone.
Source: RFC 3515 and RFC 5589 (transfers), RFC 3891 (Replaces), RFC 3911 (Join), RFC 4579 (conferences)
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from appliance.core.text import Text

MAX_RELATED = 64
"""Relations noted of one call."""


class RelationKind(StrEnum):
    """How the later of two calls came out of the earlier one; in order of what explains most."""

    TRANSFERRED_FROM = "transferred_from"
    PICKED_UP = "picked_up"
    REPLACES = "replaces"
    JOINED = "joined"
    CONFERENCE = "conference"
    CONSULTATION = "consultation"
    LEG_OF = "leg_of"


RELATION_TEXT: dict[RelationKind, Text] = {
    RelationKind.TRANSFERRED_FROM: Text(en="After a transfer", zh="转接后"),
    RelationKind.PICKED_UP: Text(en="Picked up", zh="代接"),
    RelationKind.REPLACES: Text(en="Took the call over", zh="接管通话"),
    RelationKind.JOINED: Text(en="Joined in", zh="加入通话"),
    RelationKind.CONFERENCE: Text(en="Same conference", zh="同一会议"),
    RelationKind.CONSULTATION: Text(en="Consultation", zh="咨询通话"),
    RelationKind.LEG_OF: Text(en="Next leg", zh="后续线路段"),
}

_RANK = {kind: rank for rank, kind in enumerate(RelationKind)}


class Relation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One tie to another call: `call_id` is ours, `sip_call_id` the header's; at least one is given."""

    kind: RelationKind
    at: datetime
    call_id: str = ""
    sip_call_id: str = ""


class Member(NamedTuple):
    """One call of a conversation as far as the tree needs it."""

    call_id: str
    sip_call_id: str
    started_at: datetime
    related: Sequence[Relation]


class Branch(NamedTuple):
    """A call's place in the tree: `parent` is "" and `kind` None for the first call only."""

    call_id: str
    parent: str
    kind: RelationKind | None
    depth: int


def tree(members: Sequence[Member]) -> list[Branch]:
    """Every call once, parents before children, siblings by time.

    The parent is the earlier call that explains most; a call without a tie hangs on the first one.
    """
    ordered = sorted(members, key=lambda one: (one.started_at, one.call_id))
    ties: list[list[tuple[int, int, RelationKind]]] = [[] for _ in ordered]
    place_of = {one.call_id: place for place, one in enumerate(ordered)}
    places_of: dict[str, list[int]] = {}
    for place, one in enumerate(ordered):
        places_of.setdefault(one.sip_call_id, []).append(place)
    for place, one in enumerate(ordered):
        for relation in one.related:
            others = places_of.get(relation.sip_call_id, []) if relation.sip_call_id else []
            if relation.call_id in place_of:
                others = [place_of[relation.call_id]]
            for other in others:
                if other != place:
                    earlier, later = sorted((place, other))
                    ties[later].append((_RANK[relation.kind], -earlier, relation.kind))
    children: dict[int, list[tuple[int, RelationKind]]] = {}
    for place in range(1, len(ordered)):
        _, negative, kind = min(ties[place], default=(0, 0, RelationKind.LEG_OF))
        children.setdefault(-negative, []).append((place, kind))
    found: list[Branch] = []
    waiting: list[tuple[int, int, RelationKind | None, int]] = [(0, 0, None, 0)] if ordered else []
    while waiting:
        place, parent, branch_kind, depth = waiting.pop()
        parent_id = ordered[parent].call_id if branch_kind is not None else ""
        found.append(Branch(ordered[place].call_id, parent_id, branch_kind, depth))
        waiting += [(child, place, kind, depth + 1) for child, kind in reversed(children.get(place, []))]
    return found
