"""An import that is killed, and run again, gives every call exactly once; so does one that keeps the packets."""

import contextlib
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from appliance.archive.direct import Direct
from appliance.capture.bundles import Bundles
from appliance.commands import tapeline
from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import Manifest
from appliance.media.packets import Recorded
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.daemons import imported
from tests.rigs.patience import until
from tests.rigs.traffic import Plan, Truth, make
from tests.scenario.test_import_matches_truth import compare

CALLS = 96
TRIES = 5


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    """Every other call or so loses a packet on its way: these go by the spool."""
    capture = tmp_path_factory.mktemp("sent") / "calls.pcap"
    return capture, make(Plan(calls=CALLS, talk_s=12, per_s=4, loss=0.0005), capture)


def killed(data: Path, capture: Path, archived: int, *more: str) -> bool:
    """Whether the import still ran when so many files stood in the archive, and was killed then."""
    words = ["import", str(capture), "--data", str(data), *more]
    with subprocess.Popen(
        [sys.executable, "-m", "appliance.commands.tapeline", *words],
        stdout=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    ) as process:
        archive = data / "archive"
        until(
            lambda: (
                process.poll() is not None or sum(path.is_file() for path in archive.rglob("*")) >= archived
            ),
            60,
            "the import to be on its way",
        )
        is_running = process.poll() is None
        if is_running:
            os.killpg(process.pid, signal.SIGKILL)
    return is_running


@pytest.mark.parametrize("more", [(), ("--keep-packets",)], ids=["direct", "spool"])
@pytest.mark.parametrize("archived", [0, 1, 40, 200])
def test_a_killed_import_is_made_good_by_the_next(
    tmp_path: Path, sent: tuple[Path, Truth], archived: int, more: tuple[str, ...]
) -> None:
    capture, truth = sent
    assert {bool(track["lost"]) for call in truth.calls for track in call["tracks"].values()} == {True, False}
    # On a busy machine whoever looks may look too late.
    tries = (tmp_path / str(number) for number in range(TRIES))
    data = next(data for data in tries if killed(data, capture, archived, *more))
    compare(truth, imported(data, capture))
    layout = Layout(data)
    database = open_database(layout)
    page = calls.find(database, calls.CallFilter(page_size=2 * CALLS), scope=EVERYTHING)
    assert Counter(row.sip_call_id for row in page.calls) == Counter(call["call_id"] for call in truth.calls)
    named = {layout.archive / row.file for row in page.calls}
    assert set(layout.archive.rglob("*.wav")) == named
    assert len(list(layout.archive.rglob("*.json"))) == CALLS
    for shelf in (layout.spool_open, layout.spool_ready, layout.spool_work, layout.spool_quarantine):
        assert not list(shelf.iterdir())
    rebuilt = calls.rebuild(database, [layout.archive])
    database.close()
    assert (rebuilt.indexed, rebuilt.dropped, rebuilt.unreadable) == (CALLS, 0, [])


def test_an_import_killed_again_and_again_ends_well(tmp_path: Path, sent: tuple[Path, Truth]) -> None:
    capture, truth = sent
    data = tmp_path / "data"
    for archived in (1, 60, 120):
        killed(data, capture, archived)
    found = imported(data, capture)
    compare(truth, found)
    assert len({call["id"] for call in found}) == CALLS


def nameless() -> set[str]:
    """The open files of this process that have no name."""
    found = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.add(str(descriptor.readlink()))
    return {path for path in found if path.endswith("(deleted)")}


def test_what_memory_did_not_hold_is_given_back_before_calls_are_secured(
    tmp_path: Path, sent: tuple[Path, Truth], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else all of it would be brought to the disk, to be deleted at once."""
    capture, truth = sent
    try:
        os.close(os.open(tmp_path, os.O_TMPFILE | os.O_RDWR))
    except OSError:
        pytest.skip("the file system knows no files without a name: memory holds everything")
    monkeypatch.setattr("appliance.capture.engine._HELD_BYTES", 1)
    before = nameless()
    reading: set[str] = set()
    securing: list[set[str]] = []
    take = Direct.take

    def taking(self: Direct, manifest: Manifest, recorded: Recorded) -> bool:
        reading.update(nameless() - before)
        return take(self, manifest, recorded)

    monkeypatch.setattr(Direct, "take", taking)
    monkeypatch.setattr(
        "appliance.archive.direct.sync_file_system", lambda _: securing.append(nameless() - before)
    )
    assert tapeline.main(["import", str(capture), "--data", str(tmp_path / "data")]) == 0
    assert reading
    assert securing == [set()]
    monkeypatch.undo()
    compare(truth, imported(tmp_path / "data", capture))


class _Killed(BaseException):
    """Whoever is killed cleans nothing up."""


@pytest.mark.parametrize(
    ("what", "act"), [(Recorded, "save"), (Bundles, "finish")], ids=["media", "manifest"]
)
def test_a_bundle_that_was_being_made_when_the_import_was_killed_leaves_no_row(
    tmp_path: Path, sent: tuple[Path, Truth], monkeypatch: pytest.MonkeyPatch, what: type, act: str
) -> None:
    capture, truth = sent
    data = tmp_path / "data"

    def kill(_: object, given: object) -> list[object]:
        if given == []:
            return []  # no bundle is due yet
        raise _Killed

    with monkeypatch.context() as now:
        now.setattr(what, act, kill)
        with pytest.raises(_Killed):
            tapeline.main(["import", str(capture), "--data", str(data)])
    layout = Layout(data)
    assert any(path.is_dir() for path in (data / "spool").glob("*/*")), "nothing was being made"
    compare(truth, imported(data, capture))
    with contextlib.closing(open_database(layout)) as database:
        page = calls.find(database, calls.CallFilter(page_size=2 * CALLS), scope=EVERYTHING)
    assert Counter(row.sip_call_id for row in page.calls) == Counter(call["call_id"] for call in truth.calls)
    assert not any(path.is_dir() for path in (data / "spool").glob("*/*"))
