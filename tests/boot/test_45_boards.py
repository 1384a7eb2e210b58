"""Cards of lines in the box as it is handed out: the kernel joins E1 ports of its own, the box taps them.

The ports that are recorded are one-way taps of the two that talk: nothing of the box's can reach the call.
"""

import base64
import io
import json
import wave
from pathlib import Path

import numpy as np
import pytest

from appliance.media.pcm import Law, compress, expansion
from tests.rigs import board_player, signalling
from tests.rigs.board_player import said, sung
from tests.rigs.boxed import OneBox, changed
from tests.rigs.patience import until

PLAYER = "/run/player.py"
PYTHON = "/usr/lib/tapeline/bin/python3"
TIMESLOT, SIGNALLING = 5, 16
TALK_OCTETS = 6 * 8000
HIGH_SPAN, HIGH_CHANNEL, HIGH_SIZE = 61, 1101, 20
SUNG, SINGER = 5 * 8000, 7
CARDS = [
    {"kind": "dahdi", "name": "Trunk", "first_channel": 1, "first_span": 1, "spans": "3-4"},
    {"kind": "dahdi", "name": "High", "first_channel": 1001, "first_span": 11, "spans": f"{HIGH_SPAN + 2}-{HIGH_SPAN + 3}"},
    {"kind": "alsa", "name": "Radio", "first_channel": 2001, "device": "plughw:CARD=Loopback,DEV=1", "channels": 1},
]  # fmt: skip
TRUNKS = [
    {"name": "PRI", "lines": [{"first_span": 1, "second_span": 2}], "signalling": {"kind": "isdn"}},
    {"name": "Far", "lines": [{"first_span": 11, "second_span": 12}], "signalling": {"kind": "isdn"}},
]


def _bring(box: OneBox, content: str, path: str) -> None:
    packed = base64.b64encode(content.encode()).decode()
    box.machine.shell.ask(f"echo {packed} | base64 -d >{path}")


def _play(box: OneBox, *words: object) -> dict:
    told = box.machine.shell.ask(f"{PYTHON} {PLAYER} {' '.join(map(str, words))}", 600)
    return json.loads(told.splitlines()[-1])


@pytest.fixture(scope="module")
def cards(box: OneBox) -> OneBox:
    """Cards are put in while the box runs; then they are set up on the page."""
    _bring(box, Path(board_player.__file__).read_text(), PLAYER)
    box.machine.shell.ask("modprobe dahdi_dynamic_loc && modprobe snd-aloop && udevadm settle", 300)
    _play(box, "spans", 1, 31, 0, 0)
    told = _play(box, "spans", 2, HIGH_SIZE, HIGH_SPAN, HIGH_CHANNEL)
    assert len(told["spans"]) == 8
    changed(box, {"boards": {"cards": CARDS, "trunks": TRUNKS}})
    until(lambda: not _faults(box), 300, "every board to be read")
    return box


def _boards(box: OneBox) -> dict[str, dict]:
    reply = box.admin.get("boards")
    return {one["name"]: one for one in reply.json["boards"]} if reply.status == 200 else {}


def _faults(box: OneBox) -> dict[str, str]:
    return {
        one["name"]: f"{one['fault']}: {one['problem']}" for one in _boards(box).values() if one["fault"]
    } or ({} if len(_boards(box)) == len(CARDS) else {"": "not told"})


def _plan(first: tuple[int, int], caller: str, callee: str) -> dict:
    """A call from the one end to the other, ended by the one that was called."""
    link, wire = signalling.Dchannel(), signalling
    steps: list[tuple] = [("frame", end, wire.RECEIVER_READY.hex()) for _ in range(3) for end in (0, 1)]

    def say(end: int, text: bytes) -> None:
        steps.append(("frame", end, link.frame(end, text).hex()))

    say(
        0,
        wire.q931(5, 9, wire.SPEECH, wire.channel(TIMESLOT), wire.calling(caller), wire.called(callee)),
    )
    for kind in (2, 1, 7):
        say(1, wire.q931(kind, 9, *([wire.channel(TIMESLOT)] if kind == 2 else []), back=True))
    steps.append(("talk", TALK_OCTETS))
    say(1, wire.q931(0x45, 9, wire.cause(16), back=True))
    say(0, wire.q931(0x4D, 9))
    say(1, wire.q931(0x5A, 9, back=True))
    return {
        "first": first,
        "timeslot": TIMESLOT,
        "signalling": SIGNALLING,
        "octets": TALK_OCTETS,
        "steps": steps,
    }


