"""Covers reach whom they are about, by any carrier, and what does not hold changes nothing."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from common.casework import receive
from common.domain.application import MaterialGiven
from common.exchange import covering
from common.exchange.checkpoints import hear_checkpoint, make_checkpoint
from common.exchange.inventory import take_inventory
from common.exchange.node_register import alarms
from common.journal.checkpoint import Checkpoint
from common.journal.cover import Cover
from common.store import journals
from common.store.rows import CoverRow, JournalRow
from common.sync.extensions import UncoveredHead
from tests.builders.cases import HUB, VILLAGE, application
from tests.builders.county import NEIGHBOUR, Box, County, county
from tests.builders.desks import HELPER
from tests.builders.restoring import backup_of, made, restore_hub, sign

ORDINARY = application(
    item="YL-0001", materials=(MaterialGiven("m1", copies=1), MaterialGiven("m2", copies=1))
)
SENSITIVE = application(item="YL-0002")


async def covers_at(box: Box) -> list[tuple[JournalRow, list[CoverRow]]]:
    return await box.exchange.open.read(lambda tx: covering.covers_of_own(tx, box.node))


async def covered_to(box: Box) -> dict[str, tuple[int, int]]:
    """By audience: how long the box's own journal is, and up to where the present epoch covers it."""
    order = box.exchange.network.hub.order
    return {
        head.audience: (
            head.held_number,
            max((one.number for one in kept if one.epoch_order == order), default=0),
        )
        for head, kept in await covers_at(box)
    }


async def test_a_village_gets_its_path_through_a_township_that_cannot_read_the_case(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        await receive.receive(land.village.desk, HELPER, ORDINARY)
        await receive.receive(land.village.desk, HELPER, SENSITIVE)
        await land.settle()
        await sign(land)
        await land.settle()
        told = await covered_to(land.village)
        assert len(told) == 2
        assert all(length == covered > 0 for length, covered in told.values())
        for _, kept in await covers_at(land.village):
            for row in kept:
                assert Cover.decode(row.cover).check(land.village.exchange.network.hubs()).counter >= 1


async def test_nobody_is_given_the_paths_of_another_village(tmp_path: Path) -> None:
    async with county(tmp_path, (VILLAGE, NEIGHBOUR)) as land:
        await land.settle()
        await receive.receive(land.village.desk, HELPER, SENSITIVE)
        await land.settle()
        await sign(land)
        await land.settle()
        (head,) = await land.hub.exchange.open.read(lambda tx: journals.heads(tx, writer=str(VILLAGE)))
        asked = [UncoveredHead(head.digest, 0)]
        assert await covering.answers(land.hub.exchange, VILLAGE, asked, 10)
        assert not await covering.answers(land.hub.exchange, NEIGHBOUR, asked, 10)


async def test_what_is_covered_is_not_asked_for_again(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        await receive.receive(land.village.desk, HELPER, ORDINARY)
        await land.settle()
        await sign(land)
        await land.settle()
        mine = await take_inventory(land.village.exchange, VILLAGE)
        assert await covering.uncovered(land.village.exchange, mine) == []


async def test_a_checkpoint_costs_covers_only_of_what_is_new(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        await receive.receive(land.village.desk, HELPER, ORDINARY)
        await land.settle()
        await sign(land)
        before = await covers_at_hub(land)
        land.clock.at += timedelta(hours=2)
        assert await make_checkpoint(land.hub.exchange)
        assert await covers_at_hub(land) == before


async def covers_at_hub(land: County) -> list[CoverRow]:
    rows = await land.hub.exchange.open.read(lambda tx: covering.covers_of_own(tx, VILLAGE))
    return [row for _, kept in rows for row in kept]


async def test_covers_that_do_not_hold_change_nothing(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        await receive.receive(land.village.desk, HELPER, ORDINARY)
        await land.settle()
        await sign(land)
        (row,) = await covers_at_hub(land)
        good = Cover.decode(row.cover)
        bad = [
            replace(good, number=good.number + 1).encode(),
            replace(good, hash=bytes(32)).encode(),
            row.cover[:-1],
            b"",
        ]
        assert await covering.keep_covers(land.village.exchange, VILLAGE, bad) == 0
        assert await covering.keep_covers(land.village.exchange, NEIGHBOUR, [row.cover]) == 0, "not in scope"
        assert await covering.keep_covers(land.village.exchange, VILLAGE, [row.cover]) == 1
        assert await covering.keep_covers(land.village.exchange, VILLAGE, [row.cover]) == 0, "no news"


async def test_a_restored_hub_covers_anew_and_the_old_covers_stay(tmp_path: Path) -> None:
    async with county(made(tmp_path)) as land:
        await land.settle()
        await receive.receive(land.village.desk, HELPER, SENSITIVE)
        await land.settle()
        backup = await backup_of(land, tmp_path / "backup")
        await receive.receive(land.village.desk, HELPER, SENSITIVE)
        await land.settle()
        await sign(land)
        await land.settle()
        ((length, before),) = (await covered_to(land.village)).values()
        assert length == before
        await restore_hub(land, backup)
        await sign(land)
        await land.meet(land.township, land.hub)
        await land.meet(land.village, land.township)
        ((_, kept),) = await covers_at(land.village)
        assert {row.epoch_order: row.number for row in kept}[1] == length
        assert {row.epoch_order: row.number for row in kept}.get(2, 0) < length


async def test_a_hub_of_an_epoch_that_is_over_signs_no_checkpoint_of_the_present_one(tmp_path: Path) -> None:
    async with county(made(tmp_path)) as land:
        backup = await backup_of(land, tmp_path / "backup")
        await restore_hub(land, backup)
        present = land.hub.exchange.network.hub
        forged = Checkpoint(
            present.epoch, present.order, 900, land.clock.at.replace(microsecond=0), bytes(32), 1
        )
        signed = forged.sign(HUB, 1, land.hub.keys.split()[1].signing).encode()
        assert not await hear_checkpoint(land.village.exchange, signed)


async def test_two_checkpoints_for_one_place_are_kept_apart_and_alarm_a_person_once(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        hub = land.hub.exchange.network.hub
        moment = land.clock.at.replace(microsecond=0)
        key = land.hub.keys.split()[1].signing
        one, two = (
            Checkpoint(hub.epoch, 1, 50, moment, bytes([root]) * 32, 1).sign(HUB, 1, key).encode()
            for root in (1, 2)
        )
        assert await hear_checkpoint(land.village.exchange, one)
        for _ in range(2):
            assert not await hear_checkpoint(land.village.exchange, two)
        (raised,) = await land.village.exchange.open.read(alarms)
        assert raised["what"] == "two_checkpoints"


@pytest.mark.parametrize("line", [0, 40, 400, 4000])
async def test_a_line_that_dies_leaves_covers_to_be_asked_for_again(tmp_path: Path, line: int) -> None:
    async with county(tmp_path) as land:
        await land.settle()
        await receive.receive(land.village.desk, HELPER, SENSITIVE)
        await land.settle()
        await sign(land)
        await land.meet(land.township, land.hub, dies_after=line)
        await land.settle(1)
        assert all(length == covered for length, covered in (await covered_to(land.village)).values())
