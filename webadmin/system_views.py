"""The shapes of what is told of the box itself: ports, system, licences, disks, programs and their logs."""

from datetime import datetime

import msgspec

from appliance.domain.call import DataType
from appliance.settings.network import PortRole


class AddressView(msgspec.Struct, frozen=True, kw_only=True):
    """One address of a port; `mask` is "" for IPv6."""

    address: str
    prefix: int
    mask: str


class NicView(msgspec.Struct, frozen=True, kw_only=True):
    """One network port; counters since the machine started. `speed_mbit` is null when it is not told."""

    name: str
    role: PortRole
    role_text: str
    mac: str
    is_physical: bool
    link_up: bool
    speed_mbit: int | None
    duplex: str
    mtu: int
    addresses: list[AddressView]
    gateways: list[str]
    received_bytes: int
    sent_bytes: int
    errors: int
    dropped: int


class TechnologyView(msgspec.Struct, frozen=True, kw_only=True):
    """Channels of one technology: `channels` as many as are bound or as its boards have, `in_use` right now."""

    technology: DataType
    channels: int
    in_use: int


class LicenceView(msgspec.Struct, frozen=True, kw_only=True):
    """What may be recorded at once by one technology; `limit` null is no limit. `state`: unlimited, limited, no_channels."""

    technology: DataType
    limit: int | None
    in_use: int
    state: str
    state_text: str


class ClockView(msgspec.Struct, frozen=True, kw_only=True):
    """How right the clock is; `state`: right, wrong, or unknown where no program looks after it. Units: seconds."""

    state: str
    server: str
    offset_s: float
    doubt_s: float
    problem: str
    at: datetime | None


class SystemView(msgspec.Struct, frozen=True, kw_only=True):
    """The box as a whole; `build` is "" when it runs from sources. `load`: running programs on average over a minute."""

    host: str
    version: str
    device: str
    build: str
    base: str
    kernel: str
    processors: int
    load: float
    memory_bytes: int
    memory_free_bytes: int
    now: datetime
    started_at: datetime
    uptime_s: int
    zone: str
    clock: ClockView
    channels: list[TechnologyView]


class TemperatureView(msgspec.Struct, frozen=True, kw_only=True):
    """One thermometer of the machine; `state`: good, hot (from `high_celsius` on), too_hot (from `critical_celsius` on)."""

    name: str
    celsius: float
    high_celsius: float
    critical_celsius: float
    state: str


class DiskView(msgspec.Struct, frozen=True, kw_only=True):
    """A file system and what lies on it; `uses` are words."""

    path: str
    device: str
    kind: str
    total_bytes: int
    free_bytes: int
    is_read_only: bool
    uses: list[str]


class LogLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line; `at` is a moment or a time of day, `level` error, warning or info."""

    at: str
    level: str
    text: str


class ProgramReport(msgspec.Struct, frozen=True, kw_only=True):
    """One program: `state` running, stopped, or silent when it runs but says nothing.

    `cpu_percent` is of one processor, null at the first look; `restarts` counts from `restarts_since`.
    """

    name: str
    text: str
    state: str
    status: str
    started_at: datetime | None
    process_id: int | None
    cpu_percent: float | None
    memory_bytes: int | None
    threads: int | None
    restarts: int
    restarts_since: datetime
    last_error: LogLine | None


class SystemAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the page about the system."""

    nics: list[NicView]
    name_servers: list[str]
    system: SystemView
    licences: list[LicenceView]
    disks: list[DiskView]
    temperatures: list[TemperatureView]
    programs: list[ProgramReport]


class LogAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a program has said last, oldest first; `source` journal, file, or "" when no log can be read here."""

    source: str
    lines: list[LogLine]
