"""The recorder's signed account of its completeness: so many calls seen, so many recorded, the others with their reasons.

Pure. A statement covers the calls that began in a stretch of time, names the statement before it by hash, and counts the
calls of earlier days that reached the ledger after their own statement: every call of the ledger stands in one of them.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum

import msgspec

from appliance.core.text import Language, Text
from appliance.domain.ledger import REASON_TEXT, Reason

PREFIX = b"tapeline statement\n"
"""What is signed begins with it, so that no signature is good for anything else."""

SETTLED_AFTER = timedelta(minutes=10)
"""So long after midnight the calls of the day are in the ledger, save those that still go on."""


class Occasion(StrEnum):
    """Why a statement was made."""

    DAILY = "daily"
    ASKED = "asked"


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One statement of all calls that began from `since` on and before `until`.

    `late`: calls that began before `since` and were not yet in the statement of their day. `total`: all calls of the
    ledger that began before `until`. Shape: `previous` SHA-256 of the statement before in hexadecimal, "" for the first
    """

    number: int
    occasion: Occasion
    box: str
    made_at: datetime
    zone: str
    since: datetime
    until: datetime
    seen: int
    recorded: int
    reasons: dict[str, int]
    late: int
    total: int
    previous: str

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        return _encoder.encode(self) + b"\n"

    @property
    def without(self) -> int:
        """Calls without a recording."""
        return sum(self.reasons.values())


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Statement)

_SENTENCE = Text(
    en="{seen} calls seen, {recorded} recorded, {without} without a recording",
    zh="共见 {seen} 通呼叫，已录音 {recorded} 通，无录音 {without} 通",
)
_LATE = Text(
    en="{late} calls of earlier days came to the ledger after their statement",
    zh="另有 {late} 通较早日期的呼叫在其声明之后入账",
)
_NO_REASON = Text(en="reason unknown to this release", zh="本版本未知的原因")


def read_statement(content: bytes) -> Statement:
    """A statement from its file.

    Raises: msgspec.DecodeError
    """
    return _decoder.decode(content)


def digest(content: bytes) -> str:
    """By what the next statement names this one."""
    return hashlib.sha256(content).hexdigest()


def reason_text(reason: str, language: Language) -> str:
    """A reason in words, also one that this release does not know."""
    known = REASON_TEXT.get(Reason(reason)) if reason in Reason.__members__.values() else None
    return (known or _NO_REASON).render(language)


def sentence(statement: Statement, language: Language) -> str:
    """The whole statement in one line."""
    said = _SENTENCE.render(
        language, seen=statement.seen, recorded=statement.recorded, without=statement.without
    )
    if statement.reasons:
        parts = [
            f"{reason_text(reason, language)} {count}" for reason, count in sorted(statement.reasons.items())
        ]
        said += f"（{'，'.join(parts)}）" if language == "zh" else f" ({', '.join(parts)})"
    if statement.late:
        said += ("；" if language == "zh" else "; ") + _LATE.render(language, late=statement.late)
    return said + ("。" if language == "zh" else ".")


def printed(statement: Statement, content: bytes, signature: bytes, public_key: str) -> str:
    """The statement as plain text in both languages, with what proves it."""
    return "\n".join(
        [
            f"TAPELINE  Statement of completeness / 录音完整性声明  No. {statement.number}",
            "",
            f"Recorder / 设备:       {statement.box}",
            f"From / 起:             {statement.since.isoformat()}",
            f"Until / 止:            {statement.until.isoformat()}  ({statement.zone})",
            f"Made / 生成:           {statement.made_at.isoformat()}  ({statement.occasion})",
            "",
            sentence(statement, "en"),
            sentence(statement, "zh"),
            "",
            f"SHA-256:               {digest(content)}",
            f"Previous / 上一份:     {statement.previous or '-'}",
            f"Ed25519 / 签名:        {signature.hex()}",
            f"Public key / 公钥:     {public_key}",
            "",
        ]
    )


def midnights(since: datetime, now: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Every midnight of the zone after `since` whose day is settled by now, in order, as UTC."""
    day = since.astimezone(zone).date() + timedelta(days=1)
    while (moment := midnight(datetime.combine(day, time(12), tzinfo=zone), zone)) + SETTLED_AFTER <= now:
        yield moment
        day += timedelta(days=1)


def midnight(at: datetime, zone: tzinfo) -> datetime:
    """The beginning of the day of a moment in the zone, as UTC; where clocks skip midnight, the first moment there is."""
    return datetime.combine(at.astimezone(zone).date(), time(), tzinfo=zone).astimezone(UTC)
