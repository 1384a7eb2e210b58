"""The accounting of calls: a call ends in a recording or in a reason; a recording may carry marks."""

from enum import StrEnum

from appliance.core.text import Text


class Reason(StrEnum):
    """Why a call has no recording."""

    NO_ANSWER = "no_answer"
    BUSY = "busy"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    ELSEWHERE = "elsewhere"
    FAILED = "failed"
    NO_MEDIA = "no_media"
    ENCRYPTED = "encrypted"
    UNSUPPORTED_PAYLOAD = "unsupported_payload"
    TOO_SHORT = "too_short"
    POLICY = "policy"
    LICENCE = "licence"
    NOT_STARTED = "not_started"
    DISCARDED = "discarded"
    PAUSED = "paused"
    CAPTURE_LOSS = "capture_loss"
    DISK_FULL = "disk_full"
    INTERRUPTED = "interrupted"
    DAMAGED = "damaged"
    DELETED = "deleted"
    EXPIRED = "expired"


REASON_TEXT: dict[Reason, Text] = {
    Reason.NO_ANSWER: Text(en="Not answered", zh="无人接听"),
    Reason.BUSY: Text(en="Busy", zh="忙线"),
    Reason.REJECTED: Text(en="Rejected", zh="被拒接"),
    Reason.CANCELLED: Text(en="Caller hung up before answer", zh="主叫在接通前挂断"),
    Reason.ELSEWHERE: Text(en="Answered at another telephone", zh="已由其他话机接听"),
    Reason.FAILED: Text(en="Call failed", zh="呼叫失败"),
    Reason.NO_MEDIA: Text(en="No audio was seen on the mirror port", zh="镜像端口未见到语音数据"),
    Reason.ENCRYPTED: Text(en="Audio is encrypted and no key is known", zh="语音已加密且没有密钥"),
    Reason.UNSUPPORTED_PAYLOAD: Text(
        en="The codec cannot be decoded; the packets are kept", zh="无法解码该编码，原始数据包已保留"
    ),
    Reason.TOO_SHORT: Text(en="Shorter than the minimum length", zh="短于最短录音时长"),
    Reason.POLICY: Text(en="Excluded by a recording rule", zh="被录音规则排除"),
    Reason.LICENCE: Text(en="More calls than the licence allows", zh="超出许可并发数"),
    Reason.NOT_STARTED: Text(en="Recording was not started", zh="未启动录音"),
    Reason.DISCARDED: Text(en="The recording was discarded", zh="录音已被丢弃"),
    Reason.PAUSED: Text(en="The recording was paused throughout", zh="录音全程处于暂停"),
    Reason.CAPTURE_LOSS: Text(en="The audio was lost before it could be captured", zh="语音在采集前丢失"),
    Reason.DISK_FULL: Text(en="The disk was full", zh="磁盘已满"),
    Reason.INTERRUPTED: Text(en="Recording was interrupted before any audio", zh="录音在采到语音前被中断"),
    Reason.DAMAGED: Text(en="The captured data is damaged and set aside", zh="采集的数据已损坏，已隔离保存"),
    Reason.DELETED: Text(en="The recording was deleted", zh="录音已被删除"),
    Reason.EXPIRED: Text(en="The recording's time of keeping was over", zh="录音保留期已过，已自动删除"),
}


GONE = frozenset({Reason.DELETED, Reason.EXPIRED})
"""There was a recording, and it was removed on purpose."""


class Mark(StrEnum):
    """What is special about a call or its recording; never a reason for having none."""

    ONE_WAY = "one_way"
    LOSS = "loss"
    CAPTURE_LOSS = "capture_loss"
    JOINED_LATE = "joined_late"
    NO_BYE = "no_bye"
    INTERRUPTED = "interrupted"
    DISK_FULL = "disk_full"
    EARLY_MEDIA = "early_media"
    HELD = "held"
    CODEC_CHANGED = "codec_changed"
    SSRC_CHANGED = "ssrc_changed"
    FORKED = "forked"
    REDIRECTED = "redirected"
    PART_UNDECODED = "part_undecoded"
    CLOCK_JUMP = "clock_jump"
    DECRYPTED = "decrypted"
    OVER_LICENCE = "over_licence"
    ON_DEMAND = "on_demand"
    PAUSED = "paused"
    STOPPED = "stopped"
    KEPT = "kept"
    SNAPPED = "snapped"
    SELF_TEST = "self_test"
    BOARD_GONE = "board_gone"
    TRUNK_ALARM = "trunk_alarm"


MARK_TEXT: dict[Mark, Text] = {
    Mark.ONE_WAY: Text(en="One side only", zh="单通"),
    Mark.LOSS: Text(en="Packets lost", zh="有丢包"),
    Mark.CAPTURE_LOSS: Text(en="Our copy has gaps", zh="采集有缺失"),
    Mark.JOINED_LATE: Text(en="Joined late", zh="中途接入"),
    Mark.NO_BYE: Text(en="End not seen", zh="未见挂断信令"),
    Mark.INTERRUPTED: Text(en="Interrupted", zh="录音中断"),
    Mark.DISK_FULL: Text(en="Disk was full", zh="磁盘曾满"),
    Mark.EARLY_MEDIA: Text(en="Early media", zh="早期媒体"),
    Mark.HELD: Text(en="Was on hold", zh="曾保持"),
    Mark.CODEC_CHANGED: Text(en="Codec changed", zh="编码切换"),
    Mark.SSRC_CHANGED: Text(en="Stream changed", zh="媒体流切换"),
    Mark.FORKED: Text(en="Forked", zh="分叉呼叫"),
    Mark.REDIRECTED: Text(en="Diverted", zh="被转移"),
    Mark.PART_UNDECODED: Text(en="Partly undecodable", zh="部分无法解码"),
    Mark.CLOCK_JUMP: Text(en="Clock was set during the call", zh="通话中时钟被调整"),
    Mark.DECRYPTED: Text(en="Decrypted (SRTP)", zh="已解密 (SRTP)"),
    Mark.OVER_LICENCE: Text(en="Over the licence", zh="超出许可"),
    Mark.ON_DEMAND: Text(en="On demand", zh="按需录音"),
    Mark.PAUSED: Text(en="Has pauses", zh="有暂停"),
    Mark.STOPPED: Text(en="Stopped before the end", zh="提前停止"),
    Mark.KEPT: Text(en="Kept", zh="已保留"),
    Mark.SNAPPED: Text(en="Packets cut off by the mirror", zh="镜像截断了数据包"),
    Mark.SELF_TEST: Text(en="The box's own test call", zh="设备自检通话"),
    Mark.BOARD_GONE: Text(en="Board failed during the call", zh="通话中板卡失效"),
    Mark.TRUNK_ALARM: Text(en="Trunk was in alarm", zh="中继曾告警"),
}


def reason_of_failure(status_code: int) -> Reason:
    """The reason that a final answer of 300 or above stands for.

    Source: RFC 3261 §21.4-21.6
    """
    if status_code in (486, 600):
        return Reason.BUSY
    if status_code in (403, 488, 603, 606, 607, 608):
        return Reason.REJECTED
    if status_code == 487:
        return Reason.CANCELLED
    if status_code in (408, 480):
        return Reason.NO_ANSWER
    return Reason.FAILED
