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
from common.casework.book import Fresh
from common.casework.desk import Desk
from common.casework.projection import project
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
from common.exchange.opened import CANNOT_OPEN, Opened, StoppedError, insist_on_chain, next_opened
from common.exchange.public_effects import apply_public
from common.exchange.quarantine import settle_quarantine
from common.exchange.vault_effects import apply_to_vault
from common.journal.body import decode_body
from common.store import cases, entries, exchange_queries, journals
from common.store.engine import Database, Tx
from common.store.rows import EntryRow, JournalRow

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
    # While one batch is written the next is opened: the database leaves the other processor to it.
    coming = asyncio.create_task(next_opened(exchange, head, own.id, place[0]))
    try:
        while (opened := await coming) is not None:
            insist_on_chain(opened, place)
            place = opened.last
            coming = asyncio.create_task(next_opened(exchange, head, own.id, place[0]))
            await _insert(exchange, into, own, opened, done)
            await _follow(exchange, head, place)
            own = replace(own, applied_number=place[0], applied_hash=place[1])
    except _OvertakenError:
        return
    except StoppedError as stop:
        done.stopped[head.digest] = stop.reason
        if stop.reason != CANNOT_OPEN:
            await exchange.open.write(lambda tx: journals.set_state(tx, head.id, "quarantined"))
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)


async def _follow(exchange: Exchange, head: JournalRow, place: tuple[int, bytes]) -> None:
    """Let the open database's head follow the vault's."""

    async def work(tx: Tx) -> None:
        await exchange_queries.mark_opened(tx, head.id, place[0])
        if not exchange.one_database:
            await journals.set_applied(tx, head.id, *place)

    await exchange.open.write_beside(work)


async def _insert(exchange: Exchange, into: Database, own: JournalRow, opened: Opened, done: Applied) -> None:
    journal = opened.batch.journal
    await keep_lineages(exchange, journal, opened.rows)  # before the vault: done again it changes nothing
    public = journal.audience.is_public

    async def work(tx: Tx) -> list[EntryRow]:
        now = await journals.head_for_update(tx, own.digest)
        if now.applied_number != own.applied_number:
            raise _OvertakenError
        if public:
            judged = await _apply_public(tx, exchange, opened.rows)
        else:
            judged = await _apply_cases(tx, exchange, opened)
        await note_opened(tx, exchange.node, journal, judged)
        await journals.set_applied(tx, own.id, *opened.last)
        return judged

    # What ``public`` says (who is who, which items there are) is read far and wide: it changes alone.
    judged = await (into.write if public else into.write_beside)(work)
    done.entries += len(opened.rows)
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


async def _apply_cases(tx: Tx, exchange: Exchange, opened: Opened) -> list[EntryRow]:
    unlocked, rows = exchange.unlocked, opened.rows
    if unlocked is None:  # locked meanwhile: the run waits whole, no entry is applied without its case's row
        raise StoppedError(CANNOT_OPEN)
    await cases.hold(tx, _cases(rows))
    named = {row.case_id for row in rows if row.case_id}
    new = named - await entries.known_cases(tx, named)
    judged, desk = await apply_to_vault(tx, rows), unlocked.desk
    await take_answers(tx, unlocked, opened.batch.journal, judged)
    await cases.hold(tx, _cases(judged) - _cases(rows))  # those of cited entries
    fresh = _fresh(judged, new, opened)
    try:
        folded = await project(tx, desk, sorted(_cases(judged)), fresh)
    except _NO_SENSE:
        judged = await _refuse_nonsense(tx, desk, judged)
        folded = await project(tx, desk, sorted(_cases(judged)))
    await answer(tx, desk, folded)
    return judged


def _fresh(rows: list[EntryRow], new: set[str], opened: Opened) -> Fresh:
    """What the vault need not be asked for again: all that is there of cases it has just heard of.

    Of what was cited, or ordered to be erased, the vault knows more than the run.
    """
    own = {row.journal_id for row in opened.rows}
    touched = {row.case_id for row in rows if row.journal_id not in own or row.kind == "case_erased"}
    by_case: dict[str, list[EntryRow]] = {case_id: [] for case_id in new - touched}
    for row in rows:
        if row.case_id in by_case:
            by_case[row.case_id].append(row)
    return Fresh(by_case, opened.bodies)


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
