"""The recorder as a program: idle without a port, one at a time, capture files, its state on the bus."""

import json
import struct

import msgspec
import numpy as np
import pytest

from appliance.core.clock import from_ns
from appliance.core.files import MANIFEST_FILE, Layout
from appliance.domain.bundle import Manifest
from appliance.domain.control import Verb
from appliance.media.pcm import Law, compress
from appliance.settings.storage import save, validate
from tests.rigs.daemons import Daemons, tapeline
from tests.rigs.keys import sequence
from tests.rigs.patience import until
from tests.rigs.wire import EPOCH_NS, Wire


@pytest.fixture
def layout(tmp_path):
    return Layout(tmp_path / "data").make()


@pytest.fixture
def running(layout):
    made = Daemons(layout)
    yield made
    made.close()


def a_call(path):
    wire = Wire()
    call = wire.call("file@x")
    call.invite(0)
    call.answer(1)
    call.talk(1, 3)
    call.bye(3)
    return wire.write(path)


def program(layout):
    status = json.loads(tapeline("status", "--data", str(layout.data), "--json").stdout)
    return (status["programs"] or {}).get("recorder", {})


def test_without_a_mirror_port_it_waits_and_stops_in_order(running):
    running.start("recorder")
    assert running.stop("recorder") == 0


def test_a_second_recorder_on_the_same_data_is_refused_in_one_line(running, layout):
    running.start("recorder")
    done = tapeline("run", "recorder", "--data", str(layout.data), check=False)
    assert done.returncode == 1
    assert "capture.lock" in done.stderr
    assert "Traceback" not in done.stderr
    assert running.stop("recorder") == 0


def test_an_import_beside_a_running_recorder_is_refused_and_breaks_nothing(running, layout, tmp_path):
    running.start("recorder")
    done = tapeline("import", str(a_call(tmp_path / "c.pcap")), "--data", str(layout.data), check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_capture_files_are_recorded_and_the_program_stays(running, layout, tmp_path):
    running.start("recorder", "--pcap", str(a_call(tmp_path / "c.pcap")))
    until(lambda: list(layout.spool_ready.iterdir()), what="the bundle of the capture's call")
    assert list(layout.spool_open.iterdir()) == []
    assert running.stop("recorder") == 0


def test_tones_are_keys_in_capture_files_as_well(running, layout, tmp_path):
    rules = {"mode": "keys", "look_back": False, "start_key": "*1", "stop_key": "#2", "key_source": "tones"}
    save(layout, validate({"recording": rules}), based_on_revision=0)
    sound = np.concatenate([sequence(""), *(sequence(keys, off_ms=500) for keys in ("*1", "", "#2"))])
    codes = compress(np.pad(sound, (8000, 8000)), Law.ALAW)
    wire = Wire()
    call = wire.call("tones@x")
    call.invite(0)
    call.answer(1)
    for number in range(len(codes) // 160):
        head = struct.pack(">BBHII", 0x80, 8, number, number * 160, 7)
        payload = codes[number * 160 : (number + 1) * 160].tobytes()
        wire.udp(1 + number * 0.02, call.caller_media, call.callee_media, head + payload)
    call.bye(2 + len(codes) / 8000)
    running.start("recorder", "--pcap", str(wire.write(tmp_path / "tones.pcap")))
    until(lambda: list(layout.spool_ready.iterdir()), what="the bundle of the capture's call")
    (folder,) = layout.spool_ready.iterdir()
    manifest = msgspec.json.decode((folder / MANIFEST_FILE).read_bytes(), type=Manifest)
    assert [(order.verb, order.by, order.why) for order in manifest.control] == [
        (Verb.START, "caller", "key *1"),
        (Verb.STOP, "caller", "key #2"),
    ]
    start, stop = ((order.at - from_ns(EPOCH_NS)).total_seconds() for order in manifest.control)
    assert 2.5 < start < 3.5
    assert 4.5 < stop < 6.5


def test_an_interface_that_does_not_exist_ends_the_program_with_a_clear_line(running, layout):
    done = tapeline("run", "recorder", "--data", str(layout.data), "--interface", "nosuch0", check=False)
    assert done.returncode == 1
    assert "nosuch0" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mirror_port_chosen_later_is_recorded_from_then_on(running, layout):
    running.broker()
    running.start("recorder")
    until(lambda: program(layout).get("status") == "no mirror port is chosen", what="the idle status")
    save(layout, validate({"capture": {"interface": "lo"}}), based_on_revision=0)
    until(lambda: "calls up" in program(layout).get("status", ""), what="recording on the new port")
    assert running.stop("recorder") == 0
    assert not program(layout)["alive"]
    assert program(layout)["status"] == "stopped"


def test_settings_that_cannot_be_read_end_the_program_with_their_path(running, layout):
    layout.settings.write_text("{")
    done = tapeline("run", "recorder", "--data", str(layout.data), check=False)
    assert done.returncode == 1
    assert "settings.json" in done.stderr
    assert "Traceback" not in done.stderr
