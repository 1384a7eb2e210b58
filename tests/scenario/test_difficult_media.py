"""Media that is not where or what the signalling says: each call gets its own audio, to the last bit, and nobody else's."""

import hashlib
import struct
from pathlib import Path

import pytest

from tests.rigs.daemons import imported
from tests.rigs.networks import fragments
from tests.rigs.wire import EPOCH_NS, Call, Wire

PHONE = "203.0.113.9"
PROXY = "10.0.0.9"


def heard(found: dict) -> dict[str, list[tuple[int, str]]]:
    """Side -> packets and payload hash of each of its streams."""
    sides: dict[str, list[tuple[int, str]]] = {}
    for track in found["tracks"]:
        sides.setdefault(track["side"], []).append((track["packets"], track["payload_sha256"]))
    return sides


def record(wire: Wire, tmp_path: Path) -> dict[str, dict]:
    calls = imported(tmp_path / "data", wire.write(tmp_path / "x.pcap"))
    found = {call["call_id"]: call for call in calls}
    assert len(found) == len(calls), "no call may fall apart"
    return found


def announced(call: Call, caller: tuple[str, int], callee: tuple[str, int], at_s: float = 0.0) -> None:
    """The beginning of a call whose descriptions name these addresses."""
    call.request(at_s, "INVITE", body=call.sdp(caller), initial=True)
    call.response(at_s + 0.3, 200, "OK", body=call.sdp(callee))
    call.request(at_s + 0.32, "ACK", branch=f"z9hG4bKack{call.call_id}")


def test_a_telephone_behind_a_router_is_recorded_from_where_it_really_sends(tmp_path: Path) -> None:
    wire = Wire()
    call = wire.call("symmetric@x", caller_host=PHONE)
    announced(call, ("192.168.7.20", 4000), call.callee_media)
    outside = (PHONE, 61_111)
    caller = wire.rtp(0.4, 4, outside, call.callee_media, 11)
    callee = wire.rtp(0.4, 4, call.callee_media, outside, 12)
    call.bye(4)
    found = record(wire, tmp_path)
    assert list(found) == ["symmetric@x"]
    assert heard(found["symmetric@x"]) == {"caller": [(180, caller)], "callee": [(180, callee)]}
    assert found["symmetric@x"]["marks"] == []


def test_of_two_calls_that_announce_one_port_each_gets_its_own(tmp_path: Path) -> None:
    wire = Wire()
    shared = ("10.0.0.1", 20_000)
    sent = {}
    for number in range(2):
        name = f"call{number}@x"
        call = wire.call(name, callee_host=f"10.0.0.{20 + number}", callee=f"800{number}")
        announced(call, shared, call.callee_media, at_s=number * 0.5)
        begin, end = 1.0 + number * 0.5, 5.0 + number * 0.5
        sent[name] = {
            "caller": [(200, wire.rtp(begin, end, shared, call.callee_media, 100 + number))],
            "callee": [(200, wire.rtp(begin, end, call.callee_media, shared, 200 + number))],
        }
        call.bye(end)
    found = record(wire, tmp_path)
    assert {name: heard(one) for name, one in found.items()} == sent


@pytest.mark.parametrize("callee_port", [4000, 4002], ids=["one port", "two ports"])
def test_both_sides_may_be_announced_from_one_address(tmp_path: Path, callee_port: int) -> None:
    wire = Wire()
    call = wire.call("proxied@x")
    at_caller, at_callee = (PROXY, 4000), (PROXY, callee_port)
    announced(call, at_caller, at_callee)
    caller_phone, callee_phone = ("10.0.0.1", 7000), ("10.0.0.2", 7100)
    caller = wire.rtp(0.4, 4, caller_phone, at_callee, 11)
    callee = wire.rtp(0.4, 4, callee_phone, at_caller, 12)
    call.bye(4)
    found = record(wire, tmp_path)
    assert list(found) == ["proxied@x"]
    assert heard(found["proxied@x"]) == {"caller": [(180, caller)], "callee": [(180, callee)]}


