"""Promises of the tables' history, on every engine."""

import asyncio
import pkgutil
import subprocess
import sys
import textwrap
import time
from typing import Any

import pytest
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor

from common.store import migrations, settings
from common.store.errors import StoreError

ALL = tuple(sorted(name for _, name, _ in pkgutil.iter_modules(migrations.__path__) if name[0].isdigit()))
PROGRAM = textwrap.dedent("""
    import asyncio, sys
    from common.store.engine import Database

    async def main(url, key):
        db = await Database.open(url, bytes.fromhex(key) or None)
        print(len(await db.migrate()))
        await db.close()

    asyncio.run(main(*sys.argv[1:]))
""")


async def test_three_programs_at_once_apply_each_migration_once(empty):
    command = [sys.executable, "-c", PROGRAM, *empty.words]
    programs = [await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE) for _ in range(3)]
    answers = [(await program.communicate())[0].strip() for program in programs]
    assert [program.returncode for program in programs] == [0, 0, 0]
    assert sorted(answers) == [b"0", b"0", b"%d" % len(ALL)]


async def test_a_database_that_is_up_to_date_is_migrated_at_once(place):
    db = await place.open()
    begun = time.process_time()
    assert await db.migrate() == ()
    assert time.process_time() - begun < 0.3
    await db.close()


async def test_a_migration_that_fails_leaves_nothing_behind_and_can_be_tried_again(empty, monkeypatch):
    db = await empty.open()
    real = MigrationExecutor.migrate

    async def breaks(self: Any) -> Any:
        await real(self)
        raise OSError("no space left on device")

    monkeypatch.setattr(MigrationExecutor, "migrate", breaks)
    with pytest.raises(StoreError):
        await db.migrate()
    with pytest.raises(StoreError):
        await db.write(lambda tx: settings.put(tx, "a", 1))  # there is no table
    monkeypatch.undo()
    assert await db.migrate() == ALL
    await db.write(lambda tx: settings.put(tx, "a", 1))
    await db.close()


async def test_the_history_makes_exactly_the_tables_the_program_uses(db):
    app = {"models": ["common.store.tables"], "migrations": "common.store.migrations"}
    apps: dict[str, dict[str, Any]] = {"jiujin": app}
    assert db._context.apps is not None
    with db._context:
        found = await MigrationAutodetector(db._context.apps, apps).changes()
    assert [operation for writer in found for operation in writer.operations] == []
