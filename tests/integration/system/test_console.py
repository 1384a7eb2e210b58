"""The console over a real pseudo-terminal, as over a serial line: set up, signed in, forms, what a stranger achieves."""

import contextlib
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest

from appliance.console.terminal import width
from appliance.core.files import Layout
from appliance.settings import storage
from appliance.store import credentials, people
from appliance.store.database import open_database
from tests.rigs.broker import Broker
from tests.rigs.daemons import daemons
from tests.rigs.networked_box import networked_box
from tests.rigs.patience import LEAST_S, until
from tests.rigs.web import Web
from webadmin.sealing import Seal

PASSWORD = "correct horse battery"
COLUMNS = 80


class Line:
    """A serial line with the console at its other end: types, and waits for what is shown."""

    def __init__(self, layout: Layout, name: str = "ttyS0", *options: str) -> None:
        self._master, slave = pty.openpty()
        settings = termios.tcgetattr(slave)
        settings[4] = settings[5] = termios.B9600
        termios.tcsetattr(slave, termios.TCSANOW, settings)
        words = ["-m", "appliance.commands.tapeline", "console", "--data", str(layout.data), "--line", name]
        self.process = subprocess.Popen(
            [sys.executable, *words, *options],
            stdin=slave,
            stdout=slave,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=Path(__file__).parents[3],
        )
        os.close(slave)
        self.shown = ""
        self._at = 0

    def see(self, wanted: str) -> str:
        """Wait until this is shown after what was seen before; what was shown up to and with it."""
        end = time.monotonic() + LEAST_S
        while time.monotonic() < end:
            found = re.search(re.escape(wanted), self.shown[self._at :])
            if found:
                begin, self._at = self._at, self._at + found.end()
                return self.shown[begin : self._at]
            ready, _, _ = select.select([self._master], [], [], 1.0)
            if ready:
                try:
                    piece = os.read(self._master, 65536)
                except OSError:
                    break
                self.shown += piece.decode("utf-8", "replace")
        message = f"{wanted!r} is not shown: {self.shown[self._at :]!r}"
        raise AssertionError(message)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode() + b"\r")

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self._master)
        self.process.terminate()
        self.process.wait(60)


@pytest.fixture
def line(layout: Layout) -> Iterator[Callable[..., Line]]:
    made: list[Line] = []

    def make(name: str = "ttyS0", *options: str) -> Line:
        made.append(Line(layout, name, *options))
        return made[-1]

    yield make
    for one in made:
        one.close()


def start(one: Line, language: str = "") -> None:
    one.see("Enter = English:")
    one.type(language)


def set_up(one: Line) -> None:
    start(one)
    one.see("the start again:")
    one.type("1")
    one.see("name [admin]:")
    one.type("")
    for prompt in ("New password:", "New password again:"):
        one.see(prompt)
        one.type(PASSWORD)
    one.see("admin may sign in now")


def sign_in(one: Line, language: str = "") -> None:
    start(one, language)
    one.see("?")
    one.type("admin")
    one.see("：" if language else "Password:")
    one.type(PASSWORD)


def test_a_new_box_is_set_up_over_the_line_alone(layout: Layout, line) -> None:
    one = line()
    set_up(one)
    assert PASSWORD not in one.shown, "a password is never shown"
    sign_in(one)
    one.see("Running for")
    one.see("Enter = status:")
    one.type("9")
    one.see("Signed out.")
    database = open_database(layout)
    assert people.has_administrator(database)
    database.close()


def test_the_panel_knows_at_once_that_the_console_has_set_the_box_up(layout: Layout, line, free_port) -> None:
    broker = Broker(layout.run).start()
    with Web(layout, free_port) as web:
        assert web.anonymous().get("session").json["first_run"]
        shown = line()
        start(shown)
        assert web.one_time_password in shown.see("the start again:")
        shown.type("1")
        shown.see("name [admin]:")
        shown.type("chief")
        for prompt in ("New password:", "New password again:"):
            shown.see(prompt)
            shown.type(PASSWORD)
        shown.see("chief may sign in now")
        browser = web.anonymous()
        assert browser.get("session").json["first_run"] is False
        assert browser.post("session", {"name": "chief", "password": PASSWORD}).status == 200
    broker.kill()


