"""Signing in with the password of a real OpenLDAP server."""

import pytest

from tests.rigs.directory_server import PEOPLE, READER, READER_PASSWORD, RECORDERS, DirectoryServer
from tests.rigs.web import PASSWORD

ANNA = "the password of anna"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with DirectoryServer(tmp_path_factory.mktemp("ldap") / "slapd") as server:
        anna = server.person("anna", ANNA)
        server.person("berta", "the password of berta", "Berta")
        server.person("admin", "another person's", "Not the administrator")
        server.group(RECORDERS, anna)
        yield server


@pytest.fixture
def admin(web):
    return web.administrator()


def use(admin, running, **changes):
    ldap = {
        "enabled": True,
        "server": "127.0.0.1",
        "port": running.tls_port,
        "security": "tls",
        "ca_certificate": running.certificate,
        "bind_dn": READER,
        "bind_password": READER_PASSWORD,
        "base": PEOPLE,
        "groups": [f"{RECORDERS.upper()} -> viewer"],
        "timeout_s": 5,
    }
    answer = admin.get("settings").json
    answer.pop("problem")
    answer["settings"]["sign_in"]["ldap"] |= ldap | changes
    reply = admin.put("settings", answer)
    assert reply.status == 200, reply.body


def sign_in(web, name, password):
    return web.anonymous().post("session", {"name": name, "password": password})


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_a_member_of_a_group_signs_in_and_becomes_a_user(web, admin, server, security):
    use(admin, server, security=security, port=server.tls_port if security == "tls" else server.port)
    reply = sign_in(web, "anna", ANNA)
    assert reply.status == 200, reply.body
    assert (reply.json["user"]["name"], reply.json["user"]["real_name"]) == ("anna", "Anna Li")
    assert "settings" not in reply.json["user"]["permissions"]
    assert "calls" in reply.json["user"]["permissions"]
    assert sign_in(web, "ANNA", ANNA).status == 200
    users = [user["name"] for user in admin.get("users").json["users"]]
    assert users.count("anna") == 1
    assert [user.casefold() for user in users].count("anna") == 1


def test_a_certificate_of_a_stranger_is_not_trusted(web, admin, server):
    use(admin, server, ca_certificate="")
    reply = sign_in(web, "anna", ANNA)
    assert (reply.status, reply.code) == (503, "directory-unreachable")
    assert "Local users can still sign in" in reply.json["error"]["message"]
    assert sign_in(web, "admin", PASSWORD).status == 200


@pytest.mark.parametrize("password", ["wrong", " ", "\0", PASSWORD])
def test_a_wrong_password_lets_nobody_in(web, admin, server, password):
    use(admin, server)
    assert sign_in(web, "anna", password).code == "wrong-password"


@pytest.mark.parametrize(
    "name",
    [
        "*",
        "a*",
        "anna)(uid=*",
        "anna)(|(objectClass=*",
        "\\2a",
        "(cn=*)",
        "{name}",
        "anna\0",
        "uid=anna",
        "nobody",
    ],
)
def test_signs_of_a_filter_in_a_name_mean_nothing(web, admin, server, name):
    use(admin, server)
    assert sign_in(web, name, ANNA).code == "wrong-password"


def test_a_local_user_is_never_asked_of_the_directory(web, admin, server):
    use(admin, server)
    assert sign_in(web, "admin", "another person's").code == "wrong-password"
    assert sign_in(web, "admin", PASSWORD).status == 200


def test_who_is_in_no_group_stays_outside_unless_others_have_a_role(web, admin, server):
    use(admin, server)
    assert sign_in(web, "berta", "the password of berta").code == "wrong-password"
    use(admin, server, role="Viewer")
    assert sign_in(web, "berta", "the password of berta").status == 200


def test_without_provision_only_those_who_are_known_come_in(web, admin, server):
    use(admin, server, provision=False)
    assert sign_in(web, "anna", ANNA).code == "wrong-password"


def test_a_role_follows_the_group_at_every_sign_in(web, admin, server):
    use(admin, server)
    assert "settings" not in sign_in(web, "anna", ANNA).json["user"]["permissions"]
    use(admin, server, groups=[f"{RECORDERS} -> Administrator"])
    assert "settings" in sign_in(web, "anna", ANNA).json["user"]["permissions"]


