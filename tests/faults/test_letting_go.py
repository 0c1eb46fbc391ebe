"""A real process killed while cases leave its disk: started anew it finishes, and nothing is half."""

import random
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from common.casework.erasing import order_erasure
from common.casework.rebuilding import rebuild_projections
from common.domain.bodies.hub import Ground
from common.domain.grants import Role
from common.domain.kinds import ORDERS
from common.exchange.intake import take_in
from common.exchange.sealing import seal_due
from common.exchange.verifying import verify_node
from common.journal.batch import parse_batch
from common.store import clearing, entries, journals, parcels
from common.store.engine import Tx
from tests.builders.cases import HUB, VILLAGE
from tests.builders.desks import person
from tests.faults.applying import keep_keys
from tests.faults.test_bad_days import kill, start
from tests.simulation import invariants, travelling
from tests.simulation.world import World, new_world

CASES = 8
FIRST, SECOND = person("li.admin", Role.ADMINISTRATOR), person("sun.supervisor", Role.SUPERVISOR)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A county in which a village has closed cases that everybody has and a backup covers."""
    made = await new_world()
    await travelling.heal(made)
    for _ in range(CASES):
        await made.walk(VILLAGE)
    await travelling.heal(made)
    await made.back_up()
    yield made
    await made.close()


async def killed_until_done(world: World, longest: float) -> None:
    """Run the village's own work in a process that is killed three times, then once to its end."""
    village = world.box(VILLAGE)
    keep_keys(village)
    await village.close()
    chance, cut = random.Random(7), 0
    for _ in range(3):
        process = start("clearing", village.folder)
        assert process.stdout is not None
        assert process.stdout.readline() == "letting go\n"
        kill(process, chance.uniform(0, longest))
        cut += process.returncode == -signal.SIGKILL
    assert cut, "nothing was killed in the middle"
    last = start("clearing", village.folder)
    said, _ = last.communicate(timeout=300)
    assert (said, last.returncode) == ("letting go\n", 0)
    await village.open(village.exchange.network)
    await village.exchange.refresh()
    assert await village.vault.read(clearing.every) == []
    assert (await verify_node(village.exchange)).whole
    assert (await rebuild_projections(village.desk)).differing == ()


@pytest.mark.timeout(300)
async def test_a_kill_while_purging_leaves_no_case_half_on_the_disk(world: World) -> None:
    world.land.clock.at += timedelta(days=400)
    await world.night()
    await travelling.heal(world)
    await killed_until_done(world, 0.3)
    emptied = await invariants._emptied(world.box(VILLAGE))
    assert {row.case_id for row, _ in emptied} == {str(one.case_id) for one in world.taken}
    for one in world.taken:
        rows = await world.box(VILLAGE).vault.read(lambda tx, key=str(one.case_id): entries.of_case(tx, key))  # type: ignore[misc]
        assert all(row.body is None for row in rows)
    left = await world.box(VILLAGE).exchange.open.read(_case_batches)
    assert left == [], "a sealed run of a purged case is still here"
    await travelling.heal(world)
    await invariants.healed(world)


async def _case_batches(tx: Tx) -> list[bytes]:
    """Return the sealed runs with cases: not public, and with more than an epoch's first entry."""
    rows = await parcels.in_state(tx, {"held", "opened"}, "batch")
    found = [await parcels.content(tx, row.name) for row in rows if row.last_number > 1]
    return [one for one in found if one is not None and not parse_batch(one).journal.audience.is_public]


@pytest.mark.timeout(300)
async def test_a_kill_while_erasing_ends_in_a_whole_erasure(world: World) -> None:
    hub, village = world.box(HUB), world.box(VILLAGE)
    gone = [one.case_id for one in world.taken[:4]]
    for case_id in gone:
        await order_erasure(hub.desk, FIRST, SECOND, case_id, Ground.PURPOSE_ENDED)
    await seal_due(hub.exchange)
    for data in await hub.exchange.open.read(_own_batches):
        if VILLAGE in parse_batch(data).journal.readers():
            await take_in(village.exchange, data)
    await killed_until_done(world, 0.5)
    for case_id in gone:
        rows = await village.vault.read(lambda tx, key=str(case_id): entries.of_case(tx, key))  # type: ignore[misc]
        assert all(row.body is None for row in rows if row.kind not in ORDERS)
        assert [row.kind for row in rows].count("erasure_done") == 1
    kept = {UUID(str(one.case_id)) for one in world.taken[4:]}
    for one in kept:
        assert await world.row(VILLAGE, one) is not None


async def _own_batches(tx: Tx) -> list[bytes]:
    own = {head.id for head in await journals.heads(tx, writer=str(HUB))}
    rows = await parcels.in_state(tx, {"held", "opened"}, "batch")
    found = [await parcels.content(tx, row.name) for row in rows if row.journal_id in own]
    return [one for one in found if one is not None]
