"""Machines that watch over the box: SNMP receivers, a syslog server over TLS, webhooks; all of them real."""

import base64
import hmac
import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from appliance.core.clock import ManualClock, SystemClock
from appliance.daemons.notifier import Work
from appliance.domain.operation import Kind, Result
from appliance.notify import Undelivered, snmp
from appliance.notify.event import trial
from appliance.notify.snmp import ALARM_ENTRY, CLEARED, RAISED
from appliance.settings.root import Settings
from appliance.store import alarms, calls, notices, operations
from appliance.store.alarms import Found
from appliance.store.database import open_database
from appliance.store.notices import Wanted
from appliance.system.snmp import engine_id
from appliance.system.token_key import tokens
from tests.rigs.patience import until
from tests.rigs.ports import free_port
from tests.rigs.records import make_record
from tests.rigs.watchers import WebServer, syslog_server, trap_receiver
from webadmin import certificate

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SAME = 15 * MINUTE
LOW = Found("disk_low", "low", "warning", raised=True, facts={"free_mib": 7})
KEYS = {"authentication": "authentic-7", "privacy": "private-77"}


def settings(**given):
    return msgspec.convert({"time": {"zone": "UTC"}, **given}, Settings)


@pytest.fixture
def database(layout):
    made = open_database(layout)
    yield made
    made.close()


@pytest.fixture
def work(layout):
    made = Work(layout, ManualClock(NOON))
    yield made
    made.close()


def kept(database):
    return [
        (one.notice.occasion, one.state, one.answer)
        for one in notices.find(database, Wanted(), before=None, limit=9)
    ]


@pytest.mark.parametrize("inform", [True, False])
def test_an_alarm_and_its_end_reach_an_snmp_receiver(tmp_path, database, work, inform):
    engine = engine_id("notifications")
    with trap_receiver(tmp_path, "monitor", *KEYS.values(), engine) as (port, receiver):
        wanted = settings(monitoring={"snmp": {"receivers": [f"127.0.0.1:{port}"], "inform": inform, **KEYS}})
        alarms.record(database, [LOW], NOON, SAME)
        work.round(wanted)
        raised = receiver.wait_for(RAISED)
        assert f'.{ALARM_ENTRY}.2.1 = STRING: "disk_low"' in raised
        assert f".{ALARM_ENTRY}.4.1 = INTEGER: 3" in raised
        assert f'.{ALARM_ENTRY}.5.1 = STRING: "Little disk space is left: 7 MiB"' in raised
        alarms.record(database, [LOW._replace(raised=False)], NOON, SAME)
        work.round(wanted)
        assert f".{ALARM_ENTRY}.4.1 = INTEGER: 1" in receiver.wait_for(CLEARED)
    answer = "confirmed" if inform else "sent"
    assert kept(database) == [("cleared", "sent", answer), ("raised", "sent", answer)]


def test_whoever_speaks_only_version_2_is_told_too_and_nobody_without_the_right_keys(tmp_path):
    with trap_receiver(tmp_path, "monitor", *KEYS.values(), engine_id("notifications")) as (port, receiver):
        event = msgspec.json.encode(trial("box", NOON)).decode()

        def send(**given):
            return snmp.make(settings(monitoring={"snmp": given}).monitoring.snmp).send(
                (f"127.0.0.1:{port}",), "", event
            )

        assert send(community="public99") == "confirmed"
        receiver.wait_for('STRING: "test"')
        with pytest.raises(Undelivered):
            send(authentication="another-one", privacy="private-77")
        with pytest.raises(Undelivered, match="neither"):
            send()


def test_no_passphrase_stands_on_a_command_line(tmp_path, monkeypatch):
    folder = tmp_path / "bin"
    folder.mkdir()
    spy = folder / "snmpinform"
    spy.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\nstat -c %a "$SNMPCONFPATH/snmp.conf" > {tmp_path}/mode\n'
    )
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    wanted = settings(monitoring={"snmp": KEYS}).monitoring.snmp
    snmp.make(wanted).send(("127.0.0.1:9",), "", msgspec.json.encode(trial("box", NOON)).decode())
    arguments = (tmp_path / "arguments").read_text()
    assert RAISED in arguments
    assert not [key for key in KEYS.values() if key in arguments]
    assert (tmp_path / "mode").read_text().strip() == "600"


def lines_of(received):
    """Each line once: a carrier whose connection broke sends what was not confirmed again."""
    return list(dict.fromkeys(_all_of(received)))


