"""Conversations of several calls, and media that is no audio, from packets to manifests and sound."""

import msgspec
import pytest

from appliance.capture.replay import Replay
from appliance.core.clock import to_ns
from appliance.core.files import MANIFEST_FILE, MEDIA_FILE, Layout
from appliance.domain.bundle import Manifest, StreamKind
from appliance.domain.call import Side
from appliance.domain.interaction import RelationKind
from appliance.domain.ledger import Mark, Reason
from appliance.media.packets import read_bundle_media
from appliance.media.render import render
from appliance.settings.storage import validate
from tests.rigs.wire import CALLEE, CALLER, EPOCH_NS, Wire

PROXY = "10.0.0.9"
PHONE = "10.0.0.3"


def replayed(tmp_path, wire, **capture):
    layout = Layout(tmp_path / "data").make()
    settings = validate({"capture": {"keep_free_mib": 16} | capture}).capture
    done = Replay([wire.write(tmp_path / "x.pcap")], settings, layout).run(lambda progress: None)
    assert done.problems == []
    manifests = [
        msgspec.json.decode((layout.spool_ready / call_id / MANIFEST_FILE).read_bytes(), type=Manifest)
        for call_id in done.call_ids
    ]
    found = {manifest.call.sip_call_id: manifest for manifest in manifests}
    assert len(found) == len(manifests), "no call may fall apart"
    return layout, found


def rendered(layout, manifest):
    media = read_bundle_media(layout.spool_ready / manifest.call.call_id / MEDIA_FILE)
    return render(manifest, media, validate({}).archive)


def ties(manifest):
    return [(tie.kind, tie.call_id, tie.sip_call_id) for tie in manifest.call.related]


def seconds(moment):
    return (to_ns(moment) - EPOCH_NS) / 1e9


def test_a_blind_transfer_is_one_conversation_although_the_first_call_is_over_and_gone(tmp_path):
    wire = Wire()
    first = wire.call("first@x")
    first.invite(0)
    first.answer(1)
    first.talk(1.1, 3)
    first.request(
        3,
        "REFER",
        by_callee=True,
        cseq=50,
        headers="Refer-To: <sip:1003@10.0.0.3>\r\nReferred-By: <sip:1002@10.0.0.2>\r\n",
    )
    first.response(3.05, 202, "Accepted", method="REFER", to_callee=True, cseq=50)
    first.bye(4, by_callee=True)
    second = wire.call(
        "second@x", callee="1003", callee_host=PHONE, headers="Referred-By: <sip:1002@10.0.0.2>\r\n"
    )
    second.invite(12)
    second.answer(13)
    second.talk(13.1, 15)
    second.bye(15)
    _, found = replayed(tmp_path, wire)
    one, two = found["first@x"], found["second@x"]
    assert two.call.interaction_id == one.call.call_id == one.call.interaction_id
    assert ties(two) == [(RelationKind.TRANSFERRED_FROM, one.call.call_id, "")]
    assert [event.kind for event in one.call.events] == ["answered", "transfer", "bye"]


@pytest.mark.parametrize(
    ("line", "kind"), [("SIP/2.0 200 OK", "transferred"), ("SIP/2.0 486 Busy Here", "transfer_failed")]
)
def test_what_became_of_a_transfer_is_told(tmp_path, line, kind):
    wire = Wire()
    call = wire.call("call@x")
    call.invite(0)
    call.answer(1)
    call.talk(1.1, 5)
    call.request(3, "REFER", by_callee=True, cseq=50, headers="Refer-To: <sip:1003@10.0.0.3>\r\n")
    for number, (at_s, fragment) in enumerate([(3.1, "SIP/2.0 100 Trying"), (4, line), (4.2, line)]):
        call.request(
            at_s, "NOTIFY", cseq=60 + min(number, 1), body=fragment,
            headers="Event: refer\r\nSubscription-State: active\r\nContent-Type: message/sipfrag;version=2.0\r\n",
        )  # fmt: skip
    call.bye(5)
    _, found = replayed(tmp_path, wire)
    told = [event for event in found["call@x"].call.events if event.kind.startswith("transfer")]
    assert [(event.kind, event.side) for event in told] == [("transfer", Side.CALLEE), (kind, Side.CALLER)]
    assert told[1].detail == line.removeprefix("SIP/2.0 ")


