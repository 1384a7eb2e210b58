"""One SIP message: start line, headers, bodies. Bytes of one whole message come in; tolerant, exact errors.

Only what the dialog tracker cannot do without is checked on reading (start line, Call-ID, CSeq, From, To);
everything else is parsed when asked for and never raises.
Source: RFC 3261 §7, §18.3 and §25
"""

from typing import NamedTuple

from appliance.sip.uri import Address


class Body(NamedTuple):
    """One body or part: `kind` is the media type in lower case without parameters ("application/sdp")."""

    kind: str
    content: bytes


class Message:
    """A readable SIP message.

    `flaws` says what was wrong but bearable: (problem, byte offset).
    """

    is_request: bool
    method: str  # of the request, or of the CSeq in a response
    request_uri: str  # "" in a response
    status_code: int  # 0 in a request
    phrase: str
    call_id: str
    cseq: int
    flaws: list[tuple[str, int]]

    @property
    def from_tag(self) -> str:
        """Tag of From, "" when absent (RFC 2543)."""
        raise NotImplementedError

    @property
    def to_tag(self) -> str:
        """Tag of To, "" when absent."""
        raise NotImplementedError

    @property
    def branch(self) -> str:
        """Branch of the topmost Via, "" when absent."""
        raise NotImplementedError

    @property
    def via_count(self) -> int:
        """How many Via values there are: hops from the sender of the request."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """Method or status code with phrase, as the ladder shows it."""
        raise NotImplementedError

    def header(self, name: str) -> str:
        """First value of a header by its long name in any case, unfolded and stripped; "" when absent."""
        raise NotImplementedError

    def headers(self, name: str) -> list[str]:
        """Every value of a header, repeated lines and comma lists alike, in order.

        Source: RFC 3261 §7.3.1
        """
        raise NotImplementedError

    @property
    def from_address(self) -> Address:
        """From, parsed."""
        raise NotImplementedError

    @property
    def to_address(self) -> Address:
        """To, parsed."""
        raise NotImplementedError

    @property
    def contact(self) -> str:
        """URI of the first Contact, "" when absent or "*"."""
        raise NotImplementedError

    @property
    def body(self) -> bytes:
        """The whole body as Content-Length allows."""
        raise NotImplementedError

    @property
    def bodies(self) -> list[Body]:
        """The leaves of the body: one for a plain body, every part of a multipart one, nested ones too.

        Source: RFC 2046 §5.1
        """
        raise NotImplementedError

    @property
    def sdp(self) -> bytes:
        """The first application/sdp part, b"" when there is none."""
        raise NotImplementedError

    @property
    def has_sdp(self) -> bool:
        """Whether any part is a session description."""
        raise NotImplementedError


def read(data: bytes) -> Message:
    """Read one message; `data` ends where the datagram or the framed stream message ends.

    Raises: BadMessage(problem, offset) when no dialog could be told from it
    Source: RFC 3261 §7
    """
    raise NotImplementedError
