"""A node's database: whole transactions or nothing, whichever engine is below.

Each transaction runs in a task of its own, shielded: a cancelled caller leaves at once, the transaction
goes on to its end. (A cancellation inside BEGIN or COMMIT would leave SQLite's lock taken for ever.)

Whatever a driver refuses comes out as one of ``common.store.errors``, and then nothing of it was kept.
"""

import asyncio
import contextvars
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.context import TortoiseContext

from common.store import migrate, search
from common.store.engines.interface import Engine
from common.store.engines.postgres import CONNECTIONS, PostgresEngine
from common.store.engines.sqlite import SqliteEngine
from common.store.errors import CrossedError, TransactionMisuseError
from common.store.faults import driver_errors_named
from common.store.transaction import Tx

__all__ = ["Database", "Tx"]

T = TypeVar("T")
APP_LABEL = "jiujin"
_MODELS = ("common.store.tables",)
_ALIAS = "node"
_CROSSED_TRIES = 5
"""How often work that runs beside others is begun again when two waited for each other."""

# They would write statements with their values, which are people's data, at level DEBUG.
for _name in ("tortoise.db_client", "aiosqlite", "asyncpg", "asyncpg.pool"):
    logging.getLogger(_name).disabled = True


class Database:
    """One database of a node. Open it with ``Database.open``."""

    def __init__(self, context: TortoiseContext, engine: Engine) -> None:
        self._context, self._engine = context, engine
        self._running: set[asyncio.Task[Any]] = set()
        self._inside: contextvars.ContextVar[bool] = contextvars.ContextVar("inside", default=False)
        self._closed = False

    @property
    def dialect(self) -> str:
        """``sqlite`` (SQLCipher too) or ``postgres``."""
        return self._engine.dialect.name

    @classmethod
    async def open(cls, url: str, key: bytes | None = None, connections: int = CONNECTIONS) -> "Database":
        """Open a database, making an empty file if there is none; ``migrate()`` makes the tables.

        Args:
            url: ``sqlite:///absolute/path``, or ``postgres://user@host:port/name`` as libpq knows it.
            key: 32 bytes: the file is under SQLCipher. Never in an address, a command line or a log.
            connections: of this process to PostgreSQL at most; SQLite has two whatever it says.

        A ``ValueError`` says that the address, the key's length or the number is none we know.
        """
        engine = _engine(url, key, connections)
        app = {"models": list(_MODELS), "default_connection": _ALIAS}
        with TortoiseContext() as context:
            configuration = {_ALIAS: dict(engine.configuration())}
            await context.init({"connections": configuration, "apps": {APP_LABEL: app}})
        client = context.connections.get(_ALIAS)
        # The ORM keeps prepared statements by this name: one name for each dialect, never shared between two.
        client.connection_name = f"{_ALIAS}-{engine.dialect.name}"
        database = cls(context, engine)
        await database._connect(client)
        return database

    async def _connect(self, client: BaseDBAsyncClient) -> None:
        try:
            with driver_errors_named(encrypted=self._engine.encrypted):
                await self._engine.connect(client)
        except BaseException:
            await self.close()
            raise

    async def migrate(self) -> tuple[str, ...]:
        """Bring the tables up to this program's version, one process at a time, all or nothing.

        Returns:
            The names of the migrations applied now; empty when there was nothing to do.
        """
        with driver_errors_named(encrypted=self._engine.encrypted):
            async with self._engine.opening():
                return await self.write(self._migrate)

    async def _migrate(self, tx: Tx) -> tuple[str, ...]:
        applied = await migrate.apply_missing(tx, APP_LABEL, _ALIAS)
        if applied:
            await search.prepare(tx)
        return applied

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run ``work`` as one transaction that may write, and return its answer once it is durable.

        It is alone: no other process writes meanwhile, so what it read first still holds when it writes.

        Args:
            work: runs once; an exception of its own undoes everything and is raised here unchanged.
        """
        return await self._run(self._engine.writing(beside=False), work)

    async def write_beside(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run ``work`` as ``write`` does, beside others that are run so; for what is long or comes often.

        Args:
            work: keeps others from what it reads and then changes by itself (``common.store.holding``), and
                changes nothing outside the transaction: it is begun again where two waited for each other.
        """
        for _ in range(_CROSSED_TRIES - 1):
            try:
                return await self._run(self._engine.writing(beside=True), work)
            except CrossedError:
                continue
        return await self._run(self._engine.writing(beside=True), work)

    async def read(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run ``work`` on one unchanging view of what is committed; it never waits for a writer.

        Args:
            work: runs once and may not write.
        """
        return await self._run(self._engine.reading(), work)

    @asynccontextmanager
    async def claimed(self, name: str) -> AsyncIterator[bool]:
        """Say whether a piece of work is this block's alone, among all processes on the database.

        It saves doing work twice and promises nothing: a connection may be lost in the middle. What may not
        happen twice is made sure of in the transactions of the block.
        """
        async with AsyncExitStack() as stack:
            with driver_errors_named(encrypted=self._engine.encrypted):  # not what the block itself raises
                ours = await stack.enter_async_context(self._engine.claimed(name))
            yield ours

    async def _run(
        self,
        transaction: AbstractAsyncContextManager[TransactionalDBClient],
        work: Callable[[Tx], Awaitable[T]],
    ) -> T:
        if self._closed or self._inside.get():
            message = "the database is closed" if self._closed else "a transaction inside a transaction"
            raise TransactionMisuseError(message)
        task = asyncio.create_task(self._whole(transaction, work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _whole(
        self,
        transaction: AbstractAsyncContextManager[TransactionalDBClient],
        work: Callable[[Tx], Awaitable[T]],
    ) -> T:
        # Both belong to this task's own copy of the context and end with it.
        self._context.__enter__()
        self._inside.set(True)
        with driver_errors_named(encrypted=self._engine.encrypted):
            async with transaction as inner:
                for name in (_ALIAS, inner.connection_name):
                    self._context.connections.set(name, inner)
                return await work(Tx(inner, self._engine.dialect))

    async def leave_no_trace(self, *, thorough: bool) -> bool:
        """Let nothing that was removed stay in the file, its log or its text index; between transactions.

        PostgreSQL frees rows by its own vacuum (docs/howto/retention-and-erasure.md): True at once.

        Args:
            thorough: write the whole file anew, as an erasure asks for; its size again must be free.

        Returns:
            False where a reader was in the way: try again later.
        """
        await self.write(search.compact)
        with driver_errors_named(encrypted=self._engine.encrypted):
            return await self._engine.leave_no_trace(thorough=thorough)

    async def close(self) -> None:
        """Wait for running transactions, then close; a second close does nothing."""
        self._closed = True
        while self._running:
            await asyncio.wait(set(self._running))
        await self._engine.close()


def _engine(url: str, key: bytes | None, connections: int) -> Engine:
    match urlsplit(url).scheme:
        case "sqlite":
            return SqliteEngine(_file(url), key)
        case "postgres" | "postgresql":
            return PostgresEngine(url, connections)
    message = "a database address begins with sqlite:/// or postgres://"
    raise ValueError(message)


def _file(url: str) -> Path:
    path = Path(url.removeprefix("sqlite://"))
    if not (path.is_absolute() and path.name):
        message = "a SQLite address is sqlite:///absolute/path"
        raise ValueError(message)
    return path
