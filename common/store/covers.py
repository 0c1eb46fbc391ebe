"""Covers of journals, as their proved bytes."""

from collections.abc import Collection, Iterable

from tortoise.functions import Max

from common.store import bulk
from common.store.engine import Tx
from common.store.rows import CoverRow
from common.store.tables import Cover

_SLICE = 500


async def of_journals(
    tx: Tx, journal_ids: Collection[int], epoch_order: int | None = None
) -> dict[int, list[CoverRow]]:
    """Return covers by journal key, of one epoch of the hub or all, in order of (epoch_order, counter)."""
    found: dict[int, list[CoverRow]] = {}
    listed = list(journal_ids)
    for start in range(0, len(listed), _SLICE):
        query = Cover.filter(journal_id__in=listed[start : start + _SLICE]).using_db(tx.client)
        if epoch_order is not None:
            query = query.filter(epoch_order=epoch_order)
        for row in await bulk.fetch(query.order_by("epoch_order", "counter", "hash"), CoverRow):
            found.setdefault(row.journal_id, []).append(row)
    return found


async def numbers(tx: Tx, epoch_order: int) -> dict[int, int]:
    """Return up to where each journal is covered under one epoch of the hub, by journal key."""
    query = Cover.filter(epoch_order=epoch_order).using_db(tx.client).annotate(most=Max("number"))
    rows = await query.group_by("journal_id").values("journal_id", "most")
    return {int(row["journal_id"]): int(row["most"]) for row in rows}


async def replace(tx: Tx, journal_id: int, epoch_order: int, rows: Iterable[CoverRow]) -> None:
    """Keep exactly these covers of a journal under one epoch of the hub."""
    await Cover.filter(journal_id=journal_id, epoch_order=epoch_order).using_db(tx.client).delete()
    await bulk.insert(tx, Cover, list(rows))


async def save_latest(tx: Tx, rows: Collection[CoverRow]) -> None:
    """At the hub: keep these covers of one epoch, each in place of what there was of its journal in it."""
    for order in {row.epoch_order for row in rows}:
        listed = [row.journal_id for row in rows if row.epoch_order == order]
        for start in range(0, len(listed), _SLICE):
            query = Cover.filter(journal_id__in=listed[start : start + _SLICE], epoch_order=order)
            await query.using_db(tx.client).delete()
    await bulk.insert(tx, Cover, list(rows))