def test_a_disabled_user_of_the_directory_stays_outside(web, admin, server):
    use(admin, server)
    assert sign_in(web, "anna", ANNA).status == 200
    anna = next(user for user in admin.get("users").json["users"] if user["name"] == "anna")
    change = {"name": "anna", "role_id": anna["role_id"], "scope": anna["scope"], "is_enabled": False}
    assert admin.put(f"users/{anna['id']}", change).status == 200
    assert sign_in(web, "anna", ANNA).code == "wrong-password"


def test_the_password_of_the_directory_is_not_changed_here(web, admin, server):
    use(admin, server)
    browser = web.anonymous()
    browser.post("session", {"name": "anna", "password": ANNA})
    change = {"old_password": ANNA, "new_password": "a much better sentence 77"}
    assert browser.post("session/password", change).code == "not-here"
    anna = next(user for user in admin.get("users").json["users"] if user["name"] == "anna")
    assert admin.post(f"users/{anna['id']}/reset-link").code == "not-theirs"


def test_the_trial_tells_what_a_sign_in_would_do(admin, server):
    use(admin, server)
    found = admin.post("ldap/trial", {"name": "anna", "password": ANNA}).json
    assert (found["found"], found["proved"], found["role"], found["full_name"]) == (
        True,
        True,
        "Viewer",
        "Anna Li",
    )
    assert found["groups"] == [RECORDERS]
    assert admin.post("ldap/trial", {"name": "anna", "password": "x"}).json["proved"] is False
    assert admin.post("ldap/trial", {"name": "nobody"}).json["found"] is False
    use(admin, server, bind_password="wrong")
    assert admin.post("ldap/trial", {"name": "anna"}).code == "directory-refuses"
    use(admin, server, base="ou=groups,dc=example,dc=com")
    assert admin.post("ldap/trial", {"name": "anna"}).json["found"] is False
    use(admin, server, server="")
    assert admin.post("ldap/trial", {"name": "anna"}).status in (422, 503)


def test_a_dead_server_is_told_and_keeps_nobody_else_out(web, admin, tmp_path):
    with DirectoryServer(tmp_path / "slapd") as dying:
        dying.person("dora", "the password of dora")
        use(admin, dying, role="Viewer")
        assert sign_in(web, "dora", "the password of dora").status == 200
        dying.stop()
        reply = sign_in(web, "dora", "the password of dora")
        assert (reply.status, reply.code) == (503, "directory-unreachable")
        assert "127.0.0.1" in reply.json["error"]["message"]
        assert sign_in(web, "admin", PASSWORD).status == 200
        dying.start()
        assert sign_in(web, "dora", "the password of dora").status == 200


def test_a_department_of_a_group_is_the_scope(web, admin, server):
    made = admin.post("departments", {"name": "Sales"})
    assert made.status == 201, made.body
    use(admin, server, groups=[f"{RECORDERS} -> Viewer: Sales"])
    assert sign_in(web, "anna", ANNA).json["user"]["sees_everything"] is False
    anna = next(user for user in admin.get("users").json["users"] if user["name"] == "anna")
    assert anna["scope"]["kind"] == "departments"
    use(admin, server, groups=[f"{RECORDERS} -> Viewer: Nowhere"])
    assert sign_in(web, "anna", ANNA).code == "wrong-password"


def test_somebody_of_the_directory_is_the_second_person(web, admin, server):
    confirms = admin.post("roles", {"name": "Second persons", "permissions": ["home", "confirm"]})
    wish = {"name": "Clerks", "permissions": ["calls", "play"], "is_guarded": True}
    clerk = web.viewer(admin, "clerk", admin.post("roles", wish).json["id"])
    assert confirms.status == 201
    use(admin, server, groups=[f"{RECORDERS} -> second persons"], role="viewer")
    for name, password, code in (
        ("anna", PASSWORD, "wrong-password"),
        ("berta", "the password of berta", "may-not-confirm"),
    ):
        assert clerk.post("session/confirmation", {"name": name, "password": password}).code == code
    answer = clerk.post("session/confirmation", {"name": "anna", "password": ANNA})
    assert answer.json["user"]["confirmation"]["real_name"] == "Anna Li", answer
