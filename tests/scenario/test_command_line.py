"""`tapeline` as a person or a script meets it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rigs.daemons import tapeline
from tests.rigs.wire import Wire

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def box(tmp_path_factory):
    """A data directory with a recorded call, a busy one and a file with both."""
    folder = tmp_path_factory.mktemp("box")
    wire = Wire()
    talk = wire.call("talk@x", caller="+49301234", callee="200")
    talk.invite(0)
    talk.answer(1)
    talk.talk(1, 3)
    talk.bye(3)
    busy = wire.call("busy@x", caller="300", callee="200", caller_host="10.0.0.7", callee_host="10.0.0.8")
    busy.invite(10)
    busy.fail(11, 486)
    capture = wire.write(folder / "two.pcap")
    done = tapeline("import", str(capture), "--data", str(folder / "data"), "--keep-packets", "--json")
    calls = [json.loads(line) for line in done.stdout.splitlines()]
    return folder, {call["call_id"]: call for call in calls}


def test_import_tells_everything_about_each_call(box):
    folder, calls = box
    assert set(calls) == {"talk@x", "busy@x"}
    talk = calls["talk@x"]
    assert (talk["caller"], talk["callee"], talk["state"], talk["reason"]) == (
        "+49301234",
        "200",
        "recorded",
        None,
    )
    assert talk["duration_s"] == 2.0
    assert [(track["side"], track["codec"], track["packets"], track["lost"]) for track in talk["tracks"]] == [
        ("caller", "PCMA", 100, 0),
        ("callee", "PCMA", 100, 0),
    ]
    assert (folder / "data" / "archive" / talk["file"]).is_file()
    assert len(talk["sha256"]) == 64
    busy = calls["busy@x"]
    assert (busy["state"], busy["reason"], busy["file"], busy["tracks"]) == ("not_recorded", "busy", None, [])


def test_import_without_json_is_for_people(box, tmp_path):
    folder, _ = box
    done = tapeline("import", str(folder / "two.pcap"), "--data", str(tmp_path / "data"))
    assert done.stdout == "2 calls, 1 recorded, 1 without a recording\n  busy: 1\n"
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["import", "missing.pcap", "--data", "d"], "missing.pcap"),
        (["import", "--data", "d"], "FILE"),
        (["import", "x.pcap"], "--data"),
        (["calls", "--data", "nowhere"], "nowhere"),
        (["nonsense"], "nonsense"),
        (["run", "nonsense", "--data", "d"], "nonsense"),
        ([], "COMMAND"),
    ],
)
def test_wrong_arguments_are_told_in_one_clear_line(words, says, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "appliance.commands.tapeline", *words],
        cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert says in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("content", [b"", b"this is no capture", b"\xd4\xc3\xb2\xa1" + b"\xff" * 60])
def test_what_is_no_capture_is_told_and_the_others_are_recorded(box, tmp_path, content):
    folder, _ = box
    bad = tmp_path / "bad.pcap"
    bad.write_bytes(content)
    done = tapeline(
        "import", str(bad), str(folder / "two.pcap"), "--data", str(tmp_path / "data"), "--json", check=False
    )
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 2
    assert len(done.stderr.splitlines()) == 1
    assert "bad.pcap" in done.stderr


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ([], ["talk@x", "busy@x"]),
        (["--number", "9301"], ["talk@x"]),
        (["--number", "300", "--match", "exact"], ["busy@x"]),
        (["--recorded"], ["talk@x"]),
        (["--not-recorded"], ["busy@x"]),
        (["--from", "2026-05-28T20:26:45Z"], ["busy@x"]),
        (["--to", "2026-05-28T20:26:45Z"], ["talk@x"]),
        (["--from", "2026-05-28", "--to", "2026-05-29"], ["talk@x", "busy@x"]),
        (["--from", "2027-01-01"], []),
        (["--limit", "1"], ["talk@x"]),
    ],
)
def test_calls_are_found(box, words, found):
    folder, _ = box
    done = tapeline("calls", "--data", str(folder / "data"), "--json", *words)
    assert [json.loads(line)["call_id"] for line in done.stdout.splitlines()] == found


def test_a_time_that_is_none_is_refused_by_name(box):
    folder, _ = box
    done = tapeline("calls", "--data", str(folder / "data"), "--from", "yesterday", check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("tapeline: --from: ")


def test_the_list_for_people_shows_numbers_and_outcome(box):
    folder, calls = box
    lines = tapeline("calls", "--data", str(folder / "data")).stdout.splitlines()
    assert calls["talk@x"]["id"] in lines[0]
    assert "+49301234 → 200" in lines[0]
    assert "PCMA" in lines[0]
    assert "busy" in lines[1]
    assert lines[-1] == "2 calls"


@pytest.mark.parametrize(
    ("kind", "magic"),
    [
        ("source", b"RIFF"),
        ("wav", b"RIFF"),
        ("wav_pcm", b"RIFF"),
        ("wav_g711", b"RIFF"),
        ("wav_adpcm", b"RIFF"),
        ("opus", b"OggS"),
        ("flac", b"fLaC"),
        ("pcap", b"\x4d\x3c\xb2\xa1"),
    ],
)
def test_a_call_is_exported_in_every_format(box, tmp_path, kind, magic):
    folder, calls = box
    out = tmp_path / "out"
    name = calls["talk@x"]["id"] if kind != "flac" else "talk@x"
    tapeline("export", name, "--data", str(folder / "data"), "--format", kind, "--out", str(out))
    assert out.read_bytes().startswith(magic)
    if kind == "source":
        assert out.read_bytes() == Path(calls["talk@x"]["file"]).read_bytes()


def test_mp3_is_exported_and_plays(box, tmp_path):
    folder, _ = box
    out = tmp_path / "out.mp3"
    tapeline("export", "talk@x", "--data", str(folder / "data"), "--format", "mp3", "--out", str(out))
    probe = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "format=format_name,duration", "-of", "json", str(out)],
        capture_output=True, check=True,
    )  # fmt: skip
    found = json.loads(probe.stdout)["format"]
    assert found["format_name"] == "mp3"
    assert float(found["duration"]) == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize(
    ("name", "kind", "says"),
    [("nobody@x", "wav", "nobody@x"), ("busy@x", "wav", "Busy"), ("talk@x", "source", "cannot be written")],
)
def test_what_cannot_be_exported_is_told(box, tmp_path, name, kind, says):
    folder, _ = box
    out = tmp_path / ("missing/folder/x" if says == "cannot be written" else "x")
    done = tapeline(
        "export", name, "--data", str(folder / "data"), "--format", kind, "--out", str(out), check=False
    )
    assert done.returncode == 2
    assert says in done.stderr
    assert not out.exists()


def test_status_tells_what_there_is_without_a_broker(box):
    folder, _ = box
    found = json.loads(tapeline("status", "--data", str(folder / "data"), "--json").stdout)
    assert (found["calls"], found["recorded"], found["programs"]) == (2, 1, None)
    assert (found["spool"]["open"], found["spool"]["ready"], found["spool"]["kept"]) == (0, 0, 2)
    assert "calls       2, 1 recorded" in tapeline("status", "--data", str(folder / "data")).stdout


def test_the_packets_of_an_import_stay_in_its_capture(box, tmp_path):
    folder, calls = box
    data = str(tmp_path / "data")
    done = tapeline("import", str(folder / "two.pcap"), "--data", data, "--json")
    again = {call["call_id"]: call for call in map(json.loads, done.stdout.splitlines())}
    assert {name: call["sha256"] for name, call in again.items()} == {
        name: call["sha256"] for name, call in calls.items()
    }
    spool = json.loads(tapeline("status", "--data", data, "--json").stdout)["spool"]
    assert set(spool.values()) == {0}


@pytest.mark.parametrize("command", ["import", "calls", "export", "status", "run"])
def test_every_command_explains_itself(command):
    text = tapeline(command, "--help").stdout
    assert f"usage: tapeline {command}" in text
    assert "--data DIR" in text


def test_the_same_packets_from_two_ports_are_one_set_of_calls(box, tmp_path):
    folder, _ = box
    capture = str(folder / "two.pcap")
    done = tapeline("import", capture, capture, "--data", str(tmp_path / "data"), "--json")
    calls = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(call["call_id"] for call in calls) == ["busy@x", "talk@x"]
    assert {track["packets"] for call in calls for track in call["tracks"]} == {100}


def test_a_capture_imported_again_adds_nothing_and_keeps_the_ids(box, tmp_path):
    folder, _ = box
    words = ["import", str(folder / "two.pcap"), "--data", str(tmp_path / "data"), "--json"]
    first, second = tapeline(*words), tapeline(*words)
    assert first.stdout == second.stdout
    assert len(first.stdout.splitlines()) == 2
    listed = tapeline("calls", "--data", str(tmp_path / "data"), "--json").stdout
    assert len(listed.splitlines()) == 2
    assert "2 of them were known before" in tapeline(*words[:-1]).stdout


def test_the_rest_of_a_call_is_not_taken_for_a_call_that_is_known(box, tmp_path):
    folder, _ = box
    whole = folder / "two.pcap"
    part = tmp_path / "part.pcap"
    part.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    data = str(tmp_path / "data")
    done = tapeline("import", str(part), "--data", data, check=False)
    assert done.returncode == 2
    assert done.stderr == f"tapeline: {part}: cut off within a packet; everything before it was read\n"
    tapeline("import", str(whole), "--data", data)
    found = [json.loads(line) for line in tapeline("calls", "--data", data, "--json").stdout.splitlines()]
    assert sorted(call["call_id"] for call in found) == ["busy@x", "talk@x", "talk@x"]
    assert max(call["packets"] for call in found) == 200


def test_what_can_be_read_is_imported_beside_what_is_missing(box, tmp_path):
    folder, _ = box
    missing, data = str(tmp_path / "missing.pcap"), str(tmp_path / "data")
    done = tapeline(
        "import", missing, str(tmp_path), str(folder / "two.pcap"), "--data", data, "--json", check=False
    )
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 2
    assert [line.split(" cannot be read")[0] for line in done.stderr.splitlines()] == [
        f"tapeline: {missing}",
        f"tapeline: {tmp_path}",
    ]


def test_a_capture_is_read_from_a_pipe(box, tmp_path):
    folder, _ = box
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["dd", f"if={folder / 'two.pcap'}", f"of={pipe}", "status=none"]) as feeding:
        done = tapeline("import", str(pipe), "--data", str(tmp_path / "data"), "--json")
        assert feeding.wait(60) == 0
    assert len(done.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    "words", [["import", "two.pcap", "--data", "two.pcap"], ["calls", "--data", "two.pcap"]]
)
def test_a_data_directory_that_is_a_file_is_told_in_one_line(box, words):
    folder, _ = box
    done = tapeline(*[word.replace("two.pcap", str(folder / "two.pcap")) for word in words], check=False)
    assert done.returncode in (1, 2)
    assert len(done.stderr.splitlines()) == 1
    assert "two.pcap" in done.stderr


def test_a_full_output_is_told_in_one_line(box):
    folder, _ = box
    words = [sys.executable, "-m", "appliance.commands.tapeline", "calls", "--data", str(folder / "data")]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            words, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr


def test_a_negative_limit_is_refused(box):
    folder, _ = box
    done = tapeline("calls", "--data", str(folder / "data"), "--limit", "-1", check=False)
    assert (done.returncode, done.stderr) == (2, "tapeline: --limit: must not be negative\n")


def test_status_counts_calls_also_when_the_settings_are_damaged(box, tmp_path):
    folder, _ = box
    data = tmp_path / "data"
    tapeline("import", str(folder / "two.pcap"), "--data", str(data))
    (data / "settings.json").write_text("{")
    found = json.loads(tapeline("status", "--data", str(data), "--json").stdout)
    assert found["calls"] == 2
    assert "settings.json" in found["problems"][0]
