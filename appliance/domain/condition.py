"""The table of things that can be wrong with the box: code, severity, what it means, what to do.

A health check reports a code and facts; pages, notifications and the manual take the words from here.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from appliance.core.text import Language, Text


class Severity(StrEnum):
    """How soon somebody has to look."""

    WARNING = "warning"
    CRITICAL = "critical"


Facts = Mapping[str, int | float | str]
"""What a report knows. A fact that is a sentence has its Chinese one beside it, `problem` in `problem_zh`."""


class Condition(NamedTuple):
    """One kind of trouble; both texts are filled from the facts of the report."""

    severity: Severity
    title: Text
    remedy: Text

    def told(self, language: Language, facts: Facts) -> str:
        """What is wrong, in one line."""
        return self.title.render(language, **_spoken(language, facts))

    def advice(self, language: Language, facts: Facts) -> str:
        """What to do about it."""
        return self.remedy.render(language, **_spoken(language, facts))


def sentence(name: str, text: Text) -> dict[str, int | float | str]:
    """A sentence as facts."""
    return {name: text.en, name + _ZH: text.zh}


_ZH = "_zh"


def _spoken(language: Language, facts: Facts) -> dict[str, int | float | str]:
    own = {name.removesuffix(_ZH): value for name, value in facts.items() if name.endswith(_ZH)}
    return {**facts, **own} if language == "zh" else dict(facts)


CONDITIONS: dict[str, Condition] = {
    "program_down": Condition(
        Severity.CRITICAL,
        Text(en="{program} is not running", zh="程序 {program} 未运行"),
        Text(
            en="It is started again by itself; if this stays, look into the log.",
            zh="系统会自动重新启动；如持续出现，请查看日志。",
        ),
    ),
    "link_down": Condition(
        Severity.CRITICAL,
        Text(en="The mirror port {interface} has no link", zh="镜像端口 {interface} 无链路"),
        Text(
            en="Check the cable and the switch port that sends the mirror.",
            zh="请检查网线以及发送镜像流量的交换机端口。",
        ),
    ),
    "port_silent": Condition(
        Severity.WARNING,
        Text(en="The mirror port {interface} receives nothing", zh="镜像端口 {interface} 未收到任何数据"),
        Text(
            en="Check that the switch mirrors the telephones' or the trunk's port to this one.",
            zh="请确认交换机已将话机或中继端口镜像到此端口。",
        ),
    ),
    "packets_lost": Condition(
        Severity.WARNING,
        Text(en="Packets were lost on {interface}: {lost}", zh="{interface} 丢失数据包：{lost}"),
        Text(
            en="Enlarge the capture ring or add capture threads; check whether the mirror is overloaded.",
            zh="请增大抓包缓冲或增加抓包线程，并检查镜像端口是否过载。",
        ),
    ),
    "mirror_losing": Condition(
        Severity.WARNING,
        Text(
            en="The mirror on {interface} loses packets: {calls} of {among} calls have holes in both directions",
            zh="{interface} 的镜像正在丢包：{among} 路通话中有 {calls} 路双向缺失",
        ),
        Text(
            en="Mirror fewer ports, or send the mirror over a faster link; the calls themselves are likely unharmed.",
            zh="请减少镜像的端口或使用更高速率的镜像链路；通话本身很可能正常。",
        ),
    ),
    "mirror_one_way": Condition(
        Severity.WARNING,
        Text(
            en="Only one direction arrives on {interface}: {calls} of {among} calls, nothing from {address}",
            zh="{interface} 仅收到单方向语音：{among} 路通话中有 {calls} 路，未收到 {address} 的语音",
        ),
        Text(
            en="Mirror both directions (rx and tx) of the port, and every VLAN that the audio uses.",
            zh="请镜像该端口的双向流量 (rx 和 tx)，并包含语音使用的所有 VLAN。",
        ),
    ),
    "sip_without_rtp": Condition(
        Severity.WARNING,
        Text(
            en="Signalling without audio on {interface}: {calls} of {among} answered calls, such as those of {address}",
            zh="{interface} 有信令但无语音：{among} 路已接通话中有 {calls} 路，例如 {address}",
        ),
        Text(
            en="The audio takes another way than the signalling: mirror the port or VLAN of the telephones, too.",
            zh="语音与信令路径不同：请同时镜像话机所在的端口或 VLAN。",
        ),
    ),
    "rtp_without_sip": Condition(
        Severity.WARNING,
        Text(
            en="Audio without signalling on {interface}: {calls} of {among} calls",
            zh="{interface} 有语音但无信令：{among} 路通话中有 {calls} 路",
        ),
        Text(
            en="Mirror the port of the PBX, check the signalling ports; signalling over TLS cannot be read.",
            zh="请镜像 PBX 端口并检查信令端口设置；TLS 加密的信令无法读取。",
        ),
    ),
    "board_gone": Condition(
        Severity.CRITICAL,
        Text(en="The board {board} cannot be read: {problem}", zh="板卡 {board} 无法读取：{problem}"),
        Text(
            en="Nothing on its lines is recorded. Check that it is plugged in and its driver is loaded; it is opened again by itself.",
            zh="其线路均未录音。请检查板卡是否插好、驱动是否加载；恢复后会自动重新打开。",
        ),
    ),
    "trunk_alarm": Condition(
        Severity.CRITICAL,
        Text(
            en="The trunk on port {span} of the board {board} is in alarm: {alarms}",
            zh="板卡 {board} 端口 {span} 的中继告警：{alarms}",
        ),
        Text(
            en="Check the cable and the tap, and that framing and line code are those of the exchange.",
            zh="请检查线缆与监听接头，以及帧格式、线路编码是否与交换机一致。",
        ),
    ),
    "board_losing": Condition(
        Severity.WARNING,
        Text(
            en="Samples of the board {board} were lost: {lost_ms} ms, {overruns} overruns",
            zh="板卡 {board} 丢失采样：{lost_ms} 毫秒，溢出 {overruns} 次",
        ),
        Text(
            en="The box is too busy or its disk too slow; the calls of that moment are marked.",
            zh="设备过于繁忙或磁盘过慢；当时的通话已作标记。",
        ),
    ),
    "disk_low": Condition(
        Severity.WARNING,
        Text(en="Little disk space is left: {free_mib} MiB", zh="磁盘剩余空间不足：{free_mib} MiB"),
        Text(
            en="Remove or move recordings, or shorten how long packets are kept.",
            zh="请删除或转移录音，或缩短数据包保留时间。",
        ),
    ),
    "disk_full": Condition(
        Severity.CRITICAL,
        Text(en="The disk is full; audio is not recorded", zh="磁盘已满，录音已停止"),
        Text(
            en="Free disk space; recording goes on by itself, the ledger was kept meanwhile.",
            zh="请释放磁盘空间；录音会自动恢复，期间台账仍在记录。",
        ),
    ),
    "storage_full": Condition(
        Severity.WARNING,
        Text(en="The storage path {path} is full", zh="存储路径 {path} 已满"),
        Text(
            en="Free or enlarge it; recordings go to the other path meanwhile, or wait if there is none.",
            zh="请清理或扩容；期间录音存入另一路径，若无另一路径则等待归档。",
        ),
    ),
    "storage_gone": Condition(
        Severity.CRITICAL,
        Text(en="The storage path {path} is not there", zh="存储路径 {path} 不存在或未挂载"),
        Text(
            en="Connect and mount the disk. If it was replaced for good: empty the path in the settings, save, enter it again.",
            zh="请连接并挂载磁盘。如已永久更换磁盘：在设置中清空该路径并保存，再重新填写。",
        ),
    ),
    "storage_other_disk": Condition(
        Severity.CRITICAL,
        Text(en="Another disk is mounted at the storage path {path}", zh="存储路径 {path} 挂载了另一块磁盘"),
        Text(
            en="Mount the right one. If it was replaced on purpose: empty the path in the settings, save, enter it again.",
            zh="请挂载正确的磁盘。如为有意更换：在设置中清空该路径并保存，再重新填写。",
        ),
    ),
    "storage_failing": Condition(
        Severity.CRITICAL,
        Text(
            en="Nothing can be written to the storage path {path} ({problem})",
            zh="无法写入存储路径 {path}（{problem}）",
        ),
        Text(
            en="Check the disk, its mount options and its log; what is stored there may need a repair.",
            zh="请检查磁盘、挂载选项与系统日志；其中的数据可能需要修复。",
        ),
    ),
    "storage_changed": Condition(
        Severity.WARNING,
        Text(
            en="Recordings go to {path}, because the other storage path failed",
            zh="另一存储路径故障，录音已改存到 {path}",
        ),
        Text(
            en="Mend the other path, then choose it as the current one in the settings.",
            zh="请修复另一路径，然后在设置中将其选为当前存储路径。",
        ),
    ),
    "storage_fills": Condition(
        Severity.WARNING,
        Text(en="{path} is full in about {days} days", zh="{path} 预计约 {days} 天后写满"),
        Text(
            en="Shorten retention or add a disk; the storage page shows what would go.",
            zh="请缩短保留时间或增加磁盘；存储页面可预览将被删除的录音。",
        ),
    ),
    "recording_stopped": Condition(
        Severity.CRITICAL,
        Text(en="Nothing is recorded: {path} has too little space", zh="已停止录音：{path} 剩余空间不足"),
        Text(
            en="So the settings of retention want it. Free space or change them; calls stay in the ledger meanwhile.",
            zh="此为录音保留设置所定。请清理空间或更改设置；期间仅保留台账。",
        ),
    ),
    "retention_overridden": Condition(
        Severity.WARNING,
        Text(
            en="{calls} recordings on {path} were deleted before their time, because the disk ran full",
            zh="{path} 磁盘空间不足，已提前删除 {calls} 条录音",
        ),
        Text(
            en="Recordings stay for fewer days than the policy says: shorten it, or add a disk.",
            zh="实际保留天数少于策略设定：请缩短策略或增加磁盘。",
        ),
    ),
    "disk_failing": Condition(
        Severity.CRITICAL,
        Text(
            en="The disk {disk} ({model}) reports that it will fail", zh="磁盘 {disk}（{model}）报告即将失效"
        ),
        Text(
            en="Back up at once and replace the disk.",
            zh="请立即备份并更换磁盘。",
        ),
    ),
    "disk_wearing": Condition(
        Severity.WARNING,
        Text(
            en="The disk {disk} ({model}) wears out, bad sectors: {bad}",
            zh="磁盘 {disk}（{model}）正在老化，坏扇区：{bad}",
        ),
        Text(en="Have a spare disk ready and look after the backups.", zh="请准备备用磁盘并检查备份。"),
    ),
    "raid_degraded": Condition(
        Severity.CRITICAL,
        Text(
            en="The disk array {raid} lacks {missing} of {disks} disks",
            zh="磁盘阵列 {raid} 缺少 {missing} 块磁盘（共 {disks} 块）",
        ),
        Text(
            en="Replace the failed disk: another failure loses the recordings.",
            zh="请更换故障磁盘：再次故障将丢失录音。",
        ),
    ),
    "backup_failed": Condition(
        Severity.CRITICAL,
        Text(en="The last backup failed: {problem}", zh="最近一次备份失败：{problem}"),
        Text(
            en="It is tried again every hour; the page of backups tells which place failed and can try each one.",
            zh="系统每小时重试；备份页面可查看失败的位置并逐一测试。",
        ),
    ),
    "backup_overdue": Condition(
        Severity.WARNING,
        Text(en="A backup is overdue", zh="备份已逾期"),
        Text(
            en="Look whether the backup program runs and what it is busy with.",
            zh="请检查备份程序是否运行以及当前任务。",
        ),
    ),
    "settings_unreadable": Condition(
        Severity.CRITICAL,
        Text(
            en="The settings file cannot be read; revision {revision} is in force",
            zh="设置文件无法读取，正在使用版本 {revision}",
        ),
        Text(
            en="Open the settings and put the last good revision back ({problem})",
            zh="请打开设置页面，恢复最后一个有效版本（{problem}）",
        ),
    ),
    "no_recordings": Condition(
        Severity.CRITICAL,
        Text(en="Nothing was recorded for {minutes} minutes", zh="已有 {minutes} 分钟没有新录音"),
        Text(
            en="Make a call and look whether it appears under live calls; check the mirror port, the rules and the licence.",
            zh="请拨打一通电话，查看是否出现在实时通话中；并检查镜像端口、录音规则与许可。",
        ),
    ),
    "selftest_failed": Condition(
        Severity.CRITICAL,
        Text(en="The box could not record its own test call", zh="设备未能正确录下自检通话"),
        Text(
            en="Real calls may be lost in the same way. System says what was wrong; look into the logs, then repeat the test.",
            zh="真实通话可能同样受到影响。“系统”页面列出原因；请查看日志，然后重新测试。",
        ),
    ),
    "sign_in_attack": Condition(
        Severity.WARNING,
        Text(
            en="Somebody tries passwords: {refused} refused sign-ins in ten minutes, most from {address}",
            zh="疑似暴力破解密码：十分钟内登录失败 {refused} 次，主要来自 {address}",
        ),
        Text(
            en="Whoever fails has to wait longer each time. Allow the panel to fewer networks (Network), and ask who sits there.",
            zh="系统会逐次延长等待时间。请在“网络”中限制可访问管理界面的网段，并核实该地址。",
        ),
    ),
    "notices_waiting": Condition(
        Severity.WARNING,
        Text(
            en="Notices of alarms do not get through by {target}: {problem}",
            zh="告警通知无法通过 {target} 送达：{problem}",
        ),
        Text(
            en="They are tried for a day. Check the server's address, sign-in and certificate, then send a test.",
            zh="系统会持续重试一天。请检查服务器地址、登录信息与证书，然后发送测试。",
        ),
    ),
    "index_failing": Condition(
        Severity.CRITICAL,
        Text(en="The index cannot be written ({problem})", zh="索引数据库无法写入（{problem}）"),
        Text(
            en="Recording goes on and nothing is lost; check the disk and its free space, then the log of the archiver.",
            zh="录音不受影响，数据不会丢失；请检查磁盘及剩余空间，再查看归档程序日志。",
        ),
    ),
    "backlog": Condition(
        Severity.WARNING,
        Text(en="{ready} calls wait to be archived", zh="有 {ready} 路通话等待归档"),
        Text(
            en="Nothing is lost; if the number keeps growing, add archiver processes.",
            zh="数据不会丢失；如数量持续增长，请增加归档进程。",
        ),
    ),
    "calls_set_aside": Condition(
        Severity.WARNING,
        Text(
            en="{quarantined} captured calls could not be processed",
            zh="有 {quarantined} 路采集的通话无法处理",
        ),
        Text(
            en="They are set aside, each with its reason beside it; nothing else is affected.",
            zh="已单独隔离保存并注明原因，不影响其他通话。",
        ),
    ),
    "over_licence": Condition(
        Severity.WARNING,
        Text(
            en="{calls} calls were not recorded: the licence allows {licensed} at once",
            zh="有 {calls} 路通话未录音：许可并发 {licensed} 路",
        ),
        Text(
            en="The ledger names them all. Enlarge the licence, or exclude calls by rules; this clears itself within an hour.",
            zh="台账已全部记录。请扩大许可，或用规则排除部分通话；此提示一小时内自动消除。",
        ),
    ),
    "hot": Condition(
        Severity.WARNING,
        Text(
            en="{sensor} is warm: {celsius} °C, from {limit} °C on too much",
            zh="{sensor} 温度偏高：{celsius} °C（上限 {limit} °C）",
        ),
        Text(
            en="Look after the fans, dust and the air around the box.",
            zh="请检查风扇、积尘与设备周围的通风。",
        ),
    ),
    "too_hot": Condition(
        Severity.CRITICAL,
        Text(
            en="{sensor} is too hot: {celsius} °C of {limit} °C",
            zh="{sensor} 温度过高：{celsius} °C（极限 {limit} °C）",
        ),
        Text(
            en="The machine may slow down, stop or take harm. Cool it at once: fans, dust, the air around it.",
            zh="设备可能降速、停机或损坏。请立即降温：检查风扇、积尘与通风。",
        ),
    ),
    "licence_none": Condition(
        Severity.CRITICAL,
        Text(en="No licence is in force: calls are not recorded", zh="没有有效授权：通话不会被录音"),
        Text(
            en="The ledger names every call. Bring the licence file for device {device} on the page “Licences”.",
            zh="台账仍会记录每路通话。请在“授权”页面上传设备 {device} 的授权文件。",
        ),
    ),
    "licence_expired": Condition(
        Severity.WARNING,
        Text(en="The licence {serial} ended on {ended}", zh="授权 {serial} 已于 {ended} 到期"),
        Text(
            en="Its channels count no more. Bring a new licence file and remove this one.",
            zh="其通道数不再计入。请上传新的授权文件并移除该授权。",
        ),
    ),
    "licence_soon": Condition(
        Severity.WARNING,
        Text(
            en="The licence {serial} ends in {days} days, on {ends}",
            zh="授权 {serial} 将在 {days} 天后（{ends}）到期",
        ),
        Text(
            en="Ask for its continuation in time and bring the new licence file.",
            zh="请及时续期并上传新的授权文件。",
        ),
    ),
    "clock_set": Condition(
        Severity.WARNING,
        Text(en="The clock was set by {jump_s} s", zh="系统时钟被调整了 {jump_s} 秒"),
        Text(
            en="Calls of that moment are marked. Check the time servers; this clears itself within an hour.",
            zh="当时的通话已作标记。请检查时间服务器；此提示一小时内自动消除。",
        ),
    ),
    "clock_unsynchronised": Condition(
        Severity.WARNING,
        Text(en="The clock follows no time server ({problem})", zh="系统时钟未与时间服务器同步（{problem}）"),
        Text(
            en="The times of calls may drift. Check the time servers and whether the box reaches them (port 123, UDP).",
            zh="通话时间可能逐渐产生偏差。请检查时间服务器设置以及设备能否访问（UDP 123 端口）。",
        ),
    ),
}
"""Code -> what it means."""
