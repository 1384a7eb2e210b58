"""Statements of completeness: what they count, when they are made, and that nothing about them can be changed unseen."""

import subprocess
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from appliance.archive.statements import BadKey, Flaw, Statements, against_ledger
from appliance.commands import statement as command
from appliance.commands.tapeline import main
from appliance.domain.ledger import Reason
from appliance.domain.statement import PREFIX, Occasion, digest, sentence
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.records import make_record

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2026, 11, 21, 16, tzinfo=UTC)  # midnight in Shanghai
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(layout):
    opened = open_database(layout)
    yield opened
    opened.close()


def add(database, *moments, reason=None):
    calls.index_all(database, [make_record(at=at, reason=reason) for at in moments])


def make(layout, database, now):
    return Statements(layout).make_due(database, now, ZONE, layout.archive / "statements")


def flaws(layout):
    return [(one.number, one.flaw) for one in Statements(layout).followed()]


def test_a_day_is_stated_a_while_after_its_midnight_in_the_zone_of_the_box(layout, database):
    add(database, NIGHT - DAY, NIGHT - DAY + MINUTE, NIGHT - MINUTE)
    add(database, NIGHT - 2 * MINUTE, reason=Reason.BUSY)
    add(database, NIGHT)  # of the next day
    assert make(layout, database, NIGHT + 9 * MINUTE) == []
    (made,) = make(layout, database, NIGHT + 10 * MINUTE)
    assert (made.since, made.until, made.number) == (NIGHT - DAY, NIGHT, 1)
    assert (made.seen, made.recorded, made.reasons, made.late) == (4, 3, {"busy": 1}, 0)
    assert sentence(made, "en") == "4 calls seen, 3 recorded, 1 without a recording (Busy 1)."
    assert "3" in sentence(made, "zh")
    assert make(layout, database, NIGHT + 11 * MINUTE) == []


def test_every_call_of_the_ledger_stands_in_one_statement(layout, database):
    add(database, NIGHT - 5 * DAY, NIGHT - 3 * DAY)
    make(layout, database, NIGHT + 10 * MINUTE)
    add(database, NIGHT - MINUTE, NIGHT + MINUTE)  # the first was still going on at midnight
    later = make(layout, database, NIGHT + 3 * DAY + 10 * MINUTE)
    assert [(one.seen, one.late) for one in later] == [(1, 1), (0, 0), (0, 0)]
    book = [one.statement for one in Statements(layout).followed()]
    assert sum(one.seen + one.late for one in book) == 4 == book[-1].total
    assert flaws(layout) == [(1, None), (2, None), (3, None), (4, None)]


def test_a_day_without_calls_is_stated_too(layout, database):
    (made,) = make(layout, database, NIGHT + 10 * MINUTE)
    assert (made.seen, made.until) == (0, NIGHT)


def test_one_that_is_asked_for_tells_of_the_day_so_far_and_takes_nothing_from_the_daily_one(layout, database):
    add(database, NIGHT - MINUTE)
    make(layout, database, NIGHT + 10 * MINUTE)
    add(database, NIGHT + MINUTE)
    Statements(layout).ask()
    (asked,) = make(layout, database, NIGHT + 60 * MINUTE)
    assert (asked.occasion, asked.since, asked.seen) == (Occasion.ASKED, NIGHT, 1)
    assert not Statements(layout).is_asked
    (daily,) = make(layout, database, NIGHT + DAY + 10 * MINUTE)
    assert (daily.since, daily.seen, daily.late) == (NIGHT, 1, 0)
    assert daily.previous == digest(asked.content)


def test_a_clock_that_was_ahead_makes_no_statement_twice(layout, database):
    make(layout, database, NIGHT + 5 * DAY + 10 * MINUTE)
    assert make(layout, database, NIGHT + 10 * MINUTE) == []


@pytest.fixture
def three(layout, database):
    for day in range(3):
        add(database, NIGHT + day * DAY - MINUTE)
        make(layout, database, NIGHT + day * DAY + 10 * MINUTE)
    return layout


def test_whatever_is_changed_is_found(three, database):
    folder = three.statements
    assert flaws(three) == [(1, None), (2, None), (3, None)]
    whole = (folder / "000002.json").read_bytes()
    (folder / "000002.json").write_bytes(whole.replace(b'"seen":1', b'"seen":9'))
    assert flaws(three) == [(1, None), (2, Flaw.SIGNATURE), (3, Flaw.CHAIN)]
    (folder / "000002.json").write_bytes(b"{")
    assert flaws(three)[1] == (2, Flaw.UNREADABLE)
    (folder / "000002.json").unlink()
    assert flaws(three) == [(1, None), (2, Flaw.MISSING), (3, Flaw.CHAIN)]
    (folder / "000002.json").write_bytes(whole)
    for kind in ("json", "sig"):
        (folder / f"000003.{kind}").write_bytes((folder / f"000001.{kind}").read_bytes())
    assert flaws(three)[2] == (3, Flaw.CHAIN)


def test_after_a_damaged_one_the_book_goes_on_and_keeps_the_flaw(three, database):
    (three.statements / "000003.json").write_bytes(b"{")
    make(three, database, NIGHT + 3 * DAY + 10 * MINUTE)
    assert [number for number, flaw in flaws(three) if flaw is not None] == [3]
    assert [number for number, _ in flaws(three)] == [1, 2, 3, 4, 5]


def test_calls_that_vanish_from_the_ledger_contradict_the_statement(three, database):
    database.execute("DELETE FROM records", ())
    database.execute("DELETE FROM calls WHERE started_at_us < ?", (int(NIGHT.timestamp()) * 1_000_000,))
    found = [against_ledger(database, one).flaw for one in Statements(three).followed()]
    assert found == [Flaw.LEDGER, None, None]


def test_openssl_proves_a_statement_without_us(three, tmp_path):
    signed = tmp_path / "signed"
    signed.write_bytes(PREFIX + (three.statements / "000002.json").read_bytes())
    key, signature = three.statements / "public.pem", three.statements / "000002.sig"
    words = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-rawin",
        "-inkey",
        key,
        "-sigfile",
        signature,
        "-in",
        signed,
    ]
    assert subprocess.run(words, capture_output=True, check=False).returncode == 0
    signed.write_bytes(signed.read_bytes() + b" ")
    assert subprocess.run(words, capture_output=True, check=False).returncode == 1


def test_the_text_lies_in_the_archive_and_the_key_is_nobodys_business(three):
    text = (three.archive / "statements" / "statement-000002.txt").read_text()
    assert "1 calls seen, 1 recorded" in text
    assert (three.statements / "000002.sig").read_bytes().hex() in text
    assert three.statement_key.stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_none_is_told_and_not_replaced(three, database):
    three.statement_key.write_bytes(b"no key")
    with pytest.raises(BadKey):
        make(three, database, NIGHT + 3 * DAY + 10 * MINUTE)
    assert three.statement_key.read_bytes() == b"no key"


def test_the_command_tells_whether_all_are_as_they_were_made(three, capsys):
    words = ["statement", "verify", "--data", str(three.data)]
    assert main(words) == command._INTACT
    assert "3 statements, all as they were made" in capsys.readouterr().out
    (three.statements / "000001.json").write_bytes(b"{}")
    assert main([*words, "--json"]) == command._NOT
    assert '"number":1' in capsys.readouterr().out
    assert main(["statement", "make", "--data", str(three.data)]) == 0
    assert Statements(three).is_asked
