"""Sealing: what is written into own journals becomes batches, staged in one transaction with the head's move.

A crash before that transaction leaves nothing; after it the run is sealed for ever: a number is never in two
different runs.
"""

import asyncio
from collections.abc import Mapping, Sequence

from common.domain.audience import Audience
from common.domain.times import to_milliseconds
from common.exchange.exchange import Exchange, Unlocked
from common.journal.batch import AttachmentRef, SealedBatch, seal_batch
from common.journal.chain import StoredEntry, encode_entry
from common.journal.errors import BodyError
from common.journal.ids import JournalId
from common.journal.limits import ATTACHMENTS_MAX, PLAIN_MAX, RUN_MAX
from common.journal.named_files import named_files
from common.store import entries, exchange_queries, journals, parcels
from common.store.engine import Tx
from common.store.rows import EntryRow, JournalRow, ParcelRow

_Run = tuple[list[StoredEntry], set[AttachmentRef]]


async def seal_due(exchange: Exchange) -> int:
    """Seal every own entry not sealed yet; return how many batches were made. Locked, nothing is."""
    unlocked = exchange.unlocked
    if unlocked is None:
        return 0
    async with exchange.sealing:
        written = await unlocked.desk.vault.read(lambda tx: journals.heads(tx, writer=str(exchange.node)))
        own = [head for head in written if head.epoch == exchange.epoch]
        sealed = await exchange.open.read(
            lambda tx: exchange_queries.journals_by_digest(tx, [head.digest for head in own])
        )
        due = [head for head in own if _reached(sealed, head) < head.applied_number]
        return sum([await _seal_journal(exchange, unlocked, head) for head in due])


async def _seal_journal(exchange: Exchange, unlocked: Unlocked, head: JournalRow) -> int:
    """Seal a journal up to its head unless another process is at it; return how many batches were made."""
    async with exchange.open.claimed(f"seal {head.digest.hex()}") as ours:
        if not ours:
            return 0
        now = await exchange.open.read(lambda tx: exchange_queries.journals_by_digest(tx, [head.digest]))
        reached, made = _reached(now, head), 0
        while reached < head.applied_number:
            reached = await _seal_next(exchange, unlocked, head, reached)
            made += 1
        return made


def _reached(sealed: Mapping[bytes, JournalRow], head: JournalRow) -> int:
    return sealed[head.digest].sealed_number if head.digest in sealed else 0


async def _seal_next(exchange: Exchange, unlocked: Unlocked, head: JournalRow, reached: int) -> int:
    """Seal the run after ``reached`` and return its last number.

    Raises:
        LookupError: the vault lacks entries its own head names.
    """

    async def read(tx: Tx) -> tuple[bytes | None, list[EntryRow]]:
        before = await entries.hash_at(tx, head.id, reached) if reached else head.digest
        return before, await entries.from_number(tx, head.id, reached + 1, RUN_MAX)

    before, rows = await unlocked.desk.vault.read(read)
    if before is None:
        message = "an entry of this node's own journal is missing from its vault"
        raise LookupError(message)
    run, files = _cut(rows)
    journal = JournalId(exchange.node, head.epoch, Audience(head.audience))
    batch = await asyncio.to_thread(
        seal_batch,
        journal,
        reached + 1,
        before,
        run,
        exchange.network.reader_keys(journal.audience),
        unlocked.keys.signing,
        exchange.generation,
        attachments=files,
    )
    await exchange.open.write_beside(lambda tx: _stage(tx, exchange, journal, batch))
    return reached + len(run)


def _cut(rows: Sequence[EntryRow]) -> _Run:
    """Return as many of the entries as fit into one batch, and the attachments they name."""
    run: list[StoredEntry] = []
    files: set[AttachmentRef] = set()
    size = 0
    for row in rows:
        entry = StoredEntry(row.header, row.salt, row.body, row.body_digest)
        size += len(encode_entry(entry))
        named = files | _named(row)
        if run and (size > PLAIN_MAX or len(named) > ATTACHMENTS_MAX):
            break
        run.append(entry)
        files = named
    return run, files


def _named(row: EntryRow) -> frozenset[AttachmentRef]:
    try:
        return named_files(row.kind, row.body)
    except BodyError:
        return frozenset()  # its readers refuse the entry; the others must travel all the same


async def _stage(tx: Tx, exchange: Exchange, journal: JournalId, batch: SealedBatch) -> None:
    run, digest = batch.header.binding, journal.digest()
    head = await journals.get_or_create(tx, digest, str(journal.writer), journal.epoch, str(journal.audience))
    head = await journals.head_for_update(tx, digest)
    if head.sealed_number != run.first - 1:
        return  # another process of this node sealed it meanwhile
    row = ParcelRow(
        name=batch.name,
        kind="batch",
        size=len(batch.data),
        journal_id=head.id,
        first_number=run.first,
        last_number=run.last,
        chain_before=run.before,
        chain_after=run.after,
        state="opened",
        staged_ms=to_milliseconds(exchange.clock.now()),
    )
    await parcels.stage_batch(tx, row, batch.data, held=False)
    await exchange_queries.bind_attachments(tx, [ref.name for ref in batch.header.attachments], row)
    await journals.set_sealed(tx, head.id, run.last)
    if not exchange.one_database:
        await journals.set_written(tx, head.id, run.last, run.after)
