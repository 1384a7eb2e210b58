"""Calls that were up when the recorder was killed or stopped go on in their bundles once it is back.

A bundle explains itself: the SIP messages in its media file tell the dialog tracker where the call stands and which
addresses to bind; the engine appends to the media file. What only the manifest knows (our ids, what the rules decided,
orders, marks) is taken from there. A bundle that was taken up too often is closed instead: perhaps it is what kills.
Source: RFC 3261 §12-§15 (by way of the dialog tracker)
"""

from pathlib import Path
from typing import NamedTuple

import msgspec

from appliance.capture import recovery
from appliance.capture.announced import Binding
from appliance.capture.bundles import TAKEN_UP_FILE
from appliance.capture.leg import Leg
from appliance.capture.seen import OrphanSeen
from appliance.core.clock import from_ns, to_ns
from appliance.core.errors import BadBundle
from appliance.core.files import MANIFEST_FILE, MEDIA_FILE, Layout
from appliance.domain.bundle import Manifest
from appliance.domain.call import CallState, Side
from appliance.domain.ledger import Mark
from appliance.media.packets import BundleMedia, MediaStream, read_bundle_media
from appliance.sip.sdp import STATIC, Format
from appliance.sip.uri import split_host

AWAY_S = 60.0
"""Longer than that away, and too much of a call is missing to speak of one recording."""
MAX_TIMES = 3

_FILE_HEADER_BYTES = 24


class Unfinished(NamedTuple):
    """What lies in the folder of a call that was up: its name, its manifest if that can be read, its packets."""

    name: str
    manifest: Manifest | None
    media: BundleMedia | None

    @property
    def streams(self) -> list[MediaStream]:
        """What was written of the call's media."""
        return self.media.streams if self.media is not None else []

    @property
    def last_ns(self) -> int:
        """The last that was written of the call's media; 0 when there is none."""
        return max((stream.last_ns for stream in self.streams), default=0)


def unfinished(layout: Layout, now_s: float, port: str) -> list[Unfinished]:
    """The bundles of a port to go on with, oldest first, each counted as taken up once more; none after too long an absence.

    Units: `now_s` since the epoch
    """
    folders = sorted(path for path in layout.spool_open.iterdir() if path.is_dir())
    left_s = max((recovery.changed_s(folder) for folder in folders), default=0.0)
    if abs(now_s - left_s) > AWAY_S:
        return []
    found = (_read(folder) for folder in folders if _count(folder) <= MAX_TIMES)
    return [one for one in found if one is not None and _was_at(one.manifest, port)]


def restore(leg: Leg, left: Unfinished, now_ns: int) -> None:
    """Give a leg that was told again by its messages what they do not tell, and note the interruption."""
    leg.mark(Mark.INTERRUPTED)
    leg.heard.update((stream.ssrc, stream.source) for stream in left.streams)
    leg.last_media_ns = max(leg.last_media_ns, left.last_ns)
    since_ns = left.last_ns or to_ns(leg.call.started_at)
    leg.resumed_ns = max(since_ns, now_ns)
    leg.drops_seen(since_ns, leg.resumed_ns, 0)
    known = left.manifest
    if known is None:
        return
    call = leg.call
    call.interaction_id, call.related, call.direction = (
        known.call.interaction_id,
        known.call.related,
        known.call.direction,
    )
    if len(known.call.events) > len(call.events):
        call.events = known.call.events
    if not leg.is_ended and not leg.is_answered and known.call.answered_at is not None:
        # The answer was seen, but the end came before its packet was written.
        call.state, call.answered_at = CallState.UP, known.call.answered_at
        call.status_code = known.call.status_code
    for mark in known.marks:
        leg.mark(mark)
    leg.capture_drops = [*known.capture_drops, *leg.capture_drops]


