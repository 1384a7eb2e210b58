"""Session descriptions as a wiretap needs them, and what offer and answer make of them.

Source: RFC 8866, RFC 4566, RFC 3264, RFC 3551 §6, RFC 4568, RFC 8122, RFC 3605, RFC 5761
"""

from typing import Literal

import msgspec

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
    `crypto`: a=crypto values as written. `fingerprint` is of DTLS. `candidates`: a=candidate values.
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
    mid: str = ""

    @property
    def is_rejected(self) -> bool:
        """Port 0 (RFC 3264 §6)."""
        return self.port == 0

    @property
    def is_encrypted(self) -> bool:
        """Whether the payload will be SRTP: by profile, SDES line or DTLS fingerprint."""
        return "SAVP" in self.protocol.upper() or bool(self.crypto) or bool(self.fingerprint)

    @property
    def is_null(self) -> bool:
        """Address 0.0.0.0 or ::, the hold of RFC 2543."""
        raise NotImplementedError


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
        raise NotImplementedError

    @property
    def audios(self) -> tuple[Media, ...]:
        """Every audio line that was not rejected and has an address."""
        raise NotImplementedError

    @property
    def is_encrypted(self) -> bool:
        """Whether all of its audio will be SRTP."""
        raise NotImplementedError


def read_sdp(data: bytes) -> Session:
    """Read one session description; unknown and malformed attributes are passed over.

    Raises: BadMessage(problem, offset) when it is none, or an m= line cannot be understood
    Source: RFC 8866 §5
    """
    raise NotImplementedError


def spoken_to(listener: Media, speaker: Media | None = None) -> tuple[Format, ...]:
    """Which payload types to expect in audio that goes to `listener`: its own list says so.

    What the speaker's list adds under numbers that the listener does not use comes last, for peers that
    answer with their own numbering.
    Source: RFC 3264 §5.1 and §6.1
    """
    raise NotImplementedError