def test_a_weak_password_is_refused_and_two_that_differ(layout: Layout, line) -> None:
    one = line()
    for first, second, told in (("short", "short", "at least"), (PASSWORD, PASSWORD + "x", "differ")):
        start(one)
        one.see("the start again:")
        one.type("1")
        one.see("name [admin]:")
        one.type("")
        one.see("New password:")
        one.type(first)
        one.see("New password again:")
        one.type(second)
        one.see(told)


def test_a_wrong_password_opens_nothing(layout: Layout, line) -> None:
    one = line()
    set_up(one)
    for name, password in (("admin", "wrong"), ("nobody", PASSWORD)):
        start(one)
        one.see("lost password):")
        one.type(name)
        one.see("Password:")
        one.type(password)
        one.see("is wrong")


def test_a_lost_password_is_renewed_only_soon_after_a_start(layout: Layout, line) -> None:
    one = line()
    set_up(one)
    start(one)
    one.see("lost password):")
    one.type("?")
    if float(Path("/proc/uptime").read_text().split()[0]) > 600:
        one.see("restart it")
    else:
        one.see("Whose password?")


def test_the_time_zone_is_changed_by_the_settings_own_form(layout: Layout, line) -> None:
    one = line()
    set_up(one)
    sign_in(one)
    one.see("Enter = status:")
    one.type("2")
    form = one.see("Enter = done:")
    number = next(row.split()[0] for row in form.splitlines() if "Time zone" in row)
    one.type(number)
    one.see("]:")
    one.type("Europe/Berlin")
    one.see("Enter = done:")
    interval = next(row.split()[0] for row in form.splitlines() if "Ask every" in row)
    one.type(interval)
    one.see("]:")
    one.type("9999")
    one.see("Not possible")
    one.see("Enter = done:")
    one.type("")
    one.see("Save these settings?")
    one.type("y")
    one.see("Saved.")
    saved = storage.load(layout)
    assert (saved.time.zone, saved.time.interval_min) == ("Europe/Berlin", 60)


def test_chinese_where_the_terminal_can_and_ascii_alone_on_the_kernels_screen(layout: Layout, line) -> None:
    one = line()
    set_up(one)
    sign_in(one, "2")
    one.see("运行时间")
    one.see("编号，回车 = 状态：")
    screen = line("tty1")
    screen.see("lost password):")
    assert screen.shown.isascii()


def test_every_line_fits_a_screen_and_the_menu_is_small(layout: Layout, line) -> None:
    one = line()
    set_up(one)
    before = len(one.shown.encode())
    sign_in(one, "2")
    one.see("编号，回车 = 状态：")
    assert len(one.shown.encode()) - before < 4000, "four seconds at 9600 baud"
    one.type("1")
    one.see("回车完成：")
    assert max(width(row) for row in re.sub(r"\x1b\[[A-Z0-9]*", "", one.shown).split("\r\n")) < COLUMNS
    assert set(re.findall(r"\x1b\[?[^\x1b]?[A-Z]", one.shown)) <= {"\x1b[H", "\x1b[2J"}


def test_an_idle_sitting_ends_and_a_hung_up_line_too(layout: Layout, line) -> None:
    one = line("ttyS0", "--idle", "0.5")
    assert one.process.wait(60) == 0
    other = line("ttyUSB0")
    start(other)
    other.close()
    assert other.process.returncode is not None


