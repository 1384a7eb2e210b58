"""Recordings in the order of their age for retention, and a held call cannot expire either."""

STATEMENTS: tuple[str, ...] = (
    """
    CREATE INDEX calls_recorded ON calls (started_at_us, id, bytes, direction, caller_key, callee_key, call_id)
    WHERE reason IS NULL
    """,
    "DROP TRIGGER calls_held",
    """
    CREATE TRIGGER calls_held BEFORE UPDATE OF reason ON calls
    WHEN NEW.reason IN ('deleted', 'expired') AND OLD.reason IS NULL
        AND EXISTS (SELECT 1 FROM holds WHERE call_id = NEW.call_id AND lifted_at_us IS NULL)
    BEGIN SELECT RAISE (ABORT, 'held'); END
    """,
)
