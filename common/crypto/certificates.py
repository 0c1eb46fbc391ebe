"""Certificates as bytes: the county root signs the hub, the hub every other node (identity.md §4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from common.crypto import signing
from common.crypto.certificate_claims import (
    DIVISIONS_MAX,
    EPOCH_BYTES,
    EPOCH_START,
    NAME_MAX,
    Certificate,
    HubCertificate,
    NodeCertificate,
)
from common.crypto.hashing import digest
from common.crypto.public_keys import PublicKeys
from common.crypto.wire import FormatError, Reader, Writer
from common.domain.node import NodeId, Tier

__all__ = [
    "CERTIFICATE_MAX",
    "SIGNED_MAX",
    "Certificate",
    "HubCertificate",
    "NodeCertificate",
    "SignedCertificate",
    "issue",
    "read_certificate",
]

CERTIFICATE_MAX = 8192
"""Bytes of a certificate without its envelope; an envelope is at most ``SIGNED_MAX``."""
SIGNED_MAX = CERTIFICATE_MAX + 128

NODE_ID_BYTES = 11
_MAGIC = b"JJC1"
_MAGIC_BYTES = 4
_HUB, _NODE = 1, 2
_DIVISION_MAX = 12
_TIER_MAX = 16
_ISSUER_CONTEXT = {_HUB: b"jiujin/certificate-hub/1\0", _NODE: b"jiujin/certificate-node/1\0"}
_SECONDS_MAX = 253_402_300_799  # the last second of the year 9999, the last a datetime can hold


@dataclass(frozen=True, slots=True)
class SignedCertificate:
    """A certificate as it travels: well formed, its signature not yet checked (``trust`` does).

    Attributes:
        cert: what it says.
        raw: the bytes the signature covers.
        issuer: 8-byte id of the key that signed it; a hint.
        signature: 64 bytes.
        encoded: the whole, as read.
    """

    cert: Certificate
    raw: bytes
    issuer: bytes
    signature: bytes
    encoded: bytes

    def digest(self) -> bytes:
        """Return the 32 bytes by which letters name this certificate."""
        return digest(b"jiujin/certificate/1\0", self.raw)

    def verify(self, public: bytes) -> None:
        """Insist that ``public`` (root or authority) signed it; ``BadSignatureError`` otherwise."""
        signing.verify(public, _context(self.cert), self.raw, self.signature)


def issue(authority_key: signing.SigningKey, cert: Certificate) -> bytes:
    """Return the certificate signed by the county root (hub) or the hub's authority key (node)."""
    raw = _encode(cert)
    writer = Writer().blob(raw, CERTIFICATE_MAX)
    writer.fixed(signing.key_id(authority_key.public()), signing.KEY_ID_BYTES)
    return writer.fixed(authority_key.sign(_context(cert), raw), signing.SIGNATURE_BYTES).done()


def read_certificate(data: bytes) -> SignedCertificate:
    """Read a signed certificate: its form only; ``FormatError`` for anything else."""
    reader = Reader(data)
    raw = reader.blob(CERTIFICATE_MAX)
    issuer, signature = reader.fixed(signing.KEY_ID_BYTES), reader.fixed(signing.SIGNATURE_BYTES)
    reader.end()
    return SignedCertificate(_decode(raw), raw, issuer, signature, data)


def _encode(cert: Certificate) -> bytes:
    writer = Writer().raw(_MAGIC)
    if isinstance(cert, HubCertificate):
        _write_head(writer.uint(_HUB), cert)
        writer.fixed(cert.epoch, EPOCH_BYTES).uint(cert.order)
        writer.fixed(cert.authority, signing.PUBLIC_BYTES).fixed(cert.ssh_authority, signing.PUBLIC_BYTES)
        return writer.uint(_seconds(cert.valid_from)).done()
    _write_head(writer.uint(_NODE), cert)
    writer.text(cert.tier, _TIER_MAX).text(cert.parent.text, NODE_ID_BYTES)
    writer.items(cert.divisions, DIVISIONS_MAX, lambda w, code: w.text(code, _DIVISION_MAX))
    return writer.uint(_seconds(cert.valid_from)).uint(_seconds(cert.valid_until)).uint(cert.serial).done()


def _write_head(writer: Writer, cert: Certificate) -> None:
    writer.text(cert.node.text, NODE_ID_BYTES).uint(cert.generation).text(cert.name, NAME_MAX)
    cert.keys.write(writer)


def _decode(raw: bytes) -> Certificate:
    reader = Reader(raw)
    if reader.fixed(_MAGIC_BYTES) != _MAGIC:
        raise FormatError("not a certificate", 0)
    kind = reader.uint()
    if kind not in _ISSUER_CONTEXT:
        raise reader.fail("unknown kind of certificate")
    try:
        cert = _read_hub(reader) if kind == _HUB else _read_node(reader)
    except ValueError as error:
        raise reader.fail("a certificate no authority may issue") from error
    reader.end()
    if _encode(cert) != raw:
        raise FormatError("divisions not in their one form", 0)
    return cert


def _read_hub(reader: Reader) -> HubCertificate:
    node, generation, name, keys = _read_head(reader)
    return HubCertificate(
        node=node,
        generation=generation,
        name=name,
        epoch=reader.fixed(EPOCH_BYTES),
        order=reader.uint(),
        signing=keys.signing,
        sealing=keys.sealing,
        transport=keys.transport,
        receipt=keys.receipt,
        authority=reader.fixed(signing.PUBLIC_BYTES),
        ssh_authority=reader.fixed(signing.PUBLIC_BYTES),
        valid_from=_moment(reader),
    )


def _read_node(reader: Reader) -> NodeCertificate:
    node, generation, name, keys = _read_head(reader)
    return NodeCertificate(
        node=node,
        generation=generation,
        name=name,
        tier=reader.text_as(Tier, _TIER_MAX),
        parent=reader.text_as(NodeId, NODE_ID_BYTES),
        divisions=reader.items(DIVISIONS_MAX, lambda r: r.text(_DIVISION_MAX)),
        signing=keys.signing,
        sealing=keys.sealing,
        transport=keys.transport,
        receipt=keys.receipt,
        valid_from=_moment(reader),
        valid_until=_moment(reader),
        serial=reader.uint(),
    )


def _read_head(reader: Reader) -> tuple[NodeId, int, str, PublicKeys]:
    node = reader.text_as(NodeId, NODE_ID_BYTES)
    return node, reader.uint(), reader.text(NAME_MAX), PublicKeys.read(reader)


def _context(cert: Certificate) -> bytes:
    return _ISSUER_CONTEXT[_HUB if isinstance(cert, HubCertificate) else _NODE]


def _seconds(moment: datetime) -> int:
    return int((moment - EPOCH_START).total_seconds())


def _moment(reader: Reader) -> datetime:
    return EPOCH_START + timedelta(seconds=reader.uint(_SECONDS_MAX))
