"""The box's own orders, on the pages in Chromium: a disk for recordings, a stick for backups and updates, a backup from a PC, restarting."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.settings import storage
from appliance.system import facts, plugged
from appliance.system.plugged import Plugged, Stick
from tests.rigs.broker import Broker
from tests.rigs.patience import until
from tests.rigs.plugged_box import SECOND, PluggedBox
from tests.rigs.records import NOON
from tests.rigs.web import PASSWORD, Web

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def web(layout, free_port) -> Iterator[Web]:
    broker = Broker(layout.run).start()
    with Web(layout, free_port) as served:
        served.administrator()
        yield served
    broker.kill()


@pytest.fixture(params=["en", "zh"])
def page(browser: Browser, web, request) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    context.add_init_script(f"localStorage.setItem('tapeline.language', '{request.param}')")
    page = context.new_page()
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    page.goto(f"http://127.0.0.1:{web.port}/login")
    page.get_by_test_id("login-name").fill("admin")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("menu-live").wait_for()
    yield page
    context.close()
    assert not failures


def test_a_disk_is_shown_while_it_is_plugged_in_and_erased_after_two_questions(
    page: Page, web, tmp_path, monkeypatch
) -> None:
    box = PluggedBox(web.layout, tmp_path, monkeypatch)
    with box.served():
        page.goto(f"http://127.0.0.1:{web.port}/storage")
        expect(page.get_by_test_id("second-disk")).to_have_attribute("data-state", "none")
        box.found.append(SECOND)
        expect(page.get_by_test_id("second-offered")).to_have_attribute("data-path", "/dev/sdb")
        page.get_by_test_id("second-prepare").click()
        expect(page.get_by_test_id("erase-model")).to_contain_text("ST4000VN008-2DR166 ZGY0A1B2")
        expect(page.get_by_test_id("erase-next")).to_be_disabled()
        page.get_by_test_id("erase-sure").click()
        page.get_by_test_id("erase-next").click()
        page.get_by_test_id("ask-password").fill("nonsense")
        page.get_by_test_id("ask-go").click()
        expect(page.locator(".el-dialog").get_by_role("alert").first).to_be_visible()
        assert box.told == []
        page.get_by_test_id("ask-password").fill(PASSWORD)
        page.get_by_test_id("ask-go").click()
        expect(page.get_by_test_id("second-disk")).to_have_attribute("data-state", "mounted")
        assert storage.load(web.layout).paths.second == "/data/second"
        page.get_by_test_id("second-take-off").click()
        expect(page.get_by_test_id("second-removable")).to_be_visible()
        page.set_viewport_size({"width": 360, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def stick(web: Web, folder: Path) -> None:
    found = Stick(
        name="sdz1", path="/dev/sdz1", size_bytes=1 << 33, kind="vfat", label="SAFE", mounts=[str(folder)]
    )
    plugged.write(web.layout, Plugged(at=NOON, sticks=[found]))


def test_a_stick_is_offered_for_backups_with_one_click(page: Page, web, tmp_path) -> None:
    stick(web, tmp_path)
    page.goto(f"http://127.0.0.1:{web.port}/backups")
    expect(page.get_by_test_id("backup-stick")).to_have_attribute("data-label", "SAFE")
    page.get_by_test_id("backup-stick-use").click()
    expect(page.get_by_test_id("place-usb")).to_be_visible()
    expect(page.get_by_test_id("backup-stick-use")).to_have_count(0)
    assert storage.load(web.layout).backup.usb.enabled is True


def test_updates_on_a_stick_are_listed_and_judged(page: Page, web, tmp_path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / "rubbish.raucb").write_bytes(bytes(100_000))
    stick(web, folder)
    page.goto(f"http://127.0.0.1:{web.port}/update")
    page.get_by_test_id("update-stick-look").click()
    expect(page.get_by_test_id("update-stick-file")).to_have_attribute("data-file", "rubbish.raucb")
    page.get_by_test_id("update-stick-take").click()
    expect(page.get_by_test_id("update-failed")).to_be_visible()
    assert not web.layout.update_bundle.exists()


def test_a_backup_comes_from_a_pc_and_what_is_none_is_refused(page: Page, web, tmp_path) -> None:
    (tmp_path / "photos.age").write_bytes(b"PK" + bytes(1000))
    (tmp_path / "old box.age").write_bytes(b"age-encryption.org/v1\n" + bytes(4_000_000))  # two pieces
    page.goto(f"http://127.0.0.1:{web.port}/backups")
    page.get_by_test_id("backup-upload-file").set_input_files(tmp_path / "photos.age")
    expect(page.get_by_test_id("backup-upload-problem")).to_be_visible()
    page.get_by_test_id("backup-upload-file").set_input_files(tmp_path / "old box.age")
    expect(page.get_by_test_id("backup-uploaded")).to_have_attribute("data-name", "tapeline-upload.age")
    expect(page.get_by_test_id("backup-upload-problem")).to_have_count(0)
    page.get_by_test_id("backup-upload-rehearse").click()
    expect(page.get_by_test_id("backups-status")).to_have_attribute("data-busy", "true")
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_programs_and_the_box_are_started_anew_from_the_page(page: Page, web, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(facts, "release", lambda: {"ID": "tapeline", "BUILD_ID": "20261122"})
    box = PluggedBox(web.layout, tmp_path, monkeypatch)
    with box.served():
        page.goto(f"http://127.0.0.1:{web.port}/system")
        page.get_by_test_id("program-restart-archiver").click()
        page.locator(".el-message-box__btns .el-button--primary").click()
        expect(page.locator(".el-message--success")).to_contain_text("archiver")
        assert box.told[-1] == "systemctl --no-block restart tapeline@archiver.service"
        page.get_by_test_id("power-restart").click()
        page.get_by_test_id("ask-password").fill("nonsense")
        page.get_by_test_id("ask-go").click()
        expect(page.locator("#ask-password-error")).to_be_visible()
        page.get_by_test_id("ask-password").fill(PASSWORD)
        page.get_by_test_id("ask-go").click()
        expect(page.get_by_test_id("power-begun")).to_be_visible()
        until(lambda: box.told[-1] == "systemctl --no-block reboot", what="the order")
