"""Signalling of telephone trunks made by hand: frames of ISDN and SS7, and a whole exchange of China No. 1.

Written from the standards, without any line of the decoders: field by field, as the tables of the standards stand.
"""

import struct
from dataclasses import dataclass, field
from pathlib import Path

SECOND = 1_000_000_000
START = 1_800_000_000 * SECOND


# ---- ISDN: Q.921 and Q.931 ---------------------------------------------------------------------------------------


def element(kind: int, content: bytes) -> bytes:
    return bytes([kind, len(content)]) + content


def called(digits: str, kind: int = 0, plan: int = 1) -> bytes:
    return element(0x70, bytes([0x80 | kind << 4 | plan]) + digits.encode())


def calling(
    digits: str, kind: int = 0, plan: int = 1, presentation: int | None = 0, screening: int = 3
) -> bytes:
    if presentation is None:
        return element(0x6C, bytes([0x80 | kind << 4 | plan]) + digits.encode())
    return element(0x6C, bytes([kind << 4 | plan, 0x80 | presentation << 5 | screening]) + digits.encode())


def redirecting(digits: str, kind: int = 0, reason: int = 1) -> bytes:
    return element(0x74, bytes([kind << 4 | 1, 0, 0x80 | reason]) + digits.encode())


def channel(number: int, *, exclusive: bool = True, interface: int | None = None) -> bytes:
    head = 0xA1 | (8 if exclusive else 0)
    if interface is None:
        return element(0x18, bytes([head, 0x83, 0x80 | number]))
    return element(0x18, bytes([head | 0x40, 0x80 | interface, 0x83, 0x80 | number]))


def channel_map(*numbers: int) -> bytes:
    bits = sum(1 << number - 1 for number in numbers)
    return element(0x18, bytes([0xA9, 0x93]) + bits.to_bytes(4, "big"))


def cause(value: int, location: int = 0) -> bytes:
    return element(0x08, bytes([0x80 | location, 0x80 | value]))


SPEECH = element(0x04, bytes([0x80, 0x90, 0xA3]))
SENDING_COMPLETE = b"\xa1"


def q931(kind: int, reference: int, *elements: bytes, back: bool = False, size: int = 2) -> bytes:
    value = reference | (0x80 << 8 * (size - 1) if back else 0)
    return bytes([8, size]) + value.to_bytes(size, "big") + bytes([kind]) + b"".join(elements)


def information_frame(
    text: bytes, send: int = 0, receive: int = 0, *, tei: int = 0, sapi: int = 0, poll: int = 0
) -> bytes:
    return bytes([sapi << 2, tei << 1 | 1, send % 128 << 1, receive % 128 << 1 | poll]) + text


RECEIVER_READY = bytes([0, 1, 1, 0])
SABME = bytes([0, 1, 0x7F])
UNNUMBERED_ACK = bytes([0, 1, 0x73])


@dataclass
class Dchannel:
    """Both ends of a D-channel: numbers what each sends."""

    sent: list[int] = field(default_factory=lambda: [0, 0])

    def frame(self, port: int, text: bytes) -> bytes:
        frame = information_frame(text, self.sent[port], self.sent[1 - port])
        self.sent[port] += 1
        return frame


# ---- SS7: Q.703, Q.704, Q.763, Q.723 ------------------------------------------------------------------------------


def half_octets(digits: str, filler: int = 0) -> bytes:
    """Digits as address signals, the first in the low half; B, C, F as codes 11, 12, 15."""
    signals = [int(sign, 16) for sign in digits]
    if len(signals) % 2:
        signals.append(filler)
    return bytes(low | high << 4 for low, high in zip(signals[::2], signals[1::2], strict=True))


def signal_unit(content: bytes, forward: int = 0, backward: int = 127) -> bytes:
    return bytes([backward | 0x80, forward % 128 | 0x80, min(len(content), 63)]) + content


def long_signal_unit(content: bytes, forward: int = 0, backward: int = 0) -> bytes:
    """With the sequence numbers of links of 2 Mbit/s."""
    return struct.pack("<HHH", backward | 0x8000, forward % 4096 | 0x8000, len(content)) + content


FILL_IN = bytes([0x80, 0x80, 0])
STATUS_NORMAL = bytes([0xFF, 0xFF, 1, 1])


