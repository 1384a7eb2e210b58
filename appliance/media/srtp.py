"""Encrypted media whose keys stood in clear signalling → the same media in clear, in memory only.

The bundle on disk stays as it was captured. A packet that no key authenticates is counted and left out, so that
noise is never taken for speech. Keys of DTLS-SRTP never pass by in clear: such calls cannot be read.
Written on the primitives of `cryptography`, because libsrtp's binding knows no AES-256 in counter mode, no key
identifiers, and cannot be told how often the sequence number wrapped before a call was joined.
Source: RFC 3711 (SRTP), RFC 4568 §6 and §9.1 (keys in SDP), RFC 6188 (AES-192 and -256), RFC 7714 (AES-GCM)
"""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from appliance.domain.call import Side
from appliance.media.packets import BundleMedia, MediaStream, read_bundle_media, sorted_capture

_FILE_HEADER_BYTES = 24
_RECORD = struct.Struct("<IIII")
_UDP, _FRAGMENT, _AUTHENTICATION = 17, 44, 51
_EXTENSIONS = (0, 43, 60, 135, 139, 140)
"""Hop-by-hop, routing, destination, mobility, HIP, shim6: one form of length."""
_MOST_EXTENSIONS = 12
_MOST_WRAPS = 256  # four days of packets of 20 ms before the call was joined
_PATIENCE = 200
_MOST_LIVE = 16
_HALF, _WHOLE = 1 << 15, 1 << 16


class Suite(NamedTuple):
    """Lengths in bytes; `gcm` = AEAD, where the tag covers and follows the ciphertext."""

    key: int
    salt: int
    tag: int
    gcm: bool = False


SUITES: dict[str, Suite] = {
    "AES_CM_128_HMAC_SHA1_80": Suite(16, 14, 10),
    "AES_CM_128_HMAC_SHA1_32": Suite(16, 14, 4),
    "AES_192_CM_HMAC_SHA1_80": Suite(24, 14, 10),
    "AES_192_CM_HMAC_SHA1_32": Suite(24, 14, 4),
    "AES_256_CM_HMAC_SHA1_80": Suite(32, 14, 10),
    "AES_256_CM_HMAC_SHA1_32": Suite(32, 14, 4),
    "AEAD_AES_128_GCM": Suite(16, 12, 16, gcm=True),
    "AEAD_AES_256_GCM": Suite(32, 12, 16, gcm=True),
}
"""Source: RFC 4568 §6.2, RFC 6188 §7, RFC 7714 §14.2. F8 is in no telephone."""
_RTCP_TAG_BYTES = 10


class MasterKey(NamedTuple):
    """What one a=crypto line says, and the address (`ip:port`) that its writer sends from, "" when unknown."""

    suite: Suite
    key: bytes
    salt: bytes
    mki_bytes: int = 0
    sender: str = ""
    clear_rtp: bool = False
    clear_rtcp: bool = False


class Decrypted(NamedTuple):
    """The media in clear; packets that a key proved genuine, and those that none did.

    `unopened`: the streams of the latter, still encrypted; they are not in `media`.
    """

    media: BundleMedia
    authentic: int
    failed: int
    unopened: list[MediaStream]


def master_keys(line: str, sender: str = "") -> list[MasterKey]:
    """The keys of the value of one a=crypto attribute; none when it cannot be used.

    `1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^31|1:4;inline:… UNENCRYPTED_SRTCP`
    Source: RFC 4568 §9.1
    """
    words = line.split()
    if len(words) < 3 or (suite := SUITES.get(words[1].upper())) is None:
        return []
    parameters = {word.upper() for word in words[3:]}
    if "UNAUTHENTICATED_SRTP" in parameters:
        return []  # nothing would tell a right key from a wrong one
    found: list[MasterKey] = []
    for part in words[2].split(";"):
        method, _, content = part.partition(":")
        text, *more = content.split("|")
        try:
            secret = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except (binascii.Error, ValueError):
            continue
        if method.lower() != "inline" or len(secret) != suite.key + suite.salt:
            continue
        mki = next((one.partition(":")[2] for one in more if ":" in one), "0")
        found.append(
            MasterKey(
                suite,
                secret[: suite.key],
                secret[suite.key :],
                int(mki) if mki.isdecimal() and len(mki) < 4 else 0,
                sender,
                "UNENCRYPTED_SRTP" in parameters,
                "UNENCRYPTED_SRTCP" in parameters,
            )
        )
    return found


