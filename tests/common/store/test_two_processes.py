"""``serve`` and a command work on the same files at once: neither takes the other's log from under it."""

import asyncio
import subprocess
import sys
import textwrap
from typing import Any

from common.store import settings
from common.store.engine import Database

VISITOR = textwrap.dedent("""
    import asyncio, sys
    from common.store import settings
    from common.store.engine import Database

    async def main(path, key):
        db = await Database.open(f"sqlite://{path}", bytes.fromhex(key) or None)
        print(await db.read(lambda tx: settings.get(tx, "last")), flush=True)
        await db.close()

    asyncio.run(main(*sys.argv[1:]))
""")


async def visit(place: Any) -> str:
    """Open the file in another process, read, close it and end."""
    path, key = place
    command = [sys.executable, "-c", VISITOR, str(path), (key or b"").hex()]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode().strip()


async def put(db: Database, number: int) -> None:
    await db.write(lambda tx: settings.put(tx, "last", number))


async def test_a_commit_stays_visible_while_others_open_and_close_the_file(place: Any, db: Database) -> None:
    path, key = place
    await put(db, 1)
    assert await visit(place) == "1"
    await put(db, 2)
    inside = await Database.open(f"sqlite://{path}", key)  # a second connection of this very process
    await inside.close()
    assert await visit(place) == "2"
    await put(db, 3)
    assert await visit(place) == "3"
    assert await db.read(lambda tx: settings.get(tx, "last")) == 3


async def test_the_write_ahead_log_in_use_is_never_deleted_by_a_visitor(place: Any, db: Database) -> None:
    path, key = place
    log = path.with_name(f"{path.name}-wal")
    await put(db, 1)
    before = log.stat().st_ino
    inside = await Database.open(f"sqlite://{path}", key)
    await inside.close()
    await visit(place)
    await put(db, 2)
    assert log.stat().st_ino == before
    await db.close()
    again = await Database.open(f"sqlite://{path}", key)
    assert await again.read(lambda tx: settings.get(tx, "last")) == 2
    await again.close()
