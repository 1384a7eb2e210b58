"""Work with recordings in Chromium: zoom, region, loop, export, keyboard, notes, holds, links, archives and tables."""

import re
import shutil
import socket
import subprocess
import tempfile
import wave
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.core.files import Layout
from appliance.domain.bundle import Recording
from appliance.domain.ledger import Reason
from appliance.media.encoders import make
from appliance.media.pcm import Sound
from appliance.media.peaks import write_peaks
from appliance.settings.archive import WavPcm
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.broker import Broker
from tests.rigs.records import NOON, make_record
from tests.rigs.sevenzip import extract
from tests.rigs.visiting import chromium
from tests.rigs.web import PASSWORD, Web

PICTURES = Path(__file__).resolve().parents[2] / ".build" / "screenshots"
LENGTH_S = 60
WAIT_MS = 30_000

pytestmark = pytest.mark.timeout(240)


class Desk(NamedTuple):
    """A signed-in administrator in front of a box with two recordings."""

    page: Page
    browser: Browser
    url: str
    layout: Layout


def speak(page: Page, language: str) -> None:
    """Choose a language, and wait until the page has it: whoever goes on before that takes it back."""
    button = page.get_by_test_id(f"language-{language}")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def fill(layout: Layout) -> None:
    seconds = np.arange(8000 * LENGTH_S) / 8000
    tone = (np.sin(seconds * 3000) * 9000).astype(np.int16)
    sound = Sound(np.stack([tone, tone], axis=1), 8000)
    made = []
    for name, caller in (("0first", "4930"), ("0second", "4931")):
        record = make_record(caller, "100", call_id=name, talk_s=float(LENGTH_S), at=NOON)
        recording = record.recording
        assert recording is not None
        path = layout.archive / recording.file
        path.parent.mkdir(parents=True, exist_ok=True)
        written = make(WavPcm()).write(sound, path)
        (layout.archive / recording.peaks_file).write_bytes(write_peaks(sound))
        record.recording = Recording(
            file=recording.file, format="wav_pcm", sha256=written.sha256, bytes=written.bytes, sample_rate_hz=8000,
            channels=2, starts_at=NOON, length_s=float(LENGTH_S), peaks_file=recording.peaks_file,
        )  # fmt: skip
        made.append(record)
    made.append(make_record("4932", "100", call_id="0busy", talk_s=0, reason=Reason.BUSY, codecs=(), at=NOON))
    database = open_database(layout)
    calls.index_all(database, made)
    database.close()


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    layout = Layout(Path(tempfile.mkdtemp(prefix="tl-", dir="/tmp"))).make()
    fill(layout)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    broker = Broker(layout.run).start()
    url = f"http://127.0.0.1:{port}"
    with Web(layout, port) as web, chromium() as browser:
        web.administrator()
        page = browser.new_context(locale="en-GB", viewport={"width": 1360, "height": 900}).new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.set_default_timeout(WAIT_MS)
        expect.set_options(timeout=WAIT_MS)
        page.goto(f"{url}/")
        page.get_by_test_id("login-name").fill("admin")
        page.locator("input[type=password]").first.fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("home-calls")).to_be_visible()
        yield Desk(page, browser, url, layout)
        assert not problems, problems
    broker.kill()
    shutil.rmtree(layout.data)


@pytest.fixture
def playing(desk: Desk) -> Page:
    """The first call open and in the player, paused."""
    page = desk.page
    page.goto(f"{desk.url}/calls/0first")
    page.get_by_test_id("call-play").click()
    waves = page.get_by_test_id("player-waves")
    expect(waves).to_have_attribute("data-peaks", "yes")

    return page


def drag(page: Page, start: float, stop: float) -> None:
    box = page.get_by_test_id("player-waves").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] * 0.3
    page.mouse.move(box["x"] + box["width"] * start, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * (start + stop) / 2, middle)
    page.mouse.move(box["x"] + box["width"] * stop, middle)
    page.mouse.up()


