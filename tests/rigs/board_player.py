"""The hardware of the boot test, run on the box by its own Python: E1 ports that are joined in the kernel, the two ends of a
trunk that talk over them, and somebody who plays into a sound card.

Of the standard library alone, by numbers of its own; the test imports it for what is said. Every line of its output is JSON.
Source: DAHDI 3.1 include/dahdi/user.h, drivers/dahdi/dahdi_dynamic_loc.c; alsa-lib 1.2 pcm.h
"""

import ctypes
import errno
import fcntl
import json
import os
import random
import struct
import sys
import time
from pathlib import Path

SPECIFY, SET_BUFFERS, CHANNEL_CONFIG, CREATE, STARTUP, GET_EVENT = (
    0x4004DA26,
    0x4018DA1B,
    0x404CDA13,
    0xC048DA50,
    0x4004DA63,
    0x8004DA08,
)
CLEAR, HDLC = 0x80, 0x380
A_LAW = 2
BLOCK = 800
EVENT_WAITS = 500
ENDS = ("{key}:0", "{key}:1")
TAPS = ("{key}:2:0", "{key}:3:1")
"""What hears the first end, what hears the second; they come after both, or pairs are joined wrongly."""


def said(seed: int, octets: int) -> bytes:
    """What somebody says, as octets of a timeslot."""
    return random.Random(seed).randbytes(octets)


def sung(seed: int, samples: int) -> bytes:
    """What somebody plays into a sound card: loud noise of 16 bits."""
    chance = random.Random(seed)
    return struct.pack(f"<{samples}h", *(chance.randrange(-12000, 12000) for _ in range(samples)))


def ask(fd: int, request: int, *words: int) -> None:
    fcntl.ioctl(fd, request, bytearray(struct.pack(f"={len(words)}i", *words)))


def spans(key: str, channels: int, number: int, first: int) -> None:
    """Two ends and their two taps, as spans from `number` and channels from `first` on; 0: as they come."""
    control = os.open("/dev/dahdi/ctl", os.O_RDWR)
    automatic = Path("/sys/module/dahdi/parameters/auto_assign_spans")
    devices = Path("/sys/bus/dahdi_devices/devices")
    before = automatic.read_text()
    if number:
        automatic.write_text("0")
    for address in (*ENDS, *TAPS):
        known = set(devices.iterdir())
        content = struct.pack("=20s40s3i", b"loc", address.format(key=key).encode(), channels, 0, 0)
        fcntl.ioctl(control, CREATE, bytearray(content))
        if number:
            (device,) = set(devices.iterdir()) - known
            (device / "assign_span").write_text(f"1:{number}:{first}")
            number, first = number + 1, first + channels
    automatic.write_text(before)
    tell(spans=sorted(path.name for path in Path("/sys/bus/dahdi_spans/devices").iterdir()))


class End:
    """One end of a trunk: its D channel and one voice channel."""

    def __init__(self, control: int, first: int, timeslot: int, signalling: int) -> None:
        self.frames = self._open(control, first + signalling - 1, HDLC, 16, 1024, 0)
        self.voice = self._open(control, first + timeslot - 1, CLEAR, 32, BLOCK, 1)
        self.heard = b""
        self.left = b""

    def _open(self, control: int, channel: int, use: int, count: int, size: int, policy: int) -> int:
        content = struct.pack("=i40s4i16s", channel, b"", use, A_LAW, 0, 0, b"")
        fcntl.ioctl(control, CHANNEL_CONFIG, bytearray(content))
        fd = os.open("/dev/dahdi/channel", os.O_RDWR | os.O_NONBLOCK)
        ask(fd, SPECIFY, channel)
        ask(fd, SET_BUFFERS, policy, 0, count, size, 0, 0)
        return fd

    def send(self, frame: bytes) -> None:
        """A frame; the kernel puts the check sum into the two octets behind it."""
        while not self._write(self.frames, frame + b"\0\0"):
            time.sleep(0.01)

    def talk(self) -> bool:
        """As much as goes; whether anything went or came."""
        piece = self.left[:BLOCK]
        sent = bool(piece) and self._write(self.voice, piece)
        if sent:
            self.left = self.left[BLOCK:]
        came = self._read(self.voice)
        self.heard += came
        return sent or bool(came)

    def _write(self, fd: int, content: bytes) -> bool:
        try:
            return os.write(fd, content) == len(content)
        except BlockingIOError:
            return False
        except OSError as error:
            return self._drained(fd, error)

    def _read(self, fd: int) -> bytes:
        try:
            return os.read(fd, BLOCK)
        except BlockingIOError:
            return b""
        except OSError as error:
            self._drained(fd, error)
            return b""

    def _drained(self, fd: int, error: OSError) -> bool:
        if error.errno != EVENT_WAITS:
            raise error
        event = bytearray(4)
        fcntl.ioctl(fd, GET_EVENT, event)
        return False


