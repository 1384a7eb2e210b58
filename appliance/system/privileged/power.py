"""Restarting and switching off the box, in order: programs finish what they hold."""

from appliance.core.text import Text
from appliance.system import tool
from appliance.system.door import Action, Nothing, Order, Wish


class Restart(Wish, frozen=True, kw_only=True):
    """The whole box anew."""


class PowerOff(Wish, frozen=True, kw_only=True):
    """The whole box off."""


async def restart(wish: Restart, order: Order) -> Nothing:  # noqa: ARG001 - as all actions
    """Ask systemd; it answers before it begins."""
    await tool.run([*order.machine.systemctl, "--no-block", "reboot"])
    return Nothing()


async def power_off(wish: PowerOff, order: Order) -> Nothing:  # noqa: ARG001 - as all actions
    """Ask systemd; it answers before it begins."""
    await tool.run([*order.machine.systemctl, "--no-block", "poweroff"])
    return Nothing()


RESTART = Action(
    "restart", Text(en="Restart the box", zh="重启设备"), Restart, Nothing, restart, alone="power"
)
POWER_OFF = Action(
    "power-off", Text(en="Switch the box off", zh="关闭设备"), PowerOff, Nothing, power_off, alone="power"
)
ACTIONS = (RESTART, POWER_OFF)
