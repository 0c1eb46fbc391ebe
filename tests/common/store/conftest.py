"""Databases to try the store on: plain SQLite and SQLCipher, each made once and copied for every test."""

import asyncio
import shutil
from typing import Any

import pytest

from common.store.engine import Database

KEY = bytes(range(32))


async def _make(path: Any, key: Any) -> Any:
    database = await Database.open(f"sqlite://{path}", key)
    await database.migrate()
    await database.close()


@pytest.fixture(scope="session")
def made(tmp_path_factory: Any) -> Any:
    folder = tmp_path_factory.mktemp("made")
    for name, key in (("plain", None), ("cipher", KEY)):
        asyncio.run(_make(folder / name, key))
    return folder


@pytest.fixture(params=["plain", "cipher"])
def place(request: Any, made: Any, tmp_path: Any) -> Any:
    """A migrated file of its own and its key."""
    shutil.copy(made / request.param, tmp_path / "node.db")
    return tmp_path / "node.db", KEY if request.param == "cipher" else None


@pytest.fixture
async def db(place: Any) -> Any:
    path, key = place
    database = await Database.open(f"sqlite://{path}", key)
    yield database
    await database.close()
