"""Departments, roles, scopes and looking as somebody else, through the API of a box with a small ledger."""

from urllib.parse import urlencode

import pytest

from tests.rigs.web import PASSWORD

ALL_CALLS = {"kind": "everything"}


def role(admin, *permissions, name="role"):
    made = admin.post("roles", {"name": name, "permissions": list(permissions)})
    assert made.status == 201, made
    return made.json["id"]


def person(box, name, role_id, scope=ALL_CALLS, administrator=None, **more):
    """A new person who has chosen a password, and the id."""
    admin = administrator or box.admin
    made = admin.post("users", {"name": name, "role_id": role_id, "scope": scope, **more})
    assert made.status == 201, made
    browser = box.web.anonymous()
    once = made.json["one_time_password"]
    assert browser.post("session", {"name": name, "password": once}).status == 200
    change = {"old_password": once, "new_password": PASSWORD}
    assert browser.post("session/password", change).status == 204
    return browser, made.json["user"]["id"]


def extensions(*numbers):
    return {"kind": "extensions", "extensions": list(numbers)}


def test_somebody_of_one_extension_finds_its_calls_only(playground):
    browser, _ = person(playground, "ext-1002", 2, extensions("1002"))
    found = browser.get("calls").json
    assert [call["call_id"] for call in found["calls"]] == [playground.other_leg]
    assert found["total"] == 1
    assert browser.get(f"calls/{playground.other_leg}").status == 200
    for part in ("", "/audio", "/peaks", "/ladder", "/pcap"):
        reply = browser.get(f"calls/{playground.recorded}{part}")
        unknown = browser.get(f"calls/0nosuchcall{part}")
        assert (reply.status, reply.code) == (unknown.status, unknown.code) == (404, "not-found"), part


def test_a_conversation_is_known_by_the_first_call_in_the_scope(playground):
    browser, _ = person(playground, "conversation", 2, extensions("1002"))
    (call,) = browser.get("calls").json["calls"]
    assert call["interaction_id"] == playground.other_leg
    assert browser.get(f"interactions/{playground.recorded}").status == 404
    conversation = browser.get(f"interactions/{call['interaction_id']}").json
    assert [leg["call_id"] for leg in conversation["legs"]] == [playground.other_leg]
    assert playground.recorded not in str(conversation)
    assert browser.get(f"calls?interaction_id={playground.recorded}").json["total"] == 0
    assert browser.get(f"calls?interaction_id={playground.other_leg}").json["total"] == 1


def test_the_menu_shrinks_to_what_is_ticked(playground):
    role_id = role(playground.admin, "home", "statistics", name="only home")
    browser, _ = person(playground, "narrow", role_id)
    granted = browser.get("session").json["user"]["permissions"]
    assert granted == ["open", "self", "home", "statistics"]
    assert browser.get("home").status == 200
    assert browser.get("calls").code == "denied"


def test_whoever_may_only_listen_saves_nothing(playground):
    role_id = role(playground.admin, "calls", "play", name="listener")
    listener, _ = person(playground, "listener", role_id)
    call = f"calls/{playground.recorded}"
    for query in ("", "?format=wav_pcm", "?from=0.5&to=1.5"):
        heard = listener.get(f"{call}/audio{query}")
        assert heard.status == 200
        assert "Content-Disposition" not in heard.headers
    for query in ("?download=1", "?format=mp3", "?format=opus&download=1", "?download=1&from=0.5&to=1.5"):
        assert listener.get(f"{call}/audio{query}").status == 403, query
    assert listener.get(f"{call}/pcap").status == 403
    assert listener.post("exports/recordings", {"call_ids": [playground.recorded]}).status == 403
    body = {"name": "listener", "permissions": ["calls", "play", "download"], "department_id": None}
    assert playground.admin.put(f"roles/{role_id}", body).status == 200
    assert "Content-Disposition" in listener.get(f"{call}/audio?download=1").headers


def test_a_changed_role_counts_at_once(playground):
    role_id = role(playground.admin, "home", name="growing")
    browser, _ = person(playground, "grows", role_id)
    assert browser.get("calls").status == 403
    body = {"name": "growing", "permissions": ["home", "calls"]}
    assert playground.admin.put(f"roles/{role_id}", body).status == 200
    assert browser.get("calls").status == 200


def test_a_department_gives_the_extensions_below_it(playground):
    admin = playground.admin
    top = admin.post("departments", {"name": "Sales"}).json["id"]
    assert admin.post("departments", {"name": "Sales"}).code == "department-taken"
    below = admin.post("departments", {"name": "North", "parent_id": top}).json["id"]
    assert (
        admin.put(f"departments/{top}", {"name": "Sales", "parent_id": below}).code == "department-in-itself"
    )
    assert admin.delete(f"departments/{top}").code == "department-in-use"
    scope = {"kind": "departments", "departments": [top]}
    browser, _ = person(playground, "head", 2, scope)
    assert browser.get("calls").json["total"] == 0
    assert [one["name"] for one in browser.get("departments").json["departments"]] == ["North", "Sales"]
    size = admin.post("users/scope-size", {"scope": extensions("1002", "1001")}).json
    assert size == {"extensions": 2, "calls": 3}
    assert admin.post("users/scope-size", {"is_super": True}).json == {"extensions": None, "calls": 3}


