"""Promises of the database itself."""

import asyncio
import logging
import random
import sqlite3
import subprocess
import sys
import textwrap
from typing import Any

import pytest

from common.store import drafts, settings
from common.store.engine import Database
from common.store.errors import (
    BusyError,
    ConflictError,
    DamagedError,
    DiskFullError,
    ReadOnlyError,
    StoreError,
    TransactionMisuseError,
    UnreachableError,
    WrongKeyError,
)
from common.store.rows import DraftRow
from common.store.tables import Setting

KEY = bytes(range(32))


async def keys(db: Any) -> Any:
    async def work(tx: Any) -> Any:
        return sorted(await Setting.all().using_db(tx.client).values_list("key", flat=True))

    return await db.read(work)


async def test_an_exception_of_the_work_undoes_everything_and_comes_out_unchanged(db):
    async def work(tx: Any) -> Any:
        await settings.put(tx, "a", 1)
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await db.write(work)
    assert await keys(db) == []


async def test_two_hundred_cancellations_leave_all_or_nothing_and_the_database_alive(db):
    async def pair(tx: Any, number: Any) -> Any:
        await settings.put(tx, f"{number:03}/first", number)
        await asyncio.sleep(0)
        await settings.put(tx, f"{number:03}/second", number)

    for number in range(200):
        task = asyncio.create_task(db.write(lambda tx, number=number: pair(tx, number)))
        for _ in range(number % 12):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await db.write(lambda tx: pair(tx, 999))
    kept = await keys(db)
    assert "999/second" in kept
    firsts = {key.split("/")[0] for key in kept if key.endswith("first")}
    assert firsts == {key.split("/")[0] for key in kept if key.endswith("second")}


async def test_two_connections_that_read_then_write_never_find_the_database_locked(place, db):
    path, key = place
    other = await Database.open(f"sqlite://{path}", key)

    async def add(tx: Any) -> Any:
        value = await settings.get(tx, "count", 0)
        await asyncio.sleep(0)
        await settings.put(tx, "count", value + 1)

    await asyncio.gather(*(database.write(add) for _ in range(30) for database in (db, other)))
    assert await db.read(lambda tx: settings.get(tx, "count")) == 60
    await other.close()


async def test_a_reader_does_not_wait_for_a_writer_and_sees_only_what_is_committed(db):
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def slow(tx: Any) -> Any:
        await settings.put(tx, "new", 1)
        reached.set()
        await go_on.wait()

    writing = asyncio.create_task(db.write(slow))
    await reached.wait()
    assert await keys(db) == []
    go_on.set()
    await writing
    assert await keys(db) == ["new"]


async def test_a_reading_transaction_cannot_write(db):
    with pytest.raises(ReadOnlyError):
        await db.read(lambda tx: settings.put(tx, "a", 1))


async def test_a_transaction_inside_a_transaction_is_refused_instead_of_waiting_for_ever(db):
    async def outer(tx: Any) -> Any:
        await db.write(lambda inner: settings.put(inner, "a", 1))

    with pytest.raises(TransactionMisuseError):
        await db.write(outer)


async def test_closing_waits_for_what_is_running_and_refuses_what_comes_after(place):
    path, key = place
    db = await Database.open(f"sqlite://{path}", key)
    task = asyncio.create_task(db.write(lambda tx: settings.put(tx, "a", 1)))
    await asyncio.sleep(0)
    await db.close()
    await task
    with pytest.raises(TransactionMisuseError):
        await db.write(lambda tx: settings.put(tx, "b", 1))
    again = await Database.open(f"sqlite://{path}", key)
    assert await keys(again) == ["a"]
    await again.close()


async def test_several_databases_in_one_process_keep_apart(db, made, tmp_path):
    other = await Database.open(f"sqlite://{tmp_path / 'other.db'}")
    await other.migrate()

    async def both(tx: Any) -> Any:
        await settings.put(tx, "here", 1)
        await other.write(lambda inner: settings.put(inner, "there", 1))
        await settings.put(tx, "here too", 1)

    await db.write(both)
    assert await keys(db) == ["here", "here too"]
    assert await keys(other) == ["there"]
    await other.close()


