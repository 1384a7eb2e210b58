"""Sound inputs as boards: the real library with inputs of its own that play files; only what breaks is doubled."""

import errno
from pathlib import Path

import numpy as np
import pytest

from appliance.media.pcm import Law, compress
from drivers.boards import alsa
from drivers.boards.alsa import BLOCK, AlsaBoard
from drivers.boards.board import BoardFault, Event, Fault, Kind


def spoken(channels: int, frames: int) -> np.ndarray:
    return np.random.default_rng(7).integers(-32768, 32768, (frames, channels), np.int16)


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Makes an input that brings these frames."""

    def make(frames: np.ndarray) -> str:
        source = tmp_path / "played.raw"
        source.write_bytes(frames.astype("<i2").tobytes())
        (tmp_path / "asound.conf").write_text(
            "</usr/share/alsa/alsa.conf>\n"
            "pcm.tape { type file; slave.pcm null; file /dev/null; format raw; "
            f'infile "{source}" }}\n'
        )
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asound.conf"))
        return "tape"

    return make


@pytest.mark.parametrize("channels", [1, 2, 8])
def test_each_channel_of_an_input_is_a_line_sample_by_sample(played, channels):
    frames = spoken(channels, 5 * BLOCK)
    with AlsaBoard(played(frames), channels) as board:
        assert [one.kind for one in board.describe().channels] == [Kind.ANALOG] * channels
        readings = [board.read(5) for _ in range(5)]
    audio = np.concatenate([reading.audio for reading in readings], axis=1)
    for place in range(channels):
        assert audio[place].tobytes() == compress(frames[:, place], Law.ALAW).tobytes()
    assert readings[0].audio.flags.c_contiguous
    assert readings[0].volts is None


@pytest.mark.parametrize("device", ["hw:7", "nothing-of-that-name", "plughw:CARD=Gone,DEV=0"])
def test_an_input_that_is_not_there_is_missing(device, capfd):
    with pytest.raises(BoardFault) as told:
        AlsaBoard(device, 1)
    assert told.value.fault is Fault.MISSING
    assert device in told.value.problem
    assert capfd.readouterr().err == ""


def test_without_the_library_it_is_missing(monkeypatch):
    monkeypatch.setattr(alsa, "_LIBRARY", "libasound-of-nobody.so")
    alsa._library.cache_clear()
    try:
        with pytest.raises(BoardFault) as told:
            AlsaBoard("null", 1)
    finally:
        alsa._library.cache_clear()
    assert told.value.fault is Fault.MISSING
    assert "libasound2" in told.value.problem


class Source:
    """An input that answers from a list: frames, or an error below zero."""

    def __init__(self, *answers: int, restarts: int = 0) -> None:
        self.answers = list(answers)
        self.restarts = restarts
        self.restarted = 0
        self.value = 0
        self.is_closed = False

    def read(self, into: np.ndarray) -> int:
        answer = self.answers.pop(0) if self.answers else -errno.EAGAIN
        count = min(answer, into.shape[0])
        if count > 0:
            self.value += 1
            into[:count] = self.value
        return answer

    def wait(self, timeout_s: float) -> int:
        return 1 if self.answers else 0

    def restart(self) -> int:
        self.restarted += 1
        return self.restarts

    def words(self, code: int) -> str:
        return f"error {code}"

    def close(self) -> None:
        self.is_closed = True


def test_pieces_make_a_block():
    source = Source(300, -errno.EAGAIN, 300, 200)
    with AlsaBoard("x", 1, source) as board:
        reading = board.read(5)
        assert reading.audio.shape == (1, BLOCK)
        assert len(set(reading.audio[0].tolist())) <= 3
        assert not reading.lost
        assert board.read(0.01) is None
    assert source.is_closed


@pytest.mark.parametrize("code", [-errno.EPIPE, -errno.ESTRPIPE])
def test_after_an_overrun_it_goes_on_and_says_what_is_missing(code):
    source = Source(BLOCK, 300, code, BLOCK, BLOCK)
    board = AlsaBoard("x", 2, source)
    first, second, third = (board.read(5) for _ in range(3))
    assert source.restarted == 1
    assert [one.event for one in second.events] == [Event.OVERRUN]
    assert not first.events
    assert not third.events
    assert set(second.audio[0].tolist()) == set(compress(np.array([3], np.int16), Law.ALAW).tolist())


@pytest.mark.parametrize(
    ("answers", "restarts", "fault"),
    [
        ((-errno.ENODEV,), 0, Fault.GONE),
        ((-errno.EBADFD,), 0, Fault.GONE),
        ((-errno.EIO,), 0, Fault.BROKEN),
        ((BLOCK + 1,), 0, Fault.BROKEN),
        ((-errno.EPIPE,), -errno.ENODEV, Fault.GONE),
    ],
)
def test_what_cannot_be_mended_is_a_fault(answers, restarts, fault):
    with AlsaBoard("x", 1, Source(*answers, restarts=restarts)) as board, pytest.raises(BoardFault) as told:
        board.read(1)
    assert told.value.fault is fault


def test_overruns_without_end_do_not_hold_up_the_reader():
    class Bad(Source):
        def read(self, into: np.ndarray) -> int:
            return -errno.EPIPE

    with AlsaBoard("x", 1, Bad()) as board:
        assert board.read(0.05) is None


def test_a_closed_input_reads_no_more():
    board = AlsaBoard("x", 1, Source())
    board.close()
    board.close()
    with pytest.raises(BoardFault):
        board.read(0.1)
