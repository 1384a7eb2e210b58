"""What the signalling of trunks costs: frames of each kind per second of the processor, and 32 E1 in full use.

    python -m tests.bench.trunks

Prints one line a kind. The load of 32 E1: a call of 90 s on each of 960 channels all the time, its messages, and what links
say while they have nothing to say.
"""

import time
from collections.abc import Callable

import msgspec

from appliance.boards.signalling.trunk import Trunk
from appliance.settings import trunks
from tests.rigs import signalling as wire

ROUNDS = 400
CHANNELS = 960
CALL_S = 90


class Sink:
    """Takes what a generator says, and says it again to a trunk when it counts."""

    def __init__(self) -> None:
        self.said: list[tuple] = []

    def frame(self, *args) -> None:
        self.said.append(("frame", args, {}))

    def bits(self, *args) -> None:
        self.said.append(("bits", args, {}))

    def tone(self, *args, **named) -> None:
        self.said.append(("tone", args, named))


def isdn() -> tuple[dict, Sink, int]:
    sink, ends, at_ns = Sink(), wire.Dchannel(), wire.START
    for index in range(ROUNDS):
        reference, number = index % 32_000 + 1, index % 15 + 1
        texts = (
            (0, wire.q931(5, reference, wire.SPEECH, wire.channel(number), wire.calling("13800138000"), wire.called("80018001"))),
            (1, wire.q931(2, reference, wire.channel(number), back=True)),
            (1, wire.q931(1, reference, back=True)),
            (1, wire.q931(7, reference, back=True)),
            (0, wire.q931(0x0F, reference)),
            (0, wire.q931(0x45, reference, wire.cause(16))),
            (1, wire.q931(0x4D, reference, back=True)),
            (0, wire.q931(0x5A, reference)),
        )  # fmt: skip
        for port, text in texts:
            at_ns += wire.SECOND // 100
            sink.frame(port, 16, at_ns, ends.frame(port, text))
            sink.frame(1 - port, 16, at_ns, wire.RECEIVER_READY)
    return {"kind": "isdn"}, sink, at_ns


def isup() -> tuple[dict, Sink, int]:
    sink, link, at_ns = Sink(), wire.SignallingLink((0x010203, 0x010205)), wire.START
    callee, caller = wire.isup_number("2112345678", 3), (0x0A, wire.isup_number("1087654321", 3, 0x13))
    for index in range(ROUNDS):
        code = index % 31 + 1
        for port, text in (
            (0, wire.iam(code, callee, caller)),
            (1, wire.acm(code)),
            (1, wire.anm(code)),
            (0, wire.rel(code, 16)),
            (1, wire.rlc(code)),
        ):
            at_ns += wire.SECOND // 100
            sink.frame(port, 16, at_ns, link.unit(port, 5, text))
    return {"kind": "ss7"}, sink, at_ns


def tup() -> tuple[dict, Sink, int]:
    sink, link, at_ns = Sink(), wire.SignallingLink((0x010203, 0x010205)), wire.START
    for index in range(ROUNDS):
        code = index % 31 + 1
        for port, text in (
            (0, "210A02 80 12113254 10 A2 0178563412"),
            (1, "1404"),
            (1, "16"),
            (0, "46"),
            (1, "17"),
        ):
            at_ns += wire.SECOND // 100
            sink.frame(port, 16, at_ns, link.unit(port, 4, wire.circuit_code(code) + bytes.fromhex(text)))
    return {"kind": "ss7"}, sink, at_ns


def china_no_1() -> tuple[dict, Sink, int]:
    sink = Sink()
    line = wire.ChinaNo1(sink, 5)
    line.idle()
    for _ in range(ROUNDS):
        line.seize()
        line.dial("62345678", "87654321")
        line.answer()
        line.wait(1000)
        line.clear()
        line.wait(1000)
    return {"kind": "r2"}, sink, line.at_ns


def run(make: Callable[[], tuple[dict, Sink, int]]) -> tuple[float, float]:
    """Seconds of the processor a message, and a call."""
    signalling, sink, end_ns = make()
    best = float("inf")
    for _ in range(3):
        trunk = Trunk(msgspec.convert({"name": "T", "lines": [{}], "signalling": signalling}, trunks.Trunk))
        begun = time.process_time()
        ticked_ns, events = wire.START, 0
        for what, args, named in sink.said:
            getattr(trunk, what)(*args, **named)
            if args[2] - ticked_ns >= wire.SECOND // 10:
                ticked_ns = args[2]
                events += len(trunk.tick(ticked_ns))
        events += len(trunk.tick(end_ns + 10 * wire.SECOND))
        best = min(best, time.process_time() - begun)
        counts = trunk.counts()
        if counts.calls != ROUNDS or counts.live or counts.unreadable:
            raise SystemExit(f"not understood: {counts}")
    return best / len(sink.said), best / ROUNDS


def idle() -> float:
    """Seconds of the processor a fill-in unit."""
    trunk = Trunk(msgspec.convert({"name": "T", "lines": [{}], "signalling": {"kind": "ss7"}}, trunks.Trunk))
    count = 200_000
    begun = time.process_time()
    for at_ns in range(count):
        trunk.frame(0, 16, at_ns, wire.FILL_IN)
    return (time.process_time() - begun) / count


def main() -> None:
    print("signalling of trunks          messages/CPU-s   us a call   960 channels, calls of 90 s")
    for name, make in (("ISDN", isdn), ("ISUP", isup), ("TUP", tup), ("China No. 1", china_no_1)):
        per_message, per_call = run(make)
        share = per_call * CHANNELS / CALL_S * 100
        print(f"{name:28} {1 / per_message:14,.0f} {per_call * 1e6:11.0f}   {share:6.2f} % of a core")
    print(f"{'fill-in units of SS7':28} {1 / idle():14,.0f}")


if __name__ == "__main__":
    main()
