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
}
