"""Whoever sends a request: the cookie, the person signed in with it, and the token that proves a write is meant."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import NamedTuple

import msgspec

from appliance.core.errors import Denied
from appliance.domain.access import NOTHING, Scope, ScopeKind, masked, masked_within
from appliance.domain.roles import SENSITIVE, Permission, may
from appliance.store.people import Confirmation, Person
from appliance.store.row import CallRow, Name, number_key
from webadmin.refusals import SecondPersonNeeded

TOKEN_BYTES = 32

_LIKE_A_NUMBER = re.compile(r"\+?[0-9*#][0-9*#\s().\-/]{2,}")
_WITHIN_A_WORD = "[0-9A-Za-z]"


class Visitor(NamedTuple):
    """`token` is the cookie's value, known to the browser alone; '' for a caller without one.

    `person` says what may be done and seen. `looker` is who really sits there when an administrator looks at the panel
    as `person` sees it; nothing can be changed then. `via` names the API token that was used instead of a cookie;
    `held` says what the person must mend before anything else (`password`, `second_factor`). `confirmation`: the second
    person of somebody with a guarded role; programs and lookers have none.
    """

    token: str = ""
    person: Person | None = None
    looker: Person | None = None
    via: str = ""
    held: str = ""
    confirmation: Confirmation | None = None

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
        if self.person is None or (self.via and permission is Permission.SELF):
            return may(None, permission)
        if permission in self.awaited:
            return False
        return may(
            self.person.permissions,
            permission,
            must_change_password=self.person.must_change or bool(self.held),
        )

    @property
    def awaited(self) -> frozenset[Permission]:
        """What the role would grant if a second person confirmed it."""
        if self.person is None or not self.person.is_guarded or self.confirmation is not None:
            return frozenset()
        return SENSITIVE & self.person.permissions

    def demand(self, permission: Permission) -> None:
        """Refuse what is not granted.

        Raises: SecondPersonNeeded, Denied
        """
        if permission in self.awaited:
            raise SecondPersonNeeded
        if not self.may(permission):
            raise Denied

    @property
    def scope(self) -> Scope:
        """The calls this visitor may know of; nobody knows of none."""
        return NOTHING if self.person is None else self.person.scope

    @property
    def actor(self) -> Person | None:
        """Who is to answer for what is done."""
        return self.looker or self.person

    @property
    def is_masked(self) -> bool:
        """Whether this visitor sees numbers in part only."""
        return not self.may(Permission.FULL_NUMBERS)

    @property
    def sees_box(self) -> bool:
        """Whether figures of the box as a whole are shown: traffic, programs, disks, alarms."""
        person = self.person
        if person is None:
            return False
        return person.is_super or person.kind is ScopeKind.EVERYTHING or self.may(Permission.SYSTEM)

    def number(self, number: str) -> str:
        """A number as this visitor may see it."""
        return masked(number) if self.is_masked else number

    def display(self, display: str, number: str) -> str:
        """A displayed name as this visitor may see it: telephones like to show the number as the name."""
        if not self.is_masked:
            return display
        if _LIKE_A_NUMBER.fullmatch(display.strip()):
            return masked(number_key(display))
        return self.text(display, (number,))

    def text(self, text: str, numbers: Iterable[str]) -> str:
        """Free text with these numbers as this visitor may see them; a part of a longer word is no number."""
        if not self.is_masked:
            return text
        for number in sorted({one for one in numbers if len(one) > 1}, key=len, reverse=True):
            text = re.sub(
                f"(?<!{_WITHIN_A_WORD}){re.escape(number)}(?!{_WITHIN_A_WORD})", masked(number), text
            )
        return text

    def typed(self, text: str) -> str:
        """A name that somebody gave (of a tag, of a search) as this visitor may see it."""
        return masked_within(text) if self.is_masked else text

    def tags(self, tags: Iterable[str]) -> list[str]:
        """Tags as this visitor may see them; two that look alike are one."""
        return list(dict.fromkeys(map(self.typed, tags)))

    def name(self, name: Name) -> Name:
        """A party of the list as this visitor may see it."""
        return Name(
            number=self.number(name.number),
            display=self.display(name.display, name.number),
            name=self.display(name.name, name.number),
            company=self.display(name.company, name.number),
            department=self.display(name.department, name.number),
        )

    def row(self, row: CallRow) -> CallRow:
        """A line of the list as this visitor may see it."""
        if not self.is_masked:
            return row
        return msgspec.structs.replace(
            row,
            caller=self.name(row.caller),
            callee=self.name(row.callee),
            file=veiled_path(row.file, row.call_id),
        )


def veiled_path(file: str, call_id: str) -> str:
    """A file of the archive by its call alone: the archive's own names tell the numbers."""
    path = PurePosixPath(file)
    return str(path.with_name(call_id + path.suffix)) if file else file


def new_token() -> str:
    """A cookie value that cannot be guessed."""
    return secrets.token_urlsafe(TOKEN_BYTES)
