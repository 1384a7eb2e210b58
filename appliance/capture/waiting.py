"""Which calls wait in the engine for an answer, written down: a killed recorder's successor makes rows of them.

Of a scan thousands wait half a minute each (`drivers/engine/README.md`), known to nobody but the engine. What comes to wait
and what does no more is appended as the engine tells it, unread; now and then the file is begun anew with all that
waits. Lost in a kill is what came since the last note, a second ago, or as long as the disk's turn before it took.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from appliance.capture.attempts import Attempts
from appliance.capture.engine import PacketEngine
from appliance.capture.seen import SipSeen
from appliance.core import log
from appliance.core.files import MANIFEST_FILE, Layout, write_atomically
from appliance.domain.bundle import Manifest

_logger = log.get(__name__)

_LENGTH_BYTES = 4
_GROWTH_BYTES = 8 << 20
"""So much is appended before the file is begun anew."""


class _Note(msgspec.Struct, frozen=True):
    """`came`: Call-ID and first message of each; `gone`: Call-IDs; `all`: what was noted before counts no more."""

    all: bool
    came: list[tuple[bytes, SipSeen]]
    gone: list[bytes]


_notes = msgspec.msgpack.Decoder(_Note)
_manifests = msgspec.json.Decoder(Manifest)
_NOTHING = len(msgspec.msgpack.encode(_Note(all=False, came=[], gone=[])))


class Notebook:
    """The notes of one recorder; to be used by one thread."""

    def __init__(self, layout: Layout, engine: PacketEngine) -> None:
        self._path = layout.waiting_calls
        self._engine = engine
        self._appended: int | None = None

    def note(self) -> None:
        """Write down what came and went since the last time. What a full disk refuses is written the next time."""
        is_anew = self._appended is None or self._appended > _GROWTH_BYTES
        content = self._engine.notes(anew=is_anew)
        if len(content) <= _NOTHING and (not is_anew or not self._path.exists()):
            return
        framed = len(content).to_bytes(_LENGTH_BYTES) + content
        try:
            if is_anew:
                write_atomically(self._path, framed, durable=False)
                self._appended = 0
            else:
                with self._path.open("ab") as file:
                    file.write(framed)
                self._appended = (self._appended or 0) + len(framed)
        except OSError as error:
            self._appended = None
            _logger.error(  # noqa: TRY400 - a full disk is no bug of ours
                "calls that wait for an answer cannot be noted", extra={"problem": str(error)}
            )

    def close(self) -> None:
        """Nothing waits any more, and all that waited has its row."""
        self._path.unlink(missing_ok=True)


def left_over(layout: Layout, attempts: Attempts) -> list[Manifest]:
    """The finished manifests of what waited when the last recorder was killed; the notes stay until the next are made."""
    left = _left(layout.waiting_calls)
    known = _known(layout) if left else set[str]()
    told = (attempts.manifest([one], is_cut=True) for one in left)
    return [one for one in told if one is not None and one.call.sip_call_id not in known]


def _left(path: Path) -> Sequence[SipSeen]:
    """The first message of each call that waited; what was cut off while it was written is left out."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    waiting: dict[bytes, SipSeen] = {}
    at = 0
    while at + _LENGTH_BYTES < len(content):
        begin = at + _LENGTH_BYTES
        at = begin + int.from_bytes(content[at:begin])
        try:
            note = _notes.decode(content[begin:at])
        except msgspec.MsgspecError:
            break
        if note.all:
            waiting.clear()
        for name in note.gone:
            waiting.pop(name, None)
        waiting.update(note.came)
    return list(waiting.values())


def _known(layout: Layout) -> set[str]:
    """Call-IDs of the bundles that are there: a call that went on a moment before may not be noted to be gone."""
    found = set()
    for shelf in (layout.spool_open, layout.spool_ready, layout.spool_work):
        for path in shelf.glob(f"*/{MANIFEST_FILE}"):
            try:
                found.add(_manifests.decode(path.read_bytes()).call.sip_call_id)
            except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
                continue  # whoever closes it says so
    return found
