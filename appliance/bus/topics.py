"""The table of news: topic ↔ struct ↔ retained ↔ quality. Nothing else may spell a topic.

`state/` is retained and idempotent, `event/` is a hint whose loss costs only time, `command/` asks one program for
something and is answered by an event of the asker's own key (`bus/command.py`). Every payload carries `at`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Generic, NamedTuple, TypeVar

import msgspec

from appliance.core.text import Text
from appliance.domain.call import Call, DataType
from appliance.domain.control import ControlNow, Verb
from appliance.domain.line import ChannelState
from appliance.domain.timekeeping import Act, ClockDeed

News = TypeVar("News", bound="msgspec.Struct")


class ProgramState(msgspec.Struct, frozen=True, kw_only=True):
    """A daemon's own word on itself; the broker publishes `alive=False` for one that died (last will).

    `status` is English; `status_zh` is empty where there is nothing to translate.
    """

    at: datetime
    alive: bool
    status: str = ""
    status_zh: str = ""
    started_at: datetime | None = None
    facts: dict[str, int | float | str] = {}


class LiveCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call in progress; an empty payload on its topic clears it. `encrypted`: its audio cannot be read.

    `control`: how its recording stands and which orders it would obey (`CONTROL`).
    """

    at: datetime
    call: Call
    codecs: dict[str, str] = {}
    control: ControlNow | None = None
    encrypted: bool = False


class StreamNow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Running figures of one side of one live call. `mos` is of what our copy holds so far, None while unknown."""

    packets: int
    lost: int
    jitter_ms: float
    mos: float | None = None


class LiveMedia(msgspec.Struct, frozen=True, kw_only=True):
    """Running figures of live calls, of many calls some at a time: call_id -> side -> figures. Not retained."""

    at: datetime
    calls: dict[str, dict[str, StreamNow]]


class NetCount(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one VLAN or subnet (`name`, "" = no tag).

    `packets`, `sip`, `rtp` count since the recorder's start what it sent (of a subnet telephony only); `streams` are
    those of the last minutes (of a subnet from and to it), `one_way` those of them that nothing answered.
    """

    name: str
    packets: int
    sip: int
    rtp: int
    streams: int
    one_way: int


