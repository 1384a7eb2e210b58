"""The reader's streams and messages beside what an independent analyser saw in real captures."""

import json

from appliance.media.packets import read_bundle_media

# Fragments and PPPoE are not unwrapped yet.
NOT_YET = {"aboutsip+pkts/fragmented_udp_sip.pcap", "NormB+sipnab/DTMFsipinfo.pcap"}


def test_real_captures_give_the_streams_and_messages_of_tshark(corpus):
    compared = 0
    for truth in json.loads((corpus / "truth.json").read_text()):
        name = truth["file"]
        if name.endswith(".pcapng") or name in NOT_YET:
            continue
        media = read_bundle_media(corpus / name)
        expected = {
            (row["src"], row["dst"], int(row["ssrc"], 16)): (row["pkts"], row["lost"]) for row in truth["rtp"]
        }
        # The analyser counts every packet seen, and takes each copy off its loss.
        found = {
            (one.source, one.destination, one.ssrc): (one.seen, one.expected - one.seen)
            for one in media.streams
        }
        assert found == expected, name
        assert len(media.messages) == truth["sip_frames"], name
        compared += len(expected)
    assert compared > 15
