import json

import pytest

from appliance.core.errors import Busy, Conflict, Invalid, SettingsUnreadable
from appliance.core.files import Layout, Lock
from appliance.settings.monitoring import CallNumbers
from appliance.settings.root import SETTINGS_VERSION
from appliance.settings.storage import Kept, changed, load, migrated, restore, save, stamp, validate


@pytest.fixture
def layout(tmp_path):
    return Layout(tmp_path).make()


def with_capture(**values):
    return validate({"capture": values})


def test_defaults_hold_when_nothing_was_saved(layout):
    settings = load(layout)
    assert settings.revision == 0
    assert settings.capture.sip_ports == [5060]


def test_a_save_is_read_back_with_the_next_revision(layout):
    saved = save(layout, with_capture(interface="eth7"), based_on_revision=0)
    assert saved.revision == 1
    assert load(layout) == saved
    assert load(layout).capture.interface == "eth7"


def test_a_save_based_on_an_old_revision_is_refused_and_changes_nothing(layout):
    save(layout, with_capture(interface="eth1"), based_on_revision=0)
    with pytest.raises(Conflict):
        save(layout, with_capture(interface="eth2"), based_on_revision=0)
    assert load(layout).capture.interface == "eth1"


def test_two_programs_never_save_at_once(layout):
    held = Lock(layout.settings_lock)
    with pytest.raises(Busy):
        save(layout, validate({}), based_on_revision=0)
    held.close()
    assert save(layout, validate({}), based_on_revision=0).revision == 1


@pytest.mark.parametrize(
    ("content", "field", "en", "zh"),
    [
        ({"archive": {"keep_bundle_h": -1}}, "archive.keep_bundle_h", "must be at least 0", "不得小于 0"),
        ({"capture": {"threads": 99}}, "capture.threads", "must be at most 16", "不得大于 16"),
        ({"capture": {"sip_ports": [5060, 0]}}, "capture.sip_ports[1]", "must be at least 1", "不得小于 1"),
        (
            {"capture": {"sip_ports": []}},
            "capture.sip_ports",
            "needs at least one entry",
            "至少需要一项",
        ),
        (
            {"capture": {"interface": "a b"}},
            "capture.interface",
            "has another form than it needs, or a character that is not allowed",
            "格式不正确或含有不允许的字符",
        ),
        ({"capture": {"nonsense": 1}}, "capture.nonsense", "is not known here", "未知的字段"),
        (
            {"capture": {"hold_s": "x"}},
            "capture.hold_s",
            "must be a number",
            "必须是数字",
        ),
        (
            {"archive": {"format": {"kind": "tape"}}},
            "archive.format.kind",
            "'tape' is not one of the choices",
            "'tape' 不在可选范围内",
        ),
        (
            {"capture": {"service_addresses": ["10.0.0.1:5060", "gateway"]}},
            "capture.service_addresses[1]",
            "must be an IP address, or address:port ([address]:port for IPv6)",
            "必须是 IP 地址或 地址:端口（IPv6 用 [地址]:端口）",
        ),
        ([], "settings", "must be an object", "必须是对象"),
    ],
)
def test_an_error_names_the_exact_field_in_both_languages(content, field, en, zh):
    with pytest.raises(Invalid) as caught:
        validate(content)
    assert caught.value.facts["field"] == field
    assert caught.value.message("en") == f"{field}: {en}"
    assert caught.value.message("zh") == f"{field}：{zh}"


@pytest.mark.parametrize("address", ["10.1.2.3", "10.1.2.3:5060", "::1", "[::1]:5060", "[2001:db8::1]"])
def test_every_form_of_an_endpoint_is_accepted(address):
    assert with_capture(service_addresses=[address]).capture.service_addresses == [address]


@pytest.mark.parametrize(
    "address", ["10.1.2.3:0", "10.1.2.3:", "10.1.2.3:65536", "10.1.2:5060", "[::1]:x", ""]
)
def test_what_is_no_endpoint_is_refused(address):
    with pytest.raises(Invalid):
        with_capture(service_addresses=[address])


