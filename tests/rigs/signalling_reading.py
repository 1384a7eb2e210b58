"""Everything that is done with signalling that was heard, on any bytes; for properties and the fuzzer."""

import contextlib

import msgspec

from appliance.boards.signalling import isup, lapd, mtp, q931, tup
from appliance.boards.signalling.trunk import Trunk
from appliance.core.errors import BadMessage
from appliance.settings import trunks
from appliance.settings.trunks import Label

_SECOND = 1_000_000_000
_START = 1_800_000_000 * _SECOND


def _trunk(signalling):
    content = {"name": "T", "lines": [{}, {"first_circuit": 32}], "signalling": signalling}
    return Trunk(msgspec.convert(content, trunks.Trunk))


def _pieces(data):
    """Frames that follow one another: each after an octet that is its length and port."""
    at = 0
    while at < len(data):
        length = data[at] & 0x7F
        yield data[at] >> 7, data[at + 1 : at + 1 + length]
        at += 1 + length


def touch_isdn(data):
    """One frame by every reader, and all of it as frames of a trunk."""
    with contextlib.suppress(BadMessage):
        message = q931.read(lapd.read(data).payload)
        if message is not None:
            _ = message.name
            for content in message.elements.values():
                q931.number(content), q931.channel(content), q931.cause(content), q931.display(content)
                q931.progress(content), q931.bearer(content), q931.keypad(content), q931.call_state(content)
                q931.restarts_all(content)
    _through({"kind": "isdn"}, data)


def touch_ss7(data):
    for is_extended in (False, True):
        with contextlib.suppress(BadMessage):
            mtp.read(data, is_extended=is_extended)
    for label in Label:
        with contextlib.suppress(BadMessage):
            routed = mtp.route(mtp.read(data).content or b"\5", label)
            for read in (isup.read, tup.read):
                with contextlib.suppress(BadMessage):
                    _ = read(routed.text).name
        _through({"kind": "ss7", "label": label.value}, data)
    with contextlib.suppress(BadMessage):
        message = isup.read(data)
        for content in message.parameters.values():
            isup.number(content), isup.subsequent(content), isup.cause(content), isup.category(content)
            isup.medium(content)
        isup.is_free(message), isup.circuits(message), isup.blocked(message)


def touch_r2(data):
    trunk = _trunk({"kind": "r2", "registers": "itu" if len(data) % 2 else "china"})
    for index, octet in enumerate(data):
        at_ns, port, value = _START + index * _SECOND // 10, octet >> 7, octet & 15
        if octet & 0x40:
            trunk.bits(port, 1 + (octet >> 5 & 1), at_ns, value)
        else:
            trunk.tone(port, 1 + (octet >> 5 & 1), at_ns, value, is_forward=bool(octet & 0x10))
        trunk.register_phase(1)
        trunk.tick(at_ns)
    trunk.drain()


def _through(signalling, data):
    trunk = _trunk(signalling)
    at_ns = _START
    trunk.frame(0, 16, at_ns, data)
    for port, frame in _pieces(data):
        at_ns += _SECOND
        trunk.frame(port, 16, at_ns, frame)
        trunk.tick(at_ns)
    trunk.drain()
    trunk.counts()


def touch_any(data):
    """The first octet says what the rest is heard on."""
    [touch_isdn, touch_ss7, touch_r2][data[0] % 3 if data else 0](data[1:])
