"""AMR and AMR-WB as RTP carries them → the frames of the storage format, which decoders take.

Both packings are read: bandwidth-efficient, where nothing is aligned, and octet-aligned, with or without checksums.
Interleaving and robust sorting, which no telephone was ever seen to offer, are refused.
Source: RFC 4867 §4.3 (bandwidth-efficient), §4.4 (octet-aligned), §5.3 (storage), 3GPP TS 26.101, TS 26.201
"""

from collections.abc import Iterator

from appliance.core.errors import UnsupportedPayload

_NARROW_BITS = (95, 103, 118, 134, 148, 159, 204, 244, 39)
_WIDE_BITS = (132, 177, 253, 285, 317, 365, 397, 461, 477, 40)
_TYPES = 16
_MOST_FRAMES = 50


class AmrPacking:
    """How one negotiated AMR payload type is packed.

    Raises: UnsupportedPayload for interleaving, robust sorting or more than one channel
    """

    def __init__(self, *, wide: bool, fmtp: str, channels: int = 1) -> None:
        options = dict(_option(part) for part in fmtp.split(";"))
        if options.get("robust-sorting") == "1" or "interleaving" in options or channels != 1:
            raise UnsupportedPayload(encoding=f"AMR{'-WB' if wide else ''} ({fmtp})")
        self._checksums = options.get("crc") == "1"
        self._octets = options.get("octet-align") == "1" or self._checksums
        self._sizes = _WIDE_BITS if wide else _NARROW_BITS
        self._descriptor = len(self._sizes) - 1

    def speech(self, payload: bytes) -> Iterator[bytes | None]:
        """The payload's frames in storage form, None where a frame holds no speech (comfort noise, nothing).

        A frame cut short ends the payload.
        """
        bits = _Bits(payload)
        bits.take(8 if self._octets else 4)
        types: list[tuple[int, int]] = []
        more = True
        while more and len(types) < _MOST_FRAMES and bits.left >= 6:
            entry = bits.take(6)
            if self._octets:
                bits.take(2)
            types.append((entry >> 1 & 15, entry & 1))
            more = bool(entry & 32)
        if self._checksums:
            bits.take(8 * sum(1 for kind, _ in types if kind < len(self._sizes)))
        for kind, good in types:
            size = self._sizes[kind] if kind < len(self._sizes) else 0
            if bits.left < size:
                return
            body = bits.take(size)
            if self._octets:
                bits.take(-size % 8)
            if not good or kind >= self._descriptor:
                yield None
                continue
            filled = body << (-size % 8)
            yield bytes([kind << 3 | good << 2]) + filled.to_bytes((size + 7) // 8, "big")


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
