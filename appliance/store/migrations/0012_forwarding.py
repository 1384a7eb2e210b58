"""How far each book has been told to the syslog server."""

STATEMENTS: tuple[str, ...] = (
    "CREATE TABLE forwarded (book TEXT NOT NULL PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID",
)
