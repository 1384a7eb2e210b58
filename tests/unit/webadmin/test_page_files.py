import os

import pytest

from appliance.core.errors import NotFound
from webadmin.page import Assets, NotBuilt


@pytest.fixture
def dist(tmp_path):
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>")
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "assets" / "main-abc123.js").write_text("1")
    (folder / "assets" / "main-abc123.js.gz").write_bytes(b"gz")
    (folder / "assets" / "main-abc123.js.br").write_bytes(b"br")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "leak.txt").symlink_to(tmp_path / "secret.txt")
    return folder


def test_a_file_is_found_with_its_compressed_forms(dist):
    asset = Assets(dist).find("/assets/main-abc123.js")
    assert asset.media_type == "text/javascript; charset=utf-8"
    assert asset.is_hashed
    assert list(asset.encoded) == ["br", "gzip"]


@pytest.mark.parametrize("address", ["/", "/calls", "/calls/abc123", "/index.html", "//evil.example/x"])
def test_a_view_is_the_index(dist, address):
    assert Assets(dist).find(address).path.name == "index.html"


@pytest.mark.parametrize(
    "address",
    [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/leak.txt",
        "/assets/missing.js",
        "/assets/missing",
        "/missing.png",
        "/assets/main-abc123.js.gz",
        "/..%2fsecret.txt",
        "/assets/",
    ],
)
def test_nothing_but_the_builds_files_is_reachable(dist, address):
    with pytest.raises(NotFound):
        Assets(dist).find(address)


def test_a_page_that_is_not_built_says_so(tmp_path):
    with pytest.raises(NotBuilt):
        Assets(tmp_path / "dist").find("/")


def test_a_new_build_is_noticed(dist):
    assets = Assets(dist)
    assets.find("/")
    (dist / "assets" / "new-1.js").write_text("2")
    os.utime(dist / "index.html", ns=(1, 1))
    assert assets.find("/assets/new-1.js")
