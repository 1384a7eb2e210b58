"""Scenarios of lines for tests: sounds are written, a board plays them as fast as it can, calls come out."""

import json
import wave
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np

from appliance.boards.calls import LineCall
from appliance.boards.card import Card
from appliance.boards.deciding import Deciding
from appliance.boards.trunking import TrunkLine
from appliance.core.clock import SystemClock
from appliance.domain.line import RATE_HZ
from appliance.media.pcm import Law, Pcm, compress
from appliance.settings.boards import Boards
from appliance.settings.recording import Rulebook
from drivers.boards.replay import BLOCK, ReplayBoard
from tests.rigs import signalling

IDLE_V, IN_USE_V = 48.0, 9.0
_KEYS = {
    "1": (697, 1209), "2": (697, 1336), "3": (697, 1477), "4": (770, 1209), "5": (770, 1336), "6": (770, 1477),
    "7": (852, 1209), "8": (852, 1336), "9": (852, 1477), "*": (941, 1209), "0": (941, 1336), "#": (941, 1477),
}  # fmt: skip


def tone(seconds: float, hz: float = 300.0, amplitude: float = 6000.0) -> Pcm:
    """A steady tone."""
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (amplitude * np.sin(2 * np.pi * hz * at)).astype(np.int16)


def speech(seconds: float, seed: int = 1, amplitude: float = 6000.0) -> Pcm:
    """Noise that swells like speech, different for every seed, never long silent."""
    chance = np.random.default_rng(seed)
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * 3 * at + seed)
    return (amplitude * swell * chance.uniform(-1, 1, at.size)).astype(np.int16)