class Context:
    """One direction's session under one master key; its session keys are for encryption, authentication and salt.

    Source: RFC 3711 §3.2.1, §4.3 (derivation with a rate of zero)
    """

    def __init__(self, master: MasterKey) -> None:
        suite = master.suite
        self._master = master
        self.rtp_keys = tuple(self._derived(label, size) for label, size in self._labels(0))
        self.rtcp_keys = tuple(self._derived(label, size) for label, size in self._labels(3))
        self._aead = (AESGCM(self.rtp_keys[0]), AESGCM(self.rtcp_keys[0])) if suite.gcm else None
        self._wraps = 0
        self._highest: int | None = None

    def rtp(self, packet: bytes) -> bytes | None:
        """The packet in clear, None when this key does not prove it genuine.

        Source: RFC 3711 §3.3
        """
        suite, mki = self._master.suite, self._master.mki_bytes
        head = _header_bytes(packet)
        if not head or len(packet) < head + suite.tag + mki:
            return None
        sequence = int.from_bytes(packet[2:4])
        for wraps in self._guesses(sequence):
            clear = self._opened(packet, head, wraps, sequence)
            if clear is not None:
                self._believe(wraps, sequence)
                return clear
        return None

    def rtcp(self, packet: bytes) -> bytes | None:
        """The same for SRTCP. Source: RFC 3711 §3.4, RFC 7714 §9."""
        suite, mki = self._master.suite, self._master.mki_bytes
        tag = 0 if suite.gcm else _RTCP_TAG_BYTES
        end = len(packet) - tag - mki
        if end < 12:
            return None
        word = int.from_bytes(packet[end - 4 : end])
        is_encrypted, index = word >> 31, word & 0x7FFFFFFF
        key, auth, salt = self.rtcp_keys
        if self._aead is not None:
            nonce = self._nonce(salt, packet[4:8], index)
            body, head = packet[8 : end - 4], packet[:8] + packet[end - 4 : end]
            if not is_encrypted:
                body, head = packet[end - 4 - suite.tag : end - 4], packet[: end - 4 - suite.tag] + head[8:]
            try:
                clear = self._aead[1].decrypt(nonce, body, head)
            except InvalidTag:
                return None
            return packet[:8] + clear if is_encrypted else head[:-4]
        expected = hmac.digest(auth, packet[:end], hashlib.sha1)[:tag]
        if not hmac.compare_digest(expected, packet[len(packet) - tag :]):
            return None
        body = packet[8 : end - 4]
        if is_encrypted and not self._master.clear_rtcp:
            body = self._stream_cipher(key, salt, packet[4:8], index, body)
        return packet[:8] + body

    def _opened(self, packet: bytes, head: int, wraps: int, sequence: int) -> bytes | None:
        suite = self._master.suite
        key, auth, salt = self.rtp_keys
        if self._aead is not None:
            nonce = self._nonce(salt, packet[8:12], wraps << 16 | sequence)
            try:
                body = packet[head : len(packet) - self._master.mki_bytes]
                return packet[:head] + self._aead[0].decrypt(nonce, body, packet[:head])
            except InvalidTag:
                return None
        end = len(packet) - suite.tag - self._master.mki_bytes
        expected = hmac.digest(auth, packet[:end] + wraps.to_bytes(4), hashlib.sha1)[: suite.tag]
        if not hmac.compare_digest(expected, packet[len(packet) - suite.tag :]):
            return None
        if self._master.clear_rtp:
            return packet[:end]
        return packet[:head] + self._stream_cipher(
            key, salt, packet[8:12], wraps << 16 | sequence, packet[head:end]
        )

    def _guesses(self, sequence: int) -> Iterator[int]:
        """How often the number has wrapped: what the last packets say; before the first one, everything believable.

        Source: RFC 3711 §3.3.1, Appendix A
        """
        if self._highest is None:
            yield from range(_MOST_WRAPS)
            return
        step = (sequence - self._highest + _HALF) % _WHOLE - _HALF
        yield max(0, (self._wraps << 16 | self._highest) + step) >> 16

    def _believe(self, wraps: int, sequence: int) -> None:
        if self._highest is None or (wraps, sequence) > (self._wraps, self._highest):
            self._wraps, self._highest = wraps, sequence

    def _labels(self, first: int) -> tuple[tuple[int, int], ...]:
        suite = self._master.suite
        return ((first, suite.key), (first + 1, 20), (first + 2, suite.salt))

    def _derived(self, label: int, size: int) -> bytes:
        """Source: RFC 3711 §4.3.1, §4.3.3; the salt of AEAD suites is filled up with zeros (RFC 7714 §11)."""
        salt = int.from_bytes(self._master.salt.ljust(14, b"\0"))
        start = (salt ^ label << 48) << 16
        return _counter_mode(self._master.key, start, bytes(size))

    @staticmethod
    def _stream_cipher(key: bytes, salt: bytes, ssrc: bytes, index: int, body: bytes) -> bytes:
        """Source: RFC 3711 §4.1.1."""
        start = int.from_bytes(salt) << 16 ^ int.from_bytes(ssrc) << 64 ^ index << 16
        return _counter_mode(key, start, body)

    @staticmethod
    def _nonce(salt: bytes, ssrc: bytes, index: int) -> bytes:
        """Source: RFC 7714 §8.1, §9.1."""
        return (int.from_bytes(salt) ^ int.from_bytes(ssrc) << 48 ^ index).to_bytes(12)


