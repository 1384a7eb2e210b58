"""Roles that need a second person, and who has confirmed a session as that person, when."""

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE roles ADD COLUMN is_guarded INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sessions ADD COLUMN confirmed_by_key INTEGER REFERENCES users (id) ON DELETE SET NULL",
    "ALTER TABLE sessions ADD COLUMN confirmed_at_us INTEGER",
)
