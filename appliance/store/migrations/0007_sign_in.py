"""Second factors, tokens, one-time links, and the operation log.

A row of `operations` is never changed: it carries the hash of itself together with that of the row before it.
`operation_tokens` finds rows by any mixture of filters at once: each row is a document of tokens, one for each of
its words and one for each piece of its text; nothing but row ids is kept in it. `operation_days` tells which ids a
day has, whatever the clock did.
"""

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE operations (
        id INTEGER PRIMARY KEY,
        at_us INTEGER NOT NULL,
        user TEXT NOT NULL,
        address TEXT NOT NULL,
        system TEXT NOT NULL,
        browser TEXT NOT NULL,
        module TEXT NOT NULL,
        operation TEXT NOT NULL,
        kind TEXT NOT NULL,
        result TEXT NOT NULL,
        parameters TEXT NOT NULL,
        error TEXT NOT NULL,
        hash BLOB NOT NULL
    )
    """,
    """
    CREATE VIRTUAL TABLE operation_tokens USING fts5 (
        tokens, content = '', detail = 'none', columnsize = 0, tokenize = 'ascii'
    )
    """,
    """
    CREATE TABLE operation_days (
        day INTEGER PRIMARY KEY,
        first_id INTEGER NOT NULL,
        last_id INTEGER NOT NULL,
        operations INTEGER NOT NULL
    )
    """,
    "ALTER TABLE users ADD COLUMN source TEXT NOT NULL DEFAULT 'local'",
    "ALTER TABLE sessions ADD COLUMN method TEXT NOT NULL DEFAULT 'password'",
    # Why the person may do nothing but mend it: '' | 'password' | 'second_factor'
    "ALTER TABLE sessions ADD COLUMN held TEXT NOT NULL DEFAULT ''",
    """
    CREATE TABLE password_history (
        id INTEGER PRIMARY KEY,
        user_key INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        password_hash TEXT NOT NULL
    )
    """,
    "CREATE INDEX password_history_user ON password_history (user_key, id)",
    """
    CREATE TABLE reset_links (
        token_sha256 TEXT PRIMARY KEY,
        user_key INTEGER NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
        expires_at_us INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE totp (
        user_key INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
        secret BLOB NOT NULL,
        confirmed_at_us INTEGER,
        last_step INTEGER NOT NULL DEFAULT 0
    )
    """,
    """
    CREATE TABLE recovery_codes (
        user_key INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        code_sha256 TEXT NOT NULL,
        PRIMARY KEY (user_key, code_sha256)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE passkeys (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        user_key INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        credential BLOB NOT NULL UNIQUE,
        public_key BLOB NOT NULL,
        uses INTEGER NOT NULL,
        host TEXT NOT NULL,
        name TEXT NOT NULL,
        created_at_us INTEGER NOT NULL,
        used_at_us INTEGER
    )
    """,
    "CREATE INDEX passkeys_user ON passkeys (user_key)",
    """
    CREATE TABLE api_tokens (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        user_key INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        token_sha256 TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        permissions TEXT NOT NULL,
        created_at_us INTEGER NOT NULL,
        expires_at_us INTEGER NOT NULL,
        used_at_us INTEGER,
        used_from TEXT NOT NULL DEFAULT ''
    )
    """,
    "CREATE INDEX api_tokens_user ON api_tokens (user_key)",
)
