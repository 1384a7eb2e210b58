"""How far a new recorder has been led through its first steps; a small file, the same for every browser."""

import enum
from datetime import datetime

import msgspec

from appliance.core import log
from appliance.core.files import Layout, write_atomically

_logger = log.get(__name__)


class FirstStep(enum.Enum):
    """The first steps in their order."""

    LANGUAGE = "language"
    PASSWORD = "password"  # noqa: S105 - the name of a step
    NETWORK = "network"
    TIME = "time"
    MIRROR = "mirror"
    CALL = "call"


class FirstStepsState(msgspec.Struct, frozen=True, kw_only=True):
    """`is_open`: administrators who sign in are led on; `seen` were agreed to, `later` were put off.

    `ended_at` is null until somebody has come to the end; before the set-up nothing is open and nothing has ended.
    """

    is_open: bool
    step: FirstStep
    seen: list[FirstStep]
    later: list[FirstStep]
    ended_at: datetime | None


NOT_BEGUN = FirstStepsState(is_open=False, step=FirstStep.LANGUAGE, seen=[], later=[], ended_at=None)
BEGUN = msgspec.structs.replace(NOT_BEGUN, is_open=True)


class FirstSteps:
    """The file, and what it held when it was read or written last."""

    def __init__(self, layout: Layout) -> None:
        self._file = layout.first_steps
        self.now = self._read()

    def keep(self, progress: FirstStepsState) -> None:
        """Write it. It is worth little: a damaged or lost file leads nobody anywhere and harms nothing."""
        write_atomically(self._file, msgspec.json.encode(progress))
        self.now = progress

    def _read(self) -> FirstStepsState:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=FirstStepsState)
        except FileNotFoundError:
            return NOT_BEGUN
        except (OSError, msgspec.DecodeError) as error:
            _logger.warning("first steps unreadable", extra={"problem": str(error)})
            return NOT_BEGUN
