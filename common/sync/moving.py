"""The messages by which parcels, receipts and forks travel (docs/spec/session.md §2, §4)."""

from dataclasses import dataclass, field
from typing import ClassVar, Self

from common.crypto.wire import Reader, Writer
from common.journal.ids import HASH_BYTES, JournalId
from common.journal.limits import STATEMENT_MAX
from common.sync import limits
from common.sync.listed import Bare, Head, Offer, read_list
from common.sync.reasons import LaterReason


@dataclass(frozen=True, slots=True)
class Offers:
    """Parcels the speaker has and thinks the other lacks."""

    TYPE: ClassVar[int] = 0x07
    offers: tuple[Offer, ...]

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.items(self.offers, limits.MAX_LIST, lambda out, offer: offer.write(out))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(read_list(reader, Offer.read))


@dataclass(frozen=True, slots=True)
class Offered(Bare):
    """The speaker offers nothing more in this session."""

    TYPE: ClassVar[int] = 0x08


@dataclass(frozen=True, slots=True)
class Want:
    """Leave to send ``count`` chunks of a parcel from chunk ``first`` on."""

    TYPE: ClassVar[int] = 0x09
    name: bytes
    first: int
    count: int

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.fixed(self.name, HASH_BYTES).uint(self.first).uint(self.count)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(reader.fixed(HASH_BYTES), reader.uint(), reader.uint(limits.MAX_WINDOW))


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk of a parcel of ``total`` bytes."""

    TYPE: ClassVar[int] = 0x0A
    name: bytes
    index: int
    total: int
    data: bytes = field(repr=False)

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.fixed(self.name, HASH_BYTES).uint(self.index).uint(self.total).blob(self.data, limits.CHUNK)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(reader.fixed(HASH_BYTES), reader.uint(), reader.uint(), reader.blob(limits.CHUNK))


@dataclass(frozen=True, slots=True)
class Later:
    """A parcel does not travel in this session."""

    TYPE: ClassVar[int] = 0x0B
    name: bytes
    reason: LaterReason

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.fixed(self.name, HASH_BYTES).uint(self.reason)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(reader.fixed(HASH_BYTES), LaterReason(reader.uint()))


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt statement, whoever's it is; the session does not read it."""

    TYPE: ClassVar[int] = 0x0C
    statement: bytes

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        writer.blob(self.statement, STATEMENT_MAX)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        return cls(reader.blob(STATEMENT_MAX))


@dataclass(frozen=True, slots=True)
class Fork:
    """The speaker's chain hash at a number, which is not what the other said it has there."""

    TYPE: ClassVar[int] = 0x0D
    journal: JournalId
    number: int
    hash: bytes

    def __post_init__(self) -> None:
        """Insist on a number and a hash."""
        Head(self.journal, self.number, self.hash)

    def write(self, writer: Writer) -> None:
        """Append the payload."""
        Head(self.journal, self.number, self.hash).write(writer)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the payload."""
        head = Head.read(reader)
        return cls(head.journal, head.number, head.hash)
