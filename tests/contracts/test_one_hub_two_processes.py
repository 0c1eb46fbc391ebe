"""A county on each engine; its hub is two processes on one database, which do nothing twice."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from common.casework import accept, answering, decide, hand_out, receive, review
from common.casework.publishing import import_items, publish_calendar, publish_catalogue
from common.casework.rebuilding import rebuild_projections
from common.casework.sweeping import sweep_in_turn
from common.domain.application import MaterialGiven
from common.domain.bodies.facts import Outcome
from common.domain.calendar import seed_calendar
from common.domain.spoken_error import SpokenError
from common.exchange import applying
from common.exchange.applying import apply_held
from common.exchange.checkpoints import make_checkpoint
from common.exchange.intake import take_in
from common.exchange.receipts import give_due
from common.exchange.sealing import seal_due
from common.exchange.verifying import verify_node
from common.journal.taking_in import Accept, Duplicate
from common.store import cases, entries, exchange_queries, journals, parcels, receipts
from common.store.engine import Database
from tests.builders.cases import DAY, VILLAGE, application
from tests.builders.county import NEIGHBOUR, Box, County, county
from tests.builders.desks import CHIEF, CLERK, HELPER, ITEMS, OFFICE

GIVEN = (MaterialGiven("m1", copies=1), MaterialGiven("m2", copies=1))
ORDINARY = application(item="YL-0001", materials=GIVEN)
SENSITIVE = application(item="YL-0002")

pytestmark = pytest.mark.parametrize("kind", ["plain", "postgres"])  # a hub is never under SQLCipher


@dataclass
class Land:
    """A county, and the hub's second process."""

    county: County
    twin: Box

    @property
    def hub(self) -> Box:
        return self.county.hub

    async def rows(self, kind: str) -> list[Any]:
        return await self.hub.vault.read(lambda tx: entries.of_kind(tx, kind))

    async def carried(self, *villages: Box) -> list[bytes]:
        """Return the batches the villages wrote since, carried to the hub's door but not taken in."""
        sealed = list[bytes]()
        for village in villages:
            await seal_due(village.exchange)
            rows = await village.exchange.open.read(lambda tx: parcels.in_state(tx, {"opened"}, "batch"))
            for parcel in rows:
                data = await village.exchange.open.read(lambda tx, n=parcel.name: parcels.content(tx, n))  # type: ignore[misc]
                assert data is not None
                sealed.append(data)
        return sealed

    async def insist_on_order(self) -> None:
        """Every journal of the hub is whole, and its projections are what its entries say."""
        verified = await verify_node(self.hub.exchange)
        assert (verified.whole, verified.wrong) == (True, ())
        assert (await rebuild_projections(self.hub.desk)).differing == ()
        assert await self.hub.exchange.open.read(exchange_queries.behind) == []


@pytest.fixture
async def land(kind: str, request: Any, tmp_path: Path) -> AsyncIterator[Land]:
    server = request.getfixturevalue("postgres") if kind == "postgres" else None
    async with county(tmp_path, (VILLAGE, NEIGHBOUR), postgres=server) as built:
        await built.settle(1)
        twin = await built.hub.beside()
        try:
            yield Land(built, twin)
        finally:
            await twin.close()


async def test_a_case_walks_to_the_hub_and_home_whichever_process_takes_it(land):
    built, (hub, twin) = land.county, (land.hub, land.twin)
    taken = await receive.receive(built.village.desk, HELPER, ORDINARY)
    await built.meet(built.village, built.township)
    await review.review(built.township.desk, CLERK, taken.case_id, "属实", favourable=True)
    await built.meet(built.township, twin)
    await accept.accept(hub.desk, CHIEF, taken.case_id)
    await decide.decide(twin.desk, CHIEF, taken.case_id, Outcome.GRANTED, "符合条件")
    await built.meet(built.township, hub)
    await built.meet(built.village, built.township)
    await hand_out.hand_out(built.village.desk, HELPER, taken.case_id, "本人")
    await built.settle()
    rows = [
        await box.vault.read(lambda tx: cases.find(tx, str(taken.case_id))) for box in (hub, built.village)
    ]
    assert [one.state for one in rows] == ["closed", "closed"]
    await land.insist_on_order()


