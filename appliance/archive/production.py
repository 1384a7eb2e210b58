"""From a bundle's packets to an audio file and its peaks beside them: the part that may crash, run in a child.

Everything here writes only into the bundle's own folder, under names the archiver knows; calling it again
overwrites them. What it found comes back as one plain value.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from appliance.archive.keys import keys_of
from appliance.core.files import LINE_SUFFIX, MEDIA_FILE
from appliance.domain.bundle import Decryption, Manifest, StreamKind, Track
from appliance.domain.call import ON_BOARDS
from appliance.domain.ledger import Mark, Reason
from appliance.domain.quality import CallQuality
from appliance.media import encoders
from appliance.media.lines import render_lines
from appliance.media.packets import NO_MEDIA, BundleMedia, MediaStream, Recorded, open_recorded
from appliance.media.pcm import Sound
from appliance.media.peaks import read_peaks, write_peaks
from appliance.media.plain import render_plain
from appliance.media.quality import sounds
from appliance.media.render import render, track_of
from appliance.media.side import side_of_streams
from appliance.media.signalling import keep_signalling
from appliance.media.srtp import decrypt
from appliance.settings.archive import Archive

AUDIO_FILE = ".audio"
PEAKS_FILE = ".peaks"
_PCAP_HEADER_BYTES = 24
_MOST_STRAY = 25
"""Packets of a stream that no key opened, above which speech is missing: half a second of the usual ones."""


class Audio(msgspec.Struct, frozen=True, kw_only=True):
    """The finished audio file in the bundle's folder."""

    suffix: str
    format: str
    sha256: str
    bytes: int
    sample_rate_hz: int
    channels: int
    starts_at: datetime
    length_s: float


class Production(msgspec.Struct, frozen=True, kw_only=True):
    """What the packets hold: either `audio` or a `reason`. `ended_at` is as in `Rendered`."""

    tracks: list[Track]
    marks: list[Mark]
    quality: CallQuality | None = None
    decryption: Decryption | None = None
    reason: Reason | None = None
    audio: Audio | None = None
    ended_at: datetime | None = None


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One bundle to work on."""

    folder: str
    manifest: Manifest
    settings: Archive


def has_media(folder: Path) -> bool:
    """Whether anything was captured; a file that holds less than its own header counts as nothing."""
    try:
        return (folder / MEDIA_FILE).stat().st_size > _PCAP_HEADER_BYTES
    except FileNotFoundError:
        return False


def produce(job: Job) -> Production:
    """Render and encode one bundle.

    Raises: BadBundle, TooLarge, OSError
    """
    folder = Path(job.folder)
    withheld = job.manifest.withheld
    if withheld is not None:
        if has_media(folder):
            keep_signalling(folder / MEDIA_FILE)
        for line in folder.glob(f"*{LINE_SUFFIX}"):
            line.unlink()
        is_told = job.manifest.reason not in (None, Reason.ENCRYPTED)
        return Production(tracks=[], marks=[], reason=job.manifest.reason if is_told else withheld)
    if job.manifest.call.data_type in ON_BOARDS:
        return _of_lines(job, folder)
    recorded = open_recorded(folder / MEDIA_FILE) if has_media(folder) else None
    if recorded is not None:
        found = produce_plain(job.manifest, recorded, job.settings, folder / AUDIO_FILE, folder / PEAKS_FILE)
        if found is not None:
            return found
    media = recorded.bundle_media() if recorded is not None else NO_MEDIA
    manifest, media, opened = _in_clear(job.manifest, media, folder / MEDIA_FILE)
    rendered = render(manifest, media, job.settings, folder)
    decryption, unopened = opened.decryption, _unopened(manifest, media, opened.unopened)
    tracks, marks = [*rendered.tracks, *unopened], list(rendered.marks)
    if decryption and decryption.authentic:
        marks.append(Mark.DECRYPTED)
    if unopened:
        marks.append(Mark.PART_UNDECODED)
    sound = rendered.sound
    if sound is None or rendered.starts_at is None:
        return Production(
            tracks=tracks,
            marks=marks,
            quality=rendered.quality if rendered.tracks else None,
            decryption=decryption,
            reason=rendered.reason or Reason.NO_MEDIA,
            ended_at=rendered.ended_at,
        )
    audio, peaks = _encoded(sound, rendered.starts_at, job.settings, folder)
    _, levels = read_peaks(peaks)
    quality = msgspec.structs.replace(rendered.quality, sounds=sounds(sound, levels[0][1]))
    return Production(
        tracks=tracks,
        marks=marks,
        quality=quality,
        decryption=decryption,
        audio=audio,
        ended_at=rendered.ended_at,
    )


def _of_lines(job: Job, folder: Path) -> Production:
    """The production of a call on a board."""
    found = render_lines(job.manifest, folder, job.settings)
    if found.sound is None or found.starts_at is None:
        return Production(tracks=found.tracks, marks=found.marks, reason=found.reason or Reason.NO_MEDIA)
    audio, _ = _encoded(found.sound, found.starts_at, job.settings, folder)
    return Production(tracks=found.tracks, marks=found.marks, audio=audio)


def _encoded(sound: Sound, starts_at: datetime, settings: Archive, folder: Path) -> tuple[Audio, bytes]:
    """Write the audio file and its peaks; the peaks' content."""
    encoder = encoders.make(settings.format)
    written = encoder.write(sound, folder / AUDIO_FILE)
    peaks = write_peaks(sound)
    (folder / PEAKS_FILE).write_bytes(peaks)
    audio = Audio(
        suffix=encoder.suffix,
        format=str(type(settings.format).__struct_config__.tag),
        sha256=written.sha256,
        bytes=written.bytes,
        sample_rate_hz=encoder.rate_hz or sound.sample_rate_hz,
        channels=sound.channels,
        starts_at=starts_at,
        length_s=sound.length_s,
    )
    return audio, peaks


