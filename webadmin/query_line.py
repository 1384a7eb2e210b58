"""The query line: `ext:8031 last week >5min oneway dept:Sales -tag:spam`, read into filters and written from them.

The filters are those of the list's form under the same names, so that a line and a form are one and the same question.
A line is words; a word may be in double quotes wholly or after its colon. What cannot be read is told by its place.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple

from appliance.core.text import Language, Text
from webadmin.query_words import (
    BARE,
    BY_FIELD,
    BY_WORD,
    KEYS,
    NOT_SET_UP,
    RANGE_OF_WORD,
    RANGES,
    plain,
    value_of,
)

MAX_LINE = 500
Filters = dict[str, Any]

_WORD = re.compile(r'(?:[^\s"]|"(?:[^"\\]|\\.)*(?:"|$))+')
_LENGTH = re.compile(r"([<>])=?\s*(\d{1,6}(?:\.\d{1,3})?)\s*([a-z\u4e00-\u9fff]*)", re.IGNORECASE)
_MOS = re.compile(r"(?:mos|音质)<=?([1-5](?:\.\d{1,3})?)", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[0-9*?#]{2,}")
_UNITS = {
    "": 1, "s": 1, "sec": 1, "秒": 1,
    "m": 60, "min": 60, "分": 60, "分钟": 60,
    "h": 3600, "小时": 3600,
}  # fmt: skip
_PAIR = re.compile(r"([^:：]*)[:：](.*)", re.DOTALL)
_MATCH_SIGNS = {"=": "exact", "~": "pattern", "^": "contains"}
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}.*)?")


class Problem(NamedTuple):
    """A word that was not understood, from sign `begin` up to `end`."""

    begin: int
    end: int
    text: Text
    facts: Mapping[str, str] = {}

    def render(self, language: Language) -> str:
        """What is wrong, in words."""
        return self.text.render(language, **self.facts)


class Read(NamedTuple):
    """What a line asks, as far as it could be understood."""

    filters: Filters
    problems: list[Problem]


class _Word(NamedTuple):
    begin: int
    end: int
    text: str


UNKNOWN = Text(en="“{word}” is not understood", zh="无法识别“{word}”")
MEANT = Text(en="“{word}” is not understood; did you mean “{near}”?", zh="无法识别“{word}”，是否指“{near}”？")
NO_VALUE = Text(en="“{key}:” needs a value behind the colon", zh="“{key}:”后面需要填写内容")
WRONG_VALUE = Text(en="“{value}” is no value of “{key}:”", zh="“{key}:”没有“{value}”这个取值")
NO_WITHOUT = Text(en="“{key}:” cannot be excluded with a minus sign", zh="“{key}:”不支持用减号排除")
TWICE = Text(en="“{word}” contradicts an earlier word of the line", zh="“{word}”与前面的条件重复")
WRONG_UNIT = Text(
    en="“{unit}” is no unit of time; use s, min or h", zh="“{unit}”不是时间单位，请用秒、分钟或小时"
)
WRONG_TIME = Text(
    en="“{value}” is no time; write 2026-11-21 or 2026-11-21T08:30",
    zh="“{value}”不是时间，请写成 2026-11-21 或 2026-11-21T08:30",
)
NO_TRANSCRIPTS = Text(en="Searching what was said is not set up on this box", zh="本机尚未启用通话文本检索")
TOO_LONG = Text(en="The line is too long", zh="查询语句过长")


def read(line: str, zone: tzinfo, departments: Mapping[str, int] | None = None) -> Read:
    """Understand a line; `departments` are ids by name, times without an offset those of `zone`."""
    if len(line) > MAX_LINE:
        return Read({}, [Problem(MAX_LINE, len(line), TOO_LONG)])
    reader = _Reader(zone, departments or {})
    words = list(_joined(list(words_of(line))))
    for word in words:
        reader.take(word)
    return Read(reader.filters, reader.problems)


def words_of(line: str) -> Iterator[_Word]:
    """The words and where they stand."""
    for found in _WORD.finditer(line):
        yield _Word(found.start(), found.end(), found.group())


def write(filters: Filters, language: Language = "en", departments: Mapping[int, str] | None = None) -> str:
    """The line that asks the same; reading it gives these filters again."""
    chinese = language == "zh"
    words: list[str] = []
    if (given := filters.get("range")) in RANGES:
        words.append(RANGES[given].render(language))
    for key in KEYS:
        name = next((word for word in key.words if (word > "\u2e7f") == chinese), key.words[0])
        for field, sign in ((key.field, ""), (key.without, "-")):
            value = filters.get(field) if field else None
            if value in (None, ""):
                continue
            shown = str(value)
            if field == "number":
                words.append(f"{name}:{_quoted(_matched(shown, filters.get('match', 'contains')))}")
                continue
            if field in ("caller", "callee"):
                shown = _matched(shown, filters.get("match", "contains"))
            elif field == "department" and departments:
                shown = departments.get(int(shown), shown)
            elif key.values is not None and (text := {str(k): v for k, v in key.values.items()}.get(shown)):
                shown = text.zh if chinese else (shown if field != "sort" else text.en)
            words.append(f"{sign}{name}:{_quoted(shown)}")
    words += [
        f"{sign}{_length(filters[field], chinese=chinese)}"
        for field, sign in (("min_s", ">"), ("max_s", "<"))
        if filters.get(field) is not None
    ]
    if filters.get("max_mos") is not None:
        words.append(f"mos<{_plain_number(filters['max_mos'])}")
    return " ".join(words)


class _Reader:
    def __init__(self, zone: tzinfo, departments: Mapping[str, int]) -> None:
        self.filters: Filters = {}
        self.problems: list[Problem] = []
        self._zone = zone
        self._departments = {name.casefold(): key for name, key in departments.items()}

    def take(self, word: _Word) -> None:  # noqa: PLR0911 - one return for each thing a word can be
        """Add what one word says."""
        text = word.text
        if (name := RANGE_OF_WORD.get(text.casefold())) is not None:
            return self._set(word, "range", name)
        if found := _MOS.fullmatch(text):
            return self._set(word, "max_mos", float(found[1]))
        if found := _LENGTH.fullmatch(text):
            return self._take_length(word, found)
        minus, rest = (True, text[1:]) if text.startswith("-") and len(text) > 1 else (False, text)
        if not rest.startswith('"') and (pair := _PAIR.fullmatch(rest)):
            return self._take_pair(word, pair[1], pair[2], minus=minus)
        if (meaning := BARE.get(plain(_unquoted(rest)))) is not None:
            return self._take_value(word, BY_FIELD[meaning[0]].words[0], meaning[0], meaning[1], minus=minus)
        if _NUMBER.fullmatch(rest):
            return self._take_value(word, "num", "number", rest, minus=minus)
        near = difflib.get_close_matches(rest.casefold(), [*BARE, *RANGE_OF_WORD, *BY_WORD], n=1)
        return self._wrong(word, MEANT if near else UNKNOWN, word=rest, near=near[0] if near else "")

    def _take_pair(self, word: _Word, head: str, value: str, *, minus: bool) -> None:
        key = BY_WORD.get(head.casefold())
        if head.casefold() in NOT_SET_UP:
            return self._wrong(word, NO_TRANSCRIPTS)
        if key is None:
            near = difflib.get_close_matches(head.casefold(), list(BY_WORD), n=1)
            return self._wrong(
                word, MEANT if near else UNKNOWN, word=head, near=f"{near[0]}:" if near else ""
            )
        given = _unquoted(value).strip()
        if not given:
            return self._wrong(word, NO_VALUE, key=head)
        meant = value_of(key, given)
        if meant is None:
            return self._wrong(word, WRONG_VALUE, key=head, value=given)
        return self._take_value(word, head, key.field, meant, minus=minus)

    def _take_value(self, word: _Word, head: str, field: str, value: str, *, minus: bool) -> None:
        key = BY_FIELD[field]
        if minus and not key.without:
            return self._wrong(word, NO_WITHOUT, key=head)
        if minus:
            return self._set(word, key.without, value)
        if field == "department":
            found = self._departments.get(
                value.casefold(), int(value) if value.isdecimal() and len(value) < 10 else None
            )
            return (
                self._wrong(word, WRONG_VALUE, key=head, value=value)
                if found is None
                else self._set(word, field, found)
            )
        if field in ("from", "to"):
            return self._take_time(word, field, value)
        if field in ("number", "caller", "callee"):
            return self._take_number(word, field, value)
        return self._set(word, field, value)

    def _take_number(self, word: _Word, field: str, value: str) -> None:
        number, match = _match_of(value)
        if self.filters.get("match", match) != match:
            return self._wrong(word, TWICE, word=word.text)
        self._set(word, field, number)
        self.filters["match"] = match
        return None

    def _take_time(self, word: _Word, field: str, value: str) -> None:
        if not _TIME.fullmatch(value):
            return self._wrong(word, WRONG_TIME, value=value)
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            return self._wrong(word, WRONG_TIME, value=value)
        if at.tzinfo is None:
            at = at.replace(tzinfo=self._zone)
        try:
            if "T" not in value and field == "to":
                at += timedelta(days=1)  # the day that is named belongs to it
            at = at.astimezone(UTC)
        except OverflowError:
            return self._wrong(word, WRONG_TIME, value=value)
        if "range" in self.filters:
            return self._wrong(word, TWICE, word=word.text)
        return self._set(word, field, at.isoformat().replace("+00:00", "Z"))

    def _take_length(self, word: _Word, found: re.Match[str]) -> None:
        unit = _UNITS.get(found[3].casefold())
        if unit is None:
            return self._wrong(word, WRONG_UNIT, unit=found[3])
        return self._set(word, "min_s" if found[1] == ">" else "max_s", float(found[2]) * unit)

    def _set(self, word: _Word, field: str, value: object) -> None:
        if field in self.filters or (field == "range" and {"from", "to"} & set(self.filters)):
            return self._wrong(word, TWICE, word=word.text)
        self.filters[field] = value
        return None

    def _wrong(self, word: _Word, text: Text, /, **facts: str) -> None:
        self.problems.append(Problem(word.begin, word.end, text, facts))


def _joined(words: list[_Word]) -> Iterator[_Word]:
    """Two words that are one time (`last week`), or a length with a blank before its unit (`> 5 min`)."""
    at = 0
    while at < len(words):
        for many in (3, 2):
            part = words[at : at + many]
            text = " ".join(word.text for word in part)
            if len(part) == many and (text.casefold() in RANGE_OF_WORD or _is_length(text)):
                yield _Word(part[0].begin, part[-1].end, text)
                at += many
                break
        else:
            yield words[at]
            at += 1


def _is_length(text: str) -> bool:
    found = _LENGTH.fullmatch(text)
    return found is not None and found[3].casefold() in _UNITS


def _matched(number: str, match: str) -> str:
    plainly = f"^{number}" if set("*?") & set(number) or number[:1] in "=~^" else number
    signs = {"prefix": f"{number}*", "suffix": f"*{number}", "exact": f"={number}", "pattern": f"~{number}"}
    return (
        signs.get(match, plainly)
        if match not in ("prefix", "suffix") or plainly == number
        else f"~{signs[match]}"
    )


def _match_of(value: str) -> tuple[str, str]:
    """`5039*` begins with it, `*5039` ends with it, `=5039` is it, `50?9*1` is a pattern, anything else contains it.

    `^*72` contains the very signs, `~` marks a pattern that has none.
    """
    if len(value) > 1 and value[0] in _MATCH_SIGNS:
        return value[1:], _MATCH_SIGNS[value[0]]
    core = value.strip("*")
    if (
        not core
        or "*" in core
        or "?" in core
        or value.count("*") > 2 - (not value.startswith("*")) - (not value.endswith("*"))
    ):
        return (value, "pattern") if set("*?") & set(value) else (value, "contains")
    if value == f"{core}*":
        return core, "prefix"
    return (core, "suffix") if value == f"*{core}" else (core, "contains")


def _quoted(text: str) -> str:
    if re.fullmatch(r'[^\s":：]+', text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text
    inner = text[1:-1] if len(text) > 1 and text.endswith('"') and not text.endswith('\\"') else text[1:]
    return re.sub(r"\\(.)", r"\1", inner)


def _length(seconds: float, *, chinese: bool) -> str:
    if seconds and seconds % 60 == 0:
        return f"{_plain_number(seconds / 60)}{'分钟' if chinese else 'min'}"
    return f"{_plain_number(seconds)}{'秒' if chinese else 's'}"


def _plain_number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def span_of(name: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime | None]:
    """Begin and end of a time given by name, as the clock of a place counts it; weeks begin on Monday (ISO 8601)."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    spans: dict[str, tuple[date, date | None]] = {
        "today": (today, None),
        "yesterday": (today - timedelta(days=1), today),
        "week": (monday, None),
        "last_week": (monday - timedelta(days=7), monday),
        "month": (first, None),
        "last_month": (before, first),
        "year": (today.replace(month=1, day=1), None),
    }
    begin, end = spans[name]
    return _midnight(begin, zone), None if end is None else _midnight(end, zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
