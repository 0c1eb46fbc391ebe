"""A county whose only carrier is a stick; whatever happens to the stick, the laws hold."""

from collections.abc import AsyncIterator

import pytest

from tests.builders.cases import HUB, TOWNSHIP, VILLAGE
from tests.builders.county import NEIGHBOUR
from tests.simulation import carrying, invariants
from tests.simulation.world import NODES, World, new_world

BELOW = (VILLAGE, NEIGHBOUR, TOWNSHIP)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = await new_world()
    yield made
    await made.close()


@pytest.mark.parametrize("seed", range(4))
async def test_without_any_line_everything_arrives_by_stick_whatever_happened_to_it(
    world: World, seed: int
) -> None:
    for node, what, picture in (
        (VILLAGE, "ordinary", True),
        (NEIGHBOUR, "sensitive", False),
        (VILLAGE, "township decides", False),
        (NEIGHBOUR, "ordinary", True),
    ):
        await world.take_in(node, what, picture=picture)
        await carrying.bring(world, node)
        await carrying.spoil(world, seed)
        for other in NODES[seed % 4 :] + NODES[: seed % 4]:
            await carrying.bring(world, other)
            await invariants.always(world)
        await world.handle(HUB, "accept", seed)
        await world.handle(TOWNSHIP, "review", seed)
        await carrying.bring_older_copy(world, NODES[seed])
    await carrying.heal_by_stick(world, BELOW)
    await invariants.healed(world)


async def test_a_stick_lost_before_it_arrived_loses_nothing(world: World) -> None:
    await world.take_in(VILLAGE, "ordinary", picture=True)
    await carrying.bring(world, VILLAGE)
    await carrying.lose(world)
    await carrying.heal_by_stick(world, BELOW)
    await invariants.healed(world)
