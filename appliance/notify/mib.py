"""Our part of the MIB as rows of values: what the SNMP agent answers, made from the news and the index.

The names, types and meanings are those of rootfs/usr/share/snmp/mibs/TAPELINE-MIB.txt.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from appliance.bus.topics import Intake, LiveCall, ProgramState, Queue, StorageState, TimeState
from appliance.core.release import VERSION
from appliance.domain.control import ControlState
from appliance.domain.ledger import Reason
from appliance.notify import words
from appliance.notify.snmp import SEVERITIES, date_and_time
from appliance.store.alarms import Alarm
from appliance.system.snmp import TREE
from appliance.system.temperature import Sensor

Oid = tuple[int, ...]
Kind = Literal["integer", "gauge", "counter64", "string", "octet"]

_ROOT: Oid = tuple(int(part) for part in TREE.split("."))
_OBJECTS: Oid = (*_ROOT, 1)
_IDENTITY, _CALLS, _MIRROR, _STORAGE, _PROGRAMS, _ALARMS, _WORK, _SENSORS = range(1, 9)
_TRUE, _FALSE = 1, 2
_GAUGE = 2**32 - 1
_INTEGER = 2**31 - 1
_LONGEST_TEXT_BYTES = 255
_DROPPED = (
    "kernel_drops",
    "hold_overflow",
    "event_overflow",
    "message_overflow",
    "flow_overflow",
    "tcp_overflow",
)
"""Counters of the engine that each mean audio or signalling that is missing from a recording."""


class Value(NamedTuple):
    """One object's value in the words of pass_persist; see snmpd.conf(5)."""

    kind: Kind
    text: str


class Seen(NamedTuple):
    """Everything that is told, at one moment. `reasons`: calls of the whole ledger, '' = recorded."""

    device_name: str
    live: Mapping[str, LiveCall]
    intake: Mapping[str, Intake]
    storage: Mapping[str, StorageState]
    programs: Mapping[str, ProgramState]
    queue: Queue | None
    time: TimeState | None
    reasons: Mapping[str, int]
    alarms: Sequence[Alarm]
    sensors: Sequence[Sensor] = ()


class Tree:
    """The objects in the order of the agent's walk."""

    def __init__(self, seen: Seen) -> None:
        self._values = dict(_objects(seen))
        self._order = sorted(self._values)

    def get(self, oid: Oid) -> Value | None:
        """The value of exactly this object."""
        return self._values.get(oid)

    def next(self, oid: Oid) -> tuple[Oid, Value] | None:
        """The first object behind this one."""
        place = bisect_right(self._order, oid)
        if place == len(self._order):
            return None
        return self._order[place], self._values[self._order[place]]


def _objects(seen: Seen) -> Iterator[tuple[Oid, Value]]:
    yield from _scalars(
        _IDENTITY,
        [
            _text(VERSION),
            _text(seen.device_name),
            _truth(seen.time is not None and seen.time.synchronised),
            _integer(round(seen.time.offset_s * 1_000_000) if seen.time else 0),
        ],
    )
    recorded = seen.reasons.get("", 0)
    controls = [call.control for call in seen.live.values()]
    yield from _scalars(
        _CALLS,
        [
            _gauge(len(seen.live)),
            _gauge(sum(one is not None and one.state is ControlState.RECORDING for one in controls)),
            _counter(recorded),
            _counter(sum(seen.reasons.values()) - recorded),
        ],
    )
    reasons = [[_text(reason), _counter(seen.reasons.get(reason, 0))] for reason in Reason]
    yield from _table((*_OBJECTS, _CALLS, 5), enumerate(reasons, 1))
    ports = [_port(port) for _, port in sorted(seen.intake.items())]
    yield from _table((*_OBJECTS, _MIRROR), enumerate(ports, 1))
    paths = [_path(path) for _, path in sorted(seen.storage.items())]
    yield from _table((*_OBJECTS, _STORAGE), enumerate(paths, 1))
    programs = [_program(name, state) for name, state in sorted(seen.programs.items())]
    yield from _table((*_OBJECTS, _PROGRAMS), enumerate(programs, 1))
    yield from _table((*_OBJECTS, _ALARMS, 1), ((one.id, _alarm(one)) for one in seen.alarms))
    queue = seen.queue
    waits = [queue.ready, round(queue.oldest_s), queue.quarantined] if queue else [0, 0, 0]
    yield from _scalars(_WORK, [_gauge(count) for count in waits])
    heat = [_sensor(sensor) for sensor in seen.sensors]
    yield from _table((*_OBJECTS, _SENSORS), enumerate(heat, 1))


def _scalars(group: int, values: Iterable[Value]) -> Iterator[tuple[Oid, Value]]:
    for number, value in enumerate(values, 1):
        yield (*_OBJECTS, group, number, 0), value


def _table(table: Oid, rows: Iterable[tuple[int, Sequence[Value]]]) -> Iterator[tuple[Oid, Value]]:
    """Rows of a table by their index; the index itself is the first column, and told by the names only."""
    for index, row in rows:
        for column, value in enumerate(row, 2):
            yield (*table, 1, column, index), value


def _port(port: Intake) -> list[Value]:
    counters = port.counters
    return [
        _text(port.interface),
        _truth(port.link_up),
        _counter(counters.get("packets", 0)),
        _counter(counters.get("rtp", 0)),
        _counter(sum(counters.get(name, 0) for name in _DROPPED)),
    ]


def _path(path: StorageState) -> list[Value]:
    return [
        _text(path.path),
        _truth(path.current),
        _text(path.problem),
        _counter(path.total_bytes),
        _counter(path.free_bytes),
    ]


def _program(name: str, state: ProgramState) -> list[Value]:
    started = date_and_time(state.started_at or state.at)
    return [_text(name), _truth(state.alive), _text(state.status), _octets(started)]


def _alarm(alarm: Alarm) -> list[Value]:
    return [
        _text(alarm.code),
        _text(alarm.subject),
        _integer(SEVERITIES.get(alarm.severity, SEVERITIES["warning"])),
        _text(words.told(alarm, "en")),
        _octets(date_and_time(alarm.raised_at)),
        _gauge(alarm.occurrences),
        _text(words.told(alarm, "zh")),
    ]


def _sensor(sensor: Sensor) -> list[Value]:
    degrees = (sensor.celsius, sensor.high_c, sensor.critical_c)
    return [_text(sensor.name), *(_integer(round(10 * celsius)) for celsius in degrees)]


def _truth(is_so: bool) -> Value:  # noqa: FBT001 - a plain fact
    return Value("integer", str(_TRUE if is_so else _FALSE))


def _integer(number: int) -> Value:
    return Value("integer", str(max(-_INTEGER, min(number, _INTEGER))))


def _gauge(number: int) -> Value:
    return Value("gauge", str(max(0, min(number, _GAUGE))))


def _counter(number: int) -> Value:
    return Value("counter64", str(max(0, number)))


def _octets(octets: bytes) -> Value:
    return Value("octet", octets.hex(" "))


def _text(text: str) -> Value:
    """A SnmpAdminString: one line of at most 255 bytes, never cut within a letter."""
    whole = " ".join(text.split()).encode()[:_LONGEST_TEXT_BYTES].decode("utf-8", "ignore")
    return Value("string", whole)
