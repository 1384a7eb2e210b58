"""Small captures written by hand: what two telephones would have sent, packet by packet, without code of the product.

wire = Wire()
call = wire.call("a@x")
call.invite(0.0); call.answer(1.0); call.talk(1.1, 3.0); call.bye(3.0)
wire.write(path)
"""

import hashlib
import socket
import struct
from dataclasses import dataclass, field
from pathlib import Path

EPOCH_NS = 1_780_000_000_000_000_000

CALLER = "10.0.0.1"
CALLEE = "10.0.0.2"


@dataclass
class Wire:
    """Packets of one mirror port. Units: seconds since `EPOCH_NS`."""

    packets: list[tuple[int, bytes]] = field(default_factory=list)
    calls: int = 0

    def udp(self, at_s: float, source: tuple[str, int], destination: tuple[str, int], payload: bytes) -> None:
        datagram = struct.pack("!HHHH", source[1], destination[1], 8 + len(payload), 0) + payload
        header = struct.pack(
            "!BBHHHBBH4s4s", 0x45, 0, 20 + len(datagram), len(self.packets) & 0xFFFF, 0x4000, 64, 17, 0,
            socket.inet_aton(source[0]), socket.inet_aton(destination[0]),
        )  # fmt: skip
        total = sum(struct.unpack("!10H", header))
        while total >> 16:
            total = (total & 0xFFFF) + (total >> 16)
        header = header[:10] + struct.pack("!H", total ^ 0xFFFF) + header[12:]
        frame = b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0" + header + datagram
        self.packets.append((EPOCH_NS + round(at_s * 1e9), frame))

    def rtp(
        self, begin_s: float, end_s: float, source: tuple[str, int], destination: tuple[str, int],
        ssrc: int, payload_type: int = 8, first_seq: int = 0,
    ) -> str:  # fmt: skip
        """20 ms packets from begin to end; the SHA-256 of their payloads."""
        sent = hashlib.sha256()
        for number in range(round((end_s - begin_s) * 50)):
            payload = hashlib.sha256(f"{ssrc}-{first_seq + number}".encode()).digest() * 5
            sent.update(payload)
            head = struct.pack(
                "!BBHII", 0x80, payload_type, (first_seq + number) & 0xFFFF, (first_seq + number) * 160, ssrc
            )
            self.udp(begin_s + number * 0.02, source, destination, head + payload)
        return sent.hexdigest()

    def call(self, call_id: str, **facts) -> "Call":
        self.calls += 1
        facts.setdefault("port", 20000 + self.calls * 10)
        return Call(self, call_id, **facts)

    def write(self, path: Path, *, as_bundle: bool = False, media_snap: int = 65535) -> Path:
        """A capture of Ethernet frames, or the media file of a bundle (raw IP). What is no SIP is cut at `media_snap` bytes."""
        records = [struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 101 if as_bundle else 1)]
        for at_ns, whole in sorted(self.packets, key=lambda packet: packet[0]):
            frame = whole[14:] if as_bundle else whole
            kept = frame if b"SIP/2.0" in frame else frame[:media_snap]
            seconds, nanoseconds = divmod(at_ns, 1_000_000_000)
            records.append(struct.pack("<IIII", seconds, nanoseconds, len(kept), len(frame)) + kept)
        path.write_bytes(b"".join(records))
        return path


