"""Settings carried from one box to another: whole, in part, damaged, with secrets and without."""

from datetime import UTC, datetime

import msgspec
import pytest

from appliance.core.errors import Invalid
from appliance.settings import bundle, storage
from appliance.settings.root import Settings

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
PASSPHRASE = "correct horse battery"


def settings(**parts):
    return storage.validate(parts)


def carried(made):
    """The file as it comes back from a disk."""
    return bundle.unpack(msgspec.json.decode(msgspec.json.encode(made)))


def with_secret(secret):
    return settings(alarms={"email": {"server": "mail.example", "password": secret}})


def test_what_was_packed_is_what_is_taken():
    source = settings(capture={"interface": "eth1"}, archive={"format": {"kind": "opus", "bitrate_kbps": 24}})
    target = bundle.taken(carried(bundle.pack(source, AT)), {}, settings())
    assert target == (source, [])


def test_secrets_travel_only_under_a_passphrase():
    source = with_secret("s3cret")
    bare = bundle.pack(source, AT)
    assert bare.secrets is None
    assert b"s3cret" not in msgspec.json.encode(bare)
    sealed = bundle.pack(source, AT, PASSPHRASE)
    assert b"s3cret" not in msgspec.json.encode(sealed)
    assert bundle.opened(carried(sealed), PASSPHRASE) == {"alarms.email.password": "s3cret"}
    assert bundle.opened(carried(sealed), "") == {}
    with pytest.raises(Invalid) as raised:
        bundle.opened(carried(sealed), "another passphrase")
    assert raised.value.facts["field"] == "passphrase"


def test_secrets_that_the_file_does_not_hold_stay():
    here = with_secret("ours")
    there = with_secret("theirs")
    found = bundle.taken(carried(bundle.pack(there, AT)), {}, here)
    assert found.settings.alarms.email.password == "ours"
    sealed = carried(bundle.pack(there, AT, PASSPHRASE))
    found = bundle.taken(sealed, bundle.opened(sealed, PASSPHRASE), here)
    assert found.settings.alarms.email.password == "theirs"


def test_only_the_named_parts_are_taken_and_the_revision_never():
    source = msgspec.structs.replace(
        settings(capture={"interface": "eth7"}, network={"host_name": "other"}), revision=99
    )
    found = bundle.taken(carried(bundle.pack(source, AT)), {}, settings(), ["capture"])
    assert found.settings.capture.interface == "eth7"
    assert found.settings.network.host_name == "tapeline"
    assert found.settings.revision == 0


def test_every_field_that_does_not_fit_is_told_and_the_rest_is_taken():
    file = carried(bundle.pack(settings(), AT))
    file.settings["capture"] |= {"ring_mib": 1, "sip_ports": [5060, 0], "hold_s": 7.5, "of_the_future": 1}
    file.settings["archive"]["format"] = {"kind": "opus", "bitrate_kbps": 1}
    file.settings["web"] = None
    file.settings["paths"] |= {"first": "/a", "second": "/a/b"}
    file.settings["recording"]["recording_time"] = "no such schedule"
    found = bundle.taken(file, {}, settings())
    assert {problem.path for problem in found.problems} == {
        "capture.ring_mib",
        "capture.sip_ports[1]",
        "capture.of_the_future",
        "archive.format.bitrate_kbps",
        "web",
        "paths.second",
        "recording.recording_time",
    }
    assert found.settings.capture.hold_s == 7.5
    assert found.settings.paths.first == "/a"
    expected = msgspec.to_builtins(msgspec.convert({}, Settings))
    expected["capture"]["hold_s"] = 7.5
    expected["paths"]["first"] = "/a"
    assert msgspec.to_builtins(found.settings) == expected


def test_what_an_older_release_did_not_know_stays_as_it_is():
    here = settings(capture={"ring_mib": 128}, web={"idle_timeout_min": 5})
    file = carried(bundle.pack(settings(), AT))
    del file.settings["web"], file.settings["capture"]["ring_mib"]
    found = bundle.taken(file, {}, here)
    assert (found.settings.capture.ring_mib, found.settings.web.idle_timeout_min) == (128, 5)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"kind": "something"},
        {
            "kind": "other",
            "release": "",
            "box": "",
            "made_at": "2026-11-21T12:00:00Z",
            "revision": 1,
            "settings": {},
        },
        {"kind": bundle.KIND, "release": "", "box": "", "made_at": "now", "revision": 1, "settings": {}},
    ],
)
def test_what_is_no_export_is_refused(content):
    with pytest.raises(Invalid):
        bundle.unpack(content)


@pytest.mark.parametrize("part", ["salt", "nonce", "content"])
@pytest.mark.parametrize("value", ["", "AAAA", "not base64!", "A" * 4000])
def test_damaged_secrets_are_refused_as_a_wrong_passphrase_is(part, value):
    sealed = msgspec.to_builtins(bundle.pack(with_secret("s"), AT, PASSPHRASE))
    sealed["secrets"][part] = value
    with pytest.raises(Invalid):
        bundle.opened(bundle.unpack(sealed), PASSPHRASE)


def test_a_file_of_a_version_that_is_not_known_is_refused():
    file = carried(bundle.pack(settings(), AT))
    file.settings["version"] = 999
    with pytest.raises(Invalid) as raised:
        bundle.taken(file, {}, settings())
    assert raised.value.facts["field"] == "version"
