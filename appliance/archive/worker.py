"""Child processes that produce recordings, so that a crash or a hang in a decoder costs one attempt, not the program.

A child is started clean, asks the kernel to be the first to go when memory is short, and works on one bundle at a
time. It answers with a production or a fault; when it dies or its deadline passes, that is the answer. Errors that
nobody foresaw are not caught in the child: they end it, with a trace on standard error.
"""

import errno
import os
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
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


class Workers:
    """Up to `count` children, started when first needed, replaced when they die.

    Units: a job's deadline is `least_s` and a second more for each megabyte of media, half an hour at most
    """

    def __init__(self, count: int, least_s: float = _LEAST_S) -> None:
        self._count = count
        self._least_s = least_s
        self._idle: list[Child] = []
        self._busy: dict[Connection, tuple[Child, Job, float]] = {}
        self._interrupted = False

    def interrupt(self) -> None:
        """End the present and every later run within half a second, answered or not; from another thread."""
        self._interrupted = True

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Answer]]:
        """Answers as they come, each job exactly once. Abandoning the iteration ends what is still running."""
        waiting = deque(jobs)
        answers: list[tuple[Job, Answer]] = []
        try:
            while (waiting or self._busy) and not self._interrupted:
                while waiting and len(self._busy) < self._count:
                    answers += self._start(waiting.popleft())
                yield from answers  # the children work on while the caller files these
                answers = []
                for connection in wait(list(self._busy), self._patience_s()):
                    assert isinstance(connection, Connection)
                    answers.append(self._receive(connection))
                answers += self._end_overdue()
            yield from answers
        finally:
            for child, _, _ in self._busy.values():
                child.kill()
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
        self._busy[child.connection] = (child, job, time.monotonic() + self._deadline_s(job))

    def _receive(self, connection: Connection) -> tuple[Job, Answer]:
        child, job, _ = self._busy.pop(connection)
        try:
            answer = _answers.decode(connection.recv_bytes())
        except (EOFError, OSError):
            return job, Fault(
                kind="died", code="worker-died", problem=f"the worker ended with status {child.kill()}"
            )
        self._idle.append(child)
        return job, answer

    def _end_overdue(self) -> Iterator[tuple[Job, Answer]]:
        now_mono_s = time.monotonic()
        for connection, (child, job, end_mono_s) in list(self._busy.items()):
            if end_mono_s <= now_mono_s:
                del self._busy[connection]
                child.kill()
                yield (
                    job,
                    Fault(
                        kind="died", code="worker-hung", problem=f"no result in {self._deadline_s(job):.0f} s"
                    ),
                )

    def _patience_s(self) -> float:
        """How long to wait before looking for overdue jobs and interruption."""
        next_mono_s = min((end for _, _, end in self._busy.values()), default=0.0)
        return min(_LOOK_S, max(0.0, next_mono_s - time.monotonic()))

    def _deadline_s(self, job: Job) -> float:
        try:
            size = sum(
                file.stat().st_size for file in Path(job.folder).iterdir() if file.name != MANIFEST_FILE
            )
        except OSError:
            size = 0
        return min(self._least_s + size / _BYTES_PER_S, _MOST_S)


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
