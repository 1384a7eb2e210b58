"""Updates and the way back to the state of delivery. Each order is remembered first; units of their own do the long work."""

import asyncio
from datetime import datetime

from appliance.core.files import write_atomically
from appliance.core.text import Text
from appliance.domain.update import What
from appliance.system import tool
from appliance.system.door import Action, Nothing, Order, Wish
from appliance.system.slots import Rauc
from appliance.system.update import AlreadyInstalling, Updating

INSTALL_UNIT = "tapeline-update.service"
SWITCH_UNIT = "tapeline-switch.service"


class Install(Wish, frozen=True, kw_only=True):
    """The bundle that was brought to the box."""


class Plan(Wish, frozen=True, kw_only=True):
    """When the other system is started."""

    at: datetime


class Unplan(Wish, frozen=True, kw_only=True):
    """Not to start the other system after all."""


class Reset(Wish, frozen=True, kw_only=True):
    """Back to the state of delivery; with `keep_recordings` the archive and what proves it stay."""

    keep_recordings: bool


async def install(wish: Install, order: Order) -> Nothing:  # noqa: ARG001 - as all actions
    """Verify the bundle once more, then have it written behind everything that records.

    Raises: NoBundle, BadBundle, AlreadyInstalling, OnTrial
    """
    updating = _updating(order)
    updating.check_free()
    if updating.state.progress is not None:
        raise AlreadyInstalling
    await updating.rauc.inspect(order.layout.update_bundle)
    updating.change(wanted_by=order.by)
    await tool.run([*order.machine.systemctl, "start", "--no-block", INSTALL_UNIT])
    return Nothing()


async def plan(wish: Plan, order: Order) -> Nothing:
    """Remember the time; the unit waits for it.

    Raises: OnTrial, NothingWaits
    """
    _updating(order).plan(wish.at, order.by)
    await tool.run([*order.machine.systemctl, "restart", "--no-block", SWITCH_UNIT])
    return Nothing()


async def unplan(wish: Unplan, order: Order) -> Nothing:  # noqa: ARG001 - as all actions
    """Forget the time."""
    _updating(order).change(plan=None)
    return Nothing()


async def reset(wish: Reset, order: Order) -> Nothing:
    """Leave the order for the next start, before anything of the data is opened, and restart."""
    updating = _updating(order)
    updating.check_free()
    updating.note(
        What.RESET, by=order.by, detail="recordings kept" if wish.keep_recordings else "everything erased"
    )
    wanted = b"keep" if wish.keep_recordings else b"wipe"
    await asyncio.to_thread(write_atomically, order.machine.reset_order, wanted, mode=0o600)
    await tool.run([*order.machine.systemctl, "--no-block", "reboot"])
    return Nothing()


def _updating(order: Order) -> Updating:
    machine = order.machine
    return Updating(
        order.layout, rauc=Rauc(machine.rauc), state_file=machine.update_state, systemctl=machine.systemctl
    )


INSTALL = Action(
    "update-install",
    Text(en="Install an update", zh="安装更新"),
    Install,
    Nothing,
    install,
    within_s=180,
    alone="update",
)
PLAN = Action(
    "update-plan",
    Text(en="Start the other system at a time", zh="定时启动另一系统"),
    Plan,
    Nothing,
    plan,
    alone="update",
)
UNPLAN = Action(
    "update-unplan",
    Text(en="Do not start the other system", zh="取消启动另一系统"),
    Unplan,
    Nothing,
    unplan,
    alone="update",
)
RESET = Action(
    "factory-reset",
    Text(en="Back to the state of delivery", zh="恢复出厂设置"),
    Reset,
    Nothing,
    reset,
    alone="update",
)
ACTIONS = (INSTALL, PLAN, UNPLAN, RESET)
