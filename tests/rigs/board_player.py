"""The hardware of the boot test, run on the box by its own Python: E1 ports that are joined in the kernel, the two ends of a
trunk that talk over them, and somebody who plays into a sound card.

Of the standard library alone, by numbers of its own; the test imports it for what is said. Every line of its output is JSON.
Source: DAHDI 3.1 include/dahdi/user.h, drivers/dahdi/dahdi_dynamic_loc.c; alsa-lib 1.2 pcm.h; ITU-T G.711 (A-law); openr2 1.3
doc/r2test.conf; pidfd_getfd(2)
"""

import ctypes
import errno
import fcntl
import json
import math
import os
import random
import re
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

SPECIFY, SET_BUFFERS, CHANNEL_CONFIG, CREATE, DESTROY, GET_EVENT, SET_BITS, FLUSH = (
    0x4004DA26,
    0x4018DA1B,
    0x404CDA13,
    0xC048DA50,
    0x4048DA51,
    0x8004DA08,
    0x4004DA2B,
    0x4004DA03,
)
CLEAR, HDLC, BITS = 0x80, 0x380, 0x8000
IDLE = 0b1001
"""What a timeslot of R2 says while nobody has it open."""
A_LAW = 2
FLUSH_ALL = 3
GET_DESCRIPTOR = 438
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


def cut(key: str, channels: int) -> None:
    """Cut the cable behind the first end: what taps it hears nothing any more."""
    control = os.open("/dev/dahdi/ctl", os.O_RDWR)
    content = struct.pack("=20s40s3i", b"loc", ENDS[0].format(key=key).encode(), channels, 0, 0)
    fcntl.ioctl(control, DESTROY, bytearray(content))
    tell(cut=True)


def use_channel(channel: int, use: int) -> None:
    """Set what a channel is used as."""
    control = os.open("/dev/dahdi/ctl", os.O_RDWR)
    content = struct.pack("=i40s4i16s", channel, b"", use, A_LAW, 0, IDLE if use == BITS else 0, b"")
    fcntl.ioctl(control, CHANNEL_CONFIG, bytearray(content))
    os.close(control)


def opened(channel: int, use: int) -> int:
    """A channel of one's own."""
    use_channel(channel, use)
    fd = os.open("/dev/dahdi/channel", os.O_RDWR | os.O_NONBLOCK)
    ask(fd, SPECIFY, channel)
    return fd


class End:
    """One end of a trunk: its D channel, -1 where there is none, and one voice channel."""

    def __init__(self, voice: int, frames: int = -1) -> None:
        self.frames = frames
        self.voice = voice
        if frames >= 0:
            ask(frames, SET_BUFFERS, 0, 0, 16, 1024, 0, 0)
        ask(voice, SET_BUFFERS, 1, 0, 32, BLOCK, 0, 0)
        self.heard = b""
        self.left = b""

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
    """The two ends speak what the plan says: frames, line signals, tones, and a talk that ends when each has heard the other."""
    ends = []
    for first in plan["first"]:
        use = BITS if plan["signalling"] == 0 else CLEAR
        frames = opened(first + plan["signalling"] - 1, HDLC) if plan["signalling"] else -1
        ends.append(End(opened(first + plan["timeslot"] - 1, use), frames))
    at = []
    for kind, *what in plan["steps"]:
        at.append(time.time())
        if kind == "frame":
            end, content = what
            ends[end].send(bytes.fromhex(content))
            time.sleep(0.3)
        elif kind == "bits":
            end, bits = what
            ask(ends[end].voice, SET_BITS, bits)
            time.sleep(0.3)
        elif kind == "tones":
            _talk(ends, [sounded(end, *what) for end in range(2)])
        else:
            _talk(ends, [said(seed, *what) for seed in range(2)])
    time.sleep(1)
    _tell_heard(ends, plan["octets"], at)


def _tell_heard(ends: list[End], octets: int, at: list[float]) -> None:
    """Whether each heard the other; `at`: when the steps of the call were, seconds since the epoch."""
    exact = [said(1 - seed, octets) in end.heard for seed, end in enumerate(ends)]
    tell(exact=exact, heard=[len(end.heard) for end in ends], at=at)


def _talk(ends: list[End], words: list[bytes]) -> None:
    """Each says its words, until each has heard how the other's end."""
    end_s = time.monotonic() + 300
    for one, word in zip(ends, words, strict=True):
        one.left = word
    while not all(word[-64:] in one.heard[-8000:] for one, word in zip(ends, reversed(words), strict=True)):
        if time.monotonic() > end_s:
            raise SystemExit("they do not hear one another")
        went = [one.talk() for one in ends]
        if not any(went):
            time.sleep(0.01)


