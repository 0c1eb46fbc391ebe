"""What the seal of a batch is bound to (docs/spec/parcel.md §1): suite, journal, bounds, chain, readers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise
from typing import Self

from common.crypto.hashing import digest
from common.crypto.sealing import KEY_ID_BYTES, key_id
from common.crypto.wire import UINT_MAX, Reader, Writer
from common.domain.node import NodeId
from common.journal.ids import HASH_BYTES, JournalId
from common.journal.limits import NODE_ID_MAX, READERS_MAX, RUN_MAX

_BINDING = b"jiujin/binding/1\0"


class Suite(IntEnum):
    """How the run is sealed (parcel.md §2); 2 is kept for SM2/SM3/SM4."""

    OPEN = 0
    HYBRID = 1


@dataclass(frozen=True, slots=True)
class ReaderKey:
    """A key certified for a reader.

    Attributes:
        node: the reader.
        public: its public sealing key, 1,216 bytes.
    """

    node: NodeId
    public: bytes

    def ref(self) -> "ReaderRef":
        """Return how the binding names it."""
        return ReaderRef(self.node, key_id(self.public))


@dataclass(frozen=True, slots=True)
class ReaderRef:
    """A reader as a binding names it: node and the 8-byte id of its key."""

    node: NodeId
    key_id: bytes


@dataclass(frozen=True, slots=True)
class Binding:
    """What the seal is bound to; checked by ``broken_rule`` when read, right by construction when sealed.

    Attributes:
        suite: how the run is sealed.
        journal: whose entries.
        first: number of the first entry, from 1.
        count: how many, 1 to 1,000.
        before: chain hash at ``first - 1``.
        after: chain hash at the last entry.
        generation: the writer's, from 1.
        readers: in rising order of node.
    """

    suite: Suite
    journal: JournalId
    first: int
    count: int
    before: bytes
    after: bytes
    generation: int
    readers: tuple[ReaderRef, ...]

    @property
    def last(self) -> int:
        """Number of the last entry."""
        return self.first + self.count - 1

    def for_readers(self, readers: Iterable[ReaderKey]) -> "Binding":
        """Return the binding of a re-seal to other keys."""
        return replace(self, readers=sorted_refs(readers))

    def associated_data(self) -> bytes:
        """Return the 32 bytes every seal of the run authenticates."""
        writer = Writer()
        self.write(writer)
        return digest(_BINDING, writer.done())

    def broken_rule(self, *, resealed: bool) -> str:
        """Return which of rules 2 to 5 of parcel.md §1 is broken, or nothing."""
        allowed, nodes = self.journal.readers(), [ref.node for ref in self.readers]
        fits = (self.suite is Suite.OPEN) == self.journal.audience.is_public and bool(nodes) == bool(allowed)
        rules = (
            (self.last <= UINT_MAX, "the last number is too large"),
            (
                self.first > 1 or self.before == self.journal.digest(),
                "the first entry has another journal",
            ),
            (fits, "suite, audience and readers do not fit"),
            (all(one < two for one, two in pairwise(nodes)), "readers are not in order"),
            (allowed.issuperset(nodes), "a reader outside the audience"),
            (
                resealed or not allowed or self.journal.writer.hub() in nodes,
                "the hub is no reader",
            ),
        )
        return next((broken for kept, broken in rules if not kept), "")

    def write(self, writer: Writer) -> None:
        """Append the encoding."""
        writer.uint(self.suite)
        self.journal.write(writer)
        writer.uint(self.first).uint(self.count)
        writer.fixed(self.before, HASH_BYTES).fixed(self.after, HASH_BYTES).uint(self.generation)
        writer.items(self.readers, READERS_MAX, _write_reader)

    @classmethod
    def read(cls, reader: Reader, *, resealed: bool) -> Self:
        """Read what ``write`` appends; ``FormatError`` where it breaks one of rules 2 to 5."""
        binding = cls(
            suite=Suite(reader.uint(Suite.HYBRID)),
            journal=JournalId.read(reader),
            first=from_one(reader),
            count=from_one(reader, RUN_MAX),
            before=reader.fixed(HASH_BYTES),
            after=reader.fixed(HASH_BYTES),
            generation=from_one(reader),
            readers=reader.items(READERS_MAX, _read_reader),
        )
        broken = binding.broken_rule(resealed=resealed)
        if broken:
            raise reader.fail(broken)
        return binding


def sorted_refs(readers: Iterable[ReaderKey]) -> tuple[ReaderRef, ...]:
    """Return how a binding names these keys, in its order."""
    return tuple(key.ref() for key in sorted(readers, key=lambda key: key.node))


def from_one(reader: Reader, limit: int = UINT_MAX) -> int:
    """Read a ``uint`` that counts from 1; ``FormatError`` for 0."""
    value = reader.uint(limit)
    if not value:
        raise reader.fail("a number that counts from 1 is 0")
    return value


def _write_reader(writer: Writer, ref: ReaderRef) -> None:
    writer.text(ref.node.text, NODE_ID_MAX).fixed(ref.key_id, KEY_ID_BYTES)


def _read_reader(reader: Reader) -> ReaderRef:
    return ReaderRef(reader.text_as(NodeId, NODE_ID_MAX), reader.fixed(KEY_ID_BYTES))
