"""Tapped packets of a call in progress → stereo sound for a listener, a fraction of a second behind.

The engine's tap writes frames (side, length, RTP packet); `split_frames` cuts them out of its byte stream. A
`LiveDecoder` is fed with packets and asked for what is due; it never waits, has no clock of its own, and what comes
late or never is silence. Source: RFC 3550 §5.1, drivers/engine/README.md (tap frames)
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from appliance.core.errors import UnsupportedPayload
from appliance.domain.bundle import Payload
from appliance.domain.call import Side
from appliance.media import decode
from appliance.media.decode import Content, Decoder
from appliance.media.pcm import Pcm, Resampler
from appliance.media.srtp import LiveSrtp
from appliance.media.track import PayloadTable

RATE_HZ = 8000
CHANNELS = 2
_FRAME = struct.Struct(">BH")
_BLOCK = RATE_HZ // 50
_CUSHION = RATE_HZ * 6 // 100
_DEEPEST = RATE_HZ * 12 // 100
_RING = RATE_HZ
_MOST_DUE = RATE_HZ // 5
_MOST_VOICES = 8
_SIDES = (Side.CALLER, Side.CALLEE)
_CLEAR: Mapping[Side, Sequence[str]] = {}
_LOCKED_OUT = 100


class Tapped(msgspec.Struct, frozen=True, kw_only=True):
    """What a listener is told of a call before its packets: the meaning of payload types, the keys of its SRTP.

    `crypto`: values of a=crypto by the side that encrypts with them, empty for a call in clear. `burst_ms`: so much comes at once.
    """

    payloads: list[Payload]
    crypto: dict[Side, list[str]] = {}
    burst_ms: int = 0


class RtpPacket(NamedTuple):
    """What playing needs of an RTP packet."""

    payload_type: int
    seq: int
    timestamp: int
    ssrc: int
    payload: bytes


def split_frames(buffer: bytearray) -> list[tuple[int, bytes]]:
    """Take the whole frames off the front of a tap's byte stream: (side, RTP packet)."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at + _FRAME.size <= len(buffer):
        side, length = _FRAME.unpack_from(buffer, at)
        end = at + _FRAME.size + length
        if end > len(buffer):
            break
        found.append((side, bytes(buffer[at + _FRAME.size : end])))
        at = end
    del buffer[:at]
    return found


def parse_rtp(packet: bytes) -> RtpPacket | None:
    """The fixed header and the payload without padding; None when it is no RTP.

    Source: RFC 3550 §5.1, §5.3.1
    """
    if len(packet) < 12 or packet[0] >> 6 != 2:
        return None
    seq, timestamp, ssrc = struct.unpack_from(">HII", packet, 2)
    start = 12 + 4 * (packet[0] & 15)
    if packet[0] & 16:
        if len(packet) < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(packet[start + 2 : start + 4], "big")
    end = len(packet) - (packet[-1] if packet[0] & 32 else 0)
    return RtpPacket(packet[1] & 127, seq, timestamp, ssrc, packet[start:end]) if start <= end else None


class _Voice:
    """One SSRC and payload type: its decoder, and where its timestamps lie on the listener's time line."""

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder
        self.resampler = None if decoder.rate_hz == RATE_HZ else Resampler(decoder.rate_hz, RATE_HZ)
        self.first_timestamp: int | None = None
        self.offset = 0

    def samples(self, payload: bytes) -> Pcm:
        decoded = self.decoder.decode(payload)
        return self.resampler.feed(decoded) if self.resampler else decoded

    def place(self, timestamp: int, cursor: int, end: int, burst: int = 0) -> int:
        """The sample where this packet plays; when that is past or too far ahead, everything after moves along.

        A new beginning joins the `end` of what its side has to play, or leaves a cushion when there is nothing.
        """
        deepest = _DEEPEST + 2 * burst
        begin = end if cursor <= end <= cursor + deepest else cursor + _CUSHION + burst
        if self.first_timestamp is None:
            self.first_timestamp = timestamp
            self.offset = begin
        ticks = (timestamp - self.first_timestamp + 0x8000_0000) % 0x1_0000_0000 - 0x8000_0000
        at = self.offset + ticks * RATE_HZ // self.decoder.clock_hz
        if not cursor <= at <= cursor + deepest:
            self.offset += begin - at
            at = begin
        if abs(ticks) > 0x4000_0000:
            self.first_timestamp, self.offset = timestamp, at
        return at


