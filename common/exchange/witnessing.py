"""What receipts held here say of journals that may leave this disk: only those that count (history 19)."""

from collections.abc import Collection

from common.domain.audience import Audience
from common.domain.node import NodeId
from common.exchange.exchange import Exchange
from common.exchange.network import Network
from common.exchange.receipts import verify
from common.journal.receipt import Receipt
from common.journal.witnesses import Standing, counts, needed_readers
from common.store import exchange_queries, receipts
from common.store.engine import Tx
from common.store.rows import JournalRow, ReceiptRow


async def standings(
    exchange: Exchange, digests: Collection[bytes], left: Collection[bytes]
) -> dict[bytes, Standing]:
    """Return how the other readers of journals stand, by digest.

    Args:
        exchange: this node.
        digests: of the journals.
        left: epochs known to be left by their writers.
    """

    async def read(tx: Tx) -> tuple[dict[bytes, JournalRow], list[ReceiptRow]]:
        heads = await exchange_queries.journals_by_digest(tx, digests)
        return heads, await receipts.of_journals(tx, [head.id for head in heads.values()])

    heads, rows = await exchange.open.read(read)
    said: dict[int, dict[NodeId, Receipt]] = {}
    for row in rows:
        verified = verify(exchange, row.statement)
        if verified is not None and counts(verified[0], exchange.network.hub.epoch, left):
            said.setdefault(row.journal_id, {})[verified[0].receiver] = verified[0]
    return {digest: _standing(exchange, head, said.get(head.id, {})) for digest, head in heads.items()}


def _standing(exchange: Exchange, head: JournalRow, said: dict[NodeId, Receipt]) -> Standing:
    county = exchange.node.county
    readers = Audience(head.audience).readers(county)
    gone = {node for node in readers if all_revoked(exchange.network, node)}
    needed = needed_readers(readers, exchange.node, NodeId(head.writer), gone)
    return Standing(needed, exchange.node.hub(), said)


def all_revoked(network: Network, node: NodeId) -> bool:
    """Whether a node is known and none of its keys is believed any more; an unknown node may still come."""
    return network.current(node) is None and any(who == node for who, _ in network.certificates)
