"""SIP messages for tests of the tracker, written as they stand on the wire."""

from appliance.sip.dialog import Tracker
from appliance.sip.events import Event
from appliance.sip.message import Message, read

SECOND_NS = 1_000_000_000
START_NS = 1_700_000_000 * SECOND_NS
ALICE, PROXY, BOB, CAROL = "10.0.0.1:5060", "10.0.0.9:5060", "10.0.0.2:5060", "10.0.0.3:5060"


def sdp(
    address: str = "10.0.0.1",
    port: int = 4000,
    *,
    direction: str = "sendrecv",
    formats: str = "8 101",
    version: int = 1,
) -> bytes:
    """A session description with one audio line."""
    lines = [
        "v=0",
        f"o=- 1 {version} IN IP4 {address}",
        "s=-",
        f"c=IN IP4 {address}",
        "t=0 0",
        f"m=audio {port} RTP/AVP {formats}",
        "a=rtpmap:101 telephone-event/8000",
        f"a={direction}",
    ]
    return ("\r\n".join(lines) + "\r\n").encode()


def message(
    start: str,
    *,
    cseq: str = "1 INVITE",
    caller_tag: str = "a",
    callee_tag: str = "",
    by_callee: bool = False,
    branches: tuple[str, ...] = ("z9hG4bK-1",),
    call_id: str = "call-1@test",
    body: bytes = b"",
    kind: str = "application/sdp",
    extra: tuple[str, ...] = (),
) -> Message:
    """One message, read back; `branches` from the top, `by_callee` swaps From and To as in-dialog requests do."""
    alice = "<sip:100@alice.test>" + (f";tag={caller_tag}" if caller_tag else "")
    bob = "<sip:200@bob.test>" + (f";tag={callee_tag}" if callee_tag else "")
    sender, recipient = (bob, alice) if by_callee else (alice, bob)
    lines = [
        start,
        *(f"Via: SIP/2.0/UDP host;branch={branch}" for branch in branches),
        f"From: {sender}",
        f"To: {recipient}",
        f"Call-ID: {call_id}",
        f"CSeq: {cseq}",
        *extra,
    ]
    if body:
        lines.append(f"Content-Type: {kind}")
    lines.append(f"Content-Length: {len(body)}")
    return read(("\r\n".join(lines) + "\r\n\r\n").encode() + body)


def request(method: str, number: int = 1, **more) -> Message:
    """A request; see `message`."""
    return message(f"{method} sip:200@bob.test SIP/2.0", cseq=f"{number} {method}", **more)


def response(code: int, method: str = "INVITE", number: int = 1, **more) -> Message:
    """A response to the caller's request, or with by_callee=True to the callee's."""
    return message(f"SIP/2.0 {code} Phrase", cseq=f"{number} {method}", **more)


class Wire:
    """A tracker and a clock; every call of `pass_by` takes 10 ms."""

    def __init__(self, **limits) -> None:
        self.tracker = Tracker(**limits)
        self.now_ns = START_NS
        self.events: list[Event] = []

    def pass_by(self, what: Message, source: str = ALICE, destination: str = BOB) -> list[Event]:
        """Let one message pass; the events it caused."""
        self.now_ns += SECOND_NS // 100
        events = self.tracker.feed(what, self.now_ns, "udp", source, destination)
        self.events += events
        return events

    def back(self, what: Message, source: str = BOB, destination: str = ALICE) -> list[Event]:
        """The other way."""
        return self.pass_by(what, source, destination)

    def wait(self, seconds: float) -> list[Event]:
        """Let time pass and tick once."""
        self.now_ns += int(seconds * SECOND_NS)
        events = self.tracker.tick(self.now_ns)
        self.events += events
        return events

    def of(self, kind: type) -> list:
        """All events of one kind so far."""
        return [event for event in self.events if isinstance(event, kind)]

    def kinds(self) -> list[str]:
        """Names of all events so far."""
        return [type(event).__name__ for event in self.events]


def answered(**limits) -> Wire:
    """A call that is up: caller at 10.0.0.1:4000 (tag a), callee at 10.0.0.2:5000 (tag b)."""
    wire = Wire(**limits)
    wire.pass_by(request("INVITE", body=sdp()))
    wire.back(response(180, callee_tag="b"))
    wire.back(response(200, callee_tag="b", body=sdp("10.0.0.2", 5000)))
    wire.pass_by(request("ACK", callee_tag="b", branches=("z9hG4bK-ack",)))
    return wire
