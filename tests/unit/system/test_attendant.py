"""Programs beside ours: started again when they die, and when they stand there in silence."""

import os
from datetime import UTC, datetime
from pathlib import Path

from appliance.core.clock import ManualClock
from appliance.system.attendant import Attendant
from tests.rigs.patience import until

SILENCE_S = 60.0


def attendant(tmp_path: Path, clock: ManualClock, script: str, heard: list[str]) -> Attendant:
    return Attendant(
        tmp_path / "settings", lambda _: ["sh", "-c", script], clock, heard.append, silence_s=SILENCE_S
    )


def test_a_program_that_falls_silent_is_started_again_and_named(tmp_path):
    clock, heard = ManualClock(datetime(2026, 1, 1, tzinfo=UTC)), []
    kept = attendant(tmp_path, clock, "echo here I am; exec sleep 1000", heard)
    try:
        kept.keep("one")
        first = kept.process_id
        until(lambda: heard, what="its first words")
        clock.at_mono_s += SILENCE_S
        kept.keep("one")
        assert (kept.process_id, kept.problem) == (first, "")
        clock.at_mono_s += 1
        kept.keep("one")
        assert kept.process_id is None
        assert "says nothing" in kept.problem
        assert "here I am" in kept.problem
        clock.at_mono_s += 1
        kept.keep("one")
        assert kept.process_id not in (None, first)
        clock.at_mono_s += SILENCE_S
        kept.keep("one")
        assert "says nothing" in kept.problem, "to run is not enough, it has to speak"
    finally:
        kept.close()


def test_a_program_that_goes_on_speaking_is_left_alone(tmp_path):
    clock, heard = ManualClock(datetime(2026, 1, 1, tzinfo=UTC)), []
    fifo = tmp_path / "words"
    os.mkfifo(fifo)
    kept = attendant(tmp_path, clock, f"while read line; do echo $line; done < {fifo}", heard)
    try:
        kept.keep("one")
        first = kept.process_id
        with fifo.open("w", buffering=1) as words:
            for turn in range(5):
                clock.at_mono_s += SILENCE_S - 1
                words.write(f"{turn}\n")
                until(lambda turn=turn: f"{turn}" in heard, what="the word")
                kept.keep("one")
                assert (kept.process_id, kept.problem) == (first, "")
    finally:
        kept.close()
