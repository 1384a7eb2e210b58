"""The boards at work: readings in, bundles out, round by round; orders and listeners between two rounds.

A round is done in a thread while the event loop waits for it, so that books are only ever touched by one of the two.
One further thread does everything that may wait for the disk, in order; what is to be written may pile up to a bound,
beyond which the boards' own buffers fill and the cards say what they lost.
Source: unix(7)
"""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from appliance.boards.calls import LineCall
from appliance.boards.card import Card
from appliance.boards.deciding import Deciding
from appliance.boards.live import LiveNews
from appliance.boards.reader import Lost, News, Opened, Reader
from appliance.boards.spool import Block, Spool
from appliance.boards.taps import Taps
from appliance.boards.trunking import TrunkLine
from appliance.bus.topics import ControlOrder
from appliance.core import log
from appliance.core.clock import Clock
from appliance.core.errors import Broken
from appliance.core.service import Pulse
from appliance.core.text import Text
from appliance.domain.bundle import Manifest
from appliance.domain.control import NO_SUCH_CALL, Answer
from appliance.domain.doctor import encode_cases
from appliance.domain.ledger import Mark
from appliance.settings.boards import Boards
from appliance.settings.cards import Card as CardSettings
from drivers.boards.board import Fault, Reading

_logger = log.get(__name__)

Given = TypeVar("Given")
Result = TypeVar("Result")

WAIT_S = 0.2
GATHER_S = 0.03
"""Boards bring their sound at moments of their own, ten times a second each: several are taken in one round."""
RENEW_S = 1.0
CALLS_S = 0.25
CHANNELS_S = 1.0
CASES_S = 30.0
RETRY_S = 5.0
MOST_BYTES = 128 << 20
"""Of sound that waits for the disk."""


class BoardDied(Broken):
    """A thread that reads a board ended by itself. Facts: board."""

    text = Text(en="The reader of the board {board} died.", zh="板卡 {board} 的读取线程已终止。")


class _Slot:
    """A board of the settings: its reader, and what is known of it while it is open."""

    def __init__(self, settings: CardSettings, boards: Boards, arrived: threading.Event) -> None:
        self.settings = settings
        self.reader = Reader(settings, boards.trunks, arrived)
        self.card: Card | None = None
        self.lost: Lost | None = None
        self.channels = 0


