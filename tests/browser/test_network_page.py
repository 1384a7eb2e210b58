"""The network page in Chromium, in both languages, on a machine whose network may really be changed."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.rigs.broker import Broker
from tests.rigs.networked_box import NetworkedBox, networked_box
from tests.rigs.patience import until
from tests.rigs.web import PASSWORD, Web

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root"),
]


@pytest.fixture
def box_and_web(layout, free_port) -> Iterator[tuple[NetworkedBox, Web]]:
    broker = Broker(layout.run).start()
    with networked_box(layout) as box, Web(layout, free_port) as served:
        admin = served.administrator()
        port = {"name": "enp1", "addressing": {"kind": "fixed", "addresses": ["10.5.5.1/24"]}}
        assert admin.put("network", {"revision": 0, "network": {"ports": [port]}}).status == 202
        assert admin.post("network/trial").status == 200
        yield box, served
    broker.kill()


@pytest.fixture(params=["en", "zh"])
def page(browser: Browser, box_and_web, request) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    context.add_init_script(f"localStorage.setItem('tapeline.language', '{request.param}')")
    page = context.new_page()
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"http://127.0.0.1:{box_and_web[1].port}/login?next=/network")
    page.get_by_test_id("login-name").fill("admin")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("network-page").wait_for()
    yield page
    context.close()
    assert not failures


def port(page: Page, name: str):
    return page.locator(f'[data-testid="network-port"][data-name="{name}"]')


def test_settings_are_tried_counted_down_and_kept(page: Page, box_and_web) -> None:
    box, _ = box_and_web
    page.locator("#s-network-host_name").fill("branch-9")
    page.get_by_test_id("network-try").click()
    expect(page.get_by_test_id("network-trial")).to_be_visible()
    before = page.get_by_test_id("network-left").inner_text()
    expect(page.get_by_test_id("network-left")).not_to_have_text(before)
    until(lambda: box.host_name() == "branch-9", what="the new name")
    page.get_by_test_id("network-keep").click()
    expect(page.get_by_test_id("network-trial")).to_have_count(0)
    expect(page.get_by_test_id("network-try")).to_be_disabled()
    page.reload()
    expect(page.locator("#s-network-host_name")).to_have_value("branch-9")


def test_a_new_address_is_named_and_taken_back(page: Page, box_and_web) -> None:
    box, _ = box_and_web
    field = page.locator("[id='s-port-enp1-addressing-addresses']")
    field.fill("10.6.6.1/24")
    field.press("Enter")
    page.get_by_test_id("network-try").click()
    expect(page.get_by_test_id("network-home").first).to_have_text("10.5.5.1")
    expect(page.get_by_test_id("network-home").last).to_have_text("10.6.6.1")
    until(lambda: "10.6.6.1/24" in box.addresses("enp1"), what="the new address")
    page.get_by_test_id("network-back").click()
    expect(page.get_by_test_id("network-trial")).to_have_count(0)
    until(lambda: box.addresses("enp1") == {"10.5.5.1/24"}, what="the old address")


def test_what_is_wrong_is_said_at_its_port(page: Page, box_and_web) -> None:
    field = page.locator("[id='s-port-enp1-addressing-gateways']")
    field.fill("192.0.2.1")
    field.press("Enter")
    page.get_by_test_id("network-try").click()
    expect(port(page, "enp1").get_by_test_id("port-problem")).to_contain_text("192.0.2.1")
    expect(page.get_by_test_id("network-trial")).to_have_count(0)


def test_a_host_is_pinged_from_the_page(page: Page, box_and_web) -> None:
    page.get_by_test_id("probe-host").fill("127.0.0.1")
    page.get_by_test_id("probe-start").click()
    output = page.get_by_test_id("probe-output")
    expect(output).to_contain_text("64 bytes from 127.0.0.1")
    expect(output).to_have_attribute("data-state", "done")
    expect(output).to_contain_text("5 received")


def test_the_page_fits_a_telephone(page: Page, box_and_web) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.get_by_test_id("probe-panel")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
