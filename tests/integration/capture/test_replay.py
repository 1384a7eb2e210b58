"""From packets in a capture file to bundles: the real engine, the real tracker, no archiver."""

import msgspec
import pytest

from appliance.capture.replay import Replay
from appliance.core.clock import to_ns
from appliance.core.files import MANIFEST_FILE, MEDIA_FILE, Layout
from appliance.domain.bundle import Manifest
from appliance.domain.call import CallState, Side
from appliance.domain.ledger import Mark, Reason
from appliance.media.packets import read_bundle_media
from appliance.settings.storage import validate
from tests.rigs.wire import CALLEE, CALLER, EPOCH_NS, Wire


def replayed(tmp_path, *wires, **capture):
    layout = Layout(tmp_path / "data").make()
    paths = [wire.write(tmp_path / f"{number}.pcap") for number, wire in enumerate(wires)]
    capture.setdefault("keep_free_mib", 16)
    settings = validate({"capture": capture}).capture
    done = Replay(paths, settings, layout).run(lambda progress: None)
    assert done.problems == []
    assert list(layout.spool_open.iterdir()) == []
    folders = [layout.spool_ready / call_id for call_id in done.call_ids]
    assert sorted(folders) == sorted(layout.spool_ready.iterdir())
    manifests = [
        msgspec.json.decode((folder / MANIFEST_FILE).read_bytes(), type=Manifest) for folder in folders
    ]
    assert all(manifest.complete and manifest.call.state is CallState.ENDED for manifest in manifests)
    manifests.sort(key=lambda manifest: manifest.call.started_at)
    return layout, manifests


def one(tmp_path, *wires, **capture):
    layout, manifests = replayed(tmp_path, *wires, **capture)
    assert len(manifests) == 1, [manifest.call.sip_call_id for manifest in manifests]
    return layout, manifests[0]


def media_of(layout, manifest):
    return read_bundle_media(layout.spool_ready / manifest.call.call_id / MEDIA_FILE)


def hashes(layout, manifest):
    """Speaker -> payload hash, by the manifest's streams."""
    sides = {(stream.source, stream.ssrc): stream.side for stream in manifest.streams}
    return {
        sides[stream.source, stream.ssrc]: stream.payload_sha256
        for stream in media_of(layout, manifest).streams
    }


def kinds(manifest):
    return [event.kind for event in manifest.call.events]


def at(moment):
    return (to_ns(moment) - EPOCH_NS) / 1e9


def test_a_plain_call_is_kept_whole_with_its_times_parties_and_streams(tmp_path):
    wire = Wire()
    call = wire.call("plain@x")
    call.invite(0)
    call.ring(0.5)
    call.answer(2)
    sent = call.talk(2.1, 5)
    call.bye(5)
    layout, manifest = one(tmp_path, wire)
    facts = manifest.call
    assert (facts.caller.number, facts.callee.number, facts.sip_call_id) == ("1001", "1002", "plain@x")
    assert [at(x) for x in (facts.started_at, facts.ringing_at, facts.answered_at, facts.ended_at)] == [
        0,
        0.5,
        2,
        5,
    ]
    assert facts.ended_by is Side.CALLER
    assert facts.status_code == 200
    assert (manifest.marks, manifest.reason) == ([], None)
    assert kinds(manifest) == ["ringing", "answered", "bye"]
    assert [message.label.split()[0] for message in manifest.messages] == [
        "INVITE",
        "100",
        "180",
        "200",
        "ACK",
        "BYE",
        "200",
    ]
    assert hashes(layout, manifest) == {Side.CALLER: sent[0], Side.CALLEE: sent[1]}
    assert {stream.side: (stream.packets, stream.encoding, stream.ssrc) for stream in manifest.streams} == {
        Side.CALLER: (145, "PCMA", call.ssrcs[0]),
        Side.CALLEE: (145, "PCMA", call.ssrcs[1]),
    }
    assert [len(media_of(layout, manifest).messages)] == [7]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (486, Reason.BUSY),
        (600, Reason.BUSY),
        (603, Reason.REJECTED),
        (404, Reason.FAILED),
        (480, Reason.NO_ANSWER),
        (500, Reason.FAILED),
    ],
)
def test_a_failed_call_has_its_reason(tmp_path, code, reason):
    wire = Wire()
    call = wire.call("failed@x")
    call.invite(0)
    call.fail(1, code)
    _, manifest = one(tmp_path, wire)
    assert (manifest.reason, manifest.call.status_code, manifest.call.answered_at) == (reason, code, None)


