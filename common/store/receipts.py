"""Receipts and checkpoints: the newest of each kind, as their signed bytes."""

from collections.abc import Callable, Collection

from common.store import bulk
from common.store.engine import Tx
from common.store.rows import CheckpointRow, ReceiptRow
from common.store.tables import Checkpoint, Receipt


async def newest(tx: Tx, journal_id: int, receiver: str) -> ReceiptRow | None:
    """Return the receiver's newest receipt for the journal, or None."""
    query = Receipt.filter(journal_id=journal_id, receiver=receiver).using_db(tx.client)
    return await bulk.fetch_one(query, ReceiptRow)


async def of_journal(tx: Tx, journal_id: int) -> list[ReceiptRow]:
    """Return every receiver's newest receipt for the journal, in order of receiver."""
    query = Receipt.filter(journal_id=journal_id).using_db(tx.client).order_by("receiver")
    return await bulk.fetch(query, ReceiptRow)


async def of_journals(tx: Tx, journal_ids: Collection[int]) -> list[ReceiptRow]:
    """Return the newest receipts for the journals, in order of (journal_id, receiver)."""
    query = Receipt.filter(journal_id__in=list(journal_ids)).using_db(tx.client)
    return await bulk.fetch(query.order_by("journal_id", "receiver"), ReceiptRow)


async def save_if_newer(tx: Tx, receipt: ReceiptRow, later_epoch: Callable[[bytes, bytes], bool]) -> bool:
    """Keep the receipt unless the one here is as new or newer; return whether it was kept.

    Args:
        tx: the transaction.
        receipt: already verified.
        later_epoch: says of (stored, new) whether the receiver's epoch ``new`` came after ``stored``.
    """
    stored = await newest(tx, receipt.journal_id, receipt.receiver)
    if stored is not None:
        same = stored.epoch == receipt.epoch
        if receipt.counter <= stored.counter if same else not later_epoch(stored.epoch, receipt.epoch):
            return False
    await bulk.upsert(tx, Receipt, [receipt], ("journal_id", "receiver"))
    return True


async def save_checkpoint(tx: Tx, checkpoint: CheckpointRow) -> None:
    """Keep a verified checkpoint; one that is here already stays."""
    await bulk.insert_new(tx, Checkpoint, [checkpoint], ("epoch", "counter"))


async def checkpoint(tx: Tx, epoch: bytes, counter: int) -> CheckpointRow | None:
    """Return the checkpoint at one place of an epoch, or None."""
    query = Checkpoint.filter(epoch=epoch, counter=counter).using_db(tx.client)
    return await bulk.fetch_one(query, CheckpointRow)


async def checkpoints(tx: Tx) -> list[CheckpointRow]:
    """Return every checkpoint, the newest last."""
    return await bulk.fetch(
        Checkpoint.all().using_db(tx.client).order_by("epoch_order", "counter"), CheckpointRow
    )


async def newest_checkpoint(tx: Tx) -> CheckpointRow | None:
    """Return the checkpoint with the greatest (epoch_order, counter), or None."""
    query = Checkpoint.all().using_db(tx.client).order_by("-epoch_order", "-counter")
    return await bulk.fetch_one(query, CheckpointRow)
