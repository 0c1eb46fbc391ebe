"""Checkpoints: the hub's signed time and the Merkle root over what it holds (docs/spec/checkpoint.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from common.crypto.certificates import HubCertificate
from common.crypto.signing import SigningKey
from common.crypto.wire import FormatError, Reader, Writer
from common.domain.node import NodeId
from common.journal.binding import from_one
from common.journal.ids import EPOCH_BYTES, HASH_BYTES
from common.journal.instants import read_instant, write_instant
from common.journal.statement import KeyRole, Statement, sign_statement

TYPE = "checkpoint"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the hub held at its own time.

    Attributes:
        hub_epoch: 16 bytes.
        order: the epoch's place in the county root's list, from 1.
        counter: orders checkpoints of one epoch.
        hub_time: aware, exact to the millisecond.
        root: Merkle root over the salted heads, 32 bytes.
        leaf_count: how many heads.
    """

    hub_epoch: bytes
    order: int
    counter: int
    hub_time: datetime
    root: bytes
    leaf_count: int

    def __post_init__(self) -> None:
        """Refuse what no hub can mean.

        Raises:
            ValueError: a size or number is out of range.
        """
        if len(self.hub_epoch) != EPOCH_BYTES or len(self.root) != HASH_BYTES:
            raise ValueError("a checkpoint has an epoch of 16 and a root of 32 bytes")
        if self.order < 1 or min(self.counter, self.leaf_count) < 0:
            raise ValueError("a checkpoint's order counts from 1")

    def encode(self) -> bytes:
        """Return the payload's canonical bytes."""
        writer = Writer().fixed(self.hub_epoch, EPOCH_BYTES).uint(self.order).uint(self.counter)
        write_instant(writer, self.hub_time)
        return writer.fixed(self.root, HASH_BYTES).uint(self.leaf_count).done()

    def sign(self, hub: NodeId, generation: int, key: SigningKey) -> Statement:
        """Return the signed statement; ``generation`` is of the hub's signing key."""
        return sign_statement(TYPE, self.encode(), hub, generation, key)

    def is_newer(self, than: "Checkpoint | None") -> bool:
        """Return whether it replaces the one known."""
        return than is None or (self.order, self.counter) > (than.order, than.counter)


def read_checkpoint(statement: Statement) -> Checkpoint:
    """Return the checkpoint of a statement whose signature was verified.

    Raises:
        FormatError: a rule of checkpoint.md §1 is broken.
    """
    reader = statement.payload_of(TYPE, KeyRole.SIGNING)
    if not statement.signer.is_hub:
        raise FormatError("only the hub makes checkpoints", 0)
    checkpoint = _read(reader)
    reader.end()
    return checkpoint


def checked_checkpoint(encoded: bytes, hubs: Iterable[HubCertificate]) -> Checkpoint:
    """Return the checkpoint of a statement by one of these hubs, whose certificates the county root signed.

    Raises:
        FormatError: it is none, of a hub that is not among them, or of another epoch than that hub's;
            ``BadSignatureError`` where that hub did not sign it.
    """
    statement = Statement.decode(encoded)
    known = [one for one in hubs if (one.node, one.generation) == _signer(statement)]
    if not known:
        raise FormatError("a checkpoint of a hub nobody knows", 0)
    statement.verify(known[0].signing)  # of one generation every epoch's certificate has the same keys
    checkpoint = read_checkpoint(statement)
    if (checkpoint.hub_epoch, checkpoint.order) not in {(one.epoch, one.order) for one in known}:
        raise FormatError("a checkpoint of another epoch than its hub's", 0)
    return checkpoint


def _signer(statement: Statement) -> tuple[NodeId, int]:
    return statement.signer, statement.generation


def _read(reader: Reader) -> Checkpoint:
    return Checkpoint(
        hub_epoch=reader.fixed(EPOCH_BYTES),
        order=from_one(reader),
        counter=reader.uint(),
        hub_time=read_instant(reader),
        root=reader.fixed(HASH_BYTES),
        leaf_count=reader.uint(),
    )
