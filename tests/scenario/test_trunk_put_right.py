"""An SS7 trunk whose circuits and prefixes were set wrong is recorded, and put right from what was heard."""

from datetime import timedelta
from pathlib import Path

import msgspec

from appliance.commands.tapeline import main
from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING
from appliance.settings.storage import load, save, validate
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs import signalling as wire
from tests.rigs.daemons import daemons, recorded
from tests.rigs.lines import Scenario, speech
from tests.rigs.patience import until


def use(layout: Layout, scenario: Path, **trunk: object) -> None:
    content = msgspec.to_builtins(load(layout))
    content["capture"]["keep_free_mib"] = 16
    line = {"first_span": 1, "second_span": 2, "first_circuit": 64}
    content["boards"] = {
        "cards": [{"kind": "replay", "name": "test", "scenario": str(scenario), "real_time": False}],
        "trunks": [{"name": "SS7", "lines": [line], "signalling": {"kind": "ss7"}, **trunk}],
    }
    save(layout, validate(content), load(layout).revision)


def test_numbers_of_recorded_calls_are_put_right_by_other_settings(layout: Layout, tmp_path: Path) -> None:
    scenario = Scenario(tmp_path)
    scenario.more["spans"] = [{"number": 1}, {"number": 2}]
    for port in (0, 1):
        name = scenario.sound(f"port-{port}", speech(14, seed=port + 1))
        scenario.channels.append(
            {"kind": "voice", "span": port + 1, "timeslot": 3, "play": [{"at_s": 0, "file": name}]}
        )
    link = wire.SignallingLink((0x010203, 0x010205))
    caller = (0x0A, wire.isup_number("1087654321", 3, 0x13))
    texts = (
        (1.0, 0, wire.iam(67, wire.isup_number("2112345", 3), caller)),
        (1.2, 1, wire.acm(67)),
        (4.0, 1, wire.anm(67)),
        (10.0, 0, wire.rel(67, 16)),
        (10.1, 1, wire.rlc(67)),
    )
    scenario.more["frames"] = [
        {"at_s": at_s, "span": port + 1, "octets": link.unit(port, 5, text).hex()}
        for at_s, port, text in texts
    ]
    use(layout, scenario.write(), national_prefix="9")
    with daemons(layout) as running:
        running.broker()
        running.start("boards")
        running.start("archiver")
        (record,) = until(lambda: recorded(layout) or None, 240, "the call in the ledger")
    assert (record.call.caller.number, record.call.callee.number) == ("91087654321", "92112345")
    assert record.recording is not None

    use(layout, scenario.write(), national_prefix="0")
    since = (record.call.started_at - timedelta(seconds=1)).isoformat()
    assert main(["trunks", "--data", str(layout.data), "--from", since, "--yes"]) == 0
    database = open_database(layout)
    found = calls.get(database, record.call.call_id, scope=EVERYTHING)
    database.close()
    assert found is not None
    assert (found.call.caller.number, found.call.callee.number) == ("01087654321", "02112345")
    assert found.recording == record.recording
    assert found.call.started_at == record.call.started_at
    assert found.manifest.messages == record.manifest.messages
