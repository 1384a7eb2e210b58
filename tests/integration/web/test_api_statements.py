"""Statements over the API: listed and proved, asked for, downloaded, and only by whoever sees all calls."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from appliance.archive.statements import Statements
from appliance.domain.ledger import Reason
from appliance.domain.statement import PREFIX
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.records import make_record

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2026, 11, 20, 16, tzinfo=UTC)


@pytest.fixture
def stated(web):
    """Two days, of which one call has no recording."""
    database = open_database(web.layout)
    for day in range(2):
        at = NIGHT + timedelta(days=day)
        reason = Reason.BUSY if day else None
        calls.index_all(database, [make_record(at=at - timedelta(minutes=5), reason=reason)])
        Statements(web.layout).make_due(database, at + timedelta(minutes=10), ZONE, None)
    database.close()
    return web


def test_without_a_statement_there_is_none(web):
    answer = web.administrator().get("statements").json
    assert answer == {"total": 0, "intact": True, "is_asked": False, "has_key": False, "statements": []}
    assert web.administrator().get("statement-key").status == 404


def test_statements_are_listed_with_their_proof(stated):
    answer = stated.administrator().get("statements").json
    assert (answer["total"], answer["intact"], answer["has_key"]) == (2, True, True)
    newest, first = answer["statements"]
    assert (newest["number"], newest["seen"], newest["recorded"], newest["without"]) == (2, 1, 0, 1)
    assert newest["previous"] == first["sha256"]
    assert newest["reasons"][0]["reason"] == "busy"
    assert newest["flaw"] == ""


def test_a_changed_statement_is_shown_as_such(stated):
    path = stated.layout.statements / "000001.json"
    path.write_bytes(path.read_bytes().replace(b'"recorded":1', b'"recorded":2'))
    answer = stated.administrator().get("statements").json
    assert answer["intact"] is False
    assert [one["flaw"] for one in answer["statements"]] == ["chain", "signature"]
    assert all(one["flaw_text"] for one in answer["statements"])


def test_the_files_prove_each_other(stated):
    admin = stated.administrator()
    content = admin.get("statements/2/file").body
    signature = admin.get("statements/2/file?form=sig").body
    load_pem_public_key(admin.get("statement-key").body).verify(signature, PREFIX + content)
    assert b"No. 2" in admin.get("statements/2/file?form=txt").body
    assert admin.get("statements/3/file").status == 404
    assert admin.get("statements/2/file?form=exe").status == 422


def test_asking_leaves_a_wish_for_the_archiver(stated):
    admin = stated.administrator()
    asked = admin.post("statements", {})
    assert (asked.status, asked.json["is_asked"]) == (202, True)
    assert Statements(stated.layout).is_asked
