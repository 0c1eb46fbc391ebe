"""A node's database: whole transactions or nothing, whichever engine is below.

Each transaction runs in a task of its own, shielded: a cancelled caller leaves at once, the transaction
goes on to its end. (A cancellation inside BEGIN or COMMIT would leave SQLite's lock taken for ever.)

Whatever a driver refuses comes out as one of ``common.store.errors``, and then nothing of it was kept.
"""

import asyncio
import contextvars
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.context import TortoiseContext

from common.store import migrate, search
from common.store.errors import TransactionMisuseError
from common.store.faults import driver_errors_named
from common.store.locks import file_lock
from common.store.sqlite import StoreClient
from common.store.transaction import Tx

__all__ = ["Database", "Tx"]

T = TypeVar("T")
APP_LABEL = "jiujin"
_MODELS = ("common.store.tables",)
_ALIAS = "node"
_ADVISORY_LOCK = 0x6A75_6A69

# Both would write statements with their values, which are people's data, at level DEBUG.
for _name in ("tortoise.db_client", "aiosqlite"):
    logging.getLogger(_name).disabled = True


class Database:
    """One database of a node. Open it with ``Database.open``."""

    def __init__(self, context: TortoiseContext, writer: BaseDBAsyncClient) -> None:
        self._context = context
        self._writer = writer
        self._reader = writer.reader() if isinstance(writer, StoreClient) else writer
        self._encrypted = isinstance(writer, StoreClient) and writer.encrypted
        self._running: set[asyncio.Task[Any]] = set()
        self._inside: contextvars.ContextVar[bool] = contextvars.ContextVar("inside", default=False)
        self._closed = False

    @property
    def dialect(self) -> str:
        """``sqlite`` (SQLCipher too) or ``postgres``."""
        return str(self._writer.capabilities.dialect)

    @classmethod
    async def open(cls, url: str, key: bytes | None = None) -> "Database":
        """Open a database, making an empty file if there is none; ``migrate()`` makes the tables.

        Args:
            url: ``sqlite:///absolute/path`` or ``postgres://user:password@host:port/name``.
            key: 32 bytes: the file is under SQLCipher. Never in an address, a command line or a log.

        Raises:
            ValueError: the address or the key's length is none we know.
        """
        scheme = urlsplit(url).scheme
        if scheme not in {"sqlite", "postgres"}:
            message = "a database address begins with sqlite:/// or postgres://"
            raise ValueError(message)
        if scheme == "sqlite":
            connection = {"engine": "common.store.sqlite", "credentials": _file(url, key)}
        else:
            connection = expand_db_url(url)
        app = {"models": list(_MODELS), "default_connection": _ALIAS}
        with TortoiseContext() as context:
            await context.init({"connections": {_ALIAS: connection}, "apps": {APP_LABEL: app}})
        writer = context.connections.get(_ALIAS)
        # The ORM keeps prepared statements by this name: one name for each dialect, never shared between two.
        writer.connection_name = f"{_ALIAS}-{writer.capabilities.dialect}"
        database = cls(context, writer)
        await database._connect()
        return database

    async def _connect(self) -> None:
        try:
            with driver_errors_named(encrypted=self._encrypted):
                async with self._lock():
                    await self._writer.create_connection(with_db=True)
                    if self._reader is not self._writer:
                        await self._reader.create_connection(with_db=True)
        except BaseException:
            await self.close()
            raise

    async def migrate(self) -> tuple[str, ...]:
        """Bring the tables up to this program's version, one process at a time, all or nothing.

        Returns:
            The names of the migrations applied now; empty when there was nothing to do.
        """
        with driver_errors_named(encrypted=self._encrypted):
            async with self._lock():
                return await self.write(self._migrate)

    def _lock(self) -> AbstractAsyncContextManager[None]:
        if isinstance(self._writer, StoreClient):
            return file_lock(Path(f"{self._writer.filename}.lock"))
        return nullcontext()

    async def _migrate(self, tx: Tx) -> tuple[str, ...]:
        if tx.dialect == "postgres":
            await tx.client.execute_query(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        applied = await migrate.apply_missing(tx.client, APP_LABEL, _ALIAS)
        if applied:
            await search.prepare(tx)
        return applied

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run ``work`` as one transaction that may write, and return its answer once it is durable.

        Args:
            work: runs once; an exception of its own undoes everything and is raised here unchanged.
        """
        return await self._run(self._writer, work)

    async def read(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run ``work`` on one unchanging view of what is committed; it never waits for a writer.

        Args:
            work: runs once and may not write.
        """
        return await self._run(self._reader, work)

    async def _run(self, client: BaseDBAsyncClient, work: Callable[[Tx], Awaitable[T]]) -> T:
        if self._closed or self._inside.get():
            message = "the database is closed" if self._closed else "a transaction inside a transaction"
            raise TransactionMisuseError(message)
        task = asyncio.create_task(self._whole(client, work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _whole(self, client: BaseDBAsyncClient, work: Callable[[Tx], Awaitable[T]]) -> T:
        # Both belong to this task's own copy of the context and end with it.
        self._context.__enter__()
        self._inside.set(True)
        with driver_errors_named(encrypted=self._encrypted):
            async with _transaction(client) as inner:
                for name in (_ALIAS, inner.connection_name):
                    self._context.connections.set(name, inner)
                return await work(Tx(inner, self.dialect))

    async def leave_no_trace(self, *, thorough: bool) -> bool:
        """Let nothing that was removed stay in the file, its log or its text index; between transactions.

        PostgreSQL frees rows by its own vacuum (docs/howto/retention-and-erasure.md): True at once.

        Args:
            thorough: write the whole file anew, as an erasure asks for; its size again must be free.

        Returns:
            False where a reader was in the way: try again later.
        """
        if not isinstance(self._writer, StoreClient):
            return True
        await self.write(search.compact)
        with driver_errors_named(encrypted=self._encrypted):
            return await self._writer.leave_no_trace(thorough=thorough)

    async def close(self) -> None:
        """Wait for running transactions, then close; a second close does nothing."""
        self._closed = True
        while self._running:
            await asyncio.wait(set(self._running))
        if self._reader is not self._writer:
            await self._reader.close()
        await self._writer.close()


def _transaction(client: BaseDBAsyncClient) -> AbstractAsyncContextManager[TransactionalDBClient]:
    if isinstance(client, StoreClient):
        return client.transaction()
    return _pooled(client)


@asynccontextmanager
async def _pooled(client: BaseDBAsyncClient) -> AsyncIterator[TransactionalDBClient]:
    async with client._in_transaction() as inner:  # noqa: SLF001 - tortoise's only way to one on a named client
        yield inner


def _file(url: str, key: bytes | None) -> dict[str, Any]:
    path = Path(url.removeprefix("sqlite://"))
    if not (path.is_absolute() and path.name):
        message = "a SQLite address is sqlite:///absolute/path"
        raise ValueError(message)
    return cast("dict[str, Any]", {"file_path": str(path), "key": key, "read_only": False})
