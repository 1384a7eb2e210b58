"""The panel's certificate: made by the box itself at its first start, until somebody brings a better one.

Nobody vouches for such a certificate: its fingerprint is shown on the console, so that a person can compare.
"""

import ipaddress
import socket
import ssl
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from appliance.core.files import Layout, write_atomically

# Browsers refuse server certificates that last longer than this.
LASTS = timedelta(days=825)
_EARLIER = timedelta(days=1)


def tls(layout: Layout, at: datetime) -> ssl.SSLContext:
    """What the server needs to speak TLS 1.2 and 1.3; makes the certificate when there is none."""
    if not (layout.tls_certificate.exists() and layout.tls_key.exists()):
        make(layout.tls_certificate, layout.tls_key, socket.gethostname() or "tapeline", at)
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
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_atomically(key_file, secret, mode=0o600)
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
