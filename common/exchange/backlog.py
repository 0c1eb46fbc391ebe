"""What lies here for another node, not receipted yet: waiting upward, carried unread, owed downward."""

from collections.abc import Iterable
from dataclasses import dataclass

from common.domain.audience import Audience
from common.domain.node import NodeId
from common.journal.receipt import ReceiptException, read_receipt
from common.journal.statement import Statement
from common.store import exchange_queries, journals, overview, receipts
from common.store.engine import Tx
from common.store.overview import Backlog
from common.store.rows import JournalRow


@dataclass(frozen=True, slots=True)
class Lying:
    """Parcels of one writer for one reader that the reader's receipts do not cover."""

    writer: NodeId
    reader: NodeId
    parcels: Backlog


async def waiting(tx: Tx, me: NodeId, upper: NodeId) -> list[Lying]:
    """Return what the upper node has not receipted yet, by writer: my own, and what comes from below."""
    heads = [head for head in await journals.heads(tx) if _goes_up(head, me, upper)]
    held = {key: row.held_number for key, row in (await exchange_queries.receipts_by(tx, str(upper))).items()}
    behind = {head.id: held.get(head.id, 0) for head in heads if head.held_number > held.get(head.id, 0)}
    found = await overview.beyond(tx, behind)
    return _added(Lying(NodeId(head.writer), upper, found[head.id]) for head in heads if head.id in found)


async def carried(tx: Tx, me: NodeId) -> list[Lying]:
    """Return what lies here sealed for others and is not receipted by them: this node cannot read it."""
    journeys = [
        (head, reader)
        for head in await journals.heads(tx)
        for reader in _strangers(head, me)
        if head.writer != str(me)
    ]
    marks = await _marks(tx, journeys)
    found = await overview.beyond(tx, {journal: number for (journal, _), number in marks.items()})
    return _added(
        Lying(NodeId(head.writer), reader, found[head.id])
        for head, reader in journeys
        if (head.id, reader) in marks and head.id in found
    )


async def owed(tx: Tx, me: NodeId) -> dict[NodeId, int]:
    """Return how many entries lie here for each other node beyond what its own receipts say it holds."""
    journeys = [
        (head, reader)
        for head in await journals.heads(tx)
        for reader in _readers(head) - {me, NodeId(head.writer)}
    ]
    counts: dict[NodeId, int] = {}
    marks = await _marks(tx, journeys)
    for head, reader in journeys:
        if (head.id, reader) in marks:
            counts[reader] = counts.get(reader, 0) + head.held_number - marks[head.id, reader]
    return counts


async def exceptions(tx: Tx, me: NodeId) -> dict[NodeId, tuple[ReceiptException, ...]]:
    """Return what other nodes hold of my own journals and have not applied, by node."""
    mine = [head.id for head in await journals.heads(tx, writer=str(me))]
    told: dict[NodeId, tuple[ReceiptException, ...]] = {}
    for row in await receipts.of_journals(tx, mine):
        listed = read_receipt(Statement.decode(row.statement)).exceptions
        if listed:
            told[NodeId(row.receiver)] = told.get(NodeId(row.receiver), ()) + listed
    return told


def _goes_up(head: JournalRow, me: NodeId, upper: NodeId) -> bool:
    """A village sends what it wrote; a township what it wrote and what its villages gave it."""
    writer = NodeId(head.writer)
    return writer == me or (upper.is_hub and not writer.is_hub)


def _strangers(head: JournalRow, me: NodeId) -> frozenset[NodeId]:
    readers = _readers(head)
    return frozenset[NodeId]() if me in readers else readers - {NodeId(head.writer)}


def _readers(head: JournalRow) -> frozenset[NodeId]:
    return Audience(head.audience).readers(NodeId(head.writer).county)


async def _marks(tx: Tx, journeys: Iterable[tuple[JournalRow, NodeId]]) -> dict[tuple[int, NodeId], int]:
    """Return up to which number each reader holds each journal, where that is less than what lies here."""
    listed = list(journeys)
    rows = await receipts.of_journals(tx, {head.id for head, _ in listed})
    held = {(row.journal_id, row.receiver): row.held_number for row in rows}
    numbers = {(head.id, reader): held.get((head.id, str(reader)), 0) for head, reader in listed}
    lengths = {head.id: head.held_number for head, _ in listed}
    return {key: number for key, number in numbers.items() if lengths[key[0]] > number}


def _added(lying: Iterable[Lying]) -> list[Lying]:
    totals: dict[tuple[NodeId, NodeId], Backlog] = {}
    for one in lying:
        key, more = (one.writer, one.reader), one.parcels
        before = totals.get(key, Backlog(0, 0, more.oldest_ms))
        oldest = min(before.oldest_ms, more.oldest_ms)
        totals[key] = Backlog(before.count + more.count, before.size + more.size, oldest)
    return [Lying(writer, reader, parcels) for (writer, reader), parcels in sorted(totals.items())]
