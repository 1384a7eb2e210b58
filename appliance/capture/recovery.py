"""What a killed recorder left: every open bundle is closed with what is there and handed over.

A bundle explains itself: its media file holds the SIP messages, so the call is told again by the same code that told it
live. The manifest, renewed several times a second, adds what packets do not say (our id, the interaction, marks).
Source: RFC 3261 §12-§15, by way of the dialog tracker
"""

import shutil
from collections.abc import Collection
from pathlib import Path

import msgspec

from appliance.capture.leg import Leg
from appliance.capture.messages import readable
from appliance.core import log
from appliance.core.clock import from_ns, id_time
from appliance.core.errors import BadBundle, Busy
from appliance.core.files import MANIFEST_FILE, MEDIA_FILE, Layout, Lock, fsync_directory, write_atomically
from appliance.domain.bundle import Manifest, Stream, StreamKind
from appliance.domain.call import Call, CallState, Party, Side
from appliance.domain.ledger import Mark, Reason
from appliance.media.packets import BundleMedia, MediaStream, read_bundle_media
from appliance.sip import events
from appliance.sip.dialog import Tracker
from appliance.sip.parties import parties
from appliance.sip.sdp import STATIC, Format

_logger = log.get(__name__)

_PCAP_HEADER_BYTES = 24

_manifests = msgspec.json.Decoder(Manifest)


def close_orphans(layout: Layout, older_than_s: float, now_s: float) -> list[str]:
    """Close what a recorder left that never came back; nothing while one is running.

    Units: seconds without a change of the bundle; `now_s` since the epoch
    """
    try:
        lock = Lock(layout.capture_lock)
    except Busy:
        return []
    try:
        return close_all(layout, changed_before_s=now_s - older_than_s)
    finally:
        lock.close()


def close_all(
    layout: Layout, changed_before_s: float | None = None, spare: Collection[str] = ()
) -> list[str]:
    """Close every open bundle (or those unchanged since) but those to `spare`; the caller holds the capture lock.

    What an import was making when it ended is removed: whoever reads its captures again makes it again.
    """
    for folder in layout.spool_importing.iterdir():
        shutil.rmtree(folder)
    closed = []
    for folder in sorted(path for path in layout.spool_open.iterdir() if path.is_dir()):
        if folder.name in spare:
            continue
        if changed_before_s is not None and changed_s(folder) > changed_before_s:
            continue
        try:
            _close(layout, folder)
        except OSError as error:
            _logger.error(  # noqa: TRY400 - the next start tries again
                "an orphaned bundle could not be closed", extra={"call": folder.name, "problem": str(error)}
            )
            continue
        closed.append(folder.name)
    if closed:
        fsync_directory(layout.spool_ready)
        _logger.warning("bundles of an interrupted recorder were closed", extra={"bundles": len(closed)})
    return closed


def rebuild(folder: Path) -> Manifest:
    """The manifest of an interrupted capture, from what lies in its folder.

    Raises: BadBundle when the media file cannot be read and no manifest tells anything
    """
    known = _manifest(folder / MANIFEST_FILE)
    if known is not None and known.complete:
        return known
    media = _media(folder / MEDIA_FILE, needed=known is None)
    leg = _told_again(folder.name, media)
    manifest = _richer(known, leg)
    if manifest is None:
        manifest = _nameless(folder, media)
    _conclude(manifest, leg, media)
    return manifest


def _close(layout: Layout, folder: Path) -> None:
    try:
        manifest = rebuild(folder)
    except BadBundle as error:
        # Handed over as it is: the archiver sets it aside with a row that says so.
        _logger.error(  # noqa: TRY400
            "an orphaned bundle cannot be read", extra={"call": folder.name, "problem": error.message()}
        )
    else:
        write_atomically(folder / MANIFEST_FILE, msgspec.json.encode(manifest))
    folder.rename(layout.spool_ready / folder.name)


def changed_s(folder: Path) -> float:
    """When something in a bundle changed last, in seconds since the epoch."""
    return max(path.stat().st_mtime for path in (folder, *folder.iterdir()))


def _manifest(path: Path) -> Manifest | None:
    try:
        return _manifests.decode(path.read_bytes())
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _media(path: Path, *, needed: bool) -> BundleMedia | None:
    """The packets; None when there are none, or when they cannot be read and are not `needed`."""
    if not path.exists() or path.stat().st_size <= _PCAP_HEADER_BYTES:
        return None
    try:
        return read_bundle_media(path)
    except BadBundle:
        if needed:
            raise
        return None


def _told_again(name: str, media: BundleMedia | None) -> Leg | None:
    """The call that the bundle's own SIP messages tell of."""
    tracker = Tracker()
    leg: Leg | None = None
    for message, record in readable(media.messages if media is not None else ()):
        for event in tracker.feed(message, record.at_ns, record.transport, record.source, record.destination):
            if leg is None and isinstance(event, events.Started | events.JoinedLate):
                leg = _begun(name, event)
            if leg is not None and event.key == leg.key:
                leg.apply(event)
        if leg is not None:
            leg.add_message(message, record.at_ns, record.transport, record.source, record.destination)
    return leg


