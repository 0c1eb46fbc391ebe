"""SQLite: one file, one connection to write and one to read; a writing transaction is alone by nature."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, cast

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.migrations.schema_editor import SqliteSchemaEditor
from tortoise.queryset import QuerySet

from common.store.engines import sqlite_client
from common.store.engines.file_locks import claimed_byte, file_lock
from common.store.engines.interface import number_of


class SqliteDialect:
    """SQLite's SQL. Whoever writes holds the whole file, so rows and names need no locks of their own."""

    name = "sqlite"
    schema_editor = SqliteSchemaEditor

    def placed(self, query: str) -> str:
        """Return the query as it is."""
        return query

    async def keep(self, rows: QuerySet[Any]) -> None:
        """Do nothing."""

    async def hold(self, client: TransactionalDBClient, names: Collection[str]) -> None:
        """Do nothing."""


class SqliteEngine:
    """One file, plain or under SQLCipher."""

    dialect = SqliteDialect()

    def __init__(self, path: Path, key: bytes | None) -> None:
        """Take the file's absolute path, and 32 bytes where it is under SQLCipher."""
        self._path, self._key = path, key
        self._writer: sqlite_client.StoreClient | None = None
        self._reader: sqlite_client.StoreClient | None = None

    @property
    def encrypted(self) -> bool:
        """Whether the file has a key."""
        return self._key is not None

    def configuration(self) -> Mapping[str, Any]:
        """Return our own client and the file it opens."""
        file = {"file_path": str(self._path), "key": self._key, "read_only": False}
        return {"engine": sqlite_client.__name__, "credentials": file}

    async def connect(self, client: BaseDBAsyncClient) -> None:
        """Open the file twice; an empty one is made where there is none."""
        self._writer = cast("sqlite_client.StoreClient", client)
        self._reader = self._writer.reader()
        async with self.opening():
            await self._writer.create_connection(with_db=True)
            await self._reader.create_connection(with_db=True)

    async def close(self) -> None:
        """Close both connections."""
        for client in (self._reader, self._writer):
            if client is not None:
                await client.close()

    def opening(self) -> AbstractAsyncContextManager[None]:
        """Hold the lock file beside the database."""
        return file_lock(self._beside("lock"))

    def writing(self, *, beside: bool) -> AbstractAsyncContextManager[TransactionalDBClient]:
        """Begin with the write lock taken."""
        del beside  # nobody writes beside another here
        return _opened(self._writer).transaction()

    def reading(self) -> AbstractAsyncContextManager[TransactionalDBClient]:
        """Begin with a view of what is committed now."""
        return _opened(self._reader).transaction()

    @asynccontextmanager
    async def claimed(self, name: str) -> AsyncIterator[bool]:
        """Hold the name's byte of a file beside the database."""
        with claimed_byte(self._beside("claims"), number_of(name)) as ours:
            yield ours

    async def leave_no_trace(self, *, thorough: bool) -> bool:
        """Empty the log into the file, and where ``thorough`` write that anew."""
        return await _opened(self._writer).leave_no_trace(thorough=thorough)

    def _beside(self, ending: str) -> Path:
        return self._path.with_name(f"{self._path.name}.{ending}")


def _opened(client: sqlite_client.StoreClient | None) -> sqlite_client.StoreClient:
    if client is None:
        message = "the database is not open"
        raise RuntimeError(message)
    return client
