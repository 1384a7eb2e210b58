"""What the ledger holds of a stretch of time, for the statements. Calls count by when they began."""

from datetime import datetime
from typing import NamedTuple

from appliance.domain.reconciliation import Ledgered
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


def calls_between(database: Database, since: datetime, until: datetime, most: int) -> list[Ledgered]:
    """The first `most` calls that began in a time, both ends included, for the comparison with another list."""
    found = database.execute(
        "SELECT call_id, started_at_us, answered_at_us, caller_number, callee_number, COALESCE(reason, '') FROM calls"
        " WHERE started_at_us BETWEEN ? AND ? ORDER BY started_at_us, id LIMIT ?",
        (to_us(since), to_us(until), most),
    )
    return [
        Ledgered(
            call_id,
            from_us(started_us),
            None if answered_us is None else from_us(answered_us),
            caller,
            callee,
            reason,
        )
        for call_id, started_us, answered_us, caller, callee, reason in found
    ]
