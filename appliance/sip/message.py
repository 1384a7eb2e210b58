"""One SIP message: start line, headers, bodies. Bytes of one whole message come in; tolerant, exact errors.

Only what the dialog tracker cannot do without is checked on reading (start line, Call-ID, CSeq, From, To);
everything else is parsed when asked for and never raises. What the two peers might still understand is
readable here, too: their answer, not ours, decides about the call.
Source: RFC 3261 §7, §18.3 and §25
"""

import re
from typing import NamedTuple

from appliance.core.errors import BadMessage
from appliance.core.lazy import lazy
from appliance.sip.body import Body, leaves
from appliance.sip.uri import Address, read_address, split_values

# Source: RFC 3261 §7.3.3, RFC 3515, RFC 4028, RFC 3265, RFC 3841, RFC 3892, RFC 4474
_LONG = {
    "a": "accept-contact",
    "b": "referred-by",
    "c": "content-type",
    "d": "request-disposition",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "j": "reject-contact",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "n": "identity-info",
    "o": "event",
    "r": "refer-to",
    "s": "subject",
    "t": "to",
    "u": "allow-events",
    "v": "via",
    "x": "session-expires",
    "y": "identity",
}
# Headers whose value is a comma-separated list; in others ("Subject: Hello, Joe") a comma is text.
_LISTS = frozenset(
    [
        "via",
        "route",
        "record-route",
        "path",
        "service-route",
        "contact",
        "p-asserted-identity",
        "p-preferred-identity",
        "p-associated-uri",
        "remote-party-id",
        "diversion",
        "history-info",
        "require",
        "proxy-require",
        "supported",
        "unsupported",
        "allow",
        "allow-events",
        "accept",
        "accept-encoding",
        "accept-language",
        "reason",
        "in-reply-to",
        "alert-info",
        "call-info",
        "error-info",
        "warning",
    ]
)
_METHOD = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]{1,64}$")
_TAG = re.compile(r";\s*tag\s*=\s*\"?([^;,>\s\"]+)", re.IGNORECASE)
_BRANCH = re.compile(r";\s*branch\s*=\s*([^;,\s]*)", re.IGNORECASE)
_FOLD = re.compile(r"\s*\n[ \t]+")
_SINGLE = ("call-id", "cseq", "from", "to")


class _Names(dict[str, str]):
    """The long name of a header by its spelling on the wire; the spellings that pass by are few and come for ever."""

    _MOST = 1024
    _LONGEST = 40

    def __missing__(self, spelling: str) -> str:
        name = spelling.strip().lower()
        name = _LONG.get(name, name)
        if len(self) < self._MOST and len(spelling) <= self._LONGEST:
            self[spelling] = name
        return name


_NAMES = _Names()


class Fault(NamedTuple):
    """What was wrong but bearable, and where: bytes from the start of the data."""

    problem: str
    offset: int


