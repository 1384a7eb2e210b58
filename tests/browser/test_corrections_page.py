"""The page that corrects past calls in Chromium, in both languages, with the real archiver behind it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.domain.access import EVERYTHING
from appliance.store import calls
from appliance.store.database import Database, open_database
from tests.rigs.broker import Broker
from tests.rigs.daemons import Daemons
from tests.rigs.past_calls import AT, heard, recorded, trunk
from tests.rigs.patience import until
from tests.rigs.web import PASSWORD, Web

pytestmark = pytest.mark.timeout(300)


class Box(NamedTuple):
    """A panel whose trunk was set wrong when it was recorded."""

    web: Web
    database: Database
    call_id: str
    language: str


@pytest.fixture
def box(layout, free_port, request) -> Iterator[Box]:
    broker = Broker(layout.run).start()
    with Web(layout, free_port) as web:
        admin = web.administrator()
        heard(layout, trunk(layout, "china"))
        database = open_database(layout)
        record, _ = recorded(layout, database)
        other, _ = recorded(layout, database, call_id="ontheother0")
        first, second = other.manifest.lines
        other.manifest.lines = [
            msgspec.structs.replace(first, side=second.side),
            msgspec.structs.replace(second, side=first.side),
        ]
        calls.index(database, other)
        until(lambda: admin.get("boards/corrections").json["trunks"], 60, "the trunk")
        yield Box(web, database, record.call.call_id, request.param)
        database.close()
    broker.kill()


@pytest.fixture
def page(browser: Browser, box: Box) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900},
        color_scheme="dark" if box.language == "zh" else "light",
        timezone_id="UTC",
    )
    context.add_init_script(f"localStorage.setItem('tapeline.language', '{box.language}')")
    # The kept call lies at a fixed moment: the page offers the day before its own clock.
    page = context.new_page()
    page.clock.set_fixed_time(AT + timedelta(hours=2))
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"http://127.0.0.1:{box.web.port}/login?next=/boards/corrections")
    page.get_by_test_id("login-name").fill("admin")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("corrections-page").wait_for()
    yield page
    context.close()
    assert not failures


@pytest.mark.parametrize("box", ["en", "zh"], indirect=True)
def test_past_calls_are_previewed_and_corrected(page: Page, box: Box) -> None:
    page.get_by_test_id("corrections-preview").click()
    plan = page.get_by_test_id("corrections-plan")
    expect(plan).to_have_attribute("data-state", "ready")
    row = page.locator('[data-testid="correction-row"][data-left="false"]')
    expect(row).to_have_count(1)
    expect(row.locator('[data-fact="caller"] ins')).to_contain_text("01087654321")
    expect(row.locator('[data-fact="callee"] del')).to_contain_text("–")
    expect(row.locator('[data-fact="callee"] ins')).to_contain_text("02112345")
    page.screenshot(path=f".build/screenshots/corrections-{box.language}.png", full_page=True)
    page.set_viewport_size({"width": 360, "height": 800})
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide, "the page is wider than a telephone"
    page.screenshot(path=f".build/screenshots/corrections-{box.language}-360.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_test_id("corrections-apply").click()
    page.locator(".el-message-box__btns .el-button--primary").click()
    order = page.get_by_test_id("corrections-order")
    expect(order).to_have_attribute("data-done", "false")
    expect(plan).to_have_count(0)
    page.clock.resume()
    programs = Daemons(box.web.layout)
    try:
        programs.start("archiver")
        expect(order).to_have_attribute("data-done", "true", timeout=120_000)
    finally:
        programs.close()
    found = calls.get(box.database, box.call_id, scope=EVERYTHING)
    assert found is not None
    assert (found.call.caller.number, found.call.callee.number) == ("01087654321", "02112345")


@pytest.mark.parametrize("box", ["en"], indirect=True)
def test_a_preview_that_is_dropped_changes_nothing(page: Page, box: Box) -> None:
    page.get_by_test_id("corrections-preview").click()
    expect(page.get_by_test_id("corrections-plan")).to_have_attribute("data-state", "ready")
    page.get_by_test_id("corrections-drop").click()
    expect(page.get_by_test_id("corrections-plan")).to_have_count(0)
    found = calls.get(box.database, box.call_id, scope=EVERYTHING)
    assert found is not None
    assert found.call.caller.number == ""
