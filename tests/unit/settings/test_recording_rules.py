"""The section of recording rules: what is refused, and what becomes of it."""

from datetime import UTC, datetime

import pytest

from appliance.core.errors import Invalid
from appliance.domain.policy import CallFacts, Ground, Rules, decide
from appliance.settings import form
from appliance.settings.recording import compiled
from appliance.settings.storage import validate


def rulebook(**values: object):
    return validate({"recording": values}).recording


def test_by_nature_every_call_is_recorded() -> None:
    assert compiled(rulebook()) == Rules()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"blacklist": [{"number": "12*34"}]}, "recording.blacklist[0].number"),
        ({"blacklist": [{"number": "*"}]}, "recording.blacklist[0].number"),
        ({"blacklist": [{"number": "1 2"}]}, "recording.blacklist[0].number"),
        ({"start_key": "x"}, "recording.start_key"),
        ({"start_key": "5", "stop_key": "5"}, "recording.stop_key"),
        ({"resume_key": "*1"}, "recording.resume_key"),
        ({"time_zone": "Mars/Base"}, "recording.time_zone"),
        ({"time_zone": "../../etc/passwd"}, "recording.time_zone"),
        ({"recording_time": "nowhen"}, "recording.recording_time"),
        ({"schedules": [{"name": "a"}, {"name": "a"}]}, "recording.schedules[1].name"),
        (
            {"schedules": [{"name": "a", "windows": [{"days": ["monday"], "begin": "24:00"}]}]},
            "recording.schedules[0].windows[0].begin",
        ),
        ({"rules": [{"name": "a", "schedule": "b"}]}, "recording.rules[0].schedule"),
        ({"rules": [{"name": "a", "trunks": ["nonsense"]}]}, "recording.rules[0].trunks[0]"),
        ({"rules": [{"name": "a", "header_contains": "x"}]}, "recording.rules[0].header_name"),
        ({"rules": [{"name": "a", "sample_pct": 101}]}, "recording.rules[0].sample_pct"),
        ({"pbx_addresses": ["1.2.3.4:0"]}, "recording.pbx_addresses[0]"),
        (
            {"extensions": [{"number": "1", "channel": 1}, {"number": "1", "channel": 2}]},
            "recording.extensions[1].number",
        ),
        (
            {"extensions": [{"number": "1", "channel": 1}, {"number": "2", "channel": 1}]},
            "recording.extensions[1].channel",
        ),
        ({"blacklist": [{"number": "1"}] * 10_001}, "recording.blacklist"),
    ],
)
def test_what_contradicts_itself_is_refused_with_its_place(values: dict, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        rulebook(**values)
    assert refused.value.facts["field"] == field


def test_one_key_may_pause_and_resume() -> None:
    rulebook(pause_key="5", resume_key="5")


def test_what_is_not_enabled_counts_for_nothing() -> None:
    found = compiled(
        rulebook(
            blacklist=[{"number": "1", "enabled": False}],
            rules=[{"name": "a", "action": "ignore", "enabled": False}],
        )
    )
    assert found.blacklist == ()
    assert found.rules == ()


def test_windows_are_read_in_the_time_zone_of_the_settings() -> None:
    found = compiled(
        rulebook(
            time_zone="Asia/Shanghai",
            schedules=[
                {"name": "late", "windows": [{"days": ["saturday"], "begin": "22:00", "end": "02:00"}]}
            ],
            recording_time="late",
        )
    )
    saturday_23 = datetime(2026, 11, 21, 15, tzinfo=UTC)
    sunday_3 = datetime(2026, 11, 21, 19, tzinfo=UTC)
    assert decide(CallFacts(), found, saturday_23, 0.0, 0).ground is Ground.MODE_ALL
    assert decide(CallFacts(), found, sunday_3, 0.0, 0).ground is Ground.OUT_OF_HOURS


def test_addresses_are_compared_in_one_form() -> None:
    found = compiled(rulebook(pbx_addresses=["[2001:db8::0:1]:5060"]))
    assert found.pbx == (("2001:db8::1", 5060),)


def test_fields_of_list_entries_have_labels() -> None:
    label = form.label("recording.rules[3].sample_pct")
    assert label is not None
    assert label.zh == "抽样比例"
    choices = form.schema()["$defs"]["RecordingRule"]["properties"]["action"]["x-choices"]
    assert set(choices) == {"record", "ignore", "on_demand"}
