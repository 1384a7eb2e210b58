"""Those who watch over the box from outside, real ones on free ports: snmptrapd, rsyslog with TLS, a web server."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.rigs.patience import until
from tests.rigs.ports import free_port


class Process:
    """A server in the foreground; `lines` are what it wrote, while it writes."""

    def __init__(self, command: list[str], environment: dict[str, str] | None = None) -> None:
        self.lines: list[str] = []
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, text: str) -> str:
        """The first line that holds the text."""

        def look() -> str:
            return next((line for line in list(self.lines) if text in line), "")

        return until(look, what=f"the line {text!r}")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)
        self._reader.join(30)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as written:
            for line in written:
                self.lines.append(line.rstrip("\n"))


@contextmanager
def trap_receiver(
    folder: Path, user: str, authentication: str, privacy: str, engine: str
) -> Iterator[tuple[int, Process]]:
    """snmptrapd that takes informs and traps of this user and the community `public`, and nothing of others."""
    port = free_port()
    keys = f'{user} SHA-256 "{authentication}" AES "{privacy}"'
    (folder / "snmptrapd.conf").write_text(
        f"createUser {keys}\ncreateUser -e 0x{engine} {keys}\nauthUser log {user} priv\nauthCommunity log public99\n"
    )
    environment = {
        "PATH": "/usr/bin:/usr/sbin:/bin",
        "SNMP_PERSISTENT_DIR": str(folder),
        "MIBS": "",
        "MIBDIRS": str(folder),
    }
    command = [
        "snmptrapd",
        "-f",
        "-Lo",
        "-C",
        "-c",
        str(folder / "snmptrapd.conf"),
        "-On",
        "-Oa",
        "-F",
        "%v\n",
        f"udp:127.0.0.1:{port}",
    ]
    process = Process(command, environment)
    try:
        process.wait_for("NET-SNMP version")
        yield port, process
    finally:
        process.stop()


@contextmanager
def syslog_server(folder: Path, port: int, certificate: tuple[Path, Path] | None) -> Iterator[Path]:
    """rsyslog listening on TCP, with TLS if there is a certificate; the file into which it writes whole lines."""
    received = folder / "received.log"
    received.touch()
    files = driver = ""
    if certificate is not None:
        files = (
            f' defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="{certificate[0]}"'
            f' defaultNetstreamDriverCertFile="{certificate[0]}" defaultNetstreamDriverKeyFile="{certificate[1]}"'
        )
        driver = 'streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon"'
    (folder / "server.conf").write_text(
        f'global(workDirectory="{folder}" maxMessageSize="32k"{files})\n'
        f'module(load="imtcp" {driver})\n'
        f'input(type="imtcp" port="{port}" address="127.0.0.1")\n'
        'template(name="whole" type="string" string="%rawmsg%\\n")\n'
        f'action(type="omfile" file="{received}" template="whole")\n'
    )
    process = Process(["rsyslogd", "-n", "-f", str(folder / "server.conf"), "-i", "NONE"])
    try:
        yield received
    finally:
        process.stop()


class WebServer:
    """`posts` holds what was posted; `status` is answered."""

    def __init__(self) -> None:
        self.posts: list[tuple[dict[str, str], dict[str, object]]] = []
        self.raw: list[bytes] = []
        self.status = 204
        outer = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.raw.append(body)
                outer.posts.append((dict(self.headers), json.loads(body)))
                self.send_response(outer.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.address = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
