"""The program of the boards in real time, with every channel recorded; then each sample of each recording is looked at.

    python -m tests.bench.lines --seconds 600

What each channel brought is known (`line_card`), so a recording is compared with it octet by octet, from the answer to
the end of its call: what is missing, moved or another one is a gap of that channel. All of it is done when the program that is
measured has done its work. CPU is in per cent of one core, user + system of all threads, for the sound during which all calls are up.
"""

import argparse
import os
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from appliance.core.files import MANIFEST_FILE, Layout
from appliance.domain.bundle import Manifest
from appliance.domain.line import RATE_HZ
from appliance.settings.storage import load, save, validate
from appliance.system.runner import daemon_command
from tests.bench import line_card
from tests.bench.line_card import BLOCK, Brought, Load
from tests.rigs.daemons import daemons
from tests.rigs.patience import until

ANALOG, E1, PATIENCE_S = 320, 32, 4.0
_SECOND_CARD = 2001
_ONE = 80
"""Wrong samples with fewer right ones between them are one gap: what is wrong may be right by chance."""


class Gap(NamedTuple):
    """A stretch of a channel that is not in its recording. Units: samples since its card was opened."""

    at: int
    samples: int


class Card(NamedTuple):
    """A card of the run: what it had to bring, what it brought, and the gaps of each of its channels that had a call."""

    name: str
    load: Load
    brought: Brought
    gaps: dict[int, list[Gap]]


def report(
    folder: Path, seconds: float, analog: int = ANALOG, e1: int = E1, patience_s: float = PATIENCE_S
) -> None:
    """Print what it cost, and the account of the channels."""
    print(
        f"Lines in real time for {seconds:.0f} s: {analog} analog, {e1} E1 tapped in both directions, a call on every channel,"
        f" {patience_s:.0f} s of buffers"
    )
    loads = {
        "analog lines": Load(lines=analog, talk_s=seconds, patience_s=patience_s),
        "channels of trunks": Load(e1=e1, talk_s=seconds, patience_s=patience_s),
    }
    with tempfile.TemporaryDirectory(dir=folder) as data:
        layout = Layout(Path(data)).make()
        paths = {name: layout.data / f"card-{at}.json" for at, name in enumerate(loads)}
        for name, one in loads.items():
            paths[name].write_bytes(msgspec.json.encode(one))
        _use(layout, [(paths[name], one) for name, one in loads.items()])
        with daemons(layout) as running:
            running.broker()
            running.start("boards", by=[*_program(), *daemon_command("boards", layout.data)[3:]])
            told = [path.with_suffix(".told") for path in paths.values()]
            patient_s = seconds + 600 + patience_s
            until(lambda: all(path.exists() for path in told), patient_s, "the cards to have brought all")
            calls = sum(one.calls for one in loads.values())
            until(lambda: _count(layout) >= calls or running.ended("boards"), 600, "the recordings")
            running.stop("boards")
        brought = [msgspec.json.decode(path.read_bytes(), type=Brought) for path in told]
        begin, end = loads["analog lines"].steady()
        print(
            f"  the program of the boards: {brought[0].cpu_s / ((end - begin) / 10):.1%} of a core,"
            f" {max(one.most_kib for one in brought) / 1024:.0f} MiB at most"
        )
        for at, (name, one) in enumerate(loads.items()):
            first = 1 if at == 0 else _SECOND_CARD
            _tell(Card(name, one, brought[at], _account(layout, one, brought[at], first)), first)


def _program() -> list[str]:
    command = daemon_command("boards", Path())
    return [*command[:2], line_card.__name__]


def _use(layout: Layout, cards: list[tuple[Path, Load]]) -> None:
    settings = load(layout)
    content = msgspec.to_builtins(settings)
    content["capture"]["keep_free_mib"] = 16
    content["boards"] = {
        "longest_min": 60,
        "cards": [
            {
                "kind": "replay",
                "name": path.stem,
                "scenario": str(path),
                "first_channel": _SECOND_CARD if one.e1 else 1,
            }
            for path, one in cards
        ],
        "trunks": [
            {
                "name": f"PRI {e1 + 1}",
                "lines": [{"first_span": 2 * e1 + 1, "second_span": 2 * e1 + 2}],
                "signalling": {"kind": "isdn"},
            }
            for _, one in cards
            for e1 in range(one.e1)
        ],
    }
    save(layout, validate(content), settings.revision)


