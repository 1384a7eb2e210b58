"""Are the boards there, are their trunks well, is everything taken off them? Told from what their program says.

A loss stays reported for a while after the last one, so that somebody who looks sees it.
"""

from datetime import datetime, timedelta

from appliance.bus.topics import BoardState
from appliance.health import Finding, Seen

LOSS_SHOWN_FOR = timedelta(minutes=10)
LICENCE_SHOWN_FOR = timedelta(hours=1)

_Facts = dict[str, int | float | str]


class _Counter:
    """Something that only grows, until the board is opened anew; shown for a while after it grew."""

    def __init__(self, shown_for: timedelta) -> None:
        self.count = 0
        self._shown_for = shown_for
        self._before = 0
        self._at: datetime | None = None

    def took(self, counted: int, at: datetime) -> bool:
        """Whether it is to be shown."""
        new = counted - self._before if counted >= self._before else counted
        self._before = counted
        if new:
            self.count += new
            self._at = at
        elif self._at is not None and abs(at - self._at) > self._shown_for:
            self._at, self.count = None, 0
        return self._at is not None


class _Board:
    def __init__(self) -> None:
        self.lost_samples = _Counter(LOSS_SHOWN_FOR)
        self.overruns = _Counter(LOSS_SHOWN_FOR)
        self.over_licence = _Counter(LICENCE_SHOWN_FOR)


class _Check:
    def __init__(self) -> None:
        self._boards: dict[str, _Board] = {}

    def findings(self, seen: Seen) -> list[Finding]:
        found: list[Finding] = []
        for name, state in seen.boards.items():
            found += _of(name, state, self._boards.setdefault(name, _Board()), seen.at)
        return found


def _of(name: str, state: BoardState, board: _Board, at: datetime) -> list[Finding]:
    facts: _Facts = {"board": name}
    is_lossy = board.lost_samples.took(state.lost_samples, at)
    is_overrun = board.overruns.took(state.overruns, at)
    is_over = board.over_licence.took(state.over_licence, at)
    lost: _Facts = {**facts, "lost_ms": board.lost_samples.count // 8, "overruns": board.overruns.count}
    over: _Facts = {"calls": board.over_licence.count, "licensed": state.licensed_channels}
    found = [
        Finding(
            "board_gone",
            bool(state.fault),
            {**facts, "problem": state.problem or state.fault},
            f"{name}.gone",
        ),
        Finding("board_losing", is_lossy or is_overrun, lost, f"{name}.lost"),
        Finding("over_licence", is_over, over, f"{name}.licence"),
    ]
    for span in state.spans:
        alarms: _Facts = {**facts, "span": span.number, "alarms": " ".join(span.alarms).upper()}
        found.append(Finding("trunk_alarm", bool(span.alarms), alarms, f"{name}.span{span.number}"))
    return found


def make() -> _Check:
    """The check `boards`."""
    return _Check()
