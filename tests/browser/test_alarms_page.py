"""The pages of alarms and of the mails about them in Chromium, in both languages."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.store import alarms, notices
from appliance.store.alarms import Found
from appliance.store.database import open_database
from appliance.store.notices import Notice
from tests.rigs.broker import Broker
from tests.rigs.records import NOON
from tests.rigs.web import PASSWORD, Web

SAME = timedelta(minutes=15)

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def web(layout, free_port):
    database = open_database(layout)
    low = Found("disk_low", "low", "warning", raised=True, facts={"free_mib": 7})
    down = Found("program_down", "archiver", "critical", raised=True, facts={"program": "archiver"})
    alarms.record(database, [low, down], NOON, SAME)
    notices.add(database, [Notice(1, "email", "raised", "disk_low", ("a@example.org",), "low", "text")], NOON)
    notices.finish(database, 1, "failed", "554 no disks", NOON)
    database.close()
    broker = Broker(layout.run).start()
    with Web(layout, free_port) as served:
        served.administrator()
        yield served
    broker.kill()


@pytest.fixture(params=["en", "zh"])
def page(browser: Browser, web: Web, request) -> Iterator[Page]:
    failures: list[str] = []
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    context.set_default_timeout(60_000)
    context.add_init_script(f"localStorage.setItem('tapeline.language', '{request.param}')")
    page = context.new_page()
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"http://127.0.0.1:{web.port}/login")
    page.get_by_test_id("login-name").fill("admin")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    yield page
    context.close()
    assert not failures


def test_an_alarm_is_seen_in_the_menu_and_acknowledged_with_a_note(page):
    expect(page.get_by_test_id("menu-alarms-count")).to_have_text("2")
    page.get_by_test_id("menu-alarms").click()
    expect(page.get_by_test_id("alarm")).to_have_count(2)
    low = page.locator("[data-code=disk_low]")
    low.get_by_test_id("alarm-open").click()
    page.locator("textarea").fill("ordered")
    page.get_by_test_id("alarm-acknowledge").click()
    expect(low).to_have_attribute("data-state", "acknowledged")
    expect(low.get_by_test_id("alarm-answer")).to_contain_text("ordered")
    expect(page.get_by_test_id("menu-alarms-count")).to_have_text("1")
    low.get_by_test_id("alarm-open").click()
    expect(page.get_by_test_id("alarm-acknowledge")).to_have_text(re.compile("Save|保存"))
    page.keyboard.press("Escape")
    down = page.locator("[data-code=program_down]")
    down.get_by_test_id("alarm-open").click()
    page.get_by_test_id("alarm-snooze-60").click()
    expect(down.get_by_test_id("alarm-snoozed")).to_be_visible()
    expect(page.get_by_test_id("menu-alarms-count")).to_have_count(0)
    page.get_by_test_id("alarms-cleared").click()
    expect(page.get_by_test_id("alarms-empty")).to_be_visible()


def test_the_mails_tell_the_servers_words(page):
    page.get_by_test_id("menu-alarm_mails").click()
    expect(page.get_by_test_id("mail")).to_have_count(1)
    expect(page.get_by_test_id("mail")).to_contain_text("554 no disks")
    expect(page.get_by_test_id("mails-off")).to_be_visible()
    page.get_by_test_id("mails-test").click()
    expect(page.locator(".el-message--error")).to_be_visible()


def test_whoever_is_told_of_no_alarm_is_led_to_the_settings_of_alarms(page):
    page.get_by_test_id("menu-alarm_mails").click()
    page.get_by_test_id("mails-where").click()
    expect(page.locator("#section-alarms h2").first).to_be_in_viewport()
