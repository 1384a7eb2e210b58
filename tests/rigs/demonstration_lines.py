"""Lines of the demonstration: a replay board with three analog lines and a tapped ISDN trunk, again every 90 seconds.

A line that is called and answered, with its caller's identity; one that dials out; one that only rings; two calls of the
trunk, one of them busy.
"""

from pathlib import Path

import numpy as np
from scipy.io import wavfile

from appliance.domain.line import RATE_HZ
from appliance.media.pcm import Pcm, resample
from tests.rigs import linetones, signalling
from tests.rigs.lines import Pri, Scenario, keys, pri_settings
from tests.rigs.speech import conversation

REPEAT_S = 90
FIRST_CHANNEL = 1


def lines(folder: Path) -> Path:
    """Write the scenario below `folder`, spoken anew; its file."""
    folder.mkdir(parents=True, exist_ok=True)
    scenario = Scenario(folder, more={"model": "Demonstration", "repeat_s": REPEAT_S})
    english, chinese = (_spoken(folder, number) for number in (0, 2))
    who = linetones.presentation(number="13800138000", name="LI LEI", sent_at="11210930")
    identity = linetones.line(linetones.fsk(linetones.bits_of(who), (1200, 2200), -13))
    scenario.line(
        (32, 62),
        rings=(25, 30),
        who=(27, np.asarray(identity, np.int16)),
        talk=(32.5, _both(*chinese)[: 29 * RATE_HZ]),
    )
    scenario.line((20, 55), dial=(22, keys("62951234")), talk=(28, _both(*english)[: 26 * RATE_HZ]))
    scenario.line(rings=(40, 45))
    trunk = Pri(scenario, 1, 2, 3)
    # Each round begins with the link set up anew: the numbers of its frames begin anew, too.
    for port, frame in ((0, signalling.SABME), (1, signalling.UNNUMBERED_ACK)):
        scenario.more["frames"].append({"at_s": 1 + port / 10, "span": 1 + port, "octets": frame.hex()})
    trunk.call(1, "+8613900139000", "62950000", begin_s=24, answer_s=29, end_s=58, ended_by=1)
    for port, said in enumerate(english):
        trunk.speak(29.5, port, 1, said[: 28 * RATE_HZ])
    trunk.call(
        2, "62950001", "13700137000", begin_s=60, answer_s=None, end_s=66, port=1, cause=17, ended_by=1
    )
    return scenario.write()


def settings(scenario: Path) -> dict:
    """The section of the settings."""
    return {
        "cards": [
            {
                "kind": "replay",
                "name": "Demonstration",
                "scenario": str(scenario),
                "first_channel": FIRST_CHANNEL,
            }
        ],
        "channels": [
            {"number": 1, "name": "Front desk", "extension": "801"},
            {"number": 2, "name": "Sales", "extension": "802"},
            {"number": 3, "name": "Workshop", "extension": "803"},
        ],
        "trunks": [pri_settings()],
    }


def _spoken(folder: Path, number: int) -> tuple[Pcm, Pcm]:
    caller, callee, _ = conversation(folder, number)
    return _read(caller), _read(callee)


def _read(path: Path) -> Pcm:
    rate_hz, samples = wavfile.read(path)
    return resample(samples, rate_hz, RATE_HZ)


def _both(caller: Pcm, callee: Pcm) -> Pcm:
    """What is on a line of two wires."""
    size = min(caller.size, callee.size)
    total = caller[:size].astype(np.int32) + callee[:size]
    return np.clip(total, -32768, 32767).astype(np.int16)
