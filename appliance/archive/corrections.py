"""Corrections of past calls that somebody looked at and ordered, carried out beside the archiving, a few at a time.

The panel plans and orders, by a file of what is to be done; the archiver, who alone writes the archive, does it and notes how far it
came. Whatever dies in between goes on at its next start: a call that is corrected twice is what it was after the first time.
"""

from datetime import datetime
from itertools import islice
from pathlib import Path

import msgspec

from appliance.archive.correction import Correction, correct
from appliance.core import log
from appliance.core.clock import Clock
from appliance.core.files import Layout, write_atomically
from appliance.domain.bundle import Record
from appliance.domain.call import Side
from appliance.settings.paths import Paths
from appliance.store.database import Database

_AT_ONCE = 64

_logger = log.get(__name__)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger knows of a call, as far as signalling can correct it; `steps` counts the messages of its ladder."""

    caller: str
    callee: str
    caller_name: str
    ringing_at: datetime | None
    answered_at: datetime | None
    ended_by: Side | None
    steps: int


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A past call before and after; `correction` None: it is left as it is, for its caller is on the other track."""

    call_id: str
    at: datetime
    channel: int
    before: Known
    after: Known
    correction: Correction | None


class Ordered(msgspec.Struct, frozen=True, kw_only=True):
    """An order and how far it came. `offset` is the place in its file; `corrected` are those of the `done` that were still there."""

    id: str
    by: str
    at: datetime
    trunk: str
    since: datetime
    until: datetime
    total: int
    done: int = 0
    corrected: int = 0
    offset: int = 0
    ended_at: datetime | None = None


_encoder = msgspec.json.Encoder()
_planned = msgspec.json.Decoder(Planned)
_ordered = msgspec.json.Decoder(Ordered)


def order(layout: Layout, plan: Path, ordered: Ordered) -> None:
    """Hand a plan over: a line of JSON (`Planned`) for each call. There may be no other order at work."""
    layout.corrections.mkdir(exist_ok=True)
    write_atomically(_note_of(layout), _encoder.encode(ordered))
    plan.rename(_lines_of(layout))


def newest(layout: Layout) -> Ordered | None:
    """The order that is being carried out, or the last one that was; None when there was none."""
    try:
        found = _ordered.decode(_note_of(layout).read_bytes())
    except (OSError, msgspec.MsgspecError):
        return None
    return found if found.ended_at is not None or _lines_of(layout).exists() else None


class Corrector:
    """Does what was ordered. One archiver, one corrector."""

    def __init__(self, layout: Layout, paths: Paths, database: Database, clock: Clock) -> None:
        self._layout, self._paths, self._database, self._clock = layout, paths, database, clock

    def run(self) -> list[Record]:
        """Correct the next few calls; those that were.

        Raises: Later from the index or the disk, OSError; the next call goes on
        """
        lines, ordered = _lines_of(self._layout), newest(self._layout)
        if not lines.exists():
            return []
        if ordered is None or ordered.ended_at is not None:
            lines.unlink()
            return []
        done, offset, corrected = ordered.done, ordered.offset, []
        with lines.open("rb") as file:
            file.seek(offset)
            for line in islice(file, _AT_ONCE):
                done, offset = done + 1, offset + len(line)
                record = self._correct(line)
                if record is not None:
                    corrected.append(record)
        is_over = offset >= lines.stat().st_size
        ordered = msgspec.structs.replace(
            ordered,
            done=done,
            offset=offset,
            corrected=ordered.corrected + len(corrected),
            ended_at=self._clock.now() if is_over else None,
        )
        write_atomically(_note_of(self._layout), _encoder.encode(ordered))
        if is_over:
            lines.unlink()
            _logger.info(
                "past calls were corrected",
                extra={"trunk": ordered.trunk, "calls": ordered.corrected, "user": ordered.by},
            )
        return corrected

    def _correct(self, line: bytes) -> Record | None:
        try:
            planned = _planned.decode(line)
        except msgspec.MsgspecError as error:
            _logger.error("a correction cannot be read", extra={"problem": str(error)})  # noqa: TRY400 - told in words
            return None
        if planned.correction is None:
            return None
        return correct(self._layout, self._paths, self._database, planned.call_id, planned.correction)


def _lines_of(layout: Layout) -> Path:
    return layout.corrections / "order.jsonl"


def _note_of(layout: Layout) -> Path:
    return layout.corrections / "progress.json"
