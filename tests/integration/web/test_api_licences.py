"""Licences over the API: what a build allows, bringing and removing files, and who may."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from appliance.domain.condition import CONDITIONS
from tests.rigs.ports import free_port
from tests.rigs.vendor import Vendor
from tests.rigs.web import Web

TODAY = datetime.now(UTC).date()
OTHER = "TL-AAAA-BBBB-CCCC-DDDD"


@pytest.fixture
def vendor(tmp_path, monkeypatch) -> Vendor:
    return Vendor(tmp_path, monkeypatch)


@pytest.fixture
def limited(vendor, layout):
    with Web(layout, free_port()) as web:
        yield web


def bring(browser, content: bytes):
    return browser.post("licences", {"content": base64.b64encode(content).decode()})


def limits(browser) -> dict[str, int | None]:
    return {one["technology"]: one["limit"] for one in browser.get("licences").json["channels"]}


def test_a_build_without_a_vendor_s_key_is_unlimited_and_says_so(web, tmp_path, monkeypatch):
    admin = web.administrator()
    answer = admin.get("licences").json
    assert not answer["is_limited"]
    assert set(limits(admin).values()) == {None}
    assert answer["device"] == admin.get("system").json["system"]["device"]
    reply = bring(admin, Vendor(tmp_path, monkeypatch).licence(ip=3))
    assert (reply.status, reply.code) == (422, "not-needed")


def test_a_licence_is_brought_counted_and_removed_and_all_of_it_is_logged(limited, vendor):
    admin = limited.administrator()
    assert limits(admin) == dict.fromkeys(("ip", "siprec", "analog", "e1"), 0)
    ends = TODAY + timedelta(days=100)
    reply = bring(admin, vendor.licence("ACME-0001", ip=30, e1=60, expires=ends))
    assert reply.status == 201
    (file,) = reply.json["files"]
    assert (file["name"], file["state"], file["days_left"]) == ("ACME-0001", "good", 100)
    assert limits(admin) == {"ip": 30, "siprec": 0, "analog": 0, "e1": 60}
    of_boards = {one["technology"]: one["limit"] for one in admin.get("boards").json["licences"]}
    assert of_boards == {"analog": 0, "e1": 60}
    shown = admin.get("system").json["licences"][0]
    assert (shown["limit"], shown["state"]) == (30, "limited")
    asked = {"live_calls": 30, "caller": "1001", "callee": "1002"}
    assert admin.post("rules/explain", asked).json["reason"] == "licence"
    assert admin.post("rules/explain", asked | {"live_calls": 29}).json["reason"] is None
    assert admin.delete("licences/ACME-0001").status == 200
    assert limits(admin)["ip"] == 0
    assert admin.delete("licences/ACME-0001").status == 404
    logged = {one["operation"]: one for one in admin.get("operations").json["operations"]}
    assert logged["licences.add"]["parameters"]["serial"] == "ACME-0001"
    assert logged["licences.remove"]["parameters"]["licence"] == "ACME-0001"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda vendor: vendor.licence(ip=3, device=OTHER), "foreign-licence"),
        (lambda vendor: vendor.licence(ip=3, expires=TODAY - timedelta(days=1)), "expired-licence"),
        (
            lambda vendor: vendor.licence(ip=3).replace(b'"signature": "', b'"signature": "AAAA'),
            "forged-licence",
        ),
        (lambda vendor: vendor.licence(ip=3)[:100], "bad-licence"),
        (lambda _: b"\x00\xff", "bad-licence"),
    ],
)
def test_a_wrong_file_is_refused_in_both_languages_and_not_kept(limited, vendor, spoil, code):
    admin = limited.administrator()
    content = base64.b64encode(spoil(vendor)).decode()
    reply = admin.post("licences", {"content": content})
    assert (reply.status, reply.code) == (422, code)
    said = admin.post("licences?lang=zh", {"content": content}).json["error"]["message"]
    assert "授权" in said
    assert admin.get("licences").json["files"] == []


def test_who_may_not_change_settings_brings_and_removes_nothing(limited, vendor):
    admin = limited.administrator()
    assert bring(admin, vendor.licence(ip=1)).status == 201
    viewer = limited.viewer(admin)
    assert viewer.get("licences").status == 403
    assert bring(viewer, vendor.licence(ip=1)).status == 403
    assert viewer.delete("licences/TEST-0001").status == 403
    assert limits(admin)["ip"] == 1


def test_every_trouble_with_licences_has_its_words():
    for code in ("licence_none", "licence_expired", "licence_soon"):
        assert CONDITIONS[code].title.zh != CONDITIONS[code].title.en