def sounded(end: int, milliseconds: int, tones: list[tuple[int, int, int, int, int]]) -> bytes:
    """Tones of this end, each an end, its begin, its length (ms) and two frequencies; a click is the last of it."""
    samples = [0.0] * (milliseconds * 8)
    for whose, begin, length, *pair in tones:
        for hz in pair if whose == end else []:
            for at in range(length * 8):
                samples[begin * 8 + at] += 3000 * math.sin(2 * math.pi * hz * at / 8000)
    return bytes(a_law(int(sample)) for sample in samples) + said(end, 64)


def a_law(sample: int) -> int:
    """A sample of 16 bits as an octet."""
    size = (sample if sample >= 0 else -1 - sample) >> 3
    segment = max(size.bit_length() - 5, 0)
    return (segment << 4 | size >> max(segment, 1) & 15) ^ (0xD5 if sample >= 0 else 0x55)


class Exchange:
    """One end of a call of R2, by the program of openr2; it speaks what it does on a terminal, or would keep it to itself."""

    def __init__(self, folder: Path, channel: int, words: dict[str, object]) -> None:
        use_channel(channel, BITS)
        told = folder / f"{channel}.conf"
        # It would answer all it hears with what it hears; now it has nothing to say.
        silent = {"loglevel": "all", "playaudio": "yes", "audiofile": "/dev/null"}
        words = {**silent, **words, "channel": f"{channel}-{channel}"}
        told.write_text("".join(f"{name}={value}\n" for name, value in words.items()))
        self._terminal, terminal = os.openpty()
        os.set_blocking(self._terminal, False)
        self.said = ""
        self.process = subprocess.Popen(
            [folder / "r2test", "-c", told],
            stdout=terminal,
            stderr=terminal,
            env={"LD_LIBRARY_PATH": str(folder)},
            cwd=folder,
        )

    def expect(self, pattern: str) -> None:
        """Wait until it says so."""
        end_s = time.monotonic() + 120
        while not re.search(pattern, self.said):
            try:
                self.said += os.read(self._terminal, 65536).decode("utf-8", "replace")
            except BlockingIOError:
                time.sleep(0.05)
            if time.monotonic() > end_s or self.process.poll() is not None:
                raise SystemExit(f"no {pattern}: {self.said[-3000:]}")

    def lent(self) -> int:
        """Its channel, while it stands still."""
        os.kill(self.process.pid, signal.SIGSTOP)
        descriptors = Path(f"/proc/{self.process.pid}/fd").iterdir()
        (number,) = [int(path.name) for path in descriptors if str(path.readlink()).startswith("/dev/dahdi/")]
        library = ctypes.CDLL(None, use_errno=True)
        fd = library.syscall(GET_DESCRIPTOR, os.pidfd_open(self.process.pid), number, 0)
        if fd < 0:
            raise OSError(ctypes.get_errno(), "pidfd_getfd")
        os.set_blocking(fd, False)
        return fd


def r2(plan: dict) -> None:
    """A call of R2 between two programs of openr2, from answer to hanging up; they lend their channels for the talk."""
    folder = Path(plan["folder"])
    words = {
        "variant": plan["variant"],
        "maxani": len(plan["caller"]),
        "maxdnis": len(plan["callee"]),
        "mfbacktimeout": 30_000,  # a machine in a machine may stand still for longer than a network waits
    }
    there, back = plan["channels"]
    callee = Exchange(folder, back, words)
    callee.expect("Spawned 0 calling threads")
    caller = Exchange(
        folder, there, {**words, "dnid": plan["callee"], "cid": plan["caller"], "caller": "yes"}
    )
    try:
        callee.expect("call has been accepted")
        caller.expect("call has been answered")
        at = [time.time()]
        ends = [End(one.lent()) for one in (caller, callee)]
        for end in ends:
            ask(end.voice, FLUSH, FLUSH_ALL)
        _talk(ends, [said(seed, plan["octets"]) for seed in range(2)])
        # Whoever called hangs up: it is gone, and the kernel gives its timeslot back.
        at.append(time.time())
        caller.process.kill()
        caller.process.wait()
        for end in ends:
            os.close(end.voice)
        os.kill(callee.process.pid, signal.SIGCONT)
        callee.expect("call ended")
    finally:
        for one in (caller, callee):
            one.process.kill()
    _tell_heard(ends, plan["octets"], at)


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
    """`spans KEY CHANNELS NUMBER FIRST`, `cut KEY CHANNELS`, `call PLAN`, `r2 PLAN`, `sing DEVICE SEED SAMPLES`."""
    name, *rest = words
    if name == "spans":
        spans(rest[0], *map(int, rest[1:]))
    elif name == "cut":
        cut(rest[0], int(rest[1]))
    elif name == "sing":
        sing(rest[0], int(rest[1]), int(rest[2]))
    else:
        {"call": call, "r2": r2}[name](json.loads(Path(rest[0]).read_text()))


if __name__ == "__main__":
    main(sys.argv[1:])
