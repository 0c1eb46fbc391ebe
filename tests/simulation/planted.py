"""Faults planted into exchange by its tests: each a rule of production code that is not kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from common.casework import case_entries, custody
from common.domain.retention import Kept
from common.exchange import intake, landing, offering, purging, receipts
from common.exchange.exchange import Exchange, Said
from common.exchange.standing import Identity, identity
from common.journal import taking_in
from common.journal.batch import ParsedBatch, parse_batch
from common.journal.taking_in import Accept, Duplicate, KnownFacts, Verdict
from common.journal.witnesses import Standing
from common.store import journals, parcels
from common.store.engine import Tx
from common.store.rows import JournalRow
from common.sync import have
from common.sync.have import Comparison
from common.sync.listed import Head
from tests.builders import county


def skip_dedupe(patch: pytest.MonkeyPatch) -> None:
    """A batch that is held already is taken in as if it were new."""
    honest = taking_in.judge

    def judge(batch: ParsedBatch, known: KnownFacts) -> Verdict:
        verdict = honest(batch, known)
        return Accept(batch, 0) if isinstance(verdict, Duplicate) else verdict

    patch.setattr(intake, "judge", judge)


def head_before_parcel(patch: pytest.MonkeyPatch) -> None:
    """The head of a journal moves in a transaction of its own, before the batch is durable."""

    async def take_in(exchange: Exchange, data: bytes) -> Verdict:
        batch = parse_batch(data)
        of, run = batch.journal, batch.header.binding

        async def move(tx: Tx) -> JournalRow:
            head = await journals.get_or_create(tx, of.digest(), str(of.writer), of.epoch, str(of.audience))
            await journals.set_held(tx, head.id, run.last, run.after)
            return head

        head = await exchange.open.write(move)
        row = intake._row(exchange, batch, head.id, len(data))
        await exchange.open.write(lambda tx: parcels.stage_batch(tx, row, data, held=False))
        await exchange.open.write(lambda tx: intake._name_attachments(tx, row, batch))
        return Accept(batch, 0)

    patch.setattr(landing, "take_in", take_in)


def trust_numbers(patch: pytest.MonkeyPatch) -> None:
    """Heads are compared by number alone: equal numbers are taken for equal histories."""
    honest = have.compare

    def compare(mine: Sequence[Head], theirs: Sequence[Head], _at: Callable[..., bytes | None]) -> Comparison:
        ours = {(head.journal, head.number): head for head in mine}
        told = [replace(one, hash=ours.get((one.journal, one.number), one).hash) for one in theirs]
        by_place = {(one.journal, one.number): one.hash for one in told}
        return honest(mine, told, lambda journal, number: by_place.get((journal, number)))

    patch.setattr(offering, "compare", compare)


def keep_the_epoch(patch: pytest.MonkeyPatch) -> None:
    """A restore goes on in the epoch of its backup."""

    async def leave_epoch(tx: Tx, _reason: str) -> Identity | None:
        return await identity(tx)

    patch.setattr(county, "leave_epoch", leave_epoch)


def wait_for_nobody(patch: pytest.MonkeyPatch) -> None:
    """A restored node writes facts of older cases at once."""

    async def insist_recovered(*_: object) -> None:
        return

    for module in (case_entries, custody):
        patch.setattr(module, "insist_recovered", insist_recovered)


def receipt_before_apply(patch: pytest.MonkeyPatch) -> None:
    """A receipt says *applied* of everything that is held."""

    say = receipts._to_say

    def to_say(
        exchange: Exchange, head: JournalRow, unapplied: receipts._Unapplied, safe: Mapping[str, int]
    ) -> Said:
        said = say(exchange, head, unapplied, safe)
        return Said(said.held, said.held, head.held_hash, ()) if exchange.unlocked is not None else said

    patch.setattr(receipts, "_to_say", to_say)


def purge_too_early(patch: pytest.MonkeyPatch) -> None:
    """Cases leave the disk as soon as they are over: nobody asks whether others have them."""
    patch.setattr(purging, "kept_by_case", lambda case, *_: () if case.over else (Kept.NOT_OVER,))
    patch.setattr(Standing, "lacking", lambda *_: ())
    patch.setattr(Standing, "safe", lambda *_: True)


def purge_without_backup(patch: pytest.MonkeyPatch) -> None:
    """A case leaves the disk when every reader has it, whether or not the hub's backup covers it."""
    patch.setattr(Standing, "safe", lambda *_: True)
