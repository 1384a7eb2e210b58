"""`tapeline licence`: keys, signed licences and what this box thinks of them; the vendor's tool, offline."""

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from appliance.core.errors import Conflict, Invalid
from appliance.core.files import write_atomically
from appliance.core.text import Text
from appliance.domain.call import DataType
from appliance.domain.licence import ANY_DEVICE, LICENCE_STATE_TEXT, Licence, LicenceState, state_of
from appliance.system import licences

_GOOD, _NOT = 0, 1


class _Exists(Conflict):
    text = Text(en="{what} exists already; a lost key is lost for ever.", zh="{what} 已存在，不会覆盖。")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    acts.add_parser("device", help="tell the identity of this machine")
    key = acts.add_parser("key", help="make a vendor's pair of keys")
    key.add_argument("--private", type=Path, required=True, metavar="FILE", help="stays with the vendor")
    key.add_argument("--public", type=Path, required=True, metavar="FILE", help="goes into the build")
    sign = acts.add_parser("sign", help="make a licence file")
    sign.add_argument("--key", type=Path, required=True, metavar="FILE", help="the vendor's private key")
    sign.add_argument("--out", type=Path, required=True, metavar="FILE")
    sign.add_argument("--serial", required=True, help="capital letters, digits and dashes")
    sign.add_argument("--customer", default="")
    sign.add_argument("--device", required=True, help=f"as the licence page shows it, or '{ANY_DEVICE}'")
    sign.add_argument("--expires", metavar="YYYY-MM-DD", default="", help="the last day, for ever without")
    for technology in DataType:
        sign.add_argument(f"--{technology}", type=int, default=0, metavar="N", help="calls recorded at once")
    check = acts.add_parser("check", help="prove a licence file")
    check.add_argument("file", type=Path)
    check.add_argument(
        "--public", type=Path, metavar="FILE", help="the vendor's key, that of this build without"
    )
    check.add_argument("--device", default="", help="for which machine, this one without")


def execute(chosen: argparse.Namespace) -> int:
    """0 when it was done or the licence is good, 1 when the licence is not in force.

    Raises: BadKey, BadLicence, ForgedLicence, NotNeeded, Invalid, Conflict
    """
    if chosen.act == "device":
        sys.stdout.write(f"{licences.device()}\n")
        return _GOOD
    if chosen.act == "key":
        return _key(chosen.private, chosen.public)
    if chosen.act == "sign":
        return _sign(chosen)
    key = licences.vendor_key(chosen.public)
    if key is None:
        raise licences.NotNeeded
    licence = licences.read(chosen.file.read_bytes(), key)
    state = state_of(licence, chosen.device or licences.device(), datetime.now(UTC).date())
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(licence)).decode() + "\n")
    sys.stdout.write(f"{LICENCE_STATE_TEXT[state].render('en')}\n")
    return _GOOD if state is LicenceState.GOOD else _NOT


def _key(private: Path, public: Path) -> int:
    for path in (private, public):
        if path.exists():
            raise _Exists(what=str(path))
    key = Ed25519PrivateKey.generate()
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_atomically(private, content, mode=0o600)
    known = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    write_atomically(public, known, mode=0o644)
    sys.stdout.write(f"{private} stays with you, {public} goes into the build\n")
    return _GOOD


def _sign(chosen: argparse.Namespace) -> int:
    key = licences.signing_key(chosen.key.read_bytes(), str(chosen.key))
    given = {
        "serial": chosen.serial,
        "customer": chosen.customer,
        "device": chosen.device,
        "issued_on": datetime.now(UTC).date(),
        "expires_on": _day(chosen.expires),
        "channels": {technology.value: getattr(chosen, technology.value) for technology in DataType},
    }
    try:
        licence = msgspec.convert(given, Licence)
    except msgspec.ValidationError as error:
        raise Invalid(field="licence", problem=str(error)) from error
    write_atomically(chosen.out, licences.sign(licence, key), mode=0o644)
    sys.stdout.write(f"{chosen.out}\n")
    return _GOOD


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(field="--expires", problem=str(error)) from error
