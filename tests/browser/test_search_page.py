"""The list by its line of words and its form, kept searches, pages by key, statistics, in Chromium."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.domain.call import Direction
from appliance.domain.ledger import Mark, Reason
from appliance.settings import storage
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.broker import Broker
from tests.rigs.records import make_record
from tests.rigs.visiting import ROOT
from tests.rigs.web import PASSWORD, Web

WAIT_MS = 30_000
PICTURES = ROOT / ".build" / "screenshots"

pytestmark = pytest.mark.timeout(240)


def through_trunk(**facts):
    record = make_record(**facts)
    call = record.manifest.call
    call.caller = msgspec.structs.replace(call.caller, address="192.0.2.7:5060")
    return record


@pytest.fixture
def web(layout, free_port):
    database = open_database(layout)
    now = datetime.now(UTC)
    calls.index_all(
        database,
        [
            through_trunk(
                caller=f"1391234{n:04d}",
                callee="1001" if n % 2 else "1002",
                at=now - timedelta(seconds=n),
                marks=(Mark.ONE_WAY,) if n == 3 else (),
                reason=Reason.BUSY if n == 5 else None,
                talk_s=0 if n == 5 else 400 if n == 4 else 30,
                direction=Direction.INCOMING,
            )
            for n in range(30)
        ],
    )
    database.close()
    broker = Broker(layout.run).start()
    with Web(layout, free_port) as served:
        served.administrator()
        yield served
    broker.kill()


@pytest.fixture(params=["en", "zh"])
def page(browser: Browser, web, request) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    context.add_init_script(f"localStorage.setItem('tapeline.language', '{request.param}')")
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on(
        "console", lambda said: failures.append(said.text) if "Content Security Policy" in said.text else None
    )
    page.goto(f"http://127.0.0.1:{web.port}/login")
    page.get_by_test_id("login-name").fill("admin")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("menu-calls").click()
    page.get_by_test_id("calls-table").wait_for()
    yield page
    context.close()
    assert not failures


def rows(page: Page, count: int) -> None:
    expect(page.get_by_test_id("call-row")).to_have_count(count, timeout=WAIT_MS)


def test_a_line_of_words_and_the_form_are_one_question(page: Page) -> None:
    line = page.get_by_test_id("query-line")
    line.fill("ext:1001 oneway")
    line.press("Enter")
    rows(page, 1)
    expect(page).to_have_url(re.compile(r"extension=1001.*mark=one_way|mark=one_way.*extension=1001"))
    expect(page.get_by_test_id("filter-chip")).to_have_count(2)
    line.fill("分机:1002 >5分钟")
    line.press("Enter")
    rows(page, 1)
    page.get_by_test_id("filter-clear").click()
    rows(page, 25)
    expect(line).to_have_value("", timeout=WAIT_MS)
    page.get_by_test_id("recorded-no").click()
    rows(page, 1)
    expect(line).to_have_value(re.compile("recorded:no|录音:否"), timeout=WAIT_MS)


def test_the_rarer_filters_come_when_they_are_asked_for_and_go_again(page: Page) -> None:
    language = page.evaluate("localStorage.getItem('tapeline.language')")
    fields, caller = page.locator("#more-filters"), page.get_by_test_id("filter-caller")
    expect(fields).to_have_count(0)
    page.get_by_test_id("filter-more").click()
    page.get_by_test_id("filter-reason").click()
    page.locator(
        "[role=option]:visible", has_text=re.compile({"en": "[Bb]usy", "zh": "忙"}[language])
    ).first.click()
    rows(page, 1)
    page.get_by_test_id("filter-chip").click()
    rows(page, 25)
    caller.fill("13912340007")
    rows(page, 1)
    page.screenshot(path=PICTURES / f"filters-{language}.png")
    page.get_by_test_id("filter-more").click()
    expect(fields).to_be_hidden()
    expect(page.get_by_test_id("filter-chip")).to_have_count(1)
    page.reload()  # a filter that is at work is shown
    expect(caller).to_have_value("13912340007", timeout=WAIT_MS)
    page.locator("#f-from").click()
    page.locator(".el-date-table td.available").first.wait_for()
    page.set_viewport_size({"width": 360, "height": 800})
    page.screenshot(path=PICTURES / f"filters-{language}-360.png")


def test_what_is_wrong_is_pointed_at_and_words_are_offered(page: Page) -> None:
    line = page.get_by_test_id("query-line")
    line.fill("ext:1001 weather")
    line.press("Enter")
    expect(page.get_by_test_id("query-problems").locator("mark")).to_have_text("weather", timeout=WAIT_MS)
    line.fill("")
    line.press_sequentially("reason:bu")
    expect(page.get_by_test_id("query-offer").first).to_contain_text("reason:", timeout=WAIT_MS)
    line.press("ArrowDown")
    line.press("Enter")
    line.press("Enter")
    rows(page, 1)


def test_what_one_has_reviewed_is_marked_and_found(page: Page) -> None:
    rows(page, 25)
    line, table = page.get_by_test_id("query-line"), page.get_by_test_id("calls-table")
    language = page.evaluate("localStorage.getItem('tapeline.language')")

    def marks(count: int) -> None:
        expect(table.locator("[data-testid=reviewed][aria-pressed=true]")).to_have_count(count)

    marks(0)
    shown = page.get_by_test_id("call-row")
    shown.nth(0).focus()
    page.keyboard.press("r")
    marks(1)
    for place in (1, 2):
        shown.nth(place).get_by_test_id("row-tick").check()
    page.keyboard.press("r")
    marks(3)
    page.get_by_test_id("many-reviewed").click()
    marks(1)
    page.get_by_test_id("many-reviewed").click()
    marks(3)
    page.screenshot(path=PICTURES / f"reviewed-{language}.png")
    line.fill({"en": "reviewed:yes", "zh": "已阅:是"}[language])
    line.press("Enter")
    rows(page, 3)
    expect(page.get_by_test_id("filter-chip")).to_have_count(1)
    shown.nth(0).get_by_test_id("row-play").click()
    in_player = page.get_by_test_id("player").get_by_test_id("reviewed")
    expect(in_player).to_have_attribute("aria-pressed", "true")
    in_player.click()
    marks(2)
    page.keyboard.press("r")
    marks(3)
    in_player.click()
    marks(2)
    page.set_viewport_size({"width": 360, "height": 800})
    page.screenshot(path=PICTURES / f"reviewed-{language}-360.png")
    page.reload()
    rows(page, 2)
    shown.nth(0).get_by_test_id("row-play").wait_for()
    page.get_by_test_id("query-line").fill({"en": "unreviewed", "zh": "未阅"}[language])
    page.get_by_test_id("query-line").press("Enter")
    rows(page, 25)
    marks(0)


def test_searches_are_kept_and_used_again(page: Page) -> None:
    line = page.get_by_test_id("query-line")
    line.fill("oneway")
    line.press("Enter")
    rows(page, 1)
    page.get_by_test_id("searches").click()
    page.get_by_test_id("search-name").fill("One-way calls")
    page.get_by_test_id("search-keep").click()
    expect(page.get_by_test_id("search-use")).to_have_text("One-way calls", timeout=WAIT_MS)
    page.keyboard.press("Escape")
    page.get_by_test_id("filter-clear").click()
    rows(page, 25)
    if not page.get_by_test_id("search-use").is_visible():
        page.get_by_test_id("searches").click()
    page.get_by_test_id("search-use").click()
    rows(page, 1)


def test_pages_go_to_the_end_and_back(page: Page) -> None:
    rows(page, 25)
    first = page.get_by_test_id("call-row").first.get_attribute("data-call-id")
    page.get_by_test_id("page-last").click()
    rows(page, 5)
    expect(page.get_by_test_id("page-next")).to_be_disabled()
    page.get_by_test_id("page-previous").click()
    rows(page, 25)
    expect(page.locator(f'[data-call-id="{first}"]')).to_be_visible()
    page.get_by_test_id("page-next").click()
    rows(page, 5)
    page.get_by_test_id("page-first").click()
    rows(page, 25)


def test_statistics_draw_and_save_what_they_count(page: Page) -> None:
    page.get_by_test_id("menu-statistics").click()
    expect(page.get_by_test_id("statistics-row")).to_have_count(7, timeout=WAIT_MS)
    expect(page.get_by_test_id("statistics-chart")).to_be_visible()
    page.goto(page.url.split("?", maxsplit=1)[0] + "?subject=quality")
    expect(page.get_by_test_id("statistics-row")).to_have_count(1, timeout=WAIT_MS)
    expect(page.get_by_test_id("statistics-row")).to_contain_text("30")
    with page.expect_download() as saved:
        page.get_by_test_id("statistics-export").click()
    assert saved.value.suggested_filename.endswith(".xlsx")
    page.set_viewport_size({"width": 360, "height": 700})
    expect(page.get_by_test_id("statistics-table")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_trunk_tells_how_full_it_was(page: Page, web, layout) -> None:
    page.goto(f"http://127.0.0.1:{web.port}/statistics?subject=trunks")
    told, plot = page.get_by_test_id("trunk-load-told"), page.get_by_test_id("trunk-load")
    expect(plot).to_have_attribute("data-trunk", "192.0.2.7")
    expect(told).to_contain_text(re.compile("not known|未知"))
    before = storage.load(layout)
    capture = msgspec.structs.replace(before.capture, trunk_channels=["192.0.2.7=30"])
    storage.save(layout, msgspec.structs.replace(before, capture=capture), before.revision, "test")
    for _ in range(60):  # the panel looks for new settings by itself
        page.reload()
        told.wait_for()
        if "Erlang B" in told.inner_text():
            break
    expect(told).to_contain_text("Erlang B")
    expect(plot.locator("tbody tr")).to_have_count(24)
    expect(page.get_by_test_id("statistics-table").locator("th")).to_have_count(11)
    language = page.evaluate("localStorage.getItem('tapeline.language')")
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"statistics-trunks-{language}.png", full_page=True)
    page.set_viewport_size({"width": 360, "height": 700})
    expect(plot).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
