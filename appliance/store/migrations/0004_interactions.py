"""Conversations that are joined after their calls were indexed."""

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE merged (
        interaction_id TEXT PRIMARY KEY,
        into_id TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE INDEX merged_into ON merged (into_id)",
    """
    CREATE TABLE ties (
        id INTEGER PRIMARY KEY,
        call_key INTEGER NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
        sip_call_id TEXT NOT NULL,
        at_us INTEGER NOT NULL
    )
    """,
    "CREATE INDEX ties_call ON ties (call_key)",
    "CREATE INDEX ties_sip ON ties (sip_call_id)",
)
