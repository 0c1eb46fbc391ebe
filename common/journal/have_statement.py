"""The signature under a node's word in a folder: what it says it has (docs/spec/folder.md §2)."""

from dataclasses import dataclass
from datetime import datetime

from common.crypto.signing import SigningKey
from common.crypto.wire import Reader, Writer
from common.domain.node import NodeId
from common.journal.binding import from_one
from common.journal.ids import EPOCH_BYTES, HASH_BYTES
from common.journal.instants import read_instant, write_instant
from common.journal.statement import KeyRole, Statement, sign_statement

TYPE = "have"


@dataclass(frozen=True, slots=True)
class HaveStatement:
    """What a node signs of the lists that follow.

    Attributes:
        epoch: the node's own, 16 bytes.
        counter: orders a node's words of one epoch, from 1.
        issued: aware, exact to the millisecond.
        size: bytes of the frames that follow.
        digest: of those frames, 32 bytes.
    """

    epoch: bytes
    counter: int
    issued: datetime
    size: int
    digest: bytes

    def __post_init__(self) -> None:
        """Refuse what no node can mean.

        Raises:
            ValueError: a size or number is out of range.
        """
        if len(self.epoch) != EPOCH_BYTES or len(self.digest) != HASH_BYTES:
            raise ValueError("a have-statement has an epoch of 16 and a digest of 32 bytes")
        if self.counter < 1 or self.size < 0:
            raise ValueError("a have-statement counts from 1")

    def encode(self) -> bytes:
        """Return the payload's canonical bytes."""
        writer = Writer().fixed(self.epoch, EPOCH_BYTES).uint(self.counter)
        write_instant(writer, self.issued)
        return writer.uint(self.size).fixed(self.digest, HASH_BYTES).done()

    def sign(self, node: NodeId, generation: int, key: SigningKey, role: KeyRole) -> Statement:
        """Return the signed statement; a locked box signs with its receipt key."""
        return sign_statement(TYPE, self.encode(), node, generation, key, role)


def read_have(statement: Statement) -> HaveStatement:
    """Return what a statement says whose signature was verified; ``FormatError`` where it breaks §2."""
    reader = statement.payload_of(TYPE, KeyRole.SIGNING, KeyRole.RECEIPT)
    said = _read(reader)
    reader.end()
    return said


def _read(reader: Reader) -> HaveStatement:
    return HaveStatement(
        epoch=reader.fixed(EPOCH_BYTES),
        counter=from_one(reader),
        issued=read_instant(reader),
        size=reader.uint(),
        digest=reader.fixed(HASH_BYTES),
    )
