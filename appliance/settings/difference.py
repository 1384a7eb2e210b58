"""What differs between two states of the settings, in words: labels, values with their units, rows by their names.

Secrets are told apart by nobody here: who saves notes which of them changed (`revisions.Revision.secrets`).
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from appliance.core.text import Language, Text
from appliance.settings.form import CHOICE_TEXT, label
from appliance.settings.root import Settings
from appliance.settings.units import unit_in

MOST_NAMES = 12
"""So many entries of a list are named, the others are counted."""

_MOST_LETTERS = 300
_OWN = ("version", "revision")
_KEYS = ("number", "name", "to")
"""By which of its fields a row of a list is known."""

_ON = Text(en="On", zh="启用")
_OFF = Text(en="Off", zh="停用")
_NOTHING = Text(en="(empty)", zh="（空）")
_MORE = Text(en="… {count} in all", zh="…共 {count} 项")
_JOINT: dict[Language, str] = {"en": ", ", "zh": "、"}


class Sort(StrEnum):
    """What happened to a setting, or to a row of one."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    SECRET = "secret"  # noqa: S105 - a sort of change


class Change(NamedTuple):
    """One difference. `path` names the setting, `row` the row inside it, "" when it is the setting itself.

    `label` is every label on the way to it, outermost first. A secret has neither old nor new words.
    """

    path: str
    label: tuple[str, ...]
    row: str
    sort: Sort
    old: str = ""
    new: str = ""


def differences(before: Mapping[str, Any], after: Mapping[str, Any], language: Language) -> Iterator[Change]:
    """What differs between two plain settings, in the order of the form."""
    described = msgspec.inspect.type_info(Settings)
    assert isinstance(described, msgspec.inspect.StructType)
    return _Walk(language).struct(described, before, after, (), ())


def secret(path: str, language: Language) -> Change:
    """That a secret became another one."""
    parts = path.split(".")
    words = (label(".".join(parts[: count + 1])) for count in range(len(parts)))
    return Change(path, tuple(text.render(language) for text in words if text is not None), "", Sort.SECRET)


def section(path: str) -> str:
    """The part of the settings that a path belongs to."""
    return path.split(".", 1)[0]


