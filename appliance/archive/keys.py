"""The keys of encrypted audio that stood in clear signalling: what the SIP messages of a bundle say of SDES.

Source: RFC 4568 §6.1: the key of a description is the one that its writer encrypts with
"""

from collections.abc import Iterable

from appliance.core.errors import BadMessage
from appliance.media.packets import SipRecord
from appliance.media.srtp import MasterKey, master_keys
from appliance.sip.message import read
from appliance.sip.sdp import read_sdp

_MOST = 64


def keys_of(messages: Iterable[SipRecord]) -> list[MasterKey]:
    """Every usable key, each once, in order of appearance; 64 at most, as a call has two or four."""
    found: dict[MasterKey, None] = {}
    for message in messages:
        if b"crypto:" not in message.data:
            continue
        try:
            session = read_sdp(read(message.data).sdp)
        except BadMessage:
            continue
        for media in session.audios:
            host = f"[{media.address}]" if ":" in media.address else media.address
            for line in media.crypto:
                found.update(dict.fromkeys(master_keys(line, f"{host}:{media.port}")))
    return list(found)[:_MOST]
