"""Answers that are not JSON: files in ranges, bytes, names for saving.

Source: RFC 9110 §13 (conditions), §14 (ranges); RFC 6266 and RFC 8187 (names)
"""

import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol
from urllib.parse import quote

from tornado.iostream import StreamClosedError
from tornado.web import RequestHandler

from appliance.core.errors import ApplianceError, NotFound
from webadmin.refusals import RangeNotSatisfiable

CHUNK_BYTES = 256 * 1024
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RANGE = re.compile(r"bytes=\s*(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))\s*", re.ASCII)


Read = Callable[..., Awaitable[Any]]
"""Runs a function that touches files on a thread."""


class Span(NamedTuple):
    """Bytes `start` to `stop`, the last not included."""

    start: int
    stop: int


class Answer:
    """What a function of the route table returns when its answer is no struct."""

    async def send(self, handler: RequestHandler, read: Read) -> None:
        """Send headers and content and end the request; files are touched through `read` only."""
        raise NotImplementedError


class BytesAnswer(Answer):
    """Content that fits into memory; `file_name` makes the browser save it."""

    def __init__(self, content: bytes, media_type: str, *, file_name: str = "", etag: str = "") -> None:
        self._content = content
        self._media_type = media_type
        self._file_name = file_name
        self._etag = etag

    async def send(self, handler: RequestHandler, read: Read) -> None:  # noqa: ARG002 - as all answers
        """Send it whole, or 304 to whoever has it."""
        if _describe(handler, self._media_type, self._file_name, self._etag):
            handler.write(self._content)
        await _finish(handler)


class FileAnswer(Answer):
    """A file, by ranges where asked. `etag` must name its content."""

    def __init__(self, path: Path, media_type: str, *, file_name: str = "", etag: str = "") -> None:
        self._path = path
        self._media_type = media_type
        self._file_name = file_name
        self._etag = etag

    async def send(self, handler: RequestHandler, read: Read) -> None:
        """Send the file or the asked range of it.

        Raises: NotFound, RangeNotSatisfiable
        """
        file, size_bytes = await read(_open, self._path)
        try:
            if not _describe(handler, self._media_type, self._file_name, self._etag):
                await _finish(handler)
                return
            span = _asked_span(handler, size_bytes, self._etag)
            handler.set_header("Accept-Ranges", "bytes")
            handler.set_header("Content-Length", str(span.stop - span.start))
            if handler.request.method != "HEAD":
                await self._stream(handler, read, file, span)
            await _finish(handler)
        finally:
            await read(file.close)

    async def _stream(self, handler: RequestHandler, read: Read, file: BinaryIO, span: Span) -> None:
        position = span.start
        try:
            while position < span.stop:
                chunk = await read(_chunk, file, position, min(CHUNK_BYTES, span.stop - position))
                if not chunk:
                    break
                position += len(chunk)
                handler.write(chunk)
                await handler.flush()
        except StreamClosedError:
            return


class Ranged(Protocol):
    """Content of known size of which any part can be made."""

    size: int

    def read(self, start: int, stop: int) -> bytes:
        """The bytes `start` to `stop`, the last not included."""


class RangedAnswer(Answer):
    """Content that is written nowhere, by ranges where asked. `etag` must name it; `sent` hears how far it came.

    `done` is called when the last byte that was asked for has left, or the asker; with why the content cannot be made.
    """

    def __init__(
        self,
        content: Ranged,
        media_type: str,
        *,
        file_name: str = "",
        etag: str = "",
        sent: Callable[[int], None] | None = None,
        done: Callable[[ApplianceError | None], None] | None = None,
    ) -> None:
        self._content = content
        self._media_type = media_type
        self._file_name = file_name
        self._etag = etag
        self._sent = sent
        self._done = done

    async def send(self, handler: RequestHandler, read: Read) -> None:
        """Send the content or the asked range of it.

        Raises: RangeNotSatisfiable, and what the content raises
        """
        problem: ApplianceError | None = None
        try:
            if _describe(handler, self._media_type, self._file_name, self._etag):
                span = _asked_span(handler, self._content.size, self._etag)
                handler.set_header("Accept-Ranges", "bytes")
                handler.set_header("Content-Length", str(span.stop - span.start))
                if handler.request.method != "HEAD":
                    await self._stream(handler, read, span)
            await _finish(handler)
        except StreamClosedError:
            return
        except (ApplianceError, OSError) as error:
            if isinstance(error, ApplianceError) and not isinstance(error, RangeNotSatisfiable):
                problem = error
            if not handler._headers_written:  # noqa: SLF001 - tornado tells it nowhere else
                raise
            handler.request.connection.stream.close()  # type: ignore[union-attr]
            raise
        finally:
            if self._done is not None:
                self._done(problem)

    async def _stream(self, handler: RequestHandler, read: Read, span: Span) -> None:
        position = span.start
        while position < span.stop:
            chunk = await read(self._content.read, position, min(position + CHUNK_BYTES, span.stop))
            position += len(chunk)
            handler.write(chunk)
            await handler.flush()
            if self._sent is not None:
                self._sent(position)


