"""`tapeline backup` and `tapeline restore`, with and without the backup program."""

import shutil
import tempfile
from pathlib import Path

import pytest

from appliance.backup.desk import Desk
from appliance.commands import tapeline
from appliance.core.files import Layout
from appliance.domain.access import EVERYTHING
from appliance.store import calls
from appliance.store.database import open_database
from tests.rigs.backing import save
from tests.rigs.keeping import keeping
from tests.rigs.records import NOON, make_record

pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture
def filled(layout):
    database = open_database(layout)
    calls.index(database, make_record(at=NOON, call_id="first"))
    database.close()
    save(layout, box={"enabled": True})
    return layout


def test_a_backup_is_made_and_restored_onto_a_new_box_by_the_command_line(filled, capsys):
    data = str(filled.data)
    assert tapeline.main(["backup", "make", "--data", data]) == 0
    name, place = capsys.readouterr().out.split("\n")[:2]
    assert place == "This box: done and read back"
    assert tapeline.main(["backup", "list", "--data", data]) == 0
    assert name in capsys.readouterr().out
    assert tapeline.main(["backup", "key", "--data", data]) == 0
    key = capsys.readouterr().out.strip()
    assert Desk(filled).key_shown_at() is not None
    fresh = Path(tempfile.mkdtemp(prefix="tl-", dir="/tmp"))
    try:
        file = str(filled.backups / name)
        words = ["restore", file, "--data", str(fresh / "data")]
        assert tapeline.main(words) == 1
        assert "recovery key" in capsys.readouterr().out
        (fresh / "key.txt").write_text(f"# the key\n{key}\n")
        words += ["--key-file", str(fresh / "key.txt")]
        assert tapeline.main(words) == 0
        assert "would restore 1 calls until 2026-11-21 12:00 UTC" in capsys.readouterr().out
        assert tapeline.main([*words, "--yes"]) == 0
        database = open_database(Layout(fresh / "data"))
        assert calls.row(database, "first", scope=EVERYTHING) is not None
        database.close()
    finally:
        shutil.rmtree(fresh)


def test_the_backup_program_does_it_where_it_runs(filled, capsys):
    with keeping(filled):
        assert tapeline.main(["backup", "make", "--data", str(filled.data)]) == 0
        name = capsys.readouterr().out.split("\n", maxsplit=1)[0]
        assert tapeline.main(["restore", name, "--data", str(filled.data), "--yes"]) == 0
        assert "would restore 1 calls" in capsys.readouterr().out
    assert tapeline.main(["restore", "tapeline-none", "--data", str(filled.data)]) == 1
