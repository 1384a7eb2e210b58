"""What the ledger holds of a stretch of time, for the statements. Calls count by when they began."""

from datetime import datetime
from typing import NamedTuple

from appliance.store.database import Database
from appliance.store.row import from_us, to_us


class Account(NamedTuple):
    """Calls, those of them with a recording, and the reasons of the others."""

    seen: int
    recorded: int
    reasons: dict[str, int]


def account(database: Database, since: datetime, until: datetime) -> Account:
    """All calls that began from `since` on and before `until`."""
    found = database.execute(
        "SELECT COALESCE(reason, ''), COUNT(*) FROM calls WHERE started_at_us >= ? AND started_at_us < ? GROUP BY 1",
        (to_us(since), to_us(until)),
    )
    counts = {str(reason): int(count) for reason, count in found}
    recorded = counts.pop("", 0)
    return Account(recorded + sum(counts.values()), recorded, dict(sorted(counts.items())))


def before(database: Database, until: datetime) -> int:
    """How many calls began before a moment."""
    ((count,),) = database.execute("SELECT COUNT(*) FROM calls WHERE started_at_us < ?", (to_us(until),))
    return int(count)


def earliest(database: Database) -> datetime | None:
    """When the first call of the ledger began, None when there is none."""
    ((at_us,),) = database.execute("SELECT MIN(started_at_us) FROM calls", ())
    return None if at_us is None else from_us(at_us)
