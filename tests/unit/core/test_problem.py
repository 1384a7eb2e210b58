from typing import Annotated

import msgspec
import pytest

from appliance.core.problem import invalid


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    size: Annotated[int, msgspec.Meta(ge=4)] = 4


class Outer(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=3, pattern="^a")]
    inner: Inner = msgspec.field(default_factory=Inner)
    ports: Annotated[list[Annotated[int, msgspec.Meta(le=9)]], msgspec.Meta(max_length=2)] = []
    table: dict[str, int] = {}
    ratio: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.5
    wanted: bool = False


def refusal(content):
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(content, Outer)
    return invalid(str(caught.value))


@pytest.mark.parametrize(
    ("content", "field", "english", "chinese"),
    [
        ({}, "name", "is missing", "缺少此项"),
        ({"name": "a", "x": 1}, "x", "is not known here", "未知的字段"),
        ({"name": ""}, "name", "must not be empty", "不能为空"),
        ({"name": "aaaa"}, "name", "at most 3 characters", "最多 3 个字符"),
        ({"name": "b"}, "name", "not allowed", "不允许"),
        ({"name": 1}, "name", "must be text", "必须是文本"),
        ({"name": "a", "inner": {"size": 3}}, "inner.size", "at least 4", "不得小于 4"),
        ({"name": "a", "inner": {"y": 3}}, "inner.y", "is not known", "未知的字段"),
        ({"name": "a", "inner": []}, "inner", "must be an object", "必须是对象"),
        ({"name": "a", "ports": [1, 10]}, "ports[1]", "at most 9", "不得大于 9"),
        ({"name": "a", "ports": [1, 2, 3]}, "ports", "at most 2 entries", "最多 2 项"),
        ({"name": "a", "table": {"k": "v"}}, "table[...]", "whole number", "整数"),
        ({"name": "a", "ratio": 1.0}, "ratio", "less than 1", "小于 1"),
        ({"name": "a", "ratio": 0.0}, "ratio", "more than 0", "大于 0"),
        ({"name": "a", "wanted": "yes"}, "wanted", "true or false", "true 或 false"),
        ([], "body", "must be an object", "必须是对象"),
    ],
)
def test_the_field_and_the_problem_are_named_in_both_languages(content, field, english, chinese):
    error = refusal(content)
    assert error.facts["field"] == field
    assert english in error.message("en")
    assert chinese in error.message("zh")


def test_a_strangers_value_is_shown_but_never_taken_for_a_placeholder():
    error = invalid("Invalid enum value '{field}{0}{x.__class__}' - at `$.sort`")
    assert error.facts["field"] == "sort"
    assert "{field}{0}{x.__class__}" in error.message("en")


def test_an_unknown_sentence_of_the_decoder_still_names_its_field():
    error = invalid("Something new - at `$.a.b`")
    assert error.facts["field"] == "a.b"
    assert error.message("zh") == "a.b：无法接受"
