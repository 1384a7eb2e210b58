"""From an empty box to a department head who sees own people's calls only, in Chromium, in both languages."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.store import calls, directory
from appliance.store.database import open_database
from tests.rigs.broker import Broker
from tests.rigs.records import make_record
from tests.rigs.web import PASSWORD, Web

PATIENCE_MS = 30_000

pytestmark = pytest.mark.timeout(180)
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def web(layout, free_port):
    database = open_database(layout)
    records = [
        make_record("02134567890", "8001"),
        make_record("02134567891", "9001"),
        make_record("8001", "9001"),
    ]
    calls.index_all(database, records)
    broker = Broker(layout.run).start()
    with Web(layout, free_port) as served:
        served.administrator()
        yield served
    broker.kill()
    database.close()


@pytest.fixture(params=["en", "zh"])
def page(browser: Browser, web, request) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(f"localStorage.setItem('tapeline.language', '{request.param}')")
    page = context.new_page()
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"http://127.0.0.1:{web.port}/login")
    page.get_by_test_id("login-name").fill("admin")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("menu-users").wait_for()
    yield page
    context.close()
    assert not failures


def add_department(page: Page, name: str) -> None:
    page.get_by_test_id("department-name").fill(name)
    page.get_by_test_id("department-save").click()
    page.locator(f"[data-testid=department-row][data-name='{name}']").wait_for()


def test_a_department_head_sees_own_calls_and_the_ticked_menu_only(page: Page, web) -> None:
    page.get_by_test_id("menu-departments").click()
    page.get_by_test_id("department-empty").wait_for()
    page.get_by_test_id("department-add").click()
    add_department(page, "Sales")
    page.get_by_test_id("department-add-below").click()
    add_department(page, "North")
    north = page.locator("[data-testid=department-row][data-name=North]")
    expect(north).to_have_attribute("data-depth", "1")

    database = open_database(web.layout)
    north_id = page.request.get(f"http://127.0.0.1:{web.port}/api/v1/departments").json()
    (north_id,) = [one["id"] for one in north_id["departments"] if one["name"] == "North"]
    directory.put(database, [directory.Entry("8001", name="Ann", department_id=north_id, is_extension=True)])
    database.close()

    page.get_by_test_id("menu-roles").click()
    page.get_by_test_id("role-add").click()
    page.get_by_test_id("role-name").fill("Head")
    page.get_by_test_id("tick-home").click()
    page.get_by_test_id("tick-calls").click()
    page.get_by_test_id("role-save").click()
    page.locator("[data-testid=role-row][data-name=Head]").wait_for()

    page.get_by_test_id("menu-users").click()
    page.get_by_test_id("user-add").click()
    page.get_by_test_id("user-name").fill("hanna")
    page.get_by_test_id("user-real-name").fill("Hanna Berg")
    page.get_by_test_id("user-role").click()
    page.get_by_test_id("user-role-Head").click()
    page.get_by_test_id("user-scope-departments").click()
    page.get_by_test_id("user-departments").click()
    page.get_by_role("option", name="Sales", exact=True).click()
    expect(page.get_by_test_id("user-scope-size")).to_contain_text(re.compile(r"\b1\b.*\b2\b"))
    page.keyboard.press("Escape")
    if not page.get_by_test_id("user-form").is_visible():
        pytest.fail("closing the list of departments closed the form")
    page.get_by_test_id("user-create").click()
    page.get_by_test_id("one-time-password").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("one-time-password")).not_to_be_visible()

    page.locator("[data-name=hanna]").get_by_test_id("user-look").click()
    expect(page.get_by_test_id("look-banner")).to_contain_text("Hanna Berg")
    expect(page.get_by_test_id("menu-users")).to_have_count(0)
    page.get_by_test_id("menu-calls").click()
    rows = page.get_by_test_id("call-row")
    expect(rows).to_have_count(2)
    expect(page.locator("main")).not_to_contain_text("02134567890")
    expect(page.locator("main")).to_contain_text("021****7890")
    page.get_by_test_id("look-end").click()
    page.locator("[data-testid=user-row][data-name=hanna]").wait_for()
    expect(page.get_by_test_id("look-banner")).to_have_count(0)


def test_a_user_is_found_changed_and_disabled(page: Page, web) -> None:
    web.viewer(web.administrator(), "viewer")
    page.get_by_test_id("menu-users").click()
    page.get_by_test_id("user-search").fill("nobody")
    page.get_by_test_id("user-no-match").wait_for()
    page.get_by_test_id("user-search").fill("view")
    row = page.locator("[data-testid=user-row][data-name=viewer]")
    row.get_by_test_id("user-edit").click()
    page.get_by_test_id("user-real-name").fill("Vera")
    page.get_by_test_id("user-enabled").click()
    page.get_by_test_id("user-create").click()
    expect(row).to_contain_text("Vera")
    expect(row.locator(".chip.bad")).to_be_visible()
    refused = web.anonymous().post("session", {"name": "viewer", "password": PASSWORD})
    assert refused.status == 401


def test_a_lost_second_factor_is_removed_after_a_question(page: Page, web) -> None:
    web.viewer(web.administrator(), "viewer")
    page.get_by_test_id("menu-users").click()
    row = page.locator("[data-testid=user-row][data-name=viewer]")
    row.get_by_test_id("user-factor").click()
    with page.expect_response(re.compile("/second-factor$")) as answered:
        page.locator(".el-message-box__btns .el-button--primary").click()
    assert answered.value.status == 204
    expect(page.locator(".el-message--success")).to_contain_text("viewer")
    expect(
        page.locator("[data-testid=user-row][data-name=admin]").get_by_test_id("user-factor")
    ).to_have_count(0)


def test_the_view_list_is_switched_on_with_a_question_and_hides_other_calls(page: Page) -> None:
    page.get_by_test_id("menu-view_list").click()
    page.get_by_test_id("view-list-empty").wait_for()
    page.get_by_test_id("view-list-add").click()
    page.get_by_test_id("view-list-number").fill("8001")
    page.get_by_test_id("view-list-save").click()
    page.get_by_test_id("view-list-entry").wait_for()
    page.get_by_test_id("view-list-on").click()
    page.locator(".el-message-box__btns .el-button--primary").click()
    page.get_by_test_id("view-list-warning").wait_for()
    page.get_by_test_id("menu-calls").click()
    expect(page.get_by_test_id("call-row")).to_have_count(2)


@pytest.mark.parametrize("where", ["users", "roles", "departments", "view-list"])
def test_a_page_of_people_fits_a_phone(page: Page, web, where) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"http://127.0.0.1:{web.port}/{where}")
    page.locator("main h1").wait_for()
    expect(page.locator("main .skeleton")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
