"""What the WAV encoders share: the header, the limit of 4 GiB, and writing with a running hash.

Source: Microsoft "Multiple Channel Audio Data and WAVE Files" (2007); RFC 2361 for the format codes
"""

import hashlib
import struct
from collections.abc import Iterable
from pathlib import Path

from appliance.core.errors import TooLarge
from appliance.media.encoders import Written

_LIMIT_BYTES = 0xFFFF_FFFF
_FORMAT_BYTES = 18


def header(
    code: int,
    channels: int,
    rate_hz: int,
    bits: int,
    block_bytes: int,
    frames: int,
    data_bytes: int,
    *,
    bytes_a_second: int,
    extra: bytes = b"",
) -> bytes:
    """Everything before the samples: RIFF, fmt with its extension, fact (frames), data.

    Raises: TooLarge when the file would pass 4 GiB, which RIFF sizes cannot say
    """
    form = (
        struct.pack("<HHIIHHH", code, channels, rate_hz, bytes_a_second, block_bytes, bits, len(extra))
        + extra
    )
    body = 4 + 8 + len(form) + 12 + 8 + data_bytes + (data_bytes & 1)
    if body > _LIMIT_BYTES:
        raise TooLarge(what="WAV", limit="4 GiB")
    return b"".join(
        (
            struct.pack("<4sI4s", b"RIFF", body, b"WAVE"),
            struct.pack("<4sI", b"fmt ", len(form)),
            form,
            struct.pack("<4sII", b"fact", 4, frames),
            struct.pack("<4sI", b"data", data_bytes),
        )
    )


def write(chunks: Iterable[bytes | memoryview], path: Path) -> Written:
    """Write the chunks and hash them on the way."""
    digest = hashlib.sha256()
    size = 0
    with path.open("wb", buffering=0) as file:
        for chunk in chunks:
            rest = memoryview(chunk)
            digest.update(rest)
            size += len(rest)
            while rest:
                rest = rest[file.write(rest) :]
    return Written(size, digest.hexdigest())