class Untold:
    """Resumed calls whose messages were not written yet when the recorder ended: the manifest names them, no dialog."""

    def __init__(self) -> None:
        self._legs: list[Leg] = []

    def add(self, leg: Leg) -> None:
        """It was resumed by its manifest alone."""
        self._legs.append(leg)

    def drop(self, leg: Leg) -> None:
        """It is over, or its dialog is known now."""
        if leg in self._legs:
            self._legs.remove(leg)

    def called(self, sip_call_id: str) -> Leg | None:
        """The call of this Call-ID."""
        return next((leg for leg in self._legs if leg.call.sip_call_id == sip_call_id), None)

    def hear(self, seen: OrphanSeen) -> tuple[Leg, list[Binding]] | None:
        """The only call between the hosts of a flow that no description announced, and what to bind for it."""
        found = [leg for leg in self._legs if _hosts(leg) == {seen.src, seen.dst}]
        if len(found) != 1:
            return None
        leg = found[0]
        if not leg.is_answered:
            leg.call.state, leg.call.answered_at = CallState.UP, from_ns(seen.first_ns)
        speaker = Side.CALLER if split_host(leg.call.caller.address)[0] == seen.src else Side.CALLEE
        formats = (STATIC.get(seen.pt) or Format(payload_type=seen.pt),)
        return leg, [
            leg.media.hear(speaker.other, seen.dst, seen.dst_port, formats, seen.first_ns),
            leg.media.hear(speaker, seen.src, seen.src_port, formats, seen.first_ns),
        ]


def _hosts(leg: Leg) -> set[str]:
    return {split_host(party.address)[0] for party in (leg.call.caller, leg.call.callee)}


def heard_again(leg: Leg, left: Unfinished) -> list[Binding]:
    """What to bind for a call of which only the manifest and the media are left."""
    found = []
    for stream in left.streams:
        assert left.manifest is not None
        assert left.media is not None
        speaker = recovery.speaker_of(left.manifest, leg, stream, left.media)
        used = sorted(stream.pts)
        formats = tuple(recovery.meaning_of(left.manifest, speaker, payload_type) for payload_type in used)
        host, port = split_host(stream.destination)
        found.append(leg.media.hear(speaker.other, host, port, formats, stream.first_ns))
    return found


def flow_of(stream: MediaStream) -> OrphanSeen:
    """A stream of a bundle as the engine would tell of it, had it not been known before."""
    source, destination = split_host(stream.source), split_host(stream.destination)
    payload_type = max(stream.pts, key=lambda number: stream.pts[number], default=0)
    return OrphanSeen(
        src=source[0],
        src_port=source[1],
        dst=destination[0],
        dst_port=destination[1],
        ssrc=stream.ssrc,
        pt=payload_type,
        packets=stream.packets,
        first_ns=stream.first_ns,
    )


def recount(manifest: Manifest, leg: Leg, folder: Path) -> None:
    """The streams of the whole bundle: the engine counted only what came since."""
    (folder / TAKEN_UP_FILE).unlink(missing_ok=True)
    try:
        media = read_bundle_media(folder / MEDIA_FILE)
    except (BadBundle, OSError):
        return
    manifest.streams = [recovery.stream_of(manifest, leg, stream, media) for stream in media.streams]
    last_ns = max((stream.last_ns for stream in media.streams), default=0)
    call = manifest.call
    if Mark.NO_BYE in manifest.marks and last_ns and call.answered_at is not None:
        call.ended_at = max(call.answered_at, from_ns(last_ns))


def _count(folder: Path) -> int:
    """How often the bundle was taken up, this time included; too often when that cannot be noted."""
    path = folder / TAKEN_UP_FILE
    try:
        times = 1 + (int(path.read_bytes() or b"0") if path.exists() else 0)
        path.write_bytes(b"%d" % times)
    except (OSError, ValueError):
        return MAX_TIMES + 1
    return times


def _was_at(manifest: Manifest | None, port: str) -> bool:
    return manifest is None or manifest.interface in ("", port)


def _read(folder: Path) -> Unfinished | None:
    """None for what is complete, and for what tells nothing of a call."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST_FILE).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        manifest = None
    if manifest is not None and (manifest.complete or manifest.call.state is CallState.ENDED):
        return None
    path = folder / MEDIA_FILE
    if not path.exists() or path.stat().st_size <= _FILE_HEADER_BYTES:
        return Unfinished(folder.name, manifest, None) if manifest is not None else None
    try:
        return Unfinished(folder.name, manifest, read_bundle_media(path))
    except BadBundle:
        return None