async def test_every_setting_that_durability_needs_is_made(db):
    async def pragmas(tx: Any) -> Any:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "temp_store", "secure_delete")
        answers = [(await tx.client.execute_query(f"PRAGMA {name}"))[1] for name in names]
        return [next(iter(tuple(rows[0]))) for rows in answers]

    assert await db.write(pragmas) == ["wal", 2, 1, 10_000, 2, 1]


async def test_foreign_keys_are_enforced_and_named(db):
    async def orphan(tx: Any) -> Any:
        await tx.client.execute_query(
            "INSERT INTO receipt (journal_id, receiver, epoch, counter, held_number, held_hash, "
            "applied_number, applied_hash, safe_number, issued_ms, statement) "
            "VALUES (9, 'x', x'00', 1, 1, x'', 1, x'', 1, 1, x'')"
        )

    with pytest.raises(ConflictError):
        await db.write(orphan)


async def test_a_wrong_key_or_a_plain_opening_has_a_name_of_its_own(place):
    path, key = place
    if key is None:
        path.write_bytes(b"this is no database at all" * 300)
        with pytest.raises(DamagedError):
            await Database.open(f"sqlite://{path}")
        return
    with pytest.raises(WrongKeyError):
        await Database.open(f"sqlite://{path}", bytes(32))
    with pytest.raises(DamagedError):
        await Database.open(f"sqlite://{path}")


async def test_an_encrypted_file_shows_no_plain_text(place, db):
    path, key = place
    await db.write(lambda tx: settings.put(tx, "name", "Wang Xiaoming"))
    raw = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert (b"Wang Xiaoming" in raw) == (key is None)
    assert (b"SQLite format 3" in raw) == (key is None)


async def test_statements_and_their_values_are_never_logged(db, caplog):
    caplog.set_level(logging.DEBUG)
    await db.write(lambda tx: settings.put(tx, "name", "Wang Xiaoming"))
    assert "Wang" not in caplog.text


async def test_a_full_disk_has_a_name_and_leaves_the_database_alive(db):
    async def limit(tx: Any) -> Any:
        pages = (await tx.client.execute_query("PRAGMA page_count"))[1][0][0]
        await tx.client.execute_query(f"PRAGMA max_page_count = {pages + 2}")

    await db.write(limit)
    with pytest.raises(DiskFullError) as caught:
        await db.write(lambda tx: settings.put(tx, "big", "x" * 100_000))
    assert "磁盘" in caught.value.sentence
    await db.write(lambda tx: settings.put(tx, "small", 1))
    assert await keys(db) == ["small"]


async def test_a_database_held_by_another_for_too_long_has_a_name(place, db, monkeypatch):
    path, key = place
    other = await Database.open(f"sqlite://{path}", key)

    async def hurry(tx: Any) -> Any:
        await tx.client.execute_query("PRAGMA busy_timeout = 20")

    await other.read(hurry)
    await other._run(other._writer, hurry)

    async def blocked(tx: Any) -> Any:
        with pytest.raises(BusyError):
            await other.write(lambda inner: settings.put(inner, "a", 1))

    await db.write(blocked)
    await other.write(lambda tx: settings.put(tx, "a", 1))
    await other.close()


async def test_an_address_nobody_knows_is_refused(tmp_path):
    for url in ("mysql://x/y", "sqlite://relative.db", "sqlite:///"):
        with pytest.raises(ValueError, match="address"):
            await Database.open(url)
    with pytest.raises(ValueError, match="32 bytes"):
        await Database.open(f"sqlite://{tmp_path / 'a.db'}", b"short")
    with pytest.raises(UnreachableError):
        await Database.open(f"sqlite://{tmp_path / 'missing' / 'a.db'}")


