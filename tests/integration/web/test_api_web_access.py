"""The panel behind TLS: its own certificate, one from a real authority by request, one brought with its key, what is refused."""

import http.client
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from appliance.core.files import Layout
from appliance.daemons import webadmin as program
from tests.rigs.broker import Broker
from tests.rigs.patience import until
from tests.rigs.ports import free_port as another_port
from tests.rigs.web import Browser, Web
from webadmin import certificate

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def pem(key) -> str:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


def text(*certificates: x509.Certificate) -> str:
    return "".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in certificates)


class Authority:
    """A root and an authority below it, which signs what servers ask for."""

    def __init__(self) -> None:
        self._root_key = ec.generate_private_key(ec.SECP256R1())
        self.root = self._signed(
            self._name("Root"), self._root_key.public_key(), self._name("Root"), self._root_key, ca=True
        )
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.middle = self._signed(
            self._name("Middle"), self._key.public_key(), self._name("Root"), self._root_key, ca=True
        )

    @staticmethod
    def _name(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])

    @staticmethod
    def _signed(
        subject, public_key, issuer, key, *, ca=False, names=(), begins=-DAY, ends=30 * DAY, usage=None
    ):
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW + begins)
            .not_valid_after(NOW + ends)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if names:
            made = made.add_extension(x509.SubjectAlternativeName(list(names)), critical=False)
        if usage is not None:
            made = made.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        return made.sign(key, hashes.SHA256())

    def of_request(self, request: bytes) -> x509.Certificate:
        asked = x509.load_pem_x509_csr(request)
        assert asked.is_signature_valid
        names = asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return self._signed(asked.subject, asked.public_key(), self._name("Middle"), self._key, names=names)

    def of_key(self, key, **more) -> x509.Certificate:
        names = [x509.DNSName("localhost")]
        subject = self._name("localhost")
        return self._signed(subject, key.public_key(), self._name("Middle"), self._key, names=names, **more)


class Encrypted(Browser):
    """Talks TLS and believes whom `context` believes."""

    context = ssl._create_unverified_context()

    def connection(self) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection("localhost", self.port, timeout=30, context=self.context)


@pytest.fixture
def secure(layout: Layout, free_port, monkeypatch) -> Iterator[tuple[Web, Encrypted, int]]:
    plain = another_port()
    monkeypatch.setattr(program, "_PLAIN_PORT", plain)
    broker = Broker(layout.run).start()
    with Web(
        layout, free_port, program=lambda service, options: program.main(service, options._replace(tls=True))
    ) as web:
        web.anonymous = lambda: Encrypted(web.port)
        yield web, web.administrator(), plain
    broker.kill()


def shown(port: int, context: ssl.SSLContext | None = None) -> bytes:
    """The certificate that the server shows, judged by `context` where one is given."""
    if context is None:
        return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", port)))
    connection = http.client.HTTPSConnection("localhost", port, timeout=30, context=context)
    try:
        connection.request("GET", "/api/v1/session")
        assert connection.getresponse().status == 200
        return connection.sock.getpeercert(binary_form=True)
    finally:
        connection.close()


def believing(root: x509.Certificate) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=text(root))


def test_the_box_makes_its_own_certificate_and_tells_its_fingerprint(secure, layout):
    web, admin, _ = secure
    answer = admin.get("web-access").json
    assert answer["is_encrypted"]
    assert answer["certificate"]["is_own"]
    told = x509.load_der_x509_certificate(shown(web.port)).fingerprint(hashes.SHA256()).hex(":").upper()
    assert answer["certificate"]["fingerprint"] == told == certificate.fingerprint(layout.tls_certificate)
    assert 800 < answer["certificate"]["days_left"] < 826
    assert admin.cookie.startswith("__Host-")


def test_what_is_asked_in_clear_is_led_to_tls(secure):
    web, _, plain = secure
    connection = http.client.HTTPConnection("127.0.0.1", plain, timeout=30)
    connection.request("GET", "/calls?x=1", headers={"Host": f"box.example:{plain}"})
    reply = connection.getresponse()
    assert reply.status == 308
    assert reply.headers["Location"] == f"https://box.example:{web.port}/calls?x=1"
    connection.close()


