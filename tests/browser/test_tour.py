"""Every page of the register, in both languages, light and dark, wide and on a telephone.

No error in the console, no other host, one heading, a focus that is seen, nothing wider than the window, nothing that
jumps, a policy without exceptions, and no serious finding of axe. The pictures stay in `.build/screenshots`.
"""

import pytest
from playwright.sync_api import Browser

from tests.rigs.visiting import IS_SEEN, NARROW, ROOT, WIDE, Panel, Place, Tab, register

AXE = ROOT / "webadmin" / "ui" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / ".build" / "screenshots"
MOST_SHIFT = 0.1
SOURCES = "".join(path.read_text() for path in (ROOT / "webadmin" / "ui" / "src").rglob("*.vue"))

pytestmark = pytest.mark.timeout(1800)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_is_in_order(browser: Browser, furnished_panel: Panel, language: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with Tab(browser, language) as inside, Tab(browser, language) as outside:
        inside.sign_in(furnished_panel.web)
        for place in register():
            _look(outside if place.is_public else inside, place, furnished_panel.address(place))
        problems = inside.problems + outside.problems
    assert not problems, "\n".join(problems)


def _look(tab: Tab, place: Place, address: str) -> None:
    """All four pictures of a page, and all that is held of it."""
    page = tab.page
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    answer = tab.open(address)
    if page.url.partition("#")[0] != address:
        tab.note(f"{address} leads elsewhere")
    policy = answer.header_value("content-security-policy") or ""
    if "default-src" not in policy or "unsafe" in policy:
        tab.note(f"the policy is {policy!r}")
    if (shift := tab.shift()) > MOST_SHIFT:
        tab.note(f"jumps by {shift:.2f}")
    if (heads := page.locator("h1:visible").count()) != 1:
        tab.note(f"{heads} headings of the first order")
    heading = page.locator("h1:visible").first.inner_text().strip()
    entry = page.get_by_test_id(f"menu-{place.name}")
    if not heading or (entry.count() and heading not in (entry.text_content() or "")):
        tab.note(f"is called {heading!r}, and otherwise in the menu")
    if bare := [
        key for key in page.evaluate(WITHOUT_WORDS) if f'"{key}"' in SOURCES or f"'{key}'" in SOURCES
    ]:
        tab.note(f"keys instead of words: {bare}")
    page.evaluate(AXE.read_text())
    # Each of the four is examined in one of the two languages.
    _examine(tab, "light", place, axe=tab.language == "en")
    page.emulate_media(color_scheme="dark")
    _examine(tab, "dark", place, axe=tab.language == "zh")
    page.set_viewport_size(NARROW)
    _examine(tab, "dark-narrow", place, axe=tab.language == "en")
    page.emulate_media(color_scheme="light")
    _examine(tab, "light-narrow", place, axe=tab.language == "zh")
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > NARROW["width"]:
        tab.note(f"{width} px wide on a telephone: {page.evaluate(TOO_WIDE)}")
    page.keyboard.press("Tab")
    if not page.evaluate(IS_SEEN):
        tab.note(
            f"the focus is not seen on {page.evaluate('document.activeElement.outerHTML.slice(0, 200)')}"
        )


def _examine(tab: Tab, kind: str, place: Place, *, axe: bool) -> None:
    tab.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    tab.page.screenshot(path=PICTURES / f"{place.name}-{tab.language}-{kind}.png", animations="disabled")
    for finding in tab.page.evaluate(RUN_AXE) if axe else ():
        tab.note(f"axe, {kind}: {finding}")


RUN_AXE = """async () => {
    const found = await axe.run(document, { resultTypes: ["violations"], elementRef: false });
    return found.violations
        .filter(one => one.impact === "serious" || one.impact === "critical")
        .map(one => `${one.id}: ` + one.nodes.slice(0, 4).map(node =>
            `${node.target.join(" ")} (${node.any.concat(node.all, node.none).map(check => check.message).join("; ")})`).join(" | "));
}"""

# A sentence that nobody has written shows the key it would stand under.
WITHOUT_WORDS = """() => {
    const found = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode.textContent.trim();
        if (/^[a-z_]+([.][a-z0-9_]+)+$/.test(text) && !texts.currentNode.parentElement.closest(".mono, code, pre")) found.push(text);
    }
    return found;
}"""

TOO_WIDE = """() => [...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 6).map(one => one.tagName + "." + one.className).join(", ")"""
