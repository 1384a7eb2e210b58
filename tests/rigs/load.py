"""A busy exchange on a veth, played from memory: thousands of G.711 calls, registrations, a scanner, at an exact pace.

Packets are not made one by one: every direction of a call has one header and one `mmsghdr` that live as long as the
program, its payload is a window into a block of noise. Each 2 ms the tenth part of all directions that is due gets its
numbers renewed by numpy and goes out with one `sendmmsg`, past the queueing discipline. Signalling is sent between.

The truth is told as the calls end, one JSON object a line: `{"call_id": …, "sides": [{"ssrc", "packets", "frame"}, …]}`;
`payload_hash` computes what the payload must hash to. The last line is `{"sender": {…}}`: what was sent, and its cost.

    ip netns exec NAMESPACE python -m tests.rigs.load --interface veth0 --concurrent 2000 --talk-s 45 --run-s 60
"""

import argparse
import ctypes
import hashlib
import heapq
import json
import random
import resource
import socket
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from tests.rigs.networks import checksum
from tests.rigs.traffic import FRAME, NOISE

FRAMES = len(NOISE) // FRAME
PHASES = 10
TICK_NS = 20_000_000
STEP_NS = TICK_NS // PHASES
HEAD = 54
PBX = "10.9.0.1"
PAYLOAD_TYPE = 8

SETUP_S, AFTER_S = 0.45, 0.55
"""What a call needs beside its talk; its slot begins the next one then."""

_SOL_PACKET, _PACKET_QDISC_BYPASS = 263, 20
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass
class Load:
    """What to send. Units: seconds; `requests_per_min` of REGISTER and OPTIONS together, each answered.

    `scan`: INVITEs of a scanner in all, of which every second one is refused with 404 and the others never answered.
    """

    concurrent: int = 2000
    talk_s: float = 45.0
    run_s: float = 60.0
    ramp_s: float = 10.0
    requests_per_min: int = 0
    scan: int = 0
    scan_per_s: float = 1000.0
    seed: int = 1

    @property
    def slots(self) -> int:
        return max(1, round(self.concurrent * (self.talk_s + SETUP_S + AFTER_S) / self.talk_s))


def payload_hash(frame: int, packets: int) -> str:
    """SHA-256 of the payload of a direction that begins with this frame of the noise."""
    digest = hashlib.sha256()
    while packets:
        count = min(packets, FRAMES - frame)
        digest.update(NOISE[frame * FRAME : (frame + count) * FRAME])
        packets -= count
        frame = 0
    return digest.hexdigest()


def udp_frame(source: tuple[str, int], destination: tuple[str, int], data: bytes) -> bytes:
    """An Ethernet frame; without a UDP checksum, as RFC 768 allows."""
    head = struct.pack("!BBHHHBBH", 0x45, 0, 28 + len(data), 0, 0x4000, 64, 17, 0)
    head += socket.inet_aton(source[0]) + socket.inet_aton(destination[0])
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    udp = struct.pack("!HHHH", source[1], destination[1], 8 + len(data), 0)
    return b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\x00" + head + udp + data


class Phase:
    """The directions that send at the same of the ten moments within 20 ms. Rows come in pairs: caller, callee."""

    def __init__(self, rows: int) -> None:
        self.heads = np.zeros((rows, 64), np.uint8)
        self._sequence = self.heads[:, 44:46].view(">u2")[:, 0]
        self._timestamp = self.heads[:, 46:50].view(">u4")[:, 0]
        self._pieces = np.zeros((rows, 2, 2), np.uint64)
        self._pieces[:, 0, 0] = self.heads.ctypes.data + 64 * np.arange(rows, dtype=np.uint64)
        self._pieces[:, :, 1] = HEAD, FRAME
        # struct mmsghdr of a 64-bit machine: name, length of it, iovec, count, control, length of it, flags, sent
        self._messages = np.zeros((rows, 8), np.uint64)
        self._messages[:, 2] = self._pieces.ctypes.data + 32 * np.arange(rows, dtype=np.uint64)
        self._messages[:, 3] = 2
        self._first = np.zeros((rows, 3), np.int64)  # sequence number, timestamp, frame of the noise
        self._sent = np.zeros(rows, np.int64)
        self._total = np.zeros(rows, np.int64)
        self._active = np.zeros(0, np.int64)
        self._due = self._messages[:0]

    def begin(self, row: int, head: bytes, first: tuple[int, int, int], total: int) -> None:
        self.heads[row, :HEAD] = np.frombuffer(head, np.uint8)
        self._first[row] = first
        self._sent[row], self._total[row] = 0, total
        self._set_active(np.append(self._active, row))

    def _set_active(self, rows: np.ndarray) -> None:
        self._active = rows
        self._due = np.ascontiguousarray(self._messages[rows])

    def send(self, descriptor: int) -> tuple[int, np.ndarray]:
        """How many packets went out, and the rows that have sent all of theirs."""
        rows = self._active
        if not len(rows):
            return 0, rows
        done, first = self._sent[rows], self._first[rows]
        self._sequence[rows] = (first[:, 0] + done) & 0xFFFF
        self._timestamp[rows] = (first[:, 1] + done * FRAME) & 0xFFFFFFFF
        self.heads[rows, 43] = PAYLOAD_TYPE | (done == 0) * 0x80
        at = (first[:, 2] + done) % FRAMES * FRAME
        self._pieces[rows, 1, 0] = NOISE.ctypes.data + at.astype(np.uint64)
        sent = 0
        while sent < len(rows):
            count = min(1024, len(rows) - sent)
            result = _LIBC.sendmmsg(descriptor, ctypes.c_void_p(self._due.ctypes.data + 64 * sent), count, 0)
            if result < 0:
                raise OSError(ctypes.get_errno(), "sendmmsg")
            sent += result
        self._sent[rows] = done + 1
        over = rows[done + 1 >= self._total[rows]]
        if len(over):
            self._set_active(rows[done + 1 < self._total[rows]])
        return sent, over


