"""Without a mouse: the content is one key away, everything is reached, a dialog gives the focus back, rows are walked."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.rigs.visiting import IS_SEEN, NARROW, Panel, Tab

DIALOGS = {
    "/users": "user-add",
    "/roles": "role-add",
    "/departments": "department-add",
    "/contacts": "contact-add",
    "/extensions": "extension-add",
    "/lists": "list-add",
    "/view-list": "view-list-add",
    "/alarms": "alarm-open",
    "/operations": "operation-open",
    "call": "call-share",
}
# Marks what a reader can get to; a group of radio buttons, a row of tiles or a list of rows is one stop.
MARK = """() => {
    const wanted = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(one =>
        one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length
        && !one.closest("[inert], [aria-hidden=true]"));
    wanted.forEach((one, place) => { one.dataset.stop = String(place); });
    return wanted.length;
}"""

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def tab(browser: Browser, furnished_panel: Panel) -> Iterator[Tab]:
    with Tab(browser) as opened:
        yield opened.sign_in(furnished_panel.web)


def at(panel: Panel, path: str) -> str:
    return f"http://127.0.0.1:{panel.web.port}{f'/calls/{panel.stock.recorded}' if path == 'call' else path}"


def has_focus(page: Page) -> str:
    return str(page.evaluate("document.activeElement.dataset.testid ?? document.activeElement.id"))


def test_the_content_is_one_key_away(tab: Tab, furnished_panel: Panel) -> None:
    tab.open(at(furnished_panel, "/users"))
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Enter")
    assert has_focus(tab.page) == "content"
    tab.page.keyboard.press("Tab")
    assert has_focus(tab.page) == "user-search"


@pytest.mark.parametrize("path", ["/users", "/contacts", "call", "/rules"])
def test_everything_on_a_page_is_reached_and_the_focus_is_seen(
    tab: Tab, furnished_panel: Panel, path: str
) -> None:
    tab.open(at(furnished_panel, path))
    stops = tab.page.evaluate(MARK)
    seen, dark = set(), []
    for _ in range(stops + 12):
        tab.page.keyboard.press("Tab")
        seen.add(tab.page.evaluate("document.activeElement.dataset.stop"))
        if tab.page.evaluate("document.activeElement !== document.body") and not tab.page.evaluate(IS_SEEN):
            dark.append(tab.page.evaluate("document.activeElement.outerHTML.slice(0, 160)"))
    missed = {str(place) for place in range(stops)} - seen
    names = [
        tab.page.locator(f"[data-stop='{place}']").evaluate("one => one.outerHTML.slice(0, 160)")
        for place in missed
    ]
    assert not names
    assert not dark


@pytest.mark.parametrize(("path", "opener"), DIALOGS.items())
def test_a_dialog_takes_the_focus_and_gives_it_back(
    tab: Tab, furnished_panel: Panel, path: str, opener: str
) -> None:
    tab.open(at(furnished_panel, path))
    button = tab.page.get_by_test_id(opener).first
    button.focus()
    tab.page.keyboard.press("Enter")
    dialog = tab.page.get_by_role("dialog").filter(visible=True)
    expect(dialog).to_have_count(1)
    tab.page.wait_for_function("() => document.activeElement.closest('[role=dialog]')")
    tab.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()


def test_the_rows_of_the_list_are_walked_and_opened(tab: Tab, furnished_panel: Panel) -> None:
    tab.open(at(furnished_panel, "/calls"))
    rows = tab.page.get_by_test_id("call-row")
    rows.first.focus()
    tab.page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    tab.page.keyboard.press("k")
    expect(rows.first).to_be_focused()
    tab.page.keyboard.press("End")
    expect(rows.last).to_be_focused()
    tab.page.keyboard.press("Home")
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_test_id("call-page")).to_be_visible()


def test_the_map_of_keys_opens_and_closes(tab: Tab, furnished_panel: Panel) -> None:
    tab.open(at(furnished_panel, "/calls"))
    tab.page.keyboard.press("?")
    expect(tab.page.get_by_test_id("key-help")).to_contain_text("Play or pause")
    tab.page.keyboard.press("Escape")
    expect(tab.page.get_by_test_id("key-help")).to_be_hidden()


def test_a_table_too_wide_for_a_telephone_scrolls_by_keyboard(tab: Tab, furnished_panel: Panel) -> None:
    tab.page.set_viewport_size(NARROW)
    tab.open(at(furnished_panel, "/statistics"))
    table = tab.page.get_by_role("region", name="By weekday and hour")
    table.focus()
    tab.page.keyboard.press("ArrowRight")
    tab.page.wait_for_function("() => document.activeElement.scrollLeft > 0")
    tab.page.set_viewport_size({"width": 1280, "height": 900})
