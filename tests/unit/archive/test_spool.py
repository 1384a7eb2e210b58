from datetime import timedelta

import pytest

from appliance.archive.reaper import Reaper, expired_of, sacrifices
from appliance.archive.spool import Attempts, Spool, delete
from appliance.core.clock import ManualClock
from appliance.core.errors import Busy
from appliance.core.files import MANIFEST_FILE, MEDIA_FILE, REASON_FILE
from appliance.domain.bundle import KEPT_FOR_GOOD
from tests.rigs.bundles import make_bundle
from tests.rigs.records import NOON


@pytest.fixture
def spool(layout):
    return Spool(layout)


def test_a_bundle_is_claimed_once(layout, spool):
    name = make_bundle(layout).name
    assert spool.ready() == [name]
    assert spool.claim(name)
    assert not spool.claim(name)
    assert (spool.ready(), spool.working()) == ([], [name])


def test_what_is_no_bundle_is_left_alone(layout, spool):
    (layout.spool_ready / ".hidden").mkdir()
    (layout.spool_ready / "file").write_bytes(b"")
    (layout.spool_ready / "link").symlink_to("/")
    assert spool.ready() == []


def test_a_kept_bundle_holds_what_was_captured_and_nothing_else(layout, spool):
    name = make_bundle(layout).name
    spool.claim(name)
    spool.note_attempts(name, Attempts(deaths=1))
    (spool.work(name) / ".audio").write_bytes(b"x")
    spool.keep(name, NOON)
    assert {path.name for path in (layout.spool_kept / name).iterdir()} == {
        MANIFEST_FILE,
        MEDIA_FILE,
        "keep.json",
    }


def test_a_bundle_handed_over_twice_is_kept_twice(layout, spool):
    folder = make_bundle(layout)
    for _ in range(2):
        spool.claim(folder.name)
        spool.keep(folder.name, NOON)
        folder.mkdir()
        (folder / MANIFEST_FILE).write_bytes(b"{}")
    assert sorted(path.name for path in layout.spool_kept.iterdir()) == [folder.name, f"{folder.name}.2"]


def test_a_removal_that_was_cut_short_is_finished(layout, spool):
    folder = layout.spool_work / ".gone-abc"
    folder.mkdir()
    (folder / MEDIA_FILE).write_bytes(b"x")
    assert spool.working() == []
    spool.sweep()
    assert list(layout.spool_work.iterdir()) == []


def test_what_cannot_be_deleted_stops_no_other(layout, spool):
    gone = []
    for folder in (make_bundle(layout), make_bundle(layout)):
        spool.claim(folder.name)
        gone.append(spool.let_go(folder.name))
    assert spool.working() == [], "gone at once"
    (gone[0] / "in the way").mkdir()
    with pytest.raises(OSError, match="in the way"):
        delete(gone)
    assert [folder.exists() for folder in gone] == [True, False]
    spool.sweep()
    assert list(layout.spool_work.iterdir()) == []


def test_a_reason_that_cannot_be_read_is_a_reason(layout, spool):
    name = make_bundle(layout).name
    spool.claim(name)
    assert spool.damage(name) is None
    (spool.work(name) / REASON_FILE).write_bytes(b"{")
    assert spool.damage(name).code == "unknown"


def test_depth_counts_every_state(layout, spool):
    names = [make_bundle(layout).name for _ in range(3)]
    spool.claim(names[0])
    (layout.spool_quarantine / "bad").mkdir()
    depth = spool.depth(NOON + timedelta(days=36500))
    assert (depth.ready, depth.working, depth.quarantined) == (2, 1, 1)
    assert depth.oldest_s > 0


def kept(layout, *untils):
    spool = Spool(layout)
    names = []
    for until in untils:
        names.append(make_bundle(layout).name)
        spool.claim(names[-1])
        spool.keep(names[-1], until)
    return names


def left(layout):
    return {path.name for path in layout.spool_kept.iterdir()}


def test_only_bundles_whose_time_is_over_are_removed(layout):
    over, later, good = kept(layout, NOON, NOON + timedelta(hours=1), KEPT_FOR_GOOD)
    clock = ManualClock(NOON)
    reaper = Reaper(layout, low_bytes=0, held=frozenset, clock=clock)
    assert reaper.run().expired == [over]
    assert left(layout) == {later, good}
    clock.at += timedelta(hours=1)
    assert reaper.run().expired == [later]
    assert left(layout) == {good}


def test_a_short_disk_takes_the_soonest_first_but_never_the_only_copy(layout):
    later, sooner, good = kept(layout, NOON + timedelta(hours=2), NOON + timedelta(hours=1), KEPT_FOR_GOOD)
    reaper = Reaper(layout, low_bytes=1 << 62, held=frozenset, clock=ManualClock(NOON))
    assert reaper.run().sacrificed == [sooner, later]
    assert left(layout) == {good}


def test_the_packets_of_a_held_call_are_never_reaped(layout):
    first, second = kept(layout, NOON, NOON + timedelta(hours=1))
    again = layout.spool_kept / f"{first}.2"
    (layout.spool_kept / second).rename(again)
    held = {first}
    reaper = Reaper(
        layout, low_bytes=1 << 62, held=lambda: frozenset(held), clock=ManualClock(NOON + timedelta(days=9))
    )
    assert reaper.run() == ([], [])
    assert left(layout) == {first, again.name}
    held.clear()
    assert reaper.run().expired == [first, again.name]


def test_nothing_is_reaped_while_the_holds_cannot_be_read(layout):
    def held():
        raise Busy(what="index")

    (name,) = kept(layout, NOON)
    reaper = Reaper(layout, low_bytes=1 << 62, held=held, clock=ManualClock(NOON))
    with pytest.raises(Busy):
        reaper.run()
    assert left(layout) == {name}


def test_a_bundle_that_does_not_say_how_long_is_kept_for_a_day(layout):
    (name,) = kept(layout, NOON)
    (layout.spool_kept / name / "keep.json").unlink()
    clock = ManualClock(NOON)
    reaper = Reaper(layout, low_bytes=0, held=frozenset, clock=clock)
    assert reaper.run().expired == []
    clock.at += timedelta(hours=25)
    assert reaper.run().expired == [name]


def test_the_decisions_are_pure():
    until = {"a": NOON, "b": NOON + timedelta(seconds=1), "c": KEPT_FOR_GOOD}
    assert expired_of(until, NOON) == ["a"]
    assert sacrifices(until) == ["a", "b"]
    assert expired_of(until, KEPT_FOR_GOOD) == ["a", "b"]
