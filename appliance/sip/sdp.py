"""Session descriptions as a wiretap needs them, and what offer and answer make of them.

Source: RFC 8866, RFC 4566, RFC 3264, RFC 3551 §6, RFC 4568, RFC 8122, RFC 3605, RFC 5761
"""

import ipaddress
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal

import msgspec

from appliance.core.errors import BadMessage

MediaDirection = Literal["sendrecv", "sendonly", "recvonly", "inactive"]


class Format(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One payload type. `encoding` as written in rtpmap or the static table, "" when unknown.

    `clock_hz` is the RTP clock, 0 when unknown.
    """

    payload_type: int
    encoding: str = ""
    clock_hz: int = 0
    channels: int = 1
    fmtp: str = ""

    @property
    def is_event(self) -> bool:
        """Whether it carries telephone events (RFC 4733)."""
        return self.encoding.lower() == "telephone-event"


class Media(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One m= line with what its section and the session level say.

    `address` is where its owner receives ("" when none was given), IPv6 without brackets. `port` 0 = rejected.
    `formats` are in order of preference; empty for media that is not RTP, whose words stay in `words`.
    `rtcp_port` is that of a=rtcp, else `port` with a=rtcp-mux, else the port above; 0 without RTP.
    `crypto`: a=crypto values as written. `fingerprint` is of DTLS. `candidates`: a=candidate values. `has_ice`: media goes
    where ICE finds a way, candidates may follow.
    """

    kind: str
    port: int
    protocol: str
    address: str = ""
    formats: tuple[Format, ...] = ()
    words: tuple[str, ...] = ()
    direction: MediaDirection = "sendrecv"
    ptime_ms: int = 0
    rtcp_port: int = 0
    rtcp_address: str = ""
    rtcp_mux: bool = False
    crypto: tuple[str, ...] = ()
    fingerprint: str = ""
    candidates: tuple[str, ...] = ()
    has_ice: bool = False
    mid: str = ""

    @property
    def is_rejected(self) -> bool:
        """Port 0 (RFC 3264 §6)."""
        return self.port == 0

    @property
    def is_encrypted(self) -> bool:
        """Whether the payload will be SRTP: by profile, SDES line or DTLS fingerprint.

        Under a plain profile an offer may list keys on trial; then the answer decides.
        """
        return "SAVP" in self.protocol.upper() or bool(self.crypto) or bool(self.fingerprint)

    @property
    def has_address(self) -> bool:
        """Whether the address is one to send to."""
        return self.address not in ("", "0.0.0.0", "::")  # noqa: S104  an address read, none bound

    @property
    def is_null(self) -> bool:
        """Address 0.0.0.0 or ::, the hold of RFC 2543; with ICE it only says that no candidate was the default.

        Source: RFC 3264 §8.4, RFC 8840 §4.1.1
        """
        return bool(self.address) and not self.has_address and not self.has_ice

    @property
    def candidate_ports(self) -> tuple[tuple[str, int], ...]:
        """Address and port of every UDP candidate for RTP, in order.

        Source: RFC 8839 §5.1
        """
        found: list[tuple[str, int]] = []
        for candidate in self.candidates:
            words = candidate.split()
            if len(words) >= 6 and words[1] == "1" and words[2].upper() == "UDP" and _is_number(words[5]):
                found.append((words[4], int(words[5])))
        return tuple(found)


class Session(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One description. `version` is the version in o=, `origin` the whole o= value."""

    media: tuple[Media, ...] = ()
    origin: str = ""
    version: str = ""
    name: str = ""
    address: str = ""

    @property
    def audio(self) -> Media | None:
        """The first audio line that was not rejected."""
        return next((media for media in self.media if media.kind == "audio" and media.port), None)

    @property
    def audios(self) -> tuple[Media, ...]:
        """Every audio line that was not rejected and has an address."""
        return tuple(media for media in self.media if media.kind == "audio" and media.port and media.address)

    @property
    def is_encrypted(self) -> bool:
        """Whether there is audio and all of it will be SRTP."""
        lines = [media for media in self.media if media.kind == "audio" and media.port]
        return bool(lines) and all(media.is_encrypted for media in lines)


# Source: RFC 3551 §6, tables 4 and 5; 2 is G726-32 by RFC 1890's successor drafts and by common use
STATIC: dict[int, Format] = {
    number: Format(payload_type=number, encoding=encoding, clock_hz=clock_hz, channels=channels)
    for number, encoding, clock_hz, channels in (
        (0, "PCMU", 8000, 1),
        (2, "G726-32", 8000, 1),
        (3, "GSM", 8000, 1),
        (4, "G723", 8000, 1),
        (5, "DVI4", 8000, 1),
        (6, "DVI4", 16000, 1),
        (7, "LPC", 8000, 1),
        (8, "PCMA", 8000, 1),
        (9, "G722", 8000, 1),
        (10, "L16", 44100, 2),
        (11, "L16", 44100, 1),
        (12, "QCELP", 8000, 1),
        (13, "CN", 8000, 1),
        (14, "MPA", 90000, 1),
        (15, "G728", 8000, 1),
        (16, "DVI4", 11025, 1),
        (17, "DVI4", 22050, 1),
        (18, "G729", 8000, 1),
        (19, "CN", 8000, 1),
        (25, "CelB", 90000, 1),
        (26, "JPEG", 90000, 1),
        (28, "nv", 90000, 1),
        (31, "H261", 90000, 1),
        (32, "MPV", 90000, 1),
        (33, "MP2T", 90000, 1),
        (34, "H263", 90000, 1),
    )
}
_DIRECTIONS: dict[str, MediaDirection] = {
    "sendrecv": "sendrecv",
    "sendonly": "sendonly",
    "recvonly": "recvonly",
    "inactive": "inactive",
}
_MAX_MEDIA = 64


class _Section:
    """The lines of the session level, or of one m= line, while they are read."""

    def __init__(self, parent: "_Section | None" = None) -> None:
        self.address: str = parent.address if parent else ""
        self.direction: MediaDirection = parent.direction if parent else "sendrecv"
        self.fingerprint: str = parent.fingerprint if parent else ""
        self.has_ice: bool = parent.has_ice if parent else False
        self.maps: dict[int, tuple[str, int, int]] = {}
        self.fmtps: dict[int, str] = {}
        self.crypto: list[str] = []
        self.candidates: list[str] = []
        self.facts: dict[str, Any] = {}
        self.line: tuple[str, int, str, tuple[str, ...]] = ("", 0, "", ())

    def attribute(self, text: str) -> None:
        name, colon, value = text.partition(":")
        name = name.strip().lower()
        value = value.strip()
        read = _ATTRIBUTES.get(name)
        if read is not None and colon:
            read(self, value)
        elif name in _DIRECTIONS:
            self.direction = _DIRECTIONS[name]
        elif name == "rtcp-mux":
            self.facts["rtcp_mux"] = True

    def fmtp_line(self, value: str) -> None:
        number, _, parameters = value.partition(" ")
        if _is_number(number):
            self.fmtps[int(number)] = parameters.strip()

    def ptime_line(self, value: str) -> None:
        whole = value.partition(".")[0]
        if _is_number(whole):
            self.facts["ptime_ms"] = int(whole)

    def crypto_line(self, value: str) -> None:
        self.crypto.append(value)

    def fingerprint_line(self, value: str) -> None:
        self.fingerprint = value

    def candidate_line(self, value: str) -> None:
        self.candidates.append(value)
        self.has_ice = True

    def ice_line(self, _: str) -> None:
        self.has_ice = True

    def mid_line(self, value: str) -> None:
        self.facts["mid"] = value

    def rtpmap_line(self, value: str) -> None:
        found = (_known_map if len(value) <= _SHORT else _read_map)(value)
        if found is not None:
            number, mapping = found
            self.maps[number] = mapping

    def rtcp_line(self, value: str) -> None:
        words = value.split()
        if words and _is_number(words[0]) and int(words[0]) <= 65535:
            self.facts["rtcp_port"] = int(words[0])
            if len(words) >= 4:
                self.facts["rtcp_address"] = words[3].strip("[]")

    def format(self, word: str) -> Format:
        number = int(word)
        fmtp = self.fmtps.get(number, "")
        return (_known_format if len(fmtp) <= _SHORT else _format)(number, self.maps.get(number), fmtp)

    def finish(self) -> Media:
        kind, port, protocol, words = self.line
        facts = self.facts
        is_rtp = "RTP" in protocol.upper()
        formats = (
            tuple(self.format(word) for word in words if _is_number(word) and int(word) < 128)
            if is_rtp
            else ()
        )
        if is_rtp and "rtcp_port" not in facts:
            facts["rtcp_port"] = port if facts.get("rtcp_mux") or not port else min(port + 1, 65535)
        return Media(
            kind=kind,
            port=port,
            protocol=protocol,
            address=self.address,
            formats=formats,
            words=() if is_rtp else words,
            direction=self.direction,
            crypto=tuple(self.crypto),
            fingerprint=self.fingerprint,
            candidates=tuple(self.candidates),
            has_ice=self.has_ice,
            **facts,
        )


def _read_map(value: str) -> tuple[int, tuple[str, int, int]] | None:
    """`97 opus/48000/2`; a clock that is no number leaves the payload type unknown, not the line unread."""
    number, _, mapping = value.partition(" ")
    encoding, _, rest = mapping.strip().partition("/")
    clock, _, channels = rest.partition("/")
    clock, channels = clock.strip(), channels.strip()
    if not _is_number(number) or not encoding:
        return None
    return int(number), (
        encoding.strip(),
        int(clock) if _is_number(clock) else 0,
        max(1, int(channels)) if _is_number(channels) else 1,
    )


def _format(number: int, mapping: tuple[str, int, int] | None, fmtp: str) -> Format:
    known = STATIC.get(number)
    if mapping is not None:
        encoding, clock_hz, channels = mapping
        if not clock_hz and known is not None and known.encoding.lower() == encoding.lower():
            clock_hz = known.clock_hz
        return Format(payload_type=number, encoding=encoding, clock_hz=clock_hz, channels=channels, fmtp=fmtp)
    if known is None:
        return Format(payload_type=number, fmtp=fmtp)
    return msgspec.structs.replace(known, fmtp=fmtp) if fmtp else known


# Telephones say the same few lines in every call; what is longer than theirs is not remembered.
_SHORT = 80
_known_map = lru_cache(512)(_read_map)
_known_format = lru_cache(512)(_format)

_ATTRIBUTES: dict[str, Callable[[_Section, str], None]] = {
    "rtpmap": _Section.rtpmap_line,
    "fmtp": _Section.fmtp_line,
    "ptime": _Section.ptime_line,
    "crypto": _Section.crypto_line,
    "fingerprint": _Section.fingerprint_line,
    "candidate": _Section.candidate_line,
    "ice-ufrag": _Section.ice_line,
    "ice-options": _Section.ice_line,
    "rtcp": _Section.rtcp_line,
    "mid": _Section.mid_line,
}


def read_sdp(data: bytes) -> Session:
    """Read one session description; unknown and malformed attributes are passed over.

    Raises: BadMessage(problem, offset) when it is none, or an m= line cannot be understood
    Source: RFC 8866 §5
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    top = _Section()
    section = top
    media: list[_Section] = []
    words: dict[str, str] = {}
    for index, line in enumerate(text.split("\n")):
        match line[:2]:
            case "a=":
                section.attribute(line[2:].strip())
            case "m=":
                if len(media) == _MAX_MEDIA:
                    raise BadMessage(problem="too many m= lines", offset=_offset(data, index))
                section = _Section(top)
                section.line = _read_media_line(line[2:], data, index)
                media.append(section)
            case "c=":
                section.address = _read_connection(line[2:]) or section.address
            case "v=" | "o=" | "s=" as kind:
                words[kind] = line[2:].strip()
    if not media and "v=" not in words:
        raise BadMessage(problem="no session description", offset=0)
    origin = words.get("o=", "")
    version = origin.split()[2:3]
    return Session(
        media=tuple(section.finish() for section in media),
        origin=origin,
        version=version[0] if version else "",
        name=words.get("s=", ""),
        address=top.address,
    )


def _read_media_line(value: str, data: bytes, index: int) -> tuple[str, int, str, tuple[str, ...]]:
    words = value.split()
    if len(words) < 3:
        raise BadMessage(problem="m= line is too short", offset=_offset(data, index))
    port = words[1].partition("/")[0]
    if not _is_number(port) or int(port) > 65535:
        raise BadMessage(problem="port of the m= line is no number", offset=_offset(data, index))
    return words[0].lower(), int(port), words[2], tuple(words[3:])


def _read_connection(value: str) -> str:
    """Address of `IN IP4 192.0.2.1/127`, in its usual spelling; "" when there is none."""
    words = value.split()
    if len(words) < 3:
        return ""
    address = words[2].partition("/")[0].strip("[]")
    if ":" in address:
        try:
            return str(ipaddress.IPv6Address(address))
        except ValueError:
            return address
    return address


def _is_number(word: str) -> bool:
    return word.isdecimal() and word.isascii() and len(word) <= 9


def _offset(data: bytes, index: int) -> int:
    return len(data) - len(data.split(b"\n", index)[index])


def spoken_to(listener: Media, speaker: Media | None = None) -> tuple[Format, ...]:
    """Which payload types to expect in audio that goes to `listener`: its own list says so.

    What the speaker's list adds under numbers that the listener does not use comes last, for peers that
    answer with their own numbering.
    Source: RFC 3264 §5.1 and §6.1
    """
    own = {spoken.payload_type for spoken in listener.formats}
    extra = speaker.formats if speaker is not None else ()
    return listener.formats + tuple(spoken for spoken in extra if spoken.payload_type not in own)


def is_encrypted(offer: Session, answer: Session | None) -> bool:
    """Whether the audio that both agreed on is SRTP; the answer decides where there is one.

    Source: RFC 4568 §5.1.2, RFC 5763 §5
    """
    return (answer or offer).is_encrypted


def same_media(one: Session, other: Session) -> bool:
    """Whether both descriptions receive at the same addresses and ports."""
    return [(media.address, media.port, media.candidates) for media in one.media] == [
        (media.address, media.port, media.candidates) for media in other.media
    ]
