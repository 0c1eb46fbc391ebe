"""What the lists of a session are made of (docs/spec/session.md §2)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Self, TypeVar

from common.crypto.wire import Reader, Writer
from common.domain.node import NodeId
from common.journal.ids import EPOCH_BYTES, HASH_BYTES, JournalId
from common.journal.limits import BATCH_MAX, NODE_ID_MAX, RUN_MAX
from common.sync.limits import MAX_ATTACHMENT, MAX_LETTER, MAX_LIST, chunks

T = TypeVar("T")

NO_JOURNAL = bytes(HASH_BYTES)


def sized(name: str, value: bytes, size: int) -> None:
    """Insist on ``size`` bytes.

    Raises:
        ValueError: the value is longer or shorter.
    """
    if len(value) != size:
        raise ValueError(f"{name} is {size} bytes")


class ParcelKind(IntEnum):
    """What a parcel is; the lower number travels first."""

    BATCH = 0
    ATTACHMENT = 1
    LETTER = 2


class Priority(IntEnum):
    """How much a parcel hurries; the lower number travels first."""

    URGENT = 0
    NORMAL = 1
    BULK = 2


_LARGEST = {
    ParcelKind.BATCH: BATCH_MAX,
    ParcelKind.ATTACHMENT: MAX_ATTACHMENT,
    ParcelKind.LETTER: MAX_LETTER,
}


@dataclass(frozen=True, slots=True)
class Head:
    """How far a node has a journal.

    Attributes:
        journal: which one.
        number: its last entry's number, 1 or more.
        hash: the chain hash at that number, 32 bytes.
    """

    journal: JournalId
    number: int
    hash: bytes

    def __post_init__(self) -> None:
        """Refuse a head of nothing.

        Raises:
            ValueError: the number is below 1 or the hash is not 32 bytes.
        """
        sized("a chain hash", self.hash, HASH_BYTES)
        if self.number < 1:
            raise ValueError("a head has a number of 1 or more")

    def write(self, writer: Writer) -> None:
        """Append the head to an encoding."""
        self.journal.write(writer)
        writer.uint(self.number).fixed(self.hash, HASH_BYTES)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read a head."""
        return cls(JournalId.read(reader), reader.uint(), reader.fixed(HASH_BYTES))


@dataclass(frozen=True, slots=True)
class ReceiptMark:
    """Which receipt a node has, without its content.

    Attributes:
        journal: digest of the journal's id, 32 bytes.
        receiver: who gave the receipt.
        epoch: the receiver's epoch, 16 bytes.
        counter: the receipt's counter in that epoch.
    """

    journal: bytes
    receiver: NodeId
    epoch: bytes
    counter: int

    def __post_init__(self) -> None:
        """Refuse a mark of the wrong form.

        Raises:
            ValueError: a length is wrong or the counter is negative.
        """
        sized("a journal digest", self.journal, HASH_BYTES)
        sized("an epoch", self.epoch, EPOCH_BYTES)
        if self.counter < 0:
            raise ValueError("a counter is not negative")

    def write(self, writer: Writer) -> None:
        """Append the mark to an encoding."""
        writer.fixed(self.journal, HASH_BYTES).text(self.receiver.text, NODE_ID_MAX)
        writer.fixed(self.epoch, EPOCH_BYTES).uint(self.counter)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read a mark."""
        journal = reader.fixed(HASH_BYTES)
        return cls(journal, reader.text_as(NodeId, NODE_ID_MAX), reader.fixed(EPOCH_BYTES), reader.uint())


@dataclass(frozen=True, slots=True)
class Offer:
    """A parcel one side has and thinks the other lacks.

    Attributes:
        name: the parcel's hash, 32 bytes.
        size: its length in bytes, 1 or more.
        kind: what it is.
        journal: digest of its journal (an attachment's: of the batch that names it); zeros for a letter.
        first: first entry number of the run; 0 for a letter.
        last: last entry number of the run; 0 for a letter.
        priority: how much it hurries.
    """

    name: bytes
    size: int
    kind: ParcelKind
    journal: bytes = NO_JOURNAL
    first: int = 0
    last: int = 0
    priority: Priority = Priority.NORMAL

    def __post_init__(self) -> None:
        """Refuse an offer of what cannot be.

        Raises:
            ValueError: a length is wrong, the size is above the kind's limit, or the run is not one.
        """
        sized("a parcel's name", self.name, HASH_BYTES)
        sized("a journal digest", self.journal, HASH_BYTES)
        if not 1 <= self.size <= _LARGEST[self.kind]:
            raise ValueError("a parcel of this kind is not that large")
        if self.kind is ParcelKind.LETTER:
            if (self.journal, self.first, self.last) != (NO_JOURNAL, 0, 0):
                raise ValueError("a letter is of no journal")
        elif not 1 <= self.first <= self.last < self.first + RUN_MAX:
            raise ValueError("a run has 1 to 1000 entries")

    @property
    def chunks(self) -> int:
        """How many chunks it has."""
        return chunks(self.size)

    def write(self, writer: Writer) -> None:
        """Append the offer to an encoding."""
        writer.fixed(self.name, HASH_BYTES).uint(self.size).uint(self.kind).fixed(self.journal, HASH_BYTES)
        writer.uint(self.first).uint(self.last).uint(self.priority)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read an offer."""
        name, size = reader.fixed(HASH_BYTES), reader.uint()
        kind, journal = ParcelKind(reader.uint()), reader.fixed(HASH_BYTES)
        first, last = reader.uint(), reader.uint()
        return cls(name, size, kind, journal, first, last, Priority(reader.uint()))


@dataclass(frozen=True, slots=True)
class Bare:
    """A message that is its type byte and nothing else."""

    def write(self, writer: Writer) -> None:
        """Append nothing."""

    @classmethod
    def read(cls, reader: Reader) -> Self:  # noqa: ARG003
        """Read nothing."""
        return cls()


def read_list(reader: Reader, read: Callable[[Reader], T]) -> tuple[T, ...]:
    """Read the list of one message: 1 to ``MAX_LIST`` items, each by ``read(reader)``."""
    found = reader.items(MAX_LIST, read)
    if not found:
        raise reader.fail("a list is empty")
    return found
