"""Line signals of channel-associated signalling: what the A and B bits of the two directions mean together.

The digital line signals of R2 and of China No. 1 use the same two bits for the same states; C and D differ and say
nothing about the call (operators' recall, and a constant). Whoever sends 00 while the other end is idle seizes.

Source: ITU-T Q.421, Q.422 (R2, digital version); GF 002-9002 (China No. 1, digital line signals)
"""

from enum import Enum

IDLE = 0b10
SEIZED = 0b00
ANSWERED = 0b01
BUSY = 0b11
"""Backward: the seizure is acknowledged, the callee has hung up, or an idle circuit is blocked. Forward: a fault."""


class Signal(Enum):
    """What a change of bits says, in the words of the standard."""

    SEIZURE = "SEIZURE"
    ACKNOWLEDGED = "SEIZURE ACKNOWLEDGED"
    ANSWER = "ANSWER"
    CLEAR_BACK = "CLEAR-BACK"
    RE_ANSWER = "RE-ANSWER"
    FORCED_RELEASE = "FORCED RELEASE"
    CLEAR_FORWARD = "CLEAR-FORWARD"
    RELEASE_GUARD = "RELEASE-GUARD"
    BLOCKING = "BLOCKING"
    UNBLOCKING = "UNBLOCKING"
    FAULT = "FAULT"
    GLARE = "DOUBLE SEIZURE"


class Line:
    """One timeslot: the bits of both directions and who has seized it.

    `forward` is the port that seized, None while the line is idle. `bits` are A and B as last heard, None before.
    """

    def __init__(self) -> None:
        self.bits: list[int | None] = [None, None]
        self.forward: int | None = None
        self.was_answered = False
        self._is_releasing = False

    def change(self, port: int, abcd: int) -> Signal | None:
        """Take the new bits of one direction; None when they say nothing new."""
        bits = abcd >> 2 & 3
        before = self.bits[port]
        if bits == before:
            return None
        self.bits[port] = bits
        if self.forward is None:
            return self._while_idle(port, bits, before)
        if port == self.forward:
            return self._forward(port, bits)
        return self._backward(bits)

    def _while_idle(self, port: int, bits: int, before: int | None) -> Signal | None:
        if bits == SEIZED:
            self.forward = port
            self.was_answered = self._is_releasing = False
            return Signal.SEIZURE
        if before is None:
            return None
        if bits == IDLE:
            signal = Signal.RELEASE_GUARD if self._is_releasing else Signal.UNBLOCKING
            self._is_releasing = False
            return signal
        return None if self._is_releasing else Signal.BLOCKING

    def _forward(self, port: int, bits: int) -> Signal | None:
        if bits == SEIZED:
            return None
        if bits != IDLE:
            return Signal.FAULT
        other = self.bits[1 - port]
        self.forward = None
        self._is_releasing = other != IDLE
        if other == SEIZED:  # it had seized as well, and now has the line for itself
            self.forward = 1 - port
            self.was_answered = self._is_releasing = False
        return Signal.CLEAR_FORWARD

    def _backward(self, bits: int) -> Signal | None:
        if bits == ANSWERED:
            signal = Signal.RE_ANSWER if self.was_answered else Signal.ANSWER
            self.was_answered = True
            return signal
        if bits == BUSY:
            return Signal.CLEAR_BACK if self.was_answered else Signal.ACKNOWLEDGED
        if bits == SEIZED:
            return Signal.FORCED_RELEASE if self.was_answered else Signal.GLARE
        return Signal.RELEASE_GUARD
