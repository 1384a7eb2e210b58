import io
import json
import zipfile

from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.records import make_record

NUMBER = "13812340001"


def test_a_bundle_names_nobody_and_holds_no_secret(web):
    admin = web.administrator()
    kept = admin.get("settings").json
    kept["settings"]["alarms"]["email"]["password"] = "mail secret 7"
    kept["settings"]["recording"]["blacklist"] = [{"number": NUMBER}]
    assert admin.put("settings", {"revision": kept["revision"], "settings": kept["settings"]}).status == 200
    database = open_database(web.layout)
    calls.index(database, make_record(NUMBER, "8001"))
    database.close()
    web.layout.logs.mkdir(exist_ok=True)
    (web.layout.logs / "recorder.log").write_text(f"2026-11-21T12:00:00 call from {NUMBER}\n")
    reply = admin.get("support/bundle")
    assert reply.status == 200
    with zipfile.ZipFile(io.BytesIO(reply.body)) as bundle:
        held = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert {"README.txt", "system.json", "state.json", "configuration.json", "ledger.json"} <= held.keys()
    assert json.loads(held["ledger.json"]) == {"recorded": 1}
    everything = "".join(held.values())
    assert NUMBER not in everything
    assert "mail secret 7" not in everything
    assert web.layout.token_key.stat().st_mode & 0o777 == 0o600
    token = held["configuration.json"].split('"number": "')[1].split('"')[0]
    assert token.startswith("n:")


def test_only_who_sees_everything_gets_one(web):
    admin = web.administrator()
    assert web.viewer(admin).get("support/bundle").status == 403
