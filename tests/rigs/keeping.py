"""The real backup program in a thread of the test."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from appliance.core.clock import SystemClock
from appliance.core.files import Layout
from appliance.core.service import Service
from appliance.daemons import Options, backup
from tests.rigs.patience import until


@contextmanager
def keeping(layout: Layout) -> Iterator[None]:
    """Runs until the block ends; the recovery key is there when it begins."""
    service = Service("backup", SystemClock())
    loop = asyncio.new_event_loop()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(backup.main(service, Options(layout)))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    until(layout.backup_key.exists, what="the key is made", deadline_s=60)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(service.stop, "test")
        thread.join(60)
        assert not thread.is_alive(), "the backup program does not stop"
