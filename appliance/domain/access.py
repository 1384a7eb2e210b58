"""What a person may see: everything, or the calls of certain numbers. Rights to act stand in `roles`.

A scope is part of every question that is put to the ledger, never a filter on its answer: counts, statistics and
pages are then right by themselves.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from appliance.core.text import Text

MASK = "****"
SHOWN_BEFORE = 3
SHOWN_AFTER = 4
WHOLE_UP_TO = 5
"""Digits of the longest number that is an extension or a service, not a person's own: it is shown in full."""


class ScopeKind(StrEnum):
    """How a person's scope is given: by departments with all below them, or by single extensions."""

    EVERYTHING = "everything"
    DEPARTMENTS = "departments"
    EXTENSIONS = "extensions"


SCOPE_KIND_TEXT: dict[ScopeKind, Text] = {
    ScopeKind.EVERYTHING: Text(en="All calls", zh="全部通话"),
    ScopeKind.DEPARTMENTS: Text(en="By department", zh="按部门"),
    ScopeKind.EXTENSIONS: Text(en="By extension", zh="按分机"),
}


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """The calls a person may know of: those with at least one end among `numbers`, unless `everything`.

    Shape: numbers are keys as `appliance.store.row.number_key` makes them
    """

    everything: bool = False
    numbers: frozenset[str] = frozenset()

    def admits(self, keys: Iterable[str]) -> bool:
        """Whether a call between these number keys is inside."""
        return self.everything or not self.numbers.isdisjoint(keys)

    def covers(self, other: "Scope") -> bool:
        """Whether whoever has the other scope knows some calls, and none beyond this one."""
        return self.everything or (
            not other.everything and bool(other.numbers) and other.numbers <= self.numbers
        )

    def within(self, other: "Scope") -> "Scope":
        """What both admit by their numbers."""
        if self.everything:
            return other
        return self if other.everything else Scope(numbers=self.numbers & other.numbers)


EVERYTHING = Scope(everything=True)
NOTHING = Scope()


def masked(number: str) -> str:
    """The number for people who may not see it in full: `13812340001` → `138****0001`.

    Four signs at least are hidden, shorter numbers show less at both ends: `62345678` → `62****78`. Extensions and
    service numbers (`8001`, `10086`) stay whole. A leading + does not count, so that a number and its key are shown
    alike. What is masked already stays as it is.
    """
    plus, digits = ("+", number[1:]) if number.startswith("+") else ("", number)
    if not digits or (len(digits) <= WHOLE_UP_TO and not set(digits) - _KEYS):
        return number
    if len(digits) <= WHOLE_UP_TO:
        return plus + MASK + digits[-1]
    shown = min(len(digits) - len(MASK), SHOWN_BEFORE + SHOWN_AFTER)
    return plus + digits[: shown // 2] + MASK + digits[-(shown - shown // 2) :]


def masked_within(text: str) -> str:
    """A short text that somebody typed, with every run of digits that is longer than an extension as `masked` shows it.

    Stands in no answer alone: searches in such texts compare this form, so that hidden digits cannot be tried out.
    """
    return _LONG_RUN.sub(lambda found: masked(found[0]), text)


_KEYS = frozenset("0123456789*#")
_LONG_RUN = re.compile(f"[0-9]{{{WHOLE_UP_TO + 1},}}")
