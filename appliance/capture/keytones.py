"""Keys that are only heard: tones in the audio of calls that rules let be controlled by keys.

Each such call is tapped, pauses included (a resume key must be heard in one); a thread decodes what came and looks for
tones ten times a second, of capture files after each batch. Nothing of the audio is kept. What a tap loses is not heard,
a live recorder never waits.
Source: RFC 3550 §5.1 (the packets), ITU-T Q.24 (receivers of push-button signals)
"""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterable
from typing import NamedTuple, Protocol

import numpy as np

from appliance.capture.leg import Leg
from appliance.capture.seen import SIDES
from appliance.core import log
from appliance.core.errors import UnsupportedPayload
from appliance.domain.bundle import Payload
from appliance.domain.call import Side
from appliance.domain.tones import RATE_HZ
from appliance.media import decode
from appliance.media.decode import Content, Decoder
from appliance.media.live import RtpPacket, parse_rtp, split_frames
from appliance.media.pcm import Pcm, Resampler
from appliance.media.srtp import LiveSrtp
from appliance.media.tones.keys import KeyTones
from appliance.media.tones.spandsp import NoTones
from appliance.media.track import PayloadTable

_logger = log.get(__name__)

MOST_CALLS = 500
_EVERY_S = 0.1
_READ_BYTES = 1 << 18
_MOST_VOICES = 8
_LOST_TICKS_MS = 60
_PAUSE: Pcm = np.zeros(RATE_HZ * 60 // 1000, np.int16)


class Pressed(NamedTuple):
    """A key that was heard."""

    call_id: str
    side: Side
    digit: str


class Tapping(Protocol):
    """What is needed of the engine."""

    def tap(self, bundle: str, descriptor: int, *, even_paused: bool = False) -> None:
        """Copy the bundle's packets to a socket."""

    def now_ns(self) -> int:
        """The present moment of the capture."""


class Orders(Protocol):
    """What is needed of the supervision."""

    @property
    def hears_tones(self) -> bool:
        """Whether tones are keys by the settings in force."""

    def heard(self, leg: Leg, digit: str, side: Side, at_ns: int) -> None:
        """A key was heard."""


class _Voice:
    """One SSRC and payload type: its decoder and its place in time."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._resampler = None if decoder.rate_hz == RATE_HZ else Resampler(decoder.rate_hz, RATE_HZ)
        self._next: int | None = None

    def samples(self, rtp: RtpPacket) -> list[Pcm]:
        """The samples of a packet in its turn. A packet or two that are missing do not end a tone; more do."""
        late = 0 if self._next is None else (rtp.timestamp - self._next + (1 << 31)) % (1 << 32) - (1 << 31)
        if -self._decoder.clock_hz < late < 0:
            return []
        decoded = self._decoder.decode(rtp.payload)
        ticks = decoded.size * self._decoder.clock_hz // self._decoder.rate_hz
        self._next = (rtp.timestamp + ticks) % (1 << 32)
        block = self._resampler.feed(decoded) if self._resampler else decoded
        is_gap = abs(late) * 1000 > _LOST_TICKS_MS * self._decoder.clock_hz
        return [_PAUSE, block] if is_gap else [block]


class Ear:
    """The tones of both sides of one call, from the frames of its tap.

    Raises: NoTones when made
    """

    def __init__(self) -> None:
        self._tones = {side: KeyTones() for side in Side}
        self._voices: dict[tuple[Side, int, int], _Voice | None] = {}
        self._table = PayloadTable(())
        self._known = 0
        self._crypto: dict[Side, list[str]] = {}
        self._srtp: LiveSrtp | None = None
        self._buffer = bytearray()

    def learn(self, payloads: list[Payload], crypto: dict[Side, list[str]] | None = None) -> None:
        """What payload types mean now, and the keys of SRTP; costs nothing when nothing is new."""
        if crypto is not None and crypto != self._crypto:
            self._crypto = crypto
            self._srtp = LiveSrtp(crypto) if crypto else None
        if len(payloads) != self._known:
            self._known = len(payloads)
            self._table = PayloadTable(payloads)
            self._voices.clear()

    def hear(self, data: bytes) -> list[tuple[Side, str]]:
        """The keys in a piece of the tap's byte stream."""
        self._buffer += data
        blocks: dict[Side, list[Pcm]] = {}
        for number, packet in split_frames(self._buffer):
            if number >= len(SIDES) or parse_rtp(packet) is None:
                continue
            side = SIDES[number]
            clear = packet if self._srtp is None else self._srtp.rtp(side, packet)
            rtp = parse_rtp(clear) if clear is not None else None
            if rtp is None:
                continue
            voice = self._voice(side, rtp)
            if voice is not None:
                blocks.setdefault(side, []).extend(voice.samples(rtp))
        return [
            (side, digit)
            for side, parts in blocks.items()
            if parts
            for digit in self._tones[side].feed(np.concatenate(parts))
        ]

    def close(self) -> None:
        """Free the detectors."""
        for one in self._tones.values():
            one.close()

    def _voice(self, side: Side, rtp: RtpPacket) -> _Voice | None:
        key = (side, rtp.ssrc, rtp.payload_type)
        if key not in self._voices:
            while len(self._voices) >= _MOST_VOICES:
                del self._voices[next(iter(self._voices))]
            self._voices[key] = self._new_voice(side, rtp.payload_type)
        return self._voices[key]

    def _new_voice(self, side: Side, payload_type: int) -> _Voice | None:
        meanings = self._table.meanings(side, payload_type)
        if not meanings or decode.content(meanings[-1].encoding) is not Content.AUDIO:
            return None
        try:
            return _Voice(decode.decoder(meanings[-1]))
        except UnsupportedPayload:
            return None


class _Listening(NamedTuple):
    leg: Leg
    ear: Ear
    socket: socket.socket


class KeyListener:
    """Listens to the calls of one session: by its task live, by `listen` after each batch of capture files."""

    def __init__(self, engine: Tapping, legs: dict[str, Leg], orders: Orders) -> None:
        self._engine = engine
        self._legs = legs
        self._orders = orders
        self._listening: dict[str, _Listening] = {}
        self._is_full = False
        self._is_deaf = False
        self._hearing = threading.Lock()

    async def run(self) -> None:
        """Listen until cancelled; returns when the library of tones is missing."""
        try:
            while not self._is_deaf:
                await self.listen()
                await asyncio.sleep(_EVERY_S)
        finally:
            self.close()

    async def listen(self) -> None:
        """Hear what came since the last time; nothing without the library of tones, which is logged once."""
        if self._is_deaf:
            return
        try:
            self._follow()
            for pressed in await asyncio.to_thread(self._hear, list(self._listening.values())):
                leg = self._legs.get(pressed.call_id)
                if leg is not None:
                    self._orders.heard(leg, pressed.digit, pressed.side, self._engine.now_ns())
        except NoTones as error:
            self._is_deaf = True
            _logger.error("keys in the audio are not heard", extra={"problem": error.message()})  # noqa: TRY400 - told in words

    def close(self) -> None:
        """Leave every call."""
        self._drop(self._listening.keys())

    def _follow(self) -> None:
        """Begin with calls that came, leave those that are over, all when the settings say so."""
        wanted = {}
        if self._orders.hears_tones:
            wanted = {
                call_id: leg
                for call_id, leg in self._legs.items()
                if not leg.is_ended
                and leg.policy is not None
                and (leg.media.crypto or not leg.media.is_encrypted)
            }
        self._drop(self._listening.keys() - wanted.keys())
        for call_id, leg in wanted.items():
            if call_id in self._listening:
                self._listening[call_id].ear.learn(leg.media.payloads, leg.media.crypto)
                continue
            if len(self._listening) >= MOST_CALLS:
                if not self._is_full:
                    self._is_full = True
                    _logger.warning("too many calls to listen for keys in all", extra={"most": MOST_CALLS})
                break
            self._begin(leg)
        else:
            self._is_full = False

    def _begin(self, leg: Leg) -> None:
        ear = Ear()
        ear.learn(leg.media.payloads, leg.media.crypto)
        ours, theirs = socket.socketpair()
        ours.setblocking(False)  # noqa: FBT003 - the socket's own word
        try:
            self._engine.tap(leg.call_id, theirs.fileno(), even_paused=True)
        except (OSError, ValueError) as error:
            _logger.warning("a call cannot be tapped", extra={"call": leg.call_id, "problem": str(error)})
        theirs.close()
        self._listening[leg.call_id] = _Listening(leg, ear, ours)

    def _drop(self, call_ids: Iterable[str]) -> None:
        gone = [self._listening.pop(call_id) for call_id in list(call_ids)]
        if not gone:
            return
        with self._hearing:  # a thread outlives the task that was cancelled
            for one in gone:
                one.socket.close()
                one.ear.close()

    def _hear(self, listening: list[_Listening]) -> list[Pressed]:
        """Run in a thread, while the loop touches none of it."""
        found = []
        with self._hearing:
            for one in listening:
                if one.socket.fileno() < 0:
                    continue
                with contextlib.suppress(BlockingIOError):
                    while data := one.socket.recv(_READ_BYTES):
                        found += [Pressed(one.leg.call_id, side, digit) for side, digit in one.ear.hear(data)]
                        if len(data) < _READ_BYTES:
                            break
        return found
