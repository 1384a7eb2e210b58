"""The check `mirror` is told what the port brought of the last calls."""

import pytest

from appliance.bus.topics import Intake
from appliance.domain.condition import CONDITIONS
from appliance.health import Seen, make
from tests.rigs.records import NOON


def findings(missing_from="", **counters):
    intake = Intake(
        at=NOON,
        interface="eth1",
        link_up=True,
        counters={"packets": 1, **counters},
        missing_from=missing_from,
    )
    seen = Seen(
        at=NOON,
        watched_s=1.0,
        programs={},
        intake={"eth1": intake},
        queues={},
        free_bytes=1 << 40,
        low_bytes=1,
    )
    return make("mirror").findings(seen)


def raised(**counters):
    return {finding.code for finding in findings(**counters) if finding.raised}


@pytest.mark.parametrize(
    ("counters", "codes"),
    [
        ({}, set()),
        ({"calls_whole_now": 50}, set()),
        ({"calls_one_way_now": 2}, set()),
        ({"calls_one_way_now": 3}, {"mirror_one_way"}),
        ({"calls_one_way_now": 3, "calls_whole_now": 30}, set()),
        ({"calls_without_audio_now": 5, "calls_whole_now": 5}, {"sip_without_rtp"}),
        ({"calls_without_signalling_now": 4}, {"rtp_without_sip"}),
        ({"calls_without_signalling_now": 4, "calls_whole_now": 9}, set()),
        ({"calls_losing_now": 5, "calls_watched_now": 20}, {"mirror_losing"}),
        ({"calls_losing_now": 5, "calls_watched_now": 200}, set()),
        ({"calls_losing_now": 2, "calls_watched_now": 2}, set()),
    ],
)
def test_a_share_of_several_calls_raises_the_condition(counters, codes):
    assert raised(**counters) == codes


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_words_name_port_calls_and_address(language):
    (found,) = [
        one for one in findings("10.0.20.5 (VLAN 20)", calls_one_way_now=7, calls_whole_now=2) if one.raised
    ]
    title = CONDITIONS[found.code].title.render(language, **found.facts)
    assert all(word in title for word in ("eth1", "7", "9", "10.0.20.5 (VLAN 20)"))