WRITER = textwrap.dedent("""
    import asyncio, sys
    from common.store import settings
    from common.store.engine import Database

    async def main(path, key):
        db = await Database.open(f"sqlite://{path}", bytes.fromhex(key) or None)
        async def pair(tx, number):
            await settings.put(tx, f"{number:06}/first", "x" * 500)
            await settings.put(tx, f"{number:06}/second", "x" * 500)
        for number in range(100_000):
            await db.write(lambda tx: pair(tx, number))
            print(number, flush=True)

    asyncio.run(main(*sys.argv[1:]))
""")


async def test_a_killed_writer_leaves_all_or_nothing_and_loses_nothing_it_confirmed(place):
    path, key = place
    command = [sys.executable, "-c", WRITER, str(path), (key or b"").hex()]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    confirmed = [await process.stdout.readline() for _ in range(40)]
    process.kill()
    confirmed += (await process.stdout.read()).splitlines(keepends=True)
    await process.wait()
    db = await Database.open(f"sqlite://{path}", key)
    kept = await keys(db)
    await db.close()
    pairs = {name.split("/")[0] for name in kept}
    assert len(kept) == 2 * len(pairs)
    whole = [line for line in confirmed if line.endswith(b"\n")]
    assert {f"{int(line):06}" for line in whole} <= pairs


def test_every_error_has_a_sentence_for_people():
    kinds: list[type[StoreError]] = [StoreError, *StoreError.__subclasses__()]
    assert len({kind.sentence for kind in kinds}) == len(kinds)
    assert all(kind.sentence.endswith("。") for kind in kinds)


async def test_what_was_removed_leaves_no_trace_in_the_file_or_its_log(tmp_path):
    """Page splits copy rows about: only a file written anew is rid of every copy."""
    db = await Database.open(f"sqlite://{tmp_path / 'node.db'}")
    await db.migrate()
    chance = random.Random(3)  # where, with this SQLite, splits leave copies

    def draft(number: int) -> DraftRow:
        text = f"NEEDLE{number:06d}" * chance.randint(1, 25)
        return DraftRow(
            str((number * 7919) % 1000), text[:40], "YL", {"text": text}, chance.randint(1, 10**9)
        )

    for _ in range(30):
        chosen = [draft(chance.randrange(300)) for _ in range(50)]
        await db.write(lambda tx: save_all(tx, chosen))  # noqa: B023 - written at once
    gone = chance.sample(range(300), 30)
    await db.write(lambda tx: drop_all(tx, [key_of(number) for number in gone]))
    assert await db.leave_no_trace(thorough=True)
    found = [path.name for path in tmp_path.iterdir() for number in gone
             if f"NEEDLE{number:06d}".encode() in path.read_bytes()]  # fmt: skip
    await db.close()
    assert found == []


def key_of(number: int) -> str:
    return str((number * 7919) % 1000)


async def save_all(tx: Any, rows: Any) -> None:
    for row in rows:
        await drafts.save(tx, row)


async def drop_all(tx: Any, keys: Any) -> None:
    for key in keys:
        await drafts.drop(tx, key)


async def test_a_reader_in_the_way_is_said_and_it_is_tried_again(tmp_path, monkeypatch):
    monkeypatch.setattr("common.store.sqlite.BUSY_SECONDS", 0.1)
    monkeypatch.setattr("common.store.sqlite._PRAGMAS", ("busy_timeout=100", "journal_mode=WAL"))
    db = await Database.open(f"sqlite://{tmp_path / 'node.db'}")
    await db.migrate()
    other = sqlite3.connect(tmp_path / "node.db", isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM sqlite_master").fetchone()
    await db.write(lambda tx: settings.put(tx, "a", 1))
    assert not await db.leave_no_trace(thorough=False)
    other.execute("COMMIT")
    other.close()
    assert await db.leave_no_trace(thorough=False)
    await db.close()