def test_the_waveform_is_zoomed_by_wheel_button_and_key(playing: Page) -> None:
    waves = playing.get_by_test_id("player-waves")
    expect(waves).to_have_attribute("data-view", "0.00-60.00")
    expect(playing.get_by_test_id("player-overview")).to_have_count(0)
    waves.hover()
    playing.mouse.wheel(0, -800)
    expect(waves).not_to_have_attribute("data-view", "0.00-60.00")
    expect(playing.get_by_test_id("player-overview")).to_be_visible()
    for _ in range(4):
        playing.get_by_test_id("player-zoom-in").click()
    expect(waves).to_have_attribute("data-fine", "yes")
    playing.get_by_test_id("player-zoom-all").click()
    expect(waves).to_have_attribute("data-view", "0.00-60.00")
    playing.keyboard.press("+")
    expect(waves).not_to_have_attribute("data-view", "0.00-60.00")
    playing.keyboard.press("z")
    expect(waves).to_have_attribute("data-view", "0.00-60.00")


def test_a_region_is_dragged_looped_saved_and_cleared(playing: Page, tmp_path: Path) -> None:
    drag(playing, 0.5, 0.55)
    span = playing.get_by_test_id("player-region-span")
    expect(span).to_have_text(re.compile(r"Region 0:(29|30)–0:(32|33)"))
    playing.get_by_test_id("player-loop").click()
    expect(playing.get_by_test_id("player")).to_have_attribute("data-loop", "true")
    position = playing.get_by_test_id("player-position")
    expect(position).to_have_text(re.compile(r"0:(29|3[0-3])"))
    with playing.expect_download() as download:
        playing.get_by_test_id("player-region-export").click()
        playing.get_by_test_id("region-wav_pcm").click()
    path = tmp_path / "region.wav"
    download.value.save_as(path)
    with wave.open(str(path)) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(3.0, abs=0.2)
    playing.get_by_test_id("player-zoom-in").focus()
    playing.keyboard.press("Escape")
    expect(span).to_have_count(0)
    expect(playing.get_by_test_id("player")).to_have_attribute("data-loop", "false")


def test_the_keyboard_map_is_shown_and_true(playing: Page) -> None:
    playing.keyboard.press("?")
    expect(playing.get_by_test_id("key-help")).to_contain_text("Loop the region")
    playing.keyboard.press("Escape")
    expect(playing.get_by_test_id("key-help")).to_be_hidden()
    playing.keyboard.press("]")
    expect(playing.get_by_test_id("player-rate")).to_contain_text("1.25×")
    playing.keyboard.press("[")
    playing.keyboard.press(",")
    expect(playing.get_by_test_id("player-region-tools")).to_be_visible()
    playing.keyboard.press("l")
    expect(playing.get_by_test_id("player")).to_have_attribute("data-loop", "true")


def test_bookmarks_notes_and_tags_are_kept_and_drawn(playing: Page) -> None:
    playing.get_by_test_id("player-bookmark").click()
    expect(playing.get_by_test_id("time-mark-bookmark")).to_have_count(1)
    expect(playing.get_by_test_id("call-bookmark")).to_have_count(1)
    playing.get_by_test_id("tag-input").fill("Billing")
    playing.keyboard.press("Enter")
    expect(playing.get_by_test_id("call-tag")).to_have_text(re.compile("billing"))
    playing.get_by_test_id("note-input").fill("the customer agrees")
    playing.get_by_test_id("note-place").check()
    playing.get_by_test_id("note-add").click()
    expect(playing.get_by_test_id("call-note").first).to_contain_text("the customer agrees")
    expect(playing.get_by_test_id("time-mark-note")).to_have_count(1)
    playing.reload()
    expect(playing.get_by_test_id("call-note").first).to_contain_text("the customer agrees")


def test_a_hold_guards_the_recording_until_it_is_lifted(desk: Desk) -> None:
    page = desk.page
    page.goto(f"{desk.url}/calls/0second")
    page.get_by_test_id("evidence-verify").click()
    expect(page.get_by_test_id("evidence")).to_have_attribute("data-matches", "true")
    page.get_by_test_id("hold-set").click()
    page.get_by_test_id("keeping-reason").fill("case 7")
    page.get_by_test_id("keeping-go").click()
    expect(page.get_by_test_id("call-held")).to_contain_text("case 7")
    expect(page.get_by_test_id("delete")).to_be_disabled()
    page.get_by_test_id("hold-lift").click()
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_test_id("call-held")).to_have_count(0)
    page.get_by_test_id("delete").click()
    page.get_by_test_id("keeping-reason").fill("asked by the customer")
    page.get_by_test_id("keeping-go").click()
    expect(page.get_by_test_id("delete-sure")).to_contain_text("for good")
    page.keyboard.press("Escape")


