"""`make run`: the whole recorder in the foreground in a scratch folder, until Ctrl-C.

Without arguments it also places demonstration calls between real phones in network namespaces, mirrored to
the recorder, and plays a board with analog lines and a trunk. `--mirror eth1` records a real port, `--pcap FILE` records a capture.
"""

import argparse
import asyncio
import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from appliance.core.errors import ApplianceError
from appliance.core.files import Layout
from appliance.settings import storage
from appliance.system import broker
from appliance.system.runner import Program, Runner, daemon_command
from tests.rigs import demonstration_lines
from tests.rigs.demonstration import Demonstration
from tests.rigs.mirror import MirrorLab

_STARTED_S = time.monotonic()
_READY_S = 180.0
"""Of one program on a machine that has other work; eleven of them start one after the other."""


def _say(text: str) -> None:
    print(text, flush=True)


def _show(program: Program) -> None:
    seconds = time.monotonic() - _STARTED_S
    _say(f"{seconds:7.1f}  {program.name:<10} {program.state:<9} {program.status}")


def _set_up_lines(layout: Layout, folder: Path) -> None:
    """A board of files, where the data directory has none."""
    now = storage.load(layout)
    content = msgspec.to_builtins(now)
    content["boards"] = {
        **content["boards"],
        **demonstration_lines.settings(demonstration_lines.lines(folder)),
    }
    storage.save(layout, storage.validate(content), now.revision)


async def _run(options: argparse.Namespace, layout: Layout) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        source: tuple[str, ...] = ()
        lab = None
        if options.pcap:
            source = ("--pcap", str(options.pcap.resolve()))
        elif options.mirror:
            source = ("--interface", options.mirror)
        else:
            lab = MirrorLab()
            stack.callback(lab.close)
            source = ("--interface", lab.mirror)
        logs = layout.logs
        logs.mkdir(exist_ok=True)
        programs = [
            Program("broker", broker.prepare(layout), notifies=False),
            Program("archiver", daemon_command("archiver", layout.data)),
            Program("recorder", daemon_command("recorder", layout.data, *source)),
            Program("boards", daemon_command("boards", layout.data)),
            Program("watchdog", daemon_command("watchdog", layout.data)),
            Program("helper", daemon_command("helper", layout.data)),
            Program("notifier", daemon_command("notifier", layout.data)),
            Program("backup", daemon_command("backup", layout.data)),
            # Whose machine this is keeps its own clock.
            Program("snmp", daemon_command("snmp", layout.data)),
            Program("timesync", daemon_command("timesync", layout.data, "--measure-only")),
            Program("webadmin", daemon_command("webadmin", layout.data, "--port", str(options.port))),
        ]
        runner = Runner(programs, layout.run, _show, logs)
        stack.push_async_callback(runner.stop)
        await runner.start(ready_s=_READY_S)
        _say("")
        _say(f"  Tapeline is at  http://127.0.0.1:{options.port}/")
        if layout.one_time_password.exists():
            _say(f"  One-time password of the administrator:  {layout.one_time_password.read_text().strip()}")
        _say(f"  Data and logs   {layout.data}")
        _say("  Ctrl-C stops everything.")
        _say("")
        if lab is not None:
            speech = layout.data / "speech"
            speech.mkdir(exist_ok=True)
            demonstration = Demonstration(lab, speech)
            stack.push_async_callback(demonstration.close)
            await demonstration.start()
            _say("  Demonstration calls are being placed.")
            if not (options.no_lines or storage.load(layout).boards.cards):
                await asyncio.to_thread(_set_up_lines, layout, speech / "lines")
                _say("  A board with three lines and a trunk is being played.")
        await stop.wait()
        _say("stopping …")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="make run", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--mirror", help="record this network interface")
    parser.add_argument("--pcap", type=Path, help="record this capture file")
    parser.add_argument("--no-lines", action="store_true", help="no demonstration of analog lines and trunks")
    parser.add_argument("--data", type=Path, help="keep data here instead of a new scratch folder")
    options = parser.parse_args()
    if options.pcap and not options.pcap.is_file():
        parser.error(f"{options.pcap} is not a file")
    if os.geteuid() != 0 and not options.pcap:
        _say("recording a network port and making namespaces need root: going on with sudo")
        os.execvp("sudo", ["sudo", "--", sys.executable, "-m", "tests.rigs.box", *sys.argv[1:]])
    if not options.mirror and not options.pcap and shutil.which("espeak-ng") is None:
        parser.error("espeak-ng is missing; run `make install`")
    data = options.data or Path(tempfile.mkdtemp(prefix="tapeline-", dir="/tmp"))
    data.mkdir(parents=True, exist_ok=True)
    try:
        return asyncio.run(_run(options, Layout(data.resolve()).make()))
    except (ApplianceError, TimeoutError) as error:
        _say(f"cannot start: {str(error) or 'a program was not ready in time'}; see {data}/log")
        return 1


if __name__ == "__main__":
    sys.exit(main())