class Message:
    """A readable SIP message; made by `read` only.

    `method` is that of the request, or of the CSeq in a response, `cseq` the number there. `request_uri` is
    "" in a response, `status_code` 0 in a request. `flaws`: what was wrong but bearable.
    """

    def __init__(self, data: bytes, body_at: int, lines: list[str], start_at: int) -> None:
        self._data = data
        self._body_at = body_at
        self._start_at = start_at
        self.flaws: list[Fault] = []
        self._read_start(lines[0])
        headers: dict[str, list[str]] = {}
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if not colon:
                self._note_line(line)
                continue
            name = _NAMES[name]
            if name in headers:
                headers[name].append(value.strip())
            else:
                headers[name] = [value.strip()]
        self._headers = headers
        self.call_id = self._required("call-id")
        self._required("from")
        self._required("to")
        self._read_cseq()
        for name in _SINGLE:
            if len(headers[name]) > 1:
                self.flaws.append(Fault(f"repeated {name}", self._offset_of(name)))
        self._body_end = self._end_of_body()

    def _read_start(self, line: str) -> None:
        words = line.split()
        if words and words[0][:4].upper() == "SIP/":
            self._check_version(words[0])
            code = words[1] if len(words) > 1 else ""
            if len(code) != 3 or not (code.isascii() and code.isdecimal()) or not 100 <= int(code) <= 699:
                raise BadMessage(problem=f"status code {code[:20]!r}", offset=self._start_at)
            self.is_request = False
            self.status_code = int(code)
            self.phrase = line.strip()[len(words[0]) :].lstrip()[3:].strip()
            self.request_uri = ""
            return
        if len(words) < 3 or not words[-1][:4].upper() == "SIP/":
            raise BadMessage(problem="no SIP start line", offset=self._start_at)
        self._check_version(words[-1])
        if not _METHOD.match(words[0]):
            raise BadMessage(problem="method is no token", offset=self._start_at)
        self.is_request = True
        self.method = words[0]
        self.status_code = 0
        self.phrase = ""
        uri = words[1] if len(words) == 3 else "".join(words[1:-1])
        if len(words) > 3:
            self.flaws.append(Fault("space in the Request-URI", self._start_at))
        self.request_uri = uri[1:-1] if uri.startswith("<") and uri.endswith(">") else uri

    def _check_version(self, version: str) -> None:
        if version.upper() != "SIP/2.0":
            raise BadMessage(problem=f"version {version[:20]!r}", offset=self._start_at)

    def _required(self, name: str) -> str:
        values = self._headers.get(name)
        if not values or not values[0]:
            raise BadMessage(problem=f"no {name} header", offset=self._body_at)
        return values[0]

    def _read_cseq(self) -> None:
        words = self._required("cseq").split()
        number = words[0]
        if len(words) < 2 or not (number.isascii() and number.isdecimal()) or len(number) > 20:
            raise BadMessage(problem="CSeq is not a number and a method", offset=self._offset_of("cseq"))
        self.cseq = int(number)
        # Source: RFC 3261 §8.1.1.5 says below 2**31; some count on to 2**32
        if self.cseq >= 1 << 32:
            raise BadMessage(problem="CSeq number too large", offset=self._offset_of("cseq"))
        if not self.is_request:
            if not _METHOD.match(words[1]):
                raise BadMessage(problem="CSeq method is no token", offset=self._offset_of("cseq"))
            self.method = words[1]
        elif words[1] != self.method:
            self.flaws.append(Fault("CSeq names another method", self._offset_of("cseq")))

    def _end_of_body(self) -> int:
        """Where the body ends; a Content-Length that cannot be true yields to the datagram's end.

        Source: RFC 3261 §18.3: octets beyond the length are dropped. A length that cuts a description in the
        middle of a line was left over by a gateway that rewrote the description: then everything counts.
        """
        data, begin = self._data, self._body_at
        length = self._content_length()
        if length is None:
            return len(data)
        end = begin + length
        if end > len(data):
            self.flaws.append(Fault("body shorter than Content-Length", len(data)))
            return len(data)
        if end < len(data):
            self.flaws.append(Fault("data beyond Content-Length", end))
            cut = data[begin:end]
            if cut.startswith(b"v=") and not cut.endswith(b"\n"):
                return len(data)
        return end

    def _content_length(self) -> int | None:
        """The length in bytes, None when it is absent or cannot be believed."""
        lengths = self._headers.get("content-length")
        if lengths is None:
            return None
        length = lengths[0]
        if len(lengths) > 1 and any(other != length for other in lengths):
            self.flaws.append(Fault("different Content-Lengths", self._offset_of("content-length")))
            return None
        if not (length.isascii() and length.isdecimal()) or len(length) > 10:
            self.flaws.append(Fault("Content-Length is no number", self._offset_of("content-length")))
            return None
        return int(length)

    def _note_line(self, line: str) -> None:
        if line.strip():
            at = self._data.find(line.encode("utf-8", "surrogateescape")[:40], self._start_at)
            self.flaws.append(Fault("header line without a colon", max(at, self._start_at)))

    def _offset_of(self, name: str) -> int:
        short = next((short for short, long in _LONG.items() if long == name), name)
        pattern = rb"(?im)^(?:%s|%s)[ \t]*:" % (re.escape(name.encode()), re.escape(short.encode()))
        found = re.search(pattern, self._data[: self._body_at])
        return found.start() if found else self._start_at

    @lazy
    def from_tag(self) -> str:
        """Tag of From, "" when absent (RFC 2543)."""
        return _tag(self._headers["from"][0])

    @lazy
    def to_tag(self) -> str:
        """Tag of To, "" when absent."""
        return _tag(self._headers["to"][0])

    @lazy
    def branch(self) -> str:
        """Branch of the topmost Via, "" when absent."""
        vias = self._headers.get("via")
        found = _BRANCH.search(vias[0].partition(",")[0]) if vias else None
        return found.group(1) if found else ""

    @lazy
    def via_count(self) -> int:
        """How many Via values there are: hops from the sender of the request."""
        return sum(1 + via.count(",") for via in self._headers.get("via", ()))

    @property
    def label(self) -> str:
        """Method or status code with phrase, as the ladder shows it."""
        if self.is_request:
            return self.method
        return f"{self.status_code} {self.phrase}" if self.phrase else str(self.status_code)

    def header(self, name: str) -> str:
        """First value of a header by its long name in any case, unfolded and stripped; "" when absent.

        Of a list header it is the whole first line.
        """
        values = self._headers.get(name.lower())
        return values[0] if values else ""

    def headers(self, name: str) -> list[str]:
        """Every value of a header, repeated lines and comma lists alike, in order.

        Source: RFC 3261 §7.3.1
        """
        name = name.lower()
        values = self._headers.get(name, [])
        if name in _LISTS:
            return [value for line in values for value in split_values(line)]
        return list(values)

    @lazy
    def from_address(self) -> Address:
        """From, parsed."""
        return read_address(self._headers["from"][0])

    @lazy
    def to_address(self) -> Address:
        """To, parsed."""
        return read_address(self._headers["to"][0])

    @lazy
    def contact(self) -> str:
        """URI of the first Contact, "" when absent or "*"."""
        values = self.headers("contact")
        uri = read_address(values[0]).uri.raw if values else ""
        return "" if uri == "*" else uri

    @lazy
    def body(self) -> bytes:
        """The whole body as Content-Length allows."""
        return self._data[self._body_at : self._body_end]

    @lazy
    def bodies(self) -> list[Body]:
        """The leaves of the body: one for a plain body, every part of a multipart one, nested ones too.

        Source: RFC 2046 §5.1
        """
        return leaves(self.header("content-type"), self.body)

    @lazy
    def sdp(self) -> bytes:
        """The first application/sdp part, b"" when there is none."""
        if self._body_end <= self._body_at:
            return b""
        if self.header("content-type").lower() == "application/sdp":
            return self.body
        return next((body.content for body in self.bodies if body.kind == "application/sdp"), b"")

    @property
    def has_sdp(self) -> bool:
        """Whether any part is a session description."""
        return bool(self.sdp)


