"""Where numbers are at home, as far as their first digits tell: fast enough for all the numbers of a month.

The library judges one number in some twenty microseconds, and a month holds a hundred thousand different ones. So it
judges what numbers have in common, once; what is left for each is a look into its table of prefixes.

Source: ITU-T E.164; the numbering plans and the table of prefixes as the library knows them
"""

import importlib
import re
import threading
from functools import cache, lru_cache
from types import ModuleType
from typing import NamedTuple

import phonenumbers
from phonenumbers.phonemetadata import PhoneMetadata
from phonenumbers.phonenumberutil import (
    country_mobile_token,
    is_number_type_geographical,
    region_codes_for_country_code,
)

from appliance.core.text import Language

_PREFIX_DIGITS = 7
_CLASS_DIGITS = 5
_TOLD_APART = 5
_LONGEST_PREFIX = 2
"""Digits that are dialled before a national number: 0, 8, 06."""
_MOST_KEPT = 200_000


class _Plan(NamedTuple):
    """What numbers that begin alike have in common.

    `cut`: digits before the national number; `country`: E.164's code; `lengths`: of the prefixes that may fit, longest first.
    """

    cut: int
    country: str
    lengths: tuple[int, ...]
    name: str


@cache
def _geocoder() -> ModuleType:
    """The library's places: a hundred megabytes and a third of a panel's start, for those who ask where calls come from."""
    return importlib.import_module("phonenumbers.geocoder")


@cache
def _places() -> dict[str, dict[str, str]]:
    """Names by prefix and language."""
    return _geocoder().GEOCODE_DATA  # type: ignore[no-any-return]


_regions: dict[tuple[str, Language, str], str] = {}


@cache
def prepare() -> None:
    """Load the places beside what goes on, once: whoever looks at statistics may ask for regions next."""
    threading.Thread(target=_longer, name="places", daemon=True).start()


def region(number: str, language: Language, country: str) -> str:
    """Where a number is at home; '' when its digits do not tell. `country`: that of numbers without a country's code."""
    digits = number.lstrip("+")
    if not digits.isdigit() or len(digits) <= _PREFIX_DIGITS:
        return ""
    is_international = digits.startswith("00")
    if is_international or not _has_own_code(country):
        own = digits.removeprefix("00") if is_international else digits
        return _by_prefix(own, language, country, is_international=is_international)
    if _names_carrier(digits, country):
        return looked_up(digits, language, country)
    plan = _plan_of(digits[: _CLASS_DIGITS + digits.startswith("0")], digits, language, country)
    if plan is None:
        return ""
    whole, places = plan.country + digits[plan.cut :], _places()
    for length in plan.lengths:
        names = places.get(whole[:length])
        if names and language in names:
            return names[language]
    return plan.name


def _names_carrier(digits: str, country: str) -> bool:
    """Whether the number may begin with the code of a carrier: what follows then tells the region, class or not."""
    begin = _prefix_pattern(country).match(digits)
    return begin is not None and begin.end() > _LONGEST_PREFIX


@lru_cache(maxsize=512)
def _prefix_pattern(country: str) -> re.Pattern[str]:
    metadata = PhoneMetadata.metadata_for_region(country)
    return re.compile((metadata and metadata.national_prefix_for_parsing) or "(?!)")


_plans: dict[tuple[str, int, Language, str], _Plan | None] = {}


def _plan_of(begin: str, digits: str, language: Language, country: str) -> _Plan | None:
    key = (begin, len(digits), language, country)
    if key not in _plans:
        if len(_plans) >= _MOST_KEPT:
            _plans.clear()
        _plans[key] = _judged(digits, language, country)
    return _plans[key]


def _judged(digits: str, language: Language, country: str) -> _Plan | None:
    try:
        parsed = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return None
    national = phonenumbers.national_significant_number(parsed)
    if not digits.endswith(national):
        return None
    kind = phonenumbers.number_type(parsed)
    code = parsed.country_code or 0
    has_areas = kind != phonenumbers.PhoneNumberType.UNKNOWN and is_number_type_geographical(kind, code)
    name = str(_geocoder().country_name_for_number(parsed, language))
    lengths = _lengths(f"{code}{national}"[:_TOLD_APART]) if has_areas else ()
    return _Plan(len(digits) - len(national), str(code), lengths, name)


def _lengths(begin: str) -> tuple[int, ...]:
    """Lengths of the prefixes that numbers with this beginning may have; most would be looked for in vain."""
    short = [length for length in range(1, len(begin) + 1) if begin[:length] in _places()]
    return tuple(sorted({*short, *_longer().get(begin, ())}, reverse=True))


@cache
def _longer() -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for prefix in _places():
        if len(prefix) > _TOLD_APART:
            found.setdefault(prefix[:_TOLD_APART], set()).add(len(prefix))
    return found


@lru_cache(maxsize=512)
def _has_own_code(country: str) -> bool:
    """Whether all numbers behind the country's code are the country's, and written alike for mobiles."""
    code = phonenumbers.country_code_for_region(country)
    return len(region_codes_for_country_code(code)) == 1 and not country_mobile_token(code)


def _by_prefix(digits: str, language: Language, country: str, *, is_international: bool) -> str:
    """As the library says of the first of these that came."""
    key = (
        digits[:_PREFIX_DIGITS] + ("+" if is_international else f"/{len(digits)}"),
        language,
        country,
    )
    if key not in _regions:
        if len(_regions) >= _MOST_KEPT:
            _regions.clear()
        _regions[key] = looked_up(f"+{digits}" if is_international else digits, language, country)
    return _regions[key]


def looked_up(number: str, language: Language, country: str) -> str:
    """What the library says of one number."""
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return ""
    return str(
        _geocoder().description_for_number(parsed, language)
        or _geocoder().country_name_for_number(parsed, language)
    )
