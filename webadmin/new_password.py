"""A new password of one's own: by the policy in force, none of the last ones, kept as its hash."""

from typing import Any

from appliance.core.errors import Invalid
from appliance.core.text import Text
from appliance.store import credentials
from webadmin.operation import Asked
from webadmin.panel import Panel
from webadmin.passwords import Policy, check_new


def policy(panel: Panel) -> Policy:
    """What a password must be by now."""
    web, sign_in = panel.settings.web, panel.settings.sign_in
    return Policy(
        web.min_password_length, sign_in.password_kinds, sign_in.refuse_guessable, sign_in.password_history
    )


async def accepted(asked: Asked[Any, Any], user_id: int, name: str, password: str, field: str) -> str:
    """The hash of a password that a person has chosen; the one in force becomes an earlier one.

    Raises: Invalid
    """
    panel = asked.panel
    rule = policy(panel)
    check_new(password, name, rule, field)
    earlier = await panel.ask(credentials.history, user_id, rule.history)
    for position, known in enumerate(earlier):
        if await panel.passwords.matches(known, password):
            problem = Text(en="must differ from the old one", zh="不能与原密码相同")
            if position:
                problem = Text(en="was used before", zh="不能与最近使用过的密码相同")
            raise Invalid(field=field, problem=problem)
    if earlier and rule.history:
        await panel.ask(credentials.remember, user_id, earlier[0])
    return await panel.passwords.hash(password)
