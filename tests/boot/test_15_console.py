"""A new box is set up over its serial line alone: administrator, password, address."""

import http.client
import ssl

from tests.rigs.boxed import EncryptedBrowser, woken
from tests.rigs.patience import until
from tests.rigs.serial_line import Sitting
from tests.rigs.vm import BOOT_S
from tests.rigs.web import PASSWORD

ADDRESS = "10.0.2.47"


def _sit_down(machine) -> Sitting:
    sitting = Sitting(machine.console)
    sitting.see("call recorder", BOOT_S)
    return sitting


def test_the_first_administrator_is_made_over_the_serial_line(machine, figures):
    sitting = _sit_down(machine)
    sitting.answer("Enter = English:", "")
    shown = sitting.answer("the start again:", "1")
    assert "Certificate (SHA-256): " in shown
    sitting.answer("name [admin]:", "")
    sitting.answer("New password:", PASSWORD)
    sitting.answer("New password again:", PASSWORD)
    sitting.see("admin may sign in now")
    assert PASSWORD not in machine.console.said
    browser = EncryptedBrowser(machine.https)
    assert browser.get("session").json["first_run"] is False
    assert browser.post("session", {"name": "admin", "password": PASSWORD}).status == 200
    figures["asked on the console"] = "language, what to do, name, password twice"


def test_the_management_address_is_set_over_the_serial_line(machine, figures):
    """The form of the port that manages: fixed instead of automatic, tried, and kept from the console."""
    sitting = Sitting(machine.console)
    sitting.see("admin may sign in now")
    sitting.answer("Enter = English:", "")
    sitting.answer("lost password):", "admin")
    sitting.answer("Password:", PASSWORD)
    sitting.see("Running for")
    sitting.answer("Enter = status:", "1")
    sitting.choose("Enter = done:", "Ports")
    sitting.answer("Enter = done:", "1")
    sitting.choose("Enter = done:", "Addresses")
    sitting.choose("]:", "Fixed")
    sitting.choose("Enter = done:", "Addresses")
    sitting.answer("]:", f"{ADDRESS}/24")
    sitting.choose("Enter = done:", "Gateways")
    sitting.answer("]:", "10.0.2.2")
    for _ in ("addresses", "port", "ports", "network"):
        sitting.answer("Enter = done:", "")
    woken(machine)
    sitting.answer("Put these settings in force? (y/n)", "y")
    sitting.answer("(y/n)", "y")
    sitting.see("Saved.")
    sitting.answer("Enter = status:", "9")
    sitting.see("Signed out.")
    machine.moved(ADDRESS)
    until(lambda: _answers(machine), 300, "the page at the new address")
    held = machine.shell.ask("ip -4 -o addr show up scope global").split()
    assert held[held.index("inet") + 1] == f"{ADDRESS}/24"
    assert "dynamic" not in held
    figures["address"] = f"{ADDRESS}, fixed"


def _answers(machine) -> bool:
    context = ssl._create_unverified_context()
    page = http.client.HTTPSConnection("127.0.0.1", machine.https, timeout=60, context=context)
    try:
        page.request("GET", "/api/v1/session")
        return page.getresponse().status == 200
    except OSError:
        return False
    finally:
        page.close()


def test_a_serial_port_that_the_machine_has_not_is_left_alone(machine):
    """The kernel has names for four ports; behind the last one there is nothing here."""
    machine.shell.run("systemctl start tapeline-console@ttyS3")
    # A unit that was left out is forgotten at once; the journal remembers it.
    said = machine.shell.ask("journalctl -b --no-pager -o cat -u tapeline-console@ttyS3")
    assert "Skipped due to 'exec-condition'" in said, said
    assert machine.shell.run("systemctl is-active tapeline-console@ttyS3").text.strip() == "inactive"
