"""One machine for all checks, in the order of their files, and the report of what was found: `make boot`."""

import contextlib
import json
import os
import platform
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rigs.boxed import OneBox, signed_in
from tests.rigs.vm import Vm, vm

BUILT = Path(".build/image")
TOLD = Path(".build/boot")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(2400))


@pytest.fixture(scope="session")
def image() -> Path:
    """The disk image as built last."""
    found = sorted(BUILT.glob("tapeline-*.img"))
    if not found:
        pytest.skip("no image is built: `make boot` does")
    return found[-1]


@pytest.fixture(scope="session")
def machine(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vm]:
    """A box that was taken out of its carton: started for the first time, everything up."""
    TOLD.mkdir(parents=True, exist_ok=True)
    with vm(image, tmp_path_factory.mktemp("machine")) as made:
        _MACHINES.append(made)
        try:
            made.start()
            yield made
        finally:
            # A box that no longer obeys has said so elsewhere.
            with contextlib.suppress(AssertionError, OSError):
                (TOLD / "journal.txt").write_text(made.shell.run("journalctl -b -n 4000 --no-pager").text)
            log = made.folder / "console.log"
            if log.exists():
                (TOLD / "console.log").write_bytes(log.read_bytes())


@pytest.fixture(scope="session")
def box(machine: Vm) -> OneBox:
    """The machine with its administrator signed in."""
    return signed_in(machine)


@pytest.fixture(scope="session")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty USB stick, as they are sold: FAT, nothing on it."""
    path = tmp_path_factory.mktemp("stick") / "stick.img"
    with path.open("wb") as file:
        file.truncate(512 << 20)
    subprocess.run(["mkfs.fat", "-F", "32", "-n", "STICK", path], check=True, capture_output=True)
    return path


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> dict[str, object]:
    """What a check has measured, for the report."""
    found: dict[str, object] = {}
    request.node.stash[_FIGURES] = found
    return found


_FIGURES = pytest.StashKey[dict[str, object]]()
_CHECKS: list[dict[str, object]] = []
_MACHINES: list[Vm] = []
_BEGAN = time.time()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if Path(__file__).parent in item.path.parents and (report.when == "call" or report.outcome != "passed"):
        _CHECKS.append(
            {
                "check": item.name.removeprefix("test_").replace("_", " "),
                "outcome": report.outcome,
                "took_s": round(call.duration, 1),
                "figures": item.stash.get(_FIGURES, {}),
                **({"why": str(call.excinfo.value)[:2000]} if call.excinfo else {}),
            }
        )
        _tell()
        if report.failed:
            _keep_journal(item.name)
    return report


def _keep_journal(check: str) -> None:
    """What the box said while a check failed, as far as it still obeys."""
    for machine in _MACHINES[-1:]:
        with contextlib.suppress(AssertionError, OSError):
            text = machine.shell.run("journalctl -b -n 400 --no-pager").text
            (TOLD / f"journal-{check.partition('[')[0]}.txt").write_text(text)


def _tell() -> None:
    """Write the report as far as it has come: a box takes an hour to be tried."""
    TOLD.mkdir(parents=True, exist_ok=True)
    load = os.getloadavg()
    hangs = sum(one.hangs for one in _MACHINES)
    told = {
        "machine": {
            "processors": os.cpu_count(),
            "load": [round(one, 1) for one in load],
            "kernel": platform.release(),
            "emulator_hangs": hangs,
        },
        "took_s": round(time.time() - _BEGAN),
        "checks": _CHECKS,
    }
    (TOLD / "report.json").write_text(json.dumps(told, indent=1, default=str) + "\n")
    lines = [
        f"boot test: {told['took_s']} s, {os.cpu_count()} processors, load {load[0]:.1f}, emulator stuck and reset: {hangs}",
        "",
    ]
    for check in _CHECKS:
        lines.append(f"{check['outcome']:<8} {check['took_s']:>7} s  {check['check']}")
        lines += [f"{'':20} {name}: {value}" for name, value in check["figures"].items()]
        if "why" in check:
            lines += [f"{'':20} {line}" for line in str(check["why"]).splitlines()[:12]]
    (TOLD / "report.txt").write_text("\n".join(lines) + "\n")
