"""A case leaves the disks below the hub when everything is sure, and never a moment earlier."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from common.casework import book
from common.casework.answering import settle
from common.casework.errors import ArchivedError
from common.casework.rebuilding import rebuild_projections
from common.casework.writing import append
from common.domain.audience import Audience
from common.domain.bodies.facts import TaskAssigned
from common.domain.bodies.records import Told
from common.domain.entries import FactPosition
from common.domain.retention import Kept
from common.exchange.checkpoints import make_checkpoint
from common.exchange.clearing import clear
from common.exchange.exchange import Quotas
from common.exchange.purging import Looked, look, purge
from common.exchange.relaying import let_go_carried
from common.exchange.verifying import Wrong, verify_node
from common.store import cases, clearing, entries, ledger, parcels, summaries
from common.store.case_rows import CaseRow
from common.store.engine import Tx
from common.store.ledger import LedgerFilter
from common.store.rows import EntryRow, ParcelRow
from tests.builders.archives import PICTURE, back_up, closed_case, grow_old
from tests.builders.cases import DAY, OFFICER, TOWNSHIP, VILLAGE
from tests.builders.county import Box, County, county


@pytest.fixture
async def land(tmp_path: Path) -> AsyncIterator[County]:
    async with county(tmp_path) as built:
        await make_checkpoint(built.hub.exchange)
        await built.settle(1)
        yield built


async def ready(land: County) -> UUID:
    """Bring one case to where every node below the hub may let it go."""
    case_id = await closed_case(land)
    await land.settle(2)
    await back_up(land)
    await grow_old(land)
    await land.settle(2)
    return case_id


async def bodies(box: Box, case_id: UUID) -> list[EntryRow]:
    rows = await box.vault.read(lambda tx: entries.of_case(tx, str(case_id)))
    return [row for row in rows if row.body is not None]


async def row_of(box: Box, case_id: UUID) -> CaseRow | None:
    return await box.vault.read(lambda tx: cases.find(tx, str(case_id)))


async def looked(box: Box) -> list[Looked]:
    return [one async for one in look(box.exchange)]


async def batches(box: Box) -> list[bytes]:
    async def work(tx: Tx) -> list[bytes]:
        rows: list[ParcelRow] = await parcels.in_state(tx, {"held", "opened"}, "batch")
        found = [await parcels.content(tx, row.name) for row in rows]
        return [one for one in found if one is not None]

    return await box.exchange.open.read(work)


async def test_what_is_sure_everywhere_leaves_the_village_and_the_township_and_stays_at_the_hub(
    land: County,
) -> None:
    case_id = await ready(land)
    before = await row_of(land.village, case_id)
    assert before is not None
    for box in (land.village, land.township):
        assert await purge(box.exchange) == 1
        assert await bodies(box, case_id) == []
        assert not list((box.folder / "parcels").iterdir()), "a picture is still there"
        after = await row_of(box, case_id)
        assert after is not None
        assert (after.number, after.state, after.outcome) == (before.number, before.state, before.outcome)
        assert after.applicant == after.applicant_masked == "王*芳"
        assert after.identity_hash is None
        (found,) = (
            await box.vault.read(partial(ledger.page, wanted=LedgerFilter(text=before.number[:9])))
        ).cases
        assert found.marks == ["archived"]
        assert (await rebuild_projections(box.desk)).differing == ()
        verified = await verify_node(box.exchange)
        assert verified.whole, verified.wrong
        assert verified.archived
        assert await purge(box.exchange) == 0
    assert await purge(land.hub.exchange) == 0
    whole = await land.hub.vault.read(lambda tx: entries.of_case(tx, str(case_id)))
    assert len(await bodies(land.hub, case_id)) == len(whole)
    assert [path.stat().st_size > len(PICTURE) for path in (land.hub.folder / "parcels").iterdir()] == [True]


async def test_every_condition_keeps_the_case_and_says_so(land: County) -> None:
    case_id = await closed_case(land)
    assert await looked(land.village) == [], "it is not over"
    await land.settle(2)
    (one,) = await looked(land.village)
    assert one.kept == (Kept.TOO_YOUNG,)
    await grow_old(land)
    await land.settle(1)
    for box in (land.village, land.township):
        (one,) = await looked(box)
        assert (one.kept, one.lacking) == ((Kept.NOT_SAFE,), ())
        assert await purge(box.exchange) == 0
    await back_up(land)
    await land.settle(1)
    assert await purge(land.village.exchange) == 1
    assert await bodies(land.village, case_id) == []


async def test_a_reader_that_has_not_applied_it_keeps_it_and_is_named(land: County) -> None:
    await closed_case(land)
    land.township.lock()
    await land.settle(2)
    await back_up(land)
    await grow_old(land)
    await land.settle(2)
    (one,) = await looked(land.village)
    assert (one.kept, one.lacking) == ((Kept.NOT_APPLIED,), (TOWNSHIP,))
    assert await purge(land.village.exchange) == 0
    await land.revoke(TOWNSHIP)
    await land.village.exchange.refresh()
    land.village.exchange.network = replace(land.village.exchange.network, revocations={(TOWNSHIP, 1): 1})
    assert await purge(land.village.exchange) == 1


async def test_nothing_leaves_without_time_signed_by_the_hub(tmp_path: Path) -> None:
    async with county(tmp_path) as built:
        await built.settle(1)
        await closed_case(built)
        await built.settle(2)
        built.village.clock.off += timedelta(days=3650)
        (one,) = await looked(built.village)
        assert Kept.NO_HUB_TIME in one.kept


async def test_an_attachment_the_hub_lacks_is_not_safe_and_keeps_the_case(land: County) -> None:
    land.hub.exchange.quotas = Quotas(attachment=1000)
    case_id = await closed_case(land)
    await land.settle(2)
    await back_up(land)
    await grow_old(land)
    await land.settle(2)
    (one,) = await looked(land.village)
    assert one.kept == (Kept.NOT_SAFE,)
    land.hub.exchange.quotas = Quotas()
    await land.settle(2)
    await back_up(land)
    await land.settle(2)
    assert await purge(land.village.exchange) == 1
    assert await bodies(land.village, case_id) == []


async def test_a_purged_case_refuses_every_verb_with_the_place_to_ask(land: County) -> None:
    case_id = await ready(land)
    await purge(land.village.exchange)
    with pytest.raises(ArchivedError, match="archived") as refused:
        await land.village.vault.read(lambda tx: book.load(tx, case_id))
    assert "县政务服务中心" in refused.value.sentence


async def test_a_killed_purge_finishes_when_the_box_starts_anew(
    land: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = await ready(land)

    async def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as broken:
        broken.setattr("common.exchange.clearing._clear", killed)
        with pytest.raises(KilledError):
            await purge(land.village.exchange)
    assert await bodies(land.village, case_id) == []
    assert list((land.village.folder / "parcels").iterdir())
    await land.village.restart()
    assert await clear(land.village.exchange) == 1
    assert not list((land.village.folder / "parcels").iterdir())
    assert await land.village.vault.read(clearing.every) == []


class KilledError(Exception):
    """Stands for the process's death."""


