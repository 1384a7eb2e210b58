"""Words of the page of boards and channels, in both languages."""

from appliance.core.text import Text
from appliance.domain.line import CHANNEL_STATE_TEXT
from appliance.domain.tones import FAX_KIND_TEXT, TONE_KIND_TEXT

BOARD_WORDS: dict[str, Text] = {
    "boards.title": Text(en="Boards and channels", zh="板卡与通道"),
    "boards.intro": Text(
        en="Analog lines and E1 trunks: how each board is, what every channel does now, and what begins its recording.",
        zh="模拟线路与 E1 中继：板卡状态、各通道当前情况以及录音控制方式。",
    ),
    "boards.none": Text(en="No board is set up", zh="尚未配置板卡"),
    "boards.none.more": Text(
        en="Add one below under “Boards and trunks”. Calls over IP need none.",
        zh="请在下方“板卡与中继”中添加。IP 通话不需要板卡。",
    ),
    "boards.fine": Text(en="Read", zh="正常"),
    "boards.failed": Text(en="Not read", zh="异常"),
    "boards.channels": Text(en="Channels {first} to {last}", zh="通道 {first} 至 {last}"),
    "boards.channels.none": Text(en="No channels yet", zh="暂无通道"),
    "boards.serial": Text(en="Serial number {serial}", zh="序列号 {serial}"),
    "boards.since": Text(en="Since {time}", zh="自 {time}"),
    "boards.span": Text(en="E1 {number}", zh="E1 {number}"),
    "boards.span.fine": Text(en="well", zh="正常"),
    "boards.licence": Text(en="Licence", zh="许可"),
    "boards.licence.used": Text(en="Recorded at once: {used} of {count}", zh="同时录音：{used} / {count} 路"),
    "boards.licence.unlimited": Text(
        en="Recorded at once: {used}, unlimited", zh="同时录音：{used} 路，不限"
    ),
    "boards.over_licence": Text(en="{count} calls over the licence", zh="{count} 次通话超出许可"),
    "boards.lost": Text(en="{seconds} s of sound lost", zh="丢失语音 {seconds} 秒"),
    "boards.overruns": Text(en="{count} overruns", zh="溢出 {count} 次"),
    "boards.alarm.los": Text(en="No signal (LOS)", zh="信号丢失 (LOS)"),
    "boards.alarm.lof": Text(en="No frame (LOF)", zh="帧失步 (LOF)"),
    "boards.alarm.ais": Text(en="All ones (AIS)", zh="全 1 告警 (AIS)"),
    "boards.alarm.rai": Text(en="The other end does not hear us (RAI)", zh="对端告警 (RAI)"),
    "boards.alarm.red": Text(en="Red", zh="红色告警"),
    "boards.alarm.yellow": Text(en="Yellow", zh="黄色告警"),
    "boards.alarm.blue": Text(en="Blue", zh="蓝色告警"),
    "boards.settings": Text(en="Boards and trunks", zh="板卡与中继"),
    "boards.settings.intro": Text(
        en="Saving opens changed boards anew; calls on them go on as new recordings.",
        zh="保存后将重新打开有改动的板卡，其上的通话接续为新的录音。",
    ),
    "boards.found": Text(
        en="Plugged in and not recorded yet. Adding one changes nothing until the settings are saved.",
        zh="已插入但尚未启用。添加后保存设置方可生效。",
    ),
    "boards.found.channels": Text(en="Channels: {count}", zh="通道数：{count}"),
    "boards.found.add": Text(en="Add", zh="添加"),
    "boards.settings.save": Text(en="Save boards and trunks", zh="保存板卡与中继"),
    "boards.settings.saved": Text(en="Saved.", zh="已保存。"),
    "boards.kind.analog": Text(en="Analog line", zh="模拟线路"),
    "boards.kind.voice": Text(en="E1 voice", zh="E1 话路"),
    "boards.kind.dchannel": Text(en="Signalling", zh="信令"),
    "boards.kind.clear": Text(en="Transparent data", zh="透明数据"),
    "corrections.title": Text(en="Correct past calls", zh="更正历史通话"),
    "corrections.intro": Text(
        en="The raw signalling of trunks is kept for days. Once a trunk's settings were corrected, it is read again, and past calls get the "
        "numbers, times and messages that it tells. Audio and the moment a call began never change.",
        zh="中继的原始信令会保存数日。修正中继设置后可重新解析，更新历史通话的号码、时间和信令消息。录音内容与通话开始时间不会改变。",
    ),
    "corrections.none": Text(en="No trunk is set up", zh="尚未配置中继"),
    "corrections.none.more": Text(
        en="Past calls of E1 trunks can be corrected; put one together on the page of boards.",
        zh="可更正 E1 中继的历史通话，请先在板卡页面配置中继。",
    ),
    "corrections.trunk": Text(en="Trunk", zh="中继"),
    "corrections.since": Text(en="Calls from", zh="通话时间从"),
    "corrections.until": Text(en="Until", zh="至"),
    "corrections.kept": Text(en="Its signalling is kept since {time}.", zh="该中继的信令保存自 {time}。"),
    "corrections.not_kept": Text(en="Nothing is kept of its signalling.", zh="没有保存该中继的信令。"),
    "corrections.preview": Text(en="Preview", zh="预览"),
    "corrections.reading": Text(
        en="The signalling of “{trunk}” is read again…", zh="正在重新解析“{trunk}”的信令…"
    ),
    "corrections.found": Text(
        en="Calls in the signalling of “{trunk}” from {since} to {until}: {calls}. Recordings that would be corrected: {changes}.",
        zh="“{trunk}”在 {since} 至 {until} 的信令中共有 {calls} 次呼叫，{changes} 条记录将被更正。",
    ),
    "corrections.left": Text(
        en="Left as they are, because their caller is on the other track: {count}.",
        zh="{count} 条保持不变：其主叫在另一声道。",
    ),
    "corrections.nothing": Text(
        en="The ledger already says what the signalling says.", zh="台账与信令一致，无需更正。"
    ),
    "corrections.failed": Text(en="The signalling could not be read.", zh="无法解析信令。"),
    "corrections.before": Text(en="Now", zh="当前"),
    "corrections.after": Text(en="Corrected", zh="更正后"),
    "corrections.channel": Text(en="Channel", zh="通道"),
    "corrections.answered": Text(en="Answered", zh="应答"),
    "corrections.ringing": Text(en="Rang", zh="振铃"),
    "corrections.ended_by": Text(en="Hung up by", zh="挂机方"),
    "corrections.steps": Text(en="Messages", zh="信令消息"),
    "corrections.stays": Text(en="stays", zh="保持不变"),
    "corrections.order": Text(en="Correct them ({count})", zh="更正（{count}）"),
    "corrections.sure": Text(
        en="Correct {count} calls of “{trunk}”? What they said before is not kept.",
        zh="更正“{trunk}”的 {count} 次通话？原有内容不予保留。",
    ),
    "corrections.drop": Text(en="Drop the preview", zh="放弃预览"),
    "corrections.working": Text(
        en="{done} of {total} calls of “{trunk}” are corrected…", zh="正在更正“{trunk}”：{done} / {total}…"
    ),
    "corrections.done": Text(
        en="{count} of {total} calls of “{trunk}” were corrected on {time}, ordered by {by}.",
        zh="“{trunk}”的 {count} / {total} 次通话已于 {time} 更正，操作人 {by}。",
    ),
    "corrections.previous": Text(en="Earlier page", zh="上一页"),
    "corrections.next": Text(en="Next page", zh="下一页"),
    "channels.title": Text(en="Channels", zh="通道"),
    "channels.find": Text(en="Number, name or extension", zh="通道号、名称或分机"),
    "channels.board": Text(en="Board", zh="板卡"),
    "channels.every_board": Text(en="All boards", zh="全部板卡"),
    "channels.tile": Text(
        en="Channel {number}, {name}, {state}, {control}", zh="通道 {number}，{name}，{state}，{control}"
    ),
    "channels.select": Text(en="Select", zh="选择"),
    "channels.select.end": Text(en="End selecting", zh="结束选择"),
    "channels.select.shown": Text(en="Select all {count} shown", zh="全选所示 {count} 个"),
    "channels.selected": Text(en="{count} selected", zh="已选 {count} 个"),
    "channels.parameters": Text(en="Parameters…", zh="参数设置…"),
    "channels.parameters.one": Text(en="Parameters of channel {number}", zh="通道 {number} 的参数"),
    "channels.parameters.many": Text(en="Parameters of {count} channels", zh="{count} 个通道的参数"),
    "channels.parameters.intro": Text(
        en="Only what you tick is changed; everything else stays as it is on each channel.",
        zh="仅修改勾选的项目，其余保持各通道原值。",
    ),
    "channels.parameters.change": Text(en="Change: {label}", zh="修改：{label}"),
    "channels.parameters.save": Text(en="Save", zh="保存"),
    "channels.parameters.saved": Text(en="{count} channels changed.", zh="已修改 {count} 个通道。"),
    "channels.presets": Text(en="Back to the presets", zh="恢复默认参数"),
    "channels.presets.sure": Text(
        en="Give {count} channels the presets again? Names and extensions stay.",
        zh="将 {count} 个通道恢复为默认参数？名称和分机号保留。",
    ),
    "channels.where": Text(en="Place", zh="位置"),
    "channels.where.span": Text(
        en="{board}, E1 {span}, timeslot {timeslot}", zh="{board}，E1 {span}，时隙 {timeslot}"
    ),
    "channels.kind": Text(en="Kind", zh="类型"),
    "channels.control": Text(en="Recording control", zh="录音控制"),
    "channels.mixed_with": Text(en="Mixed with", zh="混录通道"),
    "channels.volts": Text(en="Line voltage", zh="线路电压"),
    "channels.volts.more": Text(
        en="Idle lines have about 48 V, lines in use 6 to 12 V.", zh="空闲约 48 V，摘机约 6 至 12 V。"
    ),
    "channels.level": Text(en="Level", zh="电平"),
    "channels.level.more": Text(
        en="Speech is mostly between -30 and -10 dBm0.", zh="语音一般在 -30 至 -10 dBm0 之间。"
    ),
    "channels.call": Text(en="Open the call", zh="查看通话"),
    "channels.ten_minutes": Text(en="10 minutes", zh="10 分钟"),
    "channels.no_values": Text(en="Nothing measured yet", zh="暂无数据"),
    "doctor.title": Text(en="Line doctor", zh="线路诊断"),
    "doctor.intro": Text(
        en="What was observed on this line, and the parameters that follow from it.",
        zh="根据对本线路的观察给出参数建议。",
    ),
    "doctor.nothing": Text(
        en="Not enough was observed yet. A few calls, and there is a proposal.",
        zh="观察数据不足。几次通话后将给出建议。",
    ),
    "doctor.fine": Text(en="The parameters fit this line.", zh="当前参数适合本线路。"),
    "doctor.idle": Text(en="Idle", zh="空闲"),
    "doctor.in_use": Text(en="In use", zh="摘机"),
    "doctor.noise": Text(en="Noise", zh="噪声"),
    "doctor.speech": Text(en="Speech", zh="语音"),
    "doctor.parameter": Text(en="Parameter", zh="参数"),
    "doctor.now": Text(en="Now", zh="当前"),
    "doctor.proposed": Text(en="Proposed", zh="建议"),
    "doctor.sure": Text(en="Sure", zh="可信度"),
    "doctor.take": Text(en="Take the proposals over", zh="采用建议"),
    "doctor.volts": Text(en="How often each voltage was seen", zh="电压分布"),
    "doctor.levels": Text(en="How often each level was seen", zh="电平分布"),
    "doctor.peak": Text(en="most often {value} {unit}", zh="最常见 {value} {unit}"),
    "channels.gone": Text(en="This channel is no longer there.", zh="该通道已不存在。"),
    **{f"line_state.{state}": text for state, text in CHANNEL_STATE_TEXT.items()},
    **{f"heard.tone.{kind}": text for kind, text in TONE_KIND_TEXT.items()},
    **{f"heard.fax.{kind}": text for kind, text in FAX_KIND_TEXT.items()},
}
