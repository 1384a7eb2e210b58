"""What every test may ask for. Data folders are short, because Unix socket paths are limited to 107 bytes."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.core.files import Layout
from tests.rigs import ports
from tests.rigs.mirror import MirrorLab

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.fixture
def corpus() -> Path:
    """Real captures with their truth; they are not part of the repository."""
    if not (CORPUS / "truth.json").exists():
        pytest.skip("the corpus of real captures is not on this machine")
    return CORPUS


@pytest.fixture
def layout() -> Iterator[Layout]:
    """An empty data folder with a short path."""
    folder = Path(tempfile.mkdtemp(prefix="tl-", dir="/tmp"))
    yield Layout(folder).make()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def lab() -> Iterator[MirrorLab]:
    """A telephone network in namespaces, with a mirror port."""
    if os.geteuid() != 0:
        pytest.skip("network namespaces need root")
    made = MirrorLab()
    yield made
    made.close()


@pytest.fixture
def free_port() -> int:
    """A TCP port of the loopback that nobody listens on."""
    return ports.free_port()
