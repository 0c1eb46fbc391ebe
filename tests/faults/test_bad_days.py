"""Real processes killed, a real full disk, a clock ten years off: nothing is lost or half done."""

import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from common.casework import decide
from common.casework.rebuilding import rebuild_projections
from common.domain.bodies.facts import Outcome
from common.domain.spoken_error import SpokenError
from common.exchange.intake import take_in
from common.exchange.sealing import seal_due
from common.journal.entry import EntryHeader
from common.store import entries, journals, parcels
from common.store.engine import Tx
from tests.builders.cases import HUB, VILLAGE
from tests.builders.desks import CHIEF
from tests.faults.applying import keep_keys
from tests.faults.taking import open_desk
from tests.simulation import invariants, travelling
from tests.simulation.world import World, new_world

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = await new_world()
    yield made
    await made.close()


def start(module: str, folder: Path, *before: str) -> "subprocess.Popen[str]":
    command = [*before, sys.executable, "-m", f"tests.faults.{module}", str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def kill(process: "subprocess.Popen[str]", after: float) -> list[str]:
    """Kill after so many seconds and return the whole lines it had still said."""
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    said, _ = process.communicate()
    return [line for line in said.splitlines(keepends=True) if line.endswith("\n")]


async def test_a_kill_while_taking_in_loses_no_receipt_and_leaves_nothing_half(tmp_path: Path) -> None:
    chance, given = random.Random(7), []
    for _ in range(3):
        process = start("taking", tmp_path)
        assert process.stdout is not None
        given.append(process.stdout.readline())
        given += kill(process, chance.uniform(0, 0.5))
    desk = await open_desk(tmp_path)
    try:
        told = dict(line.split() for line in given)
        assert len(told) == len(given) == len(set(told.values()))
        ids = await desk.vault.read(entries.case_ids)
        assert set(told) <= set(ids)
        assert len(ids) <= len(told) + 3, "at most the one on the way at each kill was not told of"
        for case_id in ids:
            rows = await desk.vault.read(lambda tx, key=case_id: entries.of_case(tx, key))  # type: ignore[misc]
            assert [row.kind for row in rows] == ["submitted", "received", "handed_over"]
        assert (await rebuild_projections(desk)).differing == ()
        await invariants.chains_of(desk.vault)
    finally:
        await desk.vault.close()
        await desk.open.close()


async def test_a_kill_while_applying_applies_everything_once_in_the_end(world: World) -> None:
    village, hub = world.box(VILLAGE), world.box(HUB)
    for _ in range(12):
        await world.take_in(VILLAGE, "ordinary", 4)
        await seal_due(village.exchange)
    for data in await village.exchange.open.read(_own_batches):
        await take_in(hub.exchange, data)
    keep_keys(hub)
    await hub.close()
    chance, cut = random.Random(7), 0
    for _ in range(3):
        process = start("applying", hub.folder)
        assert process.stdout is not None
        assert process.stdout.readline() == "applying\n"
        kill(process, chance.uniform(0, 0.15))
        cut += process.returncode == -signal.SIGKILL
    assert cut, "nothing was killed in the middle"
    last = start("applying", hub.folder)
    said, _ = last.communicate(timeout=300)
    assert said == "applying\n"
    assert last.returncode == 0
    await hub.open(hub.exchange.network)
    await hub.exchange.refresh()
    behind = [head for head in await hub.vault.read(journals.heads) if head.held_number > head.applied_number]
    assert behind == []
    await travelling.heal(world)
    await invariants.healed(world)


async def _own_batches(tx: Tx) -> list[bytes]:
    rows = await parcels.in_state(tx, {"held", "opened"}, "batch")
    own = {head.id for head in await journals.heads(tx, writer=str(VILLAGE))}
    found = [await parcels.content(tx, row.name) for row in rows if row.journal_id in own]
    return [data for data in found if data is not None]


def test_a_full_disk_is_said_in_a_sentence_and_loses_nothing(tmp_path: Path) -> None:
    process = start("filling", tmp_path, "unshare", "--map-root-user", "--mount")
    said, _ = process.communicate(timeout=100)
    assert process.returncode == 0
    sentence, stand = said.splitlines()
    assert "磁盘空间已满" in sentence
    assert stand.endswith("stand")


@pytest.mark.parametrize("days", [3650, -3650])
async def test_a_clock_ten_years_off_takes_in_marks_it_and_does_not_decide(world: World, days: int) -> None:
    await travelling.restart(world, VILLAGE, 0)
    box = world.box(VILLAGE)
    await box.unlock()
    box.clock.off = timedelta(days=days)
    await world.take_in(VILLAGE, "village decides")
    (taken,) = world.taken
    rows = await box.vault.read(lambda tx: entries.of_case(tx, str(taken.case_id)))
    assert {EntryHeader.decode(row.header).clock.offset_ms for row in rows} == {None}
    with pytest.raises(SpokenError):
        await decide.decide(box.desk, CHIEF, UUID(str(taken.case_id)), Outcome.GRANTED, "符合条件")
    row = await world.row(VILLAGE, taken.case_id)
    assert row is not None
    assert row.outcome is None
    await travelling.heal(world)
    await invariants.healed(world)
