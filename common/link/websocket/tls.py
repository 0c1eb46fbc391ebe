"""TLS 1.3 both ways, with nobody's word for it but the key's (docs/spec/websocket.md §1)."""

import secrets
import ssl
import tempfile
from pathlib import Path

from common.crypto.tls import key_of_certificate, self_made_certificate

_ALPN = ["http/1.1"]


def server_context(seed: bytes) -> ssl.SSLContext:
    """Return the context of a box that shows a certificate made over its transport key (seed, 32 bytes)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.options |= ssl.OP_NO_TICKET  # every connection proves the key anew
    context.set_alpn_protocols(_ALPN)
    # The library reads keys from files alone: for that moment it lies there under a password nobody keeps.
    password = secrets.token_hex(32)
    with tempfile.TemporaryDirectory(prefix="jiujin-") as folder:
        file = Path(folder) / "tls.pem"
        file.write_bytes(self_made_certificate(seed, password.encode()))
        context.load_cert_chain(file, password=password)
    return context


def client_context() -> ssl.SSLContext:
    """Return the context of a dialler: no authority is asked, the key is judged by the log-in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(_ALPN)
    return context


def key_shown(connection: ssl.SSLObject | None) -> bytes | None:
    """Return the raw Ed25519 key (32 bytes) the server of a TLS connection proved; None for another kind."""
    certificate = connection.getpeercert(binary_form=True) if connection is not None else None
    return key_of_certificate(certificate) if certificate else None
