"""Units of settings in words; those that are written alike everywhere are not here."""

from appliance.core.text import Language, Text

UNIT_TEXT: dict[str, Text] = {
    "ms": Text(en="ms", zh="毫秒"),
    "s": Text(en="seconds", zh="秒"),
    "min": Text(en="minutes", zh="分钟"),
    "h": Text(en="hours", zh="小时"),
    "d": Text(en="days", zh="天"),
    "mo": Text(en="months", zh="个月"),
}


def unit_in(language: Language, unit: str) -> str:
    """The unit as people of this language write it."""
    return UNIT_TEXT[unit].render(language) if unit in UNIT_TEXT else unit
