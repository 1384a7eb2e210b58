"""The admin panel of a machine under test, asked as a browser would."""

import http.client
import ssl
from dataclasses import dataclass
from typing import Any

from appliance.settings.bundle import merged
from tests.rigs.patience import until
from tests.rigs.vm import Vm
from tests.rigs.web import PASSWORD, Browser

ONCE = "/data/tapeline/run/one-time-password"


class EncryptedBrowser(Browser):
    """Trusts the box's own certificate, as a person does who has compared its fingerprint."""

    def connection(self) -> http.client.HTTPConnection:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=120, context=context)


@dataclass
class OneBox:
    """A machine and its administrator."""

    machine: Vm
    admin: Browser


def signed_in(machine: Vm) -> OneBox:
    """Set the box up, or sign in where that was done."""
    browser = EncryptedBrowser(machine.https)

    def answers() -> bool:
        try:
            return browser.get("session").status == 200
        except OSError:
            return False

    until(answers, 900, "the page")
    if browser.get("session").json["first_run"]:
        once = machine.shell.ask(f"cat {ONCE}")
        body = {"one_time_password": once, "name": "admin", "password": PASSWORD}
        reply = browser.post("setup", body)
    else:
        reply = browser.post("session", {"name": "admin", "password": PASSWORD})
    assert reply.status == 200, reply
    return OneBox(machine, browser)


def told(box: OneBox, sip_call_ids: set[str]) -> dict[str, dict[str, Any]]:
    """The rows of these calls by their Call-ID, once all are there."""
    reply = box.admin.get("calls?page_size=100")
    if reply.status != 200:
        return {}
    found = {row["sip_call_id"]: row for row in reply.json["calls"] if row["sip_call_id"] in sip_call_ids}
    return found if set(found) == sip_call_ids else {}


def seen(box: OneBox, row: dict[str, Any]) -> dict[str, tuple[int, str]]:
    """Side → packets and hash of the audio, as the box tells them of a call."""
    tracks = box.admin.get(f"calls/{row['call_id']}").json["tracks"]
    return {track["side"]: (track["packets"], track["payload_sha256"]) for track in tracks}


def changed(box: OneBox, settings: dict[str, Any]) -> None:
    """Have these settings saved, the others left as they are."""
    kept = box.admin.get("settings").json
    reply = box.admin.put(
        "settings", {"revision": kept["revision"], "settings": merged(kept["settings"], settings)}
    )
    assert reply.status == 200, reply


def noticed(box: OneBox) -> bool:
    """Whether the box has seen the stick that was plugged in."""
    return box.machine.shell.run("grep -q STICK /data/tapeline/run/plugged.json").status == 0


def woken(machine: Vm) -> None:
    """Have the helper started before it is needed: on a slow machine that alone takes longer than its callers wait."""
    machine.shell.ask("systemctl start tapeline@helper.service", 300)
