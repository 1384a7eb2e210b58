"""Menu, system information and the channel wall in Chromium, in both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.core.release import VERSION
from appliance.domain.control import Verb
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.broker import Broker
from tests.rigs.obedience import Recorder
from tests.rigs.records import make_record
from tests.rigs.web import PASSWORD, Web

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def web(layout, free_port):
    broker = Broker(layout.run).start()
    with Web(layout, free_port) as served:
        served.administrator()
        yield served
    broker.kill()


def signed_in(browser: Browser, web: Web, language: str, name: str = "admin") -> Page:
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    context.add_init_script(f"localStorage.setItem('tapeline.language', '{language}')")
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{web.port}/login")
    page.get_by_test_id("login-name").fill(name)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("menu-live").wait_for()
    return page


@pytest.fixture(params=["en", "zh"])
def page(browser: Browser, web, request) -> Iterator[Page]:
    page = signed_in(browser, web, request.param)
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    page.context.close()
    assert not failures


def test_a_closed_group_stays_closed_until_one_of_its_pages_is_gone_to(page: Page) -> None:
    head = page.get_by_test_id("menu-group-people")
    head.focus()
    page.keyboard.press("ArrowLeft")
    expect(head).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_test_id("menu-users")).to_be_hidden()
    page.reload()
    expect(page.get_by_test_id("menu-group-people")).to_have_attribute("aria-expanded", "false")
    page.get_by_test_id("menu-group-people").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(":focus")).to_have_attribute("data-testid", "menu-why")
    page.goto(page.url.rstrip("/") + "/users")
    expect(page.get_by_test_id("menu-users")).to_be_visible()


def test_groups_without_a_page_that_may_be_seen_are_not_there(browser: Browser, web) -> None:
    web.viewer(web.administrator())
    page = signed_in(browser, web, "en", "viewer")
    expect(page.get_by_test_id("menu-group-recordings")).to_be_visible()
    expect(page.get_by_test_id("menu-group-people")).to_have_count(0)
    expect(page.get_by_test_id("menu-system")).to_have_count(0)
    page.context.close()


def test_the_system_page_shows_ports_programs_and_a_log(page: Page, web) -> None:
    web.layout.logs.mkdir()
    (web.layout.logs / "archiver.log").write_text("10:00:00 ERROR   x: the disk refused\n")
    page.get_by_test_id("menu-system").click()
    expect(page.get_by_test_id("system-version")).to_have_text(VERSION)
    expect(page.locator("[data-testid=system-program][data-name=webadmin]")).to_have_attribute(
        "data-state", "running"
    )
    # The first look has no share of a processor; the page looks again.
    expect(
        page.locator("[data-testid=system-program][data-name=webadmin]").get_by_test_id("program-cpu")
    ).to_contain_text("%")
    archiver = page.locator("[data-testid=system-program][data-name=archiver]")
    expect(archiver).to_contain_text("the disk refused")
    expect(page.locator("[data-testid=system-licence][data-technology=ip]")).to_have_attribute(
        "data-state", "unlimited"
    )
    page.get_by_test_id("program-log-archiver").click()
    expect(page.get_by_test_id("log-lines")).to_contain_text("the disk refused")


def test_the_wall_shows_idle_and_busy_channels_and_pauses_one(page: Page, web) -> None:
    admin = web.administrator()
    bound = [
        {"number": "1001", "channel": 1, "name": "Alice"},
        {"number": "1777", "channel": 2, "name": "Bob"},
    ]
    assert admin.post("extensions", {"extensions": bound}).status == 200
    before = make_record("02134567890", "1001")
    database = open_database(web.layout)
    calls.index(database, before)
    database.close()
    assert admin.post(f"calls/{before.call.call_id}/tags", {"tag": "complaint"}).status == 200
    page.get_by_test_id("menu-live").click()
    page.get_by_test_id("live-view-wall").click()
    tiles = page.get_by_test_id("wall-tile")
    expect(tiles).to_have_count(2)
    expect(tiles.first).to_have_attribute("data-state", "idle")
    with Recorder(web.layout, "0call") as recorder:
        busy = page.locator("[data-testid=wall-tile][data-number='1001']")
        expect(busy).to_have_attribute("data-state", "up")
        page.get_by_test_id("wall-state-idle").click()
        expect(tiles).to_have_count(1)
        expect(tiles.first).to_have_attribute("data-number", "1777")
        page.get_by_test_id("wall-state-all").click()
        tiles.nth(1).focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
        drawer = page.get_by_test_id("channel-drawer")
        expect(drawer).to_have_attribute("data-state", "up")
        expect(page.get_by_test_id("channel-remote")).to_contain_text("4930123456")
        drawer.get_by_test_id("control-pause").click()
        expect(drawer.get_by_test_id("control")).to_have_attribute("data-control", "paused")
        assert recorder.orders[0][:2] == ("0call", Verb.PAUSE)
        earlier = drawer.get_by_test_id("channel-last-call")
        expect(earlier).to_have_count(1)
        expect(earlier).to_contain_text("02134567890")
        expect(earlier.get_by_test_id("channel-last-tag")).to_have_text(["complaint"])
    page.reload()
    expect(page.get_by_test_id("wall-tile")).to_have_count(2)


def test_of_two_thousand_channels_only_a_screen_is_drawn(page: Page, web) -> None:
    admin = web.administrator()
    revision = admin.get("settings").json["revision"]
    bound = [{"number": str(1000 + place), "channel": place} for place in range(1, 2001)]
    saved = admin.put("settings", {"revision": revision, "settings": {"recording": {"extensions": bound}}})
    assert saved.status == 200, saved.body
    page.get_by_test_id("menu-live").click()
    page.get_by_test_id("live-view-wall").click()
    expect(page.get_by_test_id("wall-state-idle")).to_contain_text("2000")
    assert page.get_by_test_id("wall-tile").count() < 300
    page.get_by_test_id("wall-tile").first.focus()
    page.keyboard.press("End")
    expect(page.locator(":focus")).to_have_attribute("data-number", "3000")
    page.get_by_test_id("wall-text").fill("2345")
    expect(page.get_by_test_id("wall-tile")).to_have_count(1)


def test_a_setting_is_found_by_its_words_in_either_language(page: Page) -> None:
    page.get_by_test_id("menu-settings").click()
    page.get_by_test_id("setting-archive.format").wait_for()
    page.get_by_test_id("settings-find").fill("抓包环形缓冲")
    expect(page.get_by_test_id("setting-capture.ring_mib")).to_be_visible()
    expect(page.get_by_test_id("setting-archive.format")).to_have_count(0)
    page.get_by_test_id("settings-find").fill("capture ring")
    expect(page.get_by_test_id("setting-capture.ring_mib")).to_be_visible()
    page.get_by_test_id("settings-find").fill("no such words")
    expect(page.get_by_test_id("settings-find-none")).to_be_visible()
