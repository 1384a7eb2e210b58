"""What was seen of the listed extensions since the commissioning began, gathered from the live news and the ledger.

Live figures vanish with a call and its record comes seconds later: what the news said is kept until the ledger
says it better. Everything is made anew from the ledger after a restart. Belongs to the event loop's thread.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec

from appliance.bus.topics import LiveCall, StreamNow
from appliance.core import log
from appliance.core.clock import Clock
from appliance.core.errors import ApplianceError
from appliance.domain.access import EVERYTHING
from appliance.domain.bundle import Record, StreamKind
from appliance.domain.call import CallState, Side
from appliance.domain.commissioning import (
    CallSeen,
    NumberBook,
    Registered,
    Row,
    Surroundings,
    judge,
    number_key,
)
from appliance.domain.ledger import Reason
from appliance.settings.capture import Capture
from appliance.store import calls as ledger
from appliance.store import commissioning as store
from appliance.store.commissioning import Commissioning
from webadmin.live import Live, Say

_logger = log.get(__name__)

MAX_SEEN = 5000
_RECENT = 12
_STRAY_PACKETS = 100

Ask = Callable[..., Awaitable[Any]]
"""Runs a function of the store on a thread."""


class Watch:
    """Follows the calls of one list of extensions."""

    def __init__(self, live: Live, clock: Clock) -> None:
        self.current: Commissioning | None = None
        self._live = live
        self._clock = clock
        self._book = NumberBook(())
        self._seen: dict[str, CallSeen] = {}
        self._over: set[str] = set()
        self._before: dict[str, dict[str, int]] = {}
        self._unbound: deque[int] = deque(maxlen=_RECENT)
        self._loading = asyncio.Lock()
        self._is_loaded = False
        self._is_behind = False
        live.listen(self._hear)

    async def load(self, ask: Ask) -> None:
        """Take up what a former run left, once, and records that have come since.

        Raises: what the index raises; the next call tries again
        """
        async with self._loading:
            if not self._is_loaded:
                self._begin(await ask(store.load))
                self._is_loaded = True
                self._is_behind = True
            if self.current is not None and self._is_behind:
                for record in await ask(store.records_since, self.current):
                    self._keep(seen_in_record(record))
                self._is_behind = False
            for call_id in tuple(self._over):
                record = await ask(ledger.get, call_id, scope=EVERYTHING)
                self._over.discard(call_id)
                if record is not None:
                    self._keep(seen_in_record(record))

    async def follow(self, ask: Ask) -> None:
        """As `load`, from time to time; trouble with the index is logged and left for the next time."""
        try:
            await self.load(ask)
        except ApplianceError as error:
            _logger.warning("commissioning waits for the index", extra={"problem": error.message()})

    async def change(self, ask: Ask, wanted: Commissioning | None, *, is_new: bool) -> None:
        """Another list, or (None) none; a new start forgets what was seen."""
        await self.load(ask)
        await (ask(store.end) if wanted is None else ask(store.save, wanted))
        seen, before = self._seen, self._before
        self._begin(wanted)
        if wanted is not None and not is_new:
            self._seen = seen | self._seen
            self._before = before
            self._is_behind = True  # calls of extensions that were added now
        await self.load(ask)

    def rows(self, capture: Capture) -> list[Row]:
        """The list, judged."""
        if self.current is None:
            return []
        around = self.surroundings(capture)
        return judge(self.current.extensions, self._seen.values(), around, self._registered())

    def _registered(self) -> dict[str, Registered]:
        return {
            number_key(one.number): Registered(number=one.number, at=one.at, address=one.address)
            for one in self._live.registered.values()
        }

    def surroundings(self, capture: Capture) -> Surroundings:
        """The mirror ports since the start of the commissioning, or of this program when that was later."""
        ports = sorted(self._live.intake.items())
        recorder = self._live.programs.get("recorder")
        is_alive = recorder is None or recorder.alive
        return Surroundings(
            interface=", ".join(port.interface for _, port in ports),
            is_recording=bool(ports) and is_alive,
            has_link=any(port.link_up for _, port in ports),
            packets=self._since("packets"),
            sip=self._since("sip_udp") + self._since("sip_tcp"),
            audio=self._since("rtp"),
            sip_ports=tuple(capture.sip_ports),
            finds_sip_anywhere=capture.sip_anywhere,
            knows_trunks=bool(capture.service_addresses),
        )

    def _begin(self, wanted: Commissioning | None) -> None:
        self.current = wanted
        self._book = NumberBook(wanted.extensions if wanted else ())
        self._seen = {}
        self._over = set()
        self._before = {key: dict(port.counters) for key, port in self._live.intake.items()} if wanted else {}
        if wanted is not None:
            self._look(self._live.calls)

    def _since(self, counter: str) -> int:
        """How much a counter has grown on all ports; one that fell was begun anew."""
        total = 0
        for key, port in self._live.intake.items():
            now, before = port.counters.get(counter, 0), self._before.get(key, {}).get(counter, 0)
            total += now - before if now >= before else now
        return total

    def _hear(self, key: tuple[str, str], _: Say) -> None:
        if self.current is None:
            return
        kind, subject = key
        if kind == "call":
            self._look((subject,))
        elif kind == "media":
            self._look(self._live.calls)
        elif kind == "hello":
            self._look(self._live.calls)
            self._is_behind = True  # calls may have come and gone while no news did
        elif kind == "intake":
            self._unbound.append(sum(p.counters.get("rtp_unbound", 0) for p in self._live.intake.values()))
        elif kind == "indexed" and subject in self._seen:
            self._over.add(subject)

    def _look(self, call_ids: Iterable[str]) -> None:
        for call_id in call_ids:
            call = self._live.calls.get(call_id)
            if call is None:
                self._close(call_id)
            elif self._concerns(call):
                media = self._live.media.get(call_id, {})
                known = self._seen.get(call_id)
                seen = seen_live(call, media, self._clock.now(), saw_unbound=self._hears_strays())
                self._keep(seen if known is None else _joined(known, seen))

    def _concerns(self, live: LiveCall) -> bool:
        call = live.call
        return any(self._book.find(party.number) is not None for party in (call.caller, call.callee))

    def _hears_strays(self) -> bool:
        """Whether audio that no signalling announced keeps arriving."""
        return len(self._unbound) > 1 and self._unbound[-1] - self._unbound[0] >= _STRAY_PACKETS

    def _close(self, call_id: str) -> None:
        known = self._seen.get(call_id)
        if known is not None and not known.is_over:
            self._seen[call_id] = _replaced(known, is_over=True)

    def _keep(self, seen: CallSeen) -> None:
        known = self._seen.get(seen.call_id)
        if known is not None and known.saw_unbound and not seen.saw_unbound:
            seen = _replaced(seen, saw_unbound=True)
        self._seen[seen.call_id] = seen
        if self.current is not None and len(self._seen) > MAX_SEEN:
            rows = judge(self.current.extensions, self._seen.values(), Surroundings())
            best = {row.call.call_id for row in rows if row.call is not None}
            self._seen = {call_id: kept for call_id, kept in self._seen.items() if call_id in best}


def seen_live(live: LiveCall, media: dict[str, StreamNow], now: datetime, *, saw_unbound: bool) -> CallSeen:
    """A call in progress as far as it has shown."""
    call = live.call
    return CallSeen(
        call_id=call.call_id,
        at=call.started_at,
        caller=call.caller.number,
        callee=call.callee.number,
        caller_address=call.caller.address,
        callee_address=call.callee.address,
        direction=call.direction,
        is_answered=call.answered_at is not None,
        is_over=call.state is CallState.ENDED,
        is_encrypted=live.encrypted,
        up_s=(now - call.answered_at).total_seconds() if call.answered_at else 0.0,
        packets={Side(side): now_.packets for side, now_ in media.items()},
        lost={Side(side): now_.lost for side, now_ in media.items()},
        saw_unbound=saw_unbound,
        status_code=call.status_code,
    )


def seen_in_record(record: Record) -> CallSeen:
    """A call that is over, as the ledger has it."""
    call = record.call
    streams = [one for one in record.tracks or record.manifest.streams if one.kind is StreamKind.AUDIO]
    return CallSeen(
        call_id=call.call_id,
        at=call.started_at,
        caller=call.caller.number,
        callee=call.callee.number,
        caller_address=call.caller.address,
        callee_address=call.callee.address,
        direction=call.direction,
        is_answered=call.answered_at is not None,
        is_over=True,
        is_encrypted=record.reason is Reason.ENCRYPTED,
        up_s=call.talk_s,
        packets={side: sum(one.packets for one in streams if one.side is side) for side in Side},
        lost={side: sum(one.lost for one in streams if one.side is side) for side in Side},
        status_code=call.status_code,
    )


def _joined(known: CallSeen, newer: CallSeen) -> CallSeen:
    """The newer state with figures that never fall: the first news of a change may come without them."""
    most = {side: max(known.packets.get(side, 0), newer.packets.get(side, 0)) for side in Side}
    return _replaced(
        newer,
        packets={side: count for side, count in most.items() if count},
        lost=newer.lost or known.lost,
        saw_unbound=known.saw_unbound or newer.saw_unbound,
    )


def _replaced(seen: CallSeen, **changes: Any) -> CallSeen:
    return msgspec.structs.replace(seen, **changes)
