"""Departments, roles, the directory of numbers, and who may see which.

`rights` has one row: `revision` grows with every change that can alter what somebody may do or see, so that what
was worked out once may be kept until then.
"""

_GROWS = "BEGIN UPDATE rights SET revision = revision + 1; END"
_COUNTED = {
    "departments": "",
    "roles": "",
    "directory": " OF number_key, department_key, is_extension",
    "scope_departments": "",
    "scope_extensions": "",
    "view_list": " OF number_key, is_enabled",
    "users": " OF role_key, is_super, is_enabled, scope_kind",
}
_TRIGGERS = tuple(
    f"CREATE TRIGGER {table}_{event.lower()}_rights AFTER {event}{columns if event == 'UPDATE' else ''} ON {table} {_GROWS}"
    for table, columns in _COUNTED.items()
    for event in ("INSERT", "UPDATE", "DELETE")
)

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE rights (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        revision INTEGER NOT NULL,
        has_view_list INTEGER NOT NULL
    )
    """,
    "INSERT INTO rights (id, revision, has_view_list) VALUES (1, 1, 0)",
    """
    CREATE TABLE departments (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        parent_key INTEGER REFERENCES departments (id),
        name TEXT NOT NULL,
        name_key TEXT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX departments_name ON departments (coalesce(parent_key, 0), name_key)",
    "CREATE INDEX departments_parent ON departments (parent_key)",
    """
    CREATE TABLE roles (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL UNIQUE,
        built_in TEXT NOT NULL DEFAULT '',
        permissions TEXT NOT NULL,
        department_key INTEGER REFERENCES departments (id)
    )
    """,
    # What the two built-in roles may do stands in the program: a new release may add to it.
    "INSERT INTO roles (id, name, name_key, built_in, permissions) VALUES (1, 'Administrator', 'administrator', 'administrator', '')",
    "INSERT INTO roles (id, name, name_key, built_in, permissions) VALUES (2, 'Viewer', 'viewer', 'viewer', '')",
    "ALTER TABLE users ADD COLUMN real_name TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE users ADD COLUMN role_key INTEGER NOT NULL DEFAULT 2",
    "ALTER TABLE users ADD COLUMN is_super INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE users ADD COLUMN is_enabled INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE users ADD COLUMN scope_kind TEXT NOT NULL DEFAULT 'everything'",
    "UPDATE users SET role_key = 1, is_super = 1 WHERE role = 'administrator'",
    "ALTER TABLE users DROP COLUMN role",
    "CREATE INDEX users_role ON users (role_key)",
    """
    CREATE TABLE scope_departments (
        user_key INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        department_key INTEGER NOT NULL REFERENCES departments (id),
        PRIMARY KEY (user_key, department_key)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE scope_extensions (
        user_key INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        number_key TEXT NOT NULL,
        number TEXT NOT NULL,
        PRIMARY KEY (user_key, number_key)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE directory (
        id INTEGER PRIMARY KEY,
        number_key TEXT NOT NULL UNIQUE CHECK (number_key <> ''),
        number TEXT NOT NULL,
        name TEXT NOT NULL DEFAULT '',
        company TEXT NOT NULL DEFAULT '',
        department_key INTEGER REFERENCES departments (id),
        is_extension INTEGER NOT NULL DEFAULT 0,
        kind TEXT NOT NULL DEFAULT '' CHECK (kind IN ('', 'ip', 'analog', 'e1')),
        note TEXT NOT NULL DEFAULT ''
    )
    """,
    "CREATE INDEX directory_department ON directory (department_key)",
    """
    CREATE TABLE view_list (
        number_key TEXT PRIMARY KEY CHECK (number_key <> ''),
        number TEXT NOT NULL,
        note TEXT NOT NULL DEFAULT '',
        is_enabled INTEGER NOT NULL DEFAULT 1
    ) WITHOUT ROWID
    """,
    "ALTER TABLE sessions ADD COLUMN as_user_key INTEGER REFERENCES users (id) ON DELETE SET NULL",
    *_TRIGGERS,
    f"CREATE TRIGGER rights_switched AFTER UPDATE OF has_view_list ON rights {_GROWS}",
)
