"""How many channels of a trunk were in use, from what triggers keep: as exact as the calls' own times.

A channel is in use from the first message of a call to its end, answered or not.
Source: ITU-T E.600 (traffic carried, erlang), E.500 (quarters of an hour as read-out periods)
"""

from datetime import datetime
from typing import NamedTuple

from appliance.store.database import Database
from appliance.store.row import to_us
from appliance.store.tallies import QUARTER_US


class Quarter(NamedTuple):
    """Channels in use in a quarter of an hour that begins at `quarter` quarters after the epoch: mean, and most at once.

    The most is what every tenth second shows.
    """

    quarter: int
    mean: float
    peak: int


def of_trunks(database: Database, since: datetime, until: datetime) -> dict[str, list[Quarter]]:
    """The quarters of a time in which a channel was in use, by trunk, in order."""
    span = (to_us(since) // QUARTER_US, -(-to_us(until) // QUARTER_US))
    with database.read():
        before = dict(
            database.execute(
                "SELECT trunk, sum(change) FROM trunk_quarters WHERE quarter < ? GROUP BY trunk", (span[0],)
            )
        )
        changes: dict[str, dict[int, tuple[int, int]]] = {trunk: {} for trunk in before}
        for trunk, quarter, change, held_us in database.execute(
            "SELECT trunk, quarter, change, held_us FROM trunk_quarters WHERE quarter >= ? AND quarter < ?",
            span,
        ):
            changes.setdefault(trunk, {})[quarter] = (change, held_us)
        # By trunk: the key begins with it, so the steps of a time lie together and in order.
        highest = {
            trunk: dict(
                database.execute(
                    "SELECT quarter, max(level + brief) FROM (SELECT quarter, brief, sum(change) OVER "
                    "(PARTITION BY quarter ORDER BY step ROWS UNBOUNDED PRECEDING) AS level FROM trunk_steps "
                    "WHERE trunk = ? AND quarter >= ? AND quarter < ?) GROUP BY quarter",
                    (trunk, *span),
                )
            )
            for trunk in changes
        }
    return {
        trunk: _quarters(before.get(trunk, 0), changes[trunk], highest[trunk], range(*span))
        for trunk in changes
    }


def _quarters(
    level: int, changes: dict[int, tuple[int, int]], highest: dict[int, int], span: range
) -> list[Quarter]:
    found = []
    for quarter in span:
        change, held_us = changes.get(quarter, (0, 0))
        mean = (level * QUARTER_US + held_us) / QUARTER_US
        if mean > 0:
            found.append(Quarter(quarter, mean, level + max(0, highest.get(quarter, 0))))
        level += change
    return found
