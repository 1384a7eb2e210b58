"""What a form needs to know of the settings: JSON Schema with labels, and the label of a path."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from appliance.core.text import Text
from appliance.settings.alarms import PROTECTION_TEXT
from appliance.settings.archive import FORMAT_TEXT, LossFill
from appliance.settings.backup import AUDIO_TEXT, FTP_PROTECTION_TEXT
from appliance.settings.boards import BOARD_CHOICES
from appliance.settings.monitoring import CALL_NUMBERS_TEXT, TRANSPORT_TEXT
from appliance.settings.network import ADDRESSING_TEXT, BONDING_TEXT, ROLE_TEXT
from appliance.settings.paths import SHELVES
from appliance.settings.recording import CHOICES
from appliance.settings.retention import WHEN_FULL_TEXT
from appliance.settings.root import Settings
from appliance.settings.sign_in import SECOND_FACTOR_TEXT, SECURITY_TEXT
from appliance.settings.trunks import CHOICES as TRUNK_CHOICES

CHOICE_TEXT: dict[str, dict[str, Text]] = {
    "format": FORMAT_TEXT,
    "loss_fill": {
        LossFill.CONCEAL: Text(en="A bridge made from the audio before", zh="由前段语音补偿"),
        LossFill.SILENCE: Text(en="Silence", zh="静音"),
    },
    "second_factor": {choice.value: text for choice, text in SECOND_FACTOR_TEXT.items()},
    "security": {choice.value: text for choice, text in SECURITY_TEXT.items()},
    "current": {**SHELVES},
    "transport": {choice.value: text for choice, text in TRANSPORT_TEXT.items()},
    "call_numbers": {choice.value: text for choice, text in CALL_NUMBERS_TEXT.items()},
    "protection": {choice.value: text for choice, text in PROTECTION_TEXT.items()},
    "audio": {choice.value: text for choice, text in AUDIO_TEXT.items()},
    "ftp_protection": {choice.value: text for choice, text in FTP_PROTECTION_TEXT.items()},
    "when_full": {choice.value: text for choice, text in WHEN_FULL_TEXT.items()},
    "role": {choice.value: text for choice, text in ROLE_TEXT.items()},
    "addressing": ADDRESSING_TEXT,
    "bonding": {choice.value: text for choice, text in BONDING_TEXT.items()},
    **CHOICES,
    **BOARD_CHOICES,
    **TRUNK_CHOICES,
}
"""Names of the choices of a setting: last part of its path -> value or kind -> name."""

_SCHEMA = "#/$defs/{name}"


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the whole configuration.

    Shape: every setting carries `x-text`, and where there is one `x-help`, `x-unit`, `x-reload`, `x-page`; a setting of
    several kinds or values carries `x-choices`: value -> {en, zh}. `version` and `revision` are `readOnly`.
    """
    roots, definitions = msgspec.json.schema_components([Settings], ref_template=_SCHEMA)
    for definition in definitions.values():
        definition.pop("description", None)
        for name, property_schema in definition.get("properties", {}).items():
            if name in CHOICE_TEXT:
                property_schema["x-choices"] = {
                    value: {"en": text.en, "zh": text.zh} for value, text in CHOICE_TEXT[name].items()
                }
    for section in _sections(Settings):
        for field in msgspec.structs.fields(section):
            described = definitions[section.__name__]["properties"][field.encode_name]
            is_edited_whole = "anyOf" in described or described.get("type") == "array"
            if is_edited_whole and field.default_factory is not msgspec.NODEFAULT:
                described.setdefault("default", msgspec.to_builtins(field.default_factory()))
    for name in ("version", "revision"):
        definitions[Settings.__name__]["properties"][name]["readOnly"] = True
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **roots[0], "$defs": definitions}


def labels() -> dict[str, Text]:
    """Every label and help of the configuration: dotted path -> text, helps under `<path>.help`.

    Shape: fields of a kind stand under `<path>.<kind>.<field>`, choices under `<path>.choice.<value>`
    """
    return dict(_walk(Settings, ""))


def label(path: str) -> Text | None:
    """The label of the setting at a decoder's path (`$.archive.format.bitrate_kbps`), if it has one."""
    wanted = re.sub(r"\[[^]]*\]", "", path.removeprefix("$").lstrip("."))
    found = labels()
    if wanted in found:
        return found[wanted]
    parent, _, name = wanted.rpartition(".")
    kinds = [text for key, text in found.items() if key.startswith(f"{parent}.") and key.endswith(f".{name}")]
    return kinds[0] if parent and kinds else None


def _walk(section: type[msgspec.Struct], prefix: str) -> Iterator[tuple[str, Text]]:
    described = msgspec.inspect.type_info(section)
    assert isinstance(described, msgspec.inspect.StructType)
    for field in described.fields:
        path = f"{prefix}{field.name}"
        yield from _own(field.type, path)
        for choice, text in CHOICE_TEXT.get(field.name, {}).items():
            yield f"{path}.choice.{choice}", text
        for kind in _structs(field.type):
            tag = f"{kind.tag}." if kind.tag is not None else ""
            yield from _walk(kind.cls, f"{path}.{tag}")


def _sections(section: type[msgspec.Struct]) -> set[type[msgspec.Struct]]:
    """A section and all that lie in it."""
    described = msgspec.inspect.type_info(section)
    assert isinstance(described, msgspec.inspect.StructType)
    inner = {kind.cls for field in described.fields for kind in _structs(field.type)}
    return {section}.union(*map(_sections, inner))


def _own(described: msgspec.inspect.Type, path: str) -> Iterator[tuple[str, Text]]:
    if not isinstance(described, msgspec.inspect.Metadata) or described.extra is None:
        return
    yield path, described.extra["text"]
    if described.extra.get("help") is not None:
        yield f"{path}.help", described.extra["help"]


def _structs(described: msgspec.inspect.Type) -> Iterator[msgspec.inspect.StructType]:
    if isinstance(described, msgspec.inspect.Metadata):
        yield from _structs(described.type)
    elif isinstance(described, msgspec.inspect.ListType):
        yield from _structs(described.item_type)
    elif isinstance(described, msgspec.inspect.UnionType):
        for member in described.types:
            yield from _structs(member)
    elif isinstance(described, msgspec.inspect.StructType):
        yield described
