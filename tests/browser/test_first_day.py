"""A first day, in Chromium, with calls of real phones: from an empty box to the head of a department.

The new administrator sets the first password, makes a department, says whose extension is in it, makes a role and
a person, and hands over the one-time password. The head of the department signs in, has to choose a password, sees
and hears the calls of the department's people only, with numbers in part, and saves nothing until that is allowed.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.rigs.patience import until
from tests.rigs.ports import free_port

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root"),
    pytest.mark.timeout(900),
]

PASSWORD = "correct horse battery staple"
HERS = "quiet river under stones"
OWN, FOREIGN = "1001", "1002"
OUTSIDE = "4930123456"


class Box(NamedTuple):
    """What `make run` printed."""

    address: str
    once: str


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    printed = tmp_path / "printed"
    with printed.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.rigs.box", "--no-lines", "--port", str(free_port())],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
        )
    try:
        found = until(
            lambda: re.search(
                r"Tapeline is at\s+(\S+)\s+One-time password[^:]*:\s+(\S+)", printed.read_text()
            ),
            300,
            f"address and password in {printed}",
        )
        assert found is not None
        yield Box(found.group(1), found.group(2))
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(120) == 0, printed.read_text()


def opened(browser: Browser, address: str, waits_for: str) -> Page:
    """A person's own browser, at the first page."""
    context = browser.new_context(
        locale="en-GB", viewport={"width": 1360, "height": 900}, accept_downloads=True
    )
    context.set_default_timeout(90_000)
    page = context.new_page()
    for _ in range(3):
        page.goto(address)
        with contextlib.suppress(PlaywrightTimeout):  # a load that a change of network cut short
            page.get_by_test_id(waits_for).wait_for(timeout=30_000)
            break
    return page


def choose(page: Page, field: str, name: str) -> None:
    page.get_by_test_id(field).click()
    page.locator(".el-select-dropdown:visible .el-select-dropdown__item", has_text=name).first.click()


def make_a_department(page: Page) -> None:
    page.get_by_test_id("menu-departments").click()
    page.get_by_test_id("department-add").click()
    page.get_by_test_id("department-name").fill("Sales")
    page.get_by_test_id("department-save").click()
    page.locator("[data-testid=department-row][data-name=Sales]").wait_for()


def name_an_extension(page: Page) -> None:
    page.get_by_test_id("menu-extensions").click()
    page.get_by_test_id("extension-add").click()
    page.get_by_test_id("extension-number").fill(OWN)
    page.get_by_test_id("extension-name").fill("Robert Miller")
    page.locator("#extension-department").click()
    page.locator(".el-select-dropdown:visible .el-select-dropdown__item", has_text="Sales").click()
    page.get_by_test_id("extension-save").click()
    page.locator(f'[data-testid=extension][data-number="{OWN}"]').wait_for()


def make_a_role(page: Page) -> None:
    page.get_by_test_id("menu-roles").click()
    page.get_by_test_id("role-add").click()
    page.get_by_test_id("role-name").fill("Head of department")
    for tick in ("home", "calls", "play"):
        page.get_by_test_id(f"tick-{tick}").click()
    page.get_by_test_id("role-save").click()
    page.locator("[data-testid=role-row][data-name='Head of department']").wait_for()


def make_a_person(page: Page) -> str:
    """Her one-time password, as the administrator reads it."""
    page.get_by_test_id("menu-users").click()
    page.get_by_test_id("user-add").click()
    page.get_by_test_id("user-name").fill("hanna")
    page.get_by_test_id("user-real-name").fill("Hanna Berg")
    page.get_by_test_id("user-role").click()
    page.get_by_test_id("user-role-Head of department").click()
    page.get_by_test_id("user-scope-departments").click()
    choose(page, "user-departments", "Sales")
    expect(page.get_by_test_id("user-scope-size")).to_contain_text("1", timeout=90_000)
    page.keyboard.press("Escape")
    page.get_by_test_id("user-create").click()
    once = page.get_by_test_id("one-time-password").locator("code").inner_text()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("one-time-password")).not_to_be_visible(timeout=90_000)
    return once


