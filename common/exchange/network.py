"""Who is who in the county: certificates and revocations under the pinned root, one unchanging snapshot."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from common.crypto.certificates import Certificate, HubCertificate, NodeCertificate, read_certificate
from common.crypto.errors import BadSignatureError, CertificateError
from common.crypto.trust import check_chain, check_hub, within
from common.domain.audience import Audience
from common.domain.node import NodeId, Tier
from common.domain.times import to_milliseconds
from common.journal.binding import ReaderKey
from common.journal.taking_in import SignerId
from common.store import exchange_queries, marks, registry, settings
from common.store.engine import Database, Tx
from common.store.rows import CertificateRow

ROOT = "county_root"
"""Setting of the open database: the pinned root's public key in hex."""
_LINEAGES = "epoch_lineages"
_HUB_EPOCHS = "hub_epochs"
"""Setting of the open database: every hub certificate known here, hex by hex of its epoch."""


class NotEnrolledError(Exception):
    """This box belongs to no county yet: it has no pinned root or no certificate of its hub."""


@dataclass(frozen=True, slots=True)
class Network:
    """Every certificate ever known, so that old signatures can be checked; revocations beside them.

    Attributes:
        root: public key of the county root, 32 bytes.
        certificates: by (node, generation).
        revocations: when each (node, generation) was revoked, ms since 1970.
        hub_encoded: the signed bytes of the hub's certificates, by generation, each of its latest epoch.
        hub_epochs: the hub's certificate of every epoch known, by epoch; the root orders them.
        lineages: the epoch before an epoch, by (node, epoch), as nodes told in journals readable here.
        mark: which state of the tables this is, to see when it is old.
    """

    root: bytes
    certificates: Mapping[SignerId, Certificate] = field(default_factory=dict)
    revocations: Mapping[SignerId, int] = field(default_factory=dict)
    hub_encoded: Mapping[int, bytes] = field(default_factory=dict)
    hub_epochs: Mapping[bytes, HubCertificate] = field(default_factory=dict)
    lineages: Mapping[tuple[NodeId, bytes], bytes] = field(default_factory=dict)
    mark: str = ""

    @property
    def hub(self) -> HubCertificate:
        """The hub's certificate of the latest epoch and generation.

        Raises:
            NotEnrolledError: none is known yet.
        """
        known = self.hubs()
        if not known:
            raise NotEnrolledError
        return known[-1]

    def order_of(self, epoch: bytes) -> int:
        """Return the place of a hub epoch in the root's list, 0 where it is not known to be signed."""
        return next((cert.order for cert in self.hubs() if cert.epoch == epoch), 0)

    def precedes(self, node: NodeId, first: bytes, second: bytes) -> bool:
        """Whether a node's epoch ``first`` is known to have come before ``second``."""
        if node.is_hub:
            return self.order_of(first) < self.order_of(second)
        seen = {second}
        while (second := self.lineages.get((node, second), b"")) and second not in seen:
            if second == first:
                return True
            seen.add(second)
        return False

    def hubs(self) -> tuple[HubCertificate, ...]:
        """Return every certificate of the hub, of all its epochs, the earliest first."""
        current = [cert for cert in self.certificates.values() if isinstance(cert, HubCertificate)]
        hubs = {(cert.order, cert.generation): cert for cert in (*self.hub_epochs.values(), *current)}
        return tuple(cert for _, cert in sorted(hubs.items()))

    def signer(self, node: NodeId, generation: int) -> Certificate | None:
        """Return the certificate of these keys, revoked or expired or not, or None where it is unknown."""
        return self.certificates.get((node, generation))

    def revoked(self, node: NodeId, generation: int) -> bool:
        """Whether a revocation names these keys."""
        return (node, generation) in self.revocations

    def current(self, node: NodeId) -> Certificate | None:
        """Return the node's certificate of the highest generation that is not revoked."""
        if node.is_hub:
            return self.hub
        generations = [of for who, of in self.certificates if who == node and not self.revoked(who, of)]
        return self.certificates[node, max(generations)] if generations else None

    def reader_keys(self, audience: Audience) -> tuple[ReaderKey, ...]:
        """Return the certified key of every reader; one not known yet is left out (runs are re-sealed)."""
        current = [self.current(node) for node in sorted(audience.readers(self.hub.node.county))]
        return tuple(ReaderKey(cert.node, cert.sealing) for cert in current if cert is not None)

    def nodes(self) -> frozenset[NodeId]:
        """Return every node below the hub that was ever certified."""
        return frozenset(node for node, _ in self.certificates if not node.is_hub)

    def villages_of(self, township: NodeId) -> frozenset[NodeId]:
        """Return the villages that belong or once belonged to a township."""
        return frozenset(cert.node for cert in self._villages() if cert.parent == township)

    def townships_of(self, village: NodeId) -> frozenset[NodeId]:
        """Return the townships a village belongs or once belonged to."""
        return frozenset(cert.parent for cert in self._villages() if cert.node == village)

    def tier_of(self, node: NodeId) -> Tier | None:
        """Return the tier a node works in, None where it is unknown."""
        cert = self.current(node)
        if cert is None:
            return None
        return cert.tier if isinstance(cert, NodeCertificate) else Tier.COUNTY

    def name_of(self, node: NodeId) -> str:
        """Return what people call a node; its id where nothing is known of it."""
        known = [cert for (who, _), cert in sorted(self.certificates.items(), key=_key) if who == node]
        return known[-1].name if known else str(node)

    def _villages(self) -> Iterable[NodeCertificate]:
        nodes = (cert for cert in self.certificates.values() if isinstance(cert, NodeCertificate))
        return (cert for cert in nodes if cert.tier is Tier.VILLAGE)


