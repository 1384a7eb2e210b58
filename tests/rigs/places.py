"""Real servers that take backups, each on a free port of the loopback with its files in a folder of the test.

FTP is pyftpdlib (Debian's), SFTP is OpenSSH, SMB is Samba. S3 is moto, a stand-in written by others: it checks no
signature, and it is no proof of how Amazon's own servers behave under load or with a clock that is wrong.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.rigs.patience import until
from tests.rigs.ports import free_port

PASSWORD = "s3cret pass-word"
BUCKET = "recorder"

_FTP = """
import sys
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
from pyftpdlib.servers import FTPServer
port, folder, password, certificate = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
authorizer = DummyAuthorizer()
authorizer.add_user("box", password, folder, perm="elradfmwMT")
handler = TLS_FTPHandler if certificate else FTPHandler
if certificate:
    handler.certfile = certificate
    handler.tls_control_required = handler.tls_data_required = True
handler.authorizer = authorizer
FTPServer(("127.0.0.1", port), handler).serve_forever()
"""


@contextlib.contextmanager
def _running(words: list[str], port: int, log: Path, **more: object) -> Iterator[subprocess.Popen]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            words, stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True, **more
        )
        try:
            until(
                lambda: process.poll() is not None or _listens(port),
                what=f"{words[0]} listens",
                deadline_s=60,
            )
            assert process.poll() is None, log.read_text("utf-8", "replace")
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@contextlib.contextmanager
def ftp(folder: Path, *, tls: bool = False) -> Iterator[dict]:
    """An FTP server; the settings of the place."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate = ""
    if tls:
        made = folder.parent / "ftp.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=ftp.test",
             "-keyout", str(made), "-out", f"{made}.crt"], check=True, capture_output=True,
        )  # fmt: skip
        made.write_text(made.read_text() + Path(f"{made}.crt").read_text())
        certificate = str(made)
    port = free_port()
    words = ["/usr/bin/python3", "-c", _FTP, str(port), str(folder), PASSWORD, certificate]
    with _running(words, port, folder.parent / "ftp.log"):
        yield {
            "enabled": True, "server": "127.0.0.1", "port": port, "user": "box", "password": PASSWORD,
            "ftp_protection": "explicit" if tls else "clear", "verify": False, "folder": "in/here",
        }  # fmt: skip


@contextlib.contextmanager
def sftp(folder: Path) -> Iterator[dict]:
    """OpenSSH for our own user with a key; the settings of the place."""
    folder.mkdir(parents=True, exist_ok=True)
    home = folder.parent / "ssh"
    home.mkdir(mode=0o700)
    for name in ("host", "user"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(home / name)],
            check=True,
            capture_output=True,
        )
    (home / "authorized").write_bytes((home / "user.pub").read_bytes())
    port = free_port()
    config = home / "sshd_config"
    config.write_text(
        textwrap.dedent(f"""
        Port {port}
        ListenAddress 127.0.0.1
        HostKey {home}/host
        AuthorizedKeysFile {home}/authorized
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        PermitRootLogin prohibit-password
        PidFile none
        Subsystem sftp internal-sftp -d {folder}
        """)
    )
    Path("/run/sshd").mkdir(exist_ok=True)
    with _running(["/usr/sbin/sshd", "-D", "-e", "-f", str(config)], port, home / "log"):
        kind, key, *_ = (home / "host.pub").read_text().split()
        yield {
            "enabled": True, "server": "127.0.0.1", "port": port, "user": pwd.getpwuid(os.geteuid()).pw_name,
            "private_key": (home / "user").read_text(), "host_key": f"{kind} {key}", "folder": "in/here",
        }  # fmt: skip


@contextlib.contextmanager
def smb(folder: Path) -> Iterator[dict]:
    """Samba with one share for one user; the settings of the place."""
    folder.mkdir(parents=True, exist_ok=True)
    home = folder.parent / "samba"
    for name in ("private", "lock", "state", "cache", "pid", "ncalrpc"):
        (home / name).mkdir(parents=True)
    port = free_port()
    user = pwd.getpwuid(os.geteuid()).pw_name
    config = home / "smb.conf"
    config.write_text(
        textwrap.dedent(f"""
        [global]
        smb ports = {port}
        interfaces = 127.0.0.1/8
        bind interfaces only = yes
        workgroup = WORKGROUP
        server role = standalone server
        private dir = {home}/private
        lock directory = {home}/lock
        state directory = {home}/state
        cache directory = {home}/cache
        pid directory = {home}/pid
        ncalrpc dir = {home}/ncalrpc
        log file = {home}/log.%m
        disable spoolss = yes
        load printers = no
        passdb backend = tdbsam:{home}/private/passdb.tdb
        [backups]
        path = {folder}
        read only = no
        """)
    )
    given = f"{PASSWORD}\n{PASSWORD}\n".encode()
    subprocess.run(
        ["smbpasswd", "-c", str(config), "-a", "-s", user], input=given, check=True, capture_output=True
    )
    words = ["/usr/sbin/smbd", "--foreground", "--no-process-group", "--debug-stdout", "-s", str(config)]
    with _running(words, port, home / "log"):
        yield {
            "enabled": True, "server": "127.0.0.1", "port": port, "share": "backups", "user": user,
            "password": PASSWORD, "folder": "in/here",
        }  # fmt: skip


@contextlib.contextmanager
def s3(folder: Path) -> Iterator[dict]:
    """moto with one bucket; the settings of the place."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    words = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with _running(words, port, folder.parent / "s3.log", env={**os.environ, "TEST_SERVER_MODE": "true"}):
        endpoint = f"http://127.0.0.1:{port}"
        request = urllib.request.Request(f"{endpoint}/{BUCKET}", method="PUT")
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 200
        yield {
            "enabled": True, "endpoint": endpoint, "region": "us-east-1", "bucket": BUCKET,
            "access_key": "AKIA", "secret_key": PASSWORD, "folder": "in/here",
        }  # fmt: skip


def missing(*programs: str) -> list[str]:
    """Those of the programs that this machine lacks."""
    return [name for name in programs if shutil.which(name, path=f"{os.defpath}:/usr/sbin:/sbin") is None]
