"""Contacts and extensions in Chromium: what is said of a number on one page is what stands beside its calls."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.records import make_record
from tests.rigs.web import PASSWORD, Web

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def web(layout, free_port):
    with Web(layout, free_port) as served:
        admin = served.administrator()
        admin.post("departments", {"name": "Sales"})
        database = open_database(layout)
        calls.index_all(database, [make_record("1001", "13812340001")])
        database.close()
        yield served


@pytest.fixture(params=["en", "zh"])
def page(browser: Browser, web, request) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1360, "height": 900}, accept_downloads=True)
    context.add_init_script(f"localStorage.setItem('tapeline.language', '{request.param}')")
    page = context.new_page()
    page.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"http://127.0.0.1:{web.port}/login")
    page.get_by_test_id("login-name").fill("admin")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("menu-calls").wait_for()
    yield page
    context.close()
    assert not failures


def open_page(page: Page, web: Web, name: str) -> None:
    page.goto(f"http://127.0.0.1:{web.port}/{name}")


def choose_department(page: Page, field: str, name: str) -> None:
    page.get_by_test_id(field).click()
    page.locator(".el-select-dropdown:visible .el-select-dropdown__item", has_text=name).click()


def test_a_contact_is_written_stands_beside_its_calls_and_comes_back_after_it_was_deleted(
    page: Page, web
) -> None:
    open_page(page, web, "contacts")
    expect(page.get_by_test_id("contacts-empty")).to_be_visible()
    page.get_by_test_id("contact-add").click()
    page.get_by_test_id("contact-number").fill("138 1234 0001")
    page.get_by_test_id("contact-name").fill("Zhang Wei")
    page.get_by_test_id("contact-company").fill("Customer Ltd")
    choose_department(page, "contact-department", "Sales")
    page.get_by_test_id("contact-save").click()
    row = page.locator('[data-testid=contact][data-number="13812340001"]')
    expect(row).to_contain_text("Zhang Wei")
    expect(row).to_contain_text("Sales")
    open_page(page, web, "calls")
    callee = page.get_by_test_id("call-row").get_by_test_id("callee")
    expect(callee).to_contain_text("13812340001")
    expect(callee).to_contain_text("Zhang Wei · Customer Ltd · Sales")
    open_page(page, web, "contacts")
    row.get_by_test_id("contact-remove").click()
    page.locator(".el-message-box .el-button--primary").click()
    expect(page.get_by_test_id("contacts-empty")).to_be_visible()
    page.get_by_test_id("contacts-undo").click()
    expect(row).to_contain_text("Sales")
    row.get_by_test_id("contact-edit").click()
    page.get_by_test_id("contact-name").fill("Zhang Min")
    page.get_by_test_id("contact-save").click()
    expect(row).to_contain_text("Zhang Min")
    page.get_by_test_id("contacts-search").locator("input").or_(
        page.locator("input[data-testid=contacts-search]")
    ).first.fill("nobody")
    expect(page.get_by_test_id("contacts-no-match")).to_be_visible()


def test_a_table_of_contacts_is_seen_before_it_is_taken_and_given_back(
    page: Page, web, tmp_path: Path
) -> None:
    open_page(page, web, "contacts")
    page.get_by_test_id("contacts-import").click()
    table = "号码,姓名,部门\n13812340001,张三,Sales\n1002,李四,Nowhere\n".encode("gbk")
    page.get_by_test_id("import-file").set_input_files(
        [{"name": "list.csv", "mimeType": "text/csv", "buffer": table}]
    )
    expect(page.get_by_test_id("plan-add")).to_have_attribute("data-count", "1")
    expect(page.get_by_test_id("plan-refused")).to_have_attribute("data-count", "1")
    page.get_by_test_id("import-apply").click()
    expect(page.get_by_test_id("plan")).to_have_attribute("data-done", "true")
    page.get_by_test_id("import-close").click()
    expect(page.get_by_test_id("contact")).to_have_count(1)
    with page.expect_download() as waiting:
        page.get_by_test_id("contacts-export-csv").click()
    target = tmp_path / "contacts.csv"
    waiting.value.save_as(target)
    assert "张三" in target.read_text(encoding="utf-8-sig")


def test_a_range_of_extensions_gets_department_and_type_and_is_called_on_the_same_page(
    page: Page, web
) -> None:
    open_page(page, web, "extensions")
    page.get_by_test_id("extensions-batch").click()
    page.get_by_test_id("batch-numbers").fill("1001-1010")
    page.locator("#batch-first").fill("21")
    choose_department(page, "batch-department", "Sales")
    page.get_by_test_id("batch-add").click()
    expect(page.get_by_test_id("plan-add")).to_have_attribute("data-count", "10")
    page.get_by_test_id("batch-close").click()
    row = page.locator('[data-testid=extension][data-number="1001"]')
    expect(row).to_contain_text("21")
    expect(row).to_contain_text("Sales")
    page.get_by_test_id("extensions-batch").click()
    page.get_by_test_id("batch-numbers").fill("1010-1011")
    page.get_by_test_id("batch-add").click()
    expect(page.get_by_test_id("plan-refused")).to_have_attribute("data-count", "1")
    page.get_by_test_id("batch-close").click()
    row.get_by_test_id("extension-edit").click()
    page.get_by_test_id("extension-name").fill("Alice")
    page.get_by_test_id("extension-kind").click()
    page.locator(".el-select-dropdown:visible .el-select-dropdown__item").nth(1).click()
    page.get_by_test_id("extension-save").click()
    expect(row).to_contain_text("Alice")
    page.get_by_test_id("extensions-kind-analog").click()
    expect(page.get_by_test_id("extension")).to_have_count(1)
    open_page(page, web, "calls")
    expect(page.get_by_test_id("call-row").get_by_test_id("caller")).to_contain_text("Alice · Sales")
    open_page(page, web, "contacts")
    expect(page.locator('[data-testid=contact][data-number="1001"]')).to_contain_text("Alice")


@pytest.mark.parametrize("name", ["contacts", "extensions"])
def test_the_pages_fit_a_telephone(page: Page, web, name: str) -> None:
    web.administrator().post(
        "extensions", {"extensions": [{"number": "1001", "name": "Alice " * 10, "company": "Company " * 7}]}
    )
    page.set_viewport_size({"width": 360, "height": 760})
    open_page(page, web, name)
    page.get_by_test_id("contact" if name == "contacts" else "extension").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
