"""A backup restored under the programs of the box: they take up what was restored by themselves, and recording goes on."""

import pytest

from appliance.domain.access import EVERYTHING
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.backing import save
from tests.rigs.bundles import make_bundle
from tests.rigs.daemons import daemons
from tests.rigs.patience import until
from tests.rigs.ports import free_port
from tests.rigs.records import NOON, make_record
from tests.rigs.web import PASSWORD, Browser

pytestmark = pytest.mark.timeout(600)


def wanted(layout, call_ids):
    def is_there():
        database = open_database(layout)
        try:
            found = {row.call_id for row in calls.find(database, calls.CallFilter(), scope=EVERYTHING).calls}
        finally:
            database.close()
        return found == set(call_ids)

    until(is_there, what=f"the ledger to hold {call_ids}", deadline_s=120)


def done(browser, kind):
    def is_done():
        found = browser.get("backups").json
        runs = found["runs"]
        return not (found["waiting"] or found["job"]) and runs and runs[0]["kind"] == kind and found

    return until(is_done, what=f"{kind} to be done", deadline_s=180)


def test_programs_that_run_take_up_what_was_restored_and_calls_made_since_stay(layout):
    database = open_database(layout)
    calls.index(database, make_record(at=NOON, call_id="old"))
    database.close()
    save(layout, box={"enabled": True})
    with daemons(layout) as box:
        box.broker()
        box.start("archiver")
        box.start("backup")
        port = free_port()
        box.start("webadmin", "--port", str(port))
        admin = Browser(port)
        once = layout.one_time_password.read_text().strip()
        begun = {"one_time_password": once, "name": "admin", "password": PASSWORD}
        assert admin.post("setup", begun).status == 200
        assert admin.post("backups").status == 202
        run = done(admin, "make")["runs"][0]
        assert run["is_good"], run
        assert admin.post("users", {"name": "late", "role_id": 2}).status == 201
        since = make_bundle(layout).name
        wanted(layout, ["old", since])
        database = open_database(layout)
        database.execute("DELETE FROM calls WHERE call_id = 'old'", ())
        database.close()
        assert admin.post("backups/rehearsal", {"place": "box", "name": run["subject"]}).status == 202
        rehearsal = done(admin, "rehearse")["rehearsal"]
        assert (rehearsal["calls"], rehearsal["missing"]) == (1, 1)
        before = {name: box.pid(name) for name in ("archiver", "webadmin")}
        assert admin.post("backups/restore", {"name": run["subject"]}).status == 202
        until(layout.restored.exists, what="it is restored", deadline_s=180)
        wanted(layout, ["old", since])
        # The programs end in order, to be started again by whoever runs them.
        for name in before:
            until(lambda name=name: box.ended(name) == 0, what=f"{name} to end by itself", deadline_s=60)
        assert box.ended("backup") is None
        box.start("webadmin", "--port", str(port))
        again = Browser(port)
        assert again.post("session", {"name": "admin", "password": PASSWORD}).status == 200
        names = {one["name"] for one in again.get("users").json["users"]}
        assert names == {"admin"}, "people are those of the backup"
        verified = again.get("operations/verification").json
        assert verified["broken"] is None, verified
        box.start("archiver")
        later = make_bundle(layout).name
        wanted(layout, ["old", since, later])
