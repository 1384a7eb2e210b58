"""Whoever sends a request: the cookie, the person signed in with it, and the token that proves a write is meant."""

import hashlib
import hmac
import secrets
from typing import NamedTuple

from appliance.domain.access import NOTHING, Scope, masked
from appliance.domain.roles import Permission, may
from appliance.store.people import Person

TOKEN_BYTES = 32


class Visitor(NamedTuple):
    """`token` is the cookie's value, known to the browser alone; '' for a caller without one."""

    token: str = ""
    person: Person | None = None

    @property
    def csrf_token(self) -> str:
        """Follows from the cookie, which no other site can read: nothing needs to be stored.

        Source: OWASP Cross-Site Request Forgery Prevention, "HMAC based token pattern", the cookie being the key
        """
        return (
            hmac.new(self.token.encode(), b"tapeline csrf", hashlib.sha256).hexdigest() if self.token else ""
        )

    def proves(self, csrf_token: str) -> bool:
        """Whether a write's header carries the right token."""
        expected = self.csrf_token
        return bool(expected) and hmac.compare_digest(
            expected.encode(), csrf_token.encode("utf-8", "replace")
        )

    def may(self, permission: Permission) -> bool:
        """Whether the person's role grants it."""
        if self.person is None:
            return may(None, permission)
        return may(self.person.permissions, permission, must_change_password=self.person.must_change)

    @property
    def scope(self) -> Scope:
        """The calls this visitor may know of; nobody knows of none."""
        return NOTHING if self.person is None else self.person.scope

    def number(self, number: str) -> str:
        """A number as this visitor may see it."""
        return number if self.may(Permission.FULL_NUMBERS) else masked(number)


def new_token() -> str:
    """A cookie value that cannot be guessed."""
    return secrets.token_urlsafe(TOKEN_BYTES)
