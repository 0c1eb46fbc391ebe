"""What a node has in the scope of a session: heads, receipts, attachments lacking; taken once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from common.domain.audience import Audience
from common.domain.node import NodeId
from common.exchange.exchange import Exchange
from common.exchange.scope import audiences, receipt_in_scope
from common.journal.ids import JournalId
from common.store import exchange_queries, journals, receipts
from common.store.engine import Tx
from common.store.rows import JournalRow, ReceiptRow
from common.sync.have import have_digest
from common.sync.listed import Head, ReceiptMark


@dataclass(frozen=True, slots=True)
class Inventory:
    """One unchanging view, so that digest, lists and offers of a session agree.

    Attributes:
        heads: how far each journal can be given without a gap.
        rows: the heads' rows, by journal digest.
        receipts: receipt statements by mark.
        lacking: attachments that batches held name and that are not whole here.
    """

    heads: tuple[Head, ...]
    rows: Mapping[bytes, JournalRow]
    receipts: Mapping[ReceiptMark, bytes]
    lacking: tuple[bytes, ...]

    def digest(self) -> bytes:
        """Return the 32 bytes a session compares first."""
        return have_digest(self.heads, self.receipts)


async def take_inventory(exchange: Exchange, lower: NodeId) -> Inventory:
    """Return what this node has in the scope of ``lower``."""
    return await exchange.open.read(lambda tx: _take(tx, exchange, lower))


async def receipts_in_scope(exchange: Exchange, lower: NodeId) -> Mapping[ReceiptMark, bytes]:
    """Return the receipts held now, for what became due while a session ran."""
    return (await take_inventory(exchange, lower)).receipts


async def _take(tx: Tx, exchange: Exchange, lower: NodeId) -> Inventory:
    rows = await journals.heads(tx, audiences=audiences(lower, exchange.network))
    heads = [head for head in [await _head(tx, exchange, row) for row in rows] if head is not None]
    given = await receipts.of_journals(tx, [row.id for row in rows])
    by_id = {row.id: row for row in rows}
    marks = {
        _mark(by_id[receipt.journal_id], receipt): receipt.statement
        for receipt in _in_scope(exchange, lower, by_id, given)
    }
    lacking = await exchange_queries.lacking(tx, by_id)
    return Inventory(tuple(heads), {row.digest: row for row in rows}, marks, tuple(lacking))


async def _head(tx: Tx, exchange: Exchange, row: JournalRow) -> Head | None:
    number, chained = row.held_number, row.held_hash
    if row.writer == str(exchange.node) and row.epoch == exchange.epoch and row.sealed_number != number:
        # Own entries exist before they are sealed; only what is sealed can be given.
        number = row.sealed_number
        chained = (await exchange_queries.chain_points(tx, row, {number}))[number]
    if not number:
        return None
    return Head(JournalId(NodeId(row.writer), row.epoch, Audience(row.audience)), number, chained)


def _in_scope(
    exchange: Exchange, lower: NodeId, by_id: Mapping[int, JournalRow], given: Iterable[ReceiptRow]
) -> Iterable[ReceiptRow]:
    return (
        one
        for one in given
        if receipt_in_scope(
            Audience(by_id[one.journal_id].audience), NodeId(one.receiver), lower, exchange.network
        )
    )


def _mark(journal: JournalRow, receipt: ReceiptRow) -> ReceiptMark:
    return ReceiptMark(journal.digest, NodeId(receipt.receiver), receipt.epoch, receipt.counter)
