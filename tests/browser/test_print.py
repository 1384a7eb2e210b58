"""On paper: the sheet of a call, a statement, a commissioning, each on one A4 page with what belongs on it."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.rigs.visiting import ROOT, Panel, Tab

PICTURES = ROOT / ".build" / "screenshots"
A4 = {"width": 688, "height": 1018}
PAGE = re.compile(rb"/Type\s*/Page\b")

pytestmark = pytest.mark.timeout(600)


def printed(page: Page, name: str) -> bytes:
    """The paper as a PDF; a picture of what is on it stays beside those of the pages."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size(A4)
    page.screenshot(path=PICTURES / f"print-{name}.png", full_page=True)
    return page.pdf(format="A4", prefer_css_page_size=True)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_call_is_printed_on_one_sheet(browser: Browser, furnished_panel: Panel, language: str) -> None:
    admin = furnished_panel.web.administrator()
    call = admin.get(f"calls/{furnished_panel.stock.recorded}").json
    with Tab(browser, language) as tab:
        tab.sign_in(furnished_panel.web)
        tab.open(f"http://127.0.0.1:{furnished_panel.web.port}/calls/{call['call_id']}")
        sheet = tab.page.get_by_test_id("call-sheet")
        expect(sheet.locator("figure path")).to_have_count(2)
        expect(sheet).to_be_hidden()
        paper = printed(tab.page, f"call-{language}")
        expect(sheet).to_be_visible()
        for fact in (call["caller"]["number"], call["callee"]["number"], call["sha256"], call["file"]):
            expect(sheet).to_contain_text(fact)
        for fact in ("Delivery promised for Tuesday.", "order 4711", "Claim 2026-118", "MOS 4.31", "0:21"):
            expect(sheet).to_contain_text(fact)
        expect(tab.page.get_by_test_id("call-notes")).to_be_hidden()
        expect(tab.page.get_by_test_id("menu-home")).to_be_hidden()
        assert not tab.problems
    assert len(PAGE.findall(paper)) == 1


def test_a_call_without_a_recording_is_printed_with_its_reason(
    browser: Browser, furnished_panel: Panel
) -> None:
    with Tab(browser) as tab:
        tab.sign_in(furnished_panel.web)
        tab.open(f"http://127.0.0.1:{furnished_panel.web.port}/calls/{furnished_panel.stock.refused}")
        paper = printed(tab.page, "call-refused")
        expect(tab.page.get_by_test_id("call-sheet")).to_contain_text("Not recorded: Busy")
    assert len(PAGE.findall(paper)) == 1


def test_a_statement_is_printed_on_one_sheet(browser: Browser, furnished_panel: Panel) -> None:
    with Tab(browser) as tab:
        tab.sign_in(furnished_panel.web)
        tab.open(f"http://127.0.0.1:{furnished_panel.web.port}/statements")
        tab.page.get_by_test_id("statements-table").get_by_role("button").first.click()
        expect(tab.page.get_by_test_id("statement-sheet")).to_be_visible()
        paper = printed(tab.page, "statement")
        expect(tab.page.get_by_test_id("statement-sheet")).to_be_visible()
        expect(tab.page.get_by_test_id("statements-table")).to_be_hidden()
    assert len(PAGE.findall(paper)) == 1


def test_a_commissioning_is_printed_with_its_signatures(browser: Browser, furnished_panel: Panel) -> None:
    admin = furnished_panel.web.administrator()
    rows = [{"number": str(8001 + place), "name": f"Desk {place}"} for place in range(8)]
    assert admin.put("commissioning", {"extensions": rows}).status == 200
    with Tab(browser) as tab:
        tab.sign_in(furnished_panel.web)
        tab.open(f"http://127.0.0.1:{furnished_panel.web.port}/commissioning")
        expect(tab.page.get_by_text("Desk 7")).to_be_visible()
        paper = printed(tab.page, "commissioning")
        expect(tab.page.get_by_text("Desk 7")).to_be_visible()
        expect(tab.page.locator(".signatures")).to_be_visible()
    assert len(PAGE.findall(paper)) == 1
