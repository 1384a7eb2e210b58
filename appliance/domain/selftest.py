"""The self-test call: the box calls itself over a line of its own, which the recorder records like any mirror port.

What was sent is known to the sample, so what was recorded can be judged without a listener.
"""

from datetime import datetime

import msgspec

from appliance.core.text import Text

LINE = "tapeline-test"
"""The bridge between the two telephones of the test. What is heard there is the test call, and nothing else can be."""

CALLER_ADDRESS, CALLEE_ADDRESS = "169.254.77.1", "169.254.77.2"
CALLER, CALLEE = "selftest-caller", "selftest-callee"
PORT = 5060
TALK_S = 4.0

LEAST_LIKENESS = 0.95
"""Of what was sent and what was recorded; a G.711 copy of the test sound that lacks nothing is above 0.99."""

MOST_APART_S = 0.25
"""How far the two sides of the recording may be off against each other."""


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """One side of the recording beside what was sent: correlation 0…1, where it begins in the recording."""

    likeness: float
    begins_s: float


class SelfTest(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a test call. `problem` is None exactly when it passed; `took_s` from the call to the verdict."""

    at: datetime
    passed: bool
    call_id: str = ""
    problem: Text | None = None
    took_s: float = 0.0
    caller: Heard | None = None
    callee: Heard | None = None


def judge(caller: Heard, callee: Heard) -> Text | None:
    """What is wrong with the recording, None when it is as it should be."""
    for side, heard in ((_CALLER, caller), (_CALLEE, callee)):
        if heard.likeness < LEAST_LIKENESS:
            return Text(
                en=f"The recording of {side.en} is not what was sent (likeness {heard.likeness:.2f}).",
                zh=f"{side.zh}的录音与发送内容不一致（相似度 {heard.likeness:.2f}）。",
            )
    apart_s = abs(caller.begins_s - callee.begins_s)
    if apart_s > MOST_APART_S:
        return Text(
            en=f"The two sides of the recording are {apart_s:.2f} s apart.",
            zh=f"录音两侧相差 {apart_s:.2f} 秒。",
        )
    return None


_CALLER = Text(en="the caller", zh="主叫方")
_CALLEE = Text(en="the called party", zh="被叫方")
