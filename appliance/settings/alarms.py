"""Settings of alarms: how long they are kept, when one that comes back is the same, who is told by mail and when."""

from enum import StrEnum
from typing import Annotated

import msgspec

from appliance.core.text import Text
from appliance.settings.field import Section, setting
from appliance.settings.recording import Weekday
from appliance.settings.webhook import Webhook

_RELOAD = "notifier"
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_ADDRESS = r"^[^\s@<>,;:\x00-\x1f]{1,64}@[^\s@<>,;:\x00-\x1f]{1,190}$"


class Protection(StrEnum):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


PROTECTION_TEXT: dict[Protection, Text] = {
    Protection.STARTTLS: Text(en="STARTTLS", zh="STARTTLS"),
    Protection.TLS: Text(en="TLS from the start", zh="TLS（SMTPS）"),
    Protection.NONE: Text(en="None: the password travels in clear", zh="无（密码明文传输）"),
}


Addresses = list[Annotated[str, msgspec.Meta(max_length=254, pattern=_ADDRESS)]]


class Email(Section, frozen=True, kw_only=True):
    """Mails about alarms."""

    enabled: Annotated[
        bool,
        setting(
            Text(en="Send mails about alarms", zh="启用邮件告警"),
            help=Text(
                en="Alarms stand on the page in any case. Fill in the lines below, save, and send a test mail from the list of mails.",
                zh="无论是否启用，告警均显示在页面上。填写下列各项并保存后，可在邮件记录页发送测试邮件。",
            ),
            reload=_RELOAD,
        ),
    ] = False
    device_name: Annotated[
        str,
        setting(
            Text(en="Name of this device in mails", zh="设备名称"),
            help=Text(
                en="Stands in every subject, so that several recorders can be told apart.",
                zh="显示在每封邮件的主题中，便于区分多台设备。",
            ),
            max_length=64,
            pattern=r"^[^\x00-\x1f\x7f]*$",
            reload=_RELOAD,
        ),
    ] = "Tapeline"
    server: Annotated[
        str,
        setting(
            Text(en="Mail server", zh="SMTP 服务器"),
            help=Text(
                en="Name or address of the server that takes mails for sending.",
                zh="接受发信的邮件服务器名称或地址。",
            ),
            max_length=253,
            pattern=r"^[A-Za-z0-9_.:-]*$",
            reload=_RELOAD,
        ),
    ] = ""
    port: Annotated[
        int,
        setting(
            Text(en="Port", zh="端口"),
            help=Text(
                en="587 with STARTTLS, 465 with TLS from the start, 25 within a company.",
                zh="STARTTLS 常用 587，TLS 常用 465，企业内部常用 25。",
            ),
            ge=1,
            le=65535,
            reload=_RELOAD,
        ),
    ] = 587
    protection: Annotated[
        Protection,
        setting(
            Text(en="Protection of the connection", zh="连接加密方式"),
            help=Text(
                en="STARTTLS begins in clear and goes on encrypted; a server that refuses it gets no mail.",
                zh="STARTTLS 由明文转为加密；服务器不支持时不发送邮件。",
            ),
            reload=_RELOAD,
        ),
    ] = Protection.STARTTLS
    verify: Annotated[
        bool,
        setting(
            Text(en="Check the server's certificate", zh="校验服务器证书"),
            help=Text(
                en="Off only for a server of one's own with a certificate that nobody signed.",
                zh="仅当使用自建且证书未经签发的服务器时关闭。",
            ),
            reload=_RELOAD,
        ),
    ] = True
    user: Annotated[
        str,
        setting(
            Text(en="User", zh="用户名"),
            help=Text(en="Empty = without signing in.", zh="留空表示不需要登录。"),
            max_length=254,
            reload=_RELOAD,
        ),
    ] = ""
    password: Annotated[
        str,
        setting(
            Text(en="Password", zh="授权密码"),
            help=Text(
                en="Some providers want an authorisation code in its place. Kept apart and never shown.",
                zh="部分邮箱须填写授权码。单独保存，永不显示。",
            ),
            max_length=256,
            secret=True,
            reload=_RELOAD,
        ),
    ] = ""
    sender: Annotated[
        str,
        setting(
            Text(en="Sender", zh="发件人地址"),
            help=Text(en="Empty = the user, or the first receiver.", zh="留空则使用用户名或第一个收件人。"),
            max_length=254,
            pattern=r"^$|" + _ADDRESS[:-1] + "$",
            reload=_RELOAD,
        ),
    ] = ""
    receivers: Annotated[
        Addresses,
        setting(
            Text(en="Receivers", zh="收件人"),
            help=Text(
                en="Everybody here gets every mail, up to 20 addresses.",
                zh="列表中的每个地址都会收到所有邮件，最多 20 个。",
            ),
            max_length=20,
            reload=_RELOAD,
        ),
    ] = []
    only_critical: Annotated[
        bool,
        setting(
            Text(en="Critical alarms only", zh="仅发送严重告警"),
            help=Text(
                en="Those that cost recordings. Warnings then stand on the page only.",
                zh="即影响录音的告警；一般告警仅显示在页面上。",
            ),
            reload=_RELOAD,
        ),
    ] = False
    tell_cleared: Annotated[
        bool,
        setting(
            Text(en="Also tell when an alarm is over", zh="告警消除时也发送"),
            help=Text(
                en="So that nobody drives out for what has mended itself.",
                zh="避免为已自行恢复的问题白跑一趟。",
            ),
            reload=_RELOAD,
        ),
    ] = True
    days: Annotated[
        list[Weekday],
        setting(
            Text(en="Mails on these days", zh="告警星期"),
            help=Text(
                en="None chosen = every day. What is raised outside waits and is told at the next begin, if it still stands.",
                zh="不选表示每天。时段之外发生的告警将等到下一时段开始；若届时仍未消除则发送。",
            ),
            max_length=7,
            reload=_RELOAD,
        ),
    ] = []
    begin: Annotated[
        str,
        setting(
            Text(en="Not before", zh="开始时间"),
            help=Text(
                en="Mails wait until this time of day; 00:00 on both lines means all day.",
                zh="在此时间之前不发送邮件；开始与结束均为 00:00 表示全天。",
            ),
            pattern=_TIME,
            reload=_RELOAD,
        ),
    ] = "00:00"
    end: Annotated[
        str,
        setting(
            Text(en="Not from", zh="结束时间"),
            help=Text(
                en="Equal to the begin = all day; before it = over midnight. In the time zone of the box.",
                zh="与开始时间相同表示全天；早于开始时间表示跨越午夜。按设备时区计算。",
            ),
            pattern=_TIME,
            reload=_RELOAD,
        ),
    ] = "00:00"
    most_per_hour: Annotated[
        int,
        setting(
            Text(en="At most per hour", zh="每小时最多发送"),
            help=Text(
                en="What is too much waits; alarms that are over by then are not mailed.",
                zh="超出部分稍后发送；届时已消除的告警不再发送。",
            ),
            ge=1,
            le=1000,
            reload=_RELOAD,
        ),
    ] = 30
    escalate_after_min: Annotated[
        int,
        setting(
            Text(en="Escalate what nobody acknowledged after", zh="未确认升级通知时间"),
            help=Text(en="0 = never.", zh="0 表示不升级。"),
            unit="min",
            ge=0,
            le=10080,
            reload=_RELOAD,
        ),
    ] = 0
    escalation_receivers: Annotated[
        Addresses,
        setting(
            Text(en="Receivers of escalations", zh="升级通知收件人"),
            help=Text(
                en="Told in addition when the time above has passed; empty = nobody.",
                zh="超过上述时间后另行通知的收件人；留空表示无。",
            ),
            max_length=20,
            reload=_RELOAD,
        ),
    ] = []
    alive_at: Annotated[
        str,
        setting(
            Text(en="Daily “I am alive” mail at", zh="每日运行正常邮件时间"),
            help=Text(
                en="As 07:30, in the time zone of the box; empty = none.",
                zh="例如 07:30，按设备时区；留空表示不发送。",
            ),
            pattern=r"^$|" + _TIME[:-1] + "$",
            reload=_RELOAD,
        ),
    ] = ""