class _Direction:
    """The packets of one sender: the key that fits is kept, another is looked for when it no longer does."""

    def __init__(self, masters: Sequence[MasterKey], sender: str) -> None:
        own = [master for master in masters if master.sender == sender]
        others = [master for master in masters if master.sender != sender]
        self._contexts = [Context(master) for master in (*own, *others)]
        self.misses = 0
        self.authentic = self.failed = 0

    def rtp(self, packet: bytes) -> bytes | None:
        proven = self._contexts[:1] if self.authentic else []
        tried = self._contexts if self.misses < _PATIENCE else proven
        for index, context in enumerate(tried):
            clear = context.rtp(packet)
            if clear is not None:
                if index:
                    self._contexts.insert(0, self._contexts.pop(index))
                self.misses = 0
                self.authentic += 1
                return clear
        self.misses += 1
        self.failed += 1
        return None

    def rtcp(self, packet: bytes) -> bytes | None:
        return next((clear for context in self._contexts if (clear := context.rtcp(packet))), None)


class LiveSrtp:
    """The packets of a live call in clear as they come, by the keys that stood in its signalling.

    `crypto`: a=crypto values by who encrypts with them
    """

    def __init__(self, crypto: Mapping[Side, Sequence[str]]) -> None:
        self._masters = [
            master
            for speaker, lines in crypto.items()
            for line in lines
            for master in master_keys(line, speaker)
        ]
        self._directions: dict[tuple[str, bytes], _Direction] = {}

    def rtp(self, speaker: Side, packet: bytes) -> bytes | None:
        """An RTP packet in clear; None when no key proves it genuine."""
        key = (speaker, packet[8:12])
        direction = self._directions.get(key)
        if direction is None:
            while len(self._directions) >= _MOST_LIVE:
                del self._directions[next(iter(self._directions))]
            direction = self._directions[key] = _Direction(self._masters, speaker)
        return direction.rtp(packet)

    @property
    def misses(self) -> int:
        """Packets in a row that could not be opened, of the stream that has most of them."""
        return max((direction.misses for direction in self._directions.values()), default=0)


def decrypt(path: Path, masters: Sequence[MasterKey]) -> Decrypted:
    """Read the capture file at `path` with everything decrypted that one of the keys opens.

    Raises: BadBundle as `read_bundle_media` does
    """
    content = sorted_capture(path)
    directions: dict[tuple[str, bytes], _Direction] = {}
    masters = list(dict.fromkeys(masters))
    header = content[:_FILE_HEADER_BYTES]
    with _in_memory(header) as (clear, clear_path), _in_memory(header) as (closed, closed_path):
        for head, packet in _records(content):
            found = _cleared(packet, masters, directions)
            kept, file = (packet, closed) if found is None else (found, clear)
            file.write(_RECORD.pack(*head[:2], len(kept), len(kept)) + kept)
        clear.flush()
        closed.flush()
        media, unopened = read_bundle_media(clear_path), read_bundle_media(closed_path).streams
    return Decrypted(
        media,
        sum(one.authentic for one in directions.values()),
        sum(one.failed for one in directions.values()),
        unopened,
    )


