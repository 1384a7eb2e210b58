"""AES-256 in ZIP archives as 7-Zip, WinZip, Keka and The Unarchiver read it (AE-2), from any place of a file on.

The content is encrypted in counter mode, so that any part of it can be made by itself; only the authentication code
behind it needs all that is before. Names and sizes of files stay readable: that is the format's.
Source: WinZip, "AES Encryption Information: Encryption Specification AE-1 and AE-2", 1.04 (2009)
"""

import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass, field

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

METHOD = 99
VERSION_NEEDED = 51
ENCRYPTED = 1
"""Bit 0 of an entry's flags."""

EXTRA = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 0)
"""Of an entry: AE-2 (no CRC), AES-256, stored without compression."""

_SALT_BYTES = 16
_CHECK_BYTES = 2
HEAD_BYTES = _SALT_BYTES + _CHECK_BYTES
CODE_BYTES = 10
MORE_BYTES = HEAD_BYTES + CODE_BYTES
"""By how much an entry is larger than its file."""

_KEY_BYTES = 32
_BLOCK_BYTES = 16
_ITERATIONS = 1000


@dataclass(frozen=True, slots=True)
class Lock:
    """What an archive is locked with. Every entry has a salt, and so keys, of its own: one key serves one content."""

    password: str = field(repr=False)
    first_salt: int = field(default_factory=lambda: secrets.randbits(8 * _SALT_BYTES), repr=False)

    def keys(self, place: int) -> "Keys":
        """Those of the entry at that place; takes a millisecond."""
        salt = (self.first_salt + place) % (1 << 8 * _SALT_BYTES)
        return Keys(self.password.encode(), salt.to_bytes(_SALT_BYTES))


class Keys:
    """Encrypts the content of one entry.

    Source: RFC 8018 §5.2 (PBKDF2 with HMAC-SHA-1)
    """

    def __init__(self, password: bytes, salt: bytes) -> None:
        made = hashlib.pbkdf2_hmac("sha1", password, salt, _ITERATIONS, 2 * _KEY_BYTES + _CHECK_BYTES)
        # Counter mode of this format counts in little-endian, which the library's own does not.
        self._cipher = Cipher(algorithms.AES(made[:_KEY_BYTES]), modes.ECB())  # noqa: S305 - blocks of a counter
        self._code_key = made[_KEY_BYTES : 2 * _KEY_BYTES]
        self.head = salt + made[2 * _KEY_BYTES :]

    def encrypted(self, content: bytes, position: int) -> bytes:
        """What stands at that position of the file, encrypted."""
        first, skip = divmod(position, _BLOCK_BYTES)
        blocks = -(-(skip + len(content)) // _BLOCK_BYTES)
        counters = np.zeros((blocks, 2), "<u8")
        counters[:, 0] = np.arange(first + 1, first + 1 + blocks, dtype=np.uint64)
        stream = np.frombuffer(self._cipher.encryptor().update(counters.tobytes()), np.uint8)
        return (np.frombuffer(content, np.uint8) ^ stream[skip : skip + len(content)]).tobytes()

    def code(self) -> "hmac.HMAC":
        """Takes all that is encrypted; the first `CODE_BYTES` of its digest stand behind the content."""
        return hmac.new(self._code_key, digestmod="sha1")
