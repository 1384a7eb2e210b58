"""The first steps in Chromium, in both languages: each turns green by what the box itself shows."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from appliance.bus.client import Bus
from appliance.bus.topics import INTAKE, Intake
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.broker import Broker
from tests.rigs.records import make_record
from tests.rigs.web import PASSWORD, Web

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture(params=["en", "zh"])
def page(browser: Browser, layout, free_port, request) -> Iterator[Page]:
    broker = Broker(layout.run).start()
    with Web(layout, free_port) as web:
        web.administrator()
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_init_script(f"localStorage.setItem('tapeline.language', '{request.param}')")
        page = context.new_page()
        failures = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(f"http://127.0.0.1:{web.port}/login")
        page.get_by_test_id("login-name").fill("admin")
        page.get_by_test_id("login-password").fill(PASSWORD)
        page.get_by_test_id("login-submit").click()
        page.get_by_test_id("menu-first_steps").wait_for()
        page.goto(f"http://127.0.0.1:{web.port}/first-steps")
        page.get_by_test_id("first-steps-page").wait_for()
        yield page
        context.close()
        assert not failures
    broker.kill()


def tell_packets(layout, packets: int, seen: threading.Event) -> threading.Thread:
    async def run() -> None:
        async with Bus(layout.bus_socket, "recorder") as bus:
            at = datetime.now(UTC)
            bus.set(
                INTAKE, "eth1", Intake(at=at, interface="eth1", link_up=True, counters={"packets": packets})
            )
            await asyncio.to_thread(seen.wait, 120)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    return thread


def test_each_step_turns_green_by_what_the_box_shows(page: Page, layout) -> None:
    expect(page.get_by_test_id("step-time")).to_have_attribute(
        "data-state", "done"
    )  # this computer's own clock
    expect(page.get_by_test_id("step-mirror")).to_have_attribute("data-state", "trouble")
    expect(page.get_by_test_id("step-call")).to_have_attribute("data-state", "waiting")
    seen = threading.Event()
    thread = tell_packets(layout, 10, seen)
    try:
        expect(page.get_by_test_id("step-mirror")).to_have_attribute("data-state", "done")
    finally:
        seen.set()
        thread.join(30)
    database = open_database(layout)
    calls.index_all(database, [make_record()])
    database.close()
    expect(page.get_by_test_id("step-call")).to_have_attribute("data-state", "done")
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
