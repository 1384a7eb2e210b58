"""What becomes of a call: a recording or a reason, and with which marks. Pure decisions on what was found."""

from collections.abc import Sequence

from appliance.domain.bundle import Manifest, Track
from appliance.domain.call import Side
from appliance.domain.ledger import Mark, Reason

FINAL_REASONS = frozenset(
    {
        Reason.NO_ANSWER,
        Reason.BUSY,
        Reason.REJECTED,
        Reason.CANCELLED,
        Reason.FAILED,
        Reason.POLICY,
        Reason.ENCRYPTED,
    }
)
"""Reasons that stand whatever the media holds; any other one gives way to audio that can be heard."""

_NOT_AUDIO = frozenset({"telephone-event", "cn"})
_ABSENCE = (
    (Mark.DISK_FULL, Reason.DISK_FULL),
    (Mark.CAPTURE_LOSS, Reason.CAPTURE_LOSS),
    (Mark.INTERRUPTED, Reason.INTERRUPTED),
)


def reason_of(
    manifest: Manifest, tracks: Sequence[Track], length_s: float, min_length_s: float
) -> Reason | None:
    """Why this call shall have no recording, or None when it shall have one.

    Units: length_s is the length of the audio, 0.0 when there is none; min_length_s of 0.0 means no minimum, and is
    compared with the talk time of an answered call
    """
    if manifest.reason in FINAL_REASONS:
        return manifest.reason
    audio = _audio(tracks)
    if not audio:
        return manifest.reason or _absence(manifest)
    if not any(track.decoded for track in audio):
        return Reason.UNSUPPORTED_PAYLOAD
    if length_s <= 0.0:
        return manifest.reason or _absence(manifest)
    if min_length_s > 0.0 and (manifest.call.talk_s or length_s) < min_length_s:
        return Reason.TOO_SHORT
    return None


def marks_of(manifest: Manifest, tracks: Sequence[Track]) -> list[Mark]:
    """The marks of a call, those that capture set first, each once."""
    marks = list(manifest.marks)
    if not manifest.complete:
        marks.append(Mark.INTERRUPTED)
    audio = _audio(tracks)
    sides = {side: [track for track in audio if track.side is side] for side in Side}
    if audio and not all(sides.values()):
        marks.append(Mark.ONE_WAY)
    if any(track.lost > 0 for track in audio):
        marks.append(Mark.LOSS)
    if any(len({track.ssrc for track in one}) > 1 for one in sides.values()):
        marks.append(Mark.SSRC_CHANGED)
    if any(len({track.codec.lower() for track in one}) > 1 for one in sides.values()):
        marks.append(Mark.CODEC_CHANGED)
    if len({track.decoded for track in audio}) > 1:
        marks.append(Mark.PART_UNDECODED)
    return list(dict.fromkeys(marks))


def keeps_bundle_for_good(reason: Reason | None, marks: Sequence[Mark]) -> bool:
    """Whether the packets hold audio that the recording does not, and nothing else does."""
    return reason is Reason.UNSUPPORTED_PAYLOAD or Mark.PART_UNDECODED in marks


def _absence(manifest: Manifest) -> Reason:
    for mark, reason in _ABSENCE:
        if mark in manifest.marks:
            return reason
    return Reason.NO_MEDIA if manifest.complete else Reason.INTERRUPTED


def _audio(tracks: Sequence[Track]) -> list[Track]:
    return [track for track in tracks if track.packets > 0 and track.codec.lower() not in _NOT_AUDIO]
