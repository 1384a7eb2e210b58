"""Settings for those who watch over the box from outside: SNMP and syslog."""

from enum import StrEnum
from typing import Annotated

import msgspec

from appliance.core.text import Text
from appliance.settings.field import Section, setting

_RELOAD = "notifier"
_HOST = r"^[A-Za-z0-9_.:-]*$"
_RECEIVER = r"^([A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?$"
# They are written into a configuration file: what could end a word or a line there is left out.
_PHRASE = r"^$|^[!$%&()*+,./0-9:;<=>?@A-Z^_a-z|~-]{8,64}$"
_WORD = r"^[A-Za-z0-9_.-]{1,32}$"
_LINE = r"^[^\x00-\x1f\x7f\"\\#]*$"

Receiver = Annotated[str, msgspec.Meta(max_length=260, pattern=_RECEIVER)]


class Transport(StrEnum):
    """How lines reach the syslog server."""

    TLS = "tls"
    TCP = "tcp"
    UDP = "udp"


TRANSPORT_TEXT: dict[Transport, Text] = {
    Transport.TLS: Text(en="TLS (RFC 5425)", zh="TLS（RFC 5425）"),
    Transport.TCP: Text(en="TCP, in clear", zh="TCP（明文）"),
    Transport.UDP: Text(en="UDP, in clear, may lose lines", zh="UDP（明文，可能丢失）"),
}


class CallNumbers(StrEnum):
    """How numbers stand in the lines of calls."""

    WHOLE = "whole"
    MASKED = "masked"
    TOKENS = "tokens"


CALL_NUMBERS_TEXT: dict[CallNumbers, Text] = {
    CallNumbers.WHOLE: Text(en="Whole", zh="完整号码"),
    CallNumbers.MASKED: Text(en="Masked (138****0001)", zh="隐藏部分（138****0001）"),
    CallNumbers.TOKENS: Text(en="Tokens (n:3f9a01c2b47d5e60)", zh="代号（n:3f9a01c2b47d5e60）"),
}


class Snmp(Section, frozen=True, kw_only=True):
    """SNMP: what may be asked, and who is told of alarms."""

    enabled: Annotated[
        bool,
        setting(
            Text(en="Answer SNMP queries", zh="启用 SNMP 查询"),
            help=Text(
                en="Read only. Who may reach the port is set with the network.",
                zh="仅支持读取。允许访问的网段在“网络”中设置。",
            ),
            reload=_RELOAD,
        ),
    ] = False
    port: Annotated[
        int,
        setting(
            Text(en="Port for queries", zh="查询端口"),
            help=Text(en="UDP; 161 is what every manager expects.", zh="UDP 端口；网管软件默认使用 161。"),
            ge=1,
            le=65535,
            reload=_RELOAD,
        ),
    ] = 161
    user: Annotated[
        str,
        setting(
            Text(en="SNMPv3 user", zh="SNMPv3 用户名"),
            help=Text(
                en="For queries and for notifications; authentication is SHA-256, privacy AES-128.",
                zh="查询与通知共用；认证算法 SHA-256，加密算法 AES-128。",
            ),
            pattern=_WORD,
            reload=_RELOAD,
        ),
    ] = "monitor"
    authentication: Annotated[
        str,
        setting(
            Text(en="Authentication passphrase", zh="认证口令"),
            help=Text(
                en="At least 8 characters, without blanks, quotes, # and \\. Without it SNMPv3 stays off.",
                zh="至少 8 个字符，不含空格、引号、# 和 \\。未设置时不启用 SNMPv3。",
            ),
            secret=True,
            pattern=_PHRASE,
            reload=_RELOAD,
        ),
    ] = ""
    privacy: Annotated[
        str,
        setting(
            Text(en="Privacy passphrase", zh="加密口令"),
            help=Text(
                en="Written like the other one; empty = the authentication passphrase is used for both.",
                zh="格式与认证口令相同；留空则两者共用认证口令。",
            ),
            secret=True,
            pattern=_PHRASE,
            reload=_RELOAD,
        ),
    ] = ""
    community: Annotated[
        str,
        setting(
            Text(en="SNMPv2c community", zh="SNMPv2c 团体字"),
            help=Text(
                en="For managers without SNMPv3: it travels in clear. Empty = SNMPv2c is off.",
                zh="供不支持 SNMPv3 的网管使用，以明文传输。留空表示关闭 SNMPv2c。",
            ),
            secret=True,
            pattern=_PHRASE,
            reload=_RELOAD,
        ),
    ] = ""
    contact: Annotated[
        str,
        setting(
            Text(en="Contact", zh="联系人"),
            help=Text(en="Told as sysContact.", zh="作为 sysContact 上报。"),
            max_length=120,
            pattern=_LINE,
            reload=_RELOAD,
        ),
    ] = ""
    location: Annotated[
        str,
        setting(
            Text(en="Location", zh="安装位置"),
            help=Text(en="Told as sysLocation.", zh="作为 sysLocation 上报。"),
            max_length=120,
            pattern=_LINE,
            reload=_RELOAD,
        ),
    ] = ""
    receivers: Annotated[
        list[Receiver],
        setting(
            Text(en="Notifications go to", zh="通知接收地址"),
            help=Text(
                en="Name or address, with :port where it is not 162; [2001:db8::1] for IPv6. Empty = none are sent.",
                zh="主机名或地址，端口不是 162 时加 :端口；IPv6 写作 [2001:db8::1]。留空表示不发送。",
            ),
            max_length=8,
            reload=_RELOAD,
        ),
    ] = []
    inform: Annotated[
        bool,
        setting(
            Text(en="Notifications are to be confirmed", zh="通知需要确认（Inform）"),
            help=Text(
                en="Informs are repeated until the receiver confirms them; traps are sent once and may be lost.",
                zh="Inform 会重发直到接收方确认；Trap 只发送一次，可能丢失。",
            ),
            reload=_RELOAD,
        ),
    ] = True
    only_critical: Annotated[
        bool,
        setting(
            Text(en="Notify of critical alarms only", zh="仅通知严重告警"),
            help=Text(
                en="The table of active alarms shows all of them in any case.",
                zh="活动告警表始终包含全部告警。",
            ),
            reload=_RELOAD,
        ),
    ] = False


