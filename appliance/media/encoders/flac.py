"""FLAC, lossless.

Source: RFC 9639
"""

from collections.abc import Iterator
from pathlib import Path

from appliance.media.encoders import Written, container
from appliance.media.encoders.container import Kind
from appliance.media.pcm import Source
from appliance.settings.archive import Flac

_KIND = Kind("flac", "flac", None, {})


class _Encoder:
    suffix = ".flac"
    media_type = "audio/flac"
    rate_hz: int | None = None

    def write(self, source: Source, path: Path) -> Written:
        return container.write(source, _KIND, path)

    def chunks(self, source: Source) -> Iterator[bytes]:
        return container.chunks(source, _KIND)


def make(_settings: Flac) -> _Encoder:
    """The encoder of `flac`."""
    return _Encoder()
