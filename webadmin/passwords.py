"""Passwords: Argon2id on a thread of its own, one-time passwords, and what a new password must be."""

import asyncio
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from appliance.core.errors import Busy, Invalid
from appliance.core.text import Text
from webadmin.guessable import ENOUGH, strength

MAX_LENGTH = 256
MAX_WAITING = 16
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


_KINDS = (
    str.isupper,
    str.islower,
    str.isdigit,
    lambda sign: not (sign.isupper() or sign.islower() or sign.isdigit()),
)


class Policy(NamedTuple):
    """What a new password must be; `history` counts earlier ones that may not come back."""

    min_length: int
    kinds: int = 1
    refuse_guessable: bool = True
    history: int = 0


class Passwords:
    """Hashes and checks, one at a time, so that a small box is never swamped by them.

    Units: 32 MiB and three passes a check, about a tenth of a second on a small board
    Source: RFC 9106 §4 (Argon2id), the memory lowered for small boxes and the passes kept
    """

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="password")
        self._waiting = 0
        self._nobodys = self._hasher.hash(secrets.token_hex())

    async def hash(self, password: str) -> str:
        """The string to be stored.

        Raises: Busy
        """
        return await self._run_hash(_normal(password))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether it is the password; takes as long when there is no such person (`stored` is None).

        Raises: Busy
        """
        right = await self._run_verify(stored or self._nobodys, _normal(password))
        return right and stored is not None

    def close(self) -> None:
        """End the thread after what it is doing."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def _run_hash(self, password: str) -> str:
        self._enter()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._hasher.hash, password)
        finally:
            self._waiting -= 1

    async def _run_verify(self, stored: str, password: str) -> bool:
        self._enter()
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._thread, self._verify, stored, password
            )
        finally:
            self._waiting -= 1

    def _enter(self) -> None:
        if self._waiting >= MAX_WAITING:
            raise Busy(what="password")
        self._waiting += 1

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False


def one_time_password() -> str:
    """A new one: 80 random bits as four groups that can be read out and typed."""
    letters = [secrets.choice(_ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, 16, 4))


def check_new(password: str, name: str, policy: Policy, field: str) -> None:
    """Refuse a password that is too short, too long, of too few kinds of characters, or soon guessed.

    Raises: Invalid
    """
    normal = _normal(password)
    if len(normal) < policy.min_length:
        raise Invalid(
            field=field,
            problem=Text(en="must have at least {limit} characters", zh="至少 {limit} 个字符"),
            limit=policy.min_length,
        )
    if len(normal) > MAX_LENGTH:
        raise Invalid(
            field=field,
            problem=Text(en="must have at most {limit} characters", zh="最多 {limit} 个字符"),
            limit=MAX_LENGTH,
        )
    kinds = sum(1 for kind in _KINDS if any(kind(sign) for sign in normal))
    if kinds < policy.kinds:
        raise Invalid(
            field=field,
            problem=Text(
                en="must contain {limit} of: capital letters, small letters, digits, other characters",
                zh="必须包含以下 {limit} 种：大写字母、小写字母、数字、其他字符",
            ),
            limit=policy.kinds,
        )
    is_easy = policy.refuse_guessable and strength(normal, name) < ENOUGH
    if is_easy or normal.casefold() == name.casefold() or len(set(normal)) < 4:
        raise Invalid(field=field, problem=Text(en="is too easy to guess", zh="过于简单，容易被猜到"))


def _normal(password: str) -> str:
    """One form for characters that keyboards and systems compose differently (Source: RFC 8265 §4.2)."""
    return unicodedata.normalize("NFC", password)
