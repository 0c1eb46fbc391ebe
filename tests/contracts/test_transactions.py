"""Promises of transactions: whole or nothing, alone or beside, durable when told so, on every engine."""

import asyncio
import logging
import subprocess
import sys
import textwrap
from typing import Any

import pytest

from common.store import settings
from common.store.engine import Database
from common.store.errors import ConflictError, CrossedError, ReadOnlyError, TransactionMisuseError
from common.store.tables import Setting


async def keys(db: Database) -> list[str]:
    async def work(tx: Any) -> list[str]:
        return sorted(str(row["key"]) for row in await Setting.all().using_db(tx.client).values("key"))

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


async def test_what_a_writer_read_still_holds_when_it_writes_whoever_else_writes(db, other):
    async def add(tx: Any) -> Any:
        value = await settings.get(tx, "count", 0)
        await asyncio.sleep(0)
        await settings.put(tx, "count", value + 1)

    await asyncio.gather(*(database.write(add) for _ in range(30) for database in (db, other)))
    assert await db.read(lambda tx: settings.get(tx, "count")) == 60


async def test_who_writes_alone_waits_for_those_that_run_beside_others(db, other):
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def slow(tx: Any) -> Any:
        inside.set()
        await go_on.wait()
        await settings.put(tx, "order", [*await settings.get(tx, "order", []), "beside"])

    async def alone(tx: Any) -> Any:
        await settings.put(tx, "order", [*await settings.get(tx, "order", []), "alone"])

    beside = asyncio.create_task(db.write_beside(slow))
    await inside.wait()
    waiting = asyncio.create_task(other.write(alone))
    done, _ = await asyncio.wait([waiting], timeout=0.3)
    go_on.set()
    assert not done
    await asyncio.gather(beside, waiting)
    assert await db.read(lambda tx: settings.get(tx, "order")) == ["beside", "alone"]


async def test_work_beside_others_that_gave_way_is_begun_again_and_given_up_in_the_end(db):
    tries = []

    async def crossed(tx: Any) -> Any:
        tries.append(1)
        await settings.put(tx, "a", 1)
        if len(tries) < 3:
            raise CrossedError
        return "done"

    assert await db.write_beside(crossed) == "done"
    assert len(tries) == 3

    async def always(tx: Any) -> Any:
        raise CrossedError

    with pytest.raises(CrossedError):
        await db.write_beside(always)


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


async def test_a_reader_s_view_does_not_change_while_it_reads(db, other):
    async def twice(tx: Any) -> Any:
        first = await settings.get(tx, "a", 0)
        await other.write(lambda inner: settings.put(inner, "a", 1))
        return first, await settings.get(tx, "a", 0)

    assert await db.read(twice) == (0, 0)
    assert await db.read(lambda tx: settings.get(tx, "a")) == 1


async def test_a_reading_transaction_cannot_write(db):
    with pytest.raises(ReadOnlyError):
        await db.read(lambda tx: settings.put(tx, "a", 1))


async def test_a_transaction_inside_a_transaction_is_refused_instead_of_waiting_for_ever(db):
    async def outer(tx: Any) -> Any:
        await db.write(lambda inner: settings.put(inner, "a", 1))

    with pytest.raises(TransactionMisuseError):
        await db.write(outer)


async def test_closing_waits_for_what_is_running_and_refuses_what_comes_after(place):
    db = await place.open()
    task = asyncio.create_task(db.write(lambda tx: settings.put(tx, "a", 1)))
    await asyncio.sleep(0)
    await db.close()
    await task
    with pytest.raises(TransactionMisuseError):
        await db.write(lambda tx: settings.put(tx, "b", 1))
    again = await place.open()
    assert await keys(again) == ["a"]
    await again.close()


async def test_several_databases_in_one_process_keep_apart(db, empty):
    other = await empty.open()
    await other.migrate()

    async def both(tx: Any) -> Any:
        await settings.put(tx, "here", 1)
        await other.write(lambda inner: settings.put(inner, "there", 1))
        await settings.put(tx, "here too", 1)

    await db.write(both)
    assert await keys(db) == ["here", "here too"]
    assert await keys(other) == ["there"]
    await other.close()


async def test_foreign_keys_are_enforced_and_named(db):
    async def orphan(tx: Any) -> Any:
        query = (
            "INSERT INTO receipt (journal_id, receiver, epoch, counter, held_number, held_hash, "
            "applied_number, applied_hash, safe_number, issued_ms, statement) "
            "VALUES (9, 'x', ?, 1, 1, ?, 1, ?, 1, 1, ?)"
        )
        await tx.client.execute_many(tx.dialect.placed(query), [[b"x"] * 4])

    with pytest.raises(ConflictError):
        await db.write(orphan)


async def test_statements_and_their_values_are_never_logged(db, caplog):
    caplog.set_level(logging.DEBUG)
    await db.write(lambda tx: settings.put(tx, "name", "Wang Xiaoming"))
    with pytest.raises(ConflictError) as caught:
        await db.write(_double)
    assert "Wang" not in caplog.text + str(caught.value)


async def _double(tx: Any) -> None:
    query = "INSERT INTO person (login, display_name) VALUES (?, ?)"
    for _ in range(2):
        await tx.client.execute_many(tx.dialect.placed(query), [["Wang Xiaoming", "Wang Xiaoming"]])


WRITER = textwrap.dedent("""
    import asyncio, sys
    from common.store import settings
    from common.store.engine import Database

    async def main(url, key):
        db = await Database.open(url, bytes.fromhex(key) or None)
        async def pair(tx, number):
            await settings.put(tx, f"{number:06}/first", "x" * 500)
            await settings.put(tx, f"{number:06}/second", "x" * 500)
        for number in range(100_000):
            await db.write(lambda tx: pair(tx, number))
            print(number, flush=True)

    asyncio.run(main(*sys.argv[1:]))
""")


async def test_a_killed_writer_leaves_all_or_nothing_and_loses_nothing_it_confirmed(place):
    command = [sys.executable, "-c", WRITER, *place.words]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    confirmed = [await process.stdout.readline() for _ in range(40)]
    process.kill()
    confirmed += (await process.stdout.read()).splitlines(keepends=True)
    await process.wait()
    db = await place.open()
    # Nor anything locked: whoever comes next writes at once.
    await db.write(lambda tx: settings.put(tx, "999999/first", 1))
    await db.write(lambda tx: settings.put(tx, "999999/second", 1))
    kept = await keys(db)
    await db.close()
    pairs = {name.split("/")[0] for name in kept}
    assert len(kept) == 2 * len(pairs)
    whole = [line for line in confirmed if line.endswith(b"\n")]
    assert {f"{int(line):06}" for line in whole} <= pairs
