"""Parcels on their way in: chunks land in a file, a whole one is proved by its name and taken in."""

import asyncio
from collections.abc import Collection, Iterable, Sequence

from common.exchange.exchange import Exchange
from common.exchange.intake import AGAIN, take_in
from common.journal.ids import parcel_name, parcel_name_of
from common.journal.taking_in import Verdict
from common.store import exchange_queries, parcels
from common.store.engine import Tx
from common.sync.limits import CHUNK
from common.sync.listed import Offer, ParcelKind
from common.sync.reasons import LaterReason

_HERE = frozenset({"held", "opened", "quarantined", "refused", "gone", "erased"})
"""States in which a parcel that is offered is not wanted."""

_LACKING = frozenset({"partial", "recalled"})


async def wanted(exchange: Exchange, offers: Collection[Offer]) -> list[Offer]:
    """Return those of the offered batches that are not here, or were refused for what may be over now."""
    names = await wanted_names(exchange, [offer.name for offer in offers])
    return [offer for offer in offers if offer.name in names]


async def wanted_names(exchange: Exchange, names: Collection[bytes]) -> set[bytes]:
    """Return those of the batches' names that are not here, or were refused for what may be over now."""
    known = await exchange.open.read(lambda tx: exchange_queries.parcels_named(tx, names))
    return {
        name
        for name in names
        if name not in known
        or known[name].state not in _HERE
        or (known[name].state == "refused" and known[name].reason in AGAIN)
    }


async def lacking(exchange: Exchange, names: Collection[bytes]) -> set[bytes]:
    """Return those of the attachments that a batch here names, or that were recalled, and are not whole."""
    known = await exchange.open.read(lambda tx: exchange_queries.parcels_named(tx, names))
    return {name for name, row in known.items() if row.kind == "attachment" and row.state in _LACKING}


def room_for(exchange: Exchange, offer: Offer, kept: int) -> LaterReason | None:
    """Return why a parcel must wait, None where there is room beside the ``kept`` bytes that are here."""
    if offer.kind is ParcelKind.ATTACHMENT and offer.size > exchange.quotas.attachment:
        return LaterReason.TOO_LARGE
    return LaterReason.QUOTA if kept + offer.size > exchange.quotas.parcels else None


async def start_of(exchange: Exchange, offer: Offer) -> int:
    """Return the first chunk to take: what landed in an earlier session is not taken again."""
    landed = await asyncio.to_thread(exchange.files.chunks, offer.name)
    return min(landed, offer.chunks - 1)


async def land(exchange: Exchange, offer: Offer, index: int, data: bytes) -> None:
    """Put a chunk in its place; nothing happens where another session finished the parcel meanwhile."""
    await asyncio.to_thread(exchange.files.put_chunk, offer.name, index, data)


async def take_whole_batch(exchange: Exchange, offer: Offer) -> Verdict | None:
    """Take in a batch that has landed; None where its chunks do not make its name: they are thrown away."""
    data = await asyncio.to_thread(exchange.files.partial_bytes, offer.name)
    verdict = await take_in(exchange, data) if parcel_name(data) == offer.name else None
    await asyncio.to_thread(exchange.files.discard_partial, offer.name)
    return verdict


async def keep_whole_attachments(exchange: Exchange, offers: Sequence[Offer]) -> bool:
    """Keep attachments that have landed, durable before they count as held; wrong ones are thrown away.

    Returns:
        Whether each was what its name says.
    """
    finish = exchange.files.finish
    whole = [one for one in offers if await asyncio.to_thread(finish, one.name, parcel_name_of)]
    await _note_whole(exchange, whole)
    return len(whole) == len(offers)


async def bring_attachment(exchange: Exchange, offer: Offer, pieces: Iterable[bytes]) -> bool | None:
    """Keep an attachment whose pieces are at hand; say whether they make its name, as ``files.adopt``."""
    right = await asyncio.to_thread(exchange.files.adopt, offer.name, pieces, parcel_name_of)
    if right:
        await _note_whole(exchange, [offer])
    return right


async def _note_whole(exchange: Exchange, offers: Sequence[Offer]) -> None:
    async def work(tx: Tx) -> None:
        for offer in offers:
            row = await parcels.find(tx, offer.name)
            again = "recalled" if row is not None and row.state == "recalled" else ""
            await parcels.set_whole(tx, offer.name, offer.size, again)

    await exchange.open.write_beside(work)


async def chunk_to_send(exchange: Exchange, offer: Offer, index: int) -> bytes:
    """Return a chunk this node offered; empty where the parcel is gone."""
    if offer.kind is ParcelKind.ATTACHMENT:
        return await asyncio.to_thread(exchange.files.read_chunk, offer.name, index)
    data = await exchange.open.read(lambda tx: parcels.content(tx, offer.name))
    return (data or b"")[index * CHUNK : (index + 1) * CHUNK]
