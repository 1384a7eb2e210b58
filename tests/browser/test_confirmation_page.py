"""Four eyes in Chromium: a role is guarded, its person waits for a second one, who signs in the same browser."""

import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.integration.web.conftest import fill
from tests.rigs.broker import Broker
from tests.rigs.visiting import ROOT
from tests.rigs.web import PASSWORD, Web

PATIENCE_MS = 40_000
PICTURES = ROOT / ".build" / "screenshots"

pytestmark = pytest.mark.timeout(300)
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def recorded(layout):
    return fill(layout)[0]


@pytest.fixture
def web(layout, free_port, recorded):
    broker = Broker(layout.run).start()
    with Web(layout, free_port) as served:
        yield served
    broker.kill()


@pytest.fixture(params=["en", "zh"])
def language(request):
    return request.param


@pytest.fixture
def page(browser: Browser, language) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(f"localStorage.setItem('tapeline.language', '{language}')")
    failures: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    context.close()
    assert not failures


def enter(page: Page, web: Web, name: str) -> None:
    page.goto(f"http://127.0.0.1:{web.port}/login")
    page.get_by_test_id("login-name").fill(name)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("menu-calls").wait_for()


def confirm(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_test_id("confirmation-name").fill(name)
    page.get_by_test_id("confirmation-password").fill(password)
    page.get_by_test_id("confirmation-submit").click()


def test_a_guarded_role_is_made_and_a_second_person_opens_its_recordings(
    page: Page, web: Web, recorded: str, language: str
) -> None:
    admin = web.administrator()
    web.viewer(admin, "boss", "administrator")
    enter(page, web, "admin")
    page.get_by_test_id("menu-roles").click()
    page.get_by_test_id("role-add").click()
    page.get_by_test_id("role-name").fill("Clerks")
    page.get_by_test_id("role-is-guarded").click()
    for permission in ("home", "calls", "play", "download"):
        page.get_by_test_id(f"tick-{permission}").click()
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.get_by_test_id("role-form").screenshot(path=PICTURES / f"confirmation-role-{language}.png")
    page.get_by_test_id("role-save").click()
    expect(
        page.locator("[data-testid=role-row][data-name=Clerks]").get_by_test_id("role-guarded")
    ).to_be_visible()
    role_id = next(one["id"] for one in admin.get("roles").json["roles"] if one["name"] == "Clerks")
    web.viewer(admin, "clerk", role_id)
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("user-logout").click()

    enter(page, web, "clerk")
    expect(page.get_by_test_id("confirmation-needed")).to_be_visible()
    page.goto(f"http://127.0.0.1:{web.port}/calls/{recorded}")
    panel = page.get_by_test_id("confirmation-panel")
    expect(panel).to_be_visible()
    expect(page.get_by_test_id("call-play")).to_have_count(0)
    confirm(page, "clerk")
    expect(page.get_by_test_id("confirmation-problem")).to_be_visible()
    confirm(page, "boss", "not the password")
    expect(page.get_by_test_id("confirmation-problem")).to_be_visible()
    page.screenshot(path=PICTURES / f"confirmation-needed-{language}.png")
    confirm(page, "boss")
    expect(page.get_by_test_id("confirmation")).to_contain_text(re.compile(r"boss.*\d\d:\d\d"))
    expect(panel).to_have_count(0)
    page.get_by_test_id("call-play").click()
    expect(page.get_by_test_id("player")).to_be_visible()
    page.screenshot(path=PICTURES / f"confirmation-given-{language}.png")
    page.get_by_test_id("confirmation-end").click()
    expect(panel).to_be_visible()
    expect(page.get_by_test_id("player")).to_have_count(0)
    page.goto(f"http://127.0.0.1:{web.port}/account")
    expect(page.get_by_test_id("tokens-guarded")).to_be_visible()


def test_the_form_opens_from_anywhere_and_asks_for_the_second_factor(
    page: Page, web: Web, recorded: str
) -> None:
    admin = web.administrator()
    boss = web.viewer(admin, "boss", "administrator")
    secret = boss.post("account/app", {"password": PASSWORD}).json["secret"]
    codes = boss.post("account/app/confirm", {"code": pyotp.TOTP(secret).now()}).json["codes"]
    wish = {"name": "Clerks", "permissions": ["home", "calls", "play"], "is_guarded": True}
    clerk = web.viewer(admin, "clerk", admin.post("roles", wish).json["id"])
    assert clerk.get(f"calls/{recorded}/audio").code == "second-person-needed"
    enter(page, web, "clerk")
    page.get_by_test_id("menu-calls").click()
    page.locator(f"[data-call-id='{recorded}'] [data-testid=row-play]").first.click()
    confirm(page, "boss")
    page.get_by_test_id("login-code").fill("000000")
    page.get_by_test_id("login-confirm").click()
    expect(page.get_by_test_id("login-error")).to_be_visible()
    page.get_by_test_id("login-code").fill(codes[0])
    page.get_by_test_id("login-confirm").click()
    expect(page.get_by_test_id("confirmation")).to_contain_text("boss")
    expect(page.get_by_test_id("confirmation-form")).to_have_count(0)
    page.locator(f"[data-call-id='{recorded}'] [data-testid=row-play]").first.click()
    expect(page.get_by_test_id("player")).to_be_visible()
