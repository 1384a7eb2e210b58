"""Permissions and roles: one table for the API and the pages. What is not granted here is denied."""

from enum import StrEnum

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
    RULES = "rules"
    SETTINGS = "settings"
    USERS = "users"


PERMISSION_TEXT: dict[Permission, Text] = {
    Permission.OPEN: Text(en="Open to everyone", zh="无需登录"),
    Permission.SELF: Text(en="Own sign-in and password", zh="本人登录与密码"),
    Permission.HOME: Text(en="See the overview", zh="查看概览"),
    Permission.LIVE: Text(en="See live calls", zh="查看实时通话"),
    Permission.LISTEN_LIVE: Text(en="Listen to live calls", zh="监听实时通话"),
    Permission.CONTROL: Text(en="Control the recording of live calls", zh="控制实时录音"),
    Permission.CALLS: Text(en="Search calls", zh="查询通话"),
    Permission.PLAY: Text(en="Play recordings", zh="播放录音"),
    Permission.DOWNLOAD: Text(en="Download packets", zh="下载数据包"),
    Permission.RULES: Text(en="Change recording rules and lists", zh="修改录音规则与名单"),
    Permission.SETTINGS: Text(en="Change settings", zh="修改设置"),
    Permission.USERS: Text(en="Manage users", zh="管理用户"),
}


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
        }
    ),
}


def may(role: Role | None, permission: Permission, *, must_change_password: bool = False) -> bool:
    """Whether a person of this role may do it; no role = nobody is signed in."""
    if permission is Permission.OPEN:
        return True
    if role is None:
        return False
    if must_change_password:
        return permission is Permission.SELF
    return permission in GRANTED[role]
