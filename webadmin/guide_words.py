"""What each page is for, and the tour through the main ones, in both languages. `guide.<page>`: one a page."""

from appliance.core.text import Text

GUIDE_WORDS: dict[str, Text] = {
    "guide.title": Text(en="What this page is for", zh="本页用途"),
    "guide.open": Text(en="Help for this page", zh="本页帮助"),
    "guide.tour": Text(en="Take the tour", zh="开始导览"),
    "guide.tour.resume": Text(en="Go on with the tour", zh="继续导览"),
    "guide.home": Text(
        en="The state of the recorder at a glance: calls and recordings of today, storage, programs, the mirror port. "
        "Whatever is amiss stands at the top with what to do about it.",
        zh="一览系统状态：今日通话与录音、存储、程序和镜像端口。如有异常，会显示在最上方并说明处理方法。",
    ),
    "guide.live": Text(
        en="Every call that is going on now, as a list or as a wall of channels. Open one to listen, or to pause, stop "
        "or discard its recording.",
        zh="正在进行的全部通话，可用列表或通道墙查看。打开一路通话可监听，或暂停、停止、丢弃录音。",
    ),
    "guide.mirror": Text(
        en="What arrives at the mirror port: packets, signalling, audio, losses. Look here first when calls are missing: "
        "a call of which only one side is mirrored cannot be recorded whole.",
        zh="镜像端口收到的数据：报文、信令、语音与丢失。缺少通话时请先查看此页：只镜像到一个方向的通话无法完整录音。",
    ),
    "guide.system": Text(
        en="The box itself: network ports, version, licences, disks, and each program with its load and last error. "
        "A program's log opens with a click.",
        zh="设备本身：网口、版本、授权、磁盘，以及各程序的负载与最近错误。点击可查看程序日志。",
    ),
    "guide.alarms": Text(
        en="What the watchdog found wrong, one line each, with the remedy. Acknowledge what somebody takes care of; an alarm "
        "ends by itself when its cause is gone.",
        zh="系统监测到的问题，每项一行并附处理方法。有人处理时请确认；原因消除后告警自动结束。",
    ),
    "guide.alarm_mails": Text(
        en="Every notice of an alarm, by mail, SNMP, syslog or webhook, with the receiver's answer, and a button for a test. Who "
        "is told and when is set under Settings, Alarms and Monitoring.",
        zh="通过邮件、SNMP、Syslog 或 Webhook 发出的每条告警通知及接收方应答，并可发送测试。通知对象与时间在“系统设置”的“告警”与“监控”中设置。",
    ),
    "guide.calls": Text(
        en="All calls of the ledger, recorded or not, found by any mixture of filters or by one line of words. Play, tag, "
        "download or export what was found; a call without a recording says why.",
        zh="台账中的全部通话（含未录音），可任意组合条件或用一行文字查询。可播放、加标签、下载或导出；未录音的通话会说明原因。",
    ),
    "guide.call": Text(
        en="One call with everything known of it: the recording, its quality over time, notes and bookmarks, signalling, and the "
        "conversation it belongs to. It can be kept from deletion, shared by link, verified and printed.",
        zh="单次通话的全部信息：录音、质量曲线、备注与书签、信令及所属会话。可设置法律保留、链接分享、校验与打印。",
    ),
    "guide.transcripts": Text(
        en="Search in what was said. Nothing is transcribed yet; the page says what is missing for it.",
        zh="按通话内容检索。目前尚无转写内容；页面会说明所缺的条件。",
    ),
    "guide.uploads": Text(
        en="Which recordings were copied to other servers, and which are still waiting. What did not arrive says why.",
        zh="已复制到其他服务器的录音及待上传的录音。未送达的会说明原因。",
    ),
    "guide.statistics": Text(
        en="How many calls, how long, how well: by extension, user, department, hour, trunk, quality and region. Each view has "
        "a chart and is saved as a workbook.",
        zh="通话数量、时长与质量：按分机、用户、部门、时段、中继、质量和地区统计。每项均含图表并可导出工作簿。",
    ),
    "guide.statements": Text(
        en="Every midnight the recorder signs how many calls it saw and recorded. A statement proves later that nothing was "
        "removed; hand the public key to whoever shall be able to check.",
        zh="系统每天午夜对当日通话与录音数量签名。声明可在日后证明没有缺失；请将公钥交给需要核验的人员。",
    ),
    "guide.cdr": Text(
        en="Compare the exchange's own call list with the ledger. What only the exchange knows was never seen at the mirror "
        "port; nothing of the list is stored.",
        zh="将交换机话单与台账核对。只存在于话单中的通话从未到达镜像端口；话单内容不会保存。",
    ),
    "guide.why": Text(
        en="Give a number and a time: the page says what became of the call, which rule or circumstance decided, and what to "
        "change. It also says honestly when the call was never seen.",
        zh="输入号码和时间，即可得知通话的去向、由哪条规则或原因决定以及如何调整；从未见到的通话也会如实说明。",
    ),
    "guide.users": Text(
        en="Who may sign in, in which role, and whose calls they know. Somebody's view of the panel can be looked at before it "
        "is given away.",
        zh="管理可登录人员、角色及可见通话范围。授权之前可以其视角预览界面。",
    ),
    "guide.roles": Text(
        en="A role is a set of ticks: listen, download, delete, configure, see numbers in full. People get a role; what a role may "
        "do holds for all of them at once. Recordings can be opened to it with a second person only.",
        zh="角色由一组权限组成：收听、下载、删除、设置、查看完整号码等。修改角色会立即对其所有人员生效。角色可设为需第二人确认后方可接触录音。",
    ),
    "guide.departments": Text(
        en="The tree of the firm. Extensions and people belong to departments; the head of one knows the calls of all "
        "below it.",
        zh="企业部门结构。分机与人员归属部门；部门负责人可查看本部门及下级部门的通话。",
    ),
    "guide.contacts": Text(
        en="Names for numbers: they stand beside every call, old ones too. Import them from a spreadsheet after a look at "
        "what would change.",
        zh="号码对应的姓名，会显示在所有通话（包括以前的通话）旁。可从表格导入，并先预览更改。",
    ),
    "guide.view_list": Text(
        en="While it is on, everybody sees calls of these numbers only. Recording is not touched by it; that is what the "
        "lists under System are for.",
        zh="启用后所有人只能看到这些号码的通话。不影响录音；录音名单请在“系统管理”中设置。",
    ),
    "guide.entry": Text(
        en="Everybody who is signed in, and the tokens of programs. End a session or revoke a token here when a device is lost.",
        zh="查看所有登录会话与程序令牌。设备丢失时可在此结束会话或吊销令牌。",
    ),
    "guide.operations": Text(
        en="Who did what, from where, and how it ended: changes, and reads that matter, such as listening. Each row is sealed upon the "
        "one before, so that a removed or changed one is shown.",
        zh="记录何人、从何处、做了什么及结果，包括修改和收听等重要操作。各行逐条封存，删除或改动均可发现。",
    ),
    "guide.rules": Text(
        en="Which calls are recorded: mode, keys, schedules and rules in their order. The test box says for any call which rule "
        "would decide; new rules hold from the next call on.",
        zh="决定录制哪些通话：模式、按键、时间表和规则顺序。测试框可说明任意通话由哪条规则决定；新规则自下一次通话起生效。",
    ),
    "guide.lists": Text(
        en="Numbers that are never recorded, and, when switched on, the only ones that are. Calls left out keep their row "
        "in the ledger with the reason.",
        zh="不录音的号码名单，以及启用后仅录制的号码名单。未录音的通话仍有台账并注明原因。",
    ),
    "guide.extensions": Text(
        en="The firm's telephones: number, channel, name, department. In the work mode “bound extensions” only those "
        "with a channel are recorded.",
        zh="企业分机：号码、通道、姓名与部门。在“绑定分机”模式下仅录制已分配通道的分机。",
    ),
    "guide.commissioning": Text(
        en="For the day of installation: list the telephones, dial each once, and watch the list turn green. Red says what "
        "is missing and why; the protocol can be printed.",
        zh="用于安装当天：列出话机并逐一拨打，列表会逐项变绿。红色表示缺失内容及原因；可打印验收记录。",
    ),
    "guide.boards": Text(
        en="Analog lines and E1 trunks. Boards on top with their ports and alarms, then a tile for every channel: open one for its "
        "voltage and level, select many to give them the same parameters. Which boards there are is set at the bottom.",
        zh="模拟线路与 E1 中继。上方为板卡、端口与告警，其下每个通道一格：点开可查看电压与电平，选择多个可统一设置参数。板卡与中继在页面底部配置。",
    ),
    "guide.corrections": Text(
        en="Numbers and times of past trunk calls, put right after the settings of the trunk were. Choose the trunk and a time: a table "
        "shows each call before and after. Nothing changes until you agree, and never the audio.",
        zh="中继设置修正后，更正历史通话的号码与时间。选择中继和时间段后，表格逐条显示更正前后内容。确认之前不作任何修改，录音始终不变。",
    ),
    "guide.backups": Text(
        en="Copies of index, settings and keys, and of the recordings where you want that: when they are made, where they go, and "
        "what each holds. A rehearsal tells what a restore would bring back before anything is changed.",
        zh="索引、设置与密钥（可选录音）的备份：何时备份、存往何处以及各备份的内容。恢复前可先演练，查看将恢复哪些数据。",
    ),
    "guide.web_access": Text(
        en="The certificate by which browsers know this box, and its fingerprint to compare. Have your own authority sign one, or "
        "bring a certificate with its key.",
        zh="浏览器识别本设备所用的证书及其指纹。可由您的 CA 签发，也可上传证书与私钥。",
    ),
    "guide.licences": Text(
        en="How many calls of each kind this box may record at once, and the signed files that say so. A build without a vendor's "
        "key has no limit.",
        zh="本设备各类通话的并发录音上限及其授权文件。未内置厂商密钥的版本不受限制。",
    ),
    "guide.first_steps": Text(
        en="From an unpacked box to the first recorded call: language, password, network, time, the mirror port, a call. Leave at any "
        "step and go on later.",
        zh="从开箱到第一路录音：语言、密码、网络、时间、镜像端口与测试通话。可随时离开，稍后继续。",
    ),
    "guide.storage": Text(
        en="Where recordings lie, how the disks are, and how long recordings stay. What a policy would delete is shown on the "
        "real recordings before it does.",
        zh="录音存放位置、磁盘状况与保留期限。策略生效前可预览将被删除的真实录音。",
    ),
    "guide.network": Text(
        en="Ports, addresses and from where the box can be reached. A change is tried first and taken back by itself when nobody "
        "confirms it, so that nobody is shut out.",
        zh="网口、地址与允许访问的网段。更改会先试用，若无人确认则自动还原，避免失去连接。",
    ),
    "guide.time": Text(
        en="How right the clock is and was, and which time server is believed and why another is not. The times of recordings are worth as "
        "much as this clock.",
        zh="显示时钟的准确程度与历史，以及采信哪台时间服务器、为何不采信其他服务器。录音时间的可信度取决于此时钟。",
    ),
    "guide.update": Text(
        en="A new release is written beside the running one and started at a time of your choice. It goes back by itself when it does "
        "not record.",
        zh="新版本写入备用分区，并在您选择的时间启动。若无法正常录音会自动回退。",
    ),
    "guide.settings": Text(
        en="Everything else that can be set, found by any word. Changes hold as soon as they are saved and can be undone; the history says "
        "who changed what.",
        zh="其余全部设置，可按任意词语查找。保存后立即生效并可撤销；历史中记录何人做了哪些更改。",
    ),
    "guide.settings_history": Text(
        en="The last twenty saved states of the settings. Compare any two, see who changed what, and go back after a look at what "
        "would change.",
        zh="最近二十次保存的设置。可比较任意两次、查看何人做了哪些更改，并在预览后恢复。",
    ),
    "guide.account": Text(
        en="Your own password, second factor, sessions and tokens. A second factor keeps others out even when they know "
        "your password.",
        zh="管理本人密码、双重验证、会话与令牌。启用双重验证后，即使密码泄露他人也无法登录。",
    ),
    "guide.style": Text(
        en="All parts of the pages in one place, for those who build them. Nothing here changes anything.",
        zh="集中展示界面的全部组件，供开发人员参考。此页不会更改任何内容。",
    ),
    "style.title": Text(en="Parts and colours", zh="组件与配色"),
    "style.colours": Text(en="Colours", zh="颜色"),
    "style.grounds": Text(en="Grounds and lines", zh="底色与线条"),
    "style.inks": Text(en="Inks", zh="文字颜色"),
    "style.voices": Text(en="The two voices", zh="主叫与被叫"),
    "style.tones": Text(en="Good, doubtful, bad", zh="正常、注意、异常"),
    "style.type": Text(en="Type", zh="文字"),
    "style.sample": Text(en="Every call ends in a recording or a reason.", zh="每次通话都有录音或说明原因。"),
    "style.link": Text(en="A link within a sentence", zh="句中的链接"),
    "style.icons": Text(en="Icons", zh="图标"),
    "style.buttons": Text(en="Buttons", zh="按钮"),
    "style.toast": Text(en="Say it with a way back", zh="带撤销的提示"),
    "style.question": Text(en="Ask first", zh="先询问"),
    "style.dialog": Text(en="A dialog", zh="对话框"),
    "style.states": Text(en="States", zh="状态"),
    "style.plain": Text(en="plain", zh="普通"),
    "style.charts": Text(en="Charts", zh="图表"),
    "style.caller": Text(en="Caller", zh="主叫"),
    "style.callee": Text(en="Callee", zh="被叫"),
    "style.tables": Text(en="Tables", zh="表格"),
    "style.forms": Text(en="Forms", zh="表单"),
    "tour.title": Text(en="A short tour", zh="快速导览"),
    "tour.step": Text(en="{step} of {count}", zh="第 {step} / {count} 步"),
    "tour.back": Text(en="Back", zh="上一步"),
    "tour.next": Text(en="Next", zh="下一步"),
    "tour.finish": Text(en="Finish", zh="完成"),
    "tour.later": Text(en="Later", zh="稍后继续"),
    "tour.never": Text(en="Do not show again", zh="不再显示"),
    "tour.resume": Text(en="The ? at the top brings the tour back.", zh="点击顶部的“?”可再次打开导览。"),
    "tour.home": Text(
        en="The overview says whether all is well. When the mirror port is silent, a disk runs full or a program is down, it stands "
        "here first, with the remedy.",
        zh="首页显示系统是否正常。镜像端口无数据、磁盘将满或程序停止时，会首先在此提示并给出处理方法。",
    ),
    "tour.calls": Text(
        en="All calls, recorded or not. Filter by what you know, or type it as one line, such as “ext:8031 last week”. A call "
        "without a recording says why.",
        zh="全部通话，无论是否录音。可按条件筛选，也可输入一行查询，例如“ext:8031 上周”。未录音的通话会说明原因。",
    ),
    "tour.player": Text(
        en="Press ▶ in a row: the player opens below, left the caller, right the callee. Select a region in the waves to loop or "
        "download it; “?” lists the keys.",
        zh="点击行内的 ▶，播放器在下方打开，左声道为主叫，右声道为被叫。可在波形上选取片段循环播放或下载；按“?”查看快捷键。",
    ),
    "tour.live": Text(
        en="Calls that are going on now. Open one to listen with a second’s delay, or to pause and resume its recording.",
        zh="正在进行的通话。打开即可监听（约一秒延迟），或暂停、恢复录音。",
    ),
    "tour.rules": Text(
        en="Here you decide what is recorded: everything, on demand, by number, by time. Try a rule in the test box before you "
        "rely on it.",
        zh="在此决定录制内容：全部、按需、按号码或按时间。启用规则前请先用测试框验证。",
    ),
    "tour.alarms": Text(
        en="What is wrong becomes an alarm, here and by mail. Under Settings, Alarms, you say who is told. That is all: good "
        "recording!",
        zh="出现问题时会在此告警并可发送邮件。通知对象在“系统设置 › 告警”中设置。导览到此结束，祝使用顺利！",
    ),
}
