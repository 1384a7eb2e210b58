"""What only the pages of rules, lists and extensions say, and the buttons of a live recording."""

from appliance.core.text import Text

RULE_WORDS: dict[str, Text] = {
    "common.edit": Text(en="Edit", zh="编辑"),
    "common.delete": Text(en="Delete", zh="删除"),
    # The recording of a live call
    "control.kept": Text(en="Kept", zh="已保留"),
    "control.why": Text(en="Reason", zh="原因"),
    "control.why.optional": Text(en="Reason (optional)", zh="原因（可不填）"),
    "control.stop.sure": Text(
        en="Stop recording the call of {caller} and {callee}? It cannot be started again for this call.",
        zh="停止录制 {caller} 与 {callee} 的通话？停止后本次通话不能再次录音。",
    ),
    "control.discard.sure": Text(
        en="Discard what was recorded of the call of {caller} and {callee}? Nothing of it can be brought back; the"
        " ledger keeps the call and your reason.",
        zh="丢弃 {caller} 与 {callee} 通话的录音？丢弃后无法恢复，台账会保留此通话及您填写的原因。",
    ),
    "control.keys": Text(
        en="Live call: pause or resume, record, stop", zh="实时通话：暂停 / 恢复、录音、停止"
    ),
    "control.keys.keep": Text(en="Live call: keep, discard the recording", zh="实时通话：保留、丢弃录音"),
    "why.decided": Text(en="Recording rules:", zh="录音规则："),
    # Recording rules
    "rules.title": Text(en="Recording rules", zh="录音规则"),
    "rules.list": Text(en="Rules", zh="规则"),
    "rules.list.intro": Text(
        en="From the top: the first rule that fits a call decides. Lists and schedules come before, the recording"
        " mode after.",
        zh="自上而下，首条符合的规则生效。名单与录音时段先于规则判断，无规则符合时按录音模式处理。",
    ),
    "rules.add": Text(en="Add rule", zh="添加规则"),
    "rules.new": Text(en="New rule", zh="新规则"),
    "rules.edit": Text(en="Rule", zh="规则"),
    "rules.take": Text(en="Take over", zh="确定"),
    "rules.name.taken": Text(en="Another rule has this name.", zh="名称与其他规则重复。"),
    "rules.every_call": Text(en="Every call", zh="所有通话"),
    "rules.empty": Text(en="No rules", zh="尚无规则"),
    "rules.empty.more": Text(
        en="The recording mode below decides about every call.", zh="所有通话均按下方的录音模式处理。"
    ),
    "rules.up": Text(en="Move up", zh="上移"),
    "rules.down": Text(en="Move down", zh="下移"),
    "rules.drag": Text(en="Drag to another place", zh="拖动排序"),
    "rules.mode": Text(en="When recording begins", zh="录音模式"),
    "rules.keys": Text(en="Keys", zh="按键控制"),
    "call.orders": Text(en="Orders to the recording", zh="录音操作"),
    "call.order": Text(en="Recording: {what}", zh="录音：{what}"),
    "call.order.itself": Text(en="by itself", zh="自动"),
    "rules.scope": Text(en="Which calls", zh="录音范围"),
    "rules.saved": Text(
        en="Saved. The rules hold for the next call; calls in progress go on as they began.",
        zh="已保存。新规则自下一通话起生效，进行中的通话不受影响。",
    ),
    # Schedules
    "schedules.title": Text(en="Schedules", zh="时间表"),
    "schedules.intro": Text(
        en="Named times of the week, for rules and for the recording time. The same beginning and end mean the"
        " whole day.",
        zh="按周设置的时段，可用于规则或录音时段。开始与结束时间相同表示全天。",
    ),
    "schedules.add": Text(en="Add schedule", zh="添加时间表"),
    "schedules.new": Text(en="Office hours", zh="工作时间"),
    "schedules.name": Text(en="Name of the schedule", zh="时间表名称"),
    "schedules.window": Text(en="Add times", zh="添加时段"),
    "schedules.never": Text(en="No times: this schedule never applies.", zh="未设置时段，此时间表不会生效。"),
    "schedules.days": Text(en="Days", zh="星期"),
    "schedules.begin": Text(en="From", zh="开始时间"),
    "schedules.end": Text(en="To", zh="结束时间"),
    # The test box
    "ruletest.title": Text(en="Try the rules", zh="规则测试"),
    "ruletest.intro": Text(
        en="What would become of such a call? Changes on this page count before they are saved.",
        zh="查看某通话会如何处理，本页未保存的修改也会计入。",
    ),
    "ruletest.direction": Text(en="Direction", zh="呼叫方向"),
    "ruletest.trunk": Text(en="Comes from (optional)", zh="来源地址（可不填）"),
    "ruletest.ask": Text(en="Try", zh="测试"),
    "ruletest.sample": Text(
        en="Of such calls {pct} % are recorded, chosen at random.", zh="此类通话随机抽取 {pct}% 录音。"
    ),
    "ruletest.channel": Text(en="Channel {channel}", zh="通道 {channel}"),
    "ruletest.passed": Text(en="Rules asked before that do not fit: {rules}", zh="此前未符合的规则：{rules}"),
    # Lists
    "lists.title": Text(en="Lists", zh="黑白名单"),
    "lists.blacklist": Text(en="Blacklist", zh="黑名单"),
    "lists.allow_list": Text(en="Numbers to record", zh="录音白名单"),
    "lists.blacklist.intro": Text(
        en="Calls of these numbers are not recorded. Their rows stay in the list of calls, with the reason.",
        zh="这些号码的通话不录音，通话记录仍会保留并注明原因。",
    ),
    "lists.allow_list.intro": Text(
        en="When switched on, only calls of these numbers are recorded. The blacklist comes first.",
        zh="启用后仅录制这些号码的通话。黑名单优先。",
    ),
    "lists.allow_list.on": Text(en="Record only these numbers", zh="仅录制白名单号码"),
    "lists.allow_list.nothing": Text(
        en="The list is on and empty: no call is recorded.", zh="白名单已启用但为空，所有通话均不录音。"
    ),
    "lists.add": Text(en="Add number", zh="添加号码"),
    "lists.add.title": Text(en="Add a number", zh="添加号码"),
    "lists.edit.title": Text(en="Change the entry", zh="编辑号码"),
    "lists.remove.sure": Text(en="Remove {number} from the list?", zh="确定从名单中删除 {number} 吗？"),
    "lists.search": Text(en="Find a number or note", zh="查找号码或备注"),
    "lists.state": Text(en="State", zh="状态"),
    "lists.enabled": Text(en="Enabled", zh="启用"),
    "lists.disabled": Text(en="Disabled", zh="停用"),
    "lists.switch": Text(en="{number} enabled", zh="启用 {number}"),
    "lists.note": Text(en="Note", zh="备注"),
    "lists.created": Text(en="Created", zh="创建时间"),
    "lists.pattern": Text(
        en="A number, the beginning of numbers as 5039*, or their end as *5039.",
        zh="完整号码；前缀写作 5039*，后缀写作 *5039。",
    ),
    "lists.empty": Text(en="The list is empty", zh="名单为空"),
    "lists.no_match": Text(en="No entry matches", zh="没有符合条件的号码"),
    "lists.total": Text(en="Numbers: {total}", zh="共 {total} 个号码"),
    # Bound extensions
    "extensions.title": Text(en="Extensions", zh="分机"),
    "extensions.intro": Text(
        en="Every extension with its channel, whose it is and its department. The names are those of the contacts.",
        zh="全部分机及其通道、使用人与部门；姓名与通讯录一致。",
    ),
    "extensions.off": Text(
        en="Now the work mode records concurrent calls of every extension; this list is not asked. Change it under",
        zh="当前工作模式为“VoIP 并发”，此列表未生效。可在此处修改：",
    ),
    "extensions.number": Text(en="Extension", zh="分机号"),
    "extensions.channel": Text(en="Channel", zh="通道号"),
    "extensions.channel.next": Text(en="Next free", zh="自动分配"),
    "extensions.name": Text(en="Name", zh="姓名"),
    "extensions.add": Text(en="Add extension", zh="添加分机"),
    "extensions.add.title": Text(en="Add an extension", zh="添加分机"),
    "extensions.edit.title": Text(en="Change the extension", zh="编辑分机"),
    "extensions.search": Text(en="Extension, name, company or channel", zh="分机号、姓名、单位或通道号"),
    "extensions.remove": Text(en="Delete {count}", zh="删除 {count} 项"),
    "extensions.remove.sure": Text(
        en="Remove extensions: {count} ({numbers})? Their recordings stay, their names stay as contacts.",
        zh="确定删除 {count} 个分机（{numbers}）吗？已有录音会保留，姓名保留为联系人。",
    ),
    "extensions.empty": Text(en="There is no extension yet", zh="尚未添加分机"),
    "extensions.no_match": Text(en="No extension matches", zh="没有符合条件的分机"),
    "extensions.total": Text(en="Extensions: {total}", zh="共 {total} 个分机"),
    "extensions.batch": Text(en="Add several", zh="批量添加"),
    "extensions.batch.numbers": Text(en="Extensions and ranges", zh="分机号或号段"),
    "extensions.batch.first": Text(en="First channel", zh="起始通道号"),
    "extensions.batch.add": Text(en="Add {count}", zh="添加 {count} 个"),
    "extensions.batch.odd": Text(en="Not understood: {pieces}", zh="无法识别：{pieces}"),
    "extensions.batch.many": Text(en="At most {most} at once.", zh="一次最多添加 {most} 个。"),
    "extensions.import": Text(en="Import", zh="导入"),
    "extensions.import.help": Text(
        en="A CSV or XLSX table with the columns extension, channel, name, company, department, type and note; a missing"
        " channel is the next free one. You see what would change before anything does.",
        zh="支持 CSV 或 XLSX 表格，列为分机号、通道号、姓名、单位、部门、类型、备注；通道号留空则自动分配。导入前可预览将发生的变更。",
    ),
    "extensions.import.choose": Text(en="Choose a file", zh="选择文件"),
    "extensions.import.size": Text(en="The file is empty or larger than 4 MiB.", zh="文件为空或超过 4 MiB。"),
    "extensions.import.apply": Text(en="Make {count} changes", zh="确认变更 {count} 项"),
    "extensions.import.done": Text(en="Imported.", zh="导入完成。"),
    "plan.add": Text(en="New", zh="新增"),
    "plan.change": Text(en="Changed", zh="变更"),
    "plan.same": Text(en="Unchanged", zh="不变"),
    "plan.refused": Text(en="Refused", zh="拒绝"),
    "plan.line": Text(en="Line", zh="行"),
    "plan.outcome": Text(en="Result", zh="结果"),
    "plan.more": Text(en="And {count} more rows.", zh="另有 {count} 行未显示。"),
}
