"""What the packets showed of who speaks, told in the manifest as well: streams and the keys pressed in them.

Behind a relay signalling may point at the wrong side, which is seen only when the streams are laid side by side.
Source: RFC 3550 §5.1 (a key press belongs to the SSRC that sent it), RFC 4733 §2.5.1
"""

from collections.abc import Sequence

import msgspec

from appliance.domain.bundle import Manifest, Track
from appliance.domain.call import Side


def with_sides_of(tracks: Sequence[Track], manifest: Manifest) -> Manifest:
    """The manifest whose streams and keys have the sides of the tracks; the same one when nothing differs."""
    sides = {(track.source, track.destination, track.ssrc): track.side for track in tracks}
    streams = [
        msgspec.structs.replace(one, side=sides.get((one.source, one.destination, one.ssrc), one.side))
        for one in manifest.streams
    ]
    speakers: dict[int, set[Side]] = {}
    for track in tracks:
        speakers.setdefault(track.ssrc, set()).add(track.side)
    sure = {ssrc: next(iter(found)) for ssrc, found in speakers.items() if len(found) == 1}
    events = [
        msgspec.structs.replace(one, side=sure[one.ssrc]) if one.ssrc in sure else one
        for one in manifest.call.events
    ]
    if streams == manifest.streams and events == manifest.call.events:
        return manifest
    call = msgspec.structs.replace(manifest.call, events=events)
    return msgspec.structs.replace(manifest, streams=streams, call=call)
