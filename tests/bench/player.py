"""`make bench`, section "player": from pressing play to moving sound, a recording of one hour, Chromium on the loopback."""

import shutil
import socket
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from appliance.core.files import Layout
from appliance.domain.bundle import Recording
from appliance.media.encoders import make
from appliance.media.pcm import Law, Sound, compress
from appliance.media.peaks import write_peaks
from appliance.settings.archive import WavG711, WavPcm
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.broker import Broker
from tests.rigs.records import NOON, make_record
from tests.rigs.web import PASSWORD, Web

HOUR_S = 3600
PLACES_S = (0, 0, 0, 1800, 3500)
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]
_PLAY = """([id, at]) => new Promise((done, failed) => {
  const audio = new Audio();
  const begun = performance.now();
  audio.onerror = () => failed(audio.error.message);
  const look = () => audio.currentTime > at + 0.001 ? done(Math.round(performance.now() - begun)) : requestAnimationFrame(look);
  audio.onplaying = look;
  audio.src = `/api/v1/calls/${id}/audio`;
  audio.currentTime = at;
  audio.play();
})"""


def fill(layout: Layout) -> None:
    at = np.arange(8000 * HOUR_S)
    tone = (np.sin(at * 0.4) * 9000).astype(np.int16)
    pcm = np.stack([tone, tone], axis=1)
    database = open_database(layout)
    for name, tag, encoder, sound in (
        ("0alaw", "wav_g711", make(WavG711()), Sound(compress(pcm, Law.ALAW), 8000, Law.ALAW)),
        ("0pcm", "wav_pcm", make(WavPcm()), Sound(pcm, 8000)),
    ):
        record = make_record("1", "2", call_id=name, talk_s=float(HOUR_S), at=NOON)
        known = record.recording
        assert known is not None
        path = layout.archive / known.file
        path.parent.mkdir(parents=True, exist_ok=True)
        written = encoder.write(sound, path)
        (layout.archive / known.peaks_file).write_bytes(write_peaks(sound))
        record.recording = Recording(
            file=known.file, format=tag, sha256=written.sha256, bytes=written.bytes, sample_rate_hz=8000,
            channels=2, starts_at=NOON, length_s=float(HOUR_S), peaks_file=known.peaks_file,
        )  # fmt: skip
        calls.index(database, record)
    database.close()


def main() -> None:
    layout = Layout(Path(tempfile.mkdtemp(prefix="tl-", dir="/tmp"))).make()
    fill(layout)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    broker = Broker(layout.run).start()
    try:
        with Web(layout, port) as web, sync_playwright() as playwright:
            web.administrator()
            chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
            page = chromium.new_page()
            page.goto(f"http://127.0.0.1:{port}/")
            page.get_by_test_id("login-name").fill("admin")
            page.locator("input[type=password]").first.fill(PASSWORD)
            page.keyboard.press("Enter")
            page.get_by_test_id("home-calls").wait_for()
            print(
                "player: one hour, ms from play to moving sound at " + ", ".join(f"{at} s" for at in PLACES_S)
            )
            for name in ("0alaw", "0pcm"):
                print(f"  {name[1:]:<5}", *(f"{page.evaluate(_PLAY, [name, at]):5}" for at in PLACES_S))
            chromium.close()
    finally:
        broker.kill()
        shutil.rmtree(layout.data)


if __name__ == "__main__":
    main()
