"""Settings of backups: when, what, how many are kept, and every place they are brought to.

One section a place instead of a list, because a secret is known by its path.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Text
from appliance.settings.field import Section, setting
from appliance.settings.recording import Weekday

_RELOAD = "backup"
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_HOST = r"^[A-Za-z0-9_.:-]*$"
_PATH = r"^[^\x00-\x1f\x7f\\:*?\"<>|]*$"
_LINE = r"^[^\x00-\x1f\x7f]*$"
_KEY = r"^[^\x00-\x09\x0b-\x1f\x7f]*$"


class Audio(StrEnum):
    """Which recordings a backup holds."""

    NONE = "none"
    RECENT = "recent"
    ALL = "all"


AUDIO_TEXT: dict[Audio, Text] = {
    Audio.NONE: Text(en="None: index, settings and keys only", zh="不含：仅索引、设置与密钥"),
    Audio.RECENT: Text(en="Those of the last days", zh="最近若干天的录音"),
    Audio.ALL: Text(en="All recordings", zh="全部录音"),
}


class FtpProtection(StrEnum):
    """How the connection to an FTP server is protected."""

    EXPLICIT = "explicit"
    IMPLICIT = "implicit"
    CLEAR = "clear"


FTP_PROTECTION_TEXT: dict[FtpProtection, Text] = {
    FtpProtection.EXPLICIT: Text(en="FTPS (AUTH TLS)", zh="FTPS（显式 TLS）"),
    FtpProtection.IMPLICIT: Text(en="FTPS from the start (port 990)", zh="FTPS（隐式 TLS，端口 990）"),
    FtpProtection.CLEAR: Text(en="None: the password travels in clear", zh="无（密码明文传输）"),
}

_ENABLED_HELP = Text(
    en="Every backup is brought to every place that is switched on.",
    zh="每份备份都会存放到所有已启用的位置。",
)
_FOLDER = Text(en="Folder", zh="目录")
_FOLDER_HELP = Text(
    en="Made when it is missing. Only files that are named as backups are looked at or deleted there.",
    zh="不存在时自动创建；仅处理以备份命名的文件。",
)
_SERVER = Text(en="Server", zh="服务器")
_SERVER_HELP = Text(en="Name or address, without a port.", zh="名称或地址，不含端口。")
_PORT = Text(en="Port", zh="端口")
_PORT_HELP = Text(en="Where the server listens; 0 = the usual one.", zh="服务器监听端口；0 表示默认端口。")
_USER = Text(en="User", zh="用户名")
_USER_HELP = Text(en="An account that may write, list and delete there.", zh="需具备写入、列目录与删除权限。")
_PASSWORD = Text(en="Password", zh="密码")
_PASSWORD_HELP = Text(en="Kept apart from the settings and never shown again.", zh="单独保存，不再显示。")


class BoxPlace(Section, frozen=True, kw_only=True):
    """Backups on the box itself."""

    enabled: Annotated[
        bool,
        setting(
            Text(en="Keep backups on the box", zh="保存在本机"),
            help=Text(
                en="At hand for going back; of no use when the box is lost, so choose another place as well.",
                zh="便于快速恢复；设备丢失时无用，请同时选择其他位置。",
            ),
            reload=_RELOAD,
        ),
    ] = True


class UsbPlace(Section, frozen=True, kw_only=True):
    """Backups on a USB disk that is plugged in."""

    enabled: Annotated[
        bool, setting(Text(en="Copy to a USB disk", zh="复制到 USB 磁盘"), help=_ENABLED_HELP, reload=_RELOAD)
    ] = False
    folder: Annotated[
        str, setting(_FOLDER, help=_FOLDER_HELP, max_length=200, pattern=_PATH, reload=_RELOAD)
    ] = "tapeline-backups"


class FtpPlace(Section, frozen=True, kw_only=True):
    """Backups on an FTP server."""

    enabled: Annotated[
        bool, setting(Text(en="Copy by FTP", zh="通过 FTP 复制"), help=_ENABLED_HELP, reload=_RELOAD)
    ] = False
    server: Annotated[
        str, setting(_SERVER, help=_SERVER_HELP, max_length=253, pattern=_HOST, reload=_RELOAD)
    ] = ""
    port: Annotated[int, setting(_PORT, help=_PORT_HELP, ge=0, le=65535, reload=_RELOAD)] = 0
    ftp_protection: Annotated[
        FtpProtection,
        setting(
            Text(en="Protection of the connection", zh="连接加密方式"),
            help=Text(
                en="Backups are encrypted in any case; this is about the password.",
                zh="备份本身始终加密；此项保护的是登录密码。",
            ),
            reload=_RELOAD,
        ),
    ] = FtpProtection.EXPLICIT
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
    user: Annotated[str, setting(_USER, help=_USER_HELP, max_length=254, pattern=_LINE, reload=_RELOAD)] = ""
    password: Annotated[
        str, setting(_PASSWORD, help=_PASSWORD_HELP, max_length=256, secret=True, reload=_RELOAD)
    ] = ""
    folder: Annotated[
        str, setting(_FOLDER, help=_FOLDER_HELP, max_length=200, pattern=_PATH, reload=_RELOAD)
    ] = "tapeline-backups"


class SftpPlace(Section, frozen=True, kw_only=True):
    """Backups on an SSH server."""

    enabled: Annotated[
        bool, setting(Text(en="Copy by SFTP", zh="通过 SFTP 复制"), help=_ENABLED_HELP, reload=_RELOAD)
    ] = False
    server: Annotated[
        str, setting(_SERVER, help=_SERVER_HELP, max_length=253, pattern=_HOST, reload=_RELOAD)
    ] = ""
    port: Annotated[int, setting(_PORT, help=_PORT_HELP, ge=0, le=65535, reload=_RELOAD)] = 0
    user: Annotated[str, setting(_USER, help=_USER_HELP, max_length=254, pattern=_LINE, reload=_RELOAD)] = ""
    password: Annotated[
        str, setting(_PASSWORD, help=_PASSWORD_HELP, max_length=256, secret=True, reload=_RELOAD)
    ] = ""
    private_key: Annotated[
        str,
        setting(
            Text(en="Private key", zh="私钥"),
            help=Text(
                en="In OpenSSH's or PEM form, without a passphrase; instead of a password.",
                zh="OpenSSH 或 PEM 格式且无口令，可代替密码。",
            ),
            max_length=16384,
            pattern=_KEY,
            secret=True,
            reload=_RELOAD,
        ),
    ] = ""
    host_key: Annotated[
        str,
        setting(
            Text(en="The server's public key", zh="服务器公钥"),
            help=Text(
                en="As in ssh-ed25519 AAAA…; another server is then refused. Empty = any.",
                zh="形如 ssh-ed25519 AAAA…，不符则拒绝连接。留空表示不校验。",
            ),
            max_length=2048,
            pattern=_LINE,
            reload=_RELOAD,
        ),
    ] = ""
    folder: Annotated[
        str, setting(_FOLDER, help=_FOLDER_HELP, max_length=200, pattern=_PATH, reload=_RELOAD)
    ] = "tapeline-backups"


class SmbPlace(Section, frozen=True, kw_only=True):
    """Backups on a Windows share."""

    enabled: Annotated[
        bool,
        setting(
            Text(en="Copy to a Windows share", zh="复制到 Windows 共享（SMB）"),
            help=_ENABLED_HELP,
            reload=_RELOAD,
        ),
    ] = False
    server: Annotated[
        str, setting(_SERVER, help=_SERVER_HELP, max_length=253, pattern=_HOST, reload=_RELOAD)
    ] = ""
    port: Annotated[int, setting(_PORT, help=_PORT_HELP, ge=0, le=65535, reload=_RELOAD)] = 0
    share: Annotated[
        str,
        setting(
            Text(en="Share", zh="共享名"),
            help=Text(en="Its name alone, without the server.", zh="仅填写共享名，不含服务器。"),
            max_length=80,
            pattern=r"^[^\x00-\x1f\x7f\\/:*?\"<>|]*$",
            reload=_RELOAD,
        ),
    ] = ""
    domain: Annotated[
        str,
        setting(
            Text(en="Domain", zh="域"),
            help=Text(
                en="Or workgroup, of the user; empty where there is none.",
                zh="用户所属域或工作组，没有则留空。",
            ),
            max_length=64,
            pattern=_LINE,
            reload=_RELOAD,
        ),
    ] = ""
    user: Annotated[str, setting(_USER, help=_USER_HELP, max_length=254, pattern=_LINE, reload=_RELOAD)] = ""
    password: Annotated[
        str, setting(_PASSWORD, help=_PASSWORD_HELP, max_length=256, secret=True, reload=_RELOAD)
    ] = ""
    folder: Annotated[
        str, setting(_FOLDER, help=_FOLDER_HELP, max_length=200, pattern=_PATH, reload=_RELOAD)
    ] = "tapeline-backups"


class S3Place(Section, frozen=True, kw_only=True):
    """Backups in an S3 bucket."""

    enabled: Annotated[
        bool, setting(Text(en="Copy to S3", zh="复制到 S3 对象存储"), help=_ENABLED_HELP, reload=_RELOAD)
    ] = False
    endpoint: Annotated[
        str,
        setting(
            Text(en="Endpoint", zh="服务地址"),
            help=Text(
                en="As https://s3.example.org; empty = Amazon's of the region.",
                zh="形如 https://s3.example.org；留空为该区域的 Amazon S3。",
            ),
            max_length=253,
            pattern=r"^(https?://[A-Za-z0-9_.:\[\]-]+/?)?$",
            reload=_RELOAD,
        ),
    ] = ""
    region: Annotated[
        str,
        setting(
            Text(en="Region", zh="区域"),
            help=Text(
                en="As eu-central-1; many other servers take any.",
                zh="例如 eu-central-1；许多兼容服务可任意填写。",
            ),
            max_length=64,
            pattern=r"^[A-Za-z0-9-]*$",
            reload=_RELOAD,
        ),
    ] = ""
    bucket: Annotated[
        str,
        setting(
            Text(en="Bucket", zh="存储桶"),
            help=Text(en="It must exist already.", zh="须事先创建。"),
            max_length=63,
            pattern=r"^[A-Za-z0-9.-]*$",
            reload=_RELOAD,
        ),
    ] = ""
    access_key: Annotated[
        str,
        setting(
            Text(en="Access key", zh="访问密钥 ID"),
            help=Text(en="That of an account for this bucket alone.", zh="建议使用仅限此存储桶的账号。"),
            max_length=128,
            pattern=_LINE,
            reload=_RELOAD,
        ),
    ] = ""
    secret_key: Annotated[
        str,
        setting(
            Text(en="Secret key", zh="访问密钥"),
            help=_PASSWORD_HELP,
            max_length=256,
            secret=True,
            reload=_RELOAD,
        ),
    ] = ""
    folder: Annotated[
        str, setting(_FOLDER, help=_FOLDER_HELP, max_length=200, pattern=_PATH, reload=_RELOAD)
    ] = "tapeline-backups"


class Backup(Section, frozen=True, kw_only=True):
    """Backups: encrypted for the box's own recovery key, tried after they were made, brought to several places."""

    enabled: Annotated[
        bool,
        setting(
            Text(en="Back up by schedule", zh="定时备份"),
            help=Text(
                en="A backup that was missed while the box was off is made up for.",
                zh="设备关机错过的备份会自动补做。",
            ),
            reload=_RELOAD,
        ),
    ] = False
    days: Annotated[
        list[Weekday],
        setting(
            Text(en="On these days", zh="备份日"),
            help=Text(en="None chosen = every day.", zh="不选表示每天。"),
            max_length=7,
            reload=_RELOAD,
        ),
    ] = []
    at: Annotated[
        str,
        setting(
            Text(en="At", zh="时间"),
            help=Text(en="In the time zone of the box, as 02:30.", zh="按设备时区，例如 02:30。"),
            pattern=_TIME,
            reload=_RELOAD,
        ),
    ] = "02:30"
    every_h: Annotated[
        int,
        setting(
            Text(en="Or every", zh="或每隔"),
            help=Text(
                en="Counted from midnight on these days. 0 = once at that time.",
                zh="自当日零点起计。0 表示仅在上述时间。",
            ),
            unit="h",
            ge=0,
            le=23,
            reload=_RELOAD,
        ),
    ] = 0
    audio: Annotated[
        Audio,
        setting(
            Text(en="Recordings in the backup", zh="备份包含录音"),
            help=Text(
                en="Recordings make a backup large; without them it holds every call's row, settings, secrets and keys.",
                zh="包含录音会使备份很大；不含录音时仍包含全部台账、设置、机密与密钥。",
            ),
            reload=_RELOAD,
        ),
    ] = Audio.NONE
    audio_days: Annotated[
        int,
        setting(
            Text(en="Of the last", zh="最近"),
            help=Text(
                en="Holds where the choice above is “those of the last days”.",
                zh="仅在选择“最近若干天的录音”时有效。",
            ),
            unit="d",
            ge=1,
            le=3650,
            reload=_RELOAD,
        ),
    ] = 7
    keep: Annotated[
        int,
        setting(
            Text(en="Keep the newest", zh="保留最新"),
            help=Text(
                en="So many in every place; older ones are deleted once a new one is safe there.",
                zh="每个位置保留的份数；新备份确认完好后才删除更旧的。",
            ),
            ge=1,
            le=1000,
            reload=_RELOAD,
        ),
    ] = 7
    keep_months: Annotated[
        int,
        setting(
            Text(en="And one of each of the last", zh="另外每月保留一份，共"),
            help=Text(en="The newest of each month. 0 = none.", zh="保留每月最新的一份。0 表示不另外保留。"),
            unit="mo",
            ge=0,
            le=120,
            reload=_RELOAD,
        ),
    ] = 6
    box: Annotated[
        BoxPlace,
        setting(
            Text(en="This box", zh="本机"),
            help=Text(en="A folder beside the recordings.", zh="位于录音数据旁的目录。"),
        ),
    ] = msgspec.field(default_factory=BoxPlace)
    usb: Annotated[
        UsbPlace,
        setting(
            Text(en="USB disk", zh="USB 磁盘"),
            help=Text(
                en="A stick with FAT or exFAT, found when it is plugged in and mounted only while a backup is written or read.",
                zh="FAT 或 exFAT 格式的 U 盘，插入后自动识别，仅在读写备份期间挂载。",
            ),
        ),
    ] = msgspec.field(default_factory=UsbPlace)
    ftp: Annotated[
        FtpPlace,
        setting(Text(en="FTP", zh="FTP"), help=Text(en="With or without TLS.", zh="可选 TLS 加密传输。")),
    ] = msgspec.field(default_factory=FtpPlace)
    sftp: Annotated[
        SftpPlace,
        setting(
            Text(en="SFTP", zh="SFTP"),
            help=Text(en="Any server with OpenSSH.", zh="任何运行 OpenSSH 的服务器。"),
        ),
    ] = msgspec.field(default_factory=SftpPlace)
    smb: Annotated[
        SmbPlace,
        setting(
            Text(en="Windows share (SMB)", zh="Windows 共享（SMB）"),
            help=Text(en="Also of a NAS or of Samba.", zh="也适用于 NAS 与 Samba。"),
        ),
    ] = msgspec.field(default_factory=SmbPlace)
    s3: Annotated[
        S3Place,
        setting(
            Text(en="S3", zh="S3"),
            help=Text(en="Amazon's or any server that speaks like it.", zh="Amazon 或任何兼容的服务器。"),
        ),
    ] = msgspec.field(default_factory=S3Place)


