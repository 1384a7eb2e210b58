from datetime import UTC, datetime, timedelta

from appliance.domain.escalation import Step, next_step

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def life(minutes, down_from=0, program="recorder", *, may_restart=True, has_other=True, up_min=600):
    """What is done, minute by minute, about a program that never comes up again; a restart of the box begins its time anew."""
    taken, booted_at = [], NOON - up_min * MINUTE
    for minute in range(minutes):
        at = NOON + minute * MINUTE
        down = {program: max(NOON + down_from * MINUTE, booted_at)} if minute >= down_from else {}
        step = next_step(down, taken, at, at - booted_at, may_restart=may_restart, has_other=has_other)
        if step is not None:
            taken.append(step)
            if step.step is not Step.PROGRAM:
                booted_at = at
    return [(round((one.at - NOON) / MINUTE), one.step.value) for one in taken]


def test_nothing_is_done_while_pid_1_may_still_help():
    assert (
        next_step(
            {"recorder": NOON}, [], NOON + 59 * MINUTE / 60, 60 * MINUTE, may_restart=True, has_other=True
        )
        is None
    )


def test_a_program_is_started_three_times_then_the_box_then_the_other_system():
    assert life(27) == [
        (1, "program"), (4, "program"), (7, "program"), (10, "box"),
        (11, "program"), (14, "program"), (17, "program"), (25, "other_system"), (26, "program"),
    ]  # fmt: skip


def test_a_program_the_box_can_do_without_restarts_nothing_but_itself():
    assert {step for _, step in life(600, program="snmp")} == {"program"}


def test_whoever_forbids_it_keeps_the_box_running():
    assert {step for _, step in life(600, may_restart=False)} == {"program"}


def test_without_another_system_there_is_none_to_start():
    assert "other_system" not in {step for _, step in life(600, has_other=False)}


def test_a_box_that_has_just_started_is_not_started_again():
    steps = life(60, up_min=0)
    assert next(minute for minute, step in steps if step == "box") >= 15
