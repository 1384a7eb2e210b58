"""The family of audio formats: a sound in, a file out. The union `Format` in `settings/archive.py` is the register.

`make(format)` gives the encoder of a format. An encoder only writes what it is told to write where it is told to:
a temporary file that the caller fsyncs and renames, or the chunks of a download. Channel 0 stays left.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from appliance.media.pcm import Source
from appliance.settings.archive import Flac, Format, Mp3, Opus, WavAdpcm, WavG711, WavPcm


class Written(NamedTuple):
    """A finished file: its size and the lower-case hex SHA-256 of its content."""

    bytes: int
    sha256: str


class Encoder(Protocol):
    """One audio format."""

    suffix: str
    media_type: str
    rate_hz: int | None
    """The only rate the format may hold here, None for any of 8, 16 and 48 kHz."""

    def write(self, source: Source, path: Path) -> Written:
        """Encode into the file at `path`, which may exist; exactly `source.frames` frames can be read back.

        Raises: TooLarge when the format cannot hold so much, OSError from the file system
        """

    def chunks(self, source: Source) -> Iterator[bytes]:
        """The same file in order, for a download that starts at once; totals in compressed headers are missing."""


def make(settings: Format) -> Encoder:
    """The encoder of a format."""
    match settings:
        case WavG711():
            from appliance.media.encoders import wav_g711  # noqa: PLC0415

            return wav_g711.make(settings)
        case WavPcm():
            from appliance.media.encoders import wav_pcm  # noqa: PLC0415

            return wav_pcm.make(settings)
        case WavAdpcm():
            from appliance.media.encoders import wav_adpcm  # noqa: PLC0415

            return wav_adpcm.make(settings)
        case Opus():
            from appliance.media.encoders import opus  # noqa: PLC0415

            return opus.make(settings)
        case Flac():
            from appliance.media.encoders import flac  # noqa: PLC0415

            return flac.make(settings)
        case Mp3():
            from appliance.media.encoders import mp3  # noqa: PLC0415

            return mp3.make(settings)
