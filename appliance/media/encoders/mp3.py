"""MP3; the low rates of telephony are MPEG-2 and MPEG-2.5, which cap the bit rate.

Source: ISO/IEC 11172-3, ISO/IEC 13818-3 (low sampling rates), RFC 3003
"""

from collections.abc import Iterator
from pathlib import Path

from appliance.media.encoders import Written, container
from appliance.media.encoders.container import Kind
from appliance.media.pcm import Source
from appliance.settings.archive import Mp3


def _most_kbps(rate_hz: int) -> int:
    """The highest bit rate at a sampling rate: MPEG-2.5 up to 12 kHz, MPEG-2 up to 24 kHz, MPEG-1 above."""
    if rate_hz <= 12000:
        return 64
    return 160 if rate_hz <= 24000 else 320


class _Encoder:
    suffix = ".mp3"
    media_type = "audio/mpeg"
    rate_hz: int | None = None

    def __init__(self, settings: Mp3) -> None:
        self._settings = settings

    def write(self, source: Source, path: Path) -> Written:
        return container.write(source, self._kind(source.sample_rate_hz), path)

    def chunks(self, source: Source) -> Iterator[bytes]:
        return container.chunks(source, self._kind(source.sample_rate_hz))

    def _kind(self, rate_hz: int) -> Kind:
        return Kind("libmp3lame", "mp3", min(self._settings.bitrate_kbps, _most_kbps(rate_hz)) * 1000, {})


def make(settings: Mp3) -> _Encoder:
    """The encoder of `mp3`."""
    return _Encoder(settings)
