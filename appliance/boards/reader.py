"""A thread for each board of the settings: opens it, reads it, opens it again when it was gone. Readings wait in a queue.

The queue is short: who cannot follow lets the card's own buffers fill, and the card says what it lost.
Source: unix(7)
"""

import queue
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, assert_never

from appliance.core import log
from appliance.settings.cards import Alsa, Card, Dahdi, Replay, spans_of
from appliance.settings.trunks import R2, Isdn, Ss7, Trunk
from drivers.boards import alsa, dahdi, replay
from drivers.boards.board import Board, BoardFault, Description, Fault, Reading
from drivers.boards.dahdi_setup import Carries, Use, Wish

_logger = log.get(__name__)

MOST_WAITING = 20
"""Readings of 100 ms."""
_READ_S = 0.5
_BACK_OFF_S = (0.5, 1.0, 2.0, 5.0, 10.0)


class Opened(NamedTuple):
    """A board was opened."""

    description: Description


class Lost(NamedTuple):
    """A board cannot be read; it is tried again."""

    fault: Fault
    problem: str


News = Opened | Reading | Lost


def open_card(card: Card, trunks: Sequence[Trunk]) -> Board:
    """Open the board of a setting; `trunks` tell what its ports carry.

    Raises: BoardFault
    """
    match card:
        case Dahdi():
            return dahdi.DahdiBoard(
                Wish(spans_of(card), uses_of(card.first_span, trunks), card.crc4, card.set_up)
            )
        case Alsa():
            return alsa.AlsaBoard(card.device, card.channels)
        case Replay():
            return replay.ReplayBoard(Path(card.scenario), real_time=card.real_time)
        case _:
            assert_never(card)


def uses_of(first_span: int, trunks: Sequence[Trunk]) -> dict[int, Use]:
    """What the ports of a board carry, by their place on it."""
    found: dict[int, Use] = {}
    for trunk in trunks:
        match trunk.signalling:
            case Isdn(timeslots=timeslots):
                use = Use(Carries.ISDN, frozenset(timeslots))
            case Ss7(timeslots=timeslots):
                use = Use(Carries.SS7, frozenset(timeslots))
            case R2():
                use = Use(Carries.CAS)
            case _:
                use = Use()
        for line in trunk.lines if trunk.enabled else ():
            for span in (line.first_span, line.second_span):
                if span >= first_span and (line.has_signalling or use.carries is Carries.CAS):
                    found[span - first_span] = use
    return found


class Reader:
    """Reads one board until it is closed."""

    def __init__(self, card: Card, trunks: Sequence[Trunk], arrived: threading.Event) -> None:
        """`arrived` is set whenever something waits."""
        self.card = card
        self._trunks = trunks
        self._arrived = arrived
        self._waiting: queue.Queue[News] = queue.Queue(MOST_WAITING)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"board {card.name}", daemon=True)
        self._thread.start()

    def take(self) -> list[News]:
        """What came since the last time, in order."""
        found = []
        while True:
            try:
                found.append(self._waiting.get_nowait())
            except queue.Empty:
                return found

    @property
    def failure(self) -> bool:
        """Whether the thread died, which it must not."""
        return not self._thread.is_alive() and not self._closing.is_set()

    def close(self) -> None:
        """Let go of the board; returns when the thread has ended."""
        self._closing.set()
        while self._thread.is_alive():
            self.take()
            self._thread.join(0.05)

    def _run(self) -> None:
        failures = 0
        told: tuple[Fault, str] | None = None
        while not self._closing.is_set():
            try:
                with open_card(self.card, self._trunks) as board:
                    self._put(Opened(board.describe()))
                    told = None
                    while not self._closing.is_set():
                        reading = board.read(_READ_S)
                        if reading is not None:
                            failures = 0
                            self._put(reading)
            except BoardFault as fault:
                if (fault.fault, fault.problem) != told:
                    told = fault.fault, fault.problem
                    _logger.warning(
                        "a board cannot be read",
                        extra={"board": self.card.name, "fault": fault.fault, "problem": fault.problem},
                    )
                    self._put(Lost(fault.fault, fault.problem))
                self._closing.wait(_BACK_OFF_S[min(failures, len(_BACK_OFF_S) - 1)])
                failures += 1

    def _put(self, news: News) -> None:
        """Wait for room, but not beyond the end."""
        while not self._closing.is_set():
            try:
                self._waiting.put(news, timeout=0.2)
            except queue.Full:
                continue
            self._arrived.set()
            return
