"""The signalling of one tapped trunk: frames, bits and tones of both directions in, calls out.

Pure: no clock, no file. What is heard goes in by `frame`, `bits` and `tone` as the boards deliver it, port by port and
batch by batch; it is put into the order of time and understood in `tick`, a moment later (`SETTLE_NS`), so that
an answer is never read before its question. `is_register_phase` alone answers at once.
"""

from appliance.boards.signalling.events import TrunkEvent
from appliance.settings import trunks

SETTLE_NS = 400_000_000
"""How far the ports of a trunk may be behind one another."""


class Trunk:
    """One trunk as it is set.

    `now_ns` of `tick` is the time of the newest sample that was delivered, not the time of day.
    """

    def __init__(self, settings: trunks.Trunk) -> None:
        self.settings = settings

    def frame(self, port: int, timeslot: int, at_ns: int, octets: bytes, e1: int = 0) -> None:
        """A frame of a D-channel or signalling link, without flags and check sequence."""
        raise NotImplementedError

    def bits(self, port: int, timeslot: int, at_ns: int, abcd: int, e1: int = 0) -> None:
        """The line signal of a timeslot has changed to these four bits (A = 8)."""
        raise NotImplementedError

    def tone(
        self, port: int, timeslot: int, at_ns: int, signal: int, *, is_forward: bool, e1: int = 0
    ) -> None:
        """A register signal (1 … 15) began to be heard."""
        raise NotImplementedError

    def is_register_phase(self, timeslot: int, e1: int = 0) -> int | None:
        """The port on which forward register signals may be heard now, and backward ones on the other; None: neither."""
        raise NotImplementedError

    def tick(self, now_ns: int) -> list[TrunkEvent]:
        """What can be told by now; to be called after each batch, and at least once a second."""
        raise NotImplementedError

    def drain(self) -> list[TrunkEvent]:
        """What is left when nothing more will come; calls that are up stay up."""
        raise NotImplementedError
