"""Settings of the box's clock: which servers are asked, how often, and the zone shown to people."""

import functools
import zoneinfo
from typing import Annotated

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Text
from appliance.settings.field import Section, setting

_HOST = r"^(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,45})(:[0-9]{1,5})?$"


class Time(Section, frozen=True, kw_only=True):
    """The clock that every recording's time comes from."""

    enabled: Annotated[
        bool,
        setting(
            Text(en="Follow time servers", zh="启用时间同步"),
            help=Text(
                en="Times of recordings are worth as much as this clock. Off: set by hand or by the host.",
                zh="录音时间的可信度取决于此时钟。关闭时由人工或宿主机设置。",
            ),
            reload="timesync",
        ),
    ] = True
    servers: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=255, pattern=_HOST)]],
        setting(
            Text(en="Time servers", zh="时间服务器"),
            help=Text(
                en="Host name or address, with :port where it is not 123. The most trustworthy answer counts; a server "
                "that fails or disagrees with the others is left aside.",
                zh="主机名或地址，非 123 端口请加 :端口。系统采用最可信的应答；故障或与其他服务器不一致者将被忽略。",
            ),
            max_length=8,
            reload="timesync",
        ),
    ] = msgspec.field(default_factory=lambda: ["ntp.aliyun.com", "ntp.ntsc.ac.cn", "pool.ntp.org"])
    interval_min: Annotated[
        int,
        setting(
            Text(en="Ask every", zh="同步间隔"),
            help=Text(
                en="In between the clock goes on by its own rate; an hour keeps it within some milliseconds.",
                zh="间隔期间时钟自行走时；每小时同步可保持在几毫秒之内。",
            ),
            unit="min",
            ge=1,
            le=1440,
            reload="timesync",
        ),
    ] = 60
    zone: Annotated[
        str,
        setting(
            Text(en="Time zone of the box", zh="设备时区"),
            help=Text(
                en="Recordings keep UTC; this is what people are shown where no browser says otherwise.",
                zh="录音以 UTC 保存；此处仅影响未由浏览器决定时的显示。",
            ),
            pattern=r"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}$",
            max_length=64,
            reload="timesync",
        ),
    ] = "Asia/Shanghai"


_NO_ZONE = Text(en="{value} is no time zone", zh="{value} 不是有效的时区")


@functools.cache
def zones() -> frozenset[str]:
    """The names of all time zones that this machine knows."""
    return frozenset(zoneinfo.available_timezones())


def check(time: Time) -> None:
    """Refuse a zone that nobody has heard of.

    Raises: Invalid
    """
    if time.zone not in zones():
        raise Invalid(field="time.zone", problem=_NO_ZONE, value=time.zone)
