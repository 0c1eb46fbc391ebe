"""What a box knows of itself and its county: kept in the open database, readable while locked."""

from dataclasses import dataclass

from common.crypto.certificates import HubCertificate, NodeCertificate, SignedCertificate, read_certificate
from common.crypto.root import fingerprint
from common.domain.node import NodeId, Tier
from common.domain.routing import Seat
from common.domain.times import to_milliseconds
from common.store import registry, settings
from common.store.engine import Tx
from common.store.rows import CertificateRow

_IDENTITY = "identity"
_SSH = "ssh_certificates"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this box is; there is none before it is enrolled.

    Attributes:
        generation: of its keys.
        epoch: its current epoch, 16 bytes; at the hub that of its certificate.
        root: the county root's public key, 32 bytes, pinned.
    """

    node: NodeId
    generation: int
    epoch: bytes
    root: bytes

    def fingerprint(self) -> bytes:
        """Return the 16 bytes of the county root's fingerprint."""
        return fingerprint(self.root)


@dataclass(frozen=True, slots=True)
class SshCertificates:
    """The OpenSSH certificates over this box's transport key; ``host`` is empty where nobody dials it."""

    user: bytes = b""
    host: bytes = b""


async def keep_identity(tx: Tx, identity: Identity) -> None:
    """Keep who this box is."""
    value = {
        "node": str(identity.node),
        "generation": identity.generation,
        "epoch": identity.epoch.hex(),
        "root": identity.root.hex(),
    }
    await settings.put(tx, _IDENTITY, value)


async def identity(tx: Tx) -> Identity | None:
    """Return who this box is, None before it is enrolled."""
    kept = await settings.get(tx, _IDENTITY)
    if kept is None:
        return None
    epoch, root = bytes.fromhex(kept["epoch"]), bytes.fromhex(kept["root"])
    return Identity(NodeId(kept["node"]), int(kept["generation"]), epoch, root)


async def keep_ssh(tx: Tx, certificates: SshCertificates) -> None:
    """Keep this box's SSH certificates."""
    await settings.put(tx, _SSH, {"user": certificates.user.decode(), "host": certificates.host.decode()})


async def ssh_certificates(tx: Tx) -> SshCertificates:
    """Return this box's SSH certificates, empty before it is enrolled."""
    kept = await settings.get(tx, _SSH, {})
    return SshCertificates(kept.get("user", "").encode(), kept.get("host", "").encode())


async def certificate(tx: Tx, node: NodeId) -> SignedCertificate | None:
    """Return a node's newest certificate, revoked or not."""
    row = await registry.newest_certificate(tx, str(node))
    return read_certificate(row.statement) if row else None


def certificate_row(signed: SignedCertificate) -> CertificateRow:
    """Return a verified certificate as the registry keeps it."""
    cert = signed.cert
    node = cert if isinstance(cert, NodeCertificate) else None
    return CertificateRow(
        node=str(cert.node),
        generation=cert.generation,
        tier=str(node.tier if node else Tier.COUNTY),
        parent=str(node.parent) if node else None,
        name=cert.name,
        divisions=list(node.divisions) if node else [cert.node.county],
        statement=signed.encoded,
        valid_from_ms=to_milliseconds(cert.valid_from),
        valid_until_ms=to_milliseconds(node.valid_until) if node else None,
    )


def seat_of(cert: NodeCertificate | HubCertificate) -> Seat:
    """Return the place in the network a certificate gives."""
    if isinstance(cert, HubCertificate):
        return Seat(cert.node, Tier.COUNTY, cert.name, None, (cert.node.county,))
    township = cert.parent if cert.tier is Tier.VILLAGE else None
    return Seat(cert.node, cert.tier, cert.name, township, cert.divisions)
