"""WAV holding 16-bit linear PCM.

Source: Microsoft "Multiple Channel Audio Data and WAVE Files" (2007), WAVE_FORMAT_PCM
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from appliance.media.encoders import Written, riff
from appliance.media.pcm import Source
from appliance.settings.archive import WavPcm

assert sys.byteorder == "little"


class _Encoder:
    suffix = ".wav"
    media_type = "audio/wav"
    rate_hz: int | None = None

    def write(self, source: Source, path: Path) -> Written:
        return riff.write(self._views(source), path)

    def chunks(self, source: Source) -> Iterator[bytes]:
        return (bytes(view) for view in self._views(source))

    def _views(self, source: Source) -> Iterator[bytes | memoryview]:
        frame_bytes = 2 * source.channels
        yield riff.header(
            1,
            source.channels,
            source.sample_rate_hz,
            bits=16,
            block_bytes=frame_bytes,
            frames=source.frames,
            data_bytes=source.frames * frame_bytes,
            bytes_a_second=source.sample_rate_hz * frame_bytes,
        )
        for block in source.pcm():
            yield block.reshape(-1).view("u1").data


def make(_settings: WavPcm) -> _Encoder:
    """The encoder of `wav_pcm`."""
    return _Encoder()
