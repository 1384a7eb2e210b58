"""Four eyes: a second person confirms a session of a guarded role in the same browser, and proves who he is as in a sign-in."""

from appliance.core.errors import ApplianceError, Conflict, Denied
from appliance.core.text import Text
from appliance.domain.roles import Permission
from appliance.store import people, sessions
from webadmin import audit
from webadmin.api.session import (
    SecondFactor,
    SessionAnswer,
    SignIn,
    answer_for,
    ask_second,
    first_half,
    second_half,
    take_half,
)
from webadmin.operation import Asked, Nothing
from webadmin.refusals import SignInNeeded


class NothingToConfirm(Conflict):
    """The role needs no second person, or nothing sensitive is in it."""

    text = Text(en="Your role needs no second person.", zh="您的角色无需第二人确认。")


class MustBeAnother(Conflict):
    """Four eyes are two people's."""

    text = Text(en="The second person must be somebody else.", zh="第二人必须是其他用户。")


class MayNotConfirm(Denied):
    """The permission is not theirs."""

    text = Text(
        en="This user may not confirm for others; a role with that permission is needed.",
        zh="该用户无权作为第二人确认，其角色须具备相应权限。",
    )


class MustSignInFirst(Denied):
    """A one-time or too old password, or a second factor that is wanted and missing."""

    text = Text(
        en="This user must sign in alone first: a new password or a second factor is due.",
        zh="该用户须先自行登录，设置新密码或双重验证。",
    )


async def give(asked: Asked[Nothing, SignIn]) -> SessionAnswer:
    """Confirm this session as the second person, with name and password."""
    session = _session(asked)
    came = await first_half(asked)
    _check(asked, came.person, came.held)
    if came.factors.any:
        return ask_second(asked, came, session)
    return await _confirmed(asked, came.person, came.method)


async def give_second(asked: Asked[Nothing, SecondFactor]) -> SessionAnswer:
    """Finish a confirmation with the second person's second factor."""
    half = take_half(asked, _session(asked))
    try:
        factor = await second_half(asked, half)
        person = await asked.panel.ask(people.get, half.user_id)
        _check(asked, person, half.held)
    except ApplianceError:
        audit.note(asked, "a second person was refused", name=half.name)
        raise
    return await _confirmed(asked, person, f"{half.method}+{factor}")


async def end(asked: Asked[Nothing, Nothing]) -> None:
    """Take the second person's confirmation of this session back."""
    await asked.panel.ask(people.confirm, asked.visitor.token, None, asked.panel.now())
    audit.note(asked, "confirmation ended")


def _session(asked: Asked[Nothing, SignIn] | Asked[Nothing, SecondFactor]) -> str:
    """The handle of the session that is to be confirmed.

    Raises: NothingToConfirm
    """
    visitor = asked.visitor
    is_held = visitor.held or (visitor.person and visitor.person.must_change)
    if is_held or not (visitor.awaited or visitor.confirmation):
        raise NothingToConfirm
    return sessions.handle_of(visitor.token)


def _check(
    asked: Asked[Nothing, SignIn] | Asked[Nothing, SecondFactor], second: people.Person, held: str
) -> None:
    """Refuse who cannot be the second person here.

    Raises: MustBeAnother, MayNotConfirm, MustSignInFirst
    """
    assert asked.visitor.person is not None
    if second.id == asked.visitor.person.id:
        raise MustBeAnother
    if Permission.CONFIRM not in second.permissions:
        raise MayNotConfirm
    if held or second.must_change:
        raise MustSignInFirst


async def _confirmed(
    asked: Asked[Nothing, SignIn] | Asked[Nothing, SecondFactor], second: people.Person, method: str
) -> SessionAnswer:
    panel, visitor = asked.panel, asked.visitor
    await panel.ask(people.confirm, visitor.token, second.id, panel.now())
    session = await panel.ask(people.session, visitor.token, panel.now(), panel.timeouts)
    if session is None:
        raise SignInNeeded
    audit.note(asked, "confirmed by a second person", name=second.name, method=method)
    return answer_for(asked, visitor._replace(confirmation=session.confirmation))