def call(plan: dict) -> None:
    """The two ends speak what the plan says: frames, and a talk that ends when each has heard the other to the end."""
    control = os.open("/dev/dahdi/ctl", os.O_RDWR)
    ends = [End(control, first, plan["timeslot"], plan["signalling"]) for first in plan["first"]]
    for kind, *what in plan["steps"]:
        if kind == "frame":
            end, content = what
            ends[end].send(bytes.fromhex(content))
            time.sleep(0.3)
        else:
            (octets,) = what
            for seed, end in enumerate(ends):
                end.left = said(seed, octets)
            _talk(ends, [said(1 - seed, octets)[-64:] for seed in range(2)])
    time.sleep(1)
    exact = [said(1 - seed, plan["octets"]) in end.heard for seed, end in enumerate(ends)]
    tell(exact=exact, heard=[len(end.heard) for end in ends])


def _talk(ends: list[End], lasts: list[bytes]) -> None:
    end_s = time.monotonic() + 300
    while not all(last in one.heard[-8000:] for one, last in zip(ends, lasts, strict=True)):
        if time.monotonic() > end_s:
            raise SystemExit("they do not hear one another")
        went = [one.talk() for one in ends]
        if not any(went):
            time.sleep(0.01)


def sing(device: str, seed: int, samples: int) -> None:
    """Play into a sound card, 8 kHz, one channel, 16 bits."""
    library = ctypes.CDLL("libasound.so.2")
    library.snd_pcm_writei.restype = ctypes.c_long
    library.snd_pcm_writei.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_ulong]
    handle = ctypes.c_void_p()
    steps = [library.snd_pcm_open(ctypes.byref(handle), device.encode(), 0, 0)]
    if steps[0] == 0:
        steps.append(library.snd_pcm_set_params(handle, 2, 3, 1, 8000, 0, 4_000_000))
    # The card of the kernel cuts off the end of what it drains.
    content = sung(seed, samples) + bytes(BLOCK * 10)
    at = 0
    while min(steps) >= 0 and at < len(content):
        steps.append(
            library.snd_pcm_writei(handle, content[at : at + 1600], len(content[at : at + 1600]) // 2)
        )
        at += max(steps[-1], 0) * 2
    if min(steps) >= 0:
        steps.append(library.snd_pcm_drain(handle))
    if handle:
        library.snd_pcm_close(handle)
    failed = [os.strerror(-step) for step in steps if step < 0 and -step in errno.errorcode]
    tell(sung=min(at // 2, samples), failed=failed)


def tell(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")


def main(words: list[str]) -> None:
    """`spans KEY CHANNELS NUMBER FIRST`, `call PLAN`, `sing DEVICE SEED SAMPLES`."""
    name, *rest = words
    if name == "spans":
        spans(rest[0], *map(int, rest[1:]))
    elif name == "call":
        call(json.loads(Path(rest[0]).read_text()))
    else:
        sing(rest[0], int(rest[1]), int(rest[2]))


if __name__ == "__main__":
    main(sys.argv[1:])
