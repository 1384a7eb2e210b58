"""Cards of lines in the box as it is handed out: the kernel joins E1 ports of its own, the box taps them; a card of software
brings analog lines.

The ports that are recorded are one-way taps of the two that talk: nothing of the box's can reach the call. Calls of ISDN are
frames that the kernel's own HDLC carries, those of R2 are made by two programs of openr2, those of China No. 1, which openr2
does not bring to an end, by a generator from the text.
"""

import base64
import gzip
import io
import json
import wave
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from appliance.media.pcm import Law, compress, expansion
from tests.rigs import board_player, line_player, signalling
from tests.rigs.board_player import said, sung
from tests.rigs.boxed import OneBox, changed
from tests.rigs.line_player import spoken
from tests.rigs.patience import until

TRIALS = Path(".build/image/trials")
PLAYER, EXCHANGE, OPENR2 = "/run/player.py", "/run/exchange.py", "/run/openr2"
PYTHON = "/usr/lib/tapeline/bin/python3"
TIMESLOT, SIGNALLING, PRI_SIZE = 5, 16, 17
TALK_OCTETS = 6 * 8000
HIGH_SPAN, HIGH_CHANNEL, HIGH_SIZE = 61, 1101, 6
SUNG, SINGER = 5 * 8000, 7
R2_SPAN, R2_CHANNEL, R2_SIZE, R2_TIMESLOT = 71, 1201, 4, 3
APART_MS, TONE_MS = 150, 250
OWN, HIGH, DEAF, SPOKEN = range(4)
"""The lines: as they come, with thresholds for 24 V, without, by voice."""
WORDS = 4 * 8000
CALM_LOOKS = 20
"""How often in a row nothing may have been lost before the first call; a machine that begins to read is behind for a while."""
CLOCK_S = 10
"""What a slow machine may be late."""
CARDS = [
    {"kind": "dahdi", "name": "Trunks", "first_channel": 1, "first_span": 1,
     "spans": f"3-4,{HIGH_SPAN + 2}-{HIGH_SPAN + 3},{R2_SPAN + 2}-{R2_SPAN + 3},{R2_SPAN + 6}-{R2_SPAN + 7}"},
    {"kind": "alsa", "name": "Radio", "first_channel": 2001, "device": "plughw:CARD=Loopback,DEV=1", "channels": 1},
]  # fmt: skip
"""As few as will do, and short ones: the emulator is slow, in the kernel that joins the ports most of all."""
SPANS, CHANNELS, CUT = 8, 2 * PRI_SIZE + 2 * HIGH_SIZE + 4 * R2_SIZE, 4
TRUNKS = [
    {"name": "PRI", "lines": [{"first_span": 1, "second_span": 2}], "signalling": {"kind": "isdn"}},
    {
        "name": "Far",
        "lines": [{"first_span": 3, "second_span": 4}],
        "signalling": {"kind": "isdn", "timeslots": [HIGH_SIZE]},
    },
    {
        "name": "R2",
        "lines": [{"first_span": 5, "second_span": 6}],
        "signalling": {"kind": "r2", "registers": "itu"},
    },
    {"name": "SS1", "lines": [{"first_span": 7, "second_span": 8}], "signalling": {"kind": "r2"}},
]
LINES = [
    {"number": 3101 + OWN, "extension": "8001"},
    {"number": 3101 + HIGH, "extension": "8002", "off_hook_v": 30, "on_hook_v": 40},
    {"number": 3101 + DEAF, "extension": "8003"},
    {"number": 3101 + SPOKEN, "extension": "8004", "control": "voice", "silence_ms": 1000},
]


def _bring(box: OneBox, content: bytes, path: str) -> None:
    packed = base64.b64encode(gzip.compress(content)).decode()
    box.machine.shell.ask(f"echo {packed} | base64 -d | gunzip >{path}", 300)


def _planned(box: OneBox, plan: object) -> str:
    _bring(box, json.dumps(plan).encode(), "/run/plan.json")
    return "/run/plan.json"


def _play(box: OneBox, *words: object) -> dict:
    told = box.machine.shell.ask(f"{PYTHON} {PLAYER} {' '.join(map(str, words))}", 600)
    return json.loads(told.splitlines()[-1])


def _happens(box: OneBox, *steps: tuple) -> None:
    """What happens on the analog lines."""
    box.machine.shell.ask(f"{PYTHON} {EXCHANGE} {_planned(box, steps)}", 600)


def _spans(box: OneBox) -> set[int]:
    listed = box.machine.shell.ask("ls /sys/bus/dahdi_spans/devices")
    return {int(name.removeprefix("span-")) for name in listed.split()}


