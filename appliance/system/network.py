"""From the settings of the network to what systemd-networkd and the packet filter are given.

Pure: `plan` says what each port becomes, `networkd_files` and `ruleset` put that into the words of the two programs.
Nothing is ever sent on a mirror port: it has no address, asks no neighbours, and the filter drops what would leave.
"""

import ipaddress
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from appliance.settings.network import MANAGES, Automatic, Bond, Bonding, Network, Port, PortRole, check

PHYSICAL = Path("/sys/class/net")
_MIRRORS = frozenset({PortRole.MIRROR, PortRole.BOTH})


class PortPlan(NamedTuple):
    """What one port of the machine becomes. `managing` is the name under which management happens there."""

    name: str
    role: PortRole
    managing: str
    port: Port


def physical_ports(root: Path = PHYSICAL) -> list[str]:
    """The machine's network ports in the order of its buses, virtual ones left out."""
    found = [
        (str((path / "device").resolve()), path.name) for path in root.iterdir() if (path / "device").exists()
    ]
    return [name for _, name in sorted(found)]


def plan(network: Network, found: Sequence[str]) -> list[PortPlan]:
    """What every port that was found becomes; a port that the settings do not name is the first's manager or a mirror.

    Raises: Invalid when an address is none, a port stands twice, or nothing would be left for management
    """
    check(network)
    named = {port.name: port for port in network.ports}
    present = _joined(network, found)
    has_manager = any(named[name].role in MANAGES for name in present if name in named)
    plans: list[PortPlan] = []
    for name in present:
        port = named.get(name)
        if port is None:
            role = PortRole.MIRROR if has_manager else PortRole.MANAGEMENT
            port = Port(name=name, role=role)
            has_manager = True
        managing = ""
        if port.role in MANAGES:
            managing = f"{name}.{port.vlan}" if port.vlan else name
        plans.append(PortPlan(name, port.role, managing, port))
    return plans


def _joined(network: Network, found: Sequence[str]) -> list[str]:
    """The ports that are there, joined ones in the place of their first member."""
    bond_of = {member: bond.name for bond in network.bonds for member in bond.members}
    return list(dict.fromkeys(bond_of.get(name, name) for name in found))


def mirror_ports(plans: Sequence[PortPlan]) -> list[str]:
    """The ports whose traffic is recorded."""
    return [one.name for one in plans if one.role in _MIRRORS]


def networkd_files(network: Network, plans: Sequence[PortPlan]) -> dict[str, str]:
    """File name → content, for /run/systemd/network.

    Source: systemd.network(5), systemd.netdev(5)
    """
    files: dict[str, str] = {}
    present = {one.name for one in plans}
    for bond in network.bonds:
        if bond.name in present:
            files |= _bond_files(bond)
    for one in plans:
        if one.role is PortRole.OFF:
            files[f"20-{one.name}.network"] = _file(
                {
                    "Match": [("Name", one.name)],
                    "Link": [("ActivationPolicy", "always-down"), ("RequiredForOnline", "no")],
                }
            )
            continue
        if not one.managing:
            files[f"20-{one.name}.network"] = _file({"Match": [("Name", one.name)], **_silent()})
            continue
        link = [("Promiscuous", "yes")] if one.role is PortRole.BOTH else []
        if one.managing == one.name:
            files[f"20-{one.name}.network"] = _file(
                {"Match": [("Name", one.name)], "Link": link, **_addresses(network, one.port)}
            )
            continue
        files[f"20-{one.name}.network"] = _file(
            {
                "Match": [("Name", one.name)],
                **_silent(),
                "Link": link,
                "Network": [*_silent()["Network"], ("VLAN", one.managing)],
            }
        )
        files[f"15-{one.managing}.netdev"] = _file(
            {"NetDev": [("Name", one.managing), ("Kind", "vlan")], "VLAN": [("Id", str(one.port.vlan))]}
        )
        files[f"20-{one.managing}.network"] = _file(
            {"Match": [("Name", one.managing)], **_addresses(network, one.port)}
        )
    return files


def _bond_files(bond: Bond) -> dict[str, str]:
    ways = [("Mode", bond.bonding.value), ("MIIMonitorSec", "100ms")]
    if bond.bonding is Bonding.LACP:
        ways += [("TransmitHashPolicy", "layer3+4"), ("LACPTransmitRate", "fast")]
    files = {
        f"15-{bond.name}.netdev": _file({"NetDev": [("Name", bond.name), ("Kind", "bond")], "Bond": ways})
    }
    for member in bond.members:
        silent = _silent()
        files[f"10-{member}.network"] = _file(
            {
                "Match": [("Name", member)],
                "Link": [("RequiredForOnline", "no")],
                "Network": [*silent["Network"], ("Bond", bond.name)],
            }
        )
    return files


