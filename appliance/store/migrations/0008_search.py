"""What searching and counting rest on: kinds of calls, how many of each kind there were when, covering indexes.

A kind is one mixture of all that has few values (direction, outcome, marks, quality …). A call has one kind, so any
question about these is a question for a handful of kinds, and their number in a time is a sum of tallies, exactly.
The tallies are kept by triggers; quarters of an hour and days are those of UTC.

The indexes hold everything that a filter asks of many calls, so that going through them never touches the rows.
"""

_TALLY_IN = """
    INSERT INTO tallies (quarter, kind_key, calls, talk_us, bytes)
    VALUES (NEW.started_at_us / 900000000, NEW.kind_key, 1, NEW.duration_us, NEW.bytes)
    ON CONFLICT (quarter, kind_key) DO UPDATE SET
        calls = calls + 1, talk_us = talk_us + excluded.talk_us, bytes = bytes + excluded.bytes;
    INSERT INTO day_tallies (day, kind_key, calls, talk_us, bytes)
    VALUES (NEW.started_at_us / 86400000000, NEW.kind_key, 1, NEW.duration_us, NEW.bytes)
    ON CONFLICT (day, kind_key) DO UPDATE SET
        calls = calls + 1, talk_us = talk_us + excluded.talk_us, bytes = bytes + excluded.bytes;
"""

_TALLY_OUT = """
    UPDATE tallies SET calls = calls - 1, talk_us = talk_us - OLD.duration_us, bytes = bytes - OLD.bytes
    WHERE quarter = OLD.started_at_us / 900000000 AND kind_key = OLD.kind_key;
    UPDATE day_tallies SET calls = calls - 1, talk_us = talk_us - OLD.duration_us, bytes = bytes - OLD.bytes
    WHERE day = OLD.started_at_us / 86400000000 AND kind_key = OLD.kind_key;
"""

_COUNT_IN = """
    INSERT INTO quarters (quarter, reason, calls, bytes)
    VALUES (NEW.started_at_us / 900000000, coalesce(NEW.reason, ''), 1, NEW.bytes)
    ON CONFLICT (quarter, reason) DO UPDATE SET calls = calls + 1, bytes = bytes + excluded.bytes;
"""

_COUNT_OUT = """
    UPDATE quarters SET calls = calls - 1, bytes = bytes - OLD.bytes
    WHERE quarter = OLD.started_at_us / 900000000 AND reason = coalesce(OLD.reason, '');
"""

_KIND = "data_type, direction, reason, is_answered, is_automatic, is_conference, verdict, grade, marks, codecs, trunk"

# What the rows of an older index tell of their kinds: the trunk is told by records that are indexed from now on.
_KIND_OF_OLD = """
    'ip', direction, coalesce(reason, ''), answered_at_us IS NOT NULL, sip_call_id = '',
    EXISTS (SELECT 1 FROM calls others WHERE others.interaction_id = calls.interaction_id AND others.id <> calls.id)
        AND EXISTS (SELECT 1 FROM records WHERE call_key = calls.id AND instr(record, '"kind":"conference"')),
    verdict,
    CASE WHEN mos IS NULL THEN '' WHEN mos >= 4.0 THEN 'good' WHEN mos >= 3.1 THEN 'fair' ELSE 'bad' END,
    marks, codecs, ''
"""

_SUMS = "count(*), sum(duration_us), sum(bytes) FROM calls GROUP BY 1, 2"

