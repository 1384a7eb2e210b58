"""Storage paths as settings, and finding a file below any of them."""

import pytest

from appliance.core.errors import Invalid
from appliance.settings.paths import absent, find, named, roots
from appliance.settings.storage import validate


def paths(**more):
    return validate({"paths": more}).paths


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first": "relative"}, "paths.first"),
        ({"first": "/a/../b"}, "paths.first"),
        ({"first": "/"}, "paths.first"),
        ({"first": "/a", "second": "/a"}, "paths.second"),
        ({"first": "/a", "second": "/a/b"}, "paths.second"),
        ({"first": "/a/b", "older": ["/a"]}, "paths.older[0]"),
        ({"current": "second"}, "paths.current"),
        ({"second": "/a\nb"}, "paths.second"),
    ],
)
def test_paths_that_cannot_be_are_refused(wrong, field):
    with pytest.raises(Invalid) as refused:
        paths(**wrong)
    assert refused.value.facts["field"] == field


def test_the_current_path_is_looked_at_first_and_the_data_directory_always(layout, tmp_path):
    chosen = paths(first=str(tmp_path / "a"), second=str(tmp_path / "b"), current="second", older=["/old"])
    assert list(map(str, roots(layout, chosen))) == [
        str(tmp_path / "b"),
        str(tmp_path / "a"),
        "/old",
        str(layout.archive),
    ]


def test_a_file_is_found_wherever_it_lies(layout, tmp_path):
    chosen = paths(second=str(tmp_path))
    for root in (tmp_path, layout.archive):
        (root / "2026").mkdir()
        (root / "2026" / f"{root.name}.wav").write_bytes(b"x")
    assert find(layout, chosen, f"2026/{tmp_path.name}.wav") == tmp_path / "2026" / f"{tmp_path.name}.wav"
    assert find(layout, chosen, "2026/archive.wav") == layout.archive / "2026/archive.wav"
    assert find(layout, chosen, "2026/none.wav") is None
    assert named(layout, chosen, "2026/none.wav") == layout.archive / "2026/none.wav"
    assert absent(layout, chosen) == [tmp_path], "it carries no mark: nothing of ours is mounted there"


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "link/passwd", ""])
def test_a_name_never_leads_out_of_a_storage_path(layout, tmp_path, name):
    (tmp_path / "secret").write_text("x")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link").symlink_to("/etc")
    assert find(layout, paths(second=str(inside)), name) is None
