"""Captures of many concurrent calls with the truth beside them, made without any code of the product.

Every call: INVITE, 100, 180, 200, ACK, G.711 both ways for `talk_s`, BYE, 200. Each direction carries audio of
its own. Loss and reordering are applied after the truth of the sender is known, and the truth is told for what
was put on the wire. Frames are built with numpy so that 2000 calls (6 million packets) take about a minute.

    python -m tests.rigs.traffic --calls 200 --out c200.pcap      # writes c200.pcap and c200.json
"""

import argparse
import hashlib
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.rigs.networks import Network, checksum

EPOCH_NS = 1_780_000_000_000_000_000
FRAME = 160
NOISE = np.frombuffer(np.random.default_rng(7).bytes(1 << 21), np.uint8)


@dataclass
class Plan:
    """What to make. Units: seconds, calls a second; loss and reorder are fractions of the RTP packets.

    `first`: what the calls' addresses, numbers and SSRCs are counted from.
    `ws`: SIP over WebSocket (RFC 7118); `late`: without its handshake. `wrap`, `mtu`, `snap` and `twice` are what the network does to the frames, see `tests.rigs.networks`.
    """

    calls: int = 10
    first: int = 0
    talk_s: float = 3.0
    per_s: float = 40.0
    vlan: int | None = None
    ipv6: bool = False
    tcp: bool = False
    loss: float = 0.0
    reorder: float = 0.0
    seed: int = 1
    law: str = "PCMA"
    ws: bool = False
    late: bool = False
    wrap: str = ""
    mtu: int = 0
    snap: int = 0
    twice: bool = False


@dataclass
class Truth:
    """What was sent: one dict a call, as written to the .json beside the capture."""

    calls: list[dict] = field(default_factory=list)
    packets: int = 0


