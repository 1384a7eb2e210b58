"""The console from its first line to the last: what is shown before anybody signs in, the sign-in, the menu."""

import platform
import shutil
import time
import zoneinfo
from collections.abc import Callable
from typing import Any

import msgspec

from appliance.console import form, people, words
from appliance.console.people import Desk
from appliance.console.terminal import Terminal
from appliance.core.clock import SystemClock
from appliance.core.errors import ApplianceError
from appliance.core.release import VERSION
from appliance.domain.operation import Kind, Module
from appliance.settings import storage
from appliance.settings.network import ROLE_TEXT, Network
from appliance.settings.root import Settings
from appliance.settings.time import Time
from appliance.store.people import Person
from appliance.system import door, facts, logs, nics
from appliance.system.network import physical_ports, plan
from appliance.system.privileged import network, power, update
from webadmin import certificate

LOST_WITHIN_S = 600.0
"""So long after a start of the box a lost password is renewed: whoever can restart it stands before it."""

_PAGE = 20
_LINES = 200
_GB = 1e9
_WRONG_PAUSE_S = 2.0
_CODE_TRIES = 3
_PROGRAMS = (
    "recorder",
    "boards",
    "archiver",
    "watchdog",
    "notifier",
    "timesync",
    "webadmin",
    "helper",
    "broker",
)


