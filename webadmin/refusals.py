"""Errors that only an HTTP server has, in both languages."""

from appliance.core.errors import Denied, Refused, TooLarge
from appliance.core.text import Text


class NotJson(Refused):
    """The body is not JSON. Facts: problem (English, from the decoder)."""

    text = Text(en="The body is not valid JSON ({problem}).", zh="请求体不是有效的 JSON（{problem}）。")


class SignInNeeded(Refused):
    """Nobody is signed in, or the session has ended."""

    text = Text(en="Please sign in.", zh="请先登录。")


class WrongPassword(Refused):
    """Name and password do not belong together."""

    text = Text(en="The name or the password is wrong.", zh="用户名或密码错误。")


class WrongOneTimePassword(WrongPassword):
    """Not the one that this box made for its first administrator."""

    text = Text(
        en="This is not the one-time password of this recorder. It stands on its screen or where it was started from,"
        " and changes with every start until the set-up is done.",
        zh="一次性密码不正确。请查看设备屏幕或启动终端上显示的密码；完成初始化之前，每次启动都会重新生成。",
    )


class WrongLinkPassword(WrongPassword):
    """A shared recording's password."""

    text = Text(
        en="The password is wrong. Whoever sent you the link knows it.", zh="密码错误，请向链接发送者确认。"
    )


class BadToken(Denied):
    """A write without the session's CSRF token, or one that another site has caused."""

    text = Text(
        en="The page is out of date; please try again.",
        zh="页面已过期，请重试。",
    )


class PasswordChangeNeeded(Denied):
    """Signed in with a one-time password."""

    text = Text(en="Please choose a password of your own first.", zh="请先设置您自己的密码。")


class OnlyLooking(Denied):
    """Somebody looks at the panel as another person sees it: that is all."""

    text = Text(
        en="You are looking at the panel as somebody else; nothing can be changed meanwhile.",
        zh="您正在以其他用户的视角查看，此期间不能进行修改。",
    )


class SecondFactorNeeded(Denied):
    """The settings want a second factor of somebody who has none yet."""

    text = Text(en="Please set up a second factor first.", zh="请先设置双重验证。")


class SecondPersonNeeded(Denied):
    """A guarded role, and nobody has confirmed the session (any more)."""

    text = Text(
        en="This needs a second person, who confirms it in this browser. Programs with a token cannot do it.",
        zh="此操作需由第二人在本浏览器中确认；使用令牌的程序不能执行。",
    )


class MethodNotAllowed(Refused):
    """Facts: method, allowed."""

    text = Text(en="{method} is not possible here.", zh="此处不支持 {method}。")


class BadAddress(Refused):
    """The request line or its parameters cannot be read."""

    text = Text(en="The address cannot be read.", zh="无法解析请求地址。")


class UpgradeNeeded(Refused):
    """A WebSocket's address asked for as if it were a page."""

    text = Text(en="This address is a WebSocket.", zh="此地址为 WebSocket。")


class RangeNotSatisfiable(Refused):
    """A range beyond the end of the file. Facts: size."""

    text = Text(en="The file has only {size} bytes.", zh="文件只有 {size} 字节。")


class BodyTooLarge(TooLarge):
    """Facts: limit (bytes)."""

    text = Text(en="The request is larger than {limit} bytes.", zh="请求超过 {limit} 字节。")

    @property
    def code(self) -> str:
        """The family's code: callers need not tell them apart."""
        return "too-large"
