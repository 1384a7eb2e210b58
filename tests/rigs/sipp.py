"""SIP peers whose every message is scripted: sipp, in the namespaces of a MirrorLab.

A script is a list of steps: `send("INVITE", sdp=…)`, `receive("200")`, `pause(ms)`, `audio("PCMA")`. Both scripts run
as real sipp processes; what they exchange crosses the mirrored bridge.
"""

import subprocess
import tempfile
from pathlib import Path

import numpy as np

from tests.rigs.mirror import MirrorLab
from tests.rigs.patience import until

PAYLOAD_TYPE = {"PCMU": 0, "PCMA": 8}


def sdp(codec: str = "PCMA", direction: str = "sendrecv", address: str = "[media_ip]") -> str:
    kind = PAYLOAD_TYPE[codec]
    return (
        f"v=0\no=u 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 {address}\nt=0 0\n"
        f"m=audio [media_port] RTP/AVP {kind}\na=rtpmap:{kind} {codec}/8000\na={direction}\n"
    )


def _body(text: str, kind: str = "application/sdp") -> str:
    if not text:
        return "Content-Length: 0\n"
    return f"Content-Type: {kind}\nContent-Length: [len]\n\n{text}"


def request(
    method: str,
    body: str = "",
    *,
    cseq: int = 1,
    headers: str = "",
    retransmit: bool = False,
    in_dialog: bool = True,
    kind: str = "application/sdp",
) -> str:
    """What the caller sends: [remote_ip] is the callee; From carries our tag, To the answer's."""
    to_tag = "[peer_tag_param]" if in_dialog else ""
    # An ACK of a 2xx and every later request is a transaction of its own.
    return f"""<send{' retrans="500"' if retransmit else ""}><![CDATA[
{method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "Ann Caller" <sip:1001@[local_ip]:[local_port]>;tag=c[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>{to_tag}
Call-ID: [call_id]
CSeq: {cseq} {method}
Contact: <sip:1001@[local_ip]:[local_port]>
Max-Forwards: 70
{headers}{_body(body, kind)}
]]></send>"""


def answer(code: int, phrase: str, body: str = "", *, tag: str = "s", headers: str = "") -> str:
    """What the callee answers to the last request received."""
    to = "[last_To:]" if not tag else f"[last_To:];tag={tag}[call_number]"
    return f"""<send><![CDATA[
SIP/2.0 {code} {phrase}
[last_Via:]
[last_From:]
{to}
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
{headers}{_body(body)}
]]></send>"""


def callee_request(
    method: str, body: str = "", *, cseq: int = 1, caller: str = "10.77.0.1:5060", headers: str = ""
) -> str:
    """A request of the callee inside the dialog (its BYE, its re-INVITE); needs `receive_invite()` before it."""
    return f"""<send retrans="500"><![CDATA[
{method} sip:1001@{caller} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[service]@[local_ip]:[local_port]>;tag=s[call_number]
To[$from]
Call-ID: [call_id]
CSeq: {cseq} {method}
Contact: <sip:[local_ip]:[local_port]>
Max-Forwards: 70
{headers}{_body(body)}
]]></send>"""


def receive(what: str, *, optional: bool = False) -> str:
    kind = "response" if what.isdigit() else "request"
    extra = ' optional="true"' if optional else ""
    return f'<recv {kind}="{what}"{extra} rtd="false"></recv>'.replace(' rtd="false"', "")


def receive_invite() -> str:
    """The first INVITE, remembering the caller's identity for requests of the callee."""
    return """<recv request="INVITE"><action>
<ereg regexp=":.*" search_in="hdr" header="From" assign_to="from"/></action></recv>"""


def pause(milliseconds: int) -> str:
    return f'<pause milliseconds="{milliseconds}"/>'


def audio(codec: str = "PCMA", *, stop: bool = False) -> str:
    """Start (or stop) sending audio to where the last SDP said, 20 ms packets, from now on."""
    if stop:
        return '<nop><action><exec rtp_stream="pause"/></action></nop>'
    return f'<nop><action><exec rtp_stream="AUDIO_{codec},-1,{PAYLOAD_TYPE[codec]},{codec}/8000"/></action></nop>'


def script(*steps: str) -> str:
    uses_from = any("[$from]" in step for step in steps)
    remembered = any('assign_to="from"' in step for step in steps)
    reference = "" if uses_from or not remembered else '<Reference variables="from"/>'
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n<scenario name="s">'
        + "\n".join(steps)
        + reference
        + "</scenario>"
    )


class Sipp:
    """One sipp process; `wait` asserts that its script went to its end."""

    def __init__(
        self,
        lab: MirrorLab,
        namespace: str,
        steps: tuple[str, ...],
        *,
        address: str,
        remote: str = "",
        port: int = 5060,
        rtp_port: int = 30000,
        service: str = "8001",
        call_id: str = "",
        transport: str = "u1",
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tl-sipp-")
        folder = Path(self._folder.name)
        text = script(*steps)
        for codec in PAYLOAD_TYPE:
            tone = folder / f"audio.{codec}"
            tone.write_bytes(np.random.default_rng(3).bytes(80_000))
            text = text.replace(f"AUDIO_{codec}", str(tone))
        (folder / "scenario.xml").write_text(text)
        command = [
            "sipp",
            *([remote] if remote else []),
            "-sf",
            "scenario.xml",
            "-i",
            address,
            "-p",
            str(port),
        ]
        command += ["-mi", address, "-mp", str(rtp_port)]
        command += [
            "-m",
            "1",
            "-s",
            service,
            "-t",
            transport,
            "-nostdin",
            "-timeout",
            "150",
            "-timeout_error",
            "-trace_err",
        ]
        if call_id:
            command += ["-cid_str", call_id]
        self._output = (folder / "output").open("wb")
        self._process = subprocess.Popen(
            lab.inside(namespace, *command),
            cwd=folder,
            stdout=self._output,
            stderr=self._output,
            stdin=subprocess.DEVNULL,
        )
        self._path = folder
        if not remote:
            until(lambda: self._listens(port), what="sipp to listen")

    def _listens(self, port: int) -> bool:
        """Whether its port is bound: a caller that is quicker would be refused. Reads its own namespace's tables."""
        assert self._process.poll() is None, "sipp ended before it listened"
        tables = Path(f"/proc/{self._process.pid}/net")
        rows = [
            row for name in ("udp", "tcp", "udp6", "tcp6") for row in (tables / name).read_text().splitlines()
        ]
        return any(row.split()[1].endswith(f":{port:04X}") for row in rows)

    def wait(self, deadline_s: float = 160) -> None:
        code = self._process.wait(deadline_s)
        said = "".join(path.read_text(errors="replace") for path in self._path.glob("*_errors.log"))
        assert code == 0, f"sipp ended with {code}: {said[-2000:]}"

    def close(self) -> None:
        """End it, whatever it was doing (a phone whose cable is pulled)."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._output.close()
        self._folder.cleanup()