@contextmanager
def _in_memory(header: bytes) -> Iterator[tuple[BinaryIO, Path]]:
    """A capture file that stands on no disk: to be written, then read by its path."""
    descriptor = os.memfd_create("media")
    with os.fdopen(descriptor, "wb") as file:
        file.write(header)
        yield file, Path(f"/proc/self/fd/{descriptor}")


def _records(content: bytes) -> Iterator[tuple[tuple[int, ...], bytes]]:
    at = _FILE_HEADER_BYTES
    while at + _RECORD.size <= len(content):
        head = _RECORD.unpack_from(content, at)
        at += _RECORD.size
        yield head, content[at : at + head[2]]
        at += head[2]


def _cleared(
    packet: bytes, masters: Sequence[MasterKey], directions: dict[tuple[str, bytes], _Direction]
) -> bytes | None:
    """The IP packet with its RTP or RTCP in clear, as it is when it holds neither, None when no key opens it."""
    at = _udp_at(packet)
    if not at or len(packet) < at + 20 or packet[at + 8] >> 6 != 2:
        return packet
    content = packet[at + 8 : at + int.from_bytes(packet[at + 4 : at + 6])]
    is_rtcp = 192 <= content[1] <= 223
    ssrc = content[4:8] if is_rtcp else content[8:12]
    port = int.from_bytes(packet[at : at + 2])
    sender = _host(packet)
    key = (f"{sender}:{port}", ssrc)
    direction = directions.get(key)
    if direction is None:
        direction = directions[key] = _Direction(masters, key[0])
    clear = direction.rtcp(content) if is_rtcp else direction.rtp(content)
    return None if clear is None else _resized(packet, at, clear)


def _header_bytes(packet: bytes) -> int:
    """Length of the RTP header with CSRCs and extension, 0 when it is cut. Source: RFC 3550 §5.1, §5.3.1."""
    if len(packet) < 12:
        return 0
    length = 12 + 4 * (packet[0] & 15)
    if packet[0] & 0x10:
        if len(packet) < length + 4:
            return 0
        length += 4 + 4 * int.from_bytes(packet[length + 2 : length + 4])
    return length if length <= len(packet) else 0


def _udp_at(packet: bytes) -> int:
    """Where the UDP header begins in an IP packet that is no fragment; 0 = not there."""
    if len(packet) < 28:
        return 0
    if packet[0] >> 4 == 4:
        is_whole = not int.from_bytes(packet[6:8]) & 0x3FFF
        return (packet[0] & 15) * 4 if packet[9] == _UDP and is_whole else 0
    return _udp_of_ipv6_at(packet) if packet[0] >> 4 == 6 else 0


def _udp_of_ipv6_at(packet: bytes) -> int:
    """The same behind the extension headers of an IPv6 packet. Source: RFC 8200 §4, RFC 4302 §2.2."""
    kind, at = packet[6], 40
    for _ in range(_MOST_EXTENSIONS):
        if len(packet) < at + 8:
            return 0
        if kind == _UDP:
            return at
        if kind in _EXTENSIONS:
            length = 8 + 8 * packet[at + 1]
        elif kind == _AUTHENTICATION:
            length = 8 + 4 * packet[at + 1]
        elif kind == _FRAGMENT and not int.from_bytes(packet[at + 2 : at + 4]) & 0xFFF9:
            length = 8
        else:
            return 0
        kind, at = packet[at], at + length
    return 0


def _host(packet: bytes) -> str:
    if packet[0] >> 4 == 4:
        return ".".join(map(str, packet[12:16]))
    return f"[{ipaddress.IPv6Address(packet[8:24])}]"


def _resized(packet: bytes, at: int, content: bytes) -> bytes:
    """The IP packet with another UDP payload. Checksums of IP and UDP are not made anew: nobody reads them here."""
    head = bytearray(packet[: at + 8])
    size = 8 + len(content)
    if head[0] >> 4 == 4:
        head[2:4] = (at + size).to_bytes(2)
    else:
        head[4:6] = (at - 40 + size).to_bytes(2)
    head[at + 4 : at + 8] = size.to_bytes(2) + b"\0\0"
    return bytes(head) + content


def _counter_mode(key: bytes, start: int, content: bytes) -> bytes:
    counter = modes.CTR((start & (1 << 128) - 1).to_bytes(16))
    return Cipher(algorithms.AES(key), counter).encryptor().update(content)
