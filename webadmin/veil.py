"""What is known of a call, for people who may not see numbers in full or not know of the calls it is tied to."""

import re
from collections.abc import Container

import msgspec

from appliance.domain.access import masked
from appliance.domain.bundle import Manifest, Recording
from appliance.domain.call import Call, CallEvent, Party
from appliance.domain.control import Control
from appliance.domain.policy import Decision
from webadmin.visitor import Visitor, veiled_path

_LONG_RUN = re.compile(r"(?<![0-9A-Za-z.:\-])\+?[0-9]{5,}(?![0-9A-Za-z.:\-])")
_replaced = msgspec.structs.replace


def veiled_call(call: Call, visitor: Visitor) -> Call:
    """The call with its numbers as the visitor may see them."""
    if not visitor.is_masked:
        return call
    numbers = numbers_of(call)
    return _replaced(
        call,
        caller=_party(call.caller, visitor),
        callee=_party(call.callee, visitor),
        events=[_event(event, visitor, numbers) for event in call.events],
    )


def veiled_manifest(
    manifest: Manifest, visitor: Visitor, known: Container[str], interaction_id: str
) -> Manifest:
    """The manifest with its numbers as the visitor may see them, and tied only to calls that are known."""
    call = manifest.call
    if not visitor.scope.everything:
        related = [one for one in call.related if one.call_id in known]
        call = _replaced(call, interaction_id=interaction_id, related=related)
    if visitor.is_masked:
        numbers = numbers_of(call)
        manifest = _replaced(
            manifest,
            policy=_decision(manifest.policy, visitor, numbers) if manifest.policy else None,
            control=[_control(order, visitor, numbers) for order in manifest.control],
        )
    return _replaced(manifest, call=veiled_call(call, visitor))


def veiled_recording(recording: Recording, call: Call, visitor: Visitor) -> Recording:
    """The recording, its files without the numbers that their names tell."""
    if not visitor.is_masked:
        return recording
    return _replaced(
        recording,
        file=veiled_path(recording.file, call.call_id),
        peaks_file=veiled_path(recording.peaks_file, call.call_id),
    )


def veiled_text(text: str, visitor: Visitor, numbers: tuple[str, ...]) -> str:
    """Free text without these numbers and without whatever else looks like one."""
    if not visitor.is_masked:
        return text
    return _LONG_RUN.sub(lambda found: masked(found[0]), visitor.text(text, numbers))


def numbers_of(call: Call) -> tuple[str, ...]:
    """Every form in which the parties' numbers may stand in a text."""
    return tuple(
        form for party in (call.caller, call.callee) for form in (party.number, party.number_raw) if form
    )


def _party(party: Party, visitor: Visitor) -> Party:
    return Party(
        number=visitor.number(party.number),
        number_raw=visitor.number(party.number_raw),
        display=visitor.display(party.display, party.number),
        uri="",
        address=party.address,
    )


def _event(event: CallEvent, visitor: Visitor, numbers: tuple[str, ...]) -> CallEvent:
    return _replaced(event, detail=veiled_text(event.detail, visitor, numbers))


def _decision(decision: Decision, visitor: Visitor, numbers: tuple[str, ...]) -> Decision:
    facts = {
        name: veiled_text(value, visitor, numbers) if isinstance(value, str) else value
        for name, value in decision.facts.items()
    }
    return _replaced(decision, facts=facts, rule=veiled_text(decision.rule, visitor, numbers))


def _control(order: Control, visitor: Visitor, numbers: tuple[str, ...]) -> Control:
    return _replaced(order, why=veiled_text(order.why, visitor, numbers))
