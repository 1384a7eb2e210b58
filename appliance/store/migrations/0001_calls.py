"""Calls, the numbers they were made between, their records, and the quarter-hourly statement."""

_COUNT_IN = """
    INSERT INTO quarters (quarter, reason, calls, bytes)
    VALUES (NEW.started_at_us / 900000000, coalesce(NEW.reason, ''), 1, NEW.bytes)
    ON CONFLICT (quarter, reason) DO UPDATE SET calls = calls + 1, bytes = bytes + excluded.bytes;
"""

_COUNT_OUT = """
    UPDATE quarters SET calls = calls - 1, bytes = bytes - OLD.bytes
    WHERE quarter = OLD.started_at_us / 900000000 AND reason = coalesce(OLD.reason, '');
"""

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE numbers (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        reversed TEXT NOT NULL
    )
    """,
    "CREATE INDEX numbers_reversed ON numbers (reversed)",
    """
    CREATE VIRTUAL TABLE numbers_trigram USING fts5 (
        number, content = 'numbers', content_rowid = 'id', tokenize = 'trigram'
    )
    """,
    """
    CREATE TRIGGER numbers_added AFTER INSERT ON numbers BEGIN
        INSERT INTO numbers_trigram (rowid, number) VALUES (NEW.id, NEW.number);
    END
    """,
    """
    CREATE TABLE calls (
        id INTEGER PRIMARY KEY,
        call_id TEXT NOT NULL UNIQUE,
        sip_call_id TEXT NOT NULL,
        interaction_id TEXT NOT NULL,
        caller_key INTEGER NOT NULL REFERENCES numbers (id),
        callee_key INTEGER NOT NULL REFERENCES numbers (id),
        caller_number TEXT NOT NULL,
        caller_display TEXT NOT NULL,
        callee_number TEXT NOT NULL,
        callee_display TEXT NOT NULL,
        direction TEXT NOT NULL,
        started_at_us INTEGER NOT NULL,
        ringing_at_us INTEGER,
        answered_at_us INTEGER,
        ended_at_us INTEGER,
        duration_us INTEGER NOT NULL,
        reason TEXT,
        status_code INTEGER,
        marks TEXT NOT NULL,
        codecs TEXT NOT NULL,
        packets INTEGER NOT NULL,
        lost INTEGER NOT NULL,
        file TEXT NOT NULL,
        format TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        length_us INTEGER NOT NULL,
        CHECK ((reason IS NULL) = (file <> ''))
    )
    """,
    "CREATE INDEX calls_time ON calls (started_at_us, call_id)",
    "CREATE INDEX calls_duration ON calls (duration_us, started_at_us, call_id)",
    "CREATE INDEX calls_caller ON calls (caller_key, started_at_us)",
    "CREATE INDEX calls_callee ON calls (callee_key, started_at_us)",
    "CREATE INDEX calls_interaction ON calls (interaction_id)",
    "CREATE INDEX calls_sip ON calls (sip_call_id)",
    "CREATE INDEX calls_reason ON calls (reason, started_at_us, call_id) WHERE reason IS NOT NULL",
    "CREATE INDEX calls_marked ON calls (started_at_us, call_id, marks) WHERE marks <> ''",
    """
    CREATE TABLE records (
        call_key INTEGER PRIMARY KEY REFERENCES calls (id) ON DELETE CASCADE,
        record BLOB NOT NULL
    )
    """,
    """
    CREATE TABLE quarters (
        quarter INTEGER NOT NULL,
        reason TEXT NOT NULL,
        calls INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        PRIMARY KEY (quarter, reason)
    ) WITHOUT ROWID
    """,
    f"CREATE TRIGGER calls_counted AFTER INSERT ON calls BEGIN {_COUNT_IN} END",
    f"CREATE TRIGGER calls_uncounted AFTER DELETE ON calls BEGIN {_COUNT_OUT} END",
    f"CREATE TRIGGER calls_recounted AFTER UPDATE ON calls BEGIN {_COUNT_OUT} {_COUNT_IN} END",
)