def test_one_ssrc_in_both_directions_and_in_two_calls_mixes_nothing(tmp_path: Path) -> None:
    wire = Wire()
    sent = {}
    for number in range(2):
        name = f"call{number}@x"
        call = wire.call(name, callee=f"800{number}")
        call.invite(0)
        call.answer(0.3)
        sent[name] = {
            "caller": [(180, wire.rtp(0.4, 4, call.caller_media, call.callee_media, 7, first_seq=number))],
            "callee": [
                (180, wire.rtp(0.4, 4, call.callee_media, call.caller_media, 7, first_seq=5 + number))
            ],
        }
        call.bye(4)
    assert {name: heard(one) for name, one in record(wire, tmp_path).items()} == sent


def test_a_sender_that_takes_another_ssrc_after_a_collision_stays_one_voice(tmp_path: Path) -> None:
    wire = Wire()
    call = wire.call("collision@x")
    call.invite(0)
    call.answer(0.3)
    first = wire.rtp(0.4, 2.0, call.caller_media, call.callee_media, 7)
    second = wire.rtp(2.0, 4.0, call.caller_media, call.callee_media, 8, first_seq=40_000)
    callee = wire.rtp(0.4, 4, call.callee_media, call.caller_media, 7, first_seq=9)
    call.bye(4)
    found = record(wire, tmp_path)["collision@x"]
    assert heard(found) == {"caller": [(80, first), (100, second)], "callee": [(180, callee)]}
    assert found["marks"] == ["ssrc_changed"]


def test_an_announcement_that_begins_again_with_its_old_numbers_is_heard_each_time(tmp_path: Path) -> None:
    """As SIPp and voice menus play a file: the same SSRC, sequence numbers and timestamps each time."""
    wire = Wire()
    call = wire.call("announcement@x")
    call.invite(0)
    call.answer(0.3)
    caller = wire.rtp(0.4, 12.4, call.caller_media, call.callee_media, 7)
    for begin_s in (0.4, 4.4, 8.4):
        wire.rtp(begin_s, begin_s + 4, call.callee_media, call.caller_media, 8)
    call.bye(12.5)
    found = record(wire, tmp_path)["announcement@x"]
    announcement = b"".join(hashlib.sha256(f"8-{number}".encode()).digest() * 5 for number in range(200))
    sent = hashlib.sha256(announcement * 3).hexdigest()
    assert heard(found) == {"caller": [(600, caller)], "callee": [(600, sent)]}
    assert [track["lost"] for track in found["tracks"]] == [0, 0]
    assert found["marks"] == []
    audio = Path(found["file"]).read_bytes()
    assert any(announcement * 3 in audio[side::2] for side in range(2)), "one after the other, without a gap"


def test_audio_before_the_invite_and_after_the_bye_makes_no_other_call(tmp_path: Path) -> None:
    wire = Wire()
    call = wire.call("early@x")
    call.invite(1.0)
    call.answer(1.1)
    for source, destination, ssrc in (
        (call.caller_media, call.callee_media, 11),
        (call.callee_media, call.caller_media, 12),
    ):
        wire.rtp(0.5, 6.0, source, destination, ssrc)
    call.bye(5.0)
    found = record(wire, tmp_path)
    assert list(found) == ["early@x"]
    assert found["early@x"]["duration_s"] == pytest.approx(3.9, abs=0.05)
    assert all(packets >= 195 for rows in heard(found["early@x"]).values() for packets, _ in rows)


@pytest.mark.parametrize(
    ("pause_s", "talk_s"), [(0.2, 2.8), (0.03, 3.04)], ids=["silent", "last-words-under-way"]
)
def test_a_port_that_is_used_again_at_once_gives_each_call_its_own(
    tmp_path: Path, pause_s: float, talk_s: float
) -> None:
    wire = Wire()
    sent = {}
    for number in range(3):
        name = f"call{number}@x"
        call = wire.call(
            name, port=20_000, callee=f"800{number}", caller_tag=f"a{number}", callee_tag=f"b{number}"
        )
        begin = number * (3 + pause_s)
        call.invite(begin)
        call.answer(begin + 0.1)
        there, back = (call.caller_media, call.callee_media), (call.callee_media, call.caller_media)
        spoken = begin + 0.2, begin + 0.2 + talk_s
        packets = round(talk_s * 50)
        sent[name] = {
            "caller": [(packets, wire.rtp(*spoken, *there, 10 + number))],
            "callee": [(packets, wire.rtp(*spoken, *back, 20 + number))],
        }
        call.bye(begin + 3)
    found = record(wire, tmp_path)
    assert {name: heard(one) for name, one in found.items()} == sent
    assert [one["marks"] for one in found.values()] == [[], [], []]