async def test_what_comes_later_updates_the_summary_and_is_purged_in_its_turn(land: County) -> None:
    case_id = await ready(land)
    await purge(land.village.exchange)
    await say_told(land, case_id)
    await land.settle(2)
    row = await row_of(land.village, case_id)
    assert row is not None
    assert row.archived_on is None
    assert len(await bodies(land.village, case_id)) == 1
    assert (await rebuild_projections(land.village.desk)).differing == ()
    await back_up(land)
    await grow_old(land)
    await land.settle(2)
    assert await purge(land.village.exchange) == 1
    assert await bodies(land.village, case_id) == []
    row = await row_of(land.village, case_id)
    assert row is not None
    assert row.archived_on is not None


async def say_told(land: County, case_id: UUID) -> None:
    """Let the hub tell somebody something in the case."""
    audience = Audience.township(TOWNSHIP, VILLAGE)
    body = Told("acceptance", "电话", DAY)

    async def work(tx: Tx) -> None:
        await append(tx, land.hub.desk, audience, "told", body, case_id=case_id)

    await land.hub.vault.write(work)


async def test_a_task_in_a_purged_case_brings_the_whole_case_back(land: County) -> None:
    case_id = await ready(land)
    await purge(land.village.exchange)
    await purge(land.township.exchange)
    case = await land.hub.vault.read(lambda tx: book.load(tx, case_id))
    position = FactPosition(case.fence, case.last + 1)
    task = TaskAssigned("t1", "回访", str(VILLAGE), None, DAY, OFFICER)

    async def work(tx: Tx) -> None:
        audience = Audience.township(TOWNSHIP, VILLAGE)
        await append(tx, land.hub.desk, audience, "task_assigned", task, case_id=case_id, position=position)
        await settle(tx, land.hub.desk, [case_id])

    await land.hub.vault.write(work)
    await land.settle(5)
    back = await land.village.vault.read(lambda tx: book.load(tx, case_id))
    assert back.submitted is not None
    assert back.submitted.application.applicant.name == "王桂芳"
    assert back.tasks["t1"].node == str(VILLAGE)
    assert await land.village.vault.read(lambda tx: summaries.find(tx, str(case_id))) is None
    assert (await rebuild_projections(land.village.desk)).differing == ()
    assert await purge(land.village.exchange) == 0, "a task is open"


