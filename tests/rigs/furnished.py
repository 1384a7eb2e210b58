"""A box with a fortnight of a small firm in it: departments, people, calls of every kind, some with audio, notes, links.

For tests that look at whole pages and for the pictures of the README. The same every time, but for its dates, which end now.
"""

import asyncio
import random
import threading
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

import numpy as np

from appliance.archive.statements import Statements
from appliance.bus.client import Bus
from appliance.bus.topics import (
    CALL,
    HEALTH,
    INTAKE,
    MEDIA,
    Health,
    Intake,
    LiveCall,
    LiveMedia,
    NetCount,
    StreamNow,
)
from appliance.core.clock import sortable_id, to_ns
from appliance.core.files import Layout
from appliance.domain.bundle import Message, Record, Recording
from appliance.domain.call import Call, CallEvent, CallState, Direction, Party, Side
from appliance.domain.interaction import Relation, RelationKind
from appliance.domain.ledger import Mark, Reason
from appliance.domain.quality import CallQuality, Series, StreamQuality, Verdict
from appliance.media.encoders import make
from appliance.media.pcm import Sound
from appliance.media.peaks import write_peaks
from appliance.settings.archive import WavPcm
from appliance.store import alarms, calls, departments, directory, notices
from appliance.store.database import Database, open_database
from tests.rigs.records import make_record
from tests.rigs.web import Browser

DAYS = 14
PER_DAY = 45
WITH_AUDIO = 5
RATE_HZ = 8000

TREE = (("Sales", ("Sales North", "Sales South")), ("Service", ("Hotline", "华东服务")), ("Accounts", ()))
STAFF = (
    ("8001", "Anna Weber", "Sales North"),
    ("8002", "Peter Holm", "Sales North"),
    ("8003", "李雷", "Sales South"),
    ("8004", "Sofia Rossi", "Sales South"),
    ("8005", "Tom Baker", "Hotline"),
    ("8006", "韩梅梅", "华东服务"),
    ("8007", "王芳", "华东服务"),
    ("8008", "Ivan Petrov", "Accounts"),
)
OTHERS = (
    ("+493012345678", "Harbour Logistics"),
    ("+442071234567", "Miller & Sons"),
    ("+8613800138000", "上海远航贸易"),
    ("+862167890123", "张伟"),
    ("+33142685300", "Atelier Dubois"),
    ("+12125550187", ""),
    ("+4989998877", "Alpenbau GmbH"),
    ("+861082345678", "北京华信"),
)
COUNTERS = {
    "packets": 4_812_336,
    "bytes": 1_031_000_000,
    "kernel_drops": 0,
    "calls_whole_now": 4,
    "sip_udp": 20_112,
    "rtp": 4_790_112,
}
VLANS = [
    NetCount(name="120", packets=4_100_000, sip=18_000, rtp=4_082_000, streams=8, one_way=0),
    NetCount(name="130", packets=700_000, sip=2_112, rtp=697_888, streams=6, one_way=5),
    NetCount(name="", packets=12_336, sip=0, rtp=0, streams=0, one_way=0),
]
SUBNETS = [
    NetCount(name="10.0.20.0/24", packets=3_900_000, sip=9_000, rtp=3_891_000, streams=8, one_way=0),
    NetCount(name="10.0.31.0/24", packets=890_000, sip=1_056, rtp=888_944, streams=6, one_way=1),
]
REASONS = (Reason.NO_ANSWER, Reason.NO_ANSWER, Reason.BUSY, Reason.CANCELLED, Reason.POLICY, Reason.ENCRYPTED)


class Furnished(NamedTuple):
    """What stands in the box: a call with audio, a call without, and the address of a link to the first."""

    recorded: str
    refused: str
    link: str