def _count(layout: Layout) -> int:
    with os.scandir(layout.spool_ready) as entries:
        return sum(1 for _ in entries)


def _account(layout: Layout, one: Load, brought: Brought, first: int) -> dict[int, list[Gap]]:
    """The gaps of each channel with a call, by its place."""
    blocks = line_card.sound(len(one.description().channels))
    right: dict[int, list[Gap]] = defaultdict(list)
    gaps: dict[int, list[Gap]] = defaultdict(list)
    for folder in layout.spool_ready.iterdir():
        manifest = msgspec.json.decode((folder / MANIFEST_FILE).read_bytes(), type=Manifest)
        for line in manifest.lines:
            place = line.channel - first
            if not 0 <= place < len(one.description().channels):
                continue
            stored = np.fromfile(folder / line.file, np.uint8)
            at = round((line.starts_at.timestamp() - brought.began_ns / 1e9) * RATE_HZ)
            right[place].append(Gap(at, stored.size))
            wrong = np.flatnonzero(stored != line_card.expected(blocks, place, at, stored.size))
            for piece in np.split(wrong, np.flatnonzero(np.diff(wrong) > _ONE) + 1):
                if piece.size:
                    gaps[place].append(Gap(at + int(piece[0]), int(piece[-1] - piece[0]) + 1))
    found = {}
    for place in range(len(one.description().channels)):
        call = one.call_of(place)
        if call is not None:
            begin, end = one.begins(call) * BLOCK, one.ends(call) * BLOCK
            missing = _missing(sorted(right[place]), begin, end)
            found[place] = missing + [gap for gap in gaps[place] if begin <= gap.at < end]
    return found


def _missing(stored: list[Gap], begin: int, end: int) -> list[Gap]:
    """What no file holds of a call."""
    found = []
    for at, samples in stored:
        if at > begin:
            found.append(Gap(begin, min(at, end) - begin))
        begin = max(begin, at + samples)
    if begin < end:
        found.append(Gap(begin, end - begin))
    return found


def _tell(card: Card, first: int) -> None:
    spoilt = {place: gaps for place, gaps in card.gaps.items() if gaps}
    calls = [call for place in card.gaps if (call := card.load.call_of(place)) is not None]
    samples = sum(card.load.ends(call) - card.load.begins(call) for call in calls) * BLOCK
    lost = np.isin(np.arange(card.brought.blocks), card.brought.lost).repeat(BLOCK)
    own = sum(not lost[gap.at : gap.at + gap.samples].all() for gaps in spoilt.values() for gap in gaps)
    print(
        f"  {len(card.gaps)} {card.name}, {samples:,} samples: {len(card.gaps) - len(spoilt)} channels exact, {len(spoilt)} with a"
        f" gap; {own} gaps of what was fetched; fetched {card.brought.latest_s:.1f} s late at worst,"
        f" {len(card.brought.lost) * BLOCK} samples too late"
    )
    if spoilt:
        worst = max(spoilt, key=lambda place: sum(gap.samples for gap in spoilt[place]))
        gaps = spoilt[worst]
        missing = sum(gap.samples for gap in gaps)
        print(
            f"    worst: channel {first + worst}, {len(gaps)} gaps, {missing} samples ({missing / RATE_HZ:.3f} s), the first"
            f" {gaps[0].samples} long, {gaps[0].at / RATE_HZ:.3f} s after the card was opened"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--analog", type=int, default=ANALOG)
    parser.add_argument("--e1", type=int, default=E1)
    parser.add_argument("--patience", type=float, default=PATIENCE_S, help="seconds that the cards buffer")
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    report(chosen.folder, chosen.seconds, chosen.analog, chosen.e1, chosen.patience)


if __name__ == "__main__":
    main()
