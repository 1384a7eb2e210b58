"""A vendor of licences: a pair of keys, and files signed with it."""

from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from appliance.domain.call import DataType
from appliance.domain.licence import Licence
from appliance.system import licences

ISSUED = date(2026, 11, 1)


class Vendor:
    """Makes a build of its own of what runs in this process."""

    def __init__(self, folder: Path, monkeypatch) -> None:
        self.key = Ed25519PrivateKey.generate()
        public = folder / "licence-vendor.pem"
        public.write_bytes(
            self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
        monkeypatch.setattr(licences, "VENDOR_KEY", public)

    def licence(
        self, serial: str = "TEST-0001", device: str = "", expires: date | None = None, **channels: int
    ) -> bytes:
        """A signed file, for this machine unless another is named."""
        return licences.sign(self.said(serial, device, expires, **channels), self.key)

    def said(self, serial: str, device: str = "", expires: date | None = None, **channels: int) -> Licence:
        """What such a file says."""
        return Licence(
            serial=serial,
            customer="Example Ltd",
            device=device or licences.device(),
            issued_on=ISSUED,
            expires_on=expires,
            channels={DataType(name): count for name, count in channels.items()},
        )
