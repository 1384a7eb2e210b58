"""Words of the page about updates and the way back to the state of delivery, in both languages."""

from appliance.core.text import Text

UPDATE_WORDS: dict[str, Text] = {
    "update.title": Text(en="Update", zh="系统升级"),
    "update.intro": Text(
        en="Two systems lie side by side. A new one is written while recording goes on, started when you say so, and kept only "
        "once it has recorded a test call; otherwise the present one comes back by itself.",
        zh="设备上并存两套系统。新系统在录音不中断的情况下写入，按您指定的时间启动，并且只有成功录下一通测试呼叫后才会保留；否则自动回到当前系统。",
    ),
    "update.not_here": Text(
        en="This machine is no appliance: there is nothing to update here.",
        zh="本机不是录音设备，无需在此升级。",
    ),
    "update.slots": Text(en="Systems", zh="系统分区"),
    "update.slot": Text(en="System {name}", zh="系统 {name}"),
    "update.slot.running": Text(en="running", zh="运行中"),
    "update.slot.good": Text(en="good", zh="可用"),
    "update.slot.bad": Text(en="will not be started", zh="不可启动"),
    "update.slot.delivered": Text(en="as delivered", zh="出厂版本"),
    "update.slot.written": Text(en="Written", zh="写入时间"),
    "update.version": Text(en="Version", zh="版本"),
    "update.build": Text(en="Build", zh="构建号"),
    "update.state": Text(en="State", zh="状态"),
    "update.bring": Text(en="Bring an update", zh="获取更新包"),
    "update.file": Text(en="Choose a file", zh="选择文件"),
    "update.file.more": Text(
        en="A signed update ends in .raucb. An upload that broke goes on where it stopped.",
        zh="签名更新包以 .raucb 结尾。上传中断后可从断点继续。",
    ),
    "update.stick": Text(en="Or from the USB stick {label} ({size})", zh="或从 U 盘 {label}（{size}）复制"),
    "update.stick.look": Text(en="Look for updates", zh="查找更新包"),
    "update.stick.none": Text(en="There is no update (.raucb) on it.", zh="U 盘中没有更新包（.raucb）。"),
    "update.stick.take": Text(en="Copy", zh="复制"),
    "update.url": Text(en="Or fetch it from an address", zh="或从网址下载"),
    "update.fetch": Text(en="Fetch", zh="下载"),
    "update.received": Text(en="{received} of {total}", zh="已接收 {received} / {total}"),
    "update.drop": Text(en="Forget it", zh="删除"),
    "update.verified": Text(
        en="Version {version} is here, its signature is right.", zh="版本 {version} 已就绪，签名验证通过。"
    ),
    "update.install": Text(en="Install", zh="安装"),
    "update.installing": Text(en="Being installed; recording goes on.", zh="正在安装，录音不受影响。"),
    "update.waiting": Text(
        en="Version {version} is installed and waits to be started.", zh="版本 {version} 已安装，等待启动。"
    ),
    "update.start": Text(en="Start the other system", zh="启动另一系统"),
    "update.start.more": Text(
        en="The box restarts; calls are not recorded for about a minute. Settings and index are put aside before.",
        zh="设备将重启，约一分钟内不录音。重启前会备份设置与索引。",
    ),
    "update.start.now": Text(en="Start it now", zh="立即启动"),
    "update.start.at": Text(en="Start it at this time", zh="定时启动"),
    "update.start.sure": Text(en="Restart the box now?", zh="确定立即重启设备？"),
    "update.planned": Text(en="The other system will be started at {at}.", zh="将于 {at} 启动另一系统。"),
    "update.stay": Text(en="Do not start it", zh="取消启动"),
    "update.trial": Text(
        en="System {slot} is on trial: it stays once it has recorded a test call.",
        zh="系统 {slot} 正在验证：成功录下测试呼叫后才会保留。",
    ),
    "update.history": Text(en="History", zh="升级记录"),
    "update.history.none": Text(en="Nothing has been updated yet.", zh="暂无升级记录。"),
    "update.at": Text(en="Time", zh="时间"),
    "update.what": Text(en="What happened", zh="事件"),
    "update.by": Text(en="By", zh="操作人"),
    "update.detail": Text(en="Cause", zh="原因"),
    "update.what.installed": Text(en="Installed", zh="已安装"),
    "update.what.not_installed": Text(en="Not installed", zh="安装失败"),
    "update.what.started": Text(en="Started on trial", zh="启动验证"),
    "update.what.committed": Text(en="Kept: a test call was recorded", zh="已保留：测试呼叫录音成功"),
    "update.what.returned": Text(en="Returned to the system before", zh="已回到原系统"),
    "update.what.reset": Text(en="Back to the state of delivery", zh="恢复出厂设置"),
    "reset_box.title": Text(en="State of delivery", zh="恢复出厂设置"),
    "reset_box.more": Text(
        en="Settings, people, names, notes and logs are erased and the box starts as new. This cannot be undone.",
        zh="设置、用户、通讯录、备注与日志将被清除，设备恢复到初始状态。此操作无法撤销。",
    ),
    "reset_box.keep": Text(en="Keep the recordings", zh="保留录音"),
    "reset_box.wipe": Text(en="Erase the recordings as well", zh="同时清除录音"),
    "reset_box.go": Text(en="Reset the box", zh="恢复出厂设置"),
    "reset_box.begun": Text(
        en="The box restarts. Its new one-time password is shown on its console.",
        zh="设备正在重启。新的一次性密码将显示在设备控制台上。",
    ),
}