@pytest.fixture(scope="module")
def cards(box: OneBox) -> OneBox:
    """Cards are put in while the box runs; then they are set up on the page."""
    shell = box.machine.shell
    # Nothing is run from where it stands otherwise.
    shell.ask(f"mkdir -p {OPENR2} && mount -t tmpfs none {OPENR2}")
    for path, there in (
        (Path(board_player.__file__), PLAYER),
        (Path(line_player.__file__), EXCHANGE),
        (TRIALS / "line_card.ko", "/run/line_card.ko"),
        (TRIALS / "openr2/r2test", f"{OPENR2}/r2test"),
        (TRIALS / "openr2/libopenr2.so.3", f"{OPENR2}/libopenr2.so.3"),
    ):
        _bring(box, path.read_bytes(), there)
    shell.ask(f"chmod +x {OPENR2}/r2test")
    shell.ask(
        "modprobe dahdi_dynamic_loc && modprobe snd-aloop && insmod /run/line_card.ko && udevadm settle", 300
    )
    _play(box, "spans", 1, PRI_SIZE, 0, 0)
    _play(box, "spans", 2, HIGH_SIZE, HIGH_SPAN, HIGH_CHANNEL)
    _play(box, "spans", 3, R2_SIZE, R2_SPAN, R2_CHANNEL)
    _play(box, "spans", 4, R2_SIZE, R2_SPAN + 4, R2_CHANNEL + 4 * R2_SIZE)
    before = _spans(box)
    assert len(before) == 16
    _happens(box, ("in",))
    (span,) = _spans(box) - before
    lines = {"kind": "dahdi", "name": "Lines", "first_channel": 3101, "spans": str(span)}
    changed(box, {"boards": {"cards": [*CARDS, lines], "channels": LINES, "trunks": TRUNKS}})
    until(lambda: not _faults(box), 300, "every board to be read")
    overruns: list[int] = []

    def keep_up() -> bool:
        overruns.append(sum(one["overruns"] for one in _boards(box).values()))
        return len(overruns) > CALM_LOOKS and overruns[-1] == overruns[-CALM_LOOKS]

    until(keep_up, 300, "the boards to be read as fast as they bring")
    return box


def _boards(box: OneBox) -> dict[str, dict]:
    reply = box.admin.get("boards")
    return {one["name"]: one for one in reply.json["boards"]} if reply.status == 200 else {}


def _faults(box: OneBox) -> dict[str, str]:
    """What is not read now, and why; without a reason it is not open yet."""
    return {
        one["name"]: f"{one['fault']}: {one['problem']}"
        for one in _boards(box).values()
        if one["fault"] or not one["since"]
    } or ({} if len(_boards(box)) == len(CARDS) + 1 else {"": "not told"})


def _plan(first: tuple[int, int], signalling_slot: int, caller: str, callee: str) -> dict:
    """A call from the one end to the other, ended by the one that was called."""
    link, wire = signalling.Dchannel(), signalling
    steps: list[tuple] = [("frame", end, wire.RECEIVER_READY.hex()) for _ in range(3) for end in (0, 1)]

    def say(end: int, text: bytes) -> None:
        steps.append(("frame", end, link.frame(end, text).hex()))

    say(
        0,
        wire.q931(5, 9, wire.SPEECH, wire.channel(TIMESLOT), wire.calling(caller), wire.called(callee)),
    )
    for kind in (2, 1, 7):
        say(1, wire.q931(kind, 9, *([wire.channel(TIMESLOT)] if kind == 2 else []), back=True))
    steps.append(("talk", TALK_OCTETS))
    say(1, wire.q931(0x45, 9, wire.cause(16), back=True))
    say(0, wire.q931(0x4D, 9))
    say(1, wire.q931(0x5A, 9, back=True))
    return {
        "first": first,
        "timeslot": TIMESLOT,
        "signalling": signalling_slot,
        "octets": TALK_OCTETS,
        "steps": steps,
    }


