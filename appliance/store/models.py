"""The tables, each naming the one program that writes it. The schema itself is made by `migrations/`.

Times are integers, microseconds since the epoch (`_us`), so that comparing and sorting need no parsing.
Models are bound to no database: run every query with `database.run(query)` or `database.rows(query)`.
"""

from typing import ClassVar

import peewee


class Table(peewee.Model):
    """What all tables share; `writer` is the program allowed to change it."""

    writer: ClassVar[str]


class Numbers(Table):
    """Every number or user part ever seen, once: digits without +, else lower case; '' = unknown.

    `reversed` serves searching by the end of a number; a trigram index beside it serves searching within.
    """

    writer = "archiver"

    id = peewee.AutoField()
    number = peewee.TextField(unique=True)
    reversed = peewee.TextField(index=True)

    class Meta:
        """Name in the file."""

        table_name = "numbers"


class Calls(Table):
    """The ledger: one row a call; either `reason` is set or `file` is not empty (checked by the file itself).

    `marks` and `codecs` are words, each between two blanks, so that one word is found as ` word `.
    """

    writer = "archiver"

    id = peewee.AutoField()
    call_id = peewee.TextField(unique=True)
    sip_call_id = peewee.TextField()
    interaction_id = peewee.TextField()
    caller_key = peewee.IntegerField()
    callee_key = peewee.IntegerField()
    caller_number = peewee.TextField()
    caller_display = peewee.TextField()
    callee_number = peewee.TextField()
    callee_display = peewee.TextField()
    direction = peewee.TextField()
    started_at_us = peewee.BigIntegerField()
    ringing_at_us = peewee.BigIntegerField(null=True)
    answered_at_us = peewee.BigIntegerField(null=True)
    ended_at_us = peewee.BigIntegerField(null=True)
    duration_us = peewee.BigIntegerField()
    reason = peewee.TextField(null=True)
    status_code = peewee.IntegerField(null=True)
    marks = peewee.TextField()
    codecs = peewee.TextField()
    packets = peewee.IntegerField()
    lost = peewee.IntegerField()
    file = peewee.TextField()
    format = peewee.TextField()
    bytes = peewee.BigIntegerField()
    sha256 = peewee.TextField()
    length_us = peewee.BigIntegerField()
    mos = peewee.FloatField(null=True)
    verdict = peewee.TextField()
    kind_key = peewee.IntegerField()

    class Meta:
        """Name in the file."""

        table_name = "calls"


class Records(Table):
    """The archive's JSON record of each call, apart from the row so that lists read little."""

    writer = "archiver"

    call_key = peewee.IntegerField(primary_key=True)
    record = peewee.BlobField()

    class Meta:
        """Name in the file."""

        table_name = "records"


class Merged(Table):
    """Interaction ids that turned out to be part of an earlier conversation."""

    writer = "archiver"

    interaction_id = peewee.TextField(primary_key=True)
    into_id = peewee.TextField(index=True)

    class Meta:
        """Name in the file."""

        table_name = "merged"


class Ties(Table):
    """SIP Call-IDs that a call names as those of related calls; `at_us` is when."""

    writer = "archiver"

    id = peewee.AutoField()
    call_key = peewee.IntegerField(index=True)
    sip_call_id = peewee.TextField(index=True)
    at_us = peewee.BigIntegerField()

    class Meta:
        """Name in the file."""

        table_name = "ties"


class Quarters(Table):
    """Calls and bytes per quarter of an hour (UTC) and outcome ('' = recorded), kept by triggers on `calls`.

    A quarter divides every time zone's day, so days and hours of any place are sums of rows.
    """

    writer = "archiver"

    quarter = peewee.IntegerField()
    reason = peewee.TextField()
    calls = peewee.IntegerField()
    bytes = peewee.BigIntegerField()

    class Meta:
        """Name in the file; the key is the pair."""

        table_name = "quarters"
        primary_key = peewee.CompositeKey("quarter", "reason")


class Users(Table):
    """People who may sign in; `name_key` is the name in the one form that must be unique.

    `one_time` is set while `password_hash` is of a password that someone else has made.
    """

    writer = "webadmin"

    id = peewee.AutoField()
    name = peewee.TextField()
    name_key = peewee.TextField(unique=True)
    password_hash = peewee.TextField()
    one_time = peewee.BooleanField()
    created_at_us = peewee.BigIntegerField()
    password_at_us = peewee.BigIntegerField()
    signed_in_at_us = peewee.BigIntegerField(null=True)
    real_name = peewee.TextField()
    role_key = peewee.IntegerField()
    is_super = peewee.BooleanField()
    is_enabled = peewee.BooleanField()
    scope_kind = peewee.TextField()

    class Meta:
        """Name in the file."""

        table_name = "users"


