"""What left the vault leaves the rest of the disk: files, sealed runs, and what the database file remembers.

The vault's transaction noted what has to go (``common.store.clearing``); it is forgotten only when all of it
has gone, so a process killed anywhere in between finishes when it starts anew, and doing it again changes
nothing. After a purge a run is simply let go: the hub and every reader have it. After an erasure it is sealed
again with header and digest in place of what was erased, so that later readers get a chain they can prove.
"""

import asyncio
from dataclasses import replace
from functools import partial
from uuid import UUID

from common.casework.erasing import erase, say_done, unanswered
from common.crypto.errors import CannotOpenError
from common.crypto.wire import FormatError
from common.domain.kinds import ORDERS
from common.domain.times import to_milliseconds
from common.exchange.exchange import Exchange, Unlocked
from common.journal.batch import ParsedBatch, open_batch, parse_batch, reseal_batch
from common.journal.chain import StoredEntry, chain_run
from common.journal.entry import EntryHeader
from common.journal.errors import ChainBrokenError, PackingError
from common.store import clearing, entries, exchange_queries, journals, parcels
from common.store.engine import Tx
from common.store.rows import ClearingRow, ParcelRow

GONE, ERASED = "gone", "erased"
"""States of a parcel whose bytes left this disk: by rule, or by order, so that they are never asked for."""
_UNREADABLE = (CannotOpenError, PackingError, FormatError, ChainBrokenError)


async def clear(exchange: Exchange) -> int:
    """Obey what was ordered, finish what was begun; return of how many cases nothing is left on this disk."""
    unlocked = exchange.unlocked
    if unlocked is None:
        return 0
    async with exchange.clearing, exchange.sealing:  # what is being sealed meanwhile must not come after it
        if not exchange.obeyed:
            await unlocked.desk.vault.write(partial(_obey, unlocked=unlocked))
            exchange.obeyed = True
        rows = await unlocked.desk.vault.read(clearing.every)
        for row in rows:
            await _clear(exchange, unlocked, row)
        if not rows or not await _no_trace(exchange, unlocked, rows):
            return 0
        return sum(
            [await unlocked.desk.vault.write(partial(_done, unlocked=unlocked, row=row)) for row in rows]
        )


async def _obey(tx: Tx, unlocked: Unlocked) -> None:
    """Erase what was ordered and is not under way: an older program passed the order over."""
    under_way = {row.case_id for row in await clearing.every(tx) if row.why == clearing.ERASE}
    open_orders = await unanswered(tx, unlocked.desk)
    await erase(tx, [case_id for case_id in open_orders if str(case_id) not in under_way])


async def _clear(exchange: Exchange, unlocked: Unlocked, row: ClearingRow) -> None:
    for name in map(bytes.fromhex, row.files):
        await _drop_file(exchange, name, ERASED if row.why == clearing.ERASE else GONE)
    for parcel in await exchange.open.read(partial(_batches, row=row)):
        if row.why == clearing.ERASE:
            await _seal_again(exchange, unlocked, parcel, UUID(row.case_id))
        else:
            await exchange.open.write(partial(parcels.let_go, name=parcel.name, state=GONE))


async def _drop_file(exchange: Exchange, name: bytes, state: str) -> None:
    await asyncio.to_thread(exchange.files.discard, name)

    async def note(tx: Tx) -> None:
        if state == ERASED:  # a run sealed again names it still: nobody is asked for it
            await parcels.drop(tx, name)
            now = to_milliseconds(exchange.clock.now())
            await parcels.stage_file(tx, ParcelRow(name, "attachment", 0, None, 0, 0, None, None, state, now))
        elif await parcels.find(tx, name) is not None:
            await parcels.let_go(tx, name, state)

    await exchange.open.write(note)


async def _batches(tx: Tx, row: ClearingRow) -> list[ParcelRow]:
    """Return the sealed batches that hold entries of the case; those nobody placed yet are looked into."""
    found: dict[bytes, ParcelRow] = {}
    digests = {bytes.fromhex(digest) for digest, _ in row.places}
    heads = await exchange_queries.journals_by_digest(tx, digests)
    for digest, number in row.places:
        head = heads.get(bytes.fromhex(digest))
        batches = await parcels.covering(tx, head.id, int(number)) if head else []
        found |= {one.name: one for one in batches}
    if row.why == clearing.ERASE:
        found |= {one.name: one for one in await parcels.in_state(tx, {"quarantined"}, "batch")}
    return list(found.values())


async def _seal_again(exchange: Exchange, unlocked: Unlocked, parcel: ParcelRow, case_id: UUID) -> None:
    """Put the run, the case's entries erased in it, in the parcel's place."""
    data = await exchange.open.read(partial(parcels.content, name=parcel.name))
    batch = parse_batch(data) if data is not None else None
    if batch is None or not exchange.reads(batch.journal.audience):
        return
    run = await _opened(unlocked, batch) or await unlocked.desk.vault.read(partial(_from_vault, batch=batch))
    erased = [entry.erase() if _tells(entry, case_id) else entry for entry in run]
    if not any(entry.erased for entry in erased):
        return
    readers = exchange.network.reader_keys(batch.journal.audience)
    again = await asyncio.to_thread(
        reseal_batch, batch, erased, readers, exchange.node, unlocked.keys.signing, exchange.generation
    )
    renewed = replace(parcel, name=again.name, size=len(again.data))
    await exchange.open.write(
        partial(parcels.take_place, name=parcel.name, parcel=renewed, sealed=again.data)
    )


async def _opened(unlocked: Unlocked, batch: ParsedBatch) -> tuple[StoredEntry, ...]:
    """Return the run, nothing where no key of this node opens it."""
    try:
        return (await asyncio.to_thread(open_batch, batch, unlocked.keys.keyring())).entries
    except _UNREADABLE:
        return ()


async def _from_vault(tx: Tx, batch: ParsedBatch) -> tuple[StoredEntry, ...]:
    """Return the run as the vault has it, nothing where it has another or less: others' keys may open it."""
    run = batch.header.binding
    head = await journals.find(tx, batch.journal.digest())
    rows = await entries.from_number(tx, head.id, run.first, run.count) if head else []
    found = tuple(StoredEntry(row.header, row.salt, row.body, row.body_digest) for row in rows)
    return found if chain_run(run.before, found)[-1:] == [run.after] else ()


def _tells(entry: StoredEntry, case_id: UUID) -> bool:
    """Whether an entry says something of the case: a citation's header names its case too (journal.md §6)."""
    try:
        header = EntryHeader.decode(entry.header)
    except FormatError:
        return False
    return header.case_id == case_id and header.kind not in ORDERS


async def _no_trace(exchange: Exchange, unlocked: Unlocked, rows: list[ClearingRow]) -> bool:
    thorough = any(row.why == clearing.ERASE for row in rows)
    databases = {id(one): one for one in (exchange.open, unlocked.desk.vault)}
    return all([await one.leave_no_trace(thorough=thorough) for one in databases.values()])


async def _done(tx: Tx, unlocked: Unlocked, row: ClearingRow) -> bool:
    if not await clearing.done(tx, row):
        return False
    if row.why == clearing.ERASE:
        await say_done(tx, unlocked.desk, UUID(row.case_id))
    return True