class Switchboard:
    """All boards of the settings, from start to stop."""

    def __init__(
        self,
        boards: Boards,
        spool: Spool,
        signalling: Path,
        deciding: Deciding,
        news: LiveNews,
        clock: Clock,
        *,
        keeps_keys: bool = True,
    ) -> None:
        """`signalling`: the folder that raw signalling is kept below."""
        self.handed_over = 0
        self.calls_seen = 0
        self.taps = Taps()
        self._boards = boards
        self._keeps_keys = keeps_keys
        self._spool = spool
        self._deciding = deciding
        self._news = news
        self._clock = clock
        self._arrived = threading.Event()
        self._slots = [_Slot(one, boards, self._arrived) for one in boards.cards]
        self._open: dict[str, Card] = {}
        self._trunks = [TrunkLine(one, signalling, self._open) for one in boards.trunks if one.enabled]
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="disk")
        self._pending_bytes = 0
        self._writing: set[asyncio.Future[None]] = set()
        self._finishing: set[asyncio.Future[list[Manifest]]] = set()
        self._renewing: asyncio.Future[None] | None = None
        self._refused: list[Manifest] = []
        self._ended: list[tuple[Card, LineCall]] = []
        self._blocks: list[Block] = []
        self._seen: set[str] = set()
        self._to_renew: dict[str, LineCall] = {}
        self._orders: list[tuple[ControlOrder, Callable[[Answer], None]]] = []
        self._cases: dict[str, bytes] = {}
        self._cases_at_s = clock.mono_s() + CASES_S
        self._calls_at_s = self._channels_at_s = self._renew_at_s = self._retry_at_s = 0.0

    @property
    def calls(self) -> dict[str, LineCall]:
        """Calls that are up."""
        return {
            call.call_id: call
            for slot in self._slots
            if slot.card is not None
            for call in slot.card.calls.values()
        }

    @property
    def cards(self) -> list[Card]:
        """The boards that are open."""
        return [slot.card for slot in self._slots if slot.card is not None]

    @property
    def faults(self) -> list[str]:
        """The names of boards that are not there."""
        return [slot.settings.name for slot in self._slots if slot.lost is not None]

    async def run(self, stopping: asyncio.Event, pulse: Pulse) -> None:
        """Record until `stopping` is set; calls that are up then end with the mark `interrupted`."""
        try:
            while not stopping.is_set():
                await self._round()
                pulse.beat()
        finally:
            await self._end()

    def find(self, call_id: str) -> tuple[Card, LineCall] | None:
        """A call that is up, and its board."""
        for card in self.cards:
            for call in card.calls.values():
                if call.call_id == call_id:
                    return card, call
        return None

    def order(self, order: ControlOrder, answer: Callable[[Answer], None]) -> None:
        """Obey an order after the present round, and answer it then."""
        self._orders.append((order, answer))

    def _act(self, order: ControlOrder) -> Answer:
        found = self.find(order.call_id)
        if found is None:
            return NO_SUCH_CALL, None
        card, call = found
        card.before_control(call)
        refusal = self._deciding.order(call, order.verb, order.by[:100], order.why, card.history.end)
        _logger.info(
            "an order for a call",
            extra={"call": call.call_id, "verb": order.verb, "by": order.by, "accepted": refusal is None},
        )
        return refusal, call.control_now

    async def _round(self) -> None:
        await asyncio.to_thread(self._work)
        orders, self._orders = self._orders, []
        for order, answer in orders:
            answer(self._act(order))
        self._settle()
        mono_s = self._clock.mono_s()
        if self._blocks:
            await self._have_written()
        self._keep_cases()
        self._finish()
        if mono_s >= self._calls_at_s:
            self._calls_at_s = mono_s + CALLS_S
            self._show_calls(mono_s)
        if mono_s >= self._channels_at_s:
            self._channels_at_s = mono_s + CHANNELS_S
            self._show_boards()
        while self._pending_bytes > MOST_BYTES and self._writing:
            await asyncio.wait(self._writing, return_when=asyncio.FIRST_COMPLETED)
            self._settle()

    def _work(self) -> None:
        """Everything that came since the last round; in a thread."""
        if self._arrived.wait(WAIT_S):
            time.sleep(GATHER_S)
        self._arrived.clear()
        for slot in self._slots:
            if slot.reader.failure:
                raise BoardDied(board=slot.settings.name)
            for news in slot.reader.take():
                self._take(slot, news)
        for trunk in self._trunks:
            trunk.tick()
        for card in self.cards:
            self._gather(card)
        self._deciding.tick(self._end_of)
        if self._clock.mono_s() >= self._cases_at_s:
            self._cases_at_s = self._clock.mono_s() + CASES_S
            for card in self.cards:
                self._observed(card)

    def _observed(self, card: Card) -> None:
        """Have what the line doctor observed written down."""
        cases = card.cases()
        if cases:
            self._cases[card.name] = encode_cases(cases)

    def _end_of(self, call: LineCall) -> int:
        return next((card.history.end for card in self.cards if call in card.calls.values()), call.started)

    def _take(self, slot: _Slot, news: News) -> None:
        if isinstance(news, Reading):
            if slot.card is not None:
                for trunk in self._trunks:
                    trunk.take(slot.card, news)
                slot.card.handle(news)
                for trunk in self._trunks:
                    trunk.hear(slot.card, slot.card.mfc)
                self._blocks += slot.card.blocks()
                self._gather(slot.card)
                self.taps.feed(slot.card)
            return
        if slot.card is not None:
            self._give_up(slot.card, Mark.BOARD_GONE)
            slot.card = None
        if isinstance(news, Opened):
            slot.lost = None
            slot.card = Card(slot.settings, news.description, self._boards, self._deciding, self._clock.now())
            slot.card.keeps_keys = self._keeps_keys
            slot.card.take_up(self._spool.cases(slot.settings.name))
            self._open[slot.card.name] = slot.card
            slot.channels = len(news.description.channels)
            _logger.info(
                "a board is read",
                extra={
                    "board": slot.settings.name,
                    "model": news.description.model,
                    "channels": slot.channels,
                },
            )
        else:
            slot.lost = news

    def _give_up(self, card: Card, mark: Mark) -> None:
        self._open.pop(card.name, None)
        self._observed(card)
        card.give_up(mark)
        self._blocks += card.blocks(everything=True)
        self._gather(card)
        self.taps.gone(card)
        card.close()

    def _gather(self, card: Card) -> None:
        """Calls that are over, with the rest of their sound."""
        for call in card.take_ended():
            self._blocks += card.flush(call)
            self.taps.ended(call.call_id)
            self._ended.append((card, call))

    async def _have_written(self) -> None:
        blocks, self._blocks = self._blocks, []
        count = sum(len(block.codes) for block in blocks)
        self._pending_bytes += count
        task = self._in_order(self._spool.write, blocks)
        self._writing.add(task)
        task.add_done_callback(lambda _: self._written(count))

    def _keep_cases(self) -> None:
        if self._cases:
            cases, self._cases = self._cases, {}
            self._writing.add(self._in_order(self._spool.keep_cases, cases))

    def _written(self, count: int) -> None:
        self._pending_bytes -= count

    def _finish(self) -> None:
        ended, self._ended = self._ended, []
        for card, call in ended:
            self._to_renew.pop(call.call_id, None)
            self._seen.discard(call.call_id)
            self._news.gone(call.call_id)
            self.calls_seen += 1
            lengths = {(call.call_id, line.file): line.length_until(call) for line in call.lines}
            self._finishing.add(
                self._in_order(self._hand_over, [(call.manifest(card.name, complete=True), lengths)])
            )

    def _hand_over(self, ended: list[tuple[Manifest, dict[tuple[str, str], int]]]) -> list[Manifest]:
        for _, lengths in ended:
            for (call_id, file), samples in lengths.items():
                self._spool.shorten(call_id, file, samples)
        return self._spool.finish([manifest for manifest, _ in ended])

    def _show_calls(self, mono_s: float) -> None:
        for call in self.calls.values():
            if call.is_changed:
                call.is_changed = False
                self._news.call(call)
                self._to_renew[call.call_id] = call
        is_idle = self._renewing is None or self._renewing.done()
        if self._to_renew and is_idle and mono_s >= self._renew_at_s:
            self._renew_at_s = mono_s + RENEW_S
            contents = {
                call_id: Spool.encode(call.manifest("", complete=False))
                for call_id, call in self._to_renew.items()
            }
            self._to_renew.clear()
            self._renewing = self._in_order(self._spool.renew, contents)

    def _show_boards(self) -> None:
        self._in_order_quietly(self._spool.look)
        for slot in self._slots:
            name = slot.settings.name
            self._news.board(slot.settings, slot.card, slot.lost, self._deciding.over_licence[name])
            self._news.channels(slot.settings, slot.card, slot.channels, self._deciding.recorded(name))

    def _settle(self) -> None:
        """Look after what the disk thread has done; failures of it end the program."""
        done = {task for task in self._writing if task.done()}
        self._writing -= done
        for task in done:
            task.result()
        finished = {task for task in self._finishing if task.done()}
        self._finishing -= finished
        for closed in finished:
            refused = closed.result()
            self._refused += refused
            if not refused:
                self.handed_over += 1
                self._news.handed_over("")
        if self._renewing is not None and self._renewing.done():
            self._renewing.result()
        mono_s = self._clock.mono_s()
        if self._refused and mono_s >= self._retry_at_s:
            self._retry_at_s = mono_s + RETRY_S
            again, self._refused = self._refused, []
            self._finishing.add(self._in_order(self._spool.finish, again))

    async def _end(self) -> None:
        for slot in self._slots:
            await asyncio.to_thread(slot.reader.close)
            if slot.card is not None:
                self._give_up(slot.card, Mark.INTERRUPTED)
                slot.card = None
            slot.lost = slot.lost or Lost(Fault.GONE, "")
        for trunk in self._trunks:
            trunk.close()
        await self._have_written()
        self._keep_cases()
        self._finish()
        waiting: set[asyncio.Future[None] | asyncio.Future[list[Manifest]]] = {
            *self._writing,
            *self._finishing,
        }
        if waiting:
            await asyncio.wait(waiting)
        self._settle()
        if self._finishing:
            await asyncio.wait(self._finishing)
        await asyncio.to_thread(self._disk.shutdown)
        self._spool.close()
        for one in self._boards.cards:
            self._news.forget(one.name)
        _logger.info("boards ended", extra={"calls": self.calls_seen, "handed_over": self.handed_over})

    def _in_order(self, act: Callable[[Given], Result], given: Given) -> asyncio.Future[Result]:
        return asyncio.get_running_loop().run_in_executor(self._disk, act, given)

    def _in_order_quietly(self, act: Callable[[], None]) -> None:
        self._writing.add(asyncio.get_running_loop().run_in_executor(self._disk, act))
