"""How well a call could be understood, reckoned from what the network did to it: the E-model, passive, per codec.

Only impairments that a wiretap can see are counted: the codec, packets that did not arrive and, where the ends
report it, delay. Everything else (noise, echo, loudness, the room) has the default of the recommendation.
Source: ITU-T G.107 (06/2015) §7, ITU-T G.107.1 (wideband), ITU-T G.113 Appendix I (05/2007)
"""

import math
from typing import NamedTuple

R_DEFAULT = 93.2
"""Rating of a connection with every parameter at its default. Source: ITU-T G.107 §7.7"""
R_WIDE = 129.0
"""The same on the wideband scale. Source: ITU-T G.107.1 §7.2"""
R_LOWEST, R_HIGHEST = 0.0, 100.0
_HEARD_DELAY_MS = 100.0


class Impairment(NamedTuple):
    """What a codec costs: `ie` without loss, `bpl` its robustness against loss.

    `wide`: on the wideband scale, which is mapped onto that of MOS by itself; MOS of narrow and wide codecs are
    each on their own scale and compare within it. `assumed`: not from the recommendation.
    """

    ie: float
    bpl: float
    wide: bool = False
    assumed: bool = False


CODECS: dict[str, Impairment] = {
    # With the concealment of G.711 Appendix I, which every telephone of the last twenty years has.
    "PCMU": Impairment(0, 25.1),
    "PCMA": Impairment(0, 25.1),
    "G726-40": Impairment(2, 19.0, assumed=True),  # robustness assumed, as of G.729A
    "G726-32": Impairment(7, 19.0, assumed=True),
    "G726-24": Impairment(25, 19.0, assumed=True),
    "G726-16": Impairment(50, 19.0, assumed=True),
    "G728": Impairment(7, 19.0, assumed=True),
    "G729": Impairment(11, 19.0),  # G.729A with silence suppression, the kind that telephones have
    "G723": Impairment(15, 16.1),  # 6.3 kbit/s with silence suppression
    "GSM": Impairment(20, 10.0, assumed=True),  # robustness assumed, as of the enhanced full rate
    "GSM-EFR": Impairment(5, 10.0),
    "AMR": Impairment(5, 10.0),  # 12.2 kbit/s is the enhanced full rate
    "ILBC": Impairment(11, 32.0, assumed=True),  # made for loss: RFC 3951 §1 has no values, measurements do
    "SPEEX": Impairment(14, 20.0, assumed=True),
    "L16": Impairment(0, 4.3, assumed=True),  # as G.711 without concealment
    # Source: ITU-T G.113 Appendix IV (ie); robustness assumed, as of the narrow codec of the same kind
    "G722": Impairment(13, 15.0, wide=True, assumed=True),
    "AMR-WB": Impairment(13, 10.0, wide=True, assumed=True),  # 12.65 kbit/s
    "OPUS": Impairment(5, 20.0, wide=True, assumed=True),
}
"""Source: ITU-T G.113 Appendix I (05/2007); what is marked `assumed` is not from there, or not wholly"""

G711_UNCONCEALED = Impairment(0, 4.3)
"""Source: ITU-T G.113 Appendix I"""
UNKNOWN = Impairment(11, 19.0, assumed=True)
"""A codec that nobody here knows is taken for a good narrow one."""


def impairment(encoding: str) -> Impairment:
    """The codec's row; its own name in SDP decides, `AAL2-` before it does not."""
    return CODECS.get(encoding.upper().removeprefix("AAL2-"), UNKNOWN)


def effective(codec: Impairment, loss_percent: float, burst_ratio: float = 1.0) -> float:
    """The impairment of a codec under loss, `Ie-eff`. `burst_ratio` is 1 for loss at random, above for bursts.

    Source: ITU-T G.107 §7.5 (7-29)
    """
    most = 129.0 if codec.wide else 95.0
    if loss_percent <= 0.0:
        return codec.ie
    return codec.ie + (most - codec.ie) * loss_percent / (loss_percent / max(burst_ratio, 0.1) + codec.bpl)


def delay_impairment(delay_ms: float) -> float:
    """What delay from mouth to ear costs, `Idd`.

    Source: ITU-T G.107 §7.4 (7-26, 7-27)
    """
    if delay_ms <= _HEARD_DELAY_MS:
        return 0.0
    x = math.log2(delay_ms / _HEARD_DELAY_MS)
    return 25.0 * (math.pow(1 + x**6, 1 / 6) - 3 * math.pow(1 + (x / 3) ** 6, 1 / 6) + 2)


def rating(
    codec: Impairment, loss_percent: float = 0.0, burst_ratio: float = 1.0, delay_ms: float = 0.0
) -> float:
    """The transmission rating R, from 0 to 100; of a wide codec mapped onto that range by 1/1.29.

    Source: ITU-T G.107 §7.1 (7-1), ITU-T G.107.1 §7.8
    """
    start = R_WIDE if codec.wide else R_DEFAULT
    found = start - delay_impairment(delay_ms) - effective(codec, loss_percent, burst_ratio)
    if codec.wide:
        found /= 1.29
    return min(max(found, R_LOWEST), R_HIGHEST)


def mos(r: float) -> float:
    """The mean opinion score that a rating stands for, from 1.0 to 4.5.

    Source: ITU-T G.107 Annex B (B-4)
    """
    if r <= R_LOWEST:
        return 1.0
    if r >= R_HIGHEST:
        return 4.5
    return max(1.0, 1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6)


def burst_ratio(loss_percent: float, mean_burst: float) -> float:
    """How much longer bursts are than those of loss at random, `BurstR`; never below 1.

    Source: ITU-T G.107 §7.5: observed mean length of bursts by the one expected of random loss, 1 / (1 - loss)
    """
    if loss_percent <= 0.0 or mean_burst <= 0.0:
        return 1.0
    return max(1.0, mean_burst * (1.0 - min(loss_percent, 99.9) / 100.0))


def mos_of(encoding: str, loss_percent: float, mean_burst: float = 1.0, delay_ms: float = 0.0) -> float:
    """MOS of a stream from what was counted of it."""
    ratio = burst_ratio(loss_percent, mean_burst)
    return mos(rating(impairment(encoding), loss_percent, ratio, delay_ms))
