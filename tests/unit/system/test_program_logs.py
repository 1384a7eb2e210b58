"""The last words of a program from the runner's folder, and from a journal that systemd's own tool has written."""

import subprocess
from pathlib import Path

from appliance.system import logs

JOURNAL_WRITER = "/lib/systemd/systemd-journal-remote"
BOOT = Path("/proc/sys/kernel/random/boot_id")


def test_lines_have_their_level_and_a_traceback_that_of_its_line(tmp_path):
    (tmp_path / "archiver.log").write_text(
        "10:00:00 INFO    appliance.x: ready program=archiver\n"
        "10:00:01 WARNING appliance.x: slow\n"
        "10:00:02 ERROR   appliance.x: broke\n"
        "Traceback (most recent call last):\n"
        "ValueError: no\n"
        "10:00:03 INFO    appliance.x: again\n"
    )
    found = logs.tail("archiver", tmp_path, 100)
    assert found.source == "file"
    assert [line.level for line in found.lines] == ["info", "warning", "error", "error", "error", "info"]
    assert found.lines[0] == logs.Line("10:00:00", "info", "appliance.x: ready program=archiver")
    assert logs.last_error(found.lines) == logs.Line("10:00:02", "error", "ValueError: no")


def test_only_the_newest_lines_are_told_and_no_line_is_half(tmp_path):
    lines = [f"10:00:00 INFO    x: line {number} " + "a" * 90 for number in range(6000)]
    (tmp_path / "recorder.log").write_text("\n".join(lines) + "\n")
    found = logs.tail("recorder", tmp_path, 5000).lines
    assert len(found) < 5000
    assert all(line.text.startswith("x: line ") for line in found)
    assert found[-1].text.startswith("x: line 5999 ")
    assert [line.text for line in logs.tail("recorder", tmp_path, 3).lines] == [
        line.text for line in found[-3:]
    ]


def test_bytes_that_are_no_text_and_an_empty_file_are_no_error(tmp_path):
    (tmp_path / "recorder.log").write_bytes(b"\xff\xfe\x00\n")
    assert logs.tail("recorder", tmp_path, 5).lines[0].level == "info"
    (tmp_path / "recorder.log").write_bytes(b"")
    assert logs.tail("recorder", tmp_path, 5) == logs.Tail("file", [])


def test_without_any_log_nothing_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "JOURNALS", tmp_path / "none")
    assert logs.tail("recorder", tmp_path, 5) == logs.Tail("", [])
    assert logs.last_error([]) is None


def entry(second: int, unit: str, priority: int, message: bytes, boot: str) -> bytes:
    """Journal Export Format: text as it is, other bytes with their length. Source: systemd, JOURNAL_EXPORT_FORMATS."""
    at_us = 1_795_000_000_000_000 + second * 1_000_000
    said = b"MESSAGE\n" + len(message).to_bytes(8, "little") + message + b"\n"
    head = (
        f"__REALTIME_TIMESTAMP={at_us}\n__MONOTONIC_TIMESTAMP={second + 1}\n_BOOT_ID={boot}\n"
        f"_SYSTEMD_UNIT={unit}\nPRIORITY={priority}\n"
    )
    return head.encode() + said + b"\n"


def test_a_program_is_read_from_the_journal_of_this_start(tmp_path):
    boot = BOOT.read_text().strip().replace("-", "")
    content = b"".join(
        (
            entry(0, "tapeline@archiver.service", 3, b"an earlier start", "0" * 31 + "1"),
            entry(1, "tapeline@archiver.service", 6, b"ready", boot),
            entry(2, "tapeline@recorder.service", 3, b"another program", boot),
            entry(3, "tapeline@archiver.service", 4, b"slow", boot),
            entry(4, "tapeline@archiver.service", 3, "the disk refused: 磁盘".encode(), boot),
            entry(5, "tapeline@archiver.service", 6, b"bytes \xff that are no text", boot),
            entry(6, "tapeline-broker.service", 6, b"listening", boot),
        )
    )
    file = tmp_path / "system.journal"
    subprocess.run([JOURNAL_WRITER, "-o", str(file), "-"], input=content, check=True, capture_output=True)
    found = logs.from_journal("archiver", 100, tmp_path)
    assert [(line.level, line.text) for line in found] == [
        ("info", "ready"),
        ("warning", "slow"),
        ("error", "the disk refused: 磁盘"),
        ("info", "bytes \N{REPLACEMENT CHARACTER} that are no text"),
    ]
    assert found[0].at.startswith("2026-11-18T11:06:41")
    assert found[0].at.endswith("+00:00")
    assert logs.last_error(found) == found[2]
    assert logs.from_journal("archiver", 2, tmp_path) == found[2:]
    assert [line.text for line in logs.from_journal("broker", 9, tmp_path)] == ["listening"]
    assert logs.from_journal("notifier", 9, tmp_path) == []
