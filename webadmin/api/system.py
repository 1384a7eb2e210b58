"""The box itself: network ports, system, licences, disks, and what its programs do, cost and say."""

import os
import platform
import shutil
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, NamedTuple

import msgspec

from appliance.core.files import Layout
from appliance.core.release import VERSION
from appliance.core.text import Language, Text
from appliance.domain.call import ON_BOARDS
from appliance.domain.timekeeping import trouble_of
from appliance.settings.network import ROLE_TEXT, PortRole
from appliance.settings.paths import SHELVES, Shelf, root_of
from appliance.settings.root import Settings
from appliance.system import facts, logs, nics, processes
from appliance.system.processes import Process
from appliance.system.temperature import Sensor, sensors
from webadmin import authority
from webadmin.operation import Asked, Nothing
from webadmin.panel import Panel
from webadmin.system_views import (
    AddressView,
    ClockView,
    DiskView,
    LicenceView,
    LogAnswer,
    LogLine,
    NicView,
    ProgramReport,
    SystemAnswer,
    SystemView,
    TechnologyView,
    TemperatureView,
)
from webadmin.technologies import Technology, technologies
from webadmin.veil import veiled_text
from webadmin.views import program_view

PROGRAMS: dict[str, Text] = {
    "recorder": Text(en="Captures calls at the mirror ports", zh="采集镜像端口上的通话"),
    "boards": Text(en="Records analog lines and E1 trunks", zh="录制模拟线路与 E1 中继"),
    "archiver": Text(en="Makes recordings and keeps the index", zh="生成录音并维护索引"),
    "watchdog": Text(en="Checks whether the box does its work", zh="检查设备是否正常工作"),
    "backup": Text(en="Makes, brings away and restores backups", zh="制作、存放与恢复备份"),
    "notifier": Text(en="Tells people of alarms", zh="发送告警通知"),
    "snmp": Text(en="Answers SNMP queries", zh="应答 SNMP 查询"),
    "timesync": Text(en="Keeps the clock right", zh="校准设备时钟"),
    "webadmin": Text(en="Serves this panel and the API", zh="提供本管理界面与 API"),
    "broker": Text(en="Carries news between the programs", zh="在程序之间传递消息"),
}
"""Every program of the box, in the order in which calls pass them."""

_OPTIONAL = frozenset({"boards", "backup", "notifier", "snmp", "timesync"})
"""Not on every box: shown only where it is or was."""

_TAKEN_AT_THEIR_WORD = frozenset({"broker", "webadmin"})
"""The broker has no words of its own, and this program is answering."""


class LogQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many lines at most."""

    lines: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


class _Seen(NamedTuple):
    nics: list[nics.Nic]
    name_servers: list[str]
    processes: dict[str, Process]
    tails: dict[str, logs.Line | None]
    disks: list[DiskView]
    release: dict[str, str]
    memory: dict[str, int]
    uptime_s: float
    sensors: list[Sensor]


async def show(asked: Asked[Nothing, Nothing]) -> SystemAnswer:
    """Network ports, system, licences, disks and programs as they are now."""
    panel, language = asked.panel, asked.language
    # Last errors may tell of anybody's calls.
    may_read = asked.visitor.scope.everything
    seen = await panel.read(_look, panel.layout, panel.settings, language, may_read=may_read)
    found = technologies(panel, await panel.read(panel.licences.at, panel.now().date()))
    return SystemAnswer(
        nics=[_nic(nic, panel, language) for nic in seen.nics],
        name_servers=seen.name_servers,
        system=_system(panel, seen, found, language),
        licences=[_licence(one, language) for one in found],
        disks=seen.disks,
        temperatures=[
            TemperatureView(
                name=one.name,
                celsius=one.celsius,
                high_celsius=one.high_c,
                critical_celsius=one.critical_c,
                state="too_hot"
                if one.celsius >= one.critical_c
                else "hot"
                if one.celsius >= one.high_c
                else "good",
            )
            for one in seen.sensors
        ],
        programs=_programs(asked, seen),
    )


_LICENCE_TEXT = {
    "unlimited": Text(en="Unlimited: this build sets no limit", zh="不限：本版本无并发限制"),
    "limited": Text(en="In force", zh="已授权"),
    "no_channels": Text(en="No such channels in this box", zh="本机无此类通道"),
}
_USE_TEXT = {
    "data": Text(en="Data, index and settings", zh="数据、索引与设置"),
    **{shelf.value: SHELVES[shelf] for shelf in Shelf},
}


async def show_log(asked: Asked[LogQuery, Nothing]) -> LogAnswer:
    """The last lines of a program's log."""
    authority.check_whole_scope(asked)
    panel = asked.panel
    found = await panel.read(logs.tail, asked.path["program"], panel.layout.logs, asked.query.lines)
    lines = [
        LogLine(at=line.at, level=line.level, text=veiled_text(line.text, asked.visitor, ()))
        for line in found.lines
    ]
    return LogAnswer(source=found.source, lines=lines)


def _look(layout: Layout, settings: Settings, language: Language, *, may_read: bool) -> _Seen:
    """Everything that touches files."""
    data = str(layout.data)
    wanted: dict[str, Sequence[Sequence[str]]] = {
        name: (("run", name), ("--data", data)) for name in PROGRAMS if name not in {"broker", "webadmin"}
    }
    wanted["broker"] = (("-c", str(layout.broker_settings)),)
    found = {**processes.of_programs(wanted), "webadmin": processes.of_own()}
    tails = {}
    if may_read:
        for name in PROGRAMS:
            tails[name] = logs.last_error(logs.tail(name, layout.logs, _SEARCHED_LINES).lines)
    return _Seen(
        nics=nics.nics(),
        name_servers=nics.name_servers(),
        processes=found,
        tails=tails,
        disks=_disks(layout, settings, language),
        release=facts.release(),
        memory=facts.memory(),
        uptime_s=facts.uptime_s(),
        sensors=sensors(limit_c=settings.alarms.too_hot_c),
    )


