"""The installer's list of extensions and since when they are being dialled: one row or none."""

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE commissioning (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        started_at_us INTEGER NOT NULL,
        started_by TEXT NOT NULL,
        extensions TEXT NOT NULL
    )
    """,
)