async def test_a_peer_that_lacks_what_was_purged_gets_it_from_above(land: County) -> None:
    """The village is put back to before the township ever wrote to it: the township asks the hub for it."""
    await land.village.close()
    shutil.copytree(land.village.folder, land.folder / "yesterday")
    await land.village.open(land.township.exchange.network)
    case_id = await ready(land)
    await say_told(land, case_id)
    await land.settle(2)
    await back_up(land)
    await grow_old(land)
    await land.settle(2)
    assert await purge(land.township.exchange) == 1
    await land.village.close()
    shutil.rmtree(land.village.folder)
    shutil.move(land.folder / "yesterday", land.village.folder)
    land.village.epoch = bytes(14) + b"\x02\x02"
    await land.village.open(land.township.exchange.network)
    await land.village.exchange.refresh()
    await land.settle(4)
    whole = await bodies(land.village, case_id)
    assert [row.kind for row in whole].count("told") == 1
    assert {"submitted", "decided", "closed"} <= {row.kind for row in whole}
    await let_go_carried(land.township.exchange)
    assert (await verify_node(land.township.exchange)).whole


async def test_a_body_that_is_gone_for_no_reason_is_damage(land: County) -> None:
    case_id = await closed_case(land, picture=False)
    assert (await verify_node(land.village.exchange)).whole
    (row, *_) = await bodies(land.village, case_id)
    await land.village.vault.write(lambda tx: entries.empty(tx, [(row.journal_id, row.number)]))
    verified = await verify_node(land.village.exchange)
    assert [(one.what, one.number) for one in verified.wrong] == [(Wrong.BODY_MISSING, row.number)]


async def test_a_summary_somebody_altered_explains_nothing(land: County) -> None:
    case_id = await ready(land)
    await purge(land.village.exchange)
    kept = await land.village.vault.read(lambda tx: summaries.find(tx, str(case_id)))
    assert kept is not None
    altered = replace(kept, statement=kept.statement.replace("王*芳".encode(), "李*芳".encode()))
    await land.village.vault.write(lambda tx: summaries.save(tx, altered))
    assert not (await verify_node(land.village.exchange)).whole
