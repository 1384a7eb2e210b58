"""Permissions and roles: one table for the API and the pages. What is not granted here is denied."""

from enum import StrEnum
from typing import NamedTuple

from appliance.core.text import Text


class Permission(StrEnum):
    """One thing that a person may do; every row of the route table names exactly one.

    `OPEN` needs no sign-in at all, `SELF` any signed-in person, even one who must change the password first.
    """

    OPEN = "open"
    SELF = "self"
    HOME = "home"
    LIVE = "live"
    LISTEN_LIVE = "listen_live"
    CONTROL = "control"
    CALLS = "calls"
    PLAY = "play"
    DOWNLOAD = "download"
    EXPORT = "export"
    ANNOTATE = "annotate"
    SHARE = "share"
    HOLD = "hold"
    DELETE = "delete"
    FULL_NUMBERS = "full_numbers"
    STATISTICS = "statistics"
    DIRECTORY = "directory"
    SYSTEM = "system"
    ALARMS = "alarms"
    OPERATIONS = "operations"
    RULES = "rules"
    SETTINGS = "settings"
    USERS = "users"
    CONFIRM = "confirm"


PERMISSION_TEXT: dict[Permission, Text] = {
    Permission.OPEN: Text(en="Open to everyone", zh="无需登录"),
    Permission.SELF: Text(en="Own sign-in and password", zh="本人登录与密码"),
    Permission.HOME: Text(en="See the overview", zh="查看概览"),
    Permission.LIVE: Text(en="See live calls", zh="查看实时通话"),
    Permission.LISTEN_LIVE: Text(en="Listen to live calls", zh="监听实时通话"),
    Permission.CONTROL: Text(en="Control the recording of live calls", zh="控制实时录音"),
    Permission.CALLS: Text(en="Search calls", zh="查询通话"),
    Permission.PLAY: Text(en="Play recordings", zh="播放录音"),
    Permission.DOWNLOAD: Text(en="Download recordings and packets", zh="下载录音与数据包"),
    Permission.EXPORT: Text(en="Export lists as tables", zh="导出列表"),
    Permission.ANNOTATE: Text(en="Write notes, tags and bookmarks", zh="编写备注、标签与书签"),
    Permission.SHARE: Text(en="Share links to recordings", zh="分享录音链接"),
    Permission.HOLD: Text(en="Set and lift legal holds", zh="设置与解除法律保留"),
    Permission.DELETE: Text(en="Delete recordings", zh="删除录音"),
    Permission.FULL_NUMBERS: Text(
        en="See numbers in full (otherwise 138****0001)", zh="查看完整号码（否则显示 138****0001）"
    ),
    Permission.STATISTICS: Text(en="See statistics", zh="查看统计"),
    Permission.DIRECTORY: Text(en="Change contacts and extensions", zh="修改通讯录与分机"),
    Permission.SYSTEM: Text(en="See the state of the system", zh="查看系统状态"),
    Permission.ALARMS: Text(en="See and acknowledge alarms", zh="查看与确认告警"),
    Permission.OPERATIONS: Text(en="See the operation log", zh="查看操作日志"),
    Permission.RULES: Text(en="Change recording rules and lists", zh="修改录音规则与名单"),
    Permission.SETTINGS: Text(en="Change settings", zh="修改设置"),
    Permission.USERS: Text(en="Manage users", zh="管理用户"),
    Permission.CONFIRM: Text(en="Confirm for others as the second person", zh="作为第二人确认"),
}

SENSITIVE: frozenset[Permission] = frozenset(
    {
        Permission.LISTEN_LIVE,
        Permission.PLAY,
        Permission.DOWNLOAD,
        Permission.EXPORT,
        Permission.SHARE,
        Permission.DELETE,
    }
)
"""Hearing recordings, taking them out and destroying them: what guarded roles may do with four eyes only."""


PERMISSION_GROUPS: tuple[tuple[Text, tuple[Permission, ...]], ...] = (
    (
        Text(en="Run information", zh="运行信息"),
        (
            Permission.HOME,
            Permission.LIVE,
            Permission.LISTEN_LIVE,
            Permission.CONTROL,
            Permission.SYSTEM,
            Permission.ALARMS,
        ),
    ),
    (
        Text(en="Recordings", zh="录音管理"),
        (
            Permission.CALLS,
            Permission.PLAY,
            Permission.DOWNLOAD,
            Permission.EXPORT,
            Permission.ANNOTATE,
            Permission.SHARE,
            Permission.HOLD,
            Permission.DELETE,
            Permission.FULL_NUMBERS,
            Permission.STATISTICS,
        ),
    ),
    (
        Text(en="System", zh="系统管理"),
        (Permission.DIRECTORY, Permission.RULES, Permission.SETTINGS, Permission.OPERATIONS),
    ),
    (Text(en="Rights", zh="权限管理"), (Permission.USERS, Permission.CONFIRM)),
)
"""The tree of ticks in a role's form: everything but what everybody may."""


class Role(StrEnum):
    """What a person is to the box."""

    ADMINISTRATOR = "administrator"
    VIEWER = "viewer"


ROLE_TEXT: dict[Role, Text] = {
    Role.ADMINISTRATOR: Text(en="Administrator", zh="管理员"),
    Role.VIEWER: Text(en="Viewer", zh="查看者"),
}

GRANTED: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.VIEWER: frozenset(
        {
            Permission.OPEN,
            Permission.SELF,
            Permission.HOME,
            Permission.LIVE,
            Permission.LISTEN_LIVE,
            Permission.CALLS,
            Permission.PLAY,
            Permission.DOWNLOAD,
            Permission.EXPORT,
            Permission.ANNOTATE,
            Permission.FULL_NUMBERS,
            Permission.STATISTICS,
        }
    ),
}


class Power(NamedTuple):
    """What can be done; `is_guarded`: what is sensitive only after a second person has confirmed it."""

    permissions: frozenset[Permission]
    is_guarded: bool = False

    def exceeds(self, own: "Power") -> bool:
        """Whether this is more than `own`.

        To be without a guard is more, too. Nor is a guarded person above those who confirm: whoever could make one, or
        give one a new password, would be the second person as well.
        """
        if not self.permissions <= own.permissions:
            return True
        if not own.is_guarded:
            return False
        is_free = not self.is_guarded and not SENSITIVE.isdisjoint(self.permissions)
        return is_free or Permission.CONFIRM in self.permissions


def may(
    granted: frozenset[Permission] | None, permission: Permission, *, must_change_password: bool = False
) -> bool:
    """Whether a person with these permissions may do it; None = nobody is signed in."""
    if permission is Permission.OPEN:
        return True
    if granted is None:
        return False
    if must_change_password or permission is Permission.SELF:
        return permission is Permission.SELF
    return permission in granted
