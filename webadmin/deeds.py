"""What each row of the route table is to the operation log: its module, its kind, its words. One line a row.

The name is the function's file and name, as in the OpenAPI document. A row that is missing here fails the house
tests; until then it is logged all the same, by its method.
"""

from typing import NamedTuple

from appliance.core.text import Text
from appliance.domain.operation import Kind, Module


class Deed(NamedTuple):
    """One operation in the words of the log. Reads whose kind is `VIEW` are not logged; writes always are."""

    module: Module
    kind: Kind
    text: Text


def _view(module: Module) -> Deed:
    return Deed(module, Kind.VIEW, Text(en="Look at the page", zh="浏览页面"))


DEEDS: dict[str, Deed] = {
    "routes.describe": _view(Module.SYSTEM),
    "texts.show": _view(Module.SYSTEM),
    # Signing in
    "session.show": _view(Module.SIGN_IN),
    "session.sign_in": Deed(Module.SIGN_IN, Kind.SIGN_IN, Text(en="Sign in", zh="登录")),
    "session.sign_out": Deed(Module.SIGN_IN, Kind.SIGN_OUT, Text(en="Sign out", zh="退出登录")),
    "session.set_up": Deed(Module.SIGN_IN, Kind.ADD, Text(en="Set the recorder up", zh="初始设置")),
    "session.change_password": Deed(
        Module.ACCOUNT, Kind.CHANGE, Text(en="Change one's own password", zh="修改本人密码")
    ),
    "session.give_second": Deed(
        Module.SIGN_IN, Kind.SIGN_IN, Text(en="Sign in with a second factor", zh="双重验证登录")
    ),
    "session.passkey_options": Deed(
        Module.SIGN_IN, Kind.SIGN_IN, Text(en="Begin a sign-in with a passkey", zh="开始通行密钥登录")
    ),
    "session.by_passkey": Deed(
        Module.SIGN_IN, Kind.SIGN_IN, Text(en="Sign in with a passkey", zh="通行密钥登录")
    ),
    "confirmation.give": Deed(
        Module.SIGN_IN, Kind.SIGN_IN, Text(en="Confirm as the second person", zh="第二人确认")
    ),
    "confirmation.give_second": Deed(
        Module.SIGN_IN,
        Kind.SIGN_IN,
        Text(en="Confirm as the second person with a second factor", zh="第二人双重验证确认"),
    ),
    "confirmation.end": Deed(
        Module.SIGN_IN, Kind.SIGN_OUT, Text(en="End a second person's confirmation", zh="结束第二人确认")
    ),
    "entry.show_link": Deed(
        Module.SIGN_IN, Kind.QUERY, Text(en="Open a link for a new password", zh="打开重置密码链接")
    ),
    "entry.reset": Deed(
        Module.SIGN_IN, Kind.CHANGE, Text(en="Choose a new password by link", zh="通过链接重置密码")
    ),
    "account.show": _view(Module.ACCOUNT),
    "account.end_session": Deed(
        Module.ACCOUNT, Kind.DELETE, Text(en="End one's own session", zh="结束本人会话")
    ),
    "account.end_other_sessions": Deed(
        Module.ACCOUNT, Kind.DELETE, Text(en="End one's own other sessions", zh="结束本人其他会话")
    ),
    "account.begin_app": Deed(
        Module.ACCOUNT, Kind.ADD, Text(en="Begin to set up an authenticator app", zh="开始设置验证器应用")
    ),
    "account.confirm_app": Deed(
        Module.ACCOUNT, Kind.ADD, Text(en="Set up an authenticator app", zh="启用验证器应用")
    ),
    "account.remove_app": Deed(
        Module.ACCOUNT, Kind.DELETE, Text(en="Remove the authenticator app", zh="移除验证器应用")
    ),
    "account.renew_codes": Deed(
        Module.ACCOUNT, Kind.CHANGE, Text(en="Make new recovery codes", zh="重新生成恢复码")
    ),
    "account.passkey_options": Deed(
        Module.ACCOUNT, Kind.ADD, Text(en="Begin to register a passkey", zh="开始注册通行密钥")
    ),
    "account.add_passkey": Deed(Module.ACCOUNT, Kind.ADD, Text(en="Register a passkey", zh="注册通行密钥")),
    "account.remove_passkey": Deed(
        Module.ACCOUNT, Kind.DELETE, Text(en="Remove a passkey", zh="移除通行密钥")
    ),
    "account.add_token": Deed(Module.ACCOUNT, Kind.ADD, Text(en="Make an API token", zh="创建 API 令牌")),
    "account.revoke_token": Deed(
        Module.ACCOUNT, Kind.DELETE, Text(en="Revoke one's own API token", zh="吊销本人 API 令牌")
    ),
    "entry.list_sessions": _view(Module.USERS),
    "entry.end_session": Deed(Module.USERS, Kind.DELETE, Text(en="Sign somebody out", zh="强制用户退出")),
    "entry.list_tokens": _view(Module.USERS),
    "entry.revoke_token": Deed(
        Module.USERS, Kind.DELETE, Text(en="Revoke somebody's API token", zh="吊销用户 API 令牌")
    ),
    "entry.make_link": Deed(
        Module.USERS, Kind.CHANGE, Text(en="Make a link for a new password", zh="生成重置密码链接")
    ),
    "entry.remove_factors": Deed(
        Module.USERS, Kind.DELETE, Text(en="Remove somebody's second factors", zh="移除用户双重验证")
    ),
    "entry.try_ldap": Deed(
        Module.SETTINGS, Kind.QUERY, Text(en="Try the directory server", zh="测试目录服务器")
    ),
    # Calls
    "home.show": _view(Module.HOME),
    "mirror.show": _view(Module.HOME),
    "licences.show": _view(Module.SYSTEM),
    "licences.add": Deed(Module.SYSTEM, Kind.ADD, Text(en="Bring a licence", zh="上传授权文件")),
    "licences.remove": Deed(Module.SYSTEM, Kind.DELETE, Text(en="Remove a licence", zh="移除授权文件")),
    "first_steps.show": _view(Module.SYSTEM),
    "first_steps.remember": Deed(
        Module.SYSTEM, Kind.CHANGE, Text(en="Go through the first steps", zh="开通向导")
    ),
    "system.show": _view(Module.SYSTEM),
    "system.show_log": Deed(Module.SYSTEM, Kind.QUERY, Text(en="Read a program's log", zh="查看程序日志")),
    "power.restart": Deed(Module.SYSTEM, Kind.CHANGE, Text(en="Restart the box", zh="重启设备")),
    "power.switch_off": Deed(Module.SYSTEM, Kind.CHANGE, Text(en="Switch the box off", zh="关闭设备")),
    "power.restart_program": Deed(Module.SYSTEM, Kind.CHANGE, Text(en="Restart a program", zh="重启程序")),
    "mirror.show_nets": _view(Module.HOME),
    "boards.show": _view(Module.SYSTEM),
    "boards.show_channels": _view(Module.SYSTEM),
    "boards.show_channel": _view(Module.SYSTEM),
    "line_doctor.show": _view(Module.SYSTEM),
    "boards.save_channels": Deed(
        Module.SYSTEM, Kind.CHANGE, Text(en="Change parameters of channels", zh="修改通道参数")
    ),
    "corrections.show": _view(Module.SYSTEM),
    "corrections.rows": _view(Module.SYSTEM),
    "corrections.plan": Deed(
        Module.SYSTEM, Kind.QUERY, Text(en="Preview corrections of past calls", zh="预览历史通话更正")
    ),
    "corrections.drop": Deed(
        Module.SYSTEM, Kind.DELETE, Text(en="Drop a preview of corrections", zh="放弃更正预览")
    ),
    "corrections.order": Deed(
        Module.SYSTEM, Kind.CHANGE, Text(en="Correct past calls of a trunk", zh="更正中继历史通话")
    ),
    "live.show": _view(Module.LIVE),
    "live.show_channels": _view(Module.LIVE),
    "live.control": Deed(Module.LIVE, Kind.CONTROL, Text(en="Control a recording", zh="控制录音")),
    "listen.ListenSocket": Deed(
        Module.LIVE, Kind.LISTEN, Text(en="Listen to a live call", zh="监听实时通话")
    ),
    "events.EventSocket": _view(Module.LIVE),
    "calls.search": Deed(Module.CALLS, Kind.QUERY, Text(en="Search calls", zh="查询通话")),
    "update.show": _view(Module.SYSTEM),
    "update.take": Deed(Module.SYSTEM, Kind.ADD, Text(en="Bring an update to the box", zh="上传更新包")),
    "update.drop": Deed(Module.SYSTEM, Kind.DELETE, Text(en="Forget an update", zh="删除更新包")),
    "update.fetch": Deed(Module.SYSTEM, Kind.ADD, Text(en="Fetch an update", zh="下载更新包")),
    "update.list_stick": Deed(
        Module.SYSTEM, Kind.QUERY, Text(en="Look for updates on a USB stick", zh="查看 U 盘中的更新包")
    ),
    "update.bring": Deed(
        Module.SYSTEM, Kind.ADD, Text(en="Copy an update from a USB stick", zh="从 U 盘复制更新包")
    ),
    "update.install": Deed(Module.SYSTEM, Kind.CHANGE, Text(en="Install an update", zh="安装更新")),
    "update.start": Deed(Module.SYSTEM, Kind.CHANGE, Text(en="Start the other system", zh="启动另一系统")),
    "update.stay": Deed(
        Module.SYSTEM, Kind.CHANGE, Text(en="Do not start the other system", zh="取消启动另一系统")
    ),
    "update.reset": Deed(
        Module.SYSTEM, Kind.DELETE, Text(en="Back to the state of delivery", zh="恢复出厂设置")
    ),
    "statements.show": _view(Module.STATISTICS),
    "statements.ask": Deed(
        Module.STATISTICS, Kind.ADD, Text(en="Ask for a statement of completeness", zh="生成完整性声明")
    ),
    "statements.fetch": Deed(
        Module.STATISTICS, Kind.DOWNLOAD, Text(en="Download a statement of completeness", zh="下载完整性声明")
    ),
    "statements.key": Deed(
        Module.STATISTICS,
        Kind.DOWNLOAD,
        Text(en="Download the public key of the statements", zh="下载声明公钥"),
    ),
    "cdr.preview": Deed(
        Module.STATISTICS, Kind.QUERY, Text(en="Look at a list of the exchange", zh="预览交换机话单")
    ),
    "cdr.compare": Deed(
        Module.STATISTICS,
        Kind.QUERY,
        Text(en="Compare the exchange's list with the ledger", zh="核对交换机话单与台账"),
    ),
    "statistics.show": Deed(Module.STATISTICS, Kind.QUERY, Text(en="Look at statistics", zh="查看统计")),
    "statistics.export": Deed(Module.STATISTICS, Kind.EXPORT, Text(en="Export statistics", zh="导出统计")),
    "query.read_line": _view(Module.CALLS),
    "query.write_line": _view(Module.CALLS),
    "query.complete": _view(Module.CALLS),
    "query.count": Deed(Module.CALLS, Kind.QUERY, Text(en="Count calls", zh="统计通话条数")),
    "query.show_searches": _view(Module.CALLS),
    "query.keep_search": Deed(Module.CALLS, Kind.ADD, Text(en="Keep a search", zh="保存查询")),
    "query.replace_search": Deed(
        Module.CALLS, Kind.CHANGE, Text(en="Change a kept search", zh="修改已存查询")
    ),
    "query.forget_search": Deed(
        Module.CALLS, Kind.DELETE, Text(en="Delete a kept search", zh="删除已存查询")
    ),
    "tour.show": _view(Module.ACCOUNT),
    "tour.remember": Deed(Module.ACCOUNT, Kind.CHANGE, Text(en="Go on with the tour", zh="更新导览进度")),
    "query.show_columns": _view(Module.CALLS),
    "query.choose_columns": Deed(
        Module.CALLS, Kind.CHANGE, Text(en="Choose columns of the list", zh="选择列表列")
    ),
    "calls.show": Deed(Module.CALLS, Kind.QUERY, Text(en="Open a call", zh="查看通话详情")),
    "audio.play": Deed(Module.CALLS, Kind.LISTEN, Text(en="Play a recording", zh="播放录音")),
    "audio.peaks": _view(Module.CALLS),
    "kept.ladder": Deed(Module.CALLS, Kind.QUERY, Text(en="See a call's signalling", zh="查看通话信令")),
    "kept.capture": Deed(
        Module.CALLS, Kind.DOWNLOAD, Text(en="Download a call's packets", zh="下载通话数据包")
    ),
    "annotations.show": _view(Module.CALLS),
    "annotations.of_calls": _view(Module.CALLS),
    "annotations.known": _view(Module.CALLS),
    "annotations.mark_reviewed": Deed(
        Module.CALLS, Kind.CHANGE, Text(en="Mark calls as reviewed or not", zh="标记通话已阅或未阅")
    ),
    "annotations.add_tag": Deed(Module.CALLS, Kind.ADD, Text(en="Tag a call", zh="添加标签")),
    "annotations.remove_tag": Deed(Module.CALLS, Kind.DELETE, Text(en="Remove a tag", zh="移除标签")),
    "annotations.add_note": Deed(Module.CALLS, Kind.ADD, Text(en="Write a note", zh="添加备注")),
    "annotations.change_note": Deed(Module.CALLS, Kind.CHANGE, Text(en="Change a note", zh="修改备注")),
    "annotations.remove_note": Deed(Module.CALLS, Kind.DELETE, Text(en="Remove a note", zh="删除备注")),
    "annotations.add_bookmark": Deed(Module.CALLS, Kind.ADD, Text(en="Set a bookmark", zh="添加书签")),
    "annotations.remove_bookmark": Deed(
        Module.CALLS, Kind.DELETE, Text(en="Remove a bookmark", zh="删除书签")
    ),
    "keeping.hold": Deed(Module.CALLS, Kind.ADD, Text(en="Set a legal hold", zh="设置法律保留")),
    "keeping.lift": Deed(Module.CALLS, Kind.DELETE, Text(en="Lift a legal hold", zh="解除法律保留")),
    "keeping.delete": Deed(Module.CALLS, Kind.DELETE, Text(en="Delete a recording", zh="删除录音")),
    "keeping.evidence": Deed(Module.CALLS, Kind.QUERY, Text(en="Verify a recording", zh="校验录音")),
    "exports.show": _view(Module.CALLS),
    "exports.state": _view(Module.CALLS),
    "exports.begin_recordings": Deed(
        Module.CALLS, Kind.DOWNLOAD, Text(en="Download many recordings", zh="批量下载录音")
    ),
    "exports.begin_table": Deed(Module.CALLS, Kind.EXPORT, Text(en="Export calls", zh="导出通话列表")),
    "exports.again": Deed(Module.CALLS, Kind.EXPORT, Text(en="Make an export again", zh="重新生成导出")),
    "exports.cancel": Deed(Module.CALLS, Kind.DELETE, Text(en="Cancel an export", zh="取消导出")),
    "exports.fetch": Deed(Module.CALLS, Kind.DOWNLOAD, Text(en="Fetch an export", zh="取回导出文件")),
    "shares.of_call": _view(Module.CALLS),
    "shares.show": _view(Module.CALLS),
    "shares.add": Deed(Module.CALLS, Kind.ADD, Text(en="Share a recording", zh="分享录音")),
    "shares.revoke": Deed(Module.CALLS, Kind.DELETE, Text(en="Revoke a share link", zh="撤销分享链接")),
    "shares.look": _view(Module.CALLS),
    "shares.open_link": Deed(Module.CALLS, Kind.LISTEN, Text(en="Open a share link", zh="打开分享链接")),
    "shares.play": Deed(Module.CALLS, Kind.LISTEN, Text(en="Play by a share link", zh="通过分享链接播放")),
    "shares.peaks": _view(Module.CALLS),
    "interactions.show": Deed(Module.CALLS, Kind.QUERY, Text(en="Open a conversation", zh="查看会话")),
    "why.explain": Deed(
        Module.CALLS, Kind.QUERY, Text(en="Ask why there is no recording", zh="查询未录音原因")
    ),
    # Rules
    "rules.show": _view(Module.RULES),
    "rules.describe": _view(Module.RULES),
    "rules.save": Deed(Module.RULES, Kind.CHANGE, Text(en="Change the recording rules", zh="修改录音规则")),
    "rules.explain": Deed(Module.RULES, Kind.QUERY, Text(en="Test the recording rules", zh="测试录音规则")),
    "lists.show": _view(Module.RULES),
    "lists.add": Deed(Module.RULES, Kind.ADD, Text(en="Add a number to a list", zh="名单新增号码")),
    "lists.replace": Deed(Module.RULES, Kind.CHANGE, Text(en="Change a number of a list", zh="修改名单号码")),
    "lists.remove": Deed(
        Module.RULES, Kind.DELETE, Text(en="Remove a number from a list", zh="删除名单号码")
    ),
    "lists.switch": Deed(
        Module.RULES, Kind.CHANGE, Text(en="Switch the allow-list on or off", zh="启用或停用白名单")
    ),
    "contacts.show": _view(Module.DIRECTORY),
    "contacts.add": Deed(Module.DIRECTORY, Kind.ADD, Text(en="Add contacts", zh="添加联系人")),
    "contacts.replace": Deed(Module.DIRECTORY, Kind.CHANGE, Text(en="Change a contact", zh="修改联系人")),
    "contacts.remove": Deed(Module.DIRECTORY, Kind.DELETE, Text(en="Remove contacts", zh="删除联系人")),
    "contacts.take_table": Deed(Module.DIRECTORY, Kind.ADD, Text(en="Import contacts", zh="导入联系人")),
    "contacts.export": Deed(Module.DIRECTORY, Kind.EXPORT, Text(en="Export contacts", zh="导出联系人")),
    "extensions.show": _view(Module.DIRECTORY),
    "extensions.add": Deed(Module.DIRECTORY, Kind.ADD, Text(en="Add extensions", zh="添加分机")),
    "extensions.replace": Deed(Module.DIRECTORY, Kind.CHANGE, Text(en="Change an extension", zh="修改分机")),
    "extensions.remove": Deed(Module.DIRECTORY, Kind.DELETE, Text(en="Remove extensions", zh="删除分机")),
    "extensions.take_table": Deed(Module.DIRECTORY, Kind.ADD, Text(en="Import extensions", zh="导入分机")),
    # Settings
    "settings.show": _view(Module.SETTINGS),
    "settings.describe": _view(Module.SETTINGS),
    "settings.history": _view(Module.SETTINGS),
    "settings.compare": _view(Module.SETTINGS),
    "settings_file.export": Deed(Module.SETTINGS, Kind.EXPORT, Text(en="Export the settings", zh="导出设置")),
    "settings_file.take": Deed(Module.SETTINGS, Kind.CHANGE, Text(en="Import settings", zh="导入设置")),
    "settings.restore": Deed(
        Module.SETTINGS, Kind.CHANGE, Text(en="Go back to earlier settings", zh="恢复历史设置")
    ),
    "settings.save": Deed(Module.SETTINGS, Kind.CHANGE, Text(en="Change settings", zh="修改设置")),
    "storage.show": _view(Module.STORAGE),
    "second_disk.prepare": Deed(
        Module.STORAGE, Kind.DELETE, Text(en="Erase a disk for recordings", zh="格式化录音盘")
    ),
    "second_disk.take_on": Deed(
        Module.STORAGE, Kind.ADD, Text(en="Use the second disk", zh="启用第二块录音盘")
    ),
    "second_disk.take_off": Deed(
        Module.STORAGE, Kind.CONTROL, Text(en="Take the second disk off", zh="移除第二块录音盘")
    ),
    "backups.show": _view(Module.STORAGE),
    "backups.make": Deed(Module.STORAGE, Kind.ADD, Text(en="Make a backup", zh="立即备份")),
    "backups.refresh": Deed(Module.STORAGE, Kind.QUERY, Text(en="Look for backups", zh="查看备份列表")),
    "backups.attempt": Deed(
        Module.STORAGE, Kind.CONTROL, Text(en="Try a place for backups", zh="测试备份位置")
    ),
    "backups.remove": Deed(Module.STORAGE, Kind.DELETE, Text(en="Delete a backup", zh="删除备份")),
    "backups.bring": Deed(Module.STORAGE, Kind.DOWNLOAD, Text(en="Fetch a backup", zh="取回备份")),
    "backups.download": Deed(Module.STORAGE, Kind.DOWNLOAD, Text(en="Download a backup", zh="下载备份")),
    "backups.take": Deed(Module.STORAGE, Kind.ADD, Text(en="Bring a backup to the box", zh="上传备份")),
    "backups.discard": Deed(
        Module.STORAGE, Kind.DELETE, Text(en="Delete a backup that was brought", zh="删除上传的备份")
    ),
    "backups.rehearse_upload": Deed(
        Module.STORAGE, Kind.QUERY, Text(en="Try a backup that was brought", zh="试恢复上传的备份")
    ),
    "backups.rehearse": Deed(Module.STORAGE, Kind.QUERY, Text(en="Try a backup", zh="试恢复备份")),
    "backups.forget": Deed(Module.STORAGE, Kind.DELETE, Text(en="Drop a tried backup", zh="放弃试恢复")),
    "backups.restore": Deed(Module.STORAGE, Kind.CHANGE, Text(en="Restore a backup", zh="恢复备份")),
    "backups.show_key": Deed(
        Module.STORAGE, Kind.QUERY, Text(en="Show the recovery key of backups", zh="显示备份恢复密钥")
    ),
    "backups.renew_key": Deed(
        Module.STORAGE, Kind.CHANGE, Text(en="Make a new recovery key of backups", zh="更换备份恢复密钥")
    ),
    "retention.show": _view(Module.STORAGE),
    "retention.describe": _view(Module.STORAGE),
    "retention.preview": Deed(
        Module.STORAGE, Kind.QUERY, Text(en="Preview a retention policy", zh="预览录音保留策略")
    ),
    "retention.save": Deed(
        Module.STORAGE, Kind.CHANGE, Text(en="Change the retention of recordings", zh="修改录音保留策略")
    ),
    "web_access.show": _view(Module.SETTINGS),
    "web_access.fetch": Deed(
        Module.SETTINGS, Kind.DOWNLOAD, Text(en="Download a certificate request", zh="下载证书请求")
    ),
    "web_access.ask": Deed(
        Module.SETTINGS, Kind.ADD, Text(en="Make a certificate request", zh="生成证书请求")
    ),
    "web_access.install": Deed(Module.SETTINGS, Kind.CHANGE, Text(en="Install a certificate", zh="安装证书")),
    "web_access.renew": Deed(
        Module.SETTINGS, Kind.CHANGE, Text(en="Make the certificate anew", zh="重新生成证书")
    ),
    "clock.show": _view(Module.SETTINGS),
    "clock.save": Deed(Module.SETTINGS, Kind.CHANGE, Text(en="Change the time settings", zh="修改时间设置")),
    "clock.order": Deed(Module.SYSTEM, Kind.CONTROL, Text(en="Set the clock", zh="校准设备时钟")),
    "network.show": _view(Module.SETTINGS),
    "network.try_out": Deed(Module.SETTINGS, Kind.CHANGE, Text(en="Try network settings", zh="试用网络设置")),
    "network.confirm": Deed(
        Module.SETTINGS, Kind.CHANGE, Text(en="Confirm network settings", zh="确认网络设置")
    ),
    "network.go_back": Deed(
        Module.SETTINGS, Kind.CHANGE, Text(en="Take network settings back", zh="撤回网络设置")
    ),
    "network.begin_probe": Deed(Module.SYSTEM, Kind.CONTROL, Text(en="Look at the network", zh="网络测试")),
    "network.show_probe": _view(Module.SYSTEM),
    "network.end_probe": Deed(Module.SYSTEM, Kind.CONTROL, Text(en="End a network test", zh="结束网络测试")),
    "network.fetch_sample": Deed(
        Module.SYSTEM, Kind.DOWNLOAD, Text(en="Download packets of a mirror port", zh="下载镜像网口数据包")
    ),
    "commissioning.show": _view(Module.COMMISSIONING),
    "commissioning.save": Deed(
        Module.COMMISSIONING, Kind.CHANGE, Text(en="Change the commissioning list", zh="修改验收清单")
    ),
    "commissioning.reset": Deed(
        Module.COMMISSIONING, Kind.CHANGE, Text(en="Begin commissioning anew", zh="重新开始验收")
    ),
    # People
    "users.show": _view(Module.USERS),
    "users.create": Deed(Module.USERS, Kind.ADD, Text(en="Add a user", zh="新增用户")),
    "users.size": _view(Module.USERS),
    "users.choices": _view(Module.USERS),
    "users.replace": Deed(Module.USERS, Kind.CHANGE, Text(en="Change a user", zh="修改用户")),
    "users.renew_password": Deed(
        Module.USERS, Kind.CHANGE, Text(en="Give a one-time password", zh="生成一次性密码")
    ),
    "users.remove": Deed(Module.USERS, Kind.DELETE, Text(en="Remove a user", zh="删除用户")),
    "look.begin": Deed(Module.USERS, Kind.QUERY, Text(en="Look as another person", zh="以他人视角查看")),
    "look.end": Deed(
        Module.USERS, Kind.QUERY, Text(en="Stop looking as another person", zh="结束以他人视角查看")
    ),
    "departments.show": _view(Module.USERS),
    "departments.create": Deed(Module.USERS, Kind.ADD, Text(en="Add a department", zh="新增部门")),
    "departments.replace": Deed(Module.USERS, Kind.CHANGE, Text(en="Change a department", zh="修改部门")),
    "departments.remove": Deed(Module.USERS, Kind.DELETE, Text(en="Remove a department", zh="删除部门")),
    "roles.show": _view(Module.USERS),
    "roles.create": Deed(Module.USERS, Kind.ADD, Text(en="Add a role", zh="新增角色")),
    "roles.replace": Deed(Module.USERS, Kind.CHANGE, Text(en="Change a role", zh="修改角色")),
    "roles.remove": Deed(Module.USERS, Kind.DELETE, Text(en="Remove a role", zh="删除角色")),
    "view_list.show": _view(Module.RULES),
    "view_list.add": Deed(
        Module.RULES, Kind.ADD, Text(en="Add a number to the view list", zh="查看白名单新增号码")
    ),
    "view_list.replace": Deed(
        Module.RULES, Kind.CHANGE, Text(en="Change a number of the view list", zh="修改查看白名单号码")
    ),
    "view_list.remove": Deed(
        Module.RULES, Kind.DELETE, Text(en="Remove a number from the view list", zh="删除查看白名单号码")
    ),
    "view_list.switch": Deed(
        Module.RULES, Kind.CHANGE, Text(en="Switch the view list on or off", zh="启用或停用查看白名单")
    ),
    # Alarms
    "alarms.show": _view(Module.ALARMS),
    "alarms.count": _view(Module.ALARMS),
    "alarms.acknowledge": Deed(Module.ALARMS, Kind.CHANGE, Text(en="Acknowledge an alarm", zh="确认告警")),
    "alarms.snooze": Deed(Module.ALARMS, Kind.CHANGE, Text(en="Snooze an alarm", zh="静默告警")),
    "alarm_mails.show": _view(Module.ALARMS),
    "alarm_mails.try_mail": Deed(
        Module.ALARMS, Kind.CONTROL, Text(en="Send a test notice", zh="发送测试通知")
    ),
    "support.fetch": Deed(Module.SYSTEM, Kind.EXPORT, Text(en="Fetch a support bundle", zh="下载诊断包")),
    "selftest.show": _view(Module.SYSTEM),
    "selftest.place": Deed(Module.SYSTEM, Kind.CONTROL, Text(en="Place a test call", zh="进行自检通话")),
    "monitoring.metrics": _view(Module.SYSTEM),
    "monitoring.mib": _view(Module.SYSTEM),
    "monitoring.template": _view(Module.SYSTEM),
    # The log itself
    "operations.show": Deed(
        Module.OPERATIONS, Kind.QUERY, Text(en="Search the operation log", zh="查询操作日志")
    ),
    "operations.export": Deed(
        Module.OPERATIONS, Kind.EXPORT, Text(en="Export the operation log", zh="导出操作日志")
    ),
    "operations.verify": _view(Module.OPERATIONS),
}

OPERATION_TEXT: dict[str, Text] = {
    name: deed.text for name, deed in DEEDS.items() if deed.kind is not Kind.VIEW
}

_BY_METHOD = {"POST": Kind.ADD, "PUT": Kind.CHANGE, "PATCH": Kind.CHANGE, "DELETE": Kind.DELETE}


def deed_of(name: str, method: str, summary: str) -> Deed:
    """The row's own line, or what its method lets expect."""
    found = DEEDS.get(name)
    if found is not None:
        return found
    return Deed(Module.SYSTEM, _BY_METHOD.get(method, Kind.VIEW), Text(en=summary, zh=summary))


def is_logged(deed: Deed) -> bool:
    """Writes, and reads that matter."""
    return deed.kind is not Kind.VIEW
