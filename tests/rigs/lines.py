"""Scenarios of lines for tests: sounds are written, a board plays them as fast as it can, calls come out."""

import json
import wave
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np

from appliance.boards.calls import LineCall
from appliance.boards.card import Card
from appliance.boards.deciding import Deciding
from appliance.core.clock import SystemClock
from appliance.domain.line import RATE_HZ
from appliance.media.pcm import Law, Pcm, compress
from appliance.settings.boards import Boards
from appliance.settings.recording import Rulebook
from drivers.boards.replay import BLOCK, ReplayBoard

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
    """A call and the sound that was stored of it."""

    call: LineCall
    sound: bytes


def boards_of(*channels: dict, **more: object) -> Boards:
    """Settings as the store would read them."""
    card = {"kind": "replay", "name": "test", "scenario": "x", **more.pop("card", {})}  # type: ignore[dict-item]
    return msgspec.convert({"cards": [card], "channels": list(channels), **more}, Boards)


def play(
    scenario: Path, boards: Boards, seconds: float, rulebook: Rulebook | None = None
) -> tuple[list[Outcome], Card]:
    """What becomes of a scenario's first seconds: the calls that ended, oldest first, and the board."""
    deciding = Deciding(rulebook or msgspec.convert({}, Rulebook))
    stored: dict[str, bytearray] = {}
    found: list[Outcome] = []
    with ReplayBoard(scenario, real_time=False) as board:
        card = Card(boards.cards[0], board.describe(), boards, deciding, SystemClock().now())
        taken = 0
        while taken < seconds * RATE_HZ:
            reading = board.read(1.0)
            assert reading is not None
            taken += BLOCK + reading.lost
            card.handle(reading)
            blocks = card.blocks()
            for call in card.take_ended():
                blocks += card.flush(call)
                for block in blocks:
                    stored.setdefault(block.call_id, bytearray()).extend(block.codes)
                blocks = []
                length = call.lines[0].length_until(call) if call.lines else 0
                found.append(Outcome(call, bytes(stored.get(call.call_id, b""))[:length]))
            for block in blocks:
                stored.setdefault(block.call_id, bytearray()).extend(block.codes)
    return sorted(found, key=lambda one: one.call.started), card