def fill(layout: Layout) -> tuple[str, str]:
    """Write departments, directory, ledger and audio; the ids of a call with audio and of one without."""
    dice = random.Random(8)
    database = open_database(layout)
    known = {}
    for name, below in TREE:
        known[name] = top = departments.create(database, name, None).id
        known |= {inner: departments.create(database, inner, top).id for inner in below}
    staff = [
        directory.Entry(number, name=name, department_id=known[of], is_extension=True)
        for number, name, of in STAFF
    ]
    directory.put(
        database, [*staff, *(directory.Entry(number, name=name) for number, name in OTHERS if name)]
    )
    now = datetime.now(UTC).replace(microsecond=0)
    records = [
        _record(dice, now - timedelta(days=day, seconds=dice.randrange(60, 30_000)))
        for day in range(DAYS)
        for _ in range(PER_DAY + dice.randrange(-12, 12) if day % 7 not in (1, 2) else 6)
    ]
    heard = [_heard(layout, number, now) for number in range(WITH_AUDIO)]
    records += heard
    calls.index_all(database, sorted(records, key=lambda record: record.call.call_id))
    _alarms(database, now)
    Statements(layout).make_due(database, now - timedelta(days=1), ZoneInfo("UTC"), None)
    Statements(layout).make_due(database, now, ZoneInfo("UTC"), None)
    database.close()
    refused = next(record.call.call_id for record in records if record.reason is Reason.BUSY)
    return heard[0].call.call_id, refused


def furnish(admin: Browser, recorded: str, refused: str) -> Furnished:
    """Add what people add: users, tags, notes, bookmarks, a hold, lists, a link."""
    tree = {one["name"]: one["id"] for one in admin.get("departments").json["departments"]}
    for name, real_name, scope in (
        ("hanna", "Hanna Berg", {"kind": "departments", "departments": [tree["Sales"]]}),
        ("wang", "王芳", {"kind": "extensions", "extensions": ["8007"]}),
    ):
        _done(admin.post("users", {"name": name, "real_name": real_name, "role_id": 2, "scope": scope}))
    for tag in ("order 4711", "投诉"):
        admin.post(f"calls/{recorded}/tags", {"tag": tag})
    _done(
        admin.post(f"calls/{recorded}/notes", {"text": "Delivery promised for Tuesday.", "position_s": 6.0})
    )
    _done(admin.post(f"calls/{recorded}/bookmarks", {"label": "Promise", "position_s": 11.5}))
    _done(admin.put(f"calls/{recorded}/hold", {"reason": "Claim 2026-118"}))
    for listed, number, note in (("blacklist", "5039*", "advertising"), ("allow_list", "80*", "")):
        _done(admin.post(f"lists/{listed}", {"number": number, "note": note}))
    plan = [{"number": number, "name": name} for number, name, _ in STAFF[:6]]
    _done(admin.post("extensions", {"extensions": plan}))
    link = admin.post(f"calls/{recorded}/shares", {"hours": 24, "note": "for the forwarder"})
    _done(link)
    return Furnished(recorded, refused, link.json["path"])


class Phones:
    """The recorder as the bus knows it while calls go on: in a thread, until the `with` block ends."""

    def __init__(self, layout: Layout, count: int = 4) -> None:
        self._layout = layout
        self._count = count
        self._loop = asyncio.new_event_loop()
        self._leave = asyncio.Event()
        self._told = threading.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._run()))

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._told.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._leave.set)
        self._thread.join(20)
        self._loop.close()

    async def _run(self) -> None:
        async with Bus(self._layout.bus_socket, "recorder") as bus:
            self._tell(bus)
            self._told.set()
            await self._leave.wait()

    def _tell(self, bus: Bus) -> None:
        dice = random.Random(4)
        now = datetime.now(UTC)
        figures = {}
        for number in range(self._count):
            call = _call(dice, now - timedelta(seconds=30 + 47 * number), 0)
            call.state, call.ended_at = CallState.UP, None
            call.answered_at = call.started_at + timedelta(seconds=4)
            codecs = {"caller": "PCMA", "callee": "PCMA"}
            bus.set(CALL, call.call_id, LiveCall(at=now, call=call, codecs=codecs))
            packets = 1400 + 2350 * number
            figures[call.call_id] = {
                side: StreamNow(packets=packets, lost=number, jitter_ms=0.4, mos=4.38)
                for side in ("caller", "callee")
            }
        bus.set(
            INTAKE,
            "eth1",
            Intake(at=now, interface="eth1", link_up=True, counters=COUNTERS, vlans=VLANS, subnets=SUBNETS),
        )
        bus.set(
            HEALTH,
            "port_silent:eth2",
            Health(at=now, raised=True, code="port_silent", facts={"interface": "eth2", "seconds": 95}),
        )
        bus.hint(MEDIA, "", LiveMedia(at=now, calls=figures))