async def test_the_same_batches_at_both_doors_are_taken_in_once(land):
    await receive.receive_many(land.county.village.desk, HELPER, [SENSITIVE] * 5)
    sealed = await land.carried(land.county.village)
    verdicts = await asyncio.gather(
        *(take_in(box.exchange, data) for data in sealed for box in (land.hub, land.twin))
    )
    kinds = [type(one) for one in verdicts]
    # The one with the five cases is new; what the hub itself had published is not.
    assert (kinds.count(Accept), kinds.count(Duplicate)) == (1, 2 * len(sealed) - 1)


@pytest.fixture
def crowded(monkeypatch):
    """Between folding cases and answering them a process waits a moment for another to be there as well."""
    inside, crowd = list[object](), asyncio.Event()
    real = answering.answer

    async def answer(tx: Any, desk: Any, folded: Any) -> None:
        inside.append(desk)
        if len({id(one) for one in inside}) > 1:
            crowd.set()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(crowd.wait(), 0.3)
        await real(tx, desk, folded)

    monkeypatch.setattr(applying, "answer", answer)


@pytest.mark.parametrize("claims", ["kept", "lost"])
async def test_both_apply_at_once_and_every_case_is_applied_once(land, crowded, monkeypatch, claims):
    """Entries of one case come in journals of a village and of its township, applied side by side."""
    if claims == "lost":  # as when the connection that held one broke in the middle
        monkeypatch.setattr(Database, "claimed", _granted)
    built = land.county
    taken = await receive.receive_many(built.village.desk, HELPER, [ORDINARY] * 6)
    await built.meet(built.village, built.township)
    for one in taken:
        await review.review(built.township.desk, CLERK, one.case_id, "属实", favourable=True)
    for data in await land.carried(built.village, built.township):
        await take_in(land.hub.exchange, data)
    waiting = await land.hub.exchange.open.read(exchange_queries.behind)
    done = await asyncio.gather(*(apply_held(box.exchange) for box in (land.hub, land.twin)))
    assert all(not one.stopped and not one.refused for one in done)
    arrived = [row.case_id for row in await land.rows("arrived")]
    assert len(arrived) == len(set(arrived)) == 6
    assert sum(one.entries for one in done) == sum(row.held_number - row.applied_number for row in waiting)
    await land.insist_on_order()


@contextlib.asynccontextmanager
async def _granted(database: Database, name: str) -> AsyncIterator[bool]:
    yield True


async def test_what_both_write_at_once_is_sealed_once(land):
    case_ids = await _waiting_at_the_hub(land, 6)
    boxes = [land.hub, land.twin] * 3
    await asyncio.gather(
        *(accept.accept(box.desk, CHIEF, case_id) for box, case_id in zip(boxes, case_ids, strict=True))
    )
    made = await asyncio.gather(*(seal_due(box.exchange) for box in (land.hub, land.twin) for _ in range(2)))
    assert sum(made) >= 1
    heads = await land.hub.exchange.open.read(lambda tx: journals.heads(tx, writer=str(land.hub.node)))
    for head in heads:
        batches = await land.hub.exchange.open.read(
            lambda tx, h=head: exchange_queries.batches_from(tx, h.id, 0)
        )
        ends = [(one.first_number, one.last_number) for one in batches]
        assert [first for first, _ in ends] == [1, *(last + 1 for _, last in ends[:-1])]
        assert ends[-1][1] == head.sealed_number == head.applied_number
    await land.insist_on_order()


