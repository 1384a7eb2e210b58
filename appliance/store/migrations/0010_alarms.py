"""Alarms raised, acknowledged and cleared, and the notices (mails and others) about them."""

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE alarms (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        code TEXT NOT NULL,
        subject TEXT NOT NULL,
        severity TEXT NOT NULL,
        facts TEXT NOT NULL,
        raised_at_us INTEGER NOT NULL,
        seen_at_us INTEGER NOT NULL,
        occurrences INTEGER NOT NULL,
        cleared_at_us INTEGER
    )""",
    # A condition that stands is one alarm, whoever asks and however often the program is started.
    "CREATE UNIQUE INDEX alarms_standing ON alarms (code, subject) WHERE cleared_at_us IS NULL",
    "CREATE INDEX alarms_by_kind ON alarms (code, id)",
    "CREATE INDEX alarms_by_clearing ON alarms (cleared_at_us)",
    """CREATE TABLE alarm_answers (
        alarm_key INTEGER PRIMARY KEY REFERENCES alarms (id) ON DELETE CASCADE,
        acknowledged_by TEXT NOT NULL,
        acknowledged_at_us INTEGER,
        note TEXT NOT NULL,
        snoozed_by TEXT NOT NULL,
        snoozed_until_us INTEGER
    )""",
    """CREATE TABLE notices (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        alarm_key INTEGER REFERENCES alarms (id) ON DELETE SET NULL,
        target TEXT NOT NULL,
        occasion TEXT NOT NULL,
        code TEXT NOT NULL,
        receivers TEXT NOT NULL,
        title TEXT NOT NULL,
        content TEXT NOT NULL,
        at_us INTEGER NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        due_at_us INTEGER NOT NULL,
        done_at_us INTEGER,
        answer TEXT NOT NULL
    )""",
    "CREATE INDEX notices_waiting ON notices (due_at_us) WHERE state = 'waiting'",
    "CREATE INDEX notices_of_alarm ON notices (alarm_key, target)",
)
