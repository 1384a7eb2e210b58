"""Settings in Chromium, in both languages: found, saved, undone, compared, carried away and brought in, met by others."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.rigs.web import PASSWORD, Web

pytestmark = pytest.mark.timeout(420)


@pytest.fixture
def web(layout, free_port) -> Iterator[Web]:
    with Web(layout, free_port) as served:
        served.administrator()
        yield served


@pytest.fixture(params=["en", "zh"])
def page(browser: Browser, web: Web, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1360, "height": 900}, accept_downloads=True)
    context.add_init_script(f"localStorage.setItem('tapeline.language', '{request.param}')")
    page = context.new_page()
    page.set_default_timeout(60_000)
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"http://127.0.0.1:{web.port}/login?next=/settings")
    page.get_by_test_id("login-name").fill("admin")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("setting-archive.format").wait_for()
    yield page
    context.close()
    assert not failures


def number(page: Page, key: str, value: str) -> None:
    field = page.get_by_test_id(f"setting-{key}").locator("input")
    field.fill(value)
    field.press("Enter")


def save(page: Page) -> None:
    page.get_by_test_id("settings-save").click()
    expect(page.get_by_test_id("settings-save")).to_be_disabled()
    expect(page.get_by_test_id("toast-undo").last).to_be_visible()


def in_force(web: Web, *path: str):
    found = web.administrator().get("settings").json["settings"]
    for name in path:
        found = found[name]
    return found


def change_elsewhere(web: Web, section: str, **values) -> None:
    admin = web.administrator()
    kept = admin.get("settings").json
    kept["settings"][section] |= values
    saved = admin.put("settings", {"revision": kept["revision"], "settings": kept["settings"]})
    assert saved.status == 200, saved


def test_a_setting_is_found_by_key_and_opened_among_its_neighbours(page: Page) -> None:
    page.get_by_test_id("settings-find").fill("keep_bundle")
    expect(page.get_by_test_id("found-archive.keep_bundle_h")).to_be_visible()
    expect(page.get_by_test_id("setting-archive.format")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("setting-archive.format")).to_be_visible()
    expect(page.get_by_test_id("setting-archive.keep_bundle_h")).to_be_in_viewport()
    expect(page.get_by_test_id("setting-archive.keep_bundle_h").locator("input")).to_be_focused()
    assert page.url.endswith("#archive.keep_bundle_h")
    page.reload()
    expect(page.get_by_test_id("setting-archive.keep_bundle_h").locator("input")).to_be_focused()


def test_words_that_are_looked_for_are_marked_and_lead_to_other_pages(page: Page) -> None:
    page.get_by_test_id("settings-find").fill(
        "SMTP" if page.evaluate("document.documentElement.lang") != "en" else "mail server"
    )
    expect(page.get_by_test_id("setting-alarms.email.server").locator("mark").first).to_be_visible()
    page.get_by_test_id("settings-find").fill("黑名单")
    page.get_by_test_id("found-recording.blacklist").click()
    page.wait_for_url(re.compile("/lists$"))


def test_settings_inside_settings_are_changed_and_the_change_is_undone(page: Page, web: Web) -> None:
    page.get_by_test_id("setting-alarms.email.server").locator("input").fill("mail.example")
    number(page, "capture.ring_mib", "128")
    save(page)
    assert (in_force(web, "alarms", "email", "server"), in_force(web, "capture", "ring_mib")) == (
        "mail.example",
        128,
    )
    page.get_by_test_id("toast-undo").last.click()
    expect(page.get_by_test_id("setting-capture.ring_mib").locator("input")).to_have_value("64")
    expect(page.get_by_test_id("setting-alarms.email.server").locator("input")).to_have_value("")
    assert in_force(web, "capture", "ring_mib") == 64


def test_nobody_leaves_with_unsaved_changes_without_being_asked(page: Page) -> None:
    number(page, "capture.ring_mib", "128")
    page.get_by_test_id("settings-history").click()
    question = page.locator(".el-message-box")
    question.locator("button").filter(has_text=re.compile("Stay|留在")).click()
    expect(question).to_be_hidden()
    expect(page.get_by_test_id("setting-capture.ring_mib").locator("input")).to_have_value("128")
    page.get_by_test_id("settings-history").click()
    question.locator("button").filter(has_text=re.compile("Leave|离开")).click()
    page.wait_for_url(re.compile("/settings/history"))


def test_who_was_quicker_is_told_with_what_and_one_s_own_changes_go_on_top(page: Page, web: Web) -> None:
    number(page, "capture.ring_mib", "128")
    number(page, "capture.threads", "2")
    change_elsewhere(web, "capture", ring_mib=256, interface="eth7")
    page.get_by_test_id("settings-save").click()
    conflict = page.get_by_test_id("settings-conflict")
    expect(conflict).to_contain_text("admin")
    expect(conflict.locator("[data-path='capture.interface']")).to_contain_text("eth7")
    expect(conflict.locator("[data-path='capture.ring_mib'] .chip.warn")).to_be_visible()
    page.get_by_test_id("settings-apply").click()
    expect(page.get_by_test_id("setting-capture.interface").locator("input")).to_have_value("eth7")
    save(page)
    assert (in_force(web, "capture", "ring_mib"), in_force(web, "capture", "threads")) == (128, 2)
    assert in_force(web, "capture", "interface") == "eth7"


def test_the_history_compares_and_goes_back_after_a_look(page: Page, web: Web) -> None:
    change_elsewhere(web, "capture", ring_mib=128)
    change_elsewhere(web, "capture", interface="eth1")
    change_elsewhere(web, "capture", ring_mib=256)
    page.get_by_test_id("settings-history").click()
    rows = page.get_by_test_id("revision")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("admin")
    difference = page.get_by_test_id("difference")
    expect(difference.locator("[data-path='capture.ring_mib']")).to_contain_text("128 MiB")
    page.get_by_test_id("revision-show-2").click()
    expect(difference.locator("[data-path='capture.interface']")).to_contain_text("eth1")
    page.goto(page.url.split("?")[0] + "?before=0&after=3")
    expect(page.get_by_test_id("difference").get_by_test_id("change")).to_have_count(2)
    page.get_by_test_id("revision-restore-1").click()
    changes = page.get_by_test_id("restore-changes")
    expect(changes.get_by_test_id("change")).to_have_count(2)
    page.get_by_test_id("restore-confirm").click()
    expect(rows).to_have_count(4)
    assert (in_force(web, "capture", "ring_mib"), in_force(web, "capture", "interface")) == (128, "")


def test_settings_leave_as_a_file_and_come_back_part_by_part(page: Page, web: Web, tmp_path: Path) -> None:
    change_elsewhere(web, "capture", ring_mib=128)
    change_elsewhere(web, "web", idle_timeout_min=45)
    page.get_by_test_id("settings-export-open").click()
    with page.expect_download() as waiting:
        page.get_by_test_id("export-save").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    content = json.loads(file.read_text())
    assert content["settings"]["capture"]["ring_mib"] == 128
    content["settings"]["capture"] |= {"ring_mib": 256, "threads": 99}
    content["settings"]["web"]["idle_timeout_min"] = 60
    file.write_text(json.dumps(content))
    page.reload()
    page.get_by_test_id("settings-import-open").click()
    page.get_by_test_id("import-file").set_input_files(str(file))
    dialog = page.get_by_test_id("settings-import")
    expect(dialog.locator("[data-path='capture.threads']")).to_be_visible()
    expect(dialog.get_by_test_id("change")).to_have_count(2)
    dialog.get_by_test_id("import-part-web").click()
    expect(dialog.get_by_test_id("change")).to_have_count(1)
    dialog.get_by_test_id("import-apply").click()
    expect(page.get_by_test_id("setting-capture.ring_mib").locator("input")).to_have_value("256")
    assert (in_force(web, "capture", "ring_mib"), in_force(web, "web", "idle_timeout_min")) == (256, 45)
    broken = tmp_path / "broken.json"
    broken.write_text("{ no json")
    page.get_by_test_id("settings-import-open").click()
    page.get_by_test_id("import-file").set_input_files(str(broken))
    expect(page.get_by_test_id("import-problem")).to_be_visible()


def test_passwords_leave_only_under_a_passphrase_that_is_typed_twice(
    page: Page, web: Web, tmp_path: Path
) -> None:
    page.get_by_test_id("setting-alarms.email.password").locator("input").fill("s3cret-of-mail")
    save(page)
    page.get_by_test_id("settings-export-open").click()
    page.get_by_test_id("export-secrets").click()
    page.get_by_test_id("export-passphrase").fill("a long passphrase")
    page.get_by_test_id("export-again").fill("another")
    expect(page.get_by_test_id("export-save")).to_be_disabled()
    page.get_by_test_id("export-again").fill("a long passphrase")
    with page.expect_download() as waiting:
        page.get_by_test_id("export-save").click()
    file = tmp_path / "settings.json"
    waiting.value.save_as(file)
    assert "s3cret-of-mail" not in file.read_text()
    page.get_by_test_id("setting-alarms.email.password").locator("input").fill("another secret")
    save(page)
    page.get_by_test_id("settings-import-open").click()
    page.get_by_test_id("import-file").set_input_files(str(file))
    expect(page.get_by_test_id("import-same")).to_be_visible()
    page.get_by_test_id("import-passphrase").fill("a long passphrase")
    page.get_by_test_id("import-unlock").click()
    expect(page.get_by_test_id("settings-import").locator("[data-sort=secret]")).to_have_count(1)
    page.get_by_test_id("import-apply").click()
    expect(page.get_by_test_id("settings-import")).to_be_hidden()
    assert "s3cret-of-mail" in web.layout.secrets.read_text()
