"""The backup program: makes backups by schedule and wish, proves them, brings them away, and restores them.

A program of its own: an upload of hours holds nothing up, and it is the one that may talk to servers for it. All work is
done in one thread beside the loop. It goes by files, so it works with the broker down and while the index is replaced.
"""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor

from appliance.backup.keeper import Keeper
from appliance.bus.client import Bus
from appliance.core import log
from appliance.core.errors import ApplianceError
from appliance.core.service import Service
from appliance.daemons import Options
from appliance.domain.backup import Summary
from appliance.settings import storage

_LOOK_S = 1.0
_TOLD_EVERY = 20

_logger = log.get(__name__)


async def main(service: Service, options: Options) -> None:
    """Do what waits until told to stop; what is being done then is begun anew at the next start."""
    layout = options.layout.make()
    kept = storage.Kept(layout)
    bus = Bus(layout.bus_socket, service.name, service.clock)
    keeper = Keeper(layout, service.clock)
    loop = asyncio.get_running_loop()
    with contextlib.closing(keeper), ThreadPoolExecutor(1, thread_name_prefix="backup") as thread:
        async with bus:
            service.on_status(bus.report)
            try:
                await loop.run_in_executor(thread, keeper.ensure_key)
            except ApplianceError as error:
                _logger.warning("backups cannot be made on this machine", extra={"problem": error.message()})
            service.ready()
            rounds = 0
            while not await service.sleep(_LOOK_S):
                is_other = kept.renewed()
                work = loop.run_in_executor(thread, keeper.round, kept.now)
                told = asyncio.create_task(_interrupt(service, keeper))
                try:
                    is_busy = await work
                finally:
                    told.cancel()
                rounds += 1
                if is_busy or is_other or rounds % _TOLD_EVERY == 1:
                    _report(service, await loop.run_in_executor(thread, keeper.summary, kept.now))


def _report(service: Service, summary: Summary) -> None:
    problem, made_at = summary.problem, summary.made_at
    if problem is not None:
        service.status(f"the last backup failed: {problem.en}", f"最近一次备份失败：{problem.zh}")
    elif made_at is not None:
        service.status(
            f"the last backup is of {made_at:%Y-%m-%d %H:%M} UTC", f"最近备份：{made_at:%Y-%m-%d %H:%M} UTC"
        )
    else:
        service.status("no backup was made yet", "尚未进行备份")


async def _interrupt(service: Service, keeper: Keeper) -> None:
    await service.stopping.wait()
    keeper.interrupt()
