"""Which part of a call its recording holds, and what is said of it: decided from the pieces of sound, not from packets.

A *piece* is the audio of one stream in one format: a strand (`track`) or a plain stream (`plain`). Both ways of
rendering ask here, so that a recording is the same whichever way it was made.
Source: RFC 3264 §5 (early media)
"""

from collections.abc import Sequence
from typing import Protocol

from appliance.core.clock import to_ns
from appliance.domain.bundle import Manifest, Payload
from appliance.domain.call import Side
from appliance.domain.ledger import Mark, Reason
from appliance.media.pcm import Law
from appliance.settings.archive import Archive

_S = 1_000_000_000
OVERSHOOT_NS = 20_000_000
_EARLY_MARK_NS = 20_000_000
_ABSURD_NS = 600 * _S
_LONGEST_NS = 48 * 3600 * _S
_ROUNDING_NS = 1000  # moments in the manifest are cut to microseconds

Window = tuple[int, int]
"""First moment of a recording, and the moment from which no packet counts. Units: nanoseconds since the epoch."""


class Piece(Protocol):
    """The audio of one stream in one format. Units: moments in nanoseconds since the epoch."""

    @property
    def side(self) -> Side:
        """Who speaks."""

    @property
    def payload(self) -> Payload:
        """Its format."""

    @property
    def law(self) -> Law | None:
        """Set for telephone G.711."""

    @property
    def ssrc(self) -> int:
        """Its stream's number."""

    @property
    def packets(self) -> int:
        """How many it has."""

    @property
    def arrives_ns(self) -> int:
        """Arrival of its earliest packet."""

    def begins_ns(self, since_ns: int | None = None) -> int | None:
        """The first moment of what arrived then or later; None when nothing did."""

    def until_ns(self, window_ns: Window) -> int | None:
        """The last moment of what counts within the window; None when nothing does."""

    def lacks(self, window_ns: Window) -> bool:
        """Whether packets are missing within the window."""


def window(
    manifest: Manifest, pieces: Sequence[Piece], settings: Archive, last_ns: int, seen_ns: int, jumped_ns: int
) -> Window | None:
    """The window of the recording; None when there is no such time.

    `last_ns`: latest arrival of audio, `seen_ns`: of any packet, `jumped_ns`: by how much its end has to be moved
    """
    call = manifest.call
    first_ns = min((at_ns for piece in pieces if (at_ns := piece.begins_ns()) is not None), default=None)
    if first_ns is None:
        return None
    begun_ns = to_ns(call.started_at) - _S
    if call.answered_at is not None and Mark.JOINED_LATE not in manifest.marks:
        origin_ns = to_ns(call.answered_at)
        if settings.early_media:
            early = [at_ns for piece in pieces if (at_ns := piece.begins_ns(begun_ns)) is not None]
            origin_ns = min([origin_ns, *early])
    elif Mark.JOINED_LATE in manifest.marks:
        origin_ns = first_ns
    else:
        return None
    end_ns = last_ns + _ROUNDING_NS
    if call.ended_at is not None:
        end_ns = ended_ns(manifest, last_ns, jumped_ns) + _ROUNDING_NS
        known = [last_ns, seen_ns + jumped_ns]
        if end_ns > max(known) + _ABSURD_NS:
            known += [to_ns(message.at) for message in manifest.messages]
            if end_ns > max(known) + _ABSURD_NS:
                end_ns = max(known) + _S
    allowed = manifest.heard
    if allowed is not None and allowed.begins_at is not None:
        origin_ns = max(origin_ns, to_ns(allowed.begins_at))
    if allowed is not None and allowed.ends_at is not None:
        end_ns = min(end_ns, to_ns(allowed.ends_at) + _ROUNDING_NS)
    end_ns = min(end_ns, origin_ns + _LONGEST_NS)
    return (origin_ns, end_ns) if end_ns > origin_ns else None


def ended_ns(manifest: Manifest, last_ns: int, jumped_ns: int) -> int:
    """The end of a call that has one. When the clock was set, the BYE says it: `ended_at` is never before the answer."""
    call = manifest.call
    if jumped_ns and Mark.NO_BYE in manifest.marks:
        return last_ns
    told = [event.at for event in call.events if event.kind == "bye"] if jumped_ns else []
    ended_at = told[-1] if told else call.ended_at
    assert ended_at is not None
    return to_ns(ended_at) + jumped_ns


def frames_of(heard: Sequence[Piece], window_ns: Window, rate_hz: int) -> int:
    """The length of the recording; a packet that came before the end is there whole (20 ms at most)."""
    origin_ns, end_ns = window_ns
    last_ns = end_ns - _ROUNDING_NS
    for piece in heard:
        until_ns = piece.until_ns(window_ns)
        if until_ns is not None:
            last_ns = max(last_ns, until_ns)
    last_ns = min(last_ns, end_ns - _ROUNDING_NS + OVERSHOOT_NS)
    return max(1, round((last_ns - origin_ns) * rate_hz / _S))


def file_law(heard: Sequence[Piece]) -> Law:
    """The law the caller spoke most, else of the callee's, else A-law."""
    for side in Side:
        spoken = {
            law: sum(one.packets for one in heard if one.side is side and one.law is law) for law in Law
        }
        if any(spoken.values()):
            return max(spoken, key=lambda law: spoken[law])
    return Law.ALAW


def is_early(manifest: Manifest, window_ns: Window) -> bool:
    """Whether the recording begins before the answer."""
    answered_at = manifest.call.answered_at
    return answered_at is not None and window_ns[0] < to_ns(answered_at) - _EARLY_MARK_NS


def marks_of(
    heard: Sequence[Piece],
    window_ns: Window,
    *,
    is_lossy: bool,
    is_copy_lossy: bool,
    early: bool,
    undecoded: bool,
) -> list[Mark]:
    """What the media show."""
    marks: list[Mark] = []
    of_side = {side: [piece for piece in heard if piece.side is side] for side in Side}
    if not all(of_side.values()):
        marks.append(Mark.ONE_WAY)
    if (is_lossy or is_copy_lossy) and any(piece.lacks(window_ns) for piece in heard):
        if is_lossy:
            marks.append(Mark.LOSS)
        if is_copy_lossy:
            marks.append(Mark.CAPTURE_LOSS)
    if early:
        marks.append(Mark.EARLY_MEDIA)
    if any(len({piece.payload.encoding.upper() for piece in own}) > 1 for own in of_side.values()):
        marks.append(Mark.CODEC_CHANGED)
    if any(len({piece.ssrc for piece in own}) > 1 for own in of_side.values()):
        marks.append(Mark.SSRC_CHANGED)
    if undecoded:
        marks.append(Mark.PART_UNDECODED)
    return marks


_TELLING = {
    Mark.PAUSED: Reason.PAUSED,
    Mark.DISK_FULL: Reason.DISK_FULL,
    Mark.INTERRUPTED: Reason.INTERRUPTED,
    Mark.CAPTURE_LOSS: Reason.CAPTURE_LOSS,
}
"""Marks that say why nothing can be heard, the plainest first."""


def silent_reason(manifest: Manifest, *, undecodable: bool) -> Reason:
    """Why nothing can be heard. `undecodable`: there was audio, and none of it in a format known here."""
    if undecodable:
        return Reason.UNSUPPORTED_PAYLOAD
    for mark, reason in _TELLING.items():
        if mark in manifest.marks:
            return reason
    if manifest.call.answered_at is None and Mark.JOINED_LATE not in manifest.marks:
        return Reason.NO_ANSWER
    return Reason.NO_MEDIA
