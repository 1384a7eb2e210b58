"""What lines cost: nanoseconds a sample by detector, and the share of a core of whole boards that record all at once.

Samples are made before and come from memory, so that the time is the box's own: levels, voltage, keys, caller identity,
tones, talk, the machines of the lines, and the files of the spool. Nothing waits for the clock: seconds of processor time
(all threads) for seconds of sound. A tapped trunk has two channels a call. Then the whole program in real time, whose recordings
are looked at channel by channel (`lines`).
"""

import tempfile
import time
from pathlib import Path

import msgspec
import numpy as np

from appliance.boards.card import Card
from appliance.boards.deciding import Deciding
from appliance.boards.spool import Spool
from appliance.core.clock import SystemClock
from appliance.core.files import Layout
from appliance.domain.tones import PATTERNS, CallerForm, Country, KeySensitivity, MfcDirection
from appliance.media.pcm import Law, expand
from appliance.media.tones.bank import Bank, Wanted
from appliance.settings.boards import Boards
from appliance.settings.recording import Rulebook
from drivers.boards.board import Channel, Description, Kind, Reading, Span
from tests.bench import lines
from tests.bench.line_card import BLOCK, BLOCKS, sound

ANALOG, E1 = 320, 960
_NS = 1_000_000_000

_DETECTORS = {
    "levels and talk": Wanted(),
    "keys": Wanted(keys=KeySensitivity()),
    "caller identity, FSK": Wanted(caller=CallerForm.FSK),
    "caller identity, keys": Wanted(keys=KeySensitivity(), caller=CallerForm.DTMF),
    "tones of the exchange": Wanted(progress=PATTERNS[Country.CHINA]),
    "fax": Wanted(fax=True),
    "register signals": Wanted(mfc=frozenset(MfcDirection)),
}


def report(folder: Path, *, long: bool = False) -> None:
    """Print both tables and the account of the channels."""
    print("Lines: nanoseconds a sample by detector, all channels talking")
    sounds = sound(ANALOG)
    before = _per_sample(_DETECTORS["levels and talk"], sounds)
    print(f"  {'levels and talk':<24}{before:8.1f}")
    for name, wanted in list(_DETECTORS.items())[1:]:
        print(f"  {name:<24}{max(0.0, _per_sample(wanted, sounds) - before):8.1f}")
    print("Boards recording all channels at once: share of one core, channels a core")
    parts = {
        f"{ANALOG} analog": [(ANALOG, Kind.ANALOG)],
        f"{E1} of trunks": [(E1, Kind.VOICE)],
        f"{ANALOG} analog + {E1} of trunks": [(ANALOG, Kind.ANALOG), (E1, Kind.VOICE)],
        f"{ANALOG} analog + {E1} tapped calls": [(ANALOG, Kind.ANALOG), (2 * E1, Kind.VOICE)],
    }
    for name, cards in parts.items():
        channels = sum(count for count, _ in cards)
        share = _recorded(folder, cards, 20)
        print(f"  {name:<36}{share:8.1%}{channels / share:10.0f} channels a core")
    lines.report(folder, 600 if long else 60)


def _per_sample(wanted: Wanted, blocks: list[np.ndarray]) -> float:
    """Units: nanoseconds"""
    linear = [expand(block, Law.ALAW) for block in blocks]
    channels = linear[0].shape[0]
    bank = Bank([wanted] * channels)
    for block in linear[:5]:
        bank.feed(block)
    begun = time.process_time_ns()
    rounds = 3
    for _ in range(rounds):
        for block in linear:
            bank.feed(block)
    took = time.process_time_ns() - begun
    bank.close()
    return took / (rounds * len(linear) * BLOCK * channels)


def _recorded(folder: Path, kinds: list[tuple[int, Kind]], seconds: int) -> float:
    """The share of a core."""
    with tempfile.TemporaryDirectory(dir=folder) as data:
        layout = Layout(Path(data)).make()
        spool = Spool(layout, 0)
        settings = msgspec.convert(
            {
                "cards": [
                    {"kind": "replay", "name": str(index), "scenario": "-", "first_channel": 1 + 2000 * index}
                    for index in range(len(kinds))
                ],
                "channels": [
                    {
                        "number": 1 + 2000 * index + place,
                        "control": "auto" if kind is Kind.ANALOG else "always",
                    }
                    for index, (count, kind) in enumerate(kinds)
                    for place in range(count)
                ],
            },
            Boards,
        )
        deciding = Deciding(msgspec.convert({}, Rulebook))
        cards = [
            Card(settings.cards[index], _described(count, kind), settings, deciding, SystemClock().now())
            for index, (count, kind) in enumerate(kinds)
        ]
        sounds = [sound(count) for count, _ in kinds]
        at_ns = time.time_ns()
        begun = 0
        for number in range(seconds * 10 + 10):
            if number == 10:  # calls have begun, files are open
                begun = time.process_time_ns()
            for card, (count, kind), blocks in zip(cards, kinds, sounds, strict=True):
                volts = np.full(count, 9, np.float32) if kind is Kind.ANALOG else None
                card.handle(Reading(at_ns + number * _NS // 10, blocks[number % BLOCKS], volts))
                spool.write(card.blocks())
        took = time.process_time_ns() - begun
        spool.close()
        for card in cards:
            card.close()
    return took / _NS / seconds


def _described(count: int, kind: Kind) -> Description:
    spans = tuple(Span(number + 1) for number in range(-(-count // 30))) if kind is Kind.VOICE else ()
    channels = tuple(
        Channel(kind) if kind is Kind.ANALOG else Channel(kind, "A", place // 30 + 1, place % 30 + 1)
        for place in range(count)
    )
    return Description("bench", channels, spans, has_volts=kind is Kind.ANALOG)
