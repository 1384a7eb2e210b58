"""What people do to the recording of one call: start, pause, resume, stop, keep, discard.

One pure machine, once per leg: what was stopped or discarded never starts again. The orders that were obeyed are
stored with the call (`Manifest.control`), and what is heard follows from them alone (`heard`).

    excluded   a rule says no: nothing is obeyed
    idle       waits for its start; with look-back its audio is held meanwhile
    recording  ⇄ paused
    stopped    the audio ended here; it may still be kept or discarded
    discarded  nothing is left but the ledger's row
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from appliance.core.text import Text


class Verb(StrEnum):
    """One order. `KEEP` protects a recording from being discarded or removed by age."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    KEEP = "keep"
    DISCARD = "discard"


VERB_TEXT: dict[Verb, Text] = {
    Verb.START: Text(en="Start recording", zh="开始录音"),
    Verb.PAUSE: Text(en="Pause recording", zh="暂停录音"),
    Verb.RESUME: Text(en="Resume recording", zh="恢复录音"),
    Verb.STOP: Text(en="Stop recording", zh="停止录音"),
    Verb.KEEP: Text(en="Keep recording", zh="保留录音"),
    Verb.DISCARD: Text(en="Discard recording", zh="丢弃录音"),
}


class ControlState(StrEnum):
    """Where the recording of a call in progress stands."""

    EXCLUDED = "excluded"
    IDLE = "idle"
    RECORDING = "recording"
    PAUSED = "paused"
    STOPPED = "stopped"
    DISCARDED = "discarded"


CONTROL_STATE_TEXT: dict[ControlState, Text] = {
    ControlState.EXCLUDED: Text(en="Not recorded", zh="不录音"),
    ControlState.IDLE: Text(en="Waits for its start", zh="等待开始"),
    ControlState.RECORDING: Text(en="Recording", zh="正在录音"),
    ControlState.PAUSED: Text(en="Paused", zh="已暂停"),
    ControlState.STOPPED: Text(en="Stopped", zh="已停止"),
    ControlState.DISCARDED: Text(en="Discarded", zh="已丢弃"),
}


class Control(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An order that was obeyed: when, what, by whom, and the reason given.

    `by` is a person's name, `caller` or `callee` for a key pressed, or `time-out` for an automatic resume.
    """

    at: datetime
    verb: Verb
    by: str
    why: str = ""


class ControlNow(msgspec.Struct, frozen=True, kw_only=True):
    """For whom shows buttons: the state of a live call's recording, the orders it would obey, whether it is kept."""

    state: ControlState
    verbs: tuple[Verb, ...]
    kept: bool = False


class Course(NamedTuple):
    """The machine: its state and whether the recording is kept."""

    state: ControlState
    kept: bool = False


_STEPS: dict[tuple[ControlState, Verb], ControlState] = {
    (ControlState.IDLE, Verb.START): ControlState.RECORDING,
    (ControlState.RECORDING, Verb.PAUSE): ControlState.PAUSED,
    (ControlState.PAUSED, Verb.RESUME): ControlState.RECORDING,
    (ControlState.RECORDING, Verb.STOP): ControlState.STOPPED,
    (ControlState.PAUSED, Verb.STOP): ControlState.STOPPED,
    (ControlState.RECORDING, Verb.KEEP): ControlState.RECORDING,
    (ControlState.PAUSED, Verb.KEEP): ControlState.PAUSED,
    (ControlState.STOPPED, Verb.KEEP): ControlState.STOPPED,
    (ControlState.IDLE, Verb.DISCARD): ControlState.DISCARDED,
    (ControlState.RECORDING, Verb.DISCARD): ControlState.DISCARDED,
    (ControlState.PAUSED, Verb.DISCARD): ControlState.DISCARDED,
    (ControlState.STOPPED, Verb.DISCARD): ControlState.DISCARDED,
}

_REFUSALS: dict[ControlState, Text] = {
    ControlState.EXCLUDED: Text(en="A rule excludes this call from recording.", zh="录音规则已排除此通话。"),
    ControlState.IDLE: Text(en="The recording has not been started.", zh="录音尚未开始。"),
    ControlState.RECORDING: Text(en="The call is being recorded already.", zh="该通话已在录音。"),
    ControlState.PAUSED: Text(en="The recording is paused.", zh="录音已暂停。"),
    ControlState.STOPPED: Text(
        en="The recording was stopped; a call is recorded only once.", zh="录音已停止；每路通话只能录音一次。"
    ),
    ControlState.DISCARDED: Text(en="The recording was discarded.", zh="录音已被丢弃。"),
}
_IS_KEPT = Text(en="The recording is kept and cannot be discarded.", zh="录音已保留，不能丢弃。")
_KEPT_ALREADY = Text(en="The recording is kept already.", zh="录音已经保留。")
NO_SUCH_CALL = Text(en="No such call is up.", zh="没有这路进行中的通话。")

Answer = tuple[Text | None, ControlNow | None]
"""Why an order is refused (None: it was obeyed), and how the recording stands now."""


def advance(course: Course, verb: Verb) -> Course | Text:
    """The course after an order, or why it is refused."""
    if course.kept and verb is Verb.DISCARD:
        return _IS_KEPT
    if course.kept and verb is Verb.KEEP:
        return _KEPT_ALREADY
    state = _STEPS.get((course.state, verb))
    if state is None:
        return _REFUSALS[course.state]
    return Course(state, course.kept or verb is Verb.KEEP)


def present(course: Course) -> ControlNow:
    """What a page shows of it."""
    verbs = tuple(verb for verb in Verb if isinstance(advance(course, verb), Course))
    return ControlNow(state=course.state, verbs=verbs, kept=course.kept)


def replay(begun: ControlState, control: Iterable[Control]) -> Course:
    """Where the orders led; one that does not fit is passed over."""
    course = Course(begun)
    for order in control:
        after = advance(course, order.verb)
        if isinstance(after, Course):
            course = after
    return course


class Heard(NamedTuple):
    """What of a call may be heard: from `begins_at` to `ends_at`, but not in the pauses.

    None stands for the call's own beginning and end, and for the end of a pause that was never ended.
    """

    begins_at: datetime | None
    ends_at: datetime | None
    pauses: tuple[tuple[datetime, datetime | None], ...]


def heard(begun: ControlState, control: Iterable[Control], *, look_back: bool) -> Heard | None:
    """What may be heard after all orders; None when nothing may."""
    course = Course(begun)
    begins_at = ends_at = paused_at = None
    pauses: list[tuple[datetime, datetime | None]] = []
    for order in control:
        after = advance(course, order.verb)
        if not isinstance(after, Course):
            continue
        if order.verb is Verb.START and not look_back:
            begins_at = order.at
        elif order.verb is Verb.STOP:
            ends_at = order.at
        if after.state is ControlState.PAUSED:
            paused_at = paused_at or order.at
        elif paused_at is not None:
            pauses.append((paused_at, max(order.at, paused_at)))
            paused_at = None
        course = after
    if course.state in _SILENT:
        return None
    if paused_at is not None:
        pauses.append((paused_at, None))
    return Heard(begins_at, ends_at, tuple(pauses))


_SILENT = (ControlState.EXCLUDED, ControlState.IDLE, ControlState.DISCARDED)
