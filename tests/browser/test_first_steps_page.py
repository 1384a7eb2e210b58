"""From the one-time password to the end of the first steps, in Chromium and both languages, by keys where there are keys."""

import asyncio
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from appliance.bus.client import Bus
from appliance.bus.topics import INTAKE, Intake
from appliance.domain.ledger import Mark
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.broker import Broker
from tests.rigs.records import make_record
from tests.rigs.web import PASSWORD, Web

DEADLINE_MS = 60_000

pytestmark = pytest.mark.timeout(420)


@pytest.fixture
def web(layout, free_port) -> Iterator[Web]:
    broker = Broker(layout.run).start()
    with Web(layout, free_port) as served:
        yield served
    broker.kill()


def opened(browser: Browser, language: str) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(DEADLINE_MS)
    context.add_init_script(
        f"localStorage.getItem('tapeline.language') ?? localStorage.setItem('tapeline.language', '{language}')"
    )
    return context


def signed_in(context: BrowserContext, web: Web) -> Page:
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{web.port}/login")
    page.get_by_test_id("login-name").fill("admin")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("user-menu").wait_for()
    return page


def at_step(page: Page, name: str) -> None:
    expect(page.get_by_test_id("step")).to_have_attribute("data-step", name, timeout=DEADLINE_MS)


def state(page: Page, name: str, wanted: str) -> None:
    expect(page.get_by_test_id(f"step-{name}")).to_have_attribute("data-state", wanted, timeout=DEADLINE_MS)


def tell(layout, counters: dict[str, int], heard: threading.Event) -> threading.Thread:
    """A mirror port that has counted this much, until `heard`."""

    async def run() -> None:
        async with Bus(layout.bus_socket, "recorder") as bus:
            at = datetime.now(UTC)
            bus.set(INTAKE, "eth1", Intake(at=at, interface="eth1", link_up=True, counters=counters))
            await asyncio.to_thread(heard.wait, 240)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    return thread


def seen_on_the_page(
    layout, page: Page, counters: dict[str, int], ticks: dict[str, str], wanted: str
) -> None:
    heard = threading.Event()
    thread = tell(layout, counters, heard)
    try:
        for name, is_there in ticks.items():
            expect(page.get_by_test_id(f"tick-{name}")).to_have_attribute(
                "data-is", is_there, timeout=DEADLINE_MS
            )
        state(page, "mirror", wanted)
    finally:
        heard.set()
        thread.join(60)


def index(layout, **given) -> None:
    database = open_database(layout)
    calls.index_all(database, [make_record(**given)])
    database.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_new_box_leads_from_the_one_time_password_to_the_end(
    browser: Browser, web: Web, layout, language: str
) -> None:
    context = opened(browser, language)
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"http://127.0.0.1:{web.port}/")
    page.get_by_test_id("setup-one-time").fill(web.one_time_password)
    page.get_by_test_id("new-password").fill(PASSWORD)
    page.get_by_test_id("repeat-password").fill(PASSWORD)
    page.get_by_test_id("setup-submit").click()

    page.wait_for_url(re.compile("/first-steps$"))
    at_step(page, "language")
    other = "zh" if language == "en" else "en"
    page.get_by_test_id("step").get_by_test_id(f"language-{other}").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN" if other == "zh" else re.compile("^en"))
    page.get_by_test_id("step").get_by_test_id(f"language-{language}").click()
    page.get_by_test_id("step-next").focus()
    page.keyboard.press("Enter")
    at_step(page, "password")
    state(page, "language", "done")
    expect(page.get_by_test_id("step-told")).to_contain_text("admin")
    expect(page.get_by_test_id("step-next")).to_be_focused()
    page.keyboard.press("Enter")
    at_step(page, "network")

    # Leaving for the page that a step is about; the way back is on every page, the box remembers where.
    page.get_by_test_id("step-there").click()
    page.get_by_test_id("first-steps-go-on").click()
    at_step(page, "network")
    page.locator("[data-testid=step-next], [data-testid=step-later]").click()
    at_step(page, "time")
    state(page, "time", "done")  # this computer's own clock
    context.close()

    # Another browser, another day: a sign-in leads on, and the menu leads away all the same.
    context = opened(browser, language)
    page = signed_in(context, web)
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.wait_for_url(re.compile("/first-steps$"))
    at_step(page, "time")
    expect(page.get_by_test_id("tour")).to_have_count(0)
    page.get_by_test_id("menu-home").click()
    page.get_by_test_id("home-calls").wait_for()
    expect(page.get_by_test_id("first-steps-mark")).to_have_count(0)
    page.get_by_test_id("first-steps-go-on").click()
    page.get_by_test_id("step-next").click()

    at_step(page, "mirror")
    state(page, "mirror", "trouble")
    seen_on_the_page(
        layout, page, {"packets": 10}, {"link": "true", "packets": "true", "sip": "false"}, "waiting"
    )
    seen_on_the_page(layout, page, {"packets": 20, "sip_udp": 3}, {"packets": "true", "sip": "true"}, "done")
    page.locator("[data-testid=step-next], [data-testid=step-later]").click()

    at_step(page, "call")
    index(layout, call_id="own", marks=(Mark.SELF_TEST,))  # the box's own call shows nothing of the mirror
    state(page, "call", "waiting")
    page.get_by_test_id("step-later").click()
    at_step(page, "end")
    state(page, "call", "later")
    expect(page.get_by_test_id("steps-open")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_test_id("steps-finish").click()

    # The tour comes now; the overview says what was put off, and nothing leads there any more.
    page.get_by_test_id("tour-never").click()
    expect(page.get_by_test_id("first-steps-mark")).not_to_have_attribute("data-open", "0")
    expect(page.get_by_test_id("first-steps-banner")).to_have_count(0)
    page.goto(f"http://127.0.0.1:{web.port}/")
    page.get_by_test_id("home-calls").wait_for()

    # What is done later is seen to be done.
    page.get_by_test_id("first-steps-mark").click()
    at_step(page, "end")
    index(layout, call_id="real")
    state(page, "call", "done")
    context.close()
    assert not failures
    ended = [
        one
        for one in web.administrator().get("operations").json["operations"]
        if one["operation"] == "first_steps.remember"
    ]
    assert len(ended) == 1, "each step is no line of the log, the end is"


def test_who_may_not_change_settings_is_led_nowhere(browser: Browser, web: Web) -> None:
    admin = web.administrator()
    open_again = {"is_open": True, "step": "time", "seen": [], "later": []}
    assert admin.put("first-steps", open_again).status == 200
    assert admin.get("session").json["user"]["first_steps"]
    viewer = web.viewer(admin)
    assert not viewer.get("session").json["user"]["first_steps"]
    assert viewer.get("first-steps").status == 403
