"""The helper: the only program that is root all the time it runs, and it runs only while it is needed.

Under systemd its socket starts it and it ends when idle; elsewhere it makes its own socket and stays.
Source: sd_listen_fds(3)
"""

import contextlib
import os
import pwd
import socket
import time

from systemd import daemon

from appliance.core.service import Service
from appliance.daemons import Options
from appliance.system import facts, privileged
from appliance.system.doorkeeper import Doorkeeper
from appliance.system.machine import Machine
from appliance.system.privileged import network

IDLE_S = 60.0
_USER = "tapeline"
_LOOK_S = 1.0
_ROOT = 0


async def main(service: Service, options: Options) -> None:
    """Serve until told to stop, or until nobody has asked for a minute where systemd starts it again."""
    layout = options.layout.make()
    machine = Machine(is_appliance=facts.release().get("ID") == _USER and os.geteuid() == _ROOT)
    keeper = Doorkeeper(layout, machine, privileged.make(), allowed())
    given = daemon.listen_fds()
    listener = socket.socket(fileno=given[0]) if given else None
    await keeper.listen(listener)
    try:
        network.resume(keeper)
        service.ready()
        service.status("ready", "就绪")
        while not await service.sleep(_LOOK_S):
            if listener is not None and keeper.is_idle and time.monotonic() - keeper.last_mono_s > IDLE_S:
                return
    finally:
        await keeper.close()


def allowed() -> frozenset[int]:
    """Root, the user of our programs, and whoever the helper itself runs as."""
    users = {_ROOT, os.geteuid()}
    with contextlib.suppress(KeyError):  # a developer's machine has no such user
        users.add(pwd.getpwnam(_USER).pw_uid)
    return frozenset(users)
