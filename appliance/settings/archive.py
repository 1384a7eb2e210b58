"""Settings of the archiver: format, length, what is kept. The union `Format` is the register of encoders."""

from enum import StrEnum
from typing import Annotated

import msgspec

from appliance.core.text import Text
from appliance.settings.field import Section, setting


class WavG711(Section, frozen=True, kw_only=True, tag_field="kind", tag="wav_g711"):
    """WAV holding G.711, bit-exact where the source was G.711."""


class WavPcm(Section, frozen=True, kw_only=True, tag_field="kind", tag="wav_pcm"):
    """WAV holding 16-bit linear PCM."""


class WavAdpcm(Section, frozen=True, kw_only=True, tag_field="kind", tag="wav_adpcm"):
    """WAV holding IMA ADPCM."""


class Opus(Section, frozen=True, kw_only=True, tag_field="kind", tag="opus"):
    """Ogg Opus."""

    bitrate_kbps: Annotated[
        int,
        setting(
            Text(en="Bit rate", zh="码率"),
            help=Text(
                en="For both sides together; 24 to 32 is hard to tell from the telephone.",
                zh="双声道合计；24 至 32 时与电话音质几乎无异。",
            ),
            unit="kbit/s",
            ge=8,
            le=256,
        ),
    ] = 32


class Flac(Section, frozen=True, kw_only=True, tag_field="kind", tag="flac"):
    """FLAC, lossless."""


class Mp3(Section, frozen=True, kw_only=True, tag_field="kind", tag="mp3"):
    """MPEG audio layer III: larger than Opus, played by every machine."""

    bitrate_kbps: Annotated[
        int,
        setting(
            Text(en="Bit rate", zh="码率"),
            help=Text(
                en="For both sides together; 48 is good speech, an hour takes 21 MiB.",
                zh="双声道合计；48 时语音清晰，每小时约 21 MiB。",
            ),
            unit="kbit/s",
            ge=16,
            le=320,
        ),
    ] = 48


Format = WavG711 | WavPcm | WavAdpcm | Opus | Flac | Mp3

FORMAT_TEXT: dict[str, Text] = {
    "wav_g711": Text(en="WAV, G.711", zh="WAV（G.711）"),
    "wav_pcm": Text(en="WAV, 16-bit PCM", zh="WAV（16 位 PCM）"),
    "wav_adpcm": Text(en="WAV, IMA ADPCM", zh="WAV（IMA ADPCM）"),
    "opus": Text(en="Ogg Opus", zh="Ogg Opus"),
    "flac": Text(en="FLAC", zh="FLAC"),
    "mp3": Text(en="MP3", zh="MP3"),
}


class LossFill(StrEnum):
    """What is heard where packets were lost."""

    CONCEAL = "conceal"
    SILENCE = "silence"


class Archive(Section, frozen=True, kw_only=True):
    """From captured packets to recordings."""

    format: Annotated[
        Format,
        setting(
            Text(en="Audio format", zh="录音格式"),
            help=Text(
                en="G.711 keeps what was spoken bit by bit (55 MiB an hour), Opus takes a quarter of it. Holds for new recordings; any can be converted when it is downloaded.",
                zh="G.711 逐位保留原音（每小时约 55 MiB），Opus 约为其四分之一。仅对新录音生效；下载时可转换为任意格式。",
            ),
            reload="archiver",
        ),
    ] = msgspec.field(default_factory=WavG711)
    loss_fill: Annotated[
        LossFill,
        setting(
            Text(en="Fill lost packets with", zh="丢包填充方式"),
            help=Text(
                en="Silence shows honestly what is missing; a bridge is pleasanter to hear. Counted and marked in either case.",
                zh="静音如实反映缺失；补偿则更为悦耳。两种方式均会计数并标记。",
            ),
            reload="archiver",
        ),
    ] = LossFill.SILENCE
    early_media: Annotated[
        bool,
        setting(
            Text(en="Include audio before the answer", zh="包含接通前的语音"),
            help=Text(en="Ringing tones and announcements.", zh="回铃音与提示音。"),
            reload="archiver",
        ),
    ] = True
    min_length_s: Annotated[
        float,
        setting(
            Text(en="Shortest recording", zh="最短录音时长"),
            help=Text(
                en="Shorter calls keep only their ledger row. 0 = off.",
                zh="更短的通话只保留台账。0 表示关闭。",
            ),
            unit="s",
            ge=0,
            le=3600,
            reload="archiver",
        ),
    ] = 0.0
    keep_bundle_h: Annotated[
        int,
        setting(
            Text(en="Keep the captured packets for", zh="原始数据包保留"),
            help=Text(en="0 = removed as soon as the recording is safe.", zh="0 表示录音保存后立即删除。"),
            unit="h",
            ge=0,
            le=87600,
            reload="archiver",
        ),
    ] = 24
    workers: Annotated[
        int,
        setting(
            Text(en="Archiver processes", zh="归档进程数"),
            help=Text(
                en="How many calls are made ready at once. One keeps up with 2000 calls; more help after a long backlog.",
                zh="同时处理的通话数。一个进程足以应对 2000 路通话；积压较多时可增加。",
            ),
            ge=1,
            le=16,
            reload="archiver",
        ),
    ] = 1
