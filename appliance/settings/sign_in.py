"""Settings of signing in: what a password must be, second factors, tokens, and a directory server of people."""

from enum import StrEnum
from typing import Annotated, NamedTuple

import msgspec

from appliance.core.text import Text
from appliance.settings.field import Section, setting

_RELOAD = "webadmin"


class SecondFactor(StrEnum):
    """Who must have a second factor."""

    NOBODY = "nobody"
    ADMINISTRATORS = "administrators"
    EVERYONE = "everyone"


SECOND_FACTOR_TEXT: dict[SecondFactor, Text] = {
    SecondFactor.NOBODY: Text(en="Whoever wants to", zh="自愿"),
    SecondFactor.ADMINISTRATORS: Text(
        en="Everybody who may change settings or users", zh="有权修改设置或用户的人员"
    ),
    SecondFactor.EVERYONE: Text(en="Everybody", zh="所有人"),
}


class Security(StrEnum):
    """How the connection to the directory server is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


SECURITY_TEXT: dict[Security, Text] = {
    Security.TLS: Text(en="TLS (ldaps)", zh="TLS (ldaps)"),
    Security.STARTTLS: Text(en="StartTLS", zh="StartTLS"),
    Security.NONE: Text(en="None: passwords travel in clear", zh="无（密码明文传输）"),
}


class GroupRole(NamedTuple):
    """What members of a group of the directory become; `department` is a path with /, '' for all calls."""

    group: str
    role: str
    department: str


def group_role(line: str) -> GroupRole:
    """One line of the settings: `group's distinguished name -> role`, or `… -> role: department/below`."""
    group, _, given = line.partition("->")
    role, _, department = given.partition(":")
    return GroupRole(group.strip(), role.strip(), department.strip())


class Ldap(Section, frozen=True, kw_only=True):
    """Signing in with the password of an LDAP server or Active Directory."""

    enabled: Annotated[
        bool,
        setting(
            Text(en="Ask a directory server", zh="启用目录服务器登录"),
            help=Text(
                en="Try it below with somebody's name before telling everybody.",
                zh="正式启用前，请在下方以某人的账号测试。",
            ),
            reload=_RELOAD,
        ),
    ] = False
    server: Annotated[
        str,
        setting(
            Text(en="Server", zh="服务器"),
            help=Text(en="Name or address, without ldap://", zh="主机名或地址，不含 ldap://"),
            max_length=255,
            pattern=r"^[A-Za-z0-9._:\[\]-]*$",
            reload=_RELOAD,
        ),
    ] = ""
    port: Annotated[
        int,
        setting(
            Text(en="Port", zh="端口"),
            help=Text(
                en="0 = the usual one (636 with TLS, else 389)", zh="0 = 默认端口（TLS 为 636，其他为 389）"
            ),
            ge=0,
            le=65535,
            reload=_RELOAD,
        ),
    ] = 0
    security: Annotated[
        Security,
        setting(
            Text(en="Protection", zh="加密方式"),
            help=Text(
                en="Without it passwords can be read by anybody on the way; StartTLS protects on the plain port.",
                zh="不加密时途中任何人均可读取密码；StartTLS 在普通端口上加密。",
            ),
            reload=_RELOAD,
        ),
    ] = Security.TLS
    ca_certificate: Annotated[
        str,
        setting(
            Text(en="Certificate authority", zh="CA 证书"),
            help=Text(
                en="PEM; empty = those that the system trusts.", zh="PEM 格式；留空则使用系统信任的 CA。"
            ),
            max_length=65536,
            reload=_RELOAD,
        ),
    ] = ""
    bind_dn: Annotated[
        str,
        setting(
            Text(en="Search as", zh="查询账号 DN"),
            help=Text(
                en="Distinguished name of an account that may search; empty = without an account.",
                zh="有查询权限的账号 DN；留空表示匿名查询。",
            ),
            max_length=500,
            reload=_RELOAD,
        ),
    ] = ""
    bind_password: Annotated[
        str,
        setting(
            Text(en="Its password", zh="查询账号密码"),
            help=Text(
                en="Of the account that searches; kept apart from the other settings and never shown.",
                zh="查询账号的密码；单独保存，永不显示。",
            ),
            max_length=256,
            secret=True,
            reload=_RELOAD,
        ),
    ] = ""
    base: Annotated[
        str,
        setting(
            Text(en="Where people are", zh="用户所在位置"),
            help=Text(en="As in ou=people,dc=example,dc=com", zh="例如 ou=people,dc=example,dc=com"),
            max_length=500,
            reload=_RELOAD,
        ),
    ] = ""
    user_filter: Annotated[
        str,
        setting(
            Text(en="Who is meant by a name", zh="用户查询条件"),
            help=Text(
                en="{name} is what was typed; for Active Directory (sAMAccountName={name}).",
                zh="{name} 为输入的用户名；Active Directory 请使用 (sAMAccountName={name})。",
            ),
            max_length=500,
            pattern=r"\{name\}",
            reload=_RELOAD,
        ),
    ] = "(&(objectClass=person)(uid={name}))"
    name_attribute: Annotated[
        str,
        setting(
            Text(en="Attribute of the full name", zh="姓名属性"),
            help=Text(
                en="Shown in the list of users and in the operation log; displayName is common in Active Directory.",
                zh="显示于用户列表与操作日志；Active Directory 常用 displayName。",
            ),
            pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$",
            reload=_RELOAD,
        ),
    ] = "cn"
    group_attribute: Annotated[
        str,
        setting(
            Text(en="Attribute of the groups", zh="群组属性"),
            help=Text(
                en="Where a person's entry names the groups; nearly everywhere memberOf.",
                zh="用户条目中列出所属群组的属性；通常为 memberOf。",
            ),
            pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$",
            reload=_RELOAD,
        ),
    ] = "memberOf"
    provision: Annotated[
        bool,
        setting(
            Text(en="Create users at their first sign-in", zh="首次登录时自动创建用户"),
            help=Text(
                en="Only those for whom a group below, or the role for others, fits.",
                zh="仅限匹配下列群组或默认角色的人员。",
            ),
            reload=_RELOAD,
        ),
    ] = True
    groups: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=600, pattern=r"^[^>]+->\s*[^\s:][^\x00-\x1f]*$")]],
        setting(
            Text(en="What groups become", zh="群组与角色对应"),
            help=Text(
                en="As in cn=recorders,ou=groups,dc=example,dc=com -> Viewer, or … -> Viewer: Sales/North"
                " to see the calls of a department only. The first line that fits counts.",
                zh="例如 cn=recorders,ou=groups,dc=example,dc=com -> Viewer；或 … -> Viewer: 销售部/华北，"
                "仅可查看该部门的通话。以首个匹配的行为准。",
            ),
            max_length=100,
            reload=_RELOAD,
        ),
    ] = []
    role: Annotated[
        str,
        setting(
            Text(en="Role for all others", zh="其他人员的角色"),
            help=Text(
                en="Empty = only members of the groups above may sign in.",
                zh="留空表示仅上列群组成员可登录。",
            ),
            max_length=64,
            reload=_RELOAD,
        ),
    ] = ""
    timeout_s: Annotated[
        int,
        setting(
            Text(en="Longest wait", zh="最长等待时间"),
            help=Text(
                en="A server that does not answer in time is an error at the sign-in, not a wrong password.",
                zh="服务器超时未应答时提示服务器故障，而非密码错误。",
            ),
            unit="s",
            ge=1,
            le=30,
            reload=_RELOAD,
        ),
    ] = 5


class SignIn(Section, frozen=True, kw_only=True):
    """How people prove who they are."""

    password_kinds: Annotated[
        int,
        setting(
            Text(en="Kinds of characters in a password", zh="密码字符种类"),
            help=Text(
                en="Of capital letters, small letters, digits and others; length protects better.",
                zh="大写字母、小写字母、数字、其他字符中至少包含几种；长度更为重要。",
            ),
            ge=1,
            le=4,
            reload=_RELOAD,
        ),
    ] = 1
    refuse_guessable: Annotated[
        bool,
        setting(
            Text(en="Refuse passwords that are easy to guess", zh="禁止使用容易猜到的密码"),
            help=Text(
                en="Common words, rows of the keyboard, years, repetitions and the person's own name.",
                zh="常见单词、键盘序列、年份、重复字符以及用户本人的名字。",
            ),
            reload=_RELOAD,
        ),
    ] = True
    password_history: Annotated[
        int,
        setting(
            Text(en="Earlier passwords that may not come back", zh="不可重复使用的历史密码数"),
            help=Text(
                en="So that a forced change is one. 0 = the old password may be taken again at once.",
                zh="避免更换密码流于形式。0 表示可立即重复使用旧密码。",
            ),
            ge=0,
            le=24,
            reload=_RELOAD,
        ),
    ] = 3
    password_age_d: Annotated[
        int,
        setting(
            Text(en="Passwords must be changed after", zh="密码有效期"),
            help=Text(
                en="0 = never, as is advised today: people who must change often choose worse ones.",
                zh="0 = 永久有效（目前推荐）：频繁更换会使人选择更差的密码。",
            ),
            unit="d",
            ge=0,
            le=3650,
            reload=_RELOAD,
        ),
    ] = 0
    lockout_after: Annotated[
        int,
        setting(
            Text(en="Lock a name after so many wrong passwords", zh="密码连续错误多少次后锁定"),
            help=Text(
                en="0 = never lock, only slow down: a lock lets strangers shut people out.",
                zh="0 = 不锁定，仅延迟：锁定可能被他人用来阻止正常用户登录。",
            ),
            ge=0,
            le=100,
            reload=_RELOAD,
        ),
    ] = 0
    lockout_min: Annotated[
        int,
        setting(
            Text(en="A lock lasts", zh="锁定时长"),
            help=Text(
                en="Afterwards the name is free by itself; a link for a new password frees it at once.",
                zh="到期后自动解锁；使用重置密码链接可立即解锁。",
            ),
            unit="min",
            ge=1,
            le=1440,
            reload=_RELOAD,
        ),
    ] = 15
    second_factor: Annotated[
        SecondFactor,
        setting(
            Text(en="Who must have a second factor", zh="必须启用双重验证的人员"),
            help=Text(
                en="An authenticator app or a passkey. Whoever has none sets one up at the next sign-in.",
                zh="验证器应用或通行密钥。尚未设置者将在下次登录时设置。",
            ),
            reload=_RELOAD,
        ),
    ] = SecondFactor.NOBODY
    confirmation_h: Annotated[
        int,
        setting(
            Text(en="A second person's confirmation lasts", zh="第二人确认有效期"),
            help=Text(
                en="For roles that need a second person; it also ends with the session in which it was given.",
                zh="适用于需第二人确认的角色；登录会话结束时，确认随之失效。",
            ),
            unit="h",
            ge=1,
            le=24,
            reload=_RELOAD,
        ),
    ] = 8
    reset_link_h: Annotated[
        int,
        setting(
            Text(en="A link for a new password lasts", zh="重置密码链接有效期"),
            help=Text(
                en="An administrator hands the link over; it works once, and a newer one ends it.",
                zh="链接由管理员转交，仅可使用一次；生成新链接后旧链接失效。",
            ),
            unit="h",
            ge=1,
            le=168,
            reload=_RELOAD,
        ),
    ] = 24
    token_longest_d: Annotated[
        int,
        setting(
            Text(en="API tokens last at most", zh="API 令牌最长有效期"),
            help=Text(
                en="Whoever makes a token chooses its end up to this. Programs with an ended token are refused.",
                zh="创建令牌时可选择的最长有效期；令牌过期后程序将被拒绝。",
            ),
            unit="d",
            ge=1,
            le=3650,
            reload=_RELOAD,
        ),
    ] = 365
    ldap: Annotated[
        Ldap,
        setting(
            Text(en="Directory server", zh="目录服务器"),
            help=Text(
                en="People sign in with the password of their desk; those of the recorder itself can always sign in, too.",
                zh="人员使用办公账号密码登录；本机用户始终可以登录。",
            ),
        ),
    ] = msgspec.field(default_factory=Ldap)
