"""Locked archives, opened by 7-Zip: the reader that people have."""

import os
import subprocess

import msgspec
import pytest

from tests.rigs.sevenzip import SEVEN_ZIP, extract
from webadmin.export_order import Entry
from webadmin.export_zip import Archive, Changed
from webadmin.zip_aes import Lock

STAMP = (2026 - 1980) << 25 | 11 << 21 | 21 << 16 | 12 << 11
PASSWORD = "right-horse battery"


def laid_out(tmp_path, contents, lock):
    listing = tmp_path / "entries.jsonl"
    with listing.open("wb") as file:
        for name, content in contents.items():
            path = tmp_path / f"{len(name)}-{len(content)}.source"
            path.write_bytes(content)
            file.write(msgspec.json.encode(Entry(name, str(path), len(content), STAMP)) + b"\n")
    return Archive(listing, lock)


CONTENTS = {
    "a.wav": os.urandom(100_001),
    "empty.wav": b"",
    "通话.wav": bytes(range(256)) * 5000,
    "calls.json": b"[]\n",
}


def test_seven_zip_opens_it_with_the_password_and_not_without(tmp_path):
    archive = laid_out(tmp_path, CONTENTS, Lock(PASSWORD))
    whole = archive.read(0, archive.size)
    assert len(whole) == archive.size
    path = tmp_path / "locked.zip"
    path.write_bytes(whole)
    done = extract(path, PASSWORD, tmp_path / "out")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {one.name: one.read_bytes() for one in (tmp_path / "out").iterdir()} == CONTENTS
    assert extract(path, "wrong horse battery", tmp_path / "wrong").returncode != 0
    told = subprocess.run(
        [SEVEN_ZIP, "l", "-slt", str(path)], capture_output=True, text=True, check=True
    ).stdout
    assert told.count("Method = AES-256 Store") == len(CONTENTS), told
    for content in CONTENTS.values():
        assert len(content) < 100 or content[:100] not in whole


def test_what_is_altered_on_the_way_is_noticed(tmp_path):
    archive = laid_out(tmp_path, {"a.wav": b"x" * 1000}, Lock(PASSWORD))
    whole = bytearray(archive.read(0, archive.size))
    whole[500] ^= 1
    path = tmp_path / "locked.zip"
    path.write_bytes(whole)
    assert extract(path, PASSWORD, tmp_path / "out").returncode != 0


def test_any_part_is_that_of_the_whole_in_any_order_and_after_starting_anew(tmp_path):
    lock = Lock(PASSWORD)
    archive = laid_out(
        tmp_path, {"a.wav": os.urandom(1001), "empty.wav": b"", "b.wav": os.urandom(3000)}, lock
    )
    whole = archive.read(0, archive.size)
    ends = [
        *range(0, 120, 7),
        1059,
        1062,
        1065,
        1071,
        1072,
        1140,
        2000,
        4000,
        archive.size - 130,
        archive.size,
    ]
    parts = {(a, b): archive.read(a, b) for a in reversed(ends[::3]) for b in ends if a < b}
    parts |= {
        (a, archive.size): Archive(tmp_path / "entries.jsonl", lock).read(a, archive.size) for a in ends
    }
    for (start, stop), part in parts.items():
        assert part == whole[start:stop], (start, stop)


def test_no_two_files_share_a_key_nor_do_two_archives(tmp_path):
    same = {"a": b"x" * 64, "bb": b"x" * 64}
    first, second = (laid_out(tmp_path, same, Lock(PASSWORD)) for _ in range(2))
    seen = set()
    for archive in (first, second):
        whole = archive.read(0, archive.size)
        for name in (b"a", b"bb"):
            at = whole.index(name) + len(name) + 11
            seen |= {whole[at : at + 16], whole[at + 18 : at + 18 + 64]}
    assert len(seen) == 8, "salts and contents all differ"


def test_a_file_that_shrank_is_not_passed_off_as_itself(tmp_path):
    archive = laid_out(tmp_path, {"a.wav": b"x" * 1000}, Lock(PASSWORD))
    (tmp_path / "5-1000.source").write_bytes(b"x" * 900)
    with pytest.raises(Changed):
        archive.read(0, archive.size)


def test_a_lock_does_not_tell_its_password():
    assert PASSWORD not in repr(Lock(PASSWORD))
