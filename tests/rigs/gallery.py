"""`make screenshots`: the pictures of the README, from the furnished panel, each with at most 256 colours.

Run again they differ in dates only. ffmpeg writes the palettes; a picture larger than `MOST_BYTES` ends the run.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.rigs.visiting import ROOT, Panel, Tab, chromium, panel

FOLDER = ROOT / "webadmin" / "screenshots"
MOST_BYTES = 160_000
MOST_TOGETHER = 1_500_000
SIZE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 780}
PALETTE = "split[a][b];[a]palettegen=max_colors=256[p];[b][p]paletteuse=dither=none"


def _playing(page: Page) -> None:
    page.get_by_test_id("row-play").first.click()
    page.get_by_test_id("player-waves").wait_for()
    page.wait_for_function(
        """() => { const t = document.querySelector('[data-testid="player-time"]'); return t && !/^0?0:00/.test(t.textContent.trim()); }"""
    )
    page.keyboard.press("Space")


def _nothing(_: Page) -> None:
    pass


def _searching(page: Page) -> None:
    page.get_by_test_id("settings-find").fill("端口")
    page.locator("mark").first.wait_for()


Shot = tuple[str, str, str, str, dict[str, int], Callable[[Page], None]]
SHOTS: tuple[Shot, ...] = (
    ("calls", "/calls", "en", "light", SIZE, _playing),
    ("home", "/", "zh", "light", SIZE, _nothing),
    ("live", "/live", "en", "dark", SIZE, _nothing),
    ("call", "/calls/{id}", "en", "light", SIZE, _nothing),
    ("statistics", "/statistics", "en", "light", SIZE, _nothing),
    ("settings", "/settings", "zh", "light", SIZE, _searching),
    ("operations", "/operations", "en", "dark", SIZE, _nothing),
    ("rules", "/rules", "zh", "dark", SIZE, _nothing),
    ("phone", "/calls", "en", "dark", PHONE, _nothing),
)
"""File, page, language, light or dark, size, and what is done before the picture is taken."""


def _take(tab: Tab, shot: Shot, served: Panel, folder: Path) -> Path:
    name, path, _, scheme, size, prepare = shot
    tab.page.set_viewport_size(size)
    tab.page.emulate_media(color_scheme=scheme)
    tab.open(f"http://127.0.0.1:{served.web.port}{path.replace('{id}', served.stock.recorded)}")
    prepare(tab.page)
    tab.page.evaluate("() => document.activeElement?.blur?.()")
    tab.settle()
    whole, small = folder / f".{name}.png", folder / f"{name}.png"
    tab.page.screenshot(path=whole, animations="disabled")
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-i", whole, "-vf", PALETTE, "-compression_level", "9", small],
        check=True,
    )
    whole.unlink()
    return small


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    total = 0
    with chromium() as browser, panel() as served:
        for language in ("en", "zh"):
            with Tab(browser, language) as tab:
                tab.sign_in(served.web)
                for shot in SHOTS:
                    if shot[2] != language:
                        continue
                    made = _take(tab, shot, served, FOLDER)
                    size = made.stat().st_size
                    total += size
                    print(f"{made.relative_to(ROOT)}  {size:,} bytes", flush=True)
                    assert size <= MOST_BYTES, f"{made} is larger than {MOST_BYTES} bytes"
    assert total <= MOST_TOGETHER
    return 0


if __name__ == "__main__":
    sys.exit(main())
