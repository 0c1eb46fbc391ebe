"""What one engine keeps the other keeps, and what one cannot keep both refuse, before anything is written."""

import dataclasses
from datetime import date
from typing import Any

import pytest

from common.store import cases, entries, grants, journals, ledger, rebuild, settings
from common.store.engine import Database
from common.store.errors import StoreError, UnfitError
from common.store.ledger import LedgerFilter
from common.store.rows import UnmaskRow
from tests.builders.rows import AUDIENCE, EPOCH, VILLAGE, case, digest, entry, projection


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "长" * 201},
        {"applicant": "王\0明"},
        {"moves": 2**31},
        {"moves": -(2**31) - 1},
        {"updated_ms": 2**63},
        {"content": {"name": "a\0b"}},
        {"marks": ["\0"]},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
async def test_a_value_a_column_does_not_hold_is_refused_and_nothing_of_it_is_kept(db, wrong):
    with pytest.raises(UnfitError) as caught:
        await db.write(lambda tx: cases.save(tx, [projection("c1"), projection("c2", **wrong)]))
    assert isinstance(caught.value, ValueError)  # as nonsense an entry says, it is refused like that
    assert str(next(iter(wrong.values()))) not in str(caught.value)
    assert await db.read(lambda tx: cases.find(tx, "c1")) is None


@pytest.mark.parametrize(
    "text", ["长" * 200, "\U0002cc56", "\\u0000", 'a"b\\', "\x01\x7f", "e\u0301", "%_'"], ids=ascii
)
async def test_every_text_that_fits_comes_back_as_it_was(db, text):
    kept = projection("c1", title=text, content={"any": [text, {text: None}]})
    await db.write(lambda tx: cases.save(tx, [kept]))
    assert await db.read(lambda tx: cases.load(tx, "c1")) == kept


async def test_the_bounds_of_days_and_numbers_come_back_as_they_were(db):
    kept = projection("c1", received_on=date.min, due_on=date.max, updated_ms=2**63 - 1, moves=2**31 - 1)
    await db.write(lambda tx: cases.save(tx, [kept]))
    assert await db.read(lambda tx: cases.load(tx, "c1")) == kept


async def test_lists_come_in_the_order_of_bytes_whatever_the_server_s_language(db):
    ids = ["a-b", "ab", "aB", "B", "a", "Z", "中", "丁", "𬱖", "é", "_"]
    await db.write(lambda tx: cases.save(tx, [projection(one, updated_ms=7) for one in ids]))
    page = await db.read(lambda tx: ledger.page(tx, LedgerFilter()))
    assert [row.case_id for row in page.cases] == sorted(ids, key=str.encode)


async def test_the_ten_thousandth_row_is_reached_page_by_page_and_by_jump(db):
    made = [case(f"c{number:05}", updated_ms=number // 7, number=f"{number}") for number in range(10_050)]
    rows = [dataclasses.replace(projection("x"), case=one, materials=(), papers=(), steps=()) for one in made]
    for start in range(0, len(rows), 1000):
        await db.write(lambda tx, some=rows[start : start + 1000]: cases.save(tx, some))
    expected = [one.case_id for one in sorted(made, key=lambda one: (-one.updated_ms, one.case_id))]
    jumped = await db.read(lambda tx: ledger.page(tx, LedgerFilter(), None, 50, 10_000))
    assert [row.case_id for row in jumped.cases] == expected[10_000:]
    assert jumped.after is None
    before = await db.read(lambda tx: ledger.page(tx, LedgerFilter(), None, 1, 9_999))
    after = await db.read(lambda tx: ledger.page(tx, LedgerFilter(), before.after, 10))
    assert [row.case_id for row in after.cases] == expected[10_000:10_010]
    assert await db.read(lambda tx: ledger.count(tx, LedgerFilter(text="小明"))) == 10_050


async def test_projections_dropped_and_made_again_are_the_same_rows_on_every_engine(place, tmp_path):
    made = [projection(f"c{number}", updated_ms=number, marks=["b", "a"]) for number in range(20)]
    # One after the other: the ORM writes for the engine that was opened last in a process.
    plain = await Database.open(f"sqlite://{tmp_path / 'other.db'}")
    await plain.migrate()
    await plain.write(lambda tx: cases.save(tx, made))
    first = await plain.read(rebuild.snapshot)
    await plain.close()
    db = await place.open()
    await db.write(lambda tx: cases.save(tx, made))
    assert await db.read(rebuild.snapshot) == first
    await db.write(rebuild.drop_projections)
    for one in reversed(made):
        await db.write(lambda tx, one=one: cases.save(tx, [one]))
    assert await db.read(rebuild.snapshot) == first
    await db.close()


async def test_an_entry_s_bytes_are_kept_to_the_last_one(db):
    async def work(tx: Any) -> Any:
        head = await journals.get_or_create(tx, digest("j"), VILLAGE, EPOCH, AUDIENCE)
        written = entry(head.id, 1, body=bytes(range(256)) * 100, header=b"", salt=b"\0" * 16)
        await entries.append(tx, written)
        return written, await entries.get(tx, head.id, 1)

    written, kept = await db.write(work)
    assert kept == written


async def test_a_statement_that_fails_undoes_what_was_before_it_and_names_itself(db):
    async def work(tx: Any) -> None:
        await settings.put(tx, "a", 1)
        await grants.note_unmask(tx, UnmaskRow("li", "c1", "id_number", "核对" * 101, 5))

    with pytest.raises(StoreError):
        await db.write(work)
    assert await db.read(lambda tx: settings.get(tx, "a")) is None