def test_what_the_capture_cut_off_is_said_and_is_no_loss(tmp_path: Path) -> None:
    wire = Wire()
    call = wire.call("cut@x")
    call.invite(0)
    call.answer(0.3)
    call.talk(0.4, 4)
    call.bye(4)
    (found,) = imported(tmp_path / "data", wire.write(tmp_path / "x.pcap", media_snap=150))
    assert found["call_id"] == "cut@x"
    assert found["state"] == "recorded"
    assert "snapped" in found["marks"]
    assert not {"loss", "capture_loss"} & set(found["marks"])
    assert [(track["packets"], track["lost"]) for track in found["tracks"]] == [(180, 0), (180, 0)]


def test_media_of_trickle_ice_goes_where_the_candidates_are(tmp_path: Path) -> None:
    wire = Wire()
    call = wire.call("ice@x")
    nowhere = ("0.0.0.0", 9)  # RFC 8840 §4.1.1

    def described(place: tuple[str, int]) -> str:
        return call.sdp(nowhere, f"a=candidate:1 1 udp 2130706431 {place[0]} {place[1]} typ host\r\n")

    call.request(0.0, "INVITE", body=described(call.caller_media), initial=True)
    call.response(1.0, 200, "OK", body=described(call.callee_media))
    call.request(1.02, "ACK", branch="z9hG4bKackice")
    caller, callee = call.talk(1.1, 3)
    call.bye(3.1)
    found = record(wire, tmp_path)["ice@x"]
    assert heard(found) == {"caller": [(95, caller)], "callee": [(95, callee)]}
    assert found["marks"] == []


@pytest.mark.parametrize("back_s", [2, 3600])
def test_a_call_during_which_the_clock_was_set_back_is_whole_and_as_long_as_it_was(
    tmp_path: Path, back_s: int
) -> None:
    wire = Wire()
    call = wire.call("back@x")
    call.invite(0)
    call.answer(1)
    caller, callee = call.talk(1, 5)
    call.bye(5.1)
    path = tmp_path / "x.pcap"
    content = wire.write(path).read_bytes()
    records, at = [content[:24]], 24
    while at < len(content):
        seconds, fraction, size, whole = struct.unpack_from("<IIII", content, at)
        is_after = seconds * 10**9 + fraction >= EPOCH_NS + 3 * 10**9
        head = struct.pack("<IIII", seconds - back_s * is_after, fraction, size, whole)
        records.append(head + content[at + 16 : at + 16 + size])
        at += 16 + size
    path.write_bytes(b"".join(records))
    (found,) = imported(tmp_path / "data", path)
    assert heard(found) == {"caller": [(200, caller)], "callee": [(200, callee)]}
    assert found["marks"] == ["clock_jump"]
    assert found["duration_s"] == pytest.approx(4.1, abs=0.001)
    assert [again["id"] for again in imported(tmp_path / "data", path)] == [found["id"]], "it is known again"
    assert Path(found["file"]).stat().st_size == pytest.approx(4.1 * 2 * 8000, abs=400)


def test_overlapping_fragments_are_refused_and_harm_nobody(tmp_path: Path) -> None:
    wire = Wire()
    call = wire.call("whole@x")
    call.invite(0)
    call.answer(0.3)
    caller, callee = call.talk(0.4, 4)
    call.bye(4)
    evil = Wire()
    evil.udp(
        1.0, ("10.0.0.1", 5060), ("10.0.0.2", 5060), b"INVITE sip:1@10.0.0.2 SIP/2.0\r\n" + b"X: y\r\n" * 90
    )
    at_ns, frame = evil.packets[0]
    pieces = fragments(frame, 300)
    last = bytearray(pieces[0])
    (place,) = struct.unpack_from("!H", last, 14 + 6)
    struct.pack_into(
        "!H", last, 14 + 6, place - 1
    )  # eight bytes earlier: other words over those already there
    wire.packets += [(at_ns + index, piece) for index, piece in enumerate([*pieces[1:], bytes(last)])]
    found = record(wire, tmp_path)
    assert list(found) == ["whole@x"]
    assert heard(found["whole@x"]) == {"caller": [(180, caller)], "callee": [(180, callee)]}
