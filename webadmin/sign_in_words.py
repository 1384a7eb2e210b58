"""Words of the pages about signing in, one's own account and the operation log, in both languages."""

from appliance.core.text import Text

SIGN_IN_WORDS: dict[str, Text] = {
    "login.passkey": Text(en="Sign in with a passkey", zh="使用通行密钥登录"),
    "login.or": Text(en="or", zh="或"),
    "login.second": Text(en="Second step", zh="双重验证"),
    "login.second.app": Text(
        en="Enter the code that your authenticator app shows, or one of your recovery codes.",
        zh="请输入验证器应用显示的验证码，或一个恢复码。",
    ),
    "login.second.passkey": Text(en="Confirm with your passkey.", zh="请使用通行密钥确认。"),
    "login.code": Text(en="Code", zh="验证码"),
    "login.confirm": Text(en="Confirm", zh="确认"),
    "login.use_passkey": Text(en="Use the passkey", zh="使用通行密钥"),
    "login.again": Text(en="Begin again", zh="重新开始"),
    "login.passkey.cancelled": Text(
        en="The passkey was not used: cancelled, too late, or none is known here.",
        zh="未使用通行密钥：已取消、已超时，或此处没有可用的通行密钥。",
    ),
    "login.forgotten": Text(
        en="Forgotten your password? An administrator can give you a link for a new one.",
        zh="忘记密码？管理员可以为您生成重置密码的链接。",
    ),
    # A new password by link
    "reset.title": Text(en="Choose a new password", zh="设置新密码"),
    "reset.for": Text(
        en="For {name}; this link serves once, until {until}.",
        zh="用户 {name}；此链接仅可使用一次，有效期至 {until}。",
    ),
    "reset.submit": Text(en="Save the password", zh="保存密码"),
    "reset.done": Text(
        en="The new password is saved. Sign in with it.", zh="新密码已保存，请使用新密码登录。"
    ),
    "reset.to_login": Text(en="To the sign-in", zh="前往登录"),
    # One's own account
    "account.heading": Text(en="Your account", zh="个人账户"),
    "account.enrol": Text(
        en="You need a second factor before you can go on: set up an authenticator app or a passkey.",
        zh="您需要先设置双重验证（验证器应用或通行密钥）才能继续。",
    ),
    "account.directory": Text(
        en="Your password belongs to the directory server and is changed there.",
        zh="您的密码由目录服务器管理，请在目录服务器中修改。",
    ),
    "account.password": Text(en="Password", zh="密码"),
    "account.own_password": Text(en="Your password", zh="您的密码"),
    "account.prove": Text(en="Enter your password to go on.", zh="请输入您的密码以继续。"),
    "account.go_on": Text(en="Go on", zh="继续"),
    "account.app": Text(en="Authenticator app", zh="验证器应用"),
    "account.app.intro": Text(
        en="An app on your phone shows a new code every 30 seconds; a stolen password alone is then worth nothing.",
        zh="手机上的验证器应用每 30 秒显示一个新验证码；即使密码泄露，他人也无法登录。",
    ),
    "account.app.on": Text(
        en="Set up on {since}. {codes} recovery codes are left.",
        zh="已于 {since} 设置，剩余 {codes} 个恢复码。",
    ),
    "account.app.add": Text(en="Set up an app", zh="设置验证器应用"),
    "account.app.scan": Text(
        en="Scan this with the app, or type the key in. Then enter the code that it shows.",
        zh="请用验证器应用扫描二维码，或手动输入密钥，然后输入显示的验证码。",
    ),
    "account.app.picture": Text(en="QR code of the key", zh="密钥二维码"),
    "account.app.remove": Text(en="Remove the app", zh="移除验证器应用"),
    "account.app.renew": Text(en="New recovery codes", zh="重新生成恢复码"),
    "account.codes": Text(en="Recovery codes", zh="恢复码"),
    "account.codes.once": Text(
        en="Each serves once, when the app is not at hand. They are shown only now: print or copy them.",
        zh="当验证器应用不可用时，每个恢复码可使用一次。仅此一次显示，请打印或复制保存。",
    ),
    "account.codes.kept": Text(en="I have kept them", zh="我已保存"),
    "account.passkeys": Text(en="Passkeys", zh="通行密钥"),
    "account.passkeys.intro": Text(
        en="Fingerprint, face or PIN of a device, or a security key: no password to be typed or stolen.",
        zh="使用设备的指纹、面容、PIN 或安全密钥登录，无需输入密码，也不会被窃取。",
    ),
    "account.passkeys.add": Text(en="Add a passkey", zh="添加通行密钥"),
    "account.passkeys.name": Text(en="Name of the device", zh="设备名称"),
    "account.passkeys.none": Text(en="No passkey yet.", zh="尚无通行密钥。"),
    "account.passkeys.not_here": Text(
        en="Passkeys work over HTTPS (or on localhost) and under a name, not an address.",
        zh="通行密钥需要通过 HTTPS（或 localhost）并使用域名访问，不支持 IP 地址。",
    ),
    "account.passkeys.sure": Text(en="Remove the passkey “{name}”?", zh="移除通行密钥“{name}”？"),
    "account.passkeys.used": Text(en="Last used", zh="最近使用"),
    "account.passkeys.host": Text(en="For", zh="适用网站"),
    "account.sessions": Text(en="Where you are signed in", zh="登录会话"),
    "account.sessions.this": Text(en="this one", zh="当前会话"),
    "account.sessions.end": Text(en="Sign out there", zh="结束该会话"),
    "account.sessions.others": Text(en="Sign out everywhere else", zh="退出其他所有会话"),
    "account.sessions.seen": Text(en="Last seen", zh="最近活动"),
    "account.sessions.since": Text(en="Since", zh="登录时间"),
    "account.sessions.from": Text(en="From", zh="来源"),
    "account.sessions.how": Text(en="How", zh="登录方式"),
    "account.tokens": Text(en="API tokens", zh="API 令牌"),
    "account.tokens.intro": Text(
        en="For programs: a part of your rights for a while, sent as “Authorization: Bearer …”.",
        zh="供程序使用：在一段时间内拥有您的部分权限，以“Authorization: Bearer …”方式发送。",
    ),
    "account.tokens.guarded": Text(
        en="Your role needs a second person. Nobody confirms a program, so no token listens, plays, saves, shares or deletes,"
        " not even one that was made before.",
        zh="您的角色需第二人确认。程序无法由他人确认，因此令牌（包括此前创建的令牌）均不能监听、播放、下载、导出、分享或删除录音。",
    ),
    "account.tokens.add": Text(en="New token", zh="新建令牌"),
    "account.tokens.none": Text(en="No tokens.", zh="没有令牌。"),
    "account.tokens.name": Text(en="What it is for", zh="用途"),
    "account.tokens.days": Text(en="Days it lasts", zh="有效天数"),
    "account.tokens.may": Text(en="It may", zh="权限"),
    "account.tokens.until": Text(en="Until", zh="有效期至"),
    "account.tokens.expired": Text(en="expired", zh="已过期"),
    "account.tokens.used": Text(en="Last used", zh="最近使用"),
    "account.tokens.never": Text(en="never", zh="从未使用"),
    "account.tokens.revoke": Text(en="Revoke", zh="吊销"),
    "account.tokens.sure": Text(
        en="Revoke the token “{name}”? Programs that use it stop working.",
        zh="吊销令牌“{name}”？使用它的程序将无法工作。",
    ),
    "account.tokens.once": Text(
        en="This is the only time that it is shown: copy it now.", zh="令牌仅此一次显示，请立即复制。"
    ),
    "method.local": Text(en="Password", zh="密码"),
    "method.ldap": Text(en="Directory server", zh="目录服务器"),
    "method.passkey": Text(en="Passkey", zh="通行密钥"),
    "method.app": Text(en="authenticator app", zh="验证器应用"),
    "method.recovery": Text(en="recovery code", zh="恢复码"),
    "method.password": Text(en="Password", zh="密码"),
    # A second person confirms
    "confirmation.title": Text(en="This needs a second person", zh="需第二人确认"),
    "confirmation.needed": Text(
        en="Your role needs a second person before anything sensitive.",
        zh="您的角色执行敏感操作前需第二人确认。",
    ),
    "confirmation.begin": Text(en="A second person is here", zh="由第二人确认"),
    "confirmation.intro": Text(
        en="Somebody else, who may confirm, enters name and password here, in your browser. This opens: {what}.",
        zh="请另一位有权确认的用户在此浏览器中输入其用户名和密码。确认后可使用：{what}。",
    ),
    "confirmation.looking": Text(
        en="The user whose view this is would find the form for the second person here.",
        zh="该用户在此处会看到第二人确认表单。",
    ),
    "confirmation.name": Text(en="Name of the second person", zh="第二人用户名"),
    "confirmation.password": Text(en="Password of the second person", zh="第二人密码"),
    "confirmation.submit": Text(en="Confirm", zh="确认"),
    "confirmation.by": Text(
        en="Confirmed by {name} until {until}; all that is done is logged with both names.",
        zh="已由 {name} 确认，有效期至 {until}；所有操作均以双方姓名记入日志。",
    ),
    "confirmation.end": Text(en="End the confirmation", zh="结束确认"),
    # Everybody's sessions and tokens
    "entry.title": Text(en="Sessions and tokens", zh="会话与令牌"),
    "entry.sessions": Text(en="Who is signed in", zh="当前登录用户"),
    "entry.tokens": Text(en="Tokens of programs", zh="程序令牌"),
    "entry.none": Text(en="No program has a token.", zh="没有程序令牌。"),
    "entry.end.sure": Text(en="Sign {name} out there?", zh="结束 {name} 的该会话？"),
    "entry.user": Text(en="User", zh="用户"),
    "users.factor": Text(en="Remove the second factor", zh="移除双重验证"),
    "users.factor.sure": Text(
        en="Remove the authenticator app and the passkeys of “{name}”? The password alone then signs in, until a new"
        " second factor is set up.",
        zh="确定移除“{name}”的验证器应用和通行密钥？在重新设置之前，仅凭密码即可登录。",
    ),
    "users.factor.done": Text(en="“{name}” has no second factor any more.", zh="“{name}”已没有双重验证。"),
    "users.link": Text(en="Link for a new password", zh="重置密码链接"),
    "users.link.once": Text(
        en="Hand this address over safely. It serves once, until {until}, and is shown only now.",
        zh="请安全地将此链接交给用户。链接仅可使用一次，有效期至 {until}，且仅此一次显示。",
    ),
    # Trying the directory server
    "ldap.trial": Text(en="Try the directory server", zh="测试目录服务器"),
    "ldap.trial.hint": Text(en="The saved settings are tried.", zh="使用已保存的设置进行测试。"),
    "ldap.trial.name": Text(en="User name", zh="用户名"),
    "ldap.trial.password": Text(en="Password (may stay empty)", zh="密码（可留空）"),
    "ldap.trial.submit": Text(en="Try", zh="测试"),
    "ldap.trial.missing": Text(en="The server knows nobody of this name.", zh="服务器中没有该用户。"),
    "ldap.trial.found": Text(en="Found: {name}, {dn}", zh="已找到：{name}，{dn}"),
    "ldap.trial.right": Text(en="The password is right.", zh="密码正确。"),
    "ldap.trial.wrong": Text(en="The password is wrong.", zh="密码错误。"),
    "ldap.trial.role": Text(en="Becomes: {role}", zh="对应角色：{role}"),
    "ldap.trial.no_role": Text(
        en="No role fits: this person could not sign in.", zh="没有匹配的角色：该用户无法登录。"
    ),
    "ldap.trial.groups": Text(en="Groups: {groups}", zh="群组：{groups}"),
    # The operation log
    "operations.title": Text(en="Operation log", zh="操作日志"),
    "operations.today": Text(en="Today", zh="今天"),
    "operations.week": Text(en="This week", zh="本周"),
    "operations.month": Text(en="This month", zh="本月"),
    "operations.ever": Text(en="Any time", zh="全部时间"),
    "operations.range": Text(en="From – to", zh="起止时间"),
    "operations.no": Text(en="No.", zh="序号"),
    "operations.time": Text(en="Time", zh="操作时间"),
    "operations.user": Text(en="User", zh="用户名"),
    "operations.address": Text(en="Address", zh="IP 地址"),
    "operations.module": Text(en="Module", zh="模块"),
    "operations.operation": Text(en="Operation", zh="操作"),
    "operations.kind": Text(en="Kind", zh="操作类型"),
    "operations.result": Text(en="Result", zh="结果"),
    "operations.parameters": Text(en="Parameters", zh="请求参数"),
    "operations.error": Text(en="Error", zh="错误信息"),
    "operations.text": Text(en="Search parameters and errors", zh="搜索参数与错误信息"),
    "operations.seal": Text(en="Seal", zh="校验值"),
    "operations.details": Text(en="Operation {id}", zh="操作 {id}"),
    "operations.empty": Text(en="Nothing fits these filters.", zh="没有符合条件的记录。"),
    "operations.newer": Text(en="Newest", zh="最新"),
    "operations.older": Text(en="Older", zh="更早"),
    "operations.verify": Text(en="Verify the log", zh="校验日志"),
    "operations.verifying": Text(en="{checked} of {newest} verified…", zh="已校验 {checked} / {newest}…"),
    "operations.intact": Text(
        en="All {newest} rows are as they were written.", zh="全部 {newest} 条记录均完整无改动。"
    ),
    "operations.broken.changed": Text(
        en="Row {id} was changed. Save the log as it is and compare it with a backup.",
        zh="第 {id} 条记录被修改。请立即导出日志留存，并与备份比对。",
    ),
    "operations.broken.removed": Text(
        en="Row {id} was removed. Save the log as it is and compare it with a backup.",
        zh="第 {id} 条记录被删除。请立即导出日志留存，并与备份比对。",
    ),
    "operations.broken.replaced": Text(
        en="Row {id} is not the one that was written: the log was written anew. Save the log as it is and compare it with a backup.",
        zh="第 {id} 条记录与锚点不符：日志被重写。请立即导出日志留存，并与备份比对。",
    ),
    "operations.broken.truncated": Text(
        en="Rows from {id} on are missing at the end. Save the log as it is and compare it with a backup.",
        zh="日志末尾自第 {id} 条起缺失。请立即导出日志留存，并与备份比对。",
    ),
    "operations.excel": Text(en="Excel", zh="Excel"),
    "operations.csv": Text(en="CSV", zh="CSV"),
}
