"""Parcels held for ourselves or for others. A batch's bytes lie in its row; an attachment's are a file.

What is in the table is durable when the transaction ends; bytes in files must be so before (``files``).
"""

from collections.abc import Collection

from tortoise.expressions import Q

from common.store import bulk, journals
from common.store.engine import Tx
from common.store.rows import ParcelRow
from common.store.tables import Parcel


async def find(tx: Tx, name: bytes) -> ParcelRow | None:
    """Return a parcel, or None if nothing of it is here."""
    return await bulk.fetch_one(Parcel.filter(name=name).using_db(tx.client), ParcelRow)


async def known(tx: Tx, names: Collection[bytes]) -> dict[bytes, str]:
    """Return the states of those of the parcels that are here."""
    rows = await Parcel.filter(name__in=list(names)).using_db(tx.client).values("name", "state")
    return {bytes(row["name"]): str(row["state"]) for row in rows}


async def content(tx: Tx, name: bytes) -> bytes | None:
    """Return a batch's or letter's bytes; None if it is not here or its bytes are a file."""
    rows = await Parcel.filter(name=name).using_db(tx.client).values_list("content", flat=True)
    return bytes(rows[0]) if rows and rows[0] is not None else None


async def stage_batch(tx: Tx, parcel: ParcelRow, sealed: bytes, *, held: bool) -> None:
    """Keep a batch's bytes and, with ``held``, move its journal's held head to the batch's end.

    Args:
        tx: the transaction.
        parcel: the batch, with journal and chain.
        sealed: its bytes.
        held: whether it joins what is held (it does not beyond a gap or in quarantine).

    Raises:
        ValueError: a held batch without journal or chain.
    """
    await _save(tx, parcel, sealed)
    if held:
        if parcel.journal_id is None or parcel.chain_after is None:
            message = "a held batch has a journal and a chain"
            raise ValueError(message)
        await journals.set_held(tx, parcel.journal_id, parcel.last_number, parcel.chain_after)


async def stage_file(tx: Tx, parcel: ParcelRow) -> None:
    """Note a parcel whose bytes are a file already durable: an attachment, or one on its way in."""
    await _save(tx, parcel, None)


async def name_file(tx: Tx, parcel: ParcelRow) -> None:
    """Note a parcel that is wanted; one that is known already stays as it is, whole or on its way in."""
    await bulk.insert_new(tx, Parcel, [parcel], ("name",))


async def set_whole(tx: Tx, name: bytes, size: int, reason: str) -> None:
    """Note that a parcel's file is here whole and durable."""
    await (
        Parcel.filter(name=name)
        .using_db(tx.client)
        .update(state="held", size=size, reason=reason, content=None)
    )


async def _save(tx: Tx, parcel: ParcelRow, sealed: bytes | None) -> None:
    await bulk.upsert(tx, Parcel, [parcel], ("name",))
    await Parcel.filter(name=parcel.name).using_db(tx.client).update(content=sealed)


async def set_chunks(tx: Tx, name: bytes, chunks: int) -> None:
    """Note how many whole chunks of a parcel are durable in its file; a resumed transfer goes on there."""
    await Parcel.filter(name=name).using_db(tx.client).update(chunks_held=chunks)


async def set_state(tx: Tx, name: bytes, state: str, reason: str = "") -> None:
    """Set a parcel's state: partial, held, opened, quarantined or refused."""
    await Parcel.filter(name=name).using_db(tx.client).update(state=state, reason=reason)


async def drop(tx: Tx, name: bytes) -> None:
    """Forget a parcel."""
    await Parcel.filter(name=name).using_db(tx.client).delete()


async def partial(tx: Tx) -> list[ParcelRow]:
    """Return the parcels on their way in, oldest first."""
    return await in_state(tx, {"partial"})


async def in_state(tx: Tx, states: Collection[str], kind: str | None = None) -> list[ParcelRow]:
    """Return the parcels in one of the states, oldest first."""
    query = Parcel.filter(state__in=list(states)).using_db(tx.client).order_by("staged_ms", "name")
    return await bulk.fetch(query if kind is None else query.filter(kind=kind), ParcelRow)


async def next_unopened(tx: Tx, journal_id: int, number: int) -> ParcelRow | None:
    """Return the held batch that goes on after ``number`` (it begins at most one later and ends beyond)."""
    query = Parcel.filter(journal_id=journal_id, kind="batch", state="held").using_db(tx.client)
    following = query.filter(first_number__lte=number + 1, last_number__gt=number)
    return await bulk.fetch_one(following.order_by("first_number", "-last_number"), ParcelRow)


async def unopened(tx: Tx, journal_ids: Collection[int] | None = None) -> list[ParcelRow]:
    """Return every held, not yet opened batch in order of journal and number."""
    query = Parcel.filter(kind="batch", state="held").using_db(tx.client)
    if journal_ids is not None:
        query = query.filter(journal_id__in=list(journal_ids))
    return await bulk.fetch(query.order_by("journal_id", "first_number"), ParcelRow)


async def offers(tx: Tx, journal_id: int, number: int) -> list[ParcelRow]:
    """Return what a peer that has the journal up to ``number`` lacks, batches first, in order.

    Attachments are never in a peer's *have*: those of earlier runs are offered too, it takes what it lacks.
    """
    wanted = Q(kind="attachment") | Q(kind="batch", last_number__gt=number)
    query = Parcel.filter(wanted, journal_id=journal_id, state__in=["held", "opened"]).using_db(tx.client)
    return await bulk.fetch(query.order_by("-kind", "first_number", "name"), ParcelRow)


async def total_size(tx: Tx, states: Collection[str] = ("partial", "held", "quarantined")) -> int:
    """Return how many bytes the parcels in these states take, for quotas."""
    sizes = await Parcel.filter(state__in=list(states)).using_db(tx.client).values_list("size", flat=True)
    return sum(int(size) for size in sizes)  # type: ignore[call-overload]


async def covering(tx: Tx, journal_id: int, number: int) -> list[ParcelRow]:
    """Return the batches here, in whatever state, whose run holds an entry's number."""
    query = Parcel.filter(journal_id=journal_id, kind="batch", content__isnull=False)
    query = query.filter(first_number__lte=number, last_number__gte=number).using_db(tx.client)
    return await bulk.fetch(query.order_by("first_number", "name"), ParcelRow)


async def let_go(tx: Tx, name: bytes, state: str) -> None:
    """Remove a parcel's bytes from its row; where the run stood in its journal stays known."""
    query = Parcel.filter(name=name).using_db(tx.client)
    await query.update(content=None, state=state, reason="", chunks_held=0)


async def take_place(tx: Tx, name: bytes, parcel: ParcelRow, sealed: bytes) -> None:
    """Keep a run sealed again in place of the parcel it was in."""
    await drop(tx, name)
    await _save(tx, parcel, sealed)


async def of_journal(tx: Tx, journal_id: int, states: Collection[str]) -> list[ParcelRow]:
    """Return a journal's batches and the attachments they name, in these states, in order of number."""
    query = Parcel.filter(journal_id=journal_id, state__in=list(states)).using_db(tx.client)
    return await bulk.fetch(query.order_by("first_number", "kind", "name"), ParcelRow)