def routed(
    service: int, destination: int, origin: int, text: bytes, *, china: bool, selection: int = 0
) -> bytes:
    """Service information octet, label and text; `text` begins with the circuit code."""
    head = bytes([0x80 | service]) if china else bytes([service])
    if china:
        label = destination.to_bytes(3, "little") + origin.to_bytes(3, "little")
        return head + label + (b"" if service == 4 else bytes([selection])) + text
    bits = destination | origin << 14
    if service == 4:  # the circuit code takes the place of the selection
        bits |= int.from_bytes(text[:2], "little") << 28
        return head + bits.to_bytes(5, "little") + text[2:]
    return head + (bits | selection << 28).to_bytes(4, "little") + text


def circuit_code(code: int) -> bytes:
    return code.to_bytes(2, "little")


def isup_number(digits: str, nature: int, second: int = 0x10, filler: int = 0) -> bytes:
    return bytes([(len(digits) & 1) << 7 | nature, second]) + half_octets(digits, filler)


def options(*pairs: tuple[int, bytes]) -> bytes:
    return b"".join(bytes([kind, len(content)]) + content for kind, content in pairs) + b"\0"


def iam(code: int, callee: bytes, *optional: tuple[int, bytes], category: int = 10, medium: int = 0) -> bytes:
    fixed = bytes([0x00, 0x60, 0x01, category, medium])
    called_part = bytes([len(callee)]) + callee
    pointer = len(called_part) + 1 if optional else 0
    tail = options(*optional) if optional else b""
    return circuit_code(code) + b"\x01" + fixed + bytes([2, pointer]) + called_part + tail


def sam(code: int, digits: str, *, complete: bool = False) -> bytes:
    digits = digits + ("F" if complete else "")
    content = bytes([(len(digits) & 1) << 7]) + half_octets(digits)
    return circuit_code(code) + b"\x02" + bytes([2, 0, len(content)]) + content


def acm(code: int, *, free: bool = True) -> bytes:
    return circuit_code(code) + b"\x06" + bytes([0x14 if free else 0x10, 0x14, 0])


def cpg(code: int, event: int = 1) -> bytes:
    return circuit_code(code) + b"\x2c" + bytes([event, 0])


def anm(code: int) -> bytes:
    return circuit_code(code) + b"\x09\0"


def con(code: int) -> bytes:
    return circuit_code(code) + b"\x07" + bytes([0x14, 0x14, 0])


def rel(code: int, value: int) -> bytes:
    return circuit_code(code) + b"\x0c" + bytes([2, 0, 2, 0x80, 0x80 | value])


def rlc(code: int) -> bytes:
    return circuit_code(code) + b"\x10\0"


def suspend(code: int, *, resume: bool = False) -> bytes:
    return circuit_code(code) + (b"\x0e" if resume else b"\x0d") + bytes([1, 0])


def rsc(code: int) -> bytes:
    return circuit_code(code) + b"\x12"


def grs(code: int, more: int) -> bytes:
    return circuit_code(code) + b"\x17" + bytes([1, 1, more])


def cgb(code: int, more: int, status: int, kind: int) -> bytes:
    length = more // 8 + 1
    return (
        circuit_code(code) + b"\x18" + bytes([kind, 1, 1 + length, more]) + status.to_bytes(length, "little")
    )


@dataclass
class SignallingLink:
    """Both ends of a link between two exchanges; port 0 hears what `point_codes[0]` sends."""

    point_codes: tuple[int, int]
    china: bool = True
    sent: list[int] = field(default_factory=lambda: [0, 0])

    def unit(self, port: int, service: int, text: bytes) -> bytes:
        origin, destination = self.point_codes[port], self.point_codes[1 - port]
        self.sent[port] += 1
        content = routed(service, destination, origin, text, china=self.china)
        return signal_unit(content, self.sent[port] - 1)


# ---- China No. 1: GF 002-9002 -------------------------------------------------------------------------------------

FORWARD = (1380, 1500, 1620, 1740, 1860, 1980)
BACKWARD = (1140, 1020, 900, 780, 660, 540)
PAIRS = [(low, high) for high in range(6) for low in range(high)]
"""The frequencies of the signals 1 to 15. Source: ITU-T Q.441 table 5"""


