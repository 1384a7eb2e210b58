"""Restart the box or one of its programs, or switch the box off: in order, programs finish what they hold."""

from typing import Annotated

import msgspec

from appliance.core.errors import NotFound
from appliance.system import door
from appliance.system.privileged import power as orders
from webadmin import audit
from webadmin.api.session import prove
from webadmin.api.system import PROGRAMS
from webadmin.operation import Asked, Nothing
from webadmin.parameters import SECRET


class ProveBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One's own password: nothing is recorded meanwhile."""

    password: Annotated[str, msgspec.Meta(min_length=1, max_length=128, extra=SECRET)]


async def restart(asked: Asked[Nothing, ProveBody]) -> None:
    """The whole box anew."""
    await prove(asked, asked.body.password, "password")
    await door.ask(asked.panel.layout, orders.RESTART, orders.Restart(), by=audit.name_of(asked))


async def switch_off(asked: Asked[Nothing, ProveBody]) -> None:
    """The whole box off; only its button brings it back."""
    await prove(asked, asked.body.password, "password")
    await door.ask(asked.panel.layout, orders.POWER_OFF, orders.PowerOff(), by=audit.name_of(asked))


async def restart_program(asked: Asked[Nothing, Nothing]) -> None:
    """One program anew; calls that run go on with a gap of seconds where it records them."""
    name = asked.path["program"]
    if name not in PROGRAMS:
        raise NotFound(what=name)
    wish = orders.RestartProgram(name=name)
    await door.ask(asked.panel.layout, orders.RESTART_PROGRAM, wish, by=audit.name_of(asked))
