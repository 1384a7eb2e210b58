"""The call of the box to itself, made by units of its own."""

from appliance.core.text import Text
from appliance.system import tool
from appliance.system.door import Action, Nothing, Order, Wish

_UNIT = "tapeline-selftest.service"
_WITHIN_S = 300.0


class PlaceTestCall(Wish, frozen=True, kw_only=True):
    """One call now."""


async def place(wish: PlaceTestCall, order: Order) -> Nothing:  # noqa: ARG001 - as all actions
    """Start the unit and wait for its end; the verdict is in `layout.self_test`, whatever it is."""
    try:
        await tool.run([*order.machine.systemctl, "start", _UNIT], within_s=_WITHIN_S)
    except tool.ToolFailed:
        if not order.layout.self_test.exists():
            raise
    return Nothing()


SELF_TEST = Action(
    "self-test",
    Text(en="Place a test call", zh="进行自检通话"),
    PlaceTestCall,
    Nothing,
    place,
    within_s=_WITHIN_S + 10,
    alone="self-test",
)
ACTIONS = (SELF_TEST,)
