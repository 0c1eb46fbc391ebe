"""What happens to a stick in the simulation: it goes round, is copied, spoilt, lost, pulled out."""

import asyncio
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

from common.domain.node import NodeId
from common.link.folder.report import FolderReport
from common.link.folder.visiting import visit
from tests.builders.cases import HUB
from tests.simulation.crashes import Power, PowerCutError
from tests.simulation.travelling import Line, Weather, meet, read_so_far, restart
from tests.simulation.world import World


def stick_of(world: World) -> Path:
    """Return the one stick of this world, empty at first."""
    stick = world.land.folder.parent / "stick"
    stick.mkdir(exist_ok=True)
    return stick


async def bring(world: World, node: NodeId) -> FolderReport:
    """Plug the stick into a box; a locked box reads nothing of what it takes in."""
    box = world.box(node)
    before = await read_so_far(box)
    report = await visit(box.exchange, stick_of(world))
    assert box.exchange.unlocked is not None or await read_so_far(box) == before, "a locked box read"
    assert not report.rolled_back, "a stick made an honest box open a new epoch"
    return report


async def round_trip(world: World, nodes: Sequence[NodeId]) -> None:
    """Bring the stick to some nodes in this order."""
    for node in nodes:
        await bring(world, node)


async def spoil(world: World, seed: int) -> None:
    """Cut, flip, empty and double files of the stick, and keep what it was as an older copy."""
    chance, stick = random.Random(seed), stick_of(world)
    await asyncio.to_thread(_keep_copy, stick)
    files = sorted(path for path in stick.rglob("*") if path.is_file())
    for path in chance.sample(files, min(len(files), 4)):
        data = path.read_bytes()
        place = chance.randrange(len(data) + 1)
        flipped = bytes([data[place] ^ 1]) if place < len(data) else b""
        spoilt = [data[:place], data[:place] + flipped + data[place + 1 :], b"", data + b"\0"]
        path.write_bytes(chance.choice(spoilt))
    for path in chance.sample(files, min(len(files), 2)):
        shutil.copy(path, path.with_name(f"copy of {path.name}"))
        shutil.copy(path, path.with_name(f"{path.name}.tmp"))


async def bring_older_copy(world: World, node: NodeId) -> None:
    """Plug in a copy of the stick made before; the stick itself is kept as the next older copy."""
    stick = stick_of(world)
    older = stick.with_name("older")
    if older.exists():
        now = stick.with_name("now")
        stick.rename(now)
        older.rename(stick)
        await bring(world, node)
        stick.rename(older)
        now.rename(stick)
    else:
        await asyncio.to_thread(_keep_copy, stick)


def _keep_copy(stick: Path) -> None:
    shutil.rmtree(stick.with_name("older"), ignore_errors=True)
    shutil.copytree(stick, stick.with_name("older"))


async def lose(world: World) -> None:
    """Lose the stick with everything on it; a new one is bought."""
    await asyncio.to_thread(shutil.rmtree, stick_of(world))


async def stick_and_line(world: World, node: NodeId, between: Line, seed: int) -> None:
    """Plug the stick in while a line works."""
    await asyncio.gather(bring(world, node), meet(world, between, Weather(seed=seed)))


async def power_cut(world: World, node: NodeId, *, transactions: int, durable: bool, seed: int) -> None:
    """Cut the power of a box in its n-th transaction with the stick in it; start it again, locked."""
    power = Power(world.box(node), transactions, durable=durable)
    try:
        await bring(world, node)
    except PowerCutError:
        assert power.gone
    await restart(world, node, seed)
    (stick_of(world) / "JIUJIN" / "lock.txt").unlink(missing_ok=True)  # its process is dead


async def heal_by_stick(world: World, nodes: Sequence[NodeId]) -> None:
    """Carry a new stick round until a whole round brings nothing new to anybody."""
    await lose(world)
    for _ in range(8):
        reports = [await bring(world, node) for node in (*nodes, HUB, *nodes)]
        if not any(report.parcels_in + report.receipts_in + report.parcels_out for report in reports):
            return
    message = "not quiet after 8 rounds of the stick"
    raise AssertionError(message)