def test_what_nobody_should_type_is_survived(layout: Layout, line) -> None:
    one = line()
    set_up(one)
    sign_in(one)
    for answer in ("99", "-1", "x" * 3000, "\x1b[A", "²", "９"):
        one.see("Enter = status:")
        one.type(answer)
    one.see("Enter = status:")
    one.type("1")
    for answer in ("0", "a", "77", "d"):
        one.see("Enter = done:")
        one.type(answer)
    one.see("Enter = done:")
    one.type("")
    one.see("Nothing changed.")
    assert one.process.poll() is None


def test_the_certificate_is_shown_and_made_anew(layout: Layout, line) -> None:
    one = line()
    set_up(one)
    sign_in(one)
    one.see("Enter = status:")
    one.type("3")
    one.see("No certificate yet.")
    one.see("(y/n)")
    one.type("y")
    one.see("Certificate (SHA-256): ")
    assert layout.tls_certificate.exists()
    assert layout.tls_key.stat().st_mode & 0o777 == 0o600


def test_on_a_machine_that_is_no_appliance_nothing_is_restarted(layout: Layout, line) -> None:
    with daemons(layout) as running:
        running.start("helper")
        one = line()
        set_up(one)
        sign_in(one)
        one.see("Enter = status:")
        one.type("6")
        one.see("(y/n)")
        one.type("y")
        one.see("on the appliance only")


def enrolled(layout: Layout, codes: list[str]) -> pyotp.TOTP:
    """An authenticator app for the administrator, as the panel would have set it up."""
    secret = pyotp.random_base32()
    database = open_database(layout)
    person = people.find(database, "admin").person
    credentials.begin_totp(database, person.id, Seal(layout.sealing_key).close(secret, str(person.id)))
    credentials.confirm_totp(database, person.id, 0, datetime.now(UTC), codes)
    database.close()
    return pyotp.TOTP(secret)


def test_whoever_has_a_second_factor_gives_it_here_too(layout: Layout, line) -> None:
    first = line()
    set_up(first)
    app = enrolled(layout, ["abcde-fghij"])
    sign_in(first)
    first.see("recovery code:")
    first.type("000000")
    first.see("This code is wrong")
    first.see("recovery code:")
    code = app.now()
    first.type(code)
    first.see("Enter = status:")
    assert code not in first.shown
    first.type("9")
    first.see("Signed out.")

    sign_in(first)
    for wrong in (code, "111111", "no"):  # the first was right, once
        first.see("recovery code:")
        first.type(wrong)
        first.see("This code is wrong")
    sign_in(first)  # from the beginning again
    first.see("recovery code:")
    first.type("ABCDE FGHIJ")
    first.see("Enter = status:")
    database = open_database(layout)
    rows = database.execute("SELECT result FROM operations WHERE operation = 'session.give_second'", ())
    database.close()
    assert rows == [("refused",)]


def test_who_has_only_a_passkey_is_told_the_ways_that_are_left(layout: Layout, line) -> None:
    one = line()
    set_up(one)
    database = open_database(layout)
    person = people.find(database, "admin").person
    names = ("box.example", "key")
    credentials.add_passkey(database, person.id, b"credential", b"public", 0, names, datetime.now(UTC))
    database.close()
    sign_in(one)
    one.see("signs in with a passkey")
    assert "Enter = status:" not in one.shown


@pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")
def test_network_settings_are_tried_and_kept_from_the_console(layout: Layout, line) -> None:
    with networked_box(layout) as box:
        one = line()
        set_up(one)
        sign_in(one)
        one.see("Enter = status:")
        one.type("1")
        form = one.see("Enter = done:")
        one.type(next(row.split()[0] for row in form.splitlines() if "Host name" in row))
        one.see("]:")
        one.type("branch-4")
        one.see("Enter = done:")
        one.type("")
        one.see("Put these settings in force? (y/n)")
        one.type("y")
        one.see("Keep them?")
        one.see("(y/n)")
        until(lambda: box.host_name() == "branch-4", what="the new name")
        one.type("y")
        one.see("Saved.")
        assert storage.load(layout).network.host_name == "branch-4"
