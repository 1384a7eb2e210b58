"""`tapeline run`: one daemon in the foreground, as systemd and `make run` start it."""

import argparse
import asyncio
from pathlib import Path

from appliance import daemons
from appliance.core.files import Layout
from appliance.core.service import Service, run

_NAMES = "daemons:\n" + "\n".join(f"  {name:<10} {text.en}" for name, text in daemons.DAEMONS.items())


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.epilog = _NAMES
    parser.add_argument("name", choices=list(daemons.DAEMONS), metavar="NAME", help="which daemon")
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="the data directory, made if missing"
    )
    parser.add_argument(
        "--interface", default="", metavar="X", help="recorder: this mirror port, not the setting's"
    )
    parser.add_argument(
        "--mirror",
        default="",
        metavar="X,Y",
        help="recorder: these mirror ports while the setting names none",
    )
    parser.add_argument(
        "--test-line", default="", metavar="X", help="recorder: also this one, on which the box calls itself"
    )
    parser.add_argument(
        "--pcap",
        action="append",
        default=[],
        metavar="FILE",
        help="recorder: record capture files, then an interface if one is set",
    )
    parser.add_argument(
        "--address", default="127.0.0.1", help="webadmin: listen here, :: everywhere (127.0.0.1)"
    )
    parser.add_argument("--port", type=int, default=8080, help="webadmin: listen on this port (8080)")
    parser.add_argument(
        "--tls", action="store_true", help="webadmin: serve encrypted, and lead port 80 there"
    )
    parser.add_argument(
        "--measure-only", action="store_true", help="timesync: compare the clock, never set it"
    )


def execute(chosen: argparse.Namespace) -> int:
    """Run it to its end: 0 stopped in order, 1 failed."""
    options = daemons.Options(
        layout=Layout(chosen.data.absolute()),
        interface=chosen.interface,
        captures=tuple(chosen.pcap),
        address=chosen.address,
        port=chosen.port,
        tls=chosen.tls,
        mirror=chosen.mirror,
        test_line=chosen.test_line,
        measure_only=chosen.measure_only,
    )
    main = daemons.make(chosen.name)

    async def work(service: Service) -> None:
        watching = asyncio.create_task(_begin_anew(service, options.layout))
        try:
            await main(service, options)
        finally:
            watching.cancel()

    return run(chosen.name, work)


async def _begin_anew(service: Service, layout: Layout) -> None:
    """End, to be started again, when a backup was restored: index, keys and accounts are others then.

    Not the recorder, which records on, and not who restores.
    """
    if service.name in _GO_ON:
        return
    before = _restored(layout)
    while not await service.sleep(_LOOK_S):
        if _restored(layout) != before:
            service.stop("a backup was restored")


_GO_ON = frozenset({"recorder", "boards", "backup", "helper", "timesync"})
_LOOK_S = 1.0


def _restored(layout: Layout) -> int:
    try:
        return layout.restored.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
