"""Sticks pulled out at any moment, full, write-protected: what was taken in stands, the rest comes later."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from common.domain.node import NodeId
from tests.builders.cases import HUB, TOWNSHIP, VILLAGE
from tests.builders.county import NEIGHBOUR
from tests.faults.applying import keep_keys
from tests.faults.test_bad_days import start
from tests.simulation import carrying, invariants
from tests.simulation.world import World, new_world

ROOT = Path(__file__).parents[2]
PLACES = (0, 3, 9, 16, 23, 31, 38, 47, 56, 65, 74, 91)
"""Touches of the stick before which (even) or after which (odd) the process dies."""


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = await new_world()
    yield made
    await made.close()


async def killed_visit(world: World, node: NodeId, place: int) -> bool:
    """Visit the stick in a process that dies there; say whether it did."""
    box = world.box(node)
    keep_keys(box)
    await box.close()
    stick = carrying.stick_of(world)
    command = (sys.executable, "-m", "tests.faults.visiting", box.folder, str(node), stick, str(place))
    process = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, check=False)
    await box.open(box.exchange.network)
    await box.exchange.refresh()
    assert process.returncode in {0, -signal.SIGKILL}, process.stderr
    return process.returncode != 0


@pytest.mark.parametrize("node", [VILLAGE, HUB], ids=["village", "hub"])
async def test_a_program_killed_at_any_touch_of_the_stick_loses_and_doubles_nothing(
    world: World, node: NodeId
) -> None:
    killed = 0
    for place in PLACES:
        await world.take_in(VILLAGE, "ordinary", picture=True)
        await carrying.bring(world, HUB if node == VILLAGE else VILLAGE)
        killed += await killed_visit(world, node, place)
        await invariants.always(world)
    assert killed > len(PLACES) // 2, "the process was hardly ever killed in the middle"
    await carrying.bring(world, node)
    left = await asyncio.to_thread(lambda: [*carrying.stick_of(world).rglob("*.tmp")])
    assert left == [], "what a killed visit left is cleared away"
    await carrying.heal_by_stick(world, (VILLAGE, NEIGHBOUR, TOWNSHIP))
    await invariants.healed(world)


def test_a_full_and_a_write_protected_stick_are_told_and_bring_what_fits(tmp_path: Path) -> None:
    process = start("small_stick", tmp_path, "unshare", "--map-root-user", "--mount")
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    assert said.split() == ["full", "read-only", "healed"]
