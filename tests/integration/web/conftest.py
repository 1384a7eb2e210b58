"""One box with a small ledger, set up once for all tests that only look; and an empty one for those that change."""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from appliance.core.files import Layout
from appliance.domain.bundle import Message
from appliance.domain.ledger import Mark, Reason
from appliance.media.encoders import make
from appliance.media.pcm import Sound
from appliance.media.peaks import write_peaks
from appliance.settings.archive import WavPcm
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs import ports
from tests.rigs.broker import Broker
from tests.rigs.records import NOON, make_record
from tests.rigs.web import Browser, Web


class Box(NamedTuple):
    """A served box and the people on it."""

    web: Web
    admin: Browser
    viewer: Browser
    anonymous: Browser
    recorded: str
    refused: str
    other_leg: str
    sound: np.ndarray
    file: bytes

    def __repr__(self):
        return f"Box({self.web.port})"


def new_layout():
    return Layout(Path(tempfile.mkdtemp(prefix="tl-", dir="/tmp"))).make()


def fill(layout):
    """A recorded call with its files, one that was busy, a second leg of the first."""
    seconds = np.arange(8000 * 3) / 8000
    tones = np.stack([np.sin(seconds * 2000), np.sin(seconds * 4000)], axis=1)
    samples = (tones * 9000).astype(np.int16)
    recorded = make_record("4930123456", "1001", talk_s=3.0)
    recording = recorded.recording
    sound = Sound(samples, 8000)
    path = layout.archive / recording.file
    path.parent.mkdir(parents=True)
    written = make(WavPcm()).write(sound, path)
    (layout.archive / recording.peaks_file).write_bytes(write_peaks(sound))
    recorded.recording = type(recording)(
        file=recording.file,
        format="wav_pcm",
        sha256=written.sha256,
        bytes=written.bytes,
        sample_rate_hz=8000,
        channels=2,
        starts_at=recording.starts_at,
        length_s=3.0,
        peaks_file=recording.peaks_file,
    )
    recorded.marks = [Mark.ONE_WAY]
    recorded.manifest.messages = [
        Message(
            at=NOON,
            source="10.0.0.1:5060",
            destination="10.0.0.2:5060",
            transport="udp",
            label="INVITE",
            has_sdp=True,
        ),
        Message(
            at=NOON + timedelta(seconds=2),
            source="10.0.0.2:5060",
            destination="10.0.0.1:5060",
            transport="udp",
            label="200 OK",
        ),
    ]
    refused = make_record(
        "1001",
        "Müller",
        at=NOON + timedelta(hours=1),
        talk_s=0,
        reason=Reason.BUSY,
        codecs=(),
        status_code=486,
    )
    leg = make_record(
        "1001",
        "1002",
        at=NOON + timedelta(seconds=1),
        reason=Reason.NO_MEDIA,
        interaction_id=recorded.call.call_id,
    )
    database = open_database(layout)
    calls.index_all(database, [recorded, refused, leg])
    database.close()
    ids = (recorded.call.call_id, refused.call.call_id, leg.call.call_id)
    return (*ids, samples, path.read_bytes())


@pytest.fixture(scope="session")
def box():
    yield from serve_box()


@pytest.fixture(scope="module")
def playground():
    """The same for a test that may break everything on it."""
    yield from serve_box()


def serve_box():
    layout = new_layout()
    filled = fill(layout)
    broker = Broker(layout.run).start()
    with Web(layout, ports.free_port()) as web:
        admin = web.administrator()
        yield Box(web, admin, web.viewer(admin), web.anonymous(), *filled)
    broker.kill()
    shutil.rmtree(layout.data)


@pytest.fixture
def broker(layout):
    broker = Broker(layout.run).start()
    yield broker
    broker.kill()


@pytest.fixture
def web(layout, free_port, broker):
    """A fresh box that nobody has set up."""
    with Web(layout, free_port) as web:
        yield web
