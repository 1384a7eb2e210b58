"""What an administrator writes for a place in the network: `ip`, `ip:port`, `[ip]:port`."""

import ipaddress
import re

from appliance.core.text import Text

NO_ENDPOINT = Text(
    en="must be an IP address, or address:port ([address]:port for IPv6)",
    zh="必须是 IP 地址或 地址:端口（IPv6 用 [地址]:端口）",
)


def endpoint(text: str) -> tuple[str, int] | None:
    """Host in its shortest form and port (0 when none is given); None for what is neither."""
    host, port = text, ""
    bracketed = re.fullmatch(r"\[([^\]]+)\](?::(\d{1,5}))?", text)
    if bracketed:
        host, port = bracketed[1], bracketed[2] or ""
    elif text.count(":") == 1:
        host, port = text.split(":")
        if not port:
            return None
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return None
    try:
        return str(ipaddress.ip_address(host)), int(port or 0)
    except ValueError:
        return None
