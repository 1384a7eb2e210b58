"""Restarting and switching off the box, in order: programs finish what they hold."""

import asyncio
from typing import Annotated

import msgspec

from appliance.core.errors import Later
from appliance.core.text import Text
from appliance.system import tool
from appliance.system.door import Action, Nothing, Order, Wish

BROKER = "tapeline-broker.service"
_PANEL = "webadmin"
_AFTER_ANSWER_S = 1.0
"""What is stopped, too, are the bearers of the answer: it goes first."""


class StillStarting(Later):
    """A program takes long to start, with a large index for instance: beginning anew would never end. Facts: program."""

    text = Text(en="{program} is being started already.", zh="{program} 正在启动中。")
    after_s = 60.0


class Restart(Wish, frozen=True, kw_only=True):
    """The whole box anew."""


class RestartProgram(Wish, frozen=True, kw_only=True):
    """One of the recorder's own programs anew."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{1,20}$")]


class PowerOff(Wish, frozen=True, kw_only=True):
    """The whole box off."""


async def restart(wish: Restart, order: Order) -> Nothing:  # noqa: ARG001 - as all actions
    """Ask systemd, a moment after the answer."""
    order.keep(_later(order, "reboot"), "power")
    return Nothing()


async def restart_program(wish: RestartProgram, order: Order) -> Nothing:
    """Have systemd start its unit anew, also when it gave up on it.

    Raises: StillStarting
    """
    unit = BROKER if wish.name == "broker" else f"tapeline@{wish.name}.service"
    shown = await tool.run([*order.machine.systemctl, "show", "-p", "ActiveState", "-p", "NRestarts", unit])
    if {"ActiveState=activating", "NRestarts=0"} <= set(shown.split()):
        raise StillStarting(program=wish.name)
    if wish.name == _PANEL:
        order.keep(_later(order, "restart", unit), unit)
    else:
        await tool.run([*order.machine.systemctl, "--no-block", "restart", unit])
    return Nothing()


async def power_off(wish: PowerOff, order: Order) -> Nothing:  # noqa: ARG001 - as all actions
    """Ask systemd, a moment after the answer."""
    order.keep(_later(order, "poweroff"), "power")
    return Nothing()


async def _later(order: Order, *words: str) -> None:
    await asyncio.sleep(_AFTER_ANSWER_S)
    await tool.run([*order.machine.systemctl, "--no-block", *words])


RESTART = Action(
    "restart", Text(en="Restart the box", zh="重启设备"), Restart, Nothing, restart, alone="power"
)
POWER_OFF = Action(
    "power-off", Text(en="Switch the box off", zh="关闭设备"), PowerOff, Nothing, power_off, alone="power"
)
RESTART_PROGRAM = Action(
    "restart-program",
    Text(en="Restart a program", zh="重启程序"),
    RestartProgram,
    Nothing,
    restart_program,
)
ACTIONS = (RESTART, RESTART_PROGRAM, POWER_OFF)