def calls_of(page: Page, box: Box, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.request.get(f"{box.address}api/v1/calls?{query}").json()["calls"]
    return found


def test_a_new_administrator_brings_a_head_of_department_to_her_calls(browser: Browser, box: Box) -> None:
    admin = opened(browser, box.address, "setup-one-time")
    admin.get_by_test_id("setup-one-time").fill("not-this-one")
    admin.get_by_test_id("new-password").fill(PASSWORD)
    admin.get_by_test_id("repeat-password").fill(PASSWORD)
    admin.get_by_test_id("setup-submit").click()
    expect(admin.get_by_test_id("setup-error")).to_contain_text("not the one-time password of this recorder")
    admin.get_by_test_id("setup-one-time").fill(box.once)
    admin.get_by_test_id("setup-submit").click()
    admin.get_by_test_id("first-steps-page").wait_for()
    admin.get_by_test_id("menu-home").click()
    admin.get_by_test_id("home-calls").wait_for()
    make_a_department(admin)
    name_an_extension(admin)
    make_a_role(admin)
    once = make_a_person(admin)

    # Calls of hers and of others are there.
    own = until(lambda: calls_of(admin, box, f"extension={OWN}&recorded=yes&page_size=100"), 300)
    foreign = until(lambda: calls_of(admin, box, f"extension={FOREIGN}&recorded=yes"), 300)
    strange = foreign[0]["call_id"]

    hanna = opened(browser, box.address, "login-name")
    hanna.get_by_test_id("login-name").fill("hanna")
    hanna.get_by_test_id("login-password").fill(once)
    hanna.get_by_test_id("login-submit").click()
    hanna.get_by_test_id("old-password").fill(once)
    hanna.get_by_test_id("new-password").fill(HERS)
    hanna.get_by_test_id("repeat-password").fill(HERS)
    hanna.get_by_test_id("account-submit").click()
    hanna.get_by_test_id("home-calls").wait_for()
    for page_of_others in ("live", "users", "roles", "departments", "settings", "statistics"):
        expect(hanna.get_by_test_id(f"menu-{page_of_others}")).to_have_count(0)

    hanna.get_by_test_id("menu-calls").click()
    hanna.get_by_test_id("row-play").first.wait_for()
    for row in hanna.get_by_test_id("call-row").all():
        expect(row).to_contain_text("Robert Miller")
    seen = {call["call_id"] for call in calls_of(hanna, box, "page_size=100")}
    assert {call["call_id"] for call in own} <= seen
    assert not seen & {call["call_id"] for call in calls_of(admin, box, f"extension={FOREIGN}&page_size=100")}
    assert OUTSIDE not in hanna.content()

    # She listens, and nothing on the page offers to save.
    hanna.get_by_test_id("row-play").first.click()
    hanna.wait_for_function(
        """() => { const t = document.querySelector('[data-testid="player-time"]'); return t && !/^0?0:00/.test(t.textContent.trim()); }""",
        timeout=120_000,
    )
    expect(hanna.get_by_test_id("many-download")).to_have_count(0)
    hers = f"{box.address}calls/{own[0]['call_id']}"
    hanna.goto(hers)
    hanna.get_by_test_id("call-play").wait_for()
    for button in ("download-audio", "download-pcap", "call-share"):
        expect(hanna.get_by_test_id(button)).to_have_count(0)
    refused = hanna.request.get(f"{box.address}api/v1/calls/{own[0]['call_id']}/audio?download=1")
    assert refused.status == 403

    # What is not set up is nothing that she could set up.
    hanna.goto(f"{box.address}transcripts")
    expect(hanna.get_by_test_id("waiting-note")).to_contain_text("administrator")
    expect(hanna.get_by_test_id("waiting-note").get_by_role("link")).to_have_count(0)
    expect(hanna.get_by_test_id("row-waiting").first.get_by_role("link")).to_have_count(0)

    # A call of others is none for her, whatever address she was sent.
    for path in ("", "/audio", "/peaks", "/annotations"):
        assert hanna.request.get(f"{box.address}api/v1/calls/{strange}{path}").status in (403, 404)
    hanna.goto(f"{box.address}calls/{strange}")
    expect(hanna.get_by_test_id("call-play")).to_have_count(0)
    expect(hanna.locator("main")).not_to_contain_text(FOREIGN)

    # The administrator allows her to save; it counts at once.
    admin.get_by_test_id("menu-roles").click()
    admin.locator("[data-testid=role-row][data-name='Head of department']").get_by_test_id(
        "role-edit"
    ).click()
    admin.get_by_test_id("tick-download").click()
    admin.get_by_test_id("role-save").click()
    expect(admin.get_by_test_id("role-form")).to_have_count(0)
    hanna.goto(hers)
    expect(hanna.get_by_test_id("download-pcap")).to_have_count(0)  # packets hold all numbers
    hanna.get_by_test_id("download-audio").click()
    with hanna.expect_download() as waiting:
        hanna.get_by_test_id("download-original").click()
    assert Path(waiting.value.path()).read_bytes()[:4] == b"RIFF"

    # And the log tells who listened to what.
    logged = admin.request.get(f"{box.address}api/v1/operations?user=hanna&page_size=200").json()[
        "operations"
    ]
    assert {"audio.play", "session.sign_in", "calls.search"} <= {one["operation"] for one in logged}
    assert [one for one in logged if one["result"] == "refused"], "the refused download stands there, too"
