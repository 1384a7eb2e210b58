"""Every counter that the engine or the recorder tells of has a place on the page, a name and a meaning."""

import re
from pathlib import Path

from webadmin.texts import all_texts

ROOT = Path(__file__).parents[2]
PLACES = (ROOT / "webadmin" / "ui" / "src" / "pure" / "mirror.ts").read_text()
ENGINE = (ROOT / "drivers" / "engine" / "crates" / "flow" / "src" / "counters.rs").read_text()
SIGHTINGS = (ROOT / "appliance" / "capture" / "sightings.py").read_text()


def placed() -> set[str]:
    table = PLACES[PLACES.index("export const GROUPS") :]
    return set(re.findall(r'"([a-z0-9_]+)"', table[table.index("= {") : table.index("};")]))


def test_every_counter_of_the_engine_and_of_the_sightings_has_a_place():
    told = set(re.findall(r"^ +pub ([a-z_0-9]+): u64,", ENGINE, re.MULTILINE))
    told |= set(re.findall(r'"((?:calls|audio)_[a-z_]+_now)":', SIGHTINGS))
    assert len(told) > 50
    told.remove("link_down")  # the state of the port, which stands above the counters
    assert told - placed() == set()


def test_every_place_has_a_name_and_a_meaning():
    wanted = {key for name in placed() for key in (f"mirror.counter.{name}", f"mirror.counter.{name}.more")}
    assert wanted - set(all_texts()) == set()
