"""A recorder at work: polls the engine, keeps the books, secures and hands over bundles, tells the news.

The event loop polls in a thread and keeps the books itself, and never asks the disk for anything. Folders of calls that
begin are made in a thread of their own; another one does everything else that may wait for the disk, in order, so that a
slow disk delays the hand-over and never the capture.
Source: RFC 3550 §6.4.1 (running figures)
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from appliance.capture.bundles import Bundles
from appliance.capture.engine import LIVE_BATCH, PacketEngine
from appliance.capture.leg import Leg
from appliance.capture.live import LiveNews
from appliance.capture.mirror import Mirror
from appliance.capture.resumption import recount
from appliance.capture.seen import EngineEvent, NetsSeen
from appliance.capture.waiting import Notebook
from appliance.core import log
from appliance.core.clock import Clock, JumpDetector
from appliance.core.service import Pulse
from appliance.core.text import Language, Text
from appliance.domain.bundle import Manifest
from appliance.domain.ledger import Mark
from appliance.domain.selftest import LINE

_logger = log.get(__name__)

Given = TypeVar("Given")
Result = TypeVar("Result")

POLL_MS = 100
PAUSE_S = 0.02
"""Between two polls: batches stay worth their overhead, and media that came first is held by the engine."""
SHOW_S = 0.25
RENEW_S = 1.0
"""Between two rounds of writing the manifests of open calls; the packets of their signalling are on disk anyway."""
COUNT_S = 1.0
CALLS_AT_ONCE = 400
"""Of more calls the statistics are looked at in turns, so that their cost does not grow with the calls …"""
MOST_TURNS = 10
"""… and each call's at least so often. Units: multiples of `COUNT_S`."""
MOST_LEFT = 100
"""So many polls at the end empty the engine's queue, were it full."""
_NETS_NS = 5_000_000_000
"""Between two looks at VLANs and subnets, which go through all flows."""
RETRY_S = 5.0
TICK_NS = 100_000_000
"""Between two looks at what time alone brings about in signalling: each goes through all calls."""
CLOSED_TOGETHER = 2000
"""At most; a turn costs a synchronisation of the disk, which takes seconds where others write much."""
NOTE_S = 1.0
"""Between two notes of what waits for an answer: so much of a scan is lost when the program is killed."""
ATTEMPTS_S = 2.0
"""Between two looks at attempts of calls that nobody answered, which are made into rows while nothing better is to do."""
MOST_OVER = 8000
"""So many calls may wait for the disk to be handed over, then signalling waits, in the engine, whose queue is bounded.
Units: calls; 40 seconds of a storm, minutes of a busy hour"""
STOOD_STILL_S = 1.0
"""Between two rounds: then this program was not let run, and packets of the meantime still wait in the ring."""

_LOSSES = ("kernel_drops", "message_overflow", "event_overflow", "flow_overflow", "hold_overflow")


