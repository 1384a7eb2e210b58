"""Signing in with an app's code and with a passkey, a new password by link, tokens, the operation log: in Chromium."""

import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from appliance.store.database import Database
from tests.rigs.broker import Broker
from tests.rigs.web import PASSWORD, Web

BETTER = "a much better sentence 77"
SLOW_MS = 40_000

pytestmark = pytest.mark.timeout(300)
expect.set_options(timeout=SLOW_MS)


@pytest.fixture
def web(layout, free_port):
    broker = Broker(layout.run).start()
    with Web(layout, free_port) as served:
        yield served
    broker.kill()


@pytest.fixture(params=["en", "zh"])
def context(browser: Browser, request) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    context.set_default_timeout(SLOW_MS)
    context.add_init_script(f"localStorage.setItem('tapeline.language', '{request.param}')")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    failures: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    assert not failures


def enter(page: Page, web: Web, name: str = "admin", password: str = PASSWORD) -> None:
    # A passkey is for a name: 127.0.0.1 is none.
    page.goto(f"http://localhost:{web.port}/login")
    page.get_by_test_id("login-name").fill(name)
    page.get_by_test_id("login-password").fill(password)
    page.get_by_test_id("login-submit").click()


def sign_out(page: Page) -> None:
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("user-logout").click()
    expect(page.get_by_test_id("login-name")).to_be_visible()


def answer(page: Page, password: str = PASSWORD) -> None:
    page.get_by_test_id("ask-password").fill(password)
    page.get_by_test_id("ask-go").click()


def test_an_app_is_set_up_and_asked_for_and_a_recovery_code_serves(page: Page, web: Web) -> None:
    web.administrator()
    enter(page, web)
    page.get_by_test_id("menu-home").wait_for()
    page.goto(f"http://localhost:{web.port}/account")
    page.get_by_test_id("app-add").click()
    answer(page, "not my password")
    expect(page.locator("#ask-password-error")).to_be_visible()
    answer(page)
    secret = page.get_by_test_id("app-secret").inner_text().strip()
    picture = page.locator("img.picture")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 0, "the QR code is shown under the page's policy"
    page.get_by_test_id("app-code").fill("000000")
    page.get_by_test_id("app-confirm").click()
    expect(page.get_by_test_id("app-problem")).to_be_visible()
    page.get_by_test_id("app-code").fill(pyotp.TOTP(secret).now())
    page.get_by_test_id("app-confirm").click()
    codes = re.findall(r"[0-9a-z]{5}-[0-9a-z]{5}", page.get_by_test_id("codes").inner_text())
    assert len(codes) == 10
    page.get_by_test_id("codes-kept").click()
    expect(page.get_by_test_id("app-on")).to_be_visible()
    expect(page.get_by_test_id("codes")).to_be_hidden()
    sign_out(page)
    enter(page, web)
    page.get_by_test_id("login-code").fill("123456")
    page.get_by_test_id("login-confirm").click()
    expect(page.get_by_test_id("login-error")).to_be_visible()
    page.get_by_test_id("login-code").fill(codes[3])
    page.get_by_test_id("login-confirm").click()
    page.get_by_test_id("menu-home").wait_for()


def test_a_passkey_signs_in_alone_and_as_the_second_step(page: Page, web: Web) -> None:
    web.administrator()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    authenticator = devices.send("WebAuthn.addVirtualAuthenticator", {"options": device})["authenticatorId"]
    enter(page, web)
    page.get_by_test_id("menu-home").wait_for()
    page.goto(f"http://localhost:{web.port}/account")
    page.get_by_test_id("passkey-add").click()
    page.get_by_test_id("passkey-name").fill("Laptop")
    answer(page)
    expect(page.locator('[data-testid=passkey][data-name="Laptop"]')).to_be_visible()
    assert (
        len(devices.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]) == 1
    )
    sign_out(page)
    page.get_by_test_id("login-passkey").click()
    page.get_by_test_id("menu-home").wait_for()
    sign_out(page)
    enter(page, web)
    page.get_by_test_id("login-use-passkey").click()
    page.get_by_test_id("menu-home").wait_for()
    sign_out(page)
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.get_by_test_id("login-passkey").click()
    expect(page.get_by_test_id("login-error")).to_be_visible()


