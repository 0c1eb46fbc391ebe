"""Covers: that a signed root of the hub covers one journal up to a number (docs/spec/checkpoint.md §4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from common.crypto.certificates import HubCertificate
from common.crypto.wire import FormatError, Reader, Writer
from common.journal.binding import from_one
from common.journal.checkpoint import Checkpoint, checked_checkpoint
from common.journal.errors import Fault, JournalError
from common.journal.ids import HASH_BYTES, JournalId
from common.journal.limits import CHECKPOINT_MAX, COVER_MAX
from common.journal.merkle import LEAF_SALT_BYTES, MerklePath, merkle_leaf, verify_path

MOST_BESIDE = 4
"""Covers of one journal and epoch kept where they contradict each other."""


class NotCoveredError(JournalError):
    """The path does not join the journal's head to the signed root."""

    fault = Fault.CARRIER
    what_to_do = "这份证明和县里签名的检查点对不上，不能采信；请保留这份文件，并向县级中心管理员报告。"


@dataclass(frozen=True, slots=True)
class Cover:
    """What joins one journal's head to a root the hub signed.

    Attributes:
        checkpoint: the encoded statement.
        journal: which journal.
        number: up to where, 1 or more.
        hash: the chain hash there, 32 bytes.
        salt: of the leaf, 16 bytes.
        path: from the leaf to the root.
    """

    checkpoint: bytes
    journal: JournalId
    number: int
    hash: bytes
    salt: bytes
    path: MerklePath

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        writer = Writer().blob(self.checkpoint, CHECKPOINT_MAX)
        self.journal.write(writer)
        writer.uint(self.number).fixed(self.hash, HASH_BYTES).fixed(self.salt, LEAF_SALT_BYTES)
        self.path.write(writer)
        return writer.done()

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Return the cover of its bytes; nothing of it is believed before ``check``.

        Raises:
            FormatError: the bytes break a rule of checkpoint.md §4.
        """
        if len(data) > COVER_MAX:
            raise FormatError("a cover above its limit", COVER_MAX)
        reader = Reader(data)
        cover = cls(
            checkpoint=reader.blob(CHECKPOINT_MAX),
            journal=JournalId.read(reader),
            number=from_one(reader),
            hash=reader.fixed(HASH_BYTES),
            salt=reader.fixed(LEAF_SALT_BYTES),
            path=MerklePath.read(reader),
        )
        reader.end()
        return cover

    def check(self, hubs: Iterable[HubCertificate]) -> Checkpoint:
        """Return the checkpoint that covers the journal.

        ``FormatError`` or ``BadSignatureError`` where it is none of these hubs' checkpoints.

        Raises:
            NotCoveredError: the path does not lead to its root.
        """
        checkpoint = checked_checkpoint(self.checkpoint, hubs)
        leaf = merkle_leaf(self.salt, self.journal.digest(), self.number, self.hash)
        counted = self.path.leaf_count == checkpoint.leaf_count
        if not (counted and verify_path(leaf, self.path, checkpoint.root)):
            raise NotCoveredError("a path that does not lead to the signed root")
        return checkpoint


@dataclass(frozen=True, slots=True)
class Covered:
    """What a good cover says, without its proof.

    Attributes:
        order: of the hub's epoch.
        counter: of the checkpoint in it.
        number: up to where the journal is covered.
        hash: the chain hash there.
    """

    order: int
    counter: int
    number: int
    hash: bytes

    def follows(self, earlier: "Covered") -> bool:
        """Whether it may take the place of an earlier one of the same epoch."""
        if self.counter <= earlier.counter:
            return self == earlier
        return self.number > earlier.number or (self.number, self.hash) == (earlier.number, earlier.hash)


def beside(kept: Sequence[Covered], new: Covered) -> tuple[Covered, ...] | None:
    """Return what stays of the covers of one journal and epoch when a good one comes; None: it is no news.

    What the new one follows goes; what contradicts it stays beside it, at most ``MOST_BESIDE`` in all.
    """
    if any(one.follows(new) for one in kept):
        return None
    staying = tuple(one for one in kept if not new.follows(one))
    return None if len(staying) >= MOST_BESIDE else (*staying, new)
