"""Settings of the box's own network: what each port is for, addresses, and who may reach what."""

import ipaddress
from enum import StrEnum
from typing import Annotated

import msgspec

from appliance.core.errors import Invalid
from appliance.core.text import Text
from appliance.settings.field import Section, setting


class PortRole(StrEnum):
    """What a network port is for."""

    MANAGEMENT = "management"
    MIRROR = "mirror"
    BOTH = "both"
    OFF = "off"


MANAGES = frozenset({PortRole.MANAGEMENT, PortRole.BOTH})

ROLE_TEXT: dict[PortRole, Text] = {
    PortRole.MANAGEMENT: Text(en="Management", zh="管理"),
    PortRole.MIRROR: Text(en="Mirror", zh="镜像"),
    PortRole.BOTH: Text(en="Management and mirror", zh="管理与镜像"),
    PortRole.OFF: Text(en="Off", zh="停用"),
}


class Bonding(StrEnum):
    """How ports that are joined share the work."""

    ACTIVE_BACKUP = "active-backup"
    LACP = "802.3ad"


BONDING_TEXT: dict[Bonding, Text] = {
    Bonding.ACTIVE_BACKUP: Text(en="One at a time, the others stand by", zh="主备（一个工作，其余备用）"),
    Bonding.LACP: Text(en="All at once (LACP, 802.3ad)", zh="链路聚合（LACP，802.3ad）"),
}
ADDRESSING_TEXT: dict[str, Text] = {
    "automatic": Text(en="Automatic (DHCP)", zh="自动获取（DHCP）"),
    "fixed": Text(en="Fixed", zh="手动设置"),
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
    ipv6_automatic: Annotated[
        bool, setting(Text(en="IPv6 also by router advertisements", zh="IPv6 同时通过路由器通告获取"))
    ] = False


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


class Bond(Section, frozen=True, kw_only=True):
    """Several ports joined into one, which then stands among the ports under its own name."""

    name: Annotated[str, setting(Text(en="Name", zh="名称"), pattern=r"^bond[0-9]{1,2}$")]
    members: Annotated[
        list[Annotated[str, msgspec.Meta(pattern=_NAME_PATTERN)]],
        setting(Text(en="Ports", zh="网口"), min_length=1, max_length=8),
    ]
    bonding: Annotated[Bonding, setting(Text(en="Way of joining", zh="绑定方式"))] = Bonding.ACTIVE_BACKUP


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
    bonds: Annotated[
        list[Bond],
        setting(
            Text(en="Joined ports", zh="网口绑定"),
            help=Text(
                en="Several cables to the same switch that count as one: when one is pulled, another goes on.",
                zh="多根网线接到同一交换机并作为一个网口使用：其中一根断开时，其余继续工作。",
            ),
            max_length=8,
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


_BAD_ADDRESS = Text(en="{value} is no address of a network", zh="{value} 不是有效的网络地址")
_NO_MANAGEMENT = Text(
    en="no port would be left for management; the box could not be reached any more",
    zh="没有网口用于管理，设备将无法访问",
)
_IN_A_BOND = Text(
    en="port {value} is joined with others; what it is for stands with the joined port",
    zh="网口 {value} 已加入绑定，请在绑定网口上设置用途",
)
_NOT_NEAR = Text(
    en="gateway {value} lies in none of this port's networks", zh="网关 {value} 不在该网口的任何网段内"
)
_UNUSABLE = Text(en="{value} cannot be the address of a port", zh="{value} 不能用作网口地址")
_TWICE_ADDRESS = Text(en="address {value} stands twice", zh="地址 {value} 重复")
_TWICE = Text(en="port {value} stands twice", zh="网口 {value} 重复")


def check(network: Network) -> None:
    """Refuse what no network could be made of.

    Raises: Invalid, its field being the path as in `network.ports[0].addressing`
    """
    seen: set[str] = set()
    members = _check_bonds(network)
    addresses: set[str] = set()
    for index, port in enumerate(network.ports):
        where = f"network.ports[{index}]"
        if port.name in members:
            raise Invalid(field=f"{where}.name", problem=_IN_A_BOND, value=port.name)
        if port.name in seen:
            raise Invalid(field=f"{where}.name", problem=_TWICE, value=port.name)
        seen.add(port.name)
        _check_port(port, where, addresses)
    if network.ports and not any(port.role in MANAGES for port in network.ports):
        raise Invalid(field="network.ports", problem=_NO_MANAGEMENT)
    for value in network.dns:
        _address(value, "network.dns")
    for field in ("web_from", "ssh_from", "snmp_from"):
        for value in getattr(network, field):
            _network(value, f"network.{field}")


def _check_bonds(network: Network) -> set[str]:
    """Every port that is joined with others."""
    members: set[str] = set()
    names: set[str] = set()
    for index, bond in enumerate(network.bonds):
        where = f"network.bonds[{index}]"
        if bond.name in names:
            raise Invalid(field=f"{where}.name", problem=_TWICE, value=bond.name)
        names.add(bond.name)
        for member in bond.members:
            if member in members:
                raise Invalid(field=f"{where}.members", problem=_TWICE, value=member)
            members.add(member)
    return members


def _check_port(port: Port, where: str, addresses: set[str]) -> None:
    """`addresses` are those of the ports before, to which this one's are added."""
    if isinstance(port.addressing, Fixed):
        near = []
        for value in port.addressing.addresses:
            field = f"{where}.addressing.addresses"
            given = _interface(value, field)
            near.append(given.network)
            if str(given.ip) in addresses:
                raise Invalid(field=field, problem=_TWICE_ADDRESS, value=value)
            addresses.add(str(given.ip))
        for value in port.addressing.gateways:
            field = f"{where}.addressing.gateways"
            gateway = ipaddress.ip_address(_address(value, field))
            if not gateway.is_link_local and not any(gateway in one for one in near):
                raise Invalid(field=field, problem=_NOT_NEAR, value=value)
    for route in port.routes:
        _network(route.to, f"{where}.routes")
        _address(route.via, f"{where}.routes")


def _interface(value: str, field: str) -> ipaddress.IPv4Interface | ipaddress.IPv6Interface:
    try:
        given = ipaddress.ip_interface(value)
    except ValueError as error:
        raise Invalid(field=field, problem=_BAD_ADDRESS, value=value) from error
    address, network = given.ip, given.network
    is_edge = (
        address.version == 4
        and network.num_addresses > 2
        and address in (network.network_address, network.broadcast_address)
    )
    if address.is_multicast or address.is_loopback or address.is_unspecified or is_edge:
        raise Invalid(field=field, problem=_UNUSABLE, value=value)
    return given


def _network(value: str, field: str) -> None:
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError as error:
        raise Invalid(field=field, problem=_BAD_ADDRESS, value=value) from error


def _address(value: str, field: str) -> str:
    try:
        ipaddress.ip_address(value)
    except ValueError as error:
        raise Invalid(field=field, problem=_BAD_ADDRESS, value=value) from error
    return value