def test_a_link_opens_the_page_for_a_new_password_once(page: Page, web: Web) -> None:
    admin = web.administrator()
    web.viewer(admin)
    enter(page, web)
    page.get_by_test_id("menu-users").click()
    page.locator('[data-testid=user-row][data-name="viewer"]').get_by_test_id("user-link").click()
    address = page.get_by_test_id("reset-link").inner_text().strip()
    page.keyboard.press("Escape")
    sign_out(page)
    page.goto(address)
    expect(page.get_by_test_id("reset-for")).to_contain_text("viewer")
    assert "#" not in page.url
    page.get_by_test_id("new-password").fill(BETTER)
    page.get_by_test_id("repeat-password").fill(BETTER)
    page.get_by_test_id("reset-submit").click()
    expect(page.get_by_test_id("reset-done")).to_be_visible()
    page.get_by_test_id("reset-login").click()
    enter(page, web, "viewer", BETTER)
    page.get_by_test_id("menu-home").wait_for()
    again = page.context.new_page()
    again.goto(address)
    expect(again.get_by_test_id("reset-problem")).to_be_visible()


def test_who_must_have_a_second_factor_is_led_to_it(page: Page, web: Web) -> None:
    admin = web.administrator()
    answered = admin.get("settings").json
    answered.pop("problem")
    answered["settings"]["sign_in"]["second_factor"] = "everyone"
    assert admin.put("settings", answered).status == 200
    enter(page, web)
    expect(page.get_by_test_id("must-enrol")).to_be_visible()
    page.get_by_test_id("app-add").click()
    answer(page)
    page.get_by_test_id("app-code").fill(
        pyotp.TOTP(page.get_by_test_id("app-secret").inner_text().strip()).now()
    )
    page.get_by_test_id("app-confirm").click()
    page.get_by_test_id("codes-kept").click()
    expect(page.get_by_test_id("must-enrol")).to_be_hidden()
    page.get_by_test_id("menu-home").click()
    page.wait_for_url(re.compile(r"/$"))


def test_a_token_is_shown_once_and_works_until_it_is_revoked(page: Page, web: Web) -> None:
    web.administrator()
    enter(page, web)
    page.get_by_test_id("menu-home").wait_for()
    page.goto(f"http://localhost:{web.port}/account")
    page.get_by_test_id("token-add").click()
    page.get_by_test_id("token-name").fill("reports")
    page.get_by_test_id("token-may-calls").click()
    answer(page)
    value = page.get_by_test_id("token-value").inner_text().strip()
    assert value.startswith("tl_")
    ask = web.anonymous()
    assert ask.get("calls", Authorization=f"Bearer {value}").status == 200
    page.keyboard.press("Escape")
    page.get_by_test_id("token-revoke").click()
    page.locator(".el-message-box .el-button--primary").click()
    expect(page.get_by_test_id("token")).to_have_count(0)
    assert ask.get("calls", Authorization=f"Bearer {value}").status == 401


def test_the_operation_log_is_searched_opened_and_verified(page: Page, web: Web) -> None:
    admin = web.administrator()
    for number in range(60):
        admin.get(f"calls?number=555{number}")
    admin.post("lists/blacklist", {"number": "5039*", "note": "sales calls"})
    enter(page, web)
    page.get_by_test_id("menu-operations").click()
    rows = page.get_by_test_id("operation")
    expect(rows).to_have_count(50)
    page.get_by_test_id("operations-older").click()
    expect(rows).not_to_have_count(50)
    page.get_by_test_id("operations-text").locator("input").or_(
        page.locator("input[data-testid=operations-text]")
    ).fill("sales calls")
    expect(rows).to_have_count(1)
    expect(rows).to_have_attribute("data-operation", "lists.add")
    page.get_by_test_id("operation-open").click()
    expect(page.get_by_test_id("operation-details")).to_contain_text("5039*")
    page.keyboard.press("Escape")
    page.get_by_test_id("operations-verify").click()
    expect(page.get_by_test_id("operations-intact")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_test_id("operations-csv").click()
    assert "sales calls" in download.value.path().read_text("utf-8-sig")
    other = Database(web.layout.index)
    other.script("UPDATE operations SET user = 'nobody' WHERE id = 3")
    other.close()
    page.get_by_test_id("operations-verify").click()
    expect(page.get_by_test_id("operations-broken")).to_contain_text(
        re.compile("Row 3 was changed. Save the log|第 3 条记录被修改。请立即导出日志留存")
    )
    expect(page.get_by_test_id("operations-intact")).to_have_count(0)