def make(plan: Plan, path: Path) -> Truth:
    """Write `path` (pcap, nanoseconds) and `path.with_suffix('.json')`."""
    random = np.random.default_rng(plan.seed)
    per_call = round(plan.talk_s * 50)
    truth = Truth()
    signalling: list[tuple[int, bytes]] = []
    heads = np.zeros((plan.calls * 2, _head_bytes(plan)), np.uint8)
    starts_ns = np.zeros(plan.calls * 2, np.int64)
    first_seq = random.integers(0, 65536, plan.calls * 2)
    first_timestamp = random.integers(0, 1 << 32, plan.calls * 2)
    ssrcs = random.permutation((np.arange(plan.calls * 2) + 2 * plan.first) * 7919 + 0x10000)
    offsets = random.integers(0, len(NOISE) - per_call * FRAME, plan.calls * 2)
    for number in range(plan.calls):
        call = _Call(plan, plan.first + number)
        invite_ns = EPOCH_NS + round(number / plan.per_s * 1e9) + int(random.integers(0, 5_000_000))
        answer_ns = invite_ns + 400_000_000
        bye_ns = answer_ns + 25_000_000 + per_call * 20_000_000
        signalling += call.signalling(invite_ns, answer_ns, bye_ns)
        for side in (0, 1):
            row = number * 2 + side
            heads[row] = call.rtp_head(side, int(ssrcs[row]))
            starts_ns[row] = answer_ns + 22_000_000 + side * 3_000_000 + int(random.integers(0, 900_000))
        truth.calls.append(
            {
                "call_id": call.call_id,
                "hosts": call.hosts,
                "caller": call.caller,
                "callee": call.callee,
                "answered_at_ns": answer_ns,
                "ended_at_ns": bye_ns,
                "talk_s": (bye_ns - answer_ns) / 1e9,
                "tracks": {},
            }
        )
    wire = random.random((plan.calls * 2, per_call)) >= plan.loss if plan.loss else None
    late = random.random((plan.calls * 2, per_call)) < plan.reorder if plan.reorder else None
    _tell(truth, plan, wire, ssrcs, offsets, per_call)
    signalling.sort(key=lambda item: item[0])
    writer = _Writer(path, Network(plan.wrap, plan.mtu, plan.snap, twice=plan.twice))
    step_ns = 500_000_000
    end_ns = int(starts_ns.max()) + per_call * 20_000_000 + 1_000_000_000
    at = 0
    carried: tuple[np.ndarray, np.ndarray] | None = None
    windows = np.lib.stride_tricks.sliding_window_view(NOISE, FRAME)
    for chunk_ns in range(EPOCH_NS, max(end_ns, signalling[-1][0] + step_ns), step_ns):
        first = np.maximum(0, -(-(chunk_ns - starts_ns) // 20_000_000))
        last = np.minimum(per_call, -(-(chunk_ns + step_ns - starts_ns) // 20_000_000))
        counts = np.maximum(0, last - first)
        rows = np.repeat(np.arange(plan.calls * 2), counts)
        index = (
            np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
        )
        times = starts_ns[rows] + index * 20_000_000
        if wire is not None:
            kept = wire[rows, index]
            rows, index, times = rows[kept], index[kept], times[kept]
        if late is not None:
            times = times + late[rows, index] * 25_000_000
        frames = np.empty((len(rows), heads.shape[1] + FRAME), np.uint8)
        frames[:, : heads.shape[1]] = heads[rows]
        rtp = heads.shape[1] - 12
        frames[:, rtp + 1] |= ((index == 0) * 0x80).astype(np.uint8)
        frames[:, rtp + 2 : rtp + 4] = _big(first_seq[rows] + index, 2)
        frames[:, rtp + 4 : rtp + 8] = _big(first_timestamp[rows] + index * FRAME, 4)
        frames[:, heads.shape[1] :] = windows[offsets[rows] + index * FRAME]
        if carried is not None:
            times, frames = np.concatenate([carried[0], times]), np.concatenate([carried[1], frames])
        order = np.argsort(times, kind="stable")
        times, frames = times[order], frames[order]
        cut = int(np.searchsorted(times, chunk_ns + step_ns))
        carried = (times[cut:], frames[cut:])
        times, frames = times[:cut], frames[:cut]
        upto = at
        while upto < len(signalling) and signalling[upto][0] < chunk_ns + step_ns:
            upto += 1
        writer.chunk(times, frames, signalling[at:upto])
        at = upto
    if carried is not None and len(carried[0]):
        writer.chunk(carried[0], carried[1], [])
    truth.packets = writer.close()
    path.with_suffix(".json").write_text(json.dumps(truth.calls))
    return truth


def _tell(
    truth: Truth, plan: Plan, wire: np.ndarray | None, ssrcs: np.ndarray, offsets: np.ndarray, per_call: int
) -> None:
    for number, call in enumerate(truth.calls):
        for side, name in enumerate(("caller", "callee")):
            row = number * 2 + side
            audio = NOISE[offsets[row] : offsets[row] + per_call * FRAME].reshape(per_call, FRAME)
            sent = audio if wire is None else audio[wire[row]]
            seen = np.arange(per_call) if wire is None else np.flatnonzero(wire[row])
            call["tracks"][name] = {
                "codec": plan.law,
                "ssrc": int(ssrcs[row]),
                "packets": len(sent),
                "lost": int(seen[-1] - seen[0] + 1 - len(seen)),
                "payload_sha256": hashlib.sha256(sent.tobytes()).hexdigest(),
            }


def _big(values: np.ndarray, size: int) -> np.ndarray:
    shifts = np.arange(size - 1, -1, -1) * 8
    return (values[:, None] >> shifts & 0xFF).astype(np.uint8)


def _head_bytes(plan: Plan) -> int:
    return 14 + (4 if plan.vlan is not None else 0) + (40 if plan.ipv6 else 20) + 8 + 12


class _Call:
    """Addresses, numbers and messages of one call."""

    def __init__(self, plan: Plan, number: int) -> None:
        self._plan = plan
        self.caller = f"1{number:06d}"
        self.callee = f"+4930{number:07d}"
        self.call_id = f"call-{plan.seed}-{number}@traffic.invalid"
        high, low = divmod(number, 250)
        if plan.ipv6:
            self.hosts = (f"2001:db8:1::{number + 1:x}", f"2001:db8:2::{number + 1:x}")
        else:
            self.hosts = (
                f"10.{20 + high // 250}.{high % 250}.{low + 1}",
                f"10.{120 + high // 250}.{high % 250}.{low + 1}",
            )
        self.ports = (20000 + number % 10000 * 2, 40000 + number % 10000 * 2)
        self._tcp_next = [1000 + number, 900_000 + number]

    def signalling(self, invite_ns: int, answer_ns: int, bye_ns: int) -> list[tuple[int, bytes]]:
        """Frames of the whole dialog in order."""
        invite = self._request("INVITE", 0, sdp=True)
        steps = [
            (invite_ns, 0, invite),
            (invite_ns + 10_000_000, 1, self._answer(100, "Trying", "INVITE")),
            (invite_ns + 90_000_000, 1, self._answer(180, "Ringing", "INVITE")),
            (answer_ns, 1, self._answer(200, "OK", "INVITE", sdp=True)),
            (answer_ns + 15_000_000, 0, self._request("ACK", 0)),
            (bye_ns, 0, self._request("BYE", 0)),
            (bye_ns + 12_000_000, 1, self._answer(200, "OK", "BYE")),
        ]
        if self._plan.ws:
            return self._web(invite_ns, steps)
        if not self._plan.tcp:
            return [(at, self._udp(side, 5060, 5060, data)) for at, side, data in steps]
        frames = [
            (invite_ns - 3_000_000, self._tcp(0, b"", 0x02)),
            (invite_ns - 2_000_000, self._tcp(1, b"", 0x12)),
            (invite_ns - 1_000_000, self._tcp(0, b"", 0x10)),
        ]
        for at, side, data in steps:
            cut = 1 + (at // 1_000_000 + len(data)) % (len(data) - 1)
            frames += [
                (at, self._tcp(side, data[:cut], 0x18)),
                (at + 40_000, self._tcp(side, data[cut:], 0x18)),
            ]
        return frames

    def _web(self, invite_ns: int, steps: list[tuple[int, int, bytes]]) -> list[tuple[int, bytes]]:
        """The dialog in frames, those of the client masked, long messages in two frames with a ping between them."""
        ask = "GET /sip HTTP/1.1\r\nHost: pbx.invalid\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        ask += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\n"
        answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        answer += "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: sip\r\n"
        frames = [
            (invite_ns - 9_000_000, self._tcp(0, b"", 0x02)),
            (invite_ns - 8_000_000, self._tcp(1, b"", 0x12)),
            (invite_ns - 7_000_000, self._tcp(0, f"{ask}\r\n".encode(), 0x18)),
            (invite_ns - 6_000_000, self._tcp(1, f"{answer}\r\n".encode(), 0x18)),
        ]
        if self._plan.late:
            frames.clear()
        for at, side, data in steps:
            if len(data) > 600:
                sent = (
                    _frame(side, 0x01, data[:500]) + _frame(side, 0x89, b"") + _frame(side, 0x80, data[500:])
                )
            else:
                sent = _frame(side, 0x81, data)
            cut = max(400, len(sent) // 2)
            frames += [
                (at + index * 40_000, self._tcp(side, piece, 0x18))
                for index, piece in enumerate((sent[:cut], sent[cut:]))
                if piece
            ]
        return frames

    def rtp_head(self, side: int, ssrc: int) -> np.ndarray:
        """Everything before the payload; marker, sequence and time are filled in later."""
        payload_type = {"PCMU": 0, "PCMA": 8}[self._plan.law]
        rtp = struct.pack("!BBHII", 0x80, payload_type, 0, 0, ssrc)
        frame = self._udp(side, self.ports[side], self.ports[1 - side], rtp + bytes(FRAME))
        return np.frombuffer(frame[:-FRAME], np.uint8)

    def _request(self, method: str, side: int, *, sdp: bool = False) -> bytes:
        to_tag = "" if method == "INVITE" else ";tag=b"
        body = self._sdp(side) if sdp else ""
        branch = {"INVITE": "i", "ACK": "a", "BYE": "y"}[method]
        cseq = 2 if method == "BYE" else 1
        return (
            f"{method} sip:{self.callee}@pbx.invalid SIP/2.0\r\n"
            f"Via: SIP/2.0/{self._transport} {self._host(0)}:5060;branch=z9hG4bK{branch}{self.call_id}\r\n"
            f"Max-Forwards: 70\r\n"
            f'From: "Desk {self.caller}" <sip:{self.caller}@pbx.invalid>;tag=a\r\n'
            f"To: <sip:{self.callee}@pbx.invalid>{to_tag}\r\n"
            f"Call-ID: {self.call_id}\r\nCSeq: {cseq} {method}\r\n"
            f"Contact: <sip:{self.caller}@{self._host(0)}:5060>\r\n" + self._content(body)
        ).encode()

    def _answer(self, code: int, phrase: str, method: str, *, sdp: bool = False) -> bytes:
        body = self._sdp(1) if sdp else ""
        branch = "i" if method == "INVITE" else "y"
        cseq = 2 if method == "BYE" else 1
        return (
            f"SIP/2.0 {code} {phrase}\r\n"
            f"Via: SIP/2.0/{self._transport} {self._host(0)}:5060;branch=z9hG4bK{branch}{self.call_id}\r\n"
            f'From: "Desk {self.caller}" <sip:{self.caller}@pbx.invalid>;tag=a\r\n'
            f"To: <sip:{self.callee}@pbx.invalid>{'' if code == 100 else ';tag=b'}\r\n"
            f"Call-ID: {self.call_id}\r\nCSeq: {cseq} {method}\r\n"
            f"Contact: <sip:{self.callee}@{self._host(1)}:5060>\r\n" + self._content(body)
        ).encode()

    @property
    def _transport(self) -> str:
        if self._plan.ws:
            return "WS"
        return "TCP" if self._plan.tcp else "UDP"

    def _host(self, side: int) -> str:
        return f"[{self.hosts[side]}]" if self._plan.ipv6 else self.hosts[side]

    def _content(self, body: str) -> str:
        kind = "Content-Type: application/sdp\r\n" if body else ""
        return f"{kind}Content-Length: {len(body)}\r\n\r\n{body}"

    def _sdp(self, side: int) -> str:
        family = "IP6" if self._plan.ipv6 else "IP4"
        payload_type = {"PCMU": 0, "PCMA": 8}[self._plan.law]
        return (
            f"v=0\r\no=- 1 1 IN {family} {self.hosts[side]}\r\ns=-\r\nc=IN {family} {self.hosts[side]}\r\nt=0 0\r\n"
            f"m=audio {self.ports[side]} RTP/AVP {payload_type} 101\r\na=rtpmap:{payload_type} {self._plan.law}/8000\r\n"
            f"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n"
        )

    def _udp(self, side: int, source: int, destination: int, data: bytes) -> bytes:
        datagram = struct.pack("!HHHH", source, destination, 8 + len(data), 0) + data
        if self._plan.ipv6:
            check = checksum(self._pseudo6(side, 17, len(datagram)) + datagram) or 0xFFFF
            datagram = datagram[:6] + struct.pack("!H", check) + data
        return self._ip(side, 17, datagram)

    def _tcp(self, side: int, data: bytes, flags: int) -> bytes:
        server = 8088 if self._plan.ws else 5060
        source, destination = ((50000, server), (server, 50000))[side]
        segment = struct.pack(
            "!HHIIBBHHH",
            source,
            destination,
            self._tcp_next[side],
            self._tcp_next[1 - side],
            0x50,
            flags,
            8192,
            0,
            0,
        )
        self._tcp_next[side] += len(data) + (flags & 2 > 0)
        return self._ip(side, 6, segment + data)

    def _ip(self, side: int, protocol: int, payload: bytes) -> bytes:
        if self._plan.ipv6:
            head = struct.pack("!IHBB", 0x60000000, len(payload), protocol, 64) + self._addresses6(side)
        else:
            source, destination = self.hosts[side], self.hosts[1 - side]
            head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, protocol, 0)
            head += bytes(map(int, source.split("."))) + bytes(map(int, destination.split(".")))
            head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        kind = b"\x86\xdd" if self._plan.ipv6 else b"\x08\x00"
        tag = b"" if self._plan.vlan is None else b"\x81\x00" + struct.pack("!H", self._plan.vlan)
        macs = (b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01", b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02")[side]
        return macs + tag + kind + head + payload

    def _addresses6(self, side: int) -> bytes:
        packed = [b"".join(int(part or "0", 16).to_bytes(2) for part in _full6(host)) for host in self.hosts]
        return packed[side] + packed[1 - side]

    def _pseudo6(self, side: int, protocol: int, length: int) -> bytes:
        return self._addresses6(side) + struct.pack("!II", length, protocol)


def _frame(side: int, first: int, payload: bytes) -> bytes:
    """One WebSocket frame. Source: RFC 6455 §5.2."""
    masked = 0x80 if side == 0 else 0
    length = len(payload)
    head = bytes([first, masked | min(length, 126)]) + (struct.pack("!H", length) if length > 125 else b"")
    if not masked:
        return head + payload
    key = b"\x37\xfa\x21\x3d"
    return head + key + bytes(byte ^ key[at % 4] for at, byte in enumerate(payload))


def _full6(host: str) -> list[str]:
    left, right = host.split("::")
    first, last = left.split(":"), right.split(":")
    return first + ["0"] * (8 - len(first) - len(last)) + last


class _Writer:
    def __init__(self, path: Path, network: Network) -> None:
        self._network = network
        self._file = path.open("wb")
        self._file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1))
        self._count = 0

    def chunk(self, times: np.ndarray, frames: np.ndarray, signalling: list[tuple[int, bytes]]) -> None:
        if not self._network.is_plain:
            self._treated(times, frames, signalling)
            return
        records = np.empty((len(times), 16 + frames.shape[1]), np.uint8)
        size = frames.shape[1]
        head = np.empty((len(times), 4), "<u4")
        head[:, 0], head[:, 1] = times // 1_000_000_000, times % 1_000_000_000
        head[:, 2] = head[:, 3] = size
        records[:, :16] = head.view(np.uint8).reshape(len(times), 16)
        records[:, 16:] = frames
        cut = 0
        for at_ns, frame in signalling:
            upto = int(np.searchsorted(times, at_ns))
            self._file.write(records[cut:upto].tobytes())
            self._file.write(
                struct.pack("<IIII", at_ns // 1_000_000_000, at_ns % 1_000_000_000, len(frame), len(frame))
                + frame
            )
            cut = upto
        self._file.write(records[cut:].tobytes())
        self._count += len(times) + len(signalling)

    def _treated(self, times: np.ndarray, frames: np.ndarray, signalling: list[tuple[int, bytes]]) -> None:
        sent = signalling + [
            (int(at_ns), frame.tobytes()) for at_ns, frame in zip(times, frames, strict=True)
        ]
        captured = [row for at_ns, frame in sent for row in self._network.captured(at_ns, frame)]
        for at_ns, frame, length in sorted(captured, key=lambda row: row[0]):
            self._file.write(
                struct.pack("<IIII", at_ns // 1_000_000_000, at_ns % 1_000_000_000, len(frame), length)
                + frame
            )
        self._count += len(captured)

    def close(self) -> int:
        self._file.close()
        return self._count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in vars(Plan()).items():
        if isinstance(default, bool):
            parser.add_argument(f"--{name}", action="store_true")
        else:
            parser.add_argument(
                f"--{name.replace('_', '-')}",
                type=type(default) if default is not None else int,
                default=default,
            )
    parser.add_argument("--out", type=Path, required=True)
    options = vars(parser.parse_args())
    out = options.pop("out")
    truth = make(Plan(**options), out)
    print(f"{out}: {len(truth.calls)} calls, {truth.packets} packets")


if __name__ == "__main__":
    main()