PLACES: dict[str, Text] = {
    "box": Text(en="This box", zh="本机"),
    "usb": Text(en="USB disk", zh="USB 磁盘"),
    "ftp": Text(en="FTP", zh="FTP 服务器"),
    "sftp": Text(en="SFTP", zh="SFTP 服务器"),
    "smb": Text(en="Windows share", zh="Windows 共享"),
    "s3": Text(en="S3", zh="S3 对象存储"),
}
"""Every place by its name in the settings."""

_NEEDED: dict[str, tuple[str, ...]] = {
    "ftp": ("server",),
    "sftp": ("server", "user"),
    "smb": ("server", "share"),
    "s3": ("bucket",),
}
_MISSING = Text(en="is needed while this place is switched on", zh="启用此位置时必须填写")
_UPWARDS = Text(en="must not lead upwards", zh="不能包含上级目录")


def check(backup: Backup) -> None:
    """Refuse places that are switched on and cannot be reached as they are.

    Raises: Invalid
    """
    for name in PLACES:
        place = getattr(backup, name)
        if ".." in getattr(place, "folder", "").split("/"):
            raise Invalid(field=f"backup.{name}.folder", problem=_UPWARDS)
        for field in _NEEDED.get(name, ()) if place.enabled else ():
            if not getattr(place, field):
                raise Invalid(field=f"backup.{name}.{field}", problem=_MISSING)
