"""Tags, notes, bookmarks, legal holds, wishes to delete, share links.

Rows name calls by `call_id` without a foreign key, so that they outlive an index made anew from the archive. The
triggers are the last of several guards of a held call: whatever program asks, the file itself refuses.
"""

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE tags (
        call_id TEXT NOT NULL,
        tag TEXT NOT NULL,
        author TEXT NOT NULL,
        at_us INTEGER NOT NULL,
        PRIMARY KEY (call_id, tag)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX tags_tag ON tags (tag, call_id)",
    """
    CREATE TABLE notes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        call_id TEXT NOT NULL,
        author TEXT NOT NULL,
        at_us INTEGER NOT NULL,
        edited_at_us INTEGER,
        position_us INTEGER,
        text TEXT NOT NULL
    )
    """,
    "CREATE INDEX notes_call ON notes (call_id, at_us)",
    """
    CREATE TABLE bookmarks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        call_id TEXT NOT NULL,
        author TEXT NOT NULL,
        at_us INTEGER NOT NULL,
        position_us INTEGER NOT NULL,
        label TEXT NOT NULL
    )
    """,
    "CREATE INDEX bookmarks_call ON bookmarks (call_id, position_us)",
    """
    CREATE TABLE holds (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        call_id TEXT NOT NULL,
        reason TEXT NOT NULL,
        author TEXT NOT NULL,
        at_us INTEGER NOT NULL,
        lifted_by TEXT,
        lifted_at_us INTEGER
    )
    """,
    "CREATE UNIQUE INDEX holds_in_force ON holds (call_id) WHERE lifted_at_us IS NULL",
    "CREATE INDEX holds_call ON holds (call_id, at_us)",
    """
    CREATE TABLE deletions (
        call_id TEXT PRIMARY KEY,
        reason TEXT NOT NULL,
        author TEXT NOT NULL,
        at_us INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TRIGGER deletions_refused BEFORE INSERT ON deletions
    WHEN EXISTS (SELECT 1 FROM holds WHERE call_id = NEW.call_id AND lifted_at_us IS NULL)
    BEGIN SELECT RAISE (ABORT, 'held'); END
    """,
    """
    CREATE TRIGGER calls_held BEFORE UPDATE OF reason ON calls
    WHEN NEW.reason = 'deleted' AND OLD.reason IS NOT 'deleted'
        AND EXISTS (SELECT 1 FROM holds WHERE call_id = NEW.call_id AND lifted_at_us IS NULL)
    BEGIN SELECT RAISE (ABORT, 'held'); END
    """,
    """
    CREATE TABLE shares (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        token_sha256 TEXT NOT NULL UNIQUE,
        call_id TEXT NOT NULL,
        user_key INTEGER NOT NULL,
        author TEXT NOT NULL,
        at_us INTEGER NOT NULL,
        expires_at_us INTEGER NOT NULL,
        password_hash TEXT NOT NULL,
        from_us INTEGER,
        to_us INTEGER,
        note TEXT NOT NULL,
        opens INTEGER NOT NULL,
        opened_at_us INTEGER,
        revoked_at_us INTEGER
    )
    """,
    "CREATE INDEX shares_call ON shares (call_id)",
    "CREATE INDEX shares_user ON shares (user_key, at_us)",
)