def test_a_link_plays_for_a_stranger_until_it_is_revoked(desk: Desk) -> None:
    page = desk.page
    page.goto(f"{desk.url}/calls/0first")
    page.get_by_test_id("call-share").click()
    page.get_by_test_id("share-password").fill("seven green kettles")
    page.get_by_test_id("share-make").click()
    made = page.get_by_test_id("share-made")
    expect(made).to_contain_text("/s/")
    address = re.search(r"http://\S+/s/[A-Za-z0-9_-]{43}", made.inner_text())
    assert address is not None
    stranger = desk.browser.new_context(locale="zh-CN", viewport={"width": 360, "height": 740}).new_page()
    stranger.goto(address[0])
    stranger.get_by_test_id("shared-password").fill("wrong")
    stranger.get_by_test_id("shared-open").click()
    expect(stranger.get_by_role("alert")).to_contain_text("\u5bc6\u7801\u9519\u8bef")
    stranger.get_by_test_id("shared-password").fill("seven green kettles")
    stranger.get_by_test_id("shared-open").click()
    expect(stranger.get_by_test_id("shared-page")).to_contain_text("4930")
    expect(stranger.get_by_test_id("player-waves")).to_have_attribute("data-peaks", "yes")
    expect(stranger.get_by_test_id("player-total")).to_have_text("1:00")
    expect(stranger.get_by_test_id("player-position")).not_to_have_text("0:00")
    page.get_by_test_id("share-revoke").first.click()
    expect(page.locator("[data-testid=share-link][data-state=revoked]")).to_have_count(1)
    stranger.reload()
    expect(stranger.get_by_test_id("shared-dead")).to_be_visible()
    stranger.context.close()
    page.keyboard.press("Escape")


def test_a_wrong_password_of_a_link_signs_nobody_out(desk: Desk) -> None:
    page = desk.page
    page.goto(f"{desk.url}{_link(page)}")
    page.get_by_test_id("shared-password").fill("wrong")
    page.get_by_test_id("shared-open").click()
    expect(page.get_by_role("alert")).to_contain_text("password")
    expect(page.get_by_test_id("shared-locked")).to_be_visible()
    page.goto(f"{desk.url}/calls")
    expect(page.get_by_test_id("calls-table")).to_be_visible()


def test_a_link_waits_for_a_recorder_that_is_away(desk: Desk) -> None:
    address = f"{desk.url}{_link(desk.page)}"
    stranger = desk.browser.new_context(locale="en-GB").new_page()
    asked = "**/api/v1/shared?*"
    stranger.route(asked, lambda route: route.abort())
    stranger.goto(address)
    expect(stranger.get_by_test_id("error-note")).to_contain_text("Check the network")
    expect(stranger.get_by_test_id("shared-dead")).to_have_count(0)
    stranger.unroute(asked)
    stranger.get_by_test_id("error-retry").click()
    expect(stranger.get_by_test_id("shared-locked")).to_be_visible()
    stranger.context.close()


def _link(page: Page) -> str:
    """The path of a new link to the first call, with a password."""
    made: str = page.evaluate(
        """async () => {
            const { csrf_token } = await (await fetch("/api/v1/session")).json();
            const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf_token };
            const body = JSON.stringify({ hours: 1, password: "seven green kettles" });
            return (await (await fetch("/api/v1/calls/0first/shares", { method: "POST", headers, body })).json()).path;
        }"""
    )
    return made


