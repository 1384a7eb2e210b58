"""Nobody gives away, or rules over, more than is theirs: without this, whoever manages users could become anybody."""

from typing import Any

from appliance.core.errors import Denied
from appliance.core.text import Text
from appliance.domain.access import ScopeKind
from appliance.domain.roles import Power
from appliance.store import rights
from appliance.store.database import Database
from appliance.store.rights import Rights
from webadmin.operation import Asked


class BeyondYourRights(Denied):
    """More than the person who asks has."""

    text = Text(
        en="This goes beyond your own rights: nobody can give, change or look through rights that are not theirs.",
        zh="超出您自身的权限：不能授予、修改或查看超出自身范围的权限。",
    )


class NeedsWholeScope(Denied):
    """What changes everybody's view cannot be left to somebody who sees a part."""

    text = Text(
        en="Only people who may see all calls can do this.",
        zh="仅数据范围为“全部通话”的用户可执行此操作。",
    )


class NeedsFullNumbers(Denied):
    """A list of numbers in full is not for those who see them in part."""

    text = Text(
        en="Only people who may see numbers in full can do this.", zh="仅有权查看完整号码的用户可执行此操作。"
    )


async def check_rights(asked: Asked[Any, Any], wanted: Rights) -> None:
    """Refuse to give more than one's own.

    Raises: BeyondYourRights, NotFound when role or departments do not exist
    """
    assert asked.visitor.person is not None
    if await asked.panel.ask(_exceeds, asked.visitor.person.id, wanted):
        raise BeyondYourRights


async def check_user(asked: Asked[Any, Any], user_id: int) -> None:
    """Refuse to touch somebody who has more rights than oneself.

    Raises: BeyondYourRights, NotFound
    """
    await check_rights(asked, await asked.panel.ask(rights.of_user, user_id))


def check_power(asked: Asked[Any, Any], wanted: Power) -> None:
    """Refuse permissions that are not one's own, or that one has with a second person only.

    Raises: BeyondYourRights
    """
    assert asked.visitor.person is not None
    if wanted.exceeds(asked.visitor.person.power):
        raise BeyondYourRights


def check_whole_scope(asked: Asked[Any, Any]) -> None:
    """Refuse those whose scope is a part, whatever the view list hides.

    Raises: NeedsWholeScope
    """
    person = asked.visitor.person
    if person is None or not (person.is_super or person.kind is ScopeKind.EVERYTHING):
        raise NeedsWholeScope


def check_full_numbers(asked: Asked[Any, Any]) -> None:
    """Refuse those who see numbers in part only.

    Raises: NeedsFullNumbers
    """
    if asked.visitor.is_masked:
        raise NeedsFullNumbers


def check_directory(asked: Asked[Any, Any]) -> None:
    """Refuse the directory to those who see a part of the calls, which it decides, or of the numbers, which it lists.

    Raises: NeedsWholeScope, NeedsFullNumbers
    """
    check_whole_scope(asked)
    check_full_numbers(asked)


def _exceeds(database: Database, own_id: int, wanted: Rights) -> bool:
    return rights.exceeds(database, rights.of_user(database, own_id), wanted)
