"""The settings as a file: taken away, with or without secrets, and brought in after a look at what it would change."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from appliance.core.errors import Conflict, Invalid
from appliance.core.text import Text
from appliance.settings import bundle, storage
from appliance.settings.bundle import Problem
from appliance.settings.difference import differences, secret, section
from appliance.settings.form import labels
from appliance.settings.secret import changed
from webadmin import audit
from webadmin.api.settings import ChangeView, views
from webadmin.authority import check_whole_scope
from webadmin.files import BytesAnswer
from webadmin.operation import Asked, Nothing
from webadmin.parameters import SECRET

SHORTEST_PASSPHRASE = 10

Passphrase = Annotated[str, msgspec.Meta(max_length=256, extra=SECRET)]


class ExportOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """With a passphrase secrets come along, encrypted; "" leaves them out."""

    passphrase: Passphrase = ""


class ImportOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`content` is the file; `sections` the parts of it that are wanted, null = all.

    Without `apply` nothing is changed; with it `revision` must be the one that the preview named.
    """

    content: dict[str, Any]
    passphrase: Passphrase = ""
    sections: (
        Annotated[list[Annotated[str, msgspec.Meta(max_length=64)]], msgspec.Meta(max_length=64)] | None
    ) = None
    revision: int | None = None
    apply: bool = False


class MisfitView(msgspec.Struct, frozen=True, kw_only=True):
    """A setting of the file that is left as it is here, and why."""

    path: str
    label: str
    message: str


class PartView(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the settings that the file would change."""

    name: str
    text: str
    changes: int


class ImportAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the file would change on top of `revision`, or has changed when `done`: then `revision` is the new one.

    `secrets`: none | locked (a passphrase opens them) | open.
    """

    done: bool
    revision: int
    release: str
    box: str
    made_at: datetime
    secrets: Literal["none", "locked", "open"]
    parts: list[PartView]
    changes: list[ChangeView]
    total: int
    problems: list[MisfitView]


async def export(asked: Asked[Nothing, ExportOrder]) -> BytesAnswer:
    """The settings as a file."""
    panel, passphrase = asked.panel, asked.body.passphrase
    if passphrase:
        check_whole_scope(asked)
        _check_length(passphrase)
    current, _ = await panel.read(storage.in_force, panel.layout)
    made = await panel.work(bundle.pack, current, panel.now(), passphrase)
    audit.note(
        asked,
        "settings exported",
        revision=current.revision,
        secrets="encrypted" if passphrase else "left out",
    )
    content = msgspec.json.format(msgspec.json.encode(made), indent=2)
    name = f"settings-{made.box}-{made.revision}-{made.made_at:%Y%m%d}.json"
    return BytesAnswer(content, "application/json", file_name=name)


async def take(asked: Asked[Nothing, ImportOrder]) -> ImportAnswer:
    """Look at an exported file, or bring it in."""
    panel, body = asked.panel, asked.body
    asked.is_quiet = not body.apply
    found = bundle.unpack(body.content)
    secrets = await panel.work(bundle.opened, found, body.passphrase)
    before, _ = await panel.read(storage.in_force, panel.layout)
    wanted = await panel.read(bundle.taken, found, secrets, before, body.sections)
    plain = msgspec.to_builtins(before), msgspec.to_builtins(wanted.settings)
    changes = [
        *differences(*plain, asked.language),
        *(secret(path, asked.language) for path in changed(*plain)),
    ]
    revision = before.revision
    if body.apply:
        if body.revision != before.revision:
            raise Conflict(what="Settings", revision=before.revision)
        saved = await panel.read(
            storage.save, panel.layout, wanted.settings, revision, audit.name_of(asked), origin="import"
        )
        await panel.renew_settings()
        audit.note(
            asked, "settings imported", of=found.box, changes=len(changes), left_out=len(wanted.problems)
        )
        revision = saved.revision
    texts = labels()
    counts: dict[str, int] = {}
    for one in changes:
        counts[section(one.path)] = counts.get(section(one.path), 0) + 1
    return ImportAnswer(
        done=body.apply,
        revision=revision,
        release=found.release,
        box=found.box,
        made_at=found.made_at,
        secrets="none" if found.secrets is None else "open" if secrets else "locked",
        parts=[
            PartView(name=name, text=texts[name].render(asked.language), changes=count)
            for name, count in counts.items()
        ],
        changes=views(changes),
        total=len(changes),
        problems=[_problem(one, asked) for one in wanted.problems],
    )


def _problem(one: Problem, asked: Asked[Any, Any]) -> MisfitView:
    problem = one.why.facts.get("problem", "")
    message = problem.render(asked.language, **one.why.facts) if isinstance(problem, Text) else str(problem)
    return MisfitView(
        path=one.path, label=one.label.render(asked.language) if one.label else one.path, message=message
    )


def _check_length(passphrase: str) -> None:
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Invalid(
            field="passphrase",
            problem=Text(en="must have at least {limit} characters", zh="至少 {limit} 个字符"),
            limit=SHORTEST_PASSPHRASE,
        )
