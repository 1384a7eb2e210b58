"""A bundle's media file without its media: what may not be kept goes, the SIP ladder stays.

Kept is what certainly is signalling: TCP (the engine writes nothing but SIP over it) and UDP that begins with a letter.
Everything else goes, fragments too.
Source: RFC 791 §3.1, RFC 8200 §3 and §4, RFC 768, RFC 3261 §7; libpcap's file format with nanoseconds
"""

import struct
from pathlib import Path

from appliance.core.errors import BadBundle
from appliance.core.files import write_atomically

_MAGIC = 0xA1B23C4D
_FILE_HEADER = 24
_RECORD = struct.Struct("<IIII")
_TCP, _UDP = 6, 17
_IPV6_EXTENSIONS = frozenset({0, 43, 60})


def keep_signalling(path: Path) -> int:
    """Rewrite the file without its media; how many packets went.

    Raises: BadBundle when it is no file of the engine's, OSError
    """
    content = path.read_bytes()
    if len(content) < _FILE_HEADER or int.from_bytes(content[:4], "little") != _MAGIC:
        raise BadBundle(bundle=path.parent.name, problem="no media file of this box")
    kept = [content[:_FILE_HEADER]]
    removed, at = 0, _FILE_HEADER
    while at + _RECORD.size <= len(content):
        size = _RECORD.unpack_from(content, at)[2]
        end = at + _RECORD.size + size
        if end > len(content):
            break
        packet = content[at + _RECORD.size : end]
        if _is_signalling(packet):
            kept.append(content[at:end])
        else:
            removed += 1
        at = end
    if removed or at < len(content):
        write_atomically(path, b"".join(kept))
    return removed


def _is_signalling(packet: bytes) -> bool:
    if len(packet) < 20:
        return False
    if packet[0] >> 4 == 4:
        if packet[6] & 0x1F or packet[7]:
            return False
        return _carries_sip(packet, packet[9], (packet[0] & 15) * 4)
    protocol, at = packet[6], 40
    while protocol in _IPV6_EXTENSIONS and at + 8 <= len(packet):
        protocol, at = packet[at], at + 8 + packet[at + 1] * 8
    return _carries_sip(packet, protocol, at)


def _carries_sip(packet: bytes, protocol: int, at: int) -> bool:
    if protocol == _TCP:
        return True
    letter = packet[at + 8 : at + 9]
    return protocol == _UDP and letter.isascii() and letter.isalpha()
