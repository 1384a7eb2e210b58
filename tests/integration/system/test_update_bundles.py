"""The real updater judges bundles that it has signed itself; what an index was before comes back."""

import asyncio
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from appliance.commands import update
from appliance.core.errors import SettingsUnreadable
from appliance.core.files import Layout
from appliance.settings import storage
from appliance.settings.root import SETTINGS_VERSION
from appliance.store import before
from appliance.store.database import IndexTooNew, open_database
from appliance.store.migrations import MIGRATIONS
from appliance.system.slots import BadBundle, NoBundle, Rauc


def sh(*words: str | Path) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True)


def key(folder: Path, name: str) -> tuple[Path, Path]:
    secret, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    sh(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9"),
        *("-subj", f"/CN={name}", "-keyout", secret, "-out", certificate),
    )  # fmt: skip
    return secret, certificate


def bundle(folder: Path, keys: tuple[Path, Path], compatible: str = "tapeline-x86-64") -> Path:
    content = folder / "content"
    content.mkdir(exist_ok=True)
    (content / "root.img").write_bytes(bytes(range(256)) * 64 + os.urandom(32768))
    (content / "manifest.raucm").write_text(
        f"[update]\ncompatible={compatible}\nversion=0.9.1\nbuild=fedc\n[bundle]\nformat=verity\n[image.rootfs]\nfilename=root.img\n"
    )
    made = folder / f"{compatible}-{keys[0].stem}.raucb"
    made.unlink(missing_ok=True)
    sh("rauc", "--cert", keys[1], "--key", keys[0], "bundle", content, made)
    return made


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundles")
    return folder, key(folder, "ours"), key(folder, "theirs")


def inspect(trusted: Path, path: Path):
    return asyncio.run(Rauc(keyring=trusted).inspect(path))


def test_our_bundle_is_verified_and_read(signed):
    folder, ours, _ = signed
    found = inspect(ours[1], bundle(folder, ours))
    assert (found.version, found.build) == ("0.9.1", "fedc")
    assert found.size_bytes > 8192


def test_a_bundle_of_somebody_else_is_refused(signed):
    folder, ours, theirs = signed
    with pytest.raises(BadBundle) as refused:
        inspect(ours[1], bundle(folder, theirs))
    assert "signature" in str(refused.value.facts["problem"]).lower()


def test_a_bundle_for_another_machine_is_refused(signed):
    folder, ours, _ = signed
    with pytest.raises(BadBundle, match="toaster"):
        inspect(ours[1], bundle(folder, ours, "toaster"))


def test_a_changed_byte_of_the_signed_part_is_refused(signed):
    folder, ours, _ = signed
    whole = bytearray(bundle(folder, ours).read_bytes())
    whole[-60] ^= 1
    (folder / "changed.raucb").write_bytes(whole)
    with pytest.raises(BadBundle):
        inspect(ours[1], folder / "changed.raucb")


@pytest.mark.parametrize("content", [b"", b"no bundle at all", bytes(70000)])
def test_what_is_no_bundle_is_refused(signed, content):
    folder, ours, _ = signed
    (folder / "rubbish").write_bytes(content)
    with pytest.raises(BadBundle):
        inspect(ours[1], folder / "rubbish")


def test_without_a_bundle_there_is_nothing_to_install(signed, tmp_path):
    with pytest.raises(NoBundle):
        inspect(signed[1][1], tmp_path / "none")


def version(layout: Layout) -> int:
    with closing(sqlite3.connect(layout.index)) as index:
        return index.execute("PRAGMA user_version").fetchone()[0]


def test_an_index_that_a_newer_release_changed_is_taken_back(layout):
    open_database(layout).close()
    before.keep(layout)
    with closing(sqlite3.connect(layout.index)) as newer:
        newer.execute("CREATE TABLE of_the_future (x)")
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        newer.commit()
    with pytest.raises(IndexTooNew):
        open_database(layout)
    assert before.put_back(layout, [layout.archive]) == 0
    assert version(layout) == len(MIGRATIONS)
    open_database(layout).close()
    assert (layout.before_update / f"newer-{layout.index.name}").exists()


def test_settings_that_a_newer_release_wrote_are_taken_back(layout):
    storage.save(layout, storage.validate({"web": {"idle_timeout_min": 45}}), 0)
    update._copy(layout)
    written = msgspec.json.decode(layout.settings.read_bytes())
    newer = {**written, "version": SETTINGS_VERSION + 1, "of_the_future": 7}
    layout.settings.write_bytes(msgspec.json.encode(newer))
    with pytest.raises(SettingsUnreadable):
        storage.load(layout)
    update._settle(layout)
    assert storage.load(layout).web.idle_timeout_min == 45
    assert (layout.before_update / f"newer-{layout.settings.name}").exists()


def test_the_copy_of_an_older_version_is_there_when_one_goes_back_by_hand(layout):
    """The newer release has put aside its own index since: that copy is of no use here."""
    open_database(layout).close()
    before.keep(layout)
    with closing(sqlite3.connect(layout.index)) as newer:
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        newer.commit()
    before.keep(layout)
    assert len(list(layout.before_update.glob("index-*"))) == 2
    assert before.put_back(layout, [layout.archive]) == 0
    assert version(layout) == len(MIGRATIONS)


def test_without_a_copy_that_is_known_nothing_is_touched(layout):
    open_database(layout).close()
    with closing(sqlite3.connect(layout.index)) as newer:
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        newer.commit()
    before.keep(layout)
    assert before.put_back(layout, [layout.archive]) is None
    assert version(layout) == len(MIGRATIONS) + 1


def test_an_index_that_is_still_readable_stays(layout):
    open_database(layout).close()
    before.keep(layout)
    with closing(sqlite3.connect(layout.index)) as index:
        index.execute("CREATE TABLE meanwhile (x)")
        index.commit()
    assert before.put_back(layout, [layout.archive]) is None
    with closing(sqlite3.connect(layout.index)) as index:
        assert index.execute("SELECT count(*) FROM meanwhile").fetchone() == (0,)


def test_a_copy_is_whole_although_somebody_writes(layout):
    database = open_database(layout)
    database.script("CREATE TABLE busy (x)")
    with database.write():
        database.script("INSERT INTO busy VALUES (1)")
    before.keep(layout)
    database.script("INSERT INTO busy VALUES (2)")
    with closing(sqlite3.connect(layout.before_update / f"index-{len(MIGRATIONS)}")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT x FROM busy").fetchall() == [(1,)]
    database.close()
