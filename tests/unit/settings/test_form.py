import re

import msgspec
import pytest

from appliance.settings import form
from appliance.settings.archive import FORMAT_TEXT, LossFill
from appliance.settings.root import Settings


def settings_without_rows():
    """Dotted paths of all settings, those of every kind of a setting included, without the fields of rows in lists."""

    def walk(section, prefix):
        for field in msgspec.inspect.type_info(section).fields:
            described = field.type
            if not isinstance(described, msgspec.inspect.Metadata):
                continue
            yield f"{prefix}{field.name}"
            inner = described.type
            for kind in inner.types if isinstance(inner, msgspec.inspect.UnionType) else (inner,):
                if isinstance(kind, msgspec.inspect.StructType):
                    tag = "" if kind.tag is None else f"{kind.tag}."
                    yield from walk(kind.cls, f"{prefix}{field.name}.{tag}")

    return [path for path in walk(Settings, "") if path in form.labels()]


def words(text):
    return set(re.findall(r"[a-z0-9]+", text.lower()))


def test_every_setting_has_a_label_in_the_schema():
    bare = []
    for name, definition in form.schema()["$defs"].items():
        for key, described in definition.get("properties", {}).items():
            if key not in ("kind", "version", "revision") and not described.get("x-text", {}).get("zh"):
                bare.append((name, key))
    assert bare == []


def test_units_helps_and_reloads_reach_the_page():
    ring = form.schema()["$defs"]["Capture"]["properties"]["ring_mib"]
    assert ring["x-unit"] == "MiB"
    assert ring["x-reload"] == "recorder"
    assert ring["x-help"]["en"]
    assert (ring["minimum"], ring["maximum"], ring["default"]) == (4, 2048, 64)


def test_every_choice_of_a_setting_has_a_name():
    archive = form.schema()["$defs"]["Archive"]["properties"]
    assert set(archive["format"]["x-choices"]) == set(FORMAT_TEXT)
    assert set(archive["loss_fill"]["x-choices"]) == {str(fill) for fill in LossFill}
    choices = {key for key in form.labels() if ".choice." in key}
    assert "archive.format.choice.opus" in choices


def test_every_setting_has_a_help_that_says_more_than_its_label():
    """Somebody who meets a word for the first time must not need a manual; a row's fields are explained by their list."""
    found = form.labels()
    wanting = []
    for path in settings_without_rows():
        label, told = found[path], found.get(f"{path}.help")
        if told is None:
            wanting.append((path, "no help"))
        elif words(told.en) <= words(label.en) or len(set(told.zh) - set(label.zh)) < 4:
            wanting.append((path, "says no more than the label", told))
    assert not wanting


def test_docstrings_are_no_labels():
    assert all("description" not in definition for definition in form.schema()["$defs"].values())


def test_the_schema_describes_what_the_decoder_accepts():
    names = set(form.schema()["$defs"]["Settings"]["properties"])
    assert names == set(msgspec.to_builtins(msgspec.convert({}, Settings)))


@pytest.mark.parametrize(
    ("path", "english"),
    [
        ("$.capture.ring_mib", "Capture ring"),
        ("capture.sip_ports[3]", "SIP ports"),
        ("archive.format.bitrate_kbps", "Bit rate"),
        ("archive", "Archive"),
    ],
)
def test_a_decoders_path_leads_to_the_label(path, english):
    assert form.label(path).en == english


def test_a_path_that_is_none_has_no_label():
    assert form.label("$.nowhere.at_all") is None
    assert form.label("") is None
