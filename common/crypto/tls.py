"""The TLS certificate a box makes for itself over its transport key (docs/spec/websocket.md §1)."""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
_UNTIL = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  # "no end", RFC 5280 §4.1.2.5; nobody looks at it


def self_made_certificate(seed: bytes, password: bytes) -> bytes:
    """Return a PEM file: a self-signed certificate and, under ``password``, its private key.

    The certificate names nobody: only its key is believed.

    Args:
        seed: of the transport key, raw Ed25519, 32 bytes.
        password: not empty; for the moment the file lies on the disk.
    """
    key = Ed25519PrivateKey.from_private_bytes(seed)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "jiujin")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(_SINCE)
        .not_valid_after(_UNTIL)
        .sign(key, algorithm=None)
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))
    return certificate.public_bytes(Encoding.PEM) + private


def key_of_certificate(der: bytes) -> bytes | None:
    """Return the raw Ed25519 key (32 bytes) of an X.509 certificate; None for another, or for other bytes."""
    try:
        key = x509.load_der_x509_certificate(der).public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key.public_bytes_raw() if isinstance(key, Ed25519PublicKey) else None
