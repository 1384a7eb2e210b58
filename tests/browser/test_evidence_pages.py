"""VLANs and subnets of the mirror, statements of completeness, and the exchange's list beside the ledger."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from appliance.archive.statements import Statements
from tests.rigs.visiting import Panel, Tab

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(params=["en", "zh"])
def tab(browser: Browser, furnished_panel: Panel, request: pytest.FixtureRequest) -> Iterator[Tab]:
    with Tab(browser, request.param) as opened:
        yield opened.sign_in(furnished_panel.web)
        assert not opened.problems


def test_a_vlan_whose_calls_come_one_way_is_told_apart(tab: Tab) -> None:
    tab.page.get_by_test_id("menu-mirror").click()
    lame = tab.page.get_by_test_id("net-130")
    expect(lame.get_by_role("status")).to_be_visible()
    expect(lame).to_contain_text("83 %")
    expect(tab.page.get_by_test_id("net-120").get_by_role("status")).to_have_count(0)
    expect(tab.page.get_by_test_id("net-untagged")).to_be_visible()
    expect(tab.page.get_by_test_id("net-10.0.20.0/24")).to_be_visible()


def test_statements_are_proved_opened_and_asked_for(tab: Tab, furnished_panel: Panel) -> None:
    page = tab.page
    page.get_by_test_id("menu-statements").click()
    expect(page.get_by_test_id("statements-proof")).to_have_class("note no-print good")
    page.get_by_test_id("statement-1").get_by_role("button").click()
    sheet = page.get_by_test_id("statement-sheet")
    expect(sheet).to_contain_text(
        furnished_panel.web.administrator().get("statements").json["statements"][-1]["sha256"]
    )
    page.get_by_test_id("statement-close").click()
    expect(sheet).to_have_count(0)
    with page.expect_download() as taken:
        page.get_by_test_id("statement-1").get_by_role("link", name="TXT").click()
    assert taken.value.suggested_filename.endswith(".txt")
    page.get_by_test_id("statement-ask").click()
    expect(page.get_by_test_id("statement-ask")).to_be_disabled()
    assert Statements(furnished_panel.web.layout).is_asked
    # No archiver is there to make it: the wish is taken back.
    (furnished_panel.web.layout.statements / "asked").unlink()


def test_a_call_list_is_compared_with_the_ledger(tab: Tab, furnished_panel: Panel) -> None:
    page = tab.page
    known = furnished_panel.web.administrator().get(f"calls/{furnished_panel.stock.recorded}").json
    at = datetime.fromisoformat(known["started_at"])
    lines = [
        "Start,Caller,Called",
        f"{at:%Y-%m-%d %H:%M:%S},{known['caller']['number']},{known['callee']['number']}",
        f"{at + timedelta(seconds=40):%Y-%m-%d %H:%M:%S},+4911111111,9999",
    ]
    page.get_by_test_id("menu-cdr").click()
    page.get_by_test_id("cdr-file").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    )
    expect(page.get_by_test_id("cdr-preview")).to_contain_text("+4911111111")
    page.get_by_test_id("cdr-tz").fill("UTC")
    page.get_by_test_id("cdr-compare").click()
    expect(page.locator("[data-testid=cdr-row][data-outcome=matched]")).to_have_count(1)
    missed = page.locator("[data-testid=cdr-row][data-outcome=only_listed]")
    expect(missed).to_contain_text("+4911111111")
    page.get_by_test_id("cdr-show-only_listed").click()
    expect(page.get_by_test_id("cdr-row")).to_have_count(1)
    with page.expect_download() as taken:
        page.get_by_test_id("cdr-export").click()
    assert "+4911111111" in taken.value.path().read_text()


def test_what_is_no_call_list_is_refused_with_a_reason(tab: Tab) -> None:
    tab.page.get_by_test_id("menu-cdr").click()
    tab.page.get_by_test_id("cdr-file").set_input_files(
        {"name": "empty.csv", "mimeType": "text/csv", "buffer": b""}
    )
    expect(tab.page.get_by_test_id("cdr-problem")).not_to_be_empty()