class LiveDecoder:
    """Both sides of one call for one listener, 8 kHz.

    Units: `at_mono_s` is the caller's monotonic clock, the same for both methods
    """

    def __init__(self, payloads: Iterable[Payload], crypto: Mapping[Side, Sequence[str]] = _CLEAR) -> None:
        self._table = PayloadTable(payloads)
        self._crypto = crypto
        self._srtp = LiveSrtp(crypto) if crypto else None
        self._patience = _LOCKED_OUT
        self._burst = 0
        self._ring = np.zeros((_RING, CHANNELS), np.int16)
        self._voices: dict[tuple[int, int, int], _Voice | None] = {}
        self._began_mono_s: float | None = None
        self._cursor = 0
        self._ends = [-1, -1]

    def learn(
        self,
        payloads: Iterable[Payload],
        crypto: Mapping[Side, Sequence[str]] = _CLEAR,
        *,
        burst_ms: int = 0,
    ) -> None:
        """Replace what payload types mean and the keys, after a re-INVITE."""
        self._table = PayloadTable(payloads)
        self._burst = min(burst_ms, 200) * RATE_HZ // 1000
        self._voices.clear()
        if crypto == self._crypto:
            self._patience *= 2  # nothing new: ask less often
            return
        self._crypto = crypto
        self._srtp = LiveSrtp(crypto) if crypto else None
        self._patience = _LOCKED_OUT

    @property
    def is_locked_out(self) -> bool:
        """Whether seconds of packets came from one side that no key opens: there may be new keys to `learn`."""
        return self._srtp is not None and self._srtp.misses >= self._patience

    def feed(self, side: int, packet: bytes, at_mono_s: float) -> None:
        """Take one RTP packet spoken by `side` (0 = caller, 1 = callee). Rubbish is passed over."""
        rtp = self._parsed(side, packet)
        if rtp is None:
            return
        if self._began_mono_s is None:
            self._began_mono_s = at_mono_s
        voice = self._voice(side, rtp)
        if voice is None:
            return
        samples = voice.samples(rtp.payload)[: _RING - _DEEPEST - 2 * self._burst]
        at = voice.place(rtp.timestamp, self._cursor, self._ends[side], self._burst)
        self._ends[side] = at + samples.size
        self._ring[np.arange(at, at + samples.size) % _RING, side] = samples

    def take(self, at_mono_s: float) -> bytes:
        """What is due, in multiples of 20 ms: interleaved little-endian int16, empty when nothing is.

        A listener who asks rarely misses what is older than 200 ms.
        """
        if self._began_mono_s is None:
            return b""
        due = int((at_mono_s - self._began_mono_s) * RATE_HZ) - self._cursor
        if due > _MOST_DUE:
            self._play(due - _MOST_DUE)
            due = _MOST_DUE
        return self._play(due // _BLOCK * _BLOCK) if due >= _BLOCK else b""

    def _parsed(self, side: int, packet: bytes) -> RtpPacket | None:
        rtp = parse_rtp(packet)
        if rtp is None or side not in (0, 1):
            return None
        if self._srtp is None:
            return rtp
        clear = self._srtp.rtp(_SIDES[side], packet)
        return parse_rtp(clear) if clear is not None else None

    def _play(self, count: int) -> bytes:
        rows = np.arange(self._cursor, self._cursor + min(count, _RING)) % _RING
        block = self._ring[rows].astype("<i2").tobytes()
        self._ring[rows] = 0
        self._cursor += count
        return block

    def _voice(self, side: int, rtp: RtpPacket) -> _Voice | None:
        key = (side, rtp.ssrc, rtp.payload_type)
        if key not in self._voices:
            while len(self._voices) >= _MOST_VOICES:
                del self._voices[next(iter(self._voices))]
            self._voices[key] = self._new_voice(side, rtp.payload_type)
        return self._voices[key]

    def _new_voice(self, side: int, payload_type: int) -> _Voice | None:
        meanings = self._table.meanings(_SIDES[side], payload_type)
        if not meanings or decode.content(meanings[-1].encoding) is not Content.AUDIO:
            return None
        try:
            return _Voice(decode.decoder(meanings[-1]))
        except UnsupportedPayload:
            return None
