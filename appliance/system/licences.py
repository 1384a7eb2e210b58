"""Licence files: written and read, signed by a vendor and proved offline; and the device that they are for.

A file is a JSON object of two texts in base64: what is signed, byte for byte, and its Ed25519 signature over a line
of its own and those bytes. The vendor's public key is a part of the build; a build without one has no limits.
Source: RFC 8032 (Ed25519), RFC 4648 (base64, base32), machine-id(5)
"""

import base64
import binascii
import hashlib
import os
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from appliance.core import log
from appliance.core.errors import Broken, Corrupt, NotFound, Refused
from appliance.core.files import Layout, write_atomically
from appliance.core.text import Text
from appliance.domain.licence import (
    UNLIMITED,
    Judged,
    Licence,
    LicenceState,
    Licensed,
    state_of,
    together,
)

_logger = log.get(__name__)

VENDOR_KEY = Path("/usr/share/tapeline/licence-vendor.pem")
"""The public key of whoever sells licences for this build, PEM; a build for everybody has none."""

LARGEST_BYTES = 16 * 1024
MOST_FILES = 64
SUFFIX = ".licence"
_SIGNED = b"tapeline licence 1\n"
_MACHINE = Path("/etc/machine-id")
_SERIAL = Path("/sys/class/dmi/id/product_serial")
_DEVICE_BYTES = 10


class BadKey(Broken):
    """A key is not one. Facts: path."""

    text = Text(en="{path} holds no Ed25519 key.", zh="{path} 不是有效的 Ed25519 密钥。")


class BadLicence(Corrupt):
    """Not to be read as a licence."""

    text = Text(
        en="This is no licence file, or it is damaged. Ask for it to be sent again.",
        zh="该文件不是授权文件或已损坏，请重新索取。",
    )


class ForgedLicence(Corrupt):
    """The signature is not the vendor's, or something was changed after signing."""

    text = Text(
        en="This licence was not signed by the vendor of this recorder, or was changed afterwards.",
        zh="该授权文件不是本设备厂商签发的，或签发后被修改。",
    )


class ForeignLicence(Refused):
    """Facts: device, own."""

    text = Text(
        en="This licence is for the device {device}; this one is {own}.",
        zh="该授权文件属于设备 {device}，本机为 {own}。",
    )


class ExpiredLicence(Refused):
    """Facts: ended."""

    text = Text(en="This licence ended on {ended}.", zh="该授权已于 {ended} 到期。")


class NotNeeded(Refused):
    """There is no vendor's key in this build."""

    text = Text(en="This build has no limits and needs no licence.", zh="本版本不限制并发数，无需授权文件。")


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    licence: Annotated[str, msgspec.Meta(max_length=LARGEST_BYTES)]
    signature: Annotated[str, msgspec.Meta(max_length=200)]


def device(machine: Path = _MACHINE, serial: Path = _SERIAL) -> str:
    """The identity of this machine, the same after restarts, updates and a factory reset: `TL-ABCD-EFGH-IJKL-MNOP`."""
    known = b"\0".join((_read(machine), _read(serial)))
    digest = hashlib.sha256(b"tapeline device\n" + known).digest()[:_DEVICE_BYTES]
    letters = base64.b32encode(digest).decode()
    return "-".join(("TL", *(letters[at : at + 4] for at in range(0, len(letters), 4))))


