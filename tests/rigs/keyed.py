"""Runs of keys under the conditions of ITU-T Q.24, what detectors make of them, and what the standard wants."""

import bisect
from typing import NamedTuple

import numpy as np

from appliance.domain.tones import KeySensitivity
from appliance.media.tones.frames import Framing
from appliance.media.tones.keypad import KeyBank
from tests.rigs.keys import KEYS
from tests.rigs.linetones import key, line, noise, silence, sines


class Condition(NamedTuple):
    """One condition, and whether keys have to be heard (True), must not be (False), or may (None)."""

    name: str
    wanted: bool | None
    on_ms: float = 50
    off_ms: float = 45
    dbm0: float = -13
    twist_db: float = 0
    off_percent: float = 0
    off_high_percent: float | None = None
    noise_db: float = 50
    dial_dbm0: float | None = None


CONDITIONS = (
    *(Condition(f"level {dbm0} dBm0", True, dbm0=dbm0) for dbm0 in (0, -5, -25, -33)),
    *(Condition(f"level {dbm0} dBm0", False, dbm0=dbm0) for dbm0 in (-38, -55)),
    *(Condition(f"high tone {twist:+d} dB", True, twist_db=twist) for twist in (-8, -6, -4, 4)),
    *(Condition(f"high tone {twist:+d} dB", False, twist_db=twist) for twist in (-12, 8)),
    *(Condition(f"both {off:+} %", True, off_percent=off, on_ms=40) for off in (-1.8, -1.5, 1.5, 1.8)),
    Condition("low -1.5 %, high +1.5 %", True, off_percent=-1.5, off_high_percent=1.5),
    *(Condition(f"both {off:+} %", False, off_percent=off) for off in (-3.5, -3, 3, 3.5)),
    Condition("low +3.5 % alone", False, off_percent=3.5, off_high_percent=0),
    Condition("high +3.5 % alone", False, off_percent=0, off_high_percent=3.5),
    Condition("40 ms, pause 30 ms", True, on_ms=40, off_ms=30),
    Condition("30 ms", None, on_ms=30),
    *(Condition(f"{on} ms", False, on_ms=on) for on in (20, 23)),
    *(Condition(f"noise {noise_db} dB below", True, noise_db=noise_db) for noise_db in (24, 20, 15, 12)),
    Condition("over a dial tone of -18 dBm0", True, dial_dbm0=-18),
)


def played(condition, count, seed=7):
    """The sound of `count` keys, their digits and their first samples."""
    rng = np.random.default_rng(seed)
    digits = [KEYS[place % len(KEYS)] for place in range(count)]
    parts, starts, at = [silence(100)], [], 800
    for digit in digits:
        pressed = key(
            digit,
            condition.on_ms,
            condition.dbm0,
            twist_db=condition.twist_db,
            off_percent=condition.off_percent,
            off_high_percent=condition.off_high_percent,
            rng=rng,
        )
        pause = silence(condition.off_ms + rng.uniform(0, 12))
        starts.append(at)
        parts += [pressed, pause]
        at += pressed.size + pause.size
    sound = np.concatenate([*parts, silence(200)])
    sound += noise(sound.size, condition.dbm0 - condition.noise_db, rng)
    if condition.dial_dbm0 is not None:
        sound += sines((450,), sound.size / 8, condition.dial_dbm0)[: sound.size]
    return line(sound), digits, starts


def heard(sound, sensitivity=None, block=800):
    """What the bank hears in one voice."""
    bank, framing = KeyBank(1), Framing(1)
    bank.listen(0, sensitivity or KeySensitivity())
    found = []
    for at in range(0, sound.size, block):
        found += bank.feed_frames(framing.feed(sound[at : at + block].reshape(1, -1)))
    return [one.key for one in found]


def rate(found, digits, starts):
    """Shares of keys that were heard once where they were, and of all other things that were heard."""
    seen = set()
    for one in found:
        place = bisect.bisect(starts, one.at + 100) - 1
        if place >= 0 and digits[place] == one.digit:
            seen.add(place)
    return len(seen) / len(digits), (len(found) - len(seen)) / len(digits)