def _tag(value: str) -> str:
    # Inside the brackets "tag" is a parameter of the URI, inside the display name it is a name.
    found = _TAG.search(value, value.rfind(">") + 1)
    return found.group(1) if found else ""


def read(data: bytes) -> Message:
    """Read one message; `data` ends where the datagram or the framed stream message ends.

    Raises: BadMessage(problem, offset) when no dialog could be told from it
    Source: RFC 3261 §7
    """
    start_at = 0
    if data[:1] in b"\r\n \t":
        start_at = len(data) - len(data.lstrip(b"\r\n \t"))
        if start_at == len(data):
            raise BadMessage(problem="empty", offset=0)
    with_cr = data.find(b"\n\r\n", start_at)
    bare = data.find(b"\n\n", start_at, with_cr + 1 if with_cr >= 0 else len(data))
    if bare >= 0:
        head_end, body_at = bare, bare + 2
    elif with_cr >= 0:
        head_end, body_at = with_cr, with_cr + 3
    else:
        head_end = body_at = len(data)
    octets = data[start_at:head_end]
    try:
        head = octets.decode()
    except UnicodeDecodeError:
        head = octets.decode("latin-1")
    head = head.replace("\r\n", "\n")
    if "\n " in head or "\n\t" in head:
        head = _FOLD.sub(" ", head)
    message = Message(data, body_at, head.split("\n"), start_at)
    if head_end == len(data) == body_at and not data.endswith(b"\n"):
        message.flaws.append(Fault("no end of the headers", len(data)))
    return message


_OUTSIDE = re.compile(
    rb"\n(?:CSeq)[ \t]*:[ \t]*\d{1,10}[ \t]+(?:REGISTER|OPTIONS|PUBLISH|SUBSCRIBE)[ \t]*\r?\n", re.IGNORECASE
)
_CALL_ID = re.compile(rb"\n(?:Call-ID|i)[ \t]*:[ \t]*(\S{1,256})[ \t]*(?=\r?\n)", re.IGNORECASE)


def sip_id_outside_calls(data: bytes) -> str | None:
    """The Call-ID of a message of a kind that begins no call; None for every other one, and where it is not plain.

    A registrar's customers register all day. Whoever knows no call of this id need not read further.
    Source: RFC 3261 §10, §11, RFC 3903, RFC 6665
    """
    if _OUTSIDE.search(data) is None:
        return None
    found = _CALL_ID.findall(data)
    return found[0].decode("latin-1") if len(found) == 1 and found[0].isascii() else None
