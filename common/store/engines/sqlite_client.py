"""Tortoise's SQLite engine with our own rules: BEGIN IMMEDIATE, full fsync, one connection each way.

Tortoise begins deferred, and a deferred transaction that reads before it writes fails beside another writer
whatever the time-out says. It finds this module by the ``client_class`` name, and recognises SQLite by the
module's name.
"""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from tortoise.backends.base.client import NestedTransactionContext, TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.exceptions import IntegrityError, OperationalError

from common.store.engines import sqlcipher
from common.store.engines.interface import LOCK_SECONDS

_CHUNK = 64
_PRAGMAS = (
    f"busy_timeout={int(LOCK_SECONDS * 1000)}",
    "temp_store=MEMORY",  # a temporary file would lie outside the encryption
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",  # erased means erased, also in free pages
    "journal_size_limit=4194304",
)


def open_raw(path: Path, key: bytes | None, *, read_only: bool) -> sqlite3.Connection:
    """Return a raw connection with every setting made and the key proved; made private to its owner."""
    _make_private(path)
    if key is None:
        connection = sqlite3.connect(
            path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
    else:
        connection = sqlcipher.connect(path, key, LOCK_SECONDS)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        if read_only:
            connection.execute("PRAGMA query_only=ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _make_private(path: Path) -> None:
    # Never opened where it exists: closing any handle of a file drops every lock this process has on it, and
    # another process would take itself for the last user and delete the write-ahead log under our feet.
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return


@contextmanager
def _sqlcipher_errors() -> Iterator[None]:
    """Give SQLCipher's errors, which are no sqlite3 errors, the ORM's names.

    Raises:
        IntegrityError: a row that must be single is there already, or points at nothing.
        OperationalError: anything else the database refuses.
    """
    try:
        yield
    except sqlcipher.IntegrityError as error:
        raise IntegrityError(error) from error
    except sqlcipher.OperationalError as error:
        raise OperationalError(error) from error


class _MappedErrors(SqliteClient):
    """Every statement's errors in the ORM's own words, whichever driver is below."""

    async def execute_insert(self, query: str, values: list[Any]) -> int:
        """Run an INSERT and return the row's id."""
        with _sqlcipher_errors():
            result: int = await super().execute_insert(query, values)
            return result

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        """Run one statement for many rows."""
        with _sqlcipher_errors():
            await super().execute_many(query, values)

    async def execute_query(
        self, query: str, values: list[Any] | None = None
    ) -> tuple[int, Sequence[dict[str, Any]]]:
        """Run a statement and return how many rows it touched, and the rows."""
        with _sqlcipher_errors():
            result: tuple[int, Sequence[dict[str, Any]]] = await super().execute_query(query, values)
            return result

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        """Run a statement and return its rows as dictionaries."""
        with _sqlcipher_errors():
            result: list[dict[str, Any]] = await super().execute_query_dict(query, values)
            return result


class StoreClient(_MappedErrors):
    """One connection to one file."""

    def __init__(self, file_path: str, *, key: bytes | None, read_only: bool, connection_name: str) -> None:
        super().__init__(file_path, connection_name=connection_name)
        self._key = key
        self.read_only = read_only

    @property
    def encrypted(self) -> bool:
        """Whether the file is under SQLCipher."""
        return self._key is not None

    def reader(self) -> "StoreClient":
        """Return a second connection that may only read: readers then never wait for a writer."""
        return StoreClient(self.filename, key=self._key, read_only=True, connection_name=self.connection_name)

    async def create_connection(self, with_db: bool) -> None:  # noqa: ARG002, FBT001 - tortoise's signature
        """Open the file; nothing about it is logged."""
        if self._connection:
            return
        # Not in aiosqlite's thread: one whose opening fails ends when nobody waits for it any more.
        raw = await asyncio.to_thread(open_raw, Path(self.filename), self._key, read_only=self.read_only)
        connection = aiosqlite.Connection(lambda: raw, _CHUNK)
        connection._thread.daemon = True  # noqa: SLF001 - a program that fails before closing must still end
        self._connection = await connection
        await self._post_connect()

    async def leave_no_trace(self, *, thorough: bool) -> bool:
        """Move the write-ahead log into the file and empty it; False where a reader held it meanwhile.

        Freed bytes are zeros at once (``secure_delete``), but a page split leaves copies of rows it moved:
        ``thorough`` writes the whole file anew, which is the only way to be rid of those.
        """
        async with self._lock:
            if thorough:
                # In memory where the file is encrypted, else in a temporary file, which holds no more.
                await self._run_alone("PRAGMA temp_store=" + ("MEMORY" if self.encrypted else "FILE"))
                try:
                    await self._run_alone("VACUUM")
                finally:
                    await self._run_alone("PRAGMA temp_store=MEMORY")
            (busy, *_), *_ = await self._run_alone("PRAGMA wal_checkpoint(TRUNCATE)")
            return not busy

    async def _run_alone(self, statement: str) -> list[Any]:
        if self._connection is None:
            message = "the database is not open"
            raise OperationalError(message)
        with _sqlcipher_errors():
            return list(await self._connection.execute_fetchall(statement))

    def _in_transaction(self) -> TransactionContext:
        return SqliteTransactionContext(StoreTransaction(self), self._lock)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[TransactionalDBClient]:
        """One transaction, alone on this connection; everything or nothing, whatever ends it."""
        async with self._lock:
            wrapper = StoreTransaction(self)
            try:
                await wrapper.begin()
                yield wrapper
                await wrapper.commit()
            except BaseException:
                await wrapper.rollback()
                raise


class StoreTransaction(_MappedErrors, SqliteTransactionWrapper):
    """A transaction that takes the write lock at its beginning."""

    def __init__(self, connection: "StoreClient | StoreTransaction") -> None:
        super().__init__(connection)
        self.read_only: bool = connection.read_only

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(StoreTransaction(self))

    async def begin(self) -> None:
        """Take the lock now, or a snapshot when only reading."""
        await self._connection.execute("BEGIN" if self.read_only else "BEGIN IMMEDIATE")

    async def execute_script(self, query: str) -> None:
        """Run the statements one by one: the driver's own way would commit first."""
        for statement in query.split(";"):
            if statement.strip():
                await self.execute_query(statement)


client_class = StoreClient