class Call:
    """One call of the exchange: a telephone with an address of its own, and the exchange."""

    def __init__(self, seed: int, number: int, packets: int, random: random.Random) -> None:
        self.call_id = f"load-{seed}-{number}@pbx.invalid"
        self.caller, self.callee = f"1{number:06d}", f"+4930{number:07d}"
        low = number % 60_000
        self.host = f"10.{20 + number // 60_000 % 200}.{low // 240}.{low % 240 + 1}"
        self.ports = (20_000 + number % 4_000 * 2, 10_000 + number % 25_000 * 2)
        self.packets = packets
        self.sides = [
            (random.randrange(1 << 32), random.randrange(1 << 16), random.randrange(1 << 32), frame)
            for frame in (random.randrange(FRAMES), random.randrange(FRAMES))
        ]

    def ends(self, side: int) -> tuple[tuple[str, int], tuple[str, int]]:
        ends = (self.host, self.ports[0]), (PBX, self.ports[1])
        return (ends[side], ends[1 - side])

    def head(self, side: int) -> bytes:
        rtp = struct.pack("!BBHII", 0x80, PAYLOAD_TYPE, 0, 0, self.sides[side][0])
        return udp_frame(*self.ends(side), rtp + bytes(FRAME))[:HEAD]

    def request(self, method: str) -> bytes:
        to_tag, cseq = (";tag=b", 2) if method == "BYE" else ("", 1)
        return self._message(f"{method} sip:{self.callee}@{PBX} SIP/2.0", 0, method, cseq, to_tag)

    def answer(self, status: str, method: str) -> bytes:
        to_tag = "" if status.startswith("100") else ";tag=b"
        return self._message(f"SIP/2.0 {status}", 1, method, 2 if method == "BYE" else 1, to_tag)

    def _message(self, start: str, side: int, method: str, cseq: int, to_tag: str) -> bytes:
        body = ""
        if method == "INVITE" and (side == 0 or start.endswith("200 OK")):
            (host, port), _ = self.ends(side)
            body = (
                f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio {port} RTP/AVP 8 101\r\n"
                "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n"
            )
        kind = "Content-Type: application/sdp\r\n" if body else ""
        text = (
            f"{start}\r\nVia: SIP/2.0/UDP {self.host}:5060;branch=z9hG4bK{method[0]}{self.call_id}\r\n"
            f'Max-Forwards: 70\r\nFrom: "Desk {self.caller}" <sip:{self.caller}@{PBX}>;tag=a\r\n'
            f"To: <sip:{self.callee}@{PBX}>{to_tag}\r\nCall-ID: {self.call_id}\r\nCSeq: {cseq} {method}\r\n"
            f"Contact: <sip:{self.caller}@{self.host}:5060>\r\n{kind}Content-Length: {len(body)}\r\n\r\n{body}"
        )
        ends = ((self.host, 5060), (PBX, 5060))
        return udp_frame(ends[side], ends[1 - side], text.encode())

    def truth(self) -> dict[str, object]:
        sides = [
            {"ssrc": ssrc, "packets": self.packets, "frame": frame}
            for ssrc, _sequence, _timestamp, frame in self.sides
        ]
        return {"call_id": self.call_id, "caller": self.caller, "callee": self.callee, "sides": sides}


