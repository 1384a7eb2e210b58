"""Settings of the box's own network: what each port is for, addresses, and who may reach what."""

from enum import StrEnum
from typing import Annotated

import msgspec

from appliance.core.text import Text
from appliance.settings.field import Section, setting


class PortRole(StrEnum):
    """What a network port is for."""

    MANAGEMENT = "management"
    MIRROR = "mirror"
    BOTH = "both"
    OFF = "off"


ROLE_TEXT: dict[PortRole, Text] = {
    PortRole.MANAGEMENT: Text(en="Management", zh="管理"),
    PortRole.MIRROR: Text(en="Mirror", zh="镜像"),
    PortRole.BOTH: Text(en="Management and mirror", zh="管理与镜像"),
    PortRole.OFF: Text(en="Off", zh="停用"),
}

_ADDRESS_PATTERN = r"^[0-9A-Fa-f:.]{2,45}$"
_PREFIX_PATTERN = r"^[0-9A-Fa-f:.]{2,45}/[0-9]{1,3}$"
_NAME_PATTERN = r"^[A-Za-z0-9_.-]{1,15}$"

Prefix = Annotated[str, msgspec.Meta(max_length=49, pattern=_PREFIX_PATTERN)]
Address = Annotated[str, msgspec.Meta(max_length=45, pattern=_ADDRESS_PATTERN)]


class Automatic(Section, frozen=True, kw_only=True, tag_field="kind", tag="automatic"):
    """Addresses by DHCP and router advertisements."""


class Fixed(Section, frozen=True, kw_only=True, tag_field="kind", tag="fixed"):
    """Addresses that are written down."""

    addresses: Annotated[
        list[Prefix],
        setting(
            Text(en="Addresses", zh="地址"),
            help=Text(
                en="With the length of the prefix: 192.168.1.47/24, 2001:db8::47/64.",
                zh="含前缀长度：192.168.1.47/24、2001:db8::47/64。",
            ),
            min_length=1,
            max_length=8,
        ),
    ] = msgspec.field(default_factory=lambda: ["192.168.1.47/24"])
    gateways: Annotated[
        list[Address],
        setting(
            Text(en="Gateways", zh="网关"),
            help=Text(
                en="Way to all other networks, one for IPv4 and one for IPv6; empty = this network only.",
                zh="通往其他网络的网关，IPv4 与 IPv6 各一个；留空则仅限本网络。",
            ),
            max_length=2,
        ),
    ] = msgspec.field(default_factory=list)


Addressing = Automatic | Fixed


class Route(Section, frozen=True, kw_only=True):
    """A way to a further network."""

    to: Annotated[Prefix, setting(Text(en="Network", zh="目标网络"))]
    via: Annotated[Address, setting(Text(en="Gateway", zh="网关"))]


class Port(Section, frozen=True, kw_only=True):
    """One network port, by the name that the system gives it."""

    name: Annotated[str, setting(Text(en="Port", zh="网口"), pattern=_NAME_PATTERN)]
    role: Annotated[
        PortRole,
        setting(
            Text(en="Role", zh="用途"),
            help=Text(
                en="A mirror port has no address and never sends; management is how this panel is reached.",
                zh="镜像口没有地址且从不发送；管理口用于访问本管理界面。",
            ),
        ),
    ] = PortRole.MANAGEMENT
    addressing: Annotated[
        Addressing,
        setting(
            Text(en="Addresses", zh="地址获取方式"),
            help=Text(
                en="Automatic asks the network (DHCP, IPv6 router); a fixed address cannot be moved by anybody else.",
                zh="自动方式向网络获取（DHCP、IPv6 路由器）；固定地址不受他人影响。",
            ),
        ),
    ] = msgspec.field(default_factory=Automatic)
    vlan: Annotated[
        int,
        setting(
            Text(en="VLAN", zh="VLAN"),
            help=Text(
                en="Management in this VLAN of the port; 0 = untagged.",
                zh="在该网口的此 VLAN 内管理；0 表示不带标签。",
            ),
            ge=0,
            le=4094,
        ),
    ] = 0
    routes: Annotated[list[Route], setting(Text(en="Further routes", zh="附加路由"), max_length=32)] = (
        msgspec.field(default_factory=list)
    )


class Network(Section, frozen=True, kw_only=True):
    """The box in the network. A port that is not listed: the first one manages, all others mirror."""

    host_name: Annotated[
        str,
        setting(
            Text(en="Host name", zh="主机名"),
            help=Text(
                en="What the box calls itself towards the network and in mails, letters, digits and hyphens.",
                zh="本机在网络与邮件中使用的名称，由字母、数字和连字符组成。",
            ),
            pattern=r"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$",
        ),
    ] = "tapeline"
    ports: Annotated[
        list[Port],
        setting(
            Text(en="Ports", zh="网口"),
            help=Text(
                en="What each port is for and how it gets its address. Without a line: the first port manages, all others listen.",
                zh="各网口的用途与地址获取方式。未列出时：首个网口用于管理，其余用于镜像。",
            ),
            max_length=32,
        ),
    ] = msgspec.field(default_factory=list)
    dns: Annotated[
        list[Address],
        setting(
            Text(en="DNS servers", zh="DNS 服务器"),
            help=Text(
                en="Servers that translate names, in the order in which they are asked; empty = as DHCP says.",
                zh="域名解析服务器，按顺序查询；留空则使用 DHCP 提供的服务器。",
            ),
            max_length=4,
        ),
    ] = msgspec.field(default_factory=list)
    web_from: Annotated[
        list[Prefix],
        setting(
            Text(en="Admin panel reachable from", zh="允许访问管理界面的网段"),
            help=Text(en="Empty = from everywhere.", zh="留空表示不限制。"),
            max_length=64,
        ),
    ] = msgspec.field(default_factory=list)
    ssh_from: Annotated[
        list[Prefix],
        setting(
            Text(en="Secure shell reachable from", zh="允许 SSH 的网段"),
            help=Text(en="Empty = from nowhere.", zh="留空表示禁止。"),
            max_length=64,
        ),
    ] = msgspec.field(default_factory=list)
    snmp_from: Annotated[
        list[Prefix],
        setting(
            Text(en="SNMP reachable from", zh="允许 SNMP 的网段"),
            help=Text(en="Empty = from nowhere.", zh="留空表示禁止。"),
            max_length=64,
        ),
    ] = msgspec.field(default_factory=list)
