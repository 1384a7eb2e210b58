"""The blacklist and the allow-list by API: every change is in force at once and none is lost to another."""

from concurrent.futures import ThreadPoolExecutor

import pytest

LISTS = ["blacklist", "allow_list"]


@pytest.fixture
def admin(web):
    return web.administrator()


def numbers(admin, which, query=""):
    return [entry["number"] for entry in admin.get(f"lists/{which}?{query}").json["entries"]]


@pytest.mark.parametrize("which", LISTS)
def test_an_entry_is_added_changed_and_removed(admin, which):
    added = admin.post(f"lists/{which}", {"number": "(030) 123-45", "note": " sales "})
    assert added.status == 201
    assert (added.json["number"], added.json["note"], added.json["enabled"]) == ("03012345", "sales", True)
    assert added.json["created_at"]
    changed = admin.put(f"lists/{which}/entry?number=03012345", {"number": "030*", "enabled": False})
    assert changed.json == {
        "number": "030*",
        "note": "",
        "enabled": False,
        "created_at": added.json["created_at"],
    }
    assert admin.get(f"lists/{which}").json["entries"] == [changed.json]
    assert admin.get("settings").json["settings"]["recording"][which][0]["number"] == "030*"
    assert admin.delete(f"lists/{which}/entry?number=030*").status == 204
    assert numbers(admin, which) == []


def test_the_lists_do_not_share_their_entries(admin):
    admin.post("lists/blacklist", {"number": "1001"})
    assert numbers(admin, "allow_list") == []


def test_entries_are_found_by_number_note_and_state_newest_first(admin):
    for number, note, enabled in (("1001", "Alice", True), ("1002", "Bob", False), ("2001", "", True)):
        admin.post("lists/blacklist", {"number": number, "note": note, "enabled": enabled})
    assert numbers(admin, "blacklist") == ["2001", "1002", "1001"]
    assert numbers(admin, "blacklist", "number=100") == ["1002", "1001"]
    assert numbers(admin, "blacklist", "number=10-01") == ["1001"]
    assert numbers(admin, "blacklist", "number=bob") == ["1002"]
    assert numbers(admin, "blacklist", "state=disabled") == ["1002"]
    assert numbers(admin, "blacklist", "page=2&page_size=2") == ["1001"]
    page = admin.get("lists/blacklist?number=100&page_size=1").json
    assert (page["listed"], page["total"], page["on"]) == (3, 2, True)


def test_a_number_that_is_listed_already_is_a_conflict_in_both_languages(admin):
    admin.post("lists/blacklist", {"number": "1001"})
    admin.post("lists/blacklist", {"number": "1002"})
    for language in ("en", "zh"):
        reply = admin.post(f"lists/blacklist?lang={language}", {"number": " 1001 "})
        assert (reply.status, reply.code) == (409, "number-listed")
        assert "1001" in reply.json["error"]["message"]
    assert admin.put("lists/blacklist/entry?number=1002", {"number": "1001"}).status == 409
    assert admin.put("lists/blacklist/entry?number=1002", {"number": "1002", "note": "x"}).status == 200


@pytest.mark.parametrize("number", ["", " ", "*", "12 34 x", "5*5", "**1", "x" * 65])
def test_what_is_no_number_is_refused_at_its_field(admin, number):
    reply = admin.post("lists/blacklist", {"number": number})
    assert (reply.status, reply.field) == (422, "number")


def test_an_entry_that_is_gone_is_not_found(admin):
    assert admin.put("lists/blacklist/entry?number=9", {"number": "9"}).status == 404
    assert admin.delete("lists/blacklist/entry?number=9").status == 404
    assert admin.get("lists/other").status == 404


def test_entries_added_at_the_same_time_are_all_there(admin):
    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda n: admin.post("lists/blacklist", {"number": str(n)}), range(100, 124)))
    assert {reply.status for reply in replies} <= {201, 409, 503}
    kept = {reply.json["number"] for reply in replies if reply.status == 201}
    assert len(kept) >= 6
    assert set(numbers(admin, "blacklist", "page_size=200")) == kept


def test_the_allow_list_is_switched_on_and_off(admin):
    assert admin.get("lists/allow_list").json["on"] is False
    assert admin.put("lists/allow_list/switch", {"on": True}).json == {"on": True}
    assert admin.get("lists/allow_list").json["on"] is True
    assert admin.get("rules").json["rules"]["allow_list_on"] is True


def test_a_viewer_sees_no_list(web, admin):
    viewer = web.viewer(admin)
    assert viewer.get("lists/blacklist").status == 403
    assert viewer.post("lists/blacklist", {"number": "1"}).status == 403
