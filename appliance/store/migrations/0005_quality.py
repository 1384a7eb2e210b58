"""How good a call was, and whose fault it was when it was not; NULL and '' for calls indexed before."""

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE calls ADD COLUMN mos REAL",
    "ALTER TABLE calls ADD COLUMN verdict TEXT NOT NULL DEFAULT ''",
)
