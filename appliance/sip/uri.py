"""SIP, SIPS and tel URIs and the name-addr form around them. Bytes are already text here; nothing raises.

Source: RFC 3261 §19.1, §20.10 and §25.1, RFC 3966
"""

import msgspec


class Uri(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One URI. Of a scheme other than sip, sips and tel only `scheme` and `raw` are filled.

    `user` is percent-decoded, without password; for tel it is the subscriber number. `user_raw` stands as it
    was written. `host` of IPv6 has no brackets. `port` is 0 when absent. Parameter names are lower case,
    a parameter without value has "".
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


def read_uri(text: str) -> Uri:
    """Read one URI, best effort.

    Source: RFC 3261 §19.1.1, RFC 3966 §3
    """
    raise NotImplementedError


def read_address(text: str) -> Address:
    """Read one name-addr or addr-spec, best effort; in a bare addr-spec parameters belong to the header.

    Source: RFC 3261 §20.10
    """
    raise NotImplementedError


def split_values(text: str) -> list[str]:
    """Split a header value at commas that stand outside quotes and angle brackets."""
    raise NotImplementedError