def _all_of(received):
    return [line for line in received.read_text().splitlines() if " tapeline " in line]


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    paths = folder / "certificate.pem", folder / "key.pem"
    certificate.make(*paths, "127.0.0.1", SystemClock().now())
    return paths


def test_alarms_and_operations_reach_a_syslog_server_over_tls(tmp_path, layout, database, pair):
    work, port = Work(layout, SystemClock()), free_port()
    wanted = settings(
        alarms={"email": {"device_name": "hall-3"}},
        monitoring={
            "syslog": {"enabled": True, "server": "127.0.0.1", "port": port, "authority": pair[0].read_text()}
        },
    )
    operations.append(database, [entry("before anybody listened")])
    with syslog_server(tmp_path, port, pair) as received:

        def told(count):
            work.round(wanted)
            return len(lines_of(received)) >= count

        until(lambda: work.round(wanted) or layout.syslog_socket.exists(), what="the carrier's socket")
        alarms.record(database, [LOW], NOON, SAME)
        operations.append(database, [entry('drop "it" ] now\n')])
        until(lambda: told(2), what="the two lines")
        (alarm,) = [line for line in lines_of(received) if "ALM-RAISE" in line]
        assert re.match(
            r"<172>1 2026-11-21T12:00:00\.000000(Z|\+00:00) hall-3 tapeline - ALM-RAISE \[alarm resource=\"low\"",
            alarm,
        )
        assert 'perceivedSeverity="warning"' in alarm
        assert 'free_mib="7"' in alarm
        assert alarm.endswith("Little disk space is left: 7 MiB")
        (operation,) = [line for line in lines_of(received) if "AUD-" in line]
        assert operation.startswith("<182>1 ")
        assert 'operation="drop \\"it\\" \\] now "' in operation
        assert "before anybody" not in received.read_text()
    work.close()


def entry(operation):
    return operations.Entry(
        at=NOON,
        user="anna",
        address="10.0.0.7",
        system="Linux",
        browser="Firefox",
        module="settings",
        operation=operation,
        kind=Kind.CHANGE,
        result=Result.DONE,
    )


def test_while_the_syslog_server_is_away_lines_wait_over_a_restart(tmp_path, layout, database):
    port = free_port()
    wanted = settings(
        monitoring={"syslog": {"enabled": True, "server": "127.0.0.1", "port": port, "transport": "tcp"}}
    )
    work = Work(layout, SystemClock())
    until(lambda: work.round(wanted) or layout.syslog_socket.exists(), what="the carrier's socket")
    operations.append(database, [entry(f"deed {number}") for number in range(20)])

    def is_waiting():
        work.round(wanted)
        return "refused" in work.failing.get("syslog", "")

    until(is_waiting, what="the problem to be told")
    work.close()  # as a restart would
    work = Work(layout, SystemClock())
    with syslog_server(tmp_path, port, None) as received:

        def told():
            work.round(wanted)
            return len(lines_of(received)) >= 20

        until(told, what="the lines")
        assert [
            f'row="{number}"' for number in range(1, 21) if f'row="{number}"' not in received.read_text()
        ] == []
        until(lambda: work.round(wanted) or "syslog" not in work.failing, what="the end of the problem")
    work.close()


def calls_told(port, **more):
    syslog = {"enabled": True, "server": "127.0.0.1", "port": port, "transport": "tcp", "calls": True, **more}
    return settings(monitoring={"syslog": syslog})


def test_calls_are_told_with_masked_numbers(tmp_path, layout, database):
    port = free_port()
    wanted = calls_told(port)
    work = Work(layout, SystemClock())
    until(lambda: work.round(wanted) or layout.syslog_socket.exists(), what="the carrier's socket")
    calls.index(database, make_record("13812340001", "8001"))
    with syslog_server(tmp_path, port, None) as received:
        until(lambda: work.round(wanted) or lines_of(received), what="the line")
        (line,) = lines_of(received)
    assert 'caller="138****0001" callee="8001"' in line
    assert "13812340001" not in line
    assert line.startswith("<166>1 ")
    work.close()


