"""PostgreSQL: a pool of connections; several processes, on several machines, work on one database.

A writing transaction is alone unless it says it runs beside others: the same promise as SQLite's, kept by one
lock of the whole database, exclusive or shared, that every writer takes first. All of it ends with the
transaction or the connection, so that a killed process leaves nothing taken.
"""

import os
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import asyncpg  # type: ignore[import-untyped]
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor
from tortoise.queryset import QuerySet

from common.store.engines.interface import LOCK_SECONDS, number_of
from common.store.errors import UnfitDatabaseError, UnsureError

CONNECTIONS = 8
"""Connections of one process at most, unless the settings say otherwise."""
FEWEST_CONNECTIONS = 4
"""Below this, claims (three at a time in a process) could leave no connection for the work itself."""
STATEMENT_SECONDS = 120
"""How long one statement may run."""
IDLE_SECONDS = 60
"""How long a transaction may lie open and ask nothing: a process that hangs keeps nobody waiting for ever."""
CONNECT_SECONDS = 10
_ANSWER_SECONDS = STATEMENT_SECONDS + 10
_SETTINGS = {
    "application_name": f"jiujin {os.getpid()}",  # which process it is, for whoever looks at the server
    "synchronous_commit": "on",  # whatever the server's own setting: committed means durable
    "lock_timeout": f"{LOCK_SECONDS:.0f}s",
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
    "tcp_keepalives_idle": "30",  # a machine that vanished holds nothing for longer than a minute
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
_WRITERS = number_of("writers")
_ALONE = f"SELECT pg_advisory_xact_lock({_WRITERS})"
_BESIDE = f"SELECT pg_advisory_xact_lock_shared({_WRITERS})"
_OPENING = number_of("opening")
_FITNESS = (
    "SELECT pg_encoding_to_char(encoding) AS encoding, datcollate AS collation "
    "FROM pg_database WHERE datname = current_database()"
)
_BYTE_ORDER = {"C", "POSIX", "C.UTF-8", "C.UTF8", "C.utf8"}
_GONE = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)


class PostgresDialect:
    """PostgreSQL's SQL."""

    name = "postgres"
    schema_editor = AsyncpgSchemaEditor

    def placed(self, query: str) -> str:
        """Return the query with ``$1``, ``$2``… for ``?``."""
        first, *rest = query.split("?")
        return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))

    async def keep(self, rows: QuerySet[Any]) -> None:
        """Lock the rows."""
        await rows.select_for_update()

    async def hold(self, client: TransactionalDBClient, names: Collection[str]) -> None:
        """Take the names' locks in one order for all, so that no two wait for each other."""
        numbers = sorted({number_of(name) for name in names})
        if numbers:
            # unnest keeps its order, and each row's lock is taken before the next row's.
            await client.execute_query(
                "SELECT pg_advisory_xact_lock(number) FROM unnest($1::bigint[]) AS number", [numbers]
            )


class PostgresClient(AsyncpgDBClient):
    """Tortoise's client over a pool of ours."""

    def __init__(self, *, dsn: str, connections: int, connection_name: str) -> None:
        super().__init__(connection_name=connection_name)
        self._dsn, self._connections = dsn, connections

    async def create_connection(self, with_db: bool) -> None:  # noqa: ARG002, FBT001 - tortoise's signature
        """Open the pool and prove one connection; nothing about it is logged."""
        self._pool = await asyncpg.create_pool(
            self._dsn,
            min_size=0,  # one that is kept open would be kept open in the background, with noise in the log
            max_size=self._connections,
            timeout=CONNECT_SECONDS,
            command_timeout=_ANSWER_SECONDS,
            server_settings=_SETTINGS,
        )
        await self._post_connect()

    @property
    def pool(self) -> Any:
        """The open pool.

        Raises:
            asyncpg.InterfaceError: it is not open.
        """
        if self._pool is None:
            raise asyncpg.InterfaceError("the database is not open")
        return self._pool


client_class = PostgresClient


