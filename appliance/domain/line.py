"""Lines of boards: what a channel is doing, and what of its sound a bundle holds.

Source: ITU-T G.711 (companding), G.704 (timeslots)
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from appliance.core.text import Text
from appliance.domain.call import Side

RATE_HZ = 8000

LineLaw = Literal["PCMA", "PCMU"]


class ChannelState(StrEnum):
    """What a channel is doing now.

    `WAITING`: a call is up and its recording is not started; `EXCLUDED`: a call is up and not recorded.
    """

    OFF = "off"
    IDLE = "idle"
    RINGING = "ringing"
    RECORDING = "recording"
    PAUSED = "paused"
    WAITING = "waiting"
    EXCLUDED = "excluded"
    NO_LINE = "no_line"
    ALARM = "alarm"
    GONE = "gone"


CHANNEL_STATE_TEXT: dict[ChannelState, Text] = {
    ChannelState.OFF: Text(en="Switched off", zh="已停用"),
    ChannelState.IDLE: Text(en="Idle", zh="空闲"),
    ChannelState.RINGING: Text(en="Ringing", zh="振铃"),
    ChannelState.RECORDING: Text(en="Recording", zh="正在录音"),
    ChannelState.PAUSED: Text(en="Paused", zh="已暂停"),
    ChannelState.WAITING: Text(en="Talking, not recorded yet", zh="通话中，等待录音"),
    ChannelState.EXCLUDED: Text(en="Talking, not recorded", zh="通话中，不录音"),
    ChannelState.NO_LINE: Text(en="No line voltage", zh="无线路电压"),
    ChannelState.ALARM: Text(en="Trunk in alarm", zh="中继告警"),
    ChannelState.GONE: Text(en="Board not there", zh="板卡不可用"),
}


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Samples that were lost; silence stands for them, so that a sample's place is its time."""

    at: int
    samples: int


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file of a bundle: the companded samples of one channel, without any header, 8000 a second.

    `starts_at` is the moment of the first sample. `side`: who speaks; None when both are on the line.
    `agc`: its level is to be evened out in the recording.
    """

    file: str
    law: LineLaw
    starts_at: datetime
    channel: int
    side: Side | None = None
    agc: bool = False
    gaps: list[Gap] = []
