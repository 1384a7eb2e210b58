"""Settings of the admin panel."""

from typing import Annotated

from appliance.core.text import Text
from appliance.settings.field import Section, setting


class Web(Section, frozen=True, kw_only=True):
    """Sessions and sign-in."""

    idle_timeout_min: Annotated[
        int,
        setting(
            Text(en="Sign out after inactivity of", zh="无操作自动退出"),
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
            unit="h",
            ge=1,
            le=720,
            reload="webadmin",
        ),
    ] = 12
    min_password_length: Annotated[
        int, setting(Text(en="Shortest password", zh="密码最短长度"), ge=10, le=128, reload="webadmin")
    ] = 12
