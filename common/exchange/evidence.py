"""What a node can prove of what it handed over: its own journals against a checkpoint (design §4)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from common.crypto.certificates import HubCertificate
from common.crypto.errors import CryptoError
from common.crypto.wire import FormatError
from common.exchange.checkpoints import CONTRADICTION
from common.exchange.covering import covered, covers_of_own, journal_of
from common.exchange.exchange import Exchange
from common.exchange.network import hub_epochs
from common.journal.checkpoint import Checkpoint, checked_checkpoint
from common.journal.cover import Cover, NotCoveredError
from common.journal.covered import Judgement, judge
from common.journal.evidence import Evidence
from common.journal.ids import JournalId
from common.store import entries, exchange_queries, journals, overview, receipts
from common.store.engine import Tx
from common.store.rows import CheckpointRow, CoverRow, JournalRow


class CaseCovered(StrEnum):
    """How far what this node wrote of a case is covered."""

    COVERED = "covered"
    PARTLY = "partly"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class OwnJournal:
    """One of this node's own journals against a checkpoint.

    Attributes:
        cases: receipt numbers of the cases it wrote of, by how far they are covered; empty while locked.
        covers: the encoded covers that were looked at.
    """

    journal: JournalId
    judgement: Judgement
    cases: Mapping[CaseCovered, tuple[str, ...]]
    covers: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Against:
    """All own journals against one checkpoint.

    Attributes:
        checkpoint: the one compared with.
        encoded: its statement.
        locked: the vault was locked: hashes between batches and cases were not looked at.
        two: another checkpoint for the same place is known: the hub's key signed both.
    """

    checkpoint: Checkpoint
    encoded: bytes
    journals: tuple[OwnJournal, ...]
    locked: bool
    two: bool = False

    @property
    def accuses(self) -> bool:
        """Whether something was found that a person must look into."""
        return self.two or any(one.judgement.found.accuses for one in self.journals)


async def newest(exchange: Exchange) -> bytes | None:
    """Return the newest checkpoint statement known here, None where there is none."""
    row = await exchange.open.read(receipts.newest_checkpoint)
    return row.statement if row else None


async def against(exchange: Exchange, encoded: bytes) -> Against:
    """Compare the own journals with what covers prove up to a checkpoint.

    Refusals are those of ``checked_checkpoint``: it is none the hub of this county signed.
    """
    checkpoint = checked_checkpoint(encoded, exchange.network.hubs())
    known = await exchange.open.read(
        lambda tx: receipts.checkpoint(tx, checkpoint.hub_epoch, checkpoint.counter)
    )
    two = await exchange.open.read(lambda tx: _two(tx, checkpoint, encoded, known))
    own = await exchange.open.read(lambda tx: covers_of_own(tx, exchange.node))
    good = await asyncio.to_thread(_good, exchange.network.hubs(), own)
    kept = {head.digest: (head, _up_to(rows, checkpoint)) for head, rows in good}
    unlocked = exchange.unlocked
    if unlocked is None:
        found = [
            await exchange.open.read(lambda tx: _locked(tx, head, rows, checkpoint.order))  # noqa: B023 - read at once
            for head, rows in kept.values()
        ]
    else:
        found = await unlocked.desk.vault.read(lambda tx: _open(tx, exchange, kept, checkpoint.order))
    return Against(checkpoint, encoded, tuple(found), locked=unlocked is None, two=two)


async def evidence_of(exchange: Exchange, found: Against) -> Evidence:
    """Return what was found as evidence for a third person: nothing of any case is in it."""
    network = exchange.network
    covers = tuple(cover for one in found.journals for cover in one.covers)
    earlier = await exchange.open.read(hub_epochs)
    hubs = tuple(sorted({*network.hub_encoded.values(), *earlier}))
    return Evidence(network.root, hubs, found.encoded, covers)


async def _two(tx: Tx, checkpoint: Checkpoint, encoded: bytes, known: CheckpointRow | None) -> bool:
    apart = await overview.settings_under(tx, CONTRADICTION)
    return f"{checkpoint.order}:{checkpoint.counter}" in apart or (
        known is not None and known.statement != encoded
    )


def _good(
    hubs: Sequence[HubCertificate], own: Sequence[tuple[JournalRow, list[CoverRow]]]
) -> list[tuple[JournalRow, list[CoverRow]]]:
    """Return the covers that hold: one altered here accuses nobody else."""
    return [(head, [row for row in rows if holds(hubs, row, head)]) for head, rows in own]


def holds(hubs: Sequence[HubCertificate], row: CoverRow, head: JournalRow) -> bool:
    """Whether a kept cover is good and its row says the same."""
    try:
        cover = Cover.decode(row.cover)
        checkpoint = cover.check(hubs)
    except (FormatError, CryptoError, NotCoveredError):
        return False
    said = cover.journal.digest(), checkpoint.order, checkpoint.counter, cover.number, cover.hash
    return said == (head.digest, row.epoch_order, row.counter, row.number, row.hash)


def _up_to(rows: Sequence[CoverRow], checkpoint: Checkpoint) -> list[CoverRow]:
    place = checkpoint.order, checkpoint.counter
    return [row for row in rows if (row.epoch_order, row.counter) <= place]


async def _locked(tx: Tx, head: JournalRow, rows: Sequence[CoverRow], order: int) -> OwnJournal:
    points = await exchange_queries.chain_points(tx, head, {row.number for row in rows})
    found = judge(head.held_number, points.get, [covered(row) for row in rows], order)
    return OwnJournal(journal_of(head), found, {}, tuple(row.cover for row in rows))


async def _open(
    tx: Tx,
    exchange: Exchange,
    kept: Mapping[bytes, tuple[JournalRow, Sequence[CoverRow]]],
    order: int,
) -> list[OwnJournal]:
    listed = []
    for head in await journals.heads(tx, writer=str(exchange.node)):
        if not head.applied_number:
            continue
        rows = kept[head.digest][1] if head.digest in kept else ()
        ours = {row.number: await entries.hash_at(tx, head.id, row.number) for row in rows}
        found = judge(head.applied_number, ours.get, [covered(row) for row in rows], order)
        cases = await _cases(tx, head.id, found.now)
        listed.append(OwnJournal(journal_of(head), found, cases, tuple(row.cover for row in rows)))
    return listed


async def _cases(tx: Tx, journal_id: int, now: int) -> dict[CaseCovered, tuple[str, ...]]:
    found: dict[CaseCovered, list[str]] = {}
    for number, first, last in await exchange_queries.cases_in(tx, journal_id):
        reached = CaseCovered.COVERED if last <= now else CaseCovered.PARTLY
        found.setdefault(reached if first <= now else CaseCovered.NOT_YET, []).append(number)
    return {reached: tuple(sorted(numbers)) for reached, numbers in found.items()}
