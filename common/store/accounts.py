"""Sign-ins and the people behind them."""

from common.store import bulk
from common.store.engine import Tx
from common.store.rows import AccountRow, PersonRow
from common.store.tables import Account, Person


async def add(tx: Tx, account: AccountRow) -> None:
    """Add an account; a login that is there already is a ``ConflictError``."""
    await bulk.insert(tx, Account, [account])


async def save(tx: Tx, account: AccountRow) -> None:
    """Add or overwrite an account."""
    await bulk.upsert(tx, Account, [account], ("login",))


async def find(tx: Tx, login: str) -> AccountRow | None:
    """Return an account, or None."""
    return await bulk.fetch_one(Account.filter(login=login).using_db(tx.client), AccountRow)


async def every(tx: Tx) -> list[AccountRow]:
    """Return all accounts in order of login."""
    return await bulk.fetch(Account.all().using_db(tx.client).order_by("login"), AccountRow)


async def set_attempts(tx: Tx, login: str, failed: int, locked_until_ms: int) -> None:
    """Note failed sign-ins in a row and until when no more are tried (0: not locked)."""
    query = Account.filter(login=login).using_db(tx.client)
    await query.update(failed=failed, locked_until_ms=locked_until_ms)


async def save_person(tx: Tx, person: PersonRow) -> None:
    """Add or overwrite the person behind a login."""
    await bulk.upsert(tx, Person, [person], ("login",))


async def person(tx: Tx, login: str) -> PersonRow | None:
    """Return the person behind a login, or None."""
    return await bulk.fetch_one(Person.filter(login=login).using_db(tx.client), PersonRow)


async def persons(tx: Tx) -> list[PersonRow]:
    """Return all persons in order of login."""
    return await bulk.fetch(Person.all().using_db(tx.client).order_by("login"), PersonRow)
