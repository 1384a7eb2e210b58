"""The page of the panel's certificate in Chromium, in both languages, with certificates of a real authority."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser, Page, expect

from tests.rigs.broker import Broker
from tests.rigs.web import PASSWORD, Web

pytestmark = pytest.mark.timeout(300)


def signed(request: x509.CertificateSigningRequest) -> str:
    """What an authority answers."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(request.subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Office authority")]))
        .public_key(request.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=90))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture(params=["en", "zh"])
def page(browser: Browser, layout, free_port, request) -> Iterator[Page]:
    broker = Broker(layout.run).start()
    with Web(layout, free_port) as web:
        web.administrator()
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_init_script(f"localStorage.setItem('tapeline.language', '{request.param}')")
        page = context.new_page()
        failures = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(f"http://127.0.0.1:{web.port}/login?next=/web-access")
        page.get_by_test_id("login-name").fill("admin")
        page.get_by_test_id("login-password").fill(PASSWORD)
        page.get_by_test_id("login-submit").click()
        page.get_by_test_id("web-access-page").wait_for()
        yield page
        context.close()
        assert not failures
    broker.kill()


def test_a_certificate_is_requested_refused_installed_and_made_anew(page: Page) -> None:
    page.get_by_test_id("access-names").fill("recorder.example, 192.0.2.7")
    page.get_by_test_id("access-ask").click()
    with page.expect_download() as download:
        page.get_by_test_id("access-request").click()
    asked = x509.load_pem_x509_csr(download.value.path().read_bytes())
    page.get_by_test_id("access-certificate").fill("hello")
    page.get_by_test_id("access-install").click()
    expect(page.locator("#access-certificate-error")).to_be_visible()
    page.get_by_test_id("access-certificate").fill(signed(asked))
    page.get_by_test_id("access-install").click()
    expect(page.get_by_test_id("access-issuer")).to_contain_text("Office authority")
    expect(page.get_by_test_id("access-request")).to_have_count(0)
    before = page.get_by_test_id("access-fingerprint").inner_text()
    page.get_by_test_id("access-renew").click()
    page.locator(".el-message-box__btns .el-button--primary").click()
    expect(page.get_by_test_id("access-fingerprint")).not_to_have_text(before)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
