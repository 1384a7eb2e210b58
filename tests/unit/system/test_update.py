"""What becomes of an update, with the updater and systemd as small programs that note what they were asked."""

import asyncio
import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from appliance.core.clock import SystemClock
from appliance.core.errors import ApplianceError
from appliance.core.files import Layout
from appliance.domain.update import Bundle, Plan, Slot, SlotState, State, Trial, Verdict, What, verdict
from appliance.system.slots import Rauc, change_state, read_state, read_status, write_state
from appliance.system.update import OnTrial, Updating

STATUS = """{"compatible":"tapeline-x86-64","variant":null,"booted":"%s","boot_primary":"rootfs.0","slots":[
{"rootfs.1":{"class":"rootfs","device":"/dev/b","type":"raw","bootname":"B","state":"%s","parent":null,"mountpoint":null,
"boot_status":"bad","slot_status":{"bundle":{"compatible":"tapeline-x86-64","version":"0.2.0","description":null,"build":"abc",
"hash":null},"checksum":{"sha256":"00","size":1},"installed":{"timestamp":"2026-11-21T16:00:00Z","count":1},"status":"ok"}}},
{"boot.1":{"class":"boot","device":"/dev/c","type":"raw","bootname":null,"state":"inactive","parent":"rootfs.1","mountpoint":null,
"boot_status":null}},
{"rootfs.0":{"class":"rootfs","device":"/dev/a","type":"raw","bootname":"A","state":"%s","parent":null,"mountpoint":null,
"boot_status":"good","slot_status":{"bundle":{"compatible":null}}}}]}"""
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Bench:
    """A box whose programs of the system are scripts that append their words to a file."""

    def __init__(self, folder: Path, running: str = "A") -> None:
        self.folder = folder
        self.asked = folder / "asked"
        self.asked.touch()
        self.running = running
        self.failing = folder / "failing"
        self.failing.touch()
        self.layout = Layout(folder / "data").make()
        states = ("booted", "inactive") if running == "B" else ("inactive", "booted")
        (folder / "status").write_text(STATUS % (running, *states))
        rauc = self._program(
            "rauc",
            f'case "$*" in *status*json*) cat {folder}/status ;; *info*) cat {folder}/info ;; '
            f"*install*) cat {folder}/install ;; esac",
        )
        (folder / "info").write_text('{"compatible":"tapeline-x86-64","version":"0.2.0","build":"abc"}')
        (folder / "install").write_text(
            "  0% Installing\n 40% Copying image.\n100% Installing done.\nInstalling `x` succeeded\n"
        )
        self.updating = Updating(
            self.layout,
            rauc=Rauc((str(rauc),)),
            clock=SystemClock(),
            state_file=folder / "state" / "state.json",
            running=lambda: self.running,
            systemctl=(str(self._program("systemctl", "")),),
            journal=(str(self._program("journalctl", "echo what happened")),),
            look_s=0.01,
            up_within_s=0.05,
        )

    def _program(self, name: str, body: str) -> Path:
        path = self.folder / name
        path.write_text(
            f'#!/bin/sh\necho "{name} $*" >>{self.asked}\n'
            f'while read -r word; do case "$*" in *"$word"*) echo "refused $word"; exit 1 ;; esac; done <{self.failing}\n{body}\n'
        )
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    @property
    def words(self) -> list[str]:
        return self.asked.read_text().splitlines()

    def fail(self, *words: str) -> None:
        self.failing.write_text("".join(f"{word}\n" for word in words))

    def remember(self, **facts: object) -> None:
        write_state(State(**facts), self.updating.state_file)

    def do(self, work) -> State:
        asyncio.run(work)
        return self.updating.state


@pytest.fixture
def bench(tmp_path) -> Bench:
    return Bench(tmp_path)


def on_trial(slot: str = "B") -> Trial:
    return Trial(slot=slot, version="0.2.0", origin="A", since=NOW)


def bring(bench: Bench) -> None:
    bench.layout.update_bundle.parent.mkdir(exist_ok=True)
    bench.layout.update_bundle.write_bytes(b"bundle")


def test_the_slots_are_read_from_the_updaters_words():
    assert read_status(STATUS % ("A", "inactive", "booted")) == [
        Slot(name="A", is_running=True, state=SlotState.GOOD),
        Slot(
            name="B",
            is_running=False,
            state=SlotState.BAD,
            version="0.2.0",
            build="abc",
            installed_at="2026-11-21T16:00:00Z",
        ),
    ]


def test_a_start_means_what_the_trial_says():
    assert verdict(None, "A") is Verdict.ORDINARY
    assert verdict(on_trial("B"), "B") is Verdict.ON_TRIAL
    assert verdict(on_trial("B"), "A") is Verdict.CAME_BACK


def test_an_installed_update_waits_and_is_not_started_by_itself(bench):
    bring(bench)
    state = bench.do(bench.updating.install("Anna"))
    assert state.waiting == Bundle(version="0.2.0", build="abc", size_bytes=6)
    assert (state.progress, state.plan, state.trial) == (None, None, None)
    assert (state.history[0].what, state.history[0].slot, state.history[0].by) == (
        What.INSTALLED,
        "B",
        "Anna",
    )
    assert not bench.layout.update_bundle.exists()
    assert not [line for line in bench.words if "mark-" in line or "reboot" in line]


