"""The last words of a program from the runner's folder."""

from appliance.system import logs


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
