"""WAV holding IMA ADPCM, four bits a sample.

Blocks of fixed size hold a fixed number of frames; the last one is cut to whole groups of eight frames, of which up
to seven are silence, and the `fact` chunk says how many frames are real.
Source: RFC 2361 A.5 (WAVE_FORMAT_DVI_ADPCM), IMA Recommended Practices for Digital Audio 3.0 §6
"""

import struct
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from appliance.media.encoders import Written, riff
from appliance.media.pcm import Pcm, Source
from appliance.settings.archive import WavAdpcm

_BLOCK_BYTES = 1024
_HEADER_BYTES = 4
_GROUP_FRAMES = 8


class _Encoder:
    suffix = ".wav"
    media_type = "audio/wav"
    rate_hz: int | None = None

    def write(self, source: Source, path: Path) -> Written:
        return riff.write(self.chunks(source), path)

    def chunks(self, source: Source) -> Iterator[bytes]:
        layout = "stereo" if source.channels > 1 else "mono"
        context = av.CodecContext.create("adpcm_ima_wav", "w")
        context.sample_rate, context.layout, context.format = source.sample_rate_hz, layout, "s16p"
        context.open()
        per_block = (_BLOCK_BYTES - _HEADER_BYTES * source.channels) * 2 // source.channels + 1
        full, rest = divmod(source.frames, per_block)
        groups = -(-max(rest - 1, 0) // _GROUP_FRAMES)
        last_bytes = _HEADER_BYTES * source.channels * (1 + groups) if rest else _BLOCK_BYTES
        yield riff.header(
            0x11,
            source.channels,
            source.sample_rate_hz,
            bits=4,
            block_bytes=_BLOCK_BYTES,
            frames=source.frames,
            data_bytes=full * _BLOCK_BYTES + (last_bytes if rest else 0),
            bytes_a_second=source.sample_rate_hz * _BLOCK_BYTES // per_block,
            extra=struct.pack("<H", per_block),
        )
        blocks: list[bytes] = []
        for block in _equal(source.pcm(), per_block):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), format="s16p", layout=layout)
            frame.sample_rate = source.sample_rate_hz
            blocks.extend(bytes(packet) for packet in context.encode(frame))
            yield from blocks[:-1]
            del blocks[:-1]
        blocks.extend(bytes(packet) for packet in context.encode(None))
        yield from blocks[:-1]
        yield from (block[:last_bytes] for block in blocks[-1:])


def _equal(blocks: Iterator[Pcm], frames: int) -> Iterator[Pcm]:
    """Blocks of exactly `frames` frames, the last one filled with silence."""
    rest: Pcm | None = None
    for block in blocks:
        whole = block if rest is None else np.concatenate([rest, block])
        end = whole.shape[0] // frames * frames
        yield from np.split(whole[:end], end // frames) if end else ()
        rest = whole[end:]
    if rest is not None and rest.shape[0]:
        yield np.pad(rest, ((0, frames - rest.shape[0]), (0, 0)))


def make(_settings: WavAdpcm) -> _Encoder:
    """The encoder of `wav_adpcm`."""
    return _Encoder()
