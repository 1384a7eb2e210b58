"""The box in the network: its ports as they are and as they shall be, settings on trial, and looks at the network."""

import ipaddress
from typing import Annotated, Any, TypeVar

import msgspec

from appliance.core.errors import Conflict, Invalid, NotFound
from appliance.core.problem import invalid
from appliance.core.text import Text
from appliance.settings.network import ROLE_TEXT, Network, PortRole, check
from appliance.settings.root import Settings
from appliance.system import door, nics
from appliance.system.network import PortPlan, physical_ports, plan
from appliance.system.privileged import network as trials
from appliance.system.privileged.probe import Host, Interface
from webadmin import audit, authority, probes
from webadmin.changes import change
from webadmin.files import FileAnswer
from webadmin.operation import Asked, Nothing
from webadmin.probes import Probe, ProbeKind, ProbeState
from webadmin.system_views import AddressView

Given = TypeVar("Given", str, int)

CAPTURE_TYPE = "application/vnd.tcpdump.pcap"
_SHUT_OUT = Text(
    en="would shut out the address {value}, from which you ask", zh="将拒绝您当前使用的地址 {value}"
)
_NEEDED = Text(en="is needed for this look", zh="此测试需要填写")


class NothingTried(NotFound):
    """There are no network settings on trial any more: they have gone back by themselves."""

    text = Text(
        en="No network settings are being tried: the time has run out, and the saved ones are in force.",
        zh="当前没有正在试用的网络设置：时间已到，已恢复为保存的设置。",
    )


class NetworkPortView(msgspec.Struct, frozen=True, kw_only=True):
    """One port: what it shall be (`role`, by the saved settings), and how it is. Counters since the machine started.

    `is_present` is false for a port that the settings name and the machine lacks; `speed_mbit` is null when not told.
    """

    name: str
    role: PortRole
    role_text: str
    is_present: bool
    is_listed: bool
    managing: str
    mac: str = ""
    link_up: bool = False
    speed_mbit: int | None = None
    duplex: str = ""
    mtu: int = 0
    addresses: list[AddressView] = []
    gateways: list[str] = []
    received_bytes: int = 0
    sent_bytes: int = 0
    errors: int = 0
    dropped: int = 0


class TrialView(msgspec.Struct, frozen=True, kw_only=True):
    """Settings that are tried: who began, how long until they are gone."""

    by: str
    left_s: float
    network: Network


class NetworkAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Saved settings with their revision, the ports, what is tried; `asked_from` is the asker's own address."""

    revision: int
    network: Network
    ports: list[NetworkPortView]
    name_servers: list[str]
    trial: TrialView | None
    asked_from: str


class NetworkWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Network settings to be tried, upon the revision they were made from."""

    revision: int
    network: dict[str, Any]


class ProbeWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A look: ping and trace want `host`, lookup `host`, port `host` and `port`, sample `interface`."""

    kind: ProbeKind
    host: Host | None = None
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] | None = None
    count: Annotated[int, msgspec.Meta(ge=1, le=60)] = 5
    interface: Interface | None = None
    packets: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1000
    seconds: Annotated[int, msgspec.Meta(ge=1, le=60)] = 10


class ProbeView(msgspec.Struct, frozen=True, kw_only=True):
    """How far a look is; `error` says why it could not be done, `size_bytes` how much of a sample there is."""

    id: str
    kind: ProbeKind
    target: str
    state: ProbeState
    output: str
    size_bytes: int
    error: str


async def show(asked: Asked[Nothing, Nothing]) -> NetworkAnswer:
    """Ports, settings and what is tried."""
    return await _answer(asked)


async def _answer(asked: Asked[Any, Any]) -> NetworkAnswer:
    panel = asked.panel
    seen, servers, physical, trial = await panel.read(_look, asked)
    network = panel.settings.network
    return NetworkAnswer(
        revision=panel.settings.revision,
        network=network,
        ports=_ports(asked, network, physical, seen),
        name_servers=servers,
        trial=_trial(trial),
        asked_from=asked.address,
    )


async def try_out(asked: Asked[Nothing, NetworkWish]) -> NetworkAnswer:
    """Put settings in force for 90 seconds; they stay only when they are confirmed."""
    panel, body = asked.panel, asked.body
    if body.revision != panel.settings.revision:
        raise Conflict(what="Settings", revision=panel.settings.revision)
    try:
        wanted = msgspec.convert(body.network, Network)
    except msgspec.ValidationError as error:
        found = invalid(str(error), "network")
        field = found.facts["field"]
        facts = {**found.facts, "field": field if field == "network" else f"network.{field}"}
        raise Invalid(**facts) from error
    check(wanted)
    _check_asker(wanted, asked.address)
    await door.ask(panel.layout, trials.TRY, trials.Try(network=wanted), by=audit.name_of(asked))
    audit.note(asked, "network settings tried")
    return await _answer(asked)


async def confirm(asked: Asked[Nothing, Nothing]) -> NetworkAnswer:
    """Keep the settings that are tried: they are saved, and stay."""
    panel = asked.panel
    trial = await panel.read(trials.on_trial, panel.layout)
    if trial is None or trials.left_s(trial) <= 0:
        raise NothingTried

    def edit(settings: Settings) -> Settings:
        return msgspec.structs.replace(settings, network=trial.network)

    await change(asked, edit)
    await door.ask(panel.layout, trials.SETTLE, trials.Settle(), by=audit.name_of(asked))
    audit.note(asked, "network settings confirmed")
    return await show(asked)


