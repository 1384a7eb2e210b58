"""Words of the settings' history, of their export and import, and of conflicts, in both languages."""

from appliance.core.text import Text

SETTINGS_WORDS: dict[str, Text] = {
    "settings.found": Text(
        en="Found: {count}. Enter opens the first.", zh="找到 {count} 项，回车打开第一项。"
    ),
    "settings.leave.go": Text(en="Leave without saving", zh="不保存并离开"),
    "settings.leave.stay": Text(en="Stay here", zh="留在此页"),
    "settings.undone": Text(en="Undone. The settings are as before.", zh="已撤销，设置恢复原状。"),
    "settings.undo.gone": Text(en="There is no earlier state to go back to.", zh="没有可恢复的更早状态。"),
    "settings.conflict.by": Text(en="{who} saved settings meanwhile.", zh="{who} 已在此期间保存了设置。"),
    "settings.conflict.theirs": Text(en="What was saved meanwhile", zh="期间保存的修改"),
    "settings.change.also": Text(en="You changed it, too", zh="您也修改了此项"),
    "settings.change.secret": Text(en="Changed; secrets are not shown", zh="已更改（密文不显示）"),
    "settings.change.added": Text(en="Added", zh="新增"),
    "settings.change.removed": Text(en="Removed", zh="删除"),
    "settings.change.moved": Text(en="Other order", zh="顺序调整"),
    "settings.change.changed": Text(en="Changed", zh="更改"),
    "settings.change.old": Text(en="before: ", zh="原值："),
    "settings.change.new": Text(en="now: ", zh="新值："),
    "settings.change.more": Text(en="… and {count} more", zh="…另有 {count} 项"),
    "settings.export": Text(en="Export the settings", zh="导出设置"),
    "settings.export.open": Text(en="Export", zh="导出"),
    "settings.export.hint": Text(
        en="All settings as a file, for another box or for keeping. People, contacts and recordings are not in it.",
        zh="将全部设置保存为文件，可用于其他设备或备份。不含用户、联系人和录音。",
    ),
    "settings.export.secrets": Text(en="With passwords and keys, encrypted", zh="包含密码与密钥（加密）"),
    "settings.export.secrets.hint": Text(
        en="Ten characters at least. Whoever has file and passphrase has the passwords; nobody can recover a forgotten one.",
        zh="至少 10 个字符。持有文件和口令者即可得到其中的密码；忘记口令将无法恢复。",
    ),
    "settings.export.save": Text(en="Save the file", zh="保存文件"),
    "settings.passphrase": Text(en="Passphrase", zh="口令"),
    "settings.passphrase.again": Text(en="Passphrase again", zh="再次输入口令"),
    "settings.passphrase.differs": Text(en="The two are not the same.", zh="两次输入不一致。"),
    "settings.import": Text(en="Import settings", zh="导入设置"),
    "settings.import.open": Text(en="Import", zh="导入"),
    "settings.import.hint": Text(
        en="Nothing is changed before you have seen what. The box keeps its place in the network.",
        zh="确认预览之前不做任何更改。本机的网络设置保持不变。",
    ),
    "settings.import.choose": Text(en="Choose an exported file", zh="选择导出的文件"),
    "settings.import.size": Text(en="The file is empty or larger than 4 MiB.", zh="文件为空或超过 4 MiB。"),
    "settings.import.unreadable": Text(
        en="This file is no export of settings.", zh="此文件不是设置导出文件。"
    ),
    "settings.import.from": Text(
        en="{file}: of the box “{box}”, release {release}, made {time}.",
        zh="{file}：来自设备“{box}”，版本 {release}，导出于 {time}。",
    ),
    "settings.import.locked": Text(
        en="The file holds passwords. Without the passphrase those of this box stay.",
        zh="文件包含密码。不输入口令时保留本机原有密码。",
    ),
    "settings.import.unlock": Text(en="Open the secrets", zh="解锁密文"),
    "settings.import.problems": Text(
        en="Does not fit this box and is left as it is here: {count}",
        zh="与本机不符、保持原值的设置：{count} 项",
    ),
    "settings.import.parts": Text(en="Parts to take", zh="选择要导入的部分"),
    "settings.import.changes": Text(en="What will change", zh="将要更改的内容"),
    "settings.import.same": Text(
        en="The settings here are those of the file already.", zh="本机设置与文件一致，无需更改。"
    ),
    "settings.import.apply": Text(en="Change {count} settings", zh="更改 {count} 项设置"),
    "settings.imported": Text(en="Imported.", zh="已导入。"),
    "settings_history.title": Text(en="History of the settings", zh="设置历史"),
    "settings_history.list": Text(en="Saved states", zh="保存记录"),
    "settings_history.list.more": Text(en="The last twenty are kept", zh="保留最近 20 次"),
    "settings_history.none": Text(en="Nothing was saved yet", zh="尚未保存过设置"),
    "settings_history.none.more": Text(
        en="Every change of the settings appears here with who made it.",
        zh="每次修改设置都会记录于此，并注明操作者。",
    ),
    "settings_history.nobody": Text(en="unknown", zh="未知"),
    "settings_history.named": Text(en="{revision} · {time} · {who}", zh="{revision} · {time} · {who}"),
    "settings_history.start": Text(en="As delivered", zh="出厂设置"),
    "settings_history.now": Text(en="In force", zh="当前"),
    "settings_history.import": Text(en="Imported", zh="导入"),
    "settings_history.restore_of": Text(en="State {revision} again", zh="恢复自 {revision}"),
    "settings_history.unknown": Text(en="The state before it is no longer kept", zh="更早的状态已不再保留"),
    "settings_history.same": Text(en="Nothing differs", zh="没有差异"),
    "settings_history.show": Text(en="What changed", zh="查看更改"),
    "settings_history.restore": Text(en="Go back…", zh="恢复…"),
    "settings_history.difference": Text(en="Difference", zh="差异"),
    "settings_history.from": Text(en="From", zh="从"),
    "settings_history.to": Text(en="to", zh="到"),
    "settings_history.restore.title": Text(en="Go back to state {revision}", zh="恢复到状态 {revision}"),
    "settings_history.restore.hint": Text(
        en="This will change. Passwords, keys and the network stay as they are; the present state stays in the history.",
        zh="将更改以下内容。密码、密钥与网络设置保持不变；当前状态保留在历史中。",
    ),
    "settings_history.restore.confirm": Text(en="Go back", zh="确认恢复"),
    "settings_history.restored": Text(
        en="State {revision} is in force again.", zh="已恢复到状态 {revision}。"
    ),
}