def test_a_full_disk_is_told_in_the_language_that_is_spoken(desk: Desk) -> None:
    page = desk.page
    page.goto(f"{desk.url}/calls")
    expect(page.get_by_test_id("call-row")).to_have_count(3)
    desk.layout.exports.mkdir(exist_ok=True)
    small = ["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(desk.layout.exports)]
    subprocess.run(small, check=True)
    try:
        page.get_by_test_id("many-excel").click()
        job = page.locator("[data-testid=export][data-state=failed]")
        expect(job).to_contain_text("is full")
        page.get_by_test_id("language-zh").click()
        expect(job).to_contain_text("\u5df2\u6ee1")
        page.get_by_test_id("language-en").click()
        expect(job).to_contain_text("is full")
        job.get_by_test_id("export-cancel").click()
        expect(job).to_have_count(0)
    finally:
        subprocess.run(["umount", str(desk.layout.exports)], check=True)


def test_ticked_recordings_come_as_an_archive_and_all_hits_as_a_workbook(desk: Desk, tmp_path: Path) -> None:
    page = desk.page
    page.goto(f"{desk.url}/calls")
    expect(page.get_by_test_id("call-row")).to_have_count(3)
    page.locator("[data-call-id='0first'] [data-testid=row-tick]").check()
    expect(page.get_by_test_id("many-what")).to_have_text("1 ticked")
    with page.expect_download() as archive:
        page.get_by_test_id("many-download").click()
        page.get_by_test_id("many-original").click()
    archive.value.save_as(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as found:
        assert found.testzip() is None
        assert [name.endswith("_4930_100.wav") for name in found.namelist()] == [True, False, False]
        assert {"calls.csv", "calls.json"} < set(found.namelist())
    page.get_by_test_id("many-clear").click()
    expect(page.get_by_test_id("many-what")).to_contain_text("All 3 hits")
    with page.expect_download() as table:
        page.get_by_test_id("many-excel").click()
    table.value.save_as(tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert (sheet.max_row, sheet.freeze_panes) == (4, "A2")
    job = page.locator("[data-testid=export][data-kind=xlsx]").first
    expect(job).to_have_attribute("data-state", "ready")
    job.get_by_test_id("export-cancel").click()
    expect(page.locator("[data-testid=export][data-kind=xlsx]")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_encrypted_archive_opens_with_the_password_that_was_shown_once(
    desk: Desk, tmp_path: Path, language: str
) -> None:
    page = desk.page
    page.goto(f"{desk.url}/calls")
    speak(page, language)
    page.locator("[data-call-id='0first'] [data-testid=row-tick]").check()
    page.get_by_test_id("many-download").click()
    page.get_by_test_id("many-encrypted").click()
    dialog = page.get_by_test_id("locked-export")
    begin = dialog.get_by_test_id("locked-begin")
    dialog.get_by_test_id("locked-password").fill(
        "\u5bc6\u7801\u5bc6\u7801\u5bc6\u7801\u5bc6\u7801\u5bc6\u7801\u5bc6\u7801"
    )
    begin.click()
    expect(dialog.get_by_role("alert")).to_contain_text(
        {"en": "without accents", "zh": "\u82f1\u6587\u5b57\u6bcd"}[language]
    )
    dialog.get_by_test_id("locked-password").fill("short")
    expect(begin).to_be_disabled()
    dialog.get_by_test_id("locked-make").click()
    password = dialog.get_by_test_id("locked-made").locator("code").inner_text()
    assert re.fullmatch(r"[0-9a-z]{5}(-[0-9a-z]{5}){3}", password)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"export-encrypted-{language}.png")
    with page.expect_download() as archive:
        begin.click()
    expect(dialog).to_be_hidden()
    job = page.locator("[data-testid=export][data-state=ready]").first
    expect(job.get_by_test_id("export-encrypted")).to_be_visible()
    path = tmp_path / "locked.zip"
    archive.value.save_as(path)
    out = tmp_path / "out"
    assert extract(path, password, out).returncode == 0
    assert {"calls.csv", "calls.json"} < {one.name for one in out.iterdir()}
    assert not any("4930" in one.name for one in out.iterdir())
    job.get_by_test_id("export-cancel").click()
    speak(page, "en")
    page.get_by_test_id("many-clear").click()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_export_whose_file_is_gone_says_so_and_is_made_again(desk: Desk, language: str) -> None:
    page = desk.page
    page.goto(f"{desk.url}/calls")
    speak(page, language)
    with page.expect_download():
        page.get_by_test_id("many-csv").click()
    job = page.locator("[data-testid=export][data-kind=csv]").first
    expect(job).to_have_attribute("data-state", "ready")
    shutil.rmtree(desk.layout.exports / (job.get_attribute("data-export-id") or ""))
    page.reload()
    expect(job).to_have_attribute("data-state", "failed")
    expect(job).to_contain_text({"en": "no longer on the recorder", "zh": "\u5df2\u4e0d\u5728"}[language])
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"export-gone-{language}.png")
    with page.expect_download() as table:
        job.get_by_test_id("export-again").click()
    assert table.value.suggested_filename.endswith(".csv")
    expect(job).to_have_attribute("data-state", "ready")
    job.get_by_test_id("export-cancel").click()
    speak(page, "en")


def test_an_export_outlives_a_moment_without_the_recorder(desk: Desk) -> None:
    page = desk.page
    page.goto(f"{desk.url}/calls")
    expect(page.get_by_test_id("call-row")).to_have_count(3)
    page.route(
        "**/api/v1/exports/*",
        lambda route: route.abort() if route.request.method == "GET" else route.continue_(),
    )
    with page.expect_event("requestfailed"):
        page.get_by_test_id("many-csv").click()
    job = page.locator("[data-testid=export][data-kind=csv]").first
    expect(job).to_have_attribute("data-state", "preparing")
    with page.expect_download() as table:
        page.unroute("**/api/v1/exports/*")
    assert table.value.suggested_filename.endswith(".csv")
    expect(job).to_have_attribute("data-state", "ready")


@pytest.mark.parametrize(("path", "column"), [("transcripts", "Speech to text"), ("uploads", "FTP state")])
def test_pages_of_capabilities_to_come_say_so(desk: Desk, path: str, column: str) -> None:
    page = desk.page
    page.goto(f"{desk.url}/{path}")
    expect(page.get_by_test_id("waiting-note")).to_contain_text("not set up")
    expect(page.get_by_test_id("calls-table")).to_contain_text(column)
    expect(page.get_by_test_id("row-waiting").first).to_contain_text("Not set up")
    expect(page.get_by_test_id("row-waiting").first.get_by_role("link")).to_have_attribute(
        "href", "/settings"
    )
    page.set_viewport_size({"width": 1280, "height": 900})
    squeezed = (
        "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth).map(cell => cell.innerText)"
    )
    assert page.locator("[data-testid=call-row] td.state").evaluate_all(squeezed) == []


def test_chosen_columns_stay_and_exported_tables_follow(desk: Desk, tmp_path: Path) -> None:
    page = desk.page
    page.goto(f"{desk.url}/calls")
    table = page.get_by_test_id("calls-table")
    expect(table.get_by_role("columnheader", name="Codec")).to_be_visible()
    page.get_by_test_id("columns").click()
    page.get_by_test_id("column-packets").check()
    expect(page.get_by_test_id("cell-packets").first).to_be_visible()
    page.get_by_test_id("column-codecs").uncheck()
    expect(table.get_by_role("columnheader", name="Codec")).to_have_count(0)
    page.reload()
    expect(page.get_by_test_id("cell-packets").first).to_be_visible()
    expect(table.get_by_role("columnheader", name="Codec")).to_have_count(0)
    with page.expect_download() as waiting:
        page.get_by_test_id("many-excel").click()
    path = tmp_path / "calls.xlsx"
    waiting.value.save_as(path)
    heads = [cell.value for cell in next(openpyxl.load_workbook(path).active.rows)]
    assert "Packets" in heads
    assert "Codecs" not in heads
    assert heads[:2] == ["Start", "Caller"]
    page.get_by_test_id("columns").click()
    page.get_by_test_id("columns-usual").click()
    expect(page.get_by_test_id("cell-packets")).to_have_count(0)


def test_shared_links_stand_in_the_account_and_are_revoked_there(desk: Desk) -> None:
    page = desk.page
    page.goto(f"{desk.url}/calls/0second")
    page.get_by_test_id("call-share").click()
    page.get_by_test_id("share-note").fill("for the lawyer")
    page.get_by_test_id("share-make").click()
    page.get_by_test_id("share-made").wait_for()
    page.goto(f"{desk.url}/account")
    link = page.get_by_test_id("share-row").filter(has_text="for the lawyer")
    expect(link).to_have_attribute("data-state", "alive")
    link.get_by_test_id("share-row-revoke").click()
    page.locator(".el-message-box__btns .el-button--primary").click()
    expect(link).to_have_attribute("data-state", "revoked")
