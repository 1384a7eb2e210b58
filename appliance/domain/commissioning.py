"""Commissioning: whether every telephone on the installer's list reaches the recorder whole, and if not, why.

Pure. From the list, the calls seen since the start and the state of the mirror port comes one finding a check and,
where something is missing, the likely causes. An extension has passed when one single call passed every check;
later calls cannot take that away.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from appliance.core.text import Text
from appliance.domain.call import Direction, Side

MIN_PACKETS = 25
"""Half a second of usual audio: fewer may be a stray packet or comfort noise."""

GRACE_S = 4.0
"""How long an answered call may take until audio of both sides is demanded."""

_SUFFIX = 7  # below this many digits only equal numbers match; above it prefixes (country, trunk) may differ


class Extension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the installer's list; `name` says where the telephone stands or whose it is."""

    number: Annotated[
        str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")
    ]
    name: Annotated[str, msgspec.Meta(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


class Check(StrEnum):
    """What one call of an extension has to show. `SPOKEN` is audio from the telephone, `HEARD` audio to it."""

    SIGNALLING = "signalling"
    SPOKEN = "spoken"
    HEARD = "heard"
    DIRECTION = "direction"


CHECK_TEXT: dict[Check, Text] = {
    Check.SIGNALLING: Text(en="SIP seen", zh="已见 SIP 信令"),
    Check.SPOKEN: Text(en="Audio from the telephone", zh="话机发出的语音"),
    Check.HEARD: Text(en="Audio to the telephone", zh="发往话机的语音"),
    Check.DIRECTION: Text(en="Direction of the call", zh="呼叫方向"),
}


class Finding(StrEnum):
    """What a check came to. `NOT_JUDGED`: nothing tells right from wrong, so it neither passes nor fails."""

    WAITING = "waiting"
    PASSED = "passed"
    FAILED = "failed"
    NOT_JUDGED = "not_judged"


class Standing(StrEnum):
    """Where an extension stands. `RUNNING` is a call that may still show what is missing."""

    WAITING = "waiting"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"


STANDING_TEXT: dict[Standing, Text] = {
    Standing.WAITING: Text(en="To be dialled", zh="待拨测"),
    Standing.RUNNING: Text(en="Call in progress", zh="通话中"),
    Standing.PASSED: Text(en="Passed", zh="通过"),
    Standing.FAILED: Text(en="Not passed", zh="未通过"),
}


class Cause(StrEnum):
    """Why a check has not passed."""

    NO_RECORDER = "no_recorder"
    NO_LINK = "no_link"
    PORT_SILENT = "port_silent"
    NO_TELEPHONY = "no_telephony"
    OTHER_SIP_PORT = "other_sip_port"
    AUDIO_WITHOUT_SIP = "audio_without_sip"
    NOT_DIALLED = "not_dialled"
    ONLY_REGISTERED = "only_registered"
    NOT_REGISTERED = "not_registered"
    NOT_ANSWERED = "not_answered"
    TOO_SHORT = "too_short"
    ENCRYPTED = "encrypted"
    OTHER_ADDRESS = "other_address"
    NO_AUDIO = "no_audio"
    NOT_FROM = "not_from"
    NOT_TO = "not_to"
    DIRECTION_REVERSED = "direction_reversed"
    DIRECTION_UNKNOWN = "direction_unknown"


CAUSE_TEXT: dict[Cause, Text] = {
    Cause.NO_RECORDER: Text(
        en="No mirror port is being recorded: choose one in the settings and see that the recorder runs.",
        zh="未在采集任何镜像端口：请在设置中选择端口，并确认录音程序正在运行。",
    ),
    Cause.NO_LINK: Text(
        en="The mirror port {interface} has no link: check the cable and the switch port.",
        zh="镜像端口 {interface} 无链路：请检查网线和交换机端口。",
    ),
    Cause.PORT_SILENT: Text(
        en="The mirror port {interface} receives nothing: the switch does not mirror to it.",
        zh="镜像端口 {interface} 未收到任何数据：交换机没有向其镜像。",
    ),
    Cause.NO_TELEPHONY: Text(
        en="{interface} receives packets, but neither SIP nor audio: the wrong port or VLAN is mirrored.",
        zh="{interface} 收到数据包，但没有 SIP 也没有语音：镜像了错误的端口或 VLAN。",
    ),
    Cause.OTHER_SIP_PORT: Text(
        en="No SIP on the ports set ({ports}): the telephones may use another port. Add it, or let SIP be found on all.",
        zh="设定端口（{ports}）上没有 SIP：话机可能使用其他端口。请添加该端口，或开启在所有端口识别 SIP。",
    ),
    Cause.AUDIO_WITHOUT_SIP: Text(
        en="Audio arrives, but no SIP: signalling takes another way (other VLAN or port), or it is encrypted (TLS).",
        zh="有语音而没有 SIP：信令走了其他路径（其他 VLAN 或端口），或已加密（TLS）。",
    ),
    Cause.NOT_DIALLED: Text(
        en="No call of {number} was seen. If it has been dialled, its port or VLAN is not mirrored.",
        zh="未见 {number} 的呼叫。如已拨测，说明其端口或 VLAN 未被镜像。",
    ),
    Cause.ONLY_REGISTERED: Text(
        en="{number} registers, so its signalling is mirrored; it has not been called yet: dial it.",
        zh="已见 {number} 注册，其信令已被镜像；尚未呼叫：请拨测。",
    ),
    Cause.NOT_REGISTERED: Text(
        en="Other telephones register, {number} does not: its port or VLAN is not mirrored, or it is switched off.",
        zh="其他话机有注册，但未见 {number} 注册：其端口或 VLAN 未被镜像，或话机未开机。",
    ),
    Cause.NOT_ANSWERED: Text(
        en="The call was seen, but not answered: dial again, answer and talk for a few seconds.",
        zh="已见呼叫但未接通：请重新拨打，接听并通话几秒。",
    ),
    Cause.TOO_SHORT: Text(
        en="The call was too short to judge: talk for at least {seconds} s.",
        zh="通话过短，无法判断：请至少通话 {seconds} 秒。",
    ),
    Cause.ENCRYPTED: Text(
        en="The audio is encrypted (SRTP) and no key is known: switch encryption off, or let the keys be known.",
        zh="语音已加密（SRTP）且没有密钥：请关闭加密，或提供密钥。",
    ),
    Cause.OTHER_ADDRESS: Text(
        en="Audio arrives from an address that signalling does not name: a router or firewall changes addresses (NAT).",
        zh="语音来自信令未声明的地址：路由器或防火墙改写了地址（NAT）。",
    ),
    Cause.NO_AUDIO: Text(
        en="Signalling arrives, audio does not: audio takes another way. Mirror the voice VLAN or the telephone's port, too.",
        zh="有信令但没有语音：语音走了其他路径。请同时镜像语音 VLAN 或话机端口。",
    ),
    Cause.NOT_FROM: Text(
        en="Only audio to {number} arrives: the mirror has one direction only. Mirror what enters the port, too (both, rx and tx).",
        zh="只有发往 {number} 的语音：镜像只有单方向。请同时镜像端口接收方向（both：rx 与 tx）。",
    ),
    Cause.NOT_TO: Text(
        en="Only audio from {number} arrives: the mirror has one direction only. Mirror what leaves the port, too (both, rx and tx).",
        zh="只有 {number} 发出的语音：镜像只有单方向。请同时镜像端口发送方向（both：rx 与 tx）。",
    ),
    Cause.DIRECTION_REVERSED: Text(
        en="Incoming and outgoing are exchanged: the trunk addresses in the settings are not the carrier's.",
        zh="呼入与呼出颠倒：设置中的中继地址不是运营商侧地址。",
    ),
    Cause.DIRECTION_UNKNOWN: Text(
        en="Both ends of the call are trunk addresses in the settings, so its direction cannot be told.",
        zh="通话两端都在中继地址中，无法判断呼叫方向。",
    ),
}
"""May name {interface}, {ports}, {number}, {seconds}."""


class CallSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen of one call. `packets` by who speaks.

    `up_s` is how long it has been, or was, answered. `saw_unbound`: while it went on, audio arrived that no
    signalling announced. `is_over` calls bring no more news.
    """

    call_id: str
    at: datetime
    caller: str
    callee: str
    caller_address: str = ""
    callee_address: str = ""
    direction: Direction = Direction.UNKNOWN
    is_answered: bool = False
    is_over: bool = False
    is_encrypted: bool = False
    up_s: float = 0.0
    packets: dict[Side, int] = {}
    lost: dict[Side, int] = {}
    saw_unbound: bool = False
    status_code: int | None = None


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """A REGISTER of a telephone: it is switched on, and the mirror brings its signalling."""

    number: str
    at: datetime
    address: str


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """The mirror ports taken together since the start; counts of packets."""

    interface: str = ""
    is_recording: bool = False
    has_link: bool = False
    packets: int = 0
    sip: int = 0
    audio: int = 0
    sip_ports: tuple[int, ...] = ()
    finds_sip_anywhere: bool = True
    knows_trunks: bool = False


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One extension judged; `side` is which party of `call` it is."""

    extension: Extension
    standing: Standing
    findings: dict[Check, Finding]
    causes: list[Cause]
    call: CallSeen | None = None
    side: Side | None = None
    registered: Registered | None = None


_NOBODY: Mapping[str, Registered] = {}


class NumberBook:
    """Finds the extension on the list that a number of the signalling means."""

    def __init__(self, extensions: Iterable[Extension]) -> None:
        self._exact: dict[str, Extension] = {}
        self._ends: dict[str, list[tuple[str, Extension]]] = {}
        for extension in extensions:
            key = number_key(extension.number)
            self._exact.setdefault(key, extension)
            if _is_long(key):
                self._ends.setdefault(key[-_SUFFIX:], []).append((key.lstrip("0"), extension))

    def find(self, number: str) -> Extension | None:
        """The extension, or None when the number is nobody's on the list.

        Long numbers may differ by prefixes (country code, trunk access); the longest agreement wins.
        """
        key = number_key(number)
        if not key:
            return None
        exact = self._exact.get(key)
        if exact is not None or not _is_long(key):
            return exact
        bare = key.lstrip("0")
        found = [
            (min(len(bare), len(other)), extension)
            for other, extension in self._ends.get(key[-_SUFFIX:], ())
            if bare.endswith(other) or other.endswith(bare)
        ]
        return max(found, key=lambda one: one[0])[1] if found else None


def number_key(number: str) -> str:
    """A number as it is compared: without separators and leading +; another user part in lower case."""
    bare = "".join(letter for letter in number.strip() if letter not in " ().-/\t\u00a0")
    digits = bare.removeprefix("+")
    return digits if digits.isascii() and digits.isdigit() else number.strip().lower()


def twins(extensions: Sequence[Extension]) -> int | None:
    """The place of the first extension that stands in the list already, None when all differ."""
    seen: set[str] = set()
    for place, extension in enumerate(extensions):
        key = number_key(extension.number)
        if key in seen:
            return place
        seen.add(key)
    return None


def judge(
    extensions: Sequence[Extension],
    calls: Iterable[CallSeen],
    around: Surroundings,
    registered: Mapping[str, Registered] = _NOBODY,
) -> list[Row]:
    """One row an extension, in the order of the list, each by the best of its calls (the newest of equals).

    `registered`: by `number_key`
    """
    book = NumberBook(extensions)
    best: dict[str, tuple[tuple[int, datetime], Row]] = {}
    for call in calls:
        for side, number in ((Side.CALLER, call.caller), (Side.CALLEE, call.callee)):
            extension = book.find(number)
            if extension is None:
                continue
            row = _judge_call(extension, call, side, around)
            rank = (_merit(row), call.at)
            if extension.number not in best or rank > best[extension.number][0]:
                best[extension.number] = (rank, row)
    rows = [
        best[extension.number][1] if extension.number in best else _unseen(extension, around, registered)
        for extension in extensions
    ]
    return [
        msgspec.structs.replace(row, registered=registered.get(number_key(row.extension.number)))
        for row in rows
    ]


def _merit(row: Row) -> int:
    """How much a call has shown: a passed one is beyond all, then passed checks count."""
    passed = sum(finding is Finding.PASSED for finding in row.findings.values())
    return 100 if row.standing is Standing.PASSED else passed


def _judge_call(extension: Extension, call: CallSeen, side: Side, around: Surroundings) -> Row:
    media = {
        Check.SPOKEN: _audio(call, call.packets.get(side, 0)),
        Check.HEARD: _audio(call, call.packets.get(side.other, 0)),
    }
    findings = {
        Check.SIGNALLING: Finding.PASSED,
        **media,
        Check.DIRECTION: _direction(call, side, around),
    }
    return Row(
        extension=extension,
        standing=_standing(findings, call),
        findings=findings,
        causes=[*_audio_causes(media, call), *_direction_causes(findings[Check.DIRECTION], call)],
        call=call,
        side=side,
    )


def _audio(call: CallSeen, packets: int) -> Finding:
    if call.is_encrypted:
        return Finding.FAILED
    if packets >= MIN_PACKETS:
        return Finding.PASSED
    if call.is_answered and call.up_s >= GRACE_S:
        return Finding.FAILED
    return Finding.WAITING


def _direction(call: CallSeen, side: Side, around: Surroundings) -> Finding:
    if not around.knows_trunks:
        return Finding.NOT_JUDGED
    right = {
        Direction.INTERNAL: True,
        Direction.OUTGOING: side is Side.CALLER,
        Direction.INCOMING: side is Side.CALLEE,
        Direction.UNKNOWN: False,
    }[call.direction]
    return Finding.PASSED if right else Finding.FAILED


def _standing(findings: dict[Check, Finding], call: CallSeen) -> Standing:
    found = findings.values()
    if Finding.FAILED in found:
        return Standing.FAILED
    if Finding.WAITING not in found:
        return Standing.PASSED
    return Standing.WAITING if call.is_over else Standing.RUNNING


def _audio_causes(media: dict[Check, Finding], call: CallSeen) -> list[Cause]:
    if call.is_encrypted:
        return [Cause.ENCRYPTED]
    missing = [check for check, finding in media.items() if finding is Finding.FAILED]
    if missing:
        if call.saw_unbound:
            return [Cause.OTHER_ADDRESS]
        if len(missing) == len(media):
            return [Cause.NO_AUDIO]
        return [Cause.NOT_FROM if missing == [Check.SPOKEN] else Cause.NOT_TO]
    if call.is_over and Finding.WAITING in media.values():
        return [Cause.TOO_SHORT if call.is_answered else Cause.NOT_ANSWERED]
    return []


def _direction_causes(finding: Finding, call: CallSeen) -> list[Cause]:
    if finding is not Finding.FAILED:
        return []
    is_unknown = call.direction is Direction.UNKNOWN
    return [Cause.DIRECTION_UNKNOWN if is_unknown else Cause.DIRECTION_REVERSED]


def _unseen(extension: Extension, around: Surroundings, registered: Mapping[str, Registered]) -> Row:
    cause = _silence(around)
    registers = number_key(extension.number) in registered
    if cause is Cause.NOT_DIALLED and registered:
        cause = Cause.ONLY_REGISTERED if registers else Cause.NOT_REGISTERED
    is_port_dead = cause in (Cause.NO_RECORDER, Cause.NO_LINK, Cause.PORT_SILENT)
    return Row(
        extension=extension,
        standing=Standing.FAILED if is_port_dead else Standing.WAITING,
        findings={
            check: Finding.FAILED if is_port_dead and check is Check.SIGNALLING else Finding.WAITING
            for check in Check
        }
        | ({Check.SIGNALLING: Finding.PASSED} if cause is Cause.ONLY_REGISTERED else {}),
        causes=[cause],
    )


def _silence(around: Surroundings) -> Cause:
    """The likeliest reason why no call of an extension was seen."""
    if not around.is_recording:
        return Cause.NO_RECORDER
    if not around.has_link:
        return Cause.NO_LINK
    if not around.packets:
        return Cause.PORT_SILENT
    if around.sip:
        return Cause.NOT_DIALLED
    if not around.finds_sip_anywhere:
        return Cause.OTHER_SIP_PORT
    return Cause.AUDIO_WITHOUT_SIP if around.audio else Cause.NO_TELEPHONY


def _is_long(key: str) -> bool:
    return len(key.lstrip("0")) >= _SUFFIX and key.isascii() and key.isdigit()
