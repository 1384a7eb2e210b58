"""Settings of the admin panel."""

from typing import Annotated

from appliance.core.text import Text
from appliance.settings.field import Section, setting

PLACEHOLDERS = (
    r"^(?:[^{}\/\\]|\{(?:date|time|caller|callee|caller_name|callee_name|direction|duration|id)\})+$"
)
"""What a template of names may hold: no slashes, no braces but those of a placeholder."""


class Web(Section, frozen=True, kw_only=True):
    """Sessions and sign-in."""

    idle_timeout_min: Annotated[
        int,
        setting(
            Text(en="Sign out after inactivity of", zh="无操作自动退出"),
            help=Text(
                en="Counted from the last thing the page asked for; the overview renews itself, so it stays open until the time below.",
                zh="自页面最后一次请求起计算；概览页会自动刷新，因此会保持登录直到下一项时限。",
            ),
            unit="min",
            ge=1,
            le=1440,
            reload="webadmin",
        ),
    ] = 30
    absolute_timeout_h: Annotated[
        int,
        setting(
            Text(en="Sign in again at the latest after", zh="最长登录时长"),
            help=Text(
                en="However busy one is: a stolen session ends at this time, too.",
                zh="无论是否有操作；被盗用的会话也会在此时失效。",
            ),
            unit="h",
            ge=1,
            le=720,
            reload="webadmin",
        ),
    ] = 12
    min_password_length: Annotated[
        int,
        setting(
            Text(en="Shortest password", zh="密码最短长度"),
            help=Text(
                en="Holds for passwords that are chosen from now on; a few words in a row are long and easily remembered.",
                zh="仅对之后设置的密码生效；由几个词组成的密码既长又易记。",
            ),
            ge=10,
            le=128,
            reload="webadmin",
        ),
    ] = 12
    share_longest_d: Annotated[
        int,
        setting(
            Text(en="Share links last at most", zh="分享链接最长有效期"),
            help=Text(
                en="A link dies earlier when it is revoked or when its maker loses the right to share.",
                zh="链接被撤销，或创建者失去分享权限时，会提前失效。",
            ),
            unit="d",
            ge=1,
            le=365,
            reload="webadmin",
        ),
    ] = 30
    download_name: Annotated[
        str,
        setting(
            Text(en="Names of downloaded recordings", zh="下载录音的文件名"),
            help=Text(
                en="Placeholders: {date} {time} {caller} {callee} {caller_name} {callee_name} {direction}"
                " {duration} {id}. A name that would stand twice gets a number; masked numbers stay masked.",
                zh="可用占位符：{date} {time} {caller} {callee} {caller_name} {callee_name} {direction}"
                " {duration} {id}。重名时自动编号；已隐藏的号码保持隐藏。",
            ),
            min_length=1,
            max_length=200,
            pattern=PLACEHOLDERS,
            reload="webadmin",
        ),
    ] = "{date}_{time}_{caller}_{callee}"
