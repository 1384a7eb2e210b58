"""The error hierarchy: the class says what the caller should do next.

    ApplianceError
    ├─ Refused   fix the request       Invalid NotFound Conflict Denied TooLarge
    ├─ Later     try again             Unreachable Busy Full TimedOut
    ├─ Corrupt   give up on this item  BadBundle BadMessage BadCapture UnsupportedPayload
    └─ Broken    call a person         EngineDead SettingsUnreadable

Raising adds facts, never prose: `raise Unreachable(peer=host, during="connect")`.
"""

import re
from typing import Any, ClassVar

from appliance.core.text import Language, Text


class ApplianceError(Exception):
    """Anything the appliance itself raises; `facts` are logged and returned to the caller."""

    text: ClassVar[Text] = Text(en="Something went wrong.", zh="发生错误。")

    def __init__(self, **facts: Any) -> None:
        super().__init__(facts)
        self.facts = facts

    @property
    def code(self) -> str:
        """The class name in kebab case, stable for machines."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", type(self).__name__).lower()

    def message(self, language: Language = "en") -> str:
        """What happened and what to do, in the reader's language."""
        return self.text.render(language, **self.facts)

    def __str__(self) -> str:
        return f"{self.code}: {self.message()}"


class Refused(ApplianceError):
    """The request is wrong; repeating it unchanged is useless."""

    text = Text(en="The request was refused.", zh="请求被拒绝。")


class Invalid(Refused):
    """One field of the request is wrong. Facts: field (path), problem (Text or str)."""

    text = Text(en="{field}: {problem}", zh="{field}：{problem}")

    def message(self, language: Language = "en") -> str:
        """The field and its problem; a bilingual problem is rendered in the reader's language."""
        facts = dict(self.facts)
        problem = facts.get("problem")
        if isinstance(problem, Text):
            facts["problem"] = problem.render(language, **facts)
        return self.text.render(language, **facts)


class NotFound(Refused):
    """Facts: what."""

    text = Text(en="{what} was not found.", zh="未找到 {what}。")


class Conflict(Refused):
    """The state has moved on. Facts: what."""

    text = Text(
        en="{what} has changed meanwhile; reload and try again.", zh="{what} 已被更改，请刷新后重试。"
    )


class Denied(Refused):
    """The caller may not do this."""

    text = Text(en="You are not allowed to do this.", zh="您没有此操作的权限。")


class TooLarge(Refused):
    """Facts: what, limit."""

    text = Text(en="{what} is larger than the limit of {limit}.", zh="{what} 超过上限 {limit}。")


class Later(ApplianceError):
    """Nothing is wrong with the request; try again after `after_s` seconds."""

    text = Text(en="Not possible right now; try again.", zh="暂时无法完成，请稍后重试。")
    after_s: float = 1.0


class Unreachable(Later):
    """Facts: peer, during."""

    text = Text(en="{peer} cannot be reached ({during}).", zh="无法连接 {peer}（{during}）。")


class Busy(Later):
    """Facts: what."""

    text = Text(en="{what} is busy; try again.", zh="{what} 正忙，请稍后重试。")


class Full(Later):
    """Facts: path."""

    text = Text(en="The disk that holds {path} is full.", zh="{path} 所在磁盘已满。")
    after_s = 30.0


class TimedOut(Later):
    """Facts: during."""

    text = Text(en="{during} took too long.", zh="{during} 超时。")


class Corrupt(ApplianceError):
    """The item can never be processed; set it aside with its reason."""

    text = Text(en="The data is damaged.", zh="数据已损坏。")


class BadBundle(Corrupt):
    """Facts: bundle, problem."""

    text = Text(en="Bundle {bundle} cannot be read: {problem}.", zh="无法读取录音包 {bundle}：{problem}。")


class BadMessage(Corrupt):
    """A SIP or SDP message breaks its grammar. Facts: problem, offset (bytes)."""

    text = Text(
        en="Message unreadable at byte {offset}: {problem}.",
        zh="消息在第 {offset} 字节处无法解析：{problem}。",
    )


class BadCapture(Corrupt):
    """A capture file cannot be read. Facts: path, problem."""

    text = Text(
        en="{path} cannot be read as a capture: {problem}.", zh="无法将 {path} 作为抓包文件读取：{problem}。"
    )


class UnsupportedPayload(Corrupt):
    """No decoder exists for an RTP payload format. Facts: encoding (as in SDP, with its clock)."""

    text = Text(en="The codec {encoding} cannot be decoded.", zh="无法解码编码 {encoding}。")


class Broken(ApplianceError):
    """The program cannot go on; a person is needed."""

    text = Text(en="The program cannot go on.", zh="程序无法继续运行。")


class EngineDead(Broken):
    """The packet engine's thread ended. Facts: problem."""

    text = Text(en="The packet engine stopped: {problem}.", zh="抓包引擎已停止：{problem}。")


class SettingsUnreadable(Broken):
    """Facts: path, problem."""

    text = Text(en="Settings {path} cannot be read: {problem}.", zh="无法读取设置 {path}：{problem}。")