def _row(box: OneBox, caller: str) -> dict | None:
    reply = box.admin.get("calls?page_size=100")
    rows = reply.json["calls"] if reply.status == 200 else []
    return next((row for row in rows if row["caller"]["number"] == caller), None)


def _heard(box: OneBox, call_id: str) -> np.ndarray:
    reply = box.admin.get(f"calls/{call_id}/audio?format=wav_pcm")
    assert reply.status == 200, reply
    with wave.open(io.BytesIO(reply.body)) as file:
        assert file.getframerate() == 8000
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())


def _holds(track: np.ndarray, codes: bytes) -> bool:
    wanted = expansion(Law.ALAW)[np.frombuffer(codes, np.uint8)].astype("<i2").tobytes()
    return wanted in np.ascontiguousarray(track).tobytes()


def test_cards_are_found_set_up_and_read(cards: OneBox, figures):
    boards = _boards(cards)
    assert boards["Trunk"]["channels"] == 62
    assert [span["alarms"] for span in boards["Trunk"]["spans"]] == [[], []]
    figures["channels read"] = sum(one["channels"] for one in boards.values())


def test_the_program_of_boards_opens_the_taps_and_nothing_else(cards: OneBox):
    """A channel has one owner: those of the two ends are still to be had, which the calls below show as well."""
    pid = cards.machine.shell.ask("systemctl show tapeline@boards -p MainPID --value")
    opened = cards.machine.shell.ask(f"ls -l /proc/{pid}/fd")
    assert opened.count("/dev/dahdi/channel") == 62 + 2 * HIGH_SIZE
    assert opened.count("/dev/snd/pcm") == 1


@pytest.mark.parametrize(
    ("first", "caller"),
    [((1, 32), "13800138001"), ((HIGH_CHANNEL, HIGH_CHANNEL + HIGH_SIZE), "13800138002")],
)  # fmt: skip
def test_a_call_between_the_ends_is_recorded_exactly(cards: OneBox, first, caller, figures):
    """The second one runs on channels that `dahdi_cfg` knows nothing of."""
    _bring(cards, json.dumps(_plan(first, caller, "62951234")), "/run/plan.json")
    told = _play(cards, "call", "/run/plan.json")
    assert told["exact"] == [True, True], told
    row = until(lambda: _row(cards, caller), 300, "the call in the list")
    assert (row["data_type"], row["callee"]["number"], row["reason"]) == ("e1", "62951234", None), row
    tracks = _heard(cards, row["call_id"])
    assert tracks.shape[1] == 2
    for track in range(2):
        assert _holds(tracks[:, track], said(track, TALK_OCTETS)), f"track {track}"
    figures[f"octets equal each way, channel {first[0] + TIMESLOT - 1}"] = TALK_OCTETS


def test_what_is_played_into_a_sound_input_is_recorded_exactly(cards: OneBox, figures):
    told = _play(cards, "sing", "hw:CARD=Loopback,DEV=0", SINGER, SUNG)
    assert told == {"sung": SUNG, "failed": []}
    row = until(lambda: _sound_row(cards), 300, "the recording of the sound input")
    track = _heard(cards, row["call_id"])[:, 0]
    samples = np.frombuffer(sung(SINGER, SUNG), "<i2")
    assert _holds(track, compress(samples, Law.ALAW).tobytes())
    figures["samples of the sound input equal"] = SUNG


def _sound_row(box: OneBox) -> dict | None:
    reply = box.admin.get("calls?page_size=100")
    rows = reply.json["calls"] if reply.status == 200 else []
    return next((row for row in rows if row["data_type"] == "analog" and row["reason"] is None), None)


def test_nothing_was_lost(cards: OneBox, figures):
    boards = _boards(cards)
    figures["samples lost"] = {name: one["lost_samples"] for name, one in boards.items()}
    assert not _faults(cards)
