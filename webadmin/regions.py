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
_TOLD_APART = 7
_LONGEST_PREFIX = 2
"""Digits that are dialled before a national number: 0, 8, 06."""
_MOST_KEPT = 200_000
_SHORTEST, _LONGEST = 2, 17
"""Digits of a national number."""


class _Plan(NamedTuple):
    """What numbers that begin alike have in common.

    `cut`: digits before the national number; `country`: E.164's code. A place is told by all digits up to one of `ends`,
    the longest first; `name` is that of the numbers of which none is.
    """

    cut: int
    country: str
    ends: tuple[int, ...]
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
    threading.Thread(target=_lengths, name="places", daemon=True).start()


def region(number: str, language: Language, country: str) -> str:
    """Where a number is at home; '' when its digits do not tell. `country`: that of numbers without a country's code."""
    return regions(language, country).of(number)


@lru_cache(maxsize=64)
def regions(language: Language, country: str) -> "Regions":
    """What tells the regions of many numbers, as one country writes them."""
    return Regions(language, country)


class Regions:
    """Looks at a number as little as it can: what it has in common with others was judged with the first of them."""

    def __init__(self, language: Language, country: str) -> None:
        self._language: Language = language
        self._country = country
        self._has_own_code = _has_own_code(country)
        self._prefix = _prefix_pattern(country).match
        self._plans: dict[int, dict[str, _Plan | None]] = {}
        self._places = _places()

    def of(self, number: str) -> str:
        """As `region`."""
        begin = number[: _CLASS_DIGITS + (number[:1] == "0")]
        try:
            plan = self._plans[len(number)][begin]
        except KeyError:
            return self._otherwise(number, begin)
        before = self._prefix(number)
        if plan is None or not number.isdigit() or (before is not None and before.end() > _LONGEST_PREFIX):
            return self._otherwise(number, begin)
        for end in plan.ends:
            names = self._places.get(plan.country + number[plan.cut : end])
            if names and self._language in names:
                return names[self._language]
        return plan.name

    def _otherwise(self, number: str, begin: str) -> str:
        """The region of a number of which nothing is known yet, or that is not written plainly."""
        if not number.isdigit():
            digits = number.lstrip("+")
            return self.of(digits) if digits.isdigit() else ""
        if len(number) <= _PREFIX_DIGITS:
            return ""
        is_international = number.startswith("00")
        if is_international or not self._has_own_code:
            own = number.removeprefix("00") if is_international else number
            return _by_prefix(own, self._language, self._country, is_international=is_international)
        before = self._prefix(number)
        if before is not None and before.end() > _LONGEST_PREFIX:
            # The code of a carrier: what follows tells the region, class or not.
            return looked_up(number, self._language, self._country)
        if sum(map(len, self._plans.values())) >= _MOST_KEPT:
            self._plans.clear()
        plans = self._plans.setdefault(len(number), {})
        if begin not in plans:
            plans[begin] = _judged(number, len(begin), self._language, self._country)
        return "" if plans[begin] is None else self.of(number)


@lru_cache(maxsize=512)
def _prefix_pattern(country: str) -> re.Pattern[str]:
    metadata = PhoneMetadata.metadata_for_region(country)
    return re.compile((metadata and metadata.national_prefix_for_parsing) or "(?!)")


def _judged(digits: str, told: int, language: Language, country: str) -> _Plan | None:
    """What holds for all numbers that have as many digits and the first `told` of these."""
    national = national_plainly(digits, country)
    try:
        if national:
            code = phonenumbers.country_code_for_region(country)
            parsed = phonenumbers.PhoneNumber(country_code=code, national_number=int(national))
        else:
            parsed = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return None
    national = national or phonenumbers.national_significant_number(parsed)
    if not digits.endswith(national):
        return None
    kind = phonenumbers.number_type(parsed)
    code = parsed.country_code or 0
    has_areas = kind != phonenumbers.PhoneNumberType.UNKNOWN and is_number_type_geographical(kind, code)
    cut, name = len(digits) - len(national), str(_geocoder().country_name_for_number(parsed, language))
    if not has_areas:
        return _Plan(cut, str(code), (), name)
    whole, places = f"{code}{national}", _places()
    known = len(str(code)) + told - cut
    short = (places.get(whole[:length], {}).get(language) for length in range(known, 0, -1))
    ends = (length - len(str(code)) + cut for length in _longer(whole[:known]))
    return _Plan(cut, str(code), tuple(ends), next((place for place in short if place is not None), name))


def national_plainly(digits: str, country: str) -> str:
    """The national number where nothing but a prefix stands before it, as most are written; '' for the library to parse.

    That takes longer than all else, for it looks for whatever people may write, and finds nothing of it in digits.
    """
    plan = PhoneMetadata.metadata_for_region(country)
    if plan is None or plan.general_desc is None or not digits.isascii():
        return ""
    if digits.startswith(str(plan.country_code)) or re.match(plan.international_prefix or "(?!)", digits):
        return ""
    prefix = _prefix_pattern(country).match(digits)
    national = digits[prefix.end() :] if prefix else digits
    if prefix and plan.national_prefix_transform_rule:
        return ""
    if not _SHORTEST <= len(national) <= _LONGEST or national[0] == "0":
        return ""
    if prefix and (
        re.fullmatch(plan.general_desc.national_number_pattern or "", digits)
        or len(national) not in plan.general_desc.possible_length
    ):
        return ""
    return national


def _longer(begin: str) -> list[int]:
    """Lengths of the places' prefixes that go on after this beginning, the longest first; most would be looked for in vain."""
    lengths = _lengths()
    these = lengths.get(begin[:_TOLD_APART], 0) if len(begin) >= _TOLD_APART else ~0
    most: int = _geocoder().GEOCODE_LONGEST_PREFIX
    return [length for length in range(most, len(begin), -1) if these >> length & 1]


@cache
def _lengths() -> dict[str, int]:
    """By their first digits, the lengths of all longer prefixes, a bit for each."""
    found: dict[str, int] = {}
    for prefix in _places():
        if len(prefix) > _TOLD_APART:
            begin = prefix[:_TOLD_APART]
            found[begin] = found.get(begin, 0) | 1 << len(prefix)
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
