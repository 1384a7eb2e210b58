"""Network settings tried on a machine with a real network program: confirmed, or gone by themselves whatever dies."""

import asyncio
import os
from collections.abc import Iterator

import msgspec
import pytest

from appliance.core.errors import Invalid
from appliance.core.files import Layout
from appliance.settings import storage
from appliance.settings.network import Network
from appliance.system import door
from appliance.system.privileged import network
from tests.rigs.networked_box import NetworkedBox, networked_box
from tests.rigs.patience import until

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")

OLD, NEW = "10.5.5.1/24", "10.6.6.1/24"


def wanted(address: str, **more: object) -> Network:
    port = {"name": "enp1", "addressing": {"kind": "fixed", "addresses": [address]}}
    return msgspec.convert({"ports": [port], **more}, Network)


def saved(layout: Layout, change: Network) -> None:
    now = storage.load(layout)
    storage.save(layout, msgspec.structs.replace(now, network=change), now.revision)


@pytest.fixture
def box(layout: Layout) -> Iterator[NetworkedBox]:
    saved(layout, wanted(OLD, host_name="before"))
    with networked_box(layout) as made:
        asyncio.run(door.ask(layout, network.RETURN, network.Return(), by="test"))
        until(lambda: made.addresses("enp1") == {OLD}, what=f"the first address\n{made.told()}")
        yield made


def tried(box: NetworkedBox, change: Network, return_s: int = 10) -> None:
    asyncio.run(door.ask(box.layout, network.TRY, network.Try(network=change, return_s=return_s), by="alice"))


def test_what_is_tried_is_in_force_and_goes_back_when_nobody_confirms(box: NetworkedBox) -> None:
    tried(box, wanted(NEW, host_name="after"))
    until(lambda: box.addresses("enp1") == {NEW}, what="the new address")
    assert box.host_name() == "after"
    trial = network.on_trial(box.layout)
    assert trial is not None
    assert trial.by == "alice"
    assert 0 < network.left_s(trial) <= 10
    until(lambda: box.addresses("enp1") == {OLD}, what="the old address")
    assert box.host_name() == "before"
    until(lambda: network.on_trial(box.layout) is None, what="the trial to be forgotten")


def test_the_return_survives_a_killed_helper(box: NetworkedBox) -> None:
    tried(box, wanted(NEW))
    until(lambda: box.addresses("enp1") == {NEW}, what="the new address")
    box.kill_helper()
    box.start_helper()
    until(lambda: box.addresses("enp1") == {OLD}, what="the old address")


def test_what_was_confirmed_stays(box: NetworkedBox) -> None:
    change = wanted(NEW)
    tried(box, change)
    saved(box.layout, change)
    asyncio.run(door.ask(box.layout, network.SETTLE, network.Settle(), by="alice"))
    assert network.on_trial(box.layout) is None
    box.kill_helper()
    box.start_helper()
    asyncio.run(door.ask(box.layout, network.RETURN, network.Return(), by="alice"))
    until(lambda: box.addresses("enp1") == {NEW}, what="the new address")


def test_somebody_may_go_back_at_once(box: NetworkedBox) -> None:
    tried(box, wanted(NEW), return_s=600)
    until(lambda: box.addresses("enp1") == {NEW}, what="the new address")
    asyncio.run(door.ask(box.layout, network.RETURN, network.Return(), by="alice"))
    until(lambda: box.addresses("enp1") == {OLD}, what="the old address")


def test_a_second_trial_takes_the_place_of_the_first(box: NetworkedBox) -> None:
    third = "10.7.7.1/24"
    tried(box, wanted(NEW), return_s=10)
    tried(box, wanted(third), return_s=600)
    until(lambda: box.addresses("enp1") == {third}, what="the third address")
    trial = network.on_trial(box.layout)
    assert trial is not None
    assert network.left_s(trial) > 60


def test_settings_without_a_way_to_the_box_are_never_tried(box: NetworkedBox) -> None:
    absent = msgspec.convert({"ports": [{"name": "enp9"}, {"name": "enp1", "role": "mirror"},
                                        {"name": "enp2", "role": "mirror"}]}, Network)  # fmt: skip
    with pytest.raises(Invalid) as refused:
        tried(box, absent)
    assert refused.value.facts["field"] == "network.ports"
    assert network.on_trial(box.layout) is None
    assert box.addresses("enp1") == {OLD}


def test_a_mirror_port_gets_no_address_and_the_filter_lets_nothing_out_of_it(box: NetworkedBox) -> None:
    until(lambda: "enp2" in box.run("networkctl", "list", "--no-pager").stdout, what="the port")
    assert box.addresses("enp2") == set()
    assert box.run("ip", "-o", "-6", "addr", "show", "dev", "enp2").stdout == ""
    rules = box.run("nft", "list", "ruleset").stdout
    assert 'oifname { "enp1", "lo" } accept' in rules or 'oifname { "lo", "enp1" } accept' in rules
    assert (box.layout.data / "ports").read_text() == "MIRROR=enp2\n"


def test_whoever_confirms_can_read_what_is_tried(layout: Layout) -> None:
    """The helper's own files are for itself alone; the panel is somebody else."""
    before = os.umask(0o077)
    try:
        network._write(layout, network.Trial(boot="x", ends_boot_s=1.0, by="alice", network=wanted(NEW)))
    finally:
        os.umask(before)
    assert layout.network_trial.stat().st_mode & 0o004
