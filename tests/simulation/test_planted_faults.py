"""The simulation's checks see what they are for: each planted fault breaks one, without it all hold."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from common.exchange import where
from common.store import parcels
from tests.builders.cases import HUB, TOWNSHIP, VILLAGE
from tests.builders.county import Box, LocalClock
from tests.simulation import invariants, planted, travelling
from tests.simulation.travelling import meet
from tests.simulation.world import World, new_world

UP = (VILLAGE, TOWNSHIP)
ON = (TOWNSHIP, HUB)
Story = Callable[[World], Awaitable[None]]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = await new_world()
    yield made
    await made.close()


async def a_parcel_is_brought_twice(world: World) -> None:
    for _ in range(2):
        await world.take_in(VILLAGE, "ordinary")
        await meet(world, UP)
    await meet(world, ON)
    for choice in range(12):
        await travelling.bring_again(world, TOWNSHIP, choice)
        await invariants.always(world)
    await travelling.heal(world)
    await invariants.healed(world)


async def the_power_goes_in_every_transaction(world: World) -> None:
    for transaction in range(1, 9):
        await world.take_in(VILLAGE, "ordinary")
        await travelling.power_cut(world, TOWNSHIP, UP, transactions=transaction, durable=True, seed=0)
        await invariants.always(world)
    await travelling.heal(world)
    await invariants.healed(world)


async def the_hub_falls_before_it_applies(world: World) -> None:
    for first in range(7, 11):
        await world.take_in(VILLAGE, "ordinary")
        await meet(world, UP)
        for transaction in (first, 2, 3, 4):
            await travelling.power_cut(world, HUB, ON, transactions=transaction, durable=False, seed=0)
            await invariants.always(world)
    await travelling.heal(world)
    await invariants.healed(world)


async def a_village_is_lost_after_purging(world: World) -> None:
    """Village and township let go of what they may; the village burns; the hub has every case whole."""
    await travelling.heal(world)
    await world.walk(VILLAGE)
    await meet(world, UP)
    for node in (VILLAGE, TOWNSHIP):
        await world.let_go(node)
    for _ in range(3):
        await meet(world, ON)
    rows = [await world.row(HUB, one.case_id) for one in world.taken]
    assert all(row is not None for row in rows), "a case is lost with the village that purged it"
    assert await invariants._emptied(world.box(HUB)) == []


async def the_hub_is_lost_after_purging(world: World) -> None:
    """Everybody has the case and it is old; the hub falls back to its newest backup; nothing is lost."""
    await travelling.heal(world)
    await world.back_up()
    await world.walk(VILLAGE)
    await travelling.heal(world)
    world.land.clock.at += timedelta(days=400)
    await world.night()
    await travelling.heal(world)
    for node in (VILLAGE, TOWNSHIP):
        await world.let_go(node)
    await invariants.what_left_a_disk_is_whole_elsewhere(world)
    await invariants.healed(world)


async def boxes_are_restored_from_yesterday(world: World) -> None:
    """What was delivered since the copy comes home, and nothing written after it takes its place."""
    for node in (VILLAGE, TOWNSHIP):
        await world.take_in(VILLAGE, "township decides")
        await meet(world, UP)
        await travelling.keep_copy(world, node)
        await world.take_in(VILLAGE, "ordinary")
        await meet(world, UP)
        await _accept_all(world)
        await meet(world, ON)
        await travelling.restore(world, node, 0)
        await world.take_in(VILLAGE, "ordinary")
        await _accept_all(world)
        await meet(world, UP)
        await invariants.always(world)
        await travelling.heal(world)
        await invariants.healed(world)


async def _accept_all(world: World) -> None:
    for choice in range(len(world.taken)):
        await world.handle(TOWNSHIP, "accept", choice)


async def a_village_is_cloned(world: World) -> None:
    """Both boxes take one application in; the fork is seen and kept, nobody is told the second arrived."""
    await travelling.heal(world)
    clone = await _clone(world.box(VILLAGE))
    twin = World(replace(world.land, boxes={**world.land.boxes, VILLAGE: clone}))
    try:
        await world.take_in(VILLAGE, "ordinary")
        await twin.take_in(VILLAGE, "ordinary")
        forks = [await meet(one, between) for one in (world, twin, world, twin) for between in (UP, ON)]
        (told,) = (await where.whereabouts(clone.exchange, [twin.taken[0].case_id])).values()
        assert not any(reached.applied or reached.held_at for reached in told), "told of a clone's entry"
        assert any(report.forks for reports in forks for report in reports), "a fork was not seen"
        kept = await world.box(TOWNSHIP).exchange.open.read(lambda tx: parcels.in_state(tx, {"quarantined"}))
        assert kept, "the second branch was not kept"
    finally:
        await clone.close()


async def _clone(box: Box) -> Box:
    folder = box.folder.with_name("clone")
    await box.close()
    shutil.copytree(box.folder, folder)
    await box.open(box.exchange.network)
    clock = LocalClock(box.clock.true, box.clock.off)
    clone = Box(folder, box.seat, box.epoch, box.keys, clock, vault_key=box.vault_key)
    await clone.open(box.exchange.network)
    return clone


FAULTS = [
    (a_parcel_is_brought_twice, planted.skip_dedupe),
    (the_power_goes_in_every_transaction, planted.head_before_parcel),
    (a_village_is_cloned, planted.trust_numbers),
    (the_hub_falls_before_it_applies, planted.receipt_before_apply),
    (a_village_is_lost_after_purging, planted.purge_too_early),
    (the_hub_is_lost_after_purging, planted.purge_without_backup),
    (boxes_are_restored_from_yesterday, planted.keep_the_epoch),
    (boxes_are_restored_from_yesterday, planted.wait_for_nobody),
]


@pytest.mark.parametrize("story", dict.fromkeys(one for one, _ in FAULTS if one is not a_village_is_cloned))
async def test_without_a_fault_everything_holds(world: World, story: Story) -> None:
    await story(world)


@pytest.mark.parametrize(("story", "plant"), FAULTS)
async def test_a_planted_fault_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch, story: Story, plant: Callable[[pytest.MonkeyPatch], None]
) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError) as found:
        await story(world)
    assert str(found.value)


async def test_an_old_session_said_again_ends_in_a_report(world: World) -> None:
    await world.take_in(VILLAGE, "ordinary")
    await meet(world, UP)
    for seed in range(6):
        await travelling.echo(world, UP, seed)
        await travelling.echo(world, (TOWNSHIP, VILLAGE), seed)
    await travelling.heal(world)
    await invariants.healed(world)


async def test_a_clone_is_not_told_that_its_entries_arrived(world: World) -> None:
    await a_village_is_cloned(world)


async def test_what_is_sure_is_purged_and_everything_holds(world: World) -> None:
    await travelling.heal(world)
    await world.walk(VILLAGE)
    await travelling.heal(world)
    await world.back_up()
    world.land.clock.at += timedelta(days=400)
    await world.night()
    await travelling.heal(world)
    for node in (VILLAGE, TOWNSHIP):
        await world.let_go(node)
        assert await invariants._emptied(world.box(node)), "the simulation purges nothing at all"
    await invariants.always(world)
    await travelling.heal(world)
    await invariants.healed(world)
