"""Two telephones that signal over WebSocket and talk G.711, each a program of its own in a namespace.

python -m tests.rigs.wsphone answer ADDRESS PORT               # waits for one call; prints READY
python -m tests.rigs.wsphone call ADDRESS PORT REMOTE SECONDS  # places it, prints the Call-ID, hangs up

Each prints the SHA-256 of the payloads it sent. Source: RFC 7118 §4 (sub-protocol, Via), RFC 3261, RFC 3551
"""

import asyncio
import hashlib
import os
import re
import socket
import struct
import sys
from collections.abc import Callable

from tornado.httpserver import HTTPServer
from tornado.web import Application
from tornado.websocket import WebSocketClientConnection, WebSocketHandler, websocket_connect

RTP_PORT = 40000
FRAME_S = 0.02
DEADLINE_S = 60


class Voice:
    """Speaks noise to a host, 50 packets a second, until told to stop."""

    def __init__(self, address: str, remote: str, ssrc: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, RTP_PORT))
        self._remote = (remote, RTP_PORT)
        self._ssrc = ssrc
        self._task: asyncio.Task[None] | None = None
        self._said = hashlib.sha256()

    def speak(self) -> None:
        self._task = self._task or asyncio.create_task(self._run())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        begin = loop.time()
        number = 0
        while True:
            payload = os.urandom(160)
            self._said.update(payload)
            head = struct.pack(">BBHII", 0x80, 8, number & 0xFFFF, number * 160, self._ssrc)
            self._socket.sendto(head + payload, self._remote)
            number += 1
            await asyncio.sleep(max(0.0, begin + number * FRAME_S - loop.time()))

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        print(f"SAID {self._said.hexdigest()}", flush=True)


def sdp(address: str) -> str:
    return (
        f"v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\n"
        f"m=audio {RTP_PORT} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
    )


def answer_to(request: str, status: str, *, to_tag: str = "", body: str = "") -> str:
    lines = [f"SIP/2.0 {status}"]
    for name in ("Via", "From", "To", "Call-ID", "CSeq"):
        found = re.search(rf"^{name}: (.*)\r$", request, re.MULTILINE)
        assert found, request
        tag = f";tag={to_tag}" if name == "To" and to_tag and ";tag=" not in found[1] else ""
        lines.append(f"{name}: {found[1]}{tag}")
    return "\r\n".join(lines) + "\r\n" + _with(body)


def _with(body: str) -> str:
    kind = "Content-Type: application/sdp\r\n" if body else ""
    return f"{kind}Content-Length: {len(body)}\r\n\r\n{body}"


class Answering(WebSocketHandler):
    """The called side: one call, then the program ends."""

    def initialize(self, voice: Voice, address: str, done: Callable[[], None]) -> None:
        self._voice, self._address, self._done = voice, address, done

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        return "sip" if "sip" in subprotocols else None

    def check_origin(self, origin: str) -> bool:
        return True

    async def on_message(self, message: str | bytes) -> None:
        text = message if isinstance(message, str) else message.decode()
        if text.startswith("INVITE"):
            await self.write_message(answer_to(text, "180 Ringing", to_tag="b"))
            await self.write_message(answer_to(text, "200 OK", to_tag="b", body=sdp(self._address)))
        elif text.startswith("ACK"):
            self._voice.speak()
        elif text.startswith("BYE"):
            self._voice.stop()
            await self.write_message(answer_to(text, "200 OK"))
            self._done()


async def answering(address: str, port: int, remote: str) -> None:
    over = asyncio.Event()
    facts = {"voice": Voice(address, remote, 0xB0B), "address": address, "done": over.set}
    HTTPServer(Application([("/", Answering, facts)])).listen(port, address)
    print("READY", flush=True)
    await over.wait()
    await asyncio.sleep(0.2)  # the last answer leaves


async def calling(address: str, port: int, remote: str, seconds: float) -> None:
    voice = Voice(address, remote, 0xA11CE)
    connection = await websocket_connect(f"ws://{remote}:{port}/", subprotocols=["sip"])
    call_id = f"{os.urandom(6).hex()}@ws"

    def request(method: str, number: int, to_tag: str = "", body: str = "") -> str:
        return (
            f"{method} sip:8001@{remote};transport=ws SIP/2.0\r\n"
            f"Via: SIP/2.0/WS x.invalid;branch=z9hG4bK{method}{number}\r\nMax-Forwards: 70\r\n"
            f"From: <sip:1001@x.invalid>;tag=a\r\nTo: <sip:8001@{remote}>{to_tag}\r\nCall-ID: {call_id}\r\n"
            f"CSeq: {number} {method}\r\nContact: <sip:1001@x.invalid;transport=ws>\r\n"
        ) + _with(body)

    await connection.write_message(request("INVITE", 1, body=sdp(address)))
    await _final(connection)
    await connection.write_message(request("ACK", 1, ";tag=b"))
    voice.speak()
    await asyncio.sleep(seconds)
    voice.stop()
    await connection.write_message(request("BYE", 2, ";tag=b"))
    await _final(connection)
    connection.close()
    print(f"CALL {call_id}", flush=True)


async def _final(connection: WebSocketClientConnection) -> None:
    while True:
        message = await connection.read_message()
        assert isinstance(message, str), "the other side hung up"
        if message.startswith("SIP/2.0 200"):
            return


async def main(role: str, address: str, port: str, remote: str, seconds: str = "0") -> None:
    async with asyncio.timeout(DEADLINE_S):
        if role == "answer":
            await answering(address, int(port), remote)
        else:
            await calling(address, int(port), remote, float(seconds))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