def _alarms(database: Database, now: datetime) -> None:
    """One over, one that stands, one that was answered, and the mails about them."""
    lost = alarms.Found("link_down", "eth2", "critical", raised=True, facts={"interface": "eth2"})
    silent = alarms.Found(
        "port_silent", "eth2", "warning", raised=True, facts={"interface": "eth2", "seconds": 95}
    )
    alarms.record(database, [lost], now - timedelta(days=3), timedelta(minutes=5))
    alarms.record(
        database, [lost._replace(raised=False)], now - timedelta(days=3, minutes=-12), timedelta(minutes=5)
    )
    alarms.record(database, [silent], now - timedelta(minutes=20), timedelta(minutes=5))
    told = notices.Notice(
        1, "email", "raised", "link_down", ("ops@example.test",), "Link of eth2 is down", ""
    )
    notices.add(
        database,
        [told, told._replace(occasion="cleared", title="Link of eth2 is up again")],
        now - timedelta(days=3),
    )
    for kept in notices.due(database, now):
        notices.finish(database, kept.id, "sent", "250 2.0.0 queued", now - timedelta(days=3))


def _done(reply) -> None:
    assert 200 <= reply.status < 300, reply


def _call(dice: random.Random, at: datetime, talk_s: float) -> Call:
    (inner, inner_name, _), (outer, outer_name) = dice.choice(STAFF), dice.choice(OTHERS)
    own, other = (
        Party(number=inner, number_raw=inner, display=inner_name),
        Party(number=outer, number_raw=outer, display=outer_name),
    )
    is_incoming = dice.random() < 0.6
    call_id = sortable_id(to_ns(at))
    return Call(
        call_id=call_id,
        sip_call_id=f"{call_id}@pbx.example.test",
        interaction_id=call_id,
        caller=other if is_incoming else own,
        callee=own if is_incoming else other,
        started_at=at,
        direction=Direction.INCOMING if is_incoming else Direction.OUTGOING,
        state=CallState.ENDED,
        ringing_at=at + timedelta(seconds=1),
        answered_at=at + timedelta(seconds=5) if talk_s else None,
        ended_at=at + timedelta(seconds=5 + talk_s),
        ended_by=dice.choice([Side.CALLER, Side.CALLEE]),
        status_code=200,
    )


def _record(dice: random.Random, at: datetime) -> Record:
    reason = dice.choice(REASONS) if dice.random() < 0.18 else None
    talk_s = 0.0 if reason else round(dice.lognormvariate(4.6, 0.9), 1)
    call = _call(dice, at, talk_s)
    if reason is Reason.BUSY:
        call.status_code = 486
    mark = dice.choice([(), (), (), (), (Mark.HELD,), (Mark.LOSS,), (Mark.JOINED_LATE,)])
    made = make_record(
        reason=reason,
        talk_s=talk_s,
        at=at,
        marks=() if reason else mark,
        codecs=() if reason else ("PCMA", "PCMA"),
        size=int(16_000 * talk_s),
    )
    made.manifest.call = call
    if made.recording is not None:
        mos = round(dice.choice([4.4, 4.38, 4.31, 4.1, 3.2]), 2)
        made.quality = CallQuality(mos=mos, verdict=Verdict.CLEAN if mos > 4 else Verdict.NETWORK)
    return made


