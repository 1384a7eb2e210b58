"""The way back to the state of delivery, as the start disk's own script does it, on a folder."""

import re
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "image/initramfs/scripts/mount-data"
KEPT = ("archive/2026/11/21/call.wav", "spool/ready/call/manifest.json", "statements/1.json", "statement.key")
GONE = (
    "settings.json",
    "secrets.json",
    "index.sqlite",
    "tls/key.pem",
    ".hidden",
    "sealing.key",
    "exports/a/b",
)

LICENCE = "licences/ACME-1.licence"
ALWAYS = {"system/update/state.json", "system/rauc.status", "system/etc/machine-id", f"tapeline/{LICENCE}"}


@pytest.fixture
def root(tmp_path) -> Path:
    for name in (*KEPT, *GONE, LICENCE):
        path = tmp_path / "data/tapeline" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    for name in (
        "update/state.json",
        "rauc.status",
        "ssh/key",
        "var/log/journal/x",
        "etc/machine-id",
        "etc/hostname",
    ):
        path = tmp_path / "data/system" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return tmp_path


def obey(root: Path) -> set[str]:
    function = re.search(r"^obey_reset\(\) \{\n.*?^\}\n", SCRIPT.read_text(), re.MULTILINE | re.DOTALL)[0]
    function = function.replace("/dev/kmsg", "/dev/null")
    subprocess.run(["sh", "-euc", f"fstrim() {{ :; }}\nrootmnt={root}\n{function}\nobey_reset"], check=True)
    return {str(path.relative_to(root / "data")) for path in root.rglob("*") if path.is_file()}


def test_without_an_order_nothing_is_touched(root):
    assert len(obey(root)) == len(KEPT) + len(GONE) + 7


def test_recordings_and_what_proves_them_stay_when_they_are_to(root):
    (root / "data/system/factory-reset").write_text("keep")
    assert obey(root) == {
        *(f"tapeline/{name}" for name in KEPT),
        *ALWAYS,
    }


def test_everything_goes_when_it_is_to_but_who_the_machine_is_and_its_licences(root):
    (root / "data/system/factory-reset").write_text("wipe")
    assert obey(root) == ALWAYS
