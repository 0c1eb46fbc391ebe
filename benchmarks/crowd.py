"""Many stations at once at one township: no slower in all than one; and what a session costs in memory."""

import asyncio
from pathlib import Path

from benchmarks import nodes
from benchmarks.applications import applications
from benchmarks.measuring import Side, Spent, between
from benchmarks.table import Table
from common.domain.audience import Audience
from common.domain.node import NodeId
from tests.builders.cases import TOWNSHIP
from tests.builders.county import Box

FIRST = 417
"""Node number of the first station."""
_MEGABYTE = 2**20


def speed(folder: Path, count: int, stations: int) -> Table:
    """Measure ``count`` cases from one station, and the same number from many at once."""
    table = Table(
        f"{count:,} cases applied at a township, from one station and from {stations} at once",
        ("", "seconds", "cases/s", "of one", "township's memory at most, above idle"),
    )
    alone = None
    for number in (1, stations):
        spent, above = _run(folder / str(number), count, number)
        alone = alone or spent.wall
        name, memory = "one station" if number == 1 else f"{number} stations", f"{above / _MEGABYTE:.0f} MB"
        wall = spent.wall
        table.row(name, f"{wall:.1f}", f"{count / wall:,.0f}", f"{alone / wall:.2f}", memory)
    return table


def _run(folder: Path, count: int, stations: int) -> tuple[Spent, int]:
    villages = [NodeId.of("130638", FIRST + number) for number in range(stations)]
    land = asyncio.run(prepare(folder, villages, count // stations))
    side = Side(lambda say, stopped: land.serve(TOWNSHIP, say, stopped))
    idle = side.used().memory

    async def opened() -> list[Box]:
        return [await land.open(node) for node in villages]

    async def work(boxes: list[Box]) -> None:
        await asyncio.gather(*(land.dial(box, TOWNSHIP, side.said) for box in boxes))

    async def end(boxes: list[Box]) -> None:
        for box in boxes:
            await nodes.insist_on_receipt(box, _audience(box.node), TOWNSHIP, applied=True)
            await box.close()

    spent = between(side, work, opened, end)
    above = side.used().peak - idle
    side.stop()
    return spent, above


async def prepare(folder: Path, villages: list[NodeId], each: int) -> nodes.Land:
    """Return a county in which ``each`` cases wait at every village."""
    land = await nodes.build(folder, villages)
    for place, node in enumerate(villages):
        box = await land.open(node)
        await nodes.write(box, _audience(node), applications(each, seed=place), whole=False)
        await box.close()
    return land


def _audience(village: NodeId) -> Audience:
    return Audience.township(TOWNSHIP, village)
