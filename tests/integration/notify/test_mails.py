"""Mails about alarms by a real mail server: sent, refused, put off while it is dead, and what is kept of each."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from appliance.core.clock import ManualClock, SystemClock
from appliance.core.service import Service
from appliance.daemons import Options, notifier, watchdog
from appliance.daemons.notifier import Work
from appliance.notify import Undelivered, Unwanted, email
from appliance.settings import storage
from appliance.settings.alarms import Email
from appliance.settings.root import Settings
from appliance.store import alarms, notices
from appliance.store.alarms import Found
from appliance.store.database import open_database
from appliance.store.notices import Wanted
from tests.rigs.broker import Broker
from tests.rigs.patience import until_async
from tests.rigs.smtp import PASSWORD, USER, MailServer, mail_server
from webadmin import certificate

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SAME = 15 * MINUTE
LOW = Found("disk_low", "low", "warning", raised=True, facts={"free_mib": 7})
TOLD = ["[Hall 3] Alarm: Little disk space is left: 7 MiB / 告警：磁盘剩余空间不足：7 MiB"]


def content(port, **given):
    return {
        "enabled": True,
        "device_name": "Hall 3",
        "server": "127.0.0.1",
        "port": port,
        "protection": "none",
        "receivers": ["a@example.org", "b@example.org"],
        **given,
    }


def mailer(port, **given):
    return email.make(msgspec.convert(content(port, **given), Email))


def settings(port, **given):
    return msgspec.convert({"time": {"zone": "UTC"}, "alarms": {"email": content(port, **given)}}, Settings)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    paths = folder / "certificate.pem", folder / "key.pem"
    certificate.make(*paths, "127.0.0.1", SystemClock().now())
    return paths


@pytest.fixture
def database(layout):
    made = open_database(layout)
    yield made
    made.close()


def kept(database):
    return notices.find(database, Wanted(), before=None, limit=100)


def test_a_mail_reaches_every_receiver_and_the_servers_words_come_back():
    with mail_server() as server:
        answer = mailer(server.port).send(("a@example.org", "b@example.org"), "title", "body 告警")
    (mail,) = server.mails
    assert (mail["To"], mail["Subject"], mail["Auto-Submitted"]) == (
        "a@example.org, b@example.org",
        "title",
        "auto-generated",
    )
    assert mail.get_content().strip() == "body 告警"
    assert (server.receivers, answer) == ([["a@example.org", "b@example.org"]], "250 taken as 1")


# The rig's library warns of what is meant: on TLS from the start it knows of no TLS.
@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
@pytest.mark.parametrize(("protection", "implicit"), [("starttls", False), ("tls", True)])
def test_a_protected_server_takes_mails_of_whoever_signs_in(pair, protection, implicit):
    signed_in = {"protection": protection, "user": USER, "verify": False}
    with mail_server(pair, implicit=implicit) as server:
        assert mailer(server.port, password=PASSWORD, **signed_in).send(("a@example.org",), "t", "b")
        assert server.mails[0]["From"] == USER
        with pytest.raises(Undelivered) as refused:
            mailer(server.port, password="wrong", **signed_in).send(("a@example.org",), "t", "b")
        assert str(refused.value.facts["answer"]).startswith("535")
        with pytest.raises(Undelivered, match="certificate"):
            mailer(server.port, password=PASSWORD, **{**signed_in, "verify": True}).send(
                ("a@x.org",), "t", "b"
            )
    assert len(server.mails) == 1


def test_an_unknown_receiver_hinders_no_other_and_is_named():
    with mail_server() as server:
        answer = mailer(server.port).send(("a@example.org", "nobody@example.org"), "t", "b")
        assert answer == "250 taken as 1; nobody@example.org: 550 no such mailbox"
        with pytest.raises(Unwanted) as refused:
            mailer(server.port).send(("nobody@example.org",), "t", "b")
    assert refused.value.facts["answer"] == "550 no such mailbox"


def test_an_alarm_is_mailed_once_and_once_more_when_it_is_over(layout, database):
    clock = ManualClock(NOON)
    work = Work(layout, clock)
    alarms.record(database, [LOW], NOON, SAME)
    with mail_server() as server:
        for _ in range(3):
            work.round(settings(server.port))
        assert server.texts() == TOLD
        alarms.record(database, [LOW._replace(raised=False)], NOON, SAME)
        work.round(settings(server.port))
        assert [text.split(":")[0] for text in server.texts()] == ["[Hall 3] Alarm", "[Hall 3] Over"]
    over, raised = kept(database)
    assert (over.notice.occasion, raised.notice.occasion, raised.state) == ("cleared", "raised", "sent")
    assert (raised.answer, raised.notice.code, raised.done_at) == ("250 taken as 1", "disk_low", NOON)
    work.close()


def test_a_dead_server_loses_no_mail_and_what_was_tried_is_recorded(layout, database):
    clock = ManualClock(NOON)
    work = Work(layout, clock)
    server = MailServer()
    alarms.record(database, [LOW], NOON, SAME)
    work.round(settings(server.port))
    (waiting,) = kept(database)
    assert (waiting.state, waiting.attempts, waiting.done_at) == ("waiting", 1, None)
    assert "refused" in waiting.answer
    with mail_server(server=server):
        work.round(settings(server.port))
        assert server.mails == []  # not before its time
        work.close()  # as a restart would
        clock.at = NOON + MINUTE
        work.round(settings(server.port))
        assert server.texts() == TOLD
    (sent,) = kept(database)
    assert (sent.state, sent.attempts) == ("sent", 2)
    work.close()


def test_a_mail_that_is_refused_for_good_is_recorded_with_the_servers_words(layout, database):
    work = Work(layout, ManualClock(NOON))
    alarms.record(database, [LOW], NOON, SAME)
    with mail_server() as server:
        server.refusal = "554 we take no mail about disks"
        work.round(settings(server.port))
        work.round(settings(server.port))
    (failed,) = kept(database)
    assert (failed.state, failed.attempts, failed.answer) == ("failed", 1, "554 we take no mail about disks")
    work.close()


def test_after_a_day_a_mail_is_given_up(layout, database):
    clock = ManualClock(NOON)
    work = Work(layout, clock)
    alarms.record(database, [LOW], NOON, SAME)
    port = MailServer().port
    work.round(settings(port))
    clock.at = NOON + timedelta(hours=24)
    work.round(settings(port))
    assert [one.state for one in kept(database)] == ["failed"]
    work.close()


def test_no_more_mails_than_the_hour_allows(layout, database):
    clock = ManualClock(NOON)
    work = Work(layout, clock)
    many = [LOW._replace(subject=str(index)) for index in range(5)]
    alarms.record(database, many, NOON, SAME)
    with mail_server() as server:
        work.round(settings(server.port, most_per_hour=2))
        work.round(settings(server.port, most_per_hour=2))
        assert len(server.mails) == 2
        clock.at = NOON + timedelta(hours=1, seconds=1)
        work.round(settings(server.port, most_per_hour=2))
        assert len(server.mails) == 4
    work.close()


def test_the_box_says_once_a_day_that_it_is_alive(layout, database):
    clock = ManualClock(NOON)
    work = Work(layout, clock)
    with mail_server() as server:
        for hours in (0, 1, 2, 24):
            clock.at = NOON + timedelta(hours=hours)
            work.round(settings(server.port, alive_at="11:45"))
        assert server.texts() == ["[Hall 3] Daily sign of life / 每日运行通知"] * 2
    work.close()


@contextlib.asynccontextmanager
async def running(module, layout):
    service = Service(module.__name__.rpartition(".")[2], SystemClock())
    task = asyncio.create_task(module.main(service, Options(layout)))
    try:
        yield service
    finally:
        service.stop("the test is over")
        await asyncio.wait_for(task, 60)


async def holds(condition, what):
    async def ask():
        return condition()

    return await until_async(ask, what=what)


def test_from_a_full_disk_to_the_mail_and_back(layout, database):
    broker = Broker(layout.run).start()

    def change(mib, port):
        before = storage.load(layout)
        capture = msgspec.structs.replace(before.capture, keep_free_mib=mib)
        mails = msgspec.convert(content(port, only_critical=True), Email)
        fresh = msgspec.structs.replace(
            before, capture=capture, alarms=msgspec.structs.replace(before.alarms, email=mails)
        )
        storage.save(layout, fresh, before.revision, "test")

    async def main():
        with mail_server() as server:
            change(1_048_576, server.port)
            async with running(watchdog, layout), running(notifier, layout):
                await holds(server.texts, "the mail")
                assert server.texts()[0].startswith("[Hall 3] Alarm: The disk is full")
                change(16, server.port)
                await holds(lambda: len(server.texts()) > 1, "the mail that it is over")
                assert server.texts()[1].startswith("[Hall 3] Over: The disk is full")

    asyncio.run(main())
    broker.kill()
