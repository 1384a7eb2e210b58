"""Against the published tables of the formula: traffic in erlang that so many channels are offered at a given loss."""

import pytest

from appliance.domain.erlang import blocked, offered_for

# Source: Erlang B tables, as in ITU-T E.520 (1 and 3 per cent) and every textbook on teletraffic
TABLE = [
    # channels, 0.1 %, 1 %, 2 %, 5 %
    (1, 0.001, 0.0101, 0.0204, 0.0526),
    (2, 0.0458, 0.153, 0.223, 0.381),
    (5, 0.762, 1.36, 1.66, 2.22),
    (10, 3.09, 4.46, 5.08, 6.22),
    (15, 6.08, 8.11, 9.01, 10.6),
    (20, 9.41, 12.0, 13.2, 15.2),
    (30, 16.7, 20.3, 21.9, 24.8),
    (50, 32.5, 37.9, 40.3, 44.5),
    (100, 75.2, 84.1, 88.0, 95.2),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} channels")
def test_the_published_tables_are_met(row):
    channels, *offered = row
    for erlang, share in zip(offered, (0.001, 0.01, 0.02, 0.05), strict=True):
        # The table gives three digits, so the loss at the traffic that it names is near, not equal.
        assert blocked(erlang * 0.994, channels) < share < blocked(erlang * 1.006, channels)


def test_one_channel_loses_what_it_is_offered_while_it_is_in_use():
    assert blocked(1.0, 1) == 0.5
    assert blocked(0.0, 30) == 0.0
    assert blocked(3.0, 0) == 1.0


@pytest.mark.parametrize("channels", [1, 5, 30, 960])
@pytest.mark.parametrize("part", [0.0, 0.2, 0.7, 0.99])
def test_what_is_carried_leads_back_to_what_was_offered(channels, part):
    offered = offered_for(part * channels, channels)
    assert offered * (1 - blocked(offered, channels)) == pytest.approx(part * channels, abs=1e-6)


def test_more_than_there_are_channels_cannot_have_been_carried():
    assert offered_for(30.0, 30) is None
    assert offered_for(31.5, 30) is None