def test_a_call_that_replaces_one_that_is_still_up_moves_both_into_the_earlier_conversation(tmp_path):
    wire = Wire()
    old = wire.call("old@x")
    old.invite(0)
    old.answer(1)
    old.talk(1.1, 4)
    ask = wire.call("ask@x", caller="1002", caller_host=CALLEE, callee="1003", callee_host=PHONE)
    ask.invite(2)
    ask.answer(2.5)
    ask.talk(2.6, 6)
    old.request(
        4, "REFER", by_callee=True, cseq=50,
        headers="Refer-To: <sip:1003@10.0.0.3?Replaces=ask%40x%3Bto-tag%3Dto%3Bfrom-tag%3Dfrom>\r\n",
    )  # fmt: skip
    new = wire.call(
        "new@x", callee="1003", callee_host=PHONE, headers="Replaces: ask@x;to-tag=to;from-tag=from\r\n"
    )
    new.invite(5)
    new.answer(5.1)
    new.talk(5.2, 8)
    ask.bye(5.3, by_callee=True)
    old.bye(5.4)
    new.bye(8)
    _, found = replayed(tmp_path, wire)
    first = found["old@x"].call.call_id
    assert {manifest.call.interaction_id for manifest in found.values()} == {first}
    assert ties(found["ask@x"]) == [(RelationKind.CONSULTATION, first, "")]
    assert ties(found["new@x"]) == [
        (RelationKind.TRANSFERRED_FROM, first, ""),
        (RelationKind.REPLACES, found["ask@x"].call.call_id, ""),
    ]


def test_a_telephone_of_a_group_that_did_not_get_the_call_says_where_it_went(tmp_path):
    wire = Wire()
    call = wire.call("rang@x")
    call.invite(0)
    call.ring(0.5)
    branch = "z9hG4bKrang@xINVITE1False"
    call.request(
        3,
        "CANCEL",
        initial=True,
        branch=branch,
        headers='Reason: SIP;cause=200;text="Call completed elsewhere"\r\n',
    )
    call.response(3.01, 200, "OK", method="CANCEL", branch=branch)
    call.fail(3.02, 487)
    _, found = replayed(tmp_path, wire)
    assert found["rang@x"].reason is Reason.ELSEWHERE


def test_early_media_of_a_branch_that_lost_is_kept_but_not_heard(tmp_path):
    wire = Wire()
    call = wire.call("forked@x")
    loser = (PHONE, 41000)
    call.invite(0)
    call.response(0.5, 183, "Progress", body=call.sdp(loser), tag="loser")
    wire.rtp(0.6, 2.0, loser, call.caller_media, 77)
    wire.rtp(0.6, 2.0, call.caller_media, loser, 78)
    call.ring(0.7)
    call.answer(2)
    call.talk(2.1, 4)
    call.bye(4)
    layout, found = replayed(tmp_path, wire)
    manifest = found["forked@x"]
    lost = [stream for stream in manifest.streams if stream.kind is StreamKind.LOST_BRANCH]
    assert {stream.ssrc for stream in lost} == {77, 78}
    assert Mark.FORKED in manifest.marks
    assert Mark.EARLY_MEDIA not in manifest.marks
    sound = rendered(layout, manifest)
    assert sound.reason is None
    assert Mark.EARLY_MEDIA not in sound.marks
    assert Mark.SSRC_CHANGED not in sound.marks
    assert seconds(sound.starts_at) == pytest.approx(2, abs=0.01)
    assert {track.ssrc: track.kind for track in sound.tracks} == {
        77: StreamKind.LOST_BRANCH, 78: StreamKind.LOST_BRANCH,
        call.ssrcs[0]: StreamKind.AUDIO, call.ssrcs[1]: StreamKind.AUDIO,
    }  # fmt: skip


def test_early_media_of_the_branch_that_won_is_heard(tmp_path):
    wire = Wire()
    call = wire.call("forked@x")
    call.invite(0)
    call.response(0.4, 180, "Ringing", tag="silent")
    call.ring(0.5, early=True)
    call.talk(0.6, 4)
    call.answer(2)
    call.bye(4)
    layout, found = replayed(tmp_path, wire)
    assert all(stream.kind is StreamKind.AUDIO for stream in found["forked@x"].streams)
    assert seconds(rendered(layout, found["forked@x"]).starts_at) == pytest.approx(0.6, abs=0.01)


