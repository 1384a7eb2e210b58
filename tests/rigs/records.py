"""Records of invented calls, for tests of the ledger and the index."""

from datetime import UTC, datetime, timedelta

from appliance.core.clock import sortable_id, to_ns
from appliance.domain.bundle import Manifest, Record, Recording, Track
from appliance.domain.call import Call, CallState, Direction, Party, Side
from appliance.domain.ledger import Mark, Reason
from appliance.domain.quality import CallQuality

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def make_call(caller="4930123456", callee="1001", at=NOON, talk_s=30.0, **more):
    call_id = more.pop("call_id", None) or sortable_id(to_ns(at))
    answered_at = at + timedelta(seconds=2) if talk_s else None
    facts = {
        "call_id": call_id,
        "sip_call_id": f"{call_id}@example.test",
        "interaction_id": call_id,
        "caller": Party(number=caller, number_raw=caller),
        "callee": Party(number=callee, number_raw=callee),
        "started_at": at,
        "direction": Direction.UNKNOWN,
        "state": CallState.ENDED,
        "answered_at": answered_at,
        "ended_at": at + timedelta(seconds=2 + talk_s),
        "status_code": 200,
    }
    return Call(**(facts | more))


def make_record(
    caller="4930123456",
    callee="1001",
    at=NOON,
    talk_s=30.0,
    reason: Reason | None = None,
    marks: tuple[Mark, ...] = (),
    codecs: tuple[str, ...] = ("PCMA",),
    size=240_058,
    mos: float | None = None,
    **more,
):
    call = make_call(caller, callee, at, talk_s, **more)
    tracks = [
        Track(
            side=Side.CALLER if index % 2 == 0 else Side.CALLEE,
            codec=codec,
            ssrc=index + 1,
            source="10.0.0.1:4000",
            destination="10.0.0.2:4000",
            packets=1500,
            lost=index,
            duplicates=0,
            reordered=0,
            jitter_ms=0.5,
            payload_sha256="0" * 64,
            first_at=at,
            last_at=at + timedelta(seconds=talk_s),
        )
        for index, codec in enumerate(codecs)
    ]
    recording = Recording(
        file=f"{at:%Y/%m/%d}/{call.call_id}.wav",
        format="wav_g711",
        sha256="ab" * 32,
        bytes=size,
        sample_rate_hz=8000,
        channels=2,
        starts_at=at,
        length_s=talk_s,
        peaks_file=f"{at:%Y/%m/%d}/{call.call_id}.peaks",
    )
    return Record(
        manifest=Manifest(call=call, complete=True),
        tracks=tracks,
        marks=list(marks),
        reason=reason,
        recording=None if reason else recording,
        quality=None if mos is None else CallQuality(mos=mos),
        archived_at=at,
    )
