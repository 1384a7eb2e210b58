"""What a decoder found wrong, as `Invalid`: the exact path of the field and the problem in both languages.

msgspec speaks English sentences of a fixed form; each rule here turns one of them into a `Text`.
"""

import re

from appliance.core.errors import Invalid
from appliance.core.text import Text

_NUMBER = r"(?P<limit>-?[0-9.e+-]+)"

_RULES: tuple[tuple[re.Pattern[str], Text], ...] = (
    (
        re.compile(rf"Expected `(?:int|float)` >= {_NUMBER}$"),
        Text(en="must be at least {limit}", zh="不得小于 {limit}"),
    ),
    (
        re.compile(rf"Expected `(?:int|float)` <= {_NUMBER}$"),
        Text(en="must be at most {limit}", zh="不得大于 {limit}"),
    ),
    (
        re.compile(rf"Expected `(?:int|float)` > {_NUMBER}$"),
        Text(en="must be more than {limit}", zh="必须大于 {limit}"),
    ),
    (
        re.compile(rf"Expected `(?:int|float)` < {_NUMBER}$"),
        Text(en="must be less than {limit}", zh="必须小于 {limit}"),
    ),
    (
        re.compile(r"Expected `str` of length >= 1$"),
        Text(en="must not be empty", zh="不能为空"),
    ),
    (
        re.compile(rf"Expected `str` of length >= {_NUMBER}$"),
        Text(en="must have at least {limit} characters", zh="至少 {limit} 个字符"),
    ),
    (
        re.compile(rf"Expected `str` of length <= {_NUMBER}$"),
        Text(en="must have at most {limit} characters", zh="最多 {limit} 个字符"),
    ),
    (
        re.compile(r"Expected `\w+` of length >= 1$"),
        Text(en="needs at least one entry", zh="至少需要一项"),
    ),
    (
        re.compile(rf"Expected `\w+` of length >= {_NUMBER}$"),
        Text(en="must have at least {limit} entries", zh="至少 {limit} 项"),
    ),
    (
        re.compile(rf"Expected `\w+` of length <= {_NUMBER}$"),
        Text(en="must have at most {limit} entries", zh="最多 {limit} 项"),
    ),
    (
        re.compile(r"Expected `str` matching regex"),
        Text(
            en="has another form than it needs, or a character that is not allowed",
            zh="格式不正确或含有不允许的字符",
        ),
    ),
    (
        re.compile(r"Expected `datetime` with a timezone component"),
        Text(en="needs a time zone, as in 2026-11-21T10:00:00Z", zh="缺少时区，例如 2026-11-21T10:00:00Z"),
    ),
    (
        re.compile(r"Invalid RFC3339 encoded datetime|Timestamp is out of range"),
        Text(en="must be a time as in 2026-11-21T10:00:00Z", zh="必须是时间，例如 2026-11-21T10:00:00Z"),
    ),
    (re.compile(r"Number out of range"), Text(en="is too large a number", zh="数值过大")),
    (re.compile(r"Expected `int(?: \| null)?`"), Text(en="must be a whole number", zh="必须是整数")),
    (re.compile(r"Expected `float(?: \| null)?`"), Text(en="must be a number", zh="必须是数字")),
    (re.compile(r"Expected `str(?: \| null)?`"), Text(en="must be text", zh="必须是文本")),
    (
        re.compile(r"Expected `bool(?: \| null)?`"),
        Text(en="must be true or false", zh="必须是 true 或 false"),
    ),
    (re.compile(r"Expected `array(?: \| null)?`"), Text(en="must be a list", zh="必须是列表")),
    (re.compile(r"Expected `object(?: \| null)?`"), Text(en="must be an object", zh="必须是对象")),
    (
        re.compile(r"Expected `(?P<wanted>[^`]+)`"),
        Text(en="must be of type {wanted}", zh="类型必须是 {wanted}"),
    ),
    (
        re.compile(r"Invalid (?:enum )?value (?P<value>.{1,80})"),
        Text(en="{value} is not one of the choices", zh="{value} 不在可选范围内"),
    ),
    (re.compile(r"Object missing required field `(?P<name>[^`]+)`"), Text(en="is missing", zh="缺少此项")),
    (
        re.compile(r"Object contains unknown field `(?P<name>.+)`$", re.DOTALL),
        Text(en="is not known here", zh="未知的字段"),
    ),
)
_PATH = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_KEY = re.compile(r" - at `key` in `\$\.?(?P<path>[^`]*)`$")
_OTHER = Text(en="is not acceptable", zh="无法接受")


def invalid(message: str, whole: str = "body") -> Invalid:
    """The error that a message of `msgspec.ValidationError` stands for.

    Shape: `field` is a path as in `capture.sip_ports[0]`; `whole` when the outermost value itself is wrong
    """
    found = _PATH.search(message) or _KEY.search(message)
    path = found["path"] if found else ""
    text = message[: found.start()] if found else message
    for pattern, problem in _RULES:
        match = pattern.match(text)
        if match:
            facts = match.groupdict()
            field = ".".join(part for part in (path, facts.pop("name", "")) if part)
            return Invalid(field=field or whole, problem=problem, **facts)
    return Invalid(field=path or whole, problem=_OTHER)