def test_an_installation_that_fails_says_why_and_leaves_the_bundle(bench):
    bring(bench)
    (bench.folder / "install").write_text("  0% Installing\nLastError: signature verification failed\n")
    with pytest.raises(ApplianceError):
        bench.do(bench.updating.install("Anna"))
    state = bench.updating.state
    assert "signature verification failed" in state.problem
    assert (state.progress, state.waiting, state.history[0].what) == (None, None, What.NOT_INSTALLED)
    assert bench.layout.update_bundle.exists()


def test_nothing_is_installed_over_the_way_back(bench):
    bring(bench)
    bench.remember(trial=on_trial())
    with pytest.raises(OnTrial):
        bench.do(bench.updating.install("Anna"))
    assert not [line for line in bench.words if "install" in line]


def test_the_other_system_is_started_at_its_time_after_everything_was_put_aside(bench):
    bench.remember(
        plan=Plan(at=NOW - timedelta(days=1), by="Anna"),
        waiting=Bundle(version="0.2.0", build="", size_bytes=1),
    )
    state = bench.do(bench.updating.switch())
    assert state.trial is not None
    assert (state.trial.slot, state.trial.origin, state.trial.version, state.plan) == (
        "B",
        "A",
        "0.2.0",
        None,
    )
    words = [line for line in bench.words if "is-active" not in line]
    assert words == [
        "systemctl start tapeline-copy.service",
        "rauc status mark-active other",
        "systemctl --no-block reboot",
    ]


def test_without_room_for_the_copy_nothing_is_started(bench):
    bench.remember(plan=Plan(at=NOW - timedelta(days=1), by="Anna"))
    bench.fail("tapeline-copy")
    with pytest.raises(ApplianceError):
        bench.do(bench.updating.switch())
    assert bench.updating.state.trial is None
    assert not [line for line in bench.words if "reboot" in line]


def test_a_new_system_that_has_recorded_its_call_is_kept(tmp_path):
    bench = Bench(tmp_path, running="B")
    bench.remember(trial=on_trial())
    state = bench.do(bench.updating.prove())
    assert "systemctl start tapeline-selftest.service" in bench.words
    assert bench.words.index("systemctl start tapeline-selftest.service") < bench.words.index(
        "rauc status mark-good"
    )
    assert (state.trial, state.running, state.history[0].what) == (None, "B", What.COMMITTED)


@pytest.mark.parametrize("failing", ["tapeline-selftest", "is-active"])
def test_a_new_system_that_does_not_record_is_given_up_by_itself(tmp_path, failing):
    bench = Bench(tmp_path, running="B")
    bench.remember(trial=on_trial())
    bench.fail(failing)
    state = bench.do(bench.updating.prove())
    assert [line for line in bench.words if line.startswith("rauc")] == [
        "rauc status mark-bad",
        "rauc status mark-active other",
    ]
    assert bench.words[-1] == "systemctl --no-block reboot"
    assert (state.trial, state.history[0].what) == (None, What.RETURNED)
    assert (
        failing.removeprefix("tapeline-") in state.history[0].detail or "test call" in state.history[0].detail
    )
    assert (bench.updating.state_file.parent / "given-up.log").read_text() == "what happened"


def test_a_new_system_that_never_came_up_is_told_by_the_one_before(bench):
    bench.remember(trial=on_trial())
    state = bench.do(bench.updating.prove())
    assert (state.trial, state.running) == (None, "A")
    assert (state.history[0].what, state.history[0].detail) == (What.RETURNED, "the new system did not start")
    assert [line for line in bench.words if "mark" in line] == [
        "rauc status mark-active booted",
        "rauc status mark-good",
    ]


def test_an_ordinary_start_needs_no_test_call_and_is_never_given_up(bench):
    bench.do(bench.updating.prove())
    assert "rauc status mark-good" in bench.words
    bench.asked.write_text("")
    bench.fail("is-active")
    bench.do(bench.updating.prove())
    assert not [line for line in bench.words if "mark" in line or "reboot" in line or "selftest" in line]


def test_what_root_remembers_everybody_may_read(tmp_path):
    before = os.umask(0o077)
    try:
        write_state(State(running="A"), tmp_path / "new" / "state.json")
    finally:
        os.umask(before)
    assert (tmp_path / "new" / "state.json").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o755
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["state.json"]


def test_a_state_that_cannot_be_read_is_no_reason_to_stop(tmp_path):
    path = tmp_path / "state.json"
    path.write_text("{broken")
    assert read_state(path) == State()
    path.write_bytes(msgspec.json.encode(State(running="A")))
    assert read_state(path).running == "A"


def test_what_two_programs_remember_at_once_is_remembered_of_both(tmp_path):
    """An installation that ends while the start is ordered already: neither takes back what the other wrote."""
    path = tmp_path / "state.json"
    write_state(State(), path)
    begun, go_on = threading.Event(), threading.Event()

    def slowly(state: State) -> State:
        begun.set()
        assert go_on.wait(60)
        return msgspec.structs.replace(state, problem="slow")

    with ThreadPoolExecutor(2) as programs:
        first = programs.submit(change_state, slowly, path)
        assert begun.wait(60)
        second = programs.submit(
            change_state, lambda state: msgspec.structs.replace(state, wanted_by="ann"), path
        )
        assert not second.done()
        go_on.set()
        first.result(60), second.result(60)
    assert (read_state(path).problem, read_state(path).wanted_by) == ("slow", "ann")
