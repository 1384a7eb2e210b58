"""A real SMTP server on a free port: STARTTLS, TLS or neither, with or without sign-in; it can be told to refuse."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.rigs.ports import free_port

USER, PASSWORD = "box@example.org", "mail secret 7"


class MailServer:
    """`mails` holds what was taken; `refusal` is answered instead when it is set."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.receivers: list[list[str]] = []
        self.refusal = ""
        self.port = free_port()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refusal:
            return self.refusal
        if re.search(rb"(?<!\r)\n", envelope.content or b""):
            return "550 bare line feeds are not taken (RFC 5321 2.3.8)"
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        self.receivers.append(envelope.rcpt_tos)
        return f"250 taken as {len(self.mails)}"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        return AuthResult(
            success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False
        )

    def texts(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]


@contextmanager
def mail_server(
    certificate: tuple[Path, Path] | None = None, *, implicit: bool = False, server: MailServer | None = None
) -> Iterator[MailServer]:
    """`certificate`: the files of certificate and key; with them TLS is asked for before anything else."""
    made = server or MailServer()
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
    more: dict[str, Any] = {}
    if context and implicit:
        more = {"ssl_context": context}
    elif context:
        more = {"tls_context": context, "require_starttls": True}
    if context:
        more |= {"authenticator": made.authenticate, "auth_required": True, "auth_require_tls": not implicit}
    controller = Controller(made, hostname="127.0.0.1", port=made.port, **more)
    controller.start()
    try:
        yield made
    finally:
        controller.stop()