def keys(digits: str, amplitude: float = 6000.0) -> Pcm:
    """Keys as tones of 100 ms with pauses of 100 ms, sent by nobody's library."""
    at = np.arange(RATE_HZ // 10) / RATE_HZ
    pause = np.zeros(RATE_HZ // 10, np.int16)
    parts = [pause]
    for digit in digits:
        low, high = _KEYS[digit]
        wave_ = np.sin(2 * np.pi * low * at) + np.sin(2 * np.pi * high * at)
        parts += [(amplitude * wave_).astype(np.int16), pause]
    return np.concatenate(parts)


def codes(samples: Pcm, law: Law = Law.ALAW) -> bytes:
    """What a line brings of samples."""
    return compress(samples, law).tobytes()


@dataclass
class Scenario:
    """A board in the making; `write` gives the file."""

    folder: Path
    channels: list[dict] = field(default_factory=list)
    more: dict = field(default_factory=dict)

    def sound(self, name: str, samples: Pcm) -> str:
        path = self.folder / f"{name}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(samples.astype("<i2").tobytes())
        return path.name

    def line(
        self, *calls: tuple[float, float], rings: tuple[float, ...] = (), **play: tuple[float, Pcm]
    ) -> int:
        """An analog line that is in use from … to …, rings for a second at …, and brings sounds; its place."""
        volts: list[tuple[float, float]] = [(0, IDLE_V)]
        for begin, end in calls:
            volts += [(begin, IN_USE_V), (end, IDLE_V)]
        events = [
            {"at_s": at, "event": event}
            for ring in rings
            for at, event in ((ring, "ring"), (ring + 1, "ring_end"))
        ]
        place = len(self.channels)
        sounds = [
            {"at_s": at, "file": self.sound(f"{place}-{name}", samples)}
            for name, (at, samples) in play.items()
        ]
        self.channels.append({"volts": volts, "events": events, "play": sounds})
        return place

    def write(self, name: str = "scenario.json") -> Path:
        path = self.folder / name
        content = {"model": "test", "volts": True, "channels": self.channels, **self.more}
        path.write_text(json.dumps(content))
        return path


@dataclass
class Outcome:
    """A call and the sound that was stored of it, by channel; `sound` is its first line's."""

    call: LineCall
    sound: bytes
    lines: dict[int, bytes]


def boards_of(*channels: dict, **more: object) -> Boards:
    """Settings as the store would read them."""
    card = {"kind": "replay", "name": "test", "scenario": "x", **more.pop("card", {})}  # type: ignore[dict-item]
    return msgspec.convert({"cards": [card], "channels": list(channels), **more}, Boards)


def play(
    scenario: Path,
    boards: Boards,
    seconds: float,
    rulebook: Rulebook | None = None,
    licensed: int | None = None,
) -> tuple[list[Outcome], Card]:
    """What becomes of a scenario's first seconds: the calls that ended, oldest first, and the board. Of trunks nothing is kept."""
    deciding = Deciding(rulebook or msgspec.convert({}, Rulebook), licensed=lambda _: licensed)
    stored: dict[tuple[str, str], bytearray] = defaultdict(bytearray)
    found: list[Outcome] = []
    with ReplayBoard(scenario, real_time=False) as board:
        card = Card(boards.cards[0], board.describe(), boards, deciding, SystemClock().now())
        trunks = [TrunkLine(one, scenario.parent, {card.name: card}) for one in boards.trunks]
        taken = 0
        while taken < seconds * RATE_HZ:
            reading = board.read(1.0)
            assert reading is not None
            taken += BLOCK + reading.lost
            for trunk in trunks:
                trunk.take(card, reading)
            card.handle(reading)
            for trunk in trunks:
                trunk.hear(card, card.mfc)
                trunk.tick()
            blocks = card.blocks()
            for call in card.take_ended():
                blocks += card.flush(call)
                for block in blocks:
                    stored[block.call_id, block.file] += block.codes
                blocks = []
                lines = {
                    line.source.number: bytes(stored[call.call_id, line.file])[: line.length_until(call)]
                    for line in call.lines
                }
                found.append(Outcome(call, next(iter(lines.values()), b""), lines))
            for block in blocks:
                stored[block.call_id, block.file] += block.codes
    for trunk in trunks:
        trunk.close()
    return sorted(found, key=lambda one: one.call.started), card


class Pri:
    """A tapped ISDN trunk of a scenario: two spans, of which each brings some timeslots and a D-channel."""

    def __init__(self, scenario: Scenario, *timeslots: int, spans: tuple[int, int] = (1, 2)) -> None:
        self._scenario, self._spans, self._timeslots = scenario, spans, timeslots
        self._ends = signalling.Dchannel()
        self._frames: list[tuple[float, int, bytes]] = []
        self._reference = 1
        self.places: dict[tuple[int, int], int] = {}
        scenario.more.setdefault("frames", [])
        scenario.more.setdefault("spans", []).extend({"number": number} for number in spans)
        for port, span in enumerate(spans):
            for timeslot in timeslots:
                self.places[port, timeslot] = len(scenario.channels)
                scenario.channels.append({"kind": "voice", "span": span, "timeslot": timeslot, "play": []})

    def say(self, at_s: float, port: int, text: bytes) -> None:
        """A message of one end; in the order of time."""
        octets = self._ends.frame(port, text).hex()
        self._scenario.more["frames"].append({"at_s": at_s, "span": self._spans[port], "octets": octets})

    def speak(self, at_s: float, port: int, timeslot: int, samples: Pcm) -> None:
        """What the end of one port says on a timeslot."""
        name = self._scenario.sound(f"{port}-{timeslot}-{at_s}", samples)
        self._scenario.channels[self.places[port, timeslot]]["play"].append({"at_s": at_s, "file": name})

    def call(
        self,
        timeslot: int,
        caller: str,
        callee: str,
        *,
        begin_s: float,
        answer_s: float | None,
        end_s: float,
        port: int = 0,
        cause: int = 16,
        ended_by: int = 0,
    ) -> None:
        """A call from the end of `port`; without an answer it only rings."""
        reference, self._reference = self._reference, self._reference + 1
        other, wire = 1 - port, signalling
        setup = (wire.SPEECH, wire.channel(timeslot), wire.calling(caller), wire.called(callee))
        self.say(begin_s, port, wire.q931(5, reference, *setup))
        self.say(begin_s + 0.2, other, wire.q931(2, reference, wire.channel(timeslot), back=True))
        self.say(begin_s + 0.4, other, wire.q931(1, reference, back=True))
        if answer_s is not None:
            self.say(answer_s, other, wire.q931(7, reference, back=True))
        by = port if ended_by == 0 else other
        is_back = by != port
        self.say(end_s, by, wire.q931(0x45, reference, wire.cause(cause), back=is_back))
        self.say(end_s + 0.1, 1 - by, wire.q931(0x4D, reference, back=not is_back))
        self.say(end_s + 0.2, by, wire.q931(0x5A, reference, back=is_back))


def pri_settings(*, spans: tuple[int, int] = (1, 2), **more: object) -> dict:
    """The trunk of such a scenario in the settings."""
    return {
        "name": "PRI",
        "lines": [{"first_span": spans[0], "second_span": spans[1]}],
        "signalling": {"kind": "isdn"},
        **more,
    }