class Alarms(Section, frozen=True, kw_only=True):
    """What becomes of the conditions that the watchdog finds."""

    keep_days: Annotated[
        int,
        setting(
            Text(en="Keep alarms that are over for", zh="已消除告警保留"),
            help=Text(
                en="Afterwards they leave the list; those that still stand are never removed.",
                zh="到期后从列表中移除；尚未消除的告警不会移除。",
            ),
            unit="d",
            ge=1,
            le=3650,
            reload="watchdog",
        ),
    ] = 365
    same_within_min: Annotated[
        int,
        setting(
            Text(en="The same alarm again when it comes back within", zh="多长时间内再次出现视为同一告警"),
            help=Text(
                en="Its acknowledgement then still counts, and nobody is woken twice by something that flickers.",
                zh="此时原有确认仍然有效，避免反复波动的状况多次打扰。",
            ),
            unit="min",
            ge=0,
            le=1440,
            reload="watchdog",
        ),
    ] = 15
    no_recording_min: Annotated[
        int,
        setting(
            Text(en="Alarm when nothing was recorded for", zh="持续无录音告警时间"),
            help=Text(
                en="Counted within the working hours only; 0 = never.",
                zh="仅在工作时段内计时；0 表示不告警。",
            ),
            unit="min",
            ge=0,
            le=10_080,
            reload="watchdog",
        ),
    ] = 0
    work_days: Annotated[
        list[Weekday],
        setting(
            Text(en="Working days", zh="工作日"),
            help=Text(
                en="When calls are to be expected; none chosen = every day.",
                zh="预期有通话的日子；不选表示每天。",
            ),
            max_length=7,
            reload="watchdog",
        ),
    ] = []
    work_begin: Annotated[
        str,
        setting(
            Text(en="Work begins", zh="上班时间"),
            help=Text(en="As 08:00, in the time zone of the box.", zh="例如 08:00，按设备时区。"),
            pattern=_TIME,
            reload="watchdog",
        ),
    ] = "00:00"
    work_end: Annotated[
        str,
        setting(
            Text(en="Work ends", zh="下班时间"),
            help=Text(
                en="Equal to the begin = all day; before it = over midnight.",
                zh="与上班时间相同表示全天；早于上班时间表示跨越午夜。",
            ),
            pattern=_TIME,
            reload="watchdog",
        ),
    ] = "00:00"
    restart_box: Annotated[
        bool,
        setting(
            Text(en="Restart the box when a program stays down", zh="程序持续异常时重启设备"),
            help=Text(
                en="After three restarts of the program, once a day at most; if that does not help either, the other system is started.",
                zh="程序重启三次仍无效时执行，每天最多一次；若仍无效则启动另一系统。",
            ),
            reload="watchdog",
        ),
    ] = True
    too_hot_c: Annotated[
        int,
        setting(
            Text(en="Too hot from", zh="过热温度"),
            help=Text(
                en="For sensors that name no limit themselves; 0 = 95 °C. A warning comes ten degrees before.",
                zh="用于自身未标明上限的传感器；0 表示 95 °C。低 10 度时先行警告。",
            ),
            unit="°C",
            ge=0,
            le=125,
            reload="watchdog",
        ),
    ] = 0
    self_test_at: Annotated[
        str,
        setting(
            Text(en="Daily test call at", zh="每日自检通话时间"),
            help=Text(
                en="The box calls itself over a line of its own and compares the recording with what was sent. Empty = none.",
                zh="设备通过内部线路呼叫自己，并将录音与发送内容比对。留空表示不进行。",
            ),
            pattern=r"^$|" + _TIME[:-1] + "$",
            reload="watchdog",
        ),
    ] = "06:00"
    email: Annotated[
        Email,
        setting(
            Text(en="Mails", zh="邮件告警"),
            help=Text(
                en="Who is told by mail, through which server and when.",
                zh="通过哪个服务器、在何时、向谁发送告警邮件。",
            ),
        ),
    ] = msgspec.field(default_factory=Email)
    webhook: Annotated[
        Webhook,
        setting(
            Text(en="Webhook", zh="Webhook"),
            help=Text(
                en="For a program of one's own, a chat or a ticket system that takes JSON.",
                zh="用于接收 JSON 的自有程序、即时消息或工单系统。",
            ),
        ),
    ] = msgspec.field(default_factory=Webhook)