def vendor_key(path: Path | None = None) -> Ed25519PublicKey | None:
    """The vendor's key, None in a build without one.

    Raises: BadKey
    """
    path = path or VENDOR_KEY
    try:
        key = load_pem_public_key(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise BadKey(path=str(path)) from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadKey(path=str(path))
    return key


def signing_key(content: bytes, path: str) -> Ed25519PrivateKey:
    """A vendor's own key, PEM.

    Raises: BadKey
    """
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadKey(path=path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(path=path)
    return key


def sign(licence: Licence, key: Ed25519PrivateKey) -> bytes:
    """The file of a licence."""
    content = msgspec.json.encode(licence, order="deterministic")
    file = _File(
        licence=base64.b64encode(content).decode(),
        signature=base64.b64encode(key.sign(_SIGNED + content)).decode(),
    )
    return msgspec.json.format(msgspec.json.encode(file)) + b"\n"


def read(content: bytes, key: Ed25519PublicKey) -> Licence:
    """What the vendor signed; nothing of it is looked at before the signature was proved.

    Raises: BadLicence, ForgedLicence
    """
    if len(content) > LARGEST_BYTES:
        raise BadLicence
    try:
        file = msgspec.json.decode(content, type=_File)
        said = base64.b64decode(file.licence, validate=True)
        signature = base64.b64decode(file.signature, validate=True)
    except (msgspec.DecodeError, binascii.Error, ValueError) as error:
        raise BadLicence from error
    try:
        key.verify(signature, _SIGNED + said)
    except InvalidSignature as error:
        raise ForgedLicence from error
    try:
        return msgspec.json.decode(said, type=Licence)
    except (msgspec.DecodeError, ValueError) as error:
        raise BadLicence from error


class Licences:
    """The licence files of one data directory, followed: a look lists one small folder while nothing changes."""

    def __init__(self, layout: Layout) -> None:
        self._folder = layout.licences
        self._stamp: tuple[object, ...] | None = None
        self._now = UNLIMITED
        self.device = device()
        self.problem = ""
        try:
            self._key = vendor_key()
        except BadKey as error:
            # A vendor finds this at the first start of the build; a box in use must not stop recording for it.
            self.problem = error.message()
            self._key = None
            _logger.error("the vendor's key is unreadable", extra={"problem": self.problem})  # noqa: TRY400 - expected

    @property
    def is_limited(self) -> bool:
        """Whether this build asks for licences at all."""
        return self._key is not None

    def at(self, today: date) -> Licensed:
        """What the box may do on this day."""
        if self._key is None:
            return UNLIMITED
        stamp = (today, *self._look())
        if stamp != self._stamp:
            self._stamp = stamp
            self._now = together(self._judged(path, self._key, today) for path in self._paths())
        return self._now

    def add(self, content: bytes, today: date) -> Licence:
        """Keep a licence file that is good; one of the same serial is replaced.

        Raises: NotNeeded, BadLicence, ForgedLicence, ForeignLicence, ExpiredLicence
        """
        if self._key is None:
            raise NotNeeded
        licence = read(content, self._key)
        state = state_of(licence, self.device, today)
        if state is LicenceState.FOREIGN:
            raise ForeignLicence(device=licence.device, own=self.device)
        if state is LicenceState.EXPIRED:
            raise ExpiredLicence(ended=str(licence.expires_on))
        path = self._folder / f"{licence.serial}{SUFFIX}"
        if not path.exists() and len(self._paths()) >= MOST_FILES:
            raise BadLicence
        self._folder.mkdir(mode=0o750, exist_ok=True)
        write_atomically(path, content)
        self._stamp = None
        return licence

    def remove(self, name: str) -> None:
        """Take a licence file away.

        Raises: NotFound
        """
        if name not in {path.stem for path in self._paths()}:
            raise NotFound(what=name)
        (self._folder / f"{name}{SUFFIX}").unlink(missing_ok=True)
        self._stamp = None

    def _paths(self) -> list[Path]:
        try:
            return sorted(path for path in self._folder.iterdir() if path.suffix == SUFFIX)[:MOST_FILES]
        except OSError:
            return []

    def _look(self) -> tuple[object, ...]:
        """What tells one state of the folder from another."""
        try:
            with os.scandir(self._folder) as entries:
                found = [(one.name, one.stat()) for one in entries]
        except OSError:
            return ()
        return tuple(sorted((name, is_.st_ino, is_.st_mtime_ns, is_.st_size) for name, is_ in found))

    def _judged(self, path: Path, key: Ed25519PublicKey, today: date) -> Judged:
        try:
            with path.open("rb") as file:
                licence = read(file.read(LARGEST_BYTES + 1), key)
        except ForgedLicence:
            return Judged(path.stem, LicenceState.FORGED)
        except (BadLicence, OSError):
            return Judged(path.stem, LicenceState.DAMAGED)
        return Judged(path.stem, state_of(licence, self.device, today), licence)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes().strip()
    except OSError:
        return b""
