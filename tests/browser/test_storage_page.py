"""Storage and retention in Chromium, in both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.settings import storage
from appliance.store.database import open_database
from appliance.system import disks
from appliance.system.disks import Disk, Raid, Report, Smart
from tests.rigs.broker import Broker
from tests.rigs.expiring import archived, now
from tests.rigs.web import PASSWORD, Web

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def web(layout, free_port):
    broker = Broker(layout.run).start()
    database = open_database(layout)
    archived(layout, database, [40, 30, 20, 1])
    database.close()
    worn = Disk(path="/dev/sdb", size_bytes=1 << 40, model="ST1", serial="Z9", smart=Smart(passed=False))
    lame = Raid(path="/dev/md0", level="raid1", state="clean", disks=2, missing=1, members=["/dev/sda1"])
    disks.write(layout, Report(at=now(), disks=[worn], raids=[lame]))
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
    page.get_by_test_id("menu-live").wait_for()
    page.goto(f"http://127.0.0.1:{web.port}/storage")
    yield page
    context.close()
    assert not failures


def test_a_policy_is_previewed_on_real_recordings_and_saved_only_when_one_is_sure(page: Page, web) -> None:
    expect(page.get_by_test_id("retention-preview")).to_have_attribute("data-calls", "0")
    expect(page.get_by_test_id("retention-save")).to_be_disabled()
    page.get_by_test_id("setting-retention.enabled").locator(".el-switch__core").click()
    days = page.get_by_test_id("setting-retention.keep_days").locator("input")
    days.fill("15")
    days.press("Tab")
    page.get_by_test_id("retention-look").click()
    preview = page.get_by_test_id("retention-preview")
    expect(preview).to_have_attribute("data-calls", "3")
    expect(preview).to_have_attribute("data-draft", "true")
    assert storage.load(web.layout).retention.enabled is False
    page.get_by_test_id("retention-save").click()
    page.locator(".el-message-box__btns .el-button--primary").click()
    expect(page.get_by_test_id("retention-begins")).to_be_visible()
    expect(preview).to_have_attribute("data-draft", "false")
    saved = storage.load(web.layout).retention
    assert (saved.enabled, saved.keep_days) == (True, 15)


def test_a_class_is_made_with_a_condition_and_counted_apart(page: Page, web) -> None:
    page.get_by_test_id("class-add").click()
    expect(page.get_by_test_id("class-keep")).to_be_disabled()
    page.get_by_test_id("setting-class.name").locator("input").fill("Front desk")
    numbers = page.get_by_test_id("setting-class.extensions").locator("input")
    numbers.fill("10*")
    numbers.press("Enter")
    page.get_by_test_id("class-keep").click()
    expect(page.get_by_test_id("class")).to_have_attribute("data-name", "Front desk")
    page.get_by_test_id("retention-save").click()
    expect(page.locator("[data-testid=preview-class][data-name='Front desk']")).to_contain_text("4")
    expect(page.get_by_test_id("retention-preview")).to_have_attribute("data-draft", "false")
    assert [one.name for one in storage.load(web.layout).retention.classes] == ["Front desk"]


def test_what_contradicts_itself_is_told_at_its_setting(page: Page, web) -> None:
    days = page.get_by_test_id("setting-retention.keep_days").locator("input")
    days.fill("3")
    days.press("Tab")
    page.get_by_test_id("retention-look").click()
    expect(page.get_by_test_id("setting-retention.keep_days").get_by_role("alert")).to_be_visible()


def test_disks_and_arrays_tell_how_they_are(page: Page, web) -> None:
    expect(page.get_by_test_id("disk")).to_have_attribute("data-health", "failing")
    expect(page.get_by_test_id("raid")).to_have_attribute("data-missing", "1")
    expect(page.get_by_test_id("storage-paths-none")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
