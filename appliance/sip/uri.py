"""SIP, SIPS and tel URIs and the name-addr form around them. Bytes are already text here; nothing raises.

Source: RFC 3261 §19.1, §20.10 and §25.1, RFC 3966
"""

import binascii
import re
from urllib.parse import unquote_to_bytes

import msgspec


class Uri(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One URI. Of a scheme other than sip, sips and tel only `scheme` and `raw` are filled.

    `user` is percent-decoded, without password; for tel it is the subscriber number. `user_raw` stands as it
    was written. `host` of IPv6 has no brackets. `port` is 0 when absent. Parameter names are lower case,
    a parameter without value has "". Without a scheme ("alice@example.com") it is read like sip.
    """

    raw: str
    scheme: str = ""
    user: str = ""
    user_raw: str = ""
    host: str = ""
    port: int = 0
    params: dict[str, str] = {}
    headers: str = ""


class Address(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """name-addr or addr-spec with the header's own parameters (those outside the brackets).

    `display` is decoded: quotes removed, quoted pairs resolved, RFC 2047 words decoded.
    """

    uri: Uri
    display: str = ""
    params: dict[str, str] = {}


_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)\s*:")
_HOST_END = re.compile(r"[;?]")
# What is quoted or bracketed is one token; its closing mark, where there is one, is the group.
_TOKEN = re.compile(r'(?:"(?:[^"\\]|\\.?)*+|<[^<>]*+)([">])?|[,;]', re.DOTALL)
_QUOTED_OR_SEMICOLON = re.compile(r'"(?:[^"\\]|\\.?)*+(")?|;', re.DOTALL)
_QUOTED_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.?)*+(")?|<', re.DOTALL)
_BRACKETED_OR_MARK = re.compile(r"<[^<>]*+(>)?|,")
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_ENCODED_WORD = re.compile(
    r"=\?([A-Za-z0-9_.:-]{1,40})(?:\*[A-Za-z-]*)?\?([BbQq])\?([^?\s]*)\?=(?:\s+(?==\?))?"
)
# Only plain character sets: Python also knows codecs that are none (unicode_escape, punycode).
_CHARSETS = re.compile(
    r"(?:utf-?8|us-ascii|iso-?8859-\d{1,2}|windows-125\d|gb2312|gbk|gb18030|big5)$", re.IGNORECASE
)


def read_uri(text: str) -> Uri:
    """Read one URI, best effort.

    Source: RFC 3261 §19.1.1, RFC 3966 §3
    """
    raw = text.strip()
    found = _SCHEME.match(raw)
    scheme = found.group(1).lower() if found else ""
    if scheme == "tel":
        number, _, params = raw[found.end() if found else 0 :].partition(";")
        number = number.strip()
        return Uri(raw=raw, scheme=scheme, user=unescape(number), user_raw=number, params=read_params(params))
    if scheme in ("sip", "sips"):
        return _read_sip(raw, scheme, raw[found.end() if found else 0 :].strip())
    if "@" in raw and (not found or raw.find("@") < found.end()):
        return _read_sip(raw, "", raw)
    return Uri(raw=raw, scheme=scheme)


def _read_sip(raw: str, scheme: str, rest: str) -> Uri:
    user_raw = ""
    first_at = rest.find("@")
    if first_at >= 0:
        # A user part may hold ";" and "?", and careless senders leave an "@" of it unescaped.
        host_end = _HOST_END.search(rest, first_at)
        last_at = rest.rfind("@", 0, host_end.start() if host_end else len(rest))
        user_raw, rest = rest[:last_at], rest[last_at + 1 :]
    rest, _, headers = rest.partition("?")
    where, _, params = rest.partition(";")
    host, port = split_host(where.strip())
    name = user_raw.partition(":")[0]
    return Uri(
        raw=raw,
        scheme=scheme,
        user=unescape(name),
        user_raw=name,
        host=host,
        port=port,
        params=read_params(params),
        headers=headers,
    )


def split_host(where: str) -> tuple[str, int]:
    """Host without brackets and port of "host:port"; port 0 when absent or no number."""
    if where.startswith("["):
        host, _, rest = where[1:].partition("]")
        port = rest.strip().removeprefix(":").strip()
    elif where.count(":") > 1:
        return where, 0
    else:
        host, _, port = where.partition(":")
        port = port.strip()
    host = host.strip()
    if port.isascii() and port.isdecimal() and len(port) <= 5 and int(port) <= 65535:
        return host, int(port)
    return host, 0


def read_address(text: str) -> Address:
    """Read one name-addr or addr-spec, best effort; in a bare addr-spec parameters belong to the header.

    Source: RFC 3261 §20.10
    """
    text = text.strip()
    opened = _find_bracket(text)
    if opened < 0:
        uri, _, params = text.partition(";")
        return Address(uri=read_uri(uri), params=read_params(params))
    closed = text.find(">", opened)
    if closed < 0:
        closed = len(text)
    rest = text[closed + 1 :]
    return Address(
        uri=read_uri(text[opened + 1 : closed]),
        display=read_display(text[:opened]),
        params=read_params(rest.partition(";")[2]),
    )


def read_display(text: str) -> str:
    """A display name as a person reads it; a quote that is never closed is dropped.

    Source: RFC 3261 §25.1 (quoted-string), RFC 2047 (which SIP does not use, but telephones do)
    """
    text = text.strip()
    if text.startswith('"'):
        text = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
        if "\\" in text:
            text = _QUOTED_PAIR.sub(r"\1", text)
    if "=?" in text:
        text = _ENCODED_WORD.sub(_decode_word, text)
    return "".join(character for character in text if character.isprintable()).strip()


def _decode_word(found: re.Match[str]) -> str:
    charset, coding, content = found.groups()
    if not _CHARSETS.match(charset):
        return found.group(0)
    try:
        if coding in "Bb":
            octets = binascii.a2b_base64(content + "=" * (-len(content) % 4))
        else:
            octets = unquote_to_bytes(content.replace("%", "%25").replace("_", " ").replace("=", "%"))
        return octets.decode(charset, errors="replace")
    except (ValueError, LookupError):
        return found.group(0)


def unescape(text: str) -> str:
    """Percent-decoded text; left as it is where that would yield control characters.

    Source: RFC 3261 §19.1.2
    """
    if "%" not in text:
        return text
    octets = unquote_to_bytes(text)
    try:
        plain = octets.decode()
    except UnicodeDecodeError:
        plain = octets.decode("latin-1")
    return plain if plain.isprintable() else text


def read_params(text: str) -> dict[str, str]:
    """`a=1;b;c="x"` as a map of lower-case names; the first of a repeated name counts."""
    if not text:
        return {}
    pieces = _split(text, ";") if '"' in text else text.split(";")
    params: dict[str, str] = {}
    for piece in pieces:
        name, _, value = piece.partition("=")
        name = name.strip().lower()
        if name and name not in params:
            value = value.strip()
            if len(value) > 1 and value[0] == '"' and value[-1] == '"':
                value = _QUOTED_PAIR.sub(r"\1", value[1:-1])
            params[name] = value
    return params


def split_values(text: str) -> list[str]:
    """Split a header value at commas that stand outside quotes and angle brackets."""
    if "," not in text:
        text = text.strip()
        return [text] if text else []
    return [value for piece in _split(text, ",") if (value := piece.strip())]


def _split(text: str, separator: str) -> list[str]:
    """Pieces between separators outside quotes and, for commas, brackets; what is never closed protects nothing."""
    pattern = _TOKEN if separator == "," else _QUOTED_OR_SEMICOLON
    cuts = _cuts(text, pattern, separator)
    if cuts is None:
        cuts = _cuts(text, _BRACKETED_OR_MARK, separator) if separator == "," else None
    if cuts is None:
        return text.split(separator)
    begins = [0, *(cut + 1 for cut in cuts)]
    return [text[begin:end] for begin, end in zip(begins, [*cuts, len(text)], strict=True)]


def _cuts(text: str, pattern: re.Pattern[str], separator: str) -> list[int] | None:
    """Where the separators stand; None when a quote or bracket is never closed."""
    cuts: list[int] = []
    for found in pattern.finditer(text):
        token = found.group()
        if token == separator:
            cuts.append(found.start())
        elif token[0] in '"<' and found.group(1) is None:
            return None
    return cuts


def _find_bracket(text: str) -> int:
    """Where "<" first stands outside quotes, or at all when a quote is never closed; else -1."""
    if '"' in text:
        for found in _QUOTED_OR_BRACKET.finditer(text):
            if found.group() == "<":
                return found.start()
            if found.group()[0] == '"' and found.group(1) is None:
                break
        else:
            return -1
    return text.find("<")
