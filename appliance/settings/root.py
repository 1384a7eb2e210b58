"""The whole configuration: one field per section, which is also one page."""

from typing import Annotated

import msgspec

from appliance.core.text import Text
from appliance.settings.alarms import Alarms
from appliance.settings.archive import Archive
from appliance.settings.backup import Backup
from appliance.settings.boards import Boards
from appliance.settings.capture import Capture
from appliance.settings.field import Section, setting
from appliance.settings.monitoring import Monitoring
from appliance.settings.network import Network
from appliance.settings.paths import Paths
from appliance.settings.recording import Rulebook
from appliance.settings.retention import Retention
from appliance.settings.sign_in import SignIn
from appliance.settings.time import Time
from appliance.settings.web import Web

SETTINGS_VERSION = 2


class Settings(Section, frozen=True, kw_only=True):
    """Everything an administrator may set."""

    version: int = SETTINGS_VERSION
    revision: int = 0
    capture: Annotated[
        Capture,
        setting(
            Text(en="Recording", zh="录音采集"),
            help=Text(
                en="What the recorder takes from the mirror port, and when a call is over.",
                zh="录音程序从镜像端口采集的内容，以及判定通话结束的条件。",
            ),
        ),
    ] = msgspec.field(default_factory=Capture)
    boards: Annotated[
        Boards,
        setting(
            Text(en="Boards", zh="板卡"),
            help=Text(
                en="Analog lines and E1 trunks: which boards there are, and how each channel is recorded.",
                zh="模拟线路与 E1 中继：板卡及各通道的录音方式。",
            ),
        ),
    ] = msgspec.field(default_factory=Boards)
    recording: Annotated[
        Rulebook,
        setting(
            Text(en="Recording rules", zh="录音规则"),
            help=Text(
                en="Which calls are recorded, and who may start, pause and stop a recording.",
                zh="哪些通话需要录音，以及谁可以开始、暂停和停止录音。",
            ),
            page="rules",
        ),
    ] = msgspec.field(default_factory=Rulebook)
    archive: Annotated[
        Archive,
        setting(
            Text(en="Archive", zh="归档"),
            help=Text(
                en="How captured packets become recordings, and how long the packets are kept.",
                zh="如何将数据包转换为录音，以及数据包的保留时间。",
            ),
        ),
    ] = msgspec.field(default_factory=Archive)
    paths: Annotated[
        Paths,
        setting(
            Text(en="Storage paths", zh="存储路径"),
            help=Text(
                en="On which disks recordings lie, and what happens when one is full or gone.",
                zh="录音所在的磁盘，以及磁盘已满或不可用时的处理方式。",
            ),
        ),
    ] = msgspec.field(default_factory=Paths)
    retention: Annotated[
        Retention,
        setting(
            Text(en="Retention", zh="录音保留"),
            help=Text(
                en="How long recordings stay, by age, size and class, and what goes first when a disk runs full.",
                zh="按时间、容量和类别确定录音的保留期限，以及磁盘将满时先删除哪些录音。",
            ),
            page="storage",
        ),
    ] = msgspec.field(default_factory=Retention)
    backup: Annotated[
        Backup,
        setting(
            Text(en="Backups", zh="备份"),
            help=Text(
                en="When backups are made, what they hold, and where they are brought to.",
                zh="备份的时间、内容与存放位置。",
            ),
            page="backups",
        ),
    ] = msgspec.field(default_factory=Backup)
    web: Annotated[
        Web,
        setting(
            Text(en="Admin panel", zh="管理界面"),
            help=Text(
                en="How long one stays signed in, share links, names of downloads.",
                zh="登录保持时间、分享链接与下载文件名。",
            ),
        ),
    ] = msgspec.field(default_factory=Web)
    sign_in: Annotated[
        SignIn,
        setting(
            Text(en="Sign-in", zh="登录"),
            help=Text(
                en="What a password must be, second factors, and the company's directory server.",
                zh="密码要求、双重验证以及企业目录服务器。",
            ),
        ),
    ] = msgspec.field(default_factory=SignIn)
    network: Annotated[
        Network,
        setting(
            Text(en="Network", zh="网络"),
            help=Text(
                en="Ports, addresses, and from where the box can be reached.",
                zh="网口、地址以及允许访问本机的网段。",
            ),
            page="network",
        ),
    ] = msgspec.field(default_factory=Network)
    time: Annotated[
        Time,
        setting(
            Text(en="Time", zh="时间"),
            help=Text(en="Where the clock of the box comes from, and its zone.", zh="设备时钟的来源与时区。"),
            page="time",
        ),
    ] = msgspec.field(default_factory=Time)
    alarms: Annotated[
        Alarms,
        setting(
            Text(en="Alarms", zh="告警"),
            help=Text(
                en="How long alarms are kept, and who is told of them.", zh="告警的保留时间与通知对象。"
            ),
        ),
    ] = msgspec.field(default_factory=Alarms)
    monitoring: Annotated[
        Monitoring,
        setting(
            Text(en="Monitoring", zh="监控"),
            help=Text(
                en="What the monitoring team sees: SNMP, syslog; metrics for Prometheus need an API token only.",
                zh="供运维监控使用：SNMP 与 Syslog；Prometheus 指标只需 API 令牌。",
            ),
        ),
    ] = msgspec.field(default_factory=Monitoring)
