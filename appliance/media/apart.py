"""Streams of a bundle that are no part of the conversation's sound: video, and early media of a lost branch.

They are told in the ledger as tracks of their kind and are neither heard nor judged.
Source: RFC 3264 §5 (media lines), RFC 3261 §13.2.2.4 (several early dialogs, one of which wins)
"""

from dataclasses import replace

from appliance.core.clock import from_ns
from appliance.domain.bundle import Manifest, StreamKind, Track
from appliance.media.packets import BundleMedia


def set_apart(manifest: Manifest, media: BundleMedia) -> tuple[BundleMedia, list[Track]]:
    """The media without such streams, and a track for each of them."""
    told = {
        (one.source, one.destination, one.ssrc): one
        for one in manifest.streams
        if one.kind is not StreamKind.AUDIO
    }
    if not told:
        return media, []
    kept = []
    tracks = []
    for stream in media.streams:
        one = told.get((stream.source, stream.destination, stream.ssrc))
        if one is None:
            kept.append(stream)
            continue
        tracks.append(
            Track(
                side=one.side,
                codec=one.encoding or f"PT {one.payload_type}",
                ssrc=stream.ssrc,
                source=stream.source,
                destination=stream.destination,
                packets=stream.packets,
                lost=stream.lost,
                duplicates=stream.duplicates,
                reordered=stream.reordered,
                jitter_ms=stream.jitter_ms(one.clock_hz or 8000),
                payload_sha256=stream.payload_sha256,
                first_at=from_ns(stream.first_ns),
                last_at=from_ns(stream.last_ns),
                kind=one.kind,
            )
        )
    return replace(media, streams=kept), tracks
