"""Passwords that an LDAP server or Active Directory knows: find the person, then bind as the person.

Source: RFC 4511 §4.2 (bind), RFC 4513 §5.1.2 (an empty password proves nothing), RFC 4515 §3 (escapes in filters)
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import bonsai

from appliance.core import log
from appliance.core.errors import Busy, Later, Refused
from appliance.core.files import Layout, write_atomically
from appliance.core.text import Text
from appliance.settings.sign_in import Ldap, Security

_logger = log.get(__name__)

MAX_WAITING = 16
_THREADS = 2


class DirectoryUnreachable(Later):
    """The directory server does not answer. Facts: server, problem."""

    text = Text(
        en="The directory server {server} does not answer ({problem}). Local users can still sign in.",
        zh="目录服务器 {server} 无响应（{problem}）。本地用户仍可登录。",
    )
    after_s = 10.0


class DirectoryRefuses(Refused):
    """The directory server answers, but not as it should. Facts: server, problem."""

    text = Text(
        en="The directory server {server} refuses the recorder's request ({problem}). Local users can still sign in.",
        zh="目录服务器 {server} 拒绝了本系统的请求（{problem}）。本地用户仍可登录。",
    )


class Found(NamedTuple):
    """A person of the directory."""

    dn: str
    full_name: str
    groups: tuple[str, ...]


class Directory:
    """Asks the server on threads of its own: one that does not answer holds up nobody else."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="ldap")
        self._waiting = 0

    async def prove(self, settings: Ldap, name: str, password: str) -> Found | None:
        """The person, when the password is right; None when not, or when there is no such (or no single) person.

        Raises: DirectoryUnreachable, DirectoryRefuses, Busy
        """
        if self._waiting >= MAX_WAITING:
            raise Busy(what="ldap")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, self._prove, settings, name, password
            )
        finally:
            self._waiting -= 1

    async def look(self, settings: Ldap, name: str) -> Found | None:
        """The person of a name, without a password: for trying the settings.

        Raises: DirectoryUnreachable, DirectoryRefuses
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._look, settings, name)

    def close(self) -> None:
        """End the threads after what they are doing."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _prove(self, settings: Ldap, name: str, password: str) -> Found | None:
        if not password or not name.strip() or "\0" in name + password:
            return None
        found = self._look(settings, name)
        if found is None:
            return None
        try:
            with self._connected(settings, found.dn, password):
                return found
        except bonsai.AuthenticationError:
            return None
        except bonsai.LDAPError as error:
            raise _problem(settings, error) from error

    def _look(self, settings: Ldap, name: str) -> Found | None:
        wanted = [settings.name_attribute, settings.group_attribute]
        # The escape comes first: braces in a name must not be filled in, signs of a filter not be obeyed.
        query = settings.user_filter.replace("{name}", bonsai.escape_filter_exp(name.strip()))
        try:
            with self._connected(settings, settings.bind_dn, settings.bind_password) as connection:
                entries = connection.search(
                    settings.base,
                    bonsai.LDAPSearchScope.SUBTREE,
                    query,
                    wanted,
                    timeout=settings.timeout_s,
                    sizelimit=2,
                )
        except bonsai.LDAPError as error:
            raise _problem(settings, error) from error
        people = [entry for entry in entries if isinstance(entry, bonsai.LDAPEntry)]
        if len(people) != 1:
            if people:
                _logger.warning("a name means several people of the directory", extra={"user": name[:64]})
            return None
        entry = people[0]
        names = [str(value) for value in entry.get(settings.name_attribute, [])]
        groups = tuple(str(value) for value in entry.get(settings.group_attribute, []))
        return Found(str(entry.dn), names[0] if names else "", groups)

    def _connected(self, settings: Ldap, bind_dn: str, password: str) -> bonsai.LDAPConnection:
        secure = settings.security is Security.TLS
        port = settings.port or (636 if secure else 389)
        host = f"[{settings.server}]" if ":" in settings.server else settings.server
        client = bonsai.LDAPClient(
            f"{'ldaps' if secure else 'ldap'}://{host}:{port}", tls=settings.security is Security.STARTTLS
        )
        if settings.security is not Security.NONE:
            client.set_cert_policy("demand")
            if settings.ca_certificate:
                path = self._layout.run / "ldap-ca.pem"
                write_atomically(path, settings.ca_certificate.encode(), durable=False)
                client.set_ca_cert(str(path))
        client.set_server_chase_referrals(False)
        if bind_dn:
            client.set_credentials("SIMPLE", user=bind_dn, password=password)
        return client.connect(timeout=settings.timeout_s)


def same_dn(one: str, other: str) -> bool:
    """Whether two distinguished names mean the same entry, blanks and letter case aside."""
    return _dn(one) == _dn(other)


def _dn(text: str) -> str:
    return ",".join(
        "=".join(part.strip() for part in piece.split("=", 1)) for piece in text.split(",")
    ).casefold()


def _problem(settings: Ldap, error: bonsai.LDAPError) -> DirectoryUnreachable | DirectoryRefuses:
    said = str(error).strip() or type(error).__name__
    gone = isinstance(error, bonsai.ConnectionError | bonsai.TimeoutError | bonsai.ClosedConnection)
    return (DirectoryUnreachable if gone else DirectoryRefuses)(server=settings.server, problem=said[:200])