def small_request(number: int, random: random.Random) -> tuple[bytes, bytes]:
    """A REGISTER or OPTIONS, and its answer."""
    user = f"2{random.randrange(50_000):05d}"
    host = f"10.10.{random.randrange(250)}.{random.randrange(1, 250)}"
    method = "REGISTER" if number % 2 else "OPTIONS"
    fields = (
        f"Via: SIP/2.0/UDP {host}:5060;branch=z9hG4bKr{number}\r\nMax-Forwards: 70\r\n"
        f"From: <sip:{user}@{PBX}>;tag={number}\r\nTo: <sip:{user}@{PBX}>\r\nCall-ID: storm-{number}@{host}\r\n"
        f"CSeq: {number} {method}\r\nContact: <sip:{user}@{host}:5060>\r\nExpires: 3600\r\n"
        "Content-Length: 0\r\n\r\n"
    )
    ends = ((host, 5060), (PBX, 5060))
    return (
        udp_frame(*ends, f"{method} sip:{PBX} SIP/2.0\r\n{fields}".encode()),
        udp_frame(ends[1], ends[0], f"SIP/2.0 200 OK\r\n{fields}".encode()),
    )


def scanning(seed: int, number: int, random: random.Random) -> tuple[bytes, bytes, bytes]:
    """An INVITE of a scanner, the exchange's refusal, the scanner's ACK."""
    target = "".join(random.choices("0123456789", k=random.randrange(3, 16)))
    host = f"203.0.113.{random.randrange(1, 250)}"
    port = random.randrange(1024, 65_536)

    def fields(method: str, to_tag: str) -> str:
        return (
            f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK-{number}\r\nMax-Forwards: 70\r\n"
            f'From: "{random.randrange(10_000)}" <sip:100@{host}>;tag={number:x}\r\nTo: <sip:{target}@{PBX}>{to_tag}\r\n'
            f"Call-ID: scan-{seed}-{number}\r\nCSeq: 1 {method}\r\nContact: <sip:100@{host}:{port}>\r\n"
            "User-Agent: friendly-scanner\r\nContent-Length: 0\r\n\r\n"
        )

    ends = ((host, port), (PBX, 5060))
    return (
        udp_frame(*ends, f"INVITE sip:{target}@{PBX} SIP/2.0\r\n{fields('INVITE', '')}".encode()),
        udp_frame(ends[1], ends[0], f"SIP/2.0 404 Not Found\r\n{fields('INVITE', ';tag=no')}".encode()),
        udp_frame(*ends, f"ACK sip:{target}@{PBX} SIP/2.0\r\n{fields('ACK', ';tag=no')}".encode()),
    )


