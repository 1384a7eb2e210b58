"""Messages that need not be read because they can belong to no call."""

import pytest

from appliance.sip.message import sip_id_outside_calls


def message(method, call_id="Call-ID: a@b", start=None):
    return (
        f"{start or f'{method} sip:h SIP/2.0'}\r\nVia: SIP/2.0/UDP h\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:a@h>\r\n"
        f"{call_id}\r\nCSeq: 7 {method}\r\nContent-Length: 0\r\n\r\n"
    ).encode()


@pytest.mark.parametrize("method", ["REGISTER", "OPTIONS", "PUBLISH", "SUBSCRIBE"])
@pytest.mark.parametrize("start", [None, "SIP/2.0 200 OK"])
def test_the_call_id_of_what_begins_no_call_is_told(method, start):
    assert sip_id_outside_calls(message(method, start=start)) == "a@b"
    assert sip_id_outside_calls(message(method, "i:  a@b ", start=start)) == "a@b"


@pytest.mark.parametrize(
    "method", ["INVITE", "ACK", "BYE", "CANCEL", "PRACK", "UPDATE", "INFO", "REFER", "NOTIFY"]
)
def test_what_may_belong_to_a_call_is_read(method):
    assert sip_id_outside_calls(message(method)) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        message("REGISTER", "X: y"),
        message("REGISTER", "Call-ID: a\r\nCall-ID: b"),
        message("REGISTER", "Call-ID: a b"),
        message("REGISTER", "Call-ID:\r\n a@b"),
        message("REGISTER", "Call-ID: ä@b"),
    ],
)
def test_what_is_not_plain_is_read(data):
    assert sip_id_outside_calls(data) is None
