"""Secrets in the index, encrypted with a key that lies outside it: a copy of the index alone gives none away."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from appliance.core.errors import Broken
from appliance.core.files import write_atomically
from appliance.core.text import Text

_KEY_BYTES = 32
_NONCE_BYTES = 12


class SealBroken(Broken):
    """The key is not the one with which the secret was encrypted. Facts: path."""

    text = Text(
        en="The secret cannot be read with the key {path}; set the second factor up again.",
        zh="无法使用密钥 {path} 读取密文，请重新设置双重验证。",
    )


class Seal:
    """Encrypts small secrets; the key is made when there is none.

    Source: NIST SP 800-38D (GCM), a random nonce of 96 bits each
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._key: AESGCM | None = None

    def close(self, secret: str, about: str) -> bytes:
        """Encrypt; `about` binds it to its place, so that it cannot be moved to another person's."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher().encrypt(nonce, secret.encode(), about.encode())

    def open(self, sealed: bytes, about: str) -> str:
        """Decrypt.

        Raises: SealBroken
        """
        try:
            return (
                self._cipher().decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about.encode()).decode()
            )
        except (InvalidTag, ValueError) as error:
            raise SealBroken(path=str(self._path)) from error

    def _cipher(self) -> AESGCM:
        if self._key is None:
            try:
                key = self._path.read_bytes()
            except FileNotFoundError:
                key = b""
            if len(key) != _KEY_BYTES:
                key = os.urandom(_KEY_BYTES)
                write_atomically(self._path, key, mode=0o600)
            self._key = AESGCM(key)
        return self._key
