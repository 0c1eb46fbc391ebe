"""Promises that PostgreSQL alone could break: connections lost, settings of the server, texts of errors."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from common.store import settings
from common.store.engine import Database
from common.store.engines import postgres as engine
from common.store.errors import (
    BusyError,
    DiskFullError,
    UnfitDatabaseError,
    UnreachableError,
    UnsureError,
)


@pytest.fixture
def url(postgres: Any) -> str:
    return str(postgres.migrated())


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    database = await Database.open(url)
    yield database
    await database.close()


def shown(name: str) -> Any:
    async def work(tx: Any) -> str:
        return str((await tx.client.execute_query_dict(f"SHOW {name}"))[0][name])

    return work


async def test_every_setting_that_durability_and_patience_need_is_made_whatever_the_server_s(postgres, url):
    name = url.partition("?")[0].rpartition("/")[2]
    postgres.run(f"ALTER DATABASE {name} SET synchronous_commit = off")
    db = await Database.open(url)
    assert await db.write(shown("synchronous_commit")) == "on"
    assert await db.write(shown("lock_timeout")) == "10s"
    assert await db.write(shown("statement_timeout")) == "2min"
    assert await db.write(shown("idle_in_transaction_session_timeout")) == "1min"
    assert await db.write(shown("transaction_isolation")) == "read committed"
    assert await db.read(shown("transaction_isolation")) == "repeatable read"
    await db.close()
    postgres.run(f"ALTER DATABASE {name} RESET synchronous_commit")


async def test_a_connection_lost_in_the_middle_is_named_and_the_next_work_has_another(postgres, url, db):
    async def cut(tx: Any) -> None:
        await settings.put(tx, "half", 1)
        await asyncio.to_thread(postgres.disconnect, url)
        await settings.put(tx, "never", 1)

    for run in (db.write, db.read):
        with pytest.raises(UnreachableError):
            await run(cut if run == db.write else _cut_read(postgres, url))
    await db.write(lambda tx: settings.put(tx, "after", 1))
    assert await db.read(lambda tx: settings.get(tx, "half")) is None


def _cut_read(postgres: Any, url: str) -> Any:
    async def work(tx: Any) -> None:
        await settings.get(tx, "a")
        await asyncio.to_thread(postgres.disconnect, url)
        await settings.get(tx, "a")

    return work


async def test_a_server_that_fell_over_is_back_without_a_new_start_of_ours(postgres, db):
    await db.write(lambda tx: settings.put(tx, "before", 1))

    async def cut(tx: Any) -> None:
        await settings.put(tx, "half", 1)
        await asyncio.to_thread(postgres.restart)

    with pytest.raises((UnreachableError, UnsureError)):
        await db.write(cut)
    await db.write(lambda tx: settings.put(tx, "after", 1))
    assert await db.read(lambda tx: settings.get(tx, "before")) == 1
    assert await db.read(lambda tx: settings.get(tx, "half")) is None


async def test_a_server_that_is_not_there_is_named_at_the_door(tmp_path: Path):
    for url in (
        f"postgres://x@/x?host={tmp_path}",
        "postgres://x@127.0.0.1:1/x",
        "postgres://x@/x?sslmode=no",
    ):
        with pytest.raises(UnreachableError):
            await Database.open(url)


async def test_an_unknown_database_or_a_wrong_name_is_named_without_the_password(postgres, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(UnreachableError) as caught:
        await Database.open(f"postgres://nobody:s3cret@/nothing?host={postgres.folder}")
    assert "s3cret" not in f"{caught.value!r} {caplog.text}"


async def test_a_database_that_cannot_keep_our_order_of_texts_is_refused(postgres):
    postgres.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(UnfitDatabaseError) as caught:
        await Database.open(postgres.url("latin"))
    assert "UTF8" in caught.value.sentence


async def test_who_waits_too_long_for_a_writer_is_told_that_it_is_busy(url, db, monkeypatch):
    monkeypatch.setitem(engine._SETTINGS, "lock_timeout", "50ms")
    other = await Database.open(url)

    async def blocked(tx: Any) -> None:
        for write in (other.write, other.write_beside):
            with pytest.raises(BusyError):
                await write(lambda inner: settings.put(inner, "a", 1))

    await db.write(blocked)
    await other.write(lambda tx: settings.put(tx, "a", 1))
    await other.close()


async def test_a_process_that_hangs_in_a_transaction_keeps_nobody_waiting_for_ever(url, db, monkeypatch):
    monkeypatch.setitem(engine._SETTINGS, "idle_in_transaction_session_timeout", "100ms")
    hanging = await Database.open(url)
    inside, over = asyncio.Event(), asyncio.Event()

    async def hangs(tx: Any) -> None:
        await settings.put(tx, "half", 1)
        inside.set()
        await over.wait()
        await settings.put(tx, "late", 1)

    task = asyncio.create_task(hanging.write(hangs))
    await inside.wait()
    await db.write(lambda tx: settings.put(tx, "after", 1))
    over.set()
    with pytest.raises(UnreachableError):
        await task
    assert await db.read(lambda tx: settings.get(tx, "half")) is None
    await hanging.close()


async def test_two_that_wait_for_each_other_both_come_through(url, db):
    other = await Database.open(url)
    met = asyncio.Barrier(2)

    async def crossing(tx: Any, first: str, second: str, tries: list[int]) -> None:
        tries.append(1)
        await tx.dialect.hold(tx.client, [first])
        if len(tries) == 1:
            await met.wait()
        await tx.dialect.hold(tx.client, [second])
        await settings.put(tx, f"{first}{second}", 1)

    mine, theirs = list[int](), list[int]()
    await asyncio.gather(
        db.write_beside(lambda tx: crossing(tx, "a", "b", mine)),
        other.write_beside(lambda tx: crossing(tx, "b", "a", theirs)),
    )
    assert len(mine) + len(theirs) == 3
    assert await db.read(lambda tx: settings.get(tx, "ab")) == await db.read(
        lambda tx: settings.get(tx, "ba")
    )
    await other.close()


async def test_a_full_disk_has_a_name(db):
    async def full(tx: Any) -> None:
        # The server's own word for it, from a server whose disk need not be filled for that.
        await tx.client.execute_query("DO $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$")

    with pytest.raises(DiskFullError):
        await db.write(full)


async def test_a_connection_lost_while_the_server_commits_is_not_called_undone(postgres, url, tmp_path):
    async with _cutting_line(postgres.folder, tmp_path, b"COMMIT;") as folder:
        db = await Database.open(url.replace(str(postgres.folder), str(folder)))
        with pytest.raises(UnsureError) as caught:
            await db.write(lambda tx: settings.put(tx, "perhaps", 1))
        assert "可能已经保存" in caught.value.sentence
        await db.close()
    again = await Database.open(url)
    assert await again.read(lambda tx: settings.get(tx, "perhaps")) == 1
    await again.close()


@contextlib.asynccontextmanager
async def _cutting_line(server: Path, folder: Path, at: bytes) -> AsyncIterator[Path]:
    """A socket to the server that passes everything on until ``at`` went by, and then only to the server."""
    name = ".s.PGSQL.5432"
    cut = asyncio.Event()

    async def pump(reader: Any, writer: Any, *, up: bool) -> None:
        while data := await reader.read(65_536):
            if up and at in data:
                cut.set()
            if cut.is_set() and not up:
                break
            writer.write(data)
        writer.close()

    async def serve(reader: Any, writer: Any) -> None:
        far_reader, far_writer = await asyncio.open_unix_connection(str(server / name))
        await asyncio.gather(pump(reader, far_writer, up=True), pump(far_reader, writer, up=False))

    listening = await asyncio.start_unix_server(serve, str(folder / name))
    async with listening:
        yield folder


async def test_more_processes_than_the_server_lets_in_are_told_that_it_is_busy(postgres, url):
    name = url.partition("?")[0].rpartition("/")[2]
    postgres.run("CREATE ROLE few LOGIN CONNECTION LIMIT 1")
    postgres.run(f"GRANT ALL ON DATABASE {name} TO few")
    first = await Database.open(url.replace("postgres@", "few@"))
    with pytest.raises(BusyError):
        await Database.open(url.replace("postgres@", "few@"))
    await first.close()


def test_fewer_connections_than_claims_need_are_refused():
    with pytest.raises(ValueError, match="at least"):
        engine.PostgresEngine("postgres://x", engine.FEWEST_CONNECTIONS - 1)
