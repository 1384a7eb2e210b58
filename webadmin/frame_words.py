"""Words of the frame around all pages: the connection, the keys, the sheet that is printed of a call, in both languages."""

from appliance.core.text import Text

FRAME_WORDS: dict[str, Text] = {
    "common.actions": Text(en="Actions", zh="操作"),
    "common.begin": Text(en="From", zh="开始时间"),
    "common.end": Text(en="To", zh="结束时间"),
    # When something is amiss: what to do about it
    "app.away": Text(
        en="The recorder does not answer. What you see may be old; the page tries again by itself.",
        zh="无法连接录音系统，页面内容可能已过期，正在自动重连。",
    ),
    "common.do.unreachable": Text(
        en="Check the network and whether the recorder is on. This page tries again by itself.",
        zh="请检查网络及录音系统是否开机，连接恢复后本页会自动刷新。",
    ),
    "common.do.log": Text(
        en="Try again. If it stays so, the log of “webadmin” under System information says more.",
        zh="请重试；若仍然失败，请在“系统信息”中查看 webadmin 的日志。",
    ),
    "common.do.rights": Text(
        en="Your role does not allow this. An administrator can change it under Roles.",
        zh="当前角色无此权限，请联系管理员在“角色管理”中调整。",
    ),
    "reset.incomplete": Text(
        en="This link is not complete. Copy the whole address, with all that stands behind the #, or ask for a new link.",
        zh="链接不完整。请复制完整地址（包括 # 之后的全部内容），或向管理员索取新链接。",
    ),
    # The keys
    "keys.everywhere": Text(en="Everywhere", zh="全局"),
    "keys.list": Text(en="In a list of calls", zh="通话列表"),
    "keys.player": Text(en="Player", zh="播放器"),
    "keys.live": Text(en="On a live call", zh="实时通话"),
    "keys.menu": Text(en="In the menu: up, down, fold, unfold", zh="菜单中：上移、下移、收起、展开"),
    "keys.rows": Text(en="Next or previous row", zh="下一行 / 上一行"),
    "keys.ends": Text(en="First or last row", zh="首行 / 末行"),
    "keys.tick": Text(en="Tick the row", zh="勾选该行"),
    "keys.reviewed": Text(en="Reviewed, or not any more", zh="标为已阅 / 未阅"),
    "keys.escape": Text(en="Close what is open", zh="关闭当前窗口"),
    # The sheet of a call
    "sheet.title": Text(en="Call sheet", zh="通话单"),
    "sheet.printed": Text(en="Printed {at} by {name}", zh="{name} 打印于 {at}"),
    "sheet.outcome": Text(en="Recording", zh="录音"),
    "sheet.recorded": Text(en="Recorded, {length}", zh="已录音，{length}"),
    "sheet.none": Text(en="Not recorded: {reason}", zh="未录音：{reason}"),
    "sheet.gone": Text(en="The recording was deleted.", zh="录音已删除。"),
    "sheet.wave": Text(en="The recording, {length}", zh="录音波形，{length}"),
    "sheet.proof": Text(en="Proof", zh="证据"),
    "sheet.proof.file": Text(
        en="The file {file} with this checksum is the recording this sheet speaks of.",
        zh="具有以下校验值的文件 {file} 即本通话单所述录音。",
    ),
    "sheet.marks": Text(en="Marks", zh="标记"),
    "sheet.notes.none": Text(en="No notes.", zh="无备注。"),
    "sheet.notes.more": Text(en="And {count} more in the panel.", zh="另有 {count} 条，请在管理界面查看。"),
    "sheet.hold": Text(en="Under a legal hold: {reason}", zh="法律保留：{reason}"),
}