def test_a_cancelled_call_has_its_reason(tmp_path):
    wire = Wire()
    call = wire.call("cancelled@x")
    call.invite(0)
    call.ring(0.5)
    call.request(3, "CANCEL", initial=True, branch="z9hG4bKcancelled@xINVITE1False")
    call.response(3.01, 200, "OK", method="CANCEL", branch="z9hG4bKcancelled@xINVITE1False")
    call.fail(3.02, 487)
    _, manifest = one(tmp_path, wire)
    assert manifest.reason is Reason.CANCELLED
    assert "cancel" in kinds(manifest)


@pytest.mark.parametrize("by_callee", [True, False, None], ids=["callee", "caller", "nobody seen"])
def test_a_call_whose_answer_was_missed_is_recorded_when_both_are_heard(tmp_path, by_callee):
    wire = Wire()
    call = wire.call("missed@x")
    call.invite(0)
    call.ring(0.5)
    call.talk(1, 20)
    if by_callee is not None:
        call.bye(20, by_callee=by_callee)
    other = wire.call("later@x", caller_host="10.0.0.7")
    other.invite(60)
    other.fail(61, 486)
    _, manifests = replayed(tmp_path, wire)
    manifest = next(one for one in manifests if one.call.sip_call_id == "missed@x")
    assert manifest.reason is None
    assert at(manifest.call.answered_at) == pytest.approx(1, abs=0.05)
    assert at(manifest.call.ended_at) == pytest.approx(20, abs=0.05)
    assert {stream.packets for stream in manifest.streams} == {950}
    assert (Mark.NO_BYE in manifest.marks) is (by_callee is None)
    assert [event.detail for event in manifest.call.events if event.kind == "answered"] == ["inferred"]


def test_announcements_before_an_answer_that_never_came_make_no_talk(tmp_path):
    wire = Wire()
    call = wire.call("announced@x")
    call.invite(0)
    call.ring(0.5, early=True)
    wire.rtp(0.6, 9, call.callee_media, call.caller_media, 12)
    call.bye(9)
    _, manifest = one(tmp_path, wire)
    assert manifest.call.answered_at is None
    assert manifest.reason is Reason.CANCELLED


def test_a_call_nobody_answers_ends_with_the_setup_time_out(tmp_path):
    wire = Wire()
    call = wire.call("ignored@x")
    call.invite(0)
    call.ring(0.5)
    later = wire.call("later@x")
    later.invite(60)
    later.fail(61, 486)
    _, manifests = replayed(tmp_path, wire, setup_timeout_s=20)
    assert [manifest.reason for manifest in manifests] == [Reason.NO_ANSWER, Reason.BUSY]


def test_an_invite_whose_end_lies_beyond_the_capture_is_interrupted(tmp_path):
    wire = Wire()
    wire.call("cut@x").invite(0)
    _, manifest = one(tmp_path, wire)
    assert manifest.reason is Reason.INTERRUPTED


def test_a_challenged_invite_is_one_call(tmp_path):
    wire = Wire()
    call = wire.call("auth@x")
    call.invite(0)
    call.fail(0.1, 401)
    call.cseq = 2
    call.invite(0.2)
    call.answer(1)
    call.talk(1, 2)
    call.bye(2)
    _, manifest = one(tmp_path, wire)
    assert manifest.reason is None
    assert len(manifest.messages) == 10


def test_a_call_without_bye_ends_at_its_last_media_and_says_so(tmp_path):
    wire = Wire()
    call = wire.call("lost@x")
    call.invite(0)
    call.answer(1)
    call.talk(1, 4)
    _, manifest = one(tmp_path, wire)
    assert Mark.NO_BYE in manifest.marks
    assert at(manifest.call.ended_at) == pytest.approx(3.98)
    assert manifest.reason is None


