"""Sealed runs that lie here for others, and runs asked for again: how long their bytes stay on this disk.

What this node carries unread it lets go once every reader holds it; an attachment, of which no receipt
speaks, once the hub has it safe or wrote it. The row stays: the run's place in its journal is known, and a
peer that turns out to lack it (restored, or weeks behind) gets it from above: it is *recalled*, asked for
like a missing attachment, passed on, and let go again.
"""

import asyncio
from collections.abc import Collection, Mapping
from functools import partial

from common.casework.book import shelf
from common.domain.audience import Audience
from common.exchange.clearing import GONE
from common.exchange.exchange import Exchange
from common.exchange.witnessing import standings
from common.journal.witnesses import Standing
from common.store import journals, parcels
from common.store.engine import Tx
from common.store.rows import JournalRow, ParcelRow

RECALLED = "recalled"
"""State of a parcel that is asked for again; and, once it is here, the reason by which it is let go again."""


async def let_go_carried(exchange: Exchange) -> int:
    """Let go of what every reader has; return how many parcels. The hub reads all and lets go of nothing."""
    if exchange.node.is_hub:
        return 0
    heads = {head.digest: head for head in await exchange.open.read(journals.heads)}
    kept = await exchange.open.read(partial(_leaving, exchange=exchange, heads=heads))
    left = await _left(exchange)
    known = await standings(exchange, kept, left)
    over = [
        one
        for digest, rows in kept.items()
        for one in rows
        if _over(one, known[digest], carried=not exchange.reads(Audience(heads[digest].audience)))
    ]
    for one in over:
        if one.kind == "attachment":
            await asyncio.to_thread(exchange.files.discard, one.name)
        await exchange.open.write(partial(parcels.let_go, name=one.name, state=GONE))
    return len(over)


async def _left(exchange: Exchange) -> frozenset[bytes]:
    if exchange.unlocked is None:
        return frozenset()
    return (await exchange.unlocked.desk.vault.read(shelf)).left


async def _leaving(
    tx: Tx, exchange: Exchange, heads: Mapping[bytes, JournalRow]
) -> dict[bytes, list[ParcelRow]]:
    """Return what is only carried here, and what was here once more for somebody else, by journal."""
    found: dict[bytes, list[ParcelRow]] = {}
    for digest, head in heads.items():
        audience = Audience(head.audience)
        if audience.is_public:
            continue
        carried = head.writer != str(exchange.node) and not exchange.reads(audience)
        rows = await parcels.of_journal(tx, head.id, {"held", "opened"})
        rows = [one for one in rows if carried or one.reason == RECALLED]
        rows = [one for one in rows if one.last_number <= head.held_number]
        if rows:
            found[digest] = rows
    return found


def _over(parcel: ParcelRow, standing: Standing, *, carried: bool) -> bool:
    if not carried:
        return not standing.lacking(parcel.first_number, parcel.last_number)
    held = standing.holding(parcel.last_number)
    return held and (
        parcel.kind == "batch" or standing.hub not in standing.needed or standing.safe(parcel.last_number)
    )


async def recall(exchange: Exchange, names: Collection[bytes]) -> None:
    """Ask for parcels again that a peer lacks and that were let go of here."""
    for name in names:
        await exchange.open.write(partial(_recall, name=name))


async def _recall(tx: Tx, name: bytes) -> None:
    row = await parcels.find(tx, name)
    if row is not None and row.state == GONE:
        await parcels.set_state(tx, name, RECALLED)
