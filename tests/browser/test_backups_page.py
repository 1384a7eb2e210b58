"""Backups in Chromium, in both languages: made, tried, restored, and the key that is shown once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.settings import storage
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.broker import Broker
from tests.rigs.keeping import keeping
from tests.rigs.patience import until
from tests.rigs.records import NOON, make_record
from tests.rigs.web import PASSWORD, Web

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def web(layout, free_port):
    broker = Broker(layout.run).start()
    database = open_database(layout)
    calls.index_all(database, [make_record(at=NOON, call_id=f"c{place}") for place in range(3)])
    database.close()
    with keeping(layout), Web(layout, free_port) as served:
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
    page.goto(f"http://127.0.0.1:{web.port}/backups")
    yield page
    context.close()
    assert not failures


def test_a_backup_is_made_tried_and_restored(page: Page, web) -> None:
    page.get_by_test_id("backups-now").click()
    backup = page.get_by_test_id("backup")
    expect(backup).to_have_attribute("data-kind", "plain")
    expect(page.get_by_test_id("run").first).to_have_attribute("data-good", "true")
    with page.expect_download() as download:
        page.get_by_test_id("backup-download").click()
    assert download.value.suggested_filename == backup.get_attribute("data-name")
    database = open_database(web.layout)
    database.execute("DELETE FROM calls WHERE call_id = 'c1'", ())
    page.get_by_test_id("backup-rehearse").click()
    page.get_by_test_id("rehearsal-submit").click()
    expect(page.get_by_test_id("rehearsal")).to_have_attribute("data-calls", "3")
    expect(page.get_by_test_id("rehearsal-said")).to_contain_text("3")
    page.get_by_test_id("restore").click()
    page.locator(".el-message-box__btns .el-button--primary").click()
    until(web.layout.restored.exists, what="it is restored", deadline_s=120)
    assert database.execute("SELECT count(*) FROM calls", ()) == [(3,)]
    database.close()


def test_the_recovery_key_is_shown_once(page: Page, web) -> None:
    page.get_by_test_id("recovery-key-show").click()
    page.get_by_test_id("recovery-password").fill("wrong")
    page.get_by_test_id("recovery-submit").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    page.get_by_test_id("recovery-password").fill(PASSWORD)
    page.get_by_test_id("recovery-submit").click()
    expect(page.get_by_test_id("recovery-key-text")).to_contain_text("AGE-SECRET-KEY-1")
    page.get_by_test_id("recovery-key-close").click()
    expect(page.get_by_test_id("recovery-key")).to_have_attribute("data-shown", "true")
    expect(page.get_by_test_id("recovery-key-show")).to_have_count(0)


def test_a_place_is_set_up_and_what_is_wrong_with_it_is_told(page: Page, web) -> None:
    ftp = page.get_by_test_id("backup-place-ftp")
    ftp.locator("summary").click()
    ftp.locator(".el-switch__core").first.click()
    page.get_by_test_id("backup-settings-save").click()
    expect(page.get_by_test_id("setting-backup.ftp.server").get_by_role("alert")).to_be_visible()
    page.get_by_test_id("setting-backup.ftp.server").locator("input").fill("127.0.0.1")
    page.get_by_test_id("setting-backup.ftp.port").locator("input").fill("1")
    page.get_by_test_id("setting-backup.ftp.port").locator("input").press("Tab")
    page.get_by_test_id("setting-backup.ftp.password").locator("input").fill("s3cret")
    page.get_by_test_id("backup-settings-save").click()
    page.get_by_test_id("place-try-ftp").click()
    expect(page.locator("[data-testid=run][data-kind=try]")).to_have_attribute("data-good", "false")
    assert storage.load(web.layout).backup.ftp.password == "s3cret"
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
