"""A small part of `make bench ONLY=detection`: rates, not single cases."""

import wave

import numpy as np
import pytest

from appliance.domain.tones import PATTERNS, RATE_HZ, CallerForm, Country, KeySensitivity
from appliance.media.tones.bank import Bank, Wanted
from tests.bench.detection import cadences, callers
from tests.rigs.linetones import BELL_202, V23
from tests.rigs.speech import conversation


@pytest.mark.parametrize("standard", [BELL_202, V23], ids=["bell_202", "v23"])
@pytest.mark.parametrize(
    "how",
    [{"dbm0": -12}, {"dbm0": -38}, {"dbm0": -36, "noise_db": 20}, {"twist_db": -6, "noise_db": 25}],
    ids=str,
)
def test_every_caller_is_read_at_the_levels_of_the_standard(standard, how):
    assert callers(standard, 60, **how) == (1.0, 0.0)


def test_every_busy_line_is_told_over_noise():
    assert cadences(*(Country.CHINA, "busy", (450,), 350, 350), -30, 20, lines=20) == 1.0


def test_conversations_are_taken_for_nothing(tmp_path):
    sounds = []
    for number in range(3):
        for path in conversation(tmp_path, number)[:2]:
            with wave.open(str(path)) as file:
                sound = np.frombuffer(file.readframes(file.getnframes()), np.int16)
                sounds.append(sound[:: file.getframerate() // RATE_HZ])
    longest = max(one.size for one in sounds)
    batch = np.stack([np.pad(one, (0, longest - one.size)) for one in sounds])
    wanted = Wanted(keys=KeySensitivity(), caller=CallerForm.FSK, progress=PATTERNS[Country.CHINA], fax=True)
    bank = Bank([wanted] * len(sounds))
    signs = [one for at in range(0, longest, 800) for one in bank.feed(batch[:, at : at + 800]).signs]
    bank.close()
    assert signs == []
