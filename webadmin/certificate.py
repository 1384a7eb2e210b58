"""The panel's certificate: made by the box itself at its first start, until somebody brings a better one.

Nobody vouches for such a certificate: its fingerprint is shown on the console, so that a person can compare.
"""

import ipaddress
import socket
import ssl
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from appliance.core import log
from appliance.core.errors import Invalid
from appliance.core.files import Layout, write_atomically
from appliance.core.text import Text

_logger = log.get(__name__)

LEAST_RSA_BITS = 2048
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_NO_CERTIFICATE = Text(en="holds no certificate in PEM form", zh="不是 PEM 格式的证书")
_NO_KEY = Text(
    en="holds no key in PEM form, or the passphrase is wrong", zh="不是 PEM 格式的密钥，或密码错误"
)
_KIND_OF_KEY = Text(
    en="must be an RSA key of 2048 bits or more, or a key on an elliptic curve",
    zh="必须是不少于 2048 位的 RSA 密钥或椭圆曲线密钥",
)
_NOT_THEIRS = Text(
    en="belongs to none of these certificates; a certificate upon the box's own request needs no key",
    zh="与证书不匹配；若证书由本机请求签发，则无需上传密钥",
)
_NO_KEY_HERE = Text(
    en="fits neither the box's own request nor its present key: send its key, too",
    zh="与本机的证书请求及现有密钥均不匹配，请同时上传密钥",
)
_OVER = Text(en="is valid from {begins} to {ends} only", zh="仅在 {begins} 至 {ends} 有效")
_NOT_FOR_SERVERS = Text(en="is not meant for servers", zh="不可用于服务器")
_BAD_NAME = Text(en="{value} is no name of a host", zh="{value} 不是有效的主机名或地址")

# Browsers refuse server certificates that last longer than this.
LASTS = timedelta(days=825)
_EARLIER = timedelta(days=1)