def fax(call, media):
    return call.sdp((media[0], 0)) + f"m=image {media[1]} udptl t38\r\na=T38FaxVersion:0\r\n"


def test_a_fax_in_the_middle_neither_ends_the_call_nor_harms_its_audio(tmp_path):
    wire = Wire()
    call = wire.call("fax@x")
    call.invite(0)
    call.answer(1)
    before = call.talk(1.1, 3)
    call.request(3, "INVITE", cseq=2, body=fax(call, call.caller_media))
    call.response(3.1, 200, "OK", cseq=2, body=fax(call, call.callee_media))
    call.request(3.2, "ACK", cseq=2)
    for number in range(45):
        packet = number.to_bytes(2) + b"\x03\x06\x01\x02" * 8
        wire.udp(4 + number, call.caller_media, call.callee_media, packet)
        wire.udp(4 + number, call.callee_media, call.caller_media, packet)
    call.request(50, "INVITE", cseq=3, body=call.sdp(call.caller_media, version=3))
    call.response(50.1, 200, "OK", cseq=3, body=call.sdp(call.callee_media, version=3))
    call.request(50.2, "ACK", cseq=3)
    call.talk(50.3, 52, first_seq=3000)
    call.bye(52)
    layout, found = replayed(tmp_path, wire, media_timeout_s=10)
    manifest = found["fax@x"]
    assert manifest.call.ended_by is Side.CALLER
    assert seconds(manifest.call.ended_at) == pytest.approx(52)
    assert Mark.NO_BYE not in manifest.marks
    sound = rendered(layout, manifest)
    assert sound.reason is None
    assert not {Mark.ONE_WAY, Mark.PART_UNDECODED} & set(sound.marks)
    assert before


@pytest.mark.parametrize("is_bundled", [True, False])
def test_video_beside_the_audio_is_no_part_of_the_recording(tmp_path, is_bundled):
    wire = Wire()
    call = wire.call("video@x")
    shift = 0 if is_bundled else 100
    pictures = [(host, port + shift) for host, port in (call.caller_media, call.callee_media)]
    lines = [f"m=video {port} RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n" for _, port in pictures]
    call.invite(0, extra=lines[0])
    call.answer(1, extra=lines[1])
    call.talk(1.1, 4)
    wire.rtp(1.1, 4, *pictures, 901, 96)
    wire.rtp(1.1, 4, *reversed(pictures), 902, 96)
    call.bye(4)
    layout, found = replayed(tmp_path, wire)
    assert list(found) == ["video@x"], "video is no call of its own"
    manifest = found["video@x"]
    kinds = {stream.ssrc: (stream.kind, stream.encoding) for stream in manifest.streams}
    assert kinds.pop(call.ssrcs[0]) == kinds.pop(call.ssrcs[1]) == (StreamKind.AUDIO, "PCMA")
    assert kinds == ({901: (StreamKind.VIDEO, "H264"), 902: (StreamKind.VIDEO, "H264")} if is_bundled else {})
    sound = rendered(layout, manifest)
    assert (sound.reason, sound.marks) == (None, [])


def test_video_in_one_direction_only_makes_no_one_way_call_of_two_way_audio(tmp_path):
    wire = Wire()
    call = wire.call("video@x")
    line = "m=video {} RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n"
    call.invite(0, extra=line.format(call.port))
    call.answer(1, extra=line.format(call.port + 2))
    call.talk(1.1, 4)
    wire.rtp(1.1, 4, call.caller_media, call.callee_media, 901, 96)
    call.bye(4)
    layout, found = replayed(tmp_path, wire)
    assert rendered(layout, found["video@x"]).marks == []


