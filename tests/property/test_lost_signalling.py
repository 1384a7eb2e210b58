"""Whatever of the signalling the mirror loses, audio that came is recorded, once, and the ledger hides none of it."""

import tempfile
from pathlib import Path

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from appliance.capture.replay import Replay
from appliance.core.files import MANIFEST_FILE, Layout
from appliance.domain.bundle import Manifest
from appliance.settings.storage import validate
from tests.rigs.wire import Wire

SETTINGS = validate({"capture": {"keep_free_mib": 16}}).capture


def two_calls(apart_s: float, length_s: float) -> tuple[Wire, dict[int, int]]:
    """Calls between the same two hosts, as behind a trunk; how many packets each SSRC sends."""
    wire, sent = Wire(), {}
    for number in range(2):
        call = wire.call(f"call{number}@x", caller=f"100{number}", callee=f"800{number}")
        begin = number * apart_s
        end = begin + 1.1 + length_s
        call.invite(begin)
        call.ring(begin + 0.3)
        call.answer(begin + 1)
        call.talk(begin + 1.1, end)
        call.bye(end, by_callee=bool(number))
        sent |= dict.fromkeys(call.ssrcs, round(length_s * 50))
    # The end of a third one that nobody heard, and that never gets lost.
    wire.call("unheard@x", callee="8009").bye(6)
    return wire, sent


def manifests(wire: Wire) -> list[Manifest]:
    with tempfile.TemporaryDirectory(prefix="tl-", dir="/tmp") as folder:
        layout = Layout(Path(folder) / "d").make()
        done = Replay([wire.write(Path(folder) / "x.pcap")], SETTINGS, layout).run(lambda _: None)
        return [
            msgspec.json.decode((layout.spool_ready / call_id / MANIFEST_FILE).read_bytes(), type=Manifest)
            for call_id in done.call_ids
        ]


@settings(deadline=None, max_examples=max(40, settings().max_examples // 4))
@example(set(range(14)), 9.0, 8.0)
@given(
    st.sets(st.integers(0, 13)),
    st.sampled_from([0.0, 0.5, 4.0, 9.0]),
    st.sampled_from([8.0, 12.0]),
)
def test_audio_is_recorded_whole_and_once_whatever_messages_are_lost(lost, apart_s, length_s):
    wire, sent = two_calls(apart_s, length_s)
    messages = sorted(
        packet for packet in wire.packets if b"SIP/2.0" in packet[1] and b"unheard@x" not in packet[1]
    )
    assert len(messages) == 14
    gone = {messages[index] for index in lost}
    wire.packets = [packet for packet in wire.packets if packet not in gone]
    found: dict[int, list[int]] = {}
    for manifest in manifests(wire):
        for stream in manifest.streams:
            found.setdefault(stream.ssrc, []).append(stream.packets)
        heard = {stream.side for stream in manifest.streams if stream.packets > 200}
        assert len(heard) < 2 or manifest.reason is None, (manifest.reason, manifest.call)
    assert found == {ssrc: [packets] for ssrc, packets in sent.items()}
