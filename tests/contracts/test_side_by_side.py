"""Promises to several processes at one database: work is shared out, done once, and nothing is left lying."""

import asyncio
import subprocess
import sys
import textwrap
from typing import Any
from uuid import UUID

import pytest

from common.store import cases, drafts, entries, journals, serials, settings
from common.store.engine import Database
from common.store.errors import ConflictError
from common.store.rows import DraftRow
from tests.builders.rows import AUDIENCE, EPOCH, VILLAGE, digest, entry, projection


async def append(tx: Any, name: str = "j") -> int:
    """Write one entry as casework does: number and hash taken last, under the head."""
    await journals.get_or_create(tx, digest(name), VILLAGE, EPOCH, AUDIENCE)
    head = await journals.head_for_update(tx, digest(name))
    await asyncio.sleep(0)
    number: int = head.applied_number + 1
    await entries.append(tx, entry(head.id, number, hash=digest(f"{head.applied_hash.hex()}+")))
    await journals.set_written(tx, head.id, number, digest(f"{head.applied_hash.hex()}+"))
    return number


@pytest.mark.parametrize("beside", [True, False], ids=["beside", "alone"])
async def test_eight_writers_at_once_give_each_number_of_a_journal_once_and_none_is_left_out(
    db, other, beside
):
    writes = [one.write_beside if beside else one.write for one in (db, other) for _ in range(20)]
    given = await asyncio.gather(*(write(append) for write in writes))
    assert sorted(given) == list(range(1, 41))

    async def chained(tx: Any) -> bool:
        head = await journals.find(tx, digest("j"))
        assert head is not None
        before = head.digest
        for row in await entries.from_number(tx, head.id, 1):
            assert row.hash == digest(f"{before.hex()}+")
            before = row.hash
        return before == head.applied_hash

    assert await db.read(chained)


async def test_numbers_are_never_doubled_and_a_failure_leaves_no_gap(db, other):
    async def fails(tx: Any) -> None:
        await serials.next_serial(tx, 26)
        raise LookupError

    async def give(one: Database, number: int) -> int | None:
        if number % 5 == 0:
            with pytest.raises(LookupError):
                await one.write_beside(fails)
            return None
        return await one.write_beside(lambda tx: serials.next_serial(tx, 26))

    given = await asyncio.gather(*(give(one, number) for number in range(20) for one in (db, other)))
    assert sorted(number for number in given if number is not None) == list(range(1, 33))


async def test_a_journal_new_to_two_at_once_is_made_once(db, other):
    async def known(tx: Any) -> int:
        return (await journals.get_or_create(tx, digest("new"), VILLAGE, EPOCH, AUDIENCE)).id

    made = await asyncio.gather(*(one.write_beside(known) for one in (db, other) for _ in range(4)))
    assert len(set(made)) == 1


async def test_a_run_taken_in_by_two_at_once_is_there_once(db, other):
    head = await db.write(lambda tx: journals.get_or_create(tx, digest("j"), VILLAGE, EPOCH, AUDIENCE))
    run = [entry(head.id, number) for number in range(1, 201)]
    await asyncio.gather(*(one.write_beside(lambda tx: entries.insert_run(tx, run)) for one in (db, other)))
    assert await db.read(lambda tx: entries.from_number(tx, head.id, 1)) == run


async def test_who_holds_a_case_keeps_others_from_folding_it_whatever_the_order(db, other):
    ids = [f"c{number}" for number in range(6)]

    async def add(tx: Any, wanted: list[str]) -> None:
        await cases.hold(tx, [UUID(int=ids.index(one)) for one in wanted])
        for case_id in wanted:
            row = await cases.find(tx, case_id)
            moves = 0 if row is None else row.moves
            await asyncio.sleep(0)
            await cases.save(tx, [projection(case_id, moves=moves + 1)])

    works = [(one, ids[shift:] + ids[:shift]) for shift in range(6) for one in (db, other)]
    await asyncio.gather(*(one.write_beside(lambda tx, w=wanted: add(tx, w)) for one, wanted in works))
    found = await db.read(lambda tx: cases.find(tx, ids[3]))
    assert found is not None
    assert found.moves == 12


async def test_a_draft_confirmed_by_two_processes_is_one_case(db, other):
    await db.write(lambda tx: drafts.save(tx, DraftRow("d1", "li", "001", {}, 5)))
    told = await asyncio.gather(
        *(
            one.write(lambda tx, case=case: drafts.confirm(tx, "d1", case))
            for one, case in ((db, "case-a"), (other, "case-b"))
        )
    )
    assert len(set(told)) == 1


async def test_a_number_given_twice_is_a_conflict_for_the_second(db, other):
    head = await db.write(lambda tx: journals.get_or_create(tx, digest("j"), VILLAGE, EPOCH, AUDIENCE))
    await db.write_beside(lambda tx: entries.append(tx, entry(head.id, 1)))
    with pytest.raises(ConflictError):
        await other.write_beside(lambda tx: entries.append(tx, entry(head.id, 1, hash=digest("other"))))


async def test_a_piece_of_work_is_claimed_by_one_at_a_time(db, other):
    async with db.claimed("apply j") as first, other.claimed("apply j") as second:
        assert (first, second) == (True, False)
        async with other.claimed("apply k") as another, db.claimed("apply j") as again:
            assert (another, again) == (True, False)
    async with other.claimed("apply j") as after:
        assert after


async def test_a_claim_holds_while_its_work_writes_and_fails(db, other):
    async def fails() -> None:
        async with db.claimed("sweep") as ours:
            assert ours
            await db.write(append)
            async with other.claimed("sweep") as theirs:
                assert not theirs
            raise LookupError

    with pytest.raises(LookupError):
        await fails()
    async with other.claimed("sweep") as theirs:
        assert theirs


CLAIMER = textwrap.dedent("""
    import asyncio, sys
    from common.store import settings
    from common.store.engine import Database

    async def main(url, key):
        db = await Database.open(url, bytes.fromhex(key) or None)

        async def held(tx):
            await settings.put(tx, "half", 1)
            print("inside", flush=True)
            await asyncio.sleep(600)

        async with db.claimed("apply j") as ours:
            assert ours
            await db.write(held)

    asyncio.run(main(*sys.argv[1:]))
""")


async def test_what_a_killed_process_claimed_and_locked_is_free_at_once_and_half_done_work_is_gone(place, db):
    command = [sys.executable, "-c", CLAIMER, *place.words]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"inside\n"
    async with db.claimed("apply j") as ours:
        assert not ours
    process.kill()
    await process.wait()
    await db.write(append)  # waits no longer than the server needs to see that the connection is gone
    async with db.claimed("apply j") as ours:
        assert ours
    assert await db.read(lambda tx: settings.get(tx, "half")) is None
