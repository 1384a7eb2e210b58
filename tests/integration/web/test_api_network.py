"""The network by the API: tried, confirmed and taken back on a machine with a real network program; looks at the network."""

import http.server
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.core.files import Layout
from tests.rigs.broker import Broker
from tests.rigs.daemons import daemons
from tests.rigs.networked_box import NetworkedBox, networked_box
from tests.rigs.patience import until
from tests.rigs.web import Browser, Web

OLD, NEW = "10.5.5.1/24", "10.6.6.1/24"
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")


def settings_of(address: str, **more: object) -> dict:
    return {"ports": [{"name": "enp1", "addressing": {"kind": "fixed", "addresses": [address]}}], **more}


@pytest.fixture
def box_and_web(layout: Layout, free_port: int) -> Iterator[tuple[NetworkedBox, Web]]:
    broker = Broker(layout.run).start()
    with networked_box(layout) as box, Web(layout, free_port) as web:
        yield box, web
    broker.kill()


def tried(admin: Browser, network: dict):
    return admin.put("network", {"revision": admin.get("network").json["revision"], "network": network})


@root_only
def test_settings_are_tried_confirmed_and_kept(box_and_web):
    box, web = box_and_web
    admin = web.administrator()
    assert tried(admin, settings_of(OLD)).status == 202
    assert admin.post("network/trial").status == 200
    answer = tried(admin, settings_of(NEW, host_name="branch-7"))
    assert answer.status == 202, answer
    assert 60 < answer.json["trial"]["left_s"] <= 90
    assert answer.json["trial"]["by"] == "admin"
    assert answer.json["network"]["ports"][0]["addressing"]["addresses"] == [OLD], (
        "not saved before it is confirmed"
    )
    until(lambda: box.addresses("enp1") == {NEW}, what="the new address")
    confirmed = admin.post("network/trial")
    assert confirmed.json["trial"] is None
    assert confirmed.json["network"]["host_name"] == "branch-7"
    assert box.host_name() == "branch-7"
    assert admin.post("network/trial").code == "nothing-tried"
    assert box.addresses("enp1") == {NEW}


@root_only
def test_a_trial_outlives_the_panel_and_is_confirmed_by_the_next_one(box_and_web, layout, free_port):
    box, web = box_and_web
    admin = web.administrator()
    assert tried(admin, settings_of(NEW)).status == 202
    with Web(layout, web.port + 1 if web.port < 65000 else web.port - 1) as second:
        other = second.administrator()
        assert other.get("network").json["trial"]["by"] == "admin"
        assert other.post("network/trial").json["network"]["ports"][0]["name"] == "enp1"
    assert box.addresses("enp1") == {NEW}


@root_only
def test_a_trial_is_taken_back(box_and_web):
    box, web = box_and_web
    admin = web.administrator()
    assert tried(admin, settings_of(OLD)).status == 202
    assert admin.post("network/trial").status == 200
    assert tried(admin, settings_of(NEW)).status == 202
    assert admin.delete("network/trial").json["trial"] is None
    until(lambda: box.addresses("enp1") == {OLD}, what="the old address")


@root_only
def test_other_mirror_ports_restart_the_recorder_alone(box_and_web, layout):
    _, web = box_and_web
    admin = web.administrator()
    both = settings_of(OLD)
    both["ports"].append({"name": "enp2", "role": "mirror"})
    assert tried(admin, both).status == 202
    told = layout.data / "systemctl.log"
    assert not told.exists()
    both["ports"][1]["role"] = "off"
    assert tried(admin, both).status == 202
    until(told.exists, what="the recorder's restart")
    assert told.read_text() == "try-restart tapeline@recorder.service\n"