def _key(item: tuple[SignerId, Certificate]) -> tuple[str, int]:
    (node, generation), _ = item
    return node.text, generation


async def load_network(database: Database) -> Network:
    """Return the snapshot of what the open database holds.

    Raises:
        NotEnrolledError: there is no pinned root or no hub.
    """
    network = await database.read(read_network)
    if network is None or not network.hubs():
        raise NotEnrolledError
    return network


async def read_network(tx: Tx) -> Network | None:
    """Return the snapshot, None where no root is pinned; rows were checked when they were kept."""
    root = await settings.get(tx, ROOT)
    if root is None:
        return None
    rows = await registry.certificates(tx)
    signed = [read_certificate(row.statement) for row in rows]
    revoked = await registry.revocations(tx)
    hubs = [one.cert for one in signed] + [read_certificate(one).cert for one in await hub_epochs(tx)]
    return Network(
        root=bytes.fromhex(root),
        certificates={(one.cert.node, one.cert.generation): one.cert for one in signed},
        revocations={(NodeId(row.node), row.generation): row.revoked_ms for row in revoked},
        hub_encoded={one.cert.generation: one.encoded for one in signed if one.cert.node.is_hub},
        lineages=await _lineages(tx),
        hub_epochs={cert.epoch: cert for cert in hubs if isinstance(cert, HubCertificate)},
        mark=(await marks.current(tx)).get(marks.NETWORK, ""),
    )


async def keep_lineage(tx: Tx, node: NodeId, epoch: bytes, before: bytes) -> None:
    """Keep which epoch of a node came before another."""
    kept = await settings.get(tx, _LINEAGES, {})
    await settings.put(tx, _LINEAGES, {**kept, f"{node}/{epoch.hex()}": before.hex()})
    await marks.change(tx, marks.NETWORK)


async def _lineages(tx: Tx) -> dict[tuple[NodeId, bytes], bytes]:
    kept = await settings.get(tx, _LINEAGES, {})
    pairs = ((name.split("/"), before) for name, before in kept.items())
    return {(NodeId(node), bytes.fromhex(epoch)): bytes.fromhex(before) for (node, epoch), before in pairs}


async def pin(tx: Tx, root: bytes, hub_certificate: bytes) -> Network:
    """Pin a county root (32 bytes) and keep its hub's signed certificate; refusals as ``admit``."""
    await settings.put(tx, ROOT, root.hex())
    return await admit(tx, Network(root), hub_certificate)


async def admit(tx: Tx, network: Network, encoded: bytes) -> Network:
    """Keep a signed certificate that holds under the pinned root, and return the network with it.

    ``FormatError``, ``BadSignatureError`` or ``CertificateError`` where it does not hold; a renewed one takes
    the place of the one with the same generation. An earlier epoch of the hub stays known by its order alone.
    """
    signed = read_certificate(encoded)
    cert = signed.cert
    hubs = dict(network.hub_encoded)
    if isinstance(cert, HubCertificate):
        check_hub(network.root, signed)
        network = await _note_order(tx, network, cert, encoded)
        known = network.certificates.get((cert.node, cert.generation))
        if isinstance(known, HubCertificate) and known.order > cert.order:
            return network
        hubs[cert.generation] = encoded
    else:
        _check_signed(network, encoded)
        _check_scope(network, cert)
    await exchange_queries.put_certificate(tx, _row(cert, encoded))
    certificates = {**network.certificates, (cert.node, cert.generation): cert}
    return replace(network, certificates=certificates, hub_encoded=hubs)


async def hub_epochs(tx: Tx) -> list[bytes]:
    """Return every certificate of the hub known here, earlier epochs' too."""
    return [bytes.fromhex(one) for one in (await settings.get(tx, _HUB_EPOCHS, {})).values()]


async def _note_order(tx: Tx, network: Network, cert: HubCertificate, encoded: bytes) -> Network:
    """Keep the order of a hub epoch; the root never signs two epochs under one.

    Raises:
        CertificateError: it did: a person must look.
    """
    epochs = {**network.hub_epochs, cert.epoch: cert}
    if len({one.order for one in epochs.values()}) != len(epochs) or (
        network.order_of(cert.epoch) not in {0, cert.order}
    ):
        raise CertificateError("two hub epochs under one order")
    kept = await settings.get(tx, _HUB_EPOCHS, {})
    await settings.put(tx, _HUB_EPOCHS, {**kept, cert.epoch.hex(): encoded.hex()})
    await marks.change(tx, marks.NETWORK)
    return replace(network, hub_epochs=epochs)


def _check_scope(network: Network, cert: NodeCertificate) -> None:
    parents = [known for (node, _), known in network.certificates.items() if node == cert.parent]
    if parents and not any(within(parent, cert) for parent in parents):
        raise CertificateError("a certificate whose scope is not inside its parent's")


def _check_signed(network: Network, encoded: bytes) -> None:
    signed = read_certificate(encoded)
    for hub in reversed(tuple(network.hub_encoded.values())):
        try:
            check_chain(network.root, read_certificate(hub), signed)
        except BadSignatureError:
            continue
        return
    raise CertificateError("no hub of this county signed the certificate")


def _row(cert: Certificate, encoded: bytes) -> CertificateRow:
    node = cert if isinstance(cert, NodeCertificate) else None
    return CertificateRow(
        node=str(cert.node),
        generation=cert.generation,
        tier=str(node.tier if node else Tier.COUNTY),
        parent=str(node.parent) if node else None,
        name=cert.name,
        divisions=list(node.divisions) if node else [cert.node.county],
        statement=encoded,
        valid_from_ms=to_milliseconds(cert.valid_from),
        valid_until_ms=to_milliseconds(node.valid_until) if node else None,
    )
