"""`tapeline selftest`: one call of the box to itself, and what the recorder made of it.

Runs where the calling telephone stands (a network namespace at one end of the test line); the called one answers at
the other. Everything else (the index, the archive) is reached through files.
"""

import argparse
import json
import sys
import tempfile
import time
import wave
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from appliance.core import log
from appliance.core.clock import SystemClock
from appliance.core.errors import ApplianceError
from appliance.core.files import Layout, write_atomically
from appliance.core.text import Text
from appliance.domain.access import EVERYTHING
from appliance.domain.selftest import TALK_S, SelfTest, judge
from appliance.media import likeness
from appliance.settings import paths
from appliance.settings.storage import in_force
from appliance.store import calls
from appliance.store.calls import CallFilter, CallRow
from appliance.store.database import open_database
from appliance.system import testcall

_CALLER_SEED, _CALLEE_SEED = 1, 2
_SOUND_S = TALK_S - 1.0
_INDEXED_S = 90.0
_LOOK_S = 0.5
_EARLIER = timedelta(seconds=5)
_NOT_FOUND = Text(
    en="The test call is not in the index; the recorder or the archiver does not do its work.",
    zh="索引中没有自检通话；录音或归档程序未正常工作。",
)
_NOT_RECORDED = Text(
    en="The test call was seen but not recorded: {reason}.", zh="已发现自检通话但没有录音：{reason}。"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the data directory")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--within", type=float, default=_INDEXED_S, metavar="S", help="seconds the archiver has for it (90)"
    )
    parser.add_argument(
        "--sound", type=Path, metavar="FILE", help="only write what the called telephone plays, and end"
    )


def execute(chosen: argparse.Namespace) -> int:
    """0 = the call was recorded as it was sent."""
    log.configure("selftest")
    layout = Layout(chosen.data.absolute())
    if chosen.sound is not None:
        _write(chosen.sound, likeness.noise(_CALLEE_SEED, _SOUND_S))
        return 0
    began, at = time.monotonic(), SystemClock().now()
    try:
        verdict = _test(layout, at, chosen.within)
    except ApplianceError as error:
        verdict = SelfTest(at=at, passed=False, problem=Text(en=error.message("en"), zh=error.message("zh")))
    verdict = msgspec.structs.replace(verdict, took_s=round(time.monotonic() - began, 2))
    write_atomically(layout.self_test, msgspec.json.encode(verdict))
    if chosen.json:
        told = msgspec.to_builtins(verdict) | {"problem": verdict.problem.en if verdict.problem else ""}
        sys.stdout.write(json.dumps(told) + "\n")
    else:
        sys.stdout.write(f"{verdict.problem.en if verdict.problem else 'passed'}\n")
    return 0 if verdict.passed else 1


def _test(layout: Layout, at: datetime, within_s: float) -> SelfTest:
    sent = likeness.noise(_CALLER_SEED, _SOUND_S)
    sip_call_id = _call(sent)
    row = _indexed(layout, sip_call_id, at, within_s)
    if row is None:
        return SelfTest(at=at, passed=False, problem=_NOT_FOUND)
    if row.reason is not None:
        why = Text(
            en=_NOT_RECORDED.render("en", reason=row.reason), zh=_NOT_RECORDED.render("zh", reason=row.reason)
        )
        return SelfTest(at=at, passed=False, call_id=row.call_id, problem=why)
    settings, _ = in_force(layout)
    path = paths.find(layout, settings.paths, row.file)
    if path is None:
        return SelfTest(at=at, passed=False, call_id=row.call_id, problem=_NOT_FOUND)
    left, right = likeness.sides(path)
    caller = likeness.heard(sent, left)
    callee = likeness.heard(likeness.noise(_CALLEE_SEED, _SOUND_S), right)
    problem = judge(caller, callee)
    return SelfTest(
        at=at, passed=problem is None, call_id=row.call_id, problem=problem, caller=caller, callee=callee
    )


def _call(sent: NDArray[np.int16]) -> str:
    """Place the call and wait for its end; its Call-ID.

    Raises: NoCall
    """
    with tempfile.TemporaryDirectory(prefix="selftest-") as folder:
        sound = Path(folder) / "caller.wav"
        _write(sound, sent)
        return testcall.place(sound)


def _indexed(layout: Layout, sip_call_id: str, at: datetime, within_s: float) -> CallRow | None:
    """The call's row once the archiver has written it."""
    until = time.monotonic() + within_s
    wanted = CallFilter(started_from=at - _EARLIER, page_size=200)
    while time.monotonic() < until:
        database = open_database(layout)
        try:
            for row in calls.find(database, wanted, scope=EVERYTHING).calls:
                if row.sip_call_id == sip_call_id:
                    return row
        finally:
            database.close()
        time.sleep(_LOOK_S)
    return None


def _write(path: Path, sound: NDArray[np.int16]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(likeness.RATE_HZ)
        file.writeframes(sound.astype("<i2").tobytes())
