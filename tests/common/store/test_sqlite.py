"""Promises of the database itself."""

import random
import sqlite3
from typing import Any

import pytest

from common.store import drafts, settings
from common.store.engine import Database
from common.store.errors import (
    BusyError,
    DamagedError,
    DiskFullError,
    StoreError,
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


async def test_every_setting_that_durability_needs_is_made(db):
    async def pragmas(tx: Any) -> Any:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "temp_store", "secure_delete")
        answers = [(await tx.client.execute_query(f"PRAGMA {name}"))[1] for name in names]
        return [next(iter(tuple(rows[0]))) for rows in answers]

    assert await db.write(pragmas) == ["wal", 2, 1, 10_000, 2, 1]


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
    await other._run(other._engine.writing(beside=False), hurry)

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
    monkeypatch.setattr("common.store.engines.sqlite_client.LOCK_SECONDS", 0.1)
    monkeypatch.setattr(
        "common.store.engines.sqlite_client._PRAGMAS", ("busy_timeout=100", "journal_mode=WAL")
    )
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