STATEMENTS: tuple[str, ...] = (
    f"""
    CREATE TABLE kinds (
        id INTEGER PRIMARY KEY,
        data_type TEXT NOT NULL,
        direction TEXT NOT NULL,
        reason TEXT NOT NULL,
        is_answered INTEGER NOT NULL,
        is_automatic INTEGER NOT NULL,
        is_conference INTEGER NOT NULL,
        verdict TEXT NOT NULL,
        grade TEXT NOT NULL,
        marks TEXT NOT NULL,
        codecs TEXT NOT NULL,
        trunk TEXT NOT NULL,
        UNIQUE ({_KIND})
    )
    """,
    "DROP TRIGGER calls_recounted",
    "ALTER TABLE calls ADD COLUMN kind_key INTEGER NOT NULL DEFAULT 0",
    f"INSERT INTO kinds ({_KIND}) SELECT DISTINCT {_KIND_OF_OLD} FROM calls",  # noqa: S608
    f"UPDATE calls SET kind_key = (SELECT id FROM kinds WHERE ({_KIND}) = ({_KIND_OF_OLD}))",  # noqa: S608
    """
    CREATE TABLE tallies (
        quarter INTEGER NOT NULL,
        kind_key INTEGER NOT NULL,
        calls INTEGER NOT NULL,
        talk_us INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        PRIMARY KEY (quarter, kind_key)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE day_tallies (
        day INTEGER NOT NULL,
        kind_key INTEGER NOT NULL,
        calls INTEGER NOT NULL,
        talk_us INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        PRIMARY KEY (day, kind_key)
    ) WITHOUT ROWID
    """,
    f"INSERT INTO tallies SELECT started_at_us / 900000000, kind_key, {_SUMS}",
    f"INSERT INTO day_tallies SELECT started_at_us / 86400000000, kind_key, {_SUMS}",
    "DROP INDEX calls_time",
    "DROP INDEX calls_duration",
    "DROP INDEX calls_caller",
    "DROP INDEX calls_callee",
    "DROP INDEX calls_reason",
    "DROP INDEX calls_marked",
    "CREATE INDEX calls_time ON calls (started_at_us, id, caller_key, callee_key, kind_key, duration_us)",
    "CREATE INDEX calls_duration ON calls (duration_us, started_at_us, id, caller_key, callee_key, kind_key)",
    "CREATE INDEX calls_caller ON calls (caller_key, started_at_us, id, callee_key, kind_key, duration_us)",
    "CREATE INDEX calls_callee ON calls (callee_key, started_at_us, id, caller_key, kind_key, duration_us)",
    "CREATE INDEX calls_kind ON calls (kind_key, started_at_us, id, caller_key, callee_key, duration_us)",
    "CREATE INDEX calls_mos ON calls (mos, started_at_us, id) WHERE mos IS NOT NULL",
    # Names are few among numbers: what is too short for the trigram index is looked for in these alone.
    "CREATE INDEX numbers_names ON numbers (number) WHERE number GLOB '*[^0-9]*'",
    f"CREATE TRIGGER calls_tallied AFTER INSERT ON calls BEGIN {_TALLY_IN} END",
    f"CREATE TRIGGER calls_untallied AFTER DELETE ON calls BEGIN {_TALLY_OUT} END",
    f"""
    CREATE TRIGGER calls_retallied AFTER UPDATE OF kind_key, started_at_us, duration_us, bytes ON calls
    WHEN (OLD.kind_key, OLD.started_at_us, OLD.duration_us, OLD.bytes)
        IS NOT (NEW.kind_key, NEW.started_at_us, NEW.duration_us, NEW.bytes)
    BEGIN {_TALLY_OUT} {_TALLY_IN} END
    """,
    f"""
    CREATE TRIGGER calls_recounted AFTER UPDATE OF reason, started_at_us, bytes ON calls
    WHEN (OLD.reason, OLD.started_at_us, OLD.bytes) IS NOT (NEW.reason, NEW.started_at_us, NEW.bytes)
    BEGIN {_COUNT_OUT} {_COUNT_IN} END
    """,
    """
    CREATE TABLE saved_searches (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        user_key INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        line TEXT NOT NULL,
        shared TEXT NOT NULL CHECK (shared IN ('nobody', 'role', 'everyone')),
        role_key INTEGER,
        at_us INTEGER NOT NULL,
        UNIQUE (user_key, name_key)
    )
    """,
    """
    CREATE TABLE preferences (
        user_key INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (user_key, name)
    ) WITHOUT ROWID
    """,
)