def _heard(layout: Layout, number: int, now: datetime) -> Record:
    """A call of the last minutes with audio that looks like speech; the second is a transfer of the first."""
    dice = random.Random(number)
    length_s = 21 + 6 * number
    at = now - timedelta(minutes=4 + 7 * number)
    made = make_record(at=at, talk_s=float(length_s), marks=(Mark.HELD,) if number == 0 else ())
    made.manifest.call = call = _call(dice, at, float(length_s))
    begins = call.answered_at
    assert begins is not None
    made.manifest.messages = _ladder(call)
    call.events = [
        CallEvent(at=begins + timedelta(seconds=4), kind="dtmf", side=Side.CALLER, detail="4"),
        CallEvent(at=begins + timedelta(seconds=12), kind="hold", side=Side.CALLEE),
        CallEvent(at=begins + timedelta(seconds=14), kind="resume", side=Side.CALLEE),
    ]
    if number == 1:
        earlier = random.Random(0)
        first = _call(earlier, now - timedelta(minutes=4), 1.0)
        call.related = [Relation(kind=RelationKind.CONSULTATION, at=at, sip_call_id=first.sip_call_id)]
    sound = Sound(_speech(length_s, number), RATE_HZ)
    name = f"{at:%Y/%m/%d}/{call.call_id}"
    path = layout.archive / f"{name}.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    written = make(WavPcm()).write(sound, path)
    (layout.archive / f"{name}.peaks").write_bytes(write_peaks(sound))
    made.recording = Recording(
        file=f"{name}.wav",
        format="wav_pcm",
        sha256=written.sha256,
        bytes=written.bytes,
        sample_rate_hz=RATE_HZ,
        channels=2,
        starts_at=begins,
        length_s=float(length_s),
        peaks_file=f"{name}.peaks",
    )
    steps = length_s // 2
    mos = [4.38 if step != 5 else 3.4 for step in range(steps)]
    series = Series(
        starts_at=begins,
        step_s=2,
        lost=[0 if step != 5 else 7 for step in range(steps)],
        jitter_ms=[0.6] * steps,
        mos=mos,
    )
    made.tracks = [
        type(track)(**{name: getattr(track, name) for name in track.__struct_fields__} | {
            "quality": StreamQuality(mos=4.31, mos_worst=3.4, lost_percent=0.2, jitter_mean_ms=0.6, jitter_max_ms=2.1, series=series)
        })
        for track in [*made.tracks, make_record(codecs=("PCMA", "PCMA")).tracks[1]]
    ]  # fmt: skip
    made.quality = CallQuality(mos=4.31, verdict=Verdict.CLEAN)
    return made


def _ladder(call: Call) -> list[Message]:
    steps = (
        (0.0, True, "INVITE"),
        (0.02, False, "100 Trying"),
        (1.0, False, "180 Ringing"),
        (5.0, False, "200 OK"),
        (5.03, True, "ACK"),
        (25.0, True, "BYE"),
        (25.02, False, "200 OK"),
    )
    ends = ("10.0.0.11:5060", "10.0.0.20:5060")
    return [
        Message(
            at=call.started_at + timedelta(seconds=after_s),
            source=ends[0 if forth else 1],
            destination=ends[1 if forth else 0],
            transport="udp",
            label=label,
            has_sdp=label == "INVITE" or after_s == 5.0,
        )
        for after_s, forth, label in steps
    ]


def _speech(length_s: int, seed: int) -> np.ndarray:
    """Noise with the rhythm of two people who speak in turn; int16, shape (samples, 2)."""
    dice = np.random.default_rng(seed)
    count = length_s * RATE_HZ
    at_s = np.arange(count) / RATE_HZ
    rough = dice.normal(0, 1, count)
    voice = np.convolve(rough, np.hanning(24) / 12, mode="same")
    syllables = np.clip(np.sin(2 * np.pi * 3.7 * at_s + np.cumsum(dice.normal(0, 0.004, count))), 0.05, 1)
    turns = np.interp(at_s, np.arange(length_s + 2), dice.uniform(0.25, 1, length_s + 2))
    first = (np.sin(2 * np.pi * at_s / 7.3) > 0.05).astype(float)
    sides = np.stack([voice * syllables * turns * first, voice * syllables * turns * (1 - first)], axis=1)
    return (sides * 5200).clip(-32000, 32000).astype(np.int16)