class Session:
    """One engine's recording from start to stop."""

    def __init__(
        self,
        engine: PacketEngine,
        mirror: Mirror,
        bundles: Bundles,
        news: LiveNews,
        clock: Clock,
        *,
        is_live: bool,
        listen: Callable[[], Awaitable[None]] | None = None,
        left_over: Sequence[Manifest] = (),
    ) -> None:
        """`listen` is done after each batch; `left_over` are attempts of an earlier session that have no rows yet."""
        self.handed_over = 0
        self._engine = engine
        self._mirror = mirror
        self._bundles = bundles
        self._news = news
        self._clock = clock
        self._listen = listen
        self._jumps = JumpDetector(clock) if is_live else None
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="disk")
        self._folders = ThreadPoolExecutor(max_workers=1, thread_name_prefix="folders")
        self._making: asyncio.Future[None] | None = None
        self._notebook = Notebook(bundles.layout, engine)
        self._noting: asyncio.Future[None] | None = None
        self._note_at_s = 0.0
        self._renewing: asyncio.Future[None] | None = None
        self._over: deque[Leg] = deque()
        self._finishing: asyncio.Future[list[Manifest]] | None = None
        self._refused: list[Manifest] = []
        self._attempting: asyncio.Future[int] | None = None
        self._attempts = list(left_over)
        self._attempts_at_s = 0.0
        self._is_ending = False
        self._to_renew: dict[str, Leg] = {}
        self._losses = 0
        self._turn = 0
        self._renew_at_s = 0.0
        self._counted_ns = 0
        self._nets = NetsSeen()
        self._nets_ns = 0
        self._ticked_ns = 0
        self._show_at_s = self._count_at_s = self._retry_at_s = 0.0
        self._round_s = clock.mono_s()
        self._judge_at_s = 0.0

    async def run(self, stopping: asyncio.Event, pulse: Pulse) -> None:
        """Record until `stopping` is set or the capture files are read.

        Calls that are up then are ended and handed over when there is nothing more to read, else left as they are: the
        next session goes on with them, or whoever finds that none comes closes them.
        Raises: EngineDead
        """
        try:
            while not stopping.is_set() and not self._mirror.origin.has_ended:
                await self._round()
                pulse.beat()
        finally:
            await self._end()

    async def _round(self) -> None:
        batch = await self._poll()
        if self._jumps is not None and (jump_s := self._jumps.jump_s()):
            _logger.warning("the clock was set", extra={"jump_s": round(jump_s, 3)})
            self._mirror.clock_jumped(jump_s)
        self._mirror.handle(batch)
        self._make()
        self._note(self._clock.mono_s())
        if self._listen is not None:
            await self._listen()
        now_ns = self._engine.now_ns()
        mono_s = self._clock.mono_s()
        if self._jumps is not None and mono_s - self._round_s > STOOD_STILL_S:
            self._judge_at_s = mono_s + max(2 * STOOD_STILL_S, mono_s - self._round_s)
        self._round_s = mono_s
        if abs(now_ns - self._ticked_ns) >= TICK_NS:
            self._ticked_ns = now_ns
            self._mirror.tick(now_ns)
        if mono_s >= self._show_at_s:
            self._show_at_s = mono_s + SHOW_S
            self._show(mono_s)
        if mono_s >= self._count_at_s:
            self._count_at_s = mono_s + COUNT_S
            self._count(now_ns, is_judged=mono_s >= self._judge_at_s)
        self._finish(self._mirror.take_due(now_ns))
        self._settle(mono_s)
        if len(batch) < LIVE_BATCH and len(self._over) < CLOSED_TOGETHER:
            self._note_attempts(mono_s)
        if self._jumps is not None:
            await asyncio.sleep(PAUSE_S)

    async def _poll(self) -> list[EngineEvent]:
        """What the engine has seen since; nothing while too many calls wait for the disk."""
        if len(self._over) >= MOST_OVER and self._finishing is not None:
            await asyncio.wait({self._finishing}, timeout=POLL_MS / 1000)
            return []
        return await asyncio.to_thread(self._engine.poll, POLL_MS)

    def _make(self) -> None:
        """Have the folders of calls that began made; failures end the program."""
        if self._making is not None and self._making.done():
            self._making.result()
            self._making = None
        if self._making is None and self._bundles.is_behind:
            loop = asyncio.get_running_loop()
            self._making = loop.run_in_executor(self._folders, self._bundles.make)

    def _note(self, mono_s: float) -> None:
        """Have noted which calls wait for an answer, behind the rows of those that do no more."""
        if (
            self._jumps is None
            or mono_s < self._note_at_s
            or not (self._noting is None or self._noting.done())
        ):
            return
        if self._noting is not None:
            self._noting.result()
        self._note_at_s = mono_s + NOTE_S
        self._noting = self._in_order(self._write_note, None)

    def _write_note(self, _given: None) -> None:
        if not self._attempts:  # else those have no rows yet, and the engine knows nothing of them
            self._notebook.note()

    def _show(self, mono_s: float) -> None:
        changed = self._mirror.take_changed()
        self._news.calls(changed)
        self._to_renew.update((leg.call_id, leg) for leg in changed)
        if mono_s < self._renew_at_s:
            return
        if self._to_renew and (self._renewing is None or self._renewing.done()):
            self._renew_at_s = mono_s + RENEW_S
            contents = {
                call_id: Bundles.encode(leg.manifest(self._mirror.interface, complete=False))
                for call_id, leg in self._to_renew.items()
                if call_id in self._mirror.legs
            }
            self._to_renew.clear()
            self._renewing = self._in_order(self._bundles.renew, contents)

    def _count(self, now_ns: int, *, is_judged: bool) -> None:
        """Look at the statistics; unless it `is_judged`, no call ends for want of media."""
        turns = min(MOST_TURNS, 1 + len(self._mirror.legs) // CALLS_AT_ONCE)
        self._turn = (self._turn + 1) % turns
        counts = self._engine.streams(self._turn, turns)
        self._mirror.media_counted(counts, now_ns if is_judged else 0, of_all=turns == 1)
        self._news.media(counts, self._mirror.legs)
        self._news.registered(self._mirror.registrations.take_new())
        counters = self._engine.counters()
        losses = sum(counters.get(name, 0) for name in _LOSSES)
        if losses > self._losses:
            self._mirror.capture_lost(self._counted_ns or now_ns, now_ns, losses - self._losses)
            self._losses = losses
        self._counted_ns = now_ns
        counters |= self._mirror.counters
        sightings = self._mirror.sightings
        sightings.counted(counts, now_ns)
        told = counters | sightings.figures(now_ns)
        if now_ns - self._nets_ns >= _NETS_NS:
            self._nets_ns, self._nets = now_ns, self._engine.counters_by_net()
        nets = self._nets
        missing_from = sightings.missing_from(now_ns, nets.vlans)
        # The test line brings nothing of the customer's, and is silent most of the time.
        ports = {name: own for name, own in self._engine.counters_by_interface().items() if name != LINE}
        if self._mirror.interface == LINE:
            return
        if len(ports) < 2:
            self._news.intake(
                self._mirror.interface,
                told,
                is_link_up=self._mirror.origin.is_link_up,
                missing_from=missing_from,
                nets=nets,
            )
            return
        for interface, own in ports.items():
            # What is counted for all ports together is told once, with the first.
            self._news.intake(
                interface,
                told | own,
                is_link_up=not own["link_down"],
                missing_from=missing_from,
                nets=nets,
            )
            told, missing_from, nets = {}, "", NetsSeen()

    def _finish(self, legs: list[Leg]) -> None:
        """To be handed over in the disk thread; once they are given to it nobody else touches these legs."""
        for leg in legs:
            self._to_renew.pop(leg.call_id, None)
            self._news.gone(leg.call_id)
        self._over.extend(legs)
        self._hand_on()

    def _hand_on(self) -> None:
        """Give the disk thread what is over, together: the later it comes to it, the cheaper is each."""
        if self._finishing is None and self._over:
            legs = [self._over.popleft() for _ in range(min(len(self._over), CLOSED_TOGETHER))]
            self._finishing = self._in_order(self._close, legs)

    def _close(self, legs: list[Leg]) -> list[Manifest]:
        manifests = []
        counts = self._engine.close_all([leg.call_id for leg in legs])
        for leg, streams in zip(legs, counts, strict=True):
            leg.counted(streams)
            manifests.append(leg.manifest(self._mirror.interface, complete=True))
            if leg.resumed_ns:
                recount(manifests[-1], leg, self._bundles.layout.spool_open / leg.call_id)
            self._mirror.sightings.over(manifests[-1])
        return self._hand_over(manifests)

    def _note_attempts(self, mono_s: float) -> None:
        """Give the disk thread what nobody answered."""
        if mono_s < self._attempts_at_s or self._attempting is not None:
            return
        self._attempts_at_s = mono_s + ATTEMPTS_S
        self._attempting = self._in_order(self._write_attempts, CLOSED_TOGETHER)

    def _write_attempts(self, most: int) -> int:
        """Make rows of some attempts and hand them over; how many. What the disk refused is tried again first."""
        if not self._attempts:
            seen = self._engine.attempts(most, is_last=self._is_ending)
            told = [self._mirror.attempts.manifest(one, is_cut=self._is_ending) for one in seen]
            self._attempts = [one for one in told if one is not None]
        some = self._attempts[:most]
        if not some or not self._bundles.finish_attempts(some):
            return 0
        del self._attempts[: len(some)]
        return len(some)

    def _attempts_written(self, count: int) -> None:
        if count:
            self._mirror.calls_seen += count
            self.handed_over += count
            self._news.handed_over([""])

    def _hand_over(self, manifests: list[Manifest]) -> list[Manifest]:
        refused = self._bundles.finish(manifests)
        self.handed_over += len(manifests) - len(refused)
        return refused

    def _settle(self, mono_s: float) -> None:
        """Look after what the disk thread has done; failures of it end the program."""
        if self._finishing is not None and self._finishing.done():
            self._refused.extend(self._finishing.result())
            self._finishing = None
            self._news.handed_over([""])
        if self._renewing is not None and self._renewing.done():
            self._renewing.result()
        if self._attempting is not None and self._attempting.done():
            count = self._attempting.result()
            self._attempts_written(count)
            self._attempting = None
            if count == CLOSED_TOGETHER:  # there are more
                self._attempts_at_s = mono_s
        if self._refused and self._finishing is None and mono_s >= self._retry_at_s:
            self._retry_at_s = mono_s + RETRY_S
            again, self._refused = self._refused, []
            self._finishing = self._in_order(self._hand_over, again)
        self._hand_on()

    async def _end(self) -> None:
        for _ in range(MOST_LEFT):
            if not self._engine.counters().get("events_now"):
                break
            self._mirror.handle(await asyncio.to_thread(self._engine.poll, 0))
        now_ns = self._engine.now_ns()
        self._mirror.media_counted(self._engine.streams(), now_ns)
        is_left = self._jumps is not None and not self._mirror.origin.has_ended
        if not is_left:
            self._mirror.end_all(now_ns, Mark.INTERRUPTED if self._jumps is not None else None)
        legs = self._mirror.take_due(None)
        self._news.calls(legs)
        self._finish(legs)
        if self._attempting is not None:
            self._attempts_written(await self._attempting)
        self._is_ending = True
        while count := await self._in_order(self._write_attempts, CLOSED_TOGETHER):
            self._attempts_written(count)
        if not self._attempts:
            await self._in_order(Notebook.close, self._notebook)
        left = self._mirror.live
        while self._finishing is not None:
            await asyncio.wait({self._finishing})
            self._settle(self._clock.mono_s())
        await self._in_order(self._leave, left)  # behind all that was to be done in order
        for leg in left:
            self._news.gone(leg.call_id)
        await asyncio.to_thread(self._folders.shutdown)
        await asyncio.to_thread(self._disk.shutdown)
        await asyncio.to_thread(self._engine.stop)
        told = {"calls": self._mirror.calls_seen, "handed_over": self.handed_over, "left": len(left)}
        _logger.info("capture ended", extra=told)

    def _leave(self, legs: list[Leg]) -> None:
        """Bring what is known of calls that are up to the disk; their bundles stay open."""
        if not legs:
            return
        self._engine.close_all([leg.call_id for leg in legs])
        interface = self._mirror.interface
        self._bundles.leave(
            {leg.call_id: Bundles.encode(leg.manifest(interface, complete=False)) for leg in legs}
        )

    def _in_order(self, act: Callable[[Given], Result], given: Given) -> asyncio.Future[Result]:
        return asyncio.get_running_loop().run_in_executor(self._disk, act, given)


_STATUS = Text(
    en="{up} calls up, {seen} seen, {handed_over} handed over",
    zh="当前通话 {up}，累计 {seen}，已移交 {handed_over}",
)
_DISK_FULL = Text(en="DISK FULL", zh="磁盘已满")
_LINK_DOWN = Text(en="LINK DOWN", zh="链路断开")


def status_line(mirror: Mirror, handed_over: int, language: Language = "en", problem: str = "") -> str:
    """One line on what is going on, for `systemctl status` and the page."""
    words = [_STATUS.render(language, up=len(mirror.live), seen=mirror.calls_seen, handed_over=handed_over)]
    if mirror.origin.is_disk_full:
        words.append(_DISK_FULL.render(language))
    if not mirror.origin.is_link_up:
        words.append(_LINK_DOWN.render(language))
    if problem:
        words.append(problem)
    return ("，" if language == "zh" else ", ").join(words)