@dataclass
class Tones:
    """What is heard of register signals; takes the place of a trunk before the generator of them."""

    told: list[tuple] = field(default_factory=list)

    def tone(self, port: int, timeslot: int, at_ns: int, signal: int, *, is_forward: bool) -> None:
        low, high = signalling.PAIRS[signal - 1]
        plan = signalling.FORWARD if is_forward else signalling.BACKWARD
        self.told.append((port, (at_ns - signalling.START) // 1_000_000, TONE_MS, plan[low], plan[high]))


def _china(caller: str, callee: str) -> dict:
    """A call of China No. 1, ended by who called. Pauses are long enough for two ends that are not quite in step."""
    tones = Tones()
    line = signalling.ChinaNo1(tones, timeslot=R2_TIMESLOT, apart_ms=APART_MS)
    line.dial(callee, caller, ask_after=2)
    steps: list[tuple] = [("bits", 0, 0b0011), ("bits", 1, 0b1111)]
    steps.append(("tones", (line.at_ns - signalling.START) // 1_000_000, tones.told))
    steps += [("bits", 1, 0b0111), ("talk", TALK_OCTETS), ("bits", 0, 0b1011), ("bits", 1, 0b1011)]
    first = R2_CHANNEL + 4 * R2_SIZE
    return {
        "first": (first, first + R2_SIZE),
        "timeslot": R2_TIMESLOT,
        "signalling": 0,
        "octets": TALK_OCTETS,
        "steps": steps,
    }


def _row(box: OneBox, number: str) -> dict | None:
    """The newest call from or to somebody."""
    reply = box.admin.get("calls?page_size=100")
    rows = reply.json["calls"] if reply.status == 200 else []
    return next((row for row in rows if number in (row["caller"]["number"], row["callee"]["number"])), None)


def _recorded(box: OneBox, told: dict, caller: str, callee: str, at: tuple[float, float], figures) -> None:
    """A call between two ends is in the list as it was: both numbers, both directions, answer and end."""
    assert told["exact"] == [True, True], told
    row = until(lambda: _row(box, caller), 300, "the call in the list")
    assert (row["data_type"], row["callee"]["number"], row["reason"]) == ("e1", callee, None), row
    tracks = _heard(box, row["call_id"])
    assert tracks.shape[1] == 2
    for track in range(2):
        assert _holds(tracks[:, track], said(track, TALK_OCTETS)), f"track {track}"
    for name, when in zip(("answered_at", "ended_at"), at, strict=True):
        late_s = datetime.fromisoformat(row[name]).timestamp() - when
        figures[f"{name.removesuffix('_at')} told so much later, s"] = round(late_s, 2)
        assert abs(late_s) < CLOCK_S, row
    figures["octets equal each way"] = TALK_OCTETS


def _heard(box: OneBox, call_id: str) -> np.ndarray:
    reply = box.admin.get(f"calls/{call_id}/audio?format=wav_pcm")
    assert reply.status == 200, reply
    with wave.open(io.BytesIO(reply.body)) as file:
        assert file.getframerate() == 8000
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())


def _holds(track: np.ndarray, codes: bytes) -> bool:
    wanted = expansion(Law.ALAW)[np.frombuffer(codes, np.uint8)].astype("<i2").tobytes()
    return wanted in np.ascontiguousarray(track).tobytes()


def test_cards_are_found_set_up_and_read(cards: OneBox, figures):
    boards = _boards(cards)
    assert boards["Trunks"]["channels"] == CHANNELS
    assert [span["alarms"] for span in boards["Trunks"]["spans"]] == [[]] * SPANS
    figures["channels read"] = sum(one["channels"] for one in boards.values())


def test_the_program_of_boards_opens_the_taps_and_nothing_else(cards: OneBox):
    """A channel has one owner: those of the two ends are still to be had, which the calls below show as well."""
    pid = cards.machine.shell.ask("systemctl show tapeline@boards -p MainPID --value")
    opened = cards.machine.shell.ask(f"ls -l /proc/{pid}/fd")
    assert opened.count("/dev/dahdi/channel") == CHANNELS + len(LINES)
    assert opened.count("/dev/snd/pcm") == 1


@pytest.mark.parametrize(
    ("first", "signalling_slot", "caller"),
    [
        ((1, 1 + PRI_SIZE), SIGNALLING, "13800138001"),
        ((HIGH_CHANNEL, HIGH_CHANNEL + HIGH_SIZE), HIGH_SIZE, "13800138002"),
    ],
)
def test_a_call_of_isdn_is_recorded_exactly(cards: OneBox, first, signalling_slot, caller, figures):
    """The second one runs on channels that `dahdi_cfg` knows nothing of."""
    plan = _plan(first, signalling_slot, caller, "62951234")
    told = _play(cards, "call", _planned(cards, plan))
    talk = plan["steps"].index(("talk", TALK_OCTETS))
    _recorded(cards, told, caller, "62951234", (told["at"][talk - 1], told["at"][talk + 1]), figures)


def test_a_call_that_openr2_makes_is_recorded_exactly(cards: OneBox, figures):
    channels = (R2_CHANNEL + R2_TIMESLOT - 1, R2_CHANNEL + R2_SIZE + R2_TIMESLOT - 1)
    caller, callee = "1380013", "62951235"
    plan = {"folder": OPENR2, "variant": "itu", "caller": caller, "callee": callee, "channels": channels, "octets": TALK_OCTETS}  # fmt: skip
    told = _play(cards, "r2", _planned(cards, plan))
    _recorded(cards, told, caller, callee, tuple(told["at"]), figures)


def test_a_call_of_china_no_1_is_recorded_exactly(cards: OneBox, figures):
    caller, callee = "13804", "62956"
    plan = _china(caller, callee)
    told = _play(cards, "call", _planned(cards, plan))
    talk = plan["steps"].index(("talk", TALK_OCTETS))
    _recorded(cards, told, caller, callee, (told["at"][talk - 1], told["at"][talk + 1]), figures)


def test_what_is_recorded_of_analog_lines_is_what_their_parameters_say(cards: OneBox, figures):
    """Four lines at the same time, of the same card; a ring, another voltage in use, the same without its threshold, voice alone."""
    _happens(
        cards,
        ("ring", OWN, 1), ("wait", 1), ("ring", OWN, 0), ("wait", 1),
        ("volts", OWN, 9), ("volts", HIGH, -24), ("volts", DEAF, -24), ("wait", 1),
        *(("say", port, port, WORDS) for port in range(4)), *(("said", port) for port in range(4)), ("wait", 4),
        *(("volts", port, 48) for port in range(4)),
    )  # fmt: skip
    rows = {}
    for port, number in ((OWN, "8001"), (HIGH, "8002"), (SPOKEN, "8004")):
        row = rows[port] = until(lambda number=number: _row(cards, number), 300, f"the call of {number}")
        assert (row["data_type"], row["reason"]) == ("analog", None), row
        tracks = _heard(cards, row["call_id"])
        assert tracks.shape[1] == 1
        assert _holds(tracks[:, 0], spoken(port, WORDS)), number
    assert rows[OWN]["callee"]["number"] == "8001", "it rang"
    assert rows[OWN]["ringing_at"] is not None
    assert rows[HIGH]["caller"]["number"] == "8002", "it did not ring"
    assert rows[SPOKEN]["length_s"] < rows[OWN]["length_s"], "voice ends before somebody hangs up"
    assert _row(cards, "8003") is None
    figures["recorded, s"] = {
        row["callee"]["number"] or row["caller"]["number"]: row["length_s"] for row in rows.values()
    }
    for what in ("lifted", "sent"):
        assert cards.machine.shell.ask(f"cat /sys/module/line_card/parameters/{what}") == "0", what


def _state(box: OneBox, port: int) -> str:
    reply = box.admin.get("boards/channels")
    return {one["number"]: one["state"] for one in reply.json["channels"]}.get(3101 + port, "")


def test_a_line_that_was_cut_is_told(cards: OneBox):
    _happens(cards, ("volts", DEAF, 0))
    until(lambda: _state(cards, DEAF) == "no_line", 120, "the line to be told as cut")
    _happens(cards, ("volts", DEAF, 48))
    until(lambda: _state(cards, DEAF) == "idle", 120, "the line to be there")


def test_a_card_of_lines_is_taken_out_during_a_call_and_put_back(cards: OneBox):
    before = _row(cards, "8002")["call_id"]
    _happens(cards, ("volts", HIGH, -24), ("say", HIGH, 9, WORDS), ("said", HIGH), ("wait", 4), ("out",))
    until(lambda: "Lines" in _faults(cards), 300, "the fault of the board")
    row = until(lambda: (one := _row(cards, "8002"))["call_id"] != before and one, 300, "the call it was")
    assert "board_gone" in [mark["code"] for mark in row["marks"]], row
    assert _holds(_heard(cards, row["call_id"])[:, 0], spoken(9, WORDS))
    _happens(cards, ("volts", HIGH, 48), ("in",))
    until(lambda: not _faults(cards), 300, "the board to be read again")


def test_what_is_played_into_a_sound_input_is_recorded_exactly(cards: OneBox, figures):
    told = _play(cards, "sing", "hw:CARD=Loopback,DEV=0", SINGER, SUNG)
    assert told == {"sung": SUNG, "failed": []}
    row = until(lambda: _sound_row(cards), 300, "the recording of the sound input")
    track = _heard(cards, row["call_id"])[:, 0]
    samples = np.frombuffer(sung(SINGER, SUNG), "<i2")
    assert _holds(track, compress(samples, Law.ALAW).tobytes())
    figures["samples of the sound input equal"] = SUNG


def _sound_row(box: OneBox) -> dict | None:
    """The call of the one line that has no number."""
    reply = box.admin.get("calls?page_size=100")
    rows = [row for row in reply.json["calls"] if row["data_type"] == "analog"] if reply.status == 200 else []
    return next((row for row in rows if not row["caller"]["number"] + row["callee"]["number"]), None)


def test_nothing_was_lost(cards: OneBox, figures):
    boards = _boards(cards)
    figures["samples lost"] = {name: one["lost_samples"] for name, one in boards.items()}
    assert not _faults(cards)


def test_a_cable_that_was_cut_is_an_alarm_of_its_port(cards: OneBox):
    """The last of all: the other end is gone."""
    _play(cards, "cut", 3, R2_SIZE)
    until(lambda: "red" in _boards(cards)["Trunks"]["spans"][CUT]["alarms"], 300, "the alarm of the port")
