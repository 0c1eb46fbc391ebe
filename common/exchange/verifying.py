"""``verify``: every journal kept here is walked from its first byte; nothing is changed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from common.crypto.certificates import HubCertificate
from common.crypto.errors import CryptoError
from common.crypto.wire import FormatError
from common.exchange.checkpoints import CONTRADICTION
from common.exchange.covering import covers_of_own, journal_of
from common.exchange.emptied import Emptied, unexplained
from common.exchange.evidence import against, holds
from common.exchange.exchange import Exchange
from common.exchange.network import Network
from common.journal.batch import parse_batch, verify_batch, verify_reseal
from common.journal.chain import StoredEntry, body_digest, chain
from common.journal.checkpoint import checked_checkpoint
from common.journal.ids import JournalId, parcel_name
from common.store import entries, exchange_queries, journals, overview, parcels, receipts
from common.store.engine import Database, Tx
from common.store.rows import CheckpointRow, EntryRow, JournalRow, ParcelRow

_AT_ONCE = 500


class Wrong(StrEnum):
    """What does not hold."""

    ENTRY_MISSING = "entry_missing"
    BODY_ALTERED = "body_altered"
    BODY_MISSING = "body_missing"
    CHAIN_BROKEN = "chain_broken"
    HEAD_ASTRAY = "head_astray"
    PARCEL_MISSING = "parcel_missing"
    PARCEL_ALTERED = "parcel_altered"
    PARCEL_MISNAMED = "parcel_misnamed"
    CERTIFICATE_MISSING = "certificate_missing"
    ATTACHMENT_ALTERED = "attachment_altered"
    CHECKPOINT_ALTERED = "checkpoint_altered"
    COVER_ALTERED = "cover_altered"
    ANOTHER_HISTORY = "another_history"
    HUB_CONTRADICTS_ITSELF = "hub_contradicts_itself"
    TWO_CHECKPOINTS = "two_checkpoints"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold.

    Attributes:
        journal: where; None for an attachment or a checkpoint.
        number: the entry there, or a checkpoint's counter; 0 where there is none.
        name: the attachment's name in hex, else the journal's digest or the checkpoint's epoch.
    """

    what: Wrong
    name: str
    number: int = 0
    journal: JournalId | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and everything that does not hold.

    Attributes:
        erased: entries without bodies by order of the hub.
        archived: entries without bodies a signed summary stands for.
    """

    journals: int
    entries: int
    batches: int
    attachments: int
    checkpoints: int
    wrong: tuple[Fault, ...]
    erased: int = 0
    archived: int = 0

    @property
    def whole(self) -> bool:
        """Whether everything holds."""
        return not self.wrong


async def verify_node(exchange: Exchange) -> Verified:
    """Check entries' chains, parcels' signatures and names, checkpoints and covers; locked, the open part."""
    databases = [exchange.open]
    if exchange.unlocked is not None and not exchange.one_database:
        databases.append(exchange.unlocked.desk.vault)
    wrong: list[Fault] = []
    heads, counted, emptied = set[bytes](), 0, Emptied()
    for database in databases:
        for head in await database.read(journals.heads):
            heads.add(head.digest)
            counted += await _walk(database, head, wrong)
            await _explain(exchange, database, head, emptied, wrong)
    batches = 0
    for head in await exchange.open.read(journals.heads):
        batches += await _batches(exchange, head, wrong)
    attachments = await _attachments(exchange, wrong)
    checkpoints = await _checkpoints(exchange, wrong)
    emptied_counts = emptied.erased, emptied.archived
    return Verified(len(heads), counted, batches, attachments, checkpoints, tuple(wrong), *emptied_counts)


async def _explain(
    exchange: Exchange, database: Database, head: JournalRow, emptied: Emptied, wrong: list[Fault]
) -> None:
    """Ask of every entry without a body why; one that nobody can explain is damage."""
    number = 0
    while rows := await database.read(lambda tx: entries.from_number(tx, head.id, number + 1, _AT_ONCE)):  # noqa: B023 - read at once
        number = rows[-1].number
        lost = await unexplained(database, exchange.network, rows, emptied)
        if lost is not None:
            wrong.append(_in(head, lost.number, Wrong.BODY_MISSING))
            return


async def _walk(database: Database, head: JournalRow, wrong: list[Fault]) -> int:
    number, hashed = 0, head.digest
    while rows := await database.read(lambda tx: entries.from_number(tx, head.id, number + 1, _AT_ONCE)):  # noqa: B023 - read at once
        for row in rows:
            number, hashed = number + 1, chain(hashed, _stored(row))
            what = _fault(row, number, hashed)
            if what:
                wrong.append(_in(head, row.number, what))
                return number
    if number and (number, hashed) != (head.applied_number, head.applied_hash):
        wrong.append(_in(head, number, Wrong.HEAD_ASTRAY))
    return number


def _in(head: JournalRow, number: int, what: Wrong) -> Fault:
    return Fault(what, head.digest.hex(), number, journal_of(head))


def _stored(row: EntryRow) -> StoredEntry:
    return StoredEntry(row.header, row.salt, row.body, row.body_digest)


def _fault(row: EntryRow, number: int, hashed: bytes) -> Wrong | None:
    if row.number != number:
        return Wrong.ENTRY_MISSING
    if row.salt is not None and row.body is not None and body_digest(row.salt, row.body) != row.body_digest:
        return Wrong.BODY_ALTERED
    return None if row.hash == hashed else Wrong.CHAIN_BROKEN


async def _batches(exchange: Exchange, head: JournalRow, wrong: list[Fault]) -> int:
    rows = await exchange.open.read(lambda tx: exchange_queries.batches_from(tx, head.id, 0))
    for row in rows:
        data = await exchange.open.read(lambda tx: parcels.content(tx, row.name))  # noqa: B023 - read at once
        what = await asyncio.to_thread(_batch_fault, exchange.network, row, data)
        if what:
            wrong.append(_in(head, row.first_number, what))
    return len(rows)


def _batch_fault(network: Network, row: ParcelRow, data: bytes | None) -> Wrong | None:
    if data is None:
        return Wrong.PARCEL_MISSING
    try:
        batch = parse_batch(data)
        cert = network.signer(batch.journal.writer, batch.header.binding.generation)
        if cert is None:
            return Wrong.CERTIFICATE_MISSING
        verify_batch(batch, cert.signing)
        if batch.reseal is not None:
            sealer = network.signer(*batch.reseal.signer)
            if sealer is None:
                return Wrong.CERTIFICATE_MISSING
            verify_reseal(batch.reseal, sealer.signing)
    except (FormatError, CryptoError):
        return Wrong.PARCEL_ALTERED
    return None if batch.name == row.name else Wrong.PARCEL_MISNAMED


async def _attachments(exchange: Exchange, wrong: list[Fault]) -> int:
    async def read(tx: Tx) -> list[ParcelRow]:
        return await parcels.in_state(tx, {"held", "opened"}, "attachment")

    rows = await exchange.open.read(read)
    for row in rows:
        held = exchange.files.has(row.name)
        data = await asyncio.to_thread(exchange.files.read, row.name) if held else b""
        if not held or parcel_name(data) != row.name:
            wrong.append(Fault(Wrong.ATTACHMENT_ALTERED, row.name.hex()))
    return len(rows)


async def _checkpoints(exchange: Exchange, wrong: list[Fault]) -> int:
    """Check every checkpoint's signature and every cover, and what covers say of this node's own journals."""
    hubs = exchange.network.hubs()
    rows = await exchange.open.read(receipts.checkpoints)
    bad = await asyncio.to_thread(_altered, hubs, rows)
    wrong += [Fault(Wrong.CHECKPOINT_ALTERED, row.epoch.hex(), row.counter) for row in bad]
    apart = await exchange.open.read(lambda tx: overview.settings_under(tx, CONTRADICTION))
    wrong += [Fault(Wrong.TWO_CHECKPOINTS, place, int(place.split(":")[1])) for place in sorted(apart)]
    for head, kept in await exchange.open.read(lambda tx: covers_of_own(tx, exchange.node)):
        for row in kept:
            if not await asyncio.to_thread(holds, hubs, row, head):
                wrong.append(_in(head, row.number, Wrong.COVER_ALTERED))
    if rows and rows[-1] not in bad:
        found = await against(exchange, rows[-1].statement)
        for one in found.journals:
            if one.judgement.found.accuses:
                at = one.judgement.at
                wrong.append(
                    Fault(Wrong(one.judgement.found.value), one.journal.digest().hex(), at, one.journal)
                )
    return len(rows)


def _altered(hubs: Sequence[HubCertificate], rows: Sequence[CheckpointRow]) -> list[CheckpointRow]:
    found = []
    for row in rows:
        try:
            checkpoint = checked_checkpoint(row.statement, hubs)
        except (FormatError, CryptoError):
            found.append(row)
        else:
            if (checkpoint.hub_epoch, checkpoint.counter, checkpoint.root) != (
                row.epoch,
                row.counter,
                row.root,
            ):
                found.append(row)
    return found
