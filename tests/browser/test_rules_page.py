"""Rules, lists and extensions in Chromium: what is changed on a page is what the rules then say."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.domain.control import Control, Verb
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.broker import Broker
from tests.rigs.obedience import Recorder
from tests.rigs.records import NOON, make_record
from tests.rigs.web import PASSWORD, Web

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def web(layout, free_port):
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
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"http://127.0.0.1:{web.port}/login")
    page.get_by_test_id("login-name").fill("admin")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("menu-rules").wait_for()
    yield page
    context.close()
    assert not failures


def explain(page: Page, caller: str, callee: str) -> None:
    page.get_by_test_id("test-caller").fill(caller)
    page.get_by_test_id("test-callee").fill(callee)
    page.get_by_test_id("test-ask").click()


def test_a_number_put_on_the_blacklist_is_explained_and_removed_again(page: Page) -> None:
    page.get_by_test_id("menu-lists").click()
    expect(page.get_by_test_id("list-empty")).to_be_visible()
    page.get_by_test_id("list-add").click()
    page.get_by_test_id("list-number").fill("5039*")
    page.get_by_test_id("list-note").fill("sales calls")
    page.get_by_test_id("list-save").click()
    expect(page.locator('[data-testid=list-entry][data-number="5039*"]')).to_be_visible()
    page.get_by_test_id("menu-rules").click()
    explain(page, "50391234", "1001")
    answer = page.get_by_test_id("test-answer")
    expect(answer).to_have_attribute("data-action", "ignore")
    expect(answer).to_have_attribute("data-ground", "blacklist")
    expect(answer).to_contain_text("5039*")
    page.get_by_test_id("rules-blacklist").click()
    page.get_by_test_id("list-remove").click()
    page.locator(".el-message-box .el-button--primary").click()
    expect(page.get_by_test_id("list-empty")).to_be_visible()
    page.get_by_test_id("menu-rules").click()
    explain(page, "50391234", "1001")
    expect(page.get_by_test_id("test-answer")).to_have_attribute("data-action", "record")


def test_a_rule_is_tried_before_it_is_saved_and_decides_by_its_place(page: Page) -> None:
    page.get_by_test_id("menu-rules").click()
    for name, action in (("All of them", "record"), ("Support", "ignore")):
        page.get_by_test_id("rule-add").click()
        page.get_by_test_id("setting-rule.name").locator("input").fill(name)
        if action == "ignore":
            page.get_by_test_id("setting-rule.action").locator(".el-select").click()
            page.locator(".el-select-dropdown:visible .el-select-dropdown__item").nth(1).click()
        page.get_by_test_id("rule-keep").click()
    explain(page, "1", "2")
    answer = page.get_by_test_id("test-answer")
    expect(answer).to_contain_text("All of them")
    page.get_by_test_id("rule-up").nth(1).click()
    expect(page.get_by_test_id("rule").first).to_have_attribute("data-name", "Support")
    explain(page, "1", "2")
    expect(answer).to_contain_text("Support")
    expect(answer).to_have_attribute("data-action", "ignore")
    page.get_by_test_id("rules-save").click()
    expect(page.get_by_test_id("rules-save")).to_be_disabled()
    page.reload()
    expect(page.get_by_test_id("rule").first).to_have_attribute("data-name", "Support")


def test_a_table_of_extensions_is_seen_before_it_is_taken(page: Page) -> None:
    page.get_by_test_id("menu-extensions").click()
    page.get_by_test_id("extensions-import").click()
    table = "分机号,通道号,姓名\n1001,1,张三\n1002,1,李四\n1003,,王五\n".encode("gbk")
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": table}
    page.get_by_test_id("import-file").set_input_files([file])
    expect(page.get_by_test_id("plan-add")).to_have_attribute("data-count", "2")
    expect(page.get_by_test_id("plan-refused")).to_have_attribute("data-count", "1")
    page.get_by_test_id("import-apply").click()
    expect(page.get_by_test_id("plan")).to_have_attribute("data-done", "true")
    page.get_by_test_id("import-close").click()
    expect(page.get_by_test_id("extension")).to_have_count(2)
    page.get_by_test_id("extensions-batch").click()
    page.get_by_test_id("batch-numbers").fill("1001-1004")
    page.get_by_test_id("batch-add").click()
    expect(page.get_by_test_id("plan-refused")).to_have_attribute("data-count", "2")
    page.get_by_test_id("batch-close").click()
    expect(page.get_by_test_id("extension")).to_have_count(4)


def test_the_settings_show_the_rules_on_their_own_page(page: Page) -> None:
    page.get_by_test_id("menu-settings").click()
    page.get_by_test_id("settings-page-recording").click()
    expect(page).to_have_url(re.compile("/rules$"))


def test_the_rules_lead_to_the_settings_of_the_capture_that_belong_to_them(page: Page) -> None:
    for name in ("service_addresses", "sip_ports"):
        page.get_by_test_id("menu-rules").click()
        page.get_by_test_id(f"rules-{name}").click()
        expect(page.get_by_test_id(f"setting-capture.{name}")).to_be_visible()
        expect(page.get_by_test_id("setting-capture.keep_free_mib")).to_have_count(0)


def test_the_page_of_a_call_says_who_ordered_what_of_its_recording_and_why(page: Page, web) -> None:
    record = make_record()
    record.manifest.control = [
        Control(at=NOON + timedelta(seconds=5), verb=Verb.PAUSE, by="alice", why="card number"),
        Control(at=NOON + timedelta(seconds=9), verb=Verb.RESUME, by="time-out"),
        Control(at=NOON + timedelta(seconds=12), verb=Verb.STOP, by="callee", why="key *2"),
    ]
    database = open_database(web.layout)
    calls.index_all(database, [record])
    database.close()
    page.goto(f"http://127.0.0.1:{web.port}/calls/{record.call.call_id}")
    paused, resumed, stopped = (
        page.get_by_test_id("timeline").locator(f"[data-kind=order-{verb}]")
        for verb in ("pause", "resume", "stop")
    )
    expect(paused).to_contain_text("alice")
    expect(paused).to_contain_text("card number")
    expect(resumed).to_contain_text(re.compile("by itself|自动"))
    expect(stopped).to_contain_text(re.compile("callee|被叫", re.IGNORECASE))


def test_keys_and_buttons_order_the_recording_of_the_call_they_stand_on(page: Page, web) -> None:
    page.get_by_test_id("menu-live").click()
    with Recorder(web.layout, "0older", "0newer") as recorder:
        rows = page.get_by_test_id("live-call")
        expect(rows).to_have_count(2)
        expect(rows.first).to_have_attribute("data-call-id", "0newer")
        page.keyboard.press("j")
        page.keyboard.press("p")
        expect(rows.first.get_by_test_id("control")).to_have_attribute("data-control", "paused")
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.get_by_test_id("control-confirm")).to_be_disabled()
        page.get_by_test_id("control-why").fill("wrong person")
        page.get_by_test_id("control-confirm").click()
        expect(rows.nth(1).get_by_test_id("control")).to_have_attribute("data-control", "discarded")
        rows.first.get_by_test_id("control-keep").click()
        expect(rows.first.get_by_test_id("control")).to_have_attribute("data-kept", "true")
        assert recorder.orders == [
            ("0newer", Verb.PAUSE, "admin", ""),
            ("0older", Verb.DISCARD, "admin", "wrong person"),
            ("0newer", Verb.KEEP, "admin", ""),
        ]
