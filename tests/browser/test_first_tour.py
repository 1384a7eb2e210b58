"""The tour of a first administrator, and the help of every page, in Chromium and both languages."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.rigs.web import PASSWORD, Web

pytestmark = pytest.mark.timeout(420)


@pytest.fixture
def web(layout, free_port) -> Iterator[Web]:
    with Web(layout, free_port) as served:
        yield served


def opened(browser: Browser, language: str) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    context.set_default_timeout(60_000)
    context.add_init_script(f"localStorage.setItem('tapeline.language', '{language}')")
    return context


def signed_in(context: BrowserContext, web: Web, name: str = "admin") -> Page:
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{web.port}/login")
    page.get_by_test_id("login-name").fill(name)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("user-menu").wait_for()
    return page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_first_administrator_is_shown_around_by_keys_and_goes_on_elsewhere(
    browser: Browser, web: Web, language: str
) -> None:
    web.administrator(knows_the_tour=False)
    context = opened(browser, language)
    page = signed_in(context, web)
    tour = page.get_by_test_id("tour")
    expect(tour).to_have_attribute("data-step", "0")
    expect(page.get_by_test_id("tour-next")).to_be_focused()
    expect(page.get_by_test_id("menu-home")).to_have_class(re.compile("toured"))
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("/calls$"))
    expect(page.get_by_test_id("menu-calls")).to_have_class(re.compile("toured"))
    page.keyboard.press("Enter")
    expect(tour).to_have_attribute("data-step", "2")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("/live$"))
    expect(tour).to_have_attribute("data-step", "3")
    page.keyboard.press("Escape")
    expect(tour).to_have_count(0)
    context.close()
    # Another browser: it is not forced upon anybody, and goes on where it was left.
    context = opened(browser, language)
    page = signed_in(context, web)
    expect(page.get_by_test_id("home-calls")).to_be_visible()
    expect(page.get_by_test_id("tour")).to_have_count(0)
    page.get_by_test_id("help-open").click()
    page.get_by_test_id("tour-start").click()
    expect(page.get_by_test_id("tour")).to_have_attribute("data-step", "3")
    for _ in range(3):
        page.get_by_test_id("tour-next").click()
    expect(page.get_by_test_id("tour")).to_have_count(0)
    assert web.administrator(knows_the_tour=False).get("preferences/tour").json["done"]
    context.close()


def test_who_does_not_want_it_is_never_asked_again_and_others_are_not_asked(
    browser: Browser, web: Web
) -> None:
    admin = web.administrator(knows_the_tour=False)
    web.viewer(admin)
    context = opened(browser, "en")
    page = signed_in(context, web)
    page.get_by_test_id("tour-never").click()
    expect(page.get_by_test_id("tour")).to_have_count(0)
    page.reload()
    expect(page.get_by_test_id("home-calls")).to_be_visible()
    expect(page.get_by_test_id("tour")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_of_the_menu_says_what_it_is_for(browser: Browser, web: Web, language: str) -> None:
    web.administrator()
    context = opened(browser, language)
    page = signed_in(context, web)
    menu = page.locator(".menu a.entry")
    names = [str(entry.get_attribute("data-testid")).removeprefix("menu-") for entry in menu.all()]
    assert len(names) > 20
    said = set()
    for name in names[::3]:
        page.get_by_test_id(f"menu-{name}").click()
        page.locator("main h1").first.wait_for()
        page.get_by_test_id("help-open").click()
        guide = page.get_by_test_id("page-guide")
        expect(guide).to_have_attribute("data-page", name)
        said.add(guide.locator("p").inner_text())
        page.keyboard.press("Escape")
        expect(guide).to_be_hidden()
    assert len(said) == len(names[::3])
    assert not any(text.startswith("guide.") for text in said)
    context.close()
