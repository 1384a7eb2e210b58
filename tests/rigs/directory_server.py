"""A real OpenLDAP server with a scratch database on free loopback ports, with and without TLS."""

import datetime as dt
import ipaddress
import socket
import subprocess
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.rigs.patience import until
from tests.rigs.ports import free_port

BASE = "dc=example,dc=com"
PEOPLE = f"ou=people,{BASE}"
RECORDERS = f"cn=recorders,ou=groups,{BASE}"
READER = f"cn=reader,{BASE}"
READER_PASSWORD = "may only read"

_CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile {folder}/slapd.pid
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
database mdb
maxsize 16777216
suffix "{base}"
rootdn "cn=root,{base}"
rootpw root
directory {folder}/data
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{reader}" read by anonymous auth by self read
"""

_ENTRIES = """
dn: {base}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ou=people,{base}
objectClass: organizationalUnit
ou: people

dn: ou=groups,{base}
objectClass: organizationalUnit
ou: groups

dn: {reader}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: {reader_password}
"""


class DirectoryServer:
    """Runs until the `with` block ends; `certificate` is what its certificate is trusted by (PEM)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        self.certificate = ""
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        (self.folder / "data").mkdir(parents=True)
        self.certificate = _certify(self.folder)
        config = self.folder / "slapd.conf"
        config.write_text(_CONFIG.format(folder=self.folder, base=BASE, reader=READER))
        self.start()
        self.add(_ENTRIES.format(base=BASE, reader=READER, reader_password=READER_PASSWORD))
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        urls = f"ldap://127.0.0.1:{self.port} ldaps://127.0.0.1:{self.tls_port}"
        self._process = subprocess.Popen(
            ["/usr/sbin/slapd", "-d", "0", "-h", urls, "-f", str(self.folder / "slapd.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(self._answers, what="the directory server answers")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def person(self, name: str, password: str, full_name: str = "Anna Li") -> str:
        """Add somebody; the distinguished name."""
        dn = f"uid={name},{PEOPLE}"
        self.add(
            f"dn: {dn}\nobjectClass: inetOrgPerson\nuid: {name}\ncn: {full_name}\nsn: {full_name}\n"
            f"userPassword: {password}\n"
        )
        return dn

    def group(self, dn: str, *members: str) -> None:
        lines = "".join(f"member: {member}\n" for member in members)
        name = dn.partition("=")[2].partition(",")[0]
        self.add(f"dn: {dn}\nobjectClass: groupOfNames\ncn: {name}\n{lines}")

    def add(self, entries: str) -> None:
        command = [
            "ldapadd",
            "-x",
            "-H",
            f"ldap://127.0.0.1:{self.port}",
            "-D",
            f"cn=root,{BASE}",
            "-w",
            "root",
        ]
        done = subprocess.run(command, input=entries.encode(), capture_output=True, timeout=30, check=False)
        assert done.returncode == 0, done.stderr.decode()

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "slapd has ended"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def _certify(folder: Path) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / "server.pem").write_bytes(pem)
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return pem.decode()
