"""One declaration per setting: type, bounds, both languages, unit, who must reload.

`Annotated[int, setting(Text(en=…, zh=…), unit="d", ge=1)]` is all there is; the JSON Schema, the page's form
and the manual are derived from it (`form.py`).
"""

from typing import Any

import msgspec

from appliance.core.text import Text


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page of settings. Born only by decoding: constructors do not validate."""


def setting(  # noqa: PLR0913 - one word a property of a setting
    text: Text,
    *,
    help: Text | None = None,  # noqa: A002 - the word every form uses
    unit: str | None = None,
    reload: str | None = None,
    page: str | None = None,
    secret: bool = False,
    ge: float | None = None,
    le: float | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
    pattern: str | None = None,
) -> msgspec.Meta:
    """Describe one setting.

    Units: `unit` is shown behind the value ("s", "d", "MiB"); `reload` names the program that must re-read it;
    `page` names the page of the admin panel that edits it, where the general form of settings is no place for it; a
        `secret` is kept apart and never shown or logged
    """
    extra: dict[str, object] = {"x-text": {"en": text.en, "zh": text.zh}}
    if help is not None:
        extra["x-help"] = {"en": help.en, "zh": help.zh}
    if unit is not None:
        extra["x-unit"] = unit
    if reload is not None:
        extra["x-reload"] = reload
    if page is not None:
        extra["x-page"] = page
    if secret:
        extra["x-secret"] = True
    # msgspec's own overloads only name sensible pairs of bounds; which pair fits is up to the annotated type.
    bounds: dict[str, Any] = {
        "ge": ge,
        "le": le,
        "min_length": min_length,
        "max_length": max_length,
        "pattern": pattern,
    }
    return msgspec.Meta(
        **bounds, extra_json_schema=extra, extra={"text": text, "help": help, "secret": secret}
    )
