"""Calls from outside into the mirror port are recorded exactly, found and played through the API."""

import io
import wave

import numpy as np

from tests.rigs.boxed import OneBox, seen, told
from tests.rigs.patience import until
from tests.rigs.sender import packets, send
from tests.rigs.traffic import Plan, make


def test_the_administrator_made_on_the_console_signs_in(box: OneBox):
    assert box.admin.get("session").json["user"]["name"] == "admin"


def test_calls_from_outside_are_recorded_exactly(box: OneBox, tmp_path, figures):
    """Parties, packets and the hash of the audio of each direction are those of the sender."""
    truth = make(Plan(calls=5, talk_s=8, per_s=2), tmp_path / "calls.pcap")
    sent = send(box.machine.cable.socket, tmp_path / "calls.pcap")
    ids = {call["call_id"] for call in truth.calls}
    found = until(lambda: told(box, ids), 300, "every call in the list")
    for one in truth.calls:
        call = found[one["call_id"]]
        assert call["reason"] is None, call
        assert seen(box, call) == {
            side: (track["packets"], track["payload_sha256"]) for side, track in one["tracks"].items()
        }
    figures["frames sent"] = sent["sent"]
    figures["calls recorded exactly"] = len(truth.calls)
    lost = box.machine.shell.ask("journalctl -b -t tapeline-recorder --no-pager | grep -c dropped || true")
    figures["drops told by the recorder"] = int(lost)


def test_what_was_said_is_what_is_played(box: OneBox, tmp_path, figures):
    """Each channel of the recording holds the decoded audio of its side, sample for sample."""
    plan = Plan(calls=1, first=100, talk_s=6, law="PCMA")
    truth = make(plan, tmp_path / "one.pcap")
    send(box.machine.cable.socket, tmp_path / "one.pcap")
    name = truth.calls[0]["call_id"]
    call = until(lambda: told(box, {name}), 300, "the call in the list")[name]
    reply = box.admin.get(f"calls/{call['call_id']}/audio?format=wav_pcm")
    assert reply.status == 200, reply
    with wave.open(io.BytesIO(reply.body)) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 8000)
        played = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    spoken = _spoken(tmp_path / "one.pcap")
    for channel, side in enumerate(("caller", "callee")):
        samples = _decoded(spoken[truth.calls[0]["tracks"][side]["ssrc"]])
        assert samples.tobytes() in np.ascontiguousarray(played[:, channel]).tobytes(), side
    figures["samples equal, each way"] = len(samples)


def _spoken(path) -> dict[int, bytes]:
    """The payload of each stream in the order in which it was sent."""
    found: dict[int, bytes] = {}
    for _, frame in packets(path):
        rtp = frame[14 + 20 + 8 :]
        if frame[23] == 17 and len(rtp) == 172 and rtp[0] == 0x80:
            ssrc = int.from_bytes(rtp[8:12])
            found[ssrc] = found.get(ssrc, b"") + rtp[12:]
    return found


def _decoded(content: bytes) -> np.ndarray:
    """A-law as linear samples. Source: ITU-T G.711, table 1a"""
    value = np.frombuffer(content, np.uint8) ^ 0x55
    segment, step = (value >> 4) & 7, (value & 15).astype(np.int32)
    level = np.where(
        segment == 0, (step << 4) + 8, ((step << 4) + 0x108) << np.maximum(segment.astype(np.int32) - 1, 0)
    )
    return np.where(value & 0x80, level, -level).astype("<i2")
