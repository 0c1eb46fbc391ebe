"""What signed receipts say of entries that are to leave this disk: half of the purge rule (design §4).

A receipt counts only if it is of its receiver's current epoch and by keys that are not revoked: an old one
replayed, or one of a box that is no more, proves nothing of what is there now (history 19).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from common.domain.node import NodeId
from common.journal.receipt import Receipt


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one journal's other readers.

    Attributes:
        needed: readers that must have it; neither this node, nor the writer, nor a node whose keys are all
            revoked is among them.
        hub: the county's hub, whose *safe* mark is asked for whoever wrote the journal.
        said: receipts that count, by receiver.
    """

    needed: frozenset[NodeId]
    hub: NodeId
    said: Mapping[NodeId, Receipt]

    def holding(self, last: int) -> bool:
        """Whether every reader holds the journal to ``last``: a relay needs no more."""
        return all(node in self.said and self.said[node].held_number >= last for node in self.needed)

    def lacking(self, first: int, last: int) -> tuple[NodeId, ...]:
        """Return the readers that have not applied every entry from ``first`` to ``last``, in order."""
        return tuple(
            node
            for node in sorted(self.needed)
            if node not in self.said or not _applied(self.said[node], first, last)
        )

    def safe(self, last: int) -> bool:
        """Whether the hub says that a verified backup covers it, attachments too, to ``last``."""
        return self.hub in self.said and self.said[self.hub].safe_number >= last


def _applied(receipt: Receipt, first: int, last: int) -> bool:
    if receipt.applied_number < last:
        return False
    return not any(first <= one.number <= last for one in receipt.exceptions)


def needed_readers(
    readers: Collection[NodeId], me: NodeId, writer: NodeId, gone: Collection[NodeId]
) -> frozenset[NodeId]:
    """Return who must have applied a journal before its entries leave ``me``.

    Args:
        readers: of the journal's audience.
        me: this node.
        writer: of the journal: it wrote what it has, and says nothing of it.
        gone: nodes every one of whose keys is revoked.
    """
    return frozenset(readers) - {me, writer} - frozenset(gone)


def counts(receipt: Receipt, hub_epoch: bytes, left: Collection[bytes]) -> bool:
    """Whether a verified receipt is of its receiver's current epoch.

    Args:
        receipt: its receiver's newest that is kept.
        hub_epoch: the hub's latest epoch, from the county root's certificates.
        left: epochs that journals held here say their writer has left.
    """
    if receipt.receiver.is_hub:
        return receipt.receiver_epoch == hub_epoch
    return receipt.receiver_epoch not in left
