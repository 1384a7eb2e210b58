"""The units and the files beside them, judged without starting any of them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from appliance.core.files import Layout
from appliance.daemons import DAEMONS

ROOT = Path(__file__).parents[3] / "rootfs"
UNITS = ROOT / "usr/lib/systemd/system"
MOST = 3.0
"""The exposure that no unit of ours may exceed, see systemd-analyze(1), `security`."""


def services() -> list[str]:
    plain = [path.name for path in UNITS.glob("tapeline*.service") if "@." not in path.name]
    drop_ins = [path.name.removesuffix(".d") for path in UNITS.glob("tapeline@*.service.d")]
    instances = [f"tapeline@{name}.service" for name in DAEMONS]
    return sorted({*plain, *drop_ins, *instances})


@pytest.fixture(scope="module")
def exposures(tmp_path_factory) -> dict[str, tuple[float, str]]:
    """Each unit's exposure with its table, as on a disk that holds nothing else."""
    root = tmp_path_factory.mktemp("root")
    shutil.copytree(ROOT / "usr", root / "usr")
    found = {}
    for name in services():
        said = subprocess.run(
            ["systemd-analyze", "security", "--offline=yes", "--no-pager", f"--root={root}", name],
            capture_output=True,
            text=True,
            check=False,
        )
        level = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said.stdout)
        assert level, (name, said.stdout[-500:], said.stderr)
        found[name] = (float(level[1]), said.stdout)
    return found


@pytest.mark.parametrize("name", services())
def test_every_unit_is_in_a_sandbox(name, exposures):
    level, table = exposures[name]
    assert level < MOST, table


@pytest.mark.parametrize("name", services())
def test_what_is_left_open_is_explained(name):
    """A drop-in or a unit of its own says why it needs what it takes."""
    for path in [*UNITS.glob(f"{name}.d/*.conf"), UNITS / name]:
        if path.exists() and re.search(
            r"^(CapabilityBoundingSet=CAP|AmbientCap|User=root)", path.read_text(), re.MULTILINE
        ):
            assert re.search(r"^# .{20,}", path.read_text(), re.MULTILINE), path


def test_every_folder_of_the_layout_is_there_before_a_program_starts(tmp_path):
    """Several programs may only read folders that others write; none can make what is missing."""
    made = Layout(tmp_path).make().data
    wanted = {f"/data/tapeline/{path.relative_to(made)}" for path in made.rglob("*") if path.is_dir()}
    said = (ROOT / "usr/lib/tmpfiles.d/tapeline.conf").read_text()
    assert wanted <= {line.split()[1] for line in said.splitlines() if line.startswith("d ")}


def settings(name: str, key: str) -> list[str]:
    """The values of a list setting of a unit after its drop-ins; an empty one takes back what was before."""
    template = UNITS / f"{name.partition('@')[0]}@.service" if "@" in name else UNITS / name
    values: list[str] = []
    for path in [template, *sorted(UNITS.glob(f"{name}.d/*.conf"))]:
        for given in re.findall(rf"^{key}=(.*)$", path.read_text(), re.MULTILINE):
            values = [*values, *given.split()] if given.strip() else []
    return [value.lstrip("-+") for value in values]


@pytest.mark.parametrize("name", services())
def test_no_folder_is_both_to_be_written_and_to_be_read_only(name):
    """Of the same folder the stricter rule wins, silently."""
    assert not set(settings(name, "ReadWritePaths")) & set(settings(name, "ReadOnlyPaths"))


@pytest.mark.parametrize("name", ["archiver", "webadmin"])
def test_children_may_step_back(name):
    """Refused, they would end: every call would be told as damaged, every export fail."""
    assert "setpriority" in settings(f"tapeline@{name}.service", "SystemCallFilter")[1:]


def test_only_the_program_of_boards_sees_cards_and_only_those():
    for name in DAEMONS:
        allowed = settings(f"tapeline@{name}.service", "DeviceAllow")
        is_boards = name == "boards"
        assert ("char-196" in allowed, "char-116" in allowed) == (is_boards, is_boards), name
    assert settings("tapeline@boards.service", "DevicePolicy") == ["closed"]


def test_every_daemon_starts_by_itself():
    preset = (ROOT / "usr/lib/systemd/system-preset/10-tapeline.preset").read_text()
    instances = re.search(r"^enable tapeline@\.service (.+)$", preset, re.MULTILINE)[1].split()
    by_socket = re.findall(r"^enable tapeline@(\w+)\.socket", preset, re.MULTILINE)
    assert set(instances) | set(by_socket) == set(DAEMONS)
