"""Promises of the tables' history."""

import asyncio
import pkgutil
import shutil
import subprocess
import sys
import textwrap
import time
from typing import Any

import pytest
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor

from common.store import migrations, settings
from common.store.engine import Database
from common.store.errors import StoreError

ALL = tuple(sorted(name for _, name, _ in pkgutil.iter_modules(migrations.__path__) if name[0].isdigit()))
PROGRAM = textwrap.dedent("""
    import asyncio, sys
    from common.store.engine import Database

    async def main(path, key):
        db = await Database.open(f"sqlite://{path}", bytes.fromhex(key) or None)
        print(len(await db.migrate()))
        await db.close()

    asyncio.run(main(*sys.argv[1:]))
""")


@pytest.mark.parametrize("key", [None, bytes(range(32))], ids=["plain", "cipher"])
async def test_two_programs_at_once_apply_each_migration_once(tmp_path, key):
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "new.db"), (key or b"").hex()]
    programs = [await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE) for _ in range(2)]
    answers = [(await program.communicate())[0].strip() for program in programs]
    assert [program.returncode for program in programs] == [0, 0]
    assert sorted(answers) == [b"0", b"%d" % len(ALL)]


async def test_a_database_that_is_up_to_date_opens_at_once(place):
    path, key = place
    begun = time.monotonic()
    db = await Database.open(f"sqlite://{path}", key)
    assert await db.migrate() == ()
    assert time.monotonic() - begun < 0.3
    await db.close()


async def test_a_migration_that_fails_leaves_nothing_behind_and_can_be_tried_again(tmp_path, monkeypatch):
    db = await Database.open(f"sqlite://{tmp_path / 'new.db'}")
    real = MigrationExecutor.migrate

    async def breaks(self: Any) -> Any:
        await real(self)
        raise OSError("no space left on device")

    monkeypatch.setattr(MigrationExecutor, "migrate", breaks)
    with pytest.raises(StoreError):
        await db.migrate()

    async def tables(tx: Any) -> Any:
        return (await tx.client.execute_query("SELECT name FROM sqlite_master"))[1]

    assert len(await db.read(tables)) == 0
    monkeypatch.undo()
    assert await db.migrate() == ALL
    await db.write(lambda tx: settings.put(tx, "a", 1))
    await db.close()


async def test_the_history_makes_exactly_the_tables_the_program_uses(tmp_path, made):
    shutil.copy(made / "plain", tmp_path / "node.db")
    db = await Database.open(f"sqlite://{tmp_path / 'node.db'}")
    app = {"models": ["common.store.tables"], "migrations": "common.store.migrations"}
    apps: dict[str, dict[str, Any]] = {"jiujin": app}
    assert db._context.apps is not None
    with db._context:
        found = await MigrationAutodetector(db._context.apps, apps).changes()
    await db.close()
    assert [operation for writer in found for operation in writer.operations] == []


async def test_every_index_is_over_real_columns(db):
    async def strange(tx: Any) -> Any:
        query = (
            "SELECT m.name FROM sqlite_master m, pragma_index_info(m.name) i "
            "WHERE m.type = 'index' AND (i.cid < 0 OR i.name IS NULL)"
        )
        return (await tx.client.execute_query(query))[1]

    assert list(await db.read(strange)) == []
