"""What the signalling of a tapped trunk says, as the rest of the box needs it: begun, rung, answered, ended.

Everything here is plain data. A call has a key that no other call of the trunk ever has; the circuit it speaks on may
be told later than its beginning (`Placed`). `port` is 0 or 1: the receive port of an E1 on which something was heard;
the voice of whoever sent a message is on the same port, so `from_port` is the caller's side.
Times are nanoseconds since the epoch, of the wall clock.
"""

import msgspec

from appliance.core.text import Text
from appliance.domain.bundle import Message


class Circuit(msgspec.Struct, frozen=True):
    """A voice timeslot of a trunk: `e1` counts its E1 lines from 0."""

    e1: int
    timeslot: int


class Begun(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A call was seen for the first time.

    `circuit` is None while the ends have not agreed on one. `is_late`: its beginning was not heard, so numbers may be
    missing and `at_ns` is when it was first heard of. `category` is the calling party's, in words of `CATEGORY_TEXT`.
    """

    key: str
    at_ns: int
    from_port: int
    circuit: Circuit | None
    caller: str = ""
    callee: str = ""
    redirecting: str = ""
    caller_name: str = ""
    is_withheld: bool = False
    category: str = ""
    bearer: str = ""
    is_late: bool = False
    steps: tuple[Message, ...] = ()


class Placed(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The circuit of a call is known now, or is another one than was told."""

    key: str
    at_ns: int
    circuit: Circuit
    steps: tuple[Message, ...] = ()


class Numbers(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """More is known of who calls whom: the whole of each number so far."""

    key: str
    at_ns: int
    caller: str
    callee: str
    redirecting: str = ""
    caller_name: str = ""
    is_withheld: bool = False
    category: str = ""
    steps: tuple[Message, ...] = ()


class Ringing(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The callee's telephone rings."""

    key: str
    at_ns: int
    steps: tuple[Message, ...] = ()


class Answered(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The callee has answered; told once a call."""

    key: str
    at_ns: int
    steps: tuple[Message, ...] = ()


class Noted(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Steps of the ladder that change nothing else."""

    key: str
    at_ns: int
    steps: tuple[Message, ...]


class Ended(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The last word about a call; nothing with its key follows.

    It is told when both ends have let go or a moment later, so `at_ns`, when the first of them did, lies before.
    `cause` is of Q.850 (`domain.q850`), 0 where none was heard; `by_port` is None where nobody said it.
    """

    key: str
    at_ns: int
    cause: int
    by_port: int | None
    steps: tuple[Message, ...] = ()


class Trouble(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Something that should not be: counted by code, worth a mark on the call `key` where there is one.

    `code` is a key of `TROUBLE_TEXT`; `facts` fill that sentence.
    """

    code: str
    at_ns: int
    facts: dict[str, str]
    key: str = ""


TrunkEvent = Begun | Placed | Numbers | Ringing | Answered | Noted | Ended | Trouble

TROUBLE_TEXT: dict[str, Text] = {
    "unreadable": Text(
        en="A {layer} message could not be read: {problem}.", zh="无法解析一条 {layer} 消息：{problem}。"
    ),
    "lost": Text(
        en="{count} frames were lost on timeslot {timeslot}, port {port}.",
        zh="时隙 {timeslot} 端口 {port} 丢失 {count} 帧。",
    ),
    "late": Text(en="The beginning of a call was not heard.", zh="未收到呼叫的起始信令。"),
    "lost-end": Text(
        en="The end of a call was not heard: its circuit or reference is used again.",
        zh="未收到呼叫的结束信令：其电路或呼叫参考已被重新使用。",
    ),
    "never-ended": Text(en="A call had no end for too long.", zh="呼叫长时间没有结束信令。"),
    "glare": Text(
        en="Both ends seized the same circuit; one of them gave way.",
        zh="两端同时占用同一电路，其中一端让出。",
    ),
    "restarted": Text(en="An end was restarted; its calls are over.", zh="一端已重新启动，其呼叫均已结束。"),
    "unmapped": Text(
        en="Circuit {circuit} belongs to no E1 of the trunk: check the circuit codes.",
        zh="电路 {circuit} 不属于本中继的任何 E1：请检查电路识别码设置。",
    ),
    "one-direction": Text(
        en="Only one direction of the signalling is heard; nothing comes from port {port}.",
        zh="仅收到单向信令；端口 {port} 无信号。",
    ),
    "silent": Text(
        en="No signalling is heard on timeslot {timeslot}, port {port}.",
        zh="时隙 {timeslot} 端口 {port} 收不到信令。",
    ),
    "disordered": Text(en="Signalling contradicts itself: {problem}.", zh="信令前后矛盾：{problem}。"),
    "overload": Text(
        en="Signalling names more calls than there can be.", zh="信令中的呼叫数超过可能的数量。"
    ),
}

CATEGORY_TEXT: dict[str, Text] = {
    "subscriber": Text(en="Subscriber", zh="普通用户"),
    "priority": Text(en="Priority subscriber", zh="优先用户"),
    "payphone": Text(en="Payphone", zh="公用电话"),
    "operator": Text(en="Operator", zh="话务员"),
    "data": Text(en="Data or fax", zh="数据或传真"),
    "test": Text(en="Test call", zh="测试呼叫"),
}
