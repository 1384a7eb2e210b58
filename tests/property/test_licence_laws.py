"""Licence files from anywhere: whatever comes is read, or refused as what it is, and only the vendor's own counts."""

import contextlib
from datetime import date, timedelta

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

from appliance.domain.call import DataType
from appliance.domain.licence import Judged, Licence, LicenceState, state_of, together
from appliance.system.licences import _SIGNED, BadLicence, ForgedLicence, read, sign

KEY = Ed25519PrivateKey.generate()
HERE = "TL-ABCD-EFGH-IJKL-MNOP"

licences = st.builds(
    Licence,
    serial=st.from_regex(r"[A-Z0-9][A-Z0-9-]{3,39}", fullmatch=True),
    customer=st.text(max_size=200),
    device=st.sampled_from([HERE, "any", "TL-AAAA-BBBB-CCCC-DDDD"]),
    issued_on=st.dates(),
    expires_on=st.none() | st.dates(),
    channels=st.dictionaries(st.sampled_from(list(DataType)), st.integers(0, 1_000_000)),
)
json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(licences)
def test_what_was_signed_is_read_again(licence):
    assert read(sign(licence, KEY), KEY.public_key()) == licence


@given(licences, st.data())
def test_no_changed_byte_makes_another_licence(licence, data):
    content = bytearray(sign(licence, KEY))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(BadLicence, ForgedLicence):
        assert read(bytes(content), KEY.public_key()) == licence


@given(st.binary(max_size=3000))
@example(b"[" * 15_000)
@example(b'{"licence":' * 1_300)
@example(b'{"licence": "", "signature": ""}')
@example(b'{"licence": "\xed\xa0\x80", "signature": "AA=="}')
def test_rubbish_is_refused_and_nothing_else_happens(content):
    try:
        read(content, KEY.public_key())
    except (BadLicence, ForgedLicence):
        return
    raise AssertionError("rubbish was believed")


@given(json.map(msgspec.json.encode) | st.binary(max_size=300))
def test_what_the_vendor_signed_by_mistake_is_no_licence_either(said):
    signed = {
        "licence": msgspec.json.decode(msgspec.json.encode(said)),
        "signature": msgspec.json.decode(msgspec.json.encode(KEY.sign(_SIGNED + said))),
    }
    try:
        read(msgspec.json.encode(signed), KEY.public_key())
    except BadLicence:
        return
    raise AssertionError("no licence was read as one")


@given(st.lists(st.tuples(licences, st.sampled_from(list(LicenceState)))), st.dates())
def test_only_good_files_count_each_serial_once(found, today):
    files = [
        Judged(str(at), state, licence if state is not LicenceState.DAMAGED else None)
        for at, (licence, state) in enumerate(found)
    ]
    allowed = together(files)
    good = {licence.serial: licence for licence, state in found if state is LicenceState.GOOD}
    for technology in DataType:
        assert allowed.limit(technology) == sum(one.channels.get(technology, 0) for one in good.values())


@given(licences, st.dates(max_value=date(9000, 1, 1)))
def test_a_licence_that_has_ended_never_comes_back(licence, today):
    if state_of(licence, HERE, today) is LicenceState.EXPIRED:
        assert state_of(licence, HERE, today + timedelta(days=400)) is LicenceState.EXPIRED
