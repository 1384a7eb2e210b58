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
    role = peewee.TextField()
    password_hash = peewee.TextField()
    one_time = peewee.BooleanField()
    created_at_us = peewee.BigIntegerField()
    password_at_us = peewee.BigIntegerField()
    signed_in_at_us = peewee.BigIntegerField(null=True)

    class Meta:
        """Name in the file."""

        table_name = "users"


class Sessions(Table):
    """Who is signed in; `token_sha256` is all that is kept of the cookie's value."""

    writer = "webadmin"

    token_sha256 = peewee.TextField(primary_key=True)
    user_key = peewee.IntegerField(index=True)
    created_at_us = peewee.BigIntegerField()
    seen_at_us = peewee.BigIntegerField()
    address = peewee.TextField()
    agent = peewee.TextField()

    class Meta:
        """Name in the file."""

        table_name = "sessions"


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
