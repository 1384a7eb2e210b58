"""Forms made from the settings' own types: the words, kinds and bounds that the page shows, as numbered lines.

Nothing here knows a particular setting: a new one appears by itself. A value is plain data until it is decoded.
"""

from typing import Any

import msgspec
from msgspec import inspect

from appliance.console.terminal import Terminal
from appliance.core.problem import invalid
from appliance.core.text import Text
from appliance.settings.form import CHOICE_TEXT

_BACK = Text(en="Number to change, Enter = done:", zh="输入编号修改，回车完成：")
_ROWS = Text(
    en="Number to change, a = add, d NUMBER = delete, Enter = done:",
    zh="编号=修改，a=新增，d 编号=删除，回车完成：",
)
_VALUE = Text(en="{name} [{value}]:", zh="{name} [{value}]：")
_LIST = Text(
    en="{name}, with commas between, - = none [{value}]:", zh="{name}，逗号分隔，- 表示无 [{value}]："
)
_CHOICE = Text(en="Number [{value}]:", zh="编号 [{value}]：")
_YES = Text(en="yes", zh="是")
_NO = Text(en="no", zh="否")
_NONE = Text(en="none", zh="无")
_SECRET = Text(en="not shown", zh="不显示")
_WRONG = Text(en="Not possible: {problem}", zh="无法接受：{problem}")
_NO_SUCH = Text(en="There is no such number.", zh="没有此编号。")


def edit(
    terminal: Terminal, kind: type[msgspec.Struct], value: dict[str, Any], title: str = ""
) -> dict[str, Any]:
    """Let somebody change the fields of a struct until it is done; every change is judged by the type at once."""
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)
    fields = [field for field in described.fields if _words(field.type) is not None]
    while True:
        terminal.say()
        if title:
            terminal.say(title)
        terminal.table(
            [
                [
                    f"{place:>3}",
                    _label(terminal, field),
                    shown(terminal, field.type, field.name, value.get(field.name)),
                ]
                for place, field in enumerate(fields, 1)
            ]
        )
        answer = terminal.ask(_BACK)
        if not answer:
            return value
        chosen = _numbered(answer, fields)
        if chosen is None:
            terminal.say(_NO_SUCH)
            continue
        text = _words(chosen.type)
        if text is not None and _help(chosen.type) is not None:
            terminal.say(terminal.text(_help(chosen.type) or text))
        wanted = {**value, chosen.name: _asked(terminal, chosen.type, chosen.name, value.get(chosen.name))}
        problem = wrong(wanted, kind, terminal)
        if problem:
            terminal.say(_WRONG, problem=problem)
        else:
            value = wanted


def wrong(value: object, kind: type[msgspec.Struct], terminal: Terminal) -> str:
    """Why a value is none of this kind, "" when it is."""
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        return invalid(str(error), kind.__name__).message(terminal.language)
    return ""


def shown(terminal: Terminal, described: inspect.Type, name: str, value: Any) -> str:
    """A value in a few words."""
    bare = _bare(described)
    if _is_secret(described):
        return terminal.text(_SECRET) if value else terminal.text(_NONE)
    if isinstance(bare, inspect.BoolType):
        return terminal.text(_YES if value else _NO)
    if isinstance(bare, inspect.EnumType):
        return _choice(terminal, name, str(value))
    if isinstance(bare, inspect.ListType):
        rows = list(value or [])
        item = _bare(bare.item_type)
        words = [row_words(terminal, item, row) if isinstance(row, dict) else str(row) for row in rows]
        return ", ".join(words) or terminal.text(_NONE)
    if isinstance(value, dict):
        return _variant_words(terminal, bare, name, value)
    return "" if value is None else str(value)


def row_words(terminal: Terminal, described: inspect.Type, row: dict[str, Any]) -> str:
    """One row of a list: what its fields say that say something."""
    if not isinstance(described, inspect.StructType):
        return str(row)
    return " ".join(
        words
        for field in described.fields
        if (words := shown(terminal, field.type, field.name, row.get(field.name)))
        not in ("", "0", terminal.text(_NONE))
    )


def _variant_words(terminal: Terminal, described: inspect.Type, name: str, value: dict[str, Any]) -> str:
    for kind in _kinds(described):
        tag_field, tag = kind.tag_field, kind.tag
        if tag_field is not None and value.get(tag_field) == tag:
            rest = row_words(terminal, kind, value)
            return f"{_choice(terminal, name, str(tag))} {rest}".strip()
    return row_words(terminal, described, value)


def _asked(terminal: Terminal, described: inspect.Type, name: str, value: Any) -> Any:
    bare = _bare(described)
    label = terminal.text(_words(described) or Text(en=name, zh=name))
    now = shown(terminal, described, name, value)
    if isinstance(bare, inspect.BoolType):
        return terminal.agreed(Text(en="{name}", zh="{name}"), name=label)
    if isinstance(bare, inspect.EnumType):
        return _chosen(terminal, name, [str(one.value) for one in bare.cls], str(value), now)
    if isinstance(bare, inspect.ListType):
        return _list(terminal, _bare(bare.item_type), list(value or []), label, now)
    if kinds := _kinds(bare):
        return _variant(terminal, kinds, name, dict(value or {}), now)
    answer = (
        terminal.ask_secret(Text(en=f"{label}:", zh=f"{label}："))
        if _is_secret(described)
        else terminal.ask(_VALUE, name=label, value=now)
    )
    return _scalar(bare, answer) if answer else value


