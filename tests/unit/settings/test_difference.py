"""What changed between two states of the settings, as people read it."""

import copy

import msgspec
import pytest

from appliance.settings import difference, storage
from appliance.settings.difference import Sort, differences
from appliance.settings.root import Settings


def plain(**parts):
    content = msgspec.to_builtins(msgspec.convert({}, Settings))
    for name, part in parts.items():
        content[name] = {**content[name], **part}
    return msgspec.to_builtins(storage.validate(content))


def told(before, after, language="en"):
    return [
        (" › ".join(one.label), one.row, one.sort.value, one.old, one.new)
        for one in differences(before, after, language)
    ]


def test_nothing_differs_from_itself_and_the_revision_does_not_count():
    assert told(plain(), {**plain(), "revision": 7}) == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("Recording › Capture ring", "", "changed", "64 MiB", "128 MiB")),
        ("zh", ("录音采集 › 抓包环形缓冲", "", "changed", "64 MiB", "128 MiB")),
    ],
)
def test_a_value_is_told_with_its_labels_and_its_unit(language, expected):
    assert told(plain(), plain(capture={"ring_mib": 128}), language) == [expected]


def test_choices_switches_lists_and_empty_texts_are_words():
    after = plain(
        capture={"sip_ports": [5060, 5080], "sip_anywhere": False, "interface": "eth1"},
        archive={"loss_fill": "conceal"},
        sign_in={"second_factor": "everyone"},
    )
    assert told(plain(), after) == [
        ("Recording › Mirror port", "", "changed", "(empty)", "eth1"),
        ("Recording › SIP ports", "", "changed", "5060", "5060, 5080"),
        ("Recording › Find SIP on other ports", "", "changed", "On", "Off"),
        (
            "Archive › Fill lost packets with",
            "",
            "changed",
            "Silence",
            "A bridge made from the audio before",
        ),
        ("Sign-in › Who must have a second factor", "", "changed", "Whoever wants to", "Everybody"),
    ]


def test_another_kind_is_one_change_and_a_value_within_a_kind_another():
    opus = plain(archive={"format": {"kind": "opus", "bitrate_kbps": 24}})
    assert told(plain(), opus) == [
        ("Archive › Audio format", "", "changed", "WAV, G.711", "Ogg Opus · Bit rate: 24 kbit/s")
    ]
    louder = plain(archive={"format": {"kind": "opus", "bitrate_kbps": 32}})
    assert told(opus, louder) == [
        ("Archive › Audio format › Bit rate", "", "changed", "24 kbit/s", "32 kbit/s")
    ]


def test_rows_are_told_by_their_names():
    before = plain(
        recording={
            "blacklist": [{"number": "10086"}, {"number": "5039*", "note": "advertising"}],
            "rules": [{"name": "one"}, {"name": "two"}],
        }
    )
    after = plain(
        recording={
            "blacklist": [{"number": "5039*", "note": "adverts", "enabled": False}, {"number": "110"}],
            "rules": [{"name": "two"}, {"name": "one"}],
        }
    )
    black = "Recording rules › Blacklist"
    assert told(before, after) == [
        (black, "10086", "removed", "", ""),
        (black, "110", "added", "", ""),
        (f"{black} › Enabled", "5039*", "changed", "On", "Off"),
        (f"{black} › Note", "5039*", "changed", "advertising", "adverts"),
        ("Recording rules › Rules", "", "moved", "one, two", "two, one"),
    ]
    assert {one.path for one in differences(before, after, "en")} == {
        "recording.blacklist",
        "recording.rules",
    }


def test_an_added_row_says_what_is_special_about_it():
    rule = {"name": "night", "action": "ignore", "callers": ["5039*"], "sample_pct": 10}
    (found,) = differences(plain(), plain(recording={"rules": [rule]}), "en")
    assert (found.sort, found.row) == (Sort.ADDED, "night")
    assert found.new == "Action: Do not record, Caller: 5039*, Record this share: 10 %"


def test_long_lists_are_counted_and_long_texts_cut():
    ports = list(range(5060, 5090))
    (found,) = differences(plain(), plain(capture={"sip_ports": ports}), "en")
    assert found.new.endswith("5070, 5071 … 30 in all")
    (found,) = differences(plain(), plain(sign_in={"ldap": {"ca_certificate": "A" * 5000}}), "en")
    assert len(found.new) < 400


def test_secrets_are_never_told_and_named_only_by_their_labels():
    before = plain(alarms={"email": {"password": "old secret"}})
    after = plain(alarms={"email": {"password": "new secret"}})
    assert told(before, after) == []
    assert difference.secret("alarms.email.password", "en") == difference.Change(
        "alarms.email.password", ("Alarms", "Mails", "Password"), "", Sort.SECRET
    )


def test_ten_thousand_rows_are_compared_by_name():
    rows = [{"number": str(10_000_000 + place)} for place in range(10_000)]
    before = plain(recording={"blacklist": rows})
    after = copy.deepcopy(before)
    after["recording"]["blacklist"][7]["note"] = "x"
    del after["recording"]["blacklist"][9]
    assert [(row, sort) for _, row, sort, _, _ in told(before, after)] == [
        ("10000009", "removed"),
        ("10000007", "changed"),
    ]