def _begun(name: str, event: events.Started | events.JoinedLate) -> Leg:
    message = event.invite if isinstance(event, events.Started) else event.message
    who = parties(message, event.source, event.destination)
    call = Call(
        call_id=name,
        sip_call_id=event.call_id,
        interaction_id=name,
        caller=who.caller,
        callee=who.callee,
        started_at=from_ns(event.at_ns),
        transport=event.transport,
    )
    leg = Leg(call, event.key, event.at_ns)
    if isinstance(event, events.JoinedLate):
        leg.mark(Mark.JOINED_LATE)
        if event.answered:
            call.state, call.answered_at = CallState.UP, call.started_at
    return leg


def _richer(known: Manifest | None, leg: Leg | None) -> Manifest | None:
    """Whichever tells more of the story, with the ids and marks that only the manifest knows."""
    if leg is None:
        return known
    told = leg.manifest("", complete=False)
    if known is None:
        return told
    if len(known.messages) >= len(told.messages):
        return known
    told.call.interaction_id = known.call.interaction_id
    told.call.related = known.call.related
    told.call.direction = known.call.direction
    told.interface = known.interface
    told.policy, told.control = known.policy, known.control
    told.marks = list(dict.fromkeys([*known.marks, *told.marks]))
    return told


def _nameless(folder: Path, media: BundleMedia | None) -> Manifest:
    """A call of which nothing is known but its id, and perhaps its media."""
    first_at = from_ns(media.streams[0].first_ns) if media is not None and media.streams else None
    started_at = first_at or id_time(folder.name) or from_ns(int(folder.stat().st_mtime) * 1_000_000_000)
    call = Call(
        call_id=folder.name,
        sip_call_id="",
        interaction_id=folder.name,
        caller=Party(),
        callee=Party(),
        started_at=started_at,
        answered_at=first_at,
    )
    return Manifest(call=call, marks=[Mark.JOINED_LATE] if first_at else [])


def _conclude(manifest: Manifest, leg: Leg | None, media: BundleMedia | None) -> None:
    """End the call at the last thing that was seen of it."""
    call = manifest.call
    if media is not None:
        manifest.streams = [stream_of(manifest, leg, stream, media) for stream in media.streams]
    if call.state is not CallState.ENDED:
        seen = [call.started_at, *(message.at for message in manifest.messages)]
        seen += [stream.last_at for stream in manifest.streams]
        call.ended_at = max(seen)
        call.state = CallState.ENDED
        if call.answered_at is None:
            manifest.reason = Reason.INTERRUPTED
    if call.answered_at is not None and not manifest.streams and manifest.reason is None:
        manifest.reason = Reason.INTERRUPTED
    if Mark.INTERRUPTED not in manifest.marks:
        manifest.marks.append(Mark.INTERRUPTED)
    manifest.complete = True


def stream_of(manifest: Manifest, leg: Leg | None, stream: MediaStream, media: BundleMedia) -> Stream:
    """A stream of the media file as the manifest tells it."""
    payload_type = max(stream.pts, key=lambda number: stream.pts[number], default=0)
    side = speaker_of(manifest, leg, stream, media)
    meaning = meaning_of(manifest, side, payload_type)
    kind = StreamKind.AUDIO
    if leg is not None:
        kind = leg.kind_of(side, stream.source, stream.destination, payload_type, stream.last_ns)
    clock_hz = meaning.clock_hz or 8000
    return Stream(
        side=side,
        source=stream.source,
        destination=stream.destination,
        ssrc=stream.ssrc,
        payload_type=payload_type,
        encoding=meaning.encoding,
        clock_hz=clock_hz,
        packets=stream.packets,
        bytes=len(stream.payload),
        expected=stream.expected,
        lost=stream.lost,
        duplicates=stream.duplicates,
        reordered=stream.reordered,
        jitter_ms=round(stream.jitter_ms(clock_hz), 3),
        first_at=from_ns(stream.first_ns),
        last_at=from_ns(stream.last_ns),
        kind=kind,
    )


def speaker_of(manifest: Manifest, leg: Leg | None, stream: MediaStream, media: BundleMedia) -> Side:
    """Who speaks: by the descriptions, by what was known live, by hosts, or (a guess) who began."""
    side = (
        leg.media.speaker_between(_address(stream.source), _address(stream.destination))
        if leg is not None
        else None
    )
    if side is not None:
        return side
    host, other_host = _address(stream.source)[0], _address(stream.destination)[0]
    call = manifest.call
    caller_host, callee_host = _address(call.caller.address)[0], _address(call.callee.address)[0]
    if host != other_host:
        if host == caller_host or other_host == callee_host:
            return Side.CALLER
        if host == callee_host or other_host == caller_host:
            return Side.CALLEE
    return Side.CALLER if stream.source == media.streams[0].source else Side.CALLEE


def meaning_of(manifest: Manifest, side: Side, payload_type: int) -> Format:
    """What a payload type stood for in the mouth of a side, as far as the manifest knows."""
    for row in reversed(manifest.payloads):
        if row.side is side and row.payload_type == payload_type:
            return Format(payload_type=payload_type, encoding=row.encoding, clock_hz=row.clock_hz)
    return STATIC.get(payload_type) or Format(payload_type=payload_type)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port) if port.isdigit() else 0
