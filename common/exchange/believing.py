"""What another node has, as far as its own signed words go: its word in a folder, and receipts after it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from common.domain.audience import Audience
from common.domain.node import NodeId
from common.exchange.network import Network
from common.journal.ids import JournalId
from common.store.rows import JournalRow, ReceiptRow
from common.sync.listed import Head, ReceiptMark


@dataclass(frozen=True, slots=True)
class Heard:
    """A node's word, checked.

    Attributes:
        node: who said it.
        epoch: in which of its epochs.
        issued_ms: when, by its own clock.
        heads: how far it has each journal.
        marks: the receipts it has.
        asked: the attachments it lacks.
    """

    node: NodeId
    epoch: bytes
    issued_ms: int
    heads: tuple[Head, ...] = ()
    marks: tuple[ReceiptMark, ...] = ()
    asked: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Belief:
    """What a node has.

    Attributes:
        heads: by journal digest.
        heard: the word it stands on, None where its receipts alone speak for it.
        said: up to which number that word alone has each journal: the attachments it does not ask for it has.
    """

    heads: Mapping[bytes, Head]
    heard: Heard | None = None
    said: Mapping[bytes, int] = field(default_factory=dict)


def belief(
    network: Network,
    node: NodeId,
    heard: Heard | None,
    given: Iterable[ReceiptRow],
    journals: Mapping[int, JournalRow],
) -> Belief:
    """Return what a node has by the newest of its own signed words (folder.md §4).

    Args:
        network: who is who.
        node: about whom.
        heard: its word in the folder, if there is one.
        given: its receipts that are known here.
        journals: the journals those receipts are for, by key.
    """
    rows = list(given)
    newest = _newest_epoch(network, node, heard, rows)
    if heard is not None and heard.epoch != newest:
        heard = None
    heads = {head.journal.digest(): head for head in heard.heads} if heard else {}
    said = {digest: head.number for digest, head in heads.items()}
    for row in rows:
        if row.epoch != newest or not row.held_number or row.journal_id not in journals:
            continue
        journal = journals[row.journal_id]
        known = heads.get(journal.digest)
        if heard is not None and row.issued_ms <= heard.issued_ms:
            continue
        if known is None or known.number < row.held_number:
            heads[journal.digest] = Head(_id_of(journal), row.held_number, row.held_hash)
    return Belief(heads, heard, said)


def _newest_epoch(
    network: Network, node: NodeId, heard: Heard | None, rows: Collection[ReceiptRow]
) -> bytes | None:
    """Return the epoch last heard of: the county root orders the hub's, a node's own times the others'."""
    spoken = [(row.issued_ms, row.epoch) for row in rows]
    if heard is not None:
        spoken.append((heard.issued_ms, heard.epoch))
    if not spoken:
        return None
    if node.is_hub:
        return max(spoken, key=lambda one: (network.order_of(one[1]), one[0]))[1]
    return max(spoken)[1]


def _id_of(journal: JournalRow) -> JournalId:
    return JournalId(NodeId(journal.writer), journal.epoch, Audience(journal.audience))
