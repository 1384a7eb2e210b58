"""The whole configuration: one field per section, which is also one page."""

from typing import Annotated

import msgspec

from appliance.core.text import Text
from appliance.settings.alarms import Alarms
from appliance.settings.archive import Archive
from appliance.settings.capture import Capture
from appliance.settings.field import Section, setting
from appliance.settings.network import Network
from appliance.settings.paths import Paths
from appliance.settings.recording import Rulebook
from appliance.settings.sign_in import SignIn
from appliance.settings.time import Time
from appliance.settings.web import Web

SETTINGS_VERSION = 1


class Settings(Section, frozen=True, kw_only=True):
    """Everything an administrator may set."""

    version: int = SETTINGS_VERSION
    revision: int = 0
    capture: Annotated[Capture, setting(Text(en="Recording", zh="录音采集"))] = msgspec.field(
        default_factory=Capture
    )
    recording: Annotated[Rulebook, setting(Text(en="Recording rules", zh="录音规则"), page="rules")] = (
        msgspec.field(default_factory=Rulebook)
    )
    archive: Annotated[Archive, setting(Text(en="Archive", zh="归档"))] = msgspec.field(
        default_factory=Archive
    )
    paths: Annotated[Paths, setting(Text(en="Storage paths", zh="存储路径"))] = msgspec.field(
        default_factory=Paths
    )
    web: Annotated[Web, setting(Text(en="Admin panel", zh="管理界面"))] = msgspec.field(default_factory=Web)
    sign_in: Annotated[SignIn, setting(Text(en="Sign-in", zh="登录"))] = msgspec.field(default_factory=SignIn)
    network: Annotated[Network, setting(Text(en="Network", zh="网络"), page="network")] = msgspec.field(
        default_factory=Network
    )
    time: Annotated[Time, setting(Text(en="Time", zh="时间"), page="time")] = msgspec.field(
        default_factory=Time
    )
    alarms: Annotated[Alarms, setting(Text(en="Alarms", zh="告警"))] = msgspec.field(default_factory=Alarms)
