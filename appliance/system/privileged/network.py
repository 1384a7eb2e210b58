"""Network settings on trial: in force at once, gone by themselves unless somebody says that they are good.

What is tried is never in the settings file. It goes there when it is confirmed; whatever happens before that (the time
runs out, the helper dies, the box restarts), the settings file is what the box returns to.
"""

import asyncio
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated, Protocol

import msgspec

from appliance.core import log
from appliance.core.errors import Broken, Invalid
from appliance.core.files import Layout, write_atomically
from appliance.core.text import Text
from appliance.settings import storage
from appliance.settings.network import Network
from appliance.system import ports
from appliance.system.door import Action, Nothing, Order, Wish
from appliance.system.machine import Machine
from appliance.system.network import physical_ports, plan

_logger = log.get(__name__)

RETURN_S = 90
_KEPT = "network"
_LEFT_OUT = Text(
    en="none of the ports that this machine has would be left for management",
    zh="本机现有网口中没有用于管理的网口",
)


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What is tried now. Units: `ends_boot_s` seconds of the clock that runs since the machine's start."""

    boot: str
    ends_boot_s: float
    by: str
    network: Network


class Try(Wish, frozen=True, kw_only=True):
    """Put these settings in force and return to the saved ones after `return_s` seconds."""

    network: Network
    return_s: Annotated[int, msgspec.Meta(ge=10, le=600)] = RETURN_S


class Settle(Wish, frozen=True, kw_only=True):
    """The settings that were tried have been saved: keep them."""


class Return(Wish, frozen=True, kw_only=True):
    """Put the saved settings in force now, whatever is tried."""


class Keeper(Protocol):
    """Where work is kept that goes on after the answer."""

    layout: Layout
    machine: Machine

    def keep(self, work: Awaitable[None], name: str) -> None:
        """Do this beside all."""


def on_trial(layout: Layout) -> Trial | None:
    """What is tried now, from its file; None when nothing is, or when the machine was started since."""
    try:
        found = msgspec.json.decode(layout.network_trial.read_bytes(), type=Trial)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return found if found.boot == _boot() else None


def left_s(trial: Trial) -> float:
    """How long until the return; negative when it is due."""
    return trial.ends_boot_s - time.clock_gettime(time.CLOCK_BOOTTIME)


async def try_out(wish: Try, order: Order) -> Nothing:
    """Write the trial down first: a helper that dies in the middle still knows that it has to return."""
    plans = plan(wish.network, physical_ports(order.machine.links))
    if not any(one.managing for one in plans):
        raise Invalid(field="network.ports", problem=_LEFT_OUT)
    ends = time.clock_gettime(time.CLOCK_BOOTTIME) + wish.return_s
    trial = Trial(boot=_boot(), ends_boot_s=ends, by=order.by, network=wish.network)
    _write(order.layout, trial)
    order.keep(_return_later(order.layout, order.machine, wish.return_s), _KEPT)
    try:
        await asyncio.to_thread(_put, wish.network, order.machine)
    except Broken:
        order.drop(_KEPT)
        await _return(order.layout, order.machine)
        raise
    return Nothing()


async def settle(wish: Settle, order: Order) -> Nothing:  # noqa: ARG001 - as all actions
    """Forget the trial. What was saved may differ from what was tried: it is put in force."""
    tried = on_trial(order.layout)
    order.drop(_KEPT)
    order.layout.network_trial.unlink(missing_ok=True)
    saved = storage.load(order.layout).network
    if tried is None or tried.network != saved:
        await asyncio.to_thread(_put, saved, order.machine)
    return Nothing()


async def go_back(wish: Return, order: Order) -> Nothing:  # noqa: ARG001 - as all actions
    """Forget the trial and put the saved settings in force."""
    order.drop(_KEPT)
    await _return(order.layout, order.machine)
    return Nothing()


def resume(keeper: Keeper) -> None:
    """A helper that begins anew takes the trial over, with the time that is left."""
    trial = on_trial(keeper.layout)
    if trial is None:
        keeper.layout.network_trial.unlink(missing_ok=True)
        return
    wait = _return_later(keeper.layout, keeper.machine, max(0.0, left_s(trial)))
    keeper.keep(wait, _KEPT)


async def _return_later(layout: Layout, machine: Machine, seconds: float) -> None:
    await asyncio.sleep(seconds)
    _logger.warning("the network settings were not confirmed: returning to the saved ones")
    await _return(layout, machine)


async def _return(layout: Layout, machine: Machine) -> None:
    saved, _ = storage.in_force(layout)
    # The note goes last, and says from now on what is to come: a helper that dies before begins again.
    _write(layout, Trial(boot=_boot(), ends_boot_s=0.0, by="", network=saved.network))
    await asyncio.to_thread(_put, saved.network, machine)
    layout.network_trial.unlink(missing_ok=True)


def _put(network: Network, machine: Machine) -> None:
    applied = ports.apply(network, plan(network, physical_ports(machine.links)), machine)
    ports.renew(machine, applied)


def _write(layout: Layout, trial: Trial) -> None:
    write_atomically(layout.network_trial, msgspec.json.encode(trial))
    layout.network_trial.chmod(
        0o644
    )  # panel and console must be able to confirm it, and the helper writes for nobody else


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()


TRY = Action(
    "network-try",
    Text(en="Try network settings", zh="试用网络设置"),
    Try,
    Nothing,
    try_out,
    within_s=60.0,
    alone="network",
)
SETTLE = Action(
    "network-settle",
    Text(en="Keep the network settings", zh="保留网络设置"),
    Settle,
    Nothing,
    settle,
    within_s=60.0,
    alone="network",
)
RETURN = Action(
    "network-return",
    Text(en="Return to the saved network settings", zh="恢复已保存的网络设置"),
    Return,
    Nothing,
    go_back,
    within_s=60.0,
    alone="network",
)
ACTIONS = (TRY, SETTLE, RETURN)
