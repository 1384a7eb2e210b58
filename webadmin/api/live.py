"""Calls in progress, and what is done to their recording."""

from typing import Annotated

import msgspec

from appliance.core.errors import Conflict, Invalid, NotFound, Unreachable
from appliance.core.text import Language, Text
from appliance.domain.call import ON_BOARDS
from appliance.domain.control import ControlNow, Verb
from appliance.store.row import number_key
from webadmin import audit
from webadmin.operation import Asked, Nothing
from webadmin.views import LiveCallWithMedia


class LiveAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All live calls with their newest figures."""

    calls: list[LiveCallWithMedia]


class ChannelView(msgspec.Struct, frozen=True, kw_only=True):
    """A bound extension and its channel; name, company and department are what the directory says."""

    number: str
    channel: int
    name: str
    company: str
    department: str


class ChannelsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The bound extensions that the visitor may know of, by channel."""

    channels: list[ChannelView]


class ControlRefused(Conflict):
    """The recording stands so that the order cannot be obeyed. Facts: refusal (Text)."""

    text = Text(en="{refusal}", zh="{refusal}")

    def message(self, language: Language = "en") -> str:
        """The recorder's sentence in the reader's language."""
        refusal: Text = self.facts["refusal"]
        return refusal.render(language)


class Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do with the recording of a call; a discard must say why."""

    verb: Verb
    why: Annotated[str, msgspec.Meta(max_length=200)] = ""


class OrderObeyed(msgspec.Struct, frozen=True, kw_only=True):
    """How the recording stands now."""

    control: ControlNow | None


async def show(asked: Asked[Nothing, Nothing]) -> LiveAnswer:
    """All calls in progress."""
    live, visitor = asked.panel.live, asked.visitor
    return LiveAnswer(calls=[live.view_with_media(call, visitor) for call in live.seen(visitor).values()])


async def show_channels(asked: Asked[Nothing, Nothing]) -> ChannelsAnswer:
    """The bound extensions with their channels, busy or not."""
    panel, visitor = asked.panel, asked.visitor
    bound = sorted(panel.settings.recording.extensions, key=lambda one: (one.channel, one.number))
    admitted = [one for one in bound if visitor.scope.admits([number_key(one.number)])]
    known = [(one, panel.names.of(one.number)) for one in admitted]
    return ChannelsAnswer(
        channels=[
            ChannelView(
                number=visitor.number(one.number),
                channel=one.channel,
                name=said.name or one.name,
                company=said.company,
                department=said.department,
            )
            for one, said in known
        ]
    )


async def control(asked: Asked[Nothing, Order]) -> OrderObeyed:
    """Start, pause, resume, stop, keep or discard the recording of a live call."""
    panel, call_id, verb, why = asked.panel, asked.path["call_id"], asked.body.verb, asked.body.why.strip()
    if verb is Verb.DISCARD and not why:
        raise Invalid(field="why", problem=Text(en="a discard needs a reason", zh="丢弃录音须填写原因"))
    if call_id not in panel.live.calls or not panel.live.admitted(call_id, asked.visitor):
        raise NotFound(what=call_id)
    if panel.orders is None:
        raise Unreachable(peer="recorder", during=verb.value)
    person = asked.visitor.person
    assert person is not None
    is_on_board = panel.live.calls[call_id].call.data_type in ON_BOARDS
    reply = await panel.orders.order(call_id, verb, person.name, why, is_on_board=is_on_board)
    audit.note(
        asked, "recording controlled", call_id=call_id, verb=verb, why=why, accepted=str(reply.accepted)
    )
    if not reply.accepted:
        raise ControlRefused(what=call_id, refusal=reply.refusal or Conflict.text)
    return OrderObeyed(control=reply.control)
