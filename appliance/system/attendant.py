"""A program that is not ours, run beside one of ours with a configuration made from the settings.

It starts again when the configuration changes, when it dies or when it no longer says what it regularly says, slower the
oftener, and never outlives us.
"""

import math
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from appliance.core import log
from appliance.core.clock import Clock
from appliance.core.files import write_atomically

_logger = log.get(__name__)

_STOP_S = 5.0
_BACK_OFF_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_LAST_BYTES = 400


class Attendant:
    """One such program; `keep` is called every few seconds from one thread."""

    def __init__(
        self,
        configuration: Path,
        command: Callable[[Path], Sequence[str]],
        clock: Clock,
        told: Callable[[str], None] | None = None,
        *,
        silence_s: float = math.inf,
    ) -> None:
        """`told` receives each line that the program writes, in a thread of its own; without it they are logged.

        A program that writes nothing for `silence_s` is ended and started again.
        """
        self._configuration = configuration
        self._command = command
        self._clock = clock
        self._told = told or self._log
        self._silence_s = silence_s
        self._process: subprocess.Popen[str] | None = None
        self._text: str | None = None
        self._deaths = 0
        self._not_before_mono_s = 0.0
        self._started_mono_s = 0.0
        self._heard_mono_s = 0.0
        self._last_line = ""
        self.problem = ""

    @property
    def process_id(self) -> int | None:
        """The number of the running program."""
        return None if self._process is None else self._process.pid

    def keep(self, text: str | None) -> None:
        """See that the program runs with this configuration; None: that it does not run."""
        if text != self._text:
            self._end()
            self._text, self._deaths, self._not_before_mono_s, self.problem = text, 0, 0.0, ""
        if text is None:
            return
        now = self._clock.mono_s()
        if self._process is not None:
            status = self._process.poll()
            if status is None and now - self._heard_mono_s <= self._silence_s:
                seen_mono_s = now if self._silence_s == math.inf else self._heard_mono_s
                if seen_mono_s - self._started_mono_s > _BACK_OFF_S[-1]:
                    self._deaths, self.problem = 0, ""
                return
            if status is None:
                self._end()
                self.problem = f"it says nothing (last: {self._last_line})"
            else:
                self._process = None
                self.problem = self._last_line or f"status {status}"
            self._not_before_mono_s = now + _BACK_OFF_S[min(self._deaths, len(_BACK_OFF_S) - 1)]
            self._deaths += 1
            _logger.warning("a program ended by itself", extra={"status": status, "problem": self.problem})
        if now >= self._not_before_mono_s:
            self._start(text)

    def close(self) -> None:
        """End the program."""
        self.keep(None)

    def _start(self, text: str) -> None:
        write_atomically(self._configuration, text.encode(), mode=0o600, durable=False)
        command = ["setpriv", "--pdeathsig", "TERM", *self._command(self._configuration)]
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
        except OSError as error:
            self.problem = str(error)
            self._not_before_mono_s = self._clock.mono_s() + _BACK_OFF_S[-1]
            return
        self._process = process
        self._started_mono_s = self._heard_mono_s = self._clock.mono_s()
        threading.Thread(target=self._read, args=(process,), name="attendant", daemon=True).start()

    def _read(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is not None:
            with process.stdout as lines:
                for line in lines:
                    self._heard_mono_s = self._clock.mono_s()
                    if line.strip():
                        self._last_line = line.strip()[:_LAST_BYTES]
                        self._told(self._last_line)

    def _log(self, line: str) -> None:
        _logger.info("a program says", extra={"said": line})

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
