"""What the settings of a channel mean on the board it is on: how its calls are bounded, what is listened for, how long is kept.

Source: ITU-T Q.552, Q.24 (receivers of keys)
"""

from collections.abc import Sequence

from appliance.boards.triggers import ANSWER_BY_VOICE, Bounds, Plan
from appliance.domain.call import DataType
from appliance.domain.line import RATE_HZ
from appliance.domain.tones import PATTERNS, CallerForm, KeySensitivity, Pattern, ToneKind
from appliance.media.pcm import Law
from appliance.media.tones.bank import Wanted
from appliance.settings.boards import Boards, CallerIdForm, Channel, Control
from appliance.settings.cards import Card
from appliance.settings.trunks import NoSignalling
from drivers.boards import board
from drivers.boards.board import Description, Kind

_LAWS = {"A": Law.ALAW, "mu": Law.ULAW}
_FORMS = {CallerIdForm.FSK: CallerForm.FSK, CallerIdForm.DTMF: CallerForm.DTMF}
_SPARE_S = 3.0


def laws_of(description: Description) -> list[Law]:
    """The law of each channel."""
    return [_LAWS.get(one.law, Law.ALAW) for one in description.channels]


def line_kind(channel: board.Channel) -> DataType:
    """How calls of a channel came to the box."""
    return DataType.ANALOG if channel.kind is Kind.ANALOG else DataType.E1


def plan_of(boards: Boards, card: Card, description: Description, place: int, channel: Channel) -> Plan:
    """What bounds the calls of a channel."""
    line = description.channels[place]
    longest = boards.longest_min * 60 * RATE_HZ
    if not channel.enabled or line.kind in (Kind.DCHANNEL, Kind.CLEAR):
        return Plan(Bounds.NOTHING, longest)
    if channel.control is Control.ALWAYS:
        return Plan(Bounds.ALWAYS, longest)
    if channel.control is Control.VOICE:
        return Plan(Bounds.VOICE, longest)
    if line.kind is Kind.VOICE:
        told = is_signalled(boards, card, description, line.span)
        return Plan(Bounds.NOTHING if told else Bounds.VOICE, longest)
    if channel.control is Control.SIGNALLING:
        return Plan(Bounds.NOTHING, longest)
    return Plan(Bounds.VOLTAGE if description.has_volts else Bounds.VOICE, longest)


def is_signalled(boards: Boards, card: Card, description: Description, span: int) -> bool:
    """Whether the signalling of a trunk tells the calls of a span."""
    number = span_number(card, description, span)
    return any(
        number in (line.first_span, line.second_span)
        for trunk in boards.trunks
        if trunk.enabled and not isinstance(trunk.signalling, NoSignalling)
        for line in trunk.lines
    )


def span_number(card: Card, description: Description, span: int) -> int:
    """The number in the box of a board's span, 0 for none."""
    places = [one.number for one in description.spans]
    return card.first_span + places.index(span) if span in places else 0


def wanted_of(boards: Boards, line: board.Channel, plan: Plan, channel: Channel) -> Wanted:
    """What is listened for on a channel; register signals are a trunk's affair, which knows when they may come."""
    if not channel.enabled or line.kind in (Kind.DCHANNEL, Kind.CLEAR):
        return Wanted()
    is_analog = line.kind is Kind.ANALOG
    return Wanted(
        keys=KeySensitivity(weakest_dbm0=channel.key_dbm0),
        caller=_FORMS.get(channel.caller_id_form) if is_analog else None,
        progress=_tones_of(boards, of_exchange=is_analog and plan.bounds is not Bounds.NOTHING),
        fax=channel.fax,
        recording_level=channel.level,
        voice_ms=channel.voice_ms,
        silence_ms=channel.silence_ms,
    )


def _tones_of(boards: Boards, *, of_exchange: bool) -> tuple[Pattern, ...]:
    tones = PATTERNS[boards.country] if of_exchange else ()
    if not boards.single_tone_hz:
        return tones
    least = boards.single_tone_ms
    return (*tones, Pattern(ToneKind.CUSTOM, (boards.single_tone_hz,), (least, least)))


def seconds_kept(channels: Sequence[Channel], plans: Sequence[Plan]) -> float:
    """How much sound has to be kept so that every look-back is there when a call is noticed."""
    longest = 0.0
    for channel, plan in zip(channels, plans, strict=True):
        late_s = 0.0
        if plan.bounds is Bounds.VOICE:
            late_s = max(channel.voice_ms / 1000 + 0.1, ANSWER_BY_VOICE / RATE_HZ + 1)
        longest = max(longest, channel.look_back_s + late_s)
    return longest + _SPARE_S
