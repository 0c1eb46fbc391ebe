"""What a database engine gives; SQLite and PostgreSQL are the two, and they differ in nothing else."""

import hashlib
from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.queryset import QuerySet

LOCK_SECONDS = 10.0
"""How long a transaction waits for others before it is given up as busy."""


class Dialect(Protocol):
    """What whoever writes a statement must know of the engine."""

    @property
    def name(self) -> str:
        """``sqlite`` (SQLCipher too) or ``postgres``."""

    @property
    def schema_editor(self) -> type[BaseSchemaEditor]:
        """Tortoise's, for migrations."""

    def placed(self, query: str) -> str:
        """Return the query with the engine's own places for ``?`` (none may stand inside a quoted text)."""

    async def keep(self, rows: QuerySet[Any]) -> None:
        """Keep others from changing these rows until the transaction ends; read them after this."""

    async def hold(self, client: TransactionalDBClient, names: Collection[str]) -> None:
        """Keep others that hold one of these names waiting until the transaction ends."""


class Engine(Protocol):
    """One database's connections."""

    @property
    def dialect(self) -> Dialect:
        """What differs in its SQL."""

    @property
    def encrypted(self) -> bool:
        """Whether the file has a key."""

    def configuration(self) -> Mapping[str, Any]:
        """Return what tortoise makes its client of: ``engine`` (a module) and ``credentials``."""

    async def connect(self, client: BaseDBAsyncClient) -> None:
        """Open the connections, over the client tortoise made.

        Raises ``UnfitDatabaseError`` where the database there cannot keep what we promise.
        """

    async def close(self) -> None:
        """Close every connection."""

    def opening(self) -> AbstractAsyncContextManager[None]:
        """Be the only process that opens the database anew or changes its tables, as long as the block."""

    def writing(self, *, beside: bool) -> AbstractAsyncContextManager[TransactionalDBClient]:
        """One writing transaction, durable when the block ends, undone when it fails.

        Args:
            beside: others that say so too run at the same time; else it is alone, whatever process it is of.
        """

    def reading(self) -> AbstractAsyncContextManager[TransactionalDBClient]:
        """One unchanging view of what is committed; it waits for no writer."""

    def claimed(self, name: str) -> AbstractAsyncContextManager[bool]:
        """Whether the piece of work is ours as long as the block; a killed process has no claims."""

    async def leave_no_trace(self, *, thorough: bool) -> bool:
        """Let nothing that was removed stay in the database's files; False where a reader is in the way."""


def number_of(name: str) -> int:
    """Return the number, 63 bits, that stands for a name where a lock has no room for names."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) >> 1