class _Walk:
    def __init__(self, language: Language) -> None:
        self._language: Language = language

    def struct(
        self,
        kind: msgspec.inspect.StructType,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        path: tuple[str, ...],
        trail: tuple[str, ...],
    ) -> Iterator[Change]:
        for field in kind.fields:
            old, new = before.get(field.encode_name), after.get(field.encode_name)
            if old == new or (not path and field.name in _OWN) or _extra(field.type).get("secret"):
                continue
            here, words = (*path, field.name), (*trail, self._label(field))
            inner = _bare(field.type)
            if isinstance(old, Mapping) and isinstance(new, Mapping):
                kind_of_both = _of_both(inner, old, new)
                if kind_of_both is not None:
                    yield from self.struct(kind_of_both, old, new, here, words)
                    continue
            row = _row_of(inner)
            if row is not None:
                yield from self._rows(row, old or [], new or [], here, words)
            else:
                told = self._words(field, old), self._words(field, new)
                yield Change(".".join(here), words, "", Sort.CHANGED, *told)

    def _rows(
        self,
        kind: msgspec.inspect.StructType,
        before: Sequence[Mapping[str, Any]],
        after: Sequence[Mapping[str, Any]],
        path: tuple[str, ...],
        trail: tuple[str, ...],
    ) -> Iterator[Change]:
        old, new = _keyed(kind, before), _keyed(kind, after)
        here = ".".join(path)
        for key in (one for one in old if one not in new):
            yield Change(here, trail, key, Sort.REMOVED, old=self._row(kind, old[key]))
        for key in (one for one in new if one not in old):
            yield Change(here, trail, key, Sort.ADDED, new=self._row(kind, new[key]))
        both = [key for key in new if key in old]
        for key in both:
            for change in self.struct(kind, old[key], new[key], path, trail):
                yield change._replace(path=here, row=" › ".join(one for one in (key, change.row) if one))
        was = [key for key in old if key in new]
        if was != both:
            yield Change(here, trail, "", Sort.MOVED, self._joined(was), self._joined(both))

    def _row(self, kind: msgspec.inspect.StructType, row: Mapping[str, Any]) -> str:
        """What a row says beyond its name and what every row says."""
        said = [
            f"{self._label(field)}: {self._words(field, row.get(field.encode_name))}"
            for field in kind.fields
            if field.name not in _KEYS and row.get(field.encode_name) not in (None, "", [], _default(field))
        ]
        return self._joined(said)

    def _words(self, field: msgspec.inspect.Field, value: Any) -> str:
        text = self._value(CHOICE_TEXT.get(field.name, {}), _bare(field.type), value)
        unit = _meta(field.type).get("x-unit")
        return f"{text} {unit_in(self._language, unit)}" if unit and isinstance(value, int | float) else text

    def _value(self, choices: Mapping[str, Text], kind: msgspec.inspect.Type, value: Any) -> str:
        if value is None or value in ("", []):
            return _NOTHING.render(self._language)
        if isinstance(value, bool):
            return (_ON if value else _OFF).render(self._language)
        if isinstance(value, Mapping):
            return self._variant(choices, kind, value)
        if isinstance(value, list):
            return self._joined([self._value(choices, kind, one) for one in value])
        if isinstance(value, float):
            return f"{value:g}"
        named = choices.get(value) if isinstance(value, str) else None
        text = str(value) if named is None else named.render(self._language)
        return text if len(text) <= _MOST_LETTERS else text[:_MOST_LETTERS] + "…"

    def _variant(
        self, choices: Mapping[str, Text], kind: msgspec.inspect.Type, value: Mapping[str, Any]
    ) -> str:
        tag = str(value.get("kind", ""))
        name = choices[tag].render(self._language) if tag in choices else tag
        found = _of_both(kind, value, value)
        said = [
            f"{self._label(field)}: {self._words(field, value.get(field.encode_name))}"
            for field in (found.fields if found else ())
        ]
        return " · ".join(part for part in (name, *said) if part)

    def _joined(self, words: Sequence[str]) -> str:
        if len(words) <= MOST_NAMES:
            return _JOINT[self._language].join(words)
        shown = _JOINT[self._language].join(islice(words, MOST_NAMES))
        return f"{shown} {_MORE.render(self._language, count=len(words))}"

    def _label(self, field: msgspec.inspect.Field) -> str:
        text = _extra(field.type).get("text")
        return text.render(self._language) if isinstance(text, Text) else field.name


def _extra(kind: msgspec.inspect.Type) -> Mapping[str, Any]:
    return (kind.extra or {}) if isinstance(kind, msgspec.inspect.Metadata) else {}


def _meta(kind: msgspec.inspect.Type) -> Mapping[str, Any]:
    return (kind.extra_json_schema or {}) if isinstance(kind, msgspec.inspect.Metadata) else {}


def _bare(kind: msgspec.inspect.Type) -> msgspec.inspect.Type:
    while isinstance(kind, msgspec.inspect.Metadata):
        kind = kind.type
    return kind


def _of_both(
    kind: msgspec.inspect.Type, old: Mapping[str, Any], new: Mapping[str, Any]
) -> msgspec.inspect.StructType | None:
    """The struct that both values are of; None when they are of different kinds."""
    members = kind.types if isinstance(kind, msgspec.inspect.UnionType) else (kind,)
    for member in members:
        found = _bare(member)
        if isinstance(found, msgspec.inspect.StructType) and (
            found.tag_field is None or old.get(found.tag_field) == new.get(found.tag_field) == found.tag
        ):
            return found
    return None


def _row_of(kind: msgspec.inspect.Type) -> msgspec.inspect.StructType | None:
    if not isinstance(kind, msgspec.inspect.ListType):
        return None
    item = _bare(kind.item_type)
    return item if isinstance(item, msgspec.inspect.StructType) else None


def _keyed(
    kind: msgspec.inspect.StructType, rows: Sequence[Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """Rows by their names; by their places where they have none."""
    key = next((name for name in _KEYS if any(field.name == name for field in kind.fields)), "")
    return {str(row.get(key) or f"#{place}"): row for place, row in enumerate(rows, start=1)}


def _default(field: msgspec.inspect.Field) -> Any:
    return None if field.default is msgspec.NODEFAULT else field.default
