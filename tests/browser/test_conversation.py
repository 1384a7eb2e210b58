"""A conversation of several calls in Chromium: the tree, and all its recordings one after the other."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from appliance.core.files import Layout
from appliance.domain.bundle import Record, Recording
from appliance.domain.interaction import Relation, RelationKind
from appliance.domain.ledger import Reason
from appliance.media.encoders import make
from appliance.media.pcm import Sound
from appliance.media.peaks import write_peaks
from appliance.settings.archive import WavPcm
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.broker import Broker
from tests.rigs.ports import free_port
from tests.rigs.records import NOON, make_record
from tests.rigs.visiting import chromium
from tests.rigs.web import PASSWORD, Web

LENGTH_S = 8.0
"""So long that a slow browser sees each recording while it plays."""

pytestmark = pytest.mark.timeout(180)


def with_sound(layout: Layout, record: Record) -> Record:
    """The record with real files of a short tone."""
    recording = record.recording
    assert recording is not None
    seconds = np.arange(int(8000 * LENGTH_S)) / 8000
    tone = (np.sin(seconds * 3000) * 9000).astype(np.int16)
    sound = Sound(np.stack([tone, tone], axis=1), 8000)
    path = layout.archive / recording.file
    path.parent.mkdir(parents=True, exist_ok=True)
    written = make(WavPcm()).write(sound, path)
    (layout.archive / recording.peaks_file).write_bytes(write_peaks(sound))
    record.recording = Recording(
        file=recording.file, format="wav_pcm", sha256=written.sha256, bytes=written.bytes, sample_rate_hz=8000,
        channels=2, starts_at=recording.starts_at, length_s=LENGTH_S, peaks_file=recording.peaks_file,
    )  # fmt: skip
    return record


def fill(layout: Layout) -> None:
    """An attended transfer of four calls, one of them without a recording."""

    def at(seconds: int) -> dict:
        return {"at": NOON + timedelta(seconds=seconds)}

    def tie(kind: RelationKind, call_id: str) -> list[Relation]:
        return [Relation(kind=kind, at=NOON, call_id=call_id)]

    made = [
        with_sound(layout, make_record("4930", "100", call_id="0first", talk_s=30.0)),
        make_record(
            "4930", "101", call_id="0leg", talk_s=0, reason=Reason.ELSEWHERE, codecs=(),
            related=tie(RelationKind.LEG_OF, "0first"), **at(1),
        ),
        with_sound(
            layout,
            make_record("100", "300", call_id="0consult", related=tie(RelationKind.CONSULTATION, "0first"), **at(40)),
        ),
        with_sound(
            layout,
            make_record(
                "4930", "300", call_id="0result", related=tie(RelationKind.TRANSFERRED_FROM, "0first"), **at(60)
            ),
        ),
    ]  # fmt: skip
    database = open_database(layout)
    calls.index_all(database, reversed(made))
    database.close()


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    layout = Layout(Path(tempfile.mkdtemp(prefix="tl-", dir="/tmp"))).make()
    fill(layout)
    port = free_port()
    broker = Broker(layout.run).start()
    with Web(layout, port) as web, chromium() as browser:
        web.administrator()
        made = browser.new_context(locale="en-GB", viewport={"width": 1360, "height": 900}).new_page()
        problems: list[str] = []
        made.on("pageerror", lambda error: problems.append(str(error)))
        made.set_default_timeout(60_000)
        made.goto(f"http://127.0.0.1:{port}/")
        made.get_by_test_id("login-name").fill("admin")
        made.locator("input[type=password]").first.fill(PASSWORD)
        made.keyboard.press("Enter")
        expect(made.get_by_test_id("home-calls")).to_be_visible()
        made.goto(f"http://127.0.0.1:{port}/calls/0consult")
        yield made
        assert not problems, problems
    broker.kill()
    shutil.rmtree(layout.data)


def test_the_tree_shows_every_call_under_what_it_came_out_of(page: Page) -> None:
    legs = page.get_by_test_id("interaction-leg")
    expect(legs).to_have_count(4)
    told = [
        (
            leg.get_attribute("data-call-id"),
            leg.get_attribute("data-depth"),
            leg.get_attribute("data-relation"),
        )
        for leg in legs.all()
    ]
    assert told == [
        ("0first", "0", None),
        ("0leg", "1", "leg_of"),
        ("0consult", "1", "consultation"),
        ("0result", "1", "transferred_from"),
    ]
    here = page.locator("[data-testid=interaction-leg][aria-current=page]")
    expect(here).to_have_attribute("data-call-id", "0consult")
    expect(legs.nth(3)).to_contain_text("After a transfer")
    expect(legs.nth(1)).to_contain_text("Answered at another telephone")


def test_the_whole_conversation_is_played_in_order(page: Page) -> None:
    page.get_by_test_id("interaction-play").click()
    place = page.get_by_test_id("player-place")
    expect(place).to_have_text("1 of 3")
    playing = page.locator("[data-testid=interaction-leg].playing")
    expect(playing).to_have_attribute("data-call-id", "0first")
    expect(place).to_have_text("2 of 3", timeout=60_000)
    expect(playing).to_have_attribute("data-call-id", "0consult")
    expect(place).to_have_text("3 of 3", timeout=60_000)
    expect(playing).to_have_attribute("data-call-id", "0result")
    expect(page.get_by_test_id("player-next")).to_be_disabled()
    expect(page.get_by_test_id("player-play")).to_have_attribute("data-playing", "false", timeout=60_000)


def test_next_and_previous_go_through_the_recordings(page: Page) -> None:
    page.get_by_test_id("interaction-play").click()
    place = page.get_by_test_id("player-place")
    page.get_by_test_id("player-next").click()
    expect(place).to_have_text("2 of 3")
    page.get_by_test_id("player-previous").click()
    expect(place).to_have_text("1 of 3")
    expect(page.get_by_test_id("player-previous")).to_be_disabled()
    page.get_by_test_id("player-close").click()
    expect(page.get_by_test_id("player")).to_have_count(0)


def test_a_leg_opens_its_own_page_and_the_tree_is_told_in_chinese(page: Page) -> None:
    page.locator("[data-call-id='0result'] a").click()
    page.wait_for_url(re.compile("/calls/0result"))
    expect(page.locator("[data-testid=interaction-leg][aria-current=page]")).to_have_attribute(
        "data-call-id", "0result"
    )
    page.get_by_test_id("language-zh").click()
    expect(page.get_by_test_id("interaction-leg").nth(3)).to_contain_text("转接后")
    expect(page.get_by_test_id("interaction-tree")).to_be_visible()
