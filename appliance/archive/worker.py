"""Child processes that produce recordings, so that a crash or a hang in a decoder costs one attempt, not the program.

A child is started clean, asks the kernel to be the first to go when memory is short, and works on one bundle at a
time. It answers with a production or a fault; when it dies or its deadline passes, that is the answer. Errors that
nobody foresaw are not caught in the child: they end it, with a trace on standard error.
"""

import contextlib
import errno
import os
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

import msgspec

from appliance.archive.production import AUDIO_FILE, PEAKS_FILE, Job, Production, produce
from appliance.core import log
from appliance.core.errors import ApplianceError, Later
from appliance.core.files import MANIFEST_FILE
from appliance.system.child import Child, end_with_parent, parent

_MODULE = "appliance.archive.worker"
_NICENESS = 5
_FIRST_TO_GO = "800"
_LEAST_S = 60.0
_MOST_S = 1800.0
_BYTES_PER_S = 1_000_000
_LOOK_S = 0.2
_AHEAD = 8
"""So many jobs a child has at most: the next one is there when it has finished one, and nobody waits for the other."""
_SMALL_BYTES = 8192
"""A longer message is sent to an idle child only: nobody may be stuck in sending while the other one is, too."""
_SHORT_BYTES = 1_000_000
"""Media of a call behind which others may wait while another child has nothing to do. Units: bytes, half a minute of G.711"""

_logger = log.get(__name__)


class Fault(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Why there is no production.

    `kind`: "corrupt" = this bundle can never be processed, "full" = no space, "later" = the machine could not,
    "died" = the child ended or was ended for hanging
    """

    kind: str
    code: str
    problem: str


class Done(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A finished production."""

    production: Production


Answer = Done | Fault

_jobs = msgspec.json.Decoder(Job)
_answers: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)
_encoder = msgspec.json.Encoder()


@dataclass(slots=True)
class _Busy:
    """A child, what it has to do in order, and when it has to have done the first of that."""

    child: Child
    jobs: deque[Job]
    end_mono_s: float
    is_short: bool


