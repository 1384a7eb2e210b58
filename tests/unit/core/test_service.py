import asyncio
import gc
import os
import signal
import socket
from datetime import UTC, datetime

import pytest

from appliance.core.clock import ManualClock
from appliance.core.errors import EngineDead
from appliance.core.service import Service, run, watchdog_interval_s


@pytest.fixture
def notices(tmp_path, monkeypatch):
    """systemd's end of the notification socket."""
    path = str(tmp_path / "notify.sock")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(path)
        receiver.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", path)
        yield receiver


def heard(receiver, wanted):
    """Read notices until `wanted` comes; all that were read."""
    found = []
    while wanted not in found:
        found.append(receiver.recv(4096).decode())
    return found


def test_a_daemon_that_ends_in_order_has_status_0():
    async def main(service):
        service.ready()

    assert run("t", main) == 0


def test_a_signal_asks_for_the_ordered_stop(notices):
    closed = []

    async def main(service):
        service.ready()
        os.kill(os.getpid(), signal.SIGTERM)
        await service.stopping.wait()
        closed.append(True)

    assert run("t", main) == 0
    assert closed
    assert heard(notices, "STOPPING=1")[0] == "READY=1"


def test_an_error_of_ours_ends_with_status_1_and_its_facts(capsys):
    async def main(service):
        raise EngineDead(problem="ring gone")

    assert run("t", main) == 1
    errors = capsys.readouterr().err
    assert "ring gone" in errors
    assert "Traceback" not in errors


def test_an_unforeseen_error_ends_with_status_1_and_a_traceback(capsys):
    async def main(service):
        raise ZeroDivisionError

    assert run("t", main) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_failed_background_task_ends_the_program(capsys):
    async def main(service):
        asyncio.get_running_loop().call_exception_handler(
            {"message": "a part failed", "exception": ValueError("inner")}
        )
        await service.stopping.wait()

    assert run("t", main) == 1
    assert "inner" in capsys.readouterr().err


def test_a_promise_that_a_library_dropped_ends_nothing():
    async def main(service):
        forgotten = asyncio.get_running_loop().create_future()
        forgotten.set_exception(ValueError("nobody asked"))
        del forgotten
        gc.collect()
        await asyncio.sleep(0)
        assert not service.stopping.is_set()
        service.stop("test")

    assert run("t", main) == 0


def test_a_stop_that_takes_too_long_is_cut_short():
    async def main(service):
        service.stop("test")
        await asyncio.Event().wait()

    assert run("t", main, stop_within_s=0.05) == 1


def test_the_watchdog_is_petted_only_while_every_promise_is_kept(notices, monkeypatch):
    monkeypatch.setenv("WATCHDOG_USEC", "30000")
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))

    async def main():
        service = Service("t", clock)
        pulse = service.pulse("poll", within_s=5)
        task = asyncio.create_task(service.pet_watchdog())
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, heard, notices, "WATCHDOG=1")
        clock.at_mono_s += 6
        assert service.late() == ["poll"]
        pulse.beat()
        assert service.late() == []
        task.cancel()

    asyncio.run(main())


def test_a_status_line_reaches_systemd_and_listeners_once(notices):
    told = []

    async def main():
        service = Service("t", ManualClock(datetime(2026, 1, 1, tzinfo=UTC)))
        service.on_status(lambda *said: told.append(said))
        service.status("two\ncalls", "两通")
        service.status("two\ncalls", "两通")

    asyncio.run(main())
    assert told == [("", ""), ("two\ncalls", "两通")]
    assert notices.recv(100) == b"STATUS=two calls"


def test_only_the_watched_process_pets_the_watchdog():
    assert watchdog_interval_s({"WATCHDOG_USEC": "3000000"}, 7) == 3.0
    assert watchdog_interval_s({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "8"}, 7) is None
    assert watchdog_interval_s({"WATCHDOG_USEC": "0"}, 7) is None
    assert watchdog_interval_s({}, 7) is None


def test_a_notification_socket_that_went_away_hinders_nobody(tmp_path, monkeypatch):
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone.sock"))

    async def main(service):
        service.ready()
        os.kill(os.getpid(), signal.SIGTERM)
        await service.stopping.wait()
        service.status("stopping")

    assert run("t", main) == 0