class Sessions(Table):
    """Who is signed in; `token_sha256` is all that is kept of the cookie's value.

    `as_user_key`: whose view of the panel an administrator is looking through. `confirmed_by_key`: the second person.
    """

    writer = "webadmin"

    token_sha256 = peewee.TextField(primary_key=True)
    user_key = peewee.IntegerField(index=True)
    created_at_us = peewee.BigIntegerField()
    seen_at_us = peewee.BigIntegerField()
    address = peewee.TextField()
    agent = peewee.TextField()
    held = peewee.TextField(default="")
    as_user_key = peewee.IntegerField(null=True)
    confirmed_by_key = peewee.IntegerField(null=True)
    confirmed_at_us = peewee.BigIntegerField(null=True)

    class Meta:
        """Name in the file."""

        table_name = "sessions"


class RightsState(Table):
    """One row: `revision` grows with every change of what somebody may do or see, by triggers."""

    writer = "webadmin"

    id = peewee.IntegerField(primary_key=True)
    revision = peewee.IntegerField()
    has_view_list = peewee.BooleanField()

    class Meta:
        """Name in the file."""

        table_name = "rights"


class Departments(Table):
    """The tree of departments; a name is unique below its parent."""

    writer = "webadmin"

    id = peewee.AutoField()
    parent_key = peewee.IntegerField(null=True)
    name = peewee.TextField()
    name_key = peewee.TextField()

    class Meta:
        """Name in the file."""

        table_name = "departments"


class Roles(Table):
    """What people may do; `permissions` are words, and empty for the `built_in` ones, whose grants are code.

    `is_guarded`: a second person has to confirm before anything sensitive.
    """

    writer = "webadmin"

    id = peewee.AutoField()
    name = peewee.TextField()
    name_key = peewee.TextField(unique=True)
    built_in = peewee.TextField()
    permissions = peewee.TextField()
    department_key = peewee.IntegerField(null=True)
    is_guarded = peewee.BooleanField(default=False)

    class Meta:
        """Name in the file."""

        table_name = "roles"


class ScopeDepartments(Table):
    """Departments whose calls a user may see."""

    writer = "webadmin"

    user_key = peewee.IntegerField()
    department_key = peewee.IntegerField()

    class Meta:
        """Name in the file; the key is the pair."""

        table_name = "scope_departments"
        primary_key = peewee.CompositeKey("user_key", "department_key")


class ScopeExtensions(Table):
    """Extensions whose calls a user may see."""

    writer = "webadmin"

    user_key = peewee.IntegerField()
    number_key = peewee.TextField()
    number = peewee.TextField()

    class Meta:
        """Name in the file; the key is the pair."""

        table_name = "scope_extensions"
        primary_key = peewee.CompositeKey("user_key", "number_key")


class Directory(Table):
    """Whose number it is: one row a number; `kind` is what an extension is connected by, '' for other numbers."""

    writer = "webadmin"

    id = peewee.AutoField()
    number_key = peewee.TextField(unique=True)
    number = peewee.TextField()
    name = peewee.TextField()
    company = peewee.TextField()
    department_key = peewee.IntegerField(null=True)
    is_extension = peewee.BooleanField()
    kind = peewee.TextField()
    note = peewee.TextField()

    class Meta:
        """Name in the file."""

        table_name = "directory"


class ViewList(Table):
    """Numbers whose calls alone are shown while the view list is switched on."""

    writer = "webadmin"

    number_key = peewee.TextField(primary_key=True)
    number = peewee.TextField()
    note = peewee.TextField()
    is_enabled = peewee.BooleanField()

    class Meta:
        """Name in the file."""

        table_name = "view_list"


class Commissioned(Table):
    """The commissioning that goes on, its list of extensions as JSON; `id` is always 1."""

    writer = "webadmin"

    id = peewee.IntegerField(primary_key=True)
    started_at_us = peewee.BigIntegerField()
    started_by = peewee.TextField()
    extensions = peewee.TextField()

    class Meta:
        """Name in the file."""

        table_name = "commissioning"


class Tags(Table):
    """Words that people put on calls; rows of these tables name calls by `call_id`, without a foreign key."""

    writer = "webadmin"

    call_id = peewee.TextField()
    tag = peewee.TextField()
    author = peewee.TextField()
    at_us = peewee.BigIntegerField()

    class Meta:
        """Name in the file; the key is the pair."""

        table_name = "tags"
        primary_key = peewee.CompositeKey("call_id", "tag")