@pytest.mark.parametrize(
    "content",
    [
        "{",
        '"text"',
        "[1]",
        f'{{"version": {SETTINGS_VERSION + 1}}}',
        '{"version": "1"}',
        '{"capture": 1}',
        '{"version": 1, "monitoring": {"syslog": {"mask_numbers": "no"}}}',
        '{"version": 1, "monitoring": {"syslog": [true]}}',
        "\udcff",
    ],
)
def test_an_unreadable_file_is_refused_not_guessed(layout, content):
    layout.settings.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(SettingsUnreadable) as caught:
        load(layout)
    assert caught.value.facts["path"] == str(layout.settings)


def test_a_change_is_noticed_by_stat(layout):
    before = stamp(layout)
    assert not changed(layout, before)
    save(layout, validate({}), based_on_revision=0)
    assert changed(layout, before)
    after = stamp(layout)
    assert not changed(layout, after)


def test_the_file_is_readable_by_people(layout):
    save(layout, with_capture(interface="eth0"), based_on_revision=0)
    assert json.loads(layout.settings.read_text())["capture"]["interface"] == "eth0"
    assert "\n" in layout.settings.read_text()


def test_a_running_program_keeps_the_last_good_settings(layout):
    save(layout, with_capture(interface="eth0"), based_on_revision=0)
    kept = Kept(layout)
    assert not kept.renewed()
    good = layout.settings.read_bytes()
    layout.settings.write_text('{"capture": {"threads": "many"}}')
    assert not kept.renewed()
    assert kept.now.capture.interface == "eth0"
    assert "capture.threads" in kept.problem
    layout.settings.write_bytes(good.replace(b"eth0", b"eth1"))
    assert kept.renewed()
    assert (kept.now.capture.interface, kept.problem) == ("eth1", "")
    layout.settings.unlink()
    assert kept.renewed()
    assert kept.now.capture.interface == ""


@pytest.mark.parametrize(("was", "is_now"), [(True, CallNumbers.MASKED), (False, CallNumbers.WHOLE)])
def test_whether_numbers_were_masked_is_how_they_are_told_now(layout, was, is_now):
    syslog = {"enabled": True, "server": "log.example", "mask_numbers": was}
    before = {
        "version": 1,
        "revision": 7,
        "monitoring": {"syslog": syslog, "snmp": {"port": 1161}},
        "web": {"idle_timeout_min": 45},
    }
    layout.settings.write_text(json.dumps(before))
    found = load(layout)
    assert (found.version, found.revision, found.monitoring.syslog.call_numbers) == (2, 7, is_now)
    assert (found.monitoring.syslog.server, found.monitoring.snmp.port) == ("log.example", 1161)
    assert found.web.idle_timeout_min == 45


def test_settings_of_before_go_forward_and_come_back_from_their_history(layout):
    before = {"version": 1, "revision": 3, "monitoring": {"syslog": {"mask_numbers": False}}}
    layout.settings.write_text(json.dumps(before))
    syslog = {"call_numbers": "tokens"}
    assert save(layout, validate({"monitoring": {"syslog": syslog}}), based_on_revision=3).version == 2
    assert load(layout).monitoring.syslog.call_numbers is CallNumbers.TOKENS
    assert "mask_numbers" not in layout.settings.read_text()
    assert restore(layout, 3).monitoring.syslog.call_numbers is CallNumbers.WHOLE
    assert restore(layout, 4).monitoring.syslog.call_numbers is CallNumbers.TOKENS


@pytest.mark.parametrize(
    "part", [{}, {"monitoring": None}, {"monitoring": {"syslog": 7}}, {"monitoring": {"syslog": {"port": 1}}}]
)
def test_what_does_not_name_the_old_setting_is_left_as_it_is(part):
    assert migrated({"version": 1, **part}) == {"version": 2, **part}
