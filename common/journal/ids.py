"""Journal ids: one writer, one epoch, one audience (docs/spec/journal.md §1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Self
from uuid import UUID

from common.crypto.hashing import digest
from common.crypto.symmetric import random_bytes
from common.crypto.wire import Reader, Writer
from common.domain.audience import Audience
from common.domain.identifiers import instant_of, new_id
from common.domain.node import NodeId
from common.journal.limits import AUDIENCE_MAX, NODE_ID_MAX

EPOCH_BYTES = 16
HASH_BYTES = 32
_JOURNAL = b"jiujin/journal/1\0"
_PARCEL = b"jiujin/parcel/1\0"
_CASE = b"jiujin/case/1\0"
_CASE_BYTES = 10


@dataclass(frozen=True, slots=True)
class JournalId:
    """The name of one journal.

    Attributes:
        writer: the only node that writes it.
        epoch: 16 random bytes.
        audience: who may read it.
    """

    writer: NodeId
    epoch: bytes
    audience: Audience

    def __post_init__(self) -> None:
        """Refuse a journal nobody may keep.

        Raises:
            ValueError: the epoch is not 16 bytes, or the writer may not write for that audience.
        """
        if len(self.epoch) != EPOCH_BYTES:
            raise ValueError("an epoch is 16 bytes")
        if not self.audience.may_write(self.writer):
            raise ValueError("the writer may not write for this audience")

    def write(self, writer: Writer) -> None:
        """Append the encoding."""
        writer.text(self.writer.text, NODE_ID_MAX).fixed(self.epoch, EPOCH_BYTES)
        writer.text(self.audience.text, AUDIENCE_MAX)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read what ``write`` appends; ``FormatError`` also where nobody may keep such a journal."""
        node = reader.text_as(NodeId, NODE_ID_MAX)
        epoch = reader.fixed(EPOCH_BYTES)
        audience = reader.text_as(Audience, AUDIENCE_MAX)
        if not audience.may_write(node):
            raise reader.fail("the writer may not write for this audience")
        return cls(node, epoch, audience)

    def encode(self) -> bytes:
        """Return the encoding as bytes."""
        writer = Writer()
        self.write(writer)
        return writer.done()

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Return the journal id of its encoding; ``FormatError`` for anything else."""
        reader = Reader(data)
        journal = cls.read(reader)
        reader.end()
        return journal

    def digest(self) -> bytes:
        """Return the 32-byte digest, which is also the chain hash at number 0."""
        return digest(_JOURNAL, self.encode())

    def readers(self) -> frozenset[NodeId]:
        """Return every node its runs are sealed to; empty for ``public``."""
        return self.audience.readers(self.writer.county)


def new_epoch() -> bytes:
    """Return a fresh epoch: wanted at init and after every restore, clone or reset."""
    return random_bytes(EPOCH_BYTES)


def case_id_of(journal: bytes, salt: bytes, instant: datetime) -> UUID:
    """Return the id of a case that begins in the journal of that digest (journal.md §7).

    The id commits to the journal and the salt of its first entry: nobody else can begin the same case.
    """
    return new_id(instant, digest(_CASE, journal, salt)[:_CASE_BYTES])


def begins_here(case_id: UUID, journal: bytes, salt: bytes) -> bool:
    """Whether the case begins in the journal of that digest, with an entry of that salt."""
    return case_id_of(journal, salt, instant_of(case_id)) == case_id


def parcel_name(data: bytes) -> bytes:
    """Return the 32-byte name of a parcel's bytes (parcel.md)."""
    return digest(_PARCEL, data)


def parcel_name_of(pieces: Iterable[bytes]) -> bytes:
    """Return the 32-byte name of a parcel that comes in pieces; it is never whole in memory."""
    name = sha256(_PARCEL)
    for piece in pieces:
        name.update(piece)
    return name.digest()