class StreamAnswer(Answer):
    """Content that is made while it is sent; its length is not known beforehand.

    `chunks` is asked on a thread. When it fails or the asker leaves, the connection ends without the last chunk,
    so that nobody takes a part for the whole; `done` is called in every case.
    """

    def __init__(
        self, chunks: Iterator[bytes], media_type: str, *, file_name: str, done: Callable[[], None]
    ) -> None:
        self._chunks = chunks
        self._media_type = media_type
        self._file_name = file_name
        self._done = done

    async def send(self, handler: RequestHandler, read: Read) -> None:
        """Send what comes, as it comes."""
        try:
            _describe(handler, self._media_type, self._file_name, "")
            while handler.request.method != "HEAD":
                chunk = await read(next, self._chunks, b"")
                if not chunk:
                    break
                handler.write(chunk)
                await handler.flush()
            await _finish(handler)
        except StreamClosedError:
            return
        except (ApplianceError, OSError):
            handler.request.connection.stream.close()  # type: ignore[union-attr]
            raise
        finally:
            self._done()


def _asked_span(handler: RequestHandler, size_bytes: int, etag: str) -> Span:
    """What of the content is asked for, and the headers that say so."""
    header = handler.request.headers.get("Range", "")
    condition = handler.request.headers.get("If-Range")
    if not header or (condition is not None and condition != f'"{etag}"'):
        return Span(0, size_bytes)
    span = parse_range(header, size_bytes)
    if span is None:
        return Span(0, size_bytes)
    handler.set_status(206)
    handler.set_header("Content-Range", f"bytes {span.start}-{span.stop - 1}/{size_bytes}")
    return span


def parse_range(header: str, size_bytes: int) -> Span | None:
    """The one range that is asked for; None when the header is to be ignored: another unit, several ranges, nonsense.

    Raises: RangeNotSatisfiable
    Source: RFC 9110 §14.1.2, §14.2
    """
    found = _RANGE.fullmatch(header)
    if found is None:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        start, stop = max(0, size_bytes - int(suffix)), size_bytes
        if int(suffix) == 0:
            raise RangeNotSatisfiable(size=size_bytes)
    else:
        start = int(first)
        stop = min(int(last) + 1, size_bytes) if last else size_bytes
        if last and int(last) < start:
            return None
    if start >= size_bytes:
        raise RangeNotSatisfiable(size=size_bytes)
    return Span(start, stop)


def disposition(file_name: str) -> str:
    """`Content-Disposition` that saves under this name, whatever its characters.

    Source: RFC 6266 §4.3, appendix D
    """
    clean = "".join(letter for letter in file_name if letter.isprintable() and letter not in '/\\:*?"<>|%;')
    clean = clean.strip(". ")[:150] or "file"
    plain = clean.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"


def has_newest(if_none_match: str, etag: str) -> bool:
    """Whether the asker's copy is still right.

    Source: RFC 9110 §13.1.2 (weak comparison)
    """
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return bool(etag) and ("*" in tags or f'"{etag}"' in tags)


def _describe(handler: RequestHandler, media_type: str, file_name: str, etag: str) -> bool:
    """Write the headers; False when the asker has it already."""
    handler.set_header("Cache-Control", "private, no-cache" if etag else "no-store")
    if etag:
        handler.set_header("ETag", f'"{etag}"')
        if has_newest(handler.request.headers.get("If-None-Match", ""), etag):
            handler.set_status(304)
            return False
    handler.set_header("Content-Type", media_type)
    if file_name:
        handler.set_header("Content-Disposition", disposition(file_name))
    return True


async def _finish(handler: RequestHandler) -> None:
    try:
        await handler.finish()
    except StreamClosedError:
        return


def _open(path: Path) -> tuple[BinaryIO, int]:
    try:
        file = path.open("rb")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise NotFound(what=path.name) from error
    return file, path.stat().st_size


def _chunk(file: BinaryIO, position: int, size_bytes: int) -> bytes:
    file.seek(position)
    return file.read(size_bytes)
