"""What certificates say, of a node and of the hub; cannot be built wrong (identity.md §4)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from common.crypto import signing
from common.crypto.public_keys import PublicKeys
from common.domain.division_code import parse
from common.domain.node import NodeId, Tier

NAME_MAX = 200
DIVISIONS_MAX = 200
EPOCH_BYTES = 16
SERIAL_MAX = 2**62
GENERATION_MAX = 999_999
"""Six digits: a generation is part of the node's SSH principal."""
EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NodeCertificate:
    """What the hub's authority says of a township or a village node.

    Attributes:
        node: the permanent id.
        generation: 1 for the first keys of the id, one more with every change of keys or box.
        tier: township or village.
        name: how people call it, at most 200 bytes of UTF-8.
        parent: the node it dials first: the hub, or for a village its township.
        divisions: division codes it serves; kept in shortest form, sorted.
        signing: Ed25519 public key, 32 bytes.
        sealing: hybrid public key, 1,216 bytes.
        transport: Ed25519 public key, 32 bytes.
        receipt: Ed25519 public key, 32 bytes.
        valid_from: aware; kept in UTC to the second.
        valid_until: bounds connecting, never signatures.
        serial: the authority's own number for it, from 1.
    """

    node: NodeId
    generation: int
    tier: Tier
    name: str
    parent: NodeId
    divisions: tuple[str, ...]
    signing: bytes
    sealing: bytes
    transport: bytes
    receipt: bytes
    valid_from: datetime
    valid_until: datetime
    serial: int

    def __post_init__(self) -> None:
        """Refuse what no authority may say, and bring times and divisions to their one form.

        Raises:
            ValueError: a field is out of its range, or the parent cannot be one.
        """
        _check_common(self.generation, self.name)
        _set(self, "divisions", tuple(sorted({parse(code).text for code in self.divisions})))
        _set(self, "valid_from", _to_second(self.valid_from))
        _set(self, "valid_until", _to_second(self.valid_until))
        if self.node.is_hub or self.tier is Tier.COUNTY:
            raise ValueError("the hub is certified by the county root")
        if self.parent == self.node or self.parent.county != self.node.county:
            raise ValueError("a parent is another node of the same county")
        if self.tier is Tier.TOWNSHIP and not self.parent.is_hub:
            raise ValueError("a township's parent is the hub")
        if not 1 <= len(self.divisions) <= DIVISIONS_MAX:
            raise ValueError("a node serves 1 to 200 divisions")
        if self.valid_until <= self.valid_from:
            raise ValueError("a certificate ends after it begins")
        if not 1 <= self.serial <= SERIAL_MAX:
            raise ValueError("a serial is 1 or more")
        _ = self.keys

    @property
    def keys(self) -> PublicKeys:
        """The four public keys together."""
        return PublicKeys(self.signing, self.sealing, self.transport, self.receipt)

    def covers(self, moment: datetime) -> bool:
        """Whether ``moment`` lies in the validity; for connecting only, and only with a measured clock."""
        return self.valid_from <= moment < self.valid_until


@dataclass(frozen=True, slots=True)
class HubCertificate:
    """What the county root says of the hub.

    Attributes:
        node: the hub's id, number 0001.
        generation: 1 for the first keys, one more with every change of keys.
        epoch: 16 random bytes, new after every restore of the hub.
        order: 1 for the first epoch the root signed, one more with every next.
        name: how people call it, at most 200 bytes of UTF-8.
        signing: Ed25519 public key, 32 bytes.
        sealing: hybrid public key, 1,216 bytes.
        transport: Ed25519 public key, 32 bytes.
        receipt: Ed25519 public key, 32 bytes.
        authority: Ed25519 public key that signs node certificates.
        ssh_authority: Ed25519 public key that signs SSH certificates.
        valid_from: aware; kept in UTC to the second. It ends when a later order is seen.
    """

    node: NodeId
    generation: int
    epoch: bytes
    order: int
    name: str
    signing: bytes
    sealing: bytes
    transport: bytes
    receipt: bytes
    authority: bytes
    ssh_authority: bytes
    valid_from: datetime

    def __post_init__(self) -> None:
        """Refuse what no root may say.

        Raises:
            ValueError: a field is out of its range, or a key has two roles.
        """
        _check_common(self.generation, self.name)
        _set(self, "valid_from", _to_second(self.valid_from))
        if not self.node.is_hub:
            raise ValueError("the hub is node 0001")
        if len(self.epoch) != EPOCH_BYTES or not 1 <= self.order <= SERIAL_MAX:
            raise ValueError("an epoch is 16 bytes and its order 1 or more")
        if any(len(key) != signing.PUBLIC_BYTES for key in (self.authority, self.ssh_authority)):
            raise ValueError("an Ed25519 public key is 32 bytes")
        single = {self.signing, self.transport, self.receipt, self.authority, self.ssh_authority}
        if len(single) != 5:  # noqa: PLR2004 - five roles, each with a key of its own
            raise ValueError("every role has a key of its own")
        _ = self.keys

    @property
    def keys(self) -> PublicKeys:
        """The four public keys every node has."""
        return PublicKeys(self.signing, self.sealing, self.transport, self.receipt)


Certificate = NodeCertificate | HubCertificate


def _check_common(generation: int, name: str) -> None:
    if not 1 <= generation <= GENERATION_MAX:
        raise ValueError("a generation is 1 to 999,999")
    if not name.strip() or len(name.encode()) > NAME_MAX or not name.isprintable():
        raise ValueError("a name is printable and at most 200 bytes")


def _set(cert: Certificate, name: str, value: object) -> None:
    object.__setattr__(cert, name, value)


def _to_second(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment < EPOCH_START:
        raise ValueError("a certificate's times are aware and after 1970")
    return moment.astimezone(UTC).replace(microsecond=0)