@dataclass
class ChinaNo1:
    """Both exchanges of one timeslot: what they send on the line, signal by signal, `heard` by a trunk's ports.

    The calling exchange is at `port`. Every register signal lasts twice `apart_ms`, its answer begins so long after it.
    """

    trunk: object
    timeslot: int
    port: int = 0
    at_ns: int = START
    category: int = 1
    service: int = 3
    apart_ms: int = 50
    heard: list[tuple] = field(default_factory=list)

    def wait(self, ms: int) -> None:
        self.at_ns += ms * 1_000_000

    def bits(self, side: str, a: int, b: int) -> None:
        """`side`: "calling" or "called"; c and d are 1 as on quiet lines."""
        port = self.port if side == "calling" else 1 - self.port
        self.trunk.bits(port, self.timeslot, self.at_ns, a << 3 | b << 2 | 0b11)

    def idle(self) -> None:
        self.bits("calling", 1, 0)
        self.bits("called", 1, 0)
        self.wait(100)

    def cycle(self, forward: int, backward: int) -> None:
        """One compelled cycle: the tone of the calling exchange and the tone that answers it."""
        self.trunk.tone(self.port, self.timeslot, self.at_ns, forward, is_forward=True)
        self.wait(self.apart_ms)
        self.trunk.tone(1 - self.port, self.timeslot, self.at_ns, backward, is_forward=False)
        self.wait(2 * self.apart_ms)

    def seize(self) -> None:
        self.bits("calling", 0, 0)
        self.wait(20)
        self.bits("called", 1, 1)
        self.wait(60)

    def dial(self, callee: str, caller: str | None, *, ask_after: int = 1, status: int = 1) -> None:
        """The called exchange asks for the caller after `ask_after` digits (A-6), and for the status at the end (A-3)."""
        for index, digit in enumerate(callee, 1):
            is_last = index == len(callee)
            if caller is not None and index == ask_after:
                self.cycle(int(digit) or 10, 6)
                self.cycle(self.category, 1)
                for one in caller:
                    self.cycle(int(one) or 10, 1)
                self.cycle(15, 3 if is_last else 1)
            else:
                self.cycle(int(digit) or 10, 3 if is_last else 1)
        self.cycle(self.service, status)

    def answer(self) -> None:
        self.bits("called", 0, 1)

    def hang_up_called(self) -> None:
        self.bits("called", 1, 1)

    def clear(self) -> None:
        self.bits("calling", 1, 0)
        self.wait(30)
        self.bits("called", 1, 0)


# ---- captures for other analysers --------------------------------------------------------------------------------

LAPD_LINK, MTP2_LINK = 203, 140


def write_capture(path: Path, link_type: int, frames: list[bytes]) -> Path:
    """A classic capture of these frames, a millisecond apart. Source: pcap(5), link types 203 and 140."""
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link_type)]
    for index, frame in enumerate(frames):
        parts.append(struct.pack("<IIII", 1_800_000_000, index * 1000, len(frame), len(frame)) + frame)
    path.write_bytes(b"".join(parts))
    return path


# ---- HDLC on the line ----------------------------------------------------------------------------------------------


def check_sequence(octets: bytes) -> bytes:
    """The 16 bits behind a frame. Source: ISO/IEC 13239 §4.2.5, bit by bit."""
    value = 0xFFFF
    for octet in octets:
        for index in range(8):
            is_odd = (value ^ octet >> index) & 1
            value = value >> 1 ^ (0x8408 if is_odd else 0)
    return (value ^ 0xFFFF).to_bytes(2, "little")


def hdlc_octets(frames: list[bytes], flags_between: int = 3) -> bytes:
    """A timeslot with these frames: flags, zero insertion, check sequence; the first bit of the line is an octet's highest."""
    bits: list[int] = []
    flag = [0, 1, 1, 1, 1, 1, 1, 0]
    for frame in frames:
        bits += flag * flags_between
        ones = 0
        for octet in frame + check_sequence(frame):
            for index in range(8):
                bit = octet >> index & 1
                bits.append(bit)
                ones = ones + 1 if bit else 0
                if ones == 5:
                    bits.append(0)
                    ones = 0
    bits += flag * flags_between
    bits += flag[: -len(bits) % 8]
    return bytes(int("".join(map(str, bits[at : at + 8])), 2) for at in range(0, len(bits), 8))
