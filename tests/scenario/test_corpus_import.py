"""Real captures of other people: what `tapeline import` finds in them is what tshark saw (truth.json beside them)."""

import json
import re
from pathlib import Path

import pytest

from tests.rigs.daemons import imported

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
TRUTH = (
    {row["file"]: row for row in json.loads((CORPUS / "truth.json").read_text())} if CORPUS.is_dir() else {}
)
CALLS = sorted(name for name, row in TRUTH.items() if row["calls"])

pytestmark = pytest.mark.skipif(not TRUTH, reason="the corpus of real captures is not beside the repository")


def user(header):
    found = re.search(r"sips?:([^@;>]+)@", header)
    return found[1] if found else ""


def wire_streams(row):
    return sorted((int(stream["ssrc"], 16), stream["pkts"]) for stream in row["rtp"])


def found_streams(calls):
    return sorted((track["ssrc"], track["packets"]) for call in calls for track in call["tracks"])


@pytest.mark.parametrize("name", CALLS)
def test_every_call_of_a_real_capture_is_listed_once_with_its_packets(name, tmp_path):
    row = TRUTH[name]
    calls = imported(tmp_path / "data", CORPUS / name)
    assert sorted(call["call_id"] for call in calls) == sorted(row["calls"])
    assert found_streams(calls) == wire_streams(row)
    for call in calls:
        seen = row["calls"][call["call_id"]]
        assert call["caller"] == user(seen["from"])
        assert call["callee"] == user(seen["to"])
        assert (call["answered_at"] is not None) == seen["answered"]
        assert (call["state"] == "recorded") == (call["reason"] is None) == (call["file"] is not None)
        if not seen["answered"]:
            assert call["reason"] in {"rejected", "failed", "cancelled"}
            assert call["tracks"] == []
        elif call["tracks"]:
            assert call["state"] == "recorded"
            assert (tmp_path / "data" / "archive" / call["file"]).is_file()
            assert Path(call["file"]).is_file()
        else:
            assert call["reason"] == "no_media"
        assert ("no_bye" in call["marks"]) == (seen["answered"] and not seen["methods"].get("BYE"))


@pytest.mark.parametrize(
    "name",
    ["vlan100", "qinq", "span-twice", "vxlan4789", "erspan2", "gre-ip", "pppoe"],
)
def test_a_call_in_another_wrapping_is_the_same_call(name, tmp_path):
    calls = imported(tmp_path / "data", CORPUS / f"derived/dtmf2-{name}.pcap")
    assert sorted(call["call_id"] for call in calls) == ["25672@192.168.105.110", "5514@192.168.105.110"]
    call = next(call for call in calls if call["state"] == "recorded")
    assert {track["packets"] for track in call["tracks"]} == {666, 665}
    assert sum(track["lost"] for track in call["tracks"]) == 2
    record = json.loads(next((tmp_path / "data").rglob(f"{Path(call['file']).stem}.json")).read_text())
    digits = [event["detail"] for event in record["manifest"]["call"]["events"] if event["kind"] == "dtmf"]
    assert digits == list("6789123")


def test_a_message_whose_second_fragment_was_not_captured_begins_its_call(tmp_path):
    (call,) = imported(tmp_path / "data", CORPUS / "aboutsip+pkts/fragmented_udp_sip.pcap")
    assert "joined_late" not in call["marks"]


def test_a_call_caught_in_the_middle_is_recorded_and_marked(tmp_path):
    calls = imported(tmp_path / "data", CORPUS / "derived/dtmf2-midcall.pcap")
    recorded = [call for call in calls if call["state"] == "recorded"]
    assert len(recorded) == 1
    assert "joined_late" in recorded[0]["marks"]
    assert {track["side"] for track in recorded[0]["tracks"]} == {"caller", "callee"}


def test_speech_without_any_signalling_is_recorded_as_joined_late(tmp_path):
    (call,) = imported(tmp_path / "data", CORPUS / "NormB+sipnab/speech_8k_ulaw.pcap")
    assert call["state"] == "recorded"
    assert {"joined_late", "no_bye", "one_way"} <= set(call["marks"])
    assert [(track["packets"], track["codec"]) for track in call["tracks"]] == [(835, "PCMU")]
    assert call["duration_s"] == pytest.approx(16.68, abs=0.03)


def test_all_captures_in_one_run_are_kept_apart(tmp_path):
    calls = imported(tmp_path / "data", *(CORPUS / name for name in CALLS))
    assert sorted(call["call_id"] for call in calls) == sorted(
        call for name in CALLS for call in TRUTH[name]["calls"]
    )
    assert found_streams(calls) == sorted(stream for name in CALLS for stream in wire_streams(TRUTH[name]))


def test_the_torture_messages_are_accounted_for_and_stop_nothing(tmp_path):
    calls = imported(tmp_path / "data", CORPUS / "torture/rfc4475.pcap")
    assert calls
    assert all(call["state"] == "not_recorded" and call["reason"] for call in calls)
    assert len({call["id"] for call in calls}) == len(calls)
