"""Whom a dialler believes, judged before it says anything (docs/spec/websocket.md §3)."""

from common.link.certificates import CertificateKind, CertificateTextError, ShownCertificate, read_certificate
from common.link.errors import InterceptedError, PeerExpiredError, WrongPeerError
from common.link.peer import ExpectedPeer


def check_server(expected: ExpectedPeer, tls_key: bytes | None, certificate: bytes) -> bytes:
    """Insist that the box that was meant holds this TLS connection, and return its key (32 bytes).

    Args:
        expected: whom the caller means.
        tls_key: the key the TLS handshake proved, None if it was no Ed25519 key.
        certificate: the host certificate of the greeting, as it came.

    Raises:
        InterceptedError: somebody opened the TLS line in between.
        WrongPeerError: another box, or none of this county.
        PeerExpiredError: the right box, out of its dates by this machine's clock.
    """
    shown = _vouched(expected, certificate)
    if shown is not None and shown.key != tls_key:
        raise InterceptedError(expected.node, "the TLS line has not the key of the host certificate")
    if tls_key is None or tls_key in expected.revoked:
        raise WrongPeerError(expected.node, "no key of a node, or a revoked one")
    if expected.pinned is not None:
        if tls_key != expected.pinned:
            raise WrongPeerError(expected.node, "not the pinned key")
        return tls_key
    if shown is None or expected.name not in shown.principals:
        raise WrongPeerError(expected.node, "no host certificate that names it")
    if not shown.in_date:
        raise PeerExpiredError(expected.node, "its host certificate is out of its dates")
    return tls_key


def _vouched(expected: ExpectedPeer, certificate: bytes) -> ShownCertificate | None:
    """Return the certificate if an authority the caller pins signed it."""
    try:
        shown = read_certificate(certificate, CertificateKind.HOST)
    except CertificateTextError:
        return None
    return shown if shown.authority in expected.authorities else None
