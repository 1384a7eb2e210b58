"""The calling telephone of the self-test: a program of its own, under the licence of the library that it uses."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from appliance.core.errors import Later
from appliance.core.text import Text
from appliance.domain.selftest import CALLEE, CALLEE_ADDRESS, CALLER, CALLER_ADDRESS, TALK_S

PHONES = (
    Path("/usr/libexec/tapeline-phone"),
    Path(__file__).parents[2] / "rootfs/usr/libexec/tapeline-phone",
)
"""On the box, and in a clone."""

_CALL_S = 75.0
_MOST_WORDS = 200


class NoCall(Later):
    """Facts: problem."""

    text = Text(en="The test call could not be placed ({problem}).", zh="自检通话未能建立（{problem}）。")


def place(sound: Path) -> str:
    """Call the other end of the test line, play the sound and hang up; the call's Call-ID.

    Raises: NoCall
    """
    phone = next((path for path in PHONES if path.exists()), None)
    if phone is None:
        raise NoCall(problem="tapeline-phone")
    uri = f"sip:{CALLEE}@{CALLEE_ADDRESS}"
    command = [sys.executable, "-IB", str(phone), CALLER_ADDRESS, CALLER, str(sound), uri, str(TALK_S)]
    try:
        told = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_CALL_S
        )
    except subprocess.TimeoutExpired as error:
        raise NoCall(problem="timeout") from error
    said = list(_events(told.stdout))
    if told.returncode:
        last = said[-1] if said else {}
        words = told.stderr.decode("utf-8", "replace").strip()[-_MOST_WORDS:]
        raise NoCall(problem=str(last.get("problem") or last.get("code") or words or told.returncode))
    return next(str(one["sip_call_id"]) for one in said if one.get("sip_call_id"))


def _events(written: bytes) -> Iterator[dict[str, object]]:
    for line in written.splitlines():
        if line.startswith(b"{"):
            yield json.loads(line)
