import json
import os
import subprocess

import msgspec
import pytest

from appliance.core.errors import Invalid
from appliance.settings.network import Fixed, Network, Port, PortRole, Route
from appliance.system.network import check, mirror_ports, networkd_files, physical_ports, plan, ruleset

FOUND = ("enp1s0", "enp2s0", "enp3s0")


def network(**changes):
    return msgspec.convert(msgspec.to_builtins(Network(**changes)), Network)


def test_without_settings_the_first_port_manages_and_all_others_mirror():
    plans = plan(network(), FOUND)
    assert [one.role for one in plans] == [PortRole.MANAGEMENT, PortRole.MIRROR, PortRole.MIRROR]
    assert mirror_ports(plans) == ["enp2s0", "enp3s0"]


def test_a_port_that_was_named_manager_frees_the_first_one():
    plans = plan(network(ports=[Port(name="enp3s0")]), FOUND)
    assert [one.role for one in plans] == [PortRole.MIRROR, PortRole.MIRROR, PortRole.MANAGEMENT]


def test_when_the_named_manager_is_gone_another_port_manages():
    plans = plan(network(ports=[Port(name="usb0")]), FOUND)
    assert plans[0].role is PortRole.MANAGEMENT


def test_a_mirror_port_has_no_address_and_says_nothing():
    files = networkd_files(network(), plan(network(), FOUND))
    text = files["20-enp2s0.network"]
    for line in (
        "DHCP=no",
        "LinkLocalAddressing=no",
        "IPv6AcceptRA=no",
        "LLMNR=no",
        "EmitLLDP=no",
        "ARP=no",
        "Promiscuous=yes",
    ):
        assert line in text.splitlines()
    assert "Address=" not in text


def test_fixed_addresses_gateways_routes_and_servers_are_written_down():
    port = Port(
        name="enp1s0",
        addressing=Fixed(addresses=["10.0.0.5/24", "2001:db8::5/64"], gateways=["10.0.0.1"]),
        routes=[Route(to="10.9.0.0/16", via="10.0.0.2")],
    )
    settings = network(ports=[port], dns=["10.0.0.53"])
    text = networkd_files(settings, plan(settings, FOUND))["20-enp1s0.network"]
    assert "Address=10.0.0.5/24\nAddress=2001:db8::5/64\nGateway=10.0.0.1\nDNS=10.0.0.53\n" in text
    assert "[Route]\nDestination=10.9.0.0/16\nGateway=10.0.0.2\n" in text


def test_management_in_a_vlan_leaves_the_port_itself_silent():
    settings = network(ports=[Port(name="enp1s0", vlan=30, role=PortRole.BOTH)])
    files = networkd_files(settings, plan(settings, FOUND))
    assert "VLAN=enp1s0.30" in files["20-enp1s0.network"]
    assert "LinkLocalAddressing=no" in files["20-enp1s0.network"]
    assert "Id=30" in files["15-enp1s0.30.netdev"]
    assert "DHCP=yes" in files["20-enp1s0.30.network"]
    assert mirror_ports(plan(settings, FOUND)) == list(FOUND)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        (Network(ports=[Port(name="enp1s0", role=PortRole.MIRROR)]), "network.ports"),
        (Network(ports=[Port(name="a"), Port(name="a")]), "network.ports[1].name"),
        (
            Network(ports=[Port(name="a", addressing=Fixed(addresses=["10.0.0.300/24"]))]),
            "network.ports[0].addressing.addresses",
        ),
        (Network(web_from=["10.0.0.0/40"]), "network.web_from"),
        (Network(dns=["1.2.3"]), "network.dns"),
    ],
)
def test_what_would_cut_the_box_off_is_refused_with_its_field(settings, field):
    with pytest.raises(Invalid) as refused:
        check(settings)
    assert refused.value.facts["field"] == field


def rules(settings):
    content = ruleset(settings, plan(settings, FOUND))
    return [one["add"]["rule"] for one in content["nftables"] if "rule" in one.get("add", {})]


def test_nothing_comes_in_by_a_mirror_port_and_nothing_leaves_by_it():
    content = ruleset(network(), plan(network(), FOUND))
    policies = {
        one["add"]["chain"]["name"]: one["add"]["chain"]["policy"]
        for one in content["nftables"]
        if "chain" in one.get("add", {})
    }
    assert policies == {"input": "drop", "forward": "drop", "output": "drop"}
    incoming = [rule for rule in rules(network()) if rule["chain"] == "input"]
    assert incoming[1]["expr"] == [
        {"match": {"op": "!=", "left": {"meta": {"key": "iifname"}}, "right": {"set": ["enp1s0"]}}},
        {"drop": None},
    ]
    (leaving,) = [rule for rule in rules(network()) if rule["chain"] == "output"]
    assert leaving["expr"][0]["match"]["right"] == {"set": ["lo", "enp1s0"]}


def doors(settings):
    found = []
    for rule in rules(settings):
        ports = [
            one["match"]["right"]["set"]
            for one in rule["expr"]
            if one.get("match", {}).get("left", {}).get("payload", {}).get("field") == "dport"
        ]
        sources = [
            one["match"]["right"]["set"]
            for one in rule["expr"]
            if one.get("match", {}).get("left", {}).get("payload", {}).get("field") == "saddr"
        ]
        if ports:
            found.append((tuple(ports[0]), len(sources)))
    return found


def test_the_panel_is_open_and_the_shell_and_snmp_are_shut_until_somebody_opens_them():
    assert doors(network()) == [((68, 546), 0), ((80, 443), 0)]
    opened = network(
        web_from=["10.0.0.0/8", "2001:db8::/32"], ssh_from=["10.1.0.0/16"], snmp_from=["10.2.0.9/32"]
    )
    assert doors(opened) == [((68, 546), 0), ((80, 443), 1), ((80, 443), 1), ((22,), 1), ((161,), 1)]


@pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")
def test_the_packet_filter_itself_understands_the_rules():
    settings = network(web_from=["10.0.0.0/8", "2001:db8::/32"], ssh_from=["10.1.0.0/16"])
    content = json.dumps(ruleset(settings, plan(settings, FOUND)))
    told = subprocess.run(
        ["unshare", "-n", "nft", "-j", "-f", "-"], input=content, text=True, capture_output=True, check=False
    )
    assert (told.returncode, told.stderr) == (0, "")


def test_ports_are_found_in_the_order_of_the_buses_without_virtual_ones(tmp_path):
    for name, bus in (("enp2s0", "pci0/02"), ("enp1s0", "pci0/01"), ("lo", ""), ("br0", "")):
        (tmp_path / "net" / name).mkdir(parents=True)
        if bus:
            (tmp_path / "devices" / bus).mkdir(parents=True)
            (tmp_path / "net" / name / "device").symlink_to(tmp_path / "devices" / bus)
    assert physical_ports(tmp_path / "net") == ["enp1s0", "enp2s0"]
