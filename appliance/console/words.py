"""What only the console says, in both languages."""

from appliance.core.text import Text

WELCOME = Text(
    en="Tapeline {version}, call recorder - {host} on {line}",
    zh="Tapeline {version} 录音系统 - {host}，终端 {line}",
)
LANGUAGE = Text(
    en="1 = English, 2 = Chinese (a UTF-8 terminal is needed), Enter = English:",
    zh="1 = 英文，2 = 中文（需 UTF-8 终端），回车 = 英文：",
)
PANEL = Text(en="Admin panel: {address}", zh="管理界面：{address}")
NO_ADDRESS = Text(en="no address yet", zh="暂无地址")
FINGERPRINT = Text(en="Certificate (SHA-256): {fingerprint}", zh="证书指纹（SHA-256）：{fingerprint}")
NO_CERTIFICATE = Text(en="No certificate yet.", zh="尚无证书。")
NEW_BOX = Text(
    en="This recorder is not set up yet. One-time password for the admin panel: {password}",
    zh="本机尚未设置。管理界面一次性密码：{password}",
)
SET_UP_HERE = Text(
    en="Or set it up here: 1 = the administrator's password, 2 = the network, Enter = the start again:",
    zh="也可在此设置：1 = 管理员密码，2 = 网络，回车 = 重新开始：",
)
ADMINISTRATOR = Text(en="Administrator's name [admin]:", zh="管理员用户名 [admin]：")
NEW_PASSWORD = Text(en="New password:", zh="新密码：")
AGAIN = Text(en="New password again:", zh="再次输入新密码：")
DIFFER = Text(en="The two passwords differ.", zh="两次输入的密码不一致。")
IS_SET_UP = Text(
    en="{name} may sign in now, here and in the admin panel.", zh="{name} 现在可以登录控制台与管理界面。"
)
SIGN_IN = Text(en="Name (or ? for a lost password):", zh="用户名（忘记密码请输入 ?）：")
PASSWORD = Text(en="Password:", zh="密码：")
WRONG = Text(
    en="Name or password is wrong, or this person may not change settings.",
    zh="用户名或密码错误，或该用户无权修改设置。",
)
CODE = Text(en="Code of the authenticator app, or a recovery code:", zh="验证器应用的验证码或恢复码：")
WRONG_CODE = Text(en="This code is wrong, or was used already.", zh="验证码错误或已被使用。")
PASSKEY_ONLY = Text(
    en="This person signs in with a passkey, which cannot be asked for here. Make recovery codes in the admin panel (My account), or have the "
    "password renewed here after a restart of the box (?).",
    zh="该用户使用通行密钥登录，控制台不支持。请在管理界面“我的账户”生成恢复码，或重启设备后在此重置密码（?）。",
)
LOST = Text(
    en="A lost password is renewed here within ten minutes of a start of the box: restart it, then choose this again.",
    zh="仅在设备启动后十分钟内可在此重置密码：请重启设备后再选择此项。",
)
WHOSE = Text(en="Whose password? Number, Enter = nobody's:", zh="重置哪位用户的密码？输入编号，回车取消：")
SURE = Text(en="All sessions of {name} end. Go on?", zh="{name} 的所有会话将结束，继续吗？")
ONE_TIME = Text(en="One-time password of {name}: {password}", zh="{name} 的一次性密码：{password}")
MENU = Text(en="Number, Enter = status:", zh="编号，回车 = 状态：")
BYE = Text(en="Signed out.", zh="已退出。")
NO_SUCH = Text(en="There is no such number.", zh="没有此编号。")
SAVED = Text(en="Saved.", zh="已保存。")
NOTHING_CHANGED = Text(en="Nothing changed.", zh="未作修改。")
KEEP = Text(
    en="The settings are in force on trial. Keep them? Without an answer the old ones come back in 90 s.",
    zh="设置已试用生效，保留吗？若无应答，90 秒后自动恢复原设置。",
)
WENT_BACK = Text(en="The saved settings are in force again.", zh="已恢复为保存的设置。")
TRY = Text(en="Put these settings in force?", zh="使这些设置生效？")
SAVE = Text(en="Save these settings?", zh="保存这些设置？")
RENEW_CERTIFICATE = Text(
    en="A new certificate is made and the panel starts again; browsers will ask about it. Go on?",
    zh="将生成新证书并重启管理界面，浏览器会再次询问。继续吗？",
)
RESTART = Text(en="Restart the box? Calls that run are cut.", zh="重启设备？进行中的通话录音将中断。")
POWER_OFF = Text(en="Switch the box off? Nothing is recorded then.", zh="关闭设备？关闭后不再录音。")
RESET = Text(
    en="Back to the state of delivery. Type 'keep' to keep the recordings, 'wipe' to erase them, Enter = no:",
    zh="恢复出厂设置。输入 keep 保留录音，输入 wipe 清除录音，回车取消：",
)
RESET_SURE = Text(
    en="Settings, people and index are erased. Type {word} once more:",
    zh="将清除设置、用户与索引。请再次输入 {word}：",
)
PROGRAM = Text(
    en="Log of which program? Number, Enter = none:", zh="查看哪个程序的日志？输入编号，回车取消："
)
NO_LOG = Text(en="No lines.", zh="没有日志。")
MORE = Text(en="Enter = go on, q = enough:", zh="回车继续，q 结束：")

STATUS_ROWS = {
    "host": Text(en="Box", zh="设备"),
    "time": Text(en="Time", zh="时间"),
    "uptime": Text(en="Running for", zh="运行时间"),
    "port": Text(en="Port {name}", zh="网口 {name}"),
    "up": Text(en="link up", zh="已连接"),
    "down": Text(en="no link", zh="未连接"),
    "disk": Text(en="Recordings' disk", zh="录音磁盘"),
    "free": Text(en="{free} GB free of {total} GB", zh="可用 {free} GB，共 {total} GB"),
    "trouble": Text(en="Settings", zh="设置"),
}
ITEMS = {
    "network": Text(en="Network", zh="网络"),
    "time": Text(en="Time and time zone", zh="时间与时区"),
    "certificate": Text(en="Certificate of the admin panel", zh="管理界面证书"),
    "password": Text(en="Renew a password", zh="重置密码"),
    "logs": Text(en="Logs", zh="日志"),
    "restart": Text(en="Restart", zh="重启"),
    "off": Text(en="Switch off", zh="关机"),
    "reset": Text(en="Factory reset", zh="恢复出厂设置"),
    "leave": Text(en="Sign out", zh="退出"),
}