def test_media_that_ceased_ends_a_call_whose_bye_was_lost(tmp_path):
    wire = Wire()
    lost = wire.call("lost@x")
    lost.invite(0)
    lost.answer(1)
    lost.talk(1, 4)
    other = wire.call("other@x", caller="7", callee="8", caller_host="10.0.0.5", callee_host="10.0.0.6")
    other.invite(2)
    other.answer(3)
    other.talk(3, 60)
    other.bye(60)
    _, manifests = replayed(tmp_path, wire, media_timeout_s=10)
    assert Mark.NO_BYE in manifests[0].marks
    assert "timeout" in kinds(manifests[0])
    assert at(manifests[0].call.ended_at) == pytest.approx(3.98)
    assert manifests[1].marks == []


def test_a_held_call_is_never_ended_by_missing_media(tmp_path):
    wire = Wire()
    call = wire.call("held@x")
    call.invite(0)
    call.answer(1)
    call.talk(1, 4)
    call.request(4, "INVITE", body=call.sdp(call.caller_media, "a=sendonly\r\n", version=2), cseq=2)
    call.response(4.05, 200, "OK", body=call.sdp(call.callee_media, "a=recvonly\r\n", version=2), cseq=2)
    call.request(4.1, "ACK", cseq=2, branch="z9hG4bKackheld2")
    other = wire.call("other@x", caller_host="10.0.0.5", callee_host="10.0.0.6")
    other.invite(5)
    other.answer(6)
    other.talk(6, 100)
    other.bye(100)
    call.request(110, "INVITE", body=call.sdp(call.caller_media, "a=sendrecv\r\n", version=3), cseq=3)
    call.response(110.05, 200, "OK", body=call.sdp(call.callee_media, version=3), cseq=3)
    call.request(110.1, "ACK", cseq=3, branch="z9hG4bKackheld3")
    call.talk(110.2, 112, first_seq=150)
    call.bye(112)
    _, manifests = replayed(tmp_path, wire, media_timeout_s=20)
    held = manifests[0]
    assert held.marks == [Mark.HELD]
    assert [kind for kind in kinds(held) if kind in ("hold", "resume", "bye")] == ["hold", "resume", "bye"]
    assert at(held.call.ended_at) == 112
    assert {stream.side: stream.packets for stream in held.streams} == {Side.CALLER: 240, Side.CALLEE: 240}


def test_media_follows_a_re_invite_to_a_new_address_and_codec(tmp_path):
    wire = Wire()
    call = wire.call("moved@x")
    call.invite(0)
    call.answer(1)
    first = call.talk(1, 2)
    moved = ("10.0.0.9", 31000)
    call.request(2, "INVITE", body=call.sdp(moved, formats="0 101", version=2), cseq=2)
    call.response(2.02, 200, "OK", body=call.sdp(call.callee_media, formats="0 101", version=2), cseq=2)
    call.request(2.04, "ACK", cseq=2, branch="z9hG4bKackmoved")
    wire.rtp(2.1, 3, moved, call.callee_media, 777, payload_type=0)
    wire.rtp(2.1, 3, call.callee_media, moved, 888, payload_type=0)
    call.bye(3)
    layout, manifest = one(tmp_path, wire)
    found = {(stream.ssrc, stream.side, stream.encoding, stream.packets) for stream in manifest.streams}
    assert found == {
        (call.ssrcs[0], Side.CALLER, "PCMA", 50),
        (call.ssrcs[1], Side.CALLEE, "PCMA", 50),
        (777, Side.CALLER, "PCMU", 45),
        (888, Side.CALLEE, "PCMU", 45),
    }
    assert Mark.CODEC_CHANGED in manifest.marks
    assert "reinvite" in kinds(manifest)
    assert first[0] in {stream.payload_sha256 for stream in media_of(layout, manifest).streams}


def test_early_media_is_kept_and_said(tmp_path):
    wire = Wire()
    call = wire.call("early@x")
    call.invite(0)
    call.ring(0.5, early=True)
    wire.rtp(0.5, 3, call.callee_media, call.caller_media, call.ssrcs[1])
    call.answer(3)
    wire.rtp(3, 4, call.callee_media, call.caller_media, call.ssrcs[1], first_seq=125)
    wire.rtp(3, 4, call.caller_media, call.callee_media, call.ssrcs[0])
    call.bye(4)
    _, manifest = one(tmp_path, wire)
    assert manifest.marks == [Mark.EARLY_MEDIA]
    assert {stream.side: stream.packets for stream in manifest.streams} == {Side.CALLER: 50, Side.CALLEE: 175}


