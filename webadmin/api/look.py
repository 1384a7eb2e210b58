"""Looking at the panel as another person sees it: their permissions and scope, nothing can be changed, all is logged."""

import msgspec

from appliance.store import people
from webadmin import audit
from webadmin.api.users import DepartmentId, NotYourself
from webadmin.authority import check_user
from webadmin.operation import Asked, Nothing


class LookWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Through whose eyes."""

    user_id: DepartmentId


async def begin(asked: Asked[Nothing, LookWanted]) -> None:
    """Look at the panel as this person sees it, in this session, until that is ended."""
    assert asked.visitor.person is not None
    user_id = asked.body.user_id
    if user_id == asked.visitor.person.id:
        raise NotYourself
    await check_user(asked, user_id)
    person = await asked.panel.ask(people.get, user_id)
    await asked.panel.ask(people.look_as, asked.visitor.token, user_id)
    audit.note(asked, "began to look as somebody else", subject=person.name)


async def end(asked: Asked[Nothing, Nothing]) -> None:
    """See the panel with one's own eyes again."""
    await asked.panel.ask(people.look_as, asked.visitor.token, None)
    audit.note(asked, "looks with own eyes again")
