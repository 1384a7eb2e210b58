"""The panel's certificate: shown, asked for at an authority, replaced by one's own, made anew."""

import platform
from datetime import datetime
from typing import Annotated, Any

import msgspec
from cryptography import x509

from appliance.core.errors import NotFound
from webadmin import audit, certificate
from webadmin.files import FileAnswer
from webadmin.operation import Asked, Nothing
from webadmin.parameters import SECRET

REQUEST_TYPE = "application/pkcs10"
CERTIFICATE_BYTES = 512 * 1024
_PEM_CHARACTERS = 200_000
_HOST = r"^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$"


class CertificateView(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate; `is_own` when it signs itself, `chain` are the subjects of those above it."""

    subject: str
    issuer: str
    is_own: bool
    names: list[str]
    begins_at: datetime
    ends_at: datetime
    days_left: int
    fingerprint: str
    serial: str
    key: str
    chain: list[str]


class RequestView(msgspec.Struct, frozen=True, kw_only=True):
    """A request that waits for its answer."""

    subject: str
    names: list[str]


class WebAccessAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`is_encrypted`: this very connection; `certificate` is null where the panel is served in clear."""

    is_encrypted: bool
    host: str
    certificate: CertificateView | None
    request: RequestView | None


class RequestWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the certificate shall be for: names of hosts or addresses, the main one first."""

    names: Annotated[
        list[Annotated[str, msgspec.Meta(pattern=_HOST, max_length=253)]],
        msgspec.Meta(min_length=1, max_length=20),
    ]
    organisation: Annotated[str, msgspec.Meta(max_length=64)] = ""


class CertificateWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A certificate with its chain, PEM; the key unless it belongs to the box's request or present key."""

    certificate: Annotated[str, msgspec.Meta(min_length=1, max_length=_PEM_CHARACTERS)]
    key: Annotated[str, msgspec.Meta(max_length=_PEM_CHARACTERS, extra=SECRET)] = ""
    passphrase: Annotated[str, msgspec.Meta(max_length=256, extra=SECRET)] = ""


async def show(asked: Asked[Nothing, Nothing]) -> WebAccessAnswer:
    """The panel's certificate, and the request that waits."""
    return await asked.panel.read(_answer, asked)


async def ask(asked: Asked[Nothing, RequestWish]) -> WebAccessAnswer:
    """Make a key and a request for an authority; an earlier request is worth nothing any more."""
    wish = asked.body
    await asked.panel.read(certificate.request, asked.panel.layout, wish.names, wish.organisation.strip())
    audit.note(asked, "certificate requested", names=", ".join(wish.names))
    return await asked.panel.read(_answer, asked)


async def fetch(asked: Asked[Nothing, Nothing]) -> FileAnswer:
    """The request as a file."""
    path = asked.panel.layout.tls_request
    if not await asked.panel.read(path.exists):
        raise NotFound(what=path.name)
    return FileAnswer(path, REQUEST_TYPE, file_name=f"{platform.node()}.csr")


async def install(asked: Asked[Nothing, CertificateWish]) -> WebAccessAnswer:
    """Put a certificate in force; new connections get it within seconds."""
    panel, wish = asked.panel, asked.body
    await panel.read(
        certificate.install, panel.layout, wish.certificate, wish.key, wish.passphrase, panel.now()
    )
    answer = await panel.read(_answer, asked)
    if answer.certificate is not None:
        audit.note(asked, "certificate installed", fingerprint=answer.certificate.fingerprint)
    return answer


async def renew(asked: Asked[Nothing, Nothing]) -> WebAccessAnswer:
    """Go back to a certificate that the box makes itself."""
    panel = asked.panel
    await panel.read(certificate.renew, panel.layout, platform.node(), panel.now())
    audit.note(asked, "certificate made anew")
    return await panel.read(_answer, asked)


def _answer(asked: Asked[Any, Any]) -> WebAccessAnswer:
    layout, now = asked.panel.layout, asked.panel.now()
    found = certificate.shown(layout.tls_certificate)
    view = None
    if found is not None:
        view = CertificateView(**found._asdict(), days_left=(found.ends_at - now).days)
    return WebAccessAnswer(
        is_encrypted=asked.protocol == "https",
        host=platform.node(),
        certificate=view,
        request=_request(asked),
    )


def _request(asked: Asked[Any, Any]) -> RequestView | None:
    try:
        wanted = x509.load_pem_x509_csr(asked.panel.layout.tls_request.read_bytes())
    except (OSError, ValueError):
        return None
    return RequestView(subject=wanted.subject.rfc4514_string(), names=certificate.names_of(wanted))