class Notes(Table):
    """What people wrote about a call; `position_us` is the place in the recording, NULL for the whole call."""

    writer = "webadmin"

    id = peewee.AutoField()
    call_id = peewee.TextField()
    author = peewee.TextField()
    at_us = peewee.BigIntegerField()
    edited_at_us = peewee.BigIntegerField(null=True)
    position_us = peewee.BigIntegerField(null=True)
    text = peewee.TextField()

    class Meta:
        """Name in the file."""

        table_name = "notes"


class Bookmarks(Table):
    """Places in a recording."""

    writer = "webadmin"

    id = peewee.AutoField()
    call_id = peewee.TextField()
    author = peewee.TextField()
    at_us = peewee.BigIntegerField()
    position_us = peewee.BigIntegerField()
    label = peewee.TextField()

    class Meta:
        """Name in the file."""

        table_name = "bookmarks"


class Holds(Table):
    """Legal holds, at most one in force a call; lifted ones stay as history."""

    writer = "webadmin"

    id = peewee.AutoField()
    call_id = peewee.TextField()
    reason = peewee.TextField()
    author = peewee.TextField()
    at_us = peewee.BigIntegerField()
    lifted_by = peewee.TextField(null=True)
    lifted_at_us = peewee.BigIntegerField(null=True)

    class Meta:
        """Name in the file."""

        table_name = "holds"


class Deletions(Table):
    """Recordings that people want deleted; the archiver does it, and the row of the call then says so."""

    writer = "webadmin"

    call_id = peewee.TextField(primary_key=True)
    reason = peewee.TextField()
    author = peewee.TextField()
    at_us = peewee.BigIntegerField()

    class Meta:
        """Name in the file."""

        table_name = "deletions"


class Shares(Table):
    """Links to one recording for people without a user; `token_sha256` is all that is kept of the address."""

    writer = "webadmin"

    id = peewee.AutoField()
    token_sha256 = peewee.TextField(unique=True)
    call_id = peewee.TextField()
    user_key = peewee.IntegerField()
    author = peewee.TextField()
    at_us = peewee.BigIntegerField()
    expires_at_us = peewee.BigIntegerField()
    password_hash = peewee.TextField()
    from_us = peewee.BigIntegerField(null=True)
    to_us = peewee.BigIntegerField(null=True)
    note = peewee.TextField()
    opens = peewee.IntegerField()
    opened_at_us = peewee.BigIntegerField(null=True)
    revoked_at_us = peewee.BigIntegerField(null=True)

    class Meta:
        """Name in the file."""

        table_name = "shares"


class Alarms(Table):
    """A condition that stands, or stood until `cleared_at_us`; `facts` is a JSON object for its sentences."""

    writer = "watchdog"

    id = peewee.AutoField()
    code = peewee.TextField()
    subject = peewee.TextField()
    severity = peewee.TextField()
    facts = peewee.TextField()
    raised_at_us = peewee.BigIntegerField()
    seen_at_us = peewee.BigIntegerField()
    occurrences = peewee.IntegerField()
    cleared_at_us = peewee.BigIntegerField(null=True)

    class Meta:
        """Name in the file."""

        table_name = "alarms"


class AlarmAnswers(Table):
    """What people answered to an alarm; apart from it, so that each table has one writer."""

    writer = "webadmin"

    alarm_key = peewee.IntegerField(primary_key=True)
    acknowledged_by = peewee.TextField()
    acknowledged_at_us = peewee.BigIntegerField(null=True)
    note = peewee.TextField()
    snoozed_by = peewee.TextField()
    snoozed_until_us = peewee.BigIntegerField(null=True)

    class Meta:
        """Name in the file."""

        table_name = "alarm_answers"


class Notices(Table):
    """What was or is to be told of alarms; `state`: waiting | sent | failed. Receivers stand between blanks."""

    writer = "notifier"

    id = peewee.AutoField()
    alarm_key = peewee.IntegerField(null=True)
    target = peewee.TextField()
    occasion = peewee.TextField()
    code = peewee.TextField()
    receivers = peewee.TextField()
    title = peewee.TextField()
    content = peewee.TextField()
    at_us = peewee.BigIntegerField()
    state = peewee.TextField()
    attempts = peewee.IntegerField()
    due_at_us = peewee.BigIntegerField()
    done_at_us = peewee.BigIntegerField(null=True)
    answer = peewee.TextField()

    class Meta:
        """Name in the file."""

        table_name = "notices"


class Forwarded(Table):
    """How far a book has been told to the syslog server: the number of the last row."""

    writer = "notifier"

    book = peewee.TextField(primary_key=True)
    last = peewee.BigIntegerField()

    class Meta:
        """Name in the file."""

        table_name = "forwarded"
