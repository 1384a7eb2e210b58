"""The alarms of licence files: none in force, one that ended, one that soon will."""

from datetime import UTC, date, datetime, timedelta

from appliance.domain.call import DataType
from appliance.domain.licence import UNLIMITED, Judged, Licence, LicenceState, together
from appliance.health import Seen, make

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def told(check, licensed) -> dict[str, bool]:
    seen = Seen(
        at=NOW,
        watched_s=60,
        programs={},
        intake={},
        queues={},
        free_bytes=1,
        low_bytes=0,
        licensed=licensed,
        device="TL-AAAA-AAAA-AAAA-AAAA",
    )
    return {f"{one.code} {one.subject}".strip(): one.raised for one in check.findings(seen)}


def file(state: LicenceState, expires: date | None) -> Judged:
    licence = Licence(
        serial="ACME-1",
        customer="",
        device="any",
        issued_on=date(2026, 1, 1),
        expires_on=expires,
        channels={DataType.IP: 3},
    )
    return Judged("ACME-1", state, licence)


def test_a_build_without_limits_is_never_asked():
    assert told(make("licences"), UNLIMITED) == {}


def test_without_a_licence_in_force_somebody_is_told():
    check = make("licences")
    assert told(check, together([])) == {"licence_none": True}
    assert told(check, together([Judged("x", LicenceState.FORGED)])) == {"licence_none": True}
    assert told(check, together([file(LicenceState.GOOD, None)])) == {"licence_none": False}


def test_an_end_that_comes_near_is_told_a_month_before():
    check = make("licences")
    far = told(check, together([file(LicenceState.GOOD, NOW.date() + timedelta(days=31))]))
    near = told(check, together([file(LicenceState.GOOD, NOW.date() + timedelta(days=30))]))
    over = told(check, together([file(LicenceState.EXPIRED, NOW.date() - timedelta(days=1))]))
    soon, expired = "licence_soon ACME-1.soon", "licence_expired ACME-1.expired"
    assert (far[soon], far[expired]) == (False, False)
    assert (near[soon], near["licence_none"]) == (True, False)
    assert (over[soon], over[expired], over["licence_none"]) == (False, True, True)
