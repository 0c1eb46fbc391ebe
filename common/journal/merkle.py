"""Merkle trees over journal heads (docs/spec/checkpoint.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from common.crypto.hashing import digest, same
from common.crypto.wire import Reader, Writer
from common.journal.ids import HASH_BYTES
from common.journal.limits import PATH_MAX

LEAF_SALT_BYTES = 16
_LEAF = b"jiujin/leaf/1\0"
_NODE = b"jiujin/node/1\0"


def merkle_leaf(salt: bytes, journal_digest: bytes, number: int, chain_hash: bytes) -> bytes:
    """Return the 32-byte leaf of one journal's head.

    Args:
        salt: 16 random bytes, so that a leaf shown proves nothing of others.
        journal_digest: 32 bytes; leaves are sorted by it.
        number: how far the hub holds the journal.
        chain_hash: at that number, 32 bytes.
    """
    head = Writer().fixed(salt, LEAF_SALT_BYTES).fixed(journal_digest, HASH_BYTES)
    return digest(_LEAF, head.uint(number).fixed(chain_hash, HASH_BYTES).done())


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the 32-byte root over leaves in order."""
    return MerkleTree(leaves).root


@dataclass(frozen=True, slots=True)
class MerklePath:
    """What joins one leaf to the root.

    Attributes:
        index: the leaf's place, from 0.
        leaf_count: of the whole tree.
        partners: 32 bytes each, from the leaf up, levels without a partner left out.
    """

    index: int
    leaf_count: int
    partners: tuple[bytes, ...]

    def write(self, writer: Writer) -> None:
        """Append the encoding."""
        writer.uint(self.index).uint(self.leaf_count)
        writer.items(self.partners, PATH_MAX, lambda to, value: to.fixed(value, HASH_BYTES))

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        writer = Writer()
        self.write(writer)
        return writer.done()

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read what ``write`` appends."""
        return cls(reader.uint(), reader.uint(), reader.items(PATH_MAX, _read_partner))

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Return the path of its bytes; ``FormatError`` for anything else."""
        reader = Reader(data)
        path = cls.read(reader)
        reader.end()
        return path


def merkle_path(leaves: Sequence[bytes], index: int) -> MerklePath:
    """Return the path of leaf ``index`` (0 to the number of leaves less 1)."""
    return MerkleTree(leaves).path(index)


class MerkleTree:
    """A tree hashed once, for many paths."""

    __slots__ = ("_levels",)

    def __init__(self, leaves: Sequence[bytes]) -> None:
        """Take the 32-byte leaves in order."""
        self._levels = _levels(leaves)

    @property
    def root(self) -> bytes:
        """The 32-byte root."""
        return self._levels[-1][0] if self._levels[0] else digest(_NODE)

    def path(self, index: int) -> MerklePath:
        """Return the path of leaf ``index``, counted from 0."""
        partners, place = [], index
        for level in self._levels[:-1]:
            if place ^ 1 < len(level):
                partners.append(level[place ^ 1])
            place //= 2
        return MerklePath(index, len(self._levels[0]), tuple(partners))


def verify_path(leaf: bytes, path: MerklePath, root: bytes) -> bool:
    """Return whether ``path`` joins ``leaf`` to ``root``; compare its leaf count with the checkpoint's."""
    if not path.index < path.leaf_count:
        return False
    place, width, partners = path.index, path.leaf_count, list(reversed(path.partners))
    while width > 1:
        if place ^ 1 < width:
            if not partners:
                return False
            partner = partners.pop()
            leaf = digest(_NODE, *((partner, leaf) if place & 1 else (leaf, partner)))
        place, width = place // 2, (width + 1) // 2
    return not partners and same(leaf, root)


def _levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = [digest(_NODE, *below[place : place + 2]) for place in range(0, len(below) - 1, 2)]
        levels.append(pairs + below[len(below) - len(below) % 2 :])
    return levels


def _read_partner(reader: Reader) -> bytes:
    return reader.fixed(HASH_BYTES)
