"""The update page in Chromium: what a machine that is no box shows, and an upload that is judged, in both languages."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.rigs.web import PASSWORD, Web

SAYS = {
    "en": ("This machine is no appliance", "This is no valid update"),
    "zh": ("本机不是录音设备", "更新包无效"),
}

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def served(layout, free_port) -> Iterator[Web]:
    with Web(layout, free_port) as made:
        made.administrator()
        yield made


def opened(browser: Browser, served: Web, language: str) -> Page:
    page = browser.new_page(locale={"en": "en-GB", "zh": "zh-CN"}[language])
    page.goto(f"http://127.0.0.1:{served.port}/login")
    page.get_by_test_id("login-name").fill("admin")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.wait_for_url(f"http://127.0.0.1:{served.port}/")
    page.goto(f"http://127.0.0.1:{served.port}/update")
    return page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_no_update_is_refused_with_its_reason(browser, served, tmp_path: Path, language: str) -> None:
    not_here, refused = SAYS[language]
    (tmp_path / "rubbish.raucb").write_bytes(os.urandom(4_000_000))  # two pieces
    page = opened(browser, served, language)
    expect(page.get_by_test_id("update-not-here")).to_contain_text(not_here)
    expect(page.get_by_test_id("update-this")).to_contain_text("0.1.0")
    page.get_by_test_id("update-file").set_input_files(tmp_path / "rubbish.raucb")
    expect(page.get_by_test_id("update-problem")).to_contain_text(refused)
    expect(page.get_by_test_id("update-verified")).to_have_count(0)
    expect(page.get_by_test_id("reset-box")).to_have_count(0)
    assert not list(served.layout.update_bundle.parent.glob("*"))
    page.close()
