"""Codes of authenticator apps, recovery codes, and WebAuthn: what is asked of a browser, and whether its answer is right.

Source: RFC 6238 (TOTP), W3C Web Authentication Level 2
"""

import hmac
import secrets
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
import pyotp
import segno
import webauthn
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from appliance.core.errors import Refused
from appliance.core.text import Text
from appliance.store.credentials import Passkey

ISSUER = "Tapeline"
RECOVERY_CODES = 10
_STEP_S = 30
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"


class WrongCode(Refused):
    """The second factor was not the right one."""

    text = Text(en="The code is wrong or was used before.", zh="验证码错误或已使用。")


class WrongFirstCode(Refused):
    """The app that is being set up shows another code."""

    text = Text(
        en="The code is wrong. Check that the clock of the device is right.",
        zh="验证码错误，请检查设备时间是否准确。",
    )


class WrongPasskey(Refused):
    """The browser's answer does not prove the passkey. Facts: problem (English, from the library)."""

    text = Text(en="The passkey was not accepted ({problem}).", zh="通行密钥未通过验证（{problem}）。")


class Site(NamedTuple):
    """The site as the browser names it: a passkey is made for one and works nowhere else."""

    host: str
    origin: str


class Made(NamedTuple):
    """A new passkey."""

    credential: bytes
    public_key: bytes
    uses: int


def site(protocol: str, host_header: str) -> Site:
    """The site of a request."""
    return Site(urlsplit(f"//{host_header}").hostname or "", f"{protocol}://{host_header}")


def new_secret() -> str:
    """A secret for an authenticator app: 160 bits in base 32."""
    return pyotp.random_base32()


def uri(secret: str, name: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def picture(text: str) -> str:
    """A QR code as an address of data that an <img> shows."""
    return segno.make(text, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")


def step_of(secret: str, code: str, at: datetime, last_step: int) -> int | None:
    """The step of 30 s that a code belongs to, one step early or late being forgiven; None for a wrong or used one."""
    typed = "".join(code.split())
    now = int(at.timestamp()) // _STEP_S
    generator = pyotp.TOTP(secret)
    for step in (now, now - 1, now + 1):
        expected = generator.at(step * _STEP_S)
        if step > last_step and hmac.compare_digest(expected.encode(), typed.encode("utf-8", "replace")):
            return step
    return None


def new_codes() -> list[str]:
    """Recovery codes: 50 random bits each, as two groups."""
    letters = [[secrets.choice(_ALPHABET) for _ in range(10)] for _ in range(RECOVERY_CODES)]
    return ["".join(code[:5]) + "-" + "".join(code[5:]) for code in letters]


def tidy_code(code: str) -> str:
    """A recovery code as it was made, however it was typed."""
    bare = "".join(code.split()).replace("-", "").lower()
    return f"{bare[:5]}-{bare[5:]}"


def registration(place: Site, user_id: int, name: str, known: list[Passkey]) -> tuple[bytes, dict[str, Any]]:
    """Challenge and options for `navigator.credentials.create`."""
    options = webauthn.generate_registration_options(
        rp_id=place.host,
        rp_name=ISSUER,
        user_name=name,
        user_id=f"tapeline-{user_id}".encode(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=key.credential) for key in known],
    )
    return options.challenge, msgspec.json.decode(webauthn.options_to_json(options))


def registered(place: Site, challenge: bytes, answer: dict[str, Any]) -> Made:
    """The passkey in a browser's answer.

    Raises: WrongPasskey
    """
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
        )
    except _UNFIT as error:
        raise WrongPasskey(problem=str(error)[:200]) from error
    return Made(found.credential_id, found.credential_public_key, found.sign_count)


def request(place: Site, known: list[Passkey]) -> tuple[bytes, dict[str, Any]]:
    """Challenge and options for `navigator.credentials.get`; without known passkeys the browser offers its own."""
    options = webauthn.generate_authentication_options(
        rp_id=place.host,
        allow_credentials=[PublicKeyCredentialDescriptor(id=key.credential) for key in known] or None,
        user_verification=UserVerificationRequirement.PREFERRED
        if known
        else UserVerificationRequirement.REQUIRED,
    )
    return options.challenge, msgspec.json.decode(webauthn.options_to_json(options))


def credential_of(answer: dict[str, Any]) -> bytes:
    """Which passkey a browser's answer claims to be of.

    Raises: WrongPasskey
    """
    claimed = answer.get("id")
    try:
        return webauthn.base64url_to_bytes(claimed if isinstance(claimed, str) else "")
    except ValueError as error:
        raise WrongPasskey(problem="id") from error


def proved(place: Site, challenge: bytes, answer: dict[str, Any], key: Passkey, *, alone: bool) -> int:
    """The new count of uses; `alone` demands that the device has verified its user, not just somebody's presence.

    Raises: WrongPasskey
    """
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=key.host,
            expected_origin=place.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.uses,
            require_user_verification=alone,
        )
    except _UNFIT as error:
        raise WrongPasskey(problem=str(error)[:200]) from error
    return found.new_sign_count


_UNFIT = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, IndexError)
"""What the library raises for answers that no browser makes."""