async def go_back(asked: Asked[Nothing, Nothing]) -> NetworkAnswer:
    """End the trial now: the saved settings are put in force."""
    panel = asked.panel
    await door.ask(panel.layout, trials.RETURN, trials.Return(), by=audit.name_of(asked))
    return await show(asked)


async def begin_probe(asked: Asked[Nothing, ProbeWish]) -> ProbeView:
    """Begin a look at the network."""
    panel, wish, by = asked.panel, asked.body, audit.name_of(asked)
    all_probes = panel.probes
    if wish.kind is ProbeKind.SAMPLE:
        authority.check_directory(asked)
        target = _given(wish.interface, "interface")
        work = all_probes.sample(target, wish.packets, wish.seconds, by)
    else:
        target = _given(wish.host, "host")
        if wish.kind is ProbeKind.PING:
            work = all_probes.ping(target, wish.count, by)
        elif wish.kind is ProbeKind.TRACE:
            work = all_probes.trace(target, by)
        elif wish.kind is ProbeKind.LOOKUP:
            work = probes.lookup(target, asked.language)
        else:
            work = probes.port(target, _given(wish.port, "port"), asked.language)
    return _probe(await all_probes.begin(_owner(asked), wish.kind, target, work), asked)


async def show_probe(asked: Asked[Nothing, Nothing]) -> ProbeView:
    """How far one's look is."""
    return _probe(asked.panel.probes.find(asked.path["probe_id"], _owner(asked)), asked)


async def end_probe(asked: Asked[Nothing, Nothing]) -> None:
    """End a look."""
    await asked.panel.probes.end(asked.path["probe_id"], _owner(asked))


async def fetch_sample(asked: Asked[Nothing, Nothing]) -> FileAnswer:
    """The packets of a finished sample."""
    authority.check_directory(asked)
    found = asked.panel.probes.find(asked.path["probe_id"], _owner(asked))
    if found.file is None or found.state is not ProbeState.DONE:
        raise NotFound(what=found.id)
    return FileAnswer(found.file, CAPTURE_TYPE, file_name=f"{found.target}.pcap", etag=found.id)


def _look(asked: Asked[Any, Any]) -> tuple[list[nics.Nic], list[str], list[str], trials.Trial | None]:
    return nics.nics(), nics.name_servers(), physical_ports(), trials.on_trial(asked.panel.layout)


def _ports(
    asked: Asked[Any, Any], network: Network, physical: list[str], seen: list[nics.Nic]
) -> list[NetworkPortView]:
    """Those that are there in the order of the buses, then those that only the settings know."""
    found = {nic.name: nic for nic in seen}
    plans = plan(network, physical)
    planned = {one.name for one in plans}
    absent = [PortPlan(port.name, port.role, "", port) for port in network.ports if port.name not in planned]
    listed = {port.name for port in network.ports}
    return [_port(asked, one, found, is_listed=one.name in listed) for one in (*plans, *absent)]


def _port(
    asked: Asked[Any, Any], one: PortPlan, found: dict[str, nics.Nic], *, is_listed: bool
) -> NetworkPortView:
    nic = found.get(one.name)
    words = ROLE_TEXT[one.role].render(asked.language)
    if nic is None:
        return NetworkPortView(
            name=one.name, role=one.role, role_text=words, is_present=False, is_listed=is_listed, managing=one.managing
        )  # fmt: skip
    managing = found.get(one.managing, nic)
    return NetworkPortView(
        name=one.name,
        role=one.role,
        role_text=words,
        is_present=True,
        is_listed=is_listed,
        managing=one.managing,
        mac=nic.mac,
        link_up=nic.link_up,
        speed_mbit=nic.speed_mbit,
        duplex=nic.duplex,
        mtu=nic.mtu,
        addresses=[
            AddressView(address=each.address, prefix=each.prefix, mask=each.mask)
            for each in managing.addresses
        ],
        gateways=list(managing.gateways),
        received_bytes=nic.received_bytes,
        sent_bytes=nic.sent_bytes,
        errors=nic.errors,
        dropped=nic.dropped,
    )


def _trial(trial: trials.Trial | None) -> TrialView | None:
    left_s = trials.left_s(trial) if trial is not None else 0.0
    if trial is None or left_s <= 0:
        return None
    return TrialView(by=trial.by, left_s=round(left_s, 1), network=trial.network)


def _check_asker(network: Network, address: str) -> None:
    """Whoever asks must still be let in afterwards."""
    asker = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(asker, "ipv4_mapped", None)
    asker = mapped or asker
    if asker.is_loopback or not network.web_from:
        return
    if not any(asker in ipaddress.ip_network(one, strict=False) for one in network.web_from):
        raise Invalid(field="network.web_from", problem=_SHUT_OUT, value=str(asker))


def _given(value: Given | None, name: str) -> Given:
    if value is None:
        raise Invalid(field=name, problem=_NEEDED)
    return value


def _owner(asked: Asked[Any, Any]) -> int:
    assert asked.visitor.person is not None
    return asked.visitor.person.id


def _probe(found: Probe, asked: Asked[Any, Any]) -> ProbeView:
    return ProbeView(
        id=found.id,
        kind=found.kind,
        target=found.target,
        state=found.state,
        output=found.output,
        size_bytes=found.size_bytes,
        error=found.error.message(asked.language) if found.error else "",
    )
