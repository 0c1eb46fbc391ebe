"""Applying: batches held are opened in order, their entries put into the vault, and their cases projected.

One batch is one transaction of the vault; the open database follows in a second one. A crash between the two
is harmless: the vault's head decides, and inserting an entry twice changes nothing.

Several processes at one database share the journals out by claims, so that no batch is opened twice for
nothing; that none is applied twice is made sure of in the transaction, which goes on only from where the head
is. Two journals with entries of one case may be applied at once: whoever folds a case holds it first.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from uuid import UUID

from common.casework.answering import answer
from common.casework.desk import Desk
from common.casework.projection import project
from common.crypto.errors import CannotOpenError
from common.crypto.wire import FormatError
from common.domain.audience import Audience
from common.domain.bodies.hub import QuarantineSettled
from common.exchange.epoch_answers import (
    answer_due,
    go_on_recovering,
    keep_lineages,
    note_opened,
    take_answers,
)
from common.exchange.exchange import Exchange
from common.exchange.opening import entry_rows
from common.exchange.public_effects import apply_public
from common.exchange.quarantine import settle_quarantine
from common.exchange.vault_effects import apply_to_vault
from common.journal.batch import OpenedRun, ParsedBatch, open_batch, parse_batch
from common.journal.body import decode_body
from common.journal.errors import ChainBrokenError, PackingError
from common.journal.ids import JournalId
from common.store import cases, entries, exchange_queries, journals, parcels
from common.store.engine import Database, Tx
from common.store.rows import EntryRow, JournalRow

CANNOT_OPEN = "cannot_open"
BROKEN = "broken"
FORK = "fork"
NO_SENSE = "makes_no_sense"
_NO_SENSE = (ValueError, OverflowError, LookupError)
"""What folding raises on values no program of ours writes: a node that is none, a day beyond the calendar."""


@dataclass(slots=True)
class Applied:
    """What one round of applying did.

    Attributes:
        cases: cases whose entries came.
        entries: how many entries were applied.
        refused: how many of them were refused.
        stopped: journals that cannot go on, by digest, and why.
        settled: batches in quarantine that the hub's operator released (True) or refused, by name.
    """

    cases: set[UUID] = field(default_factory=set)
    entries: int = 0
    refused: int = 0
    stopped: dict[bytes, str] = field(default_factory=dict)
    settled: dict[bytes, bool] = field(default_factory=dict)


class _OvertakenError(Exception):
    """Another process applied the batch meanwhile: this one lost its claim in the middle."""


class _StoppedError(Exception):
    """A journal cannot be applied further."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def apply_held(exchange: Exchange) -> Applied:
    """Apply everything that is held and that this node may read; ``public`` even while the box is locked."""
    done = Applied()
    async with exchange.applying:
        for head in await _pending(exchange):
            if Audience(head.audience).is_public:
                await _claim_and_apply(exchange, exchange.open, head, done)
        unlocked = exchange.unlocked
        if unlocked is None:
            return done
        await exchange.refresh()  # cases are shown by the rules held now, whoever published them
        await _apply_cases_held(exchange, unlocked.desk.vault, done)
        for name, released in done.settled.items():
            await exchange.open.write(
                partial(settle_quarantine, exchange=exchange, name=name, released=released)
            )
        if done.settled:
            await _apply_cases_held(exchange, unlocked.desk.vault, done)
        await answer_due(exchange)
        await go_on_recovering(exchange)
    return done


async def _apply_cases_held(exchange: Exchange, vault: Database, done: Applied) -> None:
    for head in await _pending(exchange):
        if not Audience(head.audience).is_public:
            await _claim_and_apply(exchange, vault, head, done)


async def _claim_and_apply(exchange: Exchange, into: Database, head: JournalRow, done: Applied) -> None:
    async with into.claimed(f"apply {head.digest.hex()}") as ours:
        if ours:
            await _apply_journal(exchange, into, head, done)


async def _pending(exchange: Exchange) -> list[JournalRow]:
    """Heads that are held further than applied, of journals this node reads; a quarantined one waits."""
    heads = await exchange.open.read(exchange_queries.behind)
    return [head for head in heads if exchange.reads(Audience(head.audience)) and head.state != "quarantined"]


async def _apply_journal(exchange: Exchange, into: Database, head: JournalRow, done: Applied) -> None:
    own = await into.write_beside(
        lambda tx: journals.get_or_create(tx, head.digest, head.writer, head.epoch, head.audience)
    )
    place = own.applied_number, own.applied_hash
    if own.applied_number > head.applied_number:
        await _follow(exchange, head, place)
    try:
        while (batch := await _batch_after(exchange, head, place[0])) is not None:
            run = await _open(exchange, batch)
            _insist_on_chain(batch, run, place)
            await _insert(exchange, into, own, batch, run, done)
            place = batch.header.binding.last, run.hashes[-1]
            await _follow(exchange, head, place)
            own = replace(own, applied_number=place[0], applied_hash=place[1])
    except _OvertakenError:
        return
    except _StoppedError as stop:
        done.stopped[head.digest] = stop.reason
        if stop.reason != CANNOT_OPEN:
            await exchange.open.write(lambda tx: journals.set_state(tx, head.id, "quarantined"))


async def _follow(exchange: Exchange, head: JournalRow, place: tuple[int, bytes]) -> None:
    """Let the open database's head follow the vault's."""

    async def work(tx: Tx) -> None:
        await exchange_queries.mark_opened(tx, head.id, place[0])
        if not exchange.one_database:
            await journals.set_applied(tx, head.id, *place)

    await exchange.open.write_beside(work)


