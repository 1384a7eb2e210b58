"""AMR and AMR-WB as RTP carries them → the frames of the storage format, which decoders take.

Both packings are read: bandwidth-efficient, where nothing is aligned, and octet-aligned, with or without checksums.
Interleaving and robust sorting, which no telephone was ever seen to offer, are refused.
Source: RFC 4867 §4.3 (bandwidth-efficient), §4.4 (octet-aligned), §5.3 (storage), 3GPP TS 26.101, TS 26.201
"""

from collections.abc import Iterator
from typing import NamedTuple

from appliance.core.errors import UnsupportedPayload

_NARROW_BITS = (95, 103, 118, 134, 148, 159, 204, 244, 39)
_WIDE_BITS = (132, 177, 253, 285, 317, 365, 397, 461, 477, 40)
_LOST, _NOTHING = 14, 15  # frame types without a bit; 14 is one of AMR-WB only
_MOST_FRAMES = 50


class AmrPacking:
    """How one negotiated AMR payload type is packed.

    Raises: UnsupportedPayload for interleaving, robust sorting or more than one channel
    """

    def __init__(self, *, wide: bool, fmtp: str, channels: int = 1) -> None:
        options = dict(_option(part) for part in fmtp.split(";"))
        if options.get("robust-sorting") == "1" or "interleaving" in options or channels != 1:
            raise UnsupportedPayload(encoding=f"AMR{'-WB' if wide else ''} ({fmtp})")
        has_checksums = options.get("crc") == "1"
        told = _Packing(octets=options.get("octet-align") == "1" or has_checksums, checksums=has_checksums)
        self._packings = (told, *(one for one in _PACKINGS if one != told))
        self._sizes = _WIDE_BITS if wide else _NARROW_BITS
        self._descriptor = len(self._sizes) - 1
        self._speechless = (_LOST, _NOTHING) if wide else (_NOTHING,)

    def speech(self, payload: bytes) -> Iterator[bytes | None]:
        """The payload's frames in storage form, None where a frame holds no speech (comfort noise, nothing).

        It is read in the negotiated packing, or in another one where that one alone fits to the bit: not every sender
        keeps to what it announced. Raises: UnsupportedPayload behind the whole frames of one that fits no packing
        """
        if not payload:
            return
        told = self._read(payload, self._packings[0])
        if not told.is_clean:
            others = (self._read(payload, packing) for packing in self._packings[1:])
            told = next((other for other in others if other.is_clean), told)
        yield from told.frames
        if not told.fits:
            raise UnsupportedPayload(encoding=f"AMR ({len(payload)} bytes)")

    def _read(self, payload: bytes, packing: "_Packing") -> "_Reading":
        """The payload as that packing would have it. Source: RFC 4867 §4.3.1-§4.3.3, §4.4.1-§4.4.3."""
        octets, checksums = packing
        bits = _Bits(payload)
        spare = bits.take(8) & 15 if octets else bits.take(4) & 0
        types: list[tuple[int, int]] = []
        more = True
        while more and len(types) < _MOST_FRAMES and bits.left >= 6:
            entry = bits.take(6)
            if octets:
                spare |= bits.take(2)
            types.append((entry >> 1 & 15, entry & 1))
            more = bool(entry & 32)
        if checksums:
            bits.take(8 * sum(1 for kind, _ in types if kind < len(self._sizes)))
        frames: list[bytes | None] = []
        for kind, good in types:
            size = self._sizes[kind] if kind < len(self._sizes) else 0
            if bits.left < size:
                return _Reading(frames, fits=False, is_clean=False)
            body = bits.take(size)
            if octets:
                bits.take(-size % 8)
            if not good or kind >= self._descriptor:
                frames.append(None)
                continue
            filled = body << (-size % 8)
            frames.append(bytes([kind << 3 | good << 2]) + filled.to_bytes((size + 7) // 8, "big"))
        is_known = all(kind <= self._descriptor or kind in self._speechless for kind, _ in types)
        fits = is_known and not more and bits.left < (1 if octets else 8)
        return _Reading(frames, fits, is_clean=fits and not spare | bits.take(bits.left))


class _Packing(NamedTuple):
    octets: bool
    checksums: bool


_PACKINGS = (_Packing(octets=False, checksums=False), _Packing(octets=True, checksums=False))
"""Those a payload may be in without having been announced."""


class _Reading(NamedTuple):
    """A payload's frames; whether they are all of it, and whether the spare bits of header and end are zero, too."""

    frames: list[bytes | None]
    fits: bool
    is_clean: bool


class _Bits:
    """Bits from the front of a payload; beyond its end there are zeros."""

    def __init__(self, payload: bytes) -> None:
        self._value = int.from_bytes(payload, "big")
        self.left = 8 * len(payload)

    def take(self, count: int) -> int:
        missing = max(0, count - self.left)
        self.left -= count - missing
        taken = self._value >> self.left
        self._value &= (1 << self.left) - 1
        return taken << missing


def _option(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.strip().lower(), value.strip()
