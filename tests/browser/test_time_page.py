"""The page of the clock in Chromium, in both languages, with the real time keeper behind it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.rigs.broker import Broker
from tests.rigs.time_server import time_server
from tests.rigs.timekeeping import TimeProgram
from tests.rigs.web import PASSWORD, Web

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def program(layout, free_port) -> Iterator[tuple[TimeProgram, Web]]:
    broker = Broker(layout.run).start()
    with time_server() as server, Web(layout, free_port) as web, TimeProgram(layout, [server]) as program:
        web.administrator()
        yield program, web
    broker.kill()


@pytest.fixture(params=["en", "zh"])
def page(browser: Browser, program, request) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(f"localStorage.setItem('tapeline.language', '{request.param}')")
    page = context.new_page()
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"http://127.0.0.1:{program[1].port}/login?next=/time")
    page.get_by_test_id("login-name").fill("admin")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("time-page").wait_for()
    yield page
    context.close()
    assert not failures


def test_the_clock_is_told_asked_set_and_its_settings_saved(page: Page, program) -> None:
    keeper, _ = program
    expect(page.get_by_test_id("time-state")).to_have_attribute("data-state", "right")
    expect(page.get_by_test_id("time-server")).to_contain_text("127.0.0.1:")
    page.get_by_test_id("time-ask").click()
    expect(page.get_by_test_id("offset-chart")).to_have_attribute("data-samples", "2")
    keeper.calls_run("one")
    page.get_by_test_id("time-set").click()
    page.locator(".el-message-box__btns .el-button--primary").click()
    expect(page.locator(".el-message-box")).to_have_count(0)
    expect(page.get_by_test_id("time-error")).to_have_count(0)
    assert "step" in [deed for deed, _ in keeper.clock.said]
    page.locator("#s-time-interval_min").fill("45")
    page.locator("#s-time-interval_min").press("Tab")
    page.get_by_test_id("time-save").click()
    expect(page.get_by_test_id("time-save")).to_be_disabled()
    page.reload()
    expect(page.locator("#s-time-interval_min")).to_have_value("45")
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
