"""People in front of a furnished panel: every page of the register, a tab of Chromium, and what went wrong in it."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Response, sync_playwright

from appliance.core.files import Layout
from tests.rigs import furnished
from tests.rigs.broker import Broker
from tests.rigs.ports import free_port
from tests.rigs.web import PASSWORD, Web

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "webadmin" / "ui" / "src" / "pages.ts"
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--autoplay-policy=no-user-gesture-required",
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PATIENCE_MS = 60_000

_ROW = re.compile(r'\{ name: "(\w+)", path: "([^"]+)", title: "[^"]+", icon: [^,]+, who: ("\w+"|null),')


class Place(NamedTuple):
    """One row of the register of pages."""

    name: str
    path: str
    is_public: bool


def register() -> list[Place]:
    """Every page of the panel, in the order of its menu."""
    found = [Place(name, path, who == "null") for name, path, who in _ROW.findall(PAGES.read_text())]
    assert len(found) == PAGES.read_text().count("{ name: ") > 20, (
        "the register is written in another way now"
    )
    return found


class Panel(NamedTuple):
    """A panel with a fortnight in it; `empty` is one that nobody has set up."""

    web: Web
    empty: Web
    stock: furnished.Furnished

    def address(self, place: Place) -> str:
        """Where a page of the register is found, its blanks filled with what stands in the box."""
        path = self.stock.link if place.name == "shared" else place.path.replace(":id", self.stock.recorded)
        assert ":" not in path, f"nobody knows what to put into {path}"
        port = self.empty.port if place.name == "setup" else self.web.port
        return f"http://127.0.0.1:{port}{path}"


@contextmanager
def panel() -> Iterator[Panel]:
    """Both boxes, with calls going on in the first."""
    layouts = [Layout(Path(tempfile.mkdtemp(prefix="tl-", dir="/tmp"))).make() for _ in range(2)]
    ids = furnished.fill(layouts[0])
    brokers = [Broker(layout.run).start() for layout in layouts]
    with (
        Web(layouts[0], free_port()) as web,
        Web(layouts[1], free_port()) as empty,
        furnished.Phones(layouts[0]),
    ):
        yield Panel(web, empty, furnished.furnish(web.administrator(), *ids))
    for broker, layout in zip(brokers, layouts, strict=True):
        broker.kill()
        shutil.rmtree(layout.data)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield launched
        launched.close()


class Tab:
    """One person's tab; `problems` is what the console, the network or the test found wrong, with its page."""

    def __init__(self, browser: Browser, language: str = "en") -> None:
        self.language = language
        self.problems: list[str] = []
        self.context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(f"localStorage.setItem('tapeline.language', '{language}')")
        self.context.add_init_script(SHIFTS)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.note(f"error: {error}"))
        self.page.on(
            "console", lambda said: self.note(f"console: {said.text}") if said.type == "error" else None
        )
        self.page.on("request", lambda asked: self._check_host(asked.url))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def note(self, problem: str) -> None:
        self.problems.append(f"{urlsplit(self.page.url).path} [{self.language}] {problem}")

    def sign_in(self, web: Web, name: str = "admin") -> Self:
        self.page.goto(f"http://127.0.0.1:{web.port}/login")
        self.page.get_by_test_id("login-name").fill(name)
        self.page.get_by_test_id("login-password").fill(PASSWORD)
        self.page.get_by_test_id("login-submit").click()
        self.page.get_by_test_id("menu-home").wait_for()
        return self

    def open(self, address: str) -> Response:
        """Go there and wait until everything is loaded that was asked for."""
        answer = self.page.goto(address)
        assert answer is not None
        self.settle()
        return answer

    def settle(self) -> None:
        """A heading, no placeholder, two pictures drawn since."""
        self.page.locator("h1:visible").first.wait_for()
        self.page.wait_for_function(
            "() => !document.querySelector('[data-testid=waiting], [aria-busy=true], [data-busy=true]')"
        )
        self.page.evaluate("() => new Promise(d => requestAnimationFrame(() => requestAnimationFrame(d)))")

    def shift(self) -> float:
        """How far things jumped under the reader's eyes since the page was opened (CLS)."""
        return float(self.page.evaluate("() => window.shifted()"))

    def _check_host(self, address: str) -> None:
        if urlsplit(address).hostname not in ("127.0.0.1", None) and not address.startswith(
            ("data:", "blob:")
        ):
            self.note(f"asks another host: {address}")


SHIFTS = """(() => {
    let sum = 0;
    const add = entries => { for (const one of entries) if (!one.hadRecentInput) sum += one.value; };
    const seen = new PerformanceObserver(list => add(list.getEntries()));
    seen.observe({ type: "layout-shift", buffered: true });
    window.shifted = () => { add(seen.takeRecords()); return sum; };
})()"""

# The ring stands around the field or around what wraps it; an arrow of the ladder is drawn.
IS_SEEN = """() => {
    const choice = document.activeElement.closest(".el-select__wrapper");
    if (choice) return choice.matches(".is-focused");
    const drawn = document.activeElement.querySelector(":scope > .hit");
    if (drawn) return getComputedStyle(drawn).stroke !== "none";
    for (let one = document.activeElement, up = 0; one && one !== document.body && up < 3; one = one.parentElement, up += 1) {
        const style = getComputedStyle(one);
        if ((style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none") return true;
    }
    return false;
}"""
