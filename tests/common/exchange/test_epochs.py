"""A box that may be one of two, or that others know more of than itself, writes into a new epoch."""

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from common.casework import receive
from common.casework.errors import EpochLeftError
from common.casework.rebuilding import rebuild_projections
from common.domain.bodies.records import EpochOpened
from common.domain.receipt_number import ReceiptNumber
from common.exchange.epochs import CLONE, RESTORED, SERIAL_GAP, enter_epoch, leave_epoch
from common.exchange.exchange import Unlocked
from common.exchange.standing import Identity, keep_identity
from common.exchange.verifying import verify_node
from common.journal.body import decode_body
from common.store import cases, entries, journals
from common.store.engine import Tx
from common.store.rows import JournalRow
from tests.builders.cases import application
from tests.builders.county import Box, county
from tests.builders.desks import HELPER

SENSITIVE = application(item="YL-0002")


async def take_in(box: Box) -> tuple[UUID, ReceiptNumber]:
    taken = await receive.receive(box.desk, HELPER, SENSITIVE)
    return taken.case_id, taken.number


async def own(box: Box) -> list[tuple[JournalRow, EpochOpened]]:
    """The box's own journals with what their first entries say, in its vault."""

    async def work(tx: Tx) -> list[tuple[JournalRow, EpochOpened]]:
        found = []
        for head in await journals.heads(tx, writer=str(box.node)):
            first = (await entries.from_number(tx, head.id, 1, 1))[0]
            assert first.body is not None
            body = decode_body(first.kind, first.body)
            assert isinstance(body, EpochOpened)
            found.append((head, body))
        return found

    return await box.vault.read(work)


async def at(box: Box, case_id: UUID) -> bool:
    return await box.vault.read(lambda tx: cases.find(tx, str(case_id))) is not None


async def test_a_copy_names_the_last_entry_of_the_epoch_before_and_loses_none(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        before, number = await take_in(land.village)
        ((old, _),) = await own(land.village)
        await land.village.begin_epoch(CLONE)
        after, later = await take_in(land.village)
        new = next(
            body
            for head, body in await own(land.village)
            if head.epoch == land.village.epoch and head.audience == old.audience
        )
        assert new == EpochOpened(CLONE, old.epoch.hex(), old.applied_number, old.applied_hash.hex())
        assert later.serial == number.serial + SERIAL_GAP + 1
        await land.settle()
        assert await at(land.hub, before), "what was not sealed yet travels under its own epoch"
        assert await at(land.hub, after)
        assert (await verify_node(land.village.exchange)).whole
        assert not (await rebuild_projections(land.village.desk)).differing


async def test_entering_an_epoch_twice_changes_nothing(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        await take_in(land.village)
        await land.village.begin_epoch(CLONE)
        assert land.village.exchange.unlocked is not None
        await enter_epoch(land.village.exchange, land.village.exchange.unlocked)
        _, number = await take_in(land.village)
        assert number.serial == 1 + SERIAL_GAP + 1


async def test_an_epoch_left_twice_while_locked_names_the_one_that_has_entries(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        await take_in(land.village)
        ((old, _),) = await own(land.village)
        who = Identity(land.village.node, 1, land.village.epoch, land.root.public())
        await land.village.exchange.open.write(lambda tx: keep_identity(tx, who))
        await land.village.exchange.open.write(lambda tx: leave_epoch(tx, CLONE))
        renewed = await land.village.exchange.open.write(lambda tx: leave_epoch(tx, CLONE))
        assert renewed is not None
        assert land.village.exchange.unlocked is not None
        unlocked = Unlocked(
            replace(land.village.desk, epoch=renewed.epoch), land.village.exchange.unlocked.keys
        )
        land.village.exchange.epoch, land.village.epoch = renewed.epoch, renewed.epoch
        await enter_epoch(land.village.exchange, unlocked)
        land.village.exchange.unlocked = unlocked
        await take_in(land.village)
        named = {head.epoch: body.old_epoch for head, body in await own(land.village)}
        assert named[renewed.epoch] == old.epoch.hex()


async def test_a_station_put_back_to_yesterday_loses_nothing_it_delivered(tmp_path: Path) -> None:
    (tmp_path / "land").mkdir()
    async with county(tmp_path / "land") as land:
        await land.settle()
        village = land.village
        first, _ = await take_in(village)
        await land.settle()
        await village.close()
        shutil.copytree(village.folder, tmp_path / "yesterday")
        await village.open(land.hub.exchange.network)
        await village.exchange.refresh()
        lost, _ = await take_in(village)
        await land.settle()
        await village.close()
        shutil.rmtree(village.folder)
        shutil.copytree(tmp_path / "yesterday", village.folder)
        await village.open(land.hub.exchange.network)
        await village.exchange.refresh()
        report, _ = await land.meet(village, land.township)
        assert report.rolled_back
        await village.begin_epoch(RESTORED)
        after, _ = await take_in(village)
        await land.settle()
        for case_id in (first, lost, after):
            assert await at(land.hub, case_id)
            assert await at(village, case_id), "what others hold comes home to its writer"
        assert (await verify_node(village.exchange)).whole
        assert not (await land.meet(village, land.township))[0].rolled_back


async def test_a_verb_that_runs_while_the_epoch_ends_writes_before_it_or_not_at_all(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        village, old_desk = land.village, land.village.desk
        taken = [asyncio.create_task(receive.receive(old_desk, HELPER, SENSITIVE)) for _ in range(6)]
        await taken[0]
        await village.begin_epoch(RESTORED)
        outcomes = await asyncio.gather(*taken, return_exceptions=True)
        with pytest.raises(EpochLeftError, match="left meanwhile"):
            await receive.receive(old_desk, HELPER, SENSITIVE)
        await land.settle()
        saved = [one.case_id for one in outcomes if isinstance(one, receive.Taken)]
        assert saved
        assert {type(one) for one in outcomes} <= {receive.Taken, EpochLeftError}
        for case_id in saved:
            assert await at(land.hub, case_id), "what was said to be received reaches the county"
        assert await village.vault.read(entries.case_ids) == sorted(map(str, saved))
        assert (await verify_node(village.exchange)).whole