class Intake(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Counters of one mirror port, by the engine's names, and its link.

    `missing_from`: whose audio is missing most often in calls that arrive in part, "" when none do. `vlans` and
    `subnets`: the heaviest first, of all ports together told with the first.
    """

    at: datetime
    interface: str
    link_up: bool
    counters: dict[str, int]
    missing_from: str = ""
    vlans: list[NetCount] = []
    subnets: list[NetCount] = []


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """A telephone asked to be registered (REGISTER was seen): the number, from where, when."""

    number: str
    at: datetime
    address: str


class Registrations(msgspec.Struct, frozen=True, kw_only=True):
    """Telephones that registered since the last news, each at most once a minute."""

    at: datetime
    seen: list[Registered]


class SpanState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An E1 port of a board: its number on it, and its alarms in the words of `drivers.boards.board.SpanEvent`."""

    number: int
    name: str = ""
    framing: str = ""
    alarms: list[str] = []
    since: datetime | None = None


class ChannelPlace(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Where a channel of a board lies: `kind` is a word of `drivers.boards.board.Kind`, span and timeslot 0 on analog lines."""

    number: int
    kind: str
    span: int = 0
    timeslot: int = 0


class BoardState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A board of the settings, by its name, and how it is; told when it changes and every ten seconds.

    `fault` is a word of `drivers.boards.board.Fault`, "" while it is read; `problem`: the driver's own words.
    `first_channel` and `channels`: the numbers in the box that are its own. `lost_samples` and `overruns` count since
    `since`, when it was opened.
    """

    at: datetime
    name: str
    driver: str
    first_channel: int
    channels: int = 0
    model: str = ""
    serial: str = ""
    spans: list[SpanState] = []
    places: list[ChannelPlace] = []
    fault: str = ""
    problem: str = ""
    since: datetime | None = None
    lost_samples: int = 0
    overruns: int = 0
    licensed_channels: int = 0
    over_licence: int = 0


class ChannelNow(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A channel at this moment, as a JSON array to be short: number, state, volts, level, call_id.

    `volts`: None where not known; `level_dbm0`: of the last second, None for silence and where there is no sound.
    """

    number: int
    state: ChannelState
    volts: float | None = None
    level_dbm0: int | None = None
    call_id: str = ""


class ChannelsNow(msgspec.Struct, frozen=True, kw_only=True):
    """All channels of one board together, once a second: 1280 channels are some 40 kB a second. Key: the board's name.

    `recorded`: how many of its calls take a place of the licence now.
    """

    at: datetime
    board: str
    channels: list[ChannelNow]
    recorded: dict[DataType, int] = {}


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """How much work waits: bundles ready, in work, quarantined."""

    at: datetime
    ready: int
    working: int
    quarantined: int
    oldest_s: float = 0.0


class StorageState(msgspec.Struct, frozen=True, kw_only=True):
    """A storage path as the archiver finds it. `problem` is a word of `archive/shelves.py`, "" for none.

    `instead_since`: recordings go here since then because the other path failed. Of the path in use only: `days_left`
    until it is full, None when that is not in sight; `stopped` while nothing is recorded for want of room; `sacrificed`
    recordings of the last day that went before their time. Units: bytes, 0 where not known
    """

    at: datetime
    path: str
    current: bool
    problem: str = ""
    detail: str = ""
    total_bytes: int = 0
    free_bytes: int = 0
    instead_since: datetime | None = None
    days_left: int | None = None
    stopped: bool = False
    sacrificed: int = 0


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """One check's finding: code of a condition, whether it is raised, facts for its text."""

    at: datetime
    raised: bool
    code: str
    facts: dict[str, int | float | str] = {}


class Devices(msgspec.Struct, frozen=True, kw_only=True):
    """Something was plugged in, pulled out, mounted or let go: `run/plugged.json` has changed."""

    at: datetime


class TimeSample(msgspec.Struct, frozen=True, kw_only=True):
    """One look at the time servers: how far we were off (to be added to our clock) and what was done about it."""

    at: datetime
    server: str
    offset_s: float
    doubt_s: float
    act: Act


class TimeState(msgspec.Struct, frozen=True, kw_only=True):
    """How right the box's clock is. `failing`: server → why it gave no answer; `history`: oldest first."""

    at: datetime
    synchronised: bool
    server: str = ""
    offset_s: float = 0.0
    doubt_s: float = 0.0
    problem: str = ""
    failing: dict[str, str] = {}
    history: list[TimeSample] = []


class BundleReady(msgspec.Struct, frozen=True, kw_only=True):
    """A hint that the spool has work."""

    at: datetime
    call_id: str


class CallIndexed(msgspec.Struct, frozen=True, kw_only=True):
    """A call's row is in the index, with a recording or with a reason."""

    at: datetime
    call_id: str
    recorded: bool


class ControlOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order to the recorder for one call; `id` is the asker's, and the key of the reply."""

    at: datetime
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.-]+$")]
    call_id: str
    verb: Verb
    by: str
    why: str = ""


class ControlReply(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an order: `refusal` says why it was not obeyed, `control` how the recording stands now."""

    at: datetime
    accepted: bool
    refusal: Text | None = None
    control: ControlNow | None = None


class ClockOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order to the time keeper; `offset_s` is to be added to the clock. `with_calls`: even while calls run."""

    at: datetime
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.-]+$")]
    deed: ClockDeed
    by: str
    offset_s: float = 0.0
    with_calls: bool = False


class ClockReply(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it: `calls` are those that run and would be told wrong times, `refusal` is any other reason."""

    at: datetime
    accepted: bool
    calls: int = 0
    refusal: Text | None = None


class Topic(NamedTuple, Generic[News]):
    """One row of the table. `path` has at most one `+`, filled by `at(key)`."""

    path: str
    payload: type[News]
    retained: bool
    qos: int

    def at(self, key: str = "") -> str:
        """The topic of one subject."""
        return self.path.replace("+", key)

    def key(self, topic: str) -> str:
        """The subject a received topic is about."""
        return topic.removeprefix(self.path.split("+", maxsplit=1)[0])


PROGRAM = Topic("state/program/+", ProgramState, retained=True, qos=1)
CALL = Topic("state/call/+", LiveCall, retained=True, qos=1)
LINE_CALL = Topic("state/line-call/+", LiveCall, retained=True, qos=1)
CALLS = (CALL, LINE_CALL)
"""Calls in progress: of the mirror ports, and of boards."""
INTAKE = Topic("state/intake/+", Intake, retained=True, qos=0)
BOARD = Topic("state/board/+", BoardState, retained=True, qos=1)
CHANNELS = Topic("state/channels/+", ChannelsNow, retained=True, qos=0)
QUEUE = Topic("state/queue/+", Queue, retained=True, qos=0)
STORAGE = Topic("state/storage/+", StorageState, retained=True, qos=0)
HEALTH = Topic("state/health/+", Health, retained=True, qos=1)
DEVICES = Topic("state/devices", Devices, retained=True, qos=1)
TIME = Topic("state/time", TimeState, retained=True, qos=1)
MEDIA = Topic("event/media", LiveMedia, retained=False, qos=0)
BUNDLE = Topic("event/bundle", BundleReady, retained=False, qos=0)
REGISTERED = Topic("event/registrations", Registrations, retained=False, qos=0)
INDEXED = Topic("event/recording", CallIndexed, retained=False, qos=0)
CONTROL = Topic("command/recorder", ControlOrder, retained=False, qos=1)
LINE_CONTROL = Topic("command/boards", ControlOrder, retained=False, qos=1)
CLOCK_ORDER = Topic("command/timesync", ClockOrder, retained=False, qos=1)
CLOCK_OBEYED = Topic("event/clock/+", ClockReply, retained=False, qos=1)
CONTROLLED = Topic("event/controlled/+", ControlReply, retained=False, qos=1)

Receiver = Callable[[str, msgspec.Struct | None], None]
