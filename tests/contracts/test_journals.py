"""Promises of journals, entries, parcels and receipts: the same on every engine."""

import dataclasses
import time
from typing import Any

import pytest

from common.store import entries, journals, parcels, receipts
from common.store.errors import ConflictError
from common.store.rows import CheckpointRow
from tests.builders.rows import AUDIENCE, EPOCH, HUB, VILLAGE, batch, digest, entry, receipt


async def journal(tx: Any, name: Any = "j", audience: Any = AUDIENCE) -> Any:
    return await journals.get_or_create(tx, digest(name), VILLAGE, EPOCH, audience)


async def test_a_new_journal_begins_at_number_0_with_its_digest_for_a_hash(db):
    first = await db.write(journal)
    assert (first.held_number, first.held_hash, first.applied_hash) == (0, digest("j"), digest("j"))
    assert await db.write(journal) == first
    assert await db.read(lambda tx: journals.by_id(tx, first.id)) == first


async def test_heads_move_and_are_listed_by_audience_writer_and_state(db):
    async def work(tx: Any) -> Any:
        one = await journal(tx)
        two = await journal(tx, "k", "public")
        await journals.set_written(tx, one.id, 5, digest(5))
        await journals.set_sealed(tx, one.id, 4)
        await journals.set_state(tx, two.id, "quarantined")
        listed = await journals.heads(tx, audiences=[AUDIENCE], writer=VILLAGE, state="open")
        return listed, await journals.heads(tx), await journals.heads(tx, state="quarantined")

    listed, every, odd = await db.write(work)
    assert [(row.held_number, row.applied_number, row.sealed_number) for row in listed] == [(5, 5, 4)]
    assert (len(every), [row.digest for row in odd]) == (2, [digest("k")])


async def test_an_unknown_journal_is_said_to_be_unknown(db):
    assert await db.read(lambda tx: journals.find(tx, digest("?"))) is None
    for work in (lambda tx: journals.by_id(tx, 77), lambda tx: journals.head_for_update(tx, digest("?"))):
        with pytest.raises(LookupError):
            await db.write(work)


async def test_a_run_taken_in_twice_is_there_once(db):
    async def work(tx: Any) -> Any:
        head = await journal(tx)
        run = [entry(head.id, number, case_id="c1" if number % 2 else None) for number in range(1, 6)]
        await entries.insert_run(tx, run[:3])
        await entries.insert_run(tx, run)
        assert await entries.from_number(tx, head.id, 2, 3) == run[1:4]
        assert await entries.of_case(tx, "c1") == run[::2]
        assert await entries.case_ids(tx) == ["c1"]
        assert await entries.hash_at(tx, head.id, 5) == run[4].hash
        assert await entries.hash_at(tx, head.id, 6) is None
        return run

    run = await db.write(work)
    with pytest.raises(ConflictError):
        await db.write(lambda tx: entries.append(tx, run[0]))


async def test_an_entry_s_status_and_erasure_leave_the_rest_as_written(db):
    async def work(tx: Any) -> Any:
        head = await journal(tx)
        written = entry(head.id, 1)
        await entries.append(tx, written)
        await entries.set_status(tx, head.id, 1, "waiting", "gap")
        await entries.empty(tx, [(head.id, 1)])
        kept = await entries.get(tx, head.id, 1)
        assert kept == dataclasses.replace(written, status="waiting", reason="gap", salt=None, body=None)
        assert await entries.with_status(tx, ["waiting", "refused"], head.id) == [kept]
        assert await entries.of_kind(tx, "received") == [kept]
        assert await entries.first_of(tx, [head.id], "received") == [kept]
        assert await entries.first_of(tx, [head.id], "submitted") == []

    await db.write(work)


