"""Exports on the page when the admin panel was restarted: what is ready is saved, a locked archive asks for a password again."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from appliance.core.files import Layout
from tests.browser.test_workbench import PICTURES, WAIT_MS, fill
from tests.rigs.broker import Broker
from tests.rigs.sevenzip import SEVEN_ZIP
from tests.rigs.visiting import chromium
from tests.rigs.web import PASSWORD, Web

LOCK = "right-horse battery"

pytestmark = pytest.mark.timeout(240)


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/")
    page.get_by_test_id("login-name").fill("admin")
    page.locator("input[type=password]").first.fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("home-calls")).to_be_visible()
    page.goto(f"{url}/calls")
    expect(page.get_by_test_id("call-row")).to_have_count(3)


def lock(page: Page) -> None:
    dialog = page.get_by_test_id("locked-export")
    dialog.get_by_test_id("locked-password").fill(LOCK)
    with page.expect_download():
        dialog.get_by_test_id("locked-begin").click()
    expect(dialog).to_be_hidden()


def test_the_list_of_exports_is_there_again_and_passwords_are_asked_for(
    layout: Layout, free_port: int, tmp_path: Path
) -> None:
    fill(layout)
    broker = Broker(layout.run).start()
    url = f"http://127.0.0.1:{free_port}"
    with chromium() as browser:
        expect.set_options(timeout=WAIT_MS)
        page = browser.new_context(locale="en-GB", viewport={"width": 1360, "height": 900}).new_page()
        table = page.locator("[data-testid=export][data-kind=csv]")
        archive = page.locator("[data-testid=export][data-kind=zip]")
        with Web(layout, free_port) as web:
            web.administrator()
            sign_in(page, url)
            with page.expect_download():
                page.get_by_test_id("many-csv").click()
            page.get_by_test_id("many-download").click()
            page.get_by_test_id("many-encrypted").click()
            lock(page)
        with Web(layout, free_port):
            page.reload()
            expect(table).to_have_attribute("data-state", "ready")
            with page.expect_download() as saved:
                table.get_by_test_id("export-save").click()
            assert saved.value.suggested_filename.endswith(".csv")
            expect(archive).to_have_attribute("data-state", "failed")
            expect(archive).to_contain_text("with a password")
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURES / "export-restarted.png")
            archive.get_by_test_id("export-again").click()
            expect(page.get_by_test_id("locked-format")).to_have_count(0)
            lock(page)
            expect(archive).to_have_attribute("data-state", "ready")
            with page.expect_download() as again:
                archive.get_by_test_id("export-save").click()
            again.value.save_as(tmp_path / "locked.zip")
    broker.kill()
    subprocess.run([SEVEN_ZIP, "t", f"-p{LOCK}", str(tmp_path / "locked.zip")], check=True)
