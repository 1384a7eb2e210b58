"""The words of the query line, English and Chinese alike: keys, values, times. One table for reading and completing."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from appliance.core.text import Text
from appliance.domain.call import DATA_TYPE_TEXT, DIRECTION_TEXT
from appliance.domain.ledger import MARK_TEXT, REASON_TEXT
from appliance.domain.quality import Verdict
from appliance.store.wanted import CALL_TYPE_TEXT

YES_NO = {"yes": Text(en="yes", zh="是"), "no": Text(en="no", zh="否")}
VERDICT_WORDS = {
    Verdict.CLEAN: Text(en="clean", zh="正常"),
    Verdict.NETWORK: Text(en="network", zh="网络"),
    Verdict.COPY: Text(en="copy", zh="镜像"),
    Verdict.BOTH: Text(en="both", zh="两者"),
    Verdict.UNKNOWN: Text(en="unknown", zh="不明"),
}
SORT_WORDS = {
    "-started_at": Text(en="newest", zh="最新"),
    "started_at": Text(en="oldest", zh="最早"),
    "-duration": Text(en="longest", zh="最长"),
    "duration": Text(en="shortest", zh="最短"),
    "-mos": Text(en="best", zh="音质最好"),
    "mos": Text(en="worst", zh="音质最差"),
}


class Key(NamedTuple):
    """One `key:value`. `field` is the filter's name; `values` those it may have, None for any text."""

    field: str
    words: tuple[str, ...]
    text: Text
    values: Mapping[Any, Text] | None = None
    without: str = ""


KEYS: tuple[Key, ...] = (
    Key("extension", ("ext", "extension", "分机"), Text(en="Extension", zh="分机")),
    Key(
        "number", ("num", "number", "号码"), Text(en="Either number", zh="任一方号码"), None, "without_number"
    ),
    Key("caller", ("caller", "主叫"), Text(en="Caller", zh="主叫")),
    Key("callee", ("callee", "被叫"), Text(en="Callee", zh="被叫")),
    Key("name", ("name", "姓名"), Text(en="Name in the directory", zh="通讯录姓名")),
    Key("company", ("company", "公司"), Text(en="Company", zh="公司")),
    Key("department", ("dept", "department", "部门"), Text(en="Department", zh="部门")),
    Key("data_type", ("data", "数据"), Text(en="Data type", zh="数据类型"), DATA_TYPE_TEXT),
    Key("call_type", ("type", "类型"), Text(en="Call type", zh="呼叫类型"), CALL_TYPE_TEXT),
    Key("direction", ("direction", "方向"), Text(en="Direction", zh="方向"), DIRECTION_TEXT),
    Key("recorded", ("recorded", "录音"), Text(en="Recorded", zh="有录音"), YES_NO),
    Key("conference", ("conference", "会议"), Text(en="Conference", zh="会议"), YES_NO),
    Key("encrypted", ("encrypted", "加密"), Text(en="Encrypted", zh="加密"), YES_NO),
    Key(
        "reason",
        ("reason", "原因"),
        Text(en="Why not recorded", zh="未录音原因"),
        REASON_TEXT,
        "without_reason",
    ),
    Key("mark", ("mark", "标记"), Text(en="Mark", zh="标记"), MARK_TEXT, "without_mark"),
    Key("verdict", ("fault", "责任"), Text(en="Whose fault", zh="质量责任"), VERDICT_WORDS),
    Key("codec", ("codec", "编码"), Text(en="Codec", zh="编码")),
    Key("trunk", ("trunk", "中继"), Text(en="Trunk", zh="中继")),
    Key("tag", ("tag", "标签"), Text(en="Tag", zh="标签"), None, "without_tag"),
    Key("note", ("note", "备注"), Text(en="Text of a note", zh="备注内容")),
    Key("reviewed", ("reviewed", "已阅"), Text(en="Reviewed by you", zh="本人已阅"), YES_NO),
    Key("interaction_id", ("conversation", "会话"), Text(en="Conversation", zh="会话")),
    Key("from", ("from", "从"), Text(en="From", zh="开始时间")),
    Key("to", ("to", "到"), Text(en="To", zh="结束时间")),
    Key("sort", ("sort", "排序"), Text(en="Order", zh="排序"), SORT_WORDS),
)
BY_WORD = {word: key for key in KEYS for word in key.words}
BY_FIELD = {key.field: key for key in KEYS}
NOT_SET_UP = {"text", "transcript", "文本", "转写"}

RANGES: dict[str, Text] = {
    "today": Text(en="today", zh="今天"),
    "yesterday": Text(en="yesterday", zh="昨天"),
    "week": Text(en="this week", zh="本周"),
    "last_week": Text(en="last week", zh="上周"),
    "month": Text(en="this month", zh="本月"),
    "last_month": Text(en="last month", zh="上月"),
    "year": Text(en="this year", zh="今年"),
}
_ALSO = {
    "今日": "today",
    "昨日": "yesterday",
    "上个月": "last_month",
    "这周": "week",
    "上星期": "last_week",
    "本年": "year",
}
RANGE_OF_WORD = {
    **{word: name for name, text in RANGES.items() for word in (text.en, text.zh)},
    **_ALSO,
}


def plain(word: str) -> str:
    """The form in which values are compared: `One-way` is `oneway`."""
    return word.casefold().replace("_", "").replace("-", "").replace(" ", "")


def value_of(key: Key, word: str) -> str | None:
    """The value that a word stands for, None when it stands for none."""
    if key.values is None:
        return word
    wanted = plain(word)
    for value, text in key.values.items():
        if wanted in (plain(str(value)), plain(text.en), plain(text.zh)):
            return str(value)
    return None


def _bare() -> dict[str, tuple[str, str]]:
    """Words that say it all without a key; what could be two things needs one."""
    found: dict[str, set[tuple[str, str]]] = {}
    for field in ("call_type", "mark", "reason"):
        for value, text in (BY_FIELD[field].values or {}).items():
            for word in (str(value), text.en, text.zh):
                found.setdefault(plain(word), set()).add((field, str(value)))
    bare = {word: next(iter(meanings)) for word, meanings in found.items() if len(meanings) == 1 and word}
    bare.update(
        {
            "recorded": ("recorded", "yes"), "已录音": ("recorded", "yes"),
            "unrecorded": ("recorded", "no"), "notrecorded": ("recorded", "no"), "未录音": ("recorded", "no"),
            "conference": ("conference", "yes"), "会议": ("conference", "yes"),
            "encrypted": ("encrypted", "yes"), "加密": ("encrypted", "yes"),
            "reviewed": ("reviewed", "yes"), "已阅": ("reviewed", "yes"),
            "unreviewed": ("reviewed", "no"), "notreviewed": ("reviewed", "no"), "未阅": ("reviewed", "no"),
        }
    )  # fmt: skip
    return bare


BARE = _bare()
