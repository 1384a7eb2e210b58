"""The comparison at the end of a soak finds what it is there to find."""

from datetime import UTC, datetime

import pytest

from appliance.domain.bundle import Manifest, Record, Recording, Track
from appliance.domain.call import Call, Party, Side
from appliance.domain.ledger import Mark, Reason
from tests.rigs.accounts import Placed, balance

BEGIN_S = 1_780_000_000.0
ONE = Placed("one@x", BEGIN_S, BEGIN_S + 10, (("10.0.0.1", 4000, 4001),), {"caller": 500, "callee": 500})
KILL = (BEGIN_S + 3, BEGIN_S + 5)


def at(second):
    return datetime.fromtimestamp(BEGIN_S + second, UTC)


def track(side, packets):
    return Track(
        side=side, codec="PCMA", ssrc=1, source="10.0.0.1:4000", destination="10.0.0.2:4000", packets=packets, lost=0,
        duplicates=0, reordered=0, jitter_ms=0, payload_sha256="", first_at=at(0), last_at=at(1),
    )  # fmt: skip


def row(row_id="a", sip_call_id="one@x", packets=500, begin=0, marks=(), reason=None, interaction="a"):
    call = Call(
        call_id=row_id, sip_call_id=sip_call_id, interaction_id=interaction, caller=Party(), callee=Party(),
        started_at=at(begin),
    )  # fmt: skip
    recording = Recording(
        file="f", format="wav", sha256="", bytes=1, sample_rate_hz=8000, channels=2, starts_at=at(0), length_s=1,
        peaks_file="p",
    )  # fmt: skip
    return Record(
        manifest=Manifest(call=call),
        tracks=[track(side, packets) for side in Side] if packets else [],
        marks=list(marks),
        reason=reason,
        recording=None if reason else recording,
    )


def test_a_whole_call_is_in_order():
    found = balance([ONE], [row()], [])
    assert (found.problems, found.whole, found.rows) == ([], 1, 1)


@pytest.mark.parametrize(
    ("rows", "blind", "said"),
    [
        ([], [], "not in the ledger"),
        ([], [KILL], "not in the ledger"),
        ([row(packets=499)], [], "of {'caller': 500"),
        ([row(), row("b")], [], "2 rows"),
        ([row(marks=[Mark.INTERRUPTED])], [], "it is marked"),
        ([row(reason=Reason.NO_MEDIA)], [], "there is no recording"),
        ([row(), row()], [], "twice"),
        ([row(), row("b", "two@x")], [], "nobody placed"),
        ([row(), row("b", "", begin=30)], [], "nobody placed"),
        ([row(packets=300)], [KILL], "nothing says so"),
        (
            [row(marks=[Mark.INTERRUPTED]), row("b", marks=[Mark.JOINED_LATE], interaction="b")],
            [KILL],
            "no one",
        ),
        ([row(), row("b", marks=[Mark.JOINED_LATE])], [KILL], "looks whole"),
        ([row(name, marks=[Mark.INTERRUPTED]) for name in "abc"], [KILL], "more pieces"),
    ],
)
def test_what_is_not_in_order_is_told(rows, blind, said):
    (problem, *_) = balance([ONE], rows, blind).problems
    assert said in problem


def test_what_a_cut_explains_is_in_order():
    pieces = [row(packets=100, marks=[Mark.INTERRUPTED]), row("b", "", 200, 6, [Mark.JOINED_LATE])]
    found = balance([ONE], pieces, [KILL])
    assert (found.problems, found.in_pieces) == ([], 1)
    assert balance([ONE], [row(packets=300, marks=[Mark.LOSS])], [KILL]).damaged == 1
    assert balance([ONE], [], [(BEGIN_S - 1, BEGIN_S + 11)]).unseen == 1


def test_audio_without_a_beginning_may_stand_apart_from_its_end():
    pieces = [
        row("a", "", 300, 2, [Mark.JOINED_LATE]),
        row("b", marks=[Mark.JOINED_LATE], packets=0, interaction="b"),
    ]
    assert balance([ONE], pieces, [(BEGIN_S - 1, BEGIN_S + 2)]).problems == []
    assert "no one" in balance([ONE], pieces, [KILL]).problems[0]


def test_a_row_without_a_name_is_of_the_call_that_has_the_port_now():
    next_one = Placed("two@x", BEGIN_S + 10.2, BEGIN_S + 20, ONE.media)
    cut = (BEGIN_S + 9, BEGIN_S + 11)
    rows = [row(marks=[Mark.INTERRUPTED]), row("b", "", 300, 11, [Mark.JOINED_LATE], interaction="b")]
    assert balance([ONE, next_one], rows, [cut]).problems == []


def test_a_call_that_was_not_answered_has_its_reason():
    busy = Placed("one@x", BEGIN_S, BEGIN_S + 2, (), unanswered=frozenset({Reason.BUSY}))
    assert balance([busy], [row(packets=0, reason=Reason.BUSY)], []).whole == 1
    assert "another reason" in balance([busy], [row(packets=0, reason=Reason.NO_ANSWER)], []).problems[0]
