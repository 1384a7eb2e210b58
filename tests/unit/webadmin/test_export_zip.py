import io
import subprocess
import zipfile

import msgspec
import pytest

from webadmin.export_order import Entry
from webadmin.export_zip import Archive, Changed, ExportGone

STAMP = (2026 - 1980) << 25 | 11 << 21 | 21 << 16 | 12 << 11


def laid_out(tmp_path, contents, names=None):
    listing = tmp_path / "entries.jsonl"
    with listing.open("wb") as file:
        for number, content in enumerate(contents):
            path = tmp_path / f"{number}.wav"
            path.write_bytes(content)
            name = names[number] if names else f"{number}.wav"
            file.write(msgspec.json.encode(Entry(name, str(path), len(content), STAMP)) + b"\n")
    return Archive(listing)


def test_the_archive_is_one_that_everybody_reads(tmp_path):
    contents = [b"a" * 100_000, b"", bytes(range(256)) * 5000]
    archive = laid_out(tmp_path, contents, ["a.wav", "空.wav", "c \u00fc.wav"])
    whole = archive.read(0, archive.size)
    assert len(whole) == archive.size
    with zipfile.ZipFile(io.BytesIO(whole)) as found:
        assert found.testzip() is None
        assert found.namelist() == ["a.wav", "空.wav", "c ü.wav"]
        assert [found.read(name) for name in found.namelist()] == contents
        assert found.infolist()[0].date_time == (2026, 11, 21, 12, 0, 0)
    (tmp_path / "all.zip").write_bytes(whole)
    checked = subprocess.run(
        ["python3", "-m", "zipfile", "-t", str(tmp_path / "all.zip")], check=True, capture_output=True
    )
    assert b"Done testing" in checked.stdout


def test_any_part_is_that_of_the_whole_in_any_order(tmp_path):
    archive = laid_out(tmp_path, [b"x" * 1000, b"y" * 70, b"z" * 3_000_000])
    ends = [0, 1, 29, 30, 35, 36, 1035, 1036, 1100, 1141, 1_500_000, archive.size - 200, archive.size - 1]
    parts = {(a, b): archive.read(a, b) for a in reversed(ends) for b in ends if a < b}
    whole = archive.read(0, archive.size)
    for (start, stop), part in parts.items():
        assert part == whole[start:stop], (start, stop)


def test_an_empty_archive_is_one(tmp_path):
    archive = laid_out(tmp_path, [])
    with zipfile.ZipFile(io.BytesIO(archive.read(0, archive.size))) as found:
        assert found.namelist() == []


def test_a_file_that_was_changed_is_not_passed_off_as_itself(tmp_path):
    archive = laid_out(tmp_path, [b"x" * 1000])
    (tmp_path / "0.wav").write_bytes(b"x" * 900)
    with pytest.raises(Changed):
        archive.read(0, archive.size)


def test_what_has_vanished_is_named(tmp_path):
    archive = laid_out(tmp_path, [b"x" * 1000, b"y"])
    (tmp_path / "1.wav").unlink()
    assert archive.read(0, 1000)
    with pytest.raises(Changed, match=r"1\.wav is gone"):
        archive.read(0, archive.size)
    (tmp_path / "entries.jsonl").unlink()
    with pytest.raises(ExportGone):
        archive.read(0, 1000)


def test_more_than_65535_files_and_4_gib_need_zip64_and_little_memory(tmp_path):
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(3 << 30)
    small = tmp_path / "small"
    small.write_bytes(b"s")
    listing = tmp_path / "entries.jsonl"
    entries = [Entry(f"big{number}", str(big), 3 << 30, STAMP) for number in range(2)]
    entries += [Entry(f"{number:06}", str(small), 1, STAMP) for number in range(66_000)]
    listing.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in entries))
    archive = Archive(listing)
    archive._crcs[0] = archive._crcs[1] = 0  # six gigabytes of zeros need not be read here

    class Window(io.RawIOBase):
        """The archive as a file that is asked for where the reader looks."""

        def __init__(self):
            self.at = 0

        def seekable(self):
            return True

        def readable(self):
            return True

        def seek(self, offset, whence=0):
            self.at = offset + (0, self.at, archive.size)[whence]
            return self.at

        def tell(self):
            return self.at

        def read(self, size=-1):
            stop = archive.size if size < 0 else min(archive.size, self.at + size)
            content = archive.read(self.at, stop)
            self.at = stop
            return content

    with zipfile.ZipFile(Window()) as found:
        assert len(found.namelist()) == 66_002
        assert found.getinfo("065999").header_offset > 6 << 30
        assert found.read("065999") == b"s"