def test_a_late_offer_is_understood(tmp_path):
    wire = Wire()
    call = wire.call("lateoffer@x")
    call.invite(0, with_sdp=False)
    call.response(1, 200, "OK", body=call.sdp(call.callee_media))
    call.request(1.5, "ACK", body=call.sdp(call.caller_media), branch="z9hG4bKlate")
    sent = call.talk(1.1, 3)
    call.bye(3)
    layout, manifest = one(tmp_path, wire)
    assert hashes(layout, manifest) == {Side.CALLER: sent[0], Side.CALLEE: sent[1]}


def test_first_words_before_the_signalling_are_adopted(tmp_path):
    wire = Wire()
    call = wire.call("first@x")
    call.invite(0)
    sent = call.talk(1, 3)
    call.answer(2)
    call.bye(3)
    layout, manifest = one(tmp_path, wire)
    assert hashes(layout, manifest)[Side.CALLER] == sent[0]


def test_encrypted_media_without_keys_is_a_reason(tmp_path):
    wire = Wire()
    call = wire.call("srtp@x", profile="RTP/SAVP")
    crypto = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:aSBrbm93IGFsbCB5b3VyIGxpdHRsZSBzZWNyZXRz\r\n"
    call.invite(0, extra=crypto)
    call.answer(1, extra=crypto)
    call.talk(1, 2)
    call.bye(2)
    _, manifest = one(tmp_path, wire)
    assert manifest.reason is Reason.ENCRYPTED


def test_an_offer_of_encryption_that_was_declined_is_no_reason(tmp_path):
    wire = Wire()
    call = wire.call("optional@x")
    call.invite(
        0, extra="a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:aSBrbm93IGFsbCB5b3VyIGxpdHRsZSBzZWNyZXRz\r\n"
    )
    call.answer(1)
    call.talk(1, 2)
    call.bye(2)
    _, manifest = one(tmp_path, wire)
    assert manifest.reason is None


def test_a_forked_call_says_so_and_goes_with_the_winner(tmp_path):
    wire = Wire()
    call = wire.call("fork@x")
    call.invite(0)
    call.response(0.5, 180, "Ringing", tag="one")
    call.response(0.6, 180, "Ringing", tag="two")
    call.callee_tag = "two"
    call.answer(2)
    call.talk(2, 3)
    call.bye(3)
    _, manifest = one(tmp_path, wire)
    assert manifest.marks == [Mark.FORKED]
    assert manifest.reason is None


def pressed_call():
    wire = Wire()
    call = wire.call("digits@x")
    call.invite(0)
    call.answer(1)
    wire.rtp(1, 2, call.caller_media, call.callee_media, call.ssrcs[0])
    for digit in (1, 11):
        for number, duration in enumerate((160, 320, 480, 640, 640, 640)):
            head = bytes([0x80, 101 | (0x80 if number == 0 else 0)])
            body = (
                (60 + digit * 6 + number).to_bytes(2)
                + (9000 + digit * 1000).to_bytes(4)
                + call.ssrcs[0].to_bytes(4)
            )
            event = bytes([digit, (0x80 if number >= 3 else 0) | 10]) + duration.to_bytes(2)
            wire.udp(
                2 + digit / 10 + number * 0.02, call.caller_media, call.callee_media, head + body + event
            )
    for number, (kind, text) in enumerate(
        [
            ("application/dtmf-relay", "Signal= 7\r\nDuration= 160\r\n"),
            ("application/kpml-response+xml", "<k digits='7742'/>"),
        ]
    ):
        headers = f"Content-Type: {kind}\r\nContent-Length: {len(text)}\r\n\r\n{text}"
        call.request(4 + number / 10, "INFO" if number == 0 else "NOTIFY", cseq=50 + number, headers=headers)
    call.bye(5)
    return wire


def digits(manifest):
    return [(event.side, event.detail) for event in manifest.call.events if event.kind == "dtmf"]


def test_digits_are_told_once_each(tmp_path):
    layout, manifest = one(tmp_path, pressed_call())
    assert digits(manifest) == [(Side.CALLER, "1"), (Side.CALLER, "#"), (Side.CALLER, "7")]
    kept = (layout.spool_ready / manifest.call.call_id / MEDIA_FILE).read_bytes()
    assert b"Signal= 7" in kept
    assert b"7742" in kept


