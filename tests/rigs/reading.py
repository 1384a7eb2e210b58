"""Everything the SIP and SDP reader offers, used on any bytes: nothing but BadMessage may be raised, and some laws hold."""

import contextlib

from appliance.core.errors import BadMessage
from appliance.sip.carried import (
    is_taken_elsewhere,
    read_dialog,
    read_digit,
    read_focus,
    read_outcome,
    read_refer,
    read_session_timer_s,
)
from appliance.sip.dialog import Tracker
from appliance.sip.events import Ended, Event, JoinedLate, Started
from appliance.sip.kinship import Kinship
from appliance.sip.message import read
from appliance.sip.parties import parties
from appliance.sip.sdp import is_encrypted, read_sdp, spoken_to

PLACES = ("10.0.0.1:5060", "10.0.0.2:5060", "10.0.0.3:5060", "[2001:db8::1]:5060")
START_NS = 1_700_000_000_000_000_000


def touch_message(data: bytes) -> None:
    """Raises: BadMessage."""
    message = read(data)
    assert message.call_id
    assert message.is_request == (message.status_code == 0)
    assert all(0 <= flaw.offset <= len(data) for flaw in message.flaws)
    _ = message.from_tag, message.to_tag, message.branch, message.via_count, message.label
    _ = message.contact, message.body, message.sdp, message.bodies, message.headers("contact")
    _ = (
        read_digit(message),
        read_refer(message),
        read_dialog(message, "replaces"),
        read_session_timer_s(message),
    )
    _ = read_focus(message), read_outcome(message), is_taken_elsewhere(message.header("reason"))
    _ = parties(message, "1.2.3.4:5", "6.7.8.9:0")


def touch_description(data: bytes) -> None:
    """Raises: BadMessage."""
    session = read_sdp(data)
    _ = session.audio, session.audios, is_encrypted(session, session)
    for media in session.media:
        assert 0 <= media.port <= 65535
        assert 0 <= media.rtcp_port <= 65535
        _ = media.is_null, media.candidate_ports, spoken_to(media, media)


def touch_traffic(data: bytes) -> None:
    """Messages one after the other, parted by a zero byte; the byte after it says from where to where and how late.

    Every call begins once and ends once, whatever passes.
    """
    tracker = Tracker(setup_timeout_s=60, session_timeout_s=200, max_calls=3)
    kinship = Kinship(max_calls=3)
    now_ns = START_NS
    begun: dict[int, str] = {}
    ended: set[int] = set()
    for piece in data.split(b"\x00")[:40]:
        if len(piece) < 2:
            continue
        now_ns += (piece[0] >> 4) ** 2 * 1_000_000_000
        source, destination = PLACES[piece[0] & 3], PLACES[(piece[0] >> 2) & 3]
        try:
            message = read(piece[1:])
        except BadMessage:
            continue
        events = tracker.feed(message, now_ns, "udp", source, destination) + tracker.tick(now_ns)
        _check(events, begun, ended, kinship)
        assert len(tracker) <= 3
    for _ in range(4):
        now_ns += 2 * 604_800_000_000_000  # the longest session timer
        _check(tracker.tick(now_ns), begun, ended, kinship)
    assert ended == set(begun)


def touch_any(data: bytes) -> None:
    """The first byte chooses what reads the rest; a message that cannot be read is no finding."""
    if data:
        with contextlib.suppress(BadMessage):
            _TOUCHES[data[0] % len(_TOUCHES)](data[1:])


_TOUCHES = (touch_message, touch_description, touch_traffic)


def _check(events: list[Event], begun: dict[int, str], ended: set[int], kinship: Kinship) -> None:
    for event in events:
        if isinstance(event, Started):
            assert event.key not in begun
            begun[event.key] = event.call_id
            who = parties(event.invite, event.source, event.destination)
            kinship.begin(f"id{event.key}", event, who)
        elif isinstance(event, JoinedLate):
            assert event.key not in begun
            begun[event.key] = event.call_id
            kinship.begin_late(
                f"id{event.key}", event, parties(event.message, event.source, event.destination)
            )
        assert begun[event.key] == event.call_id
        assert event.key not in ended
        kinship.take(event)
        if isinstance(event, Ended):
            ended.add(event.key)
            kinship.forget(f"id{event.key}")
