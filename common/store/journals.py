"""Journals' heads: how far each journal is held, applied and sealed here."""

from collections.abc import Collection
from dataclasses import dataclass

from common.store import bulk
from common.store.engine import Tx
from common.store.rows import JournalRow
from common.store.tables import Journal

_UNKNOWN = "no such journal"


@dataclass(frozen=True, slots=True)
class _Begun:
    """A head as it begins: nothing held, nothing applied, nothing sealed."""

    digest: bytes
    writer: str
    epoch: bytes
    audience: str
    held_hash: bytes
    applied_hash: bytes
    held_number: int = 0
    applied_number: int = 0
    sealed_number: int = 0
    state: str = "open"


async def get_or_create(tx: Tx, digest: bytes, writer: str, epoch: bytes, audience: str) -> JournalRow:
    """Return the journal's head, made empty (number 0, whose hash is the digest) if it is new here.

    Raises:
        LookupError: it is not there although it was just made; no engine does that.
    """
    existing = await find(tx, digest)
    if existing is None:
        await bulk.insert_new(
            tx, Journal, [_Begun(digest, writer, epoch, audience, digest, digest)], ("digest",)
        )
        existing = await find(tx, digest)
    if existing is None:
        raise LookupError(_UNKNOWN)
    return existing


async def hold(tx: Tx, digest: bytes) -> None:
    """Keep others that hold the journal waiting until the transaction ends; it may be unknown here as yet."""
    await tx.dialect.hold(tx.client, [f"journal {digest.hex()}"])


async def find(tx: Tx, digest: bytes) -> JournalRow | None:
    """Return the journal's head, or None if it is unknown here."""
    return await bulk.fetch_one(Journal.filter(digest=digest).using_db(tx.client), JournalRow)


async def by_id(tx: Tx, journal_id: int) -> JournalRow:
    """Return the head of a journal by its key in this database.

    Raises:
        LookupError: there is no such journal.
    """
    row = await bulk.fetch_one(Journal.filter(id=journal_id).using_db(tx.client), JournalRow)
    if row is None:
        raise LookupError(_UNKNOWN)
    return row


async def head_for_update(tx: Tx, digest: bytes) -> JournalRow:
    """Return the head and keep others from changing it until the transaction ends.

    Raises:
        LookupError: there is no such journal.
    """
    query = Journal.filter(digest=digest).using_db(tx.client)
    await tx.dialect.keep(query)
    row = await bulk.fetch_one(query, JournalRow)
    if row is None:
        raise LookupError(_UNKNOWN)
    return row


async def heads(
    tx: Tx, *, audiences: Collection[str] | None = None, writer: str | None = None, state: str | None = None
) -> list[JournalRow]:
    """Return the heads in order of digest.

    Args:
        tx: the transaction.
        audiences: only journals for one of these audiences.
        writer: only journals of this node.
        state: only journals in this state.
    """
    query = Journal.all().using_db(tx.client).order_by("digest")
    if audiences is not None:
        query = query.filter(audience__in=list(audiences))
    if writer is not None:
        query = query.filter(writer=writer)
    if state is not None:
        query = query.filter(state=state)
    return await bulk.fetch(query, JournalRow)


async def set_held(tx: Tx, journal_id: int, number: int, chain_hash: bytes) -> None:
    """Note that the journal is durably here up to ``number``."""
    await Journal.filter(id=journal_id).using_db(tx.client).update(held_number=number, held_hash=chain_hash)


async def set_applied(tx: Tx, journal_id: int, number: int, chain_hash: bytes) -> None:
    """Note that the journal's entries are applied up to ``number`` (exceptions are entries' statuses)."""
    query = Journal.filter(id=journal_id).using_db(tx.client)
    await query.update(applied_number=number, applied_hash=chain_hash)


async def set_written(tx: Tx, journal_id: int, number: int, chain_hash: bytes) -> None:
    """Note that our own journal now ends at ``number``: written is held and applied at once."""
    await set_held(tx, journal_id, number, chain_hash)
    await set_applied(tx, journal_id, number, chain_hash)


async def set_sealed(tx: Tx, journal_id: int, number: int) -> None:
    """Note that our own journal is sealed into batches up to ``number``."""
    await Journal.filter(id=journal_id).using_db(tx.client).update(sealed_number=number)


async def set_state(tx: Tx, journal_id: int, state: str) -> None:
    """Set the journal's state: open, closed or quarantined."""
    await Journal.filter(id=journal_id).using_db(tx.client).update(state=state)
