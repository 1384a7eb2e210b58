"""Licences: the device they are for, what the files allow, bringing one and taking one away."""

import base64
import binascii
from datetime import date
from typing import Annotated, Any

import msgspec

from appliance.core.errors import Denied
from appliance.domain.call import DATA_TYPE_TEXT, DataType
from appliance.domain.licence import LICENCE_STATE_TEXT, Judged, LicenceState, Licensed
from appliance.system.licences import LARGEST_BYTES, BadLicence
from webadmin import audit
from webadmin.operation import Asked, Nothing
from webadmin.parameters import SECRET

BODY_BYTES = 4 * LARGEST_BYTES


class LicenceFile(msgspec.Struct, frozen=True, kw_only=True):
    """One licence file. What a file says is told only when the vendor's signature is right."""

    name: str
    state: LicenceState
    state_text: str
    customer: str
    issued_on: date | None
    expires_on: date | None
    days_left: int | None
    channels: dict[DataType, int]


class LicensedChannels(msgspec.Struct, frozen=True, kw_only=True):
    """What all files together allow of one technology; `limit` is null without a limit."""

    technology: DataType
    text: str
    limit: int | None


class LicencesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`is_limited` is false in a build without a vendor's key, which records without limit."""

    is_limited: bool
    device: str
    problem: str
    files: list[LicenceFile]
    channels: list[LicensedChannels]


class LicenceBrought(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A licence file, base64."""

    content: Annotated[str, msgspec.Meta(min_length=1, max_length=2 * LARGEST_BYTES, extra=SECRET)]


async def show(asked: Asked[Nothing, Nothing]) -> LicencesAnswer:
    """The device, its licence files and what they allow."""
    _check(asked)
    return await asked.panel.read(_answer, asked)


async def add(asked: Asked[Nothing, LicenceBrought]) -> LicencesAnswer:
    """Bring a licence file; only one that is good is kept."""
    _check(asked)
    panel = asked.panel
    try:
        content = base64.b64decode(asked.body.content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadLicence from error
    licence = await panel.read(panel.licences.add, content, panel.now().date())
    audit.note(
        asked,
        "licence brought",
        serial=licence.serial,
        expires_on=str(licence.expires_on or ""),
        **{technology.value: channels for technology, channels in licence.channels.items() if channels},
    )
    return await panel.read(_answer, asked)


async def remove(asked: Asked[Nothing, Nothing]) -> LicencesAnswer:
    """Take a licence file away."""
    _check(asked)
    await asked.panel.read(asked.panel.licences.remove, asked.path["licence"])
    audit.note(asked, "licence removed", serial=asked.path["licence"])
    return await asked.panel.read(_answer, asked)


def _check(asked: Asked[Any, Any]) -> None:
    if not asked.visitor.sees_box:
        raise Denied


def _answer(asked: Asked[Any, Any]) -> LicencesAnswer:
    licences, today, language = asked.panel.licences, asked.panel.now().date(), asked.language
    found: Licensed = licences.at(today)
    return LicencesAnswer(
        is_limited=licences.is_limited,
        device=licences.device,
        problem=licences.problem,
        files=[_file(one, today, LICENCE_STATE_TEXT[one.state].render(language)) for one in found.files],
        channels=[
            LicensedChannels(
                technology=technology,
                text=DATA_TYPE_TEXT[technology].render(language),
                limit=found.limit(technology),
            )
            for technology in DataType
        ],
    )


def _file(one: Judged, today: date, text: str) -> LicenceFile:
    said = one.licence
    ends = said.expires_on if said else None
    return LicenceFile(
        name=one.name,
        state=one.state,
        state_text=text,
        customer=said.customer if said else "",
        issued_on=said.issued_on if said else None,
        expires_on=ends,
        days_left=(ends - today).days if ends else None,
        channels=dict(said.channels) if said else {},
    )
