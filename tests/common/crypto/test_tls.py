"""The certificate a box makes for itself: its key is its transport key, and nothing else in it counts."""

import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from common.crypto.signing import SigningKey
from common.crypto.tls import key_of_certificate, self_made_certificate

SEED = b"\x21" * 32


def der(pem: bytes) -> bytes:
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


def test_the_certificate_is_over_the_transport_key_and_names_nobody():
    made = self_made_certificate(SEED, b"password")
    assert key_of_certificate(der(made)) == SigningKey.from_seed(SEED).public()
    certificate = x509.load_pem_x509_certificate(made)
    assert certificate.subject.rfc4514_string() == "CN=jiujin"
    assert len(certificate.extensions) == 0


def test_the_key_in_the_file_is_locked(tmp_path: Path):
    file = tmp_path / "tls.pem"
    file.write_bytes(self_made_certificate(SEED, b"password"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with pytest.raises(ssl.SSLError):
        context.load_cert_chain(file, password="another")
    context.load_cert_chain(file, password="password")


def test_a_key_of_another_kind_is_no_key_of_a_node():
    other = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    certificate = x509.load_pem_x509_certificate(self_made_certificate(SEED, b"x"))
    made = (
        x509.CertificateBuilder(
            name,
            name,
            other.public_key(),
            1,
            certificate.not_valid_before_utc,
            certificate.not_valid_after_utc,
        )
        .sign(ed25519.Ed25519PrivateKey.generate(), None)
        .public_bytes(Encoding.DER)
    )
    assert key_of_certificate(made) is None


@given(st.binary(max_size=400), st.integers(0, 300), st.binary(min_size=1, max_size=4))
def test_no_bytes_raise_anything(junk: bytes, place: int, change: bytes):
    good = der(self_made_certificate(SEED, b"x"))
    for data in (junk, good[:place], good[:place] + change + good[place + len(change) :]):
        found = key_of_certificate(data)
        assert found is None or len(found) == 32