@dataclass
class Call:
    """One call between two telephones that talk to each other directly."""

    wire: Wire
    call_id: str
    port: int = 20000
    caller: str = "1001"
    callee: str = "1002"
    caller_host: str = CALLER
    callee_host: str = CALLEE
    caller_tag: str = "from"
    callee_tag: str = "to"
    formats: str = "8 101"
    profile: str = "RTP/AVP"
    cseq: int = 1
    headers: str = ""

    @property
    def caller_media(self) -> tuple[str, int]:
        return self.caller_host, self.port

    @property
    def callee_media(self) -> tuple[str, int]:
        return self.callee_host, self.port + 2

    @property
    def ssrcs(self) -> tuple[int, int]:
        return self.port * 2, self.port * 2 + 1

    def sdp(
        self, media: tuple[str, int], extra: str = "", formats: str = "", profile: str = "", version: int = 1
    ) -> str:
        return (
            f"v=0\r\no=- 1 {version} IN IP4 {media[0]}\r\ns=-\r\nc=IN IP4 {media[0]}\r\nt=0 0\r\n"
            f"m=audio {media[1]} {profile or self.profile} {formats or self.formats}\r\n"
            f"a=rtpmap:101 telephone-event/8000\r\n{extra}"
        )

    def request(
        self, at_s: float, method: str, *, by_callee: bool = False, body: str = "", cseq: int | None = None,
        branch: str = "", headers: str = "", initial: bool = False,
    ) -> None:  # fmt: skip
        caller = f"<sip:{self.caller}@{self.caller_host}>;tag={self.caller_tag}"
        callee = f"<sip:{self.callee}@{self.callee_host}>" + ("" if initial else f";tag={self.callee_tag}")
        source, target = (
            (self.callee_host, self.caller_host) if by_callee else (self.caller_host, self.callee_host)
        )
        number = self.cseq if cseq is None else cseq
        branch = branch or f"z9hG4bK{self.call_id}{method}{number}{by_callee}"
        text = (
            f"{method} sip:{self.caller if by_callee else self.callee}@{target} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {source}:5060;branch={branch}\r\n"
            f"From: {callee if by_callee else caller}\r\nTo: {caller if by_callee else callee}\r\n"
            f"Call-ID: {self.call_id}\r\nCSeq: {number} {method}\r\nMax-Forwards: 70\r\n"
            f"Contact: <sip:{self.callee if by_callee else self.caller}@{source}>\r\n{headers}"
        )
        self._send(at_s, source, target, text, body)

    def response(
        self, at_s: float, code: int, phrase: str = "X", *, method: str = "INVITE", to_callee: bool = False,
        body: str = "", cseq: int | None = None, tag: str | None = None, branch: str = "", headers: str = "",
    ) -> None:  # fmt: skip
        """An answer of the callee (of the caller when `to_callee`)."""
        source, target = (
            (self.caller_host, self.callee_host) if to_callee else (self.callee_host, self.caller_host)
        )
        caller = f"<sip:{self.caller}@{self.caller_host}>;tag={self.caller_tag}"
        tag = self.callee_tag if tag is None else tag
        callee = f"<sip:{self.callee}@{self.callee_host}>" + (f";tag={tag}" if tag else "")
        number = self.cseq if cseq is None else cseq
        branch = branch or f"z9hG4bK{self.call_id}{method}{number}{to_callee}"
        text = (
            f"SIP/2.0 {code} {phrase}\r\nVia: SIP/2.0/UDP {target}:5060;branch={branch}\r\n"
            f"From: {callee if to_callee else caller}\r\nTo: {caller if to_callee else callee}\r\n"
            f"Call-ID: {self.call_id}\r\nCSeq: {number} {method}\r\n"
            f"Contact: <sip:{self.caller if to_callee else self.callee}@{source}>\r\n{headers}"
        )
        self._send(at_s, source, target, text, body)

    def _send(self, at_s: float, source: str, target: str, text: str, body: str) -> None:
        if body:
            text += "Content-Type: application/sdp\r\n"
        text += f"Content-Length: {len(body)}\r\n\r\n{body}"
        self.wire.udp(at_s, (source, 5060), (target, 5060), text.encode())

    def invite(self, at_s: float, *, with_sdp: bool = True, extra: str = "") -> None:
        body = self.sdp(self.caller_media, extra) if with_sdp else ""
        self.request(at_s, "INVITE", body=body, initial=True, headers=self.headers)
        self.response(at_s + 0.01, 100, "Trying", tag="")

    def ring(self, at_s: float, *, early: bool = False) -> None:
        self.response(
            at_s, 183 if early else 180, "Ringing", body=self.sdp(self.callee_media) if early else ""
        )

    def answer(self, at_s: float, *, extra: str = "") -> None:
        self.response(at_s, 200, "OK", body=self.sdp(self.callee_media, extra))
        self.request(at_s + 0.02, "ACK", branch=f"z9hG4bKack{self.call_id}{self.cseq}")

    def fail(self, at_s: float, code: int) -> None:
        self.response(at_s, code, "No")
        self.request(at_s + 0.01, "ACK", branch=f"z9hG4bK{self.call_id}INVITE{self.cseq}False")

    def talk(self, begin_s: float, end_s: float, **facts) -> tuple[str, str]:
        """Both directions; the payload hashes of caller and callee."""
        return (
            self.wire.rtp(begin_s, end_s, self.caller_media, self.callee_media, self.ssrcs[0], **facts),
            self.wire.rtp(begin_s, end_s, self.callee_media, self.caller_media, self.ssrcs[1], **facts),
        )

    def bye(self, at_s: float, *, by_callee: bool = False) -> None:
        self.request(at_s, "BYE", by_callee=by_callee, cseq=90)
        self.response(at_s + 0.01, 200, "OK", method="BYE", to_callee=by_callee, cseq=90)
