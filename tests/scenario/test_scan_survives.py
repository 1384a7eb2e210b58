"""A scan waits in the engine while the recorder is killed: every call of it has its row afterwards."""

import re
import subprocess
import sys
from pathlib import Path

import msgspec

from appliance.core.files import MANIFEST_FILE, Layout
from appliance.domain.bundle import Record
from appliance.settings.storage import save, validate
from tests.bench.live import cable
from tests.rigs.daemons import daemons
from tests.rigs.patience import until

_CALLS = 150
_SCAN = """
import random, socket, sys
from tests.rigs.load import scanning
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind((sys.argv[1], 0))
for number in range(int(sys.argv[2])):
    wire.send(scanning(1, number, random.Random(number))[0])
"""


def test_a_scan_that_waits_when_the_recorder_is_killed_has_all_its_rows(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "data").make()
    save(layout, validate({"capture": {"setup_timeout_s": 20, "keep_free_mib": 16}}), based_on_revision=0)

    def known() -> set[bytes]:
        notes = [layout.waiting_calls] if layout.waiting_calls.exists() else []
        found = [path.read_bytes() for path in (*notes, *layout.spool_open.glob(f"*/{MANIFEST_FILE}"))]
        return set(re.findall(rb"scan-[0-9-]+[0-9]", b"\n".join(found)))

    with cable() as (space, there, here), daemons(layout) as running:
        running.broker()
        running.start("recorder", "--interface", here)
        words = ["ip", "netns", "exec", space, sys.executable, "-c", _SCAN, there, str(_CALLS)]
        subprocess.run(words, check=True, timeout=60, cwd=Path(__file__).parents[2])
        until(lambda: len(known()) == _CALLS, 30, "every call to be written down")
        sent = {name.decode() for name in known()}
        assert layout.waiting_calls.exists()
        running.kill("recorder")
        running.start("recorder", "--interface", here)
        running.start("archiver")

        def told() -> list[str]:
            records = [
                msgspec.json.decode(path.read_bytes(), type=Record) for path in layout.archive.rglob("*.json")
            ]
            return [re.sub("@.*", "", record.call.sip_call_id) for record in records]

        until(lambda: len(told()) >= _CALLS, 90, "every call to have a row")
        assert sorted(told()) == sorted(sent)
