"""Words of the pages about storage, retention and backups, in both languages."""

from appliance.core.text import Text

STORAGE_WORDS: dict[str, Text] = {
    "storage.title": Text(en="Storage", zh="存储管理"),
    "storage.paths": Text(en="Storage paths", zh="存储路径"),
    "storage.paths.none": Text(en="The archiver says nothing at present.", zh="归档程序暂无应答。"),
    "storage.current": Text(en="in use", zh="当前使用"),
    "storage.free": Text(en="{free} free of {total}", zh="剩余 {free}，共 {total}"),
    "storage.days_left": Text(en="full in about {days} days", zh="约 {days} 天后写满"),
    "storage.days_none": Text(en="does not fill up at the present growth", zh="按当前增长不会写满"),
    "storage.stopped": Text(en="Recording is stopped for want of room.", zh="空间不足，已停止录音。"),
    "storage.sacrificed": Text(
        en="{calls} recordings were deleted before their time in the last 24 hours.",
        zh="最近 24 小时内有 {calls} 条录音被提前删除。",
    ),
    "storage.change_paths": Text(en="Change the paths in the settings", zh="在设置中更改路径"),
    "storage.growth": Text(en="New recordings per day", zh="每日新增录音"),
    "storage.growth.now": Text(en="about {size} a day, {all} in all", zh="每日约 {size}，共 {all}"),
    "storage.day": Text(en="{date}: {size}", zh="{date}：{size}"),
    "storage.disks": Text(en="Disks", zh="磁盘"),
    "storage.disks.unknown": Text(
        en="The disks are asked on the appliance only, every ten minutes.",
        zh="仅在设备上每十分钟查询一次磁盘状态。",
    ),
    "storage.disk": Text(en="Disk", zh="磁盘"),
    "storage.model": Text(en="Model, serial number", zh="型号与序列号"),
    "storage.size": Text(en="Size", zh="容量"),
    "storage.used_for": Text(en="Used for", zh="用途"),
    "storage.health": Text(en="Health (SMART)", zh="健康状况（SMART）"),
    "storage.health.good": Text(en="Good", zh="良好"),
    "storage.health.wearing": Text(en="Wearing out", zh="老化"),
    "storage.health.failing": Text(en="Failing", zh="即将失效"),
    "storage.health.unknown": Text(en="Does not tell", zh="未提供"),
    "storage.hours": Text(en="{hours} h in use", zh="已运行 {hours} 小时"),
    "storage.bad": Text(en="{count} bad sectors", zh="坏扇区 {count} 个"),
    "storage.worn": Text(en="{percent} % worn", zh="已磨损 {percent}%"),
    "storage.unused": Text(en="Not in use", zh="未使用"),
    "storage.raids": Text(en="Disk arrays (RAID)", zh="磁盘阵列（RAID）"),
    "storage.raid.whole": Text(en="complete", zh="完整"),
    "storage.raid.missing": Text(
        en="{missing} of {disks} disks missing", zh="缺少 {missing} 块磁盘（共 {disks} 块）"
    ),
    "storage.raid.sync": Text(en="{what}, {percent} %", zh="{what}，{percent}%"),
    "storage.second": Text(en="Second disk for recordings", zh="第二块录音盘"),
    "storage.second.none": Text(
        en="Plug a disk in, SATA, NVMe or USB: it is shown here at once. Nothing is written to it before you say so.",
        zh="插入 SATA、NVMe 或 USB 磁盘后会立即显示在此处。未经您确认不会写入任何数据。",
    ),
    "storage.second.offered": Text(
        en="These disks could take recordings. They would be erased for it.",
        zh="以下磁盘可用于存放录音，启用前会被清空。",
    ),
    "storage.second.blank": Text(en="empty", zh="空盘"),
    "storage.second.holds": Text(en="holds data: {what}", zh="盘上有数据：{what}"),
    "storage.second.prepare": Text(en="Use for recordings", zh="用于录音"),
    "storage.second.erase": Text(en="Erase this disk?", zh="清空此磁盘？"),
    "storage.second.lost": Text(en="Everything on it is lost for good.", zh="盘上的全部数据将永久丢失。"),
    "storage.second.sure": Text(
        en="This is the disk, and nothing on it is needed any more", zh="确认是这块磁盘，且其中的数据不再需要"
    ),
    "storage.second.next": Text(en="Erase and use it", zh="清空并启用"),
    "storage.second.wait": Text(
        en="The disk is being prepared; a large one takes a few minutes.",
        zh="正在准备磁盘，大容量磁盘需要几分钟。",
    ),
    "storage.second.used": Text(en="in use as the second storage path", zh="已作为第二存储路径"),
    "storage.second.there": Text(en="plugged in, not in use", zh="已插入，未启用"),
    "storage.second.removable": Text(en="It can be pulled out now.", zh="现在可以拔出。"),
    "storage.second.current": Text(
        en="New recordings go to it. To take it off, choose the first storage path first.",
        zh="新录音正存入此盘。如需移除，请先将当前存储路径改为第一路径。",
    ),
    "storage.second.take_on": Text(en="Use it", zh="启用"),
    "storage.second.take_off": Text(en="Take it off", zh="安全移除"),
    "retention.title": Text(en="Retention", zh="录音保留"),
    "retention.intro": Text(
        en="Nothing younger than its policy and nothing under a legal hold is ever deleted; every call keeps its row "
        "in the ledger with the policy that took the recording.",
        zh="未到期或处于法律保留的录音绝不会删除；每通呼叫均在台账中保留，并注明删除所依据的策略。",
    ),
    "retention.classes": Text(en="Classes, asked from the top", zh="类别（自上而下匹配）"),
    "retention.classes.none": Text(
        en="No classes: one policy holds for all recordings.", zh="未设类别：全部录音使用同一策略。"
    ),
    "retention.class.add": Text(en="Add a class", zh="新增类别"),
    "retention.class.edit": Text(en="Class of recordings", zh="录音类别"),
    "retention.class.new": Text(en="New class", zh="新类别"),
    "retention.class.take": Text(en="Take over", zh="确定"),
    "retention.class.taken": Text(en="There is a class of this name already.", zh="已有同名类别。"),
    "retention.class.condition": Text(en="Set at least one condition.", zh="请至少设置一个条件。"),
    "retention.all": Text(en="All classes and the rest", zh="通用设置与其余录音"),
    "retention.preview": Text(en="What would go now", zh="现在将删除的录音"),
    "retention.preview.saved": Text(en="by the saved policies", zh="按已保存的策略"),
    "retention.preview.draft": Text(
        en="by the policies as they stand above, not saved yet", zh="按上方尚未保存的策略"
    ),
    "retention.preview.ask": Text(en="Preview", zh="预览"),
    "retention.preview.none": Text(en="Nothing would be deleted.", zh="不会删除任何录音。"),
    "retention.preview.total": Text(en="{calls} recordings, {size}", zh="{calls} 条录音，{size}"),
    "retention.preview.off": Text(
        en="Deleting is switched off; this is a dry run.", zh="自动删除未启用，此为试算。"
    ),
    "retention.begins": Text(
        en="The changed policy begins on {time}; until then it can be taken back.",
        zh="更改后的策略于 {time} 生效，此前可以撤回。",
    ),
    "retention.class": Text(en="Class", zh="类别"),
    "retention.holds": Text(en="Recordings", zh="录音"),
    "retention.held": Text(en="{count} held", zh="法律保留 {count} 条"),
    "retention.effective": Text(en="Stay for", zh="实际保留"),
    "retention.effective.days": Text(en="about {days} days", zh="约 {days} 天"),
    "retention.effective.ever": Text(en="for ever", zh="永久"),
    "retention.goes": Text(en="Would go", zh="将删除"),
    "retention.between": Text(en="Calls from – to", zh="通话时间范围"),
    "retention.sample": Text(en="The first of them", zh="其中最早的录音"),
    "retention.cause.age": Text(en="age", zh="到期"),
    "retention.cause.size": Text(en="size", zh="超出容量"),
    "retention.cause.space": Text(en="full disk", zh="磁盘不足"),
    "retention.save": Text(en="Save retention", zh="保存录音保留设置"),
    "retention.saved": Text(en="Retention saved", zh="录音保留设置已保存"),
    "retention.sure": Text(
        en="These policies would delete {calls} recordings ({size}) that are there now. Save them?",
        zh="此策略将删除现有的 {calls} 条录音（{size}）。确定保存吗？",
    ),
    "retention.outdated": Text(
        en="The retention settings were changed by someone else. Your changes were put on top of theirs; look at them and save again.",
        zh="录音保留设置已被他人修改。您的更改已合并到最新设置之上，请检查后再次保存。",
    ),
    "backups.title": Text(en="Backups", zh="备份与恢复"),
    "backups.intro": Text(
        en="A backup holds the ledger, settings, secrets and keys, recordings too where you want it. It is encrypted, restored aside as a "
        "proof, and read back from every place it was brought to.",
        zh="备份包含台账、设置、机密与密钥，可选包含录音；备份经过加密，制作后会试恢复验证，并从每个存放位置读回校验。",
    ),
    "backups.now": Text(en="Back up now", zh="立即备份"),
    "backups.look": Text(en="Look again", zh="刷新列表"),
    "backups.last": Text(en="Last good backup: {time}", zh="最近成功备份：{time}"),
    "backups.never": Text(en="No backup was made yet.", zh="尚未进行备份。"),
    "backups.next": Text(en="Next: {time}", zh="下次：{time}"),
    "backups.off": Text(en="No schedule is set.", zh="未设置定时备份。"),
    "backups.waiting": Text(
        en="It begins as soon as the backup program is free.", zh="备份程序空闲后即开始。"
    ),
    "backups.working": Text(en="{step} …", zh="{step}…"),
    "backups.percent": Text(en="{percent} %", zh="{percent}%"),
    "backups.restoring": Text(
        en="A backup is being restored. When it is done you have to sign in again, with the accounts of the backup.",
        zh="正在恢复备份。完成后需使用备份中的账号重新登录。",
    ),
    "backups.key": Text(en="Recovery key", zh="恢复密钥"),
    "backups.key.unseen": Text(
        en="Nobody has seen the recovery key yet. Without it no backup can be opened on another box: show it once, print it, lock it away.",
        zh="恢复密钥尚未显示过。没有它，备份无法在其他设备上打开：请显示一次、打印并妥善保管。",
    ),
    "backups.key.seen": Text(en="The recovery key was shown on {time}.", zh="恢复密钥已于 {time} 显示。"),
    "backups.key.show": Text(en="Show the recovery key, once", zh="显示恢复密钥（仅一次）"),
    "backups.key.renew": Text(en="Make a new one", zh="更换恢复密钥"),
    "backups.key.renew.sure": Text(
        en="Backups made from now on need the new key; those made before still need the old one.",
        zh="此后的备份使用新密钥；以前的备份仍需旧密钥。",
    ),
    "backups.key.keep": Text(
        en="Print this or write it down. It is not shown again.", zh="请打印或抄写，此密钥不会再次显示。"
    ),
    "backups.key.of": Text(en="Recovery key of the recorder {box}", zh="录音设备 {box} 的恢复密钥"),
    "backups.key.use": Text(
        en="To open a backup without a recorder: age -d -i KEYFILE BACKUP | tar xz",
        zh="无录音设备时打开备份：age -d -i 密钥文件 备份文件 | tar xz",
    ),
    "backups.password": Text(en="Your password", zh="您的密码"),
    "backups.print": Text(en="Print", zh="打印"),
    "backups.places": Text(en="Backups in their places", zh="各位置的备份"),
    "backups.places.none": Text(en="No place for backups is switched on.", zh="未启用任何备份位置。"),
    "backups.place.empty": Text(en="No backups here.", zh="此处没有备份。"),
    "backups.place.unseen": Text(en="Not looked at yet.", zh="尚未查看。"),
    "backups.place.off": Text(en="switched off", zh="未启用"),
    "backups.place.room": Text(en="{label}: {free} free", zh="{label}：剩余 {free}"),
    "backups.stick": Text(
        en="USB stick {label} ({size}) is plugged in. It is opened only while something is written or read, so it may be pulled out at any other time.",
        zh="已插入 U 盘 {label}（{size}）。仅在读写期间挂载，其余时间可随时拔出。",
    ),
    "backups.stick.open": Text(
        en="USB stick {label} ({size}) is being written or read. Do not pull it out now.",
        zh="正在读写 U 盘 {label}（{size}），请勿拔出。",
    ),
    "backups.stick.use": Text(en="Use it for backups", zh="用于备份"),
    "backups.upload": Text(en="Backup from a PC", zh="从电脑上传备份"),
    "backups.upload.more": Text(
        en="Bring a backup file (.age) to this box, for instance to make a new box the old one: try it, then restore it.",
        zh="将备份文件（.age）上传到本机，例如在新设备上恢复旧设备：先试恢复，再正式恢复。",
    ),
    "backups.upload.choose": Text(en="Choose a file", zh="选择文件"),
    "backups.upload.again": Text(
        en="An upload stopped at {received} of {total}. Choose the same file to go on.",
        zh="上传在 {received} / {total} 处中断，选择同一文件可继续。",
    ),
    "backups.upload.sent": Text(en="{sent} of {total}", zh="已上传 {sent} / {total}"),
    "backups.upload.there": Text(en="{name} ({size}) is on the box.", zh="{name}（{size}）已上传到本机。"),
    "backups.place.try": Text(en="Try this place", zh="测试此位置"),
    "backups.made_at": Text(en="Made", zh="制作时间"),
    "backups.kind": Text(en="Holds", zh="内容"),
    "backups.size": Text(en="Size", zh="大小"),
    "backups.box": Text(en="Box", zh="设备"),
    "backups.other_box": Text(en="another box", zh="其他设备"),
    "backups.do": Text(en="Do", zh="操作"),
    "backups.download": Text(en="Download", zh="下载"),
    "backups.fetch": Text(en="Fetch", zh="取回"),
    "backups.rehearse": Text(en="Try restoring", zh="试恢复"),
    "backups.delete.sure": Text(en="Delete this backup for good?", zh="确定永久删除此备份吗？"),
    "backups.rehearsal.key": Text(
        en="Recovery key of that backup; empty for backups of this box", zh="该备份的恢复密钥；本机备份可留空"
    ),
    "backups.rehearsal": Text(en="Restored aside", zh="试恢复结果"),
    "backups.rehearsal.would": Text(
        en="It would restore {calls} calls until {until}.", zh="将恢复截至 {until} 的 {calls} 通通话。"
    ),
    "backups.rehearsal.empty": Text(en="It holds no calls.", zh="其中没有通话。"),
    "backups.rehearsal.since": Text(en="Calls from – to", zh="通话时间范围"),
    "backups.rehearsal.recordings": Text(en="Calls with a recording", zh="有录音的通话"),
    "backups.rehearsal.audio": Text(en="Recordings it brings along", zh="随附录音文件"),
    "backups.rehearsal.audio.value": Text(en="{files} files, {size}", zh="{files} 个文件，{size}"),
    "backups.rehearsal.people": Text(en="People, calls under a legal hold", zh="用户数，法律保留通话数"),
    "backups.rehearsal.made": Text(en="Made", zh="制作"),
    "backups.rehearsal.made.value": Text(
        en="{time} by {box}, release {release}", zh="{time}，设备 {box}，版本 {release}"
    ),
    "backups.rehearsal.missing": Text(
        en="{count} calls of this box are not in it. Those in its archive stay in the ledger; notes, tags and people made since are lost.",
        zh="本机有 {count} 通通话不在备份中。归档中的通话仍会保留；此后新增的备注、标签与用户将丢失。",
    ),
    "backups.restore": Text(en="Restore for real", zh="正式恢复"),
    "backups.restore.drop": Text(en="Drop it", zh="放弃"),
    "backups.restore.network": Text(
        en="Keep the network and the storage paths of this box", zh="保留本机的网络与存储路径设置"
    ),
    "backups.restore.sure": Text(
        en="The box becomes what {name} holds: calls, people, settings, keys. Its present state is kept as a backup on the box first. Go on?",
        zh="设备将恢复为 {name} 的内容：通话、用户、设置与密钥。当前状态会先保存为本机备份。是否继续？",
    ),
    "backups.history": Text(en="What was done", zh="历史记录"),
    "backups.history.none": Text(en="Nothing was done yet.", zh="暂无记录。"),
    "backups.history.by": Text(en="By", zh="操作人"),
    "backups.history.schedule": Text(en="schedule", zh="定时"),
    "backups.history.result": Text(en="Result", zh="结果"),
    "backups.history.good": Text(en="Good", zh="成功"),
    "backups.history.bad": Text(en="Failed", zh="失败"),
    "backups.run.make": Text(en="Backup", zh="备份"),
    "backups.run.try": Text(en="Place tried", zh="测试位置"),
    "backups.run.delete": Text(en="Deleted", zh="删除"),
    "backups.run.fetch": Text(en="Fetched", zh="取回"),
    "backups.run.rehearse": Text(en="Restored aside", zh="试恢复"),
    "backups.run.restore": Text(en="Restored", zh="恢复"),
    "backups.run.list": Text(en="Looked at", zh="查看"),
    "backups.settings": Text(en="Schedule and places", zh="定时与存放位置"),
    "backups.settings.save": Text(en="Save", zh="保存备份设置"),
    "backups.settings.saved": Text(en="Backup settings saved", zh="备份设置已保存"),
}
