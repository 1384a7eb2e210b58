"""The exchange at the other end of analog lines, run on the box of the boot test by its own Python: what the card of software
(`line_card/`) shows of its lines, said step by step.

Of the standard library alone; the test imports it for what is said. The answer is a line of JSON.
"""

import json
import os
import random
import struct
import sys
import time
from pathlib import Path

CONTROL = "/dev/line_card"
_ORDER = struct.Struct("=sBh")


def spoken(seed: int, octets: int) -> bytes:
    """What somebody says, A-law: noise that is loud and never silent."""
    return random.Random(seed).randbytes(octets)


def play(steps: list[list]) -> int:
    """Follow the steps: `volts PORT V`, `ring PORT 0|1`, `say PORT SEED OCTETS`, `said PORT` (all
    of it was heard), `out`, `in`, `wait S`."""
    card = os.open(CONTROL, os.O_WRONLY)
    for kind, *what in steps:
        if kind == "wait":
            time.sleep(what[0])
        elif kind == "say":
            port, seed, octets = what
            _order(card, b"S", port, 0, spoken(seed, octets))
        else:
            letter = {"volts": b"V", "ring": b"R", "said": b"W", "out": b"U", "in": b"P"}[kind]
            _order(card, letter, *what)
    os.close(card)
    return len(steps)


def _order(card: int, letter: bytes, port: int = 0, value: int = 0, sound: bytes = b"") -> None:
    os.write(card, _ORDER.pack(letter, port, value) + sound)


if __name__ == "__main__":
    followed = play(json.loads(Path(sys.argv[1]).read_text()))
    sys.stdout.write(json.dumps({"followed": followed}) + "\n")