class Sender:
    """Sends a load. Times are of the monotonic clock, in nanoseconds since the beginning."""

    def __init__(self, load: Load, interface: str, tell: Callable[[dict[str, object]], None]) -> None:
        self._load = load
        self._tell = tell
        self._random = random.Random(load.seed)
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self._socket.setsockopt(_SOL_PACKET, _PACKET_QDISC_BYPASS, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)
        self._socket.bind((interface, 0))
        per_phase = -(-load.slots // PHASES)
        self._phases = [Phase(per_phase * 2) for _ in range(PHASES)]
        self._talking: dict[tuple[int, int], Call] = {}
        self._plan: list[tuple[int, int, Callable[[int], None]]] = []
        self._planned = 0
        self._calls = 0
        self._scanned = self._requests = 0
        self._run_ns = round(load.run_s * 1e9)
        self.sent = {"calls": 0, "packets": 0, "rtp": 0, "sip": 0, "requests": 0, "scanned": 0, "refused": 0}
        self.worst_late_ns = 0

    def run(self) -> None:
        """Send everything; returns when the last call is over."""
        load = self._load
        for slot in range(load.slots):
            self._at(round(slot / load.slots * load.ramp_s * 1e9), lambda at, slot=slot: self._ring(at, slot))
        if load.requests_per_min:
            self._at(0, self._request)
        if load.scan:
            self._at(round(load.ramp_s * 1e9), self._scan)
        begun_ns = time.monotonic_ns()
        tick = 0
        while self._plan or self._talking:
            at_ns = tick * STEP_NS
            wait_ns = begun_ns + at_ns - time.monotonic_ns()
            if wait_ns > 0:
                time.sleep(wait_ns / 1e9)
            else:
                self.worst_late_ns = max(self.worst_late_ns, -wait_ns)
            while self._plan and self._plan[0][0] <= at_ns:
                heapq.heappop(self._plan)[2](at_ns)
            number = tick % PHASES
            sent, over = self._phases[number].send(self._socket.fileno())
            self.sent["rtp"] += sent
            for row in over:
                if row % 2:
                    self._hang_up(at_ns, int(row) // 2 * PHASES + number)
            tick += 1
        self.sent["packets"] = self.sent["rtp"] + self.sent["sip"]

    def _at(self, at_ns: int, act: Callable[[int], None]) -> None:
        self._planned += 1
        heapq.heappush(self._plan, (at_ns, self._planned, act))

    def _put(self, frame: bytes) -> None:
        self._socket.send(frame)
        self.sent["sip"] += 1

    def _put_at(self, at_ns: int, frame: bytes) -> None:
        self._at(at_ns, lambda _at: self._put(frame))

    def _ring(self, at_ns: int, slot: int) -> None:
        if at_ns >= self._run_ns:
            return
        self._calls += 1
        packets = round(self._load.talk_s * 50 * self._random.uniform(0.6, 1.4))
        call = Call(self._load.seed, self._calls, packets, self._random)
        self._put(call.request("INVITE"))
        for after_ms, frame in (
            (8, call.answer("100 Trying", "INVITE")),
            (80, call.answer("180 Ringing", "INVITE")),
            (400, call.answer("200 OK", "INVITE")),
            (415, call.request("ACK")),
        ):
            self._put_at(at_ns + after_ms * 1_000_000, frame)
        self._at(at_ns + 430_000_000, lambda _at: self._talk(slot, call))

    def _talk(self, slot: int, call: Call) -> None:
        number, row = slot % PHASES, slot // PHASES * 2
        self._talking[number, row] = call
        for side in (0, 1):
            _ssrc, sequence, timestamp, frame = call.sides[side]
            self._phases[number].begin(
                row + side, call.head(side), (sequence, timestamp, frame), call.packets
            )

    def _hang_up(self, at_ns: int, slot: int) -> None:
        call = self._talking.pop((slot % PHASES, slot // PHASES * 2))
        self.sent["calls"] += 1
        self._tell(call.truth())
        self._put_at(at_ns + 5_000_000, call.request("BYE"))
        self._put_at(at_ns + 15_000_000, call.answer("200 OK", "BYE"))
        self._at(at_ns + round(AFTER_S * 1e9), lambda at: self._ring(at, slot))

    def _request(self, at_ns: int) -> None:
        if at_ns >= self._run_ns:
            return
        due = at_ns * self._load.requests_per_min // 60_000_000_000
        while self._requests < due:
            self._requests += 1
            request, answer = small_request(self._requests, self._random)
            self._put(request)
            self._put_at(at_ns + 6_000_000, answer)
        self.sent["requests"] = self._requests
        self._at(at_ns + STEP_NS, self._request)

    def _scan(self, at_ns: int) -> None:
        begun_ns = round(self._load.ramp_s * 1e9)
        due = min(self._load.scan, round((at_ns - begun_ns) * self._load.scan_per_s / 1e9))
        while self._scanned < due:
            self._scanned += 1
            invite, refusal, acknowledgement = scanning(self._load.seed, self._scanned, self._random)
            self._put(invite)
            if self._scanned % 2:
                self.sent["refused"] += 1
                self._put_at(at_ns + 6_000_000, refusal)
                self._put_at(at_ns + 12_000_000, acknowledgement)
        self.sent["scanned"] = self._scanned
        if self._scanned < self._load.scan:
            self._at(at_ns + STEP_NS, self._scan)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--interface", required=True)
    parser.add_argument("--truth", type=Path, required=True)
    for name, default in asdict(Load()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    options = vars(parser.parse_args())
    interface, truth = options.pop("interface"), options.pop("truth")
    with truth.open("w") as file:
        sender = Sender(Load(**options), interface, lambda row: print(json.dumps(row), file=file))
        print("ready", flush=True)
        sys.stdin.readline()  # whoever started this says when
        begun_s = time.monotonic()
        sender.run()
        used = resource.getrusage(resource.RUSAGE_SELF)
        facts = {
            **sender.sent,
            "cpu_s": round(used.ru_utime + used.ru_stime, 2),
            "wall_s": round(time.monotonic() - begun_s, 2),
            "worst_late_ms": round(sender.worst_late_ns / 1e6, 1),
        }
        print(json.dumps({"sender": facts}), file=file)


if __name__ == "__main__":
    main()