def test_digits_that_may_not_be_stored_are_neither_told_nor_kept(tmp_path):
    plain_layout, plain = one(tmp_path / "plain", pressed_call())
    layout, manifest = one(tmp_path / "secret", pressed_call(), store_keys=False)
    assert digits(manifest) == []
    folder = layout.spool_ready / manifest.call.call_id
    for path in folder.iterdir():
        assert b"Signal=" not in path.read_bytes()
        assert b"7742" not in path.read_bytes()
    (before,) = media_of(plain_layout, plain).streams
    (after,) = media_of(layout, manifest).streams
    assert (after.packets, after.pts, after.lost) == (before.packets, before.pts, before.lost)
    assert after.payload_sha256 != before.payload_sha256
    assert manifest.streams[0].packets == plain.streams[0].packets


def test_two_legs_through_an_exchange_share_one_interaction(tmp_path):
    wire = Wire()
    first = wire.call(
        "leg-a@x", caller="1001", callee="1002", caller_host="10.0.0.1", callee_host="10.0.0.100"
    )
    second = wire.call(
        "leg-b@x", caller="1001", callee="1002", caller_host="10.0.0.100", callee_host="10.0.0.2"
    )
    first.invite(0)
    second.invite(0.05)
    second.answer(2)
    first.answer(2.05)
    first.talk(2.1, 4)
    second.talk(2.1, 4)
    second.bye(4)
    first.bye(4.05)
    stranger = wire.call("other@x", caller="5", callee="6", caller_host="10.0.1.1", callee_host="10.0.1.2")
    stranger.invite(0.1)
    stranger.fail(1, 486)
    _, manifests = replayed(tmp_path, wire)
    by_name = {manifest.call.sip_call_id: manifest.call for manifest in manifests}
    assert by_name["leg-a@x"].interaction_id == by_name["leg-a@x"].call_id
    assert by_name["leg-b@x"].interaction_id == by_name["leg-a@x"].call_id
    assert by_name["other@x"].interaction_id == by_name["other@x"].call_id


def test_a_call_that_was_up_already_is_recorded_from_its_media_both_ways(tmp_path):
    wire = Wire()
    call = wire.call("unseen@x")
    sent = call.talk(0, 10)
    layout, manifest = one(tmp_path, wire)
    assert set(manifest.marks) == {Mark.JOINED_LATE, Mark.NO_BYE}
    assert set(hashes(layout, manifest).values()) == set(sent)
    assert len(hashes(layout, manifest)) == 2
    assert at(manifest.call.started_at) == at(manifest.call.answered_at) == 0
    assert at(manifest.call.ended_at) == pytest.approx(9.98)
    assert {stream.encoding for stream in manifest.streams} == {"PCMA"}


def test_media_with_different_ports_each_way_is_paired_by_its_hosts(tmp_path):
    wire = Wire()
    sent = {
        wire.rtp(0, 10, (CALLER, 4374), (CALLEE, 4376), 11),
        wire.rtp(0.1, 10, (CALLEE, 5000), (CALLER, 4390), 22),
    }
    layout, manifest = one(tmp_path, wire)
    assert set(hashes(layout, manifest).values()) == sent
    assert {stream.side for stream in manifest.streams} == set(Side)


def test_the_bye_of_a_call_known_by_its_media_joins_it(tmp_path):
    wire = Wire()
    call = wire.call("joined@x")
    call.talk(0, 10)
    call.bye(10, by_callee=True)
    _, manifest = one(tmp_path, wire)
    assert manifest.call.sip_call_id == "joined@x"
    assert manifest.marks == [Mark.JOINED_LATE]
    assert at(manifest.call.ended_at) == 10
    sides = {stream.side: stream.source for stream in manifest.streams}
    numbers = {Side.CALLER: manifest.call.caller.number, Side.CALLEE: manifest.call.callee.number}
    assert {numbers[side]: source.partition(":")[0] for side, source in sides.items()} == {
        "1001": CALLER,
        "1002": CALLEE,
    }