class Keeping:
    """The certificate that the server shows, taken up anew when its file changes; connections that are open keep theirs."""

    def __init__(self, layout: Layout, at: datetime) -> None:
        self._layout = layout
        self.context = tls(layout, at)
        self._newest = self.context
        # A context keeps a certificate for each kind of key and would go on to show the old one: a new one takes its place.
        self.context.sni_callback = self._choose
        self._stamp = self._now()

    def renew(self) -> None:
        """Take up another certificate; one that cannot be used leaves the old one in force. Touches files."""
        stamp = self._now()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._newest = _context(self._layout)
            _logger.info("another certificate is shown from now on")
        except (ssl.SSLError, OSError) as error:
            _logger.warning("the certificate cannot be used", extra={"problem": str(error)})

    def _choose(self, connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        connection.context = self._newest

    def _now(self) -> tuple[int, int]:
        try:
            return tuple(
                path.stat().st_mtime_ns for path in (self._layout.tls_certificate, self._layout.tls_key)
            )  # type: ignore[return-value]
        except FileNotFoundError:
            return (0, 0)


def tls(layout: Layout, at: datetime) -> ssl.SSLContext:
    """What the server needs to speak TLS 1.2 and 1.3; makes the certificate when there is none that works."""
    try:
        return _context(layout)
    except (ssl.SSLError, OSError) as error:
        # A panel that nobody can open helps nobody: the files stay beside the new ones.
        if layout.tls_certificate.exists():
            _logger.error("the certificate cannot be used; a new one is made", extra={"problem": str(error)})  # noqa: TRY400 - told in one line
            layout.tls_certificate.replace(layout.tls_certificate.with_suffix(".damaged"))
        make(layout.tls_certificate, layout.tls_key, socket.gethostname() or "tapeline", at)
        return _context(layout)


def _context(layout: Layout) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(layout.tls_certificate, layout.tls_key)
    return context


def make(certificate_file: Path, key_file: Path, host: str, at: datetime) -> x509.Certificate:
    """Write a new key (P-256) and a certificate that signs itself, for this host name and loopback."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    names: list[x509.GeneralName] = [x509.DNSName(host), x509.DNSName("localhost")]
    names += [x509.IPAddress(ipaddress.ip_address(address)) for address in ("127.0.0.1", "::1")]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _EARLIER)
        .not_valid_after(at + LASTS)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_file.parent.mkdir(mode=0o700, exist_ok=True)
    write_atomically(key_file, _pem(key), mode=0o600)
    write_atomically(certificate_file, certificate.public_bytes(serialization.Encoding.PEM))
    return certificate


def renew(layout: Layout, host: str, at: datetime) -> x509.Certificate:
    """Put a new certificate of the box's own in the place of whatever is there; the panel takes it up by itself."""
    layout.tls_certificate.parent.mkdir(mode=0o700, exist_ok=True)
    return make(layout.tls_certificate, layout.tls_key, host, at)


def fingerprint(certificate_file: Path) -> str:
    """SHA-256 of the certificate as browsers show it: `3A:7F:…`."""
    certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


class Shown(NamedTuple):
    """A certificate as people look at it. `is_own`: it signs itself; `chain`: who vouches for it, from below."""

    subject: str
    issuer: str
    is_own: bool
    names: list[str]
    begins_at: datetime
    ends_at: datetime
    fingerprint: str
    serial: str
    key: str
    chain: list[str]


def shown(certificate_file: Path) -> Shown | None:
    """What the file holds; None when it holds no certificate."""
    try:
        first, *rest = x509.load_pem_x509_certificates(certificate_file.read_bytes())
    except (OSError, ValueError):
        return None
    return Shown(
        subject=first.subject.rfc4514_string(),
        issuer=first.issuer.rfc4514_string(),
        is_own=first.subject == first.issuer,
        names=names_of(first),
        begins_at=first.not_valid_before_utc,
        ends_at=first.not_valid_after_utc,
        fingerprint=first.fingerprint(hashes.SHA256()).hex(":").upper(),
        serial=f"{first.serial_number:X}",
        key=_key_words(first.public_key()),
        chain=[one.subject.rfc4514_string() for one in rest],
    )


def names_of(certificate: x509.Certificate | x509.CertificateSigningRequest) -> list[str]:
    """Names and addresses that it is for."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]


def request(layout: Layout, names: Sequence[str], organisation: str) -> bytes:
    """Make a new key and a request that an authority can sign; the key waits here for the answer.

    Raises: Invalid
    Source: RFC 2986
    """
    key = ec.generate_private_key(ec.SECP256R1())
    words = [x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])]
    if organisation:
        words.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    wanted = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name(words))
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    layout.tls_request.parent.mkdir(mode=0o700, exist_ok=True)
    write_atomically(layout.tls_request_key, _pem(key), mode=0o600)
    content = wanted.public_bytes(serialization.Encoding.PEM)
    write_atomically(layout.tls_request, content)
    return content


def install(layout: Layout, chain: str, key: str, passphrase: str, at: datetime) -> None:
    """Put a certificate with its chain in force. Without a `key` it is one upon our request, or upon the present key.

    Raises: Invalid
    """
    try:
        given = x509.load_pem_x509_certificates(chain.encode())
    except ValueError as error:
        raise Invalid(field="certificate", problem=_NO_CERTIFICATE) from error
    candidates = [_key(key, passphrase)] if key.strip() else _own_keys(layout)
    found = next(((one, leaf) for one in candidates for leaf in given if _fits(one, leaf)), None)
    if found is None:
        if key.strip():
            raise Invalid(field="key", problem=_NOT_THEIRS)
        raise Invalid(field="certificate", problem=_NO_KEY_HERE)
    fitting, leaf = found
    _check_use(leaf, at)
    ordered = [leaf, *(one for one in given if one is not leaf)]
    content = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in ordered)
    layout.tls_certificate.parent.mkdir(mode=0o700, exist_ok=True)
    write_atomically(layout.tls_key, _pem(fitting), mode=0o600)
    write_atomically(layout.tls_certificate, content)
    for path in (layout.tls_request, layout.tls_request_key):
        path.unlink(missing_ok=True)


def _check_use(leaf: x509.Certificate, at: datetime) -> None:
    begins, ends = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    if not begins <= at <= ends:
        raise Invalid(
            field="certificate", problem=_OVER, begins=f"{begins:%Y-%m-%d}", ends=f"{ends:%Y-%m-%d}"
        )
    try:
        usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return
    if ExtendedKeyUsageOID.SERVER_AUTH not in usage:
        raise Invalid(field="certificate", problem=_NOT_FOR_SERVERS)


def _own_keys(layout: Layout) -> list[Key]:
    files = (layout.tls_request_key, layout.tls_key)
    return [_key(path.read_text("ascii", "replace"), "") for path in files if path.exists()]


def _key(content: str, passphrase: str) -> Key:
    try:
        key = serialization.load_pem_private_key(content.encode(), passphrase.encode() or None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Invalid(field="key", problem=_NO_KEY) from error
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= LEAST_RSA_BITS:
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key
    raise Invalid(field="key", problem=_KIND_OF_KEY)


def _fits(key: Key, certificate: x509.Certificate) -> bool:
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    try:
        theirs = certificate.public_key().public_bytes(*form)
    except (ValueError, UnsupportedAlgorithm):
        return False
    return key.public_key().public_bytes(*form) == theirs


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        return x509.DNSName(name)
    except ValueError as error:
        raise Invalid(field="names", problem=_BAD_NAME, value=name) from error


def _key_words(key: object) -> str:
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}"
    return f"RSA {key.key_size}" if isinstance(key, rsa.RSAPublicKey) else type(key).__name__


def _pem(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