def test_somebody_with_a_part_of_the_tree_sees_that_part(playground):
    admin = playground.admin
    hidden = admin.post("departments", {"name": "Board"}).json["id"]
    own = admin.post("departments", {"name": "Office", "parent_id": hidden}).json["id"]
    browser, _ = person(playground, "office", 2, {"kind": "departments", "departments": [own]})
    (seen,) = browser.get("departments").json["departments"]
    assert (seen["name"], seen["parent_id"]) == ("Office", None)


def test_nobody_gives_away_more_than_is_theirs(playground):
    admin = playground.admin
    role_id = role(admin, "users", "calls", name="deputy")
    deputy, own_id = person(playground, "deputy", role_id, extensions("1002"))
    refused = [
        deputy.post("users", {"name": "x", "role_id": 1, "scope": extensions("1002")}),
        deputy.post("users", {"name": "x", "role_id": role_id}),
        deputy.post("users", {"name": "x", "role_id": role_id, "scope": extensions("1001")}),
        deputy.post("users", {"name": "x", "role_id": role_id, "is_super": True}),
        deputy.post("roles", {"name": "x", "permissions": ["settings"]}),
        deputy.put(f"users/{own_id}", {"name": "deputy", "role_id": role_id}),
        deputy.post("users/1/one-time-password"),
        deputy.post("look", {"user_id": 1}),
        deputy.delete("users/1"),
    ]
    assert {(reply.status, reply.code) for reply in refused} == {(403, "beyond-your-rights")}
    assert deputy.post("departments", {"name": "x"}).code == "needs-whole-scope"
    assert deputy.post("users", {"name": "y", "role_id": role_id, "scope": extensions("1002")}).status == 201


def test_a_disabled_user_is_out_and_cannot_come_in(playground):
    browser, user_id = person(playground, "leaver", 2)
    body = {"name": "leaver", "real_name": "Lea Ver", "role_id": 2, "is_enabled": False}
    changed = playground.admin.put(f"users/{user_id}", body)
    assert (changed.json["is_enabled"], changed.json["real_name"]) == (False, "Lea Ver")
    assert browser.get("calls").status == 401
    assert browser.post("session", {"name": "leaver", "password": PASSWORD}).status == 401
    found = playground.admin.get("users?search=LEA").json["users"]
    assert [one["name"] for one in found] == ["leaver"]
    body["is_enabled"] = True
    assert playground.admin.put(f"users/{user_id}", body).status == 200
    assert browser.post("session", {"name": "leaver", "password": PASSWORD}).status == 200


def test_the_last_administrator_keeps_all_rights(playground):
    admins = [one for one in playground.admin.get("users").json["users"] if one["is_super"]]
    assert len(admins) == 1
    body = {"name": "admin", "role_id": 2}
    reply = playground.admin.put(f"users/{admins[0]['id']}", body)
    assert (reply.status, reply.code) == (409, "last-administrator")


def test_built_in_roles_stay(playground):
    for role_id in (1, 2):
        body = {"name": "x", "permissions": ["home"]}
        assert playground.admin.put(f"roles/{role_id}", body).code == "role-built-in"
        assert playground.admin.delete(f"roles/{role_id}").code == "role-built-in"
    used = role(playground.admin, "home", name="used")
    person(playground, "user of it", used)
    assert playground.admin.delete(f"roles/{used}").code == "role-in-use"
    unused = role(playground.admin, "home", name="unused")
    assert playground.admin.delete(f"roles/{unused}").status == 204


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "", "permissions": ["home"]}, "name"),
        ({"name": "x", "permissions": []}, "permissions"),
        ({"name": "x", "permissions": ["open", "self"]}, "permissions"),
        ({"name": "x", "permissions": ["fly"]}, "permissions[0]"),
    ],
)
def test_a_bad_role_is_refused_by_field(playground, body, field):
    reply = playground.admin.post("roles", body)
    assert (reply.status, reply.field) == (422, field)


@pytest.mark.parametrize("kind", ["departments", "extensions"])
def test_a_scope_of_nothing_is_refused(playground, kind):
    reply = playground.admin.post("users", {"name": "none", "role_id": 2, "scope": {"kind": kind}})
    assert (reply.status, reply.field) == (422, f"scope.{kind}")