def produce_plain(
    manifest: Manifest, recorded: Recorded, settings: Archive, audio: Path, peaks: Path
) -> Production | None:
    """The production of a call of unharmed telephone audio; None for any other call.

    Raises: TooLarge, OSError
    """
    found = render_plain(manifest, recorded, settings, audio, peaks)
    if found is None:
        return None
    rendered, written = found.rendered, found.written
    return Production(
        tracks=rendered.tracks,
        marks=rendered.marks,
        quality=rendered.quality if rendered.tracks else None,
        reason=rendered.reason,
        audio=None
        if written is None or rendered.starts_at is None
        else Audio(
            suffix=".wav",
            format="wav_g711",
            sha256=written.sha256,
            bytes=written.bytes,
            sample_rate_hz=8000,
            channels=2,
            starts_at=rendered.starts_at,
            length_s=found.frames / 8000,
        ),
    )


class _Opened(NamedTuple):
    """What came of the keys; None without any. `unopened`: streams of packets that none of them opened."""

    decryption: Decryption | None = None
    unopened: Sequence[MediaStream] = ()


def _in_clear(manifest: Manifest, media: BundleMedia, path: Path) -> tuple[Manifest, BundleMedia, _Opened]:
    """The call as it is without encryption, when its keys stood in the signalling; else as it came.

    A bundle whose recorder was killed does not say yet that it is encrypted: its keys do.
    """
    if manifest.reason not in (None, Reason.ENCRYPTED) or not media.streams:
        return manifest, media, _Opened()
    keys = keys_of(media.messages)
    if not keys:
        return manifest, media, _Opened()
    found = decrypt(path, keys)
    outcome = Decryption(keys=len(keys), authentic=found.authentic, failed=found.failed)
    if not found.authentic:
        return manifest, media, _Opened(outcome)
    return msgspec.structs.replace(manifest, reason=None), found.media, _Opened(outcome, found.unopened)


def _unopened(manifest: Manifest, media: BundleMedia, streams: Sequence[MediaStream]) -> list[Track]:
    """A track of each stretch of audio that no key opened; a few packets are stray or forged ones and make none."""
    told = {(one.source, one.destination, one.ssrc): one for one in manifest.streams}
    sides = side_of_streams(manifest, [*media.streams, *streams])[len(media.streams) :]
    tracks = []
    for side, stream in zip(sides, streams, strict=True):
        one = told.get((stream.source, stream.destination, stream.ssrc))
        if stream.packets <= _MOST_STRAY or (one is not None and one.kind is not StreamKind.AUDIO):
            continue
        codec = (one and one.encoding) or f"PT {max(stream.pts, key=lambda pt: stream.pts[pt])}"
        clock_hz = (one and one.clock_hz) or 8000
        tracks.append(track_of(side, stream, stream.payload_sha256, codec, clock_hz, None, decoded=False))
    return tracks
