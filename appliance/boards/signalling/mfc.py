"""Register signals (MFC): what the tones of a set-up say, following the question and answer of both directions.

Each forward signal is answered by a backward one, which says what the next forward signal means: another digit of
the callee, the caller's category, a digit of the caller. So numbers are read by following both, signal by signal.

Source: GF 002-9002 (China No. 1: KA, KD forward; A, KB backward), ITU-T Q.441, Q.442 (R2)
"""

from enum import Enum

from appliance.boards.signalling.number import MOST_DIGITS
from appliance.settings.trunks import Registers

_END = 15
_END_OF_CALLER = frozenset({12, 15})
"""R2 networks end the caller's number, or refuse it, with 12 or 15."""
_TEN = 10


class Mode(Enum):
    """What the next forward signal is."""

    CALLEE = "I"
    CATEGORY = "KA"
    CALLER = "ANI"
    SERVICE = "II"


_CHINA_CATEGORIES = {
    1: "subscriber",
    2: "subscriber",
    3: "subscriber",
    5: "subscriber",
    8: "priority",
    10: "priority",
}
_CHINA_SERVICES = {1: "operator", 4: "data", 5: "operator", 6: "test"}
_LOCAL = frozenset({3, 4})
_ITU_CATEGORIES = {
    1: "subscriber",
    2: "priority",
    3: "test",
    5: "operator",
    6: "data",
    7: "subscriber",
    8: "data",
    9: "priority",
    10: "operator",
}
_CHINA_STATUS = {2: 17, 3: 17, 4: 34, 5: 1}
_CHINA_LOCAL_STATUS = {4: 17, 5: 1}
_ITU_STATUS = {2: 4, 3: 17, 4: 34, 5: 1, 8: 27}
"""Backward signals of group B that refuse a call: -> cause of Q.850."""


class Exchange:
    """The register signals of one set-up.

    `cause`: why the called end refuses, 0 while it does not; `is_free`: it said that the callee's line is free.
    `is_over`: it has said its last word, whatever sounds like signals now is none.
    `label` is the last thing worth a step of the ladder, "" when there was none.
    """

    def __init__(self, registers: Registers) -> None:
        self._is_china = registers is Registers.CHINA
        self.callee = ""
        self.caller = ""
        self.category = ""
        self.service = 0
        self.cause = 0
        self.is_free = False
        self.is_over = False
        self.label = ""
        self._has_service = False
        self._mode = Mode.CALLEE
        self._is_caller_complete = False

    def forward(self, signal: int) -> bool:
        """Take a signal of the calling end; whether anything more is known of the parties."""
        self.label = ""
        if self._mode is Mode.CALLEE:
            return self._digit_of_callee(signal)
        if self._mode is Mode.CALLER:
            return self._digit_of_caller(signal)
        self._has_service = self._mode is Mode.SERVICE
        self.label = (
            f"{'KD' if self._mode is Mode.SERVICE else 'KA'} {signal}" if self._is_china else f"II-{signal}"
        )
        before = self.category
        if not self._is_china:
            self.category = _ITU_CATEGORIES.get(signal, self.category)
        elif self._mode is Mode.SERVICE:
            self.service = signal
            self.category = _CHINA_SERVICES.get(signal, self.category)
        else:
            self.category = _CHINA_CATEGORIES.get(signal, "")
        return self.category != before

    def _digit_of_callee(self, signal: int) -> bool:
        if signal > _TEN or len(self.callee) >= MOST_DIGITS:
            return False
        self.callee += str(signal % _TEN)
        return True

    def _digit_of_caller(self, signal: int) -> bool:
        if signal > _TEN:
            if signal == _END or (not self._is_china and signal in _END_OF_CALLER):
                self._is_caller_complete = True
                self.label = f"ANI {self.caller}".strip()
            return False
        if self._is_caller_complete or len(self.caller) >= MOST_DIGITS:
            return False
        self.caller += str(signal % _TEN)
        return True

    def backward(self, signal: int) -> None:
        """Take a signal of the called end: it says what is asked for next, or how the callee's line is."""
        self.label = ""
        if self._mode is Mode.SERVICE:
            self._status(signal)
        elif self._is_china:
            self._ask_china(signal)
        else:
            self._ask_itu(signal)

    def _ask_china(self, signal: int) -> None:
        if signal == 1:
            if self._mode is Mode.CATEGORY:
                self._mode = Mode.CALLER
            elif self._mode is Mode.CALLER and self._is_caller_complete:
                self._mode = Mode.CALLEE
            return
        self.label = f"A-{signal}"
        if signal == 2:
            self.callee = ""
            self._mode = Mode.CALLEE
        elif signal == 3:
            self._mode = Mode.SERVICE
        elif signal in (4, 5):
            self.cause = 34 if signal == 4 else 1
            self.is_over = True
        elif signal == 6:
            self._mode = Mode.CATEGORY
            self.caller = ""
            self._is_caller_complete = False

    def _ask_itu(self, signal: int) -> None:
        if signal != 1:
            self.label = f"A-{signal}"
        if signal == 1:
            self._mode = Mode.CALLEE
        elif signal in (2, 7, 8):  # the last digit but one, but two, but three is asked for again
            self._mode = Mode.CALLEE
            self.callee = self.callee[: -{2: 2, 7: 3, 8: 4}[signal]]
        elif signal == 3:
            self._mode = Mode.SERVICE
        elif signal in (4, 15):
            self.cause = 34
            self.is_over = True
        elif signal == 5:
            self._mode = Mode.CALLER if self._mode in (Mode.CATEGORY, Mode.CALLER) else Mode.CATEGORY
        elif signal == 6:
            self.is_free = self.is_over = True

    def _status(self, signal: int) -> None:
        self.label = f"KB {signal}" if self._is_china else f"B-{signal}"
        if self._is_china:
            refusals = _CHINA_LOCAL_STATUS if self.service in _LOCAL else _CHINA_STATUS
            self.is_free = signal == 1 or (signal == 6 and self.service in _LOCAL)
        else:
            refusals = _ITU_STATUS
            self.is_free = signal in (1, 6, 7)
        self.cause = refusals.get(signal, 0)
        self.is_over = self._has_service  # what sounds before the question was answered may be its own echo