async def test_a_batch_and_its_journal_s_head_move_together_or_not_at_all(db):
    async def work(tx: Any) -> Any:
        head = await journal(tx)
        await parcels.stage_batch(tx, batch(head.id, 1, 3), b"sealed", held=True)
        await parcels.stage_batch(tx, batch(head.id, 9, 9), b"beyond", held=False)
        return head

    head = await db.write(work)
    after = await db.read(lambda tx: journals.by_id(tx, head.id))
    assert (after.held_number, after.held_hash) == (3, digest(3))
    name = batch(head.id, 1, 3).name
    assert await db.read(lambda tx: parcels.content(tx, name)) == b"sealed"
    assert await db.read(lambda tx: parcels.known(tx, [name, b"?" * 32])) == {name: "held"}
    with pytest.raises(ValueError, match="chain"):
        await db.write(lambda tx: parcels.stage_batch(tx, batch(None, 4, 4), b"", held=True))
    assert await db.read(lambda tx: parcels.find(tx, batch(None, 4, 4).name)) is None


async def test_batches_open_in_order_and_one_beyond_a_gap_waits(db):
    async def work(tx: Any) -> Any:
        head = await journal(tx)
        for first, last in ((1, 3), (2, 6), (9, 9)):
            await parcels.stage_batch(tx, batch(head.id, first, last), b"x", held=first < 9)
        one = await parcels.next_unopened(tx, head.id, 0)
        assert one is not None
        await parcels.set_state(tx, one.name, "opened")
        two = await parcels.next_unopened(tx, head.id, 3)
        assert two is not None
        await parcels.set_state(tx, two.name, "opened")
        assert await parcels.next_unopened(tx, head.id, 6) is None
        return [one, two, *await parcels.unopened(tx, [head.id])]

    opened = await db.write(work)
    assert [(row.first_number, row.last_number) for row in opened] == [(1, 3), (2, 6), (9, 9)]


async def test_a_peer_is_offered_what_it_lacks_and_every_attachment(db):
    async def work(tx: Any) -> Any:
        head = await journal(tx)
        for first, last in ((1, 3), (4, 6)):
            await parcels.stage_batch(tx, batch(head.id, first, last), b"x", held=True)
        await parcels.stage_file(tx, batch(head.id, 1, 3, name=b"a" * 32, kind="attachment"))
        await parcels.stage_file(tx, batch(head.id, 1, 3, name=b"b" * 32, kind="attachment", state="partial"))
        await parcels.set_chunks(tx, b"b" * 32, 7)
        offered = await parcels.offers(tx, head.id, 3)
        assert [(row.kind, row.first_number) for row in offered] == [("batch", 4), ("attachment", 1)]
        assert [row.chunks_held for row in await parcels.partial(tx)] == [7]
        assert await parcels.total_size(tx) == 400
        await parcels.drop(tx, b"b" * 32)
        assert await parcels.in_state(tx, ["partial"], "attachment") == []

    await db.write(work)


async def test_only_a_newer_receipt_replaces_one(db):
    later = b"f" * 16

    async def work(tx: Any) -> Any:
        head = await journal(tx)
        given = [receipt(head.id, counter) for counter in (2, 2, 1, 3)]
        given += [receipt(head.id, 1, epoch=later), receipt(head.id, 9)]
        told = [await receipts.save_if_newer(tx, row, lambda stored, new: stored < new) for row in given]
        assert await receipts.newest(tx, head.id, HUB) == receipt(head.id, 1, epoch=later)
        assert await receipts.of_journals(tx, [head.id]) == await receipts.of_journal(tx, head.id)
        return told

    assert await db.write(work) == [True, False, False, True, True, False]


async def test_the_newest_checkpoint_is_by_epoch_order_then_counter(db):
    def made(order: Any, counter: Any) -> Any:
        return CheckpointRow(digest(order)[:16], order, counter, 1, digest("root"), 3, b"signed")

    async def work(tx: Any) -> Any:
        for order, counter in ((1, 9), (2, 1), (2, 2), (2, 2)):
            await receipts.save_checkpoint(tx, made(order, counter))
        return await receipts.newest_checkpoint(tx)

    assert await db.write(work) == made(2, 2)


async def test_twenty_thousand_entries_take_seconds_not_minutes(db):
    async def work(tx: Any) -> Any:
        head = await journal(tx)
        run = [entry(head.id, number, case_id=f"case-{number // 8}") for number in range(1, 20_001)]
        begun = time.monotonic()
        for start in range(0, len(run), 1000):
            await entries.insert_run(tx, run[start : start + 1000])
        return time.monotonic() - begun

    assert await db.write(work) < 10
