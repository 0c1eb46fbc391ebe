"""Fresh databases in no time: the tables are made once a process, then the empty file is copied."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from common.store.engine import Database

_EMPTY: dict[bytes | None, bytes] = {}


async def fresh_database(path: Path, key: bytes | None = None) -> Database:
    """Return a database with all tables and no rows at ``path``; under SQLCipher where a key is given."""
    if key not in _EMPTY:
        with TemporaryDirectory() as folder:
            template = Path(folder) / "empty.db"
            database = await Database.open(f"sqlite://{template}", key)
            await database.migrate()
            await database.close()
            _EMPTY[key] = template.read_bytes()
    await asyncio.to_thread(path.write_bytes, _EMPTY[key])
    return await Database.open(f"sqlite://{path}", key)