def ruleset(network: Network, plans: Sequence[PortPlan]) -> dict[str, Any]:
    """The packet filter as nftables' JSON: what is not named here does not come in, and leaves by no mirror port.

    Source: libnftables-json(5)
    """
    table = {"family": "inet", "name": "tapeline"}
    managing = [one.managing for one in plans if one.managing]
    chains = [
        {"chain": {**_in(table), "name": name, "type": "filter", "hook": name, "prio": 0, "policy": policy}}
        for name, policy in (("input", "drop"), ("forward", "drop"), ("output", "drop"))
    ]
    rules = [
        _rule(table, "input", _is("iifname", ["lo"]), _ACCEPT),
        _rule(table, "input", _is_not("iifname", managing), _DROP),
        _rule(table, "input", _state(["established", "related"]), _ACCEPT),
        _rule(table, "input", _state(["invalid"]), _DROP),
        _rule(
            table,
            "input",
            _protocol(["icmp", "ipv6-icmp"]),
            {"limit": {"rate": 50, "per": "second", "burst": 20}},
            _ACCEPT,
        ),
        _rule(table, "input", _ports("udp", [68, 546]), _ACCEPT),
    ]
    doors: tuple[tuple[str, list[int], list[str], bool], ...] = (
        ("tcp", [80, 443], network.web_from, True),
        ("tcp", [22], network.ssh_from, False),
        ("udp", [161], network.snmp_from, False),
    )
    for protocol, ports, sources, open_to_all in doors:
        if sources:
            for family, field in ((4, "ip"), (6, "ip6")):
                wanted = [
                    value for value in sources if ipaddress.ip_network(value, strict=False).version == family
                ]
                if wanted:
                    rules.append(
                        _rule(table, "input", _from(field, wanted), _ports(protocol, ports), _ACCEPT)
                    )
        elif open_to_all:
            rules.append(_rule(table, "input", _ports(protocol, ports), _ACCEPT))
    rules.append(_rule(table, "output", _is("oifname", ["lo", *managing]), _ACCEPT))
    commands = [{"add": {"table": table}}, {"flush": {"table": table}}]
    return {"nftables": [*commands, *({"add": one} for one in (*chains, *rules))]}


_ACCEPT: dict[str, Any] = {"accept": None}
_DROP: dict[str, Any] = {"drop": None}


def _in(table: dict[str, str]) -> dict[str, str]:
    return {"family": table["family"], "table": table["name"]}


def _rule(table: dict[str, str], chain: str, *expression: dict[str, Any]) -> dict[str, Any]:
    return {"rule": {**_in(table), "chain": chain, "expr": list(expression)}}


def _match(left: dict[str, Any], right: object, operator: str = "==") -> dict[str, Any]:
    return {"match": {"op": operator, "left": left, "right": right}}


def _is(key: str, names: Sequence[str]) -> dict[str, Any]:
    return _match({"meta": {"key": key}}, {"set": list(names)})


def _is_not(key: str, names: Sequence[str]) -> dict[str, Any]:
    return _match({"meta": {"key": key}}, {"set": list(names) or ["lo"]}, "!=")


def _state(states: list[str]) -> dict[str, Any]:
    return _match({"ct": {"key": "state"}}, states, "in")


def _protocol(names: list[str]) -> dict[str, Any]:
    return _match({"meta": {"key": "l4proto"}}, {"set": names})


def _ports(protocol: str, ports: list[int]) -> dict[str, Any]:
    return _match({"payload": {"protocol": protocol, "field": "dport"}}, {"set": list(ports)})


def _from(protocol: str, prefixes: Sequence[str]) -> dict[str, Any]:
    networks = [ipaddress.ip_network(value, strict=False) for value in prefixes]
    right = {
        "set": [{"prefix": {"addr": str(one.network_address), "len": one.prefixlen}} for one in networks]
    }
    return _match({"payload": {"protocol": protocol, "field": "saddr"}}, right)


def _silent() -> dict[str, list[tuple[str, str]]]:
    """A port that only listens."""
    return {
        "Link": [("ARP", "no"), ("Multicast", "no"), ("Promiscuous", "yes"), ("RequiredForOnline", "no")],
        "Network": [
            ("DHCP", "no"),
            ("LinkLocalAddressing", "no"),
            ("LLMNR", "no"),
            ("MulticastDNS", "no"),
            ("IPv6AcceptRA", "no"),
            ("LLDP", "no"),
            ("EmitLLDP", "no"),
        ],
    }


def _addresses(network: Network, port: Port) -> dict[str, list[tuple[str, str]]]:
    lines: list[tuple[str, str]] = [("LLMNR", "no"), ("MulticastDNS", "no")]
    if isinstance(port.addressing, Automatic):
        lines += [("DHCP", "yes"), ("IPv6AcceptRA", "yes")]
    else:
        lines += [("DHCP", "no"), ("IPv6AcceptRA", "yes" if port.addressing.ipv6_automatic else "no")]
        lines += [("Address", value) for value in port.addressing.addresses]
        lines += [("Gateway", value) for value in port.addressing.gateways]
    lines += [("DNS", value) for value in network.dns]
    sections = {"Network": lines}
    for index, route in enumerate(port.routes):
        sections[f"Route#{index}"] = [("Destination", route.to), ("Gateway", route.via)]
    return sections


def _file(sections: dict[str, list[tuple[str, str]]]) -> str:
    """`#` after a section's name only keeps equal names apart."""
    parts = []
    for name, lines in sections.items():
        if lines:
            parts.append(
                f"[{name.partition('#')[0]}]\n" + "".join(f"{key}={value}\n" for key, value in lines)
            )
    return "\n".join(parts)
