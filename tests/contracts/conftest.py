"""What the store promises holds on every database: plain SQLite, SQLCipher, and a real PostgreSQL."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from common.store.engine import Database

KEY = bytes(range(32))
ENGINES = ("plain", "cipher", "postgres")


@dataclass(frozen=True)
class Place:
    """Where a database is, and its key."""

    url: str
    key: bytes | None = None

    async def open(self) -> Database:
        """Open it once more, as another process would."""
        return await Database.open(self.url, self.key)

    @property
    def words(self) -> list[str]:
        """How it is told to another process."""
        return [self.url, (self.key or b"").hex()]


async def _make(path: Path, key: bytes | None) -> None:
    database = await Database.open(f"sqlite://{path}", key)
    await database.migrate()
    await database.close()


@pytest.fixture(scope="session")
def made(tmp_path_factory: Any) -> Path:
    folder: Path = tmp_path_factory.mktemp("made")
    for name, key in (("plain", None), ("cipher", KEY)):
        asyncio.run(_make(folder / name, key))
    return folder


@pytest.fixture(params=ENGINES)
def kind(request: Any) -> str:
    """Which database it is now."""
    return str(request.param)


@pytest.fixture
def place(request: Any, kind: str, tmp_path: Path) -> Place:
    """A database of its own with all tables and no rows."""
    if kind == "postgres":
        return Place(request.getfixturevalue("postgres").migrated())
    shutil.copy(request.getfixturevalue("made") / kind, tmp_path / "node.db")
    return Place(f"sqlite://{tmp_path / 'node.db'}", KEY if kind == "cipher" else None)


@pytest.fixture
def empty(request: Any, kind: str, tmp_path: Path) -> Place:
    """A database of its own without any table."""
    if kind == "postgres":
        return Place(request.getfixturevalue("postgres").empty())
    return Place(f"sqlite://{tmp_path / 'new.db'}", KEY if kind == "cipher" else None)


@pytest.fixture
async def db(place: Place) -> AsyncIterator[Database]:
    database = await place.open()
    yield database
    await database.close()


@pytest.fixture
async def other(place: Place) -> AsyncIterator[Database]:
    """The same database, opened by somebody else."""
    database = await place.open()
    yield database
    await database.close()
