"""Boards that are plugged in and in no settings yet, each with the settings that would add it."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from appliance.settings.cards import CARD_CHOICES, Alsa, Card, Dahdi, spans_of
from appliance.system import plugged
from appliance.system.plugged import LineCard
from webadmin.operation import Asked

_NAMES = 100


class FoundBoard(msgspec.Struct, frozen=True, kw_only=True):
    """What is plugged in; `settings` is the entry of `boards.cards` that would record it."""

    kind: str
    kind_text: str
    model: str
    channels: int
    settings: dict[str, Any]


async def found(asked: Asked[Any, Any]) -> list[FoundBoard]:
    """What the settings do not name yet. Those of its settings that have to differ do."""
    report = await asked.panel.read(plugged.read, asked.panel.layout)
    cards, live = asked.panel.settings.boards.cards, asked.panel.live.boards
    states = [live.get(card.name) for card in cards]
    used = [
        card.first_channel + (state.channels if state is not None else 1)
        for card, state in zip(cards, states, strict=True)
    ]
    spans = [
        card.first_span + len(state.spans)
        for card, state in zip(cards, states, strict=True)
        if state is not None
    ]
    return [
        FoundBoard(
            kind=one.kind,
            kind_text=CARD_CHOICES[one.kind].render(asked.language),
            model=one.model,
            channels=one.channels,
            settings={
                "kind": one.kind,
                "name": _name(one, {card.name for card in cards}),
                "first_channel": max(used, default=1),
                **({"device": one.device} if one.device else {"spans": _spans(one), "first_span": max(spans, default=1)}),
            },
        )
        for one in (report.cards if report is not None else [])
        if not any(_is(card, one) for card in cards)
    ]  # fmt: skip


def _is(card: Card, one: LineCard) -> bool:
    """Whether settings name a board that is plugged in. A device may be named through the library's converter or not."""
    match card:
        case Alsa():
            return bool(one.device) and card.device.partition(":")[2] == one.device.partition(":")[2]
        case Dahdi():
            return bool(one.spans) and (not card.spans or not spans_of(card).isdisjoint(one.spans))
        case _:
            return False


def _spans(one: LineCard) -> str:
    return ",".join(str(number) for number in one.spans)


def _name(one: LineCard, taken: Sequence[str] | set[str]) -> str:
    sound = one.device.partition("CARD=")[2].partition(",")[0]
    stem = re.sub(r"[^\w .-]+", " ", sound or f"DAHDI {_spans(one)}")[:24].strip()
    names = (stem, *(f"{stem} {number}" for number in range(2, _NAMES)))
    return next((name for name in names if name not in taken), stem)
