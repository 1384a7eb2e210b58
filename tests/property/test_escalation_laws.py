from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.domain.escalation import BOX_EVERY, OTHER_EVERY, Step, next_step

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.sampled_from(["recorder", "archiver", "snmp", "webadmin"]), max_size=4, unique=True),
    st.integers(0, 900),
)
def test_the_box_is_never_restarted_twice_a_day(programs, up_min):
    taken, booted_at = [], NOON - up_min * MINUTE
    for minute in range(0, 60 * 40, 2):
        at = NOON + minute * MINUTE
        down = dict.fromkeys(programs, booted_at)
        step = next_step(down, taken, at, at - booted_at, may_restart=True, has_other=True)
        if step is not None:
            taken.append(step)
            if step.step is not Step.PROGRAM:
                booted_at = at
    for kind, every in ((Step.BOX, BOX_EVERY), (Step.OTHER_SYSTEM, OTHER_EVERY)):
        times = [one.at for one in taken if one.step is kind]
        assert all(after - before >= every for before, after in pairwise(times))