async def _batch_after(exchange: Exchange, head: JournalRow, number: int) -> ParsedBatch | None:
    if number >= head.held_number:
        return None

    async def read(tx: Tx) -> bytes | None:
        row = await exchange_queries.batch_after(tx, head.id, number)
        return None if row is None else await parcels.content(tx, row.name)

    data = await exchange.open.read(read)
    return None if data is None else await asyncio.to_thread(parse_batch, data)


async def _open(exchange: Exchange, batch: ParsedBatch) -> OpenedRun:
    """Open a batch.

    Raises:
        _StoppedError: it is not sealed to a key of ours, or is not what its header says.
    """
    keys = exchange.unlocked.keys.keyring() if exchange.unlocked else {}
    try:
        return await asyncio.to_thread(open_batch, batch, keys)
    except CannotOpenError as error:
        await exchange.open.write(lambda tx: parcels.set_state(tx, batch.name, "held", CANNOT_OPEN))
        raise _StoppedError(CANNOT_OPEN) from error
    except (PackingError, FormatError, ChainBrokenError) as error:
        raise _StoppedError(BROKEN) from error


def _insist_on_chain(batch: ParsedBatch, run: OpenedRun, place: tuple[int, bytes]) -> None:
    """Insist that the run goes on from what is applied, by hash.

    Raises:
        _StoppedError: it does not: another history.
    """
    number, ours = place
    first = batch.header.binding.first
    theirs = batch.header.binding.before if number < first else run.hashes[number - first]
    if theirs != ours:
        raise _StoppedError(FORK)


async def _insert(
    exchange: Exchange, into: Database, own: JournalRow, batch: ParsedBatch, run: OpenedRun, done: Applied
) -> None:
    first = batch.header.binding.first
    rows = entry_rows(batch.journal, own.id, first, run, own.applied_number)
    await keep_lineages(exchange, batch.journal, rows)  # before the vault: done again it changes nothing

    public = batch.journal.audience.is_public

    async def work(tx: Tx) -> list[EntryRow]:
        now = await journals.head_for_update(tx, own.digest)
        if now.applied_number != own.applied_number:
            raise _OvertakenError
        if public:
            judged = await _apply_public(tx, exchange, rows)
        else:
            judged = await _apply_cases(tx, exchange, batch.journal, rows)
        await note_opened(tx, exchange.node, batch.journal, judged)
        await journals.set_applied(tx, own.id, batch.header.binding.last, run.hashes[-1])
        return judged

    # What ``public`` says (who is who, which items there are) is read far and wide: it changes alone.
    judged = await (into.write if public else into.write_beside)(work)
    done.entries += len(rows)
    done.refused += sum(row.status == "refused" for row in judged)
    done.cases |= _cases(judged)
    done.settled |= _settled(judged)
    if public:
        await exchange.refresh()


def _settled(rows: Iterable[EntryRow]) -> dict[bytes, bool]:
    bodies = [
        decode_body(row.kind, row.body)
        for row in rows
        if row.kind == "quarantine_settled" and row.status == "applied" and row.body is not None
    ]
    return {bytes.fromhex(one.parcel): one.released for one in bodies if isinstance(one, QuarantineSettled)}


async def _apply_public(tx: Tx, exchange: Exchange, rows: list[EntryRow]) -> list[EntryRow]:
    _, judged = await apply_public(tx, exchange.network, rows)
    await entries.insert_run(tx, judged)
    return judged


async def _apply_cases(
    tx: Tx, exchange: Exchange, journal: JournalId, rows: list[EntryRow]
) -> list[EntryRow]:
    unlocked = exchange.unlocked
    if unlocked is None:  # locked meanwhile: the run waits whole, no entry is applied without its case's row
        raise _StoppedError(CANNOT_OPEN)
    await cases.hold(tx, _cases(rows))
    judged, desk = await apply_to_vault(tx, rows), unlocked.desk
    await take_answers(tx, unlocked, journal, judged)
    await cases.hold(tx, _cases(judged) - _cases(rows))  # those of cited entries
    try:
        folded = await project(tx, desk, sorted(_cases(judged)))
    except _NO_SENSE:
        judged = await _refuse_nonsense(tx, desk, judged)
        folded = await project(tx, desk, sorted(_cases(judged)))
    await answer(tx, desk, folded)
    return judged


async def _refuse_nonsense(tx: Tx, desk: Desk, rows: list[EntryRow]) -> list[EntryRow]:
    """Refuse those new entries with which their case cannot be folded; its others and other cases pass."""
    judged = {(row.journal_id, row.number): row for row in rows}
    for case_id in sorted(_cases(rows)):
        if await _folds(tx, desk, case_id):
            continue
        new = [row for row in rows if row.case_id == str(case_id) and row.status != "refused"]
        for row in new:
            await entries.set_status(tx, row.journal_id, row.number, "refused", NO_SENSE)
        for row in new:
            await entries.set_status(tx, row.journal_id, row.number, row.status, row.reason)
            if not await _folds(tx, desk, case_id):
                await entries.set_status(tx, row.journal_id, row.number, "refused", NO_SENSE)
                judged[row.journal_id, row.number] = replace(row, status="refused", reason=NO_SENSE)
    return list(judged.values())


async def _folds(tx: Tx, desk: Desk, case_id: UUID) -> bool:
    try:
        await project(tx, desk, [case_id])
    except _NO_SENSE:
        return False
    return True


def _cases(rows: list[EntryRow]) -> set[UUID]:
    return {UUID(row.case_id) for row in rows if row.case_id and row.status != "refused"}
