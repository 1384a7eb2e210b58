"""`tapeline`: the command line. Parses, calls one command, turns errors into one clear line and an exit status.

0 = done, 1 = could not be done, 2 = the arguments are wrong or a file cannot be read, 130 = interrupted.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from appliance.commands import COMMANDS, make
from appliance.core.errors import ApplianceError, BadCapture, Refused
from appliance.core.release import VERSION
from appliance.system.large_pages import begin_again

WRONG = 2
FAILED = 1
INTERRUPTED = 130

_DESCRIPTION = """\
Tapeline records telephone calls from a mirror port or from capture files.

Everything lives below one data directory (--data): the spool of captured calls, the archive of
recordings, the index and the settings."""

_EPILOG = """\
`tapeline COMMAND --help` explains a command.

examples:
  tapeline import morning.pcap --data ./box         record what is in a capture
  tapeline calls --data ./box --number 555          find calls
  tapeline export 01hx... --data ./box --format opus --out call.opus
  tapeline run recorder --data ./box --interface eth1"""


_LARGE = ("import", "run archiver")
"""What goes through so much memory that large pages are worth a second start of 20 ms."""


def program() -> int:
    """`tapeline` as a program of its own; the exit status."""
    if " ".join(sys.argv[1:3]).startswith(_LARGE):
        begin_again()
    status = main()
    if sys.argv[1:2] == ["import"]:
        _leave(status)
    return status


def _leave(status: int) -> None:
    """End at once: giving thousands of calls back to Python one by one takes longer than making it."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        status = FAILED
    os._exit(status)


def main(words: Sequence[str] | None = None) -> int:
    """Run `tapeline` with these arguments (those of the process by default); the exit status."""
    given = list(sys.argv[1:] if words is None else words)
    chosen = _parser(given).parse_args(given)
    try:
        return make(chosen.command).execute(chosen)
    except ApplianceError as error:
        sys.stderr.write(f"tapeline: {error.message()}\n")
        return WRONG if isinstance(error, Refused | BadCapture) else FAILED
    except KeyboardInterrupt:
        sys.stderr.write("tapeline: interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`| head`); Python must not complain about it at exit, either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        sys.stderr.write(f"tapeline: {error.filename or 'output'}: {error.strerror or error}\n")
        return FAILED


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser, with the arguments of the one command that is asked for."""
    parser = argparse.ArgumentParser(
        prog="tapeline",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"tapeline {VERSION}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, title="commands")
    asked = next((word for word in given if not word.startswith("-")), "")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == asked:
            make(name).arguments(command)
    return parser


if __name__ == "__main__":
    sys.exit(program())
