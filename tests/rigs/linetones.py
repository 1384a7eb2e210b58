"""What exchanges and telephones send on a line, made from sines and from the text of the standards; spandsp has no part in it.

Levels are dBm0, a sine that fills 16 bits is +3.14. Everything is float64 until `line` makes it 16 bits through G.711.
"""

import math

import numpy as np

from appliance.media.pcm import Law, compress, expand
from tests.rigs.keys import _COLUMNS, _PAD, _ROWS

RATE_HZ = 8000
BELL_202 = (1200.0, 2200.0)
V23 = (1300.0, 2100.0)


def amplitude(dbm0):
    return 32767 * 10 ** ((dbm0 - 3.14) / 20)


def silence(ms):
    return np.zeros(round(ms * RATE_HZ / 1000))


def sines(frequencies_hz, ms, dbm0, rng=None):
    """Each of the frequencies at this level (or at its own, given a list)."""
    levels = dbm0 if isinstance(dbm0, list | tuple) else [dbm0] * len(frequencies_hz)
    seconds = np.arange(round(ms * RATE_HZ / 1000)) / RATE_HZ
    phases = rng.uniform(0, 2 * np.pi, len(frequencies_hz)) if rng else np.zeros(len(frequencies_hz))
    waves = [
        amplitude(level) * np.sin(2 * np.pi * hz * seconds + phase)
        for hz, level, phase in zip(frequencies_hz, levels, phases, strict=True)
    ]
    return np.sum(waves, axis=0) if waves else np.zeros(seconds.size)


def noise(count, dbm0, rng):
    """White noise of this power."""
    return rng.normal(0, amplitude(dbm0) / math.sqrt(2), count)


def line(sound, law=Law.ALAW):
    """What a line card makes of it."""
    return expand(compress(np.clip(np.rint(sound), -32768, 32767).astype(np.int16), law), law)


def key(digit, ms, dbm0, *, twist_db=0.0, off_percent=0.0, off_high_percent=None, rng=None):
    """One key; `twist_db` is the high tone over the low one, `dbm0` the level of the low one."""
    row = next(index for index, pad in enumerate(_PAD) if digit in pad)
    low, high = _ROWS[row], _COLUMNS[_PAD[row].index(digit)]
    off_high = off_percent if off_high_percent is None else off_high_percent
    return sines(
        [low * (1 + off_percent / 100), high * (1 + off_high / 100)], ms, [dbm0, dbm0 + twist_db], rng
    )


def parameter(kind, value):
    return bytes([kind, len(value)]) + value


def message(kind, body):
    """A message with its sum. Source: ETSI EN 300 659-3 §5.1"""
    whole = bytes([kind, len(body)]) + body
    return whole + bytes([-sum(whole) & 0xFF])


def presentation(number="", name="", sent_at="", absent=b""):
    """Multiple data message of a call. Source: EN 300 659-3 §5.3; GR-30-CORE §2.4"""
    body = parameter(1, sent_at.encode()) if sent_at else b""
    body += parameter(2, number.encode()) if number else b""
    body += parameter(4, absent) if absent else b""
    body += parameter(7, name.encode("gb2312")) if name else b""
    return message(0x80, body)


def single(sent_at, number):
    """Single data message. Source: GR-30-CORE §2.4.1"""
    return message(0x04, sent_at.encode() + number.encode())


def bits_of(octets, *, seizure=300, mark=180, between=0):
    """The bits on the line: seizure of alternating ones and zeros, mark, then octets with start and stop bits."""
    bits = [place % 2 for place in range(seizure)] + [1] * mark
    for octet in octets:
        bits += [0, *[octet >> place & 1 for place in range(8)], 1, *[1] * between]
    return [*bits, *[1] * 8]


def fsk(bits, frequencies_hz, dbm0, *, twist_db=0.0, bits_s=1200.0, off_percent=0.0):
    """Bits by shifts of frequency without jumps of phase: mark (1) first, `twist_db` is space over mark."""
    count = round(len(bits) * RATE_HZ / bits_s)
    at = np.minimum((np.arange(count) * bits_s / RATE_HZ).astype(int), len(bits) - 1)
    sent = np.array(bits)[at]
    mark, space = (hz * (1 + off_percent / 100) for hz in frequencies_hz)
    phase = np.cumsum(2 * np.pi * np.where(sent == 1, mark, space) / RATE_HZ)
    level = np.where(sent == 1, amplitude(dbm0), amplitude(dbm0 + twist_db))
    return level * np.sin(phase)


def hdlc(frames, *, flags=2):
    """Octets of a timeslot, first bit highest, holding the frames with check sequences and flags. Source: ISO/IEC 13239 §4"""
    flag = [0, 1, 1, 1, 1, 1, 1, 0]
    bits = flag * flags
    for frame in frames:
        check = 0xFFFF
        for octet in frame:
            check ^= octet
            for _ in range(8):
                check = check >> 1 ^ 0x8408 if check & 1 else check >> 1
        ones = 0
        for octet in frame + (check ^ 0xFFFF).to_bytes(2, "little"):
            for place in range(8):
                bit = octet >> place & 1
                bits.append(bit)
                ones = ones + 1 if bit else 0
                if ones == 5:
                    bits.append(0)
                    ones = 0
        bits += flag * flags
    bits += [1] * (-len(bits) % 8)
    return np.packbits(bits).tobytes()
