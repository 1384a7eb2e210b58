"""Bodies of a message, taken apart: multipart ones into their leaves.

Source: RFC 2046 §5.1, RFC 5621
"""

import binascii
from typing import NamedTuple

from appliance.sip.uri import read_params

_MAX_DEPTH = 4
_MAX_PARTS = 32


class Body(NamedTuple):
    """One body or part: `kind` is the media type in lower case without parameters ("application/sdp")."""

    kind: str
    content: bytes


def leaves(content_type: str, content: bytes) -> list[Body]:
    """Every part that is not itself multipart, in order; at most 32 parts a level, 4 levels.

    A body without a type that begins like a session description is taken for one.
    Source: RFC 2046 §5.1
    """
    return _leaves(content_type, content, _MAX_DEPTH)


def _leaves(content_type: str, content: bytes, depth: int) -> list[Body]:
    kind, _, rest = content_type.partition(";")
    kind = "".join(kind.split()).lower()
    if not content:
        return []
    if not kind and content.lstrip().startswith(b"v=0"):
        kind = "application/sdp"
    if not kind.startswith("multipart/") or depth == 0:
        return [Body(kind, content)]
    boundary = read_params(rest).get("boundary", "").encode()
    parts = _parts(content, boundary or _guess_boundary(content))
    if not parts:
        return [Body(kind, content)]
    return [leaf for part in parts for leaf in _leaf_of_part(part, depth)]


def _guess_boundary(content: bytes) -> bytes:
    """The boundary that a careless sender did not declare: the first line, if it looks like one."""
    first = content.lstrip().partition(b"\n")[0].rstrip()
    return first[2:] if first.startswith(b"--") else b""


def _parts(content: bytes, boundary: bytes) -> list[bytes]:
    """What stands between the delimiter lines; a part that is cut short by the end of data counts."""
    if not boundary:
        return []
    delimiter = b"--" + boundary
    starts: list[tuple[int, int]] = []
    at = content.find(delimiter)
    is_closed = False
    while at >= 0 and not is_closed and len(starts) <= _MAX_PARTS:
        after = at + len(delimiter)
        if at == 0 or content[at - 1 : at] == b"\n":
            line_end = content.find(b"\n", after)
            is_closed = content[after : after + 2] == b"--"
            starts.append((at, line_end + 1 if line_end >= 0 else len(content)))
        at = content.find(delimiter, after)
    ends = [begin for begin, _ in starts[1:]]
    if not is_closed:
        ends.append(len(content))
    parts = []
    for (_, begin), end in zip(starts, ends, strict=False):
        part = content[begin:end]
        # The line end before a delimiter belongs to the delimiter.
        parts.append(part.removesuffix(b"\n").removesuffix(b"\r") if end < len(content) else part)
    return parts[:_MAX_PARTS]


def _leaf_of_part(part: bytes, depth: int) -> list[Body]:
    headers, content = _split_part(part)
    if headers.get("content-transfer-encoding", "").lower() == "base64":
        try:
            content = binascii.a2b_base64(content)
        except binascii.Error:
            return [Body(headers.get("content-type", ""), content)]
    return _leaves(headers.get("content-type", ""), content, depth - 1)


def _split_part(part: bytes) -> tuple[dict[str, str], bytes]:
    if part.startswith((b"\r\n", b"\n")):
        return {}, part.removeprefix(b"\r").removeprefix(b"\n")
    head, blank, content = part.partition(b"\r\n\r\n")
    if not blank:
        head, blank, content = part.partition(b"\n\n")
    if not blank and b":" not in head.partition(b"\n")[0]:
        return {}, part
    headers: dict[str, str] = {}
    text = head.decode("latin-1").replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ")
    for line in text.split("\n"):
        name, _, value = line.partition(":")
        name = name.strip().lower()
        headers.setdefault("content-type" if name == "c" else name, value.strip())
    return headers, content
