"""Indexes for lists in the order of length and quality: all that filters ask for stands in them.

Calls without a second of talk are a quarter of all and have one length, so that a list by length needs them by kind.
"""

STATEMENTS: tuple[str, ...] = (
    "DROP INDEX calls_mos",
    """
    CREATE INDEX calls_mos ON calls (mos, started_at_us, id, caller_key, callee_key, kind_key, duration_us)
    WHERE mos IS NOT NULL
    """,
    """
    CREATE INDEX calls_silent ON calls (kind_key, started_at_us, id, caller_key, callee_key, duration_us)
    WHERE duration_us = 0
    """,
)
