import io
import shutil
import wave
from datetime import timedelta

import numpy as np
import pytest

from appliance.core.clock import ManualClock
from appliance.domain.access import ScopeKind
from appliance.store import people
from appliance.store.database import open_database
from tests.integration.web.conftest import fill, new_layout, new_port
from tests.rigs.broker import Broker
from tests.rigs.records import NOON
from tests.rigs.web import ROLES, Web

PASSED = "seven green kettles"


@pytest.fixture(scope="module")
def shared():
    """A box whose clock stands still; its only administrator and a second one, eva."""
    layout = new_layout()
    recorded, refused, _, samples, _ = fill(layout)
    broker = Broker(layout.run).start()
    clock = ManualClock(NOON + timedelta(hours=2))
    with Web(layout, new_port(), clock=clock) as web:
        admin = web.administrator()
        eva = web.viewer(admin, "eva", "administrator")
        yield web, admin, eva, recorded, refused, samples, clock
    broker.kill()
    shutil.rmtree(layout.data)


def link_of(browser, call_id, **body):
    reply = browser.post(f"calls/{call_id}/shares", body)
    assert reply.status == 201, reply
    assert reply.json["path"].startswith("/s/")
    return reply.json["path"].removeprefix("/s/"), reply.json["id"]


def opened(web, link, password=""):
    return web.anonymous().post("shared", {"link": link, "password": password})


def test_a_link_lets_a_stranger_hear_one_recording_and_nothing_else(shared):
    web, admin, _, recorded, refused, samples, _ = shared
    link, key = link_of(admin, recorded, hours=1, note="for the lawyer")
    stranger = web.anonymous()
    assert stranger.get(f"shared?link={link}").json["needs_password"] is False
    told = stranger.post("shared", {"link": link}).json
    assert (told["caller"]["number"], told["note"], told["length_s"]) == ("4930123456", "for the lawyer", 3.0)
    audio = stranger.get(f"shared/audio?ticket={told['ticket']}", Range="bytes=0-99")
    assert (audio.status, len(audio.body)) == (206, 100)
    assert stranger.get(f"shared/peaks?ticket={told['ticket']}").body[:4] == b"TPK1"
    for path in (f"calls/{recorded}", f"calls/{recorded}/audio", "calls", "shares"):
        assert stranger.get(path).status == 401
    assert samples.size
    listed = admin.get(f"calls/{recorded}/shares").json["shares"][0]
    assert (listed["id"], listed["opens"], listed["state"], listed["path"]) == (key, 1, "alive", "")
    assert admin.post(f"calls/{refused}/shares", {}).code == "no-recording"


def test_a_link_of_a_region_holds_that_region_only(shared):
    web, admin, _, recorded, _, samples, _ = shared
    link, _ = link_of(admin, recorded, from_s=1.0, to_s=1.5)
    told = opened(web, link).json
    assert (told["from_s"], told["length_s"]) == (1.0, 0.5)
    audio = web.anonymous().get(f"shared/audio?ticket={told['ticket']}")
    with wave.open(io.BytesIO(audio.body)) as file:
        got = np.frombuffer(file.readframes(99_999), np.int16).reshape(-1, 2)
    assert np.array_equal(got, samples[8000:12_000])


def test_a_password_is_asked_and_guessing_slows_down(shared):
    web, admin, _, recorded, _, _, clock = shared
    link, _ = link_of(admin, recorded, password=PASSED)
    assert web.anonymous().get(f"shared?link={link}").json["needs_password"] is True
    answers = [opened(web, link, f"guess {number}").status for number in range(8)]
    assert answers[0] == 401
    assert 429 in answers
    clock.at_mono_s += 3600
    told = opened(web, link, PASSED)
    assert told.status == 200
    assert web.anonymous().get(f"shared/audio?ticket={told.json['ticket']}").status == 200


def test_unknown_links_and_faked_tickets_are_dead(shared):
    web, admin, _, recorded, _, _, clock = shared
    clock.at_mono_s += 3600
    assert opened(web, "x" * 43).code == "dead-link"
    link, key = link_of(admin, recorded)
    ticket = opened(web, link).json["ticket"]
    other = "0" if ticket[-1] != "0" else "1"
    for fake in (ticket[:-1] + other, f"{key}.9999999999.00", "", "a.b.c", "%D9%A1.1.2"):
        assert web.anonymous().get(f"shared/audio?ticket={fake}").status == 404, fake


def test_a_link_ends_by_time_and_a_ticket_with_it(shared):
    web, admin, _, recorded, _, _, clock = shared
    link, _ = link_of(admin, recorded, hours=1)
    ticket = opened(web, link).json["ticket"]
    clock.at += timedelta(hours=1)
    assert opened(web, link).code == "dead-link"
    assert web.anonymous().get(f"shared/audio?ticket={ticket}").status == 404
    clock.at -= timedelta(hours=1)
    assert web.anonymous().get(f"shared/audio?ticket={ticket}").status == 200


def test_a_revoked_link_is_dead_at_once(shared):
    web, admin, eva, recorded, _, _, _ = shared
    link, key = link_of(admin, recorded)
    ticket = opened(web, link).json["ticket"]
    assert eva.delete(f"shares/{key}").status == 204  # an administrator may revoke anybody's
    assert opened(web, link).code == "dead-link"
    assert web.anonymous().get(f"shared/audio?ticket={ticket}").status == 404
    assert admin.delete("shares/999999").status == 404


def test_a_link_may_last_only_as_long_as_the_settings_say(shared):
    _, admin, _, recorded, *_ = shared
    reply = admin.post(f"calls/{recorded}/shares", {"hours": 31 * 24})
    assert (reply.status, reply.field) == (422, "hours")


@pytest.mark.parametrize("loss", ["right", "scope", "disabled", "removed"])
def test_a_link_is_worth_what_its_maker_may_do_now(shared, loss):
    web, admin, _, recorded, *_ = shared
    name = f"maker-{loss}"
    maker = web.viewer(admin, name, "administrator")
    link, _ = link_of(maker, recorded)
    ticket = opened(web, link).json["ticket"]
    database = open_database(web.layout)
    person = people.find(database, name).person
    rights = people.Rights(
        ROLES["viewer"] if loss == "right" else ROLES["administrator"],
        kind=ScopeKind.EXTENSIONS if loss == "scope" else ScopeKind.EVERYTHING,
        extensions=("9999",) if loss == "scope" else (),
    )
    if loss == "removed":
        people.remove(database, person.id)
    else:
        people.change(database, person.id, rights, name=name, real_name="", is_enabled=loss != "disabled")
    database.close()
    assert opened(web, link).code == "dead-link"
    assert web.anonymous().get(f"shared/audio?ticket={ticket}").status == 404


def test_links_need_their_permission(box):
    assert box.viewer.post(f"calls/{box.recorded}/shares", {}).status == 403
    assert box.viewer.get("shares").status == 403