async def test_two_people_at_two_processes_decide_a_case_once(land):
    (case_id,) = await _waiting_at_the_hub(land, 1)
    await accept.accept(land.hub.desk, CHIEF, case_id)
    outcomes = await asyncio.gather(
        *(
            decide.decide(box.desk, CHIEF, case_id, outcome, "符合条件")
            for box, outcome in ((land.hub, Outcome.GRANTED), (land.twin, Outcome.REFUSED))
        ),
        return_exceptions=True,
    )
    assert len([one for one in outcomes if isinstance(one, SpokenError)]) == 1
    assert len([row for row in await land.rows("decided") if row.case_id == str(case_id)]) == 1
    await land.insist_on_order()


async def test_one_receipt_says_what_is_new_whoever_says_it(land):
    await receive.receive_many(land.county.village.desk, HELPER, [SENSITIVE] * 3)
    for data in await land.carried(land.county.village):
        await take_in(land.twin.exchange, data)
    await apply_held(land.hub.exchange)
    given = await asyncio.gather(*(give_due(box.exchange) for box in (land.hub, land.twin) for _ in range(2)))
    assert sum(given) >= 1
    assert [await give_due(box.exchange) for box in (land.twin, land.hub)] == [0, 0]
    mine = await land.hub.exchange.open.read(lambda tx: exchange_queries.receipts_by(tx, str(land.hub.node)))
    heads = {head.id: head for head in await land.hub.exchange.open.read(journals.heads)}
    for key, row in mine.items():
        assert (row.held_number, row.applied_number) == (heads[key].held_number, heads[key].applied_number)
    await land.insist_on_order()


async def test_a_checkpoint_and_a_sweep_are_made_once(land, monkeypatch):
    span = timedelta(hours=2)
    land.county.clock.at += span
    made = await asyncio.gather(*(make_checkpoint(box.exchange) for box in (land.hub, land.twin)))
    assert sorted(made) == [False, True]
    newest = await land.hub.exchange.open.read(receipts.newest_checkpoint)
    assert newest is not None
    assert len(await land.rows("checkpoint_made")) == newest.counter
    swept = []

    async def counted(desk: Any) -> int:
        swept.append(desk)
        await asyncio.sleep(0.05)
        return 0

    monkeypatch.setattr("common.casework.sweeping.sweep", counted)
    await asyncio.gather(*(sweep_in_turn(box.desk, span) for box in (land.hub, land.twin)))
    await sweep_in_turn(land.twin.desk, span)
    assert len(swept) == 1
    land.county.clock.at += span
    await sweep_in_turn(land.twin.desk, span)
    assert len(swept) == 2


async def test_what_one_process_publishes_the_other_goes_by_at_its_next_step(land):
    await import_items(land.hub.desk, OFFICE, [replace(ITEMS[0], name="改名")])
    version = await publish_catalogue(land.hub.desk, OFFICE, DAY)
    assert land.twin.desk.rules.catalogues[-1].version != version
    await land.twin.exchange.refresh()
    assert land.twin.desk.rules.catalogues[-1].version == version
    before = land.twin.exchange.network
    await land.county.revoke(NEIGHBOUR)
    await land.twin.exchange.refresh()
    assert land.twin.exchange.network.revoked(NEIGHBOUR, 1)
    assert not before.revoked(NEIGHBOUR, 1)
    unchanged = land.twin.exchange.network
    await land.twin.exchange.refresh()
    assert land.twin.exchange.network is unchanged  # nothing is read anew where nothing changed


async def test_the_calendar_of_a_hub_s_first_start_is_published_once(land):
    before = len(await land.rows("calendar_published"))
    await asyncio.gather(
        *(publish_calendar(box.desk, None, seed_calendar()) for box in (land.hub, land.twin))
    )
    assert len(await land.rows("calendar_published")) == max(before, 1)


async def _waiting_at_the_hub(land: Land, count: int) -> list[UUID]:
    taken = await receive.receive_many(land.county.village.desk, HELPER, [SENSITIVE] * count)
    for data in await land.carried(land.county.village):
        await take_in(land.hub.exchange, data)
    await apply_held(land.hub.exchange)
    return [one.case_id for one in taken]
