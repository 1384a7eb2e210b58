"""What triggers keep of trunks says the same as looking at every call, whatever comes, changes and goes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.core.files import Layout
from appliance.domain.call import Direction, Party
from appliance.store import calls, occupancy
from appliance.store.database import open_database
from appliance.store.models import Calls
from appliance.store.statistics import Period
from tests.rigs.records import make_record
from webadmin.trunk_load import loads

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
QUARTER_S = 900
STEP_S = 10
SPAN = 12
"""Quarters that are looked at; calls begin before, within and after them."""


class Told:
    """A call of an invented trunk: seconds from SINCE on."""

    def __init__(self, name: int, trunk: str, begin_s: int, length_s: int) -> None:
        self.name, self.trunk, self.begin_s, self.length_s = name, trunk, begin_s, length_s

    def is_within(self, step_s: int) -> bool:
        return step_s <= self.begin_s and self.begin_s + self.length_s < step_s + STEP_S

    def record(self):
        begin = SINCE + timedelta(seconds=self.begin_s)
        made = make_record(
            at=begin,
            talk_s=max(0, self.length_s - 2),
            call_id=f"call{self.name}",
            direction=Direction.INCOMING,
            ended_at=begin + timedelta(seconds=self.length_s),
        )
        made.manifest.call.caller = Party(number="139", address=f"{self.trunk}:5060" if self.trunk else "")
        return made


def look(own: list[Told], at_s: int) -> int:
    """Channels in use at a moment."""
    return sum(one.begin_s < at_s <= one.begin_s + one.length_s for one in own)


told = st.builds(
    Told,
    st.integers(0, 7),
    st.sampled_from(["192.0.2.1", "192.0.2.2", ""]),
    st.integers(-3 * QUARTER_S, (SPAN + 2) * QUARTER_S),
    st.integers(0, 5 * QUARTER_S),
)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    made = open_database(Layout(tmp_path_factory.mktemp("index")).make())
    made.script("PRAGMA synchronous = off")
    yield made
    made.close()


@settings(max_examples=30, deadline=None)
@given(st.lists(told, max_size=12), st.sets(st.integers(0, 7)))
def test_triggers_agree_with_the_calls(database, given_calls, gone):
    database.run(Calls.delete())  # what is taken back has to leave nothing
    assert not any(
        occupancy.of_trunks(database, SINCE - timedelta(days=1), SINCE + timedelta(days=1)).values()
    )
    for one in given_calls:  # a name that comes again is the same call, told anew
        calls.index(database, one.record())
    for name in gone:
        database.run(Calls.delete().where(Calls.call_id == f"call{name}"))
    left = {one.name: one for one in given_calls if one.name not in gone}.values()
    found = occupancy.of_trunks(database, SINCE, SINCE + timedelta(seconds=SPAN * QUARTER_S))
    first = int(SINCE.timestamp()) // QUARTER_S
    for trunk in ("192.0.2.1", "192.0.2.2"):
        quarters = {one.quarter - first: one for one in found.get(trunk, [])}
        for quarter in range(SPAN):
            begin, end = quarter * QUARTER_S, (quarter + 1) * QUARTER_S
            own = [one for one in left if one.trunk == trunk]
            held = sum(max(0, min(end, one.begin_s + one.length_s) - max(begin, one.begin_s)) for one in own)
            seen = quarters.get(quarter)
            assert (seen.mean if seen else 0) == held / QUARTER_S
            if seen is not None:
                assert seen.peak == max(
                    look(own, begin),
                    *(
                        look(own, at + STEP_S) + sum(one.is_within(at) for one in own)
                        for at in range(begin, end, STEP_S)
                    ),
                )
    assert "" not in found


def test_hours_of_the_clock_add_up_to_the_quarters(database):
    """The busiest hour is one of the clock: in Kathmandu hours begin at a quarter to."""
    database.run(Calls.delete())
    zone = ZoneInfo("Asia/Kathmandu")
    midnight = datetime(2026, 11, 1, tzinfo=zone)
    at = midnight + timedelta(hours=9)
    for n in range(4):
        begin = (at + timedelta(minutes=15 * n)).astimezone(UTC)
        told_call = Told(n, "192.0.2.1", int((begin - SINCE).total_seconds()), 1800)
        calls.index(database, told_call.record())
    period = Period(midnight.astimezone(UTC), (midnight + timedelta(days=2)).astimezone(UTC), zone)
    load = loads(database, period, {"192.0.2.1": 2}, period.until)["192.0.2.1"]
    # 30 minutes each: one from 9:00, two from 9:15 on, one again from 10:00 to 10:15
    assert load.busiest.at == at
    assert load.busiest.traffic == 1.75
    assert load.busiest.peak == 2
    assert load.busiest.occupancy_percent == 87.5
    assert [one.mean for one in load.hours if one.mean] == [round(1.75 / 2, 2), round(0.25 / 2, 2)]
    assert load.busiest.blocked_percent is not None
    future = loads(database, period, {}, midnight + timedelta(days=1))["192.0.2.1"]
    assert (future.channels, future.busiest.blocked_percent, future.hours[9].mean) == (None, None, 1.75)
    assert loads(database, period, {}, midnight) == {}
