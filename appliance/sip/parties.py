"""Who calls whom, and which way, from the headers of a call's first message.

Surprising: callee is what was dialled (To), not where a proxy sent it (Request-URI), unless the call was
diverted: then it is the new target, and `diverted_from` says who was dialled.
Source: RFC 3261 §8.1.1, RFC 3325, RFC 3966, RFC 5806, RFC 7044
"""

import ipaddress
import re
from collections.abc import Sequence

import msgspec

from appliance.domain.call import Direction, Party
from appliance.sip.message import Message
from appliance.sip.uri import Address, Uri, read_address, read_uri, split_host

_SEPARATORS = str.maketrans("", "", "-.() /\t\u00a0")
_NUMBER = re.compile(r"\+?[0-9*#]+$")
_GLOBAL_PREFIX = re.compile(r"\+[0-9]{1,15}$")
_NOBODY = frozenset(("", "anonymous", "unavailable", "restricted", "unknown", "private", "withheld"))


class Parties(msgspec.Struct, frozen=True, kw_only=True):
    """Both ends. `diverted_from` is the number that the call was first sent to, "" when it was not diverted."""

    caller: Party
    callee: Party
    diverted_from: str = ""

    @property
    def is_redirected(self) -> bool:
        """Whether Diversion or History-Info tells of an earlier target."""
        return bool(self.diverted_from)


def parties(message: Message, source: str = "", destination: str = "") -> Parties:
    """Caller and callee of an INVITE, of another in-dialog request (its sender is the caller) or of a response.

    `source` and `destination` ("ip:port") are the packet's and become `Party.address`; of a response they
    are exchanged, since the caller is who it goes to.
    """
    is_first = message.is_request and message.method == "INVITE" and not message.to_tag
    if not message.is_request:
        source, destination = destination, source
    caller = message.from_address
    callee = message.to_address
    diverted_from = ""
    if is_first:
        caller = _known_caller(message, caller)
        diverted_from = _diverted_from(message)
        callee = _called(message, callee, is_diverted=bool(diverted_from))
    return Parties(
        caller=_party(caller, source), callee=_party(callee, destination), diverted_from=diverted_from
    )


def _known_caller(message: Message, sender: Address) -> Address:
    """From, or who the network says it is when From does not tell.

    Source: RFC 3325 §9.1, RFC 3323 §4.1, draft-ietf-sip-privacy-04 (Remote-Party-ID)
    """
    if not _is_nobody(sender):
        return sender
    for name in ("p-asserted-identity", "p-preferred-identity", "remote-party-id"):
        for value in message.headers(name):
            known = read_address(value)
            if not _is_nobody(known) and known.params.get("party", "calling").lower() == "calling":
                return known
    if sender.uri.user:
        return sender
    contact = read_uri(message.contact)
    return msgspec.structs.replace(sender, uri=contact) if contact.user else sender


def _is_nobody(who: Address) -> bool:
    return who.uri.user.lower() in _NOBODY or who.uri.host.lower() == "anonymous.invalid"


def _called(message: Message, dialled: Address, *, is_diverted: bool) -> Address:
    target = read_uri(message.request_uri)
    if not target.user:
        return dialled
    is_number = bool(_NUMBER.match(_plain(target)))
    if not dialled.uri.user or (is_diverted and is_number):
        is_same = _plain(target) == _plain(dialled.uri)
        return Address(uri=target, display=dialled.display if is_same else "")
    return dialled


def _diverted_from(message: Message) -> str:
    """Who was first called: the oldest Diversion, or the first History-Info entry before a diversion.

    Source: RFC 5806 §4 (the newest stands first), RFC 7044 §5.1 and §10.3, RFC 4458 §2
    """
    diversions = message.headers("diversion")
    if diversions:
        return _plain(read_address(diversions[-1]).uri)
    entries = [read_address(value) for value in message.headers("history-info")]
    is_diverted = any(
        "mp" in entry.params or "cause" in entry.uri.params or "cause" in entry.uri.headers.lower()
        for entry in entries
    )
    return _plain(entries[0].uri) if is_diverted else ""


def _party(who: Address, address: str) -> Party:
    return Party(
        number=_plain(who.uri),
        number_raw=who.uri.user_raw,
        display=who.display,
        uri=who.uri.raw,
        address=address,
    )


def _plain(uri: Uri) -> str:
    return normalise(uri.user, uri.params.get("phone-context", ""))


def normalise(user: str, phone_context: str = "") -> str:
    """A number without visual separators and with its leading + kept, or the user part as it stands.

    A local number of a global context ("+49") becomes global.
    Source: RFC 3966 §3 and §5.1.5, RFC 3261 §19.1.4
    """
    user = user.strip()
    bare = user[4:] if user[:4].lower() == "tel:" else user
    number, _, params = bare.partition(";")
    number = number.translate(_SEPARATORS)
    if not _NUMBER.match(number):
        return user  # its case counts (RFC 3261 §19.1.4)
    for param in params.split(";"):
        name, _, value = param.partition("=")
        if name.strip().lower() == "phone-context":
            phone_context = value
    context = phone_context.strip().translate(_SEPARATORS)
    if not number.startswith("+") and _GLOBAL_PREFIX.match(context):
        return context + number
    return number


def direction(source: str, destination: str, service_addresses: Sequence[str]) -> Direction:
    """Where the first INVITE went, seen from the company.

    `service_addresses`: "ip" or "ip:port" of the carrier's side; unknown while there is none, or when both
    ends are the carrier's.
    """
    if not service_addresses:
        return Direction.UNKNOWN
    is_from_outside = any(_is_at(source, service) for service in service_addresses)
    is_to_outside = any(_is_at(destination, service) for service in service_addresses)
    if is_from_outside and is_to_outside:
        return Direction.UNKNOWN
    if is_from_outside:
        return Direction.INCOMING
    return Direction.OUTGOING if is_to_outside else Direction.INTERNAL


def _is_at(place: str, service: str) -> bool:
    host, port = split_host(place.strip())
    wanted_host, wanted_port = split_host(service.strip())
    return _address(host) == _address(wanted_host) and wanted_port in (0, port)


def _address(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host.lower()
