"""Runs one of the system's programs for somebody who waits: its words come line by line, its time and output are bounded."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncGenerator, AsyncIterator, Sequence

from appliance.core.errors import Broken
from appliance.core.text import Text

_CHUNK = 64 * 1024
_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
_TOLD_CHARACTERS = 500
_END_S = 2.0


class ToolFailed(Broken):
    """A program of the system refused. Facts: tool, problem."""

    text = Text(en="{tool} failed: {problem}", zh="{tool} 执行失败：{problem}")


class ToolMissing(Broken):
    """Facts: tool."""

    text = Text(en="{tool} is not installed on this machine.", zh="本机未安装 {tool}。")


@contextlib.asynccontextmanager
async def _started(words: Sequence[str], *, both: bool) -> AsyncIterator[asyncio.subprocess.Process]:
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT if both else asyncio.subprocess.PIPE,
            env=_ENVIRONMENT,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise ToolMissing(tool=words[0]) from error
    try:
        yield process
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(_END_S):
                    await process.wait()
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()


async def run(words: Sequence[str], *, within_s: float = 20.0) -> str:
    """Run it to its end and return what it wrote.

    Raises: ToolFailed with its last words, ToolMissing
    """
    async with _started(words, both=True) as process:
        try:
            async with asyncio.timeout(within_s):
                output, _ = await process.communicate()
        except TimeoutError as error:
            raise ToolFailed(tool=words[0], problem=f"took more than {within_s:g} s") from error
    told = output.decode("utf-8", "replace").strip()
    if process.returncode:
        raise ToolFailed(tool=words[0], problem=told[-_TOLD_CHARACTERS:] or f"status {process.returncode}")
    return told


async def stream(words: Sequence[str], *, both: bool = True, most_bytes: int) -> AsyncGenerator[bytes, None]:
    """What it writes, as it writes it, `most_bytes` at most; closing the iterator ends the program.

    `both`: its errors among its output; else they are dropped.
    """
    left = most_bytes
    async with _started(words, both=both) as process:
        assert process.stdout is not None
        drain = None if both else asyncio.create_task(_forget(process.stderr))
        try:
            while left > 0 and (piece := await process.stdout.read(min(_CHUNK, left))):
                left -= len(piece)
                yield piece
        finally:
            if drain is not None:
                drain.cancel()


async def _forget(reader: asyncio.StreamReader | None) -> None:
    while reader is not None and await reader.read(_CHUNK):
        pass
