import msgspec
import pytest

from appliance.settings import form
from appliance.settings.archive import FORMAT_TEXT, LossFill
from appliance.settings.root import Settings


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