def test_calls_are_told_with_tokens_or_whole_numbers_where_that_is_wanted(tmp_path, layout, database, caplog):
    port = free_port()
    work = Work(layout, SystemClock())
    wanted = calls_told(port, call_numbers="tokens")
    until(lambda: work.round(wanted) or layout.syslog_socket.exists(), what="the carrier's socket")
    for number in ("13812340001", "+86 138-9999-0001", "8613899990001"):
        calls.index(database, make_record(number, "8001"))
    with syslog_server(tmp_path, port, None) as received:
        until(lambda: work.round(wanted) or len(lines_of(received)) >= 3, what="the lines")
        found = [re.search('caller="([^"]*)" callee="([^"]*)"', line).groups() for line in lines_of(received)]
        (first, callee), (second, _), (third, _) = found
        made = tokens(layout)
        assert (first, second, callee) == (made.of("13812340001"), made.of("8613899990001"), made.of("8001"))
        assert second == third != first, "one number however it is written, another that looks alike"
        text = received.read_text()
        assert not [number for number in ("13812340001", "9999", "****", '"8001"') if number in text]
        whole = calls_told(port, call_numbers="whole")
        calls.index(database, make_record("13812340001", "8001"))
        until(lambda: work.round(whole) or len(lines_of(received)) >= 4, what="the fourth line")
        assert 'caller="13812340001" callee="8001"' in lines_of(received)[3]
    assert layout.token_key.stat().st_mode & 0o777 == 0o600
    assert layout.token_key.read_bytes().hex() not in caplog.text
    work.close()


def test_without_the_key_of_the_tokens_lines_wait_and_tell_no_number(tmp_path, layout, database):
    port = free_port()
    work = Work(layout, SystemClock())
    wanted = calls_told(port, call_numbers="tokens")
    until(lambda: work.round(wanted) or layout.syslog_socket.exists(), what="the carrier's socket")
    layout.token_key.mkdir()  # can be no key
    calls.index(database, make_record("13812340001", "8001"))
    with syslog_server(tmp_path, port, None) as received:

        def is_refused():
            work.round(wanted)
            return "the key of the tokens" in work.failing.get("syslog", "")

        until(is_refused, what="the problem to be told")
        layout.token_key.rmdir()
        until(lambda: work.round(wanted) or lines_of(received), what="the line")
        assert "13812340001" not in received.read_text()
        assert tokens(layout).of("13812340001") in lines_of(received)[0]
    work.close()


@pytest.fixture
def web_server():
    server = WebServer()
    yield server
    server.stop()


def test_a_webhook_is_posted_and_signed(database, work, web_server):
    wanted = settings(
        alarms={
            "webhook": {
                "addresses": [web_server.address],
                "key": "whsec_" + base64.b64encode(b"s" * 24).decode(),
            }
        }
    )
    alarms.record(database, [LOW], NOON, SAME)
    work.round(wanted)
    ((headers, body),) = web_server.posts
    assert (body["occasion"], body["code"], body["facts"]) == ("raised", "disk_low", {"free_mib": 7})
    assert body["title"] == {"en": "Little disk space is left: 7 MiB", "zh": "磁盘剩余空间不足：7 MiB"}
    names = {name.lower(): value for name, value in headers.items()}
    signed = f"{names['webhook-id']}.{names['webhook-timestamp']}.".encode() + web_server.raw[0]
    expected = base64.b64encode(hmac.digest(b"s" * 24, signed, "sha256")).decode()
    assert names["webhook-signature"] == f"v1,{expected}"
    assert kept(database) == [("raised", "sent", "204 No Content")]


def test_a_dead_webhook_holds_up_no_other_and_is_tried_again(database, work, web_server):
    dead = f"http://127.0.0.1:{free_port()}/"
    wanted = settings(alarms={"webhook": {"addresses": [dead, web_server.address]}})
    alarms.record(database, [LOW], NOON, SAME)
    work.round(wanted)
    assert len(web_server.posts) == 1
    assert sorted(state for _, state, _ in kept(database)) == ["sent", "waiting"]
    assert "refused" in work.failing[f"webhook {dead}"]
    assert len(work.failing) == 1


@pytest.mark.parametrize(
    ("status", "state"), [(400, "failed"), (302, "failed"), (429, "waiting"), (503, "waiting")]
)
def test_a_refusal_is_final_only_if_time_cannot_mend_it(database, work, web_server, status, state):
    web_server.status = status
    alarms.record(database, [LOW], NOON, SAME)
    work.round(settings(alarms={"webhook": {"addresses": [web_server.address]}}))
    ((_, found, answer),) = kept(database)
    assert (found, answer.split()[0]) == (state, str(status))
