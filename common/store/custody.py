"""What the hub knows of a node's newest hub-signed time: by the checkpoints its receipts cover."""

from common.store import journals, receipts, registry
from common.store.engine import Tx
from common.store.tables import Entry


async def newest_hub_time_of(tx: Tx, node: str, hub: str) -> int:
    """Return the time (ms) of the newest checkpoint the node's receipts hold, else of its certificate."""
    certificate = await registry.newest_certificate(tx, node)
    newest = certificate.valid_from_ms if certificate else 0
    for head in await journals.heads(tx, audiences=["public"], writer=hub):
        given = [row for row in await receipts.of_journal(tx, head.id) if row.receiver == node]
        held = max((row.held_number for row in given), default=0)
        query = Entry.filter(journal_id=head.id, kind="checkpoint_made", number__lte=held)
        row = await query.using_db(tx.client).order_by("-number").first()
        newest = max(newest, row.time_ms if row else 0)
    return newest
