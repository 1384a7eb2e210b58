"""An index of the release before searching had its tallies is brought up to date with all its calls."""

import sqlite3

from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING
from appliance.domain.ledger import Mark, Reason
from appliance.store import calls, search
from appliance.store.database import open_database
from appliance.store.migrations import MIGRATIONS
from appliance.store.wanted import CallFilter, CallType

BEFORE = 7
_CALL = (
    "INSERT INTO calls (call_id, sip_call_id, interaction_id, caller_key, callee_key, caller_number, caller_display, "
    "callee_number, callee_display, direction, started_at_us, answered_at_us, duration_us, reason, marks, codecs, packets, "
    "lost, file, format, bytes, sha256, length_us, mos, verdict) "
    "VALUES (?, 's', ?, 1, 2, '1001', '', '1002', '', 'incoming', ?, ?, 5, ?, ?, ' PCMA ', 0, 0, ?, '', ?, '', 0, ?, '')"
)


def test_calls_of_an_older_index_are_found_and_counted_by_their_kinds(tmp_path):
    layout = Layout(tmp_path).make()
    with sqlite3.connect(layout.index) as old:
        for step in MIGRATIONS[:BEFORE]:
            for statement in step.STATEMENTS:
                old.execute(statement)
        old.execute(f"PRAGMA user_version = {BEFORE}")
        old.executemany(
            "INSERT INTO numbers (number, reversed) VALUES (?, ?)", [("1001", "1001"), ("1002", "2001")]
        )
        old.execute(_CALL, ("a", "a", 1_000_000, 2_000_000, None, " loss ", "a.wav", 7, 2.5))
        old.execute(_CALL, ("b", "b", 90_000_000_000, None, "busy", "", "", 0, None))
        old.execute(_CALL, ("c", "b", 90_000_000_001, 5, None, "", "c.wav", 9, 4.2))
        old.execute("INSERT INTO records VALUES (3, ?)", (b'{"related":[{"kind":"conference"}]}',))
    old.close()
    database = open_database(layout)

    def names(**wanted):
        asked = CallFilter(**wanted)
        found = [row.call_id for row in calls.find(database, asked, scope=EVERYTHING).calls]
        assert search.count(database, asked, scope=EVERYTHING) == len(found)
        return found

    assert names() == ["c", "b", "a"]
    assert names(mark=Mark.LOSS) == ["a"]
    assert names(reason=Reason.BUSY) == ["b"]
    assert names(call_type=CallType.MISSED) == ["b"]
    assert names(conference=True) == ["c"]
    assert names(max_mos=3.0) == ["a"]
    assert names(codec="PCMA", recorded=True) == ["c", "a"]
    database.close()