class PostgresEngine:
    """One database of a server, by way of a pool."""

    dialect = PostgresDialect()
    encrypted = False

    def __init__(self, dsn: str, connections: int = CONNECTIONS) -> None:
        """Take an address as libpq knows it, and how many connections there may be at most.

        Raises:
            ValueError: there are fewer than ``FEWEST_CONNECTIONS``.
        """
        if connections < FEWEST_CONNECTIONS:
            message = f"at least {FEWEST_CONNECTIONS} connections"
            raise ValueError(message)
        self._dsn, self._connections = dsn, connections
        self._client: PostgresClient | None = None

    def configuration(self) -> Mapping[str, Any]:
        """Return our own client and where it connects."""
        return {
            "engine": __name__,
            "credentials": {"dsn": self._dsn, "connections": self._connections},
        }

    async def connect(self, client: BaseDBAsyncClient) -> None:
        """Open the pool and insist that the database there can keep what we promise.

        Raises:
            UnfitDatabaseError: its encoding is not UTF-8, or it sorts texts by a language's rules: lists and
                pages would come in another order than on SQLite, and change with the server's system.
        """
        self._client = cast("PostgresClient", client)
        await self._client.create_connection(with_db=True)
        async with self._pool.acquire() as connection:
            found = await connection.fetchrow(_FITNESS)
        if found["encoding"] != "UTF8" or found["collation"] not in _BYTE_ORDER:
            raise UnfitDatabaseError(f"encoding {found['encoding']}, collation {found['collation']}")

    async def close(self) -> None:
        """Close the pool; connections that do not answer are dropped."""
        if self._client is not None:
            await self._client.close()

    @asynccontextmanager
    async def opening(self) -> AsyncIterator[None]:
        """Wait for the lock of those who change tables, however long they need."""
        async with self._pool.acquire() as connection:
            await connection.execute("SET lock_timeout = 0; SET statement_timeout = 0")
            await connection.execute(f"SELECT pg_advisory_lock({_OPENING})", timeout=None)
            yield  # the pool frees the lock, and sets the settings back, when the connection returns to it

    @asynccontextmanager
    async def writing(self, *, beside: bool) -> AsyncIterator[TransactionalDBClient]:
        """Begin with the writers' lock: shared beside others, else alone."""
        async with self._transaction("read_committed", read_only=False) as (inner, connection):
            # Every statement after this one sees all that was committed by whoever had the lock before.
            await connection.execute(_BESIDE if beside else _ALONE)
            yield inner

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[TransactionalDBClient]:
        """Begin with a view of what is committed now."""
        async with self._transaction("repeatable_read", read_only=True) as (inner, _):
            yield inner

    @asynccontextmanager
    async def claimed(self, name: str) -> AsyncIterator[bool]:
        """Hold a lock of the connection, not of a transaction: nothing is kept from being cleaned up."""
        async with self._pool.acquire() as connection:
            yield await connection.fetchval("SELECT pg_try_advisory_lock($1)", number_of(f"claim {name}"))

    async def leave_no_trace(self, *, thorough: bool) -> bool:
        """Leave it to the server's own vacuum (docs/howto/retention-and-erasure.md)."""
        del thorough
        return True

    @asynccontextmanager
    async def _transaction(
        self, isolation: str, *, read_only: bool
    ) -> AsyncIterator[tuple[TransactionalDBClient, Any]]:
        async with self._pool.acquire() as connection:
            transaction = connection.transaction(isolation=isolation, readonly=read_only)
            await transaction.start()
            try:
                yield self._bound_to(connection), connection
            except BaseException:
                with suppress(*_GONE):  # a lost connection is rolled back by the server
                    await transaction.rollback()
                raise
            try:
                await transaction.commit()
            except _GONE as error:
                if read_only:
                    raise
                # Whether it reached the server's disk nobody here can know.
                raise UnsureError(type(error).__name__) from None

    def _bound_to(self, connection: Any) -> TransactionalDBClient:
        inner = TransactionWrapper(self._opened)
        inner._connection = connection  # noqa: SLF001 - tortoise's own contexts set it so
        return inner

    @property
    def _opened(self) -> PostgresClient:
        if self._client is None:
            raise asyncpg.InterfaceError("the database is not open")
        return self._client

    @property
    def _pool(self) -> Any:
        return self._opened.pool