class Console:
    """One sitting. `uptime_s` tells how long the box runs; `wrong_pause_s` is waited after each wrong password."""

    def __init__(
        self,
        terminal: Terminal,
        desk: Desk,
        *,
        uptime_s: Callable[[], float] = facts.uptime_s,
        wrong_pause_s: float = _WRONG_PAUSE_S,
    ) -> None:
        self._terminal = terminal
        self._desk = desk
        self._uptime_s = uptime_s
        self._wrong_pause_s = wrong_pause_s
        self._user = ""
        self._items: dict[str, Callable[[], None]] = {
            "network": self._network,
            "time": self._time,
            "certificate": self._certificate,
            "password": self._password,
            "logs": self._logs,
            "restart": lambda: self._power(words.RESTART, power.RESTART, power.Restart()),
            "off": lambda: self._power(words.POWER_OFF, power.POWER_OFF, power.PowerOff()),
            "reset": self._reset,
        }

    def sit(self) -> None:
        """From the first line to the sign-out.

        Raises: Gone
        """
        terminal = self._terminal
        terminal.clear()
        terminal.say(words.WELCOME, version=VERSION, host=platform.node(), line=self._desk.line)
        if terminal.speaks_chinese and terminal.ask(words.LANGUAGE) == "2":
            terminal.language = "zh"
        self._where()
        if not people.is_set_up(self._desk):
            self._set_up()
            return
        if self._sign_in():
            self._status()
            while self._choose():
                pass
            terminal.say(words.BYE)

    def _settings(self) -> Settings:
        return storage.in_force(self._desk.layout)[0]

    def _where(self) -> None:
        terminal = self._terminal
        found = [
            one.address for nic in nics.nics() for one in nic.addresses if not one.address.startswith("fe80:")
        ]
        for address in found or [""]:
            shown = f"[{address}]" if ":" in address else address
            where = f"https://{shown}/" if address else terminal.text(words.NO_ADDRESS)
            terminal.say(words.PANEL, address=where)
        self._fingerprint()

    def _fingerprint(self) -> None:
        file = self._desk.layout.tls_certificate
        if file.exists():
            self._terminal.say(words.FINGERPRINT, fingerprint=certificate.fingerprint(file))
        else:
            self._terminal.say(words.NO_CERTIFICATE)

    def _set_up(self) -> None:
        terminal, layout = self._terminal, self._desk.layout
        if layout.one_time_password.exists():
            terminal.say(words.NEW_BOX, password=layout.one_time_password.read_text("ascii").strip())
        answer = terminal.ask(words.SET_UP_HERE)
        if answer == "2":
            self._guarded(self._network)
        elif answer == "1":
            name = terminal.ask(words.ADMINISTRATOR) or "admin"
            password = self._new_password()
            if password:
                self._guarded(lambda: self._first(name, password))

    def _first(self, name: str, password: str) -> None:
        person = people.create_first(self._desk, name, password, self._settings())
        people.note(self._desk, person.name, "session.set_up", Module.SIGN_IN, Kind.ADD)
        self._terminal.say(words.IS_SET_UP, name=person.name)

    def _new_password(self) -> str:
        terminal = self._terminal
        first = terminal.ask_secret(words.NEW_PASSWORD)
        if first != terminal.ask_secret(words.AGAIN):
            terminal.say(words.DIFFER)
            return ""
        return first

    def _sign_in(self) -> bool:
        terminal = self._terminal
        name = terminal.ask(words.SIGN_IN)
        if not name:
            return False
        if name == "?":
            if self._uptime_s() > LOST_WITHIN_S:
                terminal.say(words.LOST)
            else:
                self._guarded(self._password)
            return False
        person = people.signed_in(self._desk, name, terminal.ask_secret(words.PASSWORD))
        if person is None:
            time.sleep(self._wrong_pause_s)
            terminal.say(words.WRONG)
            return False
        if not self._second_factor(person):
            return False
        self._user = person.name
        people.note(self._desk, self._user, "session.sign_in", Module.SIGN_IN, Kind.SIGN_IN)
        return True

    def _second_factor(self, person: Person) -> bool:
        """Whether whoever has set up a second factor gave it; a passkey cannot be asked for on a line of text."""
        terminal, factors = self._terminal, people.factors(self._desk, person)
        if not factors.any:
            return True
        if factors.totp_since is None and not factors.recovery_codes:
            terminal.say(words.PASSKEY_ONLY)
            return False
        for _ in range(_CODE_TRIES):
            code = terminal.ask_secret(words.CODE)
            if not code:
                return False
            if people.gave_code(self._desk, person, code):
                return True
            time.sleep(self._wrong_pause_s)
            terminal.say(words.WRONG_CODE)
        people.note(
            self._desk, person.name, "session.give_second", Module.SIGN_IN, Kind.SIGN_IN, is_right=False
        )
        return False

    def _status(self) -> None:
        terminal, rows = self._terminal, words.STATUS_ROWS
        settings, problem = storage.in_force(self._desk.layout)
        zone = zoneinfo.ZoneInfo(settings.time.zone)
        usage = shutil.disk_usage(self._desk.layout.data)
        days, seconds = divmod(int(self._uptime_s()), 86400)
        shown = [
            [terminal.text(rows["host"]), f"{platform.node()}, Tapeline {VERSION}"],
            [
                terminal.text(rows["time"]),
                f"{SystemClock().now().astimezone(zone):%Y-%m-%d %H:%M:%S} {settings.time.zone}",
            ],
            [
                terminal.text(rows["uptime"]),
                f"{days} d {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}",
            ],
        ]
        seen = {nic.name: nic for nic in nics.nics()}
        for one in plan(settings.network, physical_ports()):
            nic = seen.get(one.name)
            state = terminal.text(rows["up" if nic and nic.link_up else "down"])
            speed = f"{nic.speed_mbit} Mbit/s" if nic and nic.speed_mbit else ""
            addresses = ", ".join(f"{each.address}/{each.prefix}" for each in nic.addresses) if nic else ""
            told = [terminal.text(ROLE_TEXT[one.role]), state, speed, addresses]
            shown.append(
                [terminal.text(rows["port"], name=one.name), ", ".join(part for part in told if part)]
            )
        free = terminal.text(rows["free"], free=f"{usage.free / _GB:.1f}", total=f"{usage.total / _GB:.1f}")
        shown.append([terminal.text(rows["disk"]), free])
        if problem:
            shown.append([terminal.text(rows["trouble"]), problem])
        terminal.say()
        terminal.table(shown)

    def _choose(self) -> bool:
        """Do one thing of the menu; False to sign out."""
        terminal = self._terminal
        names = [*self._items, "leave"]
        terminal.say()
        terminal.table(
            [[f"{place:>3}", terminal.text(words.ITEMS[name])] for place, name in enumerate(names, 1)]
        )
        answer = terminal.ask(words.MENU)
        if not answer:
            self._status()
            return True
        at = int(answer) if answer.isascii() and answer.isdigit() else 0
        if not 1 <= at <= len(names):
            terminal.say(words.NO_SUCH)
            return True
        if names[at - 1] == "leave":
            return False
        self._guarded(self._items[names[at - 1]])
        return True

    def _guarded(self, work: Callable[[], None]) -> None:
        """What is refused is told, and the menu goes on."""
        try:
            work()
        except ApplianceError as error:
            self._terminal.say(error.message(self._terminal.language))

    def _network(self) -> None:
        """Edited, put in force on trial, and kept only when somebody says so."""
        terminal, layout = self._terminal, self._desk.layout
        saved = self._settings()
        ports = [one.port for one in plan(saved.network, physical_ports())]
        named = {port.name for port in ports}
        # Every port stands there to be changed, also one that the settings do not name yet.
        whole = [*ports, *(port for port in saved.network.ports if port.name not in named)]
        before = msgspec.to_builtins(msgspec.structs.replace(saved.network, ports=whole))
        wanted = form.edit(terminal, Network, before, terminal.text(words.ITEMS["network"]))
        if wanted == before:
            terminal.say(words.NOTHING_CHANGED)
            return
        if not terminal.agreed(words.TRY):
            return
        tried = msgspec.convert(wanted, Network)
        by = self._user or "console"
        door.ask_now(layout, network.TRY, network.Try(network=tried), by=by)
        if terminal.agreed(words.KEEP) and network.on_trial(layout) is not None:
            now = self._settings()
            storage.save(layout, msgspec.structs.replace(now, network=tried), now.revision, by)
            door.ask_now(layout, network.SETTLE, network.Settle(), by=by)
            people.note(self._desk, self._user, "network.confirm", Module.SETTINGS, Kind.CHANGE)
            terminal.say(words.SAVED)
        else:
            door.ask_now(layout, network.RETURN, network.Return(), by=by)
            terminal.say(words.WENT_BACK)

    def _time(self) -> None:
        saved = self._settings()
        before = msgspec.to_builtins(saved.time)
        wanted = form.edit(self._terminal, Time, before, self._terminal.text(words.ITEMS["time"]))
        if wanted == before:
            self._terminal.say(words.NOTHING_CHANGED)
        elif self._terminal.agreed(words.SAVE):
            changed = msgspec.structs.replace(saved, time=msgspec.convert(wanted, Time))
            storage.save(self._desk.layout, changed, saved.revision, self._user)
            people.note(self._desk, self._user, "clock.save", Module.SETTINGS, Kind.CHANGE)
            self._terminal.say(words.SAVED)

    def _certificate(self) -> None:
        layout = self._desk.layout
        self._fingerprint()
        if not self._terminal.agreed(words.RENEW_CERTIFICATE):
            return
        certificate.renew(layout, platform.node(), SystemClock().now())
        people.note(self._desk, self._user, "web_access.renew", Module.SETTINGS, Kind.CHANGE)
        self._fingerprint()

    def _password(self) -> None:
        terminal, known = self._terminal, people.administrators(self._desk)
        terminal.table([[f"{place:>3}", person.name] for place, person in enumerate(known, 1)])
        answer = terminal.ask(words.WHOSE)
        at = int(answer) if answer.isascii() and answer.isdigit() else 0
        if not 1 <= at <= len(known) or not terminal.agreed(words.SURE, name=known[at - 1].name):
            return
        person = known[at - 1]
        made = people.renew_password(self._desk, person, with_factors=not self._user)
        people.note(
            self._desk, self._user, "users.renew_password", Module.USERS, Kind.CHANGE, name=person.name
        )
        terminal.say(words.ONE_TIME, name=person.name, password=made)

    def _logs(self) -> None:
        terminal = self._terminal
        terminal.table([[f"{place:>3}", name] for place, name in enumerate(_PROGRAMS, 1)])
        answer = terminal.ask(words.PROGRAM)
        at = int(answer) if answer.isascii() and answer.isdigit() else 0
        if not 1 <= at <= len(_PROGRAMS):
            return
        lines = logs.tail(_PROGRAMS[at - 1], self._desk.layout.logs, _LINES).lines
        if not lines:
            terminal.say(words.NO_LOG)
        # The newest page first: over a slow line nobody waits for the rest.
        for end in range(len(lines), 0, -_PAGE):
            for line in lines[max(0, end - _PAGE) : end]:
                terminal.say(f"{line.at} {line.level} {line.text}")
            if end > _PAGE and terminal.ask(words.MORE).lower() == "q":
                return

    def _power(self, question: Any, action: Any, wish: Any) -> None:
        if self._terminal.agreed(question):
            people.note(self._desk, self._user, f"console.{action.name}", Module.SYSTEM, Kind.CONTROL)
            door.ask_now(self._desk.layout, action, wish, by=self._user)

    def _reset(self) -> None:
        word = self._terminal.ask(words.RESET).lower()
        if word in ("keep", "wipe") and self._terminal.ask(words.RESET_SURE, word=word).lower() == word:
            people.note(self._desk, self._user, "console.factory-reset", Module.SYSTEM, Kind.CONTROL)
            wish = update.Reset(keep_recordings=word == "keep")
            door.ask_now(self._desk.layout, update.RESET, wish, by=self._user)
