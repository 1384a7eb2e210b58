"""What requests and answers carry beside media: digits, transfers, named dialogs, conferences, session timers.

Source: RFC 6086 (INFO), RFC 3515 (REFER), RFC 3891 (Replaces), RFC 3911 (Join), RFC 4579 (isfocus), RFC 4028
"""

import re
from typing import NamedTuple
from urllib.parse import unquote

from appliance.sip.message import Message
from appliance.sip.uri import read_address, read_params

_SIGNAL = re.compile(r"^\s*signal\s*=\s*([0-9]{1,2}|[*#A-Da-d])\s*$", re.IGNORECASE | re.MULTILINE)
_DURATION = re.compile(r"^\s*duration\s*=\s*([0-9]{1,6})\s*$", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"\s*SIP/2\.0\s+([1-6][0-9]{2})\b([^\r\n]*)", re.IGNORECASE)
_CAUSE_200 = re.compile(r"^\s*sip\s*;(?:[^,]*;)?\s*cause\s*=\s*200\b")
_DIGITS = re.compile(r"[0-9*#A-Da-d]$")
# Source: RFC 4733 §3.2: event codes 10 to 15
_BY_CODE = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#", "A", "B", "C", "D")


class Digit(NamedTuple):
    """One key press; `duration_ms` 0 when not told."""

    digit: str
    duration_ms: int


class NamedDialog(NamedTuple):
    """The dialog that a Replaces or Join header names."""

    call_id: str
    to_tag: str
    from_tag: str


_KEY_KINDS = frozenset(
    {
        "application/dtmf-relay",
        "application/dtmf",
        "audio/telephone-event",
        "application/vnd.nortelnetworks.digits",
        "application/kpml-response+xml",
    }
)


def carries_keys(message: Message) -> bool:
    """Whether a body tells which keys were pressed, readable or not.

    Source: application/dtmf-relay and application/dtmf (no standard), RFC 4733 §7.1.1, RFC 4730 §5 (KPML)
    """
    return any(body.kind in _KEY_KINDS for body in message.bodies)


def read_digit(message: Message) -> Digit | None:
    """The key press in an INFO of type application/dtmf-relay or application/dtmf, None when there is none."""
    for body in message.bodies:
        text = body.content[:1000].decode("latin-1")
        if body.kind == "application/dtmf-relay":
            signal, duration = _SIGNAL.search(text), _DURATION.search(text)
            if signal is None:
                return None
            word = signal.group(1).upper()
            if len(word) == 2 or (word.isdecimal() and int(word) > 9):
                if int(word) >= len(_BY_CODE):
                    return None
                word = _BY_CODE[int(word)]
            return Digit(word, int(duration.group(1)) if duration else 0)
        if body.kind == "application/dtmf" and _DIGITS.match(text.strip()):
            return Digit(text.strip().upper(), 0)
    return None


def read_refer(message: Message) -> tuple[str, str]:
    """Target URI of Refer-To without its headers, and the Call-ID of the Replaces in it ("" when blind).

    Source: RFC 3515 §2.1, RFC 3891 §3, RFC 5589 §7
    """
    uri = read_address(message.header("refer-to")).uri
    target, _, headers = uri.raw.partition("?")
    for piece in (uri.headers or headers).split("&"):
        name, _, value = piece.partition("=")
        if name.strip().lower() == "replaces":
            return target, unquote(value).partition(";")[0].strip()
    return target, ""


def read_dialog(message: Message, header: str) -> NamedDialog | None:
    """The dialog that `header` (Replaces or Join) names, None without the header.

    Source: RFC 3891 §6.1, RFC 3911 §7.1
    """
    call_id, _, rest = message.header(header).partition(";")
    call_id = call_id.strip()
    if not call_id:
        return None
    params = read_params(rest)
    return NamedDialog(call_id, params.get("to-tag", ""), params.get("from-tag", ""))


def read_outcome(message: Message) -> tuple[int, str] | None:
    """Code and phrase of the status line in a NOTIFY of a transfer; None when it holds none.

    Source: RFC 3515 §2.4.5, RFC 3420 (message/sipfrag)
    """
    for body in message.bodies:
        if body.kind in ("message/sipfrag", "message/sip"):
            found = _STATUS.match(body.content[:200].decode("utf-8", "replace"))
            if found is not None:
                return int(found.group(1)), found.group(2).strip()
    return None


def read_focus(message: Message) -> str:
    """The conference that the sender is, as user@host in lower case; "" when it is none or has no name.

    Source: RFC 4579 §4.2, RFC 3840 §10.1
    """
    if "isfocus" not in message.header("contact").lower():
        return ""
    for value in message.headers("contact"):
        contact = read_address(value)
        if contact.uri.user and ("isfocus" in contact.params or "isfocus" in contact.uri.params):
            return f"{contact.uri.user}@{contact.uri.host}".lower()
    return ""


def is_taken_elsewhere(reason: str) -> bool:
    """Whether a CANCEL says that another telephone has taken the call.

    Source: RFC 3326 §2 and §3.1 (cause 200: call completed elsewhere)
    """
    reason = reason.lower()
    return "elsewhere" in reason or bool(_CAUSE_200.search(reason))


def read_session_timer_s(message: Message) -> int:
    """Session-Expires in seconds, 0 when absent or absurd.

    Source: RFC 4028 §4 (at least 90 s; ours: 60 s to a week)
    """
    word = message.header("session-expires").partition(";")[0].strip()
    if not (word.isascii() and word.isdecimal()) or len(word) > 9:
        return 0
    return int(word) if 60 <= int(word) <= 604800 else 0