@pytest.mark.parametrize(
    ("network", "field"),
    [
        ({"ports": [{"name": "enp1", "role": "mirror"}]}, "network.ports"),
        (settings_of("10.0.0.300/24"), "network.ports[0].addressing.addresses"),
        (settings_of("10.0.0.0/24"), "network.ports[0].addressing.addresses"),
        ({"ports": [{"name": "enp1", "addressing": {"kind": "fixed", "addresses": [OLD], "gateways": ["10.9.9.9"]}}]},
         "network.ports[0].addressing.gateways"),
        ({"ports": [{"name": "enp1", "vlan": 5000}]}, "network.ports[0].vlan"),
        ({"ports": [{"name": "a b"}]}, "network.ports[0].name"),
        ({"host_name": "-x"}, "network.host_name"),
        ({"ports": [{"name": "enp1"}], "bonds": [{"name": "bond0", "members": ["enp1"]}]}, "network.ports[0].name"),
        ({"gateway": "10.0.0.1"}, "network.gateway"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(web, network, field):
    answer = tried(web.administrator(), network)
    assert (answer.status, answer.field) == (422, field), answer


def test_an_old_revision_is_told_so(web):
    admin = web.administrator()
    assert admin.put("network", {"revision": 9, "network": {}}).status == 409


def test_a_developers_machine_is_left_alone(web):
    admin = web.administrator()
    with daemons(web.layout) as running:
        assert tried(admin, settings_of(NEW)).code == "no-helper"
        running.start("helper")
        assert tried(admin, settings_of(NEW)).code == "not-here"


def test_the_ports_are_told_as_they_are(web):
    answer = web.administrator().get("network").json
    physical = {one.name for one in Path("/sys/class/net").iterdir() if (one / "device").exists()}
    assert {port["name"] for port in answer["ports"] if port["is_present"]} == physical
    assert answer["asked_from"] == "127.0.0.1"


def test_the_settings_page_cannot_change_the_network_by_the_way(web):
    admin = web.administrator()
    now = admin.get("settings").json
    change = {**now["settings"], "network": {"host_name": "elsewhere"}}
    refused = admin.put("settings", {"revision": now["revision"], "settings": change})
    assert (refused.status, refused.field) == (422, "network")


def ended(admin: Browser, probe: dict) -> dict:
    return until(
        lambda: (found := admin.get(f"probes/{probe['id']}").json)["state"] != "running" and found,
        what="the look",
    )


def looked(admin: Browser, **wish: object) -> dict:
    begun = admin.post("probes", wish)
    assert begun.status == 201, begun
    return ended(admin, begun.json)


def test_a_host_is_pinged_traced_and_a_look_can_be_ended(web):
    admin = web.administrator()
    with daemons(web.layout) as running:
        running.start("helper")
        found = looked(admin, kind="ping", host="127.0.0.1", count=2)
        assert found["state"] == "done"
        assert "2 packets transmitted, 2 received" in found["output"]
        assert "127.0.0.1" in looked(admin, kind="trace", host="127.0.0.1")["output"]
        assert (
            "Name or service not known" in looked(admin, kind="ping", host="no.such.host.invalid")["output"]
        )
        going_on = admin.post("probes", {"kind": "ping", "host": "127.0.0.1", "count": 60}).json
        until(
            lambda: "64 bytes" in admin.get(f"probes/{going_on['id']}").json["output"],
            what="the first answer",
        )
        assert admin.delete(f"probes/{going_on['id']}").status == 204
        assert admin.get(f"probes/{going_on['id']}").status == 404
        until(lambda: "given up" in running.log("helper"), what="the helper to end it")
        assert subprocess.run(["pgrep", "-f", "ping -n -O -c 60"], check=False).returncode == 1


def test_names_and_ports_are_looked_at_in_the_readers_language(web):
    admin = web.administrator()
    assert "127.0.0.1" in looked(admin, kind="lookup", host="localhost")["output"]
    assert "has no address" in looked(admin, kind="lookup", host="no.such.host.invalid")["output"]
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        assert ": open (" in looked(admin, kind="port", host="127.0.0.1", port=server.server_port)["output"]
    finally:
        server.shutdown()
        server.server_close()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        wish = {"kind": "port", "host": "127.0.0.1", "port": taken.getsockname()[1]}
        begun = admin.post("probes?lang=zh", wish).json
        assert "拒绝连接" in ended(admin, begun)["output"]


@pytest.mark.parametrize("host", ["-f", "a b", "$(reboot)", "a;b", "", "/etc/passwd", "a\nb"])
def test_what_is_no_host_begins_no_look(web, host):
    refused = web.administrator().post("probes", {"kind": "ping", "host": host})
    assert (refused.status, refused.field) == (422, "host")


def test_a_look_belongs_to_whoever_began_it(web):
    admin = web.administrator()
    begun = admin.post("probes", {"kind": "lookup", "host": "localhost"}).json
    other = web.viewer(admin, "second", "administrator")
    assert other.get(f"probes/{begun['id']}").status == 404
    assert other.delete(f"probes/{begun['id']}").status == 404
    assert web.viewer(admin).post("probes", {"kind": "lookup", "host": "localhost"}).status == 403


@root_only
def test_packets_of_a_port_are_downloaded_as_a_capture(web):
    admin = web.administrator()
    with daemons(web.layout) as running:
        running.start("helper")
        begun = admin.post("probes", {"kind": "sample", "interface": "lo", "packets": 20, "seconds": 30}).json
        assert admin.get(f"probes/{begun['id']}/file").status == 404
        done = ended(admin, begun)  # the questions themselves pass over loopback
        assert done["state"] == "done", done
        file = admin.get(f"probes/{begun['id']}/file")
        assert file.headers["Content-Type"] == "application/vnd.tcpdump.pcap"
        assert len(file.body) == done["size_bytes"] > 24
        told = subprocess.run(["tcpdump", "-n", "-r", "-"], input=file.body, capture_output=True, check=True)
        assert len(told.stdout.splitlines()) == 20
        missing = looked(admin, kind="sample", interface="nowhere0")
        assert missing["state"] == "failed"
        assert missing["error"]