def _list(terminal: Terminal, item: inspect.Type, rows: list[Any], label: str, now: str) -> list[Any]:
    if isinstance(item, inspect.StructType):
        return _rows(terminal, item, rows, label)
    answer = terminal.ask(_LIST, name=label, value=now)
    if not answer:
        return rows
    given = [one.strip() for one in answer.replace("，", ",").split(",") if one.strip()]
    return [] if answer == "-" else [_scalar(item, one) for one in given]


def _variant(
    terminal: Terminal, kinds: list[inspect.StructType], name: str, value: dict[str, Any], now: str
) -> dict[str, Any]:
    tags = [str(kind.tag) for kind in kinds]
    tag_field = kinds[0].tag_field or ""
    chosen = kinds[0]
    if len(kinds) > 1:
        tag = _chosen(terminal, name, tags, str(value.get(tag_field, "")), now)
        chosen = kinds[tags.index(tag)] if tag in tags else kinds[0]
        if value.get(tag_field) != tag:
            value = msgspec.to_builtins(msgspec.convert({tag_field: tag}, chosen.cls))
    return edit(terminal, chosen.cls, value) if chosen.fields else value


def _rows(
    terminal: Terminal, item: inspect.StructType, rows: list[dict[str, Any]], label: str
) -> list[dict[str, Any]]:
    while True:
        terminal.say()
        terminal.say(label)
        terminal.table([[f"{place:>3}", row_words(terminal, item, row)] for place, row in enumerate(rows, 1)])
        answer = terminal.ask(_ROWS).lower()
        if not answer:
            return rows
        if answer == "a":
            made = _new(terminal, item)
            if made is not None:
                rows = [*rows, edit(terminal, item.cls, made)]
            continue
        is_delete = answer.startswith("d")
        at = _place(answer.removeprefix("d").strip(), rows)
        if at is None:
            terminal.say(_NO_SUCH)
        elif is_delete:
            rows = [row for place, row in enumerate(rows) if place != at]
        else:
            rows = [*rows[:at], edit(terminal, item.cls, rows[at]), *rows[at + 1 :]]


def _new(terminal: Terminal, item: inspect.StructType) -> dict[str, Any] | None:
    """A fresh row: what has no default is asked for first; None when that is no row."""
    given = {
        field.name: _asked(terminal, field.type, field.name, None) for field in item.fields if field.required
    }
    problem = wrong(given, item.cls, terminal)
    if problem:
        terminal.say(_WRONG, problem=problem)
        return None
    made: dict[str, Any] = msgspec.to_builtins(msgspec.convert(given, item.cls))
    return made


def _chosen(terminal: Terminal, name: str, values: list[str], value: str, now: str) -> str:
    terminal.table([[f"{place:>3}", _choice(terminal, name, one)] for place, one in enumerate(values, 1)])
    at = _place(terminal.ask(_CHOICE, value=now), values)
    return value if at is None else values[at]


def _choice(terminal: Terminal, name: str, value: str) -> str:
    text = CHOICE_TEXT.get(name, {}).get(value)
    return terminal.text(text) if text else value


def _scalar(described: inspect.Type, answer: str) -> Any:
    """What somebody typed as the type wants it; what does not fit is left for the decoder to refuse."""
    bare = _bare(described)
    if isinstance(bare, inspect.IntType | inspect.FloatType):
        try:
            return int(answer) if isinstance(bare, inspect.IntType) else float(answer)
        except ValueError:
            return answer
    return answer


def _numbered(answer: str, fields: list[inspect.Field]) -> inspect.Field | None:
    at = _place(answer, fields)
    return None if at is None else fields[at]


def _place(answer: str, of: list[Any]) -> int | None:
    return int(answer) - 1 if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(of) else None


def _label(terminal: Terminal, field: inspect.Field) -> str:
    text = _words(field.type)
    unit = _extra_schema(field.type).get("x-unit")
    return (terminal.text(text) if text else field.name) + (f" ({unit})" if unit else "")


def _bare(described: inspect.Type) -> inspect.Type:
    return _bare(described.type) if isinstance(described, inspect.Metadata) else described


def _kinds(described: inspect.Type) -> list[inspect.StructType]:
    bare = _bare(described)
    options = bare.types if isinstance(bare, inspect.UnionType) else (bare,)
    return [kind for one in options if isinstance(kind := _bare(one), inspect.StructType)]


def _meta(described: inspect.Type) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while isinstance(described, inspect.Metadata):
        found = {**(described.extra or {}), **found}
        described = described.type
    return found


def _words(described: inspect.Type) -> Text | None:
    text = _meta(described).get("text")
    return text if isinstance(text, Text) else None


def _help(described: inspect.Type) -> Text | None:
    text = _meta(described).get("help")
    return text if isinstance(text, Text) else None


def _is_secret(described: inspect.Type) -> bool:
    return bool(_meta(described).get("secret"))


def _extra_schema(described: inspect.Type) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while isinstance(described, inspect.Metadata):
        found = {**(described.extra_json_schema or {}), **found}
        described = described.type
    return found
