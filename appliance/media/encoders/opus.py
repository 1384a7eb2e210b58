"""Ogg Opus, tuned for speech; players see 48 kHz whatever went in.

Source: RFC 7845 (Ogg Opus), RFC 6716
"""

from collections.abc import Iterator
from pathlib import Path

from appliance.media.encoders import Written, container
from appliance.media.encoders.container import Kind
from appliance.media.pcm import Source
from appliance.settings.archive import Opus


class _Encoder:
    suffix = ".opus"
    media_type = "audio/ogg"
    rate_hz: int | None = None

    def __init__(self, settings: Opus) -> None:
        self._settings = settings

    def write(self, source: Source, path: Path) -> Written:
        return container.write(source, self._kind(), path)

    def chunks(self, source: Source) -> Iterator[bytes]:
        return container.chunks(source, self._kind())

    def _kind(self) -> Kind:
        return Kind("libopus", "ogg", self._settings.bitrate_kbps * 1000, {"application": "voip"})


def make(settings: Opus) -> _Encoder:
    """The encoder of `opus`."""
    return _Encoder(settings)
