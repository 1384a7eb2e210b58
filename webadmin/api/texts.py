"""The words of the pages."""

from typing import cast

from appliance.core.text import Language
from webadmin import texts
from webadmin.operation import Asked, Nothing


async def show(asked: Asked[Nothing, Nothing]) -> dict[str, str]:
    """All words in one language, by dotted key."""
    return texts.in_language(cast(Language, asked.path["language"]))
