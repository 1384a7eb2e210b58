"""Which calls each person has reviewed.

By key, not by `call_id`: every index of `calls` holds the key, so that lists of what is (not) reviewed never touch the
rows. The key stays as long as the row does, and without the index there would be no people either.
"""

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE reviewed (
        user_key INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        call_key INTEGER NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
        PRIMARY KEY (user_key, call_key)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX reviewed_call ON reviewed (call_key)",
)
