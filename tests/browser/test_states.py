"""What a page shows while it waits, when it is refused, and when the recorder is gone; and that it comes back by itself."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.rigs.visiting import Panel, Place, Tab, register
from tests.rigs.web import Web

MOST_SHIFT = 0.1
# What the frame itself needs before there is a page at all.
OF_THE_FRAME = ("/session", "/texts/", "/alarms/count", "/preferences/tour")
# Pages that ask for nothing before somebody has asked them for something, or get their news by the event stream.
ASK_NOTHING = {"cdr", "why", "style", "login", "setup", "reset", "live", "shared"}
REFUSED = '{"error": {"code": "internal", "message": "Something went wrong here.", "field": null}}'

pytestmark = pytest.mark.timeout(1800)


def _is_of_the_page(route: Route) -> bool:
    return not any(part in route.request.url for part in OF_THE_FRAME)


class Gate:
    """Stands before the API: holds what a page asks for, or refuses it."""

    def __init__(self, page: Page) -> None:
        self.held: list[Route] = []
        self.refuses = False
        self.is_open = True
        page.route("**/api/v1/**", self._take)

    def _take(self, route: Route) -> None:
        if self.is_open or not _is_of_the_page(route):
            route.continue_()
        elif self.refuses:
            self.held.append(route)
            route.fulfill(status=500, content_type="application/json", body=REFUSED)
        else:
            self.held.append(route)

    def close(self, *, refuses: bool) -> None:
        self.held, self.refuses, self.is_open = [], refuses, False

    def open(self) -> None:
        self.is_open = True
        if not self.refuses:
            for route in self.held:
                route.continue_()


def _waits_and_arrives(tab: Tab, gate: Gate, place: Place, address: str) -> None:
    gate.close(refuses=False)
    tab.page.goto(address)
    tab.page.locator("h1:visible").first.wait_for()
    if place.name not in ASK_NOTHING:
        try:
            expect(tab.page.get_by_test_id("waiting").first).to_be_visible()
        except AssertionError:
            tab.note("shows nothing while it waits")
    gate.open()
    tab.settle()
    if (shift := tab.shift()) > MOST_SHIFT:
        tab.note(f"jumps by {shift:.2f} when its content comes")


def _fails_and_recovers(tab: Tab, gate: Gate, address: str) -> None:
    gate.close(refuses=True)
    tab.page.goto(address)
    note = tab.page.get_by_test_id("error-note")
    try:
        expect(note.first).to_be_visible()
        assert "Try again" in note.first.inner_text()
    except AssertionError:
        tab.note("does not say what is wrong")
        gate.open()
        return
    if tab.page.get_by_test_id("waiting").count():
        tab.note("still waits for what was refused")
    gate.open()
    for _ in range(note.count()):
        if note.count():
            note.first.get_by_test_id("error-retry").click()
            tab.settle()
    try:
        expect(note).to_have_count(0)
    except AssertionError:
        tab.note("does not recover by its button")


def test_every_page_says_that_it_waits_what_went_wrong_and_comes_back(
    browser: Browser, furnished_panel: Panel
) -> None:
    with Tab(browser) as tab:
        tab.sign_in(furnished_panel.web)
        gate = Gate(tab.page)
        found: list[str] = []
        for place in register():
            if place.is_public:
                continue
            address = furnished_panel.address(place)
            tab.problems.clear()
            _waits_and_arrives(tab, gate, place, address)
            assert bool(gate.held) == (place.name not in ASK_NOTHING - {"live"}) or place.name == "live", (
                place
            )
            found += tab.problems
            if place.name in ASK_NOTHING:
                continue
            tab.problems.clear()
            _fails_and_recovers(tab, gate, address)
            # The console tells of the refusals themselves.
            found += [one for one in tab.problems if "console: Failed to load resource" not in one]
    assert not found, "\n".join(found)


def test_a_recorder_that_is_gone_is_told_and_found_again(browser: Browser, layout, free_port: int) -> None:
    with Tab(browser) as tab:
        page = tab.page
        with Web(layout, free_port) as web:
            web.administrator()
            tab.sign_in(web)
            page.get_by_test_id("menu-users").click()
            expect(page.get_by_test_id("user-row")).to_have_count(1)
            page.get_by_test_id("menu-roles").click()
            expect(page.get_by_test_id("role-row").first).to_be_visible()
            expect(page.get_by_test_id("away")).to_be_empty()
        expect(page.get_by_test_id("away")).to_contain_text("does not answer")
        page.get_by_test_id("menu-users").click()
        expect(page.get_by_test_id("error-note")).to_contain_text("Check the network")
        with Web(layout, free_port):
            # Nobody touches anything.
            expect(page.get_by_test_id("user-row")).to_have_count(1)
            expect(page.get_by_test_id("error-note")).to_have_count(0)
            expect(page.get_by_test_id("away")).to_be_empty()
