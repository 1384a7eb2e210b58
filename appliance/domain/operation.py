"""The words of the operation log: what kind of thing somebody did, in which part of the panel, and how it ended."""

from enum import StrEnum

from appliance.core.text import Text


class Module(StrEnum):
    """A part of the panel, as people know it from the menu."""

    SIGN_IN = "sign_in"
    ACCOUNT = "account"
    HOME = "home"
    LIVE = "live"
    CALLS = "calls"
    STATISTICS = "statistics"
    RULES = "rules"
    DIRECTORY = "directory"
    COMMISSIONING = "commissioning"
    SYSTEM = "system"
    STORAGE = "storage"
    ALARMS = "alarms"
    SETTINGS = "settings"
    USERS = "users"
    OPERATIONS = "operations"


MODULE_TEXT: dict[Module, Text] = {
    Module.SIGN_IN: Text(en="Sign-in", zh="登录"),
    Module.ACCOUNT: Text(en="Own account", zh="个人账户"),
    Module.HOME: Text(en="Overview", zh="概览"),
    Module.LIVE: Text(en="Live calls", zh="实时通话"),
    Module.CALLS: Text(en="Calls", zh="通话记录"),
    Module.STATISTICS: Text(en="Statistics", zh="统计"),
    Module.RULES: Text(en="Recording rules", zh="录音规则"),
    Module.DIRECTORY: Text(en="Contacts and extensions", zh="通讯录与分机"),
    Module.COMMISSIONING: Text(en="Commissioning", zh="开通验收"),
    Module.SYSTEM: Text(en="System", zh="系统"),
    Module.STORAGE: Text(en="Storage and backups", zh="存储与备份"),
    Module.ALARMS: Text(en="Alarms", zh="告警"),
    Module.SETTINGS: Text(en="Settings", zh="设置"),
    Module.USERS: Text(en="Users", zh="用户"),
    Module.OPERATIONS: Text(en="Operation log", zh="操作日志"),
}


class Kind(StrEnum):
    """What an operation does. `VIEW` alone is not logged: a page that looks after itself would bury the rest."""

    VIEW = "view"
    QUERY = "query"
    LISTEN = "listen"
    DOWNLOAD = "download"
    EXPORT = "export"
    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"
    CONTROL = "control"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"


KIND_TEXT: dict[Kind, Text] = {
    Kind.VIEW: Text(en="View", zh="浏览"),
    Kind.QUERY: Text(en="Query", zh="查询"),
    Kind.LISTEN: Text(en="Listen", zh="收听"),
    Kind.DOWNLOAD: Text(en="Download", zh="下载"),
    Kind.EXPORT: Text(en="Export", zh="导出"),
    Kind.ADD: Text(en="Add", zh="新增"),
    Kind.CHANGE: Text(en="Change", zh="修改"),
    Kind.DELETE: Text(en="Delete", zh="删除"),
    Kind.CONTROL: Text(en="Control", zh="控制"),
    Kind.SIGN_IN: Text(en="Sign in", zh="登录"),
    Kind.SIGN_OUT: Text(en="Sign out", zh="退出"),
}


class Result(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


RESULT_TEXT: dict[Result, Text] = {
    Result.DONE: Text(en="Done", zh="成功"),
    Result.REFUSED: Text(en="Refused", zh="被拒绝"),
    Result.FAILED: Text(en="Failed", zh="失败"),
}
