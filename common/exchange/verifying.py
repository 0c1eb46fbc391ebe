"""``verify``: every journal kept here is walked from its first byte; nothing is changed."""

import asyncio
from dataclasses import dataclass

from common.crypto.errors import CryptoError
from common.crypto.wire import FormatError
from common.exchange.exchange import Exchange
from common.exchange.network import Network
from common.journal.batch import parse_batch, verify_batch
from common.journal.chain import StoredEntry, body_digest, chain
from common.journal.ids import parcel_name
from common.store import entries, exchange_queries, journals, parcels
from common.store.engine import Database, Tx
from common.store.rows import EntryRow, JournalRow, ParcelRow

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and everything that does not hold: journal (digest in hex), number, what."""

    journals: int
    entries: int
    batches: int
    attachments: int
    wrong: tuple[tuple[str, int, str], ...]

    @property
    def whole(self) -> bool:
        """Whether everything holds."""
        return not self.wrong


async def verify_node(exchange: Exchange) -> Verified:
    """Check the chains of all entries and the signatures and names of all parcels; locked, the open part."""
    databases = [exchange.open]
    if exchange.unlocked is not None and not exchange.one_database:
        databases.append(exchange.unlocked.desk.vault)
    wrong: list[tuple[str, int, str]] = []
    heads, counted = set[bytes](), 0
    for database in databases:
        for head in await database.read(journals.heads):
            heads.add(head.digest)
            counted += await _walk(database, head, wrong)
    batches = 0
    for head in await exchange.open.read(journals.heads):
        batches += await _batches(exchange, head, wrong)
    return Verified(len(heads), counted, batches, await _attachments(exchange, wrong), tuple(wrong))


async def _walk(database: Database, head: JournalRow, wrong: list[tuple[str, int, str]]) -> int:
    number, hashed = 0, head.digest
    while rows := await database.read(lambda tx: entries.from_number(tx, head.id, number + 1, _AT_ONCE)):  # noqa: B023 - read at once
        for row in rows:
            number, hashed = number + 1, chain(hashed, _stored(row))
            what = _fault(row, number, hashed)
            if what:
                wrong.append((head.digest.hex(), row.number, what))
                return number
    if number and (number, hashed) != (head.applied_number, head.applied_hash):
        wrong.append((head.digest.hex(), number, "the head is not the last entry"))
    return number


def _stored(row: EntryRow) -> StoredEntry:
    return StoredEntry(row.header, row.salt, row.body, row.body_digest)


def _fault(row: EntryRow, number: int, hashed: bytes) -> str:
    if row.number != number:
        return "an entry is missing"
    if row.salt is not None and row.body is not None and body_digest(row.salt, row.body) != row.body_digest:
        return "the body is not what was signed"
    return "" if row.hash == hashed else "the chain is broken"


async def _batches(exchange: Exchange, head: JournalRow, wrong: list[tuple[str, int, str]]) -> int:
    rows = await exchange.open.read(lambda tx: exchange_queries.batches_from(tx, head.id, 0))
    for row in rows:
        data = await exchange.open.read(lambda tx: parcels.content(tx, row.name))  # noqa: B023 - read at once
        what = await asyncio.to_thread(_batch_fault, exchange.network, row, data)
        if what:
            wrong.append((head.digest.hex(), row.first_number, what))
    return len(rows)


def _batch_fault(network: Network, row: ParcelRow, data: bytes | None) -> str:
    if data is None:
        return "the parcel's bytes are missing"
    try:
        batch = parse_batch(data)
        cert = network.signer(batch.journal.writer, batch.header.binding.generation)
        if cert is None:
            return "the writer's certificate is missing"
        verify_batch(batch, cert.signing)
    except (FormatError, CryptoError):
        return "the parcel does not verify"
    return "" if batch.name == row.name else "the parcel is not what its name says"


async def _attachments(exchange: Exchange, wrong: list[tuple[str, int, str]]) -> int:
    async def read(tx: Tx) -> list[ParcelRow]:
        return await parcels.in_state(tx, {"held", "opened"}, "attachment")

    rows = await exchange.open.read(read)
    for row in rows:
        held = exchange.files.has(row.name)
        data = await asyncio.to_thread(exchange.files.read, row.name) if held else b""
        if not held or parcel_name(data) != row.name:
            wrong.append((row.name.hex(), 0, "an attachment is missing or altered"))
    return len(rows)
