"""Words of the pages about alarms and the mails about them, in both languages."""

from appliance.core.text import Text

ALARM_WORDS: dict[str, Text] = {
    "alarms.title": Text(en="Alarms", zh="告警"),
    "alarms.state": Text(en="State", zh="状态"),
    "alarms.every": Text(en="All", zh="全部"),
    "alarms.active": Text(en="Unanswered", zh="未确认"),
    "alarms.acknowledged": Text(en="Acknowledged", zh="已确认"),
    "alarms.cleared": Text(en="Over", zh="已消除"),
    "alarms.kind": Text(en="Kind of alarm", zh="告警类型"),
    "alarms.severity": Text(en="Severity", zh="级别"),
    "alarms.severity.critical": Text(en="Critical", zh="严重"),
    "alarms.severity.warning": Text(en="Warning", zh="警告"),
    "alarms.range": Text(en="Raised from – to", zh="发生时间范围"),
    "alarms.what": Text(en="What is wrong", zh="告警内容"),
    "alarms.raised": Text(en="Raised", zh="发生时间"),
    "alarms.seen": Text(en="Last seen {time}", zh="最近一次：{time}"),
    "alarms.over": Text(en="Over {time}", zh="消除于 {time}"),
    "alarms.times": Text(en="{count} times", zh="共 {count} 次"),
    "alarms.answer": Text(en="Answer", zh="处理"),
    "alarms.acknowledge": Text(en="Acknowledge", zh="确认"),
    "alarms.change_note": Text(en="Change the note", zh="修改备注"),
    "alarms.acknowledged_by": Text(en="{name}, {time}", zh="{name}，{time}"),
    "alarms.note": Text(en="What is done about it (may stay empty)", zh="处理说明（可留空）"),
    "alarms.snooze": Text(en="Snooze", zh="静默"),
    "alarms.snoozed": Text(en="Quiet until {time} ({name})", zh="静默至 {time}（{name}）"),
    "alarms.minutes": Text(en="{count} minutes", zh="{count} 分钟"),
    "alarms.hours": Text(en="{count} hours", zh="{count} 小时"),
    "alarms.none": Text(en="No alarms. All is well.", zh="没有告警，一切正常。"),
    "alarms.empty": Text(en="No alarm fits these filters.", zh="没有符合条件的告警。"),
    "alarms.denied": Text(
        en="Alarms are shown to people who see the whole box.", zh="仅可查看整台设备的人员能够查看告警。"
    ),
    "alarms.waiting": Text(en="{count} unanswered alarms", zh="{count} 条未确认告警"),
}
