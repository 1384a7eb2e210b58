"""The media of one call as its descriptions announce it: who receives where, and what is spoken there.

Descriptions come in; the addresses that have to be bound (again) come out. What was heard without any description is
added to it, so that everybody asks one place.
Source: RFC 3264 §6 and §8, RFC 8866 §6.6, RFC 8839 §5.1 (candidates), RFC 4568 (keys), RFC 8843 (one port for all)
"""

import ipaddress
from typing import NamedTuple

from appliance.capture.seen import StreamCount, endpoint
from appliance.core.clock import from_ns
from appliance.domain.bundle import Payload, Stream, StreamKind
from appliance.domain.call import Side
from appliance.sip.aliases import Aliases
from appliance.sip.sdp import STATIC, Format, Media, Session, spoken_to

MAX_PAYLOADS = 500
MAX_CANDIDATES = 16


class Binding(NamedTuple):
    """Where `listener` receives, and what is spoken to it there."""

    listener: Side
    address: str
    port: int
    rtcp_port: int
    formats: tuple[Format, ...]


class Described(NamedTuple):
    """What a description brought: addresses to bind, and the names of first formats that are other ones now."""

    bindings: list[Binding]
    changed: list[str]


class AnnouncedMedia:
    """Everything the descriptions of a call said so far.

    `payloads` is the table of payload types as the manifest keeps it, `codecs` what each side speaks now, `others` the
    addresses that were announced for anything but audio.
    """

    __slots__ = (
        "_addresses",
        "_aliases",
        "_described",
        "_encodings",
        "_lost",
        "_sessions",
        "_spoken",
        "_video",
        "bindings",
        "codecs",
        "others",
        "payloads",
    )

    def __init__(self, aliases: Aliases | None = None) -> None:
        self.payloads: list[Payload] = []
        self.codecs: dict[str, str] = {}
        self.bindings: dict[tuple[Side, str, int], Binding] = {}
        self.others: set[tuple[str, int]] = set()
        self._described: dict[tuple[Side, int], Media] = {}
        self._sessions: dict[Side, Session] = {}
        self._encodings: dict[tuple[Side, int], Format] = {}
        self._spoken: dict[Side, int] = {}
        self._addresses: dict[tuple[str, int], Side] = {}
        self._aliases = aliases or Aliases()
        self._lost: set[str] = set()
        self._video: dict[tuple[Side, int], Format] = {}

    def describe(self, side: Side, session: Session, at_ns: int) -> Described:
        """Take in how `side` describes what it receives."""
        self._sessions[side] = session
        for media in session.media:
            if media.kind != "audio" and media.has_address and not media.is_rejected:
                self.others.add((media.address, media.port))
                self._lost.discard(endpoint(media.address, media.port))
            if media.kind == "video":
                self._video.update({(side.other, row.payload_type): row for row in media.formats})
        found = Described([], [])
        for index, media in enumerate(session.audios):
            self._lost.discard(endpoint(media.address, media.port))
            before = self._described.get((side, index))
            self._described[side, index] = media
            if before is not None and _main(before) != _main(media):
                found.changed.append(_main(media))
            peer = self._described.get((side.other, index))
            found.bindings.extend(self._wanted(side, media, peer, at_ns))
            if peer is not None:
                found.bindings.extend(self._wanted(side.other, peer, media, at_ns))
        return found

    def hear(
        self, listener: Side, address: str, port: int, formats: tuple[Format, ...], at_ns: int
    ) -> Binding:
        """A binding that no description announced: media seen without signalling."""
        self._learn(listener.other, formats, at_ns)
        return self._bound(Binding(listener, address, port, port + 1, formats))

    def speaks(self, side: Side, payload_type: int) -> None:
        """What a side speaks now; it may be seen before the answer that describes it."""
        self._spoken[side] = payload_type
        self._name_codec(side)

    def lose(self, lost: Session) -> None:
        """What was heard of a telephone that rang along is no part of the call, unless the winner took its place."""
        stays = {
            (media.address, media.port)
            for session in self._sessions.values()
            if session is not lost
            for media in session.audios
        }
        for media in lost.audios:
            if (media.address, media.port) not in stays:
                self._lost.add(endpoint(media.address, media.port))

    @property
    def expects_audio(self) -> bool:
        """Whether both sides have an audio line now; a call that turned to a fax has none for as long as it lasts."""
        return all(session.audio is not None for session in self._sessions.values())

    @property
    def is_encrypted(self) -> bool:
        """Whether the descriptions seen agree on SRTP; an offer that was declined does not count.

        Source: RFC 4568 §5.1
        """
        return bool(self._sessions) and all(session.is_encrypted for session in self._sessions.values())

    @property
    def crypto(self) -> dict[Side, list[str]]:
        """The a=crypto values that stood in clear beside the audio, by who encrypts with them; empty when not encrypted.

        Source: RFC 4568 §6.1
        """
        if not self.is_encrypted:
            return {}
        found = {
            side: [line for media in session.audios for line in media.crypto]
            for side, session in self._sessions.items()
        }
        return {side: lines for side, lines in found.items() if lines}

    def speaker_between(self, source: tuple[str, int], destination: tuple[str, int]) -> Side | None:
        """Who speaks in a stream between two addresses; None when neither address is the call's."""
        listener = self._addresses.get(destination)
        return listener.other if listener is not None else self._addresses.get(source)

    def listener_at(self, address: str, port: int) -> Side | None:
        """Who receives media there."""
        return self._addresses.get((address, port))

    def encoding(self, side: Side, payload_type: int) -> Format:
        """What a payload type means in the mouth of `side`; encoding "" when it was never described."""
        return self._encodings.get((side, payload_type)) or Format(payload_type=payload_type)

    def kind_of(self, side: Side, source: str, destination: str, payload_type: int) -> StreamKind:
        """What a stream spoken by `side` between two "ip:port" is to the recording.

        Video is told by a payload type that no audio of that side uses: it may share the port (RFC 8843).
        """
        if source in self._lost or destination in self._lost:
            return StreamKind.LOST_BRANCH
        is_video = (side, payload_type) in self._video and (side, payload_type) not in self._encodings
        return StreamKind.VIDEO if is_video else StreamKind.AUDIO

    def stream(self, count: StreamCount, kind: StreamKind) -> Stream:
        """The engine's statistics of a stream, as the manifest tells them."""
        side = count.speaker
        known = self._video[side, count.pt] if kind is StreamKind.VIDEO else self.encoding(side, count.pt)
        return Stream(
            side=side,
            source=count.src,
            destination=count.dst,
            ssrc=count.ssrc,
            payload_type=count.pt,
            encoding=known.encoding,
            clock_hz=known.clock_hz or count.clock_hz,
            packets=count.packets,
            bytes=count.bytes,
            expected=count.expected,
            lost=max(0, count.lost),
            duplicates=count.duplicates,
            snapped=count.snapped,
            reordered=count.reordered,
            jitter_ms=round(count.jitter_ms, 3),
            first_at=from_ns(count.first_ns),
            last_at=from_ns(count.last_ns),
            kind=kind,
        )

    def _wanted(self, listener: Side, media: Media, peer: Media | None, at_ns: int) -> list[Binding]:
        """The bindings of one media line that do not stand already: its address, its candidates, their aliases.

        Source: RFC 8839 §5.1 (candidates)
        """
        if media.is_null or not media.address:
            return []
        formats = spoken_to(media, peer)
        self._learn(listener.other, formats, at_ns)
        rtcp_port = media.port if media.rtcp_mux else media.rtcp_port or media.port + 1
        wanted = [(media.address, media.port, rtcp_port)] if media.has_address else []
        for address, port in media.candidate_ports[:MAX_CANDIDATES]:
            if _is_address(address) and 0 < port < 65535 and (address, port) != (media.address, media.port):
                wanted.append((address, port, port if media.rtcp_mux else port + 1))
        wanted += [
            (other, port, rtcp) for address, port, rtcp in wanted for other in self._aliases.others(address)
        ]
        found: list[Binding] = []
        for place in dict.fromkeys(wanted):
            binding = Binding(listener, *place, formats)
            if self.bindings.get(binding[:3]) != binding:
                found.append(self._bound(binding))
        return found

    def _bound(self, binding: Binding) -> Binding:
        self.bindings[binding.listener, binding.address, binding.port] = binding
        self._addresses[binding.address, binding.port] = binding.listener
        return binding

    def _learn(self, speaker: Side, formats: tuple[Format, ...], at_ns: int) -> None:
        for row in formats:
            if self._encodings.get((speaker, row.payload_type)) == row or not row.encoding:
                continue
            self._encodings[speaker, row.payload_type] = row
            self._name_codec(speaker)
            if len(self.payloads) < MAX_PAYLOADS:
                self.payloads.append(
                    Payload(
                        at=from_ns(at_ns),
                        side=speaker,
                        payload_type=row.payload_type,
                        encoding=row.encoding,
                        clock_hz=row.clock_hz,
                        channels=row.channels,
                        fmtp=row.fmtp,
                    )
                )

    def _name_codec(self, side: Side) -> None:
        payload_type = self._spoken.get(side, -1)
        found = self._encodings.get((side, payload_type)) or STATIC.get(payload_type)
        if found is not None and not found.is_event:
            self.codecs[side.value] = found.encoding


def _main(media: Media) -> str:
    """The first audio format's name, in capitals."""
    return next((row.encoding.upper() for row in media.formats if not row.is_event), "")


def _is_address(text: str) -> bool:
    """Whether it is an IP address; candidates may also be names (RFC 8839 §5.1)."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
