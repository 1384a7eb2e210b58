"""The page of licences in Chromium and both languages: a build without limits, then a vendor's own."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.rigs.vendor import Vendor
from tests.rigs.web import PASSWORD, Web

DEADLINE_MS = 60_000

pytestmark = pytest.mark.timeout(300)


def opened(browser: Browser, web: Web, language: str) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(DEADLINE_MS)
    context.add_init_script(f"localStorage.setItem('tapeline.language', '{language}')")
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{web.port}/login?next=/licences")
    page.get_by_test_id("login-name").fill("admin")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("licences-page").wait_for()
    return page


def test_a_build_without_limits_says_so(browser: Browser, layout, free_port) -> None:
    with Web(layout, free_port) as web:
        web.administrator()
        page = opened(browser, web, "en")
        expect(page.get_by_test_id("licences-unlimited")).to_contain_text("no limits")
        expect(page.get_by_test_id("licence-bring")).to_have_count(0)
        page.context.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_licence_is_brought_shown_and_removed(
    browser: Browser, layout, free_port, tmp_path, monkeypatch, language
) -> None:
    vendor = Vendor(tmp_path, monkeypatch)
    with Web(layout, free_port) as web:
        web.administrator()
        page = opened(browser, web, language)
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        expect(page.get_by_test_id("licensed-ip")).to_have_text("0")
        file = page.get_by_test_id("licence-file")
        foreign = vendor.licence(ip=9, device="TL-AAAA-BBBB-CCCC-DDDD")
        file.set_input_files({"name": "a.licence", "mimeType": "application/json", "buffer": foreign})
        expect(page.get_by_test_id("licence-refused")).to_contain_text(
            "TL-AAAA-BBBB-CCCC-DDDD", timeout=DEADLINE_MS
        )
        good = vendor.licence("ACME-0001", ip=1200)
        file.set_input_files({"name": "a.licence", "mimeType": "application/json", "buffer": good})
        row = page.get_by_test_id("licence")
        expect(row).to_have_attribute("data-state", "good", timeout=DEADLINE_MS)
        expect(page.get_by_test_id("licensed-ip")).to_have_text("1,200")
        expect(page.get_by_test_id("licence-refused")).to_have_count(0)
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.set_viewport_size({"width": 1280, "height": 900})
        page.get_by_test_id("licence-remove-ACME-0001").focus()
        page.keyboard.press("Enter")
        page.locator(".el-message-box .el-button--primary").click()
        expect(row).to_have_count(0, timeout=DEADLINE_MS)
        expect(page.get_by_test_id("licensed-ip")).to_have_text("0")
        page.goto(f"http://127.0.0.1:{web.port}/system")
        page.get_by_test_id("system-licence-files").click()
        page.get_by_test_id("licences-page").wait_for()
        page.context.close()
        assert not failures
