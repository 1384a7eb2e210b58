from datetime import timedelta

import pytest

from appliance.core.errors import NotFound
from appliance.domain.access import EVERYTHING, Scope
from appliance.store import annotations, calls, holds, shares
from appliance.store.annotations import NotYours, TooMany
from appliance.store.database import open_database
from appliance.store.shares import Share
from tests.rigs.records import NOON, make_record


@pytest.fixture
def database(layout):
    made = open_database(layout)
    yield made
    made.close()


def test_tags_are_the_same_however_they_are_typed(database):
    for typed in ("Billing", "  billing ", "BILLING", "ｂilling"):
        annotations.add_tag(database, "c", typed, "olga", NOON)
    assert [tag.tag for tag in annotations.of_call(database, "c").tags] == ["billing"]
    annotations.remove_tag(database, "c", "BiLLing")
    assert annotations.of_call(database, "c").tags == []


def test_the_most_used_tags_come_first(database):
    for call_id, tag in (("a", "rare"), ("a", "often"), ("b", "often"), ("b", "other")):
        annotations.add_tag(database, call_id, tag, "olga", NOON)
    assert annotations.known_tags(database, scope=EVERYTHING) == [("often", 2), ("other", 1), ("rare", 1)]
    assert annotations.known_tags(database, "o", scope=EVERYTHING) == [("often", 2), ("other", 1)]


def test_a_call_takes_only_so_many_tags(database):
    for number in range(annotations.MAX_TAGS):
        annotations.add_tag(database, "c", f"t{number}", "olga", NOON)
    with pytest.raises(TooMany):
        annotations.add_tag(database, "c", "one more", "olga", NOON)


def test_a_note_is_changed_and_removed_by_its_author_alone(database):
    note = annotations.add_note(database, "c", "said so", "olga", NOON, 12.5)
    for act in (
        lambda: annotations.change_note(database, "c", note, "never said", "eva", NOON),
        lambda: annotations.remove_note(database, "c", note, "eva"),
    ):
        with pytest.raises(NotYours):
            act()
    later = NOON + timedelta(hours=1)
    annotations.change_note(database, "c", note, "said so twice", "olga", later)
    (found,) = annotations.of_call(database, "c").notes
    assert (found.text, found.position_s, found.at, found.edited_at) == ("said so twice", 12.5, NOON, later)
    with pytest.raises(NotFound):
        annotations.remove_note(database, "other call", note, "olga")
    annotations.remove_note(database, "c", note, "olga")
    assert annotations.of_call(database, "c").notes == []


def test_bookmarks_stand_in_the_order_of_the_recording(database):
    late = annotations.add_bookmark(database, "c", 30.0, "late", "olga", NOON)
    annotations.add_bookmark(database, "c", 1.5, "early", "eva", NOON)
    assert [one.label for one in annotations.of_call(database, "c").bookmarks] == ["early", "late"]
    with pytest.raises(NotYours):
        annotations.remove_bookmark(database, "c", late, "eva")
    annotations.remove_bookmark(database, "c", late, "olga")
    assert [one.label for one in annotations.of_call(database, "c").bookmarks] == ["early"]


def test_the_list_is_told_of_tags_notes_and_holds(database):
    annotations.add_tag(database, "a", "x", "olga", NOON)
    annotations.add_note(database, "b", "y", "olga", NOON)
    annotations.add_note(database, "b", "z", "olga", NOON)
    database.execute("INSERT INTO holds (call_id, reason, author, at_us) VALUES ('c', 'r', 'o', 0)", ())
    assert annotations.summaries(database, ["a", "b", "c", "d"], scope=EVERYTHING) == {
        "a": (["x"], 0, False),
        "b": ([], 2, False),
        "c": ([], 0, True),
    }
    assert holds.held(database) == {"c"}


def test_a_scope_hides_the_tags_of_other_calls(database):
    calls.index_all(
        database, [make_record("100", "200", call_id="mine"), make_record("300", "400", call_id="other")]
    )
    for call_id, tag in (("mine", "seen"), ("other", "unseen")):
        annotations.add_tag(database, call_id, tag, "olga", NOON)
    scope = Scope(numbers=frozenset({"100"}))
    assert annotations.known_tags(database, scope=scope) == [("seen", 1)]
    assert list(annotations.summaries(database, ["mine", "other"], scope=scope)) == ["mine"]


def share(**more):
    facts = {
        "id": 0, "call_id": "c", "user_id": 1, "author": "olga", "at": NOON, "expires_at": NOON + timedelta(days=1),
        "password_hash": "", "span": None, "note": "", "opens": 0, "opened_at": None, "revoked_at": None,
    }  # fmt: skip
    return Share(**(facts | more))


def test_a_link_is_found_by_its_token_which_is_not_kept(database):
    key = shares.add(database, "secret-token", share(span=(1.5, 3.25)))
    found = shares.by_token(database, "secret-token")
    assert (found.id, found.span) == (key, (1.5, 3.25))
    assert shares.by_token(database, "other") is None
    assert "secret-token" not in "".join(map(str, database.execute("SELECT * FROM shares", ())))


def test_a_link_dies_by_its_end_and_by_being_revoked(database):
    key = shares.add(database, "t", share())
    assert shares.by_id(database, key).is_alive(NOON)
    assert not shares.by_id(database, key).is_alive(NOON + timedelta(days=1))
    shares.opened(database, key, NOON)
    shares.opened(database, key, NOON)
    shares.revoke(database, key, NOON)
    found = shares.by_id(database, key)
    assert (found.is_alive(NOON), found.opens, found.revoked_at) == (False, 2, NOON)
    with pytest.raises(NotFound):
        shares.revoke(database, 99, NOON)
