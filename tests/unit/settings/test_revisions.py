import json

import pytest

from appliance.core.errors import Conflict, NotFound, SettingsUnreadable
from appliance.core.files import Layout
from appliance.settings.revisions import MOST
from appliance.settings.storage import Kept, in_force, load, restore, revisions, save, validate


@pytest.fixture
def layout(tmp_path):
    return Layout(tmp_path).make()


def with_port(name):
    return validate({"capture": {"interface": name}})


def test_every_save_is_kept_with_who_made_it(layout):
    save(layout, with_port("eth0"), 0, "ann")
    save(layout, with_port("eth1"), 1, "archiver")
    newest, older = revisions(layout)
    assert (newest.revision, newest.by, newest.settings["capture"]["interface"]) == (2, "archiver", "eth1")
    assert (older.revision, older.by) == (1, "ann")
    assert older.at <= newest.at


def test_only_the_last_twenty_are_kept(layout):
    for number in range(MOST + 5):
        save(layout, with_port(f"eth{number}"), number)
    assert [one.revision for one in revisions(layout)] == list(range(MOST + 5, 5, -1))


def test_settings_that_were_there_before_the_history_are_kept_by_the_next_save(layout):
    layout.settings.write_text(json.dumps({"version": 1, "revision": 7, "capture": {"interface": "old"}}))
    save(layout, with_port("new"), 7)
    assert [(one.revision, one.settings["capture"]["interface"]) for one in revisions(layout)] == [
        (8, "new"),
        (7, "old"),
    ]


def test_an_earlier_state_is_put_back_as_the_next_revision(layout):
    save(layout, with_port("eth0"), 0)
    save(layout, with_port("eth1"), 1)
    back = restore(layout, 1, "ann")
    assert (back.revision, back.capture.interface) == (3, "eth0")
    assert load(layout) == back
    assert revisions(layout)[0].by == "ann"
    with pytest.raises(NotFound):
        restore(layout, 99)


def test_with_a_damaged_file_the_last_good_revision_is_in_force(layout):
    save(layout, with_port("eth0"), 0)
    save(layout, with_port("eth1"), 1)
    layout.settings.write_text("{ not json")
    (layout.settings_revisions / "2.json").write_text("neither")
    settings, problem = in_force(layout)
    assert (settings.revision, settings.capture.interface) == (1, "eth0")
    assert str(layout.settings) in problem
    kept = Kept(layout)
    assert (kept.now.capture.interface, kept.problem) == ("eth0", problem)


def test_a_damaged_file_is_repaired_and_put_aside(layout):
    save(layout, with_port("eth0"), 0)
    kept = Kept(layout)
    layout.settings.write_text("{ not json")
    assert restore(layout, 1).revision == 2
    assert in_force(layout)[1] == ""
    assert layout.settings_damaged.read_text() == "{ not json"
    kept.renewed()
    assert (kept.now.revision, kept.problem) == (2, "")
    layout.settings.write_text("")
    with pytest.raises(Conflict):
        save(layout, with_port("eth9"), 1)
    assert save(layout, with_port("eth9"), 2).revision == 3


def test_without_any_good_revision_nothing_is_guessed(layout):
    layout.settings.write_text("{ not json")
    with pytest.raises(SettingsUnreadable):
        in_force(layout)
    with pytest.raises(SettingsUnreadable):
        Kept(layout)
