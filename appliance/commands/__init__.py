"""The register of commands: one module each. To add one: `commands/<name>.py` and its line here.

A command's module has `arguments(parser)` and `execute(chosen) -> exit status`. Only the one that is called is loaded,
so that `tapeline --help` answers at once.
"""

import argparse
import importlib
from typing import Any, NamedTuple, Protocol

COMMANDS: dict[str, str] = {
    "import": "record the calls of capture files into a data directory",
    "calls": "list the calls of a data directory",
    "export": "write one call's recording or packets to a file",
    "status": "tell what a data directory holds and what runs on it",
    "audit": "verify the operation log",
    "licence": "make a vendor's keys, sign licence files, and check them",
    "trunks": "read the kept signalling of trunks again, as they are set now, and correct past calls",
    "statement": "verify the signed statements of completeness, or ask for one",
    "backup": "make a backup now, list what there is, or show the recovery key",
    "restore": "try a backup, and with --yes restore it",
    "run": "run one of the recorder's daemons in the foreground",
    "network": "put the network settings in force, as at the start of the box",
    "disks": "tell what the machine's disks say of themselves",
    "selftest": "place one call of the box to itself and judge its recording",
    "snmp": "answer the SNMP agent for our part of the MIB (pass_persist)",
    "update": "one step of an update of the box, as its units run it",
    "console": "the box's menu on this terminal, as on its screen and serial lines",
    "broker": "run the message broker that the daemons meet at",
}

_FILES = {"import": "importing"}


class Act(Protocol):
    """What a command does; the result is the exit status."""

    def __call__(self, chosen: argparse.Namespace) -> int:
        """Do it with the arguments the user chose."""


class Describe(Protocol):
    """How a command tells its arguments to the parser."""

    def __call__(self, parser: argparse.ArgumentParser) -> None:
        """Add them."""


class Command(NamedTuple):
    """One loaded command."""

    arguments: Describe
    execute: Act


def make(name: str) -> Command:
    """The command of a registered name."""
    module: Any = importlib.import_module(f"appliance.commands.{_FILES.get(name, name)}")
    return Command(module.arguments, module.execute)
