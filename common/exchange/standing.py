"""What a box knows of itself and its county: kept in the open database, readable while locked."""

from dataclasses import dataclass

from common.crypto.certificates import HubCertificate, NodeCertificate, SignedCertificate, read_certificate
from common.crypto.root import fingerprint
from common.domain.node import NodeId, Tier
from common.domain.routing import Seat
from common.exchange.network import ROOT
from common.store import registry, settings
from common.store.engine import Tx

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
    """Keep who this box is; the root is pinned by ``network.pin``."""
    value = {
        "node": str(identity.node),
        "generation": identity.generation,
        "epoch": identity.epoch.hex(),
    }
    await settings.put(tx, _IDENTITY, value)


async def identity(tx: Tx) -> Identity | None:
    """Return who this box is, None before it is enrolled."""
    kept = await settings.get(tx, _IDENTITY)
    root = await settings.get(tx, ROOT)
    if kept is None or root is None:
        return None
    epoch = bytes.fromhex(kept["epoch"])
    return Identity(NodeId(kept["node"]), int(kept["generation"]), epoch, bytes.fromhex(root))


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


def seat_of(cert: NodeCertificate | HubCertificate) -> Seat:
    """Return the place in the network a certificate gives."""
    if isinstance(cert, HubCertificate):
        return Seat(cert.node, Tier.COUNTY, cert.name, None, (cert.node.county,))
    township = cert.parent if cert.tier is Tier.VILLAGE else None
    return Seat(cert.node, cert.tier, cert.name, township, cert.divisions)
