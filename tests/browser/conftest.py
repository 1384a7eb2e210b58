"""A slow machine takes its time: what a page is to show is waited for longer than the five seconds of Playwright."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.rigs.visiting import Panel, chromium, panel

expect.set_options(timeout=60_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; every person has a context of his own in it."""
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def furnished_panel() -> Iterator[Panel]:
    """A box with calls, people and settings, and an empty one."""
    with panel() as furnished:
        yield furnished