def test_the_bye_of_another_call_between_the_same_hosts_ends_no_call_whose_media_goes_on(tmp_path):
    wire = Wire()
    heard = wire.call("heard@x", port=20000)
    heard.talk(0, 30)
    wire.call("unheard@x", port=30000).bye(8)
    heard.bye(30)
    _, manifests = replayed(tmp_path, wire)
    found = {manifest.call.sip_call_id: manifest for manifest in manifests}
    assert set(found) == {"heard@x", "unheard@x"}
    assert {stream.packets for stream in found["heard@x"].streams} == {1500}
    assert found["heard@x"].marks == [Mark.JOINED_LATE]
    assert at(found["heard@x"].call.ended_at) == 30
    assert found["unheard@x"].streams == []
    assert at(found["unheard@x"].call.ended_at) == 8
    assert len({manifest.call.interaction_id for manifest in manifests}) == 2


def test_a_call_joined_with_anothers_bye_is_taken_back_when_no_bye_of_its_own_comes(tmp_path):
    wire = Wire()
    heard = wire.call("", port=20000)
    heard.talk(0, 30)
    wire.call("unheard@x", port=30000).bye(8)
    _, manifests = replayed(tmp_path, wire)
    found = {manifest.call.sip_call_id: manifest for manifest in manifests}
    assert set(found) == {"", "unheard@x"}
    assert {stream.packets for stream in found[""].streams} == {1500}
    assert found[""].call.caller.number == ""
    assert Mark.NO_BYE in found[""].marks


def test_a_re_invite_of_a_call_known_by_its_media_joins_it(tmp_path):
    wire = Wire()
    call = wire.call("rejoined@x")
    call.talk(0, 10)
    call.request(5, "INVITE", by_callee=True, body=call.sdp(call.callee_media, version=2), cseq=7)
    call.response(5.05, 200, "OK", to_callee=True, body=call.sdp(call.caller_media, version=2), cseq=7)
    call.request(5.1, "ACK", by_callee=True, cseq=7, branch="z9hG4bKrejoined")
    call.bye(10)
    _, manifest = one(tmp_path, wire)
    assert manifest.call.sip_call_id == "rejoined@x"
    assert manifest.marks == [Mark.JOINED_LATE]
    assert {stream.packets for stream in manifest.streams} == {500}
    assert {stream.side for stream in manifest.streams} == set(Side)


def test_calls_already_up_are_left_alone_when_the_setting_says_so(tmp_path):
    wire = Wire()
    wire.call("unseen@x").talk(0, 10)
    _, manifests = replayed(tmp_path, wire, join_late=False)
    assert manifests == []


def test_video_is_not_taken_for_another_call(tmp_path):
    wire = Wire()
    call = wire.call("video@x")
    call.invite(0, extra="m=video 40000 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n")
    call.answer(1, extra="m=video 41000 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n")
    call.talk(1, 10)
    wire.rtp(1, 10, (CALLER, 40000), (CALLEE, 41000), 99001, payload_type=99)
    wire.rtp(1, 10, (CALLEE, 41000), (CALLER, 40000), 99002, payload_type=99)
    call.bye(10)
    _, manifest = one(tmp_path, wire)
    assert len(manifest.streams) == 2


@pytest.mark.parametrize(("port", "begin_s"), [(30000, 8), (20000, 60)], ids=["other port", "a minute later"])
def test_a_telephone_whose_ssrc_is_always_the_same_is_recorded_without_signalling_too(
    tmp_path, port, begin_s
):
    wire = Wire()
    call = wire.call("signalled@x", port=20000)
    call.invite(0)
    call.answer(1)
    call.talk(1, 5)
    call.bye(5)
    unseen = wire.call("", port=port)
    sent = {
        wire.rtp(begin_s, begin_s + 10, unseen.caller_media, unseen.callee_media, call.ssrcs[0]),
        wire.rtp(begin_s, begin_s + 10, unseen.callee_media, unseen.caller_media, call.ssrcs[1]),
    }
    layout, (first, second) = replayed(tmp_path, wire)
    assert (first.call.sip_call_id, first.marks) == ("signalled@x", [])
    assert set(second.marks) == {Mark.JOINED_LATE, Mark.NO_BYE}
    assert set(hashes(layout, second).values()) == sent


def test_packets_after_the_bye_are_not_taken_for_another_call(tmp_path):
    wire = Wire()
    call = wire.call("tail@x")
    call.invite(0)
    call.answer(1)
    call.talk(1, 90)
    call.bye(5)
    _, manifest = one(tmp_path, wire)
    assert at(manifest.call.ended_at) == 5


