"""A whole conversation: every call of it, in its place in the tree, and how it came about."""

from datetime import datetime

import msgspec

from appliance.core.errors import NotFound
from appliance.domain.interaction import RELATION_TEXT, Branch, Member, RelationKind, tree
from appliance.store import calls as ledger
from appliance.store.calls import Leg
from webadmin.operation import Asked, Nothing
from webadmin.views import RowView, row_view


class RelationView(msgspec.Struct, frozen=True, kw_only=True):
    """A tie of a call to another; `call_id` is "" when that one is not in the ledger."""

    kind: RelationKind
    text: str
    at: datetime
    call_id: str
    sip_call_id: str


class LegView(RowView, frozen=True, kw_only=True):
    """A call with its place: `parent` is "" and `relation` null for the first one; `depth` counts from 0."""

    parent: str
    relation: RelationKind | None
    relation_text: str
    depth: int
    relations: list[RelationView]


class Interaction(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation; `legs` are in the order of the tree, parents before children, at most 200.

    Units: duration_s from the first moment to the last
    """

    interaction_id: str
    started_at: datetime
    ended_at: datetime | None
    duration_s: float
    recordings: int
    legs: list[LegView]


async def show(asked: Asked[Nothing, Nothing]) -> Interaction:
    """A conversation by its id, also by one that was merged into it."""
    wanted = asked.path["interaction_id"]
    legs = await asked.panel.ask(ledger.legs, wanted, scope=asked.visitor.scope)
    if not legs:
        raise NotFound(what=wanted)
    by_id = {leg.row.call_id: leg for leg in legs}
    branches = tree(
        [
            Member(leg.row.call_id, leg.row.sip_call_id, leg.row.started_at, leg.related)
            for leg in by_id.values()
        ]
    )
    started_at = min(leg.row.started_at for leg in legs)
    ended_at = max((leg.row.ended_at for leg in legs if leg.row.ended_at is not None), default=None)
    return Interaction(
        interaction_id=legs[0].row.interaction_id,
        started_at=started_at,
        ended_at=ended_at,
        duration_s=(ended_at - started_at).total_seconds() if ended_at is not None else 0.0,
        recordings=sum(leg.row.recorded for leg in legs),
        legs=[_leg_view(branch, by_id[branch.call_id], by_id, asked) for branch in branches],
    )


def _leg_view(branch: Branch, leg: Leg, known: dict[str, Leg], asked: Asked[Nothing, Nothing]) -> LegView:
    language = asked.language
    line = row_view(leg.row, language, asked.visitor)
    return LegView(
        **{name: getattr(line, name) for name in line.__struct_fields__},
        parent=branch.parent,
        relation=branch.kind,
        relation_text=RELATION_TEXT[branch.kind].render(language) if branch.kind is not None else "",
        depth=branch.depth,
        relations=[
            RelationView(
                kind=relation.kind,
                text=RELATION_TEXT[relation.kind].render(language),
                at=relation.at,
                call_id=relation.call_id if relation.call_id in known else "",
                sip_call_id=relation.sip_call_id,
            )
            for relation in leg.related
            if asked.visitor.scope.everything or relation.call_id in known
        ],
    )
