"""What the compressed formats share: one codec in one container through FFmpeg, to a file or to a pipe."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

import av
import numpy as np

from appliance.media.encoders import Written
from appliance.media.pcm import Source


class Kind(NamedTuple):
    """How FFmpeg calls codec and container, and what the codec is asked for."""

    codec: str
    container: str
    bitrate_bps: int | None
    options: dict[str, str]


class _Pipe(io.RawIOBase):
    """A file that cannot seek and hands over what was written since the last look."""

    def __init__(self) -> None:
        super().__init__()
        self._pending: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pending.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken = b"".join(self._pending)
        self._pending.clear()
        return taken


def write(source: Source, kind: Kind, path: Path) -> Written:
    """Encode into a file; its header holds the exact length."""
    with path.open("w+b") as file:
        for _ in _steps(source, kind, file):
            pass
        file.seek(0)
        return Written(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def chunks(source: Source, kind: Kind) -> Iterator[bytes]:
    """Encode into a pipe, yielding what is ready."""
    pipe = _Pipe()
    for _ in _steps(source, kind, pipe):
        if ready := pipe.take():
            yield ready
    yield pipe.take()


def _steps(source: Source, kind: Kind, file: IO[bytes] | io.RawIOBase) -> Iterator[None]:
    """Encode block by block; the container is complete when the iterator ends."""
    layout = "stereo" if source.channels > 1 else "mono"
    with av.open(file, "w", format=kind.container, options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream(
            kind.codec, rate=source.sample_rate_hz, layout=layout, options=kind.options
        )
        assert isinstance(stream, av.AudioStream)
        if kind.bitrate_bps is not None:
            stream.bit_rate = kind.bitrate_bps
        to_format = av.AudioResampler(
            format=stream.codec_context.format.name, layout=layout, rate=source.sample_rate_hz
        )
        done = 0
        for block in source.pcm():
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(block).reshape(1, -1), format="s16", layout=layout
            )
            frame.sample_rate = source.sample_rate_hz
            frame.pts = done
            done += block.shape[0]
            for ready in to_format.resample(frame):
                container.mux(stream.encode(ready))
            yield
        for ready in to_format.resample(None):
            container.mux(stream.encode(ready))
        container.mux(stream.encode(None))
    yield