class Syslog(Section, frozen=True, kw_only=True):
    """Lines to a syslog server (RFC 5424)."""

    enabled: Annotated[
        bool,
        setting(
            Text(en="Send to a syslog server", zh="发送到 Syslog 服务器"),
            help=Text(
                en="While the server is away the lines wait on the disk, 100 MiB at most.",
                zh="服务器不可用时，日志暂存在磁盘上，最多 100 MiB。",
            ),
            reload=_RELOAD,
        ),
    ] = False
    server: Annotated[
        str,
        setting(
            Text(en="Server", zh="服务器"),
            help=Text(en="Name or address.", zh="主机名或地址。"),
            max_length=253,
            pattern=_HOST,
            reload=_RELOAD,
        ),
    ] = ""
    port: Annotated[
        int,
        setting(
            Text(en="Port", zh="端口"),
            help=Text(en="Usual are 6514 for TLS, 514 otherwise.", zh="TLS 通常为 6514，其他为 514。"),
            ge=1,
            le=65535,
            reload=_RELOAD,
        ),
    ] = 6514
    transport: Annotated[
        Transport,
        setting(
            Text(en="Transport", zh="传输方式"),
            help=Text(
                en="Only TLS hides the lines from others and proves who the server is.",
                zh="只有 TLS 能加密内容并验证服务器身份。",
            ),
            reload=_RELOAD,
        ),
    ] = Transport.TLS
    authority: Annotated[
        str,
        setting(
            Text(en="Certificate of the authority", zh="CA 证书"),
            help=Text(
                en="PEM of who signed the server's certificate; empty = the usual public authorities.",
                zh="签发服务器证书的 CA（PEM 格式）；留空则使用系统自带的公共 CA。",
            ),
            max_length=20_000,
            pattern=r"^$|^\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s-]+-----END CERTIFICATE-----\s*$",
            reload=_RELOAD,
        ),
    ] = ""
    alarms: Annotated[
        bool,
        setting(
            Text(en="Alarms", zh="告警"),
            help=Text(
                en="Each when it is raised and when it is over; facility local5, RFC 5674.",
                zh="告警产生与消除时各发送一条；facility 为 local5，遵循 RFC 5674。",
            ),
            reload=_RELOAD,
        ),
    ] = True
    operations: Annotated[
        bool,
        setting(
            Text(en="Operation log", zh="操作日志"),
            help=Text(
                en="Who did what from where, as the operation log shows it; facility local6.",
                zh="与操作日志内容一致：谁、从哪里、做了什么；facility 为 local6。",
            ),
            reload=_RELOAD,
        ),
    ] = True
    calls: Annotated[
        bool,
        setting(
            Text(en="Calls", zh="通话"),
            help=Text(
                en="One line a call with its end and its reason; facility local4.",
                zh="每个通话结束时一条，含结果与原因；facility 为 local4。",
            ),
            reload=_RELOAD,
        ),
    ] = False
    call_numbers: Annotated[
        CallNumbers,
        setting(
            Text(en="Numbers in the lines of calls", zh="通话日志中的号码"),
            help=Text(
                en="Masked as for people who may not see them in full. A token is the same for the same number, also in "
                "such people's exports, and tells nothing of it without the key, which stays on the box.",
                zh="隐藏部分：与无权查看完整号码的人员所见一致。代号：同一号码始终为同一代号，"
                "与上述人员导出的文件中的代号一致；密钥保留在设备上，没有密钥无法还原号码。",
            ),
            reload=_RELOAD,
        ),
    ] = CallNumbers.MASKED
    system: Annotated[
        bool,
        setting(
            Text(en="What the programs say", zh="程序日志"),
            help=Text(
                en="The journal of the box from “notice” on; only on the box itself.",
                zh="设备系统日志中 notice 及以上级别；仅在设备上有效。",
            ),
            reload=_RELOAD,
        ),
    ] = False


class Monitoring(Section, frozen=True, kw_only=True):
    """What the monitoring team sees."""

    snmp: Annotated[
        Snmp,
        setting(
            Text(en="SNMP", zh="SNMP"),
            help=Text(
                en="Calls, mirror ports, storage, programs and alarms by TAPELINE-MIB, interfaces and disks by the usual ones.",
                zh="通话、镜像端口、存储、程序与告警见 TAPELINE-MIB；网口与磁盘使用标准 MIB。",
            ),
        ),
    ] = msgspec.field(default_factory=Snmp)
    syslog: Annotated[
        Syslog,
        setting(
            Text(en="Syslog", zh="Syslog"),
            help=Text(
                en="Alarms, operations and calls as lines of RFC 5424 with structured data.",
                zh="以 RFC 5424 结构化数据发送告警、操作日志与通话。",
            ),
        ),
    ] = msgspec.field(default_factory=Syslog)
