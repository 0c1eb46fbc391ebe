"""Promises of the case projections."""

from datetime import date
from typing import Any

import pytest

from common.store import cases, ledger, rebuild
from common.store.ledger import LedgerFilter
from tests.builders.rows import HUB, TOWNSHIP, VILLAGE, digest, projection


async def found(db: Any, **wanted: Any) -> Any:
    page = await db.read(lambda tx: ledger.page(tx, LedgerFilter(**wanted)))
    return [row.case_id for row in page.cases]


async def test_a_projection_comes_back_as_given_and_a_second_one_replaces_it_whole(db):
    first, second = projection("c1"), projection("c1", state="accepted", title="别的")
    second = type(second)(second.case, second.materials)
    for given in (first, second):
        await db.write(lambda tx, given=given: cases.save(tx, [given]))
        assert await db.read(lambda tx: cases.load(tx, "c1")) == given
    assert await db.read(lambda tx: cases.load(tx, "c2")) is None
    assert await found(db, text="别的") == []  # not in its search text


async def test_cases_are_found_by_number_person_paper_and_parent(db):
    given = [projection("c1"), projection("c2", parent_case="c1", closed_on=date(2026, 3, 3))]
    await db.write(lambda tx: cases.save(tx, given))
    assert len(await db.read(lambda tx: cases.by_number(tx, "041726004582"))) == 2
    same = await db.read(lambda tx: cases.same_person(tx, digest("id"), "001"))
    assert [row.case_id for row in same] == ["c1"]
    assert [row.case_id for row in await db.read(lambda tx: cases.children(tx, "c1"))] == ["c2"]
    assert await db.read(lambda tx: cases.paper(tx, "p-c2")) == given[1].papers[0]


@pytest.mark.parametrize("text", ["𬱖", "小明", "低保 𬱖小", "6004", "041726004582", "低保申请 "])
async def test_any_piece_of_a_case_s_text_finds_it_rare_surnames_too(db, text):
    given = [projection("c1"), projection("c2", search_text="王丽 养老 99")]
    await db.write(lambda tx: cases.save(tx, given))
    assert await found(db, text=text) == ["c1"]


@pytest.mark.parametrize("text", ["明小", "小 王", '" OR "', "'; DROP TABLE entry; --", "%", "_"])
async def test_text_that_is_not_in_a_case_does_not_find_it(db, text):
    await db.write(lambda tx: cases.save(tx, [projection("c1")]))
    assert await found(db, text=text) == []


async def test_each_filter_narrows_the_ledger(db):
    other = {
        "state": "closed",
        "custodian": HUB,
        "owner": HUB,
        "intake_node": TOWNSHIP,
        "item_code": "002",
        "due_on": date(2026, 5, 1),
        "received_on": date(2026, 1, 1),
        "closed_on": date(2026, 2, 1),
    }
    mine = projection("c1", due_on=date(2026, 4, 1))
    await db.write(lambda tx: cases.save(tx, [mine, projection("c2", **other)]))
    for wanted in (
        {"states": ["received"]},
        {"custodian": TOWNSHIP},
        {"owner": TOWNSHIP},
        {"intake_nodes": [VILLAGE]},
        {"item_code": "001"},
        {"due_until": date(2026, 4, 1)},
        {"received_from": date(2026, 1, 2)},
        {"open_only": True},
    ):
        assert await found(db, **wanted) == ["c1"]
        assert await db.read(lambda tx, wanted=wanted: ledger.count(tx, LedgerFilter(**wanted))) == 1
    assert await found(db, received_until=date(2026, 1, 1)) == ["c2"]
    counts = await db.read(lambda tx: ledger.counts_by_state(tx, LedgerFilter()))
    assert counts == {"closed": 1, "received": 1}


async def test_pages_show_every_case_once_newest_first(db):
    given = [projection(f"c{number}", updated_ms=number // 3) for number in range(10)]
    await db.write(lambda tx: cases.save(tx, given))
    seen, after = [], None
    while True:
        page = await db.read(lambda tx, after=after: ledger.page(tx, LedgerFilter(), after, 4))
        seen += page.cases
        after = page.after
        if after is None:
            break
    assert [row.case_id for row in seen] == ["c9", "c6", "c7", "c8", "c3", "c4", "c5", "c0", "c1", "c2"]


async def test_projections_made_again_in_another_order_are_the_same_rows(db):
    given = [projection(f"c{number}") for number in range(5)]
    await db.write(lambda tx: cases.save(tx, given))
    before = await db.read(rebuild.snapshot)
    await db.write(rebuild.drop_projections)
    assert all(rows == [] for rows in (await db.read(rebuild.snapshot)).values())
    assert await found(db, text="小明") == []
    for one in reversed(given):
        await db.write(lambda tx, one=one: cases.save(tx, [one]))
    assert await db.read(rebuild.snapshot) == before
    assert {name: len(rows) for name, rows in before.items()} == dict.fromkeys(before, 5)


async def test_a_forgotten_case_is_found_nowhere(db):
    await db.write(lambda tx: cases.save(tx, [projection("c1"), projection("c2")]))
    await db.write(lambda tx: cases.forget(tx, "c1"))
    assert await db.read(lambda tx: cases.find(tx, "c1")) is None
    assert await found(db, text="小明") == ["c2"]
