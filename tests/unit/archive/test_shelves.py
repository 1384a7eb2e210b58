"""Two storage paths: which one takes the next recording, and what is remembered of the change."""

import errno
import os

import pytest

from appliance.archive.shelves import Problem, Shelves, StorageGone
from appliance.core.clock import ManualClock
from appliance.core.files import STORAGE_MARK_FILE
from appliance.settings import storage
from appliance.settings.paths import Shelf
from tests.rigs.records import NOON

NO_SPACE = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def folders(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    return first, second


@pytest.fixture
def clock():
    return ManualClock(NOON)


def shelves(layout, folders, clock, **more):
    first, second = folders
    wanted = {"first": str(first), "second": str(second), "keep_free_mib": 1, **more}
    settings = storage.validate({"paths": wanted})
    revision = storage.load(layout).revision
    saved = storage.save(layout, settings, revision)
    return Shelves(layout, saved.paths, clock)


def test_the_chosen_path_is_used_and_both_get_a_mark(layout, folders, clock):
    made = shelves(layout, folders, clock)
    assert made.target() == folders[0]
    made.look()
    marks = {(folder / STORAGE_MARK_FILE).read_text() for folder in folders}
    assert len(marks) == 2


def test_a_path_that_is_gone_is_left_and_the_settings_say_so(layout, folders, clock):
    made = shelves(layout, folders, clock)
    assert made.target() == folders[0]
    (folders[0] / STORAGE_MARK_FILE).unlink()
    folders[0].rmdir()
    assert made.target() == folders[1]
    assert storage.load(layout).paths.current is Shelf.SECOND
    seen = made.look()
    assert seen[Shelf.FIRST].problem == Problem.MISSING
    assert seen[Shelf.SECOND].instead_since == NOON


def test_an_empty_mount_point_is_not_mistaken_for_the_disk(layout, folders, clock):
    made = shelves(layout, folders, clock)
    made.look()
    (folders[0] / STORAGE_MARK_FILE).unlink()
    assert made.target() == folders[1]
    assert not list(folders[0].iterdir())


def test_another_disk_at_the_path_is_not_used(layout, folders, clock):
    made = shelves(layout, folders, clock)
    made.look()
    (folders[1] / STORAGE_MARK_FILE).write_text("0123456789abcdef\n")
    assert made.standing(folders[1]).problem is Problem.OTHER_DISK
    (folders[0] / STORAGE_MARK_FILE).unlink()
    with pytest.raises(StorageGone):
        made.target()


def test_a_path_entered_anew_is_taken_as_it_is(layout, folders, clock):
    shelves(layout, folders, clock).look()
    (folders[1] / STORAGE_MARK_FILE).write_text("0123456789abcdef\n")
    shelves(layout, (folders[0], ""), clock).rebuilt_without([])
    again = shelves(layout, folders, clock)
    assert again.standing(folders[1]).problem is None


def test_a_path_where_nothing_goes_in_any_more_is_left(layout, folders, clock):
    made = shelves(layout, folders, clock)
    assert made.failed(made.target(), NO_SPACE)
    assert made.root == folders[1]
    assert made.look()[Shelf.FIRST].problem == Problem.EXHAUSTED
    clock.at_mono_s += 31
    assert made.look()[Shelf.FIRST].problem == "", "there is room again"


def test_with_the_change_over_off_a_failure_is_waited_out(layout, folders, clock):
    made = shelves(layout, folders, clock, change_over=False)
    assert not made.failed(made.target(), NO_SPACE)
    assert made.target() == folders[0]
    (folders[0] / STORAGE_MARK_FILE).unlink()
    with pytest.raises(StorageGone):
        made.target()


def test_a_fault_that_is_not_the_paths_changes_nothing(layout, folders, clock):
    made = shelves(layout, folders, clock)
    assert not made.failed(made.target(), OSError(errno.EIO, "of the spool"))
    assert made.target() == folders[0]


def test_without_a_second_path_everything_stays_where_it_is(layout, clock):
    made = shelves(layout, ("", ""), clock, keep_free_mib=1048576)
    assert made.target() == layout.archive
    assert not made.failed(layout.archive, NO_SPACE)
    assert list(made.look()) == [Shelf.FIRST]


def test_a_change_stays_until_it_is_changed_back_by_hand(layout, folders, clock):
    made = shelves(layout, folders, clock)
    made.failed(made.target(), NO_SPACE)
    clock.at_mono_s += 3600
    made.look()
    made.look()
    assert made.target() == folders[1]
    by_hand = shelves(layout, folders, clock)
    assert by_hand.target() == folders[0]
    assert by_hand.look()[Shelf.FIRST].instead_since is None


def test_a_path_that_was_good_for_a_minute_is_changed_back_to_where_the_settings_say_so(
    layout, folders, clock
):
    made = shelves(layout, folders, clock, change_back=True)
    made.failed(made.target(), NO_SPACE)
    clock.at_mono_s += 31
    made.look()
    clock.at_mono_s += 59
    made.look()
    assert made.target() == folders[1]
    clock.at_mono_s += 2
    made.look()
    assert made.target() == folders[0]
    assert storage.load(layout).paths.current is Shelf.FIRST
    assert made.look()[Shelf.FIRST].instead_since is None


def test_a_restart_remembers_why_the_other_path_is_used(layout, folders, clock):
    shelves(layout, folders, clock).failed(folders[0], NO_SPACE)
    again = Shelves(layout, storage.load(layout).paths, clock)
    assert again.look()[Shelf.SECOND].instead_since == NOON


def test_settings_that_were_changed_meanwhile_are_not_overwritten(layout, folders, clock):
    made = shelves(layout, folders, clock)
    now = storage.load(layout)
    content = {"paths": {"first": str(folders[0]), "keep_free_mib": 7}}
    storage.save(layout, storage.validate(content), now.revision)
    made.failed(made.target(), NO_SPACE)
    assert storage.load(layout).paths.keep_free_mib == 7
    assert storage.load(layout).paths.current is Shelf.FIRST
