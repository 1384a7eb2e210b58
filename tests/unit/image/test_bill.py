"""The bill of materials: everything that is in the image stands in it once, and the same tree gives the same bytes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
STATUS = """Package: libfoo1
Status: install ok installed
Maintainer: Foo People <foo@example.org>
Architecture: amd64
Version: 1:2.0+deb12u1

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1.0
"""


@pytest.fixture
def tree(tmp_path) -> Path:
    (tmp_path / "var/lib/dpkg").mkdir(parents=True)
    (tmp_path / "var/lib/dpkg/status").write_text(STATUS)
    about = tmp_path / "usr/share/doc/libfoo1"
    about.mkdir(parents=True)
    (about / "copyright").write_text("Files: *\nLicense: GPL-2+\n\nFiles: x\nLicense: BSD-3-Clause\n")
    driver = tmp_path / "usr/share/doc/cards-dkms"
    driver.mkdir()
    (driver / "version").write_text("1:3.1\n")
    (driver / "copyright").write_text("Files: *\nLicense: GPL-2\n")
    package = tmp_path / "usr/lib/tapeline/lib/python3.11/site-packages/Spam-3.1.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: Spam\nVersion: 3.1\nLicense: MIT\n")
    return tmp_path


def bill(tree: Path, epoch: str = "1780000000") -> bytes:
    words = [sys.executable, REPOSITORY / "image/bill", tree, REPOSITORY, "0.9"]
    return subprocess.run(words, check=True, capture_output=True, env={"SOURCE_DATE_EPOCH": epoch}).stdout


def test_every_kind_of_part_is_told_with_version_and_licence(tree):
    parts = {one["purl"]: one for one in json.loads(bill(tree))["components"]}
    debian = parts["pkg:deb/debian/libfoo1@1%3A2.0%2Bdeb12u1?arch=amd64"]
    assert [one["license"]["name"] for one in debian["licenses"]] == ["BSD-3-Clause", "GPL-2+"]
    driver = parts["pkg:deb/debian/cards-dkms@1%3A3.1?arch=all"]
    assert driver["licenses"] == [{"license": {"name": "GPL-2"}}]
    assert parts["pkg:pypi/spam@3.1"]["licenses"] == [{"license": {"name": "MIT"}}]
    assert any(name.startswith("pkg:cargo/pyo3@") for name in parts)
    assert any(name.startswith("pkg:npm/vue@") for name in parts)
    assert not any("gone" in name or "vitest" in name for name in parts)


def test_the_same_tree_gives_the_same_bytes(tree):
    assert bill(tree) == bill(tree)
    assert json.loads(bill(tree))["metadata"]["timestamp"] == "2026-05-28T20:26:40Z"


def test_another_tree_has_another_number(tree):
    before = json.loads(bill(tree))["serialNumber"]
    (tree / "var/lib/dpkg/status").write_text(STATUS.replace("u1", "u2"))
    assert json.loads(bill(tree))["serialNumber"] != before
