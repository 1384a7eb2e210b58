"""People and their sessions."""

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE users (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL UNIQUE,
        role TEXT NOT NULL,
        password_hash TEXT NOT NULL,
        one_time INTEGER NOT NULL,
        created_at_us INTEGER NOT NULL,
        password_at_us INTEGER NOT NULL,
        signed_in_at_us INTEGER
    )
    """,
    """
    CREATE TABLE sessions (
        token_sha256 TEXT PRIMARY KEY,
        user_key INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        created_at_us INTEGER NOT NULL,
        seen_at_us INTEGER NOT NULL,
        address TEXT NOT NULL,
        agent TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE INDEX sessions_user ON sessions (user_key, created_at_us)",
)
