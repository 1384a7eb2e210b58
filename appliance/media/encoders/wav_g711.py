"""WAV holding G.711: codes go in as they came from the telephone.

A source that is not G.711 is companded to A-law. The rate is always 8 kHz, as telephones and players expect.
Source: RFC 2361 A.3 (WAVE_FORMAT_ALAW, WAVE_FORMAT_MULAW)
"""

from collections.abc import Iterator
from pathlib import Path

from appliance.media.encoders import Written, riff
from appliance.media.pcm import Law, Source
from appliance.settings.archive import WavG711

_CODE = {Law.ALAW: 6, Law.ULAW: 7}


def head(law: Law, channels: int, rate_hz: int, frames: int) -> bytes:
    """Everything before the codes.

    Raises: TooLarge
    """
    return riff.header(
        _CODE[law],
        channels,
        rate_hz,
        bits=8,
        block_bytes=channels,
        frames=frames,
        data_bytes=frames * channels,
        bytes_a_second=rate_hz * channels,
    )


class _Encoder:
    suffix = ".wav"
    media_type = "audio/wav"
    rate_hz: int | None = 8000

    def write(self, source: Source, path: Path) -> Written:
        return riff.write(self._views(source), path)

    def chunks(self, source: Source) -> Iterator[bytes]:
        return (bytes(view) for view in self._views(source))

    def _views(self, source: Source) -> Iterator[bytes | memoryview]:
        law = source.law or Law.ALAW
        size = source.frames * source.channels
        yield head(law, source.channels, source.sample_rate_hz, source.frames)
        for block in source.companded(law):
            yield block.reshape(-1).data
        if size & 1:
            yield b"\0"


def make(_settings: WavG711) -> _Encoder:
    """The encoder of `wav_g711`."""
    return _Encoder()