def test_the_same_ports_serve_the_next_call_without_mixing(tmp_path):
    wire = Wire()
    first = wire.call("one@x", port=30000)
    second = wire.call("two@x", port=30000, caller_tag="f2", callee_tag="t2")
    first.invite(0)
    first.answer(1)
    wire.rtp(1, 2, first.caller_media, first.callee_media, 1)
    first.bye(2)
    second.invite(2.1)
    second.answer(2.2)
    wire.rtp(2.3, 3, second.caller_media, second.callee_media, 2)
    second.bye(3)
    _, manifests = replayed(tmp_path, wire)
    assert [[stream.ssrc for stream in manifest.streams] for manifest in manifests] == [[1], [2]]


def test_a_call_goes_on_in_the_next_file_of_a_rotated_capture(tmp_path):
    one_file, next_file = Wire(), Wire()
    call = one_file.call("rotated@x")
    call.invite(0)
    call.answer(1)
    call.talk(1, 3)
    call.wire = next_file
    call.talk(3, 5, first_seq=100)
    call.bye(5)
    _, manifest = one(tmp_path, one_file, next_file)
    assert {stream.packets for stream in manifest.streams} == {200}
    assert manifest.marks == []


def test_files_are_merged_by_time_whatever_their_order(tmp_path):
    begin, end = Wire(), Wire()
    call = begin.call("split@x")
    call.invite(0)
    call.answer(1)
    call.talk(1, 3)
    call.wire = end
    call.talk(3, 5, first_seq=100)
    call.bye(5)
    _, manifest = one(tmp_path, end, begin)
    assert {stream.packets for stream in manifest.streams} == {200}
    assert manifest.marks == []


def test_a_later_call_at_the_same_addresses_does_not_end_in_one_whose_bye_was_lost(tmp_path):
    earlier, later = Wire(), Wire()
    lost = earlier.call("lost@x", port=30000)
    lost.invite(0)
    lost.answer(1)
    lost.talk(1, 4)
    following = later.call("next@x", port=30000, caller_tag="f2", callee_tag="t2")
    following.invite(100)
    following.answer(101)
    following.talk(101, 104, first_seq=1000)
    following.bye(104)
    _, manifests = replayed(tmp_path, earlier, later)
    assert [{stream.packets for stream in manifest.streams} for manifest in manifests] == [{150}, {150}]
    assert [at(manifest.call.ended_at) for manifest in manifests] == [pytest.approx(3.98), 104]


def test_rubbish_on_the_sip_port_is_counted_and_loses_nothing_else(tmp_path):
    wire = Wire()
    wire.udp(0, (CALLER, 5060), (CALLEE, 5060), b"INVITE sip:x SIP/2.0\r\nCall-ID: \xff\r\n\r\n")
    wire.udp(0.1, (CALLER, 5060), (CALLEE, 5060), b"\0" * 400)
    call = wire.call("fine@x")
    call.invite(1)
    call.fail(2, 486)
    _, manifest = one(tmp_path, wire)
    assert manifest.reason is Reason.BUSY


def test_a_host_name_where_an_address_belongs_loses_only_the_media(tmp_path):
    wire = Wire()
    call = wire.call("name@x", caller_host=CALLER)
    call.request(0, "INVITE", initial=True, body=call.sdp(("phone.example.com", 4000)))
    call.response(1, 200, "OK", body=call.sdp(call.callee_media))
    call.request(1.1, "ACK", branch="z9hG4bKname")
    wire.rtp(1, 2, call.caller_media, call.callee_media, 5)
    call.bye(2)
    _, manifest = one(tmp_path, wire)
    assert [stream.side for stream in manifest.streams] == [Side.CALLER]


def test_registrations_are_no_calls_and_do_not_disturb_one(tmp_path):
    wire = Wire()
    call = wire.call("a@x")
    call.invite(0.0)
    call.answer(1.0)
    call.talk(1.1, 3.0)
    call.bye(3.0)
    for number in range(500):
        message = f"REGISTER sip:pbx SIP/2.0\r\nTo: <sip:{number}@pbx>\r\nCall-ID: a@x\r\n\r\n".encode()
        wire.udp(1.5 + number / 1000, (CALLER, 5060), (CALLEE, 5060), message)
    _, manifest = one(tmp_path, wire)
    assert manifest.call.sip_call_id == "a@x"
    assert manifest.call.ended_at is not None