class Workers:
    """Up to `count` children, started when first needed, replaced when they die.

    Units: a job's deadline is `least_s` and a second more for each megabyte of media, half an hour at most
    """

    def __init__(self, count: int, least_s: float = _LEAST_S) -> None:
        self._count = count
        self._least_s = least_s
        self._idle: list[Child] = []
        self._busy: dict[Connection, _Busy] = {}
        self._waiting: deque[Job] = deque()
        self._interrupted = False

    def interrupt(self) -> None:
        """End the present and every later run within half a second, answered or not; from another thread."""
        self._interrupted = True

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Answer]]:
        """Answers as they come, each job exactly once. Abandoning the iteration ends what is still running."""
        self._waiting = deque(jobs)
        answers: list[tuple[Job, Answer]] = []
        try:
            while (self._waiting or self._busy) and not self._interrupted:
                while self._waiting and len(self._busy) < self._count:
                    answers += self._start(self._waiting.popleft())
                self._send_ahead()
                yield from answers  # the children work on while the caller files these
                answers = []
                for connection in wait(list(self._busy), self._patience_s()):
                    assert isinstance(connection, Connection)
                    answers.append(self._receive(connection))
                answers += self._end_overdue()
            yield from answers
        finally:
            for busy in self._busy.values():
                busy.child.kill()
            self._busy.clear()

    def close(self) -> None:
        """End the children."""
        while self._idle:
            self._idle.pop().close()

    def _start(self, job: Job) -> Iterator[tuple[Job, Answer]]:
        message = _encoder.encode(job)
        child = self._idle.pop() if self._idle else Child(_MODULE)
        try:
            child.connection.send_bytes(message)
        except OSError:  # it died while idle, which is not this bundle's doing
            child.kill()
            child = Child(_MODULE)
            try:
                child.connection.send_bytes(message)
            except OSError as error:
                status = child.kill()
                problem = f"a worker cannot be started, status {status}: {error}"
                yield job, Fault(kind="later", code="worker", problem=problem)
                return
        size = _size(job)
        end_mono_s = time.monotonic() + self._deadline_s(size)
        self._busy[child.connection] = _Busy(child, deque([job]), end_mono_s, size <= _SHORT_BYTES)

    def _send_ahead(self) -> None:
        """Give what is small to whoever has something short to do already."""
        for connection, busy in self._busy.items():
            while self._waiting and busy.is_short and len(busy.jobs) < _AHEAD:
                message = _encoder.encode(self._waiting[0])
                if len(message) > _SMALL_BYTES:
                    return
                try:
                    connection.send_bytes(message)
                except OSError:  # it died: who receives from it will know
                    break
                job = self._waiting.popleft()
                busy.jobs.append(job)
                busy.is_short = _size(job) <= _SHORT_BYTES

    def _receive(self, connection: Connection) -> tuple[Job, Answer]:
        busy = self._busy[connection]
        try:
            answer = _answers.decode(connection.recv_bytes())
        except (EOFError, OSError):
            problem = f"the worker ended with status {self._lose(connection)}"
            return busy.jobs[0], Fault(kind="died", code="worker-died", problem=problem)
        job = busy.jobs.popleft()
        if busy.jobs:
            busy.end_mono_s = time.monotonic() + self._deadline_s(_size(busy.jobs[0]))
        else:
            self._idle.append(self._busy.pop(connection).child)
        return job, answer

    def _lose(self, connection: Connection) -> int:
        """End a child; what it had not begun yet is for another one. Its exit status."""
        busy = self._busy.pop(connection)
        self._waiting.extendleft(reversed([*busy.jobs][1:]))
        return busy.child.kill()

    def _end_overdue(self) -> Iterator[tuple[Job, Answer]]:
        now_mono_s = time.monotonic()
        for connection, busy in list(self._busy.items()):
            if busy.end_mono_s <= now_mono_s:
                self._lose(connection)
                job = busy.jobs[0]
                problem = f"no result in {self._deadline_s(_size(job)):.0f} s"
                yield job, Fault(kind="died", code="worker-hung", problem=problem)

    def _patience_s(self) -> float:
        """How long to wait before looking for overdue jobs and interruption."""
        next_mono_s = min((busy.end_mono_s for busy in self._busy.values()), default=0.0)
        return min(_LOOK_S, max(0.0, next_mono_s - time.monotonic()))

    def _deadline_s(self, size: int) -> float:
        return min(self._least_s + size / _BYTES_PER_S, _MOST_S)


def _size(job: Job) -> int:
    """Bytes that a job has to read; 0 when they cannot be told."""
    with contextlib.suppress(OSError), os.scandir(job.folder) as entries:
        return sum(entry.stat().st_size for entry in entries if entry.name != MANIFEST_FILE)
    return 0


def serve(connection: Connection) -> None:
    """The child's life: answer jobs until the parent is gone."""
    while True:
        try:
            message = connection.recv_bytes()
        except (EOFError, OSError):
            return
        answer = _encoder.encode(_answer(_jobs.decode(message)))
        try:
            connection.send_bytes(answer)
        except OSError:
            return


def fault_of(error: ApplianceError | OSError) -> Fault:
    """An error as the answer that says what to do next."""
    if isinstance(error, OSError):
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        return Fault(
            kind="full" if full else "later",
            code=errno.errorcode.get(error.errno or 0, "os"),
            problem=str(error),
        )
    if isinstance(error, Later):
        return Fault(kind="later", code=error.code, problem=error.message())
    return Fault(kind="corrupt", code=error.code, problem=error.message())


def _answer(job: Job) -> Answer:
    try:
        return Done(production=produce(job))
    except (ApplianceError, OSError) as error:
        for name in (AUDIO_FILE, PEAKS_FILE):
            (Path(job.folder) / name).unlink(missing_ok=True)
        return fault_of(error)


def main() -> None:
    """Become a worker."""
    log.configure("archiver-worker")
    end_with_parent()
    os.nice(_NICENESS)
    try:
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, encoding="ascii")
    except OSError as error:
        _logger.info("the kernel keeps its own order of who goes first", extra={"problem": str(error)})
    serve(parent(int(sys.argv[1])))


if __name__ == "__main__":
    main()
