"""Sealed letters for one node: requests to join, replies, renewals."""

from common.store import bulk
from common.store.engine import Tx
from common.store.rows import LetterRow
from common.store.tables import Letter


async def save(tx: Tx, letter: LetterRow) -> None:
    """Keep a letter; one of that name that is here already stays as it is."""
    await bulk.insert_new(tx, Letter, [letter], ("name",))


async def find(tx: Tx, name: bytes) -> LetterRow | None:
    """Return a letter, or None."""
    return await bulk.fetch_one(Letter.filter(name=name).using_db(tx.client), LetterRow)


async def waiting(tx: Tx, addressee: str, state: str = "waiting") -> list[LetterRow]:
    """Return the addressee's letters in a state, oldest first."""
    query = Letter.filter(addressee=addressee, state=state).using_db(tx.client)
    return await bulk.fetch(query.order_by("received_ms", "name"), LetterRow)


async def in_state(tx: Tx, state: str) -> list[LetterRow]:
    """Return all letters in a state, oldest first."""
    query = Letter.filter(state=state).using_db(tx.client)
    return await bulk.fetch(query.order_by("received_ms", "name"), LetterRow)


async def set_state(tx: Tx, name: bytes, state: str) -> None:
    """Set a letter's state (waiting, carried, answered, refused…)."""
    await Letter.filter(name=name).using_db(tx.client).update(state=state)


async def drop(tx: Tx, name: bytes) -> None:
    """Forget a letter."""
    await Letter.filter(name=name).using_db(tx.client).delete()
