"""RFC 4475: every torture message with its outcome and the reason.

The reader is a listener's: what two peers may agree on must not be lost, however ugly. So most "invalid"
messages are readable here, because the answer of the peer on the wire decides about the call, and only
those are not from which no dialog can be told.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from appliance.core.errors import BadMessage
from appliance.sip.message import read
from appliance.sip.sdp import read_sdp

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "torture"


class Outcome(NamedTuple):
    """What is read from one message; a field that is None is not looked at."""

    why: str
    problem: str | None = None
    method: str | None = None
    from_user: str | None = None
    from_tag: str | None = None
    to_user: str | None = None
    display: str | None = None
    audio_port: int | None = None
    flaws: tuple[str, ...] | None = ()


OUTCOMES = {
    "badaspec": Outcome(
        "spaces in an addr-spec: the user part still stands",
        method="OPTIONS",
        from_user="a.g.bell",
        to_user="t.watson",
    ),
    "badbranch": Outcome(
        "a branch that is only the cookie matches nothing but itself", method="OPTIONS", from_tag="33242"
    ),
    "baddate": Outcome(
        "Date is not used by a listener", method="INVITE", from_user="caller", audio_port=49217
    ),
    "baddn": Outcome(
        "an unquoted comma in a display name is taken as part of it",
        from_user="a.g.bell",
        display="Bell, Alexander",
    ),
    "badinv01": Outcome(
        "extra separators are passed over; a UAS may accept the call",
        method="INVITE",
        to_user="j.user",
        audio_port=49217,
    ),
    "badvers": Outcome("another version of SIP has another grammar", problem="version 'SIP/7.0'"),
    "bcast": Outcome("a response to somebody else is still a response", method="INVITE", audio_port=49217),
    "bext01": Outcome("Require and Proxy-Require bind the peers, not us", method="OPTIONS"),
    "bigcode": Outcome("no status code of three digits", problem="status code '4294967301'"),
    "clerr": Outcome(
        "the datagram ends before Content-Length: what is there counts",
        audio_port=49217,
        flaws=("body shorter than Content-Length",),
    ),
    "cparam01": Outcome(
        "parameters outside the brackets belong to the header", method="REGISTER", from_user="watson"
    ),
    "cparam02": Outcome(
        "parameters inside the brackets belong to the URI", method="REGISTER", from_user="watson"
    ),
    "dblreq": Outcome(
        "only the first request counts; octets beyond Content-Length are dropped (RFC 3261 §18.3)",
        method="REGISTER",
        flaws=("data beyond Content-Length",),
    ),
    "esc01": Outcome(
        "escapes are decoded in user parts", method="INVITE", from_user="I have spaces", audio_port=49217
    ),
    "esc02": Outcome("methods are not unescaped: this is no REGISTER", method="RE%47IST%45R"),
    "escnull": Outcome(
        "an escaped NUL stays escaped, so no control character gets into a number", from_user="null-%00-null"
    ),
    "escruri": Outcome("escaped headers in a URI are kept as they are", method="INVITE", audio_port=49217),
    "insuf": Outcome("without Call-ID there is no dialog to file it under", problem="no call-id header"),
    "intmeth": Outcome(
        "every character that a token may hold",
        method="!interesting-Method0123456789_*+`.%indeed'~",
        from_tag="_token~1'+`*%!-.",
    ),
    "inv2543": Outcome(
        "a caller of RFC 2543 has neither tag nor branch",
        method="INVITE",
        from_user="+13035551111",
        from_tag="",
        audio_port=49217,
    ),
    "invut": Outcome("an unknown body is no description", method="INVITE"),
    "longreq": Outcome("length alone is no fault", method="INVITE", audio_port=49217),
    "ltgtruri": Outcome("brackets around the Request-URI are taken off", method="INVITE", audio_port=49217),
    "lwsdisp": Outcome("no space between display name and bracket", method="OPTIONS", display="caller"),
    "lwsruri": Outcome(
        "spaces in the Request-URI are closed up",
        method="INVITE",
        audio_port=49217,
        flaws=("space in the Request-URI",),
    ),
    "lwsstart": Outcome("several spaces in the start line count as one", method="INVITE", audio_port=49217),
    "mcl01": Outcome(
        "two lengths that differ are worth nothing: the datagram decides",
        method="OPTIONS",
        flaws=("different Content-Lengths",),
    ),
    "mismatch01": Outcome(
        "the start line says what it is; the peer will refuse it",
        method="OPTIONS",
        flaws=("CSeq names another method",),
    ),
    "mismatch02": Outcome(
        "likewise with an unknown method", method="NEWMETHOD", flaws=("CSeq names another method",)
    ),
    "mpart01": Outcome("a binary part beside a text part", method="MESSAGE"),
    "multi01": Outcome(
        "of repeated single headers the first counts",
        method="INVITE",
        from_tag="3413415",
        audio_port=49217,
        flaws=("repeated call-id", "repeated cseq", "repeated from", "repeated to"),
    ),
    "ncl": Outcome(
        "a negative length is none", method="INVITE", audio_port=49217, flaws=("Content-Length is no number",)
    ),
    "noreason": Outcome("an empty phrase is allowed", method="INVITE"),
    "novelsc": Outcome("an unknown scheme in the Request-URI concerns the peer", method="OPTIONS"),
    "quotbal": Outcome(
        "a quote that is never closed is dropped, the address still read",
        method="INVITE",
        to_user="j.user",
        audio_port=49217,
    ),
    "regaut01": Outcome("an unknown authorization scheme concerns the peer", method="REGISTER"),
    "regbadct": Outcome("headers of an unbracketed Contact stay with the URI", method="REGISTER"),
    "regescrt": Outcome("escaped Route in a Contact", method="REGISTER"),
    "scalar02": Outcome("a CSeq beyond 32 bits orders nothing", problem="CSeq number too large"),
    "scalarlg": Outcome(
        "a CSeq of more digits than any number has", problem="CSeq is not a number and a method"
    ),
    "sdp01": Outcome(
        "a description the peer cannot accept is readable for us", method="INVITE", audio_port=49217
    ),
    "semiuri": Outcome("a semicolon in a user part is part of it", method="OPTIONS", from_user="caller"),
    "test": Outcome("a request line without version", problem="no SIP start line"),
    "transports": Outcome("unknown transports in Via", method="OPTIONS"),
    "trws": Outcome("trailing space after the version", method="OPTIONS"),
    "unkscm": Outcome("an unknown scheme", method="OPTIONS"),
    "unksm2": Outcome("unknown schemes in From and To: no user, no failure", method="REGISTER", from_user=""),
    "unreason": Outcome("UTF-8 in the phrase", method="INVITE", audio_port=49217),
    "wsinv": Outcome(
        "folding, compact forms and whitespace everywhere at once",
        method="INVITE",
        from_tag="98asjd8",
        to_user="vivekg",
        display='J Rosenberg \\"',
        audio_port=49217,
    ),
    "zeromf": Outcome("Max-Forwards 0 concerns the next hop", method="OPTIONS"),
}


def judge(data: bytes, outcome: Outcome) -> None:
    if outcome.problem is not None:
        with pytest.raises(BadMessage) as caught:
            read(data)
        assert caught.value.facts["problem"] == outcome.problem
        return
    message = read(data)
    found = Outcome(
        why=outcome.why,
        method=outcome.method and message.method,
        from_user=None if outcome.from_user is None else message.from_address.uri.user,
        from_tag=None if outcome.from_tag is None else message.from_tag,
        to_user=outcome.to_user and message.to_address.uri.user,
        display=outcome.display and message.from_address.display,
        audio_port=outcome.audio_port and read_sdp(message.sdp).media[0].port,
        flaws=tuple(flaw.problem for flaw in message.flaws),
    )
    assert found == outcome


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of captures is not here")
@pytest.mark.parametrize("name", sorted(OUTCOMES))
def test_every_torture_message_has_its_stated_outcome(name):
    judge((CORPUS / f"{name}.dat").read_bytes(), OUTCOMES[name])


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of captures is not here")
def test_no_torture_message_is_without_a_stated_outcome():
    assert {path.stem for path in CORPUS.glob("*.dat")} == set(OUTCOMES)


SDP = (
    "v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 49217 RTP/AVP 0 12\r\n"
)


def invite(
    start="INVITE sip:user@example.com SIP/2.0",
    to="sip:user@example.com",
    sender="sip:caller@example.net;tag=1",
    cseq="8 INVITE",
    *more,
    body=SDP,
):
    lines = [
        start,
        f"To: {to}",
        f"From: {sender}",
        "Call-ID: own@test",
        f"CSeq: {cseq}",
        "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx",
        *more,
    ]
    if body:
        lines.append("Content-Type: application/sdp")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


OWN = {
    "spaces in the Request-URI": (
        invite("INVITE sip:user@example.com; lr SIP/2.0"),
        Outcome("as lwsruri", method="INVITE", audio_port=49217, flaws=("space in the Request-URI",)),
    ),
    "brackets in the start line": (
        invite("INVITE <sip:user@example.com> SIP/2.0"),
        Outcome("as ltgtruri", method="INVITE", audio_port=49217),
    ),
    "trailing space": (
        invite("INVITE sip:user@example.com SIP/2.0  "),
        Outcome("as trws", method="INVITE", audio_port=49217),
    ),
    "no version": (invite("INVITE sip:user@example.com"), Outcome("as test", problem="no SIP start line")),
    "version 7": (
        invite("INVITE sip:user@example.com SIP/7.0"),
        Outcome("as badvers", problem="version 'SIP/7.0'"),
    ),
    "huge status code": (
        invite("SIP/2.0 4294967301 better not break the receiver"),
        Outcome("as bigcode", problem="status code '4294967301'"),
    ),
    "unclosed quote": (
        invite(to='"Mr. J. User <sip:j.user@example.com>'),
        Outcome("as quotbal", to_user="j.user", audio_port=49217),
    ),
    "no space before the bracket": (
        invite(sender="caller<sip:caller@example.com>;tag=3"),
        Outcome("as lwsdisp", display="caller", from_tag="3"),
    ),
    "escaped NUL": (
        invite(sender="sip:null-%00-null@example.com;tag=3"),
        Outcome("as escnull", from_user="null-%00-null"),
    ),
    "escaped space": (
        invite(sender="sip:I%20have%20spaces@example.net;tag=3"),
        Outcome("as esc01", from_user="I have spaces"),
    ),
    "CSeq over 32 bits": (
        invite(cseq="36893488147419103232 REGISTER"),
        Outcome("as scalar02", problem="CSeq number too large"),
    ),
    "CSeq of another method": (
        invite(cseq="8 OPTIONS"),
        Outcome("as mismatch01", method="INVITE", flaws=("CSeq names another method",)),
    ),
    "negative length": (
        invite(
            "INVITE sip:u@e.com SIP/2.0",
            "sip:u@e.com",
            "sip:c@e.net;tag=1",
            "8 INVITE",
            "Content-Length: -999",
        ),
        Outcome("as ncl", audio_port=49217, flaws=("Content-Length is no number",)),
    ),
    "length too long": (
        invite("INVITE sip:u@e.com SIP/2.0", "sip:u@e.com", "sip:c@e.net;tag=1", "8 INVITE", "l: 9999"),
        Outcome("as clerr", audio_port=49217, flaws=("body shorter than Content-Length",)),
    ),
    "two lengths": (
        invite(
            "INVITE sip:u@e.com SIP/2.0",
            "sip:u@e.com",
            "sip:c@e.net;tag=1",
            "8 INVITE",
            "l: 5",
            "Content-Length: 13",
        ),
        Outcome("as mcl01", audio_port=49217, flaws=("different Content-Lengths",)),
    ),
    "two of everything": (
        invite(
            "INVITE sip:u@e.com SIP/2.0",
            "sip:u@e.com",
            "sip:c@e.net;tag=1",
            "8 INVITE",
            "From: <sip:x@y>;tag=9",
            "i: other",
        ),
        Outcome("as multi01", from_tag="1", audio_port=49217, flaws=("repeated call-id", "repeated from")),
    ),
    "no Call-ID": (invite().replace(b"Call-ID", b"Other"), Outcome("as insuf", problem="no call-id header")),
    "unknown scheme": (
        invite(sender="isbn:2983792873;tag=3"),
        Outcome("as unksm2", from_user="", from_tag="3"),
    ),
    "no branch": (
        invite().replace(b";branch=z9hG4bKx", b""),
        Outcome("as inv2543", method="INVITE", audio_port=49217),
    ),
    "UTF-8 phrase": (
        invite("SIP/2.0 200 = 2**3 * 5**2 но"),
        Outcome("as unreason", method="INVITE", audio_port=49217),
    ),
    "empty phrase": (invite("SIP/2.0 100 "), Outcome("as noreason", method="INVITE")),
    "folded everywhere": (
        b'INVITE sip:v@e.com;unknownparam SIP/2.0\r\nTO :\r\n sip:v@e.com ;   tag    = 1918181833n\r\nfrom   : "J Rosenberg \\\\\\""       <sip:j@e.com>\r\n  ;\r\n  tag = 98asjd8\r\nCall-ID: w@1\r\ncseq: 0009\r\n  INVITE\r\ns :\r\nv:  SIP  / 2.0  / TCP     s.e.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n SIP  /    2.0   / UDP  1.1.1.1   ; branch=\r\n z9hG4bK30239\r\n\r\n',
        Outcome("as wsinv", from_tag="98asjd8", to_user="v", display='J Rosenberg \\"'),
    ),
}


@pytest.mark.parametrize("name", sorted(OWN))
def test_our_small_torture_messages_have_the_same_outcomes(name):
    judge(*OWN[name])