def test_a_certificate_upon_request_is_believed_by_browsers_that_know_the_authority(secure):
    web, admin, _ = secure
    authority = Authority()
    with pytest.raises(ssl.SSLCertVerificationError):
        shown(web.port, believing(authority.root))
    asked = admin.post("web-access/request", {"names": ["localhost", "192.0.2.7"], "organisation": "Example"})
    assert asked.json["request"]["names"] == ["localhost", "192.0.2.7"]
    request = admin.get("web-access/request")
    assert request.headers["Content-Type"] == "application/pkcs10"
    leaf = authority.of_request(request.body)
    # In any order: which of them is the server's own is seen by the key.
    installed = admin.put("web-access/certificate", {"certificate": text(authority.middle, leaf)})
    assert installed.status == 200, installed
    assert installed.json["request"] is None
    assert not installed.json["certificate"]["is_own"]
    wanted = leaf.public_bytes(serialization.Encoding.DER)
    until(lambda: shown(web.port) == wanted, what="the new certificate")
    assert shown(web.port, believing(authority.root)) == wanted
    assert admin.get("web-access/request").status == 404


def test_ones_own_certificate_and_key_are_installed_and_the_boxs_own_comes_back(secure, layout):
    web, admin, _ = secure
    authority, key = Authority(), rsa.generate_private_key(65537, 2048)
    leaf = authority.of_key(key, usage=ExtendedKeyUsageOID.SERVER_AUTH)
    encrypted = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"words"),
    ).decode()
    wish = {"certificate": text(leaf, authority.middle), "key": encrypted}
    assert admin.put("web-access/certificate", wish).field == "key"
    assert admin.put("web-access/certificate", {**wish, "passphrase": "words"}).status == 200
    until(
        lambda: shown(web.port) == leaf.public_bytes(serialization.Encoding.DER), what="the new certificate"
    )
    assert layout.tls_key.stat().st_mode & 0o777 == 0o600
    assert admin.delete("web-access/certificate").json["certificate"]["is_own"]
    until(lambda: shown(web.port) != leaf.public_bytes(serialization.Encoding.DER), what="the box's own")
    log = admin.get("operations").body
    assert b"PRIVATE" not in log
    assert b'"words"' not in log


def _refused() -> dict[str, tuple[dict, str]]:
    authority, key, other = (
        Authority(),
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )
    weak = rsa.generate_private_key(65537, 1024)
    leaf = authority.of_key(key)
    return {
        "no certificate": ({"certificate": "hello"}, "certificate"),
        "a key that fits nothing": ({"certificate": text(leaf), "key": pem(other)}, "key"),
        "no key at all": ({"certificate": text(leaf)}, "certificate"),
        "a key that is none": ({"certificate": text(leaf), "key": "hello"}, "key"),
        "a weak key": ({"certificate": text(authority.of_key(weak)), "key": pem(weak)}, "key"),
        "one that has ended": (
            {"certificate": text(authority.of_key(key, begins=-9 * DAY, ends=-DAY)), "key": pem(key)}, "certificate"),
        "one that has not begun": (
            {"certificate": text(authority.of_key(key, begins=DAY)), "key": pem(key)}, "certificate"),
        "one for people": (
            {"certificate": text(authority.of_key(key, usage=ExtendedKeyUsageOID.EMAIL_PROTECTION)), "key": pem(key)},
            "certificate"),
    }  # fmt: skip


def test_what_would_shut_everybody_out_is_refused_and_the_old_one_stays(secure):
    web, admin, _ = secure
    before = shown(web.port)
    for name, (wish, field) in _refused().items():
        refused = admin.put("web-access/certificate", wish)
        assert (name, refused.status, refused.field) == (name, 422, field)
    assert shown(web.port) == before


def test_a_damaged_certificate_does_not_keep_the_panel_from_starting(layout, tmp_path):
    layout.tls_certificate.parent.mkdir(mode=0o700)
    layout.tls_certificate.write_text("hello")
    layout.tls_key.write_text("hello")
    certificate.tls(layout, NOW)
    assert certificate.shown(layout.tls_certificate).is_own
    assert layout.tls_certificate.with_suffix(".damaged").read_text() == "hello"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_protocols_are_not_spoken(secure):
    web, _, _ = secure
    context = ssl._create_unverified_context()
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError):
        shown(web.port, context)


@pytest.mark.parametrize("names", [[], ["a b"], ["-x"], ["x" * 300], ["a"] * 21])
def test_a_request_for_names_that_are_none_is_refused(web, names):
    refused = web.administrator().post("web-access/request", {"names": names})
    assert refused.status == 422
    assert refused.field.startswith("names")