def test_audio_that_goes_to_a_candidate_address_belongs_to_the_call(tmp_path):
    wire = Wire()
    call = wire.call("ice@x")
    reflexive, relayed = ("203.0.113.5", 61000), ("203.0.113.6", 62000)
    candidate = (
        "a=candidate:1 1 UDP 2130706431 {} {} typ srflx\r\na=candidate:2 1 udp 1 phone.local 9 typ host\r\n"
    )
    call.invite(0, extra=candidate.format(*reflexive))
    call.answer(1, extra=candidate.format(*relayed))
    wire.rtp(1.1, 4, reflexive, relayed, 11)
    wire.rtp(1.1, 4, relayed, reflexive, 12)
    call.bye(4)
    layout, found = replayed(tmp_path, wire)
    assert list(found) == ["ice@x"]
    assert {stream.ssrc: stream.side for stream in found["ice@x"].streams} == {
        11: Side.CALLER,
        12: Side.CALLEE,
    }
    assert rendered(layout, found["ice@x"]).reason is None


def test_audio_at_translated_addresses_belongs_to_the_call_that_named_the_inside_ones(tmp_path):
    wire = Wire()
    call = wire.call("nat@x")
    call.invite(0)
    call.answer(1)
    outside = (("203.0.113.1", call.caller_media[1]), ("203.0.113.2", call.callee_media[1]))
    wire.rtp(1.1, 4, outside[0], outside[1], 11)
    wire.rtp(1.1, 4, outside[1], outside[0], 12)
    call.bye(4)
    aliases = [f"{CALLER}=203.0.113.1", f"{CALLEE}=203.0.113.2"]
    layout, found = replayed(tmp_path, wire, aliases=aliases)
    assert list(found) == ["nat@x"]
    assert {stream.ssrc: stream.side for stream in found["nat@x"].streams} == {
        11: Side.CALLER,
        12: Side.CALLEE,
    }
    assert rendered(layout, found["nat@x"]).marks == []


def test_the_legs_of_a_group_call_through_an_exchange_are_one_conversation(tmp_path):
    wire = Wire()
    inbound = wire.call("in@x", callee_host=PROXY, callee="2000")
    inbound.invite(0)
    inbound.ring(0.3)
    phones = [
        wire.call(
            f"out{number}@x", caller_host=PROXY, callee=f"300{number}", callee_host=f"10.0.0.{20 + number}"
        )
        for number in range(3)
    ]
    for phone in phones:
        phone.invite(0.2)
        phone.ring(0.25)
    phones[1].answer(2)
    inbound.answer(2.05)
    for number in (0, 2):
        branch = f"z9hG4bKout{number}@xINVITE1False"
        phones[number].request(
            2.1, "CANCEL", initial=True, branch=branch, headers="Reason: SIP;cause=200\r\n"
        )
        phones[number].fail(2.2, 487)
    for call in (inbound, phones[1]):
        call.talk(2.2, 4)
        call.bye(4)
    _, found = replayed(tmp_path, wire)
    first = found["in@x"].call.call_id
    assert {manifest.call.interaction_id for manifest in found.values()} == {first}
    assert [found[f"out{number}@x"].reason for number in range(3)] == [
        Reason.ELSEWHERE,
        None,
        Reason.ELSEWHERE,
    ]
    assert all(ties(found[f"out{number}@x"]) == [(RelationKind.LEG_OF, first, "")] for number in range(3))


def test_what_an_earlier_call_still_sent_to_a_port_is_no_part_of_the_next_call_there(tmp_path):
    wire = Wire()
    first = wire.call("first@x", port=20000)
    first.invite(0)
    first.answer(1)
    first.talk(1.1, 3)
    first.bye(3)
    wire.rtp(3.0, 5.5, first.caller_media, first.callee_media, 71, 3)
    wire.rtp(3.0, 5.5, first.callee_media, first.caller_media, 72, 3)
    second = wire.call("second@x", port=20000, formats="0")
    second.invite(6)
    second.answer(6.3)
    wire.rtp(6.4, 9, second.caller_media, second.callee_media, 81, 0)
    wire.rtp(6.4, 9, second.callee_media, second.caller_media, 82, 0)
    second.bye(9)
    layout, found = replayed(tmp_path, wire)
    assert list(found) == ["first@x", "second@x"]
    kinds = {stream.ssrc: stream.kind for stream in found["second@x"].streams}
    assert kinds == {
        71: StreamKind.EARLIER_CALL, 72: StreamKind.EARLIER_CALL, 81: StreamKind.AUDIO, 82: StreamKind.AUDIO,
    }  # fmt: skip
    sound = rendered(layout, found["second@x"])
    assert (sound.reason, sound.marks) == (None, [])
    assert Mark.EARLY_MEDIA not in found["second@x"].marks
