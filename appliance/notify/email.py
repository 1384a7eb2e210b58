"""Notices by mail: one SMTP session a notice, all receivers in it.

Source: RFC 5321, RFC 3207 (STARTTLS), RFC 8314 (implicit TLS)
"""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from appliance.notify import Undelivered, Unwanted
from appliance.settings.alarms import Email, Protection

TIMEOUT_S = 20.0
_PERMANENT = 500


class EmailNotifier:
    """Delivers mails over the server of the settings."""

    def __init__(self, settings: Email) -> None:
        self._settings = settings

    def send(self, receivers: tuple[str, ...], title: str, content: str) -> str:
        """Deliver one mail.

        Raises: Undelivered, Unwanted
        """
        settings = self._settings
        peer = f"{settings.server}:{settings.port}"
        if not settings.server or not receivers:
            raise Unwanted(peer=peer, answer="no server or no receiver is set")
        sender = settings.sender or (settings.user if "@" in settings.user else receivers[0])
        mail = EmailMessage()
        mail["Subject"] = " ".join(title.split())
        mail["From"] = sender
        mail["To"] = ", ".join(receivers)
        mail["Date"] = formatdate(localtime=True)
        mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(content)
        try:
            return self._deliver(mail, sender, receivers)
        except smtplib.SMTPResponseException as error:
            answer = f"{error.smtp_code} {_words(error.smtp_error)}"
            # A wrong password is mended in the settings, so it is worth another try; a refused mail is not.
            if error.smtp_code >= _PERMANENT and not isinstance(error, smtplib.SMTPAuthenticationError):
                raise Unwanted(peer=peer, answer=answer) from error
            raise Undelivered(peer=peer, answer=answer) from error
        except smtplib.SMTPRecipientsRefused as error:
            refusals = error.recipients.values()
            answer = "; ".join(f"{code} {_words(words)}" for code, words in refusals)
            if all(code >= _PERMANENT for code, _ in refusals):
                raise Unwanted(peer=peer, answer=answer) from error
            raise Undelivered(peer=peer, answer=answer) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered(peer=peer, answer=str(error) or type(error).__name__) from error

    def _deliver(self, mail: EmailMessage, sender: str, receivers: tuple[str, ...]) -> str:
        settings = self._settings
        context = ssl.create_default_context()
        if not settings.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if settings.protection is Protection.TLS:
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.server, settings.port, timeout=TIMEOUT_S, context=context
            )
        else:
            client = smtplib.SMTP(settings.server, settings.port, timeout=TIMEOUT_S)
        with client:
            if settings.protection is Protection.STARTTLS:
                client.starttls(context=context)
            client.ehlo_or_helo_if_needed()
            if settings.user:
                client.login(settings.user, settings.password)
            return self._hand_over(client, mail, sender, receivers)

    def _hand_over(
        self, client: smtplib.SMTP, mail: EmailMessage, sender: str, receivers: tuple[str, ...]
    ) -> str:
        """As `send_message`, but what the server says in the end is kept: it names the mail in its log."""
        code, words = client.mail(sender)
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, words, sender)
        refused: dict[str, tuple[int, bytes]] = {}
        for receiver in receivers:
            code, words = client.rcpt(receiver)
            if code not in (250, 251):
                refused[receiver] = (code, words)
        if len(refused) == len(receivers):
            raise smtplib.SMTPRecipientsRefused(refused)
        code, words = client.data(mail.as_bytes(policy=SMTP))
        if code != 250:
            raise smtplib.SMTPDataError(code, words)
        answer = f"{code} {_words(words)}"
        return "; ".join([answer, *(f"{name}: {no} {_words(why)}" for name, (no, why) in refused.items())])


def make(settings: Email) -> EmailNotifier:
    """The notifier `email`."""
    return EmailNotifier(settings)


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())
