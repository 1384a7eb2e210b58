"""Numbers as people type and spreadsheets show them, made into what a list holds."""

import re

_FILLING = re.compile(r"[\s()./\u2010-\u2015-]+")
_DIALLED = re.compile(r"\*?\+?[0-9]+\*?")


def tidy(number: str) -> str:
    """`(030) 123-45` is 03012345; anything that is no plain number loses only the blanks around it."""
    bare = _FILLING.sub("", number)
    return bare if _DIALLED.fullmatch(bare) else number.strip()
