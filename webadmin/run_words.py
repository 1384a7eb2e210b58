"""Words of the menu, of the pages about the box itself, of rarer counters, and of the history of settings, in both languages."""

from appliance.core.text import Text

RUN_WORDS: dict[str, Text] = {
    "menu.run": Text(en="Run information", zh="运行信息"),
    "menu.recordings": Text(en="Recordings", zh="录音管理"),
    "menu.people": Text(en="People and rights", zh="权限管理"),
    "menu.system": Text(en="System", zh="系统管理"),
    "system.title": Text(en="System information", zh="系统信息"),
    "system.programs": Text(en="Programs", zh="程序监控"),
    "system.program": Text(en="Program", zh="程序"),
    "system.cpu": Text(en="Processor", zh="处理器"),
    "system.memory": Text(en="Memory", zh="内存"),
    "system.restarts": Text(en="Restarts", zh="重启次数"),
    "system.restarts.more": Text(
        en="Since {time}, when the panel itself began", zh="自 {time}（管理程序启动）起"
    ),
    "system.last_error": Text(en="Last error", zh="最近错误"),
    "system.log": Text(en="Log", zh="日志"),
    "system.log.of": Text(en="Log of {name}", zh="{name} 的日志"),
    "system.log.empty": Text(en="Nothing has been written yet.", zh="暂无日志。"),
    "system.log.none": Text(en="No log can be read here.", zh="此处无法读取日志。"),
    "system.restart": Text(en="Restart", zh="重启"),
    "system.restart.of": Text(en="Restart {name}", zh="重启 {name}"),
    "system.restart.sure": Text(
        en="Restart {name}? Calls that it records now have a gap of some seconds.",
        zh="重启 {name}？其正在录制的通话将有数秒空缺。",
    ),
    "system.restart.begun": Text(en="{name} is being restarted.", zh="正在重启 {name}。"),
    "power.title": Text(en="Restart and switch off", zh="重启与关机"),
    "power.more": Text(
        en="Programs finish what they hold. What is said while the box is away is not recorded.",
        zh="各程序会先保存手中的数据。设备停机期间的通话不会被录音。",
    ),
    "power.calls": Text(en="{count} calls are being recorded now.", zh="当前正在录制 {count} 个通话。"),
    "power.restart": Text(en="Restart the box", zh="重启设备"),
    "power.off": Text(en="Switch the box off", zh="关闭设备"),
    "power.off.more": Text(en="Only its power button brings it back.", zh="关机后只能用设备上的电源键开机。"),
    "power.restart.begun": Text(
        en="The box restarts. This page comes back by itself in a minute or two; you may have to sign in again.",
        zh="设备正在重启。一两分钟后本页自动恢复，可能需要重新登录。",
    ),
    "power.off.begun": Text(en="The box switches itself off.", zh="设备正在关机。"),
    "system.state.running": Text(en="Running", zh="运行中"),
    "system.state.stopped": Text(en="Stopped", zh="已停止"),
    "system.state.silent": Text(en="Does not answer", zh="无响应"),
    "system.nics": Text(en="Network", zh="网络信息"),
    "system.nic": Text(en="Network port {number}", zh="网络信息 {number}"),
    "system.mac": Text(en="MAC address", zh="MAC 地址"),
    "system.addresses": Text(en="Addresses", zh="IP 地址"),
    "system.mask": Text(en="Mask", zh="子网掩码"),
    "system.gateway": Text(en="Gateway", zh="网关"),
    "system.dns": Text(en="Name servers", zh="DNS"),
    "system.speed": Text(en="Speed", zh="速率"),
    "system.traffic": Text(en="Traffic", zh="流量"),
    "system.traffic.value": Text(en="{received} received, {sent} sent", zh="接收 {received}，发送 {sent}"),
    "system.errors": Text(en="Errors", zh="错误"),
    "system.errors.value": Text(en="{errors} errors, {dropped} dropped", zh="错误 {errors}，丢弃 {dropped}"),
    "system.system": Text(en="System", zh="系统"),
    "system.host": Text(en="Name of the box", zh="设备名称"),
    "system.version": Text(en="Version", zh="版本"),
    "system.build": Text(en="Build", zh="构建"),
    "system.build.none": Text(en="From sources", zh="源码运行"),
    "system.base": Text(en="Operating system", zh="操作系统"),
    "system.uptime": Text(en="Running for", zh="运行时间"),
    "system.days": Text(en="days", zh="天"),
    "system.channels.ip": Text(en="IP channels", zh="IP 通道数"),
    "system.channels.analog": Text(en="Analog channels", zh="模拟通道数"),
    "system.channels.e1": Text(en="E1 channels", zh="E1 通道数"),
    "system.channels.siprec": Text(en="SIPREC calls", zh="SIPREC 通话"),
    "system.channels.on_boards": Text(en="{channels}, {live} calls now", zh="{channels}，当前通话 {live}"),
    "system.channels.calls": Text(en="{live} now", zh="当前 {live}"),
    "system.channels.value": Text(
        en="{channels} bound extensions, {live} calls now", zh="绑定分机 {channels}，当前通话 {live}"
    ),
    "system.zone": Text(en="Time zone", zh="时区"),
    "system.clock": Text(en="Clock", zh="时钟"),
    "system.clock.right": Text(en="Right", zh="已同步"),
    "system.clock.wrong": Text(en="Not in time", zh="未同步"),
    "system.clock.unknown": Text(en="Kept by the machine", zh="由主机维护"),
    "system.load": Text(en="Load (one minute)", zh="负载（1 分钟）"),
    "system.free": Text(en="{free} free of {total}", zh="可用 {free}，共 {total}"),
    "system.used": Text(en="{percent} % used", zh="已用 {percent}%"),
    "system.device": Text(en="Device", zh="设备标识"),
    "system.monitoring": Text(en="For the monitoring team", zh="供监控系统使用"),
    "system.monitoring.more": Text(
        en="The MIB of this recorder and templates made for it; SNMP and metrics are switched on under Settings, Monitoring.",
        zh="本机 MIB 及对应模板；SNMP 与指标在“系统设置”的“监控”中启用。",
    ),
    "system.monitoring.mib": Text(en="MIB (TAPELINE-MIB)", zh="MIB（TAPELINE-MIB）"),
    "system.monitoring.zabbix": Text(en="Zabbix template (6.0, 7.0)", zh="Zabbix 模板（6.0、7.0）"),
    "system.monitoring.librenms_detection": Text(en="LibreNMS: recognition", zh="LibreNMS：设备识别"),
    "system.monitoring.librenms_discovery": Text(en="LibreNMS: sensors", zh="LibreNMS：传感器"),
    "system.temperatures": Text(en="Temperatures", zh="温度"),
    "system.temperatures.none": Text(en="This machine shows no thermometers.", zh="本机未提供温度传感器。"),
    "system.temperature.limits": Text(
        en="warm from {high} °C, critical at {critical} °C", zh="{high} °C 起偏高，{critical} °C 为极限"
    ),
    "system.licences.more": Text(en="Licence files", zh="授权文件"),
    "system.licences": Text(en="Licences", zh="授权信息"),
    "system.technology": Text(en="Technology", zh="类型"),
    "system.technology.ip": Text(en="IP (VoIP)", zh="IP（VoIP）"),
    "system.technology.analog": Text(en="Analog", zh="模拟"),
    "system.technology.e1": Text(en="Digital (E1)", zh="数字（E1）"),
    "system.technology.siprec": Text(en="SIPREC", zh="SIPREC"),
    "system.limit": Text(en="Calls at once", zh="并发数"),
    "system.unlimited": Text(en="Unlimited", zh="不限"),
    "system.in_use": Text(en="In use", zh="已用"),
    "system.disks": Text(en="Disks", zh="磁盘"),
    "system.read_only": Text(en="Read only", zh="只读"),
    "wall.view": Text(en="View", zh="视图"),
    "wall.view.list": Text(en="List", zh="列表"),
    "wall.view.wall": Text(en="Channel wall", zh="通道墙"),
    "wall.state": Text(en="State of the channels", zh="通道状态"),
    "wall.idle": Text(en="Idle", zh="空闲"),
    "wall.last": Text(en="Last calls", zh="最近通话"),
    "wall.last.none": Text(en="No call of this extension yet.", zh="该分机暂无通话。"),
    "wall.find": Text(en="Number, name or channel", zh="号码、姓名或通道号"),
    "wall.department": Text(en="Department", zh="部门"),
    "wall.empty": Text(
        en="Bound extensions and calls in progress appear here as tiles.",
        zh="绑定分机与进行中的通话将在此显示。",
    ),
    "wall.channel": Text(en="Channel", zh="通道号"),
    "wall.name": Text(en="Name", zh="通道名称"),
    "wall.extension": Text(en="Extension", zh="分机号"),
    "wall.remote": Text(en="Other end", zh="对方号码"),
    "wall.started": Text(en="Started", zh="开始时间"),
    "wall.answered": Text(en="Answered", zh="接听时间"),
    "settings.find": Text(en="Find a setting", zh="查找设置"),
    "settings.find.none": Text(en="No setting has these words", zh="没有符合的设置"),
    "mirror.group.calls": Text(en="Calls of the last ten minutes", zh="最近十分钟的通话"),
    "mirror.counter.udp": Text(en="UDP packets", zh="UDP 数据包"),
    "mirror.counter.udp.more": Text(en="Voice and most signalling.", zh="语音及大部分信令。"),
    "mirror.counter.tcp": Text(en="TCP packets", zh="TCP 数据包"),
    "mirror.counter.tcp.more": Text(
        en="Signalling over TCP or WebSocket, and whatever else is mirrored.",
        zh="TCP 或 WebSocket 信令，以及其他被镜像的流量。",
    ),
    "mirror.counter.kernel_received": Text(en="Taken by the kernel", zh="内核已接收"),
    "mirror.counter.kernel_received.more": Text(
        en="As the kernel counts; packets of other senders of this machine are not among them.",
        zh="内核的计数，不含本机其他发送者的数据包。",
    ),
    "mirror.counter.truncated_files": Text(en="Files cut off", zh="截断的文件"),
    "mirror.counter.truncated_files.more": Text(
        en="Capture files that end within a packet.", zh="在数据包中途结束的抓包文件。"
    ),
    "mirror.counter.calls_whole_now": Text(en="Whole calls", zh="完整的通话"),
    "mirror.counter.calls_whole_now.more": Text(
        en="Signalling and both directions of audio were seen.", zh="信令与双向语音均已看到。"
    ),
    "mirror.counter.calls_one_way_now": Text(en="Calls with one direction only", zh="仅单向语音的通话"),
    "mirror.counter.calls_one_way_now.more": Text(
        en="Many: only one direction of a port or VLAN is mirrored.",
        zh="较多时：端口或 VLAN 仅镜像了单方向。",
    ),
    "mirror.counter.calls_without_audio_now": Text(
        en="Answered calls without audio", zh="已接通但无语音的通话"
    ),
    "mirror.counter.calls_without_audio_now.more": Text(
        en="Many: the audio takes another way than the signalling.", zh="较多时：语音与信令路径不同。"
    ),
    "mirror.counter.calls_without_signalling_now": Text(en="Audio without a call", zh="没有信令的语音"),
    "mirror.counter.calls_without_signalling_now.more": Text(
        en="Many: the port of the exchange is not mirrored, or its signalling is encrypted.",
        zh="较多时：交换机端口未镜像，或信令已加密。",
    ),
    "mirror.counter.calls_losing_now": Text(en="Calls losing in both directions", zh="双向丢包的通话"),
    "mirror.counter.calls_losing_now.more": Text(
        en="In the last ten seconds. Many at once: the mirror drops packets, the calls are likely unharmed.",
        zh="最近十秒内。同时较多时：镜像丢包，通话本身很可能正常。",
    ),
    "mirror.counter.calls_watched_now": Text(en="Calls looked at for that", zh="参与判断的通话"),
    "mirror.counter.calls_watched_now.more": Text(
        en="Calls that were heard in both directions in the last ten seconds.",
        zh="最近十秒内双向均有语音的通话。",
    ),
    "mirror.counter.over_licence": Text(en="Calls over the licence", zh="超出许可的通话"),
    "mirror.counter.over_licence.more": Text(
        en="They have a ledger row, and no recording.", zh="已记入台账，但未录音。"
    ),
    "mirror.counter.licensed_calls": Text(en="Calls that may be recorded at once", zh="许可并发路数"),
    "mirror.counter.licensed_calls.more": Text(
        en="As the recording rules say.", zh="以录音规则中的设置为准。"
    ),
    "mirror.counter.fragment_bytes_now": Text(en="Waiting fragments", zh="等待中的分片"),
    "mirror.counter.fragment_bytes_now.more": Text(
        en="Memory of packets whose rest has not come yet.", zh="其余部分尚未到达的数据包所占内存。"
    ),
    "mirror.counter.sip_unreadable": Text(en="Messages that cannot be read", zh="无法解析的信令"),
    "mirror.counter.sip_unreadable.more": Text(
        en="They begin like SIP and are none. Some are usual on open networks: scans.",
        zh="开头像 SIP 但不是。公网上少量属正常（扫描）。",
    ),
    "mirror.counter.sip_unjoined": Text(en="Messages of unknown calls", zh="不属于已知通话的信令"),
    "mirror.counter.sip_unjoined.more": Text(
        en="Of calls that were up before the recorder, or that are over.",
        zh="来自录音启动前已建立或已结束的通话。",
    ),
    "mirror.counter.sip_skipped": Text(en="Registrations passed over", zh="略过的注册类消息"),
    "mirror.counter.sip_skipped.more": Text(
        en="REGISTER, OPTIONS and the like that were not looked at, so that calls were in time. No call is lost by it.",
        zh="为保证通话及时处理而未查看的 REGISTER、OPTIONS 等消息，不影响任何通话。",
    ),
    "mirror.counter.sip_outside_calls": Text(en="Registrations and the like", zh="注册类消息"),
    "mirror.counter.sip_outside_calls.more": Text(
        en="REGISTER, OPTIONS and the like that tell nothing new and begin no call.",
        zh="不含新信息、也不发起通话的 REGISTER、OPTIONS 等消息。",
    ),
    "mirror.counter.calls_waited": Text(en="New calls that waited for an answer", zh="曾等待应答的新呼叫"),
    "mirror.counter.calls_waited.more": Text(
        en="When very many calls begin at once (a scan), those that somebody answers come first; the others still get their rows.",
        zh="大量呼叫同时发起（如扫描）时，有应答的优先处理，其余仍逐条入账。",
    ),
    "mirror.counter.calls_waiting_now": Text(en="New calls waiting", zh="正在等待的新呼叫"),
    "mirror.counter.calls_waiting_now.more": Text(
        en="Nobody has answered them so far, or their rows are still to be written.",
        zh="尚无人应答，或尚未写入台账。",
    ),
    "mirror.counter.attempts_lost": Text(en="Attempts without a row", zh="未入账的呼叫尝试"),
    "mirror.counter.attempts_lost.more": Text(
        en="Calls nobody answered of which there were more than the memory for them holds. No call that was answered is among them.",
        zh="无人应答的呼叫过多，超出缓存而未能入账；不含任何已应答的通话。",
    ),
    "mirror.counter.events_now": Text(en="Events waiting", zh="等待处理的事件"),
    "mirror.counter.events_now.more": Text(
        en="What the recorder has yet to look at. Thousands that stay: the machine is too slow.",
        zh="录音程序尚未处理的事件数。持续上千说明设备性能不足。",
    ),
    "mirror.counter.tcp_streams_now": Text(en="TCP connections followed", zh="跟踪的 TCP 连接"),
    "mirror.counter.tcp_streams_now.more": Text(
        en="Those that carry signalling, or may.", zh="承载或可能承载信令的连接。"
    ),
    "mirror.counter.tcp_overflow": Text(en="TCP connections left out", zh="未跟踪的 TCP 连接"),
    "mirror.counter.tcp_overflow.more": Text(
        en="More at once than can be followed.", zh="同时连接数超过可跟踪的上限。"
    ),
    "mirror.counter.held_bytes_now": Text(en="Memory of waiting audio", zh="等待语音所占内存"),
    "mirror.counter.held_bytes_now.more": Text(
        en="Of audio packets that wait for their signalling.", zh="等待信令的语音包。"
    ),
    "mirror.counter.held": Text(en="Held so far", zh="累计等待"),
    "mirror.counter.held.more": Text(
        en="Audio packets that came before their signalling.", zh="先于信令到达的语音包。"
    ),
    "mirror.counter.paused_packets": Text(en="Left out in pauses", zh="暂停期间未存"),
    "mirror.counter.paused_packets.more": Text(
        en="Audio of paused, stopped or excluded recordings; it was not stored.",
        zh="录音暂停、停止或不录音期间的语音，未存储。",
    ),
    "mirror.counter.unbindable": Text(en="Addresses that cannot be used", zh="不可用的媒体地址"),
    "mirror.counter.unbindable.more": Text(
        en="A description named a host or port that is no address.", zh="会话描述中的主机或端口不是有效地址。"
    ),
    "mirror.counter.after_close": Text(en="Stragglers", zh="迟到的数据"),
    "mirror.counter.after_close.more": Text(
        en="Told of calls whose recording was closed already.", zh="所属通话的录音已关闭。"
    ),
    "mirror.counter.tap_drops": Text(en="Left out for listeners", zh="监听丢弃"),
    "mirror.counter.tap_drops.more": Text(
        en="Somebody listened over a slow line; recordings are whole.", zh="监听者网络较慢；录音不受影响。"
    ),
}