def test_an_administrator_looks_as_somebody_else_and_changes_nothing(playground):
    _, user_id = person(playground, "looked at", 2, extensions("1002"))
    admin = playground.web.administrator()
    assert admin.post("look", {"user_id": user_id}).status == 204
    session = admin.get("session").json["user"]
    assert (session["name"], session["looker"]) == ("looked at", "admin")
    assert admin.get("calls").json["total"] == 1
    assert admin.get("settings").code == "denied"
    assert admin.post(f"calls/{playground.other_leg}/tags", {"tag": "x"}).code in ("only-looking", "denied")
    assert (
        admin.post("session/password", {"old_password": PASSWORD, "new_password": "x"}).code == "only-looking"
    )
    assert admin.delete("look").status == 204
    assert admin.get("calls").json["total"] == 3
    assert admin.get("session").json["user"]["looker"] == ""
    log = playground.admin.get("operations").json
    assert "looked at" in str(log)


def test_numbers_are_shown_in_part_to_whoever_may_not_see_them(playground):
    role_id = role(playground.admin, "home", "calls", "play", "download", "live", name="masked")
    browser, _ = person(playground, "masked", role_id)
    pages = [
        browser.get(path)
        for path in ("calls", f"calls/{playground.recorded}", f"interactions/{playground.recorded}")
    ]
    pages.append(browser.get("why?number=493****456&at=2026-11-21T12:00:00Z"))
    for page in pages:
        assert page.status == 200, page
        text = page.body.decode()
        assert "4930123456" not in text
    assert "493****456" in pages[0].body.decode()
    saved = browser.get(f"calls/{playground.recorded}/audio?download=true").headers["Content-Disposition"]
    assert "4930123456" not in saved
    assert browser.get(f"calls/{playground.recorded}/pcap").status == 403


def test_a_search_tells_no_more_of_a_number_than_the_list_shows(playground):
    role_id = role(playground.admin, "calls", name="searcher")
    browser, _ = person(playground, "searcher", role_id)

    def total(number, match="contains"):
        return browser.get(f"calls?number={number}&match={match}").json["total"]

    assert total("493") == total("456") == total("4930123456", "exact") == 1
    assert total("0123456") == total("49301", "prefix") == total("123456", "suffix") == 0
    # Any number that looks the same in the list finds the same: nothing can be tried out.
    assert total("4939993456", "exact") == 1
    assert browser.get("why?number=0123456&at=2026-11-21T12:00:00Z").json["verdict"] == "never_seen"


def test_the_view_list_hides_all_other_calls_and_can_be_switched_off(playground):
    admin = playground.admin
    assert admin.post("view-list", {"number": "1002", "note": "front desk"}).status == 201
    assert admin.post("view-list", {"number": "1002"}).code == "number-listed"
    assert admin.get("calls").json["total"] == 3
    assert admin.put("view-list/switch", {"on": True}).status == 204
    try:
        assert admin.get("calls").json["total"] == 1
        assert admin.get(f"calls/{playground.recorded}").status == 404
        changed = admin.put("view-list/entry?number=1002", {"number": "1002", "enabled": False})
        assert changed.json == {"number": "1002", "note": "", "enabled": False}
        assert admin.get("calls").json["total"] == 0
    finally:
        assert admin.put("view-list/switch", {"on": False}).status == 204
    assert admin.get("calls").json["total"] == 3
    assert admin.get("view-list?search=100").json["entries"] == [
        {"number": "1002", "note": "", "enabled": False}
    ]
    assert admin.delete("view-list/entry?number=1002").status == 204
    assert admin.delete("view-list/entry?number=1002").status == 404


def test_a_query_line_knows_the_names_of_own_departments_only(playground):
    admin = playground.admin
    hidden = admin.post("departments", {"name": "Boardroom"}).json["id"]
    own = admin.post("departments", {"name": "Counter", "parent_id": hidden}).json["id"]
    scope = {"kind": "departments", "departments": [own]}
    browser, _ = person(playground, "counter-head", 2, scope)

    def read(asker, line):
        return asker.get("query/line?" + urlencode({"line": line})).json

    assert read(admin, "dept:Boardroom")["filters"] == {"department": hidden}
    told, unknown = read(browser, "dept:Boardroom"), read(browser, "dept:Ballroomm")
    assert told["filters"] == unknown["filters"] == {}
    assert len(told["problems"]) == len(unknown["problems"]) == 1
    assert read(browser, "dept:Counter")["filters"] == {"department": own}
    completed = browser.get("query/completions?" + urlencode({"line": "dept:"})).json["completions"]
    assert [one["insert"] for one in completed] == ["dept:Counter"]
    written = browser.post("query/line", {"filters": {"department": hidden}}).json["line"]
    assert "Boardroom" not in written


def test_storage_of_the_box_is_not_told_to_somebody_of_one_extension(playground):
    browser, _ = person(playground, "no-disk", 2, extensions("1002"))
    home = browser.get("home").json
    assert (home["storage"], home["calls_today"] >= 0) == (None, True)
    assert playground.admin.get("home").json["storage"]["total_bytes"] > 0