_SEARCHED_LINES = 400


def _nic(nic: nics.Nic, panel: Panel, language: Language) -> NicView:
    is_mirror = any(intake.interface == nic.name for intake in panel.live.intake.values())
    # An address that only the link gives itself is nobody's way to the box.
    manages = any(not one.address.startswith("fe80:") for one in nic.addresses)
    role = {
        (True, True): PortRole.BOTH,
        (True, False): PortRole.MIRROR,
        (False, True): PortRole.MANAGEMENT,
        (False, False): PortRole.OFF,
    }[is_mirror, manages]
    return NicView(
        name=nic.name,
        role=role,
        role_text=ROLE_TEXT[role].render(language),
        mac=nic.mac,
        is_physical=nic.is_physical,
        link_up=nic.link_up,
        speed_mbit=nic.speed_mbit,
        duplex=nic.duplex,
        mtu=nic.mtu,
        addresses=[
            AddressView(address=one.address, prefix=one.prefix, mask=one.mask) for one in nic.addresses
        ],
        gateways=list(nic.gateways),
        received_bytes=nic.received_bytes,
        sent_bytes=nic.sent_bytes,
        errors=nic.errors,
        dropped=nic.dropped,
    )


def _licence(one: Technology, language: Language) -> LicenceView:
    state = "unlimited" if one.limit is None else "limited"
    if one.name in ON_BOARDS and not one.channels:
        state = "no_channels"
    return LicenceView(
        technology=one.name,
        limit=one.limit,
        in_use=one.in_use,
        state=state,
        state_text=_LICENCE_TEXT[state].render(language),
    )


def _system(panel: Panel, seen: _Seen, found: list[Technology], language: Language) -> SystemView:
    now = panel.now()
    time = panel.machine.time
    uptime = timedelta(seconds=int(seen.uptime_s))
    is_image = seen.release.get("ID") == "tapeline"
    state = "unknown" if time is None else "right" if time.synchronised else "wrong"
    return SystemView(
        host=platform.node(),
        version=VERSION,
        device=panel.licences.device,
        build=seen.release.get("BUILD_ID", "") if is_image else "",
        base=seen.release.get("PRETTY_NAME", ""),
        kernel=platform.release(),
        processors=os.cpu_count() or 1,
        load=os.getloadavg()[0],
        memory_bytes=seen.memory.get("MemTotal", 0),
        memory_free_bytes=seen.memory.get("MemAvailable", 0),
        now=now,
        started_at=now - uptime,
        uptime_s=int(seen.uptime_s),
        zone=panel.settings.time.zone,
        clock=ClockView(
            state=state,
            server=time.server if time else "",
            offset_s=time.offset_s if time else 0.0,
            doubt_s=time.doubt_s if time else 0.0,
            problem=trouble_of(time.problem).render(language) if time else "",
            at=time.at if time else None,
        ),
        channels=[
            TechnologyView(technology=one.name, channels=one.channels, in_use=one.in_use) for one in found
        ],
    )


def _programs(asked: Asked[Nothing, Nothing], seen: _Seen) -> list[ProgramReport]:
    panel = asked.panel
    found = []
    for name, text in PROGRAMS.items():
        told = panel.live.programs.get(name)
        process = seen.processes.get(name)
        if name in _OPTIONAL and told is None and process is None:
            continue
        view = program_view(name, told, asked.language) if told else None
        speaks = (told is not None and told.alive) or name in _TAKEN_AT_THEIR_WORD
        error = seen.tails.get(name)
        found.append(
            ProgramReport(
                name=name,
                text=text.render(asked.language),
                state=_state(
                    speaks=speaks, is_there=process is not None or (told is not None and told.alive)
                ),
                status=view.status if view else "",
                started_at=view.started_at if view else None,
                process_id=process.process_id if process else None,
                cpu_percent=panel.machine.cpu_percent(name, process) if process else None,
                memory_bytes=process.memory_bytes if process else None,
                threads=process.threads if process else None,
                restarts=panel.machine.restarts(name),
                restarts_since=panel.machine.since,
                last_error=LogLine(
                    at=error.at, level=error.level, text=veiled_text(error.text, asked.visitor, ())
                )
                if error
                else None,
            )
        )
    return found


def _state(*, speaks: bool, is_there: bool) -> str:
    if not is_there:
        return "stopped"
    return "running" if speaks else "silent"


def _disks(layout: Layout, settings: Settings, language: Language) -> list[DiskView]:
    """Every file system that holds something of ours, once."""
    places = {"data": layout.data}
    for shelf in Shelf:
        root = root_of(layout, settings.paths, shelf)
        if root is not None:
            places[shelf.value] = root
    mounts = facts.mounts()
    found: dict[str, DiskView] = {}
    for use, path in places.items():
        resolved = path.resolve()
        mount = max(
            (one for one in mounts if resolved.is_relative_to(one)),
            key=lambda one: len(one.parts),
            default=None,
        )
        words = _USE_TEXT[use].render(language)
        if mount is None:
            continue
        if str(mount) in found:
            found[str(mount)].uses.append(words)
            continue
        try:
            usage = shutil.disk_usage(path if path.exists() else mount)
        except OSError:  # a disk that fails is told by the conditions; the page still comes
            continue
        device, kind, options = mounts[mount]
        found[str(mount)] = DiskView(
            path=str(mount),
            device=device,
            kind=kind,
            total_bytes=usage.total,
            free_bytes=usage.free,
            is_read_only="ro" in options.split(","),
            uses=[words],
        )
    return list(found.values())
